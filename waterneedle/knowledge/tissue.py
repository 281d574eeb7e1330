"""How thick skin, fat and muscle are beneath the places where people are injected, as somebody measured it."""
from typing import Annotated, Literal

import msgspec

from waterneedle.knowledge.fact import Citation, Fact, Identifier, NotNegative, Positive
from waterneedle.knowledge.point import BodyPart

Tissue = Literal["skin", "fat", "skin_and_fat", "muscle"]


class TissueLayer(Fact, kw_only=True):
    """One published thickness. Where several fit a person, the first in the file counts and the others are shown beside it."""

    id: Identifier
    tissue: Tissue  # skin: epidermis and dermis; muscle: all of it, from its first fascia to its last
    body_parts: tuple[BodyPart, ...]
    points: tuple[str, ...] = ()  # only these, where a muscle does not lie beneath the whole part
    site: str  # where it was measured, in words
    sex: Literal["female", "male"] | None = None  # None: both together
    age_from: NotNegative
    age_below: Positive | None = None
    mean_mm: Positive
    sd_mm: Positive | None = None  # between people
    female_more_mm: Positive | None = None  # how much more females have, where both were measured together
    per_bmi_mm: Positive | None = None  # more for each kg/m² above `at_bmi`, less for each below
    at_bmi: Positive | None = None
    method: str
    population: str
    people: Annotated[int, msgspec.Meta(gt=0)]
    doubt: str | None = None  # what was worked out or assumed, and what speaks against it
    citation: Citation
