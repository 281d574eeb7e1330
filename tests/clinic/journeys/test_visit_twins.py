"""What goes wrong on the page of a visit, done as tired people do it: nothing wrong gets in, and nothing typed is lost."""

from __future__ import annotations

import datetime
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from clinic.intake.signing import EVERY_PRODUCT, signed
from clinic.journeys.accessibility import assert_accessible, assert_targets
from clinic.journeys.passkeys import add_passkey, with_passkeys
from clinic.journeys.scanner import BETWEEN_S, SLOW_S, scan
from clinic.journeys.test_visit import Person
from clinic.patients.people import at_work, make_patient
from clinic.people import PASSWORD, at_midday, make_clinic, make_person, signed_in
from clinic.stock.shelf import make_item, make_lot
from clinic.visits.charting import B12, WELL, ago, make_syringe, make_vial, make_visit, plan
from clinic.visits.test_signing import sign as signed_before
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.stock import actions as stock
from waterneedle.clinic.visits import actions
from waterneedle.clinic.visits.models import Injection, Reason, Signature, Strike, Syringe, Today

LINE = "Type an injection"


@pytest.fixture
def by(site):
    clinic = at_midday(make_clinic("harbor", "Harbor Acupuncture"))
    return at_work(make_person(clinic, "Alice Archer", "practitioner"), clinic)


@pytest.fixture
def room(site, by):
    """Patients whose visit is under way, and the addresses of their pages."""

    class Room:
        def patient(self, name: str):
            made = make_patient(by, given_name=name)
            for kind in ("condition", "allergy", "medication"):
                patients.say_none(patient=made, kind=kind, by=by)
            signed(by, made, *EVERY_PRODUCT)
            return made

        def visit(self, name: str = "Ana", *, loaded: bool = True, answered: bool = True):
            visit = make_visit(by, self.patient(name), why="knee pain")
            if answered:
                actions.answer_today(visit=visit, answers=WELL, by=by)
            if loaded:
                make_syringe(by, visit, vial=make_vial(by, number=f"04-{name}", name=f"B12 for {name}"))
            return visit

        def address(self, visit) -> str:
            return f"{site}/c/harbor/visits/patients/{visit.patient.uid}/{visit.uid}/"

    return Room()


def written(page, field, text: str) -> None:
    """Key by key, in the place of what stood there."""
    field.click()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def type_line(page, text: str, *, rows: int) -> None:
    written(page, page.get_by_role("combobox", name=LINE), text)
    page.keyboard.press("Enter")
    expect(page.locator(".visit-injection")).to_have_count(rows)


def each(page, ml: str = "0.5", mm: str = "10") -> None:
    written(page, page.get_by_role("textbox", name="Each", exact=True), ml)
    written(page, page.locator("#each [name=each_mm]"), mm)


def give(page) -> None:
    for name in ("Looked: skin intact", "All given"):
        page.get_by_role("button", name=name).click()
        expect(page.get_by_role("button", name=name)).to_have_count(0)


def sign(page) -> None:
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign", exact=True).click()


# --- the wrong thing


def test_given_a_vial_past_its_time_or_of_a_withheld_lot_when_it_is_scanned_then_nothing_is_loaded(page_of, room, by):
    visit = room.visit(loaded=False)
    make_vial(by, number="GOOD", name="B12 that may be drawn")  # and is not taken for the one that was scanned
    # 30 days: 29 may be 28 where clocks have changed meanwhile.
    old = stock.open_vial(lot=make_lot(by, number="OLD"), by=by, at=timezone.now() - datetime.timedelta(days=30))
    held = make_lot(by, make_item(by, "Other B12"), number="HELD")
    vial = stock.open_vial(lot=held, by=by, at=timezone.now())
    stock.decide(lot=held, status="recalled", why="letter of the maker", by=by)
    page = page_of(by.user)
    page.goto(room.address(visit))

    for code, why in ((old.code, "past its time"), (vial.code, "quarantine or recalled"), ("0417-NOT-A-VIAL", "No open vial")):
        written(page, page.get_by_label("Scan or label of the vial"), code)
        with page.expect_response("**/scan/") as answer:
            page.keyboard.press("Enter")
        assert answer.value.status == 422
        expect(page.locator("#v-strip, #v-problem, .toast").filter(has_text=why).first).to_be_visible()
        expect(page.get_by_label("Scan or label of the vial")).to_have_value(code)
    assert not Syringe.objects.exists()


def test_given_a_vial_that_was_opened_after_the_page_when_it_is_scanned_then_it_is_drawn_from(page_of, room, by):
    page, visit = page_of(by.user), room.visit(loaded=False)
    make_vial(by, number="OLD", name="another B12")
    page.goto(room.address(visit))
    page.locator("#visit.is-live").wait_for()
    vial = make_vial(by, number="NEW", name="B12 of the shelf")

    scan(page, vial.code)
    expect(page.get_by_label("Drawn up")).to_be_focused()
    page.keyboard.type("1")
    page.keyboard.press("Enter")

    expect(page.locator("#v-strip [name=syringe]")).to_have_count(1)
    assert Syringe.objects.get().fills.get().vial == vial


