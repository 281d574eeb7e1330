"""The records and the published schemas say the same: every field, every null, and what is refused."""

import json
from pathlib import Path

import jsonschema
import msgspec
import pytest
from conftest import changed, check, ordinary_plan, steps, with_
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from waterneedle import knowledge, safety
from waterneedle.safety import documents
from waterneedle.safety.documents import InvalidDocument
from waterneedle.safety.plan import Assessment, Plan

CONTRACTS = Path(next(iter(safety.__path__))) / "contracts"
PLAN = json.loads((CONTRACTS / "plan.schema.json").read_text(encoding="utf-8"))
ASSESSMENT = json.loads((CONTRACTS / "assessment.schema.json").read_text(encoding="utf-8"))
PLAN_SCHEMA = jsonschema.Draft202012Validator(PLAN, format_checker=jsonschema.FormatChecker(["date"]))
ASSESSMENT_SCHEMA = jsonschema.Draft202012Validator(ASSESSMENT, format_checker=jsonschema.FormatChecker(["date"]))
EXAMPLES = [(rule, example) for rule in knowledge.rules().values() for example in rule.examples]

CUSTOM = {
    "name": "our own mixture",
    "category": "homeopathic",
    "strength": {"amount": 2, "unit": "mg", "per_ml": 1},
    "ingredients": [{"substance": "arnica", "potency": "D4"}],
    "allergens": ["lanolin"],
    "preservatives": ["parabens"],
}


def full_plan():
    """A valid plan in which every field of the contract is given."""
    plan = with_(
        {
            "language": "es",
            "indication": "neck pain",
            "practitioner.certificate_expires": "2027-01-01",
            "practitioner.emergency_training_hours": 2,
            "practitioner.cpr_expires": "2027-01-01",
            "practitioner.qualifications": ["herbs"],
            "practitioner.supervised_by": "Dr Li",
            "patient.pregnancy.weeks": 12,
            "patient.conditions": [{"name": "COPD", "region": "chest", "side": "left"}],
            "patient.allergies": [{"substance": "cobalt", "reaction": "rash", "severity": "mild"}],
            "patient.observations": [
                {"name": "INR", "value": 2.5, "unit": "1", "date": "2026-11-20"},
                {"name": "bladder", "value": "empty"},
            ],
            "patient.tolerated": ["B12"],
            "consent": {"signed_on": "2026-11-22", "covers": ["lung"], "signed_by": "patient", "interpreter": "Ana"},
            "checks": [{"rule": "skin", "note": "seen", "by": "me", "on": "2026-11-22"}],
            "previous": [{"product": "B12", "date": "2026-11-01", "volume_ml": 1, "reaction": "none"}],
            "emergency_kit": {"epinephrine_expires": "2027-01-01", "oxygen": True},
            "today": {
                "identity_confirmed": True,
                "fever_or_infection": False,
                "new_medicines": False,
                "eaten": True,
                "lying_down": True,
            },
            "injections[0].needle": {"gauge": 30, "length_mm": 13, "used_before": False, "diameter_mm": 0.3},
            "injections[0].depth_max_mm": 8,
            "injections[0].sensation": "de_qi",
            "injections[0].aspirated_blood": False,
            "injections[0].technique": "injection",
            "injections[0].volume_ml": 0.3,
            "injections[0].direction": "lateral",
            "injections[0].status": "planned",
            "injections[0].site.level": "C7",
            "injections[0].contents[0].dose": {"amount": 300, "unit": "mcg"},
            "injections[0].contents[0].purpose": "treatment",
            "injections[0].contents[0].container.used_for_another_patient": False,
            "injections[0].contents[0].container.returned_fluid": False,
            "injections[0].contents[0].container.beyond_use": "2026-12-01",
            "injections[0].contents[0].container.labelled": True,
            "injections[1].contents[0].product": CUSTOM,
        }
    )
    plan["injections"].append({"site": {"region": "lower back"}, "contents": [], "technique": "needle_only"})
    return plan


def is_accepted(plan):
    try:
        documents.read(json.dumps(plan).encode(), Plan)
    except InvalidDocument:
        return False
    return True


def resolved(schema, definitions):
    """`schema` without references, `oneOf`s of one meaning and descriptions: what msgspec and the contract both say."""
    if "$ref" in schema:
        return resolved(definitions[schema["$ref"].rsplit("/", 1)[-1]], definitions)
    return schema


def shape(schema, definitions):
    """Types with their bounds, in a form in which the contract and the schema of the records can be compared."""
    schema = resolved(schema, definitions)
    if parts := schema.get("oneOf" if "properties" not in schema else "-") or schema.get("anyOf"):
        found = {}
        for part in parts:
            found |= shape(part, definitions)
        return found
    if "const" in schema:
        return {"enum": frozenset([schema["const"]])}
    if "enum" in schema:
        values = frozenset(value for value in schema["enum"] if value is not None)
        return {"enum": values} | ({"null": True} if None in schema["enum"] else {})
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    found = {}
    for type_ in types:
        if type_ == "null":
            found["null"] = True
        elif type_ == "object":
            found["object"] = (
                schema.get("additionalProperties", True),
                frozenset(schema.get("required", ())),
                {name: shape(part, definitions) for name, part in schema["properties"].items()},
            )
        elif type_ == "array":
            found["array"] = shape(schema["items"], definitions)
        else:
            bounds = ("minimum", "maximum", "exclusiveMinimum", "minLength", "pattern", "format")
            found[type_] = {bound: schema[bound] for bound in bounds if bound in schema}
    return found


