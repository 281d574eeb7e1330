"""`waterneedle triage` as people and programs call it."""
from __future__ import annotations

import json
from importlib.resources import files

import jsonschema
import pytest
from click.testing import CliRunner

from waterneedle.cli import main

SCHEMA = json.loads((files("waterneedle.safety") / "contracts" / "triage.schema.json").read_text())


def triage(*arguments, **document):
    content = json.dumps({"hours_since_visit": 20, "sites": ["ST36"], "symptoms": [], **document})
    return CliRunner().invoke(main, ["triage", *arguments], input=content)


@pytest.mark.parametrize("name", ["bruise", "chest pain", "frobnicated", "fever", "hives"])
def test_the_answer_keeps_the_contract(name):
    result = triage("-", symptoms=[{"name": name}])
    jsonschema.validate(json.loads(result.stdout), SCHEMA)
    assert result.exit_code == 0


def test_a_file_gives_one_json_object_or_a_page(tmp_path):
    path = tmp_path / "checkin.json"
    path.write_text('{"hours_since_visit": 8, "sites": ["GB21"], "symptoms": [{"name": "short of breath"}, {"name": "blarg"}]}')
    assert json.loads(CliRunner().invoke(main, ["triage", "--json", str(path)]).stdout)["level"] == "emergency"
    page = CliRunner().invoke(main, ["triage", str(path)]).stdout
    assert all(words in page for words in ("⛔ EMERGENCY", "Call your emergency number", "collapsed lung", "blarg"))


def test_the_words_are_in_the_language_asked_for():
    assert "急救电话" in json.loads(triage("-", "--lang", "zh-hans", symptoms=[{"name": "chest pain"}]).stdout)["advice"]


def test_help_has_an_example():
    assert "waterneedle triage -" in CliRunner().invoke(main, ["triage", "--help"]).stdout
