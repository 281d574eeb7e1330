"""The place that a typed line begins with: a point, a muscle or a region, by any of its names; and the words of a line.

    find_place(words_of("tp uptrap r .2"))       the muscle, and the words after it
    meanings("point", "yinjiao")                  all that is called so: two points
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from waterneedle import knowledge
from waterneedle.knowledge.naming import plain
from waterneedle.safety import names

Kind = Literal["point", "muscle", "region"]
Wrong = Literal[
    "empty", "no_place", "unknown_place", "two_places", "unknown_word", "no_side", "wrong_side", "twice", "needs_unit",
    "point_slipped", "out_of_range", "too_fine", "no_fluid", "place_first", "other_unit", "elsewhere",
]  # fmt: skip

SIDES = {
    "left": ("l", "left", "lt", "izq", "izqdo", "izqda", "izdo", "izda", "izquierdo", "izquierda", "左", "左侧"),
    "right": ("r", "right", "rt", "der", "dcho", "dcha", "dch", "derecho", "derecha", "右", "右侧"),
    "bilateral": ("b", "both", "bl", "bil", "bilateral", "ambos", "ambas", "双", "双侧", "两侧"),
    "midline": ("m", "mid", "midline", "medio", "中线"),
}
SIDES_ES = {"d": "right", "i": "left"}  # where Spanish is written; a letter that stands alone says nothing else there
MARKS: dict[Kind, tuple[str, ...]] = {
    "muscle": ("tp", "trp", "trigger", "激痛点"),
    "region": ("ashi", "ahshi", "阿是", "阿是穴"),
}
GROUPS_ACROSS_THE_MIDLINE = ("EX-HN1",)  # of its four points two lie on the midline and two beside it
_LONGEST_PLACE = 8  # words
_WORD = re.compile(r"[\u4e00-\u9fff]+|[^\s\u4e00-\u9fff]+")
_PARTED = re.compile(r"(\d{1,2})[.,](\d+)")
_HANZI = re.compile(r"[\u4e00-\u9fff]+")
_HALF_A_CODE = re.compile(r"([a-z])0*(\d{1,2})")


class Trouble(NamedTuple):
    """A word that could not be read, or what is missing: what is wrong with it, where it stands, and what may be meant."""

    wrong: Wrong
    word: str
    start: int  # of the word in the line, in characters; the end of the line for what is missing
    end: int
    near: tuple[str, ...] = ()


class Word(NamedTuple):
    text: str
    start: int
    end: int


class Found(NamedTuple):
    """The place that a line begins with, and the words after it."""

    kind: Kind
    place: str
    word: Word
    rest: list[Word]


def words_of(text: str) -> list[Word]:
    """The words of a line. Hanzi need no space beside letters or figures, nor before or after the side."""
    return [part for match in _WORD.finditer(text) for part in _without_glued_side(Word(match[0], *match.span()))]


def sides_of(kind: Kind, place: str) -> tuple[str, ...]:
    """The sides a place can have: a point of the midline has none but that, a part named for a side lies there."""
    if kind == "point":
        return ("midline",) if knowledge.points()[place].side == "midline" else ("left", "right", "bilateral")
    if kind == "region" and place.rpartition("_")[2] in ("left", "right"):
        return (place.rpartition("_")[2],)
    return ("left", "right", "bilateral", "midline") if kind == "region" else ("left", "right", "bilateral")


def may_lie(kind: Kind, place: str, side: str) -> bool:
    """Whether one puncture of a place can be on that side."""
    return side in sides_of(kind, place) or (side == "midline" and place in GROUPS_ACROSS_THE_MIDLINE)


def find_place(words: list[Word]) -> Found | Trouble:
    """The longest place that the line begins with; a side may stand before it, as a letter where no channel is meant by it."""
    first, *rest = words
    may_be_a_channel = len(first.text) == 1 and first.text.isascii()
    if rest and not may_be_a_channel and (side := side_of(first.text)):
        found = find_place(rest)
        if isinstance(found, Found):
            return found._replace(rest=[Word(side, first.start, first.end), *found.rest])
        by_itself = _place_at_the_beginning(words)  # "BL 23": both sides, or a channel
        return by_itself if isinstance(by_itself, Found) else found
    by_itself = _place_at_the_beginning(words)
    is_spelled = bool(rest) and len(rest[0].text) == 1 and rest[0].text.isascii()  # "B P 6" is no P 6 on both sides
    if rest and not is_spelled and isinstance(by_itself, Trouble) and (side := side_of(first.text)):  # "l st36"
        found = _place_at_the_beginning(rest)
        if isinstance(found, Found):
            return found._replace(rest=[Word(side, first.start, first.end), *found.rest])
    return by_itself


def _place_at_the_beginning(words: list[Word]) -> Found | Trouble:
    kinds, marked = kinds_of(words)
    if not marked:
        return Trouble("no_place", *words[0])
    for length in range(min(len(marked), _LONGEST_PLACE), 0, -1):
        word = _joined(marked[:length])
        meant = [(kind, place) for kind in kinds for place in meanings(kind, word.text)]
        if len(meant) == 1:
            return Found(*meant[0], word, marked[length:])
        if meant:
            return Trouble("two_places", *word, near=tuple(written(kind, place) for kind, place in meant))
    if len(marked) > 1 and (parted := _PARTED.fullmatch(marked[1].text)) and meanings("point", f"{marked[0].text} {parted[1]}"):
        # "ST 36.5": a dictation has run a code and an amount into one.
        return Trouble("unknown_place", *_joined(marked[:2]), near=(f"{marked[0].text.upper()}{parted[1]} 0.{parted[2]}mL",))
    return Trouble("unknown_place", *marked[0], near=_near(kinds, marked[0].text))


def meanings(kind: Kind, text: str) -> tuple[str, ...]:
    """The facts of `kind` that are called exactly `text`; several for a name that points share but for the tones."""
    if kind == "point":
        place = names.point(text)
        if place.id is not None:
            return (place.id,) if place.side is None else ()
        return knowledge.names("point").get(plain(text).replace(" ", ""), ())
    return knowledge.names(kind).get(plain(text), ())


def kinds_of(words: list[Word]) -> tuple[tuple[Kind, ...], list[Word]]:
    """The kinds of place that may come, by the mark that stands first, and the words after the mark."""
    if plain(words[0].text) in ("ah", "trigger") and len(words) > 1 and plain(words[1].text) in ("shi", "point"):
        words = [Word("ashi" if plain(words[0].text) == "ah" else "tp", words[0].start, words[1].end), *words[2:]]
    for kind, marks in MARKS.items():
        if plain(words[0].text) in marks:
            return (kind,), words[1:]
    return ("point", "muscle", "region"), words


def _near(kinds: tuple[Kind, ...], text: str) -> tuple[str, ...]:
    found = [(kind, one) for kind in kinds for one in half_a_code(kind, plain(text)) or getattr(names, kind)(text).near]
    return tuple(dict.fromkeys(written(kind, one) for kind, one in found))[: names.MOST_OFFERED]


def half_a_code(kind: Kind, text: str) -> tuple[str, ...]:
    """The points with this number on the channels that begin with this letter: one was forgotten. To be offered, never read.

    >>> half_a_code("point", "l4")
    ('LU4', 'LI4', 'LR4')
    """
    match = _HALF_A_CODE.fullmatch(text) if kind == "point" else None
    if match is None:
        return ()
    letter, number = match[1].upper(), int(match[2])
    return tuple(code for code in knowledge.points() if re.fullmatch(rf"{letter}[A-Z]{number}", code))


def _joined(words: list[Word]) -> Word:
    return Word(" ".join(word.text for word in words), words[0].start, words[-1].end)


def _without_glued_side(word: Word) -> Iterator[Word]:
    """`左足三里` and `足三里双侧` as two words each; a name that ends like a side stays whole."""
    text = word.text
    if _HANZI.fullmatch(text) and not is_name(text) and side_of(text) is None:
        glued = sorted((one for group in SIDES.values() for one in group if _HANZI.fullmatch(one)), key=len, reverse=True)
        for side in glued:
            if text.startswith(side) and is_name(text[len(side) :]):
                yield Word(side, word.start, word.start + len(side))
                yield Word(text[len(side) :], word.start + len(side), word.end)
                return
            if text.endswith(side) and is_name(text[: -len(side)]):
                yield Word(text[: -len(side)], word.start, word.end - len(side))
                yield Word(side, word.end - len(side), word.end)
                return
    yield word


def is_name(text: str) -> bool:
    """Whether some place is called exactly so."""
    return any(plain(text) in knowledge.names(kind) for kind in ("point", "muscle", "region"))


def side_of(text: str, language: str = "en") -> str | None:
    word = plain_word(text)
    return among(SIDES, word) or (SIDES_ES.get(word) if language == "es" else None)


def among(groups: dict[str, tuple[str, ...]], text: str) -> str | None:
    """What `text` says, where it stands in one of the groups."""
    return next((meaning for meaning, words in groups.items() if text == meaning.casefold() or text in words), None)


def plain_word(text: str) -> str:
    """A word of the line without case and without a comma or full stop behind it; signs within stay."""
    return text.casefold().rstrip(",;.")


@functools.cache
def written(kind: Kind, place: str) -> str:
    """The name of a place, with its mark, that leads back to it."""
    if kind == "point":
        return place
    if kind == "muscle":
        called = (knowledge.trigger_points()[place].muscle, place)
    else:
        called = (place.replace("_", " "), *knowledge.regions()[place].names)
    return f"{MARKS[kind][0]} {next(plain(name) for name in called if meanings(kind, name) == (place,))}"
