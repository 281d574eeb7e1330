"""The figure of the chart: of the patient's sex, age, height and weight as far as these are known. It names nobody."""

from __future__ import annotations

import functools

import msgspec

from waterneedle.clinic.patients.queries import build_of
from waterneedle.clinic.visits.models import Visit


def value(visit: Visit, language: str) -> bytes:
    """What the chart in the browser is given, as JSON."""
    return _value(language, *person(visit))


def flat(visit: Visit, view: str) -> str:
    """One side of the figure as a flat picture (SVG). Raises KeyError or ValueError for a view that is none."""
    return _flat(view, *person(visit))


def depth(visit: Visit, code: str, needle_mm: float, angle_degrees: float) -> bytes:
    """What a needle at a point reaches in a body of this build, as JSON. Raises KeyError or ValueError for what cannot be."""
    return _depth(code, needle_mm, angle_degrees, *person(visit))


def beneath(visit: Visit, language: str) -> bytes:
    """Muscles and hazard zones of the figure, as JSON."""
    return _beneath(language, *person(visit))


@functools.lru_cache(maxsize=256)
def _depth(code: str, needle_mm: float, angle_degrees: float, *person: float | str | None) -> bytes:
    from waterneedle.body import cross_section  # late: slow (numpy), and most pages draw no body

    sex, age, height, weight = person
    found = cross_section.cross_section(
        code, needle_mm, angle_degrees, sex=sex, age_years=age, height_cm=height, weight_kg=weight)
    return msgspec.json.encode(found)


@functools.lru_cache(maxsize=8)
def _beneath(language: str, *person: float | str | None) -> bytes:
    from waterneedle.body import beneath as under_the_skin
    from waterneedle.body.fit import fit

    return msgspec.json.encode(under_the_skin.beneath(fit(*person), language))


@functools.lru_cache(maxsize=32)
def _value(language: str, *person: float | str | None) -> bytes:
    from waterneedle.body import chart
    from waterneedle.body.fit import fit

    return msgspec.json.encode(chart.chart(fit(*person), language))


@functools.lru_cache(maxsize=32)
def _flat(view: str, *person: float | str | None) -> str:
    from waterneedle.body import flat as flat_pictures
    from waterneedle.body.fit import fit
    from waterneedle.body.segments import body_of

    body = body_of(fit(*person))
    return flat_pictures.picture(body.surface.vertices, body.joints, view)


def person(visit: Visit) -> tuple[str | None, float, float | None, float | None]:
    return build_of(visit.patient, visit.day)