def shape_of(type_):
    (schema,), definitions = msgspec.json.schema_components([type_], ref_template="#/$defs/{name}")
    return shape(schema, definitions)


def test_the_plan_has_the_fields_types_nulls_and_bounds_of_the_contract():
    assert shape_of(Plan) == shape(PLAN, PLAN["$defs"])


def test_the_assessment_has_the_fields_of_the_contract():
    ours, contract = shape_of(Assessment)["object"], shape(ASSESSMENT, {})["object"]

    assert set(ours[2]) == set(contract[2])
    assert contract[1] <= set(ours[2])
    for name in ("issues", "doses", "not_understood"):
        part, agreed = ours[2][name]["array"]["object"], contract[2][name]["array"]["object"]
        assert set(part[2]) == set(agreed[2])
        for field, types in part[2].items():
            assert ("null" in types) <= ("null" in agreed[2][field]), f"{name}.{field}"


def test_the_full_plan_gives_every_field_of_the_contract():
    def given_(value, path=""):
        if isinstance(value, dict):
            return {(path, key) for key in value}.union(*(given_(part, key) for key, part in value.items()))
        return set().union(*(given_(part, path) for part in value)) if isinstance(value, list) else set()

    def named(shape_, path=""):
        found = set()
        if "object" in shape_:
            found |= {(path, key) for key in shape_["object"][2]}
            for key, part in shape_["object"][2].items():
                found |= named(part, key)
        return found | (named(shape_["array"], path) if "array" in shape_ else set())

    assert given_(full_plan()) == named(shape(PLAN, PLAN["$defs"]))


@pytest.mark.parametrize("plan", [ordinary_plan(), full_plan()], ids=["ordinary", "full"])
def test_the_examples_are_valid_for_both(plan):
    assert list(PLAN_SCHEMA.iter_errors(plan)) == []
    assert is_accepted(plan)


# --- mutations

WRONG = [None, "", "x", "2026-13-01", 0, -1, 1, 7.5, 15, 1e9, True, False, [], ["x"], [None], {}, {"x": 1}, [[]], [{}]]


def paths(value, path=""):
    yield path
    if isinstance(value, dict):
        for key, part in value.items():
            yield from paths(part, f"{path}.{key}".removeprefix("."))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from paths(part, f"{path}[{index}]")


PATHS = [path for path in paths(full_plan()) if path]


def assert_agreed(plan):
    assert is_accepted(plan) == PLAN_SCHEMA.is_valid(plan), next(PLAN_SCHEMA.iter_errors(plan), None)


@pytest.mark.parametrize("path", PATHS)
def test_a_wrong_value_is_refused_by_both_or_by_neither(path):
    for value in WRONG:
        assert_agreed(changed(full_plan(), {path: value}))


@pytest.mark.parametrize("path", PATHS)
def test_what_is_left_out_is_missed_by_both_or_by_neither(path):
    assert_agreed(changed(full_plan(), unset=[path]))


@pytest.mark.parametrize("path", ["", *PATHS])
def test_an_unknown_field_is_refused_by_both_or_by_neither(path):
    plan = full_plan()
    assert_agreed(changed(plan, {f"{path}.unheard_of".removeprefix("."): 1}) if _is_object(plan, path) else plan)


def _is_object(plan, path):
    for key in steps(path):
        plan = plan[key]
    return isinstance(plan, dict)


def bounds(schema, path=""):
    for place, types in schema["object"][2].items():
        yield from _bounds_of(types, f"{path}.{place}".removeprefix("."))


def _bounds_of(types, path):
    if "object" in types:
        yield from bounds(types, path)
    if "array" in types:
        yield from _bounds_of(types["array"], f"{path}[0]")
    for bound, value in types.get("number", {}).items():
        yield path, bound, value


BOUNDS = list(bounds(shape(PLAN, PLAN["$defs"])))


@pytest.mark.parametrize(("path", "bound", "value"), BOUNDS)
def test_both_sides_of_every_bound(path, bound, value):
    plan = changed(full_plan(), {"injections[0].contents[0].product": CUSTOM}, unset=["injections[0].technique"])
    inside, outside = {"minimum": (0, -1), "exclusiveMinimum": (1, 0), "maximum": (0, 1)}[bound]

    def shifted(by):
        return changed(plan, {path: value + by * 0.001})

    assert (is_accepted(shifted(inside)), is_accepted(shifted(outside))) == (True, False)
    assert_agreed(shifted(inside))
    assert_agreed(shifted(outside))


