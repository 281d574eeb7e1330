"""What has been found out about the therapy, for and against; the claims made for it; and published protocols."""
from typing import Annotated, Literal

import msgspec

from waterneedle.knowledge.fact import Fact, Identifier, NotNegative, Positive, Route, Sources, Text

Direction = Literal["for", "against", "none"]
EvidenceCertainty = Literal["high", "moderate", "low", "very_low"]


class Finding(Fact, kw_only=True):
    """One study, review, case report or ruling. `certainty` is our judgement in the manner of GRADE, not the authors'.

    `directions` says of each claim what the result says about it as it is worded: "for" bears it out (a warning too), "against"
    includes a fair test of it that found no difference, and "none" is mixed, background, or no test of this claim.
    """

    id: Identifier
    title: str
    design: str
    result: str
    certainty: EvidenceCertainty
    certainty_why: str
    claims: tuple[Identifier, ...]
    directions: dict[Identifier, Direction]  # names each of `claims`, and nothing else
    read: str
    population: str | None = None
    substance: str | None = None
    points: str | None = None
    dose_volume: str | None = None
    schedule: str | None = None
    comparator: str | None = None
    participants: Annotated[int, msgspec.Meta(ge=0)] | None = None
    year: int | None = None
    sources: Sources


class Claim(Fact, kw_only=True):
    """Something said of the therapy, and what is not known about it. The bottom line is made from the findings."""

    id: Identifier
    statement: Text
    words: tuple[str, ...]  # what a person would type
    may_be_promised: bool = False  # only for what people must be told to expect, such as a common reaction; never a benefit
    unknown: Text
    sources: Sources


class ProtocolSite(Fact, kw_only=True):
    """A place of a protocol: exactly one of point, muscle, region."""

    point: str | None = None
    muscle: str | None = None
    region: str | None = None
    side: Literal["left", "right", "midline", "bilateral", "affected"] | None = None
    volume_ml: Positive | None = None


class Protocol(Fact, kw_only=True):
    """A published treatment, as its source gives it. What the source left out is listed, never filled in."""

    id: Identifier
    name: Text
    indication: str
    substance: str
    product: Identifier | None = None
    concentration: str | None = None
    dose: str | None = None
    sites: tuple[ProtocolSite, ...]
    route: Route | None = None
    needle: str | None = None
    depth_mm: tuple[NotNegative, NotNegative] | None = None
    schedule: str | None = None
    findings: tuple[Identifier, ...] = ()
    left_out: tuple[str, ...]
    sources: Sources
