from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterneedle.clinic.patients.searching import Wanted, phone_from_end, plain, understood, words_of


@pytest.mark.parametrize(("typed", "wanted"), [
    ("ruiz an", Wanted(words=("ruiz", "an"))),
    ("  RUIZ,  Añ ", Wanted(words=("ruiz", "an"))),
    ("4417", Wanted(phone_end="7144", number=4417)),
    ("12", Wanted(number=12)),
    ("+1 (206) 555-0117", Wanted(phone_end="71105556021")),
    ("1980-03-14", Wanted(born=(datetime.date(1980, 3, 14),))),
    ("3/14/1980", Wanted(born=(datetime.date(1980, 3, 14),))),
    ("4/3/1980", Wanted(born=(datetime.date(1980, 4, 3), datetime.date(1980, 3, 4)))),
    ("14.3.1980 ruiz", Wanted(words=("ruiz",), born=(datetime.date(1980, 3, 14),))),
    ("王小明", Wanted(words=("王小明",))),
    ("", Wanted()),
    ("' OR 1=1 --", Wanted(words=("or", "1"))),
])
def test_what_was_typed_is_understood(typed, wanted):
    assert understood(typed) == wanted


def test_a_day_comes_first_where_people_write_it_first():
    assert understood("4/3/1980", day_first=True).born[0] == datetime.date(1980, 3, 4)


def test_a_name_is_found_by_each_of_its_words():
    assert words_of("Ana María", "O'Brien-Ruiz") >= {"ana", "maria", "o", "brien", "ruiz", "obrienruiz"}


def test_a_telephone_number_is_read_from_its_end_in_any_spelling():
    assert phone_from_end("+1 (206) 555-0117") == phone_from_end("＋１ 206.555.0117") == "71105556021"


@given(st.text(max_size=60))
def test_a_text_is_found_by_what_it_says(text):
    wanted = understood(text)

    assert all(plain(word) == word for word in wanted.words)
    assert not (wanted.words and wanted.phone_end)


@given(st.text(alphabet=st.characters(categories=["L"]), min_size=1, max_size=20))
def test_a_name_begins_with_each_of_its_beginnings(name):
    words = words_of(name)

    for word in understood(name).words:
        assert any(one.startswith(word) for one in words)
