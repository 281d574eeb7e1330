"""Triage of check-ins: levels of ticked symptoms and of own words in three languages, and that it never under-calls."""

from __future__ import annotations

import ast
import inspect

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waterneedle import knowledge
from waterneedle.safety import own_words, triage_rules
from waterneedle.safety.checkin import CheckIn
from waterneedle.safety.documents import InvalidDocument, convert
from waterneedle.safety.report import read
from waterneedle.safety.triage import LEVELS, triage
from waterneedle.safety.triage_rules import RULES, parameter

AT_LEAST = {
    "emergency": (
        "can't breathe",
        "I cannot catch my breath when I walk",
        "short of breth",
        "my chest has been hurting since last night",
        "there's a sharp pain on the left when I breathe in",
        "Small bruise. Also my throat feels like it is closing",
        "my tongue is swolen",
        "I have hives all over and I threw up",
        "my skin is turning black around the needle spot",
        "purple net pattern on my leg",
        "I can't pee since this morning",
        "numb between my legs",
        "both my legs are weak",
        "worst headache of my life",
        "I had a seizure",
        "I can't see out of my left eye",
        "I want to kill myself",
        "the bleeding won't stop",
        "my face is drooping on one side",
        "I collapsed in the kitchen",
        "no fever but I'm coughing up blood",
        "No chest pain until an hour ago",
        "never had chest pain like this",
        "I don't have a fever. I do have trouble breathing",
        "no fever, chest pain",
        "lips are turning blue",
        "every breath is painful",
        "It's not that I can't breathe, it just hurts to",
        "my chest feels funny and tight",
        "no chest pain except when I breathe in",
        "no puedo respirar",
        "me falta el aire",
        "me duele mucho el pecho",
        "tengo la lengua hinchada",
        "no puedo orinar",
        "quiero morirme",
        "se me cierra la garganta",
        "sin fiebre pero con dolor en el pecho",
        "la piel se puso negra",
        "perdí la vista de un ojo",
        "喘不过气",
        "胸口很痛",
        "喉咙发紧，呼吸困难",
        "没有发烧，但是喘不上气",
        "嘴歪了，说话不清",
        "我不想活了",
        "皮肤发黑",
        "尿不出来",
        "看不见了",
        "喘不過氣",
        "心口堵得慌",
        "气上不来",
        "话说不利索",
        "两腿使不上劲",
        "屁股周围没知觉",
        "两条腿都麻",
        "手指紫了",
        "皮肤紫一块白一块",
        "想一死了之",
        "面色苍白大汗淋漓",
        "拉尿不知道",
        "大便拉身上了都不知道",
        "she is pale and sweating",
        "está pálido y sudando",
    ),
    "urgent": (
        "cannot lift my foot",
        "my arm feels weak",
        "no feeling in my hand",
        "I feel feverish and shivery",
        "redness is spreading up my arm",
        "there's a red line going up my leg",
        "yellow pus is coming out",
        "the bruise keeps getting bigger",
        "pain is 9/10",
        "my calf is swollen and sore",
        "never felt such pain",
        "itchy welts on my belly",
        "my eye hurts",
        "temperature of 38.5",
        "tengo fiebre y escalofríos",
        "no puedo levantar el pie",
        "sale pus del sitio",
        "发烧了",
        "手麻没有感觉",
        "红肿扩散",
        "抬不起脚",
        "痛得受不了",
        "有没有发烧我不知道",
        "起了一身疹子",
        "红了一大片还在往外扩",
        "越肿越大",
        "针断在里面了",
        "忽冷忽热",
        "腿肚子胀痛",
        "打完针没多久就倒了",
        "se cayó al suelo después de la inyección",
        "black stools since yesterday",
        "no fever until this morning",
    ),
    "call_clinic": (
        "there is a hard lump where you injected me",
        "my elbow does something odd",
        "I feel really off today",
        "very sore today",
        "tingling in my fingers",
        "not feeling good",
        "not great",
        "me siento raro",
        "感觉不对劲",
        "asdf qwer",
        "有点怪怪的",
        "I fainted yesterday",
        "不太好",
        "Я не могу дышать",
        "???",
        "no better",
        "everything fine except my ankle",
    ),
}
AT_MOST = {
    "none": (
        "Thanks, all good!",
        "feeling much better",
        "No problems at all, thank you",
        "no fever",
        "no pain, no swelling, no redness",
        "not short of breath",
        "sin fiebre",
        "todo bien, gracias",
        "没有发烧",
        "一切都好，谢谢",
        "好多了，谢谢医生",
        "no fever, chills, or chest pain",
        "no me duele el pecho",
        "I don't have any trouble breathing",
        "ni fiebre ni dolor",
        "没有发烧、咳嗽和胸痛",
        "no issues",
        "sin molestias",
    ),
    "self_care": (
        "Small bruise on my knee, a bit sore. Thanks!",
        "a little sore but feeling great",
        "tengo un moretón pequeño, nada más",
        "有一小块瘀青，没有发烧",
        "the needle site is a little red",
        "No fever or chills. Slight bruise at ST36.",
        "my neck pain is much better",
    ),
}
LIMITS = [  # rule, parameter, the step over the limit, the check-in at a value, the case at the limit and the one beyond
    ("allergy", "anaesthetic_h", 0.1, lambda hours: {"hours_since_visit": hours, "symptoms": [{"name": "metallic taste"}]},
     "anaesthetic_early", "anaesthetic_later"),
    ("spinal_cord", "acute_h", 0.1,
     lambda hours: {"hours_since_visit": hours, "sites": ["GV14"], "symptoms": [{"name": "weak arm"}, {"name": "numbness"}]},
     "weak_and_numb", None),
    ("head_and_neck", "grave", -1, lambda severity: {"symptoms": [{"name": "headache", "severity": severity}]},
     "severe_headache", "headache"),
    ("bleeding", "large_cm", 0.1, lambda size_cm: {"symptoms": [{"name": "bruise", "size_cm": size_cm}]}, None, "bruise_large"),
    ("bleeding", "large_cm", 0.1, lambda size_cm: {"symptoms": [{"name": "bruise", "size_cm": size_cm, "spreading": False}]},
     None, "bruise_large_still"),
    ("bleeding", "fades_h", 0.1, lambda hours: {"hours_since_visit": hours, "symptoms": [{"name": "bruise"}]},
     None, "bruise_stays"),
    ("infection", "late_h", -0.1, lambda hours: {"hours_since_visit": hours, "symptoms": [{"name": "nodule"}]},
     "nodule_late", "nodule"),
    ("swelling", "small_cm", 0.1, lambda size_cm: {"symptoms": [{"name": "swelling", "size_cm": size_cm}]},
     "swelling_small", "swelling"),
    ("swelling", "fades_h", 0.1,
     lambda hours: {"hours_since_visit": hours, "symptoms": [{"name": "swelling", "size_cm": 1}]}, "swelling_small", "swelling"),
    ("pain", "severe", -1, lambda severity: {"symptoms": [{"name": "soreness", "severity": severity}]}, "severe", "worse"),
    ("pain", "severe", -1, lambda severity: {"pain_now": severity}, "severe", "worse"),
    ("pain", "worse", -1, lambda severity: {"pain_now": severity}, "worse", "ordinary"),
    ("pain", "lasting_h", 0.1, lambda hours: {"hours_since_visit": hours, "symptoms": [{"name": "soreness"}]}, None, "lasting"),
    ("expected", "small_cm", 0.1, lambda size_cm: {"symptoms": [{"name": "redness", "size_cm": size_cm}]},
     "redness_small", "redness"),
    ("expected", "fades_h", 0.1, lambda hours: {"hours_since_visit": hours, "symptoms": [{"name": "tired"}]},
     "tired", "tired_long"),
]  # fmt: skip
NAMES = sorted(
    {name for concept in knowledge.vocabulary().values() if concept.kind == "symptom" for name in (concept.term, *concept.names)}
)
SYMPTOMS = st.fixed_dictionaries(
    {"name": st.sampled_from(NAMES)},
    optional={
        "severity": st.integers(0, 10),
        "spreading": st.booleans(),
        "size_cm": st.floats(0, 30),
        "site": st.sampled_from(["ST36", "GB21", "x"]),
    },
)
CHECKINS = st.fixed_dictionaries(
    {"hours_since_visit": st.floats(0, 2000), "symptoms": st.lists(SYMPTOMS, max_size=4)},
    optional={
        "sites": st.sampled_from([None, ["ST36"], ["GB21"], ["nowhere"]]),
        "pain_now": st.integers(0, 10),
        "pregnant": st.booleans(),
    },
)


