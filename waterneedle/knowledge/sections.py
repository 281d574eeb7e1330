"""The kinds of facts: where each is kept, its type, and what names a record of it."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from waterneedle.knowledge.evidence import Claim, Finding, Protocol
from waterneedle.knowledge.fact import Fact, Source
from waterneedle.knowledge.indication import Indication
from waterneedle.knowledge.instrument import Instrument
from waterneedle.knowledge.jurisdiction import Jurisdiction
from waterneedle.knowledge.kinetics import Kinetics
from waterneedle.knowledge.point import HazardZone, Landmark, Level, Muscle, Point, Region, Segment, TriggerPoint
from waterneedle.knowledge.point_table import landmark_from_row, level_from_row, point_from_row
from waterneedle.knowledge.product import ElementLimit, LookAlike, Product, Substance
from waterneedle.knowledge.reporting import ReportTerm
from waterneedle.knowledge.rule import LevelAdvice, Rule, TriageRule
from waterneedle.knowledge.tissue import TissueLayer
from waterneedle.knowledge.vocabulary import Concept

ROOT = Path(__file__).parent
SUFFIXES = (".toml", ".csv")


class Problem(NamedTuple):
    """Something wrong with the facts: the file, the key or line in it, and what is the matter."""

    file: str
    key: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.text}" if self.key else f"{self.file}: {self.text}"


class KnowledgeError(Exception):
    """The facts cannot be used. `problems` holds all of them."""

    def __init__(self, problems: tuple[Problem, ...]):
        self.problems = problems
        shown = "\n".join(str(problem) for problem in problems[:20])
        super().__init__(f"{len(problems)} problem(s) in the knowledge:\n{shown}")


class Section(NamedTuple):
    """One kind of fact: its folder or file, the table name in lists, its type, and the field that names a record."""

    name: str
    table: str
    type: type[Fact]
    key: str = "id"
    from_row: Callable[[dict[str, str]], dict[str, Any]] | None = None


SECTIONS = (
    Section("sources", "source", Source),
    Section("landmarks", "landmark", Landmark, from_row=landmark_from_row),
    Section("segments", "segment", Segment),
    Section("levels", "level", Level, from_row=level_from_row),
    Section("points", "point", Point, key="code", from_row=point_from_row),
    Section("hazard_zones", "hazard_zone", HazardZone),
    Section("tissue_layers", "tissue_layer", TissueLayer),
    Section("regions", "region", Region),
    Section("trigger_points", "trigger_point", TriggerPoint),
    Section("muscles", "muscle", Muscle),
    Section("substances", "substance", Substance),
    Section("products", "product", Product),
    Section("look_alikes", "look_alike", LookAlike, key="product_ndc"),
    Section("elements", "element_limit", ElementLimit, key="element"),
    Section("kinetics", "kinetics", Kinetics),
    Section("vocabulary", "concept", Concept),
    Section("jurisdictions", "jurisdiction", Jurisdiction, key="code"),
    Section("evidence", "finding", Finding),
    Section("claims", "claim", Claim),
    Section("protocols", "protocol", Protocol),
    Section("instruments", "instrument", Instrument),
    Section("indications", "indication", Indication),
    Section("rules", "rule", Rule),
    Section("triage", "triage_rule", TriageRule),
    Section("advice", "level_advice", LevelAdvice, key="level"),
    Section("reporting", "report_term", ReportTerm),
)
BY_NAME = {section.name: section for section in SECTIONS}
Library = dict[str, dict[str, Fact]]


def fact_paths(root: str) -> list[str]:
    """The paths of the fact files below `root`, in a fixed order."""
    folders = [root, *(os.path.join(root, section.name) for section in SECTIONS)]
    found = [
        entry.path for folder in folders if os.path.isdir(folder) for entry in os.scandir(folder) if entry.name.endswith(SUFFIXES)
    ]
    return sorted(found)
