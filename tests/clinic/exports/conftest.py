"""Alice at work, and Ana, of whom everything is on file that the rooms know."""
from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from clinic.appointments.diary import booked, working
from clinic.courses.treated import begun
from clinic.followup.following import REPORT, arranged
from clinic.intake.filling import opened
from clinic.intake.signing import DRAWN, added, signed
from clinic.patients.people import at_work, make_patient
from clinic.trials.planning import drafted
from clinic.visits.charting import WELL, make_syringe, make_visit, plan
from waterneedle.clinic.accounts import break_glass
from waterneedle.clinic.courses import actions as courses
from waterneedle.clinic.followup import actions as followup
from waterneedle.clinic.followup import actions_events, actions_recall, pages
from waterneedle.clinic.intake import actions_consent, actions_forms
from waterneedle.clinic.intake.models import Answers, PainDrawing
from waterneedle.clinic.outbox.letters import send_letter
from waterneedle.clinic.patients import actions
from waterneedle.clinic.patients.models import FactKind
from waterneedle.clinic.tasks import actions as tasks
from waterneedle.clinic.trials import actions as trials
from waterneedle.clinic.trials import allocating
from waterneedle.clinic.visits import actions as visits


@pytest.fixture
def by(alice, clinic):
    return at_work(alice, clinic)


@pytest.fixture
def ana(by, instructor, clinic):
    patient = make_patient(by, phone="+1 206 555 0417", email="ana@example.org", address="1 Harbor Street\nSeattle")
    actions.add_guardian(patient=patient, fields={"name": "Rosa Ruiz", "relation": "mother"}, by=by)
    actions.say_none(patient=patient, kind=FactKind.MEDICATION, by=by)
    actions.say_pregnancy(patient=patient, status="not_pregnant", by=by)
    actions.add_measure(patient=patient, kind="weight_kg", value=Decimal("61.5"), measured_on=datetime.date(2026, 3, 1), by=by)
    opened(by, patient).send()
    trial = trials.freeze_plan(trial=drafted(by, patient), by=by)
    consent = signed(by, patient, "b12", trial.line, drawn=DRAWN, typed="")
    added(by, consent, "saline")
    actions_consent.withdraw(consent=consent, line="b12", why="", said_by="patient", by=by)
    actions_forms.send_form(patient=patient, kind="questions", language="en", by=by)
    now = timezone.now()
    of = {"clinic": clinic, "patient": patient, "said_by": "patient"}
    Answers.objects.create(**of, instrument="nrs-pain", instrument_version="1", answers='{"now": 6}', score=6, answered_at=now)
    PainDrawing.objects.create(**of, runs="[[10,4,7]]", words="left knee", drawn_at=now)
    tasks.open_task(
        clinic=clinic, kind="call", cause="x", title="Call the patient", patient=patient, role="practitioner", due_at=now, by=by)
    send_letter(to=["ana@example.org"], subject="Hello", text="Hello", clinic=clinic, about="test", patient=patient, key="k")
    visit = make_visit(by, patient, why="knee pain")
    in_a_trial(by, at_work(instructor, clinic), trial, visit)
    # Said afterwards: with it no place of the trial would have been given.
    actions.add_fact(patient=patient, kind=FactKind.ALLERGY, said="cobalt", by=by)
    visits.answer_today(visit=visit, answers=WELL, by=by)
    visits.mark(injection=plan(by, visit, make_syringe(by, visit, "1.5")), status="given", why="it was given", by=by)
    arranged(by)
    checkin = followup.ask(visit=visit, kind="next_day", week=0, now=now)
    grave = {"pain": 3, "bruise": "none", "felt": [], "said": "I cannot breathe"}
    followup.answer(checkin=checkin, answers=grave, said_by="patient", now=now, by=by)
    booked(by, patient, working(by, user=instructor))
    actions_events.report(patient=patient, by=by, visit=visit, injection=visit.injections.get(), **REPORT)
    actions_recall.open_recall(kind="days", asked={"since": "2020-01-01"}, said="days", why="notice", by=by, quarantine=False)
    pages.make(patient=patient, by=by)
    courses.end(course=begun(by, patient), reason="reached", by=by)
    break_glass.begin(clinic=clinic, patient_uid=patient.uid, reason="fainted", by=at_work(instructor, clinic), now=now)
    return patient


def in_a_trial(by, other, trial, visit):
    """Everything that a trial writes about somebody."""
    made = allocating.allocate(trial=trial, visit=visit, by=by)
    allocating.prepare(allocation=made, by=other)
    allocating.unblind(allocation=made, why="fainted", by=by)
    allocating.deviate(allocation=made, text="the syringe was not covered", by=by)
    trials.amend(trial=made.trial, text="at noon", why="holidays", by=by)
    trials.depart(participant=made.participant, kind="withdrew", said="enough", by=by)
    trials.stop(trial=made.trial, why="enough", by=by)