def checkin(**given):
    return {"hours_since_visit": 20, "sites": ["ST36"], "symptoms": [], **given}


def _cases(value):
    """The names that `"a" if … else "b"` may give."""
    return {*_cases(value.body), *_cases(value.orelse)} if isinstance(value, ast.IfExp) else {value.value}


def cases(rule, document):
    """What one rule says of a check-in."""
    return set(getattr(triage_rules, rule)(read(convert(checkin(**document), CheckIn))))


def rank(document):
    return LEVELS.index(triage(document).level)


def test_every_rule_has_its_facts_and_every_fact_its_rule():
    assert {rule.__name__ for rule in RULES} == set(knowledge.triage_rules())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_cases_a_rule_speaks_of_are_those_on_file(rule):
    yields = [node.value for node in ast.walk(ast.parse(inspect.getsource(rule))) if isinstance(node, ast.Yield)]
    spoken = {case for value in yields for case in _cases(value)}
    assert spoken == set(knowledge.triage_rules()[rule.__name__].cases)


@pytest.mark.parametrize(
    ("example"),
    [
        pytest.param(example, id=f"{rule.id}: {example.name}")
        for rule in knowledge.triage_rules().values()
        for example in rule.examples
    ],
)
def test_an_example_has_its_level(example):
    assert triage(example.checkin).level == example.level


