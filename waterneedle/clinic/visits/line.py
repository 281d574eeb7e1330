"""The typed line: one injection in a few words, read to a record, and a record written as such a line.

    st36 b .5 12mm      tp uptrap r .2 sc      ashi knee l .3      li11 r .3 im 10mm 30g 13mm 45deg      gb20 b needle

The place comes first: a point by code or name, a muscle (after `tp` where its name is also that of a region), a region (after
`ashi`). Then, in any order: the side, how much, the route, how deep, the needle (its length after its gauge), the angle. A number
without a unit is a volume in mL.

A dictation's way of writing all this is led to the same words first (`dictated.py`).

Nothing is guessed: a word that could mean two things, or nothing, is named with its place in the line and what may be meant. What
was not typed is None, above all the depth.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Literal, NamedTuple

import msgspec

from waterneedle.clinic.visits.dictated import hear
from waterneedle.clinic.visits.places import (
    SIDES,
    Found,
    Kind,
    Trouble,
    Word,
    among,
    plain_word,
    side_of,
    sides_of,
    written,
)
from waterneedle.safety import names

ROUTES = {
    "ID": ("id", "intradermal", "intradérmica", "皮内"),
    "SC": ("sc", "sq", "subq", "subcut", "subcutaneous", "subcutánea", "皮下"),
    "IM": ("im", "intramuscular", "肌内", "肌注"),
}
# Routes that no line plans: that the fluid went there is said in the row of the injection.
ELSEWHERE = {
    "IV": ("iv", "intravenous", "intravenosa", "静脉", "静注", "静脉注射"),
    "IA": ("ia", "intraarticular", "intra-articular", "关节内", "关节腔"),
    "other": ("other", "elsewhere", "otra", "其他", "其它"),
}
NEEDLE_ONLY = ("needle", "needleonly", "dry", "aguja", "针刺", "单针")
# Without a unit no more than this is taken for mL: 12 is far likelier a depth that lost its mm. A judgement of the authors.
BARE_VOLUME_MAX_ML = Decimal(5)
POINTS_WITH_A_LEVEL = ("EX-B2",)
_RANGES = {
    "volume_ml": (0, 60), "depth_mm": (0, 150), "depth_max_mm": (0, 150), "length_mm": (0, 150), "gauge": (14, 36),
    "angle_deg": (0, 90),
}  # fmt: skip
_PLACES = {"volume_ml": 3, "depth_mm": 1, "depth_max_mm": 1, "length_mm": 1}  # decimals that are kept
_MAY_BE_ZERO = ("angle_deg", "depth_mm")
_NUMBER = r"(\d+(?:[.,]\d+)?|[.,]\d+)"
_UNITS = frozenset("ml cc mm g ga gauge deg degrees ° grados".split())
_AFTER_A_SIDE = frozenset(("side", "sides", "lado", "lados"))
_WHOLE = re.compile(r"\d+")
_ONE_FIGURE = re.compile(r"\d(?:ml|cc|mm)")
_VOLUME = re.compile(rf"{_NUMBER}(?:ml|cc)?")
_DEPTH = re.compile(rf"{_NUMBER}(?:[-–]{_NUMBER})?mm")
_LENGTH = re.compile(rf"[x×]{_NUMBER}mm")
_GAUGE = re.compile(rf"(\d+)(?:g|ga|gauge)(?:[x×]{_NUMBER}mm)?")
_ANGLE = re.compile(r"(\d+)(?:deg|degrees|°|grados)")
# What is written on needles and syringes and is no measure of a line: 1/2", ½, 0.5in, 1.2 cm, 1 cun, 500 mcg.
_UNIT_OF_ANOTHER = (
    r"(?:\"|''|[”″]|in|inch|inches|pulgadas?|英寸|cm|centimet(?:er|re)s?|cent[ií]metros?|厘米|公分|cun|寸|[uµμ]l|[mµμ]?g|mcg|ug|微克|毫克|iu|ui)")
_OTHER_UNIT = re.compile(
    rf"(?:\d+/\d+|\d*[½¼¾]|{_NUMBER})?{_UNIT_OF_ANOTHER}|"
    r"(?:\d+/\d+|\d*[½¼¾])(?:ml|cc|mm)?")
_FIGURES = re.compile(rf"{_NUMBER}(?:[-–]{_NUMBER})?|\d+/\d+")
_LEVEL = re.compile(r"([ctls])(\d{1,2})")
_LEVELS = {"c": 7, "t": 12, "l": 5, "s": 5}
_LEVELS_OF_A_POINT = {"t": 12, "l": 5}  # EX-B2, beside T1 to L5 by the standard (knowledge/points/EX.csv)


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What one line says: where, on which side, and what was typed of the rest. `bilateral` is two injections."""

    kind: Kind
    place: str  # id of the fact
    side: Literal["left", "right", "midline", "bilateral"]
    level: str = ""  # of the spine, for a place that has many
    technique: Literal["injection", "needle_only"] = "injection"
    volume_ml: Decimal | None = None  # into each puncture
    route: Literal["ID", "SC", "IM"] | None = None
    depth_mm: Decimal | None = None
    depth_max_mm: Decimal | None = None
    gauge: int | None = None
    length_mm: Decimal | None = None
    angle_deg: int | None = None

    @property
    def sides(self) -> tuple[str, ...]:
        """The side of each puncture."""
        return ("left", "right") if self.side == "bilateral" else (self.side,)