def test_given_the_volume_in_focus_when_the_next_vial_is_scanned_then_it_is_mixed(page_of, room, by):
    """The focus is there after a scan. Figures of a quick hand are no scan."""
    page, visit = page_of(by.user), room.visit(loaded=False)
    first = make_vial(by, number="0998", name="B12 of the shelf")
    lot = make_lot(by, make_item(by, "lidocaine", product=B12), number="0999")
    second = stock.open_vial(lot=lot, by=by, at=timezone.now(), code="K2M2")
    page.goto(room.address(visit))
    page.locator("#visit.is-live").wait_for()
    drawn_up = page.locator("#syringe_volume_ml")

    scan(page, first.code)
    expect(drawn_up).to_be_focused()
    page.keyboard.type("1.5")
    page.wait_for_timeout(150)  # the hand goes to the scanner
    scan(page, second.code)
    expect(page.locator("#syringe_second_ml")).to_be_focused()
    expect(drawn_up).to_have_value("1.5")
    scan(page, "0.25")

    expect(page.locator("#v-strip [name=syringe]")).to_have_count(1)
    drawn = [(one.vial, one.volume_ml) for one in Syringe.objects.get().fills.order_by("pk")]
    assert drawn == [(first, Decimal("1.5")), (second, Decimal("0.25"))]


@pytest.mark.parametrize(("role", "name", "between_s", "code"), [
    ("button", "All given", BETWEEN_S, "KMNP"), ("button", "All given", SLOW_S, "K2M2"),
    ("link", "Sign", SLOW_S, "KMNP"), ("link", "Sign", BETWEEN_S, "K2M2"),
])
def test_given_a_button_in_focus_when_a_label_is_scanned_then_the_vial_is_chosen_and_the_button_is_not_pressed(
    page_of, room, by, role, name, between_s, code
):
    """A scanner ends with Enter, which would give what is planned, or send the form it has just led to; a link is followed by it.
    A digit takes the syringe with that number in hand, and the focus with it."""
    page, visit, posted = page_of(by.user), room.visit(), []
    first = visit.syringes.get()
    lot = make_lot(by, make_item(by, "B12 of the shelf", product=B12), number="0999")
    vial = stock.open_vial(lot=lot, by=by, at=timezone.now(), code=code)
    make_syringe(by, visit, vial=vial)
    plan(by, visit, first)
    page.goto(room.address(visit))
    page.locator("#visit.is-live").wait_for()
    in_hand = page.locator(f"#v-strip [name=syringe][value='{first.uid}']")
    in_hand.check()
    page.get_by_text("Another syringe").click()
    page.get_by_label("Drawn up").fill("1")  # else the browser itself would not send that form
    page.get_by_role(role, name=name).first.focus()
    page.on("request", lambda request: posted.append(request.url.rsplit("/", 2)[1]) if request.method == "POST" else None)

    scan(page, vial.code, between_s)

    expect(page.get_by_label("Drawn up")).to_be_focused()
    expect(page.locator("#syringe_vial")).to_have_value(str(vial.uid))
    expect(in_hand).to_be_checked()
    page.wait_for_timeout(300)  # in which anything else would have been sent
    assert [one for one in posted if one != "unfinished"] == ["scan"] and page.url == room.address(visit)
    assert Injection.objects.get().status == "planned" and Syringe.objects.count() == 2


def test_given_the_field_of_the_scan_when_a_label_is_scanned_into_it_then_nothing_is_drawn_up_by_its_enter(page_of, room, by):
    page, visit, posted = page_of(by.user), room.visit(loaded=False), []
    vial = make_vial(by)
    page.goto(room.address(visit))
    page.locator("#visit.is-live").wait_for()
    page.get_by_label("Drawn up").fill("1")  # else the form would be refused
    page.get_by_label("Scan or label of the vial").focus()
    page.on("request", lambda request: posted.append(request.url.rsplit("/", 2)[1]) if request.method == "POST" else None)

    scan(page, vial.code)

    expect(page.locator("#syringe_vial")).to_have_value(str(vial.uid))
    page.wait_for_timeout(300)
    assert [one for one in posted if one != "unfinished"] == ["scan"]
    assert not Syringe.objects.exists()


def test_given_a_quick_hand_when_a_line_is_typed_where_no_field_is_open_then_it_is_no_scan(page_of, room, by):
    page, visit = page_of(by.user), room.visit()
    page.goto(room.address(visit))
    page.locator("#visit.is-live").wait_for()
    page.locator("h1, h2").first.click()

    scan(page, "st36 b .5ml", SLOW_S)
    scan(page, "st36 b needle")

    page.wait_for_timeout(500)
    expect(page.get_by_label("Scan or label of the vial")).to_have_value("")
    assert not visit.injections.exists()


def test_given_a_slow_hand_when_keys_and_enter_are_pressed_then_the_button_in_focus_is_pressed(page_of, room, by):
    page, visit = page_of(by.user), room.visit()
    plan(by, visit, visit.syringes.get())
    page.goto(room.address(visit))
    page.locator("#visit.is-live").wait_for()
    page.get_by_role("button", name="All given").focus()

    page.keyboard.type("abcde", delay=150)
    page.keyboard.press("Enter")

    expect(page.get_by_role("button", name="All given")).to_have_count(0)
    assert Injection.objects.get().status == "given"


def test_given_the_wrong_side_when_it_is_undone_then_the_right_one_is_typed_and_nothing_else_is_given(page_of, room, by):
    page = page_of(by.user)
    page.goto(room.address(room.visit()))
    each(page)
    type_line(page, "st36 l", rows=1)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".visit-injection")).to_have_count(0)
    type_line(page, "st36 r", rows=1)
    page.get_by_role("button", name="All given").click()
    expect(page.get_by_role("button", name="All given")).to_have_count(0)

    rows = Injection.objects.filter(status="given")
    assert [(one.point, one.side) for one in rows] == [("ST36", "right")]


