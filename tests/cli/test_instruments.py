"""`waterneedle instruments`: questions as they are asked, and scores of answers."""
import json

import pytest
from click.testing import CliRunner

from waterneedle import knowledge
from waterneedle.cli import main


def run(*arguments):
    return CliRunner().invoke(main, ["instruments", *arguments])


def found(*arguments):
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_the_list_has_every_instrument():
    assert [instrument["id"] for instrument in found()] == list(knowledge.instruments())


def test_words_find_an_instrument():
    assert "next-day" in [instrument["id"] for instrument in found("bruise")]


@pytest.mark.parametrize("answers", [
    "bruise=1,soreness=3", "bruise=1, soreness=3", "soreness = 3; bruise = 1", "bruise=1,soreness=3,",
])
def test_answers_are_scored(answers):
    report = found("next-day", "--score", answers)
    assert (report["instrument"], report["score"], report["answered"], report["needed"]) == ("next-day", 4.0, 2, 2)


def test_a_bare_number_answers_the_only_question():
    assert found("pain-now-0-10", "--score", "4")["score"] == 4.0


def test_too_few_answers_are_told_and_give_no_score():
    assert found("next-day", "--score", "bruise=1")["score"] is None
    assert run("next-day", "--score", "bruise=1").stdout == "No score: 1 of 2 answered, and 2 are needed.\n"


@pytest.mark.parametrize(("answers", "said"), [
    ("bruise=9", "bruise must be one of 0, 1, 2, got 9"), ("x=1", "'x' is not a question of next-day"),
    ("bruise", "a question and a number"), ("bruise=one", "a question and a number"),
    ("bruise=1,bruise=2", "'bruise' is answered twice"), ("soreness=nan", "must be a number"),
])
def test_answers_that_cannot_be_are_refused_in_one_sentence(answers, said):
    result = run("next-day", "--score", answers)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert said in result.stderr


def test_a_score_needs_one_instrument():
    assert run("--score", "1").exit_code == 2
    assert "needs one instrument" in run("pain", "--score", "1").stderr


def test_the_score_says_which_end_is_better():
    assert run("pain-now-0-10", "--score", "4").stdout == "pain-now-0-10: 4. Lower is better.\n"


@pytest.mark.parametrize("identity", knowledge.instruments())
def test_every_instrument_has_a_page_with_its_questions(identity):
    shown = " ".join(run(identity).stdout.split())
    assert knowledge.instruments()[identity].name.en in shown
    assert "None" not in shown
