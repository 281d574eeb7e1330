"""What the chart tells of the way of a needle at one point: the picture, the same in words, and who published the figures."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from waterneedle import knowledge
from waterneedle.body.depth import Depth, build_of, depth
from waterneedle.body.depth_picture import depth_picture, in_words, reaches_in_words

GUIDE = "Published means and their spread, not this patient: only imaging sees where a structure lies."


def cross_section(
    code: str, needle_mm: float, angle_degrees: float = 90.0, *, sex: str | None = None, age_years: float | None = None,
    height_cm: float | None = None, weight_kg: float | None = None,
) -> dict[str, Any]:
    """The answer to the chart's `depth` as values for JSON; `needle_mm` is as far as the needle is in the skin.

    `picture` is an SVG, `reaches` the sentence that matters most, `words` all of it in sentences, `sources` whose figures they
    are. Raises KeyError for a code that is none, and ValueError for a needle, an angle or a person that cannot be.
    """
    found = depth(knowledge.points()[code], needle_mm, angle_degrees, build_of(sex, age_years, height_cm, weight_kg))
    return {
        "code": code, "needle_mm": needle_mm, "angle_degrees": angle_degrees, "tip_mm": round(found.tip_mm, 2),
        "picture": depth_picture(found), "reaches": reaches_in_words(found), "words": list(in_words(found)),
        "sources": list(_sources(found)), "says": GUIDE,
    }


def _sources(found: Depth) -> Iterator[dict[str, str]]:
    """Each source once: of the layers, of other figures at this place, of the distances to what must not be reached."""
    facts = [*(fact for layer in found.layers for fact in layer.facts), *found.others]
    distances = [distance for danger in found.dangers for distance in danger.distances]
    judged = [citation for danger in found.dangers if not danger.measured for citation in danger.zone.sources]
    for identity in dict.fromkeys(one.source for one in (*(fact.citation for fact in (*facts, *distances)), *judged)):
        source = knowledge.sources()[identity]
        yield {"title": source.title, "address": source.address or "", "certainty": source.certainty}
