"""How a cause becomes words: figures, languages, sources; and what could not be placed."""

import pytest
from conftest import cases, check, found, with_

from waterneedle import knowledge
from waterneedle.safety import classes, issues
from waterneedle.safety.check import spoken


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (14.60, "14.6"),
        (0.30000000000000004, "0.3"),
        (1300.0, "1300"),
        (1234.5, "1234"),
        (0.0, "0"),
        (-2.5, "-2.5"),
        (1e-7, "1e-07"),
        (2e6, "2e+06"),
        (3, "3"),
        ("x", "x"),
        ((1.0, "a"), "1, a"),
        ([], ""),
        (True, "True"),
        (0.000001, "0.000001"),
        (999.96, "1000"),
    ],
)
def test_figures_are_short(value, shown):
    assert issues.figure(value) == shown


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("en-GB", "en"),
        ("es", "es"),
        ("ES_mx", "es"),
        ("zh", "zh-hans"),
        ("zh-TW", "zh-hans"),
        ("de", "en"),
        ("est", "en"),
        (" es ", "es"),
    ],
)
def test_the_language_that_is_spoken(wanted, language):
    assert spoken(wanted) == language


def text(**words):
    return knowledge.Text(en="{n} in", **words)


def test_words_in_a_language_say_when_nobody_has_reviewed_them():
    assert issues.in_language(text(), "es", {"n": "1"}) == "1 in"
    assert issues.in_language(text(es="{n} en"), "es", {"n": "1"}) == "1 en" + issues.UNREVIEWED["es"]
    assert issues.in_language(text(es="{n} en", reviewed_by={"es": "A"}), "es", {"n": "1"}) == "1 en"
    assert issues.in_language(text(zh_hans="在 {n}"), "zh-hans", {"n": "1"}) == "在 1" + issues.UNREVIEWED["zh-hans"]
    assert issues.in_language(text(zh_hans="在 {n}"), "en", {"n": "1"}) == "1 in"


def test_a_translation_has_the_figures_of_the_english():
    import string

    def figures(words):
        return {name for _, name, _, _ in string.Formatter().parse(words) if name}

    for rule in knowledge.rules().values():
        for case in rule.cases.values():
            for words in (case.message, case.remedy):
                for language in ("es", "zh-hans"):
                    if words is not None and words.translation(language):
                        assert figures(words.translation(language)) <= figures(words.en), f"{rule.id} {language}"


@pytest.mark.parametrize(
    ("change", "field", "value"),
    [
        ({"jurisdiction": "Atlantis"}, "jurisdiction", "Atlantis"),
        ({"injections[0].site.point": "ST99"}, "injections[0].site.point", "ST99"),
        ({"injections[1].site.muscle": "zzyzx"}, "injections[1].site.muscle", "zzyzx"),
        ({"injections[0].site": {"region": "zzyzx"}}, "injections[0].site.region", "zzyzx"),
        ({"injections[0].contents[0].product": "zzyzx"}, "injections[0].contents[0].product", "zzyzx"),
        ({"injections[0].contents[0].product": {"name": "zzyzx"}}, "injections[0].contents[0].product.name", "zzyzx"),
        (
            {"injections[0].contents[0].product": {"name": "B12", "ingredients": [{"substance": "zzyzx"}]}},
            "injections[0].contents[0].product.ingredients[0].substance",
            "zzyzx",
        ),
        (
            {"injections[0].contents[0].product": {"name": "B12", "allergens": ["zzyzx"]}},
            "injections[0].contents[0].product.allergens[0]",
            "zzyzx",
        ),
        (
            {"injections[0].contents[0].product": {"name": "B12", "preservatives": ["zzyzx"]}},
            "injections[0].contents[0].product.preservatives[0]",
            "zzyzx",
        ),
        ({"patient.conditions": [{"name": "zzyzx"}]}, "patient.conditions[0].name", "zzyzx"),
        ({"patient.medications": [{"name": "zzyzx"}]}, "patient.medications[0].name", "zzyzx"),
        ({"patient.allergies": [{"substance": "zzyzx"}]}, "patient.allergies[0].substance", "zzyzx"),
        ({"patient.observations": [{"name": "zzyzx", "value": 1}]}, "patient.observations[0].name", "zzyzx"),
    ],
)
def test_what_is_not_understood_is_listed(change, field, value):
    assessment = check(with_(change))

    assert (field, value) in {(one.field, one.value) for one in assessment.not_understood}


@pytest.mark.parametrize(
    ("change", "case", "severity"),
    [
        ({"injections[0].site.point": "ST99"}, "site", "warn"),
        ({"injections[0].contents[0].product": "zzyzx"}, "product", "warn"),
        ({"patient.allergies": [{"substance": "zzyzx"}]}, "allergy", "warn"),
        ({"patient.medications": [{"name": "zzyzx"}]}, "medication", "warn"),
        ({"patient.conditions": [{"name": "zzyzx"}]}, "condition", "note"),
        ({"patient.medications": [{"name": "warfarrin"}]}, "respelled", "note"),
        ({"patient.allergies": [{"substance": "cobolt"}]}, "respelled", "note"),
    ],
)
def test_what_is_not_understood_is_asked_about(change, case, severity):
    assert cases(with_(change), "not_understood") == [case]
    assert [issue.severity for issue in found(with_(change), "not_understood")] == [severity]


def test_a_choice_is_offered():
    [missed] = check(with_({"injections[0].site.point": "Futu"})).not_understood

    assert set(missed.did_you_mean) == {"LI18", "ST32"}


