"""What must hold between facts: every reference leads somewhere, every example is true of its record, nothing is said twice."""
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec

from waterneedle.knowledge.fact import Citation, Fact, Text
from waterneedle.knowledge.jurisdiction import Jurisdiction, Period
from waterneedle.knowledge.point import CHANNEL_COUNTS, Point
from waterneedle.knowledge.sections import SECTIONS, Library, Problem


def problems_of(library: Library) -> tuple[Problem, ...]:
    """Every problem that shows only when the facts are seen together, in the order of the sections."""
    return tuple(problem for check in _CHECKS for problem in check(library))


def citations(record: Any) -> Iterator[Citation]:
    """Every citation inside a record, however deep it stands."""
    if isinstance(record, Citation):
        yield record
    elif isinstance(record, msgspec.Struct):
        for name in record.__struct_fields__:
            yield from citations(getattr(record, name))
    elif isinstance(record, dict):
        for value in record.values():
            yield from citations(value)
    elif isinstance(record, (tuple, list)):
        for value in record:
            yield from citations(value)


def _dangling_sources(library: Library) -> Iterator[Problem]:
    known = library["sources"]
    for section, identity, record in _records(library):
        for source in sorted({citation.source for citation in citations(record)} - set(known)):
            yield Problem(section, identity, f"cites {source!r}, which is not among the sources")


def _unfindable_sources(library: Library) -> Iterator[Problem]:
    for identity, source in library["sources"].items():
        if not source.can_be_found:
            yield Problem("sources", identity, "gives a reader nothing to look it up by (doi, pmid, isbn, ndc, rule or url)")


def _unused_sources(library: Library) -> Iterator[Problem]:
    cited = {citation.source for _, _, record in _records(library) for citation in citations(record)}
    for identity in sorted(set(library["sources"]) - cited):
        yield Problem("sources", identity, "no fact cites it")


def _point_counts(library: Library) -> Iterator[Problem]:
    counts = Counter(code.rstrip("0123456789") for code in library["points"])
    for channel, expected in CHANNEL_COUNTS.items():
        if counts[channel] != expected:
            yield Problem("points", channel, f"has {counts[channel]} points, not {expected}")


def _point_references(library: Library) -> Iterator[Problem]:
    known = set(library["landmarks"]) | set(library["points"])
    for code, point in library["points"].items():
        for target in sorted(_targets(point) - known):
            yield Problem("points", code, f"refers to {target!r}, which is neither a landmark nor a point")


def _segment_references(library: Library) -> Iterator[Problem]:
    for identity, segment in library["segments"].items():
        yield from _missing("segments", identity, {segment.start, segment.end}, library["landmarks"])


def _level_references(library: Library) -> Iterator[Problem]:
    for identity, level in library["levels"].items():
        yield from _missing("levels", identity, {identity, level.start, level.end, *level.at}, library["landmarks"])


def _targets(point: Point) -> set[str]:
    place = point.location
    named = {place.landmark, place.line_from, place.line_to, place.lateral_from, place.level, place.on} - {None}
    related = {part for relation in (*place.relations, *place.neighbours) for part in relation.target.split("+")}
    return named | set(place.between) | related


def _zone_references(library: Library) -> Iterator[Problem]:
    for identity, zone in library["hazard_zones"].items():
        measured = {code for distance in zone.distances for code in distance.points}
        yield from _missing("hazard_zones", identity, {*zone.points, *measured}, library["points"])
        yield from _missing("hazard_zones", identity, zone.muscles, library["trigger_points"])
        yield from _missing("hazard_zones", identity, zone.regions, library["regions"])
        for area in zone.areas:
            yield from _missing("hazard_zones", identity, area.names, {*library["points"], *library["landmarks"]})
    for identity, layer in library["tissue_layers"].items():
        yield from _missing("tissue_layers", identity, layer.points, library["points"])


def _muscle_references(library: Library) -> Iterator[Problem]:
    yield from _missing("muscles", "muscles", library["trigger_points"], library["muscles"])
    for identity, muscle in library["muscles"].items():
        named = {name for place in muscle.at for name in place.split("~")} | muscle.area.names
        yield from _missing("muscles", identity, {identity}, library["trigger_points"])
        yield from _missing("muscles", identity, named, {*library["points"], *library["landmarks"]})


def _product_references(library: Library) -> Iterator[Problem]:
    words = _concept_words(library)
    for identity, product in library["products"].items():
        named = {active.substance for active in product.actives}
        named |= {part.substance for part in product.ingredients or () if part.substance}
        yield from _missing("products", identity, named, library["substances"])
        allergens = {*(product.allergens or ()), *(product.preservatives or ())}
        yield from _missing("products", identity, allergens, words)
        yield from _missing("products", identity, {warning.concept for warning in product.warnings}, words)
    for identity, substance in library["substances"].items():
        yield from _missing("substances", identity, substance.allergens, words)
        yield from _missing("substances", identity, {part.element for part in substance.elements}, library["elements"])


