"""Published protocols on the page of a visit: chosen, planned, and said honestly."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from clinic.patients.people import at_work, make_patient
from clinic.people import make_person
from clinic.visits.charting import WELL, ago, make_ready_patient, make_syringe, make_vial, make_visit, plan
from clinic.visits.test_signing import sign
from waterneedle import knowledge
from waterneedle.clinic.visits import actions, copying, drafts, protocols, signing
from waterneedle.clinic.visits.models import Injection
from waterneedle.clinic.visits.protocols import LOOKED_BACK_DAYS, charted_before, protocols_for

BELL = "b12-bells-palsy"


@pytest.fixture
def visit(by):
    return make_visit(by, make_patient(by))


def url(name, visit):
    return reverse(f"visits:{name}", kwargs={"clinic": "harbor", "patient": visit.patient.uid, "visit": visit.uid})


def test_those_published_with_what_is_in_the_syringe_stand_first(by, visit):
    found = protocols_for(make_syringe(by, visit), "en")

    assert {row.protocol.id for row in found.fitting} == {BELL, "b12-st7-trigeminal-neuralgia"}
    assert len(found.fitting) + len(found.others) == len(knowledge.protocols())
    assert protocols_for(None, "en").fitting == ()


def test_one_that_is_not_on_file_is_refused(by, visit):
    with pytest.raises(drafts.NotCharted, match="no protocol"):
        copying.from_protocol(visit=visit, protocol="b12-for-everything", by=by, syringe=make_syringe(by, visit))


def test_each_says_how_much_is_on_file_and_how_certain_it_is():
    found = protocols_for(None, "en").others
    rows = {row.protocol.id: row for row in found}

    assert rows["traumeel-epicondylitis"].summary == "2 findings on file, certainty: 1 × high, 1 × very low."
    assert rows["dextrose-5-trapezius"].summary == "Nothing on file says whether this helps."
    for row in found:
        assert {one.finding.id for one in row.findings} == set(row.protocol.findings)
        assert all(one.sources and one.claims for one in row.findings)
        assert row.sources or row.findings


def test_one_touch_plans_three_points_on_both_sides_with_what_each_gets(client_of, alice, by, visit):
    syringe = make_syringe(by, visit)
    said = {"protocol": BELL, "side": "bilateral", "each_ml": "0.3", "each_mm": "5", "each_deg": "30"}
    answer = client_of(alice).post(url("plan_protocol", visit), said)

    assert answer.url == url("visit", visit)
    rows = Injection.objects.order_by("seq")
    assert [(one.point, one.side) for one in rows] == [
        (point, side) for point in ("EX-HN5", "ST6", "ST4") for side in ("left", "right")]
    assert {(one.volume_ml, one.depth_mm, one.angle_deg, one.syringe_id, one.status, one.skin) for one in rows} == {
        (Decimal("0.3"), Decimal(5), 30, syringe.pk, "planned", "")}


def test_what_was_planned_by_one_touch_is_taken_back_by_one(client_of, alice, by, visit):
    make_syringe(by, visit)
    browser = client_of(alice)
    browser.post(url("plan_protocol", visit), {"protocol": BELL, "side": "bilateral"})
    ones = "&".join(f"one={one.uid}" for one in Injection.objects.all())
    browser.post(f"{url('take_back', visit)}?{ones}")

    assert not Injection.objects.filter(removed_at=None).exists()


@pytest.mark.parametrize("protocol", ["bee-venom-post-stroke-pain", "lidocaine-2-gb20-migraine", "vitamin-k1-sp6-bologna"])
def test_nothing_of_the_needle_is_filled_in_at_a_point_of_danger(by, visit, protocol):
    each = {"volume_ml": Decimal("0.3"), "depth_mm": Decimal(10), "angle_deg": 90}
    made = copying.from_protocol(
        visit=visit, protocol=protocol, syringe=make_syringe(by, visit, "60"), side="left", by=by, each=each)
    dangerous = [one for one in made if one.point in ("GB21", "GB20", "SP6")]

    assert dangerous
    for one in dangerous:
        assert (one.depth_mm, one.depth_max_mm, one.angle_deg, one.gauge, one.length_mm) == (None,) * 5


@pytest.mark.parametrize("said", [
    {"protocol": BELL},  # which side?
    {"protocol": "no-such-thing", "side": "left"},
    {"protocol": BELL, "side": "midline"},
    {"protocol": "traumeel-zeel-knee-joint", "side": "left"},  # into a joint
])
def test_what_is_not_said_or_not_of_this_therapy_plans_nothing(client_of, alice, by, visit, said):
    make_syringe(by, visit)

    assert client_of(alice).post(url("plan_protocol", visit), said).status_code == 422
    assert not Injection.objects.exists()


def test_without_a_syringe_nothing_is_planned(client_of, alice, visit):
    browser = client_of(alice)

    assert browser.post(url("plan_protocol", visit), {"protocol": BELL, "side": "left"}).status_code == 422
    assert b'name="side"' not in browser.get(url("protocols", visit)).content


def test_more_than_the_syringe_holds_plans_nothing(client_of, alice, by, visit):
    make_syringe(by, visit, "1")
    said = {"protocol": BELL, "side": "bilateral", "each_ml": "0.3"}

    assert client_of(alice).post(url("plan_protocol", visit), said).status_code == 422
    assert not Injection.objects.exists()


def test_the_list_opens_as_a_page_and_as_a_part(client_of, alice, by, visit):
    make_syringe(by, visit)
    browser = client_of(alice)
    page, part = browser.get(url("protocols", visit)), browser.get(url("protocols", visit), headers={"HX-Request": "true"})

    assert b"<h1>" in page.content and b"<h1>" not in part.content
    assert part.content.count(b"data-protocol") == sum(
        copying.is_charted(one) for one in knowledge.protocols().values())


def test_at_the_desk_or_elsewhere_there_are_no_protocols(client_of, bob, charlie, visit):
    for person in (bob, charlie):
        assert client_of(person).get(url("protocols", visit)).status_code == 404
        assert client_of(person).post(url("plan_protocol", visit), {"protocol": BELL, "side": "left"}).status_code == 404


def injected_before(by, name="Ben Ortiz", protocol=BELL):
    """A signed visit of another patient, whose places are those of a protocol."""
    earlier = make_visit(by, make_ready_patient(by, name=name))
    actions.answer_today(visit=earlier, answers=WELL, by=by)
    gets = {"volume_ml": Decimal("0.3"), "depth_mm": Decimal(5)}
    rows = copying.from_protocol(
        visit=earlier, protocol=protocol, syringe=make_syringe(by, earlier), side="left", each=gets, by=by)
    for one in rows:
        actions.mark(injection=one, status="given", why="it was given", by=by)
    sign(earlier, by, deviation_why="at work")
    return earlier


def offered(by, visit, **more):
    found = charted_before(make_syringe(by, visit, **more), visit, "en")
    return found.protocol.id if found else None


def test_what_who_treats_has_injected_before_is_offered_without_its_side(client_of, alice, by, visit):
    injected_before(by)
    make_syringe(by, visit)
    form = client_of(alice).get(url("visit", visit)).content.decode().partition('class="visit-before"')[2].partition("</form>")[0]

    assert f'value="{BELL}"' in form
    assert [form.count(f'name="side" value="{side}"') for side in ("left", "right", "bilateral")] == [1, 1, 1]


def test_nothing_is_offered_before_it_was_injected_and_signed(by, visit):
    earlier = make_visit(by, make_patient(by, name="Ben Ortiz"))
    copying.from_protocol(visit=earlier, protocol=BELL, syringe=make_syringe(by, earlier), side="left", by=by)

    assert offered(by, visit) is None


def test_what_another_person_injects_or_other_places_or_another_fluid_are_not_offered(clinic, by, visit):
    injected_before(at_work(make_person(clinic, "Dana Doe", "practitioner"), clinic))
    assert offered(by, visit) is None
    injected_before(by, name="Eva Ek", protocol="b12-st7-trigeminal-neuralgia")
    assert offered(by, visit) == "b12-st7-trigeminal-neuralgia"
    assert offered(by, visit, vial=make_vial(by, product="traumeel-injection-medinatura", number="0418")) is None


def test_of_two_the_later_one_is_offered_and_neither_once_a_point_is_charted(client_of, alice, by, visit):
    injected_before(by)
    injected_before(by, name="Eva Ek", protocol="b12-st7-trigeminal-neuralgia")
    assert offered(by, visit) == "b12-st7-trigeminal-neuralgia"
    plan(by, visit, make_syringe(by, visit))

    assert b"visit-before" not in client_of(alice).get(url("visit", visit)).content


def test_a_struck_visit_is_no_habit(clinic, by, visit):
    earlier = injected_before(by)
    signing.ask_to_strike(visit=earlier, why="another Ben", by=by)
    signing.strike(visit=earlier, by=at_work(make_person(clinic, "Dora Second", "practitioner"), clinic))

    assert offered(by, visit) is None


def test_what_was_injected_long_ago_is_no_habit(by, visit):
    with ago(days=LOOKED_BACK_DAYS + 1):
        injected_before(by)

    assert offered(by, visit) is None


def test_a_visit_that_is_kept_closed_is_told_no_habit(monkeypatch, by, visit):
    injected_before(by)
    monkeypatch.setattr(protocols, "in_place_of_the_fluid", lambda one: "kit A" if one == visit else "")

    assert offered(by, visit) is None
