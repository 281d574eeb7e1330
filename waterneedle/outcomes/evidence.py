"""The bottom line of a claim, made by rule from the findings on file: never from taste, never a promise.

It counts what speaks for the claim, against it and neither way, by certainty, names the strongest entry on each side,
and says no more than the certainties allow. A finding has one direction, that of its own result, whichever of its claims
is asked about; the words say so, and no claim is called shown unless its record allows it.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from waterneedle.knowledge import Claim, Finding
from waterneedle.knowledge.evidence import Direction

CERTAINTIES = ("high", "moderate", "low", "very_low")  # strongest first

_SIDES: dict[Direction, str] = {"for": "for", "against": "against", "none": "neither way"}
_NOTHING = "No study on file speaks of this claim, so nothing can be said for it or against it."


def bottom_line(claim: Claim, findings: Iterable[Finding]) -> str:
    """What may honestly be said of `claim`, given all `findings` on file, in English sentences.

    Order of `findings` does not matter. Findings about other claims are passed over.
    """
    about = findings_about(claim, findings)
    if not about:
        return _NOTHING
    parts = [_counted(about), *(_strongest_named(about, side) for side in ("for", "against")),
             _verdict(claim, about), _promise(claim)]
    return " ".join(parts)


def findings_about(claim: Claim, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that name `claim`, strongest first: by certainty, then by the number of people, then by year."""
    return tuple(sorted((finding for finding in findings if claim.id in finding.claims), key=_strength))


def strongest(findings: Iterable[Finding], side: Direction) -> Finding | None:
    """The strongest finding on one side, or None where that side is empty."""
    return min((finding for finding in findings if finding.direction == side), key=_strength, default=None)


def certainty_in_words(certainty: str) -> str:
    return certainty.replace("_", " ")


def _strength(finding: Finding) -> tuple[int, int, int, str]:
    return (CERTAINTIES.index(finding.certainty), -(finding.participants or 0), -(finding.year or 0), finding.id)


def _counted(about: Sequence[Finding]) -> str:
    sides = [f"{len(found)} {words} ({_by_certainty(found)})" for side, words in _SIDES.items()
             if (found := [finding for finding in about if finding.direction == side])]
    entries = "1 entry" if len(about) == 1 else f"{len(about)} entries"
    return f"{entries} on file, counted by the direction of the result: {', '.join(sides)}."


def _by_certainty(found: Iterable[Finding]) -> str:
    counts = Counter(finding.certainty for finding in found)
    return ", ".join(f"{counts[certainty]} of {certainty_in_words(certainty)} certainty" for certainty in CERTAINTIES
                     if counts[certainty])


def _strongest_named(about: Iterable[Finding], side: Direction) -> str:
    found = strongest(about, side)
    if found is None:
        return f"Nothing on file speaks {side} it."
    people = None if found.participants is None else f"n = {found.participants}"
    details = (found.year, found.design, people, f"{certainty_in_words(found.certainty)} certainty")
    return f"Strongest {side}: {found.title.rstrip('.')} ({', '.join(str(part) for part in details if part)})."


def _verdict(claim: Claim, about: Sequence[Finding]) -> str:
    """What the certainties allow. A finding of no difference weighs against saying that there is one."""
    nothing = len(CERTAINTIES)
    best = {side: CERTAINTIES.index(found.certainty) if (found := strongest(about, side)) else nothing for side in _SIDES}
    if best["for"] == best["against"] == nothing:
        return "What is on file points neither way: it is not shown."
    if best["against"] < best["for"]:
        return "What speaks against it is the more certain: it must not be stated as a fact."
    if best["against"] == best["for"]:
        return "Neither side is the more certain: it is not settled."
    if best["none"] <= best["for"]:
        return "Entries that point neither way are at least as certain as those for it: it is not shown."
    if best["for"] >= CERTAINTIES.index("low"):
        return "What speaks for it is weak: it is not shown."
    if not claim.may_be_promised:
        return "It may be called possible, not shown."
    return "It is supported in the people who were studied; that foretells nothing for one person."


def _promise(claim: Claim) -> str:
    return "No result may be promised." if claim.may_be_promised else "It may not be promised."
