"""What is not one good document is refused with the field named; whatever comes, no other exception."""

import json
import math
import subprocess
import sys

import msgspec
import pytest
from conftest import DATA, changed, check, ordinary_plan, with_
from hypothesis import given, settings
from hypothesis import strategies as st

from waterneedle.safety import documents
from waterneedle.safety.documents import InvalidDocument, NotJSON
from waterneedle.safety.plan import Assessment, Plan

SMALL = json.dumps(
    {"date": "2026-11-22", "patient": {}, "injections": [{"site": {"point": "足三里"}, "contents": [{"product": "B12"}]}]},
    ensure_ascii=False,
).encode()
BOM = b"\xef\xbb\xbf"


def read(content):
    return documents.read(content if isinstance(content, bytes) else content.encode(), Plan)


def refused(content):
    """The refusal of `content`; any other exception is the test's failure."""
    with pytest.raises(InvalidDocument) as caught:
        read(content)
    error = caught.value
    assert error.message
    assert "\n" not in str(error)
    assert len(str(error)) < 600
    str(error).encode()
    return error


def answered(plan):
    """The assessment of `plan`, as the doors send it out, or None where it is refused."""
    try:
        assessment = check(documents.read(json.dumps(plan).encode(), Plan))
    except InvalidDocument:
        return None
    return msgspec.json.decode(msgspec.json.encode(assessment), type=Assessment)


def test_a_good_document_is_read():
    assert read((DATA / "ordinary_plan.json").read_bytes()) == documents.convert(ordinary_plan(), Plan)


def test_a_byte_order_mark_is_accepted():
    assert read(BOM + SMALL) == read(SMALL)


@pytest.mark.parametrize("space", ["\n", "\r\n", " \t "])
def test_white_space_around_a_document_is_accepted(space):
    assert read(space.encode() + SMALL + space.encode()) == read(SMALL)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" ",
        BOM,
        b"hello",
        b"{",
        b"}",
        b"[",
        b"{'date': 1}",
        b"<plan/>",
        b"date: 2026-11-22",
        b"\x00",
        b"\xff\xfe",
        b"{}{}",
        SMALL + SMALL,
        SMALL + b"\n" + SMALL,
        SMALL + b",",
        b"," + SMALL,
        SMALL + b"\x00",
        BOM + BOM + SMALL,
        SMALL + b" x",
        SMALL.decode().encode("utf-16"),
        SMALL.decode().encode("utf-32"),
        SMALL.replace(b"}", b",}", 1),
        b"// note\n" + SMALL,
    ],
)
def test_what_is_not_one_json_document_is_refused(content):
    assert isinstance(refused(content), NotJSON)


@pytest.mark.parametrize("cut", range(len(SMALL)))
def test_a_document_that_breaks_off_is_not_json(cut):
    assert isinstance(refused(SMALL[:cut]), NotJSON)


