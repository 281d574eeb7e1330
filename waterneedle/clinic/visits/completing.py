"""What may stand at the cursor of a typed line: places by the beginning of any of their names, then side, route and technique.

Quick enough for every key: names are sorted once, and found by halving.
"""

from __future__ import annotations

import bisect
import functools
from typing import Literal, NamedTuple

from waterneedle import knowledge
from waterneedle.clinic.visits.dictated import hear
from waterneedle.clinic.visits.line import NEEDLE_ONLY, ROUTES, read
from waterneedle.clinic.visits.places import SIDES, Found, Kind, Word, half_a_code, kinds_of, sides_of, written
from waterneedle.knowledge.naming import plain

MOST = 8


class Completion(NamedTuple):
    """A word to take: it replaces the characters from `start` to `end`. `place` is set where it is a place."""

    start: int
    end: int
    text: str
    what: Literal["point", "muscle", "region", "side", "route", "technique"]
    place: str = ""


def complete(text: str, cursor: int | None = None, language: str = "en") -> tuple[Completion, ...]:
    """What may be meant by the word under the cursor (the end of the line, unless given), likeliest first.

    >>> [one.text for one in complete("zusan")]
    ['ST36']
    >>> [one.text for one in complete("st36 ")]
    ['l', 'r', 'b']
    """
    before = text[: len(text) if cursor is None else cursor]
    found, _doubts, words = hear(before, language)
    if not words:
        return ()
    is_open = not before[-1].isspace()  # the last word is still being typed
    if not isinstance(found, Found):
        return _places(words, is_open, len(before))
    if is_open and found.word.end == len(before):
        return _places(words, is_open, len(before))
    if is_open and (not found.rest or found.rest[-1].end < len(before)):
        return ()  # a word that needs no other
    return _words_after(found, before, is_open, language)


def _places(words: list[Word], is_open: bool, end: int) -> tuple[Completion, ...]:
    kinds, typed = kinds_of(words)
    if not typed or not is_open:
        return ()
    begun = plain(" ".join(word.text for word in typed))
    if not begun:
        return ()
    start = words[0].start
    found = [one for kind in kinds for one in _beginning(kind, begun)]
    found += [(kind, code) for kind in kinds for code in half_a_code(kind, begun)]
    return tuple(Completion(start, end, written(kind, place), kind, place) for kind, place in found)[:MOST]


def _words_after(found: Found, before: str, is_open: bool, language: str) -> tuple[Completion, ...]:
    begun = found.rest[-1] if is_open else Word("", len(before), len(before))
    line_before = before[: begun.start]
    said = {trouble.wrong for trouble in read(line_before, language).troubles}
    lower = begun.text.casefold()
    completions = []
    if "no_side" in said:
        completions += [(SIDES[side], "side") for side in sides_of(found.kind, found.place)]
    typed = {word.text.casefold() for word in hear(line_before, language).words}
    if typed.isdisjoint(word.casefold() for route, group in ROUTES.items() for word in (route, *group)):
        completions += [((route, *group), "route") for route, group in ROUTES.items() if lower]
    if typed.isdisjoint(NEEDLE_ONLY) and lower:
        completions.append((NEEDLE_ONLY, "technique"))
    return tuple(
        Completion(begun.start, len(before), words[0], what)
        for words, what in completions
        if any(word.casefold().startswith(lower) for word in words)
    )[:MOST]


def _beginning(kind: Kind, begun: str) -> list[tuple[Kind, str]]:
    """The places of `kind` of which a name begins so; a place once, the shortest names first."""
    begun = begun.replace(" ", "") if kind == "point" else begun
    entries = _sorted_names(kind)
    at = bisect.bisect_left(entries, (begun,))
    fitting = []
    while at < len(entries) and entries[at][0].startswith(begun):
        fitting.append(entries[at])
        at += 1
    fitting.sort(key=lambda entry: (len(entry[0]), entry[1]))
    return [(kind, place) for place in dict.fromkeys(place for _, _, place in fitting)][:MOST]


@functools.cache
def _sorted_names(kind: Kind) -> list[tuple[str, int, str]]:
    """Every plain name with the order of its place and the place; codes of points as names too."""
    facts = {"point": knowledge.points, "muscle": knowledge.trigger_points, "region": knowledge.regions}[kind]()
    order = {place: number for number, place in enumerate(facts)}
    pairs = [(name, place) for name, places in knowledge.names(kind).items() for place in places if not name.endswith("xue")]
    if kind == "point":
        pairs += [(plain(code).replace(" ", ""), code) for code in facts]
    return sorted((name, order[place], place) for name, place in pairs)
