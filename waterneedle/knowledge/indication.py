"""What a course of treatment is for: the questions that belong to it, the change that counts as relief, and how severe it is."""

from typing import Annotated, Literal

import msgspec

from waterneedle.knowledge.fact import Fact, Identifier, Positive, Sources, Text

Band = Literal["moderate", "severe"]


class Figure(Fact, kw_only=True):
    """A figure of an instrument that is on file there, by its points and its source."""

    points: Positive
    source: Identifier


class SevereFrom(Fact, kw_only=True):
    """The score from which the complaint is at least of this band; below all of them it is mild."""

    band: Band
    score: float


class Indication(Fact, kw_only=True):
    """What people are treated for. The first of `measures` is the one that the course is judged by.

    `matters` (a change of that measure, kind mcid) and `error` (its standard error, kind sem) are absent where none was measured:
    nothing is then called relief, and no interval is drawn.
    """

    id: Identifier
    name: Text
    measures: Annotated[tuple[Identifier, ...], msgspec.Meta(min_length=1)]  # what the patient answers
    measured_here: tuple[Identifier, ...] = ()  # what somebody measures in the clinic
    matters: Figure | None = None
    error: Figure | None = None
    severe_from: tuple[SevereFrom, ...] = ()  # the mildest band first
    claims: tuple[Identifier, ...]
    words: tuple[str, ...]  # what a person would type
    sources: Sources

    @property
    def first(self) -> str:
        return self.measures[0]
