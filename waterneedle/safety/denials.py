"""What somebody does not have, by a line about the patient: what a denial is of, and what stands all the same.

"COPD, not on oxygen" denies the oxygen, "HIV, test negative" the HIV. Where it is not clear what is denied, that is asked.
"""

from __future__ import annotations

import functools
import re

from waterneedle import knowledge
from waterneedle.knowledge.naming import LONGEST_NAME, plain
from waterneedle.safety.phrases import CLAUSE, DENIALS, HANZI, HANZI_DENIAL, LONGEST_HANZI, LONGEST_PHRASE, is_denied, named_in
from waterneedle.safety.relatives import own
from waterneedle.safety.shorthand import with_exclusions_denied

# "COPD, not on oxygen" denies the oxygen, "COPD, not confirmed" the COPD: after a comma these words are of what stands before.
_DENIED_ELSEWHERE = frozenset({"no", "not", "denies", "without", "never", "sin", "niega", "nunca", "无", "没有"})
_OF_WHAT_IS_BEFORE = frozenset(
    "any anymore confirmado confirmada confirmed current currently detected found longer more now present proven really since "
    "sure taking true used using yet".split()
)
# "Stopped yesterday" is no "none": what was taken may still act. Other words for it ("off", "held", "d/c") deny nothing here.
_STOPPED = re.compile(r"\b(?:stopped|no longer|not (?:taking|using|now|any ?more)|ya no)\b|不再")
_NO = re.compile(
    r"(?:(?:patient|pt|he|she|paciente) )?(?:no|denies|denied|never|without|sin|niega|nunca|(?P<weak>not))"
    r"(?: (?:any|on|taken|takes|use of|a|an|current|currently|hx of|h o|history of|known|had|has|been|toma|usa|antecedentes de"
    r"|(?:allerg(?:y|ies|ic)|reactions?|alergi(?:a|as)|alergic[oa]) (?:to|a)|l[ao]s?|el))* (?P<what>.+)"
)
_NO_HANZI = re.compile(r"(?:否认|没有|无|(?P<weak>[未不]))(?:服用|使用|吃|用|对)?(?P<what>.+?)(?:过敏)?史?")
_OF_AN_ALLERGY = re.compile(r"\b(?:all?erg|reaction|rxn)|过敏")
_NEGATIVE = re.compile(
    r"(?P<what>.+?)(?: (?:test|screen|prueba))?(?: (?:neg|negative|negativ[oa])(?: (?:test|result|today|in|hoy|en|\d+))*| ?阴性)")
_OR = re.compile(r"/|\b(?:or|nor|and|o|ni|y)\b|[或和、]", re.IGNORECASE)
_AS_FAR_AS_KNOWN = re.compile(
    r" (?:at (?:this time|present|the moment)|(?:that )?(?:she|he|pt|patient) (?:knows|is aware) of|en este momento"
    r"|por el momento)")
_DENIES = re.compile(r"\s*(?:(?:pt|patient|she|he|paciente)\s+)?(?:denies|denied|niega)\b|\s*否认", re.IGNORECASE)
_IN_A_DENIED_LIST = re.compile(r"[,，;；]|" + _OR.pattern, re.IGNORECASE)
# In a denied clause these words say that what is named may hold all the same: "not sure if pregnant", "no bleeding on Xarelto".
DOUBT = re.compile(
    r"\b(?:if|whether|sure|knows?|ruled? out|except|besides|other than|but|only|until|this|si|sabe|segur[oa]|salvo|excepto"
    r"|descart\w+)\b|确定|排除|是否|除"
)
DOUBT_OF_A_MEDICINE = re.compile(DOUBT.pattern + r"|\b(?:on|with|w|con)\b")
# Words around a name that leave a denial a denial of it: "no known history of asthma", "niega antecedentes de asma".
# With any other it may be something else that is denied: "no complications of pregnancy", "never recovered from pneumothorax".
_IN_FRONT = frozenset(
    """
    a an any the of or and nor is are was were be been being has had have having ever known prior previous past personal family
    history hx h o hist medical pmh significant sig sign signs s symptom symptoms sx evidence chance possibility suspicion way
    kind type sort form diagnosed diagnosis dx dxd with tested test screened for implanted cardiac childhood underlying
    documented reported pt patient she he current currently recent recently active acute today now
    poss risk cp sob doe ha n v f c
    liver lung heart kidney thyroid blood immune autoimmune metal implants open wounds cuts lesions rash easy bruising
    antecedente antecedentes historia de del la el los las un una ningun ninguna ningunos ningunas tiene tuvo ha tenido tener
    padece padecido presenta refiere conocido conocida conocidos conocidas personal personales familiar familiares previo previos
    previa previas signo signos sintomas datos evidencia diagnostico diagnosticado diagnosticada portador portadora usa lleva esta
    estoy estar es ser hay posibilidad actual actuales activa activo aguda agudo y o ni
    """.split())
