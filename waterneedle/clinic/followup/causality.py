"""The categories of the WHO-UMC system with their criteria, in the reader's language: `waterneedle/knowledge/reporting.toml`."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils.translation import get_language

from waterneedle import knowledge
from waterneedle.clinic.followup.models import Causality


class Category(NamedTuple):
    value: str
    word: Any
    criteria: tuple[str, ...]
    is_reviewed: bool  # of the translation of the criteria


def categories() -> list[Category]:
    language = get_language() or "en"
    return [_category(one, knowledge.report_terms()[one.value], language) for one in Causality]


def source() -> knowledge.Source:
    return knowledge.sources()[knowledge.report_terms()[Causality.CERTAIN.value].sources[0].source]


def _category(one: Causality, term: knowledge.ReportTerm, language: str) -> Category:
    said = tuple(text.translation(language) or text.en for text in term.criteria)
    return Category(one.value, one.label, said, all(text.is_reviewed(language) for text in term.criteria))
