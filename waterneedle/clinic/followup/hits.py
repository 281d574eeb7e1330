"""What a trace has found, as the rows of a table: patients with their injections.

Hundreds of rows are shown at once, and a template takes longer over them than the trace over finding them. What repeats (a day, a
site, a volume, a lot) is put into words and escaped once.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.followup.tracing import Hit, day_of
from waterneedle.clinic.web import words

_OWN = itemgetter(0)  # the patient's number, by which hits come in order
_DAY, _SITE, _VOLUME, _LOT = (
    attrgetter("day_text"), attrgetter("point", "muscle", "region", "side"), attrgetter("volume_ml"), attrgetter("lot", "vial"))


def rows(clinic: Clinic, hits: list[Hit]) -> SafeString:
    """`<tr>…</tr>` for each injection; the first of a patient begins with who it is and the telephone, for all of them."""
    nobody = str(UUID(int=0))
    before, after = reverse("patients:patient", kwargs={"clinic": clinic.slug, "patient": nobody}).split(nobody)
    cells = list(zip(
        _cells(hits, _DAY, lambda one: words.day(day_of(one))),
        _cells(hits, _SITE, lambda one: f"{one[0] or one[1] or one[2]} {one[3]}"),
        _cells(hits, _VOLUME, lambda one: words.amount(one, "mL"), kind=' class="num"'),
        _cells(hits, _LOT, " · ".join),
        strict=True))
    drawn, place = [], 0
    for _number, group in groupby(hits, key=_OWN):
        first, *others = group
        count = 1 + len(others)
        injections = "</tr>\n<tr>".join(map("".join, cells[place : place + count]))
        drawn.append(
            f'<tr><th scope="rowgroup" rowspan="{count}"><a href="{escape(before)}{first.patient}{escape(after)}">'
            f'{escape(first.person)}</a> <span class="quiet">{first.number}</span></th>'
            f'<td rowspan="{count}">{escape(first.phone)}</td>{injections}</tr>\n')
        place += count
    return mark_safe("".join(drawn))


def _cells(hits: list[Hit], key: Callable[[Hit], Any], said: Callable[[Any], str], kind: str = "") -> Iterator[str]:
    """A cell for each hit; those of one key are one."""
    keys = list(map(key, hits))
    made = {one: f"<td{kind}>{escape(said(one))}</td>" for one in set(keys)}
    return map(made.__getitem__, keys)
