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
from waterneedle.clinic.intake import actions_consent
from waterneedle.clinic.intake.documents import canonical, digest
from waterneedle.clinic.intake.wording import Line
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.trials import actions, allocating, sealed
from waterneedle.clinic.trials import plan as plans
from waterneedle.clinic.trials.models import Allocation, Trial
from waterneedle.clinic.trials.plan import Arm, Plan
from waterneedle.config.demo.visits import clock_at
from waterneedle.outcomes.allocation import commitment
from waterneedle.outcomes.harm import Boundary

PAIN = "pain-now-0-10"
B12 = Arm(name="Crimson", technique="injection", product="cyanocobalamin-1000mcg-ml", colour="red", how="0.5 mL")
SALINE = Arm(name="Limpid", technique="injection", product="sodium-chloride-0.9-preservative-free", colour="clear", how="0.5 mL")
NEEDLE = Arm(name="Hollow", technique="needle_only", how="as deep")
PLAN = Plan(
    kind="n_of_1", title="B-12 or saline", question="Does B-12 do more than saline at the same points?", eligible="knee pain",
    points="ST36 on both sides", arms=(B12, SALINE), balls=1, size=8, size_why="as many as come", washout_days=0, instrument=PAIN,
    after_h=24, window_h=20, analysis="randomisation", harm=Boundary(most_events=1), is_prepared=True, ethics_number="IRB 17",
    asks="You get B-12 or saline, at random. You are not told which before the end.")
PARALLEL = {"kind": "parallel", "analysis": "welch", "washout_days": 0}


# A plan as the first version wrote it, with its sequence in blocks: its text to the byte.
OF_BLOCKS = (
    '{"schema":"waterneedle/trial-plan/1","kind":"n_of_1","title":"B-12 or saline","question":"Does B-12 do more than saline at '
    'the same points?","eligible":"knee pain","points":"ST36 on both sides","arms":[{"name":"Crimson","technique":"injection",'
    '"product":"cyanocobalamin-1000mcg-ml","colour":"red","how":"0.5 mL"},{"name":"Limpid","technique":"injection","product":'
    '"sodium-chloride-0.9-preservative-free","colour":"clear","how":"0.5 mL"}],"repeats":[1],"size":8,"size_why":"four pairs",'
    '"strata":[],"washout_days":0,"instrument":"pain-now-0-10","after_h":24,"window_h":20,"analysis":"randomisation",'
    '"analysis_words":"","harm":{"most_events":1,"acceptable_rate":null,"alpha":0.05},"harm_of":"serious_or_related",'
    '"is_prepared":true,"ethics_number":"IRB 17","ethics_why":"","asks":"You get B-12 or saline, at random. You are not told '
    'which before the end."}')


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


def seed_of(*arms: int, of: int = 2, stratum: str = "", **more: Any) -> bytes:
    """A seed whose sequence begins with `arms`."""
    seeds = (number.to_bytes(32, "big") for number in range(200_000))
    wanted = plan(arms=(B12, SALINE, NEEDLE)[:of], **more)
    return next(seed for seed in seeds if tuple(one.arm for one in plans.sequence(wanted, seed, stratum, len(arms))) == arms)


def frozen_in_blocks(by: Access, patient: Patient, seed: bytes, text: str = OF_BLOCKS) -> Trial:
    """A trial as an earlier version has frozen it, to which `patient` has agreed."""
    trial = Trial.objects.create(
        clinic=by.clinic, kind="n_of_1", patient=patient, title="B-12 or saline", plan=text, made_at=timezone.now(),
        made_by=by.user)
    trial.document = canonical({
        "schema": actions.DOCUMENT, "trial": str(trial.uid), "clinic": by.clinic.slug, "patient": str(patient.uid),
        "plan": msgspec.json.decode(text), "frozen_at": timezone.now(), "frozen_by": str(by.user.uid)})
    trial.hash = digest(trial.document)
    trial.commitment = commitment(seed, trial=str(trial.uid), plan_hash=trial.hash)
    trial.sealed_seed, trial.frozen_at, trial.frozen_by = sealed.sealed_seed(seed), timezone.now(), by.user
    actions_consent.offer_trial(clinic=by.clinic, line=Line(
        id=trial.line, kind="trial", title=trial.title, text=trial.says.asks, covers=()), by=by)
    trial.save()
    actions.screen(trial=trial, patient=patient, by=by)
    signed(by, patient, *EVERY_PRODUCT, trial.line)
    return trial


def entered(by: Access, trial: Trial, patient: Patient, stratum: str = "") -> None:
    """`patient` has agreed to the trial and takes part in it."""
    signed(by, patient, *EVERY_PRODUCT, trial.line)
    if trial.kind == "parallel":
        actions.screen(trial=trial, patient=patient, by=by, stratum=stratum)


def allocated(by: Access, trial: Trial, patient: Patient, **more: Any) -> Allocation:
    """The next place, for a new visit; that nothing was given at the one before is written down where it was not signed."""
    for one in trial.allocations.filter(patient=patient, deviations=None, visit__signatures=None):
        allocating.deviate(allocation=one, text="nothing was given", by=by)
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
