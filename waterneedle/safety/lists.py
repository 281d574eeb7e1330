"""What stands in a list written in one line, beside what was read of it: nothing that was given is dropped.

"Lisinopril, eliqis" names one medicine as it is on file and one that is spelled otherwise; "metformin, apixaban stopped
yesterday" one that is taken and one whose denial is asked about.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import NamedTuple

from waterneedle import knowledge
from waterneedle.safety import names, phrases, relatives
from waterneedle.safety.syringe import allergy_words


class Beside(NamedTuple):
    """One piece of a list that was not read with the rest."""

    text: str
    meaning: names.Meaning  # `ids`: what it means by itself; else `near`, what was perhaps meant


@functools.lru_cache(maxsize=4096)
def beside(kind: str, text: str) -> tuple[Beside, ...]:
    """The pieces of `text` that stand beside what `names.concept` reads of all of it; none where that reads nothing.

    >>> [(one.text, one.meaning.ids) for one in beside("medication", "lisinopril, eliqis")]
    [('eliqis', ('apixaban',))]
    """
    read, parts = _ids(kind, text), names.pieces(text)
    if not read or len(knowledge.names(kind).get(names.plain(text), ())) == 1:
        return ()
    if len(parts) < 2:
        return tuple(_within(kind, parts[0], read)) if kind != "allergy" and parts and not phrases.is_denied(text) else ()
    meant = [(part, _ids(kind, part), names.concept(kind, part)) for part in parts]
    if not read <= {one for _, ids, _ in meant for one in ids}:  # a name with a comma or an "and" in it
        return ()
    found = (_found(kind, text, read, *one) for one in meant)
    return tuple(one for one in found if one is not None)


def _found(kind: str, text: str, read: frozenset[str], part: str, ids: frozenset[str], meaning: names.Meaning) -> Beside | None:
    if ids <= read and (ids or meaning.says_none):
        return None
    if phrases.is_denied(part) or relatives.is_of_another(part):
        return Beside(part, names.Meaning((), near=meaning.near)) if meaning.near else None
    if not ids:
        return Beside(part, names.Meaning((), near=meaning.near)) if _may_be_a_name(kind, part) else None
    if phrases.is_denied(text):  # taken back by what stands behind it, or not: that is asked
        return Beside(text, names.Meaning((), near=tuple(sorted(ids - read))))
    return Beside(part, meaning) if meaning.is_exact or kind == "condition" or _may_be_a_name(kind, part) else None


def _within(kind: str, part: str, read: frozenset[str]) -> Iterator[Beside]:
    """What is spelled otherwise beside what was read, nothing between them: "metformin warfrin", "thrombocytopena from chemo"."""
    words = names.words_of(part)
    for word in words if len(words) > 1 else ():
        meaning = names.respelled(kind, word) if len(word) > 5 and word not in _OF_USE else None
        if f"{word}s" in knowledge.names(kind):  # "iron supplement": a word for its kind
            continue
        if meaning is None or meaning.is_exact or not meaning.ids or read.issuperset(meaning.ids):
            continue
        if read <= _ids(kind, " ".join(one for one in words if one != word)):
            yield Beside(word, meaning)


def _ids(kind: str, text: str) -> frozenset[str]:
    ids = frozenset(names.concept(kind, text).ids)
    return ids | allergy_words(text) if kind == "allergy" else ids


def _may_be_a_name(kind: str, part: str) -> bool:
    """Whether a piece nobody understands could be a medicine or an allergen: not "twice daily", "for her heart", "hives"."""
    words = names.words_of(part)
    if kind == "condition" or not words or words[0] in _OF_ANOTHER or names.concept("symptom", part).ids:
        return False
    if not names.plain(part).isascii():
        return _HANZI_OF_USE.search(part) is None
    return any(len(word) > 3 and word.isalpha() and word not in _OF_USE for word in words)


_OF_ANOTHER = frozenset("for since because prescribed per by as from until if when para por desde cuando si hasta".split())
_OF_USE = frozenset(
    """
    daily twice once three four times time every week weekly month monthly year years days hours morning evening night nightly
    noon bedtime needed food meals meal with without tablet tablets tabs capsule capsules pill pills dose doses half quarter
    drops spray cream ointment inhaler patch injection injections oral mouth units extended release only some sometimes
    occasional occasionally rarely often usually regular regularly recently today yesterday tomorrow last this that
    new started since long term short ago about approximately maybe unknown none nothing else other others same
    left right both high medium strength mild moderate severe very bad reaction reactions allergic allergy allergies
    child childhood hives rash rashes itch itching itchy swelling swollen face throat tongue lips anaphylaxis anaphylactic shock
    upset stomach vomiting nausea breathing trouble difficulty wheeze wheezing sneezing runny nose watery eyes collapse fainted
    diario diaria diarias veces cada semana semanal noche manana tarde horas dias pastilla pastillas tableta tabletas capsula
    capsulas gotas crema comida comidas media dosis solo nada ninguno ninguna otro otra otros otras leve grave ronchas
    urticaria sarpullido picor hinchazon cara garganta anafilaxia nauseas vomitos reaccion
    """.split()
)
_HANZI_OF_USE = re.compile(
    r"[每次片粒]|毫克|早上|晚上|饭[前后]|睡前|一[天日]|需要时|皮疹|荨麻疹|红肿|呼吸|休克|严重|轻微|过敏$|反应"
    r"|^[^\u4e00-\u9fff]*[\u4e00-\u9fff][^\u4e00-\u9fff]*$")
