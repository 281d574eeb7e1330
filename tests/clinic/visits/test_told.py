"""What was said of a patient's health while a visit was charted on the wrong record stays, and is asked for."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from clinic.patients.people import at_work, make_patient
from clinic.people import make_person
from clinic.visits.charting import make_visit
from clinic.visits.test_wasted import sign
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.patients.queries import health_of
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.visits import actions, signing, told
from waterneedle.clinic.visits.plan import plan_for


@pytest.fixture
def by(clinic, alice):
    return at_work(alice, clinic)


@pytest.fixture
def ana(by):
    made = make_patient(by)
    patients.add_fact(patient=made, kind="allergy", said="latex", by=by)
    patients.add_fact(patient=made, kind="condition", said="asthma", by=by)
    return made


@pytest.fixture
def visit(by, ana):
    """While it is charted cobalt is entered and asthma ended."""
    made = make_visit(by, ana)
    actions.change_visit(visit=made, version=made.version, fields={"note": "Talked."}, by=by)
    patients.add_fact(patient=ana, kind="allergy", said="cobalt", by=by)
    patients.end_fact(fact=ana.health_facts.get(said="asthma"), why="never had it", by=by)
    return made


def strike(visit, by):
    signing.ask_to_strike(visit=visit, why="another Ana", by=by)
    signing.strike(visit=visit, by=at_work(make_person(by.clinic, "Dora Second", Role.PRACTITIONER), by.clinic))


def page(client, visit):
    where = {"clinic": "harbor", "patient": visit.patient.uid, "visit": visit.uid}
    return client.get(reverse("visits:visit", kwargs=where)).content.decode()


@pytest.mark.parametrize("is_signed", [False, True])
def test_nothing_is_taken_back_by_itself_and_a_person_is_asked(client_of, alice, by, visit, is_signed):
    if is_signed:
        sign(visit, by)
        patients.add_fact(patient=visit.patient, kind="allergy", said="benzyl alcohol", by=by)  # no part of the visit any more
    assert not told.told_in(visit)
    strike(visit, by)

    assert {one.said for one in health_of(visit.patient).facts["allergy"]} >= {"latex", "cobalt"}
    assert [one.said for one in told.told_in(visit).facts] == ["cobalt", "asthma"]
    task = Task.objects.get(kind=told.TASK)
    assert (task.patient, task.about, task.role) == (visit.patient, str(visit.uid), Role.PRACTITIONER)
    shown = page(client_of(alice), visit)
    for one in told.told_in(visit).facts:
        name = "reopen_fact" if one.ended_at else "end_fact"
        assert reverse(f"patients:{name}", args=["harbor", visit.patient.uid, one.uid]) in shown


def test_one_tap_takes_it_back_with_its_reason_and_one_more_undoes_that(client_of, alice, by, visit):
    strike(visit, by)
    cobalt = told.told_in(visit).facts[0]
    where = ["harbor", visit.patient.uid, cobalt.uid]
    client_of(alice).post(reverse("patients:end_fact", args=where), {"why": "said of another person"})
    assert "cobalt" not in {one.said for one in health_of(visit.patient).facts["allergy"]}
    assert reverse("patients:reopen_fact", args=where) in page(client_of(alice), visit)

    client_of(alice).post(reverse("patients:reopen_fact", args=where))
    assert "cobalt" in {one.said for one in health_of(visit.patient).facts["allergy"]}


@pytest.mark.parametrize("is_signed", [False, True])
def test_that_there_are_none_is_asked_again(client_of, alice, by, is_signed):
    """What lets more through is of nobody until it is said again: another person may have said it."""
    ana = make_patient(by)
    patients.say_none(patient=ana, kind="condition", by=by)  # before, and therefore hers
    visit = make_visit(by, ana)
    actions.change_visit(visit=visit, version=visit.version, fields={"note": "Talked."}, by=by)
    for kind in ("condition", "allergy", "medication"):
        patients.say_none(patient=ana, kind=kind, by=by)
    if is_signed:
        sign(visit, by)
        patients.say_none(patient=ana, kind="medication", by=by)  # no part of the visit any more
    strike(visit, by)

    kept = () if is_signed else None
    assert health_of(ana).facts == {"condition": (), "allergy": None, "medication": kept}
    assert plan_for(make_visit(by, ana)).patient.allergies is None
    assert Task.objects.filter(kind=told.TASK).exists()
    assert set(told.told_in(visit).to_ask) == {"condition", "allergy", "medicine"}
    shown = page(client_of(alice), visit)
    assert "Ask again" in shown and "allergy" in shown
    gone = Entry.objects.filter(action="retract", patient_uid=ana.uid).values_list("kind", flat=True)
    assert set(gone) == {"condition", "allergy", "medication"}


@pytest.mark.parametrize(("said", "left"), [("not_pregnant", None), ("not_applicable", None), ("pregnant", "pregnant")])
def test_a_pregnancy_that_was_said_meanwhile_stays_and_none_does_not(by, ana, said, left):
    visit = make_visit(by, ana)
    patients.say_pregnancy(patient=ana, status=said, by=by)
    strike(visit, by)

    known = health_of(ana).pregnancy
    assert (known and known.status) == left


def test_a_figure_stays_and_is_looked_at(client_of, alice, by, ana):
    visit = make_visit(by, ana)
    patients.add_measure(patient=ana, kind="INR", value=Decimal("4.5"), measured_on=visit.day, by=by)
    strike(visit, by)

    assert health_of(ana).measures["INR"].value == Decimal("4.5")
    assert "4.5" in page(client_of(alice), visit)
    assert Task.objects.filter(kind=told.TASK).exists()


def test_where_nothing_was_said_nobody_is_asked(by, ana):
    made = make_visit(by, ana)
    strike(made, by)

    assert not told.told_in(made)
    assert not Task.objects.filter(kind=told.TASK).exists()