class Read(NamedTuple):
    """Either a line, or everything that is wrong with it."""

    line: Line | None
    troubles: tuple[Trouble, ...] = ()


def read(text: str, language: str = "en") -> Read:
    """The line in `text`, or all its troubles. In Spanish some codes say another channel, and are asked about; "d" and "i"
    are its sides.

    >>> read("st36 b .5 12mm").line.sides
    ('left', 'right')
    >>> read("st36 .5").troubles
    (Trouble(wrong='no_side', word='st36', start=0, end=4, near=('l', 'r', 'b')),)
    """
    heard = hear(text, language)
    if heard.found is None:
        return Read(None, (Trouble("empty", "", 0, 0),))
    if isinstance(heard.found, Trouble):
        found = _as_it_stands(heard.found, text)
        return Read(None, (found._replace(wrong="place_first", near=()) if _is_no_place(found) else found,))
    reader = _Reader(heard.found, language)
    reader.read()
    troubles = tuple(_as_it_stands(one, text) for one in (*heard.doubts, *reader.troubles))
    return Read(None, troubles) if troubles else Read(Line(**reader.said))


def write(line: Line) -> str:
    """`line` as one types it; `read` gives the same back.

    >>> write(read("zusanli both sides 0.50 mL subcut").line)
    'ST36 b 0.5 mL SC'
    """
    parts = [written(line.kind, line.place), line.level, SIDES[line.side][0]]
    parts.append("needle" if line.technique == "needle_only" else "")
    parts.append("" if line.volume_ml is None else f"{_shortest(line.volume_ml)} mL")
    parts.append(line.route or "")
    if line.depth_mm is not None:
        parts.append(_shortest(line.depth_mm) + ("" if line.depth_max_mm is None else f"-{_shortest(line.depth_max_mm)}") + "mm")
    parts.append("" if line.gauge is None else f"{line.gauge}g")
    parts.append("" if line.length_mm is None else f"x{_shortest(line.length_mm)}mm")
    parts.append("" if line.angle_deg is None else f"{line.angle_deg}deg")
    return " ".join(part for part in parts if part)


