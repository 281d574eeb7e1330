"""Published protocols as they can be chosen for a visit, each with what is on file for it and against it."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from waterneedle import knowledge
from waterneedle.clinic.visits.closed import in_place_of_the_fluid
from waterneedle.clinic.visits.copying import asks_side, charted_place, is_charted
from waterneedle.clinic.visits.models import Injection, Route, Status, Syringe, Technique, Visit
from waterneedle.clinic.web import words
from waterneedle.clinic.web.words import named_place
from waterneedle.knowledge.evidence import Finding, Protocol, ProtocolSite
from waterneedle.knowledge.fact import Text
from waterneedle.outcomes.evidence import CERTAINTIES, design_in_words
from waterneedle.safety import names

LOOKED_BACK_DAYS = 60  # what nobody has charted for as long is no habit; our judgement
LOOKED_BACK = 20  # visits


@dataclass(frozen=True)
class Said:
    """Words in the reader's language where somebody has reviewed the translation, else in English; `language` says which."""

    text: str
    language: str


@dataclass(frozen=True)
class ClaimRow:
    direction: str  # for, against, none
    statement: Said


@dataclass(frozen=True)
class FindingRow:
    finding: Finding
    design: str
    certainty: str
    claims: tuple[ClaimRow, ...]
    sources: tuple[knowledge.Source, ...]


@dataclass(frozen=True)
class ProtocolRow:
    protocol: Protocol
    name: Said
    places: tuple[tuple[str, str], ...]  # kind (point or other) and name
    is_charted: bool
    asks_side: bool
    summary: str
    findings: tuple[FindingRow, ...]
    sources: tuple[knowledge.Source, ...]  # those that no finding names already

    @property
    def route(self) -> str:
        return route_of(self.protocol)


@dataclass(frozen=True)
class Protocols:
    """Those whose fluid is in the syringe, and the others."""

    fitting: tuple[ProtocolRow, ...]
    others: tuple[ProtocolRow, ...]


def protocols_for(syringe: Syringe | None, language: str) -> Protocols:
    """Every protocol on file, those with a substance of the syringe apart. Without a syringe none fits."""
    held = substances_in(syringe) if syringe else frozenset()
    rows = [(not held.isdisjoint(_substances(one)), _row(one, language)) for one in knowledge.protocols().values()]
    return Protocols(tuple(row for fits, row in rows if fits), tuple(row for fits, row in rows if not fits))


def charted_before(syringe: Syringe, visit: Visit, language: str) -> ProtocolRow | None:
    """Of the protocols with what is in the syringe, the one whose places who treats has injected last, in a signed visit.

    None where there is none, or where the visit is kept closed, of which nothing may be told. Which side it was is not said:
    that is of the patient.
    """
    if visit.practitioner_id is None or in_place_of_the_fluid(visit):
        return None
    held = substances_in(syringe)
    known = {
        frozenset(tuple(charted_place(site).values()) for site in one.sites): one
        for one in knowledge.protocols().values() if is_charted(one) and not held.isdisjoint(_substances(one))}
    found = next((known[places] for places in _places_injected(visit) if places in known), None) if known else None
    return _row(found, language) if found else None


def _places_injected(visit: Visit) -> list[frozenset[tuple[str, ...]]]:
    """Of the last signed visits of who treats, the newest first: which points, muscles and regions each has."""
    lately = Visit.objects.filter(
        clinic=visit.clinic_id, practitioner=visit.practitioner_id, is_draft=False,
        day__gt=visit.day - datetime.timedelta(LOOKED_BACK_DAYS), day__lte=visit.day)
    lately = lately.exclude(strikes__struck_at__isnull=False).order_by("-day", "-pk")
    newest = list(lately.values_list("pk", flat=True)[:LOOKED_BACK])
    went_in = Injection.objects.filter(
        clinic=visit.clinic_id, visit__in=newest, removed_at=None, status=Status.GIVEN, technique=Technique.INJECTION)
    places: dict[int, set[tuple[str, ...]]] = defaultdict(set)
    for of, *place in went_in.values_list("visit_id", "point", "muscle", "region"):
        places[of].add(tuple(place))
    return [frozenset(places[one]) for one in newest if one in places]


def substances_in(syringe: Syringe) -> frozenset[str]:
    """The active substances of what is in a syringe, as far as its products are on file."""
    products = (knowledge.products().get(fill.vial.lot.item.product) for fill in syringe.contents)
    return frozenset(active.substance for product in products if product for active in product.actives)


def _substances(protocol: Protocol) -> tuple[str, ...]:
    return names.concept("substance", protocol.substance).ids


def _row(protocol: Protocol, language: str) -> ProtocolRow:
    findings = sorted((knowledge.evidence()[one] for one in protocol.findings), key=_strength)
    told = {one.source for finding in findings for one in finding.sources}
    return ProtocolRow(
        protocol=protocol,
        name=_said(protocol.name, language),
        places=tuple(place_of(one) for one in protocol.sites),
        is_charted=is_charted(protocol),
        asks_side=asks_side(protocol),
        summary=_summary(findings),
        findings=tuple(_finding(one, language) for one in findings),
        sources=tuple(knowledge.sources()[one.source] for one in protocol.sources if one.source not in told),
    )


def place_of(site: ProtocolSite) -> tuple[str, str]:
    """Its kind (point or other), and the code of the point or the name of the muscle or region in the reader's language."""
    return ("point", site.point) if site.point else ("other", named_place(site.muscle or site.region or ""))


def route_of(protocol: Protocol) -> str:
    """The letters of its route, or in words that it is another one than those that have any; "" where its source says none."""
    return str(Route.OTHER.label) if protocol.route == Route.OTHER else protocol.route or ""


def _strength(finding: Finding) -> tuple[int, int]:
    return CERTAINTIES.index(finding.certainty), -(finding.participants or 0)


def _summary(findings: list[Finding]) -> str:
    """How much is on file about a protocol, and how certain it is: nothing of it says that it helps."""
    if not findings:
        return _("Nothing on file says whether this helps.")
    counts = Counter(one.certainty for one in findings)
    certain = words.listed(f"{counts[one]} × {certainty_in_words(one)}" for one in CERTAINTIES if counts[one])
    told = ngettext("%(count)d finding on file, certainty: %(certain)s.", "%(count)d findings on file, certainty: %(certain)s.",
                    len(findings))
    return told % {"count": len(findings), "certain": certain}


def certainty_in_words(certainty: str) -> str:
    return {
        "high": pgettext("certainty", "high"),
        "moderate": pgettext("certainty", "moderate"),
        "low": pgettext("certainty", "low"),
        "very_low": pgettext("certainty", "very low"),
    }[certainty]


def _finding(finding: Finding, language: str) -> FindingRow:
    known = knowledge.claims()
    claims = tuple(ClaimRow(finding.directions[one], _said(known[one].statement, language)) for one in finding.claims)
    sources = tuple(knowledge.sources()[one.source] for one in finding.sources)
    return FindingRow(finding, design_in_words(finding.design), certainty_in_words(finding.certainty), claims, sources)


def _said(text: Text, language: str) -> Said:
    translated = text.translation(language) if text.is_reviewed(language) else None
    return Said(translated, language) if translated else Said(text.en, "en")
