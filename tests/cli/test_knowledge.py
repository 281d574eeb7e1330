"""`waterneedle knowledge`: every problem at once, counts, sources and the version."""
import json

import pytest
from click.testing import CliRunner

from waterneedle import knowledge
from waterneedle.cli import main
from waterneedle.knowledge import sections


def run(*arguments):
    return CliRunner().invoke(main, ["knowledge", *arguments])


@pytest.fixture
def broken(tmp_path):
    (tmp_path / "regions.toml").write_text('id = "knee"\nbody_part = "tail"\nnames = []\nsources = [{ source = "x" }]\n')
    (tmp_path / "landmarks.csv").write_text("id,term,kind\npatella,patella,wood\n")
    return str(tmp_path)


def test_the_facts_have_no_problem():
    result = run("check")
    assert (result.exit_code, result.stdout.splitlines()[-1].endswith("0 problems.")) == (0, True)
    assert run("check", "--json").stdout.strip() == "[]"


def test_every_problem_is_reported_with_file_key_and_text(broken):
    result = run("check", "--folder", broken, "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 1
    assert [(problem["file"], problem["key"]) for problem in found[:2]] == [("landmarks.csv", "line 2"), ("regions.toml", "knee")]
    assert {"file": "points", "key": "LU", "text": "has 0 points, not 11"} in found


def test_the_report_reads_line_by_line(broken):
    result = run("check", "--folder", broken)
    assert result.exit_code == 1
    assert "landmarks.csv: line 2: Invalid enum value 'wood'" in result.stdout


def test_a_folder_that_is_none_is_refused(tmp_path):
    result = run("check", "--folder", str(tmp_path / "nowhere"))
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)


def test_the_count_names_every_kind():
    counts = json.loads(run("count", "--json").stdout)
    assert list(counts) == [section.name for section in sections.SECTIONS]
    assert (counts["points"], counts["claims"]) == (409, len(knowledge.claims()))
    assert f"{sum(counts.values())} facts." in run("count").stdout


def test_the_version_is_the_one_that_decides():
    assert run("version").stdout == f"{knowledge.version()}\n"
    assert json.loads(run("version", "--json").stdout) == {"version": knowledge.version()}


def test_the_sources_have_an_address_or_something_to_look_up():
    listed = json.loads(run("sources", "--json").stdout)
    assert len(listed) == len(knowledge.sources())
    assert [one["id"] for one in json.loads(run("sources", "who-2008", "--json").stdout)] == ["who-2008"]
    assert "fl-64b1-4.012" in [one["id"] for one in json.loads(run("sources", "64B1-4.012", "--json").stdout)]