@pytest.mark.parametrize("value", ["null", "true", "1", '"plan"', "[]", "{}", "[{}]"])
def test_json_that_is_no_plan_is_refused(value):
    assert not isinstance(refused(value), NotJSON)


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("date", {"date": "yesterday"}),
        ("date", {"date": 20261122}),
        ("date", {"date": "2026-02-30"}),
        ("date", {"date": "2025-02-29"}),
        ("date", {"date": "2026-11-22T00:00:00Z"}),
        ("date", {"date": None}),
        ("patient", {"patient": None}),
        ("patient", {"patient": []}),
        ("injections", {"injections": {}}),
        ("patient.birth_date", {"patient.birth_date": "1982-00-01"}),
        ("patient.weight_kg", {"patient.weight_kg": "62"}),
        ("patient.weight_kg", {"patient.weight_kg": -62}),
        ("patient.weight_kg", {"patient.weight_kg": 1e300}),
        ("patient.weight_kg", {"patient.weight_kg": True}),
        ("patient.height_cm", {"patient.height_cm": 1.65}),
        ("patient.sex", {"patient.sex": "F"}),
        ("patient.shoe_size", {"patient.shoe_size": 38}),
        ("patient.pregnancy.weeks", {"patient.pregnancy.weeks": 46}),
        ("patient.pregnancy.status", {"patient.pregnancy": {}}),
        ("patient.allergies[]", {"patient.allergies": ["cobalt"]}),
        ("patient.allergies[].substance", {"patient.allergies": [{"substance": ""}]}),
        ("patient.conditions[].name", {"patient.conditions": [{"name": ["COPD"]}]}),
        ("practitioner.training_hours", {"practitioner.training_hours": -1}),
        ("consent.signed_on", {"consent": {}}),
        ("injections[].depth_mm", {"injections[0].depth_mm": 151}),
        ("injections[].depth_mm", {"injections[0].depth_mm": -0.1}),
        ("injections[].angle_deg", {"injections[0].angle_deg": 91}),
        ("injections[].route", {"injections[0].route": "sc"}),
        ("injections[].site", {"injections[0].site": {"side": "left"}}),
        ("injections[].contents", {"injections[0].contents": None}),
        ("injections[].needle.gauge", {"injections[0].needle.gauge": 13}),
        ("injections[].contents[].volume_ml", {"injections[0].contents[0].volume_ml": 0}),
        ("injections[].contents[].volume_ml", {"injections[0].contents[0].volume_ml": -1}),
        ("injections[].contents[].product", {"injections[0].contents[0].product": 12}),
        ("injections[].contents[].container.expires", {"injections[0].contents[0].container.expires": "08/2027"}),
        ("unheard_of", {"unheard_of": None}),
    ],
)
def test_the_field_is_named(field, change):
    plan = with_(change)

    with pytest.raises(InvalidDocument) as caught:
        documents.convert(plan, Plan)

    assert refused(json.dumps(plan)).field.replace("[0]", "[]") == field
    assert caught.value.field.replace("[0]", "[]") == field


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400", "-1e400", "1" * 400, "1e999999999"])
@pytest.mark.parametrize("field", ["patient.weight_kg", "injections[0].depth_mm", "injections[0].contents[0].volume_ml"])
def test_a_number_that_cannot_be_is_refused(number, field):
    refused(json.dumps(with_({field: "HERE"})).replace('"HERE"', number))


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize(
    "field",
    [
        "patient.weight_kg",
        "patient.height_cm",
        "practitioner.training_hours",
        "injections[0].depth_mm",
        "injections[0].angle_deg",
        "injections[0].needle.length_mm",
        "injections[0].contents[0].volume_ml",
        "injections[0].contents[0].dose.amount",
        "patient.observations[0].value",
    ],
)
def test_a_number_that_cannot_be_is_refused_at_the_python_door_too(number, field):
    given = {"injections[0].contents[0].dose": {"amount": 1, "unit": "mg"}, "patient.observations": [{"name": "INR", "value": 2}]}

    with pytest.raises(InvalidDocument) as caught:
        check(with_({**given, field: number}))

    assert caught.value.field.replace("[]", "[0]") == field


@pytest.mark.parametrize("number", ["01", "+1", ".5", "1.", "0x10", "1_000", "１"])
def test_a_number_that_is_not_one_of_json_is_refused(number):
    refused(json.dumps(with_({"patient.weight_kg": "HERE"})).replace('"HERE"', number))


@pytest.mark.parametrize(
    ("key", "content"),
    [
        ("date", SMALL.replace(b"{", b'{"date": "2026-11-21", ', 1)),
        ("patient", SMALL.replace(b"{", b'{"patient": {}, ', 1)),
        ("point", SMALL.replace(b'{"point"', b'{"point": "ST36", "point"')),
        ("product", SMALL.replace(b'{"product"', b'{"product": "lidocaine", "product"')),
        ("product", SMALL.replace(b'{"product"', rb'{"pr\u006fduct": "lidocaine", "product"')),
        ("date", SMALL.replace(b"{", b'{"date": "2026-11-22", ', 1)),
    ],
)
def test_a_key_that_stands_twice_is_refused(key, content):
    assert refused(content).field == key


