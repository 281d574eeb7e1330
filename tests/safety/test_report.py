"""A check-in as the rules see it: what a tick adds to its words, which sites lie over what, and what is not known."""

from __future__ import annotations

import pytest

from waterneedle.safety.checkin import CheckIn
from waterneedle.safety.documents import convert
from waterneedle.safety.report import read


def report(*symptoms, sites=("ST36",), **more):
    return read(convert({"hours_since_visit": 20, "sites": sites and list(sites), "symptoms": list(symptoms)} | more, CheckIn))


def spread(**known):
    return [one.is_spreading for one in report({"name": "bruise", **known}).felt]


def test_a_tick_and_the_words_both_say_that_it_spreads():
    assert spread() == [None]
    assert spread(spreading=True) == [True]
    assert spread(spreading=False) == [False]
    assert spread(name="bruise is spreading", spreading=False) == [True]


def test_the_higher_of_two_scores_and_the_larger_of_two_sizes_count():
    for said, ticked, most in (("pain 8/10", 3, 8), ("pain 3/10", 8, 8), ("pain", 8, 8), ("pain 8/10", None, 8)):
        assert report({"name": said, "severity": ticked}).felt[0].severity == most
    for said, ticked, most in (("bruise 12 cm", 3, 12), ("bruise 3 cm", 12, 12), ("bruise", 12, 12), ("bruise 12 cm", None, 12)):
        assert report({"name": said, "size_cm": ticked}).felt[0].size_cm == most


@pytest.mark.parametrize(("present", "felt"), [(True, True), (None, False), (False, False)])
def test_what_is_ticked_as_present_is_felt_however_it_is_named(present, felt):
    assert report({"name": "no fever", "present": present}).has("fever") is felt


@pytest.mark.parametrize(
    ("site", "over"),
    [("GB21", "lung"), ("chest", "lung"), ("upper trapezius", "lung"), ("CV12", "abdomen"), ("GB20", "neck"), ("neck", "neck"),
     ("levator scapulae", "neck"), ("ST36", "leg")],
)  # fmt: skip
def test_a_site_of_each_kind_lies_over_what_its_facts_say(site, over):
    assert over in report(sites=(site,)).zones
    assert report(sites=(site,)).may_be_over(over)
    assert not report(sites=("ST36",)).may_be_over("lung", "neck", "abdomen")


@pytest.mark.parametrize("sites", [None, (), ("a place nobody knows",), ("ST36", "a place nobody knows")])
def test_a_site_that_is_not_known_may_lie_over_anything(sites):
    assert report(sites=sites).zones is None
    assert report(sites=sites).may_be_over("lung")


def test_the_site_of_a_symptom_counts_with_those_of_the_visit():
    assert report({"name": "bruise", "site": "GB21"}).may_be_over("lung")


def test_pain_at_the_chest_is_chest_pain_and_at_the_knee_it_is_not():
    assert report({"name": "pain", "site": "chest"}).has("chest_pain")
    assert report({"name": "soreness", "site": "ribs"}).has("chest_pain")
    assert not report({"name": "bruise", "site": "chest"}).has("chest_pain")
    assert not report({"name": "pain", "site": "knee"}).has("chest_pain")


@pytest.mark.parametrize("name", ["???", "", "zorb"])
def test_a_name_that_says_nothing_is_kept(name):
    assert report({"name": name}).not_understood == (name or "symptoms[0].name",)


def test_of_words_nobody_understands_in_free_text_a_line_is_kept():
    (kept,) = report(free_text="zorb " * 60).not_understood[:1]

    assert len(kept) == 120


@pytest.mark.parametrize("site", ["pectoral", "ribs", "breast", "clavicle", "胸口", "costillas"])
@pytest.mark.parametrize("name", ["soreness", "pain"])
def test_pain_anywhere_at_the_chest_is_chest_pain(site, name):
    assert report({"name": name, "site": site}).has("chest_pain")


@pytest.mark.parametrize(
    ("name", "site", "concept"),
    [
        ("swelling", "throat", "throat_tightness"), ("swelling", "tongue", "tongue_swelling"),
        ("swelling", "face", "face_swelling"),
        ("hinchazón", "garganta", "throat_tightness"), ("numbness", "both legs", "both_legs"),
        ("numbness", "one side of my body", "one_side"),
    ],
)  # fmt: skip
def test_a_symptom_and_its_site_are_read_together(name, site, concept):
    assert report({"name": name, "site": site}).has(concept)
    assert not report({"name": name, "site": "knee"}).has(concept)


def test_what_is_mild_is_not_taken_from_a_site():
    assert report({"name": "itching", "site": "bruise"}).words == {"itching"}
