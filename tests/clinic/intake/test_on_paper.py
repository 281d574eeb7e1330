"""A consent as a file."""

from __future__ import annotations

import hashlib

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from clinic.intake.signing import DRAWN, added, signed
from clinic.paper.reading import text_of
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.intake import actions_consent, on_paper, queries


@pytest.fixture(autouse=True)
def in_english():
    """Paper is in the reader's language, and an earlier test may have left another one."""
    with translation.override("en"):
        yield


def flat(text: str) -> str:
    return " ".join(text.split())


def pdf_of(consent) -> bytes:
    return on_paper.consent_pdf(consent, queries.consent_shown(consent, timezone.now()))


def address(consent, name: str = "consent_pdf") -> str:
    return reverse(
        f"intake:{name}", kwargs={"clinic": consent.clinic.slug, "patient": consent.patient.uid, "consent": consent.uid})


def test_every_word_that_was_signed_is_on_the_paper(by, ana):
    consent = signed(by, ana, "b12", "lung")
    said = flat(text_of(pdf_of(consent)))

    words = [text for part in consent.says["sections"] for text in (part["heading"], *part["text"])]
    words += [text for line in consent.says["lines"] for text in (line["title"], line["text"])]
    assert [word for word in words if flat(word) not in said] == []
    assert consent.hash in said.replace(" ", "") and "as it was signed" in said and "Ana Ruiz" in said


def test_lines_added_later_and_what_was_taken_back_are_on_it(by, ana):
    consent = signed(by, ana)
    more = added(by, consent, "saline")
    actions_consent.withdraw(consent=consent, line="b12", why="", said_by="patient", by=by)
    consent.refresh_from_db()
    said = text_of(pdf_of(consent))

    assert more.says["lines"][0]["title"] in said and "Taken back" in said and "(b12)" in said


@pytest.mark.parametrize("how", [{"typed": "Ana Ruiz"}, {"drawn": DRAWN, "typed": ""}])
def test_the_same_consent_gives_the_same_bytes(by, ana, how):
    consent = signed(by, ana, **how)

    assert pdf_of(consent) == pdf_of(consent)


def test_a_consent_that_was_tampered_with_says_so(by, ana):
    consent = signed(by, ana)
    consent.name = "Somebody Else"

    shown = queries.consent_shown(consent, timezone.now())

    assert "This is not as it was signed" in text_of(on_paper.consent_pdf(consent, shown))


def test_whoever_takes_it_is_in_the_trail_with_the_hash_of_the_file(by, ana, alice, client_of):
    consent = signed(by, ana)
    answer = client_of(alice).get(address(consent))

    entry = Entry.objects.get(action="export", kind="consent")
    assert bytes(entry.after) == hashlib.sha256(answer.content).digest() and entry.patient_uid == ana.uid
    assert answer["Content-Disposition"].startswith("attachment") and "no-store" in answer["Cache-Control"]


def test_the_front_desk_and_another_clinic_do_not_get_it(by, ana, bob, charlie, client_of):
    consent = signed(by, ana)

    assert {client_of(who).get(address(consent)).status_code for who in (bob, charlie)} == {404}
    assert not Entry.objects.filter(action="export").exists()


def test_a_chinese_consent_is_printed_in_chinese(by, ana):
    consent = signed(by, ana, language="zh-hans")

    assert flat(consent.says["title"]) in flat(text_of(pdf_of(consent)))