_BEHIND = _IN_FRONT - {"with", "for", "symptom", "symptoms", "sx", "signs", "sign", "evidence", "easy"} | frozenset(
    """
    at all this present time moment either both in on left right that knows aware to my her his knowledge noted found seen exam
    imaging us ultrasound cxr mri ct per disease disorder dz d side sided other device devices implant implants tests testing
    hoy ahora actualmente en este momento por ambos ambas lado conocimiento enfermedad enfermedades al otro otros prueba pruebas
    """.split())
_HELD_IN = re.compile(
    r"\b(?:in|with|w|on|to|from|con|en|por) (?:(?:the|a|an|her|his|this|my|la|el|un|una|su|este) )*§|§ (?:of|del?|for|para) .*§")
_FOR_THIS_REASON = re.compile(r" (?:due to|because|2 2|d t|given|secondary to|por riesgo|debido)\b.*")
_OF_NOW = frozenset("current currently recent recently active acute actual actuales activa activo aguda agudo".split())
_PASSING = frozenset({"infection_systemic", "skin_infection", "pregnancy", "possible_pregnancy", "breastfeeding"})
_HANZI_AROUND = re.compile(
    r"既往|目前|现在|今天|今日|当前|近期|近日|最近|明显|任何|有关|相关|患者|病人|本人|家族|个人|病史|迹象|表现|征象|体征|安装|植入|装有"
    r"|心脏|疾病|疾患|患有|慢性|急性|症状|倾向|外伤|输血|其他|[史病有过患曾的了和或及与等装置现近均也]")
# Behind these words a clause denies what stands before it: "HIV, test negative", "apixaban, stopped last week".
_OF_A_TEST = frozenset(
    "test tested tests result results is was for repeat repeated prueba resultado neg negative negativo negativa".split())
