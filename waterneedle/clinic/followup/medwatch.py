"""What form FDA 3500 (voluntary reporting) asks, out of the rows: as JSON, and on paper in the order of its sections.

Sections and outcomes are facts with their source: `waterneedle/knowledge/reporting.toml`. It is not the form itself: what is here
is copied into it, or sent beside it. The patient stands there by the chart number, not by name; what nobody knows is shown as
unknown.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from waterneedle import knowledge
from waterneedle.clinic import paper
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.followup.models import AdverseEvent, EventVersion
from waterneedle.clinic.followup.onset import onset_of
from waterneedle.clinic.followup.queries_events import given_of, suspected
from waterneedle.clinic.followup.sites import fluids_of
from waterneedle.clinic.patients.models import FactKind, Sex
from waterneedle.clinic.patients.queries import health_of
from waterneedle.clinic.visits.models import Injection
from waterneedle.clinic.visits.plan import shares

SCHEMA = "waterneedle/medwatch/1"
TEMPLATE = Path(__file__).with_name("medwatch.typ")
_ABATED = {"recovered": "yes", "recovering": "yes", "not_recovered": "no"}


def document_of(event: AdverseEvent, version: EventVersion, *, reporter: Person, today: datetime.date) -> dict[str, Any]:
    """The fields by section, in English, as values: dates in ISO 8601, None for what is not known."""
    patient, health = event.patient, health_of(event.patient)
    weight = health.measures.get("weight_kg")
    visit = version.injection.visit if version.injection else event.visit
    given = given_of(suspected(version))
    first, last = onset_of(event, version).days(event.clinic.tzinfo)
    return {
        "schema": SCHEMA,
        "form": {"title": _instructions().title, "address": _instructions().address},
        "A_patient": {
            "1_identifier": f"chart {patient.number}",
            "2_age_years": patient.age_on(last),
            "2_birth_date": patient.birth_date,
            "3_sex": None if patient.sex == Sex.UNKNOWN else patient.sex,
            "4_weight_kg": weight and float(weight.value),
        },
        "B_event": {
            "1_type": "Product use error" if version.kind == "wrong" else "Adverse event",
            "2_outcomes": [_word(one) for one in version.seriousness],
            "3_event_date": last if first == last else None,
            "3_event_date_not_before": first,
            "3_event_date_not_after": last,
            "4_report_date": today,
            "5_description": version.said,
            "5_what_was_done": version.actions or None,
            "6_tests": None,
            "7_history": _facts(health.facts[FactKind.CONDITION]),
            "7_allergies": _facts(health.facts[FactKind.ALLERGY]),
        },
        "C_availability": {"1_available": None},
        "D_suspect_products": _products(version, visit),
        "F_other_products": _facts(health.facts[FactKind.MEDICATION]),
        "G_reporter": {"1_name": reporter.user.name, "1_email": reporter.user.email, "1_facility": event.clinic.name,
                       "2_health_professional": "yes"},
        "assessment": {
            "severity": version.severity, "causality_who_umc": version.causality, "causality_why": version.causality_why or None,
            "outcome": version.outcome, "site": given.site if given else None,
        },
    }


def as_json(document: dict[str, Any]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def as_pdf(document: dict[str, Any]) -> bytes:
    """The same on paper, in English, for that is the language of the form."""
    sections = [[_section(name), _rows(part)] for name, part in document.items() if name in (*_SECTIONS, "assessment")]
    return paper.render(TEMPLATE, {
        "title": "Adverse event: fields for form FDA 3500", "language": "en",
        "foot": f"{document['A_patient']['1_identifier']} · {document['B_event']['4_report_date']}",
        "lead": "To be copied into the form at www.fda.gov/medwatch. Not the form itself. "
                f"Sections and outcomes as in: {_instructions().title}, {_instructions().address}", "sections": sections})


_SECTIONS = {
    "A_patient": "section-a", "B_event": "section-b", "C_availability": "section-c", "D_suspect_products": "section-d",
    "F_other_products": "section-f", "G_reporter": "section-g",
}


def _section(name: str) -> str:
    term = knowledge.report_terms().get(_SECTIONS.get(name, ""))
    return f"{term.block}. {term.title.en}" if term else "Assessment of the clinic"


def _word(term: str) -> str:
    """In the words of the form."""
    return knowledge.report_terms()[term].title.en


def _instructions() -> knowledge.Source:
    return knowledge.sources()[knowledge.report_terms()["section-a"].sources[0].source]


def _rows(part: Any) -> list[list[str]]:
    if isinstance(part, dict):
        return [[_label(name), _value(value)] for name, value in part.items()]
    if not part:
        return [["", "unknown" if part is None else "none"]]
    rows: list[list[str]] = []
    for number, one in enumerate(part, 1):
        cells = _rows(one) if isinstance(one, dict) else [["", str(one)]]
        rows += [[f"#{number} {name}".strip(), value] for name, value in cells]
    return rows


def _label(name: str) -> str:
    number, _underscore, rest = name.partition("_")
    return f"{number}. {rest.replace('_', ' ')}" if number.isdigit() else name.replace("_", " ")


def _value(value: Any) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, list):
        return ", ".join(str(one) for one in value) or "none"
    return str(value)


def _facts(facts: tuple[Any, ...] | None) -> list[str] | None:
    return None if facts is None else [one.said for one in facts]


def _products(version: EventVersion, visit: Any) -> list[dict[str, Any]] | None:
    """Each lot that went in, with its mL at all injections that it may have been; None where nobody knows of any."""
    lots: dict[Any, list[tuple[Injection, Decimal | None]]] = {}
    for injection in suspected(version):
        for fill, ml in shares(injection) if fluids_of(injection) else ():
            lots.setdefault(fill.vial.lot, []).append((injection, ml))
    return [_product(lot, given, version, visit) for lot, given in lots.items()] if lots else None


def _product(lot: Any, given: list[tuple[Injection, Decimal | None]], version: EventVersion, visit: Any) -> dict[str, Any]:
    parts, routes = [ml for _injection, ml in given], {_route(injection) for injection, _ml in given}
    ml = None if None in parts else sum(parts)
    known, package = knowledge.products().get(lot.item.product), _package(lot.item)
    return {
        "1_name": lot.item.name,
        "1_strength": known and "; ".join(_strength(one) for one in known.actives),
        "1_manufacturer": (package and package.labeler) or lot.pharmacy or None,
        "1_ndc": package and package.ndc,
        "1_lot": lot.number,
        "1_expires": lot.expires,
        "2_amount_ml": None if ml is None else f"{ml.normalize():f}",
        "2_frequency": "once",
        "2_route": ", ".join(sorted(routes - {""})) or None,
        "3_date_of_use": visit and visit.day,
        "4_reason_for_use": (visit and (visit.indication or visit.why)) or None,
        "5_abated_after_stop": _ABATED.get(version.outcome),
        "6_reappeared": None,
    }


def _route(injection: Injection) -> str:
    return f"{injection.route}: {injection.went_where}" if injection.went_where else injection.route


def _strength(active: Any) -> str:
    return f"{active.substance} {active.amount:g} {active.unit} in {active.per_ml:g} mL"


def _package(item: Any) -> Any:
    """The package on file that the item came in, by its GTIN; where the product has one alone, that."""
    known = knowledge.products().get(item.product)
    packages = known.packages if known else ()
    same = [one for one in packages if item.gtin and one.gtin == item.gtin]
    return same[0] if same else packages[0] if len(packages) == 1 else None
