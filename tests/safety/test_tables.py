"""What every concept of the vocabulary leads to, one by one: `findings.toml` for the check, `symptoms.toml` for triage."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from conftest import check, ordinary_plan

from waterneedle import knowledge
from waterneedle.safety.checkin import CheckIn
from waterneedle.safety.documents import convert
from waterneedle.safety.report import read
from waterneedle.safety.triage import triage
from waterneedle.safety.triage_rules import RULES

HERE = Path(__file__).parent
FINDINGS = tomllib.loads((HERE / "findings.toml").read_text(encoding="utf-8"))
SYMPTOMS = tomllib.loads((HERE / "symptoms.toml").read_text(encoding="utf-8"))
FIELDS = {"condition": ("conditions", "name"), "allergy": ("allergies", "substance"), "medication": ("medications", "name")}
LEG, OVER_LUNG = "ST36", "GB21"


def of_kind(kind):
    return {one.id: one for one in knowledge.vocabulary().values() if one.kind == kind}


def issues_with(field, listed):
    plan = ordinary_plan()
    plan["patient"][field] = listed
    return {f"{issue.severity}: {issue.rule}" for issue in check(plan).issues}


@pytest.mark.parametrize("kind", FIELDS)
def test_every_concept_has_its_line(kind):
    assert list(FINDINGS[kind]) == list(of_kind(kind))


def test_every_symptom_has_its_line():
    assert list(SYMPTOMS) == list(of_kind("symptom"))


@pytest.mark.parametrize(("kind", "concept"), [(kind, one) for kind in FIELDS for one in FINDINGS[kind]])
def test_a_concept_adds_to_the_ordinary_plan_what_its_line_says(kind, concept):
    field, name = FIELDS[kind]

    added = issues_with(field, [{name: of_kind(kind)[concept].term}]) - issues_with(field, [])

    assert sorted(added) == FINDINGS[kind][concept]


@pytest.mark.parametrize("symptom", SYMPTOMS)
@pytest.mark.parametrize("place", ["leg", "lung"])
def test_a_symptom_leads_to_what_its_line_says(symptom, place):
    site = OVER_LUNG if place == "lung" else LEG
    document = {"hours_since_visit": 20, "sites": [site], "symptoms": [{"name": of_kind("symptom")[symptom].term}]}
    report = read(convert(document, CheckIn))

    cases = sorted({f"{rule.__name__}.{case}" for rule in RULES for case in rule(report)})

    assert [triage(document).level, *cases] == SYMPTOMS[symptom].get(place, SYMPTOMS[symptom]["leg"])


@pytest.mark.parametrize("symptom", SYMPTOMS)
def test_the_gravest_reason_is_told_first(symptom):
    document = {"hours_since_visit": 20, "sites": [OVER_LUNG], "symptoms": [
        {"name": "sore"}, {"name": of_kind("symptom")[symptom].term}, {"name": "bruise"}]}
    answer = triage(document)
    levels = [next(case.level for case in knowledge.triage_rules()[reason.rule].cases.values()
                   if case.message.en.split("{")[0] and reason.message.startswith(case.message.en.split("{")[0]))
              for reason in answer.reasons]

    order = ["none", "self_care", "call_clinic", "urgent", "emergency"]
    assert [order.index(one) for one in levels] == sorted((order.index(one) for one in levels), reverse=True)
