"""What a report begins with: all that the answer or the reaction has said already, so that nothing is typed again."""

from __future__ import annotations

from typing import Any

from waterneedle.clinic.followup.models import Answer, EventKind, EventOutcome, EventSeverity
from waterneedle.clinic.followup.queries import document_of, triage_of
from waterneedle.clinic.followup.questions import symptoms_asked
from waterneedle.clinic.followup.sites import given_at
from waterneedle.clinic.visits.models import Visit
from waterneedle.clinic.visits.models_after import Reaction, ReactionEntry
from waterneedle.clinic.visits.reactions import entry_in_words
from waterneedle.clinic.web import words

# The rule of triage that has spoken, to the kind that is counted, the gravest first: a first guess, which a person looks at.
_KINDS = {
    "lung": EventKind.LUNG,
    "allergy": EventKind.ALLERGY,
    "skin_death": EventKind.SKIN_DEATH,
    "infection": EventKind.SITE_INFECTION,
    "nerve": EventKind.NERVE,
    "spinal_cord": EventKind.NERVE,
    "collapse": EventKind.FAINTING,
    "bleeding": EventKind.BRUISE,
    "expected": EventKind.BRUISE,
    "swelling": EventKind.BRUISE,
    "pain": EventKind.PAIN,
}
_SEVERE, _MODERATE = 8, 4  # of 10: a first guess as well


def from_answer(answer: Answer) -> dict[str, Any]:
    """The first values of a report about what a check-in said."""
    spoken = {one["rule"] for one in triage_of(answer)["reasons"]}
    ticked = [str(one["words"]) for one in symptoms_asked(document_of(answer)) if one["present"]]
    said = [*ticked, *([f"“{answer.said}”"] if answer.said else [])]
    if answer.bruise and answer.bruise != "none":
        said.append(f"{answer._meta.get_field('bruise').verbose_name}: {answer.get_bruise_display()}")
    if answer.since:
        said.append(f"{answer._meta.get_field('since').verbose_name}: {answer.get_since_display()}")
    said.append(f"{answer._meta.get_field('pain').verbose_name} {answer.pain}/10")
    return {
        "kind": next((kind for rule, kind in _KINDS.items() if rule in spoken), None),
        "said": words.told(said),
        "severity": _severity(answer),
        "injection": _only(answer.visit),
        "outcome": EventOutcome.NOT_RECOVERED,
    }


def from_reaction(reaction: Reaction) -> dict[str, Any]:
    """The first values of a report about a reaction in the clinic."""
    entries = list(reaction.entries.order_by("at", "pk"))
    done = [one for one in entries if one.kind in (ReactionEntry.EPINEPHRINE, ReactionEntry.EMERGENCY_CALL)]
    seen = [one for one in entries if one not in done]
    return {
        "kind": EventKind.ANAPHYLAXIS if any(one.kind == ReactionEntry.EPINEPHRINE for one in entries) else None,
        "said": words.told(entry_in_words(one) for one in seen),
        "actions": words.told(entry_in_words(one) for one in done),
        "onset_at": reaction.began_at,
        "injection": _only(reaction.visit),
    }


def _severity(answer: Answer) -> str:
    if answer.is_grave or (answer.pain or 0) >= _SEVERE:
        return EventSeverity.SEVERE
    return EventSeverity.MODERATE if (answer.pain or 0) >= _MODERATE else EventSeverity.MILD


def _only(visit: Visit | None) -> str:
    """The injection, where the visit had one alone: with two a person has to say which."""
    given = given_at(visit).injections if visit else ()
    return str(given[0].uid) if len(given) == 1 else ""
