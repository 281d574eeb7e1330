"""The OpenAPI description of the doors, from the schemas of the contracts, with examples that are answered when it is made."""
from __future__ import annotations

import functools
import json
from importlib import resources
from typing import Any

from waterneedle.api import query
from waterneedle.safety import documents
from waterneedle.safety.check import check
from waterneedle.safety.checkin import CheckIn
from waterneedle.safety.plan import Plan

CONTRACTS = {"Plan": "plan", "Assessment": "assessment", "CheckIn": "checkin", "Triage": "triage"}
HERE, SAFETY = resources.files("waterneedle.api"), resources.files("waterneedle.safety")

_ERROR = {
    "type": "object",
    "required": ["error"],
    "additionalProperties": False,
    "properties": {"error": {
        "type": "object",
        "required": ["field", "message"],
        "additionalProperties": False,
        "properties": {
            "field": {"type": "string", "description": "Where, such as injections[0].contents[0].volume_ml; empty: the whole."},
            "message": {"type": "string", "description": "What was expected there, in one sentence."},
        },
    }},
}
_REFUSALS = {
    "400": "The document broke off before its end.",
    "401": "No token, or one that is not known, has expired or was revoked.",
    "403": "The token does not open this.",
    "405": "Another method.",
    "411": "No Content-Length.",
    "413": "The document is too large.",
    "415": "Not JSON in UTF-8.",
    "422": "Not valid: the field, and what was expected there.",
    "429": "Too often: Retry-After says when to come again.",
}
_OF_EVERY_DOOR, _OF_A_DOCUMENT = ("401", "403", "405", "422", "429"), ("400", "411", "413", "415")


@functools.cache
def written() -> bytes:
    return documents.written(description())


def description() -> dict[str, Any]:
    from waterneedle.safety.triage import triage  # late: compiles its patterns

    plan, checkin = example("plan"), example("checkin")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Waterneedle",
            "version": "1",  # as in the addresses
            "summary": "The safety check of a plan, the triage of a check-in, and points on a body.",
            "description": "Not a medical device: it shows what is on file, a clinician decides. Nothing sent here is kept.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": {
            "/check": {"post": _post(
                "check", "The assessment of a plan", "Plan", "Assessment", plan, check(documents.read(plan, Plan)))},
            "/triage": {"post": _post(
                "triage", "What to do about a check-in", "CheckIn", "Triage", checkin,
                triage(documents.read(checkin, CheckIn)))},
            "/body": {"get": {
                "operationId": "body",
                "summary": "Every point, where its rule says on a body of this sex, age, height and weight",
                "parameters": _parameters(),
                "responses": {
                    "200": {"description": "The body, with its ETag.", "content": _json("Body")},
                    "304": {"description": "As it was: the ETag of If-None-Match still holds."},
                    **_refusals(*_OF_EVERY_DOOR),
                },
            }},
        },
        "components": {
            "securitySchemes": {"token": {
                "type": "http", "scheme": "bearer",
                "description": "Made by the owner of a clinic on the page “Programs”; opens what was chosen there."}},
            "schemas": {**_contracts(), "Body": _body(), "Error": _ERROR},
        },
    }


def example(name: str) -> bytes:
    return (HERE / f"examples/{name}.json").read_bytes()


def contract(name: str) -> dict[str, Any]:
    return json.loads((SAFETY / f"contracts/{name}.schema.json").read_text(encoding="utf-8"))


def _post(name: str, summary: str, asked: str, answered: str, sent: bytes, answer: Any) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": summary,
        "parameters": [{
            "name": "Accept-Language", "in": "header", "schema": {"type": "string"},
            "description": "Language of the words (en, es, zh-hans), where the document itself asks for none.",
        }],
        "requestBody": {"required": True, "content": _json(asked, json.loads(sent))},
        "responses": {
            "200": {"description": f"The {answered.lower()}.", "content": _json(answered, json.loads(documents.written(answer)))},
            **_refusals(*_OF_EVERY_DOOR, *_OF_A_DOCUMENT),
        },
    }


def _json(schema: str, example: Any = None) -> dict[str, Any]:
    of = {"schema": {"$ref": f"#/components/schemas/{schema}"}}
    return {"application/json": of if example is None else {**of, "example": example}}


def _refusals(*statuses: str) -> dict[str, Any]:
    return {status: {"description": _REFUSALS[status], "content": _json("Error")} for status in sorted(statuses)}


def _parameters() -> list[dict[str, Any]]:
    def number(name: str, about: str, schema: dict[str, Any], required: bool = False) -> dict[str, Any]:
        return {"name": name, "in": "query", "required": required, "description": about, "schema": {"type": "number", **schema}}

    def within(reach: tuple[float, float]) -> dict[str, Any]:
        return {"exclusiveMinimum": reach[0], "maximum": reach[1]}

    return [
        {"name": "sex", "in": "query", "description": "Other, or none: midway between female and male.",
         "schema": {"enum": list(query.SEXES)}},
        number("age", "Years.", {"minimum": 0, "maximum": query.LONGEST_AGE, "examples": [35]}, required=True),
        number("height_cm", "The middle of the model when not given.", {**within(query.HEIGHT_CM), "examples": [160]}),
        number("weight_kg", "A middling build when not given.", {**within(query.WEIGHT_KG), "examples": [50]}),
    ]


def _contracts() -> dict[str, Any]:
    """The schemas of the contracts as components; their definitions become components of their own."""
    found: dict[str, Any] = {}
    for name, file in CONTRACTS.items():
        schema = contract(file)
        definitions = schema.pop("$defs", {})
        for key in ("$schema", "$id"):
            schema.pop(key, None)
        found[name] = _led(schema, name)
        found |= {f"{name}.{part}": _led(one, name) for part, one in definitions.items()}
    return found


def _led(schema: Any, name: str) -> Any:
    """`schema`, with its references led to the components of the contract `name`."""
    if isinstance(schema, dict):
        return {key: value.replace("#/$defs/", f"#/components/schemas/{name}.") if key == "$ref" else _led(value, name)
                for key, value in schema.items()}
    return [_led(one, name) for one in schema] if isinstance(schema, list) else schema


def _body() -> dict[str, Any]:
    return json.loads((HERE / "body.schema.json").read_text(encoding="utf-8"))
