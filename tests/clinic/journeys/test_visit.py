"""A visit in the browser, from the patient who is ready to the signature: by touch, by keyboard alone, and what each costs."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from clinic.journeys.accessibility import assert_accessible, assert_targets
from clinic.journeys.passkeys import add_passkey, with_passkeys
from clinic.journeys.scanner import scan
from clinic.patients.people import at_work
from clinic.people import PASSWORD, make_clinic, make_person
from clinic.visits.charting import WELL, make_ready_patient, make_syringe, make_vial, make_visit, plan
from clinic.visits.test_signing import sign
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.visits import actions, copying, keeping, signing
from waterneedle.clinic.visits.models import Injection, Reason, Signature, Syringe, VisitState

WHERE = """([code, side]) => {
  const chart = document.querySelector("#chart").bodyChart;
  const { xyz } = chart.points.find((point) => point.code === code && point.side === side);
  const box = chart.picture.touched.getBoundingClientRect();
  const [x, y] = chart.stage.where(xyz);
  return [x + box.left, y + box.top];
}"""
TO_THE_BODY = """() => {
  const before = scrollY;
  document.querySelector("#chart .body-stage").scrollIntoView({ block: "center" });
  return scrollY === before ? 0 : 1;
}"""
SIX = [(code, side) for code in ("ST36", "SP9", "LI11") for side in ("left", "right")]
LINE = "Type an injection"


class Person:
    """Who uses the page, and what it costs: touches and keys are counted as they are made, and how often the page is scrolled to
    the body."""

    def __init__(self, page) -> None:
        self.page, self.taps, self.keys, self.scrolls = page, 0, 0, 0

    def tap(self, target) -> None:
        target.click()
        self.taps += 1

    def touch(self, code: str, side: str) -> None:
        self.scrolls += self.page.evaluate(TO_THE_BODY)
        x, y = self.page.evaluate(WHERE, [code, side])
        self.page.mouse.click(x, y)
        self.taps += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.keys += len(text)

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.keys += 1


@pytest.fixture
def by(site):
    clinic = make_clinic("harbor", "Harbor Acupuncture")
    return at_work(make_person(clinic, "Alice Archer", "practitioner"), clinic)


@pytest.fixture
def ana(by):
    """Asked about everything, agreed to everything, an ordinary build."""
    return make_ready_patient(by)


@pytest.fixture
def ready(site, page_of, by, ana):
    """The page of a visit whose patient is ready, and the vial on the table."""
    vial = make_vial(by)
    visit = make_visit(by, ana, why="knee pain")
    actions.answer_today(visit=visit, answers=WELL, by=by)
    page = page_of(by.user)
    with_passkeys(page)
    add_passkey(page, site)
    page.goto(f"{site}/c/harbor/visits/patients/{ana.uid}/{visit.uid}/")
    return page, vial


def scanned(page, vial) -> None:
    """The label is scanned, wherever one is on the page: it costs no tap."""
    page.locator("#visit.is-live").wait_for()
    scan(page, vial.code)
    expect(page.get_by_label("Drawn up")).to_be_focused()


def repeat_last(page, vial, person: Person) -> None:
    """The vial is scanned and drawn up as before, and the last visit repeated: six injections are planned."""
    scanned(page, vial)
    person.tap(page.get_by_role("button", name="Drawn up as for this patient before"))
    expect(page.get_by_role("textbox", name="Depth", exact=True)).to_be_focused()
    person.tap(page.get_by_role("button", name="Repeat"))
    expect(page.locator(".visit-injection")).to_have_count(6)


def draw_up(person: Person, *, by_touch: bool = False) -> None:
    """After the scan the focus is where the volume goes; route and needle follow."""
    person.type("3")
    if by_touch:
        person.tap(person.page.locator(".visit-load .segments label").filter(has_text="SC"))
    else:
        person.press("Tab")
        person.press("ArrowRight")  # past ID to SC
    person.press("Tab")
    person.type("30")
    person.press("Tab")
    person.type("13")
    person.press("Enter")
    expect(person.page.get_by_role("textbox", name="Each", exact=True)).to_be_focused()


def give_and_sign(person: Person) -> None:
    """Of what bars nothing and asks nothing, once somebody has looked at the skin."""
    page = person.page
    person.tap(page.get_by_role("button", name="Looked: skin intact"))
    expect(page.locator(".visit-issue .issue:is(.warn, .block)")).to_have_count(0)
    person.tap(page.get_by_role("button", name="All given"))
    expect(page.get_by_role("button", name="All given")).to_have_count(0)
    person.tap(page.get_by_role("link", name="Sign"))
    person.tap(page.get_by_role("button", name="Sign with a passkey"))
    page.get_by_text("Signed by Alice Archer").wait_for()


def given(**of: object) -> list[tuple[str, str, str]]:
    rows = Injection.objects.filter(removed_at=None, **of).order_by("seq")
    return [(one.point, one.side, one.status) for one in rows]


def test_given_a_ready_patient_when_six_points_are_touched_then_fourteen_taps_sign_them(ready):
    page, vial = ready
    person = Person(page)
    page.locator("#chart[data-ready]").wait_for(timeout=60_000)
    scanned(page, vial)
    draw_up(person, by_touch=True)
    person.type("0.5")
    person.press("Tab")
    person.type("10")
    for number, (code, side) in enumerate(SIX, 1):
        person.touch(code, side)
        expect(page.locator(".visit-injection")).to_have_count(number)
    assert_targets(page, "main button, main .button, main input:not([type=radio]), main select")
    page.evaluate("scrollTo(0, 0)")
    assert_accessible(page)
    person.tap(page.get_by_role("button", name="Looked: skin intact"))
    person.tap(page.get_by_role("button", name="All given"))
    expect(page.get_by_role("button", name="All given")).to_have_count(0)
    person.tap(page.get_by_role("link", name="Sign"))
    person.tap(page.get_by_role("button", name="Sign with a passkey"))
    page.get_by_text("Signed by Alice Archer").wait_for()

    assert given() == [(code, side, "given") for code, side in SIX]
    assert Signature.objects.get().proof.method == "passkey"
    print(f"six points by touch: {person.taps} taps with the passkey, one scan, "
          f"{person.keys} keys for the amounts, {person.scrolls} scroll to the body; "
          f"a typed password has {len(PASSWORD)} keys more")
    assert person.taps <= 11  # fourteen are the most there may be; what it costs by now is held


def test_given_a_fluid_drawn_up_before_when_six_points_are_touched_then_twelve_taps_say_all_but_the_depth(ready, by):
    """The field of the one number that is typed is tapped too."""
    page, vial = ready
    earlier = make_visit(by, make_ready_patient(by, name="Ben Ortiz"), why="knee pain")
    actions.answer_today(visit=earlier, answers=WELL, by=by)
    before = make_syringe(by, earlier, vial=vial)
    actions.mark(injection=plan(by, earlier, before, "ST36", "left"), status="given", why="it was given", by=by)
    person = Person(page)
    page.locator("#chart[data-ready]").wait_for(timeout=60_000)
    scanned(page, vial)
    person.tap(page.get_by_role("button", name="Drawn up as you did last"))
    expect(page.get_by_role("textbox", name="Depth", exact=True)).to_be_focused()
    person.tap(page.get_by_role("textbox", name="Depth", exact=True))
    person.type("10")
    for number, (code, side) in enumerate(SIX, 1):
        person.touch(code, side)
        expect(page.locator(".visit-injection")).to_have_count(number)
    person.tap(page.get_by_role("button", name="Looked: skin intact"))
    person.tap(page.get_by_role("button", name="All given"))
    expect(page.get_by_role("button", name="All given")).to_have_count(0)
    person.tap(page.get_by_role("link", name="Sign"))
    person.tap(page.get_by_role("button", name="Sign with a passkey"))
    page.get_by_text("Signed by Alice Archer").wait_for()

    assert given(visit__patient__given_name="Ana") == [(code, side, "given") for code, side in SIX]
    print(f"six points by touch, drawn up as before: {person.taps} taps with the passkey, one scan, "
          f"{person.keys} keys for the depth")
    assert person.taps <= 12 and person.keys == 2


def test_given_no_pointer_when_six_points_are_typed_then_eighty_keys_sign_them(ready):
    """Every key is pressed: nothing is brought into focus for the person."""
    page, vial = ready
    person = Person(page)
    page.locator("#visit.is-live").wait_for()
    scanned(page, vial)
    draw_up(person)
    person.type(".5")
    person.press("Tab")
    person.type("10")
    person.press("Control+Enter")
    expect(page.get_by_role("combobox", name="Type an injection")).to_be_focused()
    for number, code in enumerate(("st36", "sp9", "li11"), 1):
        person.type(f"{code} b")
        person.press("Enter")
        expect(page.locator(".visit-injection")).to_have_count(2 * number)
        expect(page.get_by_role("combobox", name="Type an injection")).to_be_focused()
    person.press("Control+Enter")
    expect(page.get_by_role("button", name="All given")).to_be_focused()
    person.press("Shift+Tab")
    expect(page.get_by_role("button", name="Looked: skin intact")).to_be_focused()
    person.press("Enter")
    expect(page.get_by_role("button", name="Looked: skin intact")).to_have_count(0)
    expect(page.get_by_role("button", name="All given")).to_be_focused()
    person.press("Enter")
    expect(page.get_by_role("button", name="All given")).to_have_count(0)
    person.press("Control+Enter")
    expect(page.get_by_role("button", name="Sign with a passkey")).to_be_focused()
    person.press("Enter")
    page.get_by_text("Signed by Alice Archer").wait_for()

    assert Signature.objects.get().proof.method == "passkey"
    assert given() == [(code, side, "given") for code in ("ST36", "SP9", "LI11") for side in ("left", "right")]
    print(f"six points by keyboard: {person.keys} keys with the passkey; a typed password has {len(PASSWORD)} more")
    assert person.keys <= 42  # of the eighty


def test_given_a_drawn_syringe_when_a_protocol_is_chosen_then_six_actions_sign_six_points(ready):
    page, vial = ready
    drawing = Person(page)
    scanned(page, vial)
    draw_up(drawing, by_touch=True)
    drawing.type("0.3")
    drawing.press("Tab")
    drawing.type("5")
    person = Person(page)
    person.tap(page.get_by_role("link", name="From a protocol"))
    person.tap(page.get_by_role("button", name="both sides Vitamin B12 at face points"))
    expect(page.locator(".visit-injection")).to_have_count(6)
    assert_targets(page, "main button, main .button, main summary")
    assert_accessible(page)
    give_and_sign(person)

    assert given() == [(code, side, "given") for code in ("EX-HN5", "ST6", "ST4") for side in ("left", "right")]
    print(f"six points from a protocol: {person.taps} actions with the passkey; to draw up before it "
          f"one scan, {drawing.taps} taps and {drawing.keys} keys")
    assert person.taps <= 6


def test_given_a_protocol_charted_before_when_it_is_chosen_then_six_taps_and_a_depth_sign_six_points(ready, by):
    """From the patient who is ready: the fluid is drawn up as before, and the protocol stands beside it."""
    page, vial = ready
    earlier = make_visit(by, make_ready_patient(by, name="Ben Ortiz"), why="face pain")
    actions.answer_today(visit=earlier, answers=WELL, by=by)
    before = make_syringe(by, earlier, vial=vial)
    gets = {"volume_ml": "0.3", "depth_mm": "5"}
    for one in copying.from_protocol(visit=earlier, protocol="b12-bells-palsy", by=by, syringe=before, side="left", each=gets):
        actions.mark(injection=one, status="given", why="it was given", by=by)
    sign(earlier, by, deviation_why="at work")
    page.reload()
    scanned(page, vial)
    person = Person(page)
    person.tap(page.get_by_role("button", name="Drawn up as you did last"))
    expect(page.get_by_role("textbox", name="Depth", exact=True)).to_be_focused()
    person.type("5")
    person.tap(page.get_by_role("button", name="both sides Vitamin B12 at face points"))
    expect(page.locator(".visit-injection")).to_have_count(6)
    give_and_sign(person)

    assert given(visit__patient__given_name="Ana") == [
        (code, side, "given") for code in ("EX-HN5", "ST6", "ST4") for side in ("left", "right")]
    print(f"six points from a protocol charted before, drawn up as before: {person.taps} taps with the passkey, one scan, "
          f"{person.keys} key for the depth")
    assert person.taps <= 6 and person.keys == 1


def test_given_a_protocol_that_was_kept_when_it_is_chosen_then_six_actions_sign_six_points(ready, by):
    """From the patient who is ready: the fluid is drawn up as before, and what was kept with it stands beside it."""
    page, vial = ready
    earlier = make_visit(by, make_ready_patient(by, name="Ben Ortiz"), why="knee pain")
    actions.answer_today(visit=earlier, answers=WELL, by=by)
    before = make_syringe(by, earlier, vial=vial)
    for code, side in SIX:
        actions.mark(injection=plan(by, earlier, before, code, side, volume_ml="0.3"), status="given", why="it was given", by=by)
    sign(earlier, by, deviation_why="at work")
    now, keeping = page.url, Person(page)
    page.goto(f"{now.partition('/patients/')[0]}/patients/{earlier.patient.uid}/{earlier.uid}/")
    keeping.tap(page.get_by_text("Keep as a protocol"))
    page.get_by_label("Name of the protocol").fill("Knee")
    keeping.tap(page.get_by_role("button", name="Keep it"))
    page.get_by_text("Kept as Knee.").wait_for()
    assert_accessible(page)
    page.goto(now)
    scanned(page, vial)
    person = Person(page)
    person.tap(page.get_by_role("button", name="Drawn up as you did last"))
    assert_targets(page, ".visit-strip button, .visit-strip .button")
    assert_accessible(page)
    person.tap(page.get_by_role("button", name="Knee"))
    expect(page.locator(".visit-injection")).to_have_count(6)
    give_and_sign(person)

    assert given(visit__patient__given_name="Ana") == [(code, side, "given") for code, side in SIX]
    assert set(Injection.objects.filter(visit__patient__given_name="Ana").values_list("depth_mm", flat=True)) == {10}
    print(f"six points from a protocol that was kept, drawn up as before: {person.taps} taps with the passkey, one scan, "
          f"{person.keys} keys; to keep it {keeping.taps} taps and its name")
    assert person.taps <= 6 and person.keys == 0


OVER_THE_LUNG = [(code, side) for code in ("ST36", "SP9", "LU1") for side in ("left", "right")]


def say_over_the_lung(person: Person, *rows: int) -> None:
    """What is never filled in there is said, row by row."""
    for row in (person.page.locator(".visit-injection").nth(number) for number in rows):
        person.tap(row.get_by_role("link", name="Change"))
        for name, typed in (("depth_mm", "5"), ("angle_deg", "15"), ("gauge", "30"), ("length_mm", "13")):
            person.tap(row.locator(f"[name={name}]"))
            person.type(typed)
        person.tap(row.get_by_role("button", name="Save"))
        expect(row.locator("[name=depth_mm]")).to_have_count(0)


def look_and_answer(person: Person) -> None:
    """The skin, and each warning with the first of its reasons."""
    page = person.page
    person.tap(page.get_by_role("button", name="Looked: skin intact"))
    expect(page.get_by_role("button", name="Looked: skin intact")).to_have_count(0)  # or its answer is taken for a reason's
    warned = page.locator(".visit-issue:has(.issue.warn) .visit-reasons")
    while warned.count():
        left = warned.count()
        person.tap(warned.first.locator("form button").first)
        expect(warned).not_to_have_count(left)  # one reason answers a rule at every place


def given_before(by, patient, vial):
    """A visit with two points over the lung, signed; each warning of it was answered."""
    before = make_visit(by, patient, why="cough")
    actions.answer_today(visit=before, answers=WELL, by=by)
    syringe = make_syringe(by, before, vial=vial)
    for code, side in OVER_THE_LUNG:
        actions.mark(injection=plan(by, before, syringe, code, side), status="given", why="it was given", by=by)
    for gap in signing.gaps(before):
        actions.give_reason(visit=before, rule=gap.field.removeprefix("reason "), note="looked at", by=by)
    sign(before, by, deviation_why="at work")
    return before


def sign_what_stands(person: Person) -> None:
    page = person.page
    person.tap(page.get_by_role("button", name="All given"))
    expect(page.get_by_role("button", name="All given")).to_have_count(0)
    person.tap(page.get_by_role("link", name="Sign"))
    person.tap(page.get_by_role("button", name="Sign with a passkey"))
    page.get_by_text("Signed by Alice Archer").wait_for()


def assert_nothing_is_filled_in_over_the_lung(visit) -> None:
    over = Injection.objects.filter(visit=visit, point="LU1", removed_at=None)
    said = over.values_list("depth_mm", "depth_max_mm", "angle_deg", "gauge", "length_mm")
    assert len(said) == 2 and set(said) == {(None,) * 5}


def test_given_a_blood_thinner_and_two_points_over_the_lung_when_six_are_touched_then_what_it_costs_is_printed(ready, by, ana):
    """The second case beside the fourteen taps: with a danger and with warnings. Those that follow are of the other ways in."""
    page, vial = ready
    patients.add_fact(patient=ana, kind="medication", said="apixaban", by=by)
    page.reload()
    person = Person(page)
    page.locator("#chart[data-ready]").wait_for(timeout=60_000)
    scanned(page, vial)
    draw_up(person, by_touch=True)
    person.type("0.5")
    person.press("Tab")
    person.type("10")
    for number, (code, side) in enumerate(OVER_THE_LUNG, 1):
        person.touch(code, side)
        expect(page.locator(".visit-injection")).to_have_count(number)
    assert set(Injection.objects.filter(point="LU1").values_list("depth_mm", "angle_deg", "gauge")) == {(None, None, None)}
    say_over_the_lung(person, 4, 5)
    look_and_answer(person)
    person.tap(page.get_by_role("button", name="All given"))
    expect(page.get_by_role("button", name="All given")).to_have_count(0)
    person.tap(page.get_by_role("link", name="Sign"))
    person.tap(page.get_by_role("button", name="Sign with a passkey"))
    page.get_by_text("Signed by Alice Archer").wait_for()

    assert given() == [(code, side, "given") for code, side in OVER_THE_LUNG]
    assert Signature.objects.get().deviation_why == ""
    print(f"six points by touch, two over the lung, with a blood thinner: {person.taps} taps with the passkey, one scan, "
          f"{person.keys} keys, {Reason.objects.filter(removed_at=None).count()} reasons among the taps")
    assert person.taps <= 25 and person.keys <= 28


def test_given_a_blood_thinner_and_two_points_over_the_lung_when_six_are_typed_then_what_it_costs_in_keys_is_printed(
    ready, by, ana,
):
    page, vial = ready
    patients.add_fact(patient=ana, kind="medication", said="apixaban", by=by)
    page.reload()
    page.locator("#visit.is-live").wait_for()
    person = Person(page)
    scanned(page, vial)
    draw_up(person)
    person.type(".5")
    person.press("Tab")
    person.type("10")
    person.press("Control+Enter")
    for number, line in enumerate(("st36 b", "sp9 b", "lu1 b 5mm 15deg 30g x13mm"), 1):
        person.type(line)
        person.press("Enter")
        expect(page.locator(".visit-injection")).to_have_count(2 * number)
        expect(page.get_by_role("combobox", name=LINE)).to_be_focused()
    skin, warned = page.get_by_role("button", name="Looked: skin intact"), page.locator(".visit-issue .visit-reasons")
    person.press("Control+Enter")
    expect(page.get_by_role("button", name="All given")).to_be_focused()
    person.press("Shift+Tab")
    expect(skin).to_be_focused()
    person.press("Enter")
    expect(skin).to_have_count(0)
    expect(page.get_by_role("button", name="All given")).to_be_focused()
    person.press("Enter")
    expect(page.get_by_role("button", name="All given")).to_have_count(0)
    while left := warned.count():
        person.press("Control+Enter")  # to the first that is still to be answered
        expect(page.locator(".visit-reasons button:focus")).to_have_count(1)
        person.press("Enter")
        expect(warned).not_to_have_count(left)
    person.press("Control+Enter")
    expect(page.get_by_role("button", name="Sign with a passkey")).to_be_focused()
    person.press("Enter")
    page.get_by_text("Signed by Alice Archer").wait_for()

    assert given() == [(code, side, "given") for code, side in OVER_THE_LUNG]
    assert Signature.objects.get().deviation_why == ""
    print(f"six points by keyboard, two over the lung, with a blood thinner: {person.keys} keys with the passkey, "
          f"{Reason.objects.filter(removed_at=None).count()} reasons among them")
    assert person.keys <= 80 and person.taps == 0


def test_given_a_blood_thinner_and_a_visit_over_the_lung_when_it_is_repeated_then_what_it_costs_is_printed(ready, by, ana):
    page, vial = ready
    before = given_before(by, ana, vial)
    patients.add_fact(patient=ana, kind="medication", said="apixaban", by=by)
    page.reload()
    page.locator("#visit.is-live").wait_for()
    person = Person(page)
    repeat_last(page, vial, person)
    today = Injection.objects.exclude(visit=before).latest("pk").visit
    assert_nothing_is_filled_in_over_the_lung(today)
    person.tap(page.get_by_role("button", name="Take out SP9 right"))
    expect(page.locator(".visit-injection")).to_have_count(5)
    say_over_the_lung(person, 3, 4)
    look_and_answer(person)
    sign_what_stands(person)

    assert given(visit=today) == [(code, side, "given") for code, side in OVER_THE_LUNG if (code, side) != ("SP9", "right")]
    print(f"a repeat with one change, two over the lung, with a blood thinner: {person.taps} actions with the passkey, one scan, "
          f"{person.keys} keys, {Reason.objects.filter(visit=today, removed_at=None).count()} reasons among the actions")
    assert person.taps <= 25 and person.keys <= 14


def test_given_a_blood_thinner_and_a_protocol_over_the_lung_when_it_is_chosen_then_what_it_costs_is_printed(ready, by, ana):
    page, vial = ready
    before = given_before(by, make_ready_patient(by, name="Ben Ortiz"), vial)
    keeping.keep(visit=before, name="Cough", by=by)
    patients.add_fact(patient=ana, kind="medication", said="apixaban", by=by)
    page.reload()
    page.locator("#visit.is-live").wait_for()
    person = Person(page)
    scanned(page, vial)
    person.tap(page.get_by_role("button", name="Drawn up as you did last"))
    person.tap(page.get_by_role("button", name="Cough"))
    expect(page.locator(".visit-injection")).to_have_count(6)
    today = Injection.objects.exclude(visit=before).latest("pk").visit
    assert_nothing_is_filled_in_over_the_lung(today)
    say_over_the_lung(person, 4, 5)
    look_and_answer(person)
    sign_what_stands(person)

    assert given(visit=today) == [(code, side, "given") for code, side in OVER_THE_LUNG]
    print(f"six points from a protocol that was kept, two over the lung, with a blood thinner: {person.taps} actions with the "
          f"passkey, one scan, {person.keys} keys, "
          f"{Reason.objects.filter(visit=today, removed_at=None).count()} reasons among the actions")
    assert person.taps <= 25 and person.keys <= 14


def test_given_two_syringes_when_a_number_is_pressed_then_the_next_injection_is_from_that_one(site, page_of, by, ana):
    visit = make_visit(by, ana, why="knee pain")
    first, second = make_syringe(by, visit, "1"), make_syringe(by, visit, "2", gauge=27)
    actions.answer_today(visit=visit, answers=WELL, by=by)
    page = page_of(by.user)
    page.goto(f"{site}/c/harbor/visits/patients/{ana.uid}/{visit.uid}/")
    line = page.get_by_role("combobox", name="Type an injection")

    for count, (number, code) in enumerate((("1", "st36 r .2 10mm"), ("2", "sp9 r .3 10mm"), ("1", "li11 r .2 10mm")), 1):
        page.locator("main").focus()
        page.keyboard.press(number)
        expect(page.locator(f"#v-strip [name=syringe][data-number='{number}']")).to_be_checked()
        line.focus()
        page.keyboard.type(code)
        page.keyboard.press("Enter")
        expect(page.locator(".visit-injection")).to_have_count(count)

    taken = [(one.point, one.syringe_id) for one in Injection.objects.order_by("seq")]
    assert taken == [("ST36", first.pk), ("SP9", second.pk), ("LI11", first.pk)]


def test_given_a_quick_finger_when_two_answers_are_pressed_then_both_are_kept_and_neither_twice(site, page_of, by, ana):
    visit = make_visit(by, ana, why="knee pain")
    page, posted = page_of(by.user), []
    page.goto(f"{site}/c/harbor/visits/patients/{ana.uid}/{visit.uid}/")
    page.locator("#visit.is-live").wait_for()
    page.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)

    page.evaluate("for (const id of ['identity_confirmed', 'as_usual', 'as_usual']) document.getElementById(id).click()")

    expect(page.locator(".visit-question [aria-pressed=true]")).to_have_count(5)
    expect(page.locator("p#identity_confirmed")).to_be_visible()
    assert len(posted) == 2


def test_given_nothing_asked_yet_when_the_patient_is_as_usual_then_three_taps_ask_it_all_before_the_puncture(
    site, page_of, by, ana,
):
    visit = make_visit(by, ana, why="knee pain")
    plan(by, visit, make_syringe(by, visit))
    page = page_of(by.user)
    page.goto(f"{site}/c/harbor/visits/patients/{ana.uid}/{visit.uid}/")
    page.locator("#visit.is-live").wait_for()
    person = Person(page)
    to_ask = page.locator(".visit-injection .visit-issue").filter(has_text="Ask before the first puncture")
    expect(to_ask).to_be_visible()
    page.get_by_role("button", name="All given").click()
    expect(page.locator("#v-problem")).to_contain_text("Ask before the first puncture")
    assert given() == [("ST36", "left", "planned")]

    person.tap(page.get_by_role("button", name="Said name and date of birth"))
    person.tap(page.get_by_role("button", name="As usual"))
    expect(to_ask).to_have_count(0)
    expect(page.get_by_label("Pregnancy", exact=True)).to_have_value("not_pregnant")
    page.get_by_role("button", name="All given").click()
    expect(page.get_by_role("button", name="All given")).to_have_count(0)

    assert given() == [("ST36", "left", "given")]
    print(f"today's questions: {person.taps} taps beside the fourteen")
    assert person.taps <= 3


@pytest.mark.parametrize("name", ["Alice Archer", "Bob Baker"])
def test_given_who_walks_in_when_found_by_name_then_three_taps_make_a_visit(site, page_of, by, ana, name):
    """By who treats, who is in the visit then, and by the desk."""
    treats = name == by.user.name
    page = page_of(by.user if treats else make_person(by.clinic, name, "front desk"))
    page.goto(f"{site}/c/harbor/home/")
    person = Person(page)

    person.tap(page.get_by_role("combobox", name="Find a patient"))
    person.type(ana.family_name[:4].lower())
    person.tap(page.get_by_role("option", name=ana.name))
    person.tap(page.get_by_role("button", name="Arrived"))

    expect(page.locator("#visit.is-live") if treats else page.get_by_text("arrived since")).to_be_visible()
    assert [one.step for one in VisitState.objects.filter(visit__patient=ana)] == ["arrived"]
    print(f"a walk-in found by name, {'by who treats' if treats else 'by the desk'}: {person.taps} taps and {person.keys} keys")
    assert person.taps <= 3


def test_given_somebody_new_when_they_are_entered_then_three_taps_make_a_visit(site, page_of, by):
    page = page_of(make_person(by.clinic, "Bob Baker", "front desk"))
    page.goto(f"{site}/c/harbor/home/")
    person = Person(page)

    person.tap(page.get_by_role("link", name="New patient"))
    page.get_by_role("textbox", name="Given name").focus()
    person.type("Rosa")
    person.press("Tab")
    person.type("Nova")
    person.tap(page.get_by_role("button", name="Save"))
    person.tap(page.get_by_role("button", name="Arrived"))

    expect(page.get_by_text("arrived since")).to_be_visible()
    assert VisitState.objects.get().visit.patient.name == "Rosa Nova"
    print(f"a walk-in nobody knows yet, by the desk: {person.taps} taps and {person.keys} keys for the name")
    assert person.taps <= 3


def test_given_who_is_known_to_be_pregnant_when_she_still_is_then_three_taps_ask_it_all(site, page_of, by, ana):
    patients.say_pregnancy(patient=ana, status="pregnant", by=by)
    visit = make_visit(by, ana, why="knee pain")
    plan(by, visit, make_syringe(by, visit))
    page = page_of(by.user)
    page.goto(f"{site}/c/harbor/visits/patients/{ana.uid}/{visit.uid}/")
    page.locator("#visit.is-live").wait_for()
    person = Person(page)

    for name in ("Said name and date of birth", "As usual", "Still: pregnant"):
        person.tap(page.get_by_role("button", name=name))
    expect(page.get_by_label("Pregnancy", exact=True)).to_have_value("pregnant")
    expect(page.locator(".visit-injection .visit-issue").filter(has_text="Ask before the first puncture")).to_have_count(0)
    assert_targets(page, "#v-today button, #v-today select")
    print(f"today's questions of who is pregnant: {person.taps} taps beside the fourteen")
    assert person.taps <= 3


def test_given_a_visit_before_when_it_is_repeated_with_one_change_then_seven_actions_sign_it(ready, by, ana):
    page, vial = ready
    before = make_visit(by, ana, why="knee pain")
    actions.answer_today(visit=before, answers=WELL, by=by)
    syringe = make_syringe(by, before, vial=vial)
    for code, side in SIX:
        actions.mark(injection=plan(by, before, syringe, code, side), status="given", why="it was given", by=by)
    sign(before, by)
    page.reload()
    page.locator("#visit.is-live").wait_for()
    person = Person(page)

    repeat_last(page, vial, person)
    person.tap(page.get_by_role("button", name="Take out LI11 right"))
    expect(page.locator(".visit-injection")).to_have_count(5)
    for name in ("Looked: skin intact", "All given"):
        person.tap(page.get_by_role("button", name=name))
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    person.tap(page.get_by_role("link", name="Sign"))
    person.tap(page.get_by_role("button", name="Sign with a passkey"))
    page.get_by_text("Signed by Alice Archer").wait_for()

    repeated = Injection.objects.exclude(visit=before).filter(removed_at=None).order_by("seq")
    assert [(one.point, one.side, one.status) for one in repeated] == [(code, side, "given") for code, side in SIX[:-1]]
    drawn = Syringe.objects.get(visit=repeated[0].visit)
    assert (drawn.contents[0].volume_ml, drawn.route, drawn.gauge, drawn.length_mm) == (
        syringe.contents[0].volume_ml, syringe.route, syringe.gauge, syringe.length_mm)
    print(f"a repeat with one change: {person.taps} actions and one scan with the passkey, drawing up as before among them")
    assert person.taps <= 7 and person.keys == 0