def test_given_keys_alone_when_something_is_undone_then_it_was_announced_and_one_is_where_one_was(page_of, room, by):
    page = page_of(by.user)
    page.goto(room.address(room.visit()))
    type_line(page, "st36 l .2 8mm sc", rows=1)
    expect(page.locator("[role=status][aria-live=polite]").filter(has_text="ST36")).to_be_visible()
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".visit-injection")).to_have_count(0)
    expect(page.get_by_role("combobox", name=LINE)).to_be_focused()

    page.get_by_role("button", name="ready").press("Enter")
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#v-steps")).to_be_focused()
    expect(page.locator("#v-steps li.done")).to_have_count(1)  # arrived


@pytest.mark.parametrize("width", [1280, 390])
def test_given_a_way_back_on_the_screen_when_one_goes_on_then_it_does_not_cover_the_signature(page_of, room, by, width):
    page = page_of(by.user)
    page.set_viewport_size({"width": width, "height": 860})
    page.goto(room.address(room.visit()))
    type_line(page, "st36 r .2 8mm sc", rows=1)
    expect(page.locator("#toasts [data-undo]")).to_be_visible()

    page.get_by_role("link", name="Sign").first.click(trial=True, timeout=5_000)  # fails where something else would get the click


def test_given_a_half_typed_answer_when_something_else_is_tapped_then_it_is_still_there(page_of, room, by):
    visit = room.visit()
    actions.answer_today(visit=visit, answers={"reacted_last": True}, by=by)
    page = page_of(by.user)
    page.goto(room.address(visit))
    each(page)
    said = page.get_by_role("textbox", name="What happened")
    said.fill("itched for an hour")

    type_line(page, "st36 l", rows=1)

    expect(said).to_have_value("itched for an hour")
    with page.expect_response("**/today/"):
        page.locator("#v-today").get_by_role("button", name="Save").first.click()
    expect(said).to_have_value("itched for an hour")
    assert Today.objects.latest("pk").reacted_how == "itched for an hour"


def test_given_answers_of_yesterday_when_a_visit_is_repeated_then_they_are_asked_again_before_it_is_given_and_signed(
    page_of, room, by,
):
    with ago(days=1):
        before = room.visit()
        one = plan(by, before, before.syringes.get())
        actions.mark(injection=one, status="given", why="it was given", by=by)
        signed_before(before, by)
    today = make_visit(by, before.patient, why="knee pain")
    make_syringe(by, today)
    page = page_of(by.user)
    page.goto(room.address(today))
    page.get_by_role("button", name="Repeat").click()
    expect(page.locator(".visit-injection")).to_have_count(1)
    page.get_by_role("button", name="Looked: skin intact").click()
    expect(page.get_by_role("button", name="Looked: skin intact")).to_have_count(0)

    assert page.locator(".visit-question [aria-pressed=true]").count() == 0
    page.get_by_role("button", name="All given").click()
    expect(page.locator("#v-problem")).to_contain_text("Ask before the first puncture")
    copied = Injection.objects.get(visit=today)
    assert copied.status == "planned"
    actions.mark(injection=copied, status="given", why="begun before the questions", by=by)
    page.get_by_role("link", name="Sign").click()
    expect(page.get_by_role("link", name="Say what the patient answered, or why it was not asked")).to_be_visible()
    expect(page.get_by_role("button", name="Sign", exact=True)).to_be_disabled()
    assert not Today.objects.filter(visit=today).exists()


