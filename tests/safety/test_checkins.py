"""Check-ins in patients' own words, and the least level that each must reach: no emergency may be under-called.

`checkins/frightened.csv` is how frightened people type: short, misspelt, without accents, in simplified and traditional
characters; and beside each danger the harmless and denied uses of the same words, with the most that may be made of them.
Each line of `checkins/own_words.csv` rests on the warning sign of a source on file, named in its column. `most` is filled where
more would be a false alarm.
"""
from __future__ import annotations

import csv
from pathlib import Path

import pytest

from waterneedle import knowledge
from waterneedle.safety.triage import LEVELS, triage

HERE = Path(__file__).parent / "checkins"
CORPUS = list(csv.DictReader((HERE / "own_words.csv").open(encoding="utf-8")))
FRIGHTENED = list(csv.DictReader((HERE / "frightened.csv").open(encoding="utf-8")))


def level(line: dict[str, str]) -> str:
    said = {"hours_since_visit": float(line["hours"]), "sites": line["sites"].split(), "symptoms": [], "free_text": line["words"]}
    return triage(said, language=line["language"]).level


@pytest.mark.parametrize("line", CORPUS, ids=lambda line: line["words"])
def test_what_a_patient_says_is_never_called_less_than_it_is(line):
    found = LEVELS.index(level(line))

    assert found >= LEVELS.index(line["least"])
    assert found <= LEVELS.index(line["most"] or "emergency")


def test_there_are_enough_of_them_in_three_languages_with_a_source_each():
    assert len(CORPUS) >= 150
    assert {line["language"] for line in CORPUS} == {"en", "es", "zh-hans"}
    assert {line["source"] for line in CORPUS} <= set(knowledge.sources())
    assert len({line["words"] for line in CORPUS}) == len(CORPUS)


@pytest.mark.parametrize("line", FRIGHTENED, ids=lambda line: line["words"])
def test_who_is_frightened_is_told_at_once_and_who_is_not_is_left_in_peace(line):
    found = LEVELS.index(level({**line, "hours": "20", "sites": "ST36"}))

    assert found >= LEVELS.index(line["least"])
    assert found <= LEVELS.index(line["most"] or "emergency")


@pytest.mark.parametrize("language", ["en", "es", "zh-hans"])
def test_of_the_frightened_there_are_enough_in_each_language(language):
    said = [line for line in FRIGHTENED if line["language"] == language]

    assert sum(line["least"] == "emergency" for line in said) >= 60
    assert sum(line["least"] == "none" for line in said) >= 30
    assert len({line["words"] for line in said}) == len(said)
