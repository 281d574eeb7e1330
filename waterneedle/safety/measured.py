"""What was measured, where it stands among the illnesses: "T 38.9", "plt 30k", "G3P2 32+4", as what it says of the patient.

A figure in its place, among the observations, is compared by the rules themselves; here it is only made sure that one is asked
about that stands in a line of words. Limits: the parameters of the rules that ask.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from waterneedle.safety.issues import parameter

_IS = (
    r"(?: ?[:=]| (?:is|was|of|at|now|today|this|am|pm|count|level|down|dropped|fell|low|to|up|last|de|en|a|es|hoy|esta|con))*"
    r" ?(?:[<>~≤]|under|below)? ?"
)
_NO_OTHER_UNIT = (
    r"(?![\d/]| ?(?:mg|mcg|ml|iu|units?|weeks?|wks?|yrs?|years?|y/?o|min|hrs?|hours?|mm|cm|kg|lbs?|days?|months?|anos?"
    r"|semanas?)\b)"
)
_TEMPERATURE = re.compile(
    rf"(?:\b(?:t|tmax|temp\w*|febril|fiebre|fever\w*|febrile)|tª|体温|发烧|发热|烧到|高烧|低烧){_IS}"
    rf"(?P<value>\d{{2,3}}(?:[.,]\d)?){_NO_OTHER_UNIT}"
    r"|(?<![\d.,])(?P<degrees>\d{2,3}(?:[.,]\d)?) ?(?:(?:°|º|deg\w*) ?[cf]\b|℃)"
    r"|(?<![\d.,])(?P<tenths>\d{2,3}[.,]\d) ?(?:°|º|deg|grados|度|[cf]\b)")
_PLATELETS = re.compile(
    rf"(?:\b(?:plt?s?|platelets?|plaquetas?|thrombocytes?)|血小板(?:计数)?){_IS}"
    rf"(?P<value>\d{{1,3}}(?:[.,]\d{{3}})+|\d+(?:[.,]\d+)?)(?![\d/]) ?(?P<unit>万)?")
_INR = re.compile(
    rf"(?:\b(?:pt/)?inr|国际标准化比值){_IS}(?:goal|target|range|meta|objetivo)?{_IS}(?P<value>\d{{1,2}}(?:[.,]\d+)?)(?![\d/])")
_POTASSIUM = re.compile(
    rf"(?:(?<!vit )(?<!vitamin )(?<!vitamina )\bk\+?|\bpotassium|\bpotasio|血?钾){_IS}(?P<value>\d[.,]\d{{1,2}})(?!\d| ?mg)")
_GESTATION = re.compile(
    r"\bg\d{1,2} ?p\d[\w-]*[ ,;:@]*(?:at |now |w/ ?)?\d{1,2} ?(?:w|\+ ?\d)"
    r"(?!.*(?:\bpp\b|postp|post p|deliver|birth|born|svd|section"
    r"|miscarr|\b[st]ab\b|loss|abort|s/p|ago))"
    r"|\bob (?:pt|patient),? \d{1,2} ?w|\bgesta \d.{0,8}\b\d{1,2} ?(?:sem|sdg)|\bemb(?:arazo)? (?:de )?\d{1,2} ?(?:sem|sdg|mes)"
    r"|\b\d{1,2}(?:[.,]\d)? ?sdg\b|孕 ?\d{1,2}(?:\+\d)? ?(?:周|个?月)"
    r"|\b(?:upt|hpt|b?hcg|preg(?:nancy)? test|prueba de embarazo) ?(?:was |is |came back )?\+"
    r"|(?<![\d+])\+ ?(?:upt|hpt|b?hcg|preg)\b")
# BF alone, or of years, may be a boyfriend.
_AT_THE_BREAST = re.compile(r"\bbf:? ?(?:x|for|a|her)? ?\d{1,2}[ -]?(?:m|mos?|mths?|months?|w|wks?|weeks?|d|days?)\b")
_LATE = re.compile(r"停经 ?\d+ ?[天周日]")
_CHEMOTHERAPY_OF_LATE = re.compile(
    r"\b(?:chemo\w*|quimio\w*)\D{0,20}\d{1,2} ?(?:d|days?|wks?|weeks?) ago"
    r"|\bquimio\w*.{0,12}\bhace \d{1,2} (?:d[ií]as?|semanas?)")
_TESTED_POSITIVE = re.compile(r"\b(?:covid|flu|strep|rsv) ?\+|(?<![\d+])\+ ?(?:covid|flu|strep|rsv)\b")
_HIGHEST_BODY_C, _LOWEST_BODY_F, _HIGHEST_BODY_F = 44.0, 86.0, 111.0  # what a body may have
_LEAST_PER_MICROLITRE = 1000.0
_A_FIGURE = re.compile(r"[\d+]")  # without one there is nothing to look for


@functools.lru_cache(maxsize=4096)
def conditions(text: str) -> tuple[str, ...]:
    """The conditions that figures in `text` say.

    >>> conditions("URI, T 38.9"), conditions("K 2.9"), conditions("T 36.8, K 4.2")
    (('infection_systemic',), ('hypokalaemia',), ())
    """
    return tuple(_conditions(text.casefold())) if _A_FIGURE.search(text) else ()


@functools.lru_cache(maxsize=4096)
def medications(text: str) -> tuple[str, ...]:
    """The medicines that figures in `text` speak of: an INR above that of the healthy is that of somebody whose blood is thinned.

    >>> medications("INR 2.4 last week"), medications("INR 1.0")
    (('anticoagulant',), ())
    """
    values = _values(_INR, text.casefold()) if _A_FIGURE.search(text) else ()
    return ("anticoagulant",) if any(value > parameter("anticoagulant", "normal_inr") for value in values) else ()


@functools.lru_cache(maxsize=4096)
def low_platelets(text: str) -> float | None:
    """The lowest count of platelets in `text`, in 10*9/L, that is low; None where none is: one that was good may be old.

    >>> low_platelets("ITP, plt 30k"), low_platelets("血小板 3万"), low_platelets("plt 240")
    (30.0, 30.0, None)
    """
    counts = _platelets(text.casefold()) if _A_FIGURE.search(text) else ()
    return min((count for count in counts if count < parameter("platelets", "low")), default=None)


def _conditions(text: str) -> Iterator[str]:
    if any(parameter("infection", "fever_c") <= value <= _HIGHEST_BODY_C for value in map(_celsius, _values(_TEMPERATURE, text))):
        yield "infection_systemic"
    if _TESTED_POSITIVE.search(text):
        yield "infection_systemic"
    if _CHEMOTHERAPY_OF_LATE.search(text):
        yield "chemotherapy-treatment"
    if _GESTATION.search(text):
        yield "pregnancy"
    elif _LATE.search(text):
        yield "possible_pregnancy"
    if _AT_THE_BREAST.search(text):
        yield "breastfeeding"
    if any(value < parameter("potassium", "lowest") for value in _values(_POTASSIUM, text)):
        yield "hypokalaemia"


def _values(pattern: re.Pattern[str], text: str) -> Iterator[float]:
    for match in pattern.finditer(text):
        found = next(value for name, value in match.groupdict().items() if value)
        yield float(found.replace(",", "."))


def _celsius(value: float) -> float:
    return (value - 32) / 1.8 if _LOWEST_BODY_F <= value <= _HIGHEST_BODY_F else value


def _platelets(text: str) -> Iterator[float]:
    """Counts in 10*9/L, however they are written: 30, 30k, 30,000, 30.000, 3万."""
    for match in _PLATELETS.finditer(text):
        count = float(re.sub(r"[.,](?=\d{3}(?!\d))", "", match["value"]).replace(",", "."))
        yield count * 10 if match["unit"] else count / 1000 if count >= _LEAST_PER_MICROLITRE else count
