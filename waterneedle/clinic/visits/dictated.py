"""A line as a device's dictation writes it, led to the words that are typed.

    hear("Stomach thirty-six, left, zero point five millilitres.")      ST36, and after it: left 0.5ml
    hear("左足三里零点五毫升皮下")                                          足三里, and after it: left 0.5ml 皮下

A dictation spells letters ("S T"), writes numbers and units out or not, begins with a capital, ends with a full stop, and says
"on the left side". All of that is led to what a person would have typed, in English, Spanish and Chinese; each word keeps its
place in the line, so that what is wrong is named as it stands there. What has one meaning alone is taken, and nothing else: a
word that is neither a word of the line nor one of the few that mean nothing stays, and is named as not understood. Where one
sound hides two amounts ("mil", half a millimetre, twelve millilitres) it is asked which.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from waterneedle import knowledge
from waterneedle.clinic.visits.places import SIDES, SIDES_ES, Found, Trouble, Word, find_place, is_name, kinds_of, words_of
from waterneedle.knowledge.naming import plain

# A millilitre and a millimetre sound alike: a depth written out below this and a volume above this are asked about.
DEPTH_FROM_MM, VOLUME_UP_TO_ML = Decimal(1), Decimal(5)

# "左，5" is not 0.5. What a Chinese keyboard writes full width is the same word: ０．５.
_EVENED = str.maketrans(
    {chr(wide): chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)} | dict.fromkeys("，。、；：！？()（）", " "))
_EN = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen"""
_EN_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ES = """cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete dieciocho
    diecinueve veinte veintiuno veintidos veintitres veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve"""
