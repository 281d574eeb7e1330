"""What an issue says is missing is a field of the contract: somebody who fills it in finds the place for it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from conftest import check, ordinary_plan, with_

from waterneedle import knowledge, safety

SCHEMA = json.loads((Path(safety.__file__).parent / "contracts" / "plan.schema.json").read_text(encoding="utf-8"))
PLANS = [with_(one.set, unset=list(one.unset)) for rule in knowledge.rules().values() for one in rule.examples]


def bare():
    """Points over everything there is, and nothing else known."""
    plan = {key: value for key, value in ordinary_plan().items() if key == "date"} | {"patient": {}}
    places = [{"point": point} for point in ("GB21", "CV4", "SP6", "ST9", "BL1", "LI4", "GV15")] + [{"muscle": "upper trapezius"}]
    products = ("cyanocobalamin-1000mcg-ml", "lidocaine", "Traumeel", "magnesium sulfate", "vitamin C")
    contents = [[{"product": products[at % len(products)], "volume_ml": 0.3}] for at in range(len(places))]
    return plan | {"injections": [{"site": site, "contents": held} for site, held in zip(places, contents, strict=True)]}


def field_in(schema, path):
    """The schema of `path`, such as `injections[0].site.side`; None where the contract has no such field.

    `patient.observations: INR` is the field with what is to be in it.
    """
    for part in re.sub(r"\[\d+\]", "", path.partition(":")[0]).split("."):
        schema = next(iter(found for one in resolved(schema) if (found := one.get("properties", {}).get(part))), None)
        if schema is None:
            return None
    return schema


def resolved(schema):
    """A schema with what it refers to, the items of a list, and its alternatives."""
    if "$ref" in schema:
        yield from resolved(SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]])
    if "items" in schema:
        yield from resolved(schema["items"])
    for one in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from resolved(one)
    yield schema


def test_every_field_that_is_missed_is_in_the_contract():
    missed = {(issue.rule, field) for plan in (bare(), *PLANS) for issue in check(plan).issues for field in issue.missing}

    assert {field for _, field in missed if field_in(SCHEMA, field) is None} == set()
    assert {rule for rule, _ in missed} >= {"pregnancy", "consent", "allergies_known", "conditions_known", "side"}


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ("age", "patient.birth_date"),
        ("consent", "consent"),
        ("conditions_known", "patient.conditions"),
        ("allergies_known", "patient.allergies"),
        ("medications_known", "patient.medications"),
        ("pregnancy", "patient.pregnancy.status"),
    ],
)
def test_what_is_not_known_is_asked_for_by_its_name(rule, field):
    assert field in {one for issue in check(bare()).issues if issue.rule == rule for one in issue.missing}


def test_no_word_of_the_files_is_spoken_with_its_underscore():
    spoken = {(issue.rule, issue.message) for plan in (bare(), *PLANS) for issue in check(plan).issues}

    assert {one for one in spoken if "_" in one[1]} == set()
    assert {rule for rule, _ in spoken} >= {"law_site", "law_substance", "volume_per_point", "training"}
