"""What holds for every plan: order does not matter, unknown never passes, more is never safer."""

import pytest
from conftest import cases, changed, check, ordinary_plan, rules_and_severities
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from waterneedle import knowledge
from waterneedle.safety import documents, issues
from waterneedle.safety.documents import InvalidDocument
from waterneedle.safety.plan import Plan
from waterneedle.safety.reading import read
from waterneedle.safety.rules import RULES

sixty_plans = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])

RANK = {"ok": 0, "note": 0, "warn": 1, "block": 2}
EXAMPLES = [(rule, example) for rule in knowledge.rules().values() for example in rule.examples]
FAILING = [
    (rule, example) for rule, example in EXAMPLES if example.case and rule.cases[example.case].severity in ("block", "warn")
]
POINTS = sorted(knowledge.points())
MUSCLES = sorted(knowledge.trigger_points())
PRODUCTS = sorted(knowledge.products())
ROUTES = [None, "ID", "SC", "IM", "IV", "IA", "other"]
DEPTHS = st.none() | st.integers(0, 150) | st.floats(0, 150)
VOLUMES = st.floats(0.05, 60)

CONTENTS = st.fixed_dictionaries(
    {"product": st.sampled_from([*PRODUCTS, "lidocaine", "B12", "lidocaine 1%", "what is this"])},
    optional={
        "volume_ml": st.none() | VOLUMES,
        "container": st.none()
        | st.fixed_dictionaries(
            {"kind": st.sampled_from([None, "ampoule", "single_dose_vial", "multi_dose_vial", "prefilled_syringe"])},
            optional={
                "lot": st.sampled_from(["A", "B"]),
                "expires": st.sampled_from(["2026-10", "2026-11", "2027-01-31"]),
                "opened": st.booleans(),
                "opened_on": st.sampled_from(["2026-10-01", "2026-11-20", "2026-11-22"]),
            },
        ),
    },
)
INJECTIONS = st.fixed_dictionaries(
    {
        "site": st.fixed_dictionaries(
            {"point": st.sampled_from(POINTS)}, optional={"side": st.sampled_from(["left", "right", "bilateral"])}
        )
        | st.fixed_dictionaries(
            {"muscle": st.sampled_from(MUSCLES)}, optional={"skin": st.sampled_from(["intact", "scar", "broken"])}
        ),
        "contents": st.lists(CONTENTS, min_size=1, max_size=3),
    },
    optional={
        "route": st.sampled_from(ROUTES),
        "depth_mm": DEPTHS,
        "angle_deg": st.none() | st.floats(0, 90),
        "needle": st.none() | st.fixed_dictionaries({"length_mm": st.none() | st.floats(1, 150)}),
        "sensation": st.sampled_from([None, "de_qi", "electric"]),
        "status": st.sampled_from([None, "planned", "given", "stopped"]),
    },
)


@st.composite
def plans(draw, *, most_examples=4):
    """The ordinary plan with the changes of a few rule examples on top of each other, and perhaps other injections."""
    plan = ordinary_plan()
    for _, example in draw(st.lists(st.sampled_from(EXAMPLES), max_size=most_examples)):
        plan = changed(plan, example.set, unset=example.unset)
    plan["injections"] += draw(st.lists(INJECTIONS, max_size=4))
    for number, injection in enumerate(plan["injections"]):
        injection["id"] = f"n{number}"
    try:
        documents.convert(plan, Plan)
    except InvalidDocument:
        assume(False)
    return plan


def rank(plan):
    return RANK[check(plan).verdict]


def lowered(before, after):
    """The rules that speak less gravely of the plan `after` than of the plan `before`."""
    found = gravest(after)
    return {rule: severity for rule, severity in gravest(before).items() if found.get(rule, -1) < severity}


def gravest(plan):
    """The gravest severity of each rule that speaks."""
    found = {}
    for issue in check(plan).issues:
        found[issue.rule] = max(found.get(issue.rule, -1), RANK[issue.severity])
    return found


