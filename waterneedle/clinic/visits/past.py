"""The chart of a patient: the last visits, newest first, each with its note as it was signed and what was added since.

A signed visit never changes, so its part of the page is drawn once for each language and kept (`models.Fragment`). What it was
drawn from and can still change stands in its key: amendments, refusals, the countersignature, the strike, the zone of the
clinic, the template, the words and the facts of this version. No fragment names a patient, or an address but its own below the
chart's: a record that was joined into another shows under that one.
"""

from __future__ import annotations

import datetime
import functools
import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from django.db.models import FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.template import engines
from django.utils.safestring import SafeString, mark_safe

from waterneedle import knowledge
from waterneedle.clinic.database.prepared import prepared
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import records_of
from waterneedle.clinic.visits.models import Amendment, Countersignature, Fragment, Injection, Refusal, Signature, Strike, Visit
from waterneedle.clinic.visits.on_paper import fluids_in_words, how_in_words, seen_in_words, site_in_words
from waterneedle.clinic.visits.refusing import with_answers
from waterneedle.clinic.visits.signing import as_signed

MOST = 50
TEMPLATE = "visits/_past.html"
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Chart:
    """`visits` are the parts of the page, one for each visit, the newest first."""

    visits: tuple[str, ...]
    older: datetime.date | None  # the day from which the page of the visits before these goes on; None: these are all

    @property
    def html(self) -> SafeString:
        return mark_safe("".join(self.visits))


class _Row(NamedTuple):
    pk: int
    signature: int | None
    amended: int | None
    refused: int | None
    cosigned: int | None
    asked_at: datetime.datetime | None
    struck_at: datetime.datetime | None
    key: str | None
    html: str | None

    def wanted_key(self, version: str) -> str:
        return _key(version, self.amended, self.refused, self.cosigned, self.asked_at, self.struck_at)


@functools.lru_cache(maxsize=5000)
def _key(*changing: Any) -> str:
    """Most visits have nothing that was added later, and one key."""
    return hashlib.sha256(" ".join(map(str, changing)).encode()).hexdigest()


def chart(
    patient: Patient, *, language: str, until: datetime.date | None = None, records: Sequence[int] | None = None
) -> Chart:
    """The last visits of a patient, or those up to `until`; what had to be drawn is kept.

    `records` are those of `records_of`, where they have been read already.
    """
    clinic_id, records = patient.clinic_id, records_of(patient) if records is None else records
    days = [one for one in _days(clinic_id, records) if until is None or one[0] <= until]
    newest = sorted(days, reverse=True)[: MOST + 1]
    numbers = [pk for _day, pk in newest[:MOST]]
    rows = [_Row(*one) for one in (_visits(clinic_id, numbers, language) if numbers else ())]
    version = _version(language, patient.clinic.zone)
    html = {one.pk: one.html for one in rows}
    stale = [one for one in rows if one.signature and one.key != one.wanted_key(version)]
    if stale:
        html |= _drawn(clinic_id, stale, language, version)
    if drafts := {one.pk: one.struck_at is not None for one in rows if not one.signature}:
        html |= _drafted(clinic_id, drafts)
    return Chart(tuple(html[pk] for pk in numbers), newest[MOST - 1][0] if len(newest) > MOST else None)


def _drafted(clinic_id: int, drafts: dict[int, bool]) -> dict[int, str]:
    """The visits that are not signed, as they stand now; `drafts` says of each whether it is struck."""
    charted: dict[int, list[Injection]] = defaultdict(list)
    for one in _charted(clinic_id, list(drafts)):
        charted[one.visit_id].append(one)
    template = engines["jinja2"].get_template("visits/_draft.html")
    return {
        one.pk: template.render({"visit": one, "sites": charted[one.pk], "is_struck": drafts[one.pk]})
        for one in _rows(list(drafts))
    }


