"""Shorthand that means something only as it is written: HIT in capitals, "due in May" as the whole of a line."""

from __future__ import annotations

import functools
import re

from waterneedle.knowledge.naming import plain

# HIT in capitals, but for exercise and for blows: "HIT training", and in a line of capitals "HIT CURB".
_HEPARIN_INDUCED = re.compile(
    r"\bHITT?S?\b(?!(?i:[\s-]*(?:training|work-?outs?|class\w*|cardio|program\w*|sessions?|gym|by|his|her|my|head|and run)\b))")
_AMONG_CAPITALS = re.compile(
    r"\bHITT?S?\b(?=\W*(?:$|\d|(?:TYPE|POS|ANTIBOD|SYND|PF4|DX|NEG|RULED|RESOLVED|DVT|PE|IN \d"
    r"|(?:FROM|ON|AFTER|WITH|W/|NO) ?HEP)))")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DUE = re.compile(
    r"(?:(?:pt|patient|she)(?: s| is)? )?(?:baby |twins )?(?:is )?due (?:(?:in|on|around|about|by|early|late|mid|end of|this|next"
    rf"|the) )*(?:{_MONTH}|\d{{1,2}} \d{{1,2}}|\d{{1,2}} (?:wks?|weeks?|mos?|months?|days?)|any (?:day|time|minute))"
    r"(?: (?:\d{1,4}(?:st|nd|rd|th)?|now|w|with|girl|boy|twins|baby|#?\d))*")


@functools.lru_cache(maxsize=4096)
def written_out(condition: str) -> str:
    """`condition` with its shorthand in words.

    >>> written_out("h/o HIT 2019"), written_out("HIT CURB"), written_out("hit his head")
    ('h/o heparin-induced thrombocytopenia 2019', 'HIT CURB', 'hit his head')
    >>> written_out("due in May"), written_out("colonoscopy due in May")
    ('due date: due in May', 'colonoscopy due in May')
    """
    if _DUE.fullmatch(plain(condition)):
        return f"due date: {condition}"
    is_meant = _AMONG_CAPITALS if condition.isupper() else _HEPARIN_INDUCED
    return is_meant.sub("heparin-induced thrombocytopenia", condition)
