"""What a trace has found, as the rows of a table: patients with their injections.

Hundreds of rows are shown at once, and a template takes longer over them than the trace over finding them. What repeats (a day; a
site, a volume and a vial) is put into words and escaped once.
"""
from __future__ import annotations

import functools
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from markupsafe import escape

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.followup.tracing import Found, Source, day_of
from waterneedle.clinic.patients.models import Side
from waterneedle.clinic.web import words


def rows(clinic: Clinic, found: Found) -> SafeString:
    """`<tr>…</tr>` for each injection; the first of a patient begins with who it is and the telephone, for all of them."""
    nobody = str(UUID(int=0))
    before, after = map(escape, reverse("patients:patient", kwargs={"clinic": clinic.slug, "patient": nobody}).split(nobody))
    language, others, drawn = get_language(), _Others(found.sources), []
    for who, given in found.people:
        injections = "</tr>\n<tr>".join([_day_cell(one[1], language) + others[one[2:]] for one in given])
        drawn.append(
            f'<tr><th scope="rowgroup" rowspan="{len(given)}"><a href="{before}{who.patient}{after}">'
            f'{escape(who.person)}</a> <span class="quiet">{who.number}</span></th>'
            f'<td rowspan="{len(given)}">{escape(who.phone)}</td>{injections}</tr>\n')
    return mark_safe("".join(drawn))


@functools.lru_cache(maxsize=20_000)
def _day_cell(day: str, language: str) -> str:
    """The cell of a day; `language` is that in which it is said."""
    return f"<td>{escape(words.day(day_of(day)))}</td>"


class _Others(dict[tuple[Any, ...], str]):
    """The cells of where, how much and from what, in the order of `Given` behind its day."""

    def __init__(self, sources: dict[int, Source]) -> None:
        super().__init__()
        self.sources = sources

    def __missing__(self, key: tuple[Any, ...]) -> str:
        point, muscle, region, side, volume, vial = key
        source = self.sources[vial]
        where = f"{point or muscle or region} {Side(side).label if side else ''}"
        made = self[key] = (
            f"<td>{escape(where.strip())}</td>"
            f'<td class="num">{escape(words.amount(volume, "mL"))}</td><td>{escape(f"{source.lot} · {source.vial}")}</td>')
        return made
