"""A touch beside all points: a muscle or a region, chosen without typing; where a needle goes; the nudge of last time."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse
from django.utils import translation

from clinic.patients.people import make_patient
from clinic.people import PASSWORD
from clinic.visits.charting import WELL, make_ready_patient, make_syringe, make_visit, plan
from waterneedle import knowledge
from waterneedle.body import muscles
from waterneedle.body.fit import fit
from waterneedle.body.segments import body_of
from waterneedle.clinic.visits import actions, drafts, drawing, figure, queries, touched
from waterneedle.clinic.visits.models import Injection
from waterneedle.clinic.visits.saying import refusal


@pytest.fixture
def visit(by):
    return make_visit(by, make_patient(by))


def url(name, visit):
    return reverse(f"visits:{name}", kwargs={"clinic": "harbor", "patient": visit.patient.uid, "visit": visit.uid})


def test_a_touch_may_mean_a_muscle_under_it_or_a_region_of_that_part(visit):
    under = muscles.regions(body_of(fit(*figure.person(visit))))
    muscle, rows = next((name, rows) for name, rows in under.items() if len(rows))
    found = [(one.kind, one.id) for one in touched.places(visit, int(rows[0]), "GB21")]

    assert ("muscle", muscle) in found and ("region", "neck") in found
    assert touched.places(visit, None, "") == () == touched.places(visit, 10**9, "nothing")


def test_one_of_its_buttons_charts_it_with_its_place_on_the_skin(client_of, alice, by, visit):
    make_syringe(by, visit)
    browser, nudge = client_of(alice), {"face": 100, "weights": [0.2, 0.3]}
    page = browser.get(url("place", visit), {"face": 100, "side": "left", "nearest": "ST36", "nudge": json.dumps(nudge)})
    assert b'name="region" value="leg"' in page.content and b'value="right"' not in page.content

    browser.post(url("tap", visit), {"region": "leg", "side": "left", "nudge": json.dumps(nudge), "each_ml": "0.2"})
    muscle = next(iter(knowledge.trigger_points()))
    browser.post(url("tap", visit), {"muscle": muscle, "side": "right", "each_ml": "0.2"})
    rows = [(one.region, one.muscle, one.side, one.nudge) for one in Injection.objects.order_by("seq")]
    assert rows == [("leg", "", "left", nudge), ("", muscle, "right", None)]


@pytest.mark.parametrize("said", [
    {"side": "left"}, {"code": "ST36", "region": "leg", "side": "left"}, {"region": "nowhere", "side": "left"},
    {"region": "under_ribs_left", "side": "right"},
])
def test_what_is_no_place_or_two_charts_nothing(client_of, alice, by, visit, said):
    make_syringe(by, visit)
    assert client_of(alice).post(url("tap", visit), said).status_code == 422
    assert not Injection.objects.exists()


def test_what_a_needle_reaches_is_told_for_this_build(client_of, alice, visit):
    browser = client_of(alice)
    found = browser.get(url("depth", visit), {"code": "ST36", "needle_mm": 13, "angle_degrees": 90}).json()

    assert (found["code"], found["needle_mm"], found["picture"][:4]) == ("ST36", 13.0, "<svg")
    assert "muscles" in browser.get(url("beneath", visit)).json()
    for wrong in ({"code": "XX1", "needle_mm": 13}, {"code": "ST36", "needle_mm": "far"}, {"code": "ST36"}):
        assert browser.get(url("depth", visit), wrong).status_code == 422


def test_at_the_desk_or_elsewhere_no_touch_is_answered(client_of, bob, charlie, visit):
    for person in (bob, charlie):
        for name in ("place", "depth", "beneath"):
            assert client_of(person).get(url(name, visit), {"nearest": "ST36"}).status_code == 404


def test_a_nudge_is_shown_at_the_next_visit_and_none_of_a_draft(client_of, alice, by):
    ana = make_ready_patient(by)
    first = make_visit(by, ana, why="knee")
    actions.answer_today(visit=first, answers=WELL, by=by)
    nudge = {"face": 100, "weights": [0.2, 0.3], "along_mm": 8.4, "across_mm": -3}
    plan(by, first, make_syringe(by, first), nudge=nudge)
    actions.give_all(visit=first, by=by)
    assert queries.nudges_of(make_visit(by, ana)) == []

    assert client_of(alice).post(url("sign", first), {"password": PASSWORD}).status_code == 302
    shown = queries.nudges_of(make_visit(by, ana))
    assert shown == [{"code": "ST36", "side": "left", "member": None, "along_mm": 8, "across_mm": -3}]


def test_a_refusal_is_said_in_the_readers_language(by, visit):
    with translation.override("es"), pytest.raises(drafts.NotCharted) as refused:
        drawing.load_syringe(visit=visit, fills=[], by=by)
    with translation.override("es"):
        assert "diga qué se cargó" in refusal(refused.value)
