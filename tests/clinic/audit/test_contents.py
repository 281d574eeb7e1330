"""Documents whose hash is in the trail: the check of the trail is a check of them."""
from __future__ import annotations

import pytest

from clinic.audit.writing import append
from waterneedle.clinic.audit import contents
from waterneedle.clinic.audit.actions import digest
from waterneedle.clinic.audit.contents import BadDocument
from waterneedle.clinic.audit.verify import verify
from waterneedle.clinic.audit.who import machine
from waterneedle.clinic.database.rows import uuid7

PATIENT = uuid7()


@pytest.fixture
def shelf(db, monkeypatch) -> dict[str, str]:
    """Signed documents by uid, as the tables would have them."""
    monkeypatch.setattr(contents, "_readers", {})
    held: dict[str, str] = {}

    @contents.documents(kind="visit", action="sign")
    def signed_visits():
        yield from ((uid, digest(text)) for uid, text in held.items())

    return held


def sign(shelf, uid: str, text: str) -> None:
    shelf[uid] = text
    append(by=machine("test"), action="sign", kind="visit", uid=uid, patient=PATIENT, after=digest(text))


def test_what_was_recorded_is_whole(shelf):
    sign(shelf, "a", "six injections")
    append(by=machine("test"), action="read", kind="visit", uid="a", patient=PATIENT)

    assert (verify().ok, verify().documents) == (True, ())


def test_a_changed_document_is_named_with_its_row(shelf):
    sign(shelf, "a", "six injections")
    sign(shelf, "b", "two injections")
    shelf["b"] = "three injections"
    report = verify()

    assert (report.ok, report.bad) == (False, ())
    assert report.documents == (BadDocument(kind="visit", uid="b", reason="changed", chain=f"patient/{PATIENT}", seq=2),)


def test_a_document_that_is_gone_is_missed(shelf):
    sign(shelf, "a", "six injections")
    del shelf["a"]

    assert [(one.uid, one.reason) for one in verify().documents] == [("a", "gone")]


def test_a_document_that_nobody_recorded_is_named(shelf):
    shelf["x"] = "slipped in"

    assert [(one.uid, one.reason) for one in verify().documents] == [("x", "never recorded")]


def test_the_last_entry_counts(shelf):
    sign(shelf, "a", "six injections")
    sign(shelf, "a", "six injections, amended")

    assert verify().ok
