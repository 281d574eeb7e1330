"""`waterneedle check` as people and programs call it."""

from __future__ import annotations

import json
from importlib.resources import files

import jsonschema
import pytest
from click.testing import CliRunner

from waterneedle.cli import main
from waterneedle.cli.check import print_assessment
from waterneedle.safety.plan import Assessment, DetectedIssue, IssueSource, NotUnderstood, SubstanceDose

SCHEMA = json.loads((files("waterneedle.safety") / "contracts" / "assessment.schema.json").read_text())
PLAN = {
    "date": "2026-11-22",
    "jurisdiction": "US-WA",
    "patient": {
        "birth_date": "1982-03-01",
        "pregnancy": {"status": "not_pregnant"},
        "conditions": [],
        "allergies": [],
        "medications": [],
    },
    "injections": [
        {
            "id": "a",
            "site": {"point": "ST36", "side": "left", "skin": "intact"},
            "route": "SC",
            "depth_mm": 6,
            "contents": [{"product": "cyanocobalamin-1000mcg-ml", "volume_ml": 0.3}],
            "needle": {"gauge": 30, "length_mm": 13},
        }
    ],
}
SOURCE = IssueSource(id="x", title="A title", url="https://doi.org/10.1/x", certainty="very_low")
ISSUE = DetectedIssue(
    rule="lung_depth",
    severity="block",
    injections=("1", "3"),
    message="Too deep.",
    remedy="6 mm.",
    missing=("build",),
    sources=(SOURCE,),
)


def with_lung(plan):
    deep = {
        **plan["injections"][0],
        "site": {"point": "GB21", "side": "left", "skin": "intact"},
        "depth_mm": 40,
        "angle_deg": 90,
        "needle": {"gauge": 30, "length_mm": 50},
    }
    return {**plan, "injections": [deep]}


def check(plan, *arguments):
    return CliRunner().invoke(main, ["check", "-", *arguments], input=json.dumps(plan))


@pytest.mark.parametrize("plan", [PLAN, with_lung(PLAN)], ids=["ordinary", "deep over the lung"])
def test_the_answer_keeps_the_contract(plan):
    jsonschema.validate(json.loads(check(plan).stdout), SCHEMA)


def test_the_status_is_that_of_the_verdict():
    for plan in (PLAN, with_lung(PLAN)):
        result = check(plan)
        assert result.exit_code == (1 if json.loads(result.stdout)["verdict"] == "block" else 0)


def test_too_deep_over_the_lung_is_a_block():
    assert check(with_lung(PLAN)).exit_code == 1


def test_a_field_that_is_not_valid_is_named(tmp_path):
    path = tmp_path / "plan.json"
    path.write_text(json.dumps({**PLAN, "injections": [{**PLAN["injections"][0], "route": "IP"}]}))
    result = CliRunner().invoke(main, ["check", str(path)])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "route" in result.stderr


def test_the_page_shows_everything_that_was_found(capsys):
    print_assessment(
        Assessment(
            verdict="block",
            issues=(ISSUE,),
            doses=(SubstanceDose(substance="Cyanocobalamin", amount=300.0, unit="µg", volume_ml=0.3),),
            not_understood=(NotUnderstood(field="patient.allergies[0]", value="cobalr", did_you_mean=("cobalt",)),),
            knowledge_version="sha256:1",
        )
    )
    page = capsys.readouterr().out
    shown = (
        "⛔ BLOCK",
        "Too deep.",
        "6 mm.",
        "build",
        "A title",
        "very low",
        "injection 1, 3",
        "Cyanocobalamin",
        "300 µg",
        "cobalr",
        "cobalt?",
        "sha256:1",
    )
    assert [words for words in shown if words not in page] == []


def test_the_page_says_plainly_that_nothing_was_found(capsys):
    print_assessment(Assessment(verdict="ok", issues=(), doses=(), not_understood=(), knowledge_version="sha256:1"))
    assert "No issue was found." in capsys.readouterr().out
