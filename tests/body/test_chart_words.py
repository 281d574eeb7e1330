"""The chart in every language: each has every word, fills in the same values, and the page chooses by its own language."""
import re

import pytest

from tests.body import node
from waterneedle import knowledge
from waterneedle.body import chart, frames, mesh, page, views
from waterneedle.body.fit import fit

TABLES = node.run('answer = (await use("words.js")).LANGUAGES')
ENGLISH = TABLES["en"]
OTHERS = sorted(set(TABLES) - {"en"})
FIGURE = fit("female", 40, 160, 50).coefficients


def gaps(sentence):
    return sorted(re.findall(r"\{(\w+)\}", sentence))


def test_the_languages_are_those_of_the_clinic():
    assert sorted(TABLES) == sorted(tag.split("-")[0] for tag in page.WORDS)


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_every_word(language):
    table = TABLES[language]
    assert set(table) == set(ENGLISH)
    assert [key for key, words in table.items() if not words.strip()] == []
    assert {key: gaps(words) for key, words in table.items()} == {key: gaps(words) for key, words in ENGLISH.items()}


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_is_none_of_the_english_sentences(language):
    sentences = [key for key, words in ENGLISH.items() if len(words) > 24]
    assert [key for key in sentences if TABLES[language][key] == ENGLISH[key]] == []


def test_a_translation_says_that_nobody_has_reviewed_it():
    assert ENGLISH["translated"] == ""
    assert all(TABLES[language]["translated"] for language in OTHERS)


def test_every_word_that_the_chart_asks_for_is_there():
    asked = set()
    for module in page.STATIC.glob("*.js"):
        asked |= set(re.findall(r'(?:words|this)\.(?:get|fill)\("([^"]+)"', module.read_text(encoding="utf-8")))
    assert asked - set(ENGLISH) == set()
    assert len(asked) > 60


def test_every_word_that_the_value_names_is_there():
    vertices, joints = mesh.vertices(FIGURE), mesh.joints(FIGURE)
    named = {view.name for view in views.views(vertices, joints)} | set(chart.CHANNELS.values())
    named |= {"back region" if region == "back" else region for region in views.REGIONS}
    named |= {word for frame in frames.frames(joints).values() for pair in frame.words for word in pair}
    named |= {f"zone {zone.kind}" for zone in knowledge.hazard_zones().values()}
    named |= {f"layer {muscle.layer}" for muscle in knowledge.muscles().values()}
    named |= {f"{side} {ending}" for side in ("left", "right") for ending in ("side", "short")}
    assert named - set(ENGLISH) == set()


def test_the_language_is_that_of_the_tag():
    tags = {"en": "en", "en-GB": "en", "es": "es", "es-MX": "es", "zh-hans": "zh", "zh-Hans-CN": "zh", "ZH": "zh", "de": "en",
            "": "en", "constructor": "en"}
    assert node.run('const { languageOf } = await use("words.js"); answer = given.map(languageOf)', [*tags, None]) == [
        *tags.values(), "en"]


def test_what_a_caller_hands_in_stands_above_the_tables():
    told = node.run('const { Words } = await use("words.js"); const words = new Words("es", { points: "Lugares" });'
                    'answer = [words.get("points"), words.get("pain"), words.whenOf({ days: 3 }), words.get("not a key")]')
    assert told == ["Lugares", "Dibujo del dolor", "hace 3 días", "not a key"]


@pytest.mark.parametrize("language", sorted(page.WORDS))
def test_the_page_of_its_own_has_every_word_too(language):
    assert set(page.WORDS[language]) == set(page.WORDS["en"])
    text = page.page({"sex": "female"}, "abc", (), language)
    assert f'<html lang="{language}">' in text
    assert page.WORDS[language]["title"] in text