class _Reader:
    """Reads what stands after the place, word by word, into `said`."""

    def __init__(self, found: Found, language: str) -> None:
        self.language = language
        self.kind, self.place, self.named, self.words = found
        self.said: dict[str, Any] = {"kind": self.kind, "place": self.place}
        self.troubles: list[Trouble] = []
        self._previous = ""
        self._previous_is_a_needle = False
        self.reads: tuple[Callable[[str, Word], bool], ...] = (
            self._as_side, self._as_route, self._as_technique, self._as_level, self._as_volume, self._as_depth, self._as_length,
            self._as_gauge, self._as_angle,
        )  # fmt: skip

    def read(self) -> None:
        for word in self._whole_words():
            text, previous = plain_word(word.text), self._previous
            if text in _AFTER_A_SIDE and side_of(previous, self.language):
                continue
            if text in ("x", "×", "by", "por") and _GAUGE.fullmatch(previous):
                continue
            if _DEPTH.fullmatch(text) and "-" not in text and _GAUGE.fullmatch(previous) and "length_mm" not in self.said:
                text = f"x{text}"  # the length of a needle stands after its gauge
            self._previous_is_a_needle = bool(_GAUGE.fullmatch(previous) or _LENGTH.fullmatch(previous))
            if not any(reads(text, word) for reads in self.reads):
                is_measure = _OTHER_UNIT.fullmatch(text)
                self.troubles.append(
                    Trouble("other_unit", *word) if is_measure else Trouble("unknown_word", *word, near=near_words(text)))
            self._previous = text
        self._check_whole()

    def _whole_words(self) -> Iterator[Word]:
        """The words, a figure together with the unit after it."""
        words = list(self.words)
        while words:
            word = words.pop(0)
            if words and _FIGURES.fullmatch(word.text) and _is_unit(words[0].text.casefold()):
                unit = words.pop(0)
                word = Word(word.text + unit.text, word.start, unit.end)
            yield word

    def _say(self, field: str, value: Any, word: Word) -> bool:
        if field in self.said:
            self.troubles.append(Trouble("twice", *word))
            return True
        low, high = _RANGES.get(field, (None, None))
        if low is not None and not (low <= value <= high and (value > 0 or field in _MAY_BE_ZERO)):
            self.troubles.append(Trouble("out_of_range", *word, near=(f"{low}–{high}",)))
        elif (places := _PLACES.get(field)) is not None and value != (kept := round(value, places)):
            self.troubles.append(Trouble("too_fine", *word, near=(_shortest(kept),)))
        self.said[field] = value
        return True

    def _as_side(self, text: str, word: Word) -> bool:
        side = side_of(text, self.language)
        if side is None:
            return False
        if side not in (allowed := sides_of(self.kind, self.place)):
            self.troubles.append(Trouble("wrong_side", *word, near=tuple(SIDES[one][0] for one in allowed)))
        return self._say("side", side, word)

    def _as_route(self, text: str, word: Word) -> bool:
        if among(ELSEWHERE, text) is not None:
            self.troubles.append(Trouble("elsewhere", *word))
            return True
        route = among(ROUTES, text)
        return route is not None and self._say("route", route, word)

    def _as_technique(self, text: str, word: Word) -> bool:
        # "30 gauge needle" says which needle it is, or that nothing is injected.
        if text == "needle" and self._previous_is_a_needle:
            self.troubles.append(Trouble("unknown_word", *word, near=("needleonly",)))
            return True
        return text in NEEDLE_ONLY and self._say("technique", "needle_only", word)

    def _as_level(self, text: str, word: Word) -> bool:
        match = _LEVEL.fullmatch(text) if self.kind != "point" or self.place in POINTS_WITH_A_LEVEL else None
        if match is None:
            return False
        spine = _LEVELS_OF_A_POINT if self.kind == "point" else _LEVELS
        if not 1 <= int(match[2]) <= spine.get(match[1], 0):
            near = tuple(f"{part.upper()}1–{part.upper()}{last}" for part, last in spine.items())
            self.troubles.append(Trouble("out_of_range", *word, near=near))
        return self._say("level", text.upper(), word)

    def _as_volume(self, text: str, word: Word) -> bool:
        match = _VOLUME.fullmatch(text)
        if match is None:
            return False
        volume_ml, is_bare = _decimal(match[1]), match[0] == match[1]
        # "st 3 6" is neither surely ST3 with 6 mL nor ST36; "st36 bl 2" may be another point.
        follows_the_code = word.start == next(iter(self.words)).start and self.named.text.split()[-1].isdigit()
        is_a_figure = follows_the_code or self._previous == "bl" or self._may_be_of_the_next(word)
        if is_bare and (volume_ml > BARE_VOLUME_MAX_ML or (is_a_figure and _WHOLE.fullmatch(text))):
            self.troubles.append(Trouble("needs_unit", *word, near=tuple(_with_a_unit(volume_ml, text))))
            return True
        if self._has_thousands(match[1]):
            self.troubles.append(Trouble("point_slipped", *word, near=(f"{_shortest(volume_ml)}mL",)))
            return True
        return self._say("volume_ml", volume_ml, word)

    def _may_be_of_the_next(self, word: Word) -> bool:
        """Whether it may be the first figure of the amount behind it: "one two millimetres" are 12 mm, or two amounts."""
        after = next((one for one in self._whole_words() if one.start >= word.end), None)
        if after is None or not _ONE_FIGURE.fullmatch(after.text.casefold()):
            return False
        return after.start == word.end or after.end - after.start > len(after.text)  # "1 2mm" was typed so

    def _has_thousands(self, figure: str) -> bool:
        """Whether "1,000" is one or a thousand: the mark of thousands is a comma, and where Spanish is written either."""
        marks = "[.,]" if self.language == "es" else ","
        return re.fullmatch(rf"[1-9]\d{{0,2}}{marks}\d{{3}}", figure) is not None

    def _as_depth(self, text: str, word: Word) -> bool:
        match = _DEPTH.fullmatch(text)
        if match is None:
            return False
        if match[2] is not None:
            if _decimal(match[2]) < _decimal(match[1]):
                self.troubles.append(Trouble("out_of_range", *word, near=(f"{match[2]}-{match[1]}mm",)))
            self._say("depth_max_mm", _decimal(match[2]), word)
        return self._say("depth_mm", _decimal(match[1]), word)

    def _as_length(self, text: str, word: Word) -> bool:
        match = _LENGTH.fullmatch(text)
        return match is not None and self._say("length_mm", _decimal(match[1]), word)

    def _as_gauge(self, text: str, word: Word) -> bool:
        match = _GAUGE.fullmatch(text)
        if match is None:
            return False
        if match[2] is not None:
            self._say("length_mm", _decimal(match[2]), word)
        return self._say("gauge", int(match[1]), word)

    def _as_angle(self, text: str, word: Word) -> bool:
        match = _ANGLE.fullmatch(text)
        return match is not None and self._say("angle_deg", int(match[1]), word)

    def _check_whole(self) -> None:
        allowed = sides_of(self.kind, self.place)
        if len(allowed) == 1:
            self.said.setdefault("side", allowed[0])
        elif "side" not in self.said:
            self.troubles.append(Trouble("no_side", *self.named, near=tuple(SIDES[one][0] for one in allowed)))
        if self.said.get("technique") == "needle_only" and not self.said.keys().isdisjoint(("volume_ml", "route")):
            self.troubles.append(Trouble("no_fluid", *self.named))


