"""The figure that a patient paints on: of their sex, age, height and weight as far as these are known. It names nobody."""

from __future__ import annotations

import datetime
import functools

import msgspec
from django.utils import timezone
from django.utils.translation import pgettext

from waterneedle.clinic.intake import figures
from waterneedle.clinic.intake.models import Form, PainDrawing
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import build_of


def value(form: Form, language: str) -> bytes:
    """What the chart in the browser is given, as JSON, without points: there is nothing to choose here."""
    return _value(language, *_person(form))


def painted(form: Form, runs: tuple[tuple[int, int, int], ...]) -> str:
    """The figure from four sides with a pain drawing, as SVG."""
    return _painted(runs, (), *_person(form))


def on_paper(drawing: PainDrawing) -> str:
    """The same of one drawing, to be printed: a figure of the patient's age on that day, with fonts that the paper has; "" when
    nothing is painted. The same rows give the same picture on every day."""
    runs = tuple(tuple(run) for run in drawing.drawn)
    if not runs:
        return ""
    names = (
        ("front", pgettext("view", "front")), ("back", pgettext("view", "back")), ("left", pgettext("view", "left")),
        ("right", pgettext("view", "right")))
    typed = drawing.form.typed.get("body", {}) if drawing.form else {}
    person = _sizes(drawing.patient, typed, drawing.drawn_at.astimezone(drawing.clinic.tzinfo).date())
    return _painted(runs, names, *person).replace("system-ui, sans-serif", "Waterneedle Sans, Waterneedle Han")


def flat(form: Form, view: str) -> str:
    """One side of the figure as a flat picture (SVG). Raises KeyError or ValueError for a view that is none."""
    return _flat(view, *_person(form))


@functools.lru_cache(maxsize=32)
def _value(language: str, *person: float | str | None) -> bytes:
    # late, here and below: slow (numpy), and only for who paints
    from waterneedle.body import chart
    from waterneedle.body.fit import fit

    whole = chart.chart(fit(*person), language)
    return msgspec.json.encode(whole | {"points": [], "places": {}, "channels": [], "protocols": []})


@functools.lru_cache(maxsize=32)
def _flat(view: str, *person: float | str | None) -> str:
    from waterneedle.body import flat as flat_pictures
    from waterneedle.body.fit import fit
    from waterneedle.body.segments import body_of

    body = body_of(fit(*person))
    return flat_pictures.picture(body.surface.vertices, body.joints, view)


@functools.lru_cache(maxsize=16)
def _painted(
    runs: tuple[tuple[int, int, int], ...], names: tuple[tuple[str, str], ...], *person: float | str | None
) -> str:
    from waterneedle.body import sheet
    from waterneedle.body.fit import fit
    from waterneedle.body.segments import body_of

    body = body_of(fit(*person))
    return sheet.four_sides(body.surface.vertices, body.joints, runs, names=dict(names) or None)


def _person(form: Form) -> tuple[str | None, float, float | None, float | None]:
    return _sizes(form.patient, form.typed.get("body", {}), timezone.now().date())


def _sizes(
    patient: Patient, body: dict[str, str], day: datetime.date
) -> tuple[str | None, float, float | None, float | None]:
    """Sex, age, height and weight: what was typed into the form, else the newest on file. Rounded: a picture is no measure."""
    sex, age, *known = build_of(patient, day)
    sizes = []
    for name, on_file, read in zip(("height", "weight"), known, (figures.height_cm, figures.weight_kg), strict=True):
        try:
            sizes.append(float(round(read(body.get(name, "")))))
        except ValueError:
            sizes.append(on_file)
    return sex, age, sizes[0], sizes[1]