_WHEN = frozenset(
    "a about after ago all before by for in it last now on since taking them this today two yesterday "
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september "
    "october november december jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_OR_AT_THE_END = re.compile(r"[,，](?=.*\b(?:or|nor|o|ni)\b[^,，]*$)|" + _OR.pattern, re.IGNORECASE)
_HANZI_DENIED_ELSEWHERE = re.compile(r"(?:无|没有?|未)[\u4e00-\u9fff]{2,}")


def affirmed(text: str) -> str:
    """The clauses of `text` in which nothing is denied, by themselves or by the next one; all of it where nothing is.

    >>> affirmed("lymphoedema of the left arm, no sleeve today")
    'lymphoedema of the left arm'
    >>> affirmed("apixaban, stopped yesterday")
    ''
    """
    if not is_denied(text):
        return text
    clauses = [clause.strip() for clause in CLAUSE.split(text) if plain(clause)]
    following = [*map(_denies_what_is_before, clauses[1:]), False]
    return ", ".join(
        clause for clause, is_taken_back in zip(clauses, following, strict=True) if not is_denied(clause) and not is_taken_back)


@functools.lru_cache(maxsize=4096)
def stopped_medicines(text: str) -> tuple[str, ...]:
    """The medicines that are said to be taken no longer.

    >>> stopped_medicines("AFib, Eliquis stopped yesterday"), stopped_medicines("apixaban, stopped yesterday")
    (('apixaban',), ('apixaban',))
    >>> stopped_medicines("no Eliquis"), stopped_medicines("husband stopped Eliquis")
    ((), ())
    """
    found: list[str] = []
    before = ""
    known = knowledge.names("medication")
    for clause in CLAUSE.split(own(text)[:LONGEST_NAME]) if is_denied(text) else ():
        words = plain(clause)
        if _STOPPED.search(words):
            found += named_in(without_denials(words), known) or named_in(before, known)
        before = words
    return tuple(dict.fromkeys(found))


@functools.lru_cache(maxsize=4096)
def says_only_no(kind: str, text: str) -> bool:
    """Whether `text` denies what is on file, and says nothing else: "no blood thinners", "HIV neg", "niega anticoagulantes".

    "Not on warfarin" may mean that it was stopped: of a single medicine only "no" and "never" are taken for that.

    >>> [says_only_no("medication", one) for one in ("not on anticoagulants", "not on warfarin", "no warfarin since Friday")]
    [True, False, False]
    >>> says_only_no("condition", "no asthma, COPD or seizures"), says_only_no("condition", "no asthma, COPD")
    (True, False)

    Who "denies" several symptoms denies each; of illnesses the second may be one that is there ("denies asthma, pregnant").

    >>> says_only_no("symptom", "denies chest pain, fainting"), says_only_no("symptom", "no fever, chest pain")
    (True, False)
    """
    text = with_exclusions_denied(text) if kind in ("condition", "symptom") else text
    between = _IN_A_DENIED_LIST if kind == "symptom" and _DENIES.match(text) else _OR_AT_THE_END
    first, *more = [words for part in between.split(text[:LONGEST_NAME]) if (words := plain(part))] or [""]
    first = _AS_FAR_AS_KNOWN.sub("", first) if kind != "medication" else first
    match = _NO.fullmatch(first) or _NO_HANZI.fullmatch(first) or (None if more else _NEGATIVE.fullmatch(first))
    if match is None:
        return False
    if kind == "allergy" and not _OF_AN_ALLERGY.search(first):
        return False  # "no B12" among the allergies asks for none to be given
    is_weak = kind == "medication" and match.groupdict().get("weak") is not None
    known = knowledge.names(kind)
    ids = [known.get(one, ()) for one in (match["what"], *more)]
    return all(ids) and not (is_weak and any(one not in _kinds() for found in ids for one in found))


@functools.lru_cache(maxsize=4096)
def left_open(kind: str, text: str) -> tuple[str, ...]:
    """What is named in a denied clause of `text` that need not be what is denied, where a rule asks for it.

    >>> left_open("condition", "no complications of pregnancy"), left_open("condition", "no known history of pregnancy")
    (('pregnancy',), ())
    """
    known, found = knowledge.names(kind), []
    for clause in CLAUSE.split(text[:LONGEST_NAME]):
        words = _FOR_THIS_REASON.sub("", plain(clause))
        if not is_denied(words):
            continue
        named = [one for one in named_in(without_denials(words), known) if knowledge.vocabulary()[one].classes]
        if named and not says_only_no(kind, clause) and _may_deny_something_else(words, named):
            found += named
    return tuple(dict.fromkeys(found))


def _may_deny_something_else(words: str, named: list[str]) -> bool:
    classes = {cls for one in named for cls in knowledge.vocabulary()[one].classes}
    if not words.isascii() and HANZI.search(words):
        return bool(HANZI.search(_HANZI_AROUND.sub("", _without_names_in_hanzi(without_denials(words)))))
    said = _marked(" ".join(word for word in words.split() if word not in DENIALS))
    if _OF_AN_ALLERGY.search(words):
        return False  # that is read among the allergies
    if "§" not in said or _HELD_IN.search(said):
        return True
    front, *behind = (part.split() for part in said.split("§"))
    if not classes <= _PASSING and not _OF_NOW.isdisjoint(said.split()):
        return True  # "no recent seizures"
    return not _IN_FRONT.issuperset(front) or any(not _BEHIND.issuperset(part) for part in behind)


def _marked(words: str) -> str:
    """`words` with § for each name of an illness, a symptom or a medicine, and without parts of the body."""
    said, marked = words.split(), []
    while said:
        ends = range(min(len(said), LONGEST_PHRASE), 0, -1)
        end, mark = next(((end, mark) for end in ends if (mark := _mark(" ".join(said[:end]))) is not None), (1, said[0]))
        marked += [mark] if mark else []
        said = said[end:]
    return " ".join(marked)


def _mark(name: str) -> str | None:
    if len(name) < 3:
        return None
    if any(name in knowledge.names(kind) for kind in ("condition", "medication")):
        return "§"
    if name in knowledge.names("symptom") and " in " not in name:
        return "§"
    return "" if name in knowledge.names("region") else None


def _without_names_in_hanzi(words: str) -> str:
    kinds = [knowledge.names(kind) for kind in ("condition", "symptom", "medication", "region")]
    rest, start = [], 0
    while start < len(words):
        ends = range(min(len(words), start + LONGEST_HANZI), start + 1, -1)
        end = next((end for end in ends if any(words[start:end] in known for known in kinds)), None)
        rest += [] if end else [words[start]]
        start = end or start + 1
    return "".join(rest)


@functools.cache
def _kinds() -> frozenset[str]:
    """The concepts that others are a kind of: "anticoagulant", "steroids"."""
    return frozenset(cls for one in knowledge.vocabulary().values() for cls in one.classes if cls != one.id)


def _denies_what_is_before(clause: str) -> bool:
    words = plain(clause).split()
    if not is_denied(clause):
        return False
    if _STOPPED.search(plain(clause)) and named_in(without_denials(plain(clause)), knowledge.names("medication")):
        return False  # "AFib, Eliquis stopped yesterday": the AFib stands
    if not {"neg", "negative", "negativo", "negativa"}.isdisjoint(words) and not _OF_A_TEST.issuperset(words):
        return False  # "pregnant, Rh neg"
    if words[0] == "stopped" and len(words) > 1 and words[1] not in _WHEN and not words[1].isdigit():
        return False  # "COPD, stopped smoking"
    if not plain(clause).isascii() and _HANZI_DENIED_ELSEWHERE.match(plain(clause)):
        return False
    is_elsewhere = len(words) > 1 and words[0] in _DENIED_ELSEWHERE and not _OF_WHAT_IS_BEFORE.intersection(words)
    return not is_elsewhere or bool((DENIALS - _DENIED_ELSEWHERE).intersection(words))


def before_the_denial(words: str) -> str:
    if not words.isascii() and (denial := HANZI_DENIAL.search(words)):
        words = words[: denial.start()]
    said = words.split()
    return " ".join(said[: next((at for at, word in enumerate(said) if word in DENIALS), len(said))])


def without_denials(words: str) -> str:
    said = " ".join(word for word in words.split() if word not in DENIALS)
    return said if said.isascii() else " ".join(HANZI_DENIAL.sub(" ", said).split())


def named_by_a_lack(kind: str, words: str) -> tuple[str, ...]:
    """What is said with a "no" that is part of its name and denies nothing: "no feeling in", "no needles", 不能抽血."""
    found: list[str] = []
    for name, identity in _names_with_a_no(kind):
        before, is_there, _ = (f" {words} ".partition(f" {name} ") if name.isascii() else words.partition(name))
        if is_there and not is_denied(before) and identity not in found:
            found.append(identity)
    return tuple(found)


@functools.cache
def _names_with_a_no(kind: str) -> tuple[tuple[str, str], ...]:
    """Each name of more than one word (or two hanzi) in which something is denied, with its concept; "no medicines" is none."""
    known = ((name, ids[0]) for name, ids in knowledge.names(kind).items() if len(ids) == 1 and not ids[0].startswith("none-"))
    return tuple((name, one) for name, one in known if is_denied(name) and (" " in name or len(HANZI.findall(name)) > 2))
