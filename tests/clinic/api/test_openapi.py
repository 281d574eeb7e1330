"""The description of the doors says what they do: its examples are true, and whatever is generated from it is answered by it."""
from __future__ import annotations

import json
import os
from pathlib import Path

import jsonschema
import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as how
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from clinic.api.conftest import make_token
from clinic.api.test_doors import ANA, CHECKIN, PLAN
from clinic.people import make_clinic, make_person
from waterneedle.api import openapi
from waterneedle.clinic.accounts.roles import Role

EXAMPLES = Path(__file__).parents[3] / "examples"
DOORS = ("POST /check", "POST /triage", "GET /body")
CASES, SOAKED = 30, int(os.environ.get("WATERNEEDLE_SOAK_REQUESTS", "10000"))
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
          response_schema_conformance]


@pytest.fixture(scope="module")
def spoken():
    return json.loads(openapi.written())


def test_everybody_may_read_what_the_doors_are(db, spoken):
    response = Client().get("/api/v1/openapi.json")

    assert json.loads(response.content) == spoken
    assert (response.headers["Content-Type"], response.headers["Cache-Control"]) == ("application/json", "public, max-age=3600")
    assert Client().get("/api/v1/openapi.json", headers={"If-None-Match": response.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("name", ["plan", "checkin"])
def test_the_examples_are_those_of_the_project(name):
    assert openapi.example(name) == (EXAMPLES / f"{name}.json").read_bytes()


def test_the_schemas_are_those_of_the_contracts(spoken):
    components = spoken["components"]["schemas"]

    for name, file in openapi.CONTRACTS.items():
        contract = openapi.contract(file)
        assert set(components[name]["properties"]) == set(contract["properties"])
        assert {f"{name}.{part}" for part in contract.get("$defs", {})} <= set(components)


def test_every_reference_leads_somewhere(spoken):
    def references(part):
        if isinstance(part, dict):
            yield from ([part["$ref"]] if isinstance(part.get("$ref"), str) else [])
            part = part.values()
        for one in part if isinstance(part, (list, type({}.values()))) else ():
            yield from references(one)

    found = set(references(spoken))
    assert found and {one.removeprefix("#/components/schemas/") for one in found} <= set(spoken["components"]["schemas"])


def test_the_examples_of_the_description_are_answered_as_it_says(program, spoken):
    for path, content in (("check", PLAN), ("triage", CHECKIN)):
        door = spoken["paths"][f"/{path}"]["post"]
        sent = json.dumps(door["requestBody"]["content"]["application/json"]["example"]).encode()

        assert json.loads(program.post(path, sent).content) == door["responses"]["200"]["content"]["application/json"]["example"]
        assert program.post(path, content).content == program.post(path, sent).content


def test_a_body_is_as_its_schema_says(program):
    jsonschema.validate(json.loads(program.get("body", ANA).content), openapi._body())


# --- whatever is generated

@pytest.fixture
def ask(site, settings, monkeypatch):
    """Sends requests made from the description to a door of a running server, and looks at each answer."""
    monkeypatch.setenv("NO_PROXY", "*")
    settings.API_PER_MINUTE = 10**9
    clinic = make_clinic("harbor", "Harbor Acupuncture")
    secret = make_token(clinic, make_person(clinic, "Olga Owner", Role.OWNER))[1]
    schema = schemathesis.openapi.from_url(f"{site}/api/v1/openapi.json")

    def ask(door, cases):
        method, path = door.split()
        made = [schema[path][method].as_strategy(generation_mode=mode) for mode in schemathesis.GenerationMode]
        answered = []

        @how(max_examples=cases, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
             suppress_health_check=list(HealthCheck))
        @given(case=st.one_of(made))
        def each(case):
            response = case.call(headers={"Authorization": f"Bearer {secret}"}, timeout=120)  # a busy machine is no mistake
            answered.append(response.status_code)
            case.validate_response(response, checks=CHECKS)

        each()
        return answered

    return ask


@pytest.mark.parametrize("door", DOORS)
def test_whatever_is_sent_is_answered_as_described(door, ask):
    answered = ask(door, CASES)

    assert len(answered) >= CASES
    assert {200, 422} <= set(answered)


@pytest.mark.soak
@pytest.mark.parametrize("door", DOORS)
def test_ten_thousand_requests_and_no_500(door, ask, capsys):
    answered = ask(door, SOAKED // len(DOORS) + 1)

    counts = ", ".join(f"{one} × {answered.count(one)}" for one in sorted(set(answered)))
    with capsys.disabled():
        print(f"\n{door}: {len(answered)} requests: {counts}")
    assert len(answered) > SOAKED // len(DOORS)