# --- order


@sixty_plans
@given(plans(), st.randoms(use_true_random=False))
def test_the_order_of_the_rules_does_not_matter(plan, shuffle):
    reading = read(documents.convert(plan, Plan))
    rules = list(RULES)
    shuffle.shuffle(rules)

    def raised(order):
        return {
            (one.rule, one.case, one.cause, frozenset(one.injections), frozenset(one.missing))
            for one in issues.merged(one for rule in order for one in rule(reading))
        }

    assert raised(rules) == raised(RULES)


@sixty_plans
@given(plans(), st.randoms(use_true_random=False))
def test_the_order_of_the_injections_does_not_matter(plan, shuffle):
    other = changed(plan)
    shuffle.shuffle(other["injections"])

    one, two = check(plan), check(other)

    assert one.verdict == two.verdict
    assert rules_and_severities(one) == rules_and_severities(two)
    assert {(issue.rule, issue.severity, frozenset(issue.injections)) for issue in one.issues} == {
        (issue.rule, issue.severity, frozenset(issue.injections)) for issue in two.issues
    }


LISTS = {
    "patient.conditions": [
        {"name": "COPD"},
        {"name": "lymphedema", "region": "arm", "side": "right"},
        {"name": "fever"},
        {"name": "asthma"},
        {"name": "severe megaloblastic anemia"},
        {"name": "zzyzx"},
        {"name": "dialysis"},
        {"name": "chronic kidney disease"},
        {"name": "hemophilia"},
        {"name": "pacemaker"},
    ],
    "patient.medications": [
        {"name": "warfarin"},
        {"name": "apixaban"},
        {"name": "aspirin"},
        {"name": "metoprolol"},
        {"name": "blood thinner"},
        {"name": "methotrexate"},
        {"name": "clopidogrel"},
    ],
    "patient.allergies": [
        {"substance": "cobalt"},
        {"substance": "PABA"},
        {"substance": "benzyl alcohol"},
        {"substance": "what"},
        {"substance": "lidocaine"},
    ],
    "patient.observations": [
        {"name": "INR", "value": 4.0, "date": "2026-11-18"},
        {"name": "INR", "value": 2.0, "date": "2026-11-19"},
        {"name": "INR", "value": "2.4"},
        {"name": "platelets", "value": 40, "date": "2026-11-01"},
        {"name": "platelets", "value": 120, "date": "2026-11-10"},
        {"name": "potassium", "value": 3.1},
    ],
    "patient.tolerated": ["cyanocobalamin-1000mcg-ml", "lidocaine", "saline"],
    "previous": [
        {"product": "B12", "reaction": "hives"},
        {"product": "B12", "reaction": "bruise"},
        {"product": "saline", "date": "2026-11-22", "reaction": "felt odd"},
    ],
    "checks": [{"rule": "pleura_depth", "note": "held"}, {"rule": "skin", "note": "seen"}],
}


@sixty_plans
@given(plans(most_examples=1), st.data())
def test_the_order_of_what_is_in_a_list_does_not_matter(plan, data):
    lists = {path: data.draw(st.lists(st.sampled_from(items), unique_by=repr)) for path, items in LISTS.items()}
    shuffled = {path: data.draw(st.permutations(items)) for path, items in lists.items()}

    one, two = check(changed(plan, lists)), check(changed(plan, shuffled))

    assert one.verdict == two.verdict
    assert rules_and_severities(one) == rules_and_severities(two)


@sixty_plans
@given(plans())
def test_the_answer_to_the_same_plan_is_the_same(plan):
    assert check(plan) == check(changed(plan))


