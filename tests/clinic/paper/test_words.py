"""What the product says in each language, paper can show: no sign of it stands there as a number."""
from __future__ import annotations

import re

import pytest

from tools import messages
from waterneedle import knowledge
from waterneedle.clinic.intake import wording
from waterneedle.clinic.paper.printable import printable


def texts(facts: object) -> set[str]:
    """Every translation in `facts`, by how it is written: the words of rules and of places are looked at alike."""
    return set(re.findall(r"(?:es|zh_hans)='([^']*)'", repr(facts)))


@pytest.mark.parametrize("section", [
    "rules", "triage_rules", "hazard_zones", "level_advice", "report_terms", "claims", "instruments", "indications", "protocols"])
def test_the_facts_are_shown(section):
    said = texts(getattr(knowledge, section)())

    assert said
    assert {one for one in said if printable(one) != one} == set()


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_the_words_of_the_rooms_and_of_the_consent_are_shown(language):
    said = {one for room in messages.rooms() for words in messages.read_po(messages.po_path(room, language)).values()
            for one in words.said} | {wording.written(wording.shipped(language)[1])}

    assert {one for one in said if printable(one) != one} == set()


def test_the_name_that_is_shown_of_a_concept_a_place_or_a_muscle_is_shown():
    firsts = {names[0] for one in [*knowledge.vocabulary().values(), *knowledge.regions().values(),
                                   *knowledge.trigger_points().values()]
              for names in (one.names_es, one.names_zh) if names}

    assert {one for one in firsts if printable(one) != one} == set()
