"""What the page calls the fields that an issue misses."""

from __future__ import annotations

import pytest
from django.utils import translation

from waterneedle.clinic.visits.line import read
from waterneedle.clinic.visits.saying import missing_in_words, trouble_in_words
from waterneedle.safety.check import check

BARE = {
    "date": "2026-11-22",
    "patient": {},
    "injections": [
        {"site": site, "contents": [{"product": product, "volume_ml": 0.3}]}
        for site in ({"point": "GB21"}, {"point": "CV4"}, {"muscle": "upper trapezius"})
        for product in ("cyanocobalamin-1000mcg-ml", "lidocaine", "Traumeel", "something new")
    ],
}


def test_nothing_of_the_contract_is_shown_to_who_treats():
    plans = [BARE, *(BARE | {"jurisdiction": where} for where in ("US-WA", "US-FL", "DE"))]
    missed = {field for plan in plans for one in check(plan).issues for field in one.missing}

    assert len(missed) > 15
    said = missing_in_words(sorted(missed))
    assert [one for one in said if any(mark in one for mark in "_[].")] == []


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("injections[0].site.skin", "skin"),
        ("injections[3].contents[1].container.opened_on", "container"),
        ("patient.pregnancy.weeks", "weeks"),
        ("patient.observations: INR", "INR"),
        ("consent", "consent"),
        ("practitioner.cpr_expires", "papers of who injects"),
    ],
)
def test_a_field_is_called_as_on_the_page(field, words):
    assert missing_in_words([field, field]) == (words,)


@pytest.mark.parametrize(
    ("language", "said"), [("en", ("l (left)", "r (right)", "b (both sides)")), ("es", ("l (izquierdo)", "r (derecho)"))])
def test_a_missing_side_is_asked_for_in_the_words_of_the_reader(language, said):
    with translation.override(language):
        [trouble] = read("st36 .5", language).troubles
        sentence = trouble_in_words(trouble)
    assert [one for one in said if one not in sentence] == []


def test_what_nobody_has_named_stays_as_it_is():
    assert missing_in_words(["something.else"]) == ("something.else",)