@sixty_plans
@given(plans())
def test_the_verdict_is_the_gravest_issue_and_graver_issues_stand_first(plan):
    assessment = check(plan)
    ranks = [issues.SEVERITIES.index(issue.severity) for issue in assessment.issues]

    assert ranks == sorted(ranks)
    assert RANK[assessment.verdict] == max((RANK[issue.severity] for issue in assessment.issues), default=0)


@sixty_plans
@given(plans())
def test_one_cause_is_one_issue(plan):
    reading = read(documents.convert(plan, Plan))
    raised = [(one.rule, one.case, one.cause) for one in issues.merged(one for rule in RULES for one in rule(reading))]

    assert len(raised) == len(set(raised))
    assert len(check(plan).issues) == len(raised)


# --- unknown never passes

# Facts that nobody has to give; without them nothing is known to be wrong, and the ordinary plan has none of them.
SILENT_WHEN_ABSENT = {
    "emergency_kit": "Washington permits a kit and does not ask for one",
    "injections[0].aspirated_blood": "seen only once the needle is in",
    "injections[0].contents[0].container.beyond_use": "only a compounded lot or a drawn-up syringe has one",
    "injections[0].contents[0].container.returned_fluid": "an event; nobody reported one",
    "injections[0].contents[0].dose": "a second statement of what volume and strength give",
    "injections[0].depth_max_mm": "the upper end of a range; one depth is enough",
    "injections[1].depth_mm": "there the whole needle, at its angle, stays above every structure",
    "injections[0].needle.used_before": "an event; nobody reported one",
    "injections[0].sensation": "felt only once the needle is in",
    "injections[0].status": "planned when absent, says the contract",
    "patient.observations": "a count nobody asked for: no medicine and no condition calls for it",
    "practitioner.certificate_expires": "some certificates do not expire; the day of certification is asked for",
    "practitioner.emergency_training_hours": "part of a certified course whose total is on record",
    "previous": "a reaction nobody reported",
    "today": "asked on the day; the contract does not ask for the answers",
    "today.eaten": "asked on the day",
}


def facts(example):
    """Each place that the example changed, and the whole place where it was changed to something with parts."""
    return sorted({*example.set, *example.unset})


REMOVED = [(rule, example, fact) for rule, example in FAILING for fact in facts(example) if fact in example.set]


def test_there_are_enough_failing_plans():
    assert len(FAILING) >= 60


@pytest.mark.parametrize(
    ("rule", "example", "fact"), REMOVED, ids=[f"{rule.id}-{example.name}-{fact}" for rule, example, fact in REMOVED]
)
def test_unknown_never_passes(rule, example, fact):
    plan = changed(changed(ordinary_plan(), example.set, unset=example.unset), unset=[fact])
    try:
        assessment = check(plan)
    except InvalidDocument:
        return  # a fact the contract requires

    assert assessment.verdict != "ok" or fact in SILENT_WHEN_ABSENT
    # What a fact bars is not barred without it, but for another case of the rule: it was too deep, it would be too deep.
    bars = rule.cases[example.case].severity == "block"
    assert fact not in SILENT_WHEN_ABSENT or not (bars and example.case in cases(plan, rule.id))


@pytest.mark.parametrize(
    "fact",
    [
        "jurisdiction",
        "practitioner",
        "practitioner.profession",
        "practitioner.license_expires",
        "practitioner.certified_on",
        "practitioner.training_hours",
        "practitioner.hands_on_hours",
        "patient.birth_date",
        "patient.pregnancy",
        "patient.conditions",
        "patient.allergies",
        "patient.medications",
        "consent",
        "injections[0].site.skin",
        "injections[0].route",
        "injections[0].contents[0].volume_ml",
        "injections[0].contents[0].container",
        "injections[0].contents[0].container.kind",
        "injections[0].contents[0].container.lot",
        "injections[0].contents[0].container.expires",
        "injections[0].contents[0].container.opened_on",
        "injections[0].needle",
        "injections[0].needle.length_mm",
    ],
)
@pytest.mark.parametrize("how", ["absent", "null"])
def test_a_fact_that_is_needed_is_named_when_it_is_missing(fact, how):
    plan = changed(ordinary_plan(), unset=[fact]) if how == "absent" else changed(ordinary_plan(), {fact: None})

    assessment = check(plan)

    assert assessment.verdict != "ok"
    missing = {place for issue in assessment.issues if issue.severity != "note" for place in issue.missing}
    assert any(place.startswith(fact) or fact.startswith(place) for place in missing)


