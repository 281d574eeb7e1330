"""Visits of the demonstration: some weeks of signed ones, and a day that is under way. Nothing here is advice for treatment.

Rows have the times at which the clinic of the story was at work; the trail has the time at which the story was written.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone

from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.intake import actions_consent, wording
from waterneedle.clinic.patients.models import HealthFact, Patient
from waterneedle.clinic.patients.queries import health_of, needs_guardian
from waterneedle.clinic.practitioners.models import Practitioner
from waterneedle.clinic.practitioners.queries import practitioner_of
from waterneedle.clinic.stock import actions as stock
from waterneedle.clinic.stock.models import Vial
from waterneedle.clinic.visits import actions, drafts, drawing, keeping, signing
from waterneedle.clinic.visits.actions import Site
from waterneedle.clinic.visits.models import Step, Visit
from waterneedle.clinic.visits.plan import checked

LATELY = datetime.timedelta(days=60)  # what was before is told in `history`
SIGNED = 30
AGAIN_SEED = 7
VIAL_DAYS = 16  # in which one vial is used up
# Sites over no great danger, by what people come with; invented, not from a trial.
SITES = {
    "neck pain": (Site(point="LI4", side="left"), Site(point="LI4", side="right"), Site(point="TE5", side="right")),
    "shoulder pain": (Site(point="LI15", side="right"), Site(point="TE14", side="right"), Site(point="LI11", side="right")),
    "knee pain": (Site(point="ST34", side="left"), Site(point="SP9", side="left"), Site(point="GB34", side="left"),
                  Site(point="ST36", side="left")),
    "hip pain": (Site(point="GB29", side="left"), Site(point="GB30", side="left"), Site(point="GB34", side="left")),
    "tennis elbow": (Site(point="LI10", side="right"), Site(point="LI11", side="right"), Site(point="LI12", side="right")),
}
ELSE = (Site(point="ST36", side="left"), Site(point="ST36", side="right"), Site(point="LI11", side="right"))
WELL = {"identity_confirmed": True, "new_medicines": False, "fever_or_infection": False, "eaten": True, "lying_down": True}
SESSION = "the demonstration"


def make_visits(treating: Access, desk: Access, vial: Vial, now: datetime.datetime, chance: random.Random) -> None:
    """Visits of the last weeks from one vial, and today one patient in each step; the last unsigned one is of yesterday."""
    patients = [one for one in Patient.objects.filter(clinic=treating.clinic).order_by("pk") if may_be_treated(one, now)]
    chosen = chance.sample(patients, min(SIGNED, len(patients)))
    vials = [*_earlier_vials(vial, treating), vial]
    for number, patient in enumerate(chosen):
        of = vials[number * len(vials) // len(chosen)]
        last = now - datetime.timedelta(days=2) if of == vial else of.opened_at + datetime.timedelta(days=VIAL_DAYS)
        at = of.opened_at + (last - of.opened_at) * chance.uniform(0.05, 1)
        with clock_at(at):
            sign_consent(patient, treating)
            signed_visit(patient, treating, of, chance)
    _keep_protocols(chosen, treating)
    _come_again(chosen, vials, treating)
    for of in vials[:-1]:
        with clock_at(of.opened_at + datetime.timedelta(days=VIAL_DAYS)):
            of.refresh_from_db()
            stock.discard(vial=of, why="past its time", by=treating)
    with clock_at(now - datetime.timedelta(days=1)):
        _chart(chosen[0], treating, vial, chance)
    _today(chosen, treating, desk, vial, now, chance)


def _keep_protocols(chosen: list[Patient], treating: Access) -> None:
    """What was injected for the knee, and for the neck, is kept under these names."""
    for why in ("knee pain", "neck pain"):
        visit = Visit.objects.filter(clinic=treating.clinic, patient__in=chosen, why=why, signatures__isnull=False).last()
        if visit and keeping.may_be_kept(visit):
            keeping.keep(visit=visit, name=why.capitalize(), by=treating)


def _come_again(chosen: list[Patient], vials: list[Vial], treating: Access) -> None:
    """Some of the first patients were treated again with each of the later vials, at one place."""
    chance = random.Random(AGAIN_SEED)  # of their own: everything else stays as it was without them
    for of, patients in zip(vials[1:], (chosen[1:5], chosen[1:4]), strict=True):
        for patient in patients:
            with clock_at(of.opened_at + datetime.timedelta(days=chance.uniform(1, 8))):
                signed_visit(patient, treating, of, chance, most=1)


def make_a_students_visit(student: Access, vial: Vial, now: datetime.datetime) -> None:
    """A visit of yesterday that the student has signed, and who answers for it has not countersigned yet."""
    patient = next((one for one in not_lately(student.clinic, now) if may_be_treated(one, now)), None)
    if patient is None:
        return
    with clock_at(now - datetime.timedelta(hours=20)):
        sign_consent(patient, student)
        signed_visit(
            patient, student, vial, random.Random(patient.pk), barred="given under supervision",
            why="A student's hand, under the eyes of Ines Calder, who answers for it.")


def _earlier_vials(vial: Vial, treating: Access) -> list[Vial]:
    """The vials that were used up before this one, the oldest first."""
    return [
        stock.open_vial(lot=vial.lot, by=treating, at=vial.opened_at - datetime.timedelta(days=before * VIAL_DAYS))
        for before in (2, 1)
    ]


@contextmanager
def clock_at(moment: datetime.datetime) -> Iterator[None]:
    """Within it `timezone.now()` begins at `moment` and goes on from there."""
    real, began = timezone.now, timezone.now()
    timezone.now = lambda: moment + (real() - began)
    try:
        yield
    finally:
        timezone.now = real


def not_lately(clinic: Clinic, now: datetime.datetime) -> QuerySet[Patient]:
    """Patients of whom the last weeks tell nothing."""
    treated = Visit.objects.filter(clinic=clinic, day__gt=(now - LATELY).date()).values("patient")
    return Patient.objects.filter(clinic=clinic).exclude(pk__in=treated).order_by("pk")


def may_be_treated(patient: Patient, now: datetime.datetime) -> bool:
    asked = health_of(patient).facts.values()
    return None not in asked and needs_guardian(patient, now.date()) is False


def sign_consent(patient: Patient, treating: Access) -> None:
    text = actions_consent.text_in_force(clinic=treating.clinic, language=patient.language or "en", by=treating)
    lines = [one.id for one in wording.read(text.words).lines]
    actions_consent.sign_consent(
        patient=patient, text=text, asked=lines, agreed=lines, signed_by="patient", typed=patient.name, by=treating,
        interpreter="Lan Pham" if patient.needs_interpreter else "",
    )


def signed_visit(
    patient: Patient, treating: Access, vial: Vial, chance: random.Random,
    barred: str = "given before the kit was looked at", why: str = "Emergency kit was in the next room; told the owner.",
    most: int | None = None, visit: Visit | None = None,
) -> None:
    """A visit (or this one, that was only begun) charted, given and signed."""
    visit = _chart(patient, treating, vial, chance, most, visit)
    why = "" if _give(visit, treating, barred) else why
    actions.change_visit(
        visit=visit, version=visit.version, by=treating, fields={"pain_after": max(0, visit.pain_before - chance.randint(0, 3))}
    )
    for issue in checked(visit).issues:
        if issue.severity == "warn" and not issue.recorded:
            actions.give_reason(visit=visit, rule=issue.rule, note="Known and talked about; small volume.", by=treating)
    proof = signing.mint(visit=visit, user=treating.user, session_key=SESSION, method="passkey")
    signing.sign(visit=visit, proof=proof.uid, session_key=SESSION, by=treating, deviation_why=why)
    actions.enter(visit=visit, step=Step.LEFT, by=treating)


def begin(patient: Patient, treating: Access) -> Visit:
    """A visit for what the patient comes with."""
    said = HealthFact.objects.filter(patient=patient, kind="condition", ended_at=None).order_by("pk").first()
    return actions.begin(patient=patient, by=treating, practitioner=_practitioner(treating), why=said.said if said else "")


def _chart(
    patient: Patient, treating: Access, vial: Vial, chance: random.Random, most: int | None = None, visit: Visit | None = None
) -> Visit:
    """A visit with everything asked and planned, at `most` so many places."""
    visit = visit or begin(patient, treating)
    fields = {"pain_before": chance.randint(3, 8), "indication": visit.why}
    actions.change_visit(visit=visit, version=visit.version, fields=fields, by=treating)
    pregnancy = health_of(patient).pregnancy
    answers = WELL | {"pregnancy": pregnancy.status if pregnancy else "not_applicable", "reacted_last": False}
    actions.answer_today(visit=visit, answers=answers, by=treating)
    for step in (Step.ROOMED, Step.IDENTIFIED, Step.READY):
        actions.enter(visit=visit, step=step, by=treating)
    sites = SITES.get(visit.why, ELSE)[:most]
    each_ml = Decimal("0.2")
    syringe = drawing.load_syringe(
        visit=visit, fills=[(vial, each_ml * len(sites))], route="SC", gauge=30, length_mm=Decimal(13), by=treating
    )
    how = {"volume_ml": each_ml, "depth_mm": Decimal(6), "angle_deg": 45, "skin": "intact"}
    actions.add(visit=visit, sites=sites, syringe=syringe, by=treating, **how)
    return visit


def _give(visit: Visit, treating: Access, barred: str = "given before the kit was looked at") -> bool:
    """Give what is planned; False where the check barred it, and it was given all the same."""
    try:
        actions.give_all(visit=visit, by=treating)
    except drafts.Refused:
        for one in visit.injections.order_by("seq"):
            actions.mark(injection=one, status="given", why=barred, by=treating)
        return False
    return True


def _today(
    chosen: list[Patient], treating: Access, desk: Access, vial: Vial, now: datetime.datetime, chance: random.Random
) -> None:
    observed, ready, roomed, arrived = chosen[1:5]
    with clock_at(now - datetime.timedelta(minutes=40)):
        visit = _chart(observed, treating, vial, chance)
        _give(visit, treating)
    with clock_at(now - datetime.timedelta(minutes=9)):
        actions.observe(visit=visit, minutes=15, by=treating)
    with clock_at(now - datetime.timedelta(minutes=6)):
        _chart(ready, treating, vial, chance)
    with clock_at(now - datetime.timedelta(minutes=4)):
        visit = actions.begin(patient=roomed, by=desk, practitioner=_practitioner(treating), why="knee pain")
        actions.enter(visit=visit, step=Step.ROOMED, by=desk)
    with clock_at(now - datetime.timedelta(minutes=1)):
        actions.begin(patient=arrived, by=desk, practitioner=_practitioner(treating))


def _practitioner(access: Access) -> Practitioner:
    found = practitioner_of(access.user, access.clinic)
    if found is None:
        raise LookupError(f"{access.user} has no papers")
    return found
