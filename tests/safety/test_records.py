"""What clinics write into a record, word for word, and what the check must make of each line: a hit, a question, silence.

`records/as_written.csv`: the words as they stand among the conditions, medications or allergies; with them the point and
the product of the injection where the ordinary plan would not show it. `expected` is one or more of: the severity and the
rule that speaks ("warn anticoagulant"); "asked", a warning that the words were not read; "note", notes and nothing more;
"quiet", nothing that has to be answered. The lines are ours, after the ways of charts; the facts behind them have their
sources in the vocabulary and the rules.
"""

from __future__ import annotations

import csv
import functools
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from conftest import check, with_

RECORDS = list(csv.DictReader((Path(__file__).parent / "records" / "as_written.csv").open(encoding="utf-8")))
FIELD = {"allergies": "substance"}


def plan(line: dict[str, str], words: str | None) -> dict[str, Any]:
    said = [] if words is None else [{FIELD.get(line["list"], "name"): words}]
    change: dict[str, Any] = {f"patient.{line['list']}": said}
    if line["list"] == "conditions":
        change["patient.medications"] = []
    if line["site"]:
        side = {} if line["site"][:2] in ("CV", "GV") else {"side": "left"}
        change["injections[0].site"] = {"point": line["site"], "skin": "intact", **side}
    if line["product"]:
        change |= {"injections[0].contents[0].product": line["product"], "injections[0].contents[0].container": None}
    return with_(change, unset=["injections[1]"] if line["site"] else [])


@functools.cache
def spoken_without(list_: str, site: str, product: str) -> frozenset[tuple[str, str, str]]:
    plain = plan({"list": list_, "site": site, "product": product}, None)
    return frozenset((one.severity, one.rule, one.message) for one in check(plain).issues)


def added(line: dict[str, str]) -> list[tuple[str, str]]:
    """What the words add to the plan without them, as severity and rule."""
    before = spoken_without(line["list"], line["site"], line["product"])
    return [
        (one.severity, one.rule)
        for one in check(plan(line, line["words"])).issues
        if (one.severity, one.rule, one.message) not in before
    ]


def is_as(expected: str, said: list[tuple[str, str]]) -> bool:
    if expected == "asked":
        return ("warn", "not_understood") in said
    if expected in ("note", "quiet"):
        return all(severity == "note" for severity, _ in said) and (expected == "quiet" or bool(said))
    return tuple(expected.split()) in said


@pytest.mark.parametrize("line", RECORDS, ids=lambda line: f"{line['list']} {line['words']} {line['site']}{line['product']}")
def test_what_clinics_write_is_read_asked_about_or_left_in_peace(line):
    said = added(line)

    assert any(is_as(expected, said) for expected in line["expected"].split(" or ")), said


def test_there_are_enough_of_them_in_three_languages_and_no_two_the_same():
    languages = Counter(line["language"] for line in RECORDS)

    assert set(languages) == {"en", "es", "zh-hans"}
    assert min(languages.values()) >= 40
    assert len({(line["list"], line["words"], line["site"], line["product"]) for line in RECORDS}) == len(RECORDS) >= 500
