"""Dates, times, numbers, amounts and points as they are read."""
from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from waterneedle.clinic.web import words

UTC = dt.UTC
NOON = dt.datetime(2026, 11, 22, 20, 5, tzinfo=UTC)


@pytest.mark.parametrize(("language", "day", "short", "moment"), [
    ("en", "Nov 22, 2026", "Nov 22", "Nov 22, 2026, 12:05"),
    ("es", "22 de noviembre de 2026", "22 nov", "22 de noviembre de 2026, 12:05"),
    ("zh-hans", "2026年11月22日", "11月22日", "2026年11月22日 12:05"),
])
def test_a_moment_reads_in_the_language_and_in_the_clinics_zone(language, day, short, moment):
    with translation.override(language), timezone.override("America/Los_Angeles"):
        assert (words.day(NOON), words.day(NOON, short=True), words.moment(NOON)) == (day, short, moment)


def test_a_day_is_the_clinics_day():
    with translation.override("en"), timezone.override("Asia/Shanghai"):
        assert (words.day(NOON), words.clock(NOON)) == ("Nov 23, 2026", "04:05")


def test_the_time_of_another_day_is_told_with_its_day():
    with translation.override("en"), timezone.override("Asia/Shanghai"):
        same, next_day = dt.datetime(2026, 11, 22, 17, 0, tzinfo=UTC), dt.date(2026, 11, 24)
        assert [words.clock_on(NOON, day) for day in (same, dt.date(2026, 11, 23))] == ["04:05", "04:05"]
        assert (words.clock_on(NOON, next_day), words.clock_on(None, next_day)) == ("Nov 23, 04:05", "")


def test_a_birth_date_has_no_zone():
    with translation.override("en"), timezone.override("Pacific/Honolulu"):
        assert words.day(dt.date(1982, 3, 14)) == "Mar 14, 1982"


@pytest.mark.parametrize(("value", "en", "es", "zh"), [
    (0.5, "0.5", "0.5", "0.5"),
    (Decimal("1.300"), "1.3", "1.3", "1.3"),
    (1000, "1,000", "1\u202f000", "1,000"),
    (12500.25, "12,500.25", "12\u202f500.25", "12,500.25"),
    (0.1 + 0.2, "0.3", "0.3", "0.3"),
    (0, "0", "0", "0"),
    (100, "100", "100", "100"),
    (None, "", "", ""),
])
def test_a_number_has_no_trailing_zero_and_its_point_is_that_of_the_label(value, en, es, zh):
    read = {}
    for language in ("en", "es", "zh-hans"):
        with translation.override(language):
            read[language] = words.number(value)

    assert read == {"en": en, "es": es, "zh-hans": zh}


def test_an_amount_does_not_break_before_its_unit():
    assert words.amount(0.5, "mL") == "0.5\u00a0mL"


@pytest.mark.parametrize(("born", "age"), [
    (dt.date(1982, 11, 22), "44"), (dt.date(1982, 11, 23), "43"), (dt.date(2025, 1, 22), "22 months"),
    (dt.date(2024, 11, 22), "2"), (dt.date(2026, 11, 1), "21 days"), (dt.date(2026, 11, 21), "1 day"), (None, ""),
])
def test_an_age_is_in_years_and_in_months_or_days_of_the_young(born, age):
    with translation.override("en"):
        assert words.age(born, dt.date(2026, 11, 22)) == age


@pytest.mark.parametrize(("before", "said"), [
    (dt.timedelta(seconds=5), "just now"), (dt.timedelta(minutes=1), "1 minute ago"), (dt.timedelta(hours=5), "5 hours ago"),
    (dt.timedelta(days=6), "6 days ago"), (dt.timedelta(days=7), "Nov 15"), (dt.timedelta(days=365), "Nov 22, 2025"),
])
def test_how_long_ago_is_said_in_one_unit(before, said):
    with translation.override("en"), timezone.override("America/Los_Angeles"):
        assert words.ago(NOON - before, NOON) == said


def test_a_point_has_three_names():
    assert str(words.point("ST36")) == "足三里 Zúsānlǐ ST36"


def test_a_site_that_is_no_point_keeps_its_own_name():
    assert str(words.point("upper trapezius")) == "upper trapezius"


@pytest.mark.parametrize(("given", "family", "whole", "listed"), [
    ("Ana", "Ruiz", "Ana Ruiz", "Ruiz, Ana"),
    ("Ana", "", "Ana", "Ana"),
    ("小红", "陈", "陈小红", "陈小红"),
    ("小红", "", "小红", "小红"),
    ("Mei", "陈", "Mei 陈", "陈, Mei"),
    ("Ruizhi", "Ruiz", "Ruizhi Ruiz", "Ruiz, Ruizhi"),
])  # fmt: skip
def test_a_name_is_written_as_its_language_writes_it(given, family, whole, listed):
    assert (words.person(given, family), words.listed_person(given, family)) == (whole, listed)


@pytest.mark.parametrize(("value", "places", "said"), [(66.667, 0, "67"), (12.96, 1, "13.0"), (2.94, 1, "2.9"), (0, 2, "0.00")])
def test_a_number_with_so_many_places_is_rounded_not_cut(value, places, said):
    assert words.number(value, places) == said


@pytest.mark.parametrize(("language", "things", "parts", "statements"), [
    ("en", "ST36, LI4", "3 mL, SC", "eaten: yes; fever: no"),
    ("es", "ST36, LI4", "3 mL, SC", "eaten: yes; fever: no"),
    ("zh-hans", "ST36、LI4", "3 mL，SC", "eaten: yes；fever: no"),
])
def test_what_is_listed_is_parted_as_the_language_parts_it(language, things, parts, statements):
    with translation.override(language):
        assert words.listed(["ST36", "LI4"]) == things
        assert words.described(["3 mL", "", "SC"]) == parts
        assert words.told(["eaten: yes", "", "fever: no"]) == statements


@pytest.mark.parametrize(("label", "said"), [
    ("Volume", "Volume:"), ("I have counted. Correct the book.", "I have counted. Correct the book."), ("谁签名？", "谁签名？")])
def test_a_label_that_is_a_sentence_leads_without_a_colon(label, said):
    assert words.leading(label) == said