@pytest.mark.parametrize("depth", [500, 5_000, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")])
def test_what_is_nested_too_deep_is_refused(depth, opening, closing):
    nested = opening * depth + "1" + closing * depth

    refused(nested)
    refused(opening * depth)
    refused(SMALL.decode().replace('"B12"', nested))


def test_python_values_nested_too_deep_are_refused():
    nested = []
    for _ in range(100_000):
        nested = [nested]

    with pytest.raises(InvalidDocument):
        documents.convert({**ordinary_plan(), "patient": {"weight_kg": nested}}, Plan)
    with pytest.raises(InvalidDocument):
        documents.convert(nested, Plan)


@pytest.mark.parametrize("bad", [b"\xff", b"\xc3", b"\xe8\xb6", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\xc0\xaf"])
def test_bytes_that_are_not_utf8_are_refused(bad):
    refused(SMALL.replace(b"B12", b"B" + bad + b"12"))
    refused(SMALL + bad)
    refused(bad + SMALL)


@pytest.mark.parametrize("text", [r"\ud800", r"\udfff", r"\ud800x", r"\udc00\ud800", r"ok \ud83d"])
@pytest.mark.parametrize(
    "field", ["patient.conditions[0].name", "injections[0].site.point", "injections[0].contents[0].product", "injections[0].id"]
)
def test_half_a_character_is_refused_or_answered(text, field):
    content = json.dumps(with_({field: "HERE"})).replace("HERE", text).encode()

    try:
        plan = documents.read(content, Plan)
    except InvalidDocument:
        return
    msgspec.json.encode(check(plan))


@pytest.mark.parametrize(
    "field", ["patient.conditions[0].name", "injections[0].site.point", "injections[0].contents[0].product", "injections[0].id"]
)
def test_half_a_character_at_the_python_door_is_refused_or_answered(field):
    try:
        assessment = check(with_({field: "x\ud800y"}))
    except InvalidDocument:
        return
    msgspec.json.encode(assessment)


@pytest.mark.parametrize("control", ["\x00", "\x07", "\x1b[31m", "\x7f", "\u0085", "\u2028"])
def test_control_characters_are_refused_raw_or_answered_escaped(control):
    plan = with_({"injections[0].contents[0].product": f"B12{control}", "patient.conditions": [{"name": f"COPD{control}"}]})

    assert answered(plan) is not None
    if ord(control[0]) < 0x20:
        refused(json.dumps(plan, ensure_ascii=False).replace(json.dumps(control)[1:-1], control))


STRANGE = {
    "arabic": "حساسية من الكوبالت",
    "thai": "แพ้โคบอลต์",
    "emoji": "👩‍⚕️💉🔥",
    "right to left": "\u202ewarfarin\u202c",
    "zero width": "war\u200bfa\u200drin\ufeff",
    "combining": "w" + "\u0301" * 300 + "arfarin",
    "greek": "βαρφαρίνη",
    "devanagari": "वारफारिन",
    "fraktur": "𝖜𝖆𝖗𝖋𝖆𝖗𝖎𝖓",
    "full width": "ｗａｒｆａｒｉｎ",
    "arabic digits": "ST٣٦",
    "superscript": "ST³⁶",
    "dotless": "İSTANBUL ıi",
    "sharp s": "ẞß",
    "ligature": "ﷺﬁﬃ",
    "braces": "{points} {0} {x.__class__} %s %n",
    "markup": "<script>alert(1)</script> &amp; '\" \\ `$(ls)`",
    "blank": " \t\n ",
    "noncharacter": "\ufffe\uffff\U0010ffff",
    "regular expression": "(a+)+$" * 20,
    "digits": "9" * 300,
}
TEXT_FIELDS = [
    "jurisdiction",
    "indication",
    "language",
    "practitioner.supervised_by",
    "practitioner.qualifications[0]",
    "patient.conditions[0].name",
    "patient.conditions[0].region",
    "patient.allergies[0].substance",
    "patient.allergies[0].reaction",
    "patient.medications[0].name",
    "patient.observations[0].name",
    "patient.observations[0].value",
    "patient.observations[0].unit",
    "patient.tolerated[0]",
    "consent.covers[0]",
    "consent.interpreter",
    "checks[0].rule",
    "checks[0].note",
    "previous[0].product",
    "previous[0].reaction",
    "injections[0].id",
    "injections[0].site.point",
    "injections[0].site.level",
    "injections[0].direction",
    "injections[0].contents[0].product",
    "injections[0].contents[0].dose.unit",
    "injections[0].contents[0].container.lot",
    "injections[1].site.muscle",
    "injections[1].contents[0].product.name",
    "injections[1].contents[0].product.category",
    "injections[1].contents[0].product.strength.unit",
    "injections[1].contents[0].product.ingredients[0].substance",
    "injections[1].contents[0].product.ingredients[0].potency",
    "injections[1].contents[0].product.allergens[0]",
    "injections[1].contents[0].product.preservatives[0]",
    "injections[2].site.region",
]


def wordy_plan():
    """A plan in which every field of words is given."""
    return with_(
        {
            "language": "en",
            "indication": "pain",
            "practitioner.supervised_by": "Dr Li",
            "practitioner.qualifications": ["herbs"],
            "patient.allergies": [{"substance": "cobalt", "reaction": "rash"}],
            "patient.observations": [{"name": "INR", "value": "2", "unit": "1"}],
            "patient.tolerated": ["B12"],
            "consent": {"signed_on": "2026-11-22", "covers": ["lung"], "interpreter": "Ana"},
            "checks": [{"rule": "skin", "note": "x"}],
            "previous": [{"product": "B12", "reaction": "none"}],
            "injections[0].site.level": "C7",
            "injections[0].direction": "lateral",
            "injections[0].contents[0].dose": {"amount": 300, "unit": "mcg"},
            "injections[1].contents[0].product": {
                "name": "ours",
                "category": "vitamin",
                "strength": {"amount": 1, "unit": "mg"},
                "ingredients": [{"substance": "arnica", "potency": "D4"}],
                "allergens": ["lanolin"],
                "preservatives": ["parabens"],
            },
            "injections[2]": {"site": {"region": "knee"}, "contents": [{"product": "B12"}]},
        }
    )


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
@pytest.mark.parametrize("field", TEXT_FIELDS)
def test_strange_words_are_answered(field, text):
    assert answered(changed(wordy_plan(), {field: text})) is not None


def test_strange_words_everywhere_at_once_are_answered():
    for text in STRANGE.values():
        assert answered(changed(wordy_plan(), dict.fromkeys(TEXT_FIELDS, text))) is not None


@pytest.mark.parametrize("field", TEXT_FIELDS)
@pytest.mark.parametrize(
    "text", ["x" * 3_000_000, "warfarin " * 300_000, "维生素" * 500_000], ids=["one word", "many words", "hanzi"]
)
def test_megabytes_of_words_are_answered_shortly(field, text):
    assessment = answered(changed(wordy_plan(), {field: text}, unset=() if field == "injections[0].id" else ["injections[0].id"]))

    if field != "injections[0].id":  # an id is the caller's own and comes back whole
        assert len(msgspec.json.encode(assessment)) < 100_000


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=30), st.sampled_from(TEXT_FIELDS))
def test_any_words_are_answered(text, field):
    plan = changed(wordy_plan(), {field: text})

    assert answered(plan) is not None or not text or field == "checks[0].note"


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=80))
def test_any_bytes_are_refused(content):
    refused(content)


