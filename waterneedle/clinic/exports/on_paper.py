"""The record on paper, for people to read. What only a program needs (ids, hashes, versions) is in the file of data."""
from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from waterneedle.clinic import paper
from waterneedle.clinic.audit.who import MACHINE
from waterneedle.clinic.exports.labels import label
from waterneedle.clinic.exports.parts import PARTS, Part
from waterneedle.clinic.exports.record import Found, columns_of
from waterneedle.clinic.home.trail_words import action_words, kind_words, role_words
from waterneedle.clinic.intake import figure, saying
from waterneedle.clinic.intake.on_paper import signed_values
from waterneedle.clinic.intake.queries import document_of
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.web import words

TEMPLATE = Path(__file__).with_name("record.typ")
DRAWN = "intake.PainDrawing"  # its picture stands below its table
SIGNED = ("intake.Consent", "intake.AddedLines")  # shown as they were signed, not column by column
_FOR_PROGRAMS = frozenset({"uid", "version", "is_draft", "warned", "patient", "form"})
Block = dict[str, Any]


def record_pdf(patient: Patient, found: Found) -> bytes:
    """The same rows, read in the same language, give the same bytes."""
    with timezone.override(patient.clinic.tzinfo):
        return paper.render(TEMPLATE, record_values(patient, found))


def record_values(patient: Patient, found: Found) -> dict[str, Any]:
    name = patient.full_name
    person = words.described((name, words.day(patient.birth_date)))
    numbered = _("chart number %(number)s") % {"number": patient.number}
    trail = found["audit.Entry"]
    return {
        "title": _("Whole record"),
        "language": get_language() or "en",
        "clinic": patient.clinic.name,
        "lead": f"{person} · {numbered}",
        "foot": f"{person} · {numbered}",
        "state": _("As it was after the entry of %(when)s; times are those of %(zone)s.") % {
            "when": words.moment(trail[-1].at) if trail else "–", "zone": patient.clinic.zone},
        "note": _("What only a program needs is in the record as a file of data."),
        "empty": _("Nothing on file: %(parts)s.") % {
            "parts": words.listed(part.title for part in PARTS if not found[part.model])},
        "sections": [_section(part, found[part.model]) for part in PARTS if found[part.model]],
        "trail": _trail(found),
    }


def shown_columns(part: Part) -> list[models.Field]:
    """The columns of a part that stand on paper."""
    if part.columns:
        return [apps.get_model(part.model)._meta.get_field(name) for name in part.columns]
    return [one for one in columns_of(part) if one.name not in _FOR_PROGRAMS]


# --- inside


def _section(part: Part, rows: list[models.Model]) -> dict[str, Any]:
    section: dict[str, Any] = {"title": str(part.title), "head": [], "rows": [], "blocks": [], "signed": [], "pictures": []}
    if part.model == DRAWN:
        section["pictures"] = [one for one in map(_picture, rows) if one["picture"]]
    if part.model in SIGNED:
        return section | {"signed": [signed_values(document_of(row), _title(row)) for row in rows]}
    if part.columns:
        fields = shown_columns(part)
        said = {label(one): [_said(part, row, one) for row in rows] for one in fields}
        columns = {word: cells for word, cells in said.items() if any(cells)}  # an empty column only takes room
        return section | {"head": list(columns), "rows": [list(cells) for cells in zip(*columns.values(), strict=True)]}
    return section | {"blocks": [_block(part, row) for row in rows]}


def _picture(row: Any) -> dict[str, str]:
    return {"said": " · ".join(part for part in (words.moment(row.drawn_at), row.words) if part), "picture": figure.on_paper(row)}


def _title(row: Any) -> str:
    return row.says.get("title") or _("Added lines")


def _block(part: Part, row: models.Model) -> list[list[str]]:
    said = [(label(one), _said(part, row, one)) for one in shown_columns(part)]
    return [[word, value] for word, value in said if value]


def _trail(found: Found) -> Block:
    rows, did, what = found["audit.Entry"], action_words(), kind_words()
    return {
        "title": ngettext("Trail: %(count)d entry", "Trail: %(count)d entries", len(rows)) % {"count": len(rows)},
        "head": [_("When"), _("Who"), _("Did"), _("What")],
        "rows": [
            [words.moment(one.at), _who(one),
             str(did.get(one.action, one.action)), str(what.get(one.kind, one.kind))]
            for one in rows],
    }


def _who(entry: Any) -> str:
    """A person and their roles; the product at work has no name of its own."""
    return " · ".join(one for one in ("" if entry.role == MACHINE else entry.user_name, role_words(entry.role)) if one)


def _said(part: Part, row: models.Model, field: models.Field) -> str:
    special = _SPECIAL.get((part.model, field.name)) or _SPECIAL.get(("", field.name))
    value = getattr(row, field.name)
    if special and value not in (None, ""):
        return special(row)
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    return _in_words(value)


def _in_words(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime.datetime):
        return words.moment(value)
    if isinstance(value, datetime.date):
        return words.day(value)
    return words.number(value) if isinstance(value, Decimal | float) else str(value)


def _given(row: Any) -> str:
    return "\n".join(f"{item}: {_in_words(value)}" for item, value in sorted(row.given.items()))


_SPECIAL: dict[tuple[str, str], Callable[[Any], str]] = {
    ("", "language"): lambda row: str(dict(settings.LANGUAGES).get(row.language, row.language)),
    # The number alone: two records that were parted are two people, and this paper is about one.
    ("patients.Joined", "kept"): lambda row: str(row.kept.number),
    ("patients.Joined", "other"): lambda row: str(row.other.number),
    ("patients.Measure", "value"): lambda row: words.amount(row.value, row.unit).strip(),
    ("intake.Said", "value"): lambda row: " · ".join(part for part in saying.in_words(row) if part),
    ("intake.Review", "said"): lambda row: saying.in_words(row.said)[0],
    ("intake.Answers", "instrument"): lambda row: saying.score(row, get_language() or "en")["name"],
    ("intake.Answers", "answers"): _given,
    ("visits.Fill", "vial"): lambda row: _("%(item)s, lot %(lot)s, good until %(day)s") % {
        "item": row.vial.lot.item.name, "lot": row.vial.lot.number, "day": words.day(row.vial.lot.expires)},
    ("tasks.Task", "title"): lambda row: row.words,
    ("outbox.Letter", "recipients"): lambda row: ", ".join(msgspec.json.decode(row.recipients)),
}
