"""What a patient's own words say: what is mild is read to the end, denials end where the words turn, figures count."""

from __future__ import annotations

import time

import pytest

from waterneedle.safety.own_words import LONGEST, read
from waterneedle.safety.triage import triage


def felt(text):
    return set().union(*(phrase.words for phrase in read(text).felt))


@pytest.mark.parametrize(
    ("words", "concept"),
    [
        ("bruise", "bruise"), ("sore", "soreness"), ("pain", "pain"), ("red", "redness"), ("discoloration", "discoloration"),
        ("tired", "fatigue"), ("both legs", "both_legs"), ("pregnant", "pregnant"), ("one sided", "one_side"),
        ("a little red", "small_redness"), ("big", "large"),
    ],
)  # fmt: skip
def test_beside_what_is_mild_or_no_symptom_every_word_counts(words, concept):
    assert concept in felt(words)
    assert read(words).not_understood == ()
    assert read(f"{words} zorb").not_understood == (f"{words} zorb",)


@pytest.mark.parametrize(("words", "concept"), [("fever", "fever"), ("numb", "numbness"), ("vomiting", "vomiting")])
def test_beside_a_symptom_that_is_told_anyway_it_does_not(words, concept):
    assert concept in felt(f"{words} zorb")
    assert read(f"{words} zorb").not_understood == ()


@pytest.mark.parametrize(
    ("text", "said", "denied"),
    [
        ("no fever but chills", "chills", "fever"),
        ("no fever and chills", "chills", "fever"),
        ("no fever although I have chills", "chills", "fever"),
        ("sin fiebre pero con escalofríos", "chills", "fiebre"),
        ("sin fiebre aunque tengo escalofríos", "chills", "fiebre"),
        ("没有发烧但是头痛", "severe_headache", "发烧"),
        ("没有发烧，不过头痛", "severe_headache", "发烧"),
    ],
)
def test_a_denial_ends_at_the_word_that_turns(text, said, denied):
    assert said in felt(text)
    assert read(text).denied == (denied,)


@pytest.mark.parametrize(
    "text",
    [
        "no fever or chills", "no fever, chills, or vomiting", "neither fever nor chills", "sin fiebre ni escalofríos",
        "no fever at all", "no fever in my left arm", "without fever today", "没有发烧和头痛", "没有发烧、头痛", "否认发烧",
        "never mind, no fever", "I do not have any fever", "no signs of fever", "didn't get a fever", "no he tenido fiebre",
    ],
)  # fmt: skip
def test_a_denial_holds_for_a_list_and_for_words_that_change_nothing(text):
    assert felt(text) == set()
    assert read(text).denied != ()


@pytest.mark.parametrize(
    "text",
    [
        "no fever until today", "not sure if no fever", "no fever except at night", "no fever unless I stand",
        "no longer just fever", "without tablets fever", "not without fever", "si no tengo fiebre", "不是没有发烧",
    ],
)  # fmt: skip
def test_a_denial_with_a_doubt_is_none(text):
    assert "fever" in felt(text)


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("pain 8/10", 8), ("pain 10/10", 10), ("pain 8 out of 10", 8), ("pain 8 of 10", 8), ("dolor 7 de 10", 7),
        ("dolor 7 sobre diez", 7), ("疼痛8分", 8), ("痛9分", 9), ("the pain is 9", 9), ("pain level 7", 7), ("el dolor es 8", 8),
        ("pain is 7 days old", None), ("pain for about 9 hours", None), ("pain is 6", None), ("el dolor es de 8 horas", None),
        ("pain 0/10", 0), ("pain", None),
    ],
)  # fmt: skip
def test_a_score_is_read_and_a_number_of_days_is_none(text, score):
    assert {phrase.severity for phrase in read(text).felt} == {score}


