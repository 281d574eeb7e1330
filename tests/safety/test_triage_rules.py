"""What each rule of triage makes of a symptom and its companions, line by line: `combinations.toml`."""

from __future__ import annotations

import ast
import inspect
import tomllib
from pathlib import Path

import pytest

from waterneedle import knowledge
from waterneedle.safety.triage_rules import RULES

from .reported import report_of

LINES = tomllib.loads(Path(__file__).with_name("combinations.toml").read_text(encoding="utf-8"))
BY_NAME = {rule.__name__: rule for rule in RULES if rule.__name__ in LINES}
ASKS = {"has", "all_with", "may_be_over"}


def asked(rule):
    """The words that a rule asks a report for."""
    calls = [node for node in ast.walk(ast.parse(inspect.getsource(rule))) if isinstance(node, ast.Call)]
    return {
        word.value
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr in ASKS
        for word in call.args
        if isinstance(word, ast.Constant)
    }


def test_every_rule_that_reads_a_symptom_has_its_lines():
    assert [rule.__name__ for rule in RULES] == [*LINES, "not_understood"]


@pytest.mark.parametrize("rule", BY_NAME)
def test_every_word_that_a_rule_asks_for_stands_in_its_lines(rule):
    reports = [report_of(line) for line in LINES[rule]]
    written = frozenset().union(*(report.words | (report.zones or frozenset()) for report in reports))

    assert asked(BY_NAME[rule]) - written == set()


@pytest.mark.parametrize(("rule", "line"), [(rule, line) for rule, lines in LINES.items() for line in lines])
def test_a_rule_says_what_its_line_says(rule, line):
    levels = knowledge.triage_rules()[rule].cases

    said = [f"{levels[case].level}: {case}" for case in dict.fromkeys(BY_NAME[rule](report_of(line)))]

    assert said == LINES[rule][line]
