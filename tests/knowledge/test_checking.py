"""What must hold between facts: each broken reference gives its problem, and the facts on file have none."""
import copy
from datetime import date

import msgspec
import pytest

from waterneedle.knowledge import Citation, Text
from waterneedle.knowledge.checking import citations, problems_of
from waterneedle.knowledge.files import read
from waterneedle.knowledge.point import Relation
from waterneedle.knowledge.product import DoseExample
from waterneedle.knowledge.sections import Problem

LIBRARY, _ = read()
BEFORE = set(problems_of(LIBRARY))


def new_problems(section, identity, **changed):
    """The problems that appear when the fields of one fact are changed."""
    library = copy.copy(LIBRARY)
    library[section] = library[section] | {identity: msgspec.structs.replace(LIBRARY[section][identity], **changed)}
    return [problem for problem in problems_of(library) if problem not in BEFORE]


def test_all_facts_agree_with_each_other():
    assert problems_of(LIBRARY) == ()


@pytest.mark.parametrize(("section", "identity", "changed", "text"), [
    ("regions", "knee", {"sources": (Citation(source="nobody"),)}, "cites 'nobody', which is not among the sources"),
    ("points", "ST36", {"location": msgspec.structs.replace(LIBRARY["points"]["ST36"].location, landmark="moon")},
     "refers to 'moon', which is neither a landmark nor a point"),
    ("points", "ST36", {"location": msgspec.structs.replace(
        LIBRARY["points"]["ST36"].location, neighbours=(Relation(relation="midway", target="ST36+ST99"),))},
     "refers to 'ST99', which is neither a landmark nor a point"),
    ("hazard_zones", "eye", {"points": ("ST1", "ST99")}, "refers to 'ST99', which is not on file"),
    ("hazard_zones", "eye", {"regions": ("tail",)}, "refers to 'tail', which is not on file"),
    ("hazard_zones", "eye", {"muscles": ("trp-tail",)}, "refers to 'trp-tail', which is not on file"),
    ("levels", "t2_spinous_process", {"end": "tail"}, "refers to 'tail', which is not on file"),
    ("tissue_layers", "muscle-rectus-abdominis", {"points": ("ST25", "ST99")}, "refers to 'ST99', which is not on file"),
    ("products", "cyanocobalamin-1000mcg-ml", {"allergens": ("moonlight",)}, "refers to 'moonlight', which is not on file"),
    ("products", "cyanocobalamin-1000mcg-ml",
     {"examples": (DoseExample(volume_ml=1.0, substance="cyanocobalamin", amount=999.0, unit="mcg"),)},
     "1.0 mL does not hold 999.0 mcg"),
    ("evidence", "bao-2018-bcrl", {"claims": ("lymph", "moon"), "directions": {"lymph": "against", "moon": "for"}},
     "refers to 'moon', which is not on file"),
    ("evidence", "bao-2018-bcrl", {"claims": ("lymph", "sleep")}, "claims and directions do not both name 'sleep'"),
    ("evidence", "bao-2018-bcrl", {"directions": {"lymph": "against", "sleep": "none"}},
     "claims and directions do not both name 'sleep'"),
    ("protocols", "neostigmine-st36-ileus", {"findings": ("moon-2020",)}, "refers to 'moon-2020', which is not on file"),
    ("instruments", "next-day", {"claims": ("moon",)}, "refers to 'moon', which is not on file"),
    ("sources", "who-2008", {"doi": None, "isbn": None, "url": None, "pmid": None, "ndc": None, "rule": None, "read": "copy"},
     "gives a reader nothing to look it up by (doi, pmid, isbn, ndc, rule or url)"),
])
def test_what_does_not_hold_is_a_problem(section, identity, changed, text):
    assert new_problems(section, identity, **changed) == [Problem(section, identity, text)]


def test_a_site_is_one_place():
    protocol = LIBRARY["protocols"]["neostigmine-st36-ileus"]
    twice = tuple(msgspec.structs.replace(site, region="leg") for site in protocol.sites)
    texts = [problem.text for problem in new_problems("protocols", protocol.id, sites=twice)]
    assert "a site is exactly one of point, muscle and region" in texts


def test_a_source_that_nothing_cites_is_a_problem():
    stranger = msgspec.structs.replace(LIBRARY["sources"]["who-2008"], id="stranger")
    library = LIBRARY | {"sources": LIBRARY["sources"] | {"stranger": stranger}}
    assert set(problems_of(library)) - BEFORE == {Problem("sources", "stranger", "no fact cites it")}


def test_a_point_that_is_missing_is_counted():
    library = LIBRARY | {"points": {code: point for code, point in LIBRARY["points"].items() if code != "HT1"}}
    assert Problem("points", "HT", "has 8 points, not 9") in problems_of(library)


def test_a_name_stands_for_one_thing():
    one, other = [concept for concept in LIBRARY["vocabulary"].values() if concept.kind == "condition"][:2]
    found = new_problems("vocabulary", other.id, names=(*other.names, one.term))
    assert [problem.text for problem in found] == [f"the name {one.term.casefold()!r} also stands at {one.id!r}"]


def test_a_period_follows_the_one_before_it():
    first, *later = LIBRARY["jurisdictions"]["US-FL"].periods
    overlapping = (msgspec.structs.replace(first, until=date(2025, 1, 1)), *later)
    (problem,) = new_problems("jurisdictions", "US-FL", periods=overlapping)
    assert problem.text.endswith("does not follow the one before it")


def test_a_translation_has_the_figures_of_the_english_words():
    rule = LIBRARY["rules"]["dose_limit"]
    name, case = next(iter(rule.cases.items()))
    wrong = msgspec.structs.replace(case, message=Text(en="{points}: too much", es="{puntos}: demasiado"))
    found = new_problems("rules", "dose_limit", cases=rule.cases | {name: wrong})
    assert Problem("rules", f"dose_limit.{name}", "the figures in the es words are not those of the English ones") in found


def test_a_citation_is_found_however_deep_it_stands():
    zone = next(zone for zone in LIBRARY["hazard_zones"].values() if zone.distances)
    found = list(citations(zone))
    assert set(zone.sources) | {distance.citation for distance in zone.distances} <= set(found)
