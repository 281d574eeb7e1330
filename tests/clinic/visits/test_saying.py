"""What the page calls the fields that an issue misses."""

from __future__ import annotations

import pytest

from waterneedle.clinic.visits.saying import missing_in_words
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


def test_what_nobody_has_named_stays_as_it_is():
    assert missing_in_words(["something.else"]) == ("something.else",)
