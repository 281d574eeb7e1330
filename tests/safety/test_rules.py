"""Each rule has its facts, and each example of a rule file raises what it says."""

import pytest
from conftest import cases, changed, check, found, ordinary_plan

from waterneedle import knowledge
from waterneedle.safety.rules import RULES

EXAMPLES = [(rule, example) for rule in knowledge.rules().values() for example in rule.examples]
FIRING = [(rule, example) for rule, example in EXAMPLES if example.case is not None]
SILENT = [(rule, example) for rule, example in EXAMPLES if example.case is None]

# One plan, two causes: what the example must raise beside its own case, and why that is another thing to be done.
ALSO = {
    ("anticoagulant", "warfarin, INR 4, muscle"): {"muscle"},  # the prescriber, and the muscle
    ("anticoagulant", "3 mL into muscle"): {"muscle"},  # the volume, and the muscle
    ("consent_covers", "names neither"): {"product"},  # the lung and the product are two lines of a consent
    ("product_age", "an infant"): {"infant"},  # the preservative, and an infant at all
    ("training", "23 of 24 hours"): {"unknown"},  # with too few hours the emergency hours are not taken for granted
    ("training", "7 hands-on hours"): {"included"},  # as in the ordinary plan
}
# Rules whose file holds no example that raises them; the tests of their module do.
RAISED_ELSEWHERE = {
    "container_volume",
    "dose_head_neck",
    "label_warning",
    "toxic_elements",
    "volume_per_muscle",
    "volume_per_session",
}
# What the ordinary plan says quietly; `training` is silent in its module's tests.
ORDINARY_NOTES = {"antiplatelet", "consent_covers", "training"}


def plan_of(example):
    return changed(ordinary_plan(), example.set, unset=example.unset)


def name_of(value):
    return getattr(value, "id", None) or value.name


def test_every_rule_has_a_file_and_every_file_a_rule():
    functions = [rule.__name__ for rule in RULES]

    assert sorted(functions) == sorted(knowledge.rules())
    assert len(set(functions)) == len(functions)


def test_the_ordinary_plan_is_ok_and_says_little():
    assessment = check(ordinary_plan())

    assert assessment.verdict == "ok"
    assert {issue.rule for issue in assessment.issues} == ORDINARY_NOTES
    assert assessment.not_understood == ()


@pytest.mark.parametrize("rule", knowledge.rules().values(), ids=name_of)
def test_every_rule_has_an_example_that_raises_it_and_a_plan_that_does_not(rule):
    is_silent = any(example.case is None for example in rule.examples)

    assert rule.id in RAISED_ELSEWHERE or any(example.case for example in rule.examples)
    assert is_silent or rule.id == "training" or found(ordinary_plan(), rule.id) == []


@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=name_of)
def test_an_example_names_a_case_of_its_rule(rule, example):
    assert example.case is None or example.case in rule.cases


@pytest.mark.parametrize(("rule", "example"), FIRING, ids=name_of)
def test_an_example_raises_its_case_and_no_other(rule, example):
    expected = {example.case} | ALSO.get((rule.id, example.name), set())

    assert set(cases(plan_of(example), rule.id)) == expected


@pytest.mark.parametrize(("rule", "example"), SILENT, ids=name_of)
def test_a_silent_example_raises_nothing(rule, example):
    assert found(plan_of(example), rule.id) == []


@pytest.mark.parametrize(("rule", "example"), FIRING, ids=name_of)
def test_an_issue_has_the_severity_of_its_case(rule, example):
    plan = plan_of(example)

    expected = sorted(rule.cases[case].severity for case in cases(plan, rule.id))

    assert sorted(issue.severity for issue in found(plan, rule.id)) == expected
    assert rule.cases[example.case].severity in expected


@pytest.mark.parametrize(("rule", "example"), FIRING, ids=name_of)
def test_the_verdict_is_the_gravest_severity(rule, example):
    assessment = check(plan_of(example))
    severities = {issue.severity for issue in assessment.issues}

    assert assessment.verdict == next((one for one in ("block", "warn") if one in severities), "ok")


@pytest.mark.parametrize(("rule", "example"), FIRING, ids=name_of)
def test_every_issue_has_words_and_a_source_that_can_be_opened(rule, example):
    for issue in check(plan_of(example)).issues:
        assert issue.message.strip()
        assert "{" not in issue.message + (issue.remedy or "")
        assert issue.sources
        for source in issue.sources:
            on_file = knowledge.sources()[source.id]
            assert source.title.startswith(on_file.title)
            assert on_file.can_be_found
            assert source.url == on_file.address


@pytest.mark.parametrize("rule", knowledge.rules().values(), ids=name_of)
def test_a_case_that_stops_or_asks_says_what_to_do(rule):
    silent = [name for name, case in rule.cases.items() if case.severity != "note" and case.remedy is None]

    assert silent == []


@pytest.mark.parametrize(
    ("rule", "severity", "change"),
    [
        ("skin", "block", {"site.skin": "infected"}),
        ("pleura_depth", "block", {"depth_mm": 30, "angle_deg": 90, "needle.length_mm": 40}),
        ("aspiration", "block", {"aspirated_blood": True}),
        ("nerve_sensation", "block", {"sensation": "electric"}),
        ("expiry", "block", {"contents[0].container.expires": "2026-10"}),
        ("needle_reuse", "block", {"needle.used_before": True}),
        ("forbidden_site", "block", {"site.point": "ST17"}),
        ("out_of_scope", "block", {"route": "other"}),
        ("volume_missing", "warn", {"contents[0].volume_ml": None}),
        ("container", "warn", {"contents[0].container": None}),
        ("side", "note", {"site.side": None}),
        ("needle_length", "warn", {"depth_mm": 20}),
        ("volume_by_route", "warn", {"contents[0].volume_ml": 4.0}),
        ("volume_per_point", "block", {"contents[0].volume_ml": 4.0}),
    ],
)
def test_ten_points_with_the_same_problem_are_one_issue_that_names_ten(rule, severity, change):
    plan = ordinary_plan()
    plan["injections"] = [changed(plan["injections"][0], {"id": f"line {number}", **change}) for number in range(10)]

    issues = found(plan, rule)

    assert [(issue.severity, issue.injections) for issue in issues] == [
        (severity, tuple(f"line {number}" for number in range(10)))
    ]


def test_several_missing_fields_of_one_cause_are_named_in_one_issue():
    plan = changed(ordinary_plan(), unset=["injections[0].site.skin", "injections[1].site.skin"])

    [issue] = found(plan, "skin")

    assert issue.missing == ("injections[0].site.skin", "injections[1].site.skin")


def test_injections_without_an_id_are_named_by_their_place():
    plan = changed(
        ordinary_plan(),
        {"injections[1].site.skin": "infected"},
        unset=["injections[0].id", "injections[1].id"],
    )

    assert found(plan, "skin")[0].injections == ("2",)


def test_an_injection_that_was_not_done_is_not_assessed():
    plan = changed(ordinary_plan(), {"injections[0].status": "not_done", "injections[0].site.skin": "infected"})

    assert found(plan, "skin") == []
    assert sum(dose.volume_ml for dose in check(plan).doses) == 0.4


@pytest.mark.parametrize("status", ["planned", "given", "stopped"])
def test_what_was_given_is_assessed_all_the_same(status):
    plan = changed(ordinary_plan(), {"injections[0].status": status, "injections[0].site.skin": "infected"})

    assert [issue.severity for issue in found(plan, "skin")] == ["block"]