def _is_no_place(trouble: Trouble) -> bool:
    """Whether a measure or a route stands where the place comes."""
    text = plain_word(trouble.word)
    measures = (_VOLUME, _DEPTH, _GAUGE, _ANGLE, _OTHER_UNIT)
    return trouble.wrong == "unknown_place" and (
        among(ROUTES, text) is not None or any(one.fullmatch(text) for one in measures))


def _as_it_stands(trouble: Trouble, text: str) -> Trouble:
    """`trouble` with its word as the line has it, which may be "twelve mil"."""
    return trouble._replace(word=text[trouble.start : trouble.end])


def near_words(text: str) -> tuple[str, ...]:
    """Words that may stand after a place and begin as `text` does."""
    known = [word for group in (*SIDES.values(), *ROUTES.values(), NEEDLE_ONLY) for word in group]
    return tuple(word for word in known if len(word) > 1 and text and word.startswith(text[:2]))[: names.MOST_OFFERED]


def _is_unit(text: str) -> bool:
    return text in _UNITS or re.fullmatch(_UNIT_OF_ANOTHER, text) is not None


def _with_a_unit(amount: Decimal, text: str) -> Iterator[str]:
    """What a figure may have been, of what can be."""
    yield from (f"{text}{unit}" for unit, field in (("mL", "volume_ml"), ("mm", "depth_mm")) if amount <= _RANGES[field][1])


def _decimal(figure: str) -> Decimal:
    return Decimal(figure.replace(",", "."))


def _shortest(value: Decimal) -> str:
    return format(value.normalize(), "f") if value else "0"
