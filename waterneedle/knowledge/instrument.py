"""Questions and measurements that may be shipped: wording, scoring, range, change that matters, source."""
from typing import Annotated, Literal

import msgspec

from waterneedle.knowledge.fact import Citation, Fact, Identifier, Positive, Sources, Text


class Choice(Fact, kw_only=True):
    value: float
    text: Text


class Item(Fact, kw_only=True):
    """One question. Either a range of numbers or a list of choices."""

    id: Identifier
    text: Text
    minimum: float | None = None
    maximum: float | None = None
    step: Positive | None = None
    unit: str | None = None
    low_text: Text | None = None
    high_text: Text | None = None
    choices: tuple[Choice, ...] = ()


class Change(Fact, kw_only=True):
    """A change that matters (mcid), one that exceeds the error of measurement (mdc), or that error itself, the standard error of
    one score (sem), with where it was measured. `transferred`: with another scale that asks much the same, so doubtful here."""

    kind: Literal["mcid", "mdc", "sem"]
    points: Positive | None = None
    percent: Positive | None = None
    population: str
    people: Text | None = None  # the same in every language, of a figure that courses are judged by: patients read it
    transferred: bool = False
    citation: Citation


class Scored(Fact, kw_only=True):
    """Answers and the score they must give. An absent score: too few answers to score."""

    answers: dict[str, float]
    score: float | None = None


class Instrument(Fact, kw_only=True):
    id: Identifier
    name: Text
    measures: Text
    scoring: Literal["single", "mean", "sum", "truncated_cones", "excess_truncated_cones"]
    minimum: float | None = None
    maximum: float | None = None
    unit: str | None = None
    better: Literal["lower", "higher", "neither"]
    items: tuple[Item, ...]
    minimum_answered: Annotated[int, msgspec.Meta(ge=1)] | None = None  # absent: all of them
    segment_cm: Positive | None = None
    over_days: Annotated[int, msgspec.Meta(ge=1)] | None = None  # it counts so many days: not asked again within them
    changes: tuple[Change, ...] = ()
    claims: tuple[Identifier, ...] = ()
    licence: str
    note: str | None = None
    examples: tuple[Scored, ...]
    sources: Sources
