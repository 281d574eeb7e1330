"""What is said of somebody else in a line about the patient: "FHx haemophilia", "husband takes Eliquis", 家族史."""

from __future__ import annotations

import functools
import re

from waterneedle.knowledge.naming import LONGEST_NAME, plain
from waterneedle.safety.phrases import CLAUSE

_KIN = (
    r"(?:mother|father|mom|mum|dad|parents?|brother|sister|sibling|son|daughter|husband|wife|partner|spouse|aunt|uncle|cousin|niece"
    r"|nephew|grand(?:mother|father|ma|pa|parent|son|daughter)|madre|padre|herman[oa]|hij[oa]|espos[oa]|marido|abuel[oa]|ti[oa])"
)
_OF_ANOTHER = re.compile(
    r"(?:(?:positive|pos|strong|known|maternal|paternal|her|his|my|su|mi|pt s|patient s) )*"
    rf"(?:(?:fhx?|fam(?:ily)? (?:hx|h o|history)|antecedentes? familiar(?:es)?)\b|{_KIN}(?: s)? (?:also )?"
    r"(?:has|had|with|takes|took|uses|used|stopped|quit|is|was|on|allergic|diagnosed|died of"
    r"|alergic[oa]|tiene|tuvo|con|toma|es|padece|murio de)\b).*"
    rf"|.* (?:in|runs in|en) (?:the |her |his |my |la |su |mi )?(?:family|familia|{_KIN})"
    r"|(?:有?家族史?|父亲|母亲|爸爸|妈妈|丈夫|妻子|老公|老婆|儿子|女儿|哥哥|弟弟|姐姐|妹妹|祖父|祖母|爷爷|奶奶|外公|外婆).*"
)
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


def _is_of_another(clause: str) -> bool:
    words = plain(clause)
    return _OF_ANOTHER.fullmatch(words) is not None and _THE_PATIENT_TOO.fullmatch(words) is None
