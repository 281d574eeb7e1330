"""The documents of the contracts over HTTP: the same bytes as through the command line, and one sentence for what is wrong."""
from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from waterneedle.api import openapi, query
from waterneedle.api.door import LARGEST
from waterneedle.cli import main

EXAMPLES = Path(__file__).parents[3] / "examples"
PLAN, CHECKIN = ((EXAMPLES / name).read_bytes() for name in ("plan.json", "checkin.json"))
ANA = {"sex": "female", "age": "35", "height_cm": "160", "weight_kg": "50"}


def printed(*arguments):
    """What the command line prints."""
    return CliRunner().invoke(main, list(arguments)).stdout_bytes


def refused(response):
    """Status and field of a refusal, which is one sentence in one shape."""
    said = json.loads(response.content)
    assert list(said) == ["error"] and sorted(said["error"]) == ["field", "message"]
    assert said["error"]["message"] and "\n" not in said["error"]["message"]
    assert response.headers["Content-Type"] == "application/json"
    return response.status_code, said["error"]["field"]


# --- what is answered

@pytest.mark.parametrize(("path", "content"), [("check", PLAN), ("triage", CHECKIN)])
def test_an_answer_is_byte_for_byte_what_the_command_line_prints(program, tmp_path, path, content):
    (tmp_path / "document.json").write_bytes(content)
    response = program.post(path, content)

    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/json")
    assert response.content == printed(path, str(tmp_path / "document.json"), "--json")


@pytest.mark.parametrize("asked", [ANA, {"age": "70"}, {**ANA, "sex": "other", "height_cm": "131.5"}])
def test_a_body_is_byte_for_byte_what_the_command_line_prints(program, asked):
    options = [part for name, value in asked.items() for part in (f"--{name.replace('_', '-')}", value)]

    assert program.get("body", asked).content == printed("body", *options, "--json")


def test_a_byte_order_mark_is_accepted(program):
    assert program.post("check", b"\xef\xbb\xbf" + PLAN).status_code == 200


@pytest.mark.parametrize(("header", "language"), [
    ("es-MX,es;q=0.9", "es"), ("fr, zh-CN;q=0.8, en;q=0.5", "zh-hans"), ("es;q=0, en", "en"),
    ("xx", "en"), ("*", "en"), (",;=", "en")])
def test_the_words_come_in_the_language_that_is_asked_for(program, tmp_path, header, language):
    (tmp_path / "plan.json").write_bytes(PLAN)
    response = program.post("check", PLAN, **{"Accept-Language": header})

    assert response.headers["Content-Language"] == language
    assert response.content == printed("check", str(tmp_path / "plan.json"), "--json", "--lang", language)


def test_the_language_of_the_document_goes_before_that_of_the_request(program):
    plan = json.dumps({**json.loads(PLAN), "language": "es"}).encode()

    assert program.post("check", plan, **{"Accept-Language": "zh"}).headers["Content-Language"] == "es"


# --- what is not

@pytest.mark.parametrize(("content", "field"), [
    (b" ", ""), (b"{", ""), (b"[]", ""), (b"\xff\xfe", ""), (PLAN + PLAN, ""), (b"[" * 100_000, ""),
    (b'{"date": "2026-11-22", "date": "2026-11-22", "patient": {}, "injections": []}', "date"),
    (b'{"date": "2026-11-22", "patient": {"weight_kg": NaN}, "injections": []}', "patient.weight_kg"),
    (b'{"date": "2026-11-22", "patient": {"weight_kg": 1e999}, "injections": []}', "patient.weight_kg"),
    (b'{"date": "2026-02-30", "patient": {}, "injections": []}', "date"),
    (b'{"date": "2026-11-22", "patient": {}, "injections": [], "secret": 1}', "secret"),
    (b'{"date": "2026-11-22", "patient": {}}', "injections"),
])
def test_a_document_that_is_not_valid_is_answered_with_its_field(program, content, field):
    assert refused(program.post("check", content)) == (422, field)


def test_the_problem_is_the_one_that_the_command_line_names(program):
    content = b'{"date": "2026-11-22", "patient": {}, "injections": [{"site": {}, "contents": [{"volume_ml": "much"}]}]}'
    line = json.loads(CliRunner().invoke(main, ["check", "-"], input=content).stdout)

    said = json.loads(program.post("check", content).content)
    assert said["error"] == {name: line["error"][name] for name in ("field", "message")}


@pytest.mark.parametrize("kind", [
    "text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1", "", "json"])
