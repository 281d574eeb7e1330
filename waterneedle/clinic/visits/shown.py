"""What a warning said when it was answered: an answer covers that, and nothing that came to stand under the same rule later.

    compared = at_each_place(english, apart)        the assessment with what stands at each place that a warning names
    found = of_rule(compared, "pleura_depth")       what stands under the rule, in short
    together(found)                                 the same in one word, for the form of an answer
    as_answered(charted, assessment, compared)      the assessment in which what was not shown is asked for

What an issue said is its English words, the injections that it names and the words at each of them: a second place, a greater
dose, a deeper needle at any of them make it another one. An answer that is kept is about the patient, and covers what it is asked
of for as long as it is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import msgspec

from waterneedle.clinic.visits import asked
from waterneedle.clinic.visits.models import Reason
from waterneedle.clinic.visits.rows import Charted
from waterneedle.safety.check import Apart
from waterneedle.safety.plan import Assessment, DetectedIssue


def at_each_place(english: Assessment, apart: Iterable[Apart]) -> Assessment:
    """The assessment to compare by, and not to show: a warning of several places has but their least and most figures."""
    each: dict[tuple[str, str], tuple[str, ...]] = {}
    for one in apart:
        for key, said in one.items():
            each[key] = (*each.get(key, ()), *said)
    if not each:
        return english
    return msgspec.structs.replace(english, issues=tuple(
        msgspec.structs.replace(one, message="\n".join((one.message, *each.get((one.rule, one.message), ()))))
        for one in english.issues
    ))


def of_rule(compared: Assessment, rule: str) -> list[str]:
    """What the warnings of `rule` say, each in short."""
    return sorted(_in_short(one) for one in compared.issues if one.rule == rule and one.severity == "warn")


def together(found: Iterable[str]) -> str:
    return _hash("\n".join(found))


def is_bound(reason: Reason, charted: Charted) -> bool:
    """Whether an answer counts for what was shown alone: one of this visit that is not kept. Why something was not asked is about
    the patient of that day, wherever the needle goes."""
    is_of_the_moment = reason.visit_id == charted.visit.pk and reason.review_on is None and reason.rule != asked.RULE
    return is_of_the_moment and reason.shown is not None


def as_answered(charted: Charted, assessment: Assessment, compared: Assessment) -> Assessment:
    """`compared` is the same assessment as `at_each_place` has it: what was shown is compared in one language."""
    shown = {one.rule: frozenset(one.shown) for one in charted.reasons if is_bound(one, charted)}
    if not shown:
        return assessment
    issues = tuple(
        msgspec.structs.replace(one, recorded=False)
        if one.recorded and one.rule in shown and _in_short(same) not in shown[one.rule] else one
        for one, same in zip(assessment.issues, compared.issues, strict=True)
    )
    return msgspec.structs.replace(assessment, issues=issues)


def _in_short(one: DetectedIssue) -> str:
    return _hash("\n".join((one.rule, one.message, *one.injections)))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]
