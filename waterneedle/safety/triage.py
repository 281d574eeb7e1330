"""What should this patient do now? A check-in of ticked symptoms and own words to the gravest level among its reasons.

Never under-calls: what is not known counts as possible, what cannot be placed goes to a person.
"""

from __future__ import annotations

from typing import Any

from waterneedle import knowledge
from waterneedle.safety import documents, issues
from waterneedle.safety.check import spoken
from waterneedle.safety.checkin import CheckIn, Reason, Triage
from waterneedle.safety.report import Report, read
from waterneedle.safety.triage_rules import RULES

LEVELS = ("none", "self_care", "call_clinic", "urgent", "emergency")


def triage(checkin: CheckIn | dict[str, Any], *, language: str | None = None) -> Triage:
    """What to do about `checkin`, a document of the contract or the record of one.

    `language` is that of the words (`en`, `es`, `zh-hans`; else the check-in's own, else English). Raises
    `InvalidDocument` naming the field where `checkin` is not valid.
    """
    document = documents.convert(checkin, CheckIn)
    report = read(document)
    wanted = spoken(language or document.language)
    found = [(rule.__name__, case) for rule in RULES for case in dict.fromkeys(rule(report))]
    found.sort(key=lambda one: -LEVELS.index(_case(*one).level))
    level = max((_case(*one).level for one in found), key=LEVELS.index, default="none")
    return Triage(
        level=level,
        reasons=tuple(_reason(rule, case, report, wanted) for rule, case in found),
        advice=_advice(level, found, wanted),
        not_understood=report.not_understood,
    )


def _case(rule: str, case: str) -> knowledge.TriageCase:
    return knowledge.triage_rules()[rule].cases[case]


def _reason(rule: str, case: str, report: Report, language: str) -> Reason:
    found = _case(rule, case)
    words = "; ".join(f"“{text}”" for text in report.not_understood[:5])
    return Reason(
        rule=rule,
        message=issues.in_language(found.message, language, {"words": words}),
        sources=tuple(issues.source_of(citation) for citation in found.sources),
    )


def _advice(level: str, found: list[tuple[str, str]], language: str) -> str:
    """The advice of the level, then what its reasons add to it."""
    cases = [_case(*one) for one in found]
    texts = [
        knowledge.level_advice()[level].text,
        *(case.advice for case in cases if case.advice is not None and case.level == level),
    ]
    return " ".join(dict.fromkeys(issues.in_language(text, language, {}) for text in texts))
