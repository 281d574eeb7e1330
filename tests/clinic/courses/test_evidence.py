"""What is known, for who treats and for everybody: both sides, the certainty, and what nobody knows."""

from __future__ import annotations

import pytest
from django.utils import translation

from waterneedle import knowledge
from waterneedle.clinic.courses import evidence


def test_a_claim_shows_both_sides_what_nobody_knows_and_no_promise(alice, clinic, client_of):
    page = client_of(alice).get(f"/c/{clinic.slug}/courses/evidence/claims/lymph/").content.decode()

    assert knowledge.claims()["lymph"].unknown.en[:60] in page
    assert page.count("certainty: ") >= 2 and "Nobody may promise it." in page


@pytest.mark.parametrize("path", ["evidence/", "evidence/claims/energy/", "evidence/protocols/disci-rhus-low-back/"])
def test_everybody_may_read_it_in_their_language(db, client_of, path):
    page = client_of(None).get(f"/{path}", headers={"Accept-Language": "es"})

    assert page.status_code == 200 and 'lang="es"' in page.content.decode()
    assert "/c/" not in page.content.decode()


def test_every_claim_and_every_protocol_has_its_page():
    for language in ("en", "es", "zh-hans"):
        with translation.override(language):
            assert all(evidence.claim_page(one).sides for one in knowledge.claims())
            assert all(evidence.protocol_page(one).name.text for one in knowledge.protocols())


def test_a_protocol_shows_on_which_side_each_study_stands_and_what_nobody_knows(db, client_of):
    page = client_of(None).get("/evidence/protocols/disci-rhus-low-back/").content.decode()
    study = knowledge.evidence()["pach-2011-disci-rhus"]
    sides = {"for": "For", "against": "Against", "none": "Neither way"}

    for claim, side in study.directions.items():
        assert f"<strong>{sides[side]}</strong>: “<span lang=\"en\">{knowledge.claims()[claim].statement.en}" in page
        assert knowledge.claims()[claim].unknown.en[:40] in page


@pytest.mark.parametrize(("language", "words"), [("en", "somewhere else"), ("es", "en otro lugar"), ("zh-hans", "其他部位")])
def test_a_route_that_has_no_letters_is_said_in_the_readers_language(db, client_of, language, words):
    page = client_of(None).get("/evidence/protocols/traumeel-rotator-cuff-protocol/", headers={"accept-language": language})

    assert f"<dd>{words}</dd>" in page.content.decode()


def test_a_protocol_that_nobody_has_studied_says_so(db, client_of):
    page = client_of(None).get("/evidence/protocols/dextrose-5-trapezius/").content.decode()

    assert "no study of it is on file" in page


def test_what_is_not_on_file_is_not_found(db, client_of):
    assert client_of(None).get("/evidence/claims/miracle/").status_code == 404


def test_only_what_people_must_be_told_to_expect_may_be_told(db):
    told = [one for one in knowledge.claims() if "may be told" in evidence.claim_page(one).promise]
    assert told == ["next-day-reaction"]