def _product_examples(library: Library) -> Iterator[Problem]:
    for identity, product in library["products"].items():
        for example in product.examples:
            stated = (example.amount, example.unit)
            if not any(_amount_in(active, example.volume_ml) == stated for active in product.actives
                       if active.substance == example.substance):
                yield Problem("products", identity, f"{example.volume_ml} mL does not hold {example.amount} {example.unit}")


def _amount_in(active: Any, volume_ml: float) -> tuple[float, str]:
    return (round(active.amount / active.per_ml * volume_ml, 9), active.unit)


def _evidence_references(library: Library) -> Iterator[Problem]:
    for identity, finding in library["evidence"].items():
        yield from _missing("evidence", identity, finding.claims, library["claims"])
        for claim in sorted(set(finding.claims) ^ set(finding.directions)):
            yield Problem("evidence", identity, f"claims and directions do not both name {claim!r}")
    for identity, protocol in library["protocols"].items():
        yield from _missing("protocols", identity, protocol.findings, library["evidence"])
        yield from _missing("protocols", identity, {site.point for site in protocol.sites if site.point}, library["points"])
        yield from _missing("protocols", identity, {protocol.product} - {None}, library["products"])
        for site in protocol.sites:
            if (site.point, site.muscle, site.region).count(None) != 2:
                yield Problem("protocols", identity, "a site is exactly one of point, muscle and region")
    for identity, instrument in library["instruments"].items():
        yield from _missing("instruments", identity, instrument.claims, library["claims"])


def _indication_references(library: Library) -> Iterator[Problem]:
    instruments = library["instruments"]
    for identity, one in library["indications"].items():
        yield from _missing("indications", identity, {*one.measures, *one.measured_here}, instruments)
        yield from _missing("indications", identity, one.claims, library["claims"])
        known = {(change.kind, change.points, change.citation.source)
                 for change in getattr(instruments.get(one.first), "changes", ())}
        for kind, figure in (("mcid", one.matters), ("sem", one.error)):
            if figure is not None and (kind, figure.points, figure.source) not in known:
                yield Problem("indications", identity, f"its {kind} of {figure.points:g} is not among those of {one.first}")
        scores = [each.score for each in one.severe_from]
        if scores != sorted(set(scores)):
            yield Problem("indications", identity, "its bands do not rise")


def _periods(library: Library) -> Iterator[Problem]:
    for code, jurisdiction in library["jurisdictions"].items():
        assert isinstance(jurisdiction, Jurisdiction)
        for earlier, later in zip(jurisdiction.periods, jurisdiction.periods[1:], strict=False):
            if not _follows(earlier, later):
                yield Problem("jurisdictions", code, f"the period from {later.since} does not follow the one before it")


def _follows(earlier: Period, later: Period) -> bool:
    return earlier.until is not None and later.since is not None and earlier.until <= later.since


def _names_twice(library: Library) -> Iterator[Problem]:
    seen: dict[tuple[str, str], str] = {}
    for identity, concept in library["vocabulary"].items():
        for name in {name.casefold() for name in (concept.term, *concept.names, *concept.names_es, *concept.names_zh)}:
            other = seen.setdefault((concept.kind, name), identity)
            if other != identity:
                yield Problem("vocabulary", identity, f"the name {name!r} also stands at {other!r}")


def _placeholders(library: Library) -> Iterator[Problem]:
    for section in ("rules", "triage"):
        for identity, rule in library[section].items():
            for name, case in rule.cases.items():
                for text in (case.message, getattr(case, "remedy", None)):
                    yield from _different_placeholders(section, f"{identity}.{name}", text)


def _different_placeholders(section: str, place: str, text: Text | None) -> Iterator[Problem]:
    if text is None:
        return
    expected = set(re.findall(r"{(\w+)", text.en))
    for language in ("es", "zh-hans"):
        translation = text.translation(language)
        if translation is not None and set(re.findall(r"{(\w+)", translation)) != expected:
            yield Problem(section, place, f"the figures in the {language} words are not those of the English ones")


def _concept_words(library: Library) -> set[str]:
    return {word for identity, concept in library["vocabulary"].items() for word in (identity, *concept.classes)}


def _missing(section: str, identity: str, wanted: Any, known: Any) -> Iterator[Problem]:
    for name in sorted(set(wanted) - set(known)):
        yield Problem(section, identity, f"refers to {name!r}, which is not on file")


def _records(library: Library) -> Iterator[tuple[str, str, Fact]]:
    for section in SECTIONS:
        for identity, record in library[section.name].items():
            yield section.name, identity, record


_CHECKS = (
    _dangling_sources, _unfindable_sources, _unused_sources, _point_counts, _point_references, _segment_references,
    _level_references, _zone_references, _muscle_references, _product_references, _product_examples, _evidence_references,
    _indication_references, _periods, _names_twice, _placeholders,
)