@settings(deadline=None, max_examples=200)
@given(st.integers(0, len(SMALL) - 1), st.binary(max_size=3))
def test_any_damage_is_refused_or_read(place, bytes_):
    content = SMALL[:place] + bytes_ + SMALL[place + 1 :]
    try:
        plan = documents.read(content, Plan)
    except InvalidDocument:
        return
    msgspec.json.encode(check(plan))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)


@settings(deadline=None, max_examples=200)
@given(
    JSON, st.sampled_from([*TEXT_FIELDS, "patient", "injections", "consent", "today", "injections[0]", "injections[0].contents"])
)
def test_any_value_anywhere_is_refused_or_answered(value, field):
    plan = changed(wordy_plan(), {field: value})
    try:
        assessment = check(plan)
    except InvalidDocument as error:
        assert error.message
        return
    msgspec.json.encode(assessment)


@pytest.mark.parametrize("on", ["0001-01-01", "0001-01-20", "9999-12-31"])
def test_the_first_and_the_last_day_there_are(on):
    plan = with_(
        {
            "date": on,
            "patient.birth_date": on,
            "consent.signed_on": on,
            "injections[0].contents[0].container.opened_on": on,
            "injections[0].contents[0].container.expires": on,
            "injections[1].contents[0].container.expires": on[:7],
            "patient.medications": [{"name": "warfarin"}],
            "patient.observations": [{"name": "INR", "value": 2, "date": on}],
            "practitioner.license_expires": on,
            "previous": [{"product": "B12", "date": on, "reaction": "odd"}],
        }
    )

    assert answered(plan) is not None


