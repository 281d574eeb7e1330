"""What a warning said when it was answered: an answer covers that, and nothing that came to stand under the same rule later.

    compared = at_each_place(english, apart)        the assessment with what lies behind each warning
    found = of_rule(compared, "pleura_depth")       what stands under the rule, in short
    together(found)                                 the same in one word, for the form of an answer
    as_answered(charted, assessment, compared)      the assessment in which what was not shown is asked for

What an issue said is its English words, the injections that it names and the words at each of them: a second place, a greater
dose, a deeper needle at any of them make it another one. An answer that is kept is about the patient and not about the places: it
covers what the warning was about, its case and cause, for as long as it is kept, and neither another allergy nor another product.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import msgspec

from waterneedle.clinic.visits import asked
from waterneedle.clinic.visits.models import Reason
from waterneedle.clinic.visits.rows import Charted
from waterneedle.safety.check import Aparts
from waterneedle.safety.plan import Assessment, DetectedIssue


def at_each_place(english: Assessment, aparts: Iterable[Aparts]) -> Assessment:
    """The assessment to compare by, and not to show: a warning of several places has but their least and most figures, and here
    what is said at each. What it is about stands where its remedy was."""
    each: dict[tuple[str, str], tuple[str, ...]] = {}
    about: dict[tuple[str, str], str] = {}
    for one in aparts:
        for key, said in one.items():
            each[key], about[key] = (*each.get(key, ()), *said.places), said.about
    return msgspec.structs.replace(english, issues=tuple(
        msgspec.structs.replace(
            one, message="\n".join((one.message, *each.get((one.rule, one.message), ()))),
            remedy=about.get((one.rule, one.message)))
        for one in english.issues
    ))


def of_rule(compared: Assessment, rule: str) -> list[str]:
    """What the warnings of `rule` say, each in short."""
    return sorted(_in_short(one) for one in compared.issues if one.rule == rule and one.severity == "warn")


def about_of_rule(compared: Assessment, rule: str) -> list[str]:
    """What the warnings of `rule` are about, each in short: what an answer covers that is kept."""
    return sorted({_about(one) for one in compared.issues if one.rule == rule and one.severity == "warn"})


def together(found: Iterable[str]) -> str:
    return _hash("\n".join(found))


def as_answered(charted: Charted, assessment: Assessment, compared: Assessment) -> Assessment:
    """`compared` is the same assessment as `at_each_place` has it: what was shown is compared in one language."""
    answers = {one.rule: one for one in charted.reasons if one.shown is not None and one.rule != asked.RULE}
    if not answers:
        return assessment
    issues = tuple(
        msgspec.structs.replace(one, recorded=False)
        if one.recorded and one.rule in answers and not _covers(answers[one.rule], same) else one
        for one, same in zip(assessment.issues, compared.issues, strict=True)
    )
    return msgspec.structs.replace(assessment, issues=issues)


def _covers(answer: Reason, compared: DetectedIssue) -> bool:
    """Why something was not asked is about the patient of that day, wherever the needle goes, and is not compared."""
    return (_in_short(compared) if answer.review_on is None else _about(compared)) in answer.shown


def _in_short(one: DetectedIssue) -> str:
    return _hash("\n".join((one.rule, one.message, *one.injections)))


def _about(one: DetectedIssue) -> str:
    return _hash("\n".join((one.rule, one.remedy or "")))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]
