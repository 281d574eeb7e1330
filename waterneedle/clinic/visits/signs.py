"""The signs of a reaction in the clinic, as they may be tapped and as they are said."""

from __future__ import annotations

from django.utils.translation import get_language

from waterneedle import knowledge

GROUPS = ("signs_of_breathing", "signs_of_circulation", "signs_of_skin", "other_signs")
# Of the gut or of a nerve alone: what else is seen may be an allergy, a faint, a lung, or an anaesthetic in the blood.
MILD = frozenset(("nausea", "vomiting", "abdominal_pain", "numbness", "weakness", "pain_severe"))


def of_group(group: str) -> tuple[str, ...]:
    return knowledge.triage_rules()["allergy"].parameters[group].value


def is_sign(said: str) -> bool:
    return any(said in of_group(group) for group in GROUPS)


def in_words(said: str) -> str:
    """A sign of the vocabulary in the reader's language; anything else as it was typed."""
    concept = knowledge.vocabulary().get(said)
    if concept is None:
        return said
    return concept.named.translation(get_language() or "") or concept.term