@pytest.mark.parametrize(("rule", "name", "step", "document", "at", "beyond"), LIMITS)
def test_a_limit_holds_on_both_sides(rule, name, step, document, at, beyond):
    limit = int(parameter(rule, name))
    assert (at is None or at in cases(rule, document(limit))) and beyond not in cases(rule, document(limit))
    assert (beyond is None or beyond in cases(rule, document(limit + step))) and at not in cases(rule, document(limit + step))


def test_every_limit_is_tested():
    limits = {
        (rule.id, name)
        for rule in knowledge.triage_rules().values()
        for name, one in rule.parameters.items()
        if isinstance(one.value, float)
    }
    assert {(rule, name) for rule, name, *_ in LIMITS} == limits


def test_the_words_that_a_rule_reads_from_its_facts_are_of_the_vocabulary():
    words = {word for concept in knowledge.vocabulary().values() for word in (concept.id, *concept.classes)}
    words = words.union(*(pattern_words for pattern_words, _ in own_words.PATTERNS))
    for rule in knowledge.triage_rules().values():
        for one in rule.parameters.values():
            assert isinstance(one.value, float) or set(one.value) <= words


def test_every_level_has_its_advice():
    assert set(knowledge.level_advice()) == set(LEVELS)


@pytest.mark.parametrize(("level", "text"), [(level, text) for level, texts in AT_LEAST.items() for text in texts])
def test_own_words_are_not_under_called(level, text):
    assert rank(checkin(free_text=text)) >= LEVELS.index(level)
    assert rank(checkin(symptoms=[{"name": text}])) >= LEVELS.index(level)


@pytest.mark.parametrize(("level", "text"), [(level, text) for level, texts in AT_MOST.items() for text in texts])
def test_what_is_denied_or_expected_is_not_over_called(level, text):
    assert rank(checkin(free_text=text)) <= LEVELS.index(level)


@pytest.mark.parametrize("name", NAMES)
def test_every_name_of_a_symptom_is_placed(name):
    found = triage(checkin(symptoms=[{"name": name}]))
    assert found.not_understood == ()
    assert found.level != "none" or "feeling_better" in own_words.names()[own_words.normal(name)]


@pytest.mark.parametrize("site", ["GB21", "BL13", "chest", "upper trapezius", None, "a place nobody knows"])
def test_a_cough_after_a_point_that_may_be_over_the_lung_is_seen_today(site):
    assert triage(checkin(symptoms=[{"name": "dry cough"}], sites=site and [site])).level == "urgent"


