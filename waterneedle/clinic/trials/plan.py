"""The plan of a trial: what is compared, in whom, how it is measured, read and stopped. Fixed before anybody is allocated.

A plan is a value; its canonical text is what is hashed, and what the commitment to the seed binds. Plans of the first version had
their sequence drawn in blocks. They are read, drawn and analysed as they were fixed; none is fixed any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Literal

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from waterneedle import knowledge
from waterneedle.clinic.intake.documents import canonical
from waterneedle.knowledge import Instrument
from waterneedle.outcomes import allocation, urn
from waterneedle.outcomes.allocation import Place
from waterneedle.outcomes.harm import Boundary

SCHEMA = "waterneedle/trial-plan/2"
CHECK_IN = "check-in"  # the pain from 0 to 10 that a check-in asks for
N_OF_1, PARALLEL = "n_of_1", "parallel"
INJECTION, NEEDLE_ONLY = "injection", "needle_only"
COLOURS = {"clear": gettext_lazy("clear"), "red": gettext_lazy("red"), "other": gettext_lazy("another colour")}
ANALYSES = {
    "randomisation": gettext_lazy("randomisation test, with the interval of all effects that it does not reject"),
    "paired": gettext_lazy("mean of the differences within blocks, Student's t"),
    "welch": gettext_lazy("difference of means, Welch's t"),
    "ancova": gettext_lazy("difference of means for equal baselines (ANCOVA)"),
}
# What a new plan may choose. Treatments of one person hang together over time, which only the lot itself is safe against.
ANALYSES_OF = {N_OF_1: ("randomisation",), PARALLEL: ("welch", "ancova", "randomisation")}
BALLS = (1, 2, 4)


class Arm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the things that are compared. `product` is an id in the knowledge; a needle alone has neither it nor a colour."""

    name: str
    technique: Literal["injection", "needle_only"]
    product: str = ""
    colour: str = ""
    how: str = ""