@sixty_plans
@given(plans())
def test_an_angle_that_is_not_known_is_straight_down(plan):
    unknown, straight = changed(plan), changed(plan)
    for one, other in zip(unknown["injections"], straight["injections"], strict=True):
        one["angle_deg"], other["angle_deg"] = None, 90

    assert gravest(unknown) == gravest(straight)


@sixty_plans
@given(plans())
def test_a_depth_that_is_not_known_is_the_whole_needle(plan):
    unknown, whole = changed(plan), changed(plan)
    for one, other in zip(unknown["injections"], whole["injections"], strict=True):
        length = (one.get("needle") or {}).get("length_mm")
        one["depth_mm"], one["depth_max_mm"] = None, None
        other["depth_mm"], other["depth_max_mm"] = length, None

    assert rank(unknown) >= min(1, rank(whole))


@pytest.mark.parametrize("how", ["absent", "null"])
@pytest.mark.parametrize("example", FAILING, ids=[f"{rule.id}-{example.name}" for rule, example in FAILING])
def test_absent_and_null_are_the_same(example, how):
    plan = changed(ordinary_plan(), example[1].set)
    absent = changed(plan, unset=example[1].unset)
    null = changed(plan, dict.fromkeys(example[1].unset))

    assert check(absent) == check(null)


# --- monotone


@sixty_plans
@given(plans(), st.data())
def test_more_volume_never_lowers_a_severity(plan, data):
    for injection in plan["injections"]:
        for content in injection["contents"]:
            content.pop("dose", None)  # a dose that was stated may fit either volume
    more = changed(plan)
    parts = [part for injection in more["injections"] for part in injection["contents"] if part.get("volume_ml")]
    assume(parts)
    part = data.draw(st.sampled_from(parts))
    part["volume_ml"] = data.draw(st.floats(part["volume_ml"], 60))

    assert lowered(plan, more) == {}


@sixty_plans
@given(plans(), st.data())
def test_deeper_is_never_safer(plan, data):
    for injection in plan["injections"]:
        injection.pop("depth_max_mm", None)  # a range that runs backwards is another matter
    deeper = changed(plan)
    given_ = [injection for injection in deeper["injections"] if injection.get("depth_mm") is not None]
    assume(given_)
    injection = data.draw(st.sampled_from(given_))
    injection["depth_mm"] = data.draw(st.floats(injection["depth_mm"], 150))

    assert lowered(plan, deeper) == {}


@sixty_plans
@given(plans(), st.data())
def test_a_longer_needle_is_never_safer(plan, data):
    longer = changed(plan)
    with_needle = [one for one in longer["injections"] if one.get("needle") and one["needle"].get("length_mm")]
    assume(with_needle)
    injection = data.draw(st.sampled_from(with_needle))
    injection["needle"]["length_mm"] = data.draw(st.floats(injection["needle"]["length_mm"], 150))

    # A needle that is too short for its depth is a slip of its own.
    assert set(lowered(plan, longer)) <= {"needle_length"}


@sixty_plans
@given(plans(), st.data())
def test_a_steeper_needle_is_never_safer(plan, data):
    steeper = changed(plan)
    angled = [one for one in steeper["injections"] if one.get("angle_deg") is not None]
    assume(angled)
    injection = data.draw(st.sampled_from(angled))
    injection["angle_deg"] = data.draw(st.floats(injection["angle_deg"], 90) | st.none())

    assert lowered(plan, steeper) == {}


