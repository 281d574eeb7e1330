"""A trial in one line: planned, frozen, agreed to, allocated, answered, opened."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from django.utils import timezone

from clinic.intake.signing import EVERY_PRODUCT, signed
from clinic.visits.charting import make_visit
from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.intake import actions as intake
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.trials import actions, allocating
from waterneedle.clinic.trials.models import Allocation, Trial
from waterneedle.clinic.trials.plan import Arm, Plan
from waterneedle.config.demo.visits import clock_at
from waterneedle.outcomes.harm import Boundary

PAIN = "pain-now-0-10"
B12 = Arm(name="Crimson", technique="injection", product="cyanocobalamin-1000mcg-ml", colour="red", how="0.5 mL")
SALINE = Arm(name="Limpid", technique="injection", product="sodium-chloride-0.9-preservative-free", colour="clear", how="0.5 mL")
NEEDLE = Arm(name="Hollow", technique="needle_only", how="as deep")
PLAN = Plan(
    kind="n_of_1", title="B-12 or saline", question="Does B-12 do more than saline at the same points?", eligible="knee pain",
    points="ST36 on both sides", arms=(B12, SALINE), repeats=(1,), size=8, size_why="four pairs", washout_days=0, instrument=PAIN,
    after_h=24, window_h=20, analysis="randomisation", harm=Boundary(most_events=1), is_prepared=True, ethics_number="IRB 17",
    asks="You get B-12 or saline, at random. You are not told which before the end.")
PARALLEL = {"kind": "parallel", "analysis": "welch", "washout_days": 0}


def plan(**more: Any) -> Plan:
    return msgspec.structs.replace(PLAN, **more)


def drafted(by: Access, patient: Patient | None, **more: Any) -> Trial:
    wanted = plan(**more)
    return actions.plan_trial(plan=wanted, by=by, patient=patient if wanted.kind == "n_of_1" else None)


def frozen(by: Access, patient: Patient | None = None, **more: Any) -> Trial:
    """A frozen trial to which `patient`, if there is one, has agreed and in which they take part."""
    trial = actions.freeze_plan(trial=drafted(by, patient, **more), by=by)
    if patient is not None:
        entered(by, trial, patient)
    return trial


def entered(by: Access, trial: Trial, patient: Patient, stratum: str = "") -> None:
    """`patient` has agreed to the trial and takes part in it."""
    signed(by, patient, *EVERY_PRODUCT, trial.line)
    if trial.kind == "parallel":
        actions.screen(trial=trial, patient=patient, by=by, stratum=stratum)


def allocated(by: Access, trial: Trial, patient: Patient, **more: Any) -> Allocation:
    """The next place, for a new visit."""
    return allocating.allocate(trial=trial, visit=make_visit(by, patient, **more), by=by)


def answered(by: Access, allocation: Allocation, score: float, hours: float = 24) -> None:
    """What the patient says some hours after the treatment."""
    said(by, allocation.patient, score, allocation.made_at + datetime.timedelta(hours=hours))


def said(by: Access, patient: Patient, score: float, at: datetime.datetime | None = None) -> None:
    """How much it hurts, said at a moment, or now."""
    intake.record_answers(patient=patient, instrument=PAIN, answers={"pain": score}, by=by, answered_at=at)


@contextmanager
def days_ago(days: float) -> Iterator[None]:
    with clock_at(timezone.now() - datetime.timedelta(days=days)):
        yield