def test_only_json_is_read(program, kind):
    assert refused(program.post("check", PLAN, kind=kind)) == (415, "")


def test_packed_documents_are_not_read(program):
    assert refused(program.post("check", PLAN, **{"Content-Encoding": "gzip"})) == (415, "")


@pytest.mark.parametrize("size", [LARGEST + 1, 16 * 1024 * 1024])
def test_a_document_that_is_too_large_is_not_read(program, size):
    assert refused(program.post("triage", b" " * size)) == (413, "")


def test_the_largest_document_is_read(program):
    assert program.post("triage", CHECKIN + b" " * (LARGEST - len(CHECKIN))).status_code == 200


@pytest.mark.parametrize("length", ["", "-1", "many", "1" * 5000, "٣"])
def test_a_length_that_is_not_said_is_asked_for(program, length):
    response = program.client.generic(
        "POST", "/api/v1/check", PLAN, content_type="application/json", headers=program.headers, CONTENT_LENGTH=length)

    assert refused(response)[0] in (411, 413)


@pytest.mark.parametrize(("method", "path", "allowed"), [
    ("GET", "check", "POST"), ("PUT", "triage", "POST"), ("OPTIONS", "check", "POST"), ("HEAD", "check", "POST"),
    ("POST", "body", "GET, HEAD"), ("DELETE", "openapi.json", "GET, HEAD"), ("BREW", "body", "GET, HEAD")])
def test_another_method_is_refused(program, method, path, allowed):
    response = program.client.generic(method, f"/api/v1/{path}", b"", headers=program.headers)

    assert (response.status_code, response.headers["Allow"]) == (405, allowed)


def test_an_address_that_does_not_exist_is_answered_in_json(program):
    assert [refused(program.get(path)) for path in ("", "nothing", "check/", "../v2/check")] == [(404, "")] * 4


@pytest.mark.parametrize(("asked", "field"), [
    ({}, "age"), ({"age": ""}, "age"), ({"age": "nan"}, "age"), ({"age": "-1"}, "age"), ({"age": "1e3"}, "age"),
    ({"age": "131"}, "age"), ({"age": "٣٥"}, "age"), ({"age": "1_0"}, "age"), ({"age": ["1", "2"]}, "age"),
    ({"age": "35", "sex": "Female"}, "sex"),
    ({"age": "35", "height_cm": "20"}, "height_cm"), ({"age": "35", "height_cm": "inf"}, "height_cm"),
    ({"age": "35", "weight_kg": "501"}, "weight_kg"), ({"age": "35", "name": "Ana"}, "name"), ({"age": "35\x00"}, "age")])
def test_a_person_who_is_not_one_is_refused_with_the_parameter(program, asked, field):
    assert refused(program.get("body", asked)) == (422, field)


@pytest.mark.parametrize("asked", [
    {"age": "0", "height_cm": "20.01", "weight_kg": "0.31"}, {"age": "130", "height_cm": "260", "weight_kg": "500"},
    {"age": "0", "height_cm": "260", "weight_kg": "500"}, {"age": "130", "height_cm": "20.01", "weight_kg": "500"}])
def test_the_ends_of_what_may_be_asked_are_drawn_as_near_as_the_model_goes(program, asked):
    response = program.get("body", asked)

    assert (response.status_code, json.loads(response.content)["fit"]["clamped"]) == (200, True)


def test_height_and_weight_reach_as_far_as_in_the_contract():
    patient = openapi.contract("plan")["properties"]["patient"]["properties"]

    height, weight = ((patient[name]["exclusiveMinimum"], patient[name]["maximum"]) for name in ("height_cm", "weight_kg"))
    assert (height, weight) == (query.HEIGHT_CM, query.WEIGHT_KG)


# --- what may be kept

def test_a_body_is_not_sent_again_to_who_has_it(program):
    first = program.get("body", ANA)
    again = program.get("body", ANA, **{"If-None-Match": first.headers["ETag"]})
    other = program.get("body", {**ANA, "age": "36"}, **{"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "private, max-age=3600"
    assert (again.status_code, again.content) == (304, b"")
    assert (other.status_code, other.headers["ETag"] == first.headers["ETag"]) == (200, False)


@pytest.mark.parametrize("path", ["check", "triage"])
def test_an_answer_sets_no_cookie(program, path):
    response = program.post(path, {"check": PLAN, "triage": CHECKIN}[path])

    assert (response.status_code, list(response.cookies)) == (200, [])