@sixty_plans
@given(st.dates(), st.dates(), st.dates())
def test_what_has_expired_stays_expired(expires, one_day, other_day):
    earlier, later = sorted((one_day, other_day))
    container = {"kind": "ampoule", "lot": "A", "expires": str(expires), "opened": False, "beyond_use": str(expires)}

    def expired(on):
        plan = changed(
            ordinary_plan(),
            {
                "date": str(on),
                "injections[0].contents[0].container": container,
                "practitioner.license_expires": str(expires),
                "practitioner.certificate_expires": str(expires),
                "emergency_kit": {"epinephrine_expires": str(expires)},
            },
        )
        return {
            (rule, case)
            for rule in ("expiry", "beyond_use", "practitioner_license", "certificate", "emergency_kit")
            for case in cases(plan, rule)
            if case in ("expired", "labelled")
        }

    assert expired(earlier) <= expired(later)
    assert (len(expired(later)) == 5) == (later > expires)


@sixty_plans
@given(plans(), st.sampled_from([concept for concept in knowledge.vocabulary().values() if concept.kind == "allergy"]))
def test_one_more_allergy_never_lowers_the_verdict(plan, allergy):
    plan = changed(plan, {"patient.allergies": plan["patient"].get("allergies") or []})
    more = changed(plan, {f"patient.allergies[{len(plan['patient']['allergies'])}]": {"substance": allergy.term}})

    assert lowered(plan, more) == {}


@pytest.mark.parametrize("kind", ["condition", "medication"])
@sixty_plans
@given(plan=plans(most_examples=2), data=st.data())
def test_one_more_illness_or_medicine_never_lowers_the_verdict(kind, plan, data):
    field = f"{kind}s"
    concepts = [one.term for one in knowledge.vocabulary().values() if one.kind == kind]
    plan = changed(plan, {f"patient.{field}": plan["patient"].get(field) or []})
    more = changed(plan, {f"patient.{field}[{len(plan['patient'][field])}]": {"name": data.draw(st.sampled_from(concepts))}})

    assert rank(more) >= rank(plan)


@sixty_plans
@given(plans(), INJECTIONS)
def test_one_more_injection_never_lowers_the_verdict(plan, injection):
    more = changed(plan)
    more["injections"].append({**injection, "id": "one more"})

    assert rank(more) >= rank(plan)


# --- words and records


@sixty_plans
@given(plans(), st.sampled_from(["en", "es", "es-MX", "zh-hans", "zh-Hans-CN", "ZH_CN", "fr", "", "xx-yy"]))
def test_the_language_changes_words_alone(plan, language):
    def bare(assessment):
        return [(one.rule, one.severity, one.injections, one.missing, one.recorded, one.sources) for one in assessment.issues]

    english, other = check(changed(plan, unset=["language"])), check(plan, language=language)
    in_plan = check(changed(plan, {"language": language}))

    assert bare(other) == bare(english) == bare(in_plan)
    assert (other.verdict, other.doses, other.not_understood) == (english.verdict, english.doses, english.not_understood)
    assert in_plan == other


@sixty_plans
@given(plans(), st.sets(st.sampled_from(sorted(knowledge.rules()))))
def test_a_recorded_check_marks_its_warnings_and_changes_nothing_else(plan, rules):
    without = check(changed(plan, unset=["checks"]))
    with_checks = check(changed(plan, {"checks": [{"rule": rule, "note": "seen to"} for rule in sorted(rules)]}))

    assert with_checks.verdict == without.verdict
    assert [issue.recorded for issue in with_checks.issues] == [
        issue.rule in rules and issue.severity == "warn" for issue in without.issues
    ]
    assert [(one.rule, one.message, one.severity) for one in with_checks.issues] == [
        (one.rule, one.message, one.severity) for one in without.issues
    ]
    assert not any(issue.recorded for issue in without.issues)
