"""What is said of somebody else in a line about the patient: "FHx haemophilia", "husband takes Eliquis", 家族史."""

from __future__ import annotations

import functools
import re

from waterneedle.knowledge.naming import LONGEST_NAME, plain
from waterneedle.safety.phrases import CLAUSE


def _one_of(words: str) -> str:
    """An expression for one of `words`; in those of several words `_` stands for the space."""
    return f"(?:{'|'.join(words.split())})".replace("_", " ")


_KIN = _one_of(
    "mother father mom mum dad parents? brother sister sibling son daughter husband wife partner spouse aunt uncle cousin niece "
    "nephew grandmother grandfather grandma grandpa grandparent grandson granddaughter "
    "madre padre herman[oa] hij[oa] espos[oa] marido abuel[oa] ti[oa]")
_KIN_IN_HANZI = _one_of(
    "有?家族史? 父亲 母亲 爸爸 妈妈 丈夫 妻子 老公 老婆 儿子 女儿 哥哥 弟弟 姐姐 妹妹 祖父 祖母 爷爷 奶奶 外公 外婆")
_WHOSE = _one_of("her his my su mi pt_s patient_s")
_FAMILY_HISTORY = r"(?:fhx?|fam(?:ily)? (?:hx|h o|history)|antecedentes? familiar(?:es)?)"
_HAS = _one_of(
    r"has had with takes took uses used stopped quit is was on allergic diagnosed died_of "
    r"ha?emophili\w* hemofili\w* vwd von_willebrand\w* lhon leber\w* "
    r"alergic[oa] tiene tuvo con toma es padece murio_de")
_PREGNANT = _one_of("pregnant preg expecting gravid trying_to_conceive ttc embarazad[ao] encinta gestante")
_OF_THE_PAST = re.compile(r"\b(?:fhx?|fam\w*|history|hx|had|died|antecedentes|tuvo|murio)\b|家族|曾|史|以前")
_OF_ANOTHER = re.compile("|".join((
    rf"(?:(?:positive|pos|strong|known|maternal|paternal|{_WHOSE}) )*(?:{_FAMILY_HISTORY}\b|{_KIN}(?: s)? (?:also )?{_HAS}\b).*",
    rf"(?:{_WHOSE} )?(?:{_KIN}|pareja|novia|girlfriend|gf|fianc\w+)(?: s)?"
    rf" (?:currently |now |also |\d+ ?\w+ |is |esta )*{_PREGNANT}\b.*",
    rf".* (?:in|runs in|en) (?:the |her |his |my |la |su |mi )?(?:family|familia|{_KIN})",
    r"(?:我|他|她)?(?:太太|爱人|媳妇|女朋友|女友)(?:现在|目前|已经?|正|也)?(?:怀孕|有喜|妊娠|备孕|孕).*",
    rf"{_KIN_IN_HANZI}.*",
)))
_ORGAN = r"(?:kidneys?|livers?|lungs?|hearts?|pancreas|(?:bone )?marrow|stem cells|rinon|higado|pulmon|corazon|medula)"
# What somebody else has given, the patient has: "brother donated kidney to him", "kidney from her sister", 妹妹捐肾给他.
_A_GIFT = re.compile(
    rf"\b(?:donated|gave|giving|gives) (?:(?:a|her|his|one|part|of|piece) )*{_ORGAN}"
    rf" (?:to|for) (?:him|her|pt|patient|the patient|me)\b(?! {_KIN})"
    rf"|{_KIN} (?:donated|gave) (?:him|her|pt|patient|me) (?:a |an |her |his |one |part of )*{_ORGAN}"
    rf"|\b{_ORGAN} (?:was )?(?:donated |given )?(?:from|by) (?:a |an |his |her |my |the )?(?:living |deceased |unrelated )*"
    rf"(?:{_KIN}|donor|cadaver|friend)\b"
    rf"|\b(?:received|got|has|with) (?:a |his |her |my )?(?:{_KIN} s |donor |donated |transplanted ){_ORGAN}"
    rf"|\b(?:received|got|has|with) a new {_ORGAN}(?! [a-z])"
    rf"|\bdonor {_ORGAN}"
    rf"|\b(?:le|me) (?:dono|donaron|dio|dieron) (?:un |el |su |parte del? )*{_ORGAN}"
    rf"|\b{_ORGAN} (?:de su|donado por(?: su)?|de un|de) (?:{_KIN}|donante)"
    r"|捐[了献]?(?:一个|一颗)?(?:肾脏?|肝脏?|骨髓|干细胞|部分肝)给(?:他|她|患者|病人|本人|我)"
    r"|接受.{0,6}捐[赠献的].{0,2}(?:肾|肝|骨髓|干细胞)|给(?:他|她|患者|病人|我)捐.{0,3}(?:肾|肝|骨髓)|亲[属体](?:供)?[肾肝]"
    r"|换[了过]?(?:肾|肝|心)(?![功情理衣]|脏?瓣)")
# A relative who speaks for the patient, or gives what the patient takes: 妻子说他在吃华法林, "wife is giving him Eliquis".
_THE_PATIENT_TOO = re.compile(
    r"\S+ \S+ .*\b(?:pt|patient|paciente|self|both|too|also|ambos|tambien|me|she|he|i|him|says?|said|reports?|states?|dice"
    r"|refiere|phone|giv(?:es?|ing)|gave|told)\b.*|\S+ (?:is|was|takes|uses|on|with) .*\b(?:her|his)\b.*"
    r"|.*(?:说|诉|述|称|告|讲|觉得|怀疑|给|帮|喂|带来|陪|本人|患者|病人|自己|他|她|我|也|都|代).*")


@functools.lru_cache(maxsize=4096)
def is_of_another(text: str) -> bool:
    """Whether something in `text` is said of somebody else: "FHx haemophilia", "husband takes Eliquis", 家族史.

    >>> is_of_another("mother has LHON"), is_of_another("daughter says she takes warfarin"), is_of_another("mother of two")
    (True, False, False)
    """
    return any(_is_of_another(clause) for clause in CLAUSE.split(text[:LONGEST_NAME]))


def own(text: str) -> str:
    """The clauses of `text` that are said of the patient; all of it where none is of somebody else.

    >>> own("FHx haemophilia, on warfarin")
    'on warfarin'
    """
    if not is_of_another(text):
        return text
    clauses = (clause.strip() for clause in CLAUSE.split(text[:LONGEST_NAME]))
    return ", ".join(clause for clause in clauses if plain(clause) and not _is_of_another(clause))


@functools.lru_cache(maxsize=4096)
def has_given_an_organ(text: str) -> bool:
    """Whether `text` says that the patient has an organ of somebody else.

    >>> has_given_an_organ("brother donated kidney to him"), has_given_an_organ("donated kidney to her brother")
    (True, False)
    """
    return _A_GIFT.search(plain(text)) is not None


def speaks_of_the_past(text: str) -> bool:
    """Whether what is said of somebody else is of the past or of the family: "mother had preeclampsia"."""
    return _OF_THE_PAST.search(plain(text)) is not None


def _is_of_another(clause: str) -> bool:
    words = plain(clause)
    return _OF_ANOTHER.fullmatch(words) is not None and _THE_PATIENT_TOO.fullmatch(words) is None
