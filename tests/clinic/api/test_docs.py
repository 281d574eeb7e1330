"""docs/api.md shows what works: its commands are run, against a running server."""
from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from clinic.api.conftest import make_token
from clinic.people import make_clinic, make_person
from waterneedle.api.door import LARGEST
from waterneedle.api.openapi import description
from waterneedle.clinic.accounts.roles import Role

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/api.md").read_text(encoding="utf-8")
COMMANDS = [one for one in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) if one.startswith("curl")]


@pytest.fixture
def run(site):
    """Runs a command of the page in a shell, and reads what it prints."""
    assert shutil.which("curl"), "curl is not installed"
    clinic = make_clinic("harbor", "Harbor Acupuncture")
    secret = make_token(clinic, make_person(clinic, "Olga Owner", Role.OWNER))[1]
    environment = {**os.environ, "WATERNEEDLE": site, "TOKEN": secret, "NO_PROXY": "*"}

    def run(command):
        done = subprocess.run(["sh", "-c", command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    return run


def test_the_commands_of_the_page_answer(run):
    check, triage, body = [run(command) for command in COMMANDS]

    assert check["verdict"] == "ok"
    assert (triage["level"], "clínica" in triage["advice"]) == ("self_care", True)
    assert len(body["points"]) > 700 and body["person"]["age_years"] == 35


def test_the_page_names_every_door_and_every_refusal():
    spoken = description()
    statuses = {status for path in spoken["paths"].values() for one in path.values() for status in one["responses"]}

    assert {f"{method.upper()} /api/v1{path}" for path, methods in spoken["paths"].items() for method in methods} <= set(
        re.findall(r"`((?:GET|POST) [^`]+)`", PAGE))
    assert statuses - {"200", "304"} <= set(re.findall(r"^\| (\d{3}) \|", PAGE, re.MULTILINE))
    assert f"{LARGEST >> 10} KiB" in PAGE
