"""How often the check asks and bars, and how it is answered, over the signed visits of a clinic. Nobody is named.

What was warned of and then changed before the signature leaves no trace here: the figures are of what stood when it was signed.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count

from waterneedle import knowledge
from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.visits import ours
from waterneedle.clinic.visits.models import Reason, Signature
from waterneedle.safety.plan import Assessment


@dataclass(frozen=True)
class RuleFigures:
    """One rule: visits where it stood as a warning, by when it was answered, and visits signed against its block."""

    rule: str
    title: str
    asked: int
    kept: int
    against: int


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
    counts = {name: Counter() for name in ("asked", "kept", "against")}
    for one, visits in rows.order_by().values_list("stood").annotate(Count("pk")):  # most visits have nothing, or the same
        found.visits += visits
        found.with_question += visits * bool(one.get("asked"))
        found.with_block += visits * bool(one.get("against"))
        for name, count in counts.items():
            count.update(dict.fromkeys(one.get(name, ()), visits))
    asked, kept, against = counts.values()
    rules = sorted(asked | kept | against, key=lambda one: (-asked[one] - against[one], one))
    found.rules = [RuleFigures(one, _title(one, language), asked[one], kept[one], against[one]) for one in rules]
    return found


def _title(rule: str, language: str) -> str:
    known = knowledge.rules().get(rule)
    return (known.title.translation(language) or known.title.en) if known else ours.title(rule) or rule
