"""`waterneedle jurisdiction`: the law on a day; what was not found out is neither no nor yes."""
import json
from datetime import date

import pytest
from click.testing import CliRunner

from waterneedle import knowledge
from waterneedle.cli import main


def run(*arguments):
    return CliRunner().invoke(main, ["jurisdiction", *arguments])


def found(*arguments):
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.parametrize("name", ["US-FL", "us-fl", "US FL", "us_fl", "Florida"])
def test_a_place_is_found_by_code_and_name(name):
    assert found(name)["code"] == "US-FL"


@pytest.mark.parametrize(("day", "since"), [
    ("2017-05-01", "2002-03-01"), ("2018-12-02", "2002-03-01"), ("2018-12-03", "2018-12-03"),
])
def test_the_period_of_the_day_is_in_force(day, since):
    assert found("US-FL", "--on", day)["in_force"]["since"] == since


def test_today_is_asked_about_when_no_day_is_given():
    assert found("US-FL")["on"] == date.today().isoformat()


def test_a_day_that_no_period_covers_has_no_law_on_file():
    assert found("US-FL", "--on", "1990-01-01")["in_force"] is None
    assert "nothing is known of the law on that day" in run("US-FL", "--on", "1990-01-01").stdout


def test_what_was_not_found_out_is_named_and_not_no():
    answer = found("US-FL", "--on", "2026-01-01")
    assert "routes_allowed" in answer["not_found_out"]
    assert "routes_allowed" not in answer["in_force"]
    page = run("US-FL", "--on", "2026-01-01").stdout
    assert [line.split() for line in page.splitlines() if line.startswith("Routes allowed")] == [
        ["Routes", "allowed", "not", "found", "out"]]


def test_what_the_sources_leave_open_is_shown():
    answer = found("US-FL", "--on", "2026-01-01")
    assert answer["left_open"] == list(knowledge.jurisdictions()["US-FL"].period(date(2026, 1, 1)).left_open)
    assert "Left open by the sources" in run("US-FL").stdout


@pytest.mark.parametrize("day", ["1", "tomorrow", "2026-13-01", "2026-02-30", ""])
def test_a_day_that_is_none_is_refused_in_one_sentence(day):
    result = run("US-FL", "--on", day)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert "--on expects a date" in result.stderr


@pytest.mark.parametrize("code", knowledge.jurisdictions())
def test_every_place_has_a_page(code):
    result = run(code)
    assert (result.exit_code, "None" in result.stdout) == (0, False)
    assert "Sources" in result.stdout


def test_a_place_that_was_read_in_part_says_so():
    partial = next(place.code for place in knowledge.jurisdictions().values() if place.read == "partial")
    assert "Only part of the law was read." in run(partial).stdout


def test_the_list_names_every_place():
    assert [place["code"] for place in found()] == list(knowledge.jurisdictions())
