"""`waterneedle evidence`: both sides, how certain, and what is not known."""
import json

import pytest
from click.testing import CliRunner

from waterneedle import knowledge
from waterneedle.cli import main
from waterneedle.outcomes import bottom_line


def run(*arguments):
    return CliRunner().invoke(main, ["evidence", *arguments])


def found(*arguments):
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def page(*arguments):
    return " ".join(run(*arguments).stdout.split())


@pytest.mark.parametrize("words", ["lymph", "lymphatic drainage", "lymphoedema", "淋巴", "drenaje linfático", "Linfático"])
def test_a_claim_is_found_as_people_put_it(words):
    assert [claim["id"] for claim in found(words)] == ["lymph"]


def test_words_of_a_study_find_the_claims_it_speaks_of():
    assert "lymph" in [claim["id"] for claim in found("Lymphomyosot")]


@pytest.mark.parametrize("identity", knowledge.claims())
def test_a_claim_comes_with_all_its_findings_and_its_bottom_line(identity):
    (claim,) = found(identity)
    about = {finding.id for finding in knowledge.evidence().values() if identity in finding.claims}
    assert {finding["id"] for finding in claim["findings"]} == about
    assert all(finding["direction"] == finding["directions"][identity] for finding in claim["findings"])
    assert claim["bottom_line"] == bottom_line(knowledge.claims()[identity], knowledge.evidence().values())
    assert claim["unknown"]["en"]


@pytest.mark.parametrize("identity", knowledge.claims())
def test_the_page_shows_the_statement_both_sides_and_what_is_not_known(identity):
    shown = page(identity)
    assert knowledge.claims()[identity].statement.en in shown
    assert "For" in shown
    assert "Against" in shown
    assert f"What is not known: {knowledge.claims()[identity].unknown.en}" in shown
    assert "may not be promised" in shown or "may be promised" in shown


def test_the_page_gives_numbers_design_and_certainty():
    shown = page("lymph")
    assert "n = 82" in shown
    assert "RCT" in shown
    assert "moderate certainty" in shown


def test_a_study_stands_on_the_side_that_fits_the_claim():
    (safety,), (reaction,) = found("safety"), found("next-day-reaction")
    direction_of = [{finding["id"]: finding["direction"] for finding in claim["findings"]} for claim in (safety, reaction)]
    assert [sides["kmd-2022-37490"] for sides in direction_of] == ["against", "for"]


def test_the_table_counts_each_side():
    assert "Neither" in page()
    assert "whatever their weight" in page()
