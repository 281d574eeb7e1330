"""What names a phrase holds, of those on file, and whether something in it is denied.

A denied phrase names nothing: what its denial is of is asked in `denials`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from waterneedle.knowledge.naming import plain

LONGEST_PHRASE = 8  # words of the longest name on file that is looked for inside a phrase
LONGEST_HANZI = 12
DENIALS = frozenset(
    "no not denies denied without never negative neg stopped sin niega nunca negativo negativa 无 没有".split())
HANZI = re.compile(r"[\u4e00-\u9fff]")
# What is bad, scarce or goes on is not denied: 免疫力不足, 高烧不退, 肺炎未愈, 四肢无力. Nor is what only begins so: 非霍奇金.
_NOT_WELL = (
    "全(?![是都部])|足|良|佳|好|止|够|齐|便|遂|稳|畅|利|灵|振|正常|规[则律]|耐|清(?!楚)|适(?![合用宜应])|行(?!针)|愈|退(?!烧药)|消(?!炎)"
)
_NOT_OVER = "[愈痊治控好]|退(?!烧药)|消(?!炎)"
HANZI_DENIAL = re.compile(
    rf"无(?!力|脾)|没(?!痊|愈|好|退(?!烧药)|消(?!炎))|否认|不(?!{_NOT_WELL})|未(?!{_NOT_OVER})"
    "|非(?!霍奇金|小细胞|甾体|瓣膜|酒精|典型|结核)|阴性")
# A name with one of these is no misspelling of a name without it: 凝血功能正常, 凝血功能异常.
HANZI_NO = re.compile("[无没不未非好差佳高低多少正异]|否认|阴性")
CLAUSE = re.compile(r"[,;()\[\]\n，；、（）。]|[.–—](?=\s)|\s-\s")


@functools.lru_cache(maxsize=4096)
def is_denied(text: str) -> bool:
    """Whether something is denied in `text`: "no COPD", "COPD, not on oxygen"."""
    words = plain(text)
    return bool(DENIALS.intersection(words.split())) or (not words.isascii() and HANZI_DENIAL.search(words) is not None)


def named_in(words: str, known: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """What is named in words in which nothing is denied."""
    exact = known.get(words, ())
    return exact if len(exact) == 1 else inside(words.split(), known) or inside_hanzi(words, known)


def inside(words: list[str], names: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The facts named inside a phrase, longest names first, each word used once. A denied phrase names nothing."""
    if DENIALS.intersection(words):
        return ()
    found: list[str] = []
    start = 0
    while start < len(words):
        for end in range(min(len(words), start + LONGEST_PHRASE), start, -1):
            candidate = " ".join(words[start:end])
            ids = names.get(candidate, ())
            if len(ids) == 1 and len(candidate) > 2:
                found.extend(identity for identity in ids if identity not in found)
                start = end - 1
                break
        start += 1
    return tuple(found)


def inside_hanzi(words: str, names: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The facts named inside Chinese, which puts no space between words: `对利多卡因过敏`, `服用华法林`."""
    if words.isascii() or HANZI_DENIAL.search(words):
        return ()
    found: list[str] = []
    for run in words.split():
        start = 0
        while start < len(run):
            ends = range(min(len(run), start + LONGEST_HANZI), start + 1, -1)
            named = (end for end in ends if len(HANZI.findall(run[start:end])) > 1)
            end = next((end for end in named if len(names.get(run[start:end], ())) == 1), None)
            if end is not None:
                found += [identity for identity in names[run[start:end]] if identity not in found]
            start = end or start + 1
    return tuple(found)