def test_given_a_puncture_of_an_hour_ago_when_its_time_is_said_then_both_times_are_kept_and_shown(page_of, room, by):
    visit = room.visit()
    plan(by, visit, visit.syringes.get())
    page = page_of(by.user)
    page.goto(room.address(visit))
    page.locator("#visit.is-live").wait_for()
    at = (timezone.now() - datetime.timedelta(hours=1)).astimezone(by.clinic.tzinfo).replace(second=0, microsecond=0)

    page.get_by_text("Given before").click()
    page.get_by_label("When it was").fill(at.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_role("button", name="Record as given").click()

    expect(page.locator(".visit-injection")).to_contain_text("written down")
    one = Injection.objects.get()
    assert one.given_at == at < one.charted_at


# --- what is refused


def test_given_a_number_that_cannot_be_when_a_change_is_saved_then_it_is_named_there_and_what_was_typed_stays(page_of, room, by):
    page = page_of(by.user)
    visit = room.visit()
    page.goto(room.address(visit))
    each(page)
    type_line(page, "st36 l", rows=1)
    page.get_by_role("link", name="Change ST36").click()
    page.locator("#i1_depth_mm").fill("1/2")
    page.locator("#i1_reaction").fill("small wheal")
    page.locator("#edit-1").get_by_role("button", name="Save").click()

    expect(page.locator("#edit-1").get_by_text("Nothing was saved yet")).to_be_visible()
    assert (page.locator("#i1_depth_mm").input_value(), page.locator("#i1_reaction").input_value()) == ("1/2", "small wheal")
    page.locator("#i1_depth_mm").fill("8")
    page.locator("#edit-1").get_by_role("button", name="Save").click()
    expect(page.locator("#i1")).to_contain_text("8 mm")
    assert Injection.objects.get().reaction == "small wheal"


def test_given_no_reason_when_an_injection_was_stopped_then_it_is_said_in_sight_and_what_was_typed_stays(page_of, room, by):
    page = page_of(by.user)
    visit = room.visit()
    for point in ("ST36", "LI11", "SP9", "LI4", "SP6", "ST40"):
        plan(by, visit, Syringe.objects.get(), point=point, volume_ml="0.2")
    page.goto(room.address(visit))
    page.get_by_role("link", name="Change ST40").click()
    page.locator("#in-6").fill("0.1")
    stopped = page.locator("#edit-6").get_by_role("button", name="It was stopped")
    stopped.click()

    expect(page.get_by_text("Say why it was stopped").and_(page.locator(".toast *"))).to_be_in_viewport()
    expect(page.locator("#in-6")).to_have_value("0.1")
    page.locator("#why-6").fill("electric")
    stopped.click()
    expect(page.locator("#i6")).to_contain_text("stopped")
    expect(page.get_by_text("Say why it was stopped")).to_have_count(0)
    row = Injection.objects.get(status="stopped")
    assert (row.status_why, row.volume_ml) == ("electric", Decimal("0.1"))


def test_given_words_in_an_opened_change_when_another_injection_is_given_then_they_are_there_still(page_of, room, by):
    page = page_of(by.user)
    visit = room.visit()
    for side in ("left", "right"):
        plan(by, visit, Syringe.objects.get(), side=side)
    page.goto(room.address(visit))
    page.get_by_role("link", name="Change ST36 right").click()
    page.locator("#i2_reaction").fill("pale wheal")
    page.locator("#given-1").click()

    expect(page.locator("#i1")).to_contain_text("given")
    expect(page.locator("#i2_reaction")).to_have_value("pale wheal")


def test_given_a_password_of_last_year_in_its_field_when_one_signs_with_the_passkey_then_it_is_signed(site, page_of, room, by):
    """The browser fills it in by itself."""
    visit = room.visit()
    one = plan(by, visit, visit.syringes.get())
    actions.mark(injection=one, status="given", why="it was given", by=by)
    page = page_of(by.user)
    with_passkeys(page)
    add_passkey(page, site)
    page.goto(f"{room.address(visit)}sign/")
    passkey = page.get_by_role("button", name="Sign with a passkey")
    expect(passkey).to_be_visible()
    why = page.locator("[name=deviation_why]")
    if why.count():
        why.fill("it was given")
    page.get_by_label("Your password").fill("of last year")

    passkey.click()

    page.get_by_text("Signed by Alice Archer").wait_for()
    assert Signature.objects.get().proof.method == "passkey"


def test_given_a_depth_that_is_missing_when_one_wants_to_sign_then_the_field_of_that_injection_is_open(page_of, room, by):
    page = page_of(by.user)
    visit = room.visit()
    syringe = Syringe.objects.get()
    plan(by, visit, syringe)
    plan(by, visit, syringe, point="LI11", depth_mm=None)
    actions.give_all(visit=visit, by=by)
    page.goto(room.address(visit))
    page.keyboard.press("Control+Enter")

    expect(page.locator("#i2_depth_mm")).to_be_focused()
    page.keyboard.type("6")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#i2")).to_contain_text("6 mm")


# --- the wrong place


def test_given_two_patients_in_two_tabs_when_they_are_charted_in_turn_then_each_has_their_own(page_of, room, by):
    ana, bea = room.visit("Ana"), room.visit("Bea")
    first = page_of(by.user)
    second = first.context.new_page()
    first.goto(room.address(ana))
    with first.expect_response("**/accounts/unfinished/"):
        each(first)
    second.goto(room.address(bea))
    second.locator("#visit.is-live").wait_for()
    second.wait_for_load_state("networkidle")  # what was kept would be filled in by now
    assert second.get_by_role("textbox", name="Each", exact=True).input_value() == ""
    each(second, "0.3", "8")
    type_line(first, "st36 l", rows=1)
    type_line(second, "li11 l", rows=1)
    anas = str(ana.syringes.get().uid)  # the syringe of the other one is in the hand
    scan(second, anas)  # into the line, where the focus is
    expect(second.locator("#v-problem")).to_contain_text("serves one patient")
    expect(second.get_by_role("combobox", name=LINE)).to_have_value(anas)
    second.locator("main").focus()
    scan(second, anas)  # while no field is open
    expect(second.locator("#v-strip [data-said]")).to_contain_text("serves one patient")
    type_line(second, "sp9 l", rows=2)
    type_line(first, "sp9 l", rows=2)
    # A page that has the other one's syringe in hand all the same charts nothing from it.
    second.evaluate("(uid) => { document.querySelector('#v-strip [name=syringe][form]').value = uid; }", anas)
    type_line(second, "st36 r", rows=2)
    expect(second.locator("#v-problem")).to_contain_text("serves one patient")

    def charted(visit):
        return [(one.point, one.volume_ml, one.depth_mm) for one in Injection.objects.filter(visit=visit).order_by("seq")]

    assert charted(ana) == [("ST36", Decimal("0.5"), 10), ("SP9", Decimal("0.5"), 10)]
    assert charted(bea) == [("LI11", Decimal("0.3"), 8), ("SP9", Decimal("0.3"), 8)]
    for one in Injection.objects.select_related("visit", "syringe"):
        assert one.patient_id == one.syringe.patient_id == one.visit.patient_id
        assert one.syringe.visit_id == one.visit_id


def test_given_a_draft_on_the_wrong_patient_when_two_people_say_so_then_it_is_closed_and_still_read(page_of, room, by):
    visit = room.visit()
    plan(by, visit, visit.syringes.get())
    page = page_of(by.user)
    page.goto(room.address(visit))
    page.get_by_text("Wrong patient", exact=True).click()
    page.get_by_role("textbox", name="Why", exact=True).fill("it was her sister")
    assert_accessible(page)
    page.get_by_role("button", name="Ask for it").click()
    expect(page.get_by_text("A second person has to confirm it.")).to_be_visible()

    second = page_of(make_person(by.clinic, "Dora Second", "practitioner"))
    second.goto(room.address(visit))
    second.get_by_text("Confirm: wrong patient").click()
    second.get_by_role("button", name="Strike it").click()

    expect(second.get_by_text("it was her sister")).to_be_visible()
    expect(second.get_by_text("This draft was never signed.")).to_be_visible()
    assert_accessible(second)
    page.get_by_role("button", name="All given").click()
    expect(page.locator("#v-problem")).to_contain_text("The visit is struck")
    assert [one.status for one in Injection.objects.all()] == ["planned"]


@pytest.mark.parametrize("has_a_page", [True, False], ids=["a page", "an address that takes forms alone"])
def test_given_an_answer_to_what_was_sent_when_one_goes_back_to_it_then_the_page_as_it_stands_is_shown(
    page_of, room, by, has_a_page,
):
    visit = room.visit()
    actions.mark(injection=plan(by, visit, visit.syringes.get()), status="given", why="it was given", by=by)
    page = page_of(by.user)
    page.goto(room.address(visit))
    page.evaluate("navigator.serviceWorker.ready")
    if has_a_page:
        page.goto(room.address(visit) + "sign/")
        page.get_by_label("Password").fill("a noisy needle")
        page.get_by_role("button", name="Sign", exact=True).click()
    else:
        page.get_by_text("Wrong patient", exact=True).click()
        page.get_by_role("button", name="Ask for it").click()
    expect(page.get_by_text("Nothing was saved yet").first).to_be_visible()
    page.goto(room.address(visit) + "protocols/")
    page.go_back()

    heading = "Sign the visit" if has_a_page else "Visit 1"
    expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
    assert not Strike.objects.exists() and not Signature.objects.exists()


@pytest.mark.parametrize("keeps_pages", [False, True], ids=["from what was sent", "from the page as it stood"])
def test_given_a_visit_that_went_on_at_another_screen_when_back_leads_to_it_then_it_is_read_anew(
    page_of, keeping_pages, room, by, keeps_pages,
):
    """A browser goes back to what it has kept of an answer, or to the whole page as it was left, unless it was told to keep
    nothing. Then somebody reads what does not stand any more, and gives it a second time."""
    visit = room.visit()
    page = page_of(by.user, within=keeping_pages) if keeps_pages else page_of(by.user)
    page.goto(room.address(visit))
    page.locator("#visit.is-live").wait_for()
    page.goto(room.address(visit).rsplit("/", 2)[0] + "/")  # the chart
    one = plan(by, visit, visit.syringes.get())
    actions.mark(injection=one, status="given", why="at the other screen", by=by)

    page.go_back()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Visit 1")
    expect(page.locator(".visit-injection")).to_contain_text("given", timeout=3_000)


def test_given_a_signed_visit_when_back_leads_to_it_then_it_is_shown_so_and_a_draft_left_open_takes_no_more(page_of, room, by):
    visit = room.visit()
    page = page_of(by.user)
    page.goto(room.address(visit))
    each(page)
    type_line(page, "st36 l", rows=1)
    left_open = page.context.new_page()
    left_open.goto(room.address(visit))
    left_open.locator("#visit.is-live").wait_for()
    give(page)
    page.get_by_role("link", name="Sign").click()
    sign(page)
    page.get_by_text("Signed by Alice Archer").wait_for()
    page.go_back()
    page.go_back()
    expect(page.get_by_text("Signed by Alice Archer")).to_be_visible()
    expect(page.get_by_role("combobox", name=LINE)).to_have_count(0)
    each(left_open)
    left_open.get_by_role("combobox", name=LINE).fill("sp9 l")
    left_open.keyboard.press("Enter")
    expect(left_open.locator("#v-problem")).to_contain_text("The visit is signed")

    assert [(one.point, one.status) for one in Injection.objects.all()] == [("ST36", "given")]
    assert Signature.objects.count() == 1


@pytest.fixture
def about_to_sign(page_of, room, by, site):
    """The page of the signature of a visit at which everything was said, and what is posted from it, by the last part of the
    address. There is a passkey too."""
    visit, posted = room.visit(), []
    plan(by, visit, visit.syringes.get(), skin="intact")
    actions.give_all(visit=visit, by=by)
    page = page_of(by.user)
    with_passkeys(page)
    add_passkey(page, site)
    page.goto(room.address(visit) + "sign/")
    page.get_by_role("button", name="Sign with a passkey").wait_for()
    page.on("request", lambda request: posted.append(request.url.rsplit("/", 2)[1]) if request.method == "POST" else None)
    return page, posted


def test_given_a_nervous_hand_when_sign_is_clicked_twice_then_it_is_sent_once(about_to_sign):
    """The first of three guards, the page: a form that was sent is not sent again. The browser may drop one of two that go out in
    the same moment, so that what is posted would not tell."""
    page, _posted = about_to_sign
    stopped: list[bool] = []
    page.expose_function("told", lambda was_stopped: stopped.append(was_stopped))
    page.evaluate("addEventListener('submit', (event) => window.told(event.defaultPrevented))")  # after all others
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign", exact=True).dblclick(no_wait_after=True)
    page.get_by_text("Signed by Alice Archer").wait_for()

    assert stopped == [False, True]
    assert Signature.objects.count() == 1


def test_given_a_nervous_hand_when_the_passkey_is_clicked_twice_then_it_is_asked_and_sent_once(about_to_sign):
    """The second, the button of the passkey: it is off until the device has answered."""
    page, posted = about_to_sign
    page.evaluate("() => { const button = document.getElementById('passkey'); button.click(); button.click(); }")
    page.get_by_text("Signed by Alice Archer").wait_for()

    assert [one for one in posted if one in ("passkey", "sign")] == ["passkey", "sign"]
    assert Signature.objects.count() == 1


@pytest.mark.parametrize("together", [True, False], ids=["both at once", "one after the other"])
def test_given_two_that_arrive_when_both_are_answered_then_one_signature_stands_and_neither_is_refused(about_to_sign, together):
    """The third, the server, where the page lets both through. Behind it stands the database, which takes one signature of a
    visit (tests/clinic/visits/test_signing.py)."""
    page, _posted = about_to_sign
    page.get_by_label("Password").fill(PASSWORD)
    answers = page.evaluate("""async (together) => {
      const form = document.querySelector("form[data-sign]");
      const post = async () => (await fetch(location.href, { method: "POST", body: new FormData(form) }));
      const answers = together ? await Promise.all([post(), post()]) : [await post(), await post()];
      return answers.map(({ status, redirected }) => [status, redirected]);
    }""", together)

    assert answers == [[200, True], [200, True]]  # to the signed visit
    assert Signature.objects.count() == 1


def test_given_a_trembling_finger_when_a_point_is_touched_twice_then_it_is_charted_once(page_of, room, by):
    page, sent = page_of(by.user), []
    page.goto(room.address(room.visit()))
    page.locator("#chart[data-ready]").wait_for(timeout=60_000)
    each(page)
    page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/tap/") else None)
    person = Person(page)
    person.touch("ST36", "left")
    person.touch("ST36", "left")
    page.wait_for_timeout(700)  # from then on it is meant
    expect(page.locator(".visit-pending")).to_have_count(0)
    expect(page.locator(".visit-injection")).to_have_count(1)
    assert len(sent) == 1
    person.touch("ST36", "left")
    expect(page.locator(".visit-injection")).to_have_count(2)

    assert len(sent) == Injection.objects.count() == 2


def test_given_no_reason_when_a_puncture_is_said_to_be_stopped_then_its_form_stays_open(page_of, room, by):
    page = page_of(by.user)
    page.goto(room.address(room.visit()))
    page.locator("#visit.is-live").wait_for()
    each(page)
    type_line(page, "st36 l", rows=1)
    page.get_by_role("link", name="Change ST36 left").click()
    page.get_by_role("button", name="It was stopped").click()
    expect(page.get_by_text("Say why it was stopped or not done.").first).to_be_visible()
    page.locator("#edit-1 [name=why]").fill("she felt faint")
    page.get_by_label("How much went in (mL)").fill("0.2")
    page.get_by_role("button", name="It was stopped").click()
    expect(page.locator("#i1 > .visit-row")).to_contain_text("stopped")

    assert [(one.status, one.volume_ml) for one in Injection.objects.all()] == [("stopped", Decimal("0.2"))]


def test_given_a_key_that_is_pressed_twice_when_one_is_given_then_the_second_press_gives_no_other(page_of, room, by):
    page = page_of(by.user)
    page.goto(room.address(room.visit()))
    page.locator("#visit.is-live").wait_for()
    each(page)
    type_line(page, "st36 b", rows=2)
    page.get_by_role("button", name="Looked: skin intact").click()
    expect(page.locator("#skin")).to_have_count(0)
    page.locator("#given-1").press("Enter")
    expect(page.locator("#i1")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#change-1")).to_be_focused()
    page.locator("#remove-2").press("Enter")
    expect(page.locator("#i1")).to_be_focused()  # there is no row behind it
    page.locator("#v-steps [value=ready]").press("Enter")
    expect(page.locator("#v-steps")).to_be_focused()

    rows = Injection.objects.order_by("seq")
    assert [(one.status, one.removed_at is None) for one in rows] == [("given", True), ("planned", False)]


@pytest.mark.parametrize(("button", "left"), [("#remove-1", ["planned"] * 2), ("#skin", ["planned"] * 3)])
def test_given_a_trembling_finger_when_a_button_goes_then_what_moves_under_it_is_not_pressed(page_of, room, by, button, left):
    page = page_of(by.user, has_touch=True)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(room.address(room.visit()))
    page.locator("#visit.is-live").wait_for()
    each(page)
    type_line(page, "st36 b", rows=2)
    type_line(page, "li11 l", rows=3)
    page.locator(button).scroll_into_view_if_needed()
    box = page.locator(button).bounding_box()
    at = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.touchscreen.tap(*at)
    expect(page.locator(button)).to_have_count(0)
    page.touchscreen.tap(*at)
    page.wait_for_timeout(800)

    assert [one.status for one in Injection.objects.filter(removed_at=None).order_by("seq")] == left


def test_given_one_syringe_when_two_more_like_it_are_drawn_up_then_there_are_three(page_of, room, by):
    page = page_of(by.user)
    page.goto(room.address(room.visit()))
    page.locator("#visit.is-live").wait_for()
    for count in (2, 3):
        page.get_by_text("Another syringe").click()
        page.locator("#syringe_vial").select_option(index=1)
        page.locator("#syringe_volume_ml").fill("1")
        page.get_by_role("button", name="Drawn up", exact=True).click()
        expect(page.locator(".visit-one")).to_have_count(count)

    assert Syringe.objects.count() == 3


def test_given_a_phone_when_a_gap_leads_to_the_line_then_it_stays_in_sight_while_the_body_comes(page_of, room, by):
    page = page_of(by.user)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(room.address(room.visit()) + "#line")
    page.locator("#chart[data-ready]").wait_for(timeout=60_000)
    page.wait_for_timeout(500)

    expect(page.get_by_role("combobox", name=LINE)).to_be_in_viewport()
    assert_targets(page, "main .segments label")


# --- the wrong moment


def test_given_no_connection_when_something_is_chosen_or_undone_then_the_page_says_what_stands(page_of, room, by):
    visit = room.visit(answered=False)
    page = page_of(by.user)
    page.goto(room.address(visit))
    page.locator("#chart[data-ready]").wait_for(timeout=60_000)
    each(page)
    type_line(page, "st36 l", rows=1)
    page.get_by_role("button", name="Take out ST36 left").click()
    expect(page.locator(".visit-injection")).to_have_count(0)
    words = page.get_by_text("The clinic's server does not answer.")

    page.context.set_offline(True)
    page.get_by_role("button", name="Undo").click()
    expect(words).to_be_visible()
    page.locator("#pregnancy").select_option("not_pregnant")
    expect(page.locator("#pregnancy")).to_have_value("")  # nobody has answered yet
    page.context.set_offline(False)
    page.locator("#pregnancy").select_option("not_pregnant")
    expect(page.locator("#pregnancy option[selected]")).to_have_attribute("value", "not_pregnant")
    expect(words).to_be_visible()  # something is unsent still
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".visit-injection")).to_have_count(1)
    expect(words).to_have_count(0)

    assert Today.objects.latest("pk").pregnancy == "not_pregnant"


