"""Facts, each with its source: points, hazards, products, law, vocabulary, evidence, instruments and rules.

Every function returns the facts of one kind by their id, read once and cached. Nothing here decides anything.

>>> points()["ST36"].hanzi
'足三里'
"""

from __future__ import annotations

import functools

from waterneedle.knowledge.evidence import Claim, Finding, Protocol
from waterneedle.knowledge.fact import LANGUAGES, Citation, Source, Text
from waterneedle.knowledge.indication import Indication
from waterneedle.knowledge.instrument import Instrument
from waterneedle.knowledge.jurisdiction import Jurisdiction, Period
from waterneedle.knowledge.kinetics import Kinetics
from waterneedle.knowledge.point import (
    CHANNEL_COUNTS,
    HazardZone,
    Landmark,
    Level,
    Location,
    Muscle,
    Point,
    Region,
    Segment,
    SkinArea,
    TriggerPoint,
)
from waterneedle.knowledge.product import ElementLimit, LookAlike, Product, Substance
from waterneedle.knowledge.reporting import ReportTerm
from waterneedle.knowledge.rule import Case, LevelAdvice, Rule, TriageCase, TriageRule
from waterneedle.knowledge.sections import KnowledgeError, Problem
from waterneedle.knowledge.store import names, section, version
from waterneedle.knowledge.tissue import TissueLayer
from waterneedle.knowledge.vocabulary import Concept

__all__ = [
    "LANGUAGES",
    "Case",
    "Citation",
    "Claim",
    "Concept",
    "ElementLimit",
    "Finding",
    "HazardZone",
    "Indication",
    "Instrument",
    "Jurisdiction",
    "Kinetics",
    "KnowledgeError",
    "Landmark",
    "Level",
    "LevelAdvice",
    "Location",
    "LookAlike",
    "Muscle",
    "Period",
    "Point",
    "Problem",
    "Product",
    "Protocol",
    "Region",
    "ReportTerm",
    "Rule",
    "Segment",
    "SkinArea",
    "Source",
    "Substance",
    "Text",
    "TissueLayer",
    "TriageCase",
    "TriageRule",
    "TriggerPoint",
    "claims",
    "element_limits",
    "evidence",
    "hazard_zones",
    "indications",
    "instruments",
    "jurisdictions",
    "kinetics",
    "landmarks",
    "level_advice",
    "levels",
    "look_alikes",
    "muscles",
    "names",
    "points",
    "products",
    "protocols",
    "regions",
    "report_terms",
    "rules",
    "segments",
    "sources",
    "substances",
    "tissue_layers",
    "triage_rules",
    "trigger_points",
    "version",
    "vocabulary",
]


def sources() -> dict[str, Source]:
    return section("sources")


@functools.cache
def points() -> dict[str, Point]:
    """By WHO code, channel by channel in the order in which they are taught."""
    order = {channel: place for place, channel in enumerate(CHANNEL_COUNTS)}
    found = section("points")
    ordered = sorted(found.values(), key=lambda point: (order[point.channel], int(point.code[len(point.channel) :])))
    return {point.code: point for point in ordered}


def landmarks() -> dict[str, Landmark]:
    return section("landmarks")


def segments() -> dict[str, Segment]:
    """The lengths of the body that count a known number of cun."""
    return section("segments")


def levels() -> dict[str, Level]:
    """Heights on the trunk that do not show on the skin, by the landmark they are."""
    return section("levels")


def hazard_zones() -> dict[str, HazardZone]:
    return section("hazard_zones")


def tissue_layers() -> dict[str, TissueLayer]:
    """Published thicknesses of skin, fat and muscle, those first that count first."""
    return section("tissue_layers")


def regions() -> dict[str, Region]:
    return section("regions")


def trigger_points() -> dict[str, TriggerPoint]:
    return section("trigger_points")


def muscles() -> dict[str, Muscle]:
    """The attachments of each muscle of a trigger point, by the id of the trigger point."""
    return section("muscles")


def substances() -> dict[str, Substance]:
    return section("substances")


def products() -> dict[str, Product]:
    return section("products")


def look_alikes() -> dict[str, LookAlike]:
    return section("look_alikes")


def element_limits() -> dict[str, ElementLimit]:
    """ICH Q3D permitted daily exposures by injection, by the symbol of the element."""
    return section("elements")


def kinetics() -> dict[str, Kinetics]:
    """By the id of the substance; `needle` is a needle left in."""
    return section("kinetics")


def vocabulary() -> dict[str, Concept]:
    return section("vocabulary")


def jurisdictions() -> dict[str, Jurisdiction]:
    """By ISO 3166-2 code."""
    return section("jurisdictions")


def evidence() -> dict[str, Finding]:
    return section("evidence")


def claims() -> dict[str, Claim]:
    return section("claims")


def protocols() -> dict[str, Protocol]:
    return section("protocols")


def instruments() -> dict[str, Instrument]:
    return section("instruments")


def indications() -> dict[str, Indication]:
    """What courses of treatment are for."""
    return section("indications")


def rules() -> dict[str, Rule]:
    return section("rules")


def triage_rules() -> dict[str, TriageRule]:
    return section("triage")


def level_advice() -> dict[str, LevelAdvice]:
    """What a patient is told to do, by the level of triage."""
    return section("advice")


def report_terms() -> dict[str, ReportTerm]:
    """What the systems for judging and reporting adverse events call their categories, outcomes and sections."""
    return section("reporting")
