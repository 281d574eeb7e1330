"""How often the check asks and bars, and how it is answered, over the signed visits of a clinic. Nobody is named.

What was warned of and then changed before the signature leaves no trace here: the figures are of what stood when it was signed.
"""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass, field

import msgspec

from waterneedle import knowledge
from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.visits.models import Signature


class _Issue(msgspec.Struct):
    rule: str
    severity: str


class _Assessment(msgspec.Struct):
    issues: list[_Issue]


class _Reason(msgspec.Struct):
    rule: str
    at: datetime.datetime


class _Step(msgspec.Struct):
    at: datetime.datetime


class _Document(msgspec.Struct):
    """The parts of a signed visit that are counted."""

    assessment: _Assessment
    reasons: list[_Reason]
    steps: list[_Step]
    deviation_why: str


_decode = msgspec.json.Decoder(_Document).decode


@dataclass(frozen=True)
class RuleFigures:
    """One rule: visits where it stood as a warning, by when it was answered, and visits signed against its block."""

    rule: str
    title: str
    asked: int
    kept: int
    against: int

    @property
    def overridden(self) -> float | None:
        """Percent of its warnings and blocks that were passed by an answer of that visit; None: it never stood."""
        stood = self.asked + self.kept + self.against
        return 100 * (self.asked + self.against) / stood if stood else None


@dataclass
class Figures:
    visits: int = 0
    with_question: int = 0
    with_block: int = 0
    rules: list[RuleFigures] = field(default_factory=list)

    @property
    def question_percent(self) -> float | None:
        return 100 * self.with_question / self.visits if self.visits else None

    @property
    def block_percent(self) -> float | None:
        return 100 * self.with_block / self.visits if self.visits else None


def figures(clinic: Clinic, since: datetime.datetime, language: str) -> Figures:
    """Of the visits signed since then and not struck; the rule that asks most first, in the words of `language`."""
    rows = Signature.objects.filter(clinic=clinic, signed_at__gte=since).exclude(visit__strikes__struck_at__isnull=False)
    found, asked, kept, against = Figures(), Counter(), Counter(), Counter()
    for text in rows.values_list("document", flat=True).iterator(chunk_size=500):
        document = _decode(text)
        began = min((one.at for one in document.steps), default=None)
        before = {one.rule for one in document.reasons if began is not None and one.at < began}
        warned = {one.rule for one in document.assessment.issues if one.severity == "warn"}
        barred = {one.rule for one in document.assessment.issues if one.severity == "block"} if document.deviation_why else set()
        found.visits += 1
        found.with_question += bool(warned - before)
        found.with_block += bool(barred)
        asked.update(warned - before)
        kept.update(warned & before)
        against.update(barred)
    rules = sorted(asked | kept | against, key=lambda one: (-asked[one] - against[one], one))
    found.rules = [RuleFigures(one, _title(one, language), asked[one], kept[one], against[one]) for one in rules]
    return found


def _title(rule: str, language: str) -> str:
    known = knowledge.rules().get(rule)
    return (known.title.translation(language) or known.title.en) if known else rule
