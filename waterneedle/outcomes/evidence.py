"""The bottom line of a claim, made by rule from the findings on file: never from taste, never a promise.

It counts what speaks for the claim, against it and neither way, by certainty, names the strongest entry on each side,
and says no more than the certainties allow. A finding has a direction for each of its claims, so that a trial which bears out
one of them cannot count for another. No claim is called supported unless its record allows it.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

from waterneedle.knowledge import Claim, Finding
from waterneedle.knowledge.evidence import Direction

CERTAINTIES = ("high", "moderate", "low", "very_low")  # strongest first

_SIDES: dict[Direction, str] = {"for": "for", "against": "against", "none": "neither way"}
Verdict = Literal[
    "nothing on file", "neither way", "not borne out", "not supported", "not settled", "not shown", "weak", "possible",
    "supported"]
_NOTHING = "No study on file speaks of this claim, so nothing can be said for it or against it."
_VERDICTS: dict[Verdict, str] = {
    "nothing on file": _NOTHING,
    "neither way": "What is on file points neither way: it is not settled.",
    "not borne out": "Nothing on file bears it out: it must not be stated as a fact.",
    "not supported": "What speaks against it is the more certain: it is not supported and must not be stated as a fact.",
    "not settled": "Neither side is the more certain: it is not settled.",
    "not shown": "More certain entries point neither way: it is not shown.",
    "weak": "What speaks for it is weak: it is not shown.",
    "possible": "It may be called possible, not shown.",
    "supported": "It is supported by {enough}, in the people who were studied; that foretells nothing for one person.",
}


def bottom_line(claim: Claim, findings: Iterable[Finding]) -> str:
    """What may honestly be said of `claim`, given all `findings` on file, in English sentences.

    Order of `findings` does not matter. Findings about other claims are passed over.
    """
    about = findings_about(claim, findings)
    if not about:
        return _NOTHING
    parts = [_counted(claim, about), *(_strongest_named(claim, about, side) for side in ("for", "against")),
             _verdict_in_words(claim, about), _promise(claim)]
    return " ".join(parts)


def findings_about(claim: Claim, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that name `claim`, strongest first: by certainty, then by the number of people, then by year."""
    return tuple(sorted((finding for finding in findings if claim.id in finding.claims), key=_strength))


def on_side(claim: Claim, findings: Iterable[Finding], side: Direction) -> tuple[Finding, ...]:
    """The findings that point to `side` for `claim`, strongest first."""
    return tuple(finding for finding in findings_about(claim, findings) if finding.directions[claim.id] == side)


def strongest(claim: Claim, findings: Iterable[Finding], side: Direction) -> Finding | None:
    """The strongest finding on one side of `claim`, or None where that side is empty."""
    return next(iter(on_side(claim, findings, side)), None)


def certainty_in_words(certainty: str) -> str:
    return certainty.replace("_", " ")


def design_in_words(design: str) -> str:
    """The design of a study as a reader says it: what is on file shortens the two commonest ones."""
    first, *rest = design.split(" ")
    return " ".join(({"SR": "systematic review", "RCT": "randomised controlled trial"}.get(first, first), *rest))


def _strength(finding: Finding) -> tuple[int, int, int, str]:
    return (CERTAINTIES.index(finding.certainty), -(finding.participants or 0), -(finding.year or 0), finding.id)


def _counted(claim: Claim, about: Sequence[Finding]) -> str:
    sides = [f"{len(found)} {words} ({_by_certainty(found)})" for side, words in _SIDES.items()
             if (found := on_side(claim, about, side))]
    entries = "1 entry" if len(about) == 1 else f"{len(about)} entries"
    return f"{entries} on file, counted by what the result says of this claim: {', '.join(sides)}."


def _by_certainty(found: Iterable[Finding]) -> str:
    counts = Counter(finding.certainty for finding in found)
    return ", ".join(f"{counts[certainty]} of {certainty_in_words(certainty)} certainty" for certainty in CERTAINTIES
                     if counts[certainty])


def _strongest_named(claim: Claim, about: Iterable[Finding], side: Direction) -> str:
    found = strongest(claim, about, side)
    if found is None:
        return f"Nothing on file speaks {side} it."
    people = None if found.participants is None else f"n = {found.participants}"
    details = (found.year, found.design, people, f"{certainty_in_words(found.certainty)} certainty")
    return f"Strongest {side}: {found.title.rstrip('.')} ({', '.join(str(part) for part in details if part)})."


def verdict(claim: Claim, findings: Iterable[Finding]) -> Verdict:
    """What the certainties allow. Entries that point neither way, often background, weigh only where they are more certain."""
    about, nothing = findings_about(claim, findings), len(CERTAINTIES)
    if not about:
        return "nothing on file"
    best = {side: CERTAINTIES.index(found.certainty) if (found := strongest(claim, about, side)) else nothing
            for side in _SIDES}
    if best["for"] == best["against"] == nothing:
        return "neither way"
    if best["for"] == nothing:
        return "not borne out"
    if best["against"] < best["for"]:
        return "not supported"
    if best["against"] == best["for"]:
        return "not settled"
    if best["none"] < best["for"]:
        return "not shown"
    if best["for"] >= CERTAINTIES.index("low"):
        return "weak"
    return "supported" if claim.may_be_promised else "possible"


def _verdict_in_words(claim: Claim, about: Sequence[Finding]) -> str:
    return _VERDICTS[verdict(claim, about)].format(enough=_enough(claim, about))


def _enough(claim: Claim, about: Iterable[Finding]) -> str:
    count = sum(CERTAINTIES.index(found.certainty) <= CERTAINTIES.index("moderate") for found in on_side(claim, about, "for"))
    return f"{count} {'entry' if count == 1 else 'entries'} of moderate or high certainty"


def _promise(claim: Claim) -> str:
    if claim.may_be_promised:
        return "People may be told to expect it; how it goes may not be promised."
    return "It may not be promised."
