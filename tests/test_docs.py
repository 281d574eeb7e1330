"""What must be documented is documented, and what the pages show is true."""
from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import waterneedle
from waterneedle import knowledge
from waterneedle.cli import COMMANDS, main
from waterneedle.knowledge import files
from waterneedle.knowledge.checking import problems_of

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
DECISIONS = sorted((ROOT / "docs/decisions").glob("*.md"))
HAZARDS = (ROOT / "docs/hazards.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in HAZARDS.splitlines() if re.match(r"\| \d+ ", line)]
TOML = dict(re.findall(r"```toml\n# (\S+\.toml)\n(.*?)```", CONTRIBUTING, re.DOTALL))


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("rule", knowledge.rules())
def test_every_rule_stands_in_the_hazard_log(rule):
    assert f"`{rule}`" in HAZARDS


def test_the_hazard_log_names_only_rules_that_exist():
    controls = {name for row in ROWS for name in re.findall(r"`(\w+)`", row[3])}

    assert controls - set(knowledge.rules()) - set(knowledge.triage_rules()) == set()


def test_the_hazard_log_is_numbered_without_gaps_and_leaves_no_cell_empty():
    assert [int(row[0]) for row in ROWS] == list(range(1, len(ROWS) + 1))
    assert all(len(row) == 6 and all(row) for row in ROWS)


@pytest.mark.parametrize("test", sorted({name for row in ROWS for name in re.findall(r"`([\w/]+\.py)`", row[4])}))
def test_every_test_in_the_hazard_log_exists(test):
    assert (ROOT / test).is_file() or (ROOT / "tests/safety" / test).is_file()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_stands_in_the_readme_and_in_the_help(command):
    shown = CliRunner().invoke(main, ["--help"]).output

    assert f"  {command} " in shown
    assert re.search(rf"`(waterneedle )?{command}\b|waterneedle {command}\b", README)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command):
    shown = CliRunner().invoke(main, [command, "--help"])

    assert shown.exit_code == 0
    assert "waterneedle" in shown.output


def test_every_kind_of_fact_has_an_example_that_loads(tmp_path):
    for path, text in TOML.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")

    read, problems = files.read(tmp_path)

    assert problems == ()
    assert {name for name, records in read.items() if records} == {
        "sources", "hazard_zones", "products", "rules", "instruments", "jurisdictions", "vocabulary", "evidence", "protocols"}


def test_the_examples_fit_among_the_facts(tmp_path):
    for path, text in TOML.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    examples, _ = files.read(tmp_path)
    facts, _ = files.read()

    together = {name: facts[name] | examples[name] for name in facts}

    assert set(problems_of(together)) - set(problems_of(facts)) == set()


def test_the_readme_shows_what_the_check_answers():
    plan = json.loads((ROOT / "examples/plan.json").read_text(encoding="utf-8"))
    shown = README.split("$ waterneedle check examples/plan.json")[1].split("```")[0]

    found = waterneedle.check(plan)

    assert found.verdict.upper() in shown.splitlines()[1]
    assert re.findall(r"\[(\w+);", shown) == [issue.rule for issue in found.issues]


def test_the_examples_are_answered():
    checkin = json.loads((ROOT / "examples/checkin.json").read_text(encoding="utf-8"))

    assert waterneedle.triage(checkin).advice


def test_decisions_are_numbered_without_gaps():
    assert [int(page.name[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("page", DECISIONS, ids=named)
def test_a_decision_says_context_decision_and_consequences_in_under_thirty_lines(page):
    text = page.read_text(encoding="utf-8")

    assert text.startswith(f"# {int(page.name[:4])}. ")
    assert re.findall(r"^\*\*(\w+)\.\*\*", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
    assert len(text.splitlines()) < 30


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_no_page_names_a_path_of_one_machine(page):
    assert not re.search(r"(?<![\w.])(/home/|/root\b|/Users/|/work/|/tmp/|~/|[A-Z]:\\)", page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_between_pages_leads_somewhere(page):
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("lock", sorted((ROOT / "requirements").glob("*.txt")), ids=named)
def test_a_lock_pins_with_hashes_and_names_no_index(lock):
    text = lock.read_text(encoding="utf-8")

    assert not re.search(r"https?://|--(extra-)?index-url|--trusted-host|--find-links", text)
    assert all("==" in line and line.endswith("\\") for line in text.splitlines() if re.match(r"\w", line))