def test_given_a_session_that_ended_when_one_has_signed_in_elsewhere_then_the_line_is_sent_here(page_of, room, by, site):
    page = page_of(by.user)
    page.goto(room.address(room.visit()))
    each(page)
    page.context.clear_cookies(name="staff")
    type_line(page, "st36 l", rows=0)
    expect(page.get_by_text("You were signed out").first).to_be_visible()

    page.context.clear_cookies(name="csrf")  # signing in brings another token
    cookie = signed_in(by.user).cookies["staff"]
    page.context.add_cookies([{"name": "staff", "value": cookie.value, "domain": urlsplit(site).hostname, "path": "/"}])
    with page.expect_response("**/session/"):
        page.evaluate("dispatchEvent(new Event('focus'))")
    page.get_by_role("combobox", name=LINE).press("Enter")

    expect(page.locator(".visit-injection")).to_have_count(1)
    expect(page.get_by_text("You were signed out")).to_have_count(0)


def test_given_no_connection_when_a_line_is_sent_then_it_is_said_and_the_words_are_still_there(page_of, room, by):
    page = page_of(by.user)
    page.goto(room.address(room.visit()))
    page.locator("#chart[data-ready]").wait_for(timeout=60_000)  # its parts come over the connection that is cut below
    each(page)
    page.get_by_role("combobox", name=LINE).fill("st36 l")
    page.context.set_offline(True)
    page.keyboard.press("Enter")
    expect(page.get_by_text("The clinic's server does not answer.")).to_be_visible()
    expect(page.get_by_role("combobox", name=LINE)).to_have_value("st36 l")
    page.context.set_offline(False)
    page.get_by_role("combobox", name=LINE).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".visit-injection")).to_have_count(1)

    assert Injection.objects.count() == 1


