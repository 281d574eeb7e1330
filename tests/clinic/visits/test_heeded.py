"""What the check has asked on the page of a draft, and what came of it: by rule, once for each visit, without a name."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.intake.signing import EVERY_PRODUCT, signed
from clinic.patients.people import make_patient
from clinic.people import make_person
from clinic.visits.charting import WELL, make_syringe, make_visit, plan
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.visits import actions, rows, signing, warnings
from waterneedle.clinic.visits.heeded import came_of
from waterneedle.clinic.visits.models import Signature, Visit
from waterneedle.clinic.visits.plan import checked

DEEP = {"route": "IM", "depth_mm": Decimal(20)}
SHALLOW = {"route": "SC", "depth_mm": Decimal(5)}


@pytest.fixture
def ana(by):
    """On a blood thinner; everything else is asked and agreed to."""
    made = make_patient(by)
    patients.add_fact(patient=made, kind="medication", said="apixaban", by=by)
    for kind in ("condition", "allergy"):
        patients.say_none(patient=made, kind=kind, by=by)
    signed(by, made, *EVERY_PRODUCT)
    return made


@pytest.fixture
def visit(by, ana):
    made = make_visit(by, ana, why="knee pain")
    actions.answer_today(visit=made, answers=WELL, by=by)
    return made


@pytest.fixture
def look(client_of, alice):
    """Open the page of the visit."""
    browser = client_of(alice)
    return lambda visit: browser.get(reverse("visits:visit", kwargs={
        "clinic": "harbor", "patient": visit.patient.uid, "visit": visit.uid}))


def long_needle(by, visit):
    return make_syringe(by, visit, gauge=27, length_mm=Decimal(25))


def sign(visit, by):
    visit = Visit.objects.get(pk=visit.pk)
    actions.give_all(visit=visit, by=by)
    for rule in {one.rule for one in checked(visit).issues if one.severity == "warn" and not one.recorded}:
        actions.give_reason(visit=visit, rule=rule, note="asked and looked at", by=by)
    proof = signing.mint(visit=visit, user=by.user, session_key="s", method="password")
    signing.sign(visit=visit, proof=proof.uid, session_key="s", by=by)


def figure(clinic, rule):
    found = warnings.figures(clinic, timezone.now() - datetime.timedelta(days=1), "en")
    return next((one for one in found.rules if one.rule == rule), None)


def test_who_gives_a_reason_goes_on(by, clinic, look, visit):
    plan(by, visit, long_needle(by, visit), **DEEP)
    look(visit)
    sign(visit, by)

    found = figure(clinic, "anticoagulant")
    assert (found.asked, found.changed, found.override[:2]) == (1, 0, (1, 1))


@pytest.mark.parametrize("change", ["another depth", "taken out", "not done"])
def test_who_injects_otherwise_has_heeded_it(by, clinic, look, visit, change):
    syringe = long_needle(by, visit)
    one = plan(by, visit, syringe, **DEEP)
    plan(by, visit, syringe, "LI11", **SHALLOW)
    look(visit)
    if change == "another depth":
        actions.change(injection=one, fields=SHALLOW, by=by)
    elif change == "taken out":
        actions.remove(injection=one, by=by)
    else:
        actions.mark(injection=one, status="not_done", why="the blood thinner", by=by)
    sign(visit, by)

    found = figure(clinic, "anticoagulant")
    assert (found.asked, found.changed, found.override[:2]) == (0, 1, (0, 1))


@pytest.mark.parametrize(("field", "value", "is_other"), [
    ("side", "right", True), ("level", "T4", True), ("route", "SC", True), ("volume_ml", Decimal("0.4"), True),
    ("depth_mm", Decimal(18), True), ("depth_max_mm", Decimal(21), True), ("gauge", 25, True), ("length_mm", Decimal(40), True),
    ("angle_deg", 45, True), ("skin", "scar", False), ("sensation", "de_qi", False), ("reaction", "red", False),
])
def test_another_figure_makes_another_puncture_and_what_was_seen_does_not(by, look, visit, field, value, is_other):
    one = plan(by, visit, long_needle(by, visit), depth_max_mm=Decimal(22), **DEEP)
    look(visit)
    actions.change(injection=one, fields={field: value}, by=by)
    found = came_of(rows.read(Visit.objects.get(pk=visit.pk)), {"asked": [], "kept": [], "against": []}, injected=True)

    assert "anticoagulant" in found["changed" if is_other else "settled"]


def test_what_a_corrected_fact_takes_away_was_nobodys_decision(by, clinic, look, visit, ana):
    plan(by, visit, long_needle(by, visit), **DEEP)
    look(visit)
    patients.end_fact(fact=ana.health_facts.get(kind="medication", said="apixaban"), why="stopped in May", by=by)
    sign(visit, by)

    assert Signature.objects.get().stood["settled"] == ["anticoagulant"]
    assert figure(clinic, "anticoagulant") is None


def test_who_changes_one_puncture_and_goes_on_with_another_goes_on(by, clinic, look, visit):
    syringe = long_needle(by, visit)
    one = plan(by, visit, syringe, **DEEP)
    plan(by, visit, syringe, "ST36", "right", **DEEP)
    look(visit)
    actions.change(injection=one, fields=SHALLOW, by=by)
    sign(visit, by)

    assert figure(clinic, "anticoagulant").override[:2] == (1, 1)


def test_a_block_is_heeded_or_gone_on_against_and_asks_nothing_beside_it(by, clinic, look, visit):
    actions.answer_today(visit=visit, answers=WELL | {"fever_or_infection": True}, by=by)
    one = plan(by, visit, long_needle(by, visit), **DEEP)
    look(visit)
    actions.mark(injection=one, status="not_done", why="fever", by=by)
    sign(visit, by)

    assert figure(clinic, "infection").override_of_block[:2] == (0, 1)
    assert figure(clinic, "anticoagulant") is None


def test_a_block_that_a_corrected_answer_takes_away_was_nobodys_decision(by, clinic, look, visit):
    actions.answer_today(visit=visit, answers=WELL | {"fever_or_infection": True}, by=by)
    plan(by, visit, long_needle(by, visit), **SHALLOW)
    look(visit)
    actions.answer_today(visit=visit, answers={"fever_or_infection": False}, by=by)
    sign(visit, by)

    stood = Signature.objects.get().stood
    assert (stood["lifted"], stood["heeded"], stood["against"]) == (["infection"], [], [])
    assert figure(clinic, "infection") is None


def test_it_is_kept_once(by, look, visit, django_assert_max_num_queries):
    plan(by, visit, long_needle(by, visit), **DEEP)
    look(visit)
    kept = Visit.objects.get(pk=visit.pk)
    assert set(kept.warned["warn"]) == {"anticoagulant"}
    with django_assert_max_num_queries(90) as asked:
        look(visit)

    assert not [one for one in asked if "UPDATE" in one["sql"] and "visits_visit" in one["sql"]]
    assert kept.version == visit.version  # nobody's save is refused for it


def test_before_anything_is_charted_nothing_is_kept(look, visit):
    look(visit)

    assert Visit.objects.get(pk=visit.pk).warned is None


def test_a_visit_from_before_counts_for_no_rate(by, clinic, look, visit, monkeypatch):
    monkeypatch.setattr(signing, "came_of", lambda *args, **more: {})
    plan(by, visit, long_needle(by, visit), **DEEP)
    sign(visit, by)

    found = figure(clinic, "anticoagulant")
    assert (found.asked, found.override) == (1, None)


def test_the_owner_sees_the_rate_with_its_limits(by, clinic, client_of, look, visit):
    plan(by, visit, long_needle(by, visit), **DEEP)
    look(visit)
    sign(visit, by)
    olga = client_of(make_person(clinic, "Olga Owner", Role.OWNER))
    page = olga.get(reverse("home:figures", kwargs={"clinic": "harbor"})).content.decode()

    assert "1 of 1" in page
    assert "2.5 – 100" in page