@pytest.mark.parametrize(
    "site",
    [
        {},
        {"side": "left"},
        {"point": "ST36", "muscle": "QL"},
        {"point": "ST36", "region": "knee"},
        {"muscle": "QL", "region": "knee"},
        {"point": "ST36", "muscle": "QL", "region": "knee"},
        {"point": None},
        {"point": "ST36", "muscle": None},
        {"point": ""},
        {"muscle": "QL"},
        {"region": "knee"},
    ],
)
def test_exactly_one_of_point_muscle_and_region(site):
    assert_agreed(with_({"injections[0].site": site}))


@pytest.mark.parametrize("technique", ["injection", "needle_only", None])
@pytest.mark.parametrize("contents", [[], [{"product": "B12"}], [{"product": "B12"}, {"product": "saline"}]])
def test_contents_fit_the_technique(technique, contents):
    assert_agreed(with_({"injections[0].technique": technique, "injections[0].contents": contents}))
    assert_agreed(with_({"injections[0].contents": contents}))


@pytest.mark.parametrize(
    "expires",
    [
        "2027-08",
        "2027-08-31",
        "2027-8",
        "2027-13",
        "2027-00",
        "2027-08-32",
        "2027-08-00",
        "27-08",
        "2027",
        "2027-08-3",
        "",
        " 2027-08",
        "2027-08 ",
        "2027/08",
        "0000-01",
        "9999-12",
    ],
)
def test_the_expiry_is_written_as_labels_print_it(expires):
    assert_agreed(with_({"injections[0].contents[0].container.expires": expires}))


@pytest.mark.parametrize("expires", ["2027-02-30", "2027-11-31", "2027-02-29"])
def test_an_expiry_that_does_not_exist_is_refused_though_it_fits_the_pattern(expires):
    plan = with_({"injections[0].contents[0].container.expires": expires})

    assert PLAN_SCHEMA.is_valid(plan)
    assert not is_accepted(plan)


@pytest.mark.parametrize("language", ["en", "es", "zh-hans"])
@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=[f"{rule.id}-{example.name}" for rule, example in EXAMPLES])
def test_every_assessment_is_valid(rule, example, language):
    plan = changed(ordinary_plan(), example.set, unset=example.unset)

    answer = json.loads(msgspec.json.encode(check(plan, language=language)))

    assert list(ASSESSMENT_SCHEMA.iter_errors(answer)) == []


WORDS = st.text(min_size=1, max_size=12) | st.sampled_from(["warfarin", "cobalt", "ST36", "lidocaine 1%", "left arm", "mcg"])


def values(schema):
    """What `schema` of the contract allows; arrays of up to three."""
    schema = resolved(schema, PLAN["$defs"])
    if "oneOf" in schema and "properties" not in schema:
        return st.one_of([values(part) for part in schema["oneOf"]])
    if "enum" in schema or "const" in schema:
        return st.sampled_from(schema.get("enum") or [schema["const"]])
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return st.one_of([_values_of(type_, schema) for type_ in types])


def _values_of(type_, schema):
    if type_ == "object":
        parts = {name: values(part) for name, part in schema["properties"].items()}
        required = set(schema.get("required", ()))
        whole = st.fixed_dictionaries(
            {name: part for name, part in parts.items() if name in required},
            optional={name: part for name, part in parts.items() if name not in required},
        )
        if "oneOf" not in schema:
            return whole
        kinds = [one["required"][0] for one in schema["oneOf"]]
        return st.tuples(whole, st.sampled_from(kinds), WORDS).map(
            lambda drawn: {**{key: part for key, part in drawn[0].items() if key not in kinds}, drawn[1]: drawn[2]}
        )
    if type_ == "array":
        return st.lists(values(schema["items"]), max_size=3)
    if type_ == "number":
        lowest, highest = schema.get("minimum", schema.get("exclusiveMinimum")), schema.get("maximum")
        return st.floats(lowest, highest, exclude_min="exclusiveMinimum" in schema, allow_nan=False, allow_infinity=False)
    if type_ == "string" and schema.get("format") == "date":
        return st.dates().map(str)
    if type_ == "string" and "pattern" in schema:
        return st.dates().map(lambda day: f"{day:%Y-%m}".zfill(7)) | st.dates().map(str)
    return {"string": WORDS, "boolean": st.booleans(), "null": st.none()}[type_]


@settings(deadline=None, max_examples=300, suppress_health_check=list(HealthCheck))
@given(values(PLAN))
def test_every_valid_plan_has_a_valid_answer(plan):
    for injection in plan["injections"]:
        if injection.get("technique") == "needle_only":
            injection["contents"] = []
        elif not injection["contents"]:
            injection["technique"] = "needle_only"
    assume(PLAN_SCHEMA.is_valid(plan))

    answer = msgspec.json.encode(check(documents.read(json.dumps(plan).encode(), Plan)))

    assert list(ASSESSMENT_SCHEMA.iter_errors(json.loads(answer))) == []