def test_asked_and_denied_is_no_symptom():
    assert (
        triage(checkin(symptoms=[{"name": "fever", "present": False}, {"name": "frobnicated", "present": False}])).level == "none"
    )


def test_denied_in_a_box_and_said_in_words_is_felt():
    assert triage(checkin(symptoms=[{"name": "fever", "present": False}], free_text="I have a fever")).level == "urgent"


def test_pain_at_the_chest_is_chest_pain():
    assert triage(checkin(symptoms=[{"name": "pain", "site": "chest"}])).level == "emergency"


def test_what_is_not_understood_is_listed_and_goes_to_a_person():
    found = triage(checkin(symptoms=[{"name": "frobnicated"}], free_text="the purple elephant sang"))
    assert found.level == "call_clinic"
    assert found.not_understood == ("frobnicated", "the purple elephant sang")


def test_an_emergency_begins_with_the_emergency_number():
    assert triage(checkin(symptoms=[{"name": "chest pain"}])).advice.startswith(
        "Call your emergency number (911 in the US, 112 in Europe"
    )


@pytest.mark.parametrize(
    ("language", "word"), [("es", "emergencias"), ("zh-hans", "急救电话"), ("es-MX", "emergencias"), ("tlh", "emergency")]
)
def test_the_answer_is_in_the_language_asked_for(language, word):
    assert word in triage(checkin(symptoms=[{"name": "chest pain"}], language=language)).advice
    assert word in triage(checkin(symptoms=[{"name": "chest pain"}]), language=language).advice


def test_every_reason_has_a_source():
    found = triage(checkin(symptoms=[{"name": "bruise"}, {"name": "fever"}, {"name": "rash"}]))
    assert found.reasons and all(reason.sources for reason in found.reasons)


def test_a_field_that_is_not_valid_is_named():
    with pytest.raises(InvalidDocument, match="severity"):
        triage(checkin(symptoms=[{"name": "pain", "severity": 11}]))


@settings(max_examples=60, deadline=None)
@given(CHECKINS, SYMPTOMS)
def test_a_symptom_more_never_lowers_the_level(document, symptom):
    assert rank({**document, "symptoms": [*document["symptoms"], symptom]}) >= rank(document)


@settings(max_examples=40, deadline=None)
@given(CHECKINS)
def test_the_order_of_symptoms_does_not_matter(document):
    assert triage(document).level == triage({**document, "symptoms": document["symptoms"][::-1]}).level


@settings(max_examples=40, deadline=None)
@given(CHECKINS, SYMPTOMS)
def test_a_denied_symptom_never_raises_the_level(document, symptom):
    denied = {key: value for key, value in symptom.items() if key != "site"} | {"present": False}
    assert rank({**document, "symptoms": [*document["symptoms"], denied]}) == rank(document)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_answered(text):
    assert triage(checkin(free_text=text, symptoms=[{"name": text}])).level in LEVELS


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text("bcdfghjklmnpqrstvwxz", min_size=5, max_size=12), min_size=1, max_size=6).map(" ".join))
def test_text_that_nobody_knows_goes_to_a_person(text):
    assert rank(checkin(free_text=text)) >= LEVELS.index("call_clinic")


def test_every_class_of_symptom_has_a_rule():
    """A symptom of the vocabulary that no rule speaks of by name is told to a person."""
    for concept in knowledge.vocabulary().values():
        if concept.kind == "symptom" and "feeling_better" not in concept.classes:
            assert triage(checkin(symptoms=[{"name": concept.term}])).level != "none"


@pytest.mark.parametrize(
    "text", ["pain " * 1600, "痛" * 3000, "no pain or " * 700, "chest a b c " * 600, "a," * 4000, " " * 30_000 + "can't breathe"]
)
def test_long_text_is_read_in_time(text):
    triage(checkin(free_text=text))


def test_what_is_too_long_to_read_goes_to_a_person():
    """A flood of words in front of the one that counts: nothing behind it is lost."""
    flood = [{"name": "a little sore, thank you. " * 300} for _ in range(8)]
    answer = triage({"hours_since_visit": 20, "sites": ["ST36"], "symptoms": [*flood, {"name": "cannot breathe"}]})

    assert answer.level != "self_care"
    assert any("cannot breathe" in text for text in answer.not_understood)