@pytest.mark.parametrize(
    ("text", "size_cm"),
    [
        ("bruise 3 cm", 3), ("bruise 3.5 cm", 3.5), ("bruise 3cm", 3), ("bruise 30 mm", 3), ("bruise 2 inches", 5.08),
        ("bruise of 5 in", 12.7), ("moretón de 4 centímetros", 4), ("moretón de 2 pulgadas", 5.08),
        ("moretón de 40 milímetros", 4), ("瘀青5厘米", 5), ("瘀青5公分", 5), ("瘀青30毫米", 3),
        ("bruise 3 by 5 cm", 5), ("bruise 5 cm x 3 cm", 5),
        ("bruise", None), ("bruise 3 weeks", None), ("bruise 120 mm", 12),
    ],
)  # fmt: skip
def test_a_size_is_read_in_centimetres_and_the_largest_counts(text, size_cm):
    sizes = {phrase.size_cm for phrase in read(text).felt}

    assert {one and round(one, 9) for one in sizes} == {size_cm}
    assert felt(text) == {"bruise"}


def test_what_grows_is_said_of_all_that_its_clause_names():
    assert {phrase.is_spreading for phrase in read("bruise is spreading").felt} == {True}
    assert {phrase.is_spreading for phrase in read("bruise").felt} == {None}


@pytest.mark.parametrize(
    ("typed", "concept"),
    [("numbnes", "numbness"), ("vomitting", "vomiting"), ("seizzure", "seizure"), ("brethlessness", "breathlessness")],
)
def test_a_long_word_may_have_two_slips_and_a_short_one_a_single_one(typed, concept):
    assert concept in felt(typed)


@pytest.mark.parametrize("typed", ["fevr", "cogh", "nmbnss", "fxvxr"])
def test_a_short_word_is_not_guessed(typed):
    assert felt(typed) == set()
    assert read(typed).not_understood == (typed,)


@pytest.mark.parametrize("text", ["not feeling better", "I don't feel better", "no me siento mejor"])
def test_who_is_not_better_is_read_by_a_person(text):
    assert read(text).not_understood == (text,)
    assert read(text).felt == ()


def test_behind_the_longest_text_the_beginning_is_handed_on():
    text = "sore. " * (LONGEST // 6 + 1)
    read_to = read(text[:LONGEST]), read(text[:LONGEST] + "x" * 300)

    assert read_to[0].not_understood == ()
    assert [len(one) for one in read_to[1].not_understood] == [200]


@pytest.mark.parametrize("typed", ["helpme", "hehes", "please ", "ayuda", "no ", "isisnt", "call ", "快点", "帮帮我", "不用"])
def test_what_is_typed_over_and_over_is_read_in_no_time(typed):
    begun = time.perf_counter()
    for longest in (390, LONGEST):
        read((typed * LONGEST)[: longest - 1] + "x")

    assert time.perf_counter() - begun < 20  # in every way there is: longer than anybody lives


LONG_PAST = (
    "I fainted once, years ago", "Fainted, 10 years ago.", "I've passed out once, many years ago", "I fainted. Long ago.",
    "Me desmayé una vez, hace muchos años", "me desmayé, hace 20 años",
)  # fmt: skip


@pytest.mark.parametrize("text", LONG_PAST)
def test_a_comma_makes_no_faint_of_years_ago_one_of_today(text):
    [phrase] = read(text).felt
    assert {"fainting", "fainting_explained"} <= phrase.words
    assert read(text).not_understood == ()
    assert triage({"free_text": text, "hours_since_visit": 20, "symptoms": []}).level == "call_clinic"


@pytest.mark.parametrize("more", ["{} too", "{} and this morning again", "{}. This morning again", "today {}", "{}, hoy también"])
@pytest.mark.parametrize("text", LONG_PAST)
def test_beside_any_other_word_it_may_be_of_today(text, more):
    said = more.format(text.rstrip("."))
    assert any("fainting" in phrase.words and "fainting_explained" not in phrase.words for phrase in read(said).felt)
    assert triage({"free_text": said, "hours_since_visit": 20, "symptoms": []}).level in ("urgent", "emergency")
