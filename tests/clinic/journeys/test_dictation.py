"""The typed line spoken: text that comes without a key, in one piece, word by word or as a composition, as dictations put it in.

No device was spoken to. How they do it was read on 2026-11-28:
https://contenteditable.realerror.com/scenarios/scenario-ios-dictation-duplicate-events
"""
from __future__ import annotations

import pytest
from playwright.sync_api import expect

from clinic.journeys.test_visit import ana, by  # noqa: F401
from clinic.visits.charting import WELL, make_syringe, make_visit
from waterneedle.clinic.visits import actions
from waterneedle.clinic.visits.models import Injection

SAID = "Stomach thirty-six, left, zero point five millilitres."


@pytest.fixture
def dictating(site, page_of, by, ana):  # noqa: F811
    """The page of a visit with a syringe in hand and the cursor in the line, and what puts text in without a key."""
    visit = make_visit(by, ana, why="knee pain")
    actions.answer_today(visit=visit, answers=WELL, by=by)
    make_syringe(by, visit)
    page = page_of(by.user)
    page.goto(f"{site}/c/harbor/visits/patients/{ana.uid}/{visit.uid}/")
    page.evaluate("document.addEventListener('keydown', () => { window.keys = (window.keys ?? 0) + 1; }, true)")
    line_of(page).focus()
    return page, page.context.new_cdp_session(page)


def line_of(page):
    return page.get_by_role("combobox", name="Type an injection")


def charted(page):
    page.get_by_role("button", name="Chart this line").click()
    expect(page.locator(".visit-injection")).to_have_count(1)
    expect(line_of(page)).to_have_value("")
    return [(one.point, one.side, str(one.volume_ml)) for one in Injection.objects.order_by("seq")]


def test_a_whole_sentence_at_once_is_charted(dictating):
    page, device = dictating
    device.send("Input.insertText", {"text": SAID})

    assert charted(page) == [("ST36", "left", "0.500")]
    assert page.evaluate("window.keys ?? 0") == 0


def test_word_by_word_it_completes_what_comes_next(dictating):
    page, device = dictating
    for word in ("Stomach", " thirty-six", " "):
        device.send("Input.insertText", {"text": word})
    expect(page.get_by_role("option", name="left")).to_be_visible()
    page.get_by_role("option", name="left").click()
    device.send("Input.insertText", {"text": "point five"})

    assert charted(page) == [("ST36", "left", "0.500")]


def test_a_composition_that_is_corrected_as_it_goes_ends_as_what_was_said(dictating):
    page, device = dictating
    for heard in ("Stomach", "Stomach 30", "Stomach 36 left", "Stomach 36 left 0.5 mL"):
        device.send("Input.imeSetComposition", {"text": heard, "selectionStart": len(heard), "selectionEnd": len(heard)})
    device.send("Input.insertText", {"text": "Stomach 36 left 0.5 mL."})

    assert line_of(page).input_value() == "Stomach 36 left 0.5 mL."
    assert charted(page) == [("ST36", "left", "0.500")]


def test_what_is_not_sure_stays_in_the_line_and_is_named(dictating):
    page, device = dictating
    device.send("Input.insertText", {"text": "ST 36.5 left"})
    page.get_by_role("button", name="Chart this line").click()

    expect(page.locator("#v-line")).to_contain_text("ST36 0.5mL")
    assert line_of(page).input_value() == "ST 36.5 left"
    assert not Injection.objects.exists()


def test_in_chinese_without_a_space(dictating):
    page, device = dictating
    device.send("Input.insertText", {"text": "左足三里零点五毫升，十二毫米。"})

    assert charted(page) == [("ST36", "left", "0.500")]


def composed(device, text):
    """What an input method or a dictation has heard so far: it stands in the field and is replaced as it goes on."""
    device.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})


def enter_of_an_input_method(device):
    """The Enter that ends a composition, of the number 229."""
    device.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "windowsVirtualKeyCode": 229, "key": "Enter", "code": "Enter"})


def offered(page):
    return page.locator("#line-options [role=option]")


def test_an_enter_within_a_composition_sends_nothing(dictating):
    page, device = dictating
    composed(device, "ST 36 left")
    enter_of_an_input_method(device)
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)  # in which it would have been sent

    assert (line_of(page).input_value(), Injection.objects.count()) == ("ST 36 left", 0)
    device.send("Input.insertText", {"text": "ST 36 right .5"})
    page.keyboard.press("Enter")
    expect(page.locator(".visit-injection")).to_have_count(1)
    assert (Injection.objects.get().side, str(Injection.objects.get().volume_ml)) == ("right", "0.500")


def test_an_enter_that_comes_behind_its_composition_takes_no_option(dictating):
    """As Safari sends it: the composition has ended, and the number of the key alone says whose it is."""
    page, device = dictating
    device.send("Input.insertText", {"text": "st3"})
    expect(offered(page).first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(offered(page).first).to_have_attribute("aria-selected", "true")
    enter_of_an_input_method(device)
    assert line_of(page).input_value() == "st3"

    page.keyboard.press("Enter")
    assert line_of(page).input_value() == "ST3 "


def test_an_option_for_words_that_were_replaced_since_takes_nothing(dictating):
    page, device = dictating
    composed(device, "st3")
    expect(offered(page).first).to_be_visible()
    page.route("**/complete/", lambda route: None)  # what would be offered for the next words is not here yet
    composed(device, "st36 right .5")
    offered(page).first.click()

    assert line_of(page).input_value() == "st36 right .5"


@pytest.mark.parametrize(("sent", "then", "left"), [
    ("ST 36 left .5", "ST 36 left .5 SP 9 right .2", "SP 9 right .2"),  # said behind it
    ("ST 36 left .5", "ST 36 left 0.05 ml", "ST 36 left 0.05 ml"),  # put in its place
])
def test_what_is_said_while_a_line_is_on_its_way_stays_in_the_line(dictating, sent, then, left):
    page, device = dictating
    held = []
    page.route("**/line/", lambda route: held.append(route))
    device.send("Input.insertText", {"text": sent})
    with page.expect_request("**/line/"):
        page.keyboard.press("Enter")
    line_of(page).select_text()
    device.send("Input.insertText", {"text": then})
    held[0].continue_()
    expect(page.locator(".visit-injection")).to_have_count(1)

    expect(line_of(page)).to_have_value(left)
    assert [(one.point, str(one.volume_ml)) for one in Injection.objects.all()] == [("ST36", "0.500")]


def test_a_new_line_that_is_said_parts_two_figures_and_sends_nothing(dictating):
    page, device = dictating
    device.send("Input.insertText", {"text": "ST 36 left 1\n2 mm\n"})
    page.wait_for_timeout(500)
    assert not Injection.objects.exists()
    page.get_by_role("button", name="Chart this line").click()

    expect(page.locator("#v-line")).to_contain_text("1mL")  # or 12 mm: it is asked
    assert not Injection.objects.exists()


def test_the_device_is_told_to_correct_nothing_in_the_line(dictating):
    page, _device = dictating
    told = ("autocomplete", "autocapitalize", "autocorrect", "spellcheck")

    assert {line_of(page).get_attribute(name) for name in told} == {"off", "false"}