class Plan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`size` counts allocations: visits of the one patient, or patients. `balls` of each arm are in the urn at the start; of the
    first version, which had none, `repeats` says how often a block may hold each arm."""

    schema: Literal["waterneedle/trial-plan/1", "waterneedle/trial-plan/2"] = SCHEMA
    kind: Literal["n_of_1", "parallel"]
    title: str
    question: str
    eligible: str
    points: str
    arms: tuple[Arm, ...]
    balls: int = 0
    repeats: tuple[int, ...] = ()
    size: int
    size_why: str
    strata: tuple[str, ...] = ()
    washout_days: int = 0
    instrument: str = CHECK_IN
    after_h: float
    window_h: float
    analysis: Literal["randomisation", "paired", "welch", "ancova"]
    analysis_words: str = ""
    harm: Boundary
    harm_of: Literal["serious", "serious_or_related"] = "serious_or_related"
    is_prepared: bool  # by another person than the one who treats, in an opaque syringe under a code
    ethics_number: str = ""
    ethics_why: str = ""
    asks: str  # what the patient reads and signs

    @property
    def pair(self) -> tuple[int, int]:
        """The two arms of the primary comparison."""
        return 0, 1

    @property
    def block_lengths(self) -> tuple[int, ...]:
        return tuple(len(self.arms) * one for one in self.repeats)

    @property
    def largest_chance(self) -> Fraction:
        """The most that who knows every earlier arm can make of any next one: 1 in blocks, whose last arm may be certain."""
        return urn.largest_chance(len(self.arms), balls=self.balls, places=self.size) if self.balls else Fraction(1)

    @property
    def usual_counts(self) -> tuple[int, int]:
        """How many places an arm gets in 95 of 100 sequences of an urn, where there is one stratum."""
        return urn.usual_counts(len(self.arms), balls=self.balls, places=self.size)


msgspec.json.Decoder(Plan)  # met here, where one thread imports: see `knowledge/store.py`


def written(plan: Plan) -> str:
    return canonical(plan)


def read(text: str) -> Plan:
    return msgspec.json.decode(text, type=Plan)


def sequence(plan: Plan, seed: bytes, stratum: str, count: int) -> tuple[Place, ...]:
    """The first `count` places of a stratum."""
    if plan.balls:
        return urn.sequence(seed, stratum=stratum, arms=len(plan.arms), balls=plan.balls, count=count)
    return allocation.sequence(seed, stratum=stratum, arms=len(plan.arms), repeats=plan.repeats, count=count)


def instruments() -> dict[str, Instrument]:
    """The instruments that a trial may be measured by: one number within known ends, with a better side."""
    return {
        name: one for name, one in knowledge.instruments().items()
        if len(one.items) == 1 and one.minimum is not None and one.maximum is not None
    }


def ends_of(plan: Plan) -> tuple[float, float]:
    """The smallest and the largest outcome that can be."""
    if plan.instrument == CHECK_IN:
        return 0.0, 10.0
    one = instruments()[plan.instrument]
    return float(one.minimum), float(one.maximum)


def problems(plan: Plan) -> Iterator[str]:
    """What stands against freezing this plan, in words; nothing when it holds together."""
    if len(plan.arms) < 2:
        yield _("A trial compares two arms at least.")
    if len({arm.name.casefold() for arm in plan.arms}) < len(plan.arms):
        yield _("Two arms have the same name.")
    if any(arm.technique == INJECTION and not arm.product for arm in plan.arms):
        yield _("Say for each injection which product it is.")
    if plan.analysis not in ANALYSES_OF[plan.kind]:
        yield _("This analysis does not fit this kind of trial.")
    if plan.balls not in BALLS:
        yield _("Say with how many balls of each arm the urn begins: in blocks the last arm may be certain, and none are drawn "
                "any more.")
    if plan.size < 2 * len(plan.arms):
        yield _("The planned number must be twice the number of arms at least.")
    if not plan.ethics_number and not plan.ethics_why:
        yield _("Give the number of the ethics approval, or say why none is needed.")
    if plan.harm.most_events is None and plan.harm.acceptable_rate is None:
        yield _("Say when the trial is stopped for harm: a number of events, a rate, or both.")
    if plan.instrument != CHECK_IN and plan.instrument not in instruments():
        yield _("The instrument is not on file.")


def who_knows(plan: Plan) -> list[dict[str, Any]]:
    """Who can be kept blind and who cannot, each with the reason: said before the trial, and again in its report."""
    fluid = len({arm.technique for arm in plan.arms}) == 1
    same_look = len({arm.colour for arm in plan.arms}) == 1
    if not plan.is_prepared:
        patient = False, _("Nobody else prepares: who treats sees the arm and may give it away.")
    elif not fluid:
        patient = False, _("A needle alone puts no fluid in: it looks and feels different. Injections can be kept apart, the "
                           "needle alone cannot.")
    elif same_look:
        patient = True, _("The fluids look alike, and another person prepares them under a code.")
    else:
        patient = True, _("The fluids look different, such as red and clear: blind only as long as the syringe is opaque and the "
                          "patient sees no drop.")
    treats = _("The chart must say what is in the syringe, and the check needs it before the needle goes in: who treats knows "
               "it as soon as the chart is opened.")
    if patient[0]:
        assessor = True, _("The patient answers by a link, with nobody beside, and does not know. Where somebody of the clinic "
                           "who may have seen what was given writes an answer down, the report says so.")
    else:
        assessor = False, _("The patient is who assesses, and the patient knows.")
    return [
        {"role": "patient", "who": _("the patient"), "blind": patient[0], "why": patient[1]},
        {"role": "treats", "who": _("who treats"), "blind": False, "why": treats},
        {"role": "assesses", "who": _("who assesses the outcome"), "blind": assessor[0], "why": assessor[1]},
    ]


def sequence_in_words(plan: Plan) -> list[str]:
    """How the lot falls, what can be foreseen of it, and how often each arm comes."""
    if not plan.balls:
        return [_("In blocks of %(lengths)s: whoever knows the earlier arms of a block may know its last one.") % {
            "lengths": ", ".join(map(str, plan.block_lengths))}]
    found = [
        ngettext("From an urn that begins with %(balls)s ball of each arm.",
                 "From an urn that begins with %(balls)s balls of each arm.", plan.balls) % {"balls": plan.balls},
        _("Whoever knows every earlier arm and this plan never knows the next one: whatever came before, none is likelier than "
          "%(chance)s.") % {"chance": chance_in_words(plan)}]
    if len(plan.strata) < 2:
        low, high = plan.usual_counts
        found.append(_("How often an arm comes is not fixed: of %(size)s places %(low)s to %(high)s in 95 of 100 sequences.") % {
            "size": plan.size, "low": low, "high": high})
    return found


def chance_in_words(plan: Plan) -> str:
    """The largest chance of a next arm."""
    return _("%(part)s of %(whole)s") % {"part": plan.largest_chance.numerator, "whole": plan.largest_chance.denominator}


def assessor_is_blind(plan: Plan) -> bool:
    return bool(who_knows(plan)[2]["blind"])


def patient_is_blind(plan: Plan) -> bool:
    return bool(who_knows(plan)[0]["blind"])
