"""What a signature, an end or a use has closed, the database itself neither changes nor deletes: by SQL, past all actions."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from clinic.patients.people import at_work
from clinic.people import make_person
from clinic.visits.charting import WELL, make_ready_patient, make_syringe, make_visit, plan
from clinic.visits.test_signing import sign
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.database.rows import uuid7
from waterneedle.clinic.practitioners import actions as practitioners
from waterneedle.clinic.visits import actions, became, cosigning, incidents, keeping, observing, reactions, refusing, signing
from waterneedle.clinic.visits.models import Fill, Injection, Reason, Syringe, Today
from waterneedle.clinic.visits.models_incidents import Incident

CLOSED = (Today, Syringe, Injection, Reason, Fill)  # nothing is added to a signed visit either
OPEN = {
    "Fragment": "drawn from frozen rows, and drawn anew",
}


@pytest.fixture
def signed(clinic, owner):
    """A visit with a row of everything, signed by a student, countersigned, amended, struck."""
    teacher, student, second = (
        at_work(make_person(clinic, name, role), clinic) for name, role in (
            ("Ines Instructor", Role.INSTRUCTOR), ("Tom Trainee", Role.PRACTITIONER), ("Dora Second", Role.PRACTITIONER)))
    by = at_work(owner, clinic)
    known = practitioners.add_practitioner(user=teacher.user, profession="acupuncturist", by=by)
    practitioners.add_practitioner(user=student.user, profession="student", by=by, supervised_by=known)
    observing.set_minutes(by=by, ordinary_min=15, longer_min=30)
    visit = make_visit(student, make_ready_patient(student), why="knee pain")
    actions.answer_today(visit=visit, answers=WELL, by=student)
    actions.mark(injection=plan(student, visit, make_syringe(student, visit)), status="given", why="was in", by=student)
    actions.give_reason(visit=visit, rule="side", note="looked at", by=student)
    watched = actions.observe(visit=visit, minutes=15, by=student)
    actions.end_observation(observation=watched, by=student)
    reacted = reactions.begin(patient=visit.patient, by=student)
    reactions.end(reaction=reacted, outcome="well", at=timezone.now(), by=student)
    sign(visit, student, deviation_why="under supervision")
    opened = Incident.objects.get()
    incidents.add(incident=opened, said="seen from the door", by=teacher)
    refused = refusing.refuse(visit=visit, by=teacher, why="From where?", **proof(visit, teacher))
    signing.amend(visit=visit, text="seen from the front", by=student, answers=refused.uid)
    cosigning.cosign(visit=visit, by=teacher, **proof(visit, teacher))
    keeping.keep(visit=visit, name="Knee", by=student)
    signing.ask_to_strike(visit=visit, why="another Ana", by=student)
    signing.strike(visit=visit, by=second)
    for row in became.of(visit):
        became.say(row=row, became="gone", by=student)
    return visit


def proof(visit, by):
    minted = signing.mint(visit=visit, user=by.user, session_key="s", method="password")
    return {"proof": minted.uid, "session_key": "s"}


MODELS = [one for one in apps.get_app_config("visits").get_models() if one.__name__ not in OPEN]


def refused(sql, *values):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
    except DatabaseError as error:
        return "frozen" in str(error)
    return False


def test_every_row_of_a_signed_visit_stays_as_it_is(signed):
    found = {}
    for model in MODELS:
        table, row = model._meta.db_table, model.objects.order_by("pk").last()
        assert row is not None, table
        found[model.__name__] = (
            refused(f'UPDATE "{table}" SET clinic_id = clinic_id WHERE id = %s', row.pk),
            refused(f'DELETE FROM "{table}" WHERE id = %s', row.pk))

    assert found == {model.__name__: (True, True) for model in MODELS}


@pytest.mark.parametrize("model", CLOSED)
def test_nothing_is_added_to_a_signed_visit(signed, model):
    row = model.objects.order_by("pk").last()
    row.pk = None
    for name, other in {"uid": uuid7(), "seq": 99, "code": "Z9"}.items():
        if hasattr(row, name):
            setattr(row, name, other)

    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        row.save(force_insert=True)