@pytest.mark.parametrize(
    "expires", ["2027-08\n", "2027-08-31\n", "２０２７-08", "٢٠٢٧-08", "٢٠٢٧-08-31", "0000-01", "0000-01-01"]
)
def test_an_expiry_in_a_strange_hand_is_refused_or_answered(expires):
    answered(with_({"injections[0].contents[0].container.expires": expires}))


def test_no_injections_are_answered():
    assessment = check(with_({"injections": []}))

    assert assessment.doses == ()
    assert all(issue.injections == () for issue in assessment.issues)


def test_ten_thousand_injections_are_answered():
    plan = ordinary_plan()
    plan["injections"] = [changed(plan["injections"][number % 2], {"id": f"{number}"}) for number in range(10_000)]

    assessment = check(documents.read(json.dumps(plan).encode(), Plan))

    assert assessment.verdict == "block"  # five thousand of them into one point
    assert "volume_per_session" in {issue.rule for issue in assessment.issues}


def test_hundreds_of_illnesses_medicines_and_allergies_are_answered():
    many = [f"thing number {number}" for number in range(500)]
    plan = with_(
        {
            "patient.conditions": [{"name": name} for name in many],
            "patient.medications": [{"name": name} for name in many],
            "patient.allergies": [{"substance": name} for name in many],
        }
    )

    assert check(plan).verdict == "warn"


@pytest.mark.parametrize(
    ("text", "line"),
    [("a\nb\tc", "a b c"), ("x" * 100, "x" * 79 + "…"), ("\x1b[31mred", "[31mred"), ("  a   b ", "a b"), ("", "")],
)
def test_shortened_is_one_short_line(text, line):
    assert documents.shortened(text) == line


def test_a_record_is_taken_as_it_is():
    plan = documents.convert(ordinary_plan(), Plan)

    assert documents.convert(plan, Plan) is plan
    assert check(plan) == check(ordinary_plan())


MANY_FIRST_READERS = """
import sys, threading
sys.setswitchinterval(1e-6)
from waterneedle.safety import documents
from waterneedle.safety.plan import Plan
start = threading.Barrier(16)
def read():
    start.wait()
    try:
        documents.read(b'{"date": "2026-11-22", "patient": {}, "injections": []}', Plan)
    except documents.InvalidDocument:
        pass
threads = [threading.Thread(target=read) for _ in range(16)]
for one in threads: one.start()
for one in threads: one.join()
"""


@pytest.mark.parametrize("life", range(4))
def test_many_threads_read_the_first_plan_and_the_process_lives(life):
    """Without a lock msgspec ends every sixth process or so in which this happens."""
    assert subprocess.run([sys.executable, "-c", MANY_FIRST_READERS], timeout=120).returncode == 0