def test_given_a_connection_that_fails_for_a_moment_when_a_line_is_sent_then_it_is_charted_without_a_word(page_of, room, by):
    page, tried = page_of(by.user), []
    page.goto(room.address(room.visit()))
    page.locator("#visit.is-live").wait_for()
    each(page)

    def fail_twice(route):
        tried.append(route.request.headers["idempotency-key"])
        return route.abort() if len(tried) < 3 else route.continue_()

    page.route("**/line/", fail_twice)
    type_line(page, "st36 l", rows=1)

    expect(page.get_by_text("The clinic's server does not answer.")).to_have_count(0)
    assert len(tried) == 3 and len(set(tried)) == Injection.objects.count() == 1


def test_given_an_answer_that_was_lost_when_the_line_is_sent_again_then_it_is_charted_once(page_of, room, by):
    page = page_of(by.user)
    page.goto(room.address(room.visit()))
    page.locator("#visit.is-live").wait_for()
    each(page)

    def done_and_lost(route):
        route.fetch()
        route.abort()

    page.route("**/line/", done_and_lost)
    page.get_by_role("combobox", name=LINE).fill("st36 l")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The clinic's server does not answer.")).to_be_visible()
    assert Injection.objects.count() == 1
    page.unroute_all()
    page.get_by_role("combobox", name=LINE).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".visit-injection")).to_have_count(1)
    expect(page.get_by_role("combobox", name=LINE)).to_have_value("")
    assert Injection.objects.count() == 1

    type_line(page, "st36 l", rows=2)  # the same words once more are meant anew: the list shows the first


