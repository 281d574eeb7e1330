"""Published protocols on the page of a visit: chosen, planned, and said honestly."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from clinic.patients.people import at_work, make_patient
from clinic.visits.charting import make_syringe, make_visit
from waterneedle import knowledge
from waterneedle.clinic.visits import copying, drafts
from waterneedle.clinic.visits.models import Injection
from waterneedle.clinic.visits.protocols import protocols_for

BELL = "b12-bells-palsy"


@pytest.fixture
def by(clinic, alice):
    return at_work(alice, clinic)


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
