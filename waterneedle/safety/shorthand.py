"""Shorthand that means something only as it is written: HIT in capitals, "due in May" as the whole of a line, "ruled out" behind
what was looked for."""

from __future__ import annotations

import functools
import re

from waterneedle.knowledge.naming import plain
from waterneedle.safety.phrases import CLAUSE

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
# What was excluded is not there: "PE ruled out by CT", "se descartó embarazo", 已排除血友病. Only where nothing else is said.
_EXCLUDED = re.compile(
    r"(?P<what>.*?) ?(?:(?:is|was|were|has been|have been|already|ya|fue|ha sido) )*(?:ruled out|excluded|descartad[oa]s?)"
    r"(?: (?:in|on|by|with|per|at|via|from|en|por|con|last|this|ago|year|month|week|today|er|ed|ct|cta|mri|us|cxr|echo|d dimer"
    rf"|ultrasound|imaging|labs?|bloods?|tests?|testing|doctor|md|hospital|prueba|analisis|{_MONTH}|\d+))*")
_EXCLUDED_FIRST = re.compile(
    r"(?:(?:er|ed|md|doctor|they|ya) )?(?:ruled out(?: for)?|se (?:ha )?descart(?:o|aron|ado)) (?P<what>.+)")
_EXCLUDED_IN_HANZI = re.compile("(?P<what>.*?)(?:已经?|被)(?:被|完全|明确)?排除了?(?P<behind>.*)")
_OF_EXCLUSION = re.compile("ruled out|excluded|descart|排除", re.IGNORECASE)
_CLAUSES = re.compile(f"({CLAUSE.pattern})")
_MAY_STILL_BE = re.compile(
    r"\b(?:no|not|never|without|sin|can|cannot|cant|could|be|until|yet|if|whether|unless|t|needs?|awaiting|pending|must|should"
    r"|but|except|only|hasta|falta|pendiente|si|salvo|solo)\b|[未不待尚没无]")


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
    return with_exclusions_denied(is_meant.sub("heparin-induced thrombocytopenia", condition))


def with_exclusions_denied(text: str) -> str:
    """`text` with what was excluded as a plain denial.

    >>> with_exclusions_denied("migraine, stroke was ruled out by MRI"), with_exclusions_denied("stroke not ruled out")
    ('migraine, stroke negative', 'stroke not ruled out')
    """
    if not _OF_EXCLUSION.search(text):
        return text
    return "".join(_denied(part) if place % 2 == 0 else part for place, part in enumerate(_CLAUSES.split(text)))


def _denied(clause: str) -> str:
    """`clause`, where it says that something was excluded, as a plain denial of that."""
    words = plain(clause)
    if "?" in clause or "？" in clause or _MAY_STILL_BE.search(words):
        return clause
    room = clause[: len(clause) - len(clause.lstrip())]
    if found := _EXCLUDED.fullmatch(words):
        return f"{room}{found['what']} negative"
    if found := _EXCLUDED_FIRST.fullmatch(words):
        return f"{room}no {found['what']}"
    if (found := _EXCLUDED_IN_HANZI.fullmatch(words)) and not (found["what"] and found["behind"]):
        return f"{room}{found['what']}阴性" if found["what"] else f"{room}无{found['behind']}"
    return clause