_ES_TENS = "treinta cuarenta cincuenta sesenta setenta ochenta noventa"
_SMALL = {word: number for words in (_EN, _ES) for number, word in enumerate(words.split())} | {"un": 1}
_TENS = {word: number * 10 for words, first in ((_EN_TENS, 2), (_ES_TENS, 3)) for number, word in enumerate(words.split(), first)}
_ZERO = ("oh", "o", "nought")  # of a decimal alone
_POINT = ("point", "dot", "punto", "coma", "点")
_HANZI_DIGITS = {character: number for number, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_HANZI_NUMBER = re.compile(
    r"(?:[一二三四五六七八九]?十[一二三四五六七八九]?|[零〇一二两三四五六七八九])(?:点[零〇一二三四五六七八九]+)?")
_LONGEST_NAME = 8  # of a place in hanzi
_FIGURE = re.compile(r"\d+(?:[.,]\d+)?|[.,]\d+")
# A decimal point that slipped: ". 5", "05", and "。5", which is what a Chinese keyboard makes of ".5".
_SLIPPED = re.compile(r"(?:(?:^|(?<=\s))[.,．]\s+|。\s*)$")
# "left. 5 ml" ends a sentence, or was "left point five". To a dictation in Spanish "punto" and "coma" are marks:
# http://www.elobservador.com.uy/escribir-la-voz-el-celular-y-la-pc-n752425 (an excerpt, 2026-11-29).
_STOPPED = {"en": re.compile(r"[.．]\s+$"), "es": re.compile(r"[.,．，]\s+$")}
_NOT_BELOW_ONE = ("mm", "g", "ga", "gauge", "deg", "degrees", "°", "grados")  # no point was lost before them
_WHOLE_AMOUNT = re.compile(r"(\d+)(ml|cc|mm)?", re.IGNORECASE)

_UNITS = {
    "ml": ("milliliter", "milliliters", "millilitre", "millilitres", "mililitro", "mililitros", "毫升"),
    "mm": ("millimeter", "millimeters", "millimetre", "millimetres", "milimetro", "milimetros", "毫米"),
    "deg": ("degree", "度"), "g": ("gauges",),
}  # fmt: skip
_ML_OR_MM = ("mil", "mils", "mill", "mills")
_HALF = (("half", "a"), ("half",), ("medio",), ("½",), ("半",))  # before a unit
_SAME = {
    ("needle", "only"): "needleonly", ("needles", "only"): "needleonly", ("dry", "needling"): "dry", ("dry", "needle"): "dry",
    ("solo", "aguja"): "aguja", ("sub", "q"): "subq", ("sub", "cutaneous"): "sc", ("intra", "muscular"): "im",
    ("intra", "dermal"): "id", ("subcutaneously",): "sc", ("intramuscularly",): "im", ("intradermally",): "id",
    ("subcutaneo",): "sc", ("subcutanea",): "sc", ("intradermico",): "id", ("intradermica",): "id", ("bilaterally",): "b",
    ("s", "c"): "sc", ("s", "q"): "sq", ("i", "m"): "im", ("i", "d"): "id", ("c", "c"): "cc", ("m", "m"): "mm", ("m", "l"): "ml",
}  # fmt: skip
# What says nothing that is not said beside it. The volume of a line is that of each puncture anyway.
_SAYS_NOTHING = tuple(tuple(one.split()) for one in (
    "to a depth of", "at a depth of", "with a depth of", "a depth of", "depth of", "depth", "deep", "on the", "at the", "on",
    "each side", "per side", "each", "a una profundidad de", "con una profundidad de", "profundidad de", "de profundidad",
    "profundidad", "a la", "al", "en el", "en la", "en", "del", "lado", "por la", "via", "cada lado", "cada uno", "深度", "深",
    "每侧", "各", "注射",
))  # fmt: skip
_BEFORE_A_PLACE = (("on", "the"), ("the",), ("en", "el"), ("en", "la"), ("el",), ("la",))
_CHANNELS = {
    "saint": "ST", "estomago": "ST", "intestino grueso": "LI", "intestino delgado": "SI", "bazo": "SP", "corazon": "HT",
    "pulmon": "LU", "vejiga": "BL", "rinon": "KI", "pericardio": "PC", "triple calentador": "TE", "vesicula biliar": "GB",
    "vesicula": "GB", "higado": "LR", "vaso gobernador": "GV", "vaso concepcion": "CV", "vaso de la concepcion": "CV",
}  # fmt: skip
_LETTERS_ES = {"e": "ST", "bp": "SP", "vb": "GB"}  # in English "E" is what becomes of T E, P or B: nobody guesses which
# Codes that say one channel in Spanish and another where English is written: P is pulmón or pericardium. The Spanish ones:
# https://especialidades.hlg.sld.cu/mnt/2020/10/25/meridianos-extraordinarios (read 2026-11-28), B for bazo besides its BP.
_TWO_CHANNELS = {"p": ("LU", "PC"), "ig": ("LI", "SI"), "h": ("LR", "HT"), "b": ("SP", "BL")}
_TWO_EVERYWHERE = ("ig",)  # no English code: whoever types it thinks in Spanish, or in French, where it is the other one
# The codes of that page that say nothing else where English is written.
_ES_CODES = {"e": "ST", "bp": "SP", "vb": "GB", "id": "SI", "r": "KI", "pe": "PC", "tf": "TE"}
_ES_CODE = re.compile(r"(e|bp|vb|id|r|pe|tf)0*(\d{1,2})", re.IGNORECASE)
_CODE = re.compile(r"(p|ig|h|b) ?0*(\d{1,2})")
_LETTERS = frozenset("lu li st sp ht si bl ub ki kd pc te sj gb lr lv gv du cv".split())
_DOTTED = re.compile(r"(?:[a-z]\.)+[a-z]")
_HYPHENED = re.compile(r"(?:[^\W\d_]+|\d+)(?:-[^\W\d_]+)+")
_PARTS = frozenset("gauge g ml mm sub q needle only ah shi trigger point side".split()).union(_SMALL, _TENS, *_UNITS.values())


class Heard(NamedTuple):
    """The place of a line with the words after it, or why there is none; and what has two meanings. `words` are all of them."""

    found: Found | Trouble | None  # None: there is no word
    doubts: tuple[Trouble, ...]
    words: list[Word]


def hear(text: str, language: str = "en") -> Heard:
    """What `text` says, typed or dictated, by somebody whose pages are in `language`.

    >>> [one.text for one in hear("S T thirty-six both point five twelve millimetres").words]
    ['ST', '36', 'both', '.5', '12mm']
    """
    words = [part for word in words_of(text.translate(_EVENED)) for part in _parts(word)]
    while begin := next((len(one) for one in _BEFORE_A_PLACE if len(words) > len(one) and _begins(words, one)), 0):
        words = words[begin:]
    if not words:
        return Heard(None, (), [])
    found = _place(words, language)
    if isinstance(found, Trouble) and language == "es":
        words = [_of_spanish(one) for one in words]
        found = _place(words, language)
        if isinstance(found, Trouble) and len(words) > 1 and (side := SIDES_ES.get(words[0].text.casefold())):
            after = _place(words[1:], language)
            found = after._replace(rest=[words[0]._replace(text=side), *after.rest]) if isinstance(after, Found) else found
    code = _CODE.fullmatch(plain(found.word.text)) if isinstance(found, Found) else None
    if code and (language == "es" or code[1] in _TWO_EVERYWHERE):
        meant = [f"{channel}{int(code[2])}" for channel in _TWO_CHANNELS[code[1]]]
        if all(one in knowledge.points() for one in meant):
            found = Trouble("two_places", *found.word, near=tuple(meant))
    if isinstance(found, Trouble):
        return Heard(found, (), _spelled(words, language))
    rest, doubts = _measured(_numbers(_said(list(found.rest))))
    doubts += _slipped(rest, text, _STOPPED.get(language, _STOPPED["en"]))
    at = [one for one in words if one.start < found.word.end]
    return Heard(found._replace(rest=rest), tuple(doubts), [*_spelled(at, language), *rest])


def _place(words: list[Word], language: str) -> Found | Trouble:
    """The place by the words as they are, or by what they spell, whichever reaches further: 四白 and "leg three li" are names."""
    as_they_are, spelled = find_place(words), find_place(_spelled(words, language))
    if isinstance(spelled, Trouble):
        return spelled if isinstance(as_they_are, Trouble) and spelled.end > as_they_are.end else as_they_are
    if isinstance(as_they_are, Trouble) or spelled.word.end > as_they_are.word.end:
        return spelled
    return as_they_are


def _spelled(words: list[Word], language: str) -> list[Word]:
    return _called(_numbers(_lettered(words)), _CHANNELS | (_LETTERS_ES if language == "es" else {}))


def _of_spanish(word: Word) -> Word:
    """
    >>> _of_spanish(Word("E36", 0, 3)).text
    'ST36'
    """
    code = _ES_CODE.fullmatch(word.text)
    return word._replace(text=f"{_ES_CODES[code[1].casefold()]}{int(code[2])}") if code else word


# --- words


def _parts(word: Word) -> Iterator[Word]:
    """A word without the marks behind it, and in parts where it is several: "thirty-six", "S.T.", 零点五毫升皮下."""
    text = word.text.rstrip(",;.:")
    if not text:
        return
    word, lower = Word(text, word.start, word.start + len(text)), text.casefold()
    if _DOTTED.fullmatch(lower):
        yield word._replace(text=text.replace(".", ""))
    elif _HYPHENED.fullmatch(lower) and all(plain(part) in _PARTS or part.isdigit() for part in lower.split("-")):
        start = word.start
        for part in text.split("-"):
            yield Word(part, start, start + len(part))
            start += len(part) + 1
    elif text.isalpha() and not text.isascii() and len(ways := _hanzi(text)) == 1:
        start = word.start
        for part in ways[0]:
            yield Word(part, start, start + len(part))
            start += len(part)
    else:
        yield word


@functools.lru_cache(maxsize=500)
def _hanzi(text: str) -> tuple[tuple[str, ...], ...]:
    """Every way in which a run of hanzi is a line or a part of one; several, or none, where it stays whole."""
    return () if is_name(text) else (*_with_a_name(text), *_without_a_name(text))


def _with_a_name(text: str) -> Iterator[tuple[str, ...]]:
    """A side or none, a name, the longest there is, and known words after it: 三阴交 is no 三 before 阴交."""
    sides = [one for group in SIDES.values() for one in group if not one.isascii() and text.startswith(one)]
    for before in ("", *sides):
        left = text[len(before) :]
        longest = next((end for end in range(min(len(left), _LONGEST_NAME), 1, -1) if is_name(left[:end])), 0)
        if longest:
            yield from ((*([before] if before else []), left[:longest], *more) for more in _without_a_name(left[longest:]))


def _without_a_name(text: str) -> Iterator[tuple[str, ...]]:
    if not text:
        yield ()
        return
    number = _HANZI_NUMBER.match(text)
    if number and "点" in number[0] and text.startswith("十", number.end()):
        return  # 零点五十二: 0.5 and 12, or 0.52?
    known = {one for one in _hanzi_words() if text.startswith(one)} | ({number[0]} if number else set())
    if longest := max(known, key=len, default=""):
        yield from ((longest, *more) for more in _without_a_name(text[len(longest) :]))


@functools.cache
def _hanzi_words() -> frozenset[str]:
    # late: the line reads what is heard here
    from waterneedle.clinic.visits.line import ELSEWHERE, NEEDLE_ONLY, ROUTES

    groups = (*SIDES.values(), *ROUTES.values(), *ELSEWHERE.values(), NEEDLE_ONLY, *_UNITS.values(), *_HALF, *_SAYS_NOTHING)
    return frozenset(one for group in groups for one in group if not one.isascii() and one.isalpha())


def _lettered(words: list[Word]) -> list[Word]:
    """Letters of a channel that were said one by one, before their number; and T P."""
    marks = len(words) - len(kinds_of(words)[1]) if words else 0
    first = words[marks : marks + 2]
    if len(first) < 2 or not all(len(one.text) == 1 and one.text.isascii() for one in first):
        return words
    both = Word(first[0].text + first[1].text, first[0].start, first[1].end)
    follows = plain(words[marks + 2].text) if len(words) > marks + 2 else ""
    is_number = follows.isdigit() or follows in _SMALL or follows in _TENS
    if both.text.casefold() == "tp" or (both.text.casefold() in _LETTERS and is_number):
        return [*words[:marks], both, *words[marks + 2 :]]
    return words


def _called(words: list[Word], channels: dict[str, str]) -> list[Word]:
    """A channel in Spanish before its number, as its code; and "Saint", which is what becomes of ST."""
    for length in (4, 2, 1):
        code = channels.get(plain(" ".join(one.text for one in words[:length])))
        if code and len(words) > length and words[length].text.isdigit():
            return [Word(code, words[0].start, words[length - 1].end), *words[length:]]
    return words


def _said(words: list[Word]) -> list[Word]:
    """The words after a place, without those that say nothing, and several that are one as one."""
    left: list[Word] = []
    while words:
        if nothing := next((one for one in _SAYS_NOTHING if _begins(words, one)), None):
            words = words[len(nothing) :]
        elif same := next((one for one in _SAME if _begins(words, one)), None):
            left.append(Word(_SAME[same], words[0].start, words[len(same) - 1].end))
            words = words[len(same) :]
        else:
            left.append(words[0])
            words = words[1:]
    return left


def _begins(words: list[Word], with_: tuple[str, ...]) -> bool:
    return len(words) >= len(with_) and all(one in (plain(word.text), word.text) for word, one in zip(words, with_, strict=False))


# --- numbers and units


def _numbers(words: list[Word]) -> list[Word]:
    """Numbers in words as figures, a decimal as one: "thirty-six", "point five", "cero coma cinco", 零点五."""
    left: list[Word] = []
    at = 0
    while at < len(words):
        spoken = words[: next((end for end in range(at + 1, len(words)) if _is_apart(words[end - 1], words[end])), len(words))]
        whole, after = _whole(spoken, at)
        decimals, end = _decimals(spoken, after)
        if end > at:
            text = f"{'' if whole is None else whole}{f'.{decimals}' if decimals else ''}"
            left.append(Word(text, words[at].start, words[end - 1].end))
            at = end
        else:
            left.append(words[at])
            at += 1
    return left


def _is_apart(before: Word, word: Word) -> bool:
    """Whether there is more than one sign between them: "thirty, six" is no thirty-six."""
    return word.start - before.end > 1


def _whole(words: list[Word], at: int) -> tuple[str | None, int]:
    """The whole number at `at`, and where it ends; figures are one only before a "point"."""
    text = plain(words[at].text)
    follows = [plain(one.text) for one in words[at + 1 : at + 3]]
    if text in _TENS:
        joint = 1 + (follows[:1] == ["y"])
        more = _SMALL.get(follows[joint - 1], 0) if len(follows) >= joint else 0
        return (str(_TENS[text] + more), at + joint + 1) if 1 <= more <= 9 else (str(_TENS[text]), at + 1)
    if text in _SMALL:
        return str(_SMALL[text]), at + 1
    if follows and follows[0] in _POINT and (text.isdigit() or text in _ZERO):
        return ("0" if text in _ZERO else text), at + 1
    if _HANZI_NUMBER.fullmatch(words[at].text) and not is_name(words[at].text):
        return _of_hanzi(words[at].text), at + 1
    return None, at


def _decimals(words: list[Word], at: int) -> tuple[str, int]:
    """The figures after a "point" at `at`, one by one or as one number below a hundred; and where they end."""
    if len(words) <= at + 1 or plain(words[at].text) not in _POINT:
        return "", at
    end, figures = at + 1, ""
    while end < len(words):
        text = plain(words[end].text)
        if text in _ZERO:
            figures += "0"
        elif 0 <= _SMALL.get(text, -1) <= 9:
            figures += str(_SMALL[text])
        elif not figures and (text in _TENS or text in _SMALL):
            number, end = _whole(words, end)
            return str(number), end
        elif not figures and text.isdigit():
            return text, end + 1
        else:
            break
        end += 1
    return (figures, end) if figures else ("", at)


def _of_hanzi(text: str) -> str:
    """
    >>> [_of_hanzi(one) for one in ("零点五", "十二", "三十", "二十五", "一点零五")]
    ['0.5', '12', '30', '25', '1.05']
    """
    whole, _, decimals = text.partition("点")
    tens, is_ten, ones = whole.rpartition("十")
    number = "".join(str(_HANZI_DIGITS[one]) for one in (tens or "一", ones or "零") if is_ten) or _figures(whole)
    return f"{number}.{_figures(decimals)}" if decimals else number


def _figures(text: str) -> str:
    return "".join(str(_HANZI_DIGITS[one]) for one in text)


def _measured(words: list[Word]) -> tuple[list[Word], list[Trouble]]:
    """Figures with the unit that was written out after them; and those of which it is not sure which unit it was."""
    left: list[Word] = []
    doubts: list[Trouble] = []
    while words:
        half = next(
            (one for one in _HALF if _begins(words, one) and len(words) > len(one) and _unit_of_half(words[len(one)])), None)
        length = len(half) if half else 1
        figure = "0.5" if half else words[0].text
        unit = (_unit_of_half if half else _unit)(words[length]) if len(words) > length and _FIGURE.fullmatch(figure) else None
        if unit is None:
            left.append(words[0])
            words = words[1:]
            continue
        one = Word(f"{figure}{unit}", words[0].start, words[length].end)
        if _is_doubtful(Decimal(figure.replace(",", ".")), unit):
            doubts.append(Trouble("needs_unit", *one, near=(f"{figure}mL", f"{figure}mm")))
        else:
            left.append(one)
        words = words[length + 1 :]
    return left, doubts


def _slipped(words: list[Word], text: str, stopped: re.Pattern[str]) -> Iterator[Trouble]:
    """Whole amounts that may have lost their decimal point: a tenth, or all of it."""
    for word, after in itertools.zip_longest(words, words[1:]):
        amount, mark = _WHOLE_AMOUNT.fullmatch(word.text), _SLIPPED.search(text, 0, word.start)
        if amount and (amount[2] or (after.text if after else "")).casefold() not in _NOT_BELOW_ONE:
            mark = mark or stopped.search(text, 0, word.start)
        if amount and int(amount[1]) and (mark or (len(amount[1]) > 1 and amount[1][0] == "0")):
            digits, unit = amount[1], "mm" if (amount[2] or "").casefold() == "mm" else "mL"
            start = mark.start() if mark else word.start
            near = (f"0.{digits if mark else digits[1:]}{unit}", f"{int(digits)}{unit}")
            yield Trouble("point_slipped", text[start : word.end], start, word.end, near)


def _unit(word: Word) -> str | None:
    text = plain(word.text)
    return "mil" if text in _ML_OR_MM else next((unit for unit, said in _UNITS.items() if text in said), None)


def _unit_of_half(word: Word) -> str | None:
    text = plain(word.text)
    return {"ml": "ml", "cc": "ml", "mm": "mm"}.get(text) or _unit(word)


def _is_doubtful(amount: Decimal, unit: str) -> bool:
    return unit == "mil" or (unit == "mm" and amount < DEPTH_FROM_MM) or (unit == "ml" and amount > VOLUME_UP_TO_ML)
