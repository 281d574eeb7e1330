"""The frame of a clinic's pages, by keyboard: the search, the menu, words that are not saved yet, requests that fail."""
from __future__ import annotations

import pytest
from playwright.sync_api import expect

from clinic.journeys.accessibility import assert_accessible
from clinic.patients.people import make_patient
from clinic.people import make_clinic, make_person
from waterneedle.clinic.accounts.access import access_to


@pytest.fixture
def at_work(site, page_of):
    """Alice in her clinic, with three patients, on the list of patients."""
    clinic = make_clinic("harbor", "Harbor Acupuncture")
    alice = make_person(clinic, "Alice Archer", "practitioner")
    by = access_to(alice, "harbor")
    for name in ("Ana Ruiz", "Ana Rivera", "Tom Lindqvist"):
        make_patient(by, name)
    page = page_of(alice)
    page.goto(f"{site}/c/harbor/patients/")
    return page


def test_given_a_name_when_it_is_typed_after_a_slash_then_enter_opens_the_patient(at_work):
    at_work.keyboard.press("/")
    at_work.keyboard.type("rui")
    at_work.get_by_role("option").first.wait_for()

    assert at_work.get_by_role("option").all_inner_texts()[0].startswith("Ana Ruiz")
    at_work.keyboard.press("ArrowDown")
    assert at_work.locator("#find").get_attribute("aria-activedescendant") == "found-0"
    at_work.keyboard.press("Enter")
    at_work.get_by_role("heading", name="Ana Ruiz").wait_for()


def test_the_enter_that_ends_a_composition_in_safari_opens_no_patient(at_work):
    """There the composition has ended before it: the number of the key alone says whose it is."""
    at_work.keyboard.press("/")
    at_work.keyboard.insert_text("rui")
    at_work.get_by_role("option").first.wait_for()
    at_work.keyboard.press("ArrowDown")
    expect(at_work.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    gone = []
    at_work.on("request", lambda request: gone.append(request.url) if request.is_navigation_request() else None)
    at_work.context.new_cdp_session(at_work).send(
        "Input.dispatchKeyEvent", {"type": "rawKeyDown", "windowsVirtualKeyCode": 229, "key": "Enter", "code": "Enter"})
    at_work.wait_for_timeout(500)  # in which it would be asked for

    assert gone == []


def test_which_of_the_found_enter_would_open_is_to_be_seen(at_work):
    at_work.keyboard.press("/")
    at_work.keyboard.insert_text("ana")  # one question: its answer is not replaced while it is looked at
    at_work.get_by_role("option").nth(1).wait_for()
    at_work.keyboard.press("ArrowDown")
    looks = "one => [getComputedStyle(one).backgroundColor, one.getBoundingClientRect().height >= 36]"

    (chosen, is_high), (other, _) = (at_work.get_by_role("option").nth(n).evaluate(looks) for n in range(2))
    assert is_high and chosen != other


def test_what_was_chosen_stays_so_when_more_is_typed(at_work):
    at_work.keyboard.press("/")
    at_work.keyboard.insert_text("a r")
    at_work.get_by_role("option").nth(1).wait_for()
    at_work.keyboard.press("ArrowDown")
    at_work.keyboard.press("ArrowDown")
    chosen = at_work.get_by_role("option", selected=True).inner_text()
    with at_work.expect_response(lambda one: one.request.method == "POST" and "q=" in (one.request.post_data or "")):
        at_work.keyboard.insert_text(chosen.split()[1][1])
    expect(at_work.get_by_role("option")).to_have_count(1)

    expect(at_work.get_by_role("option", selected=True)).to_have_text(chosen)
    at_work.keyboard.press("Enter")
    at_work.get_by_role("heading", name=chosen.splitlines()[0]).wait_for()


def test_the_list_of_what_was_found_is_accessible_and_escape_closes_it(at_work):
    at_work.keyboard.press("Control+k")
    at_work.keyboard.type("ana")
    at_work.get_by_role("option").nth(1).wait_for()
    assert_accessible(at_work, sizes={"desktop": (1280, 860)})
    at_work.keyboard.press("Escape")

    assert not at_work.locator("#found").is_visible()


def test_a_single_key_does_nothing_once_it_was_turned_off(at_work):
    patients = at_work.url
    at_work.goto(patients.replace("/c/harbor/patients/", "/preferences/"))
    at_work.get_by_label("Single keys work as shortcuts").uncheck()
    with at_work.expect_navigation():
        at_work.get_by_role("button", name="Save").click()
    at_work.goto(patients)
    at_work.keyboard.press("/")

    assert not at_work.locator("#find").evaluate("one => one === document.activeElement")


def test_the_page_is_accessible_with_the_menu_open(at_work):
    at_work.locator("details.menu > summary").click()

    assert_accessible(at_work)


def test_the_first_tab_leads_past_the_bar(at_work):
    at_work.keyboard.press("Tab")
    at_work.keyboard.press("Enter")

    assert at_work.evaluate("document.activeElement.id") == "main"


def test_when_the_server_fails_what_was_typed_stays_and_it_is_said(at_work):
    at_work.route("**/fails/", lambda route: route.fulfill(status=500, body="<p>broken</p>", content_type="text/html"))
    at_work.evaluate("""() => {
        const form = document.createElement("form");
        form.setAttribute("hx-post", "/fails/");
        form.setAttribute("hx-target", "#main");
        form.innerHTML = "<input name=a value='typed words' aria-label=a><button>Send it</button>";
        document.querySelector("main").append(form);
        htmx.process(form);
    }""")
    at_work.get_by_role("button", name="Send it").click()
    at_work.locator("#toasts [data-toast=block]").wait_for()

    assert at_work.locator("input[name=a]").input_value() == "typed words"


def test_when_signed_out_meanwhile_no_page_of_signing_in_lands_in_the_middle(at_work):
    at_work.context.clear_cookies()
    at_work.evaluate("""() => {
        const button = document.createElement("button");
        button.setAttribute("hx-get", location.pathname);
        button.setAttribute("hx-target", "#main");
        button.textContent = "Load";
        document.querySelector("main").append(button);
        htmx.process(button);
    }""")
    at_work.get_by_role("button", name="Load").click()
    at_work.locator("#toasts [data-toast=warn]").wait_for()

    assert at_work.get_by_role("heading", name="Patients").is_visible()


def test_a_long_name_stands_beside_the_button_of_a_reaction_and_not_under_it(site, page_of):
    clinic = make_clinic("harbor", "Harbor Acupuncture")
    alice = make_person(clinic, "Alice Archer", "practitioner")
    ana = make_patient(access_to(alice, "harbor"), "Maria Wolfeschlegelsteinhausenbergerdorff-Villanueva")
    page = page_of(alice)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{site}/c/harbor/patients/{ana.uid}/")

    who, button = (page.locator(".patient").locator(part).bounding_box() for part in (".patient-who > a", ".patient-end"))
    assert who["x"] + who["width"] <= button["x"]
    assert page.evaluate("document.documentElement.scrollWidth") == 390
