"""The words that are shipped: whole in each language, true to their sources, and understood by the check."""

from __future__ import annotations

import pytest

from clinic.intake.signing import EVERY_PRODUCT
from waterneedle import knowledge
from waterneedle.clinic.intake import wording
from waterneedle.safety.documents import convert
from waterneedle.safety.plan import Plan
from waterneedle.safety.reading import read
from waterneedle.safety.rules.consent import consent_covers

LANGUAGES = ("en", "es", "zh-hans")
# Which line covers which category of product. What no line covers is named too: a new category is decided on.
LINE_OF = {
    "vitamin_b12": "b12",
    "homeopathic": "homeopathic",
    "saline": "saline",
    "sterile_water": "saline",
    "glucose_dextrose": "saline",
    "local_anesthetic": "anaesthetic",
    "sodium_bicarbonate": "anaesthetic",
    "vitamin": "vitamins",
    "bee_venom": "bee_venom",
    "sarapin": "herbal",
    "emergency": None,
}
PRODUCTS = list(knowledge.products().values())


def test_every_language_says_the_same_sections_and_lines():
    assert wording.languages() == set(LANGUAGES)
    english = wording.shipped("en")[1]
    for language in LANGUAGES[1:]:
        other = wording.shipped(language)[1]
        assert [(one.id, len(one.text)) for one in other.sections] == [(one.id, len(one.text)) for one in english.sections]
        assert [(one.id, one.covers) for one in other.lines] == [(one.id, one.covers) for one in english.lines]
        assert all(one.title != two.title and one.text != two.text for one, two in zip(other.lines, english.lines, strict=True))
        assert len(other.agreement) == len(english.agreement)


def test_a_language_without_words_of_its_own_reads_english():
    assert wording.shipped("ko") == wording.shipped("en")


def test_every_source_is_on_file():
    words = wording.shipped("en")[1]
    named = {source for one in (*words.sections, *words.lines) for source in one.sources}

    assert named - knowledge.sources().keys() == set()
    assert all(one["title"] and one["address"] for one in wording.cited(("pach-2011-disci-rhus", "cureus-2018-b12-anaphylaxis")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_stand_in_every_language_as_in_the_source(language):
    said = wording.written(wording.shipped(language)[1]).replace(" ", "").replace(" ", "").replace(",", "")

    for figure in ("37490", "80523", "2200"):
        assert figure in said


def test_nothing_is_promised():
    words = wording.shipped("en")[1]
    said = " ".join(text for one in words.sections for text in one.text) + " ".join(one.text for one in words.lines)

    assert not any(word in said.lower() for word in ("boost", "detox", "guarantee", "safe and effective", "side effects", "cure"))


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda one: one.id)
def test_a_product_is_covered_by_its_line_and_by_no_other(product):
    lines = {line.id: line.covers for line in wording.shipped("en")[1].lines if line.kind == "product"}
    covering = [line for line in EVERY_PRODUCT if not _missed(product.id, lines[line])]

    assert set(lines) == set(EVERY_PRODUCT)
    assert covering == [line for line in (LINE_OF[product.category],) if line is not None]


def test_the_line_of_the_lung_is_what_the_check_asks_for():
    lung = next(line for line in wording.shipped("en")[1].lines if line.id == "lung")

    assert "site" in _cases("GB21", "sodium-chloride-0.9-preservative-free", ("saline",))
    assert "site" not in _cases("GB21", "sodium-chloride-0.9-preservative-free", ("saline", *lung.covers))


def _missed(product: str, covers: tuple[str, ...]) -> bool:
    return "product" in _cases("ST36", product, covers)


def _cases(point: str, product: str, covers: tuple[str, ...]) -> list[str]:
    plan = {
        "date": "2026-11-22",
        "patient": {"birth_date": "1982-03-14"},
        "consent": {"signed_on": "2026-11-22", "covers": list(covers)},
        "injections": [{"site": {"point": point, "side": "left"}, "contents": [{"product": product, "volume_ml": 0.2}]}],
    }
    return [one.case for one in consent_covers(read(convert(plan, Plan)))]
