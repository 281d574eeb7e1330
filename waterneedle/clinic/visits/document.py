"""What a signature stands for: the whole visit as one canonical text of values, the same for the same rows.

It names people by their opaque ids alone, so that names can be taken away one day and the document still proves what was done.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from waterneedle.clinic.intake.documents import canonical, digest
from waterneedle.clinic.practitioners.models import Practitioner
from waterneedle.clinic.visits.models import Fill, Injection, Reason, Syringe, Today
from waterneedle.clinic.visits.rows import Charted, steps_dated
from waterneedle.safety.plan import Assessment

SCHEMA = "waterneedle/visit/1"
_INJECTION = (
    "seq", "point", "muscle", "region", "side", "level", "skin", "technique", "route", "volume_ml", "gauge", "length_mm",
    "depth_mm", "depth_max_mm", "angle_deg", "direction", "aspirated_blood", "sensation", "reaction", "nudge", "status",
    "status_why", "given_at", "blocked")
_SYRINGE = ("code", "route", "gauge", "length_mm", "drawn_at", "discard_at")


def document_of(
    charted: Charted, *, assessment: Assessment, signed_by: UUID, proved_by: str, signed_at: datetime.datetime,
    deviation_why: str = "", supervised_by: Practitioner | None = None, said_in: tuple[str, Assessment] | None = None,
) -> str:
    """The text that is signed: values as they stand in the rows, times in UTC, volumes as decimals.

    `said_in` is the language in which who signs has read the assessment, and the assessment in it, where that is not English.
    """
    visit, said = charted.visit, charted.today
    return canonical(
        {
            "schema": SCHEMA,
            "visit": str(visit.uid),
            "clinic": visit.clinic.slug,
            "patient": str(visit.patient.uid),
            "practitioner": visit.practitioner and str(visit.practitioner.uid),
            "day": visit.day,
            "happened_at": visit.happened_at,
            "why": visit.why,
            "indication": visit.indication,
            "pain_before": visit.pain_before,
            "pain_after": visit.pain_after,
            "note": visit.note,
            "steps": [{"step": step, "noted_at" if visit.happened_at else "at": at} for step, at in steps_dated(visit)],
            "today": said and _today(said),
            "syringes": [_syringe(one) for one in charted.syringes],
            **({"wasted": [_syringe(one) for one in charted.wasted]} if charted.wasted else {}),
            "injections": [_injection(one) for one in charted.injections],
            "reasons": [_reason(one) for one in charted.reasons],
            "assessment": msgspec.to_builtins(assessment),
            **({"said": _said(*said_in)} if said_in else {}),
            "deviation_why": deviation_why,
            "supervised_by": supervised_by and str(supervised_by.uid),
            "signed_by": str(signed_by),
            "signed_at": signed_at,
            "proved_by": proved_by,
        }
    )


def issues_in(document: dict[str, Any], language: str) -> list[dict[str, Any]]:
    """The issues of a signed document in `language`, where that is the one in which they were read before signing; else in
    English. They are the words of that day, and are not worded anew."""
    issues, said = document["assessment"]["issues"], document.get("said")
    if said is None or said["language"] != language:
        return issues
    return [one | words for one, words in zip(issues, said["issues"], strict=True)]


def charted_hash(charted: Charted) -> str:
    """Of what is charted beside the words, in short: who signs sends that of the page they have read."""
    said = charted.today
    return digest(canonical([
        said and [said.pk], [_syringe(one) for one in (*charted.syringes, *charted.wasted)],
        [_injection(one) for one in charted.injections],
        [[one.pk, one.note] for one in charted.reasons],
    ]))


def _said(language: str, assessment: Assessment) -> dict[str, Any]:
    return {"language": language, "issues": [{"message": one.message, "remedy": one.remedy} for one in assessment.issues]}


def _today(row: Today) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in row.ANSWERS} | {"at": row.made_at}


def _syringe(row: Syringe) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in _SYRINGE} | {"fills": [_fill(one) for one in row.contents]}


def _fill(row: Fill) -> dict[str, Any]:
    lot = row.vial.lot
    return {
        "product": lot.item.product,
        "name": lot.item.name,
        "lot": lot.number,
        "expires": lot.expires,
        "vial": row.vial.code,
        "vial_id": str(row.vial.uid),
        "volume_ml": _plain(row.volume_ml),
        "purpose": row.purpose,
    }


def _injection(row: Injection) -> dict[str, Any]:
    said = {name: _plain(getattr(row, name)) for name in _INJECTION} | {"syringe": row.syringe and row.syringe.code}
    said |= {"went_where": row.went_where} if row.went_where else {}
    return said | ({"charted_at": row.charted_at} if row.charted_at else {})


def _reason(row: Reason) -> dict[str, Any]:
    return {"rule": row.rule, "note": row.note, "by": str(row.made_by.uid), "at": row.made_at, "review_on": row.review_on}


def _plain(value: Any) -> Any:
    """A volume reads the same however the database has kept it: `0.5`, not `0.500`."""
    return format(value.normalize(), "f") if isinstance(value, Decimal) else value