def _drawn(clinic_id: int, rows: list[_Row], language: str, version: str) -> dict[int, str]:
    """Draw the visits of `rows` and keep them."""
    numbers = [one.pk for one in rows]
    added: dict[int, list[Amendment]] = defaultdict(list)
    for one in _amendments(clinic_id, numbers):
        added[one.visit_id].append(one)
    refused: dict[int, list[Refusal]] = defaultdict(list)
    for one in _refusals(clinic_id, numbers) if any(one.refused for one in rows) else ():
        refused[one.visit_id].append(one)
    strikes = {one.visit_id: one for one in _strikes(clinic_id, numbers)}
    cosigned = {one.visit_id: one for one in _countersignatures(clinic_id, numbers)}
    visits = {one.pk: one for one in _rows(numbers)}
    template = engines["jinja2"].get_template(TEMPLATE)
    drawn = {}
    for one in _signatures(clinic_id, numbers):
        says = as_signed(one)
        drawn[one.visit_id] = template.render(
            {
                "visit": visits[one.visit_id],
                "signature": one,
                "says": says,
                "injections": [
                    (site_in_words(each), fluids_in_words(each, says), how_in_words(each), seen_in_words(each), each["status"])
                    for each in says["injections"]
                ],
                "amendments": added[one.visit_id],
                "refusals": with_answers(refused[one.visit_id], added[one.visit_id]),
                "countersignature": cosigned.get(one.visit_id),
                "strike": strikes.get(one.visit_id),
            }
        )
    Fragment.objects.bulk_create(
        [Fragment(clinic_id=clinic_id, visit_id=one.pk, language=language, key=one.wanted_key(version), html=drawn[one.pk])
         for one in rows],
        update_conflicts=True, unique_fields=["clinic", "visit", "language"], update_fields=["key", "html"],
    )
    return drawn


@functools.lru_cache(maxsize=64)
def _version(language: str, zone: str) -> str:
    """Stands for what every fragment is drawn with: template, code, words and facts of this version, and the zone."""
    rooms = _HERE.parent
    files = [_HERE / "jinja2" / TEMPLATE, _HERE / "past.py", _HERE / "on_paper.py", rooms / "web" / "words.py"]
    files += sorted(rooms.glob(f"*/locale/{language.replace('-h', '_H')}/LC_MESSAGES/django.mo"))
    known = hashlib.sha256(f"{knowledge.version()} {language} {zone}".encode())
    for one in files:
        known.update(one.read_bytes())
    return known.hexdigest()


# --- the statements


@prepared
def _days(clinic_id: int, records: Sequence[int]) -> QuerySet[Any]:
    # In no order: for the sake of one SQLite would read the visits of all patients by their day.
    return Visit.objects.filter(clinic_id=clinic_id, patient_id__in=records).values_list("day", "pk")


@prepared
def _visits(clinic_id: int, visits: Sequence[int], language: str) -> QuerySet[Any]:
    def of(name: str, **more: Any) -> FilteredRelation:
        return FilteredRelation(name, condition=Q(**{f"{name}__clinic_id": clinic_id} | more))  # the clinic leads the index

    def last(model: type[Amendment | Refusal]) -> Subquery:  # of these there may be many
        return Subquery(model.objects.filter(clinic_id=clinic_id, visit_id=OuterRef("pk")).order_by("-pk").values("pk")[:1])

    return (
        Visit.objects.filter(pk__in=visits)
        .annotate(
            signed=of("signatures"), cosigned=of("countersignatures"), strike=of("strikes"),
            kept=of("fragments", fragments__language=language),
            amended=last(Amendment), refused=last(Refusal),
        )
        .values_list(
            "pk", "signed__pk", "amended", "refused", "cosigned__pk", "strike__asked_at", "strike__struck_at", "kept__key",
            "kept__html")
    )


@prepared
def _rows(visits: Sequence[int]) -> QuerySet[Any]:
    return Visit.objects.filter(pk__in=visits)


@prepared
def _signatures(clinic_id: int, visits: Sequence[int]) -> QuerySet[Any]:
    return Signature.objects.filter(clinic_id=clinic_id, visit_id__in=visits)


@prepared
def _amendments(clinic_id: int, visits: Sequence[int]) -> QuerySet[Any]:
    return Amendment.objects.filter(clinic_id=clinic_id, visit_id__in=visits).order_by("made_at", "pk")


@prepared
def _refusals(clinic_id: int, visits: Sequence[int]) -> QuerySet[Any]:
    return Refusal.objects.filter(clinic_id=clinic_id, visit_id__in=visits).order_by("pk")


@prepared
def _countersignatures(clinic_id: int, visits: Sequence[int]) -> QuerySet[Any]:
    return Countersignature.objects.filter(clinic_id=clinic_id, visit_id__in=visits)


@prepared
def _strikes(clinic_id: int, visits: Sequence[int]) -> QuerySet[Any]:
    return Strike.objects.filter(clinic_id=clinic_id, visit_id__in=visits)


@prepared
def _charted(clinic_id: int, visits: Sequence[int]) -> QuerySet[Any]:
    return Injection.objects.filter(clinic_id=clinic_id, visit_id__in=visits, removed_at=None).order_by("visit_id", "seq")