def test_given_no_connection_when_a_point_is_touched_then_it_shows_as_unsaved_and_goes_with_a_word(page_of, room, by):
    page = page_of(by.user)
    page.goto(room.address(room.visit()))
    page.locator("#chart[data-ready]").wait_for(timeout=60_000)
    each(page)
    held = []
    # The first is held, and those that are sent again have no connection either.
    page.route(lambda address: address.endswith("/tap/"), lambda route: route.abort() if held else held.append(route))
    # The second touch is meant, however soon it comes: to the page, all of this takes a moment.
    page.evaluate("() => { const now = performance.now.bind(performance); performance.now = () => now() / 1000; }")
    person = Person(page)
    person.touch("ST36", "left")
    expect(page.locator(".visit-pending")).to_contain_text("being saved")
    held[0].abort()
    expect(page.get_by_text("The clinic's server does not answer.")).to_be_visible()
    expect(page.locator(".visit-pending")).to_have_count(0)
    page.unroute_all()
    person.touch("ST36", "left")
    expect(page.locator(".visit-injection")).to_have_count(1)
    expect(page.locator(".visit-pending")).to_have_count(0)

    assert Injection.objects.count() == 1


def test_given_two_people_in_one_draft_when_both_write_then_the_second_is_told_and_both_stand(page_of, room, by):
    visit = room.visit()
    ann = make_person(by.clinic, "Ann Price", "assistant")
    treating, assisting = page_of(by.user), page_of(ann)
    treating.goto(room.address(visit))
    assisting.goto(room.address(visit))
    treating.get_by_label("Why today").fill("knee pain, worse on stairs")
    expect(treating.locator("[data-saved], .saved").first).to_contain_text("Saved")
    assisting.get_by_label("Why today").fill("left knee")
    expect(assisting.get_by_text("somebody else", exact=False).first).to_be_visible()
    expect(assisting.get_by_label("Why today")).to_have_value("left knee")
    each(treating)
    type_line(treating, "st36 l", rows=1)
    each(assisting)
    type_line(assisting, "sp9 l", rows=2)

    visit.refresh_from_db()
    assert visit.why == "knee pain, worse on stairs"
    assert {one.made_by.name for one in Injection.objects.all()} == {"Alice Archer", "Ann Price"}


