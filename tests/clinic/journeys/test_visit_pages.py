"""Every page of a visit and of the end of a day with all that opens on it: axe in both themes and in three languages, and what is
pressed is 44 px."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from clinic.journeys.accessibility import SIZES, THEMES, findings
from clinic.patients.people import at_work
from clinic.people import make_clinic, make_person
from clinic.visits.charting import WELL, make_ready_patient, make_syringe, make_visit, plan
from clinic.visits.test_signing import sign
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.home import closings, sharps
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.patients.queries import today_in
from waterneedle.clinic.stock import actions as stock
from waterneedle.clinic.visits import actions, keeping, reactions, signing

VIEWS = {name: SIZES[name] for name in ("desktop", "phone")}
# What is pressed or typed in; a word that is a link in a running sentence is as high as its line (WCAG 2.5.8, "inline").
PRESSED = """
main :is(button, summary, select, textarea, .button, .tabs a, .segments label, .choice, .visit-beside a, .visit-also a),
main.handy :is(.list, .card-head) a,
main input:not([type=radio], [type=checkbox], [type=hidden]), #toasts :is(button, .button)
"""
SMALL = """(selector) => [...document.querySelectorAll(selector)]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest(".unseen"))
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([one, box]) => box.width > 1 && box.height > 1 && (box.width < 43.5 || box.height < 43.5))
  .map(([one, box]) => `${one.tagName.toLowerCase()}.${one.className} ${Math.round(box.width)} by ${Math.round(box.height)} px: `
    + one.textContent.trim().slice(0, 40) + (one.name ?? "") + " in " + (one.closest("[id]")?.id ?? ""))"""


@pytest.fixture
def by(site):
    clinic = make_clinic("harbor", "Harbor Acupuncture")
    return at_work(make_person(clinic, "Alice Archer", Role.OWNER, Role.PRACTITIONER), clinic)


def charted(by, patient):
    """Of who takes a blood thinner, with a point over the lung and nothing looked at: with issues of every kind."""
    visit = make_visit(by, patient, why="knee pain")
    actions.answer_today(visit=visit, answers=WELL | {"reacted_last": True}, by=by)
    syringe = make_syringe(by, visit, "3")
    make_syringe(by, visit, "1", gauge=27)
    for point in ("ST36", "LU1", "SP9"):
        plan(by, visit, syringe, point, depth_mm=None if point == "LU1" else 10, skin="")
    return visit


def pages_of(by) -> dict[str, str]:
    ana = make_ready_patient(by)
    patients.add_fact(patient=ana, kind="medication", said="apixaban", by=by)
    before = make_visit(by, ana, why="knee pain")
    actions.answer_today(visit=before, answers=WELL, by=by)
    actions.mark(injection=plan(by, before, make_syringe(by, before)), status="given", why="it was given", by=by)
    sign(before, by, deviation_why="at work")
    keeping.keep(visit=before, name="Knee", by=by)
    struck = make_visit(by, ana, why="knee pain")
    actions.mark(injection=plan(by, struck, make_syringe(by, struck)), status="given", why="it was given", by=by)
    signing.ask_to_strike(visit=struck, why="another Ana", by=by)
    signing.strike(visit=struck, by=at_work(make_person(by.clinic, "Dora Second", Role.PRACTITIONER), by.clinic))
    draft = charted(by, ana)
    actions.observe(visit=draft, minutes=15, by=by)
    reaction = reactions.stamp(patient=ana, by=by, visit=draft)
    room, of = "/c/harbor/visits/", f"/c/harbor/visits/patients/{ana.uid}/"
    return {
        "draft": f"{of}{draft.uid}/", "change": f"{of}{draft.uid}/injections/{draft.injections.first().uid}/",
        "syringe": f"{of}{draft.uid}/syringes/{draft.syringes.first().uid}/", "protocols": f"{of}{draft.uid}/protocols/",
        "sign": f"{of}{draft.uid}/sign/", "signed": f"{of}{before.uid}/", "struck": f"{of}{struck.uid}/", "chart": of,
        "later": f"{of}begin/later/", "reaction": f"{of}reactions/{reaction.uid}/", "who reacted": f"{room}reactions/who/",
        **end_of_day(by, draft), "board": room, "watched": f"{room}observations/", "minutes": f"{room}observations/minutes/",
        "struck visits": f"{room}struck/",
    }


def end_of_day(by, draft) -> dict[str, str]:
    """The pages from which a day is closed, with something of each kind."""
    lot = draft.syringes.first().fills.first().vial.lot
    vial = stock.open_vial(lot=lot, by=by, at=timezone.now() - datetime.timedelta(days=40))
    stock.add_kit(place="Room 1", by=by)
    stock.end_kit(kit=stock.add_kit(place="Room 2", by=by), why="the room is let", by=by)
    for place in ("Fridge", "frige"):
        stock.log_temperature(fields={"place": place, "celsius": 5, "low": 2, "high": 8}, by=by, at=timezone.now())
    stock.end_thermometer(place="frige", why="mistyped", by=by)
    yesterday = today_in(by.clinic) - datetime.timedelta(days=1)
    closings.close_day(day=yesterday, by=by, **{
        name: dict.fromkeys(closings.still_open(by.clinic, yesterday, timezone.now()), value)
        for name, value in (("why", "tomorrow"), ("seen", 99))})
    for code in ("S-6", "S-7"):
        container = sharps.open_container(code=code, place="Room 1", by=by)
    sharps.close_container(container=container, by=by)
    home, shelf = "/c/harbor/home/", "/c/harbor/stock/"
    return {
        "today": home, "close": f"{home}close/", "closed": f"{home}close/?day={yesterday}",
        "sharps": f"{home}sharps/", "sticks": f"{home}needle-sticks/",
        "lot": f"{shelf}lots/{vial.lot.uid}/", "kits": f"{shelf}kits/", "temperatures": f"{shelf}temperatures/"}


def open_all(page) -> None:
    """Each change of an injection, and all that unfolds."""
    if page.locator("#visit").count():
        page.locator("#visit.is-live").wait_for()
        for change in page.locator("a[data-edit]").all():
            change.click()
            page.wait_for_timeout(300)
    page.evaluate("document.querySelectorAll('main details').forEach((one) => one.open = true)")
    # With all of it unfolded at once the syringes, which stay in sight, would lie over whatever happens to be under their edge.
    page.evaluate("document.getElementById('v-strip')?.style.setProperty('position', 'static')")
    page.wait_for_timeout(200)


@pytest.mark.parametrize(("language", "themes"), [("en", THEMES), ("es", ("light",)), ("zh-hans", ("light",))])
def test_every_page_with_all_that_opens(site, page_of, by, language, themes):
    by.user.language = language
    by.user.save(update_fields=["language"])
    pages, page, found = pages_of(by), page_of(by.user), []
    page.set_default_timeout(60_000)
    for name, address in pages.items():
        assert page.goto(site + address).status == 200, name
        open_all(page)
        for size, (width, height) in VIEWS.items():
            page.set_viewport_size({"width": width, "height": height})
            found += [f"{name}, {size}: {one}" for one in page.evaluate(SMALL, PRESSED)]
        found += [f"{name}: {one}" for one in findings(page, sizes=VIEWS, themes=themes, colours=language == "en")]
    assert not found, "\n".join(found)


def test_five_syringes_leave_half_of_a_small_screen_and_the_one_in_hand_is_in_sight(site, page_of, by):
    visit = make_visit(by, make_ready_patient(by))
    for length_mm in (13, 25, 40, 50, 60):
        make_syringe(by, visit, "0.5", length_mm=length_mm)
    page = page_of(by.user)
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{site}/c/harbor/visits/patients/{visit.patient.uid}/{visit.uid}/")
    page.locator("#visit.is-live").wait_for()

    strip, loaded = page.locator("#v-strip").bounding_box(), page.locator(".visit-loaded").bounding_box()
    held = page.locator(".visit-one:has(:checked)").bounding_box()
    assert strip["height"] <= 720 / 2
    assert loaded["y"] <= held["y"] and held["y"] + held["height"] <= loaded["y"] + loaded["height"] + 1
