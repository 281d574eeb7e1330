"""What is signed, as one canonical text, and its hash. Pure functions of values.

The document holds no name: who signed, who interpreted and the signature stand in it as salted hashes, so that the names can be
taken away one day and the document still proves what was signed. The same values always give the same text.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from waterneedle.clinic.intake.wording import Line, Wording

CONSENT, LINES = "waterneedle/consent/1", "waterneedle/consent-lines/1"


def consent_document(
    *,
    wording: Wording,
    version: int,
    shipped: str,
    agreed: Sequence[str],
    asked: Sequence[str],
    course: str,
    until: date,
    signing: Mapping[str, Any],
) -> str:
    """The whole consent: every word that was shown, each line with whether it was agreed to, and how it was signed."""
    return canonical(
        {
            "schema": CONSENT,
            "title": wording.title,
            "text_version": version,
            "text_shipped": shipped,
            "sections": wording.sections,
            "lines": _lines(wording.lines_of(asked), agreed),
            "agreement": wording.agreement,
            "course": course,
            "until": until,
            **signing,
        }
    )


def lines_document(
    *, consent_uid: Any, consent_hash: str, lines: Sequence[Line], agreed: Sequence[str], version: int, signing: Mapping[str, Any]
) -> str:
    """Lines that are added to a consent, which is named with its hash."""
    return canonical(
        {
            "schema": LINES,
            "consent": str(consent_uid),
            "consent_hash": consent_hash,
            "text_version": version,
            "lines": _lines(lines, agreed),
            **signing,
        }
    )


def signing(
    *,
    patient_uid: Any,
    clinic: str,
    language: str,
    at: datetime,
    on: date,
    signed_by: str,
    relation: str,
    salt: str,
    name: str,
    interpreter: str,
    signature: str,
) -> dict[str, Any]:
    """How something was signed, as it stands in a document."""
    return {
        "patient": str(patient_uid),
        "clinic": clinic,
        "language": language,
        "signed_at": at,
        "signed_on": on,
        "signed_by": signed_by,
        "relation": relation,
        "name": sealed(salt, name),
        "interpreter": sealed(salt, interpreter) if interpreter else None,
        "signature": sealed(salt, signature),
    }


def canonical(value: Any) -> str:
    return msgspec.json.encode(value, order="deterministic").decode()


def digest(document: str) -> str:
    return hashlib.sha256(document.encode()).hexdigest()


def sealed(salt: str, value: str) -> str:
    """What stands for `value` in a document: nobody finds the value by trying without the salt."""
    return hmac.digest(salt.encode(), value.encode(), "sha256").hex()


def problems(*, document: str, hash: str, salt: str, name: str, interpreter: str, signature: str) -> tuple[str, ...]:
    """What of a signed row no longer fits its document: `document`, `name`, `interpreter`, `signature`. Empty: all as signed."""
    found = []
    if digest(document) != hash:
        found.append("document")
    says = msgspec.json.decode(document)
    for key, value in (("name", name), ("interpreter", interpreter), ("signature", signature)):
        expected = sealed(salt, value) if value else None
        if says[key] != expected:
            found.append(key)
    return tuple(found)


def _lines(lines: Sequence[Line], agreed: Sequence[str]) -> list[dict[str, Any]]:
    return [msgspec.to_builtins(line) | {"agreed": line.id in agreed} for line in lines]
