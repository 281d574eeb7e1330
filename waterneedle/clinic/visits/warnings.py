"""How often the check asks and bars, and what people do then, over the signed visits of a clinic. Nobody is named.

The override rate of a rule: of the visits in which its warning had to be answered, those that went on with a reason. Of its
block: of the visits in which it barred a puncture on the page, those that were signed against it. `heeded.py` says exactly which
visit is which; what was settled without a decision (a question answered, a consent signed) is in neither part. The limits are
those of Clopper and Pearson at 95 %, with each visit for itself, though those of one patient or one practitioner are more alike.
Visits that were signed before it was kept what was changed count for what stood alone, and for no rate.
"""

from __future__ import annotations

import datetime
import functools
import operator
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count

from waterneedle import knowledge
from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.visits import ours
from waterneedle.clinic.visits.models import Reason, Signature
from waterneedle.outcomes.rates import Rate, rate
from waterneedle.safety.plan import Assessment


@dataclass(frozen=True)
class RuleFigures:
    """One rule: visits where it stood as a warning, by when it was answered, and visits signed against its block; and what
    became of it where it was shown and did not stand at the signature (`heeded.py`)."""

    rule: str
    title: str
    asked: int
    kept: int
    against: int
    changed: int = 0
    settled: int = 0
    heeded: int = 0
    lifted: int = 0
    override: Rate | None = None  # None: no visit had to answer
    override_of_block: Rate | None = None  # None: no visit was barred


_STOOD, _GONE = ("asked", "kept", "against"), ("changed", "settled", "heeded", "lifted")


@dataclass
class Figures:
    visits: int = 0
    with_question: int = 0
    with_block: int = 0
    rules: list[RuleFigures] = field(default_factory=list)


def stood(
    assessment: Assessment, reasons: Iterable[Reason], visit_id: int, *, injected: bool = True
) -> dict[str, list[str]]:
    """The rules that stand at the signature of a visit: asked and answered in it, answered before, and signed against. Where
    nothing was injected the check was heeded: nobody had to answer, and nothing was done against it."""
    answered = {one.rule for one in reasons if one.visit_id == visit_id}
    warned = {one.rule for one in assessment.issues if one.severity == "warn" and (injected or one.recorded)}
    before = {one.rule for one in reasons} - answered
    barred = {one.rule for one in assessment.issues if one.severity == "block" and injected}
    return {"asked": sorted(warned - before), "kept": sorted(warned & before), "against": sorted(barred)}


def figures(clinic: Clinic, since: datetime.datetime, language: str) -> Figures:
    """Of the visits signed since then and not struck; the rule that asks most first, in the words of `language`."""
    rows = Signature.objects.filter(clinic=clinic, signed_at__gte=since).exclude(visit__strikes__struck_at__isnull=False)
    found = Figures()
    counts = {name: Counter() for name in (*_STOOD, *_GONE)}
    watched = {name: Counter() for name in ("asked", "against")}  # of the visits of which it is known what was changed
    for one, visits in rows.order_by().values_list("stood").annotate(Count("pk")):  # most visits have nothing, or the same
        found.visits += visits
        found.with_question += visits * bool(one.get("asked"))
        found.with_block += visits * bool(one.get("against"))
        for name, count in counts.items():
            count.update(dict.fromkeys(one.get(name, ()), visits))
        for name, count in watched.items():
            count.update(dict.fromkeys(one[name] if "changed" in one else (), visits))
    # What was only ever settled without a decision is no figure of a rule, but of the order in which a visit is charted.
    every = functools.reduce(operator.or_, (counts[name] for name in (*_STOOD, "changed", "heeded")))
    asked, against = counts["asked"], counts["against"]
    found.rules = [
        RuleFigures(
            rule, _title(rule, language), **{name: count[rule] for name, count in counts.items()},
            override=rate(watched["asked"][rule], watched["asked"][rule] + counts["changed"][rule]),
            override_of_block=rate(watched["against"][rule], watched["against"][rule] + counts["heeded"][rule]))
        for rule in sorted(every, key=lambda one: (-asked[one] - against[one] - counts["changed"][one], one))
    ]
    return found


def _title(rule: str, language: str) -> str:
    known = knowledge.rules().get(rule)
    return (known.title.translation(language) or known.title.en) if known else ours.title(rule) or rule
