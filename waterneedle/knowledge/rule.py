"""Words, severity, parameters and sources of the rules of the safety check; the logic is the function of the same name."""
from typing import Annotated, Any, Literal

import msgspec

from waterneedle.knowledge.fact import Certainty, Fact, Sources, Text

Severity = Literal["block", "warn", "note"]
Level = Literal["emergency", "urgent", "call_clinic", "self_care", "none"]
RuleName = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]*$")]


class Parameter(Fact, kw_only=True):
    """A number or list that a rule compares with, and where it comes from."""

    value: float | tuple[str, ...] | dict[str, float | str]
    unit: str | None = None
    note: str | None = None
    sources: Sources


class Case(Fact, kw_only=True):
    """One way in which a rule speaks."""

    severity: Severity
    message: Text
    remedy: Text | None = None
    certainty: Certainty | None = None  # absent: that of each source
    sources: Sources


class RuleExample(Fact, kw_only=True):
    """A change to the ordinary plan, and the case of this rule that it must raise (absent: none).

    Keys of `set` and words of `unset` are places in the plan: `injections[0].site.point`.
    """

    name: str
    set: dict[str, Any] = msgspec.field(default_factory=dict)
    unset: tuple[str, ...] = ()
    case: str | None = None


class Rule(Fact, kw_only=True):
    id: RuleName
    hazard: str
    title: Text
    parameters: dict[str, Parameter] = msgspec.field(default_factory=dict)
    cases: dict[str, Case]
    examples: tuple[RuleExample, ...]


class TriageCase(Fact, kw_only=True):
    level: Level
    message: Text
    advice: Text | None = None  # what to do besides the advice of the level
    sources: Sources


class TriageExample(Fact, kw_only=True):
    name: str
    checkin: dict[str, Any]
    level: Level


class TriageRule(Fact, kw_only=True):
    id: RuleName
    title: Text
    parameters: dict[str, Parameter] = msgspec.field(default_factory=dict)
    cases: dict[str, TriageCase]
    examples: tuple[TriageExample, ...]


class LevelAdvice(Fact, kw_only=True):
    """What a patient is told to do at one level of triage."""

    level: Level
    text: Text
    sources: Sources
