"""Published treatments and published harm, from the paper to the answer.

What each entry must say was decided from its source before the check was run. Where the check differs, the check is looked
at first; an expectation changes only with its source.
"""

from __future__ import annotations

import copy
import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from waterneedle.knowledge import rules
from waterneedle.safety.check import check
from waterneedle.safety.triage import triage

HERE = Path(__file__).parent
PROTOCOLS = tomllib.loads((HERE / "protocols.toml").read_text("utf-8"))
HARM = tomllib.loads((HERE / "harm.toml").read_text("utf-8"))

VERDICTS = ("ok", "warn", "block")
SEVERITIES = ("note", "warn", "block")
LEVELS = ("none", "self_care", "call_clinic", "urgent", "emergency")
CITATIONS = ("doi", "pmid", "rule", "label", "url")


def each(entries: list[dict[str, Any]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("entry", entries, ids=[entry["id"] for entry in entries])


def document(plan: dict[str, Any], frame: dict[str, Any] | None = None, times: int = 1) -> dict[str, Any]:
    """The plan as the contract has it, laid over the frame; `times` repeats its injections."""
    whole = copy.deepcopy(frame or {})
    for key, value in copy.deepcopy(plan).items():
        whole[key] = {**whole.get(key, {}), **value} if key == "patient" else value
    whole["injections"] = [
        {**injection, "id": f"{injection['id']}-{number}" if times > 1 else injection["id"]}
        for number in range(1, times + 1)
        for injection in whole["injections"]
    ]
    return json.loads(json.dumps(whole, default=date.isoformat))


def said(assessment: Any) -> dict[str, str]:
    """The gravest severity that each rule came to."""
    found: dict[str, str] = {}
    for issue in assessment.issues:
        found[issue.rule] = max(found.get(issue.rule, "note"), issue.severity, key=SEVERITIES.index)
    return found


def unsaid(entry: dict[str, Any], found: dict[str, str]) -> list[str]:
    """What the entry asks for and `found` does not hold, gravely enough."""
    return [
        f"{' or '.join(one['rules'])} at least {one.get('severity', 'note')}: {one['why']}"
        for one in entry["must"]
        if not any(
            rule in found and SEVERITIES.index(found[rule]) >= SEVERITIES.index(one.get("severity", "note"))
            for rule in one["rules"]
        )
    ]


def needless(entry: dict[str, Any], found: dict[str, str]) -> list[str]:
    """What `found` holds and the published facts deny."""
    return [
        f"{one['rule']} said {found[one['rule']]}: {one['why']}"
        for one in entry.get("must_not", ())
        if one["rule"] in found and SEVERITIES.index(found[one["rule"]]) >= SEVERITIES.index(one.get("severity", "note"))
    ]


def verdict_fits(entry: dict[str, Any], verdict: str) -> bool:
    most = entry.get("at_most", "block")
    return VERDICTS.index(entry["verdict"]) <= VERDICTS.index(verdict) <= VERDICTS.index(most)


def assess_protocol(entry: dict[str, Any]) -> Any:
    return check(document(entry["plan"], PROTOCOLS["frame"], entry.get("times", 1)))


def assess_harm(entry: dict[str, Any]) -> Any:
    return check(document(entry["plan"], HARM["frame"], entry.get("times", 1)))


# ---- treatments as published


@each(PROTOCOLS["protocol"])
def test_a_published_treatment_gets_a_verdict_that_fits_its_facts(entry: dict[str, Any]) -> None:
    assessment = assess_protocol(entry)

    assert verdict_fits(entry, assessment.verdict), (assessment.verdict, said(assessment))


@each(PROTOCOLS["protocol"])
def test_a_published_treatment_has_said_of_it_what_must_be_said(entry: dict[str, Any]) -> None:
    found = said(assess_protocol(entry))

    assert unsaid(entry, found) == [], found
    assert [rule for rule in PROTOCOLS["always"] if rule not in found] == []


@each(PROTOCOLS["protocol"])
def test_a_published_treatment_is_not_accused_of_what_its_facts_deny(entry: dict[str, Any]) -> None:
    found = said(assess_protocol(entry))

    assert needless(entry, found) == [], found


@each(PROTOCOLS["protocol"])
def test_read_alone_a_published_treatment_is_asked_for_all_that_its_paper_leaves_out(entry: dict[str, Any]) -> None:
    found = said(check(document(entry["plan"], times=entry.get("times", 1))))

    assert unsaid(entry, found) == [], found
    assert [rule for rule in PROTOCOLS["bare"] if rule not in found and rule not in entry.get("told", ())] == []


# ---- harm as published


def test_an_ordinary_injection_in_the_frame_of_the_harm_is_in_order() -> None:
    assessment = check(document(HARM["control"], HARM["frame"]))

    assert assessment.verdict == "ok", said(assessment)


@each(HARM["plan"])
def test_a_plan_that_led_to_harm_gets_its_verdict(entry: dict[str, Any]) -> None:
    assessment = assess_harm(entry)

    assert verdict_fits(entry, assessment.verdict), (assessment.verdict, said(assessment))


@each(HARM["plan"])
def test_a_plan_that_led_to_harm_has_said_of_it_what_must_be_said(entry: dict[str, Any]) -> None:
    found = said(assess_harm(entry))

    assert unsaid(entry, found) == [], found
    assert needless(entry, found) == [], found


@each(HARM["checkin"])
def test_what_a_harmed_patient_answers_is_never_called_less_than_it_was(entry: dict[str, Any]) -> None:
    answer = triage(entry["checkin"])

    assert LEVELS.index(entry["level"]) <= LEVELS.index(answer.level) <= LEVELS.index(entry.get("at_most", "emergency")), answer


# ---- the tables themselves


@pytest.mark.parametrize(
    "entries",
    [PROTOCOLS["protocol"], HARM["plan"], HARM["checkin"]],
    ids=["treatments", "plans", "check-ins"],
)
def test_there_are_twenty_of_each_and_all_can_be_looked_up(entries: list[dict[str, Any]]) -> None:
    ids = [entry["id"] for entry in entries]

    assert len(ids) >= 20
    assert len(set(ids)) == len(ids)
    assert [entry["id"] for entry in entries if not any(entry.get(key) for key in CITATIONS)] == []
    assert [entry["id"] for entry in entries if not (entry["cite"] and entry["read"] and entry["facts"])] == []


def test_every_rule_that_is_asked_for_exists_and_has_its_reason() -> None:
    entries = [*PROTOCOLS["protocol"], *HARM["plan"]]
    asked = [(rule, one["why"]) for entry in entries for one in entry["must"] for rule in one["rules"]]
    asked += [(one["rule"], one["why"]) for entry in entries for one in entry.get("must_not", ())]

    assert {rule for rule, _ in asked} <= set(rules())
    assert [rule for rule, why in asked if not why] == []
