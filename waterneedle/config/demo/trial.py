"""A trial in one patient, under way: four of twelve treatments given, and the fifth visit begun this morning.

Invented, as everything here. Only the day on which the clinic of the story did it is set; who prepares is another person than who
treats, and which arm each visit got, the story does not know either.
"""

from __future__ import annotations

import datetime
import random

from django.utils import timezone

from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.intake import actions_consent, wording
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.stock import actions as stock
from waterneedle.clinic.stock.models import Lot, Vial
from waterneedle.clinic.trials import actions, allocating
from waterneedle.clinic.trials.models import Trial
from waterneedle.clinic.trials.plan import CHECK_IN, INJECTION, N_OF_1, Arm, Plan
from waterneedle.config.demo.visits import begin, clock_at, may_be_treated, not_lately, signed_visit
from waterneedle.outcomes.harm import Boundary

SALINE_LOT = "NS10"
GIVEN_DAYS_AGO = (11, 9, 7, 5)
PLAN = Plan(
    kind=N_OF_1, title="B-12 or saline at the same points",
    question="Does cyanocobalamin do more for this patient's pain on the next day than saline at the same points?",
    eligible="Pain for three months or longer, the same each week; no allergy to cobalt or B-12.",
    points="The points of the last visit, on the same sides",
    arms=(
        Arm(name="B-12", technique=INJECTION, product="cyanocobalamin-1000mcg-ml", colour="red", how="0.2 mL at each point"),
        Arm(name="Saline", technique=INJECTION, product="sodium-chloride-0.9-preservative-free", colour="clear",
            how="0.2 mL at each point")),
    balls=2, size=12, size_why="As often as the patient comes in four weeks; an interval of 95 % then has both ends.",
    washout_days=2, instrument=CHECK_IN, after_h=24, window_h=24, analysis="randomisation",
    analysis_words="Difference of means; every sequence of the urn, as likely as it was.",
    harm=Boundary(most_events=1, acceptable_rate=0.05),
    is_prepared=True, ethics_why="Both are given in this clinic for this complaint; the patient asked which one helps.",
    asks="In twelve visits you get, at random, vitamin B-12 or salt water, about as often, at the same points. You are not "
         "told which before the end; in an emergency you are, at once. You answer how much it hurts on the next day. You can "
         "stop at any visit, and are treated as before.")


def make_a_trial(treating: Access, preparing: Access, vial: Vial, now: datetime.datetime, chance: random.Random) -> None:
    patient = _untreated(treating, now)
    if patient is None:
        return
    lot = Lot.objects.get(clinic=treating.clinic, number=SALINE_LOT)
    with clock_at(now - datetime.timedelta(days=GIVEN_DAYS_AGO[0], hours=1)):
        trial = actions.freeze_plan(trial=actions.plan_trial(plan=PLAN, by=treating, patient=patient), by=treating)
        _agrees(trial, patient, treating)
    for days in GIVEN_DAYS_AGO:
        with clock_at(now - datetime.timedelta(days=days)):
            visit = begin(patient, treating)
            arm = allocating.prepare(allocation=allocating.allocate(trial=trial, visit=visit, by=treating), by=preparing)
            is_b12 = arm.product == vial.lot.item.product
            fluid = vial if is_b12 else stock.open_vial(lot=lot, by=preparing, at=timezone.now())
            signed_visit(patient, treating, fluid, chance, most=2, visit=visit)
            if not is_b12:
                fluid.refresh_from_db()
                stock.discard(vial=fluid, why="an ampoule serves once", by=preparing)
    with clock_at(now - datetime.timedelta(minutes=2)):
        begin(patient, treating)


def _untreated(treating: Access, now: datetime.datetime) -> Patient | None:
    return next((one for one in not_lately(treating.clinic, now).filter(language="") if may_be_treated(one, now)), None)


def _agrees(trial: Trial, patient: Patient, treating: Access) -> None:
    """One signature, under the consent to the treatment and the line of the trial."""
    text = actions_consent.text_in_force(clinic=treating.clinic, language="en", by=treating)
    lines = [one.id for one in wording.read(text.words).lines if one.kind != "trial" or one.id == trial.line]
    actions_consent.sign_consent(
        patient=patient, text=text, asked=lines, agreed=lines, signed_by="patient", typed=patient.name, by=treating)
