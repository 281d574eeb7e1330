"""What a rule raises, and how it becomes an issue in somebody's language.

Words, severity and sources come from the facts of the rule.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from waterneedle import knowledge
from waterneedle.safety import names
from waterneedle.safety.plan import DetectedIssue, IssueSource

UNKNOWN_PLACE = {"en": "unknown place", "es": "lugar desconocido", "zh-hans": "未知部位"}
JUDGEMENT, OURS = "waterneedle-judgement", {"en": "our judgement", "es": "estimación nuestra", "zh-hans": "我们的判断"}
PLANNED = {"en": "Planned", "es": "prevista", "zh-hans": "计划"}
NEEDLED = {"en": "Already needled", "es": "ya alcanzada", "zh-hans": "已刺入"}
UNREVIEWED = {"es": " [traducción sin revisar]", "zh-hans": "【译文未经审校】"}
SEVERITIES = ("block", "warn", "note")
_TO_STAY_BELOW = ("safe_mm",)
_MOST_PLACES = 12  # named in a sentence; all of them stand in the issue's list


class Raised(NamedTuple):
    """One cause for concern, before it has words. Two with the same rule, case and cause become one issue, which keeps them
    `apart` too: its words have their figures from the least to the most."""

    rule: str
    case: str
    cause: str
    injections: tuple[int, ...]
    places: tuple[str, ...]  # their ids; of one that was not understood, as it was typed
    missing: tuple[str, ...]
    values: dict[str, Any]
    apart: tuple[Raised, ...] = ()


def issue(rule: str, case: str, *, at: Iterable[Any] = (), missing: Sequence[str] = (), cause: str = "", **values: Any) -> Raised:
    """What `rule` raises in `case`, about the punctures `at` (none: the whole visit). `values` fill the words of the case."""
    punctures = tuple(at)
    return Raised(
        rule,
        case,
        cause,
        tuple(puncture.number for puncture in punctures),
        tuple(puncture.place or puncture.name for puncture in punctures),
        tuple(missing),
        values,
    )


@functools.cache
def parameter(rule: str, name: str) -> Any:
    """The value that `rule` compares with."""
    return knowledge.rules()[rule].parameters[name].value


def merged(raised: Iterable[Raised]) -> list[Raised]:
    """One for each cause: the same problem at ten points names ten points. A figure that differs is said from the
    least to the most, for no place may be told the figure of another; one to stay below is the least of them."""
    found: dict[tuple[str, str, str], list[Raised]] = {}
    for one in raised:
        found.setdefault((one.rule, one.case, one.cause), []).append(one)
    return [same[0] if len(same) == 1 else _joined(same) for same in found.values()]


def _joined(same: Sequence[Raised]) -> Raised:
    return same[0]._replace(
        injections=tuple(dict.fromkeys(number for one in same for number in one.injections)),
        places=tuple(dict.fromkeys(place for one in same for place in one.places)),
        missing=tuple(dict.fromkeys(field for one in same for field in one.missing)),
        values={name: _of_all(name, [one.values[name] for one in same if name in one.values]) for name in same[0].values},
        apart=tuple(same),
    )


def _of_all(name: str, values: Sequence[Any]) -> Any:
    """What one sentence about several places says where each of them has its own value."""
    if name == "whose":
        return tuple(dict.fromkeys(one for value in values for one in value))
    if isinstance(values[0], knowledge.Text):
        return tuple({one.en: one for one in values}.values())
    if len(set(map(str, values))) == 1 or not all(type(one) in (int, float) for one in values):
        return values[0]
    return min(values) if name in _TO_STAY_BELOW else f"{figure(min(values))}–{figure(max(values))}"


def each_apart(raised: Raised, ids: Sequence[str]) -> tuple[str, ...]:
    """What the issue would say in English of each of the places that it names, each with its injections; empty where it was
    raised once."""
    return tuple(f"{' '.join(ids[number] for number in one.injections)}: {_message(one, 'en')}" for one in raised.apart)


def worded(raised: Raised, *, ids: Sequence[str], recorded: frozenset[str], language: str) -> DetectedIssue:
    """The issue that `raised` becomes.

    `ids` names the injections by number; `recorded` holds the rules that have a check or reason on record.
    """
    case = knowledge.rules()[raised.rule].cases[raised.case]
    return DetectedIssue(
        rule=raised.rule,
        severity=case.severity,
        message=_message(raised, language),
        remedy=None if case.remedy is None else in_language(case.remedy, language, _values(raised, language)),
        injections=tuple(ids[number] for number in sorted(raised.injections)),
        missing=raised.missing,
        recorded=case.severity == "warn" and raised.rule in recorded,
        sources=sources_of(raised.rule, raised.case),
    )


def _message(raised: Raised, language: str) -> str:
    return in_language(knowledge.rules()[raised.rule].cases[raised.case].message, language, _values(raised, language))


def _values(raised: Raised, language: str) -> dict[str, str]:
    values = {name: _in_words(value, language) for name, value in raised.values.items()}
    if "region" in values:
        values["region"] = names.shown_part(values["region"], language) if values["region"] else UNKNOWN_PLACE[language]
    if "is_planned" in values:
        values["how"] = (PLANNED if raised.values["is_planned"] else NEEDLED)[language]
    if "whose" in values:
        shortly = (OURS[language] if one == JUDGEMENT else knowledge.sources()[one].shortly for one in raised.values["whose"])
        values["whose"] = names.listed(dict.fromkeys(shortly), language)
    return values | {"points": _shortened([names.shown(place, language) for place in raised.places], language)}


def _in_words(value: Any, language: str) -> str:
    """Names on file are said in the language of the sentence, which says itself whether its translation was reviewed."""
    if isinstance(value, tuple) and all(isinstance(one, knowledge.Text) for one in value):
        return "; ".join(_in_words(one, language) for one in value)
    if isinstance(value, list):
        return names.listed((_in_words(one, language) for one in value), language)
    return value.translation(language) or value.en if isinstance(value, knowledge.Text) else figure(value)


def in_language(text: knowledge.Text, language: str, values: dict[str, str]) -> str:
    """`text` with its figures, in `language`; in English where there is no translation. An unreviewed translation says so."""
    translation = text.translation(language)
    if translation is None:
        return text.en.format_map(values)
    return translation.format_map(values) + ("" if text.is_reviewed(language) else UNREVIEWED[language])


def figure(value: Any) -> str:
    """A value as it is read: four significant figures, no exponent between a millionth and a million, lists with commas.

    >>> figure(14.60), figure(0.30000000000000004), figure(1300.0)
    ('14.6', '0.3', '1300')
    """
    if isinstance(value, float):
        size = abs(value)
        if size and not 1e-6 <= size < 1e6:
            return f"{value:.3g}"
        return f"{value:.0f}" if size >= 1000 else f"{float(f'{value:.4g}'):f}".rstrip("0").rstrip(".")
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(figure(part) for part in value)
    return str(value)


@functools.cache
def sources_of(rule: str, case: str) -> tuple[IssueSource, ...]:
    """Where a case of a rule comes from."""
    found = knowledge.rules()[rule].cases[case]
    return tuple(source_of(citation, found.certainty) for citation in found.sources)


def source_of(citation: knowledge.Citation, certainty: str | None = None) -> IssueSource:
    source = knowledge.sources()[citation.source]
    title = f"{source.title} ({citation.locator})" if citation.locator else source.title
    return IssueSource(id=source.id, title=title, url=source.address, certainty=certainty or source.certainty)


def _shortened(places: Sequence[str], language: str) -> str:
    """The places, or the first of very many and how many more."""
    unique = tuple(dict.fromkeys(places))
    more = f" … (+{len(unique) - _MOST_PLACES})" if len(unique) > _MOST_PLACES else ""
    return names.listed(unique[:_MOST_PLACES], language) + more