def test_of_many_places_the_first_twelve_are_named_and_the_others_counted():
    def named(count):
        return issues._shortened([f"p{number}" for number in range(count)], "en")

    assert named(12) == ", ".join(f"p{number}" for number in range(12))
    assert named(13) == named(12) + " … (+1)"
    assert issues._shortened(["GB21", "GB21"], "en") == "GB21"
    assert named(0) == ""


@pytest.mark.parametrize(("rule", "set_", "said"), [
    ("skin", {"injections[0].site.skin": "infected"}, "infectada"),
    ("fainting", {"patient.conditions": [{"name": "vasovagal syncope"}], "today": {"eaten": False, "lying_down": False}},
     "en ayunas; sin estar acostado"),
    ("guardian", {"patient.birth_date": "2016-01-01"}, " años:"),
    ("law_substance", {"injections[0].contents[0].product": "lidocaine-2pct-epinephrine-100000-dental",
                       "injections[0].contents[0].purpose": "comfort"}, "(medicamento de emergencia;"),
    ("not_understood", {"patient.conditions": [{"name": "xyzzy plugh"}]}, "no consta nada parecido"),
    ("not_understood", {"patient.conditions": [{"name": "diabettes"}]}, "se leyó como diabetes."),
    ("not_understood", {"patient.medications": [{"name": "stopped warfarin"}]}, "dice que se dejó warfarina:"),
])
def test_what_fills_a_sentence_is_in_its_language(rule, set_, said):
    (one,) = found(with_(set_ | {"language": "es"}), rule)
    assert said in one.message


def test_every_class_of_a_fluid_has_a_word_in_each_language():
    periods = [period for one in knowledge.jurisdictions().values() for period in one.periods]
    known = {word for one in knowledge.substances().values() for word in one.classes}
    known |= {word for one in periods for word in one.substances_forbidden or ()}

    assert {word for word in known if not (classes.named(word).es and classes.named(word).zh_hans)} == set()


@pytest.mark.parametrize(("language", "muscle", "region"), [
    ("en", "trapezius, upper", "neck"), ("es", "trapecio superior", "cuello"), ("zh-hans", "斜方肌上部", "颈部")])
def test_a_muscle_and_a_part_of_the_body_are_named_in_the_language_of_the_words(language, muscle, region):
    site = {"injections[0].site": {"muscle": "uptrap", "side": "left"}, "injections[0].volume_ml": 20, "language": language}
    [issue] = found(with_(site), "volume_per_point")

    assert muscle in issue.message and region in issue.message


@pytest.mark.parametrize(("language", "said"), [("en", "LI4, ST36"), ("es", "LI4, ST36"), ("zh-hans", "LI4、ST36")])
def test_places_are_listed_as_the_language_lists(language, said):
    raised = issues.Raised("volume_per_point", "over", "a", (0, 1), ("LI4", "ST36"), ("a", "b"), {})
    assert issues._values(raised, language)["points"] == said


def test_what_lies_in_no_known_part_is_said_so():
    raised = issues.issue("volume_per_point", "over", region="", volume_ml=1, most_ml=1)
    assert issues._values(raised, "es")["region"] == "lugar desconocido"


def test_a_source_names_the_place_in_it_where_there_is_one():
    source = next(iter(knowledge.sources()))
    title = knowledge.sources()[source].title

    assert issues.source_of(knowledge.Citation(source=source, locator="p. 4")).title == f"{title} (p. 4)"
    assert issues.source_of(knowledge.Citation(source=source)).title == title
    assert issues.source_of(knowledge.Citation(source=source), "low").certainty == "low"
    assert issues.source_of(knowledge.Citation(source=source)).certainty == knowledge.sources()[source].certainty


def test_the_same_cause_at_two_places_is_one_issue_with_the_figures_of_both():
    def raised(number, cause="a", case="over"):
        return issues.Raised("r", case, cause, (number,), (f"p{number}",), (f"f{number}",), {"n": number})

    assert issues.merged([raised(2), raised(1), raised(1)]) == [
        issues.Raised("r", "over", "a", (2, 1), ("p2", "p1"), ("f2", "f1"), {"n": "1–2"}, (raised(2), raised(1), raised(1)))
    ]
    assert issues.merged([raised(1), raised(2, "b"), raised(3, case="far")]) == [raised(1), raised(2, "b"), raised(3, case="far")]


@pytest.mark.parametrize(("language", "rule", "set_", "said"), [
    ("es", "training", {"practitioner.training_hours": 23}, "24 horas (de formación)"),
    ("zh-hans", "training", {"practitioner.training_hours": 23}, "24 学时（培训）"),
    ("zh-hans", "training", {"practitioner.hands_on_hours": 7}, "8 学时（实操）"),
    ("es", "profession", {"practitioner.profession": "physician"}, "Profesión: medicina."),
    ("zh-hans", "profession", {"practitioner.profession": "physician"}, "职业：医师。"),
    ("es", "law_site", {"jurisdiction": "US-FL"}, "nombra puntos de acupuntura, y no esta clase de sitio: punto gatillo"),
    ("zh-hans", "law_site", {"jurisdiction": "US-FL"}, "列明的是 穴位，不含此类部位：激痛点"),
])
def test_what_a_law_names_is_said_in_the_language_of_the_sentence(language, rule, set_, said):
    assert any(said in one.message for one in found(with_(set_ | {"language": language}), rule))
