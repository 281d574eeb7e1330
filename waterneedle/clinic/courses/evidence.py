"""What has been found out about a claim and about a protocol: for and against, how certain, and what nobody knows.

Everything comes from the knowledge; the verdict is made by rule (`outcomes.evidence.verdict`). Titles and results of studies
stay in the language in which they are on file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from waterneedle import knowledge
from waterneedle.clinic.visits.protocols import certainty_in_words, place_of, route_of
from waterneedle.clinic.web import words
from waterneedle.knowledge import Claim, Finding, Protocol, Source, Text
from waterneedle.outcomes import evidence

SIDES = ("for", "against", "none")


@dataclass(frozen=True)
class Said:
    """Words of a fact, the language they are in, and whether somebody has reviewed the translation."""

    text: str
    language: str
    is_reviewed: bool


@dataclass(frozen=True)
class Study:
    """One finding. `says`: on which side it stands of each claim, where the page is not that of one claim."""

    finding: Finding
    design: str
    certainty: str
    sources: tuple[Source, ...]
    says: tuple[tuple[str, Said], ...] = ()


@dataclass(frozen=True)
class Side:
    title: str
    counted: str
    studies: tuple[Study, ...]


@dataclass(frozen=True)
class ClaimRow:
    """A claim in one line: what is said, and what may honestly be answered."""

    id: str
    statement: Said
    verdict: str
    counted: str


@dataclass(frozen=True)
class ClaimPage:
    row: ClaimRow
    unknown: Said
    promise: str
    sides: tuple[Side, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class ProtocolPage:
    protocol: Protocol
    name: Said
    route: str
    places: tuple[tuple[str, str], ...]
    studies: tuple[Study, ...]
    claims: tuple[ClaimRow, ...]
    unknown: tuple[Said, ...]  # of each of the claims
    sources: tuple[Source, ...]


def claims() -> list[ClaimRow]:
    """Every claim, those of a complaint that is treated first."""
    return [row_of(one) for one in knowledge.claims().values()]


def protocols() -> list[tuple[str, Said]]:
    return [(one.id, said(one.name)) for one in knowledge.protocols().values()]


def claim_page(identity: str) -> ClaimPage:
    """The page of a claim. Raises KeyError for one that is not on file."""
    claim = knowledge.claims()[identity]
    sides = []
    for side in SIDES:
        found = evidence.on_side(claim, knowledge.evidence().values(), side)
        if found or side != "none":
            sides.append(Side(_title(side), counted(found), tuple(_study(one) for one in found)))
    return ClaimPage(row_of(claim), said(claim.unknown), _promise(claim), tuple(sides), _sources(claim.sources))


def protocol_page(identity: str) -> ProtocolPage:
    """The page of a protocol. Raises KeyError for one that is not on file."""
    protocol = knowledge.protocols()[identity]
    findings = [knowledge.evidence()[one] for one in protocol.findings]
    named = dict.fromkeys(claim for one in findings for claim in one.claims)
    return ProtocolPage(
        protocol=protocol,
        name=said(protocol.name),
        route=route_of(protocol),
        places=tuple(place_of(one) for one in protocol.sites),
        studies=tuple(
            replace(_study(one), says=tuple(
                (_title(side), said(knowledge.claims()[claim].statement)) for claim, side in one.directions.items()))
            for one in findings),
        claims=tuple(row_of(knowledge.claims()[one]) for one in named),
        unknown=tuple(said(knowledge.claims()[one].unknown) for one in named),
        sources=_sources(protocol.sources),
    )


def row_of(claim: Claim) -> ClaimRow:
    about = evidence.findings_about(claim, knowledge.evidence().values())
    counts = {side: sum(one.directions[claim.id] == side for one in about) for side in SIDES}
    summary = _("%(for)d for, %(against)d against, %(none)d neither way") % counts
    return ClaimRow(claim.id, said(claim.statement), verdict_in_words(evidence.verdict(claim, about)), summary)


def verdict_in_words(verdict: evidence.Verdict) -> str:
    return {
        "nothing on file": pgettext("verdict", "Nothing is on file, for or against."),
        "neither way": pgettext("verdict", "What is on file points neither way: not settled."),
        "not borne out": pgettext("verdict", "Nothing on file bears it out."),
        "not supported": pgettext("verdict", "What speaks against it is the more certain: not supported."),
        "not settled": pgettext("verdict", "Neither side is the more certain: not settled."),
        "not shown": pgettext("verdict", "The more certain studies point neither way: not shown."),
        "weak": pgettext("verdict", "What speaks for it is weak: not shown."),
        "possible": pgettext("verdict", "Possible, not shown."),
        "supported": pgettext("verdict", "Supported in the people who were studied; that foretells nothing for one person."),
    }[verdict]


def counted(found: Sequence[Finding]) -> str:
    """How many, and how certain: `3 studies: 1 low, 2 very low`."""
    if not found:
        return _("Nothing on file.")
    counts = Counter(one.certainty for one in found)
    certain = words.listed(f"{counts[one]} × {certainty_in_words(one)}" for one in evidence.CERTAINTIES if counts[one])
    return ngettext("%(count)d entry, certainty: %(certain)s", "%(count)d entries, certainty: %(certain)s", len(found)) % {
        "count": len(found), "certain": certain}


def said(text: Text) -> Said:
    language = get_language() or "en"
    translated = text.translation(language)
    return Said(translated, language, text.is_reviewed(language)) if translated else Said(text.en, "en", True)


def _title(side: str) -> str:
    return {"for": pgettext("evidence", "For"), "against": pgettext("evidence", "Against"),
            "none": pgettext("evidence", "Neither way")}[side]


def _promise(claim: Claim) -> str:
    if claim.may_be_promised:
        return _("People may be told to expect it; how it goes may not be promised.")
    return _("Nobody may promise it.")


def _study(finding: Finding) -> Study:
    return Study(finding, evidence.design_in_words(finding.design), certainty_in_words(finding.certainty),
                 _sources(finding.sources))


def _sources(citations: Iterable[object]) -> tuple[Source, ...]:
    known = knowledge.sources()
    return tuple(known[one.source] for one in citations)  # type: ignore[attr-defined]