# --- a danger and a warning


def test_given_the_shoulder_and_a_blood_thinner_when_it_is_charted_then_the_danger_is_told_and_one_tap_answers(page_of, room, by):
    visit = room.visit()
    patients.add_fact(patient=visit.patient, kind="medication", said="apixaban", by=by)
    page = page_of(by.user)
    page.goto(room.address(visit))
    taps = 0
    page.get_by_role("textbox", name="Each", exact=True).fill("0.3")
    type_line(page, "gb21 r", rows=1)
    row = page.locator(".visit-injection")
    assert Injection.objects.get().depth_mm is None  # over the lung nothing is filled in
    expect(row.get_by_text("depth?")).to_be_visible()
    expect(row.locator(".issue").filter(has_text="lung").first).to_be_visible()
    row.get_by_role("link", name="Change").click()
    row.locator("[name=depth_mm]").fill("5")
    row.locator("[name=angle_deg]").fill("15")
    row.get_by_role("button", name="Save").click()
    taps += 2
    warned = page.locator(".visit-issue:has(.issue.warn) .visit-reasons")
    while warned.count():
        left = warned.count()
        warned.first.locator("form button").first.click()
        expect(warned).to_have_count(left - 1)
        taps += 1
    give(page)
    page.get_by_role("link", name="Sign").click()
    sign(page)
    page.get_by_text("Signed by Alice Archer").wait_for()
    taps += 4

    assert Reason.objects.filter(removed_at=None).count() >= 1
    assert Signature.objects.get().deviation_why == ""
    print(f"one point over the lung, its warnings answered: {taps} taps, a line, a depth, an angle and a password")

# --- many injections

COVERED = """rows => rows.filter(row => {
  const [side, badge] =
    [row.querySelector(".side"), row.querySelector(":scope > .badge")].map(one => one.getBoundingClientRect());
  return side.right > badge.left && side.top < badge.bottom && side.bottom > badge.top;
}).length"""


@pytest.mark.parametrize("count", [1, 13])
def test_on_a_phone_no_badge_covers_a_side_and_each_is_changed_by_its_name(page_of, room, by, count):
    visit = room.visit()
    syringe = Syringe.objects.get()
    for _number in range(count):
        plan(by, visit, syringe, point="GB34", volume_ml=Decimal("0.1"), side="left")
    actions.give_all(visit=visit, by=by)
    type(by.user).objects.update(language="es")
    page = page_of(by.user)
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto(room.address(visit))

    expect(page.locator(".visit-injection.given")).to_have_count(count)
    assert page.locator(".visit-row").evaluate_all(COVERED) == 0
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.get_by_role("link", name="Cambiar").last.click()
    expect(page.locator(f"#edit-{count} [name=depth_mm]")).to_be_visible()
    assert_targets(page, ".visit-acts :is(a, button)")
