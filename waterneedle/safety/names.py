"""Names as people type them, led to the fact they mean: exactly, inside a phrase, or by a small distance.

A name that fits one fact is understood; one that fits several, or none, is not, and what was perhaps meant is offered.
Nothing is guessed where two facts are equally near.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from waterneedle import knowledge
from waterneedle.knowledge.naming import LONGEST_NAME, plain
from waterneedle.safety.denials import (
    DOUBT,
    DOUBT_OF_A_MEDICINE,
    affirmed,
    before_the_denial,
    left_open,
    named_by_a_lack,
    says_only_no,
    without_denials,
)
from waterneedle.safety.phrases import (
    CLAUSE,
    DENIALS,
    HANZI,
    HANZI_DENIAL,
    HANZI_NO,
    LONGEST_PHRASE,
    inside,
    inside_hanzi,
    is_denied,
    named_in,
)
from waterneedle.safety.relatives import is_of_another, own

MOST_OFFERED = 3
_NOTHING = frozenset(
    {
        "none",
        "no",
        "nil",
        "nka",
        "nkda",
        "no known allergies",
        "no known drug allergies",
        "none known",
        "no allergies",
        "no medications",
        "no medication",
        "no meds",
        "ninguna",
        "ninguno",
        "无",
        "没有",
    }
)
_IN_A_LIST = re.compile(r"[,;/+&\n，；、。]|[.–—](?=\s)|\s-\s|\b(?:and|plus|also|y|e|más|además)\b|[和及与跟]", re.IGNORECASE)
_RESPELLED = ("condition", "allergy", "medication")  # in which a word that is spelled otherwise is looked for inside a phrase
_LONGEST_RESPELLED = 14  # words that are looked at
_SHORTEST_RESPELLED = {"condition": 7, "allergy": 7, "medication": 6}  # letters
_SPELLED_AS_MEANT = frozenset("addition ambient contract creator operate perforation program programs spaces station".split())
_SIDES = {
    "left": "left",
    "l": "left",
    "lt": "left",
    "izquierdo": "left",
    "izquierda": "left",
    **dict.fromkeys("izq izqo izqa izqdo izqda izdo izda".split(), "left"),
    "左": "left",
    "左侧": "left",
    "right": "right",
    "r": "right",
    "rt": "right",
    "derecho": "right",
    "derecha": "right",
    **dict.fromkeys("der dcho dcha dch drcho drcha".split(), "right"),
    "右": "right",
    "右侧": "right",
    "b": "bilateral",
    "bl": "bilateral",
    "both": "bilateral",
    "bilateral": "bilateral",
    "双": "bilateral",
    "双侧": "bilateral",
    "midline": "midline",
}
_OTHER_SIDE = re.compile(r"contralateral|opposite|opuest[oa]|contrari[oa]|对侧|對側|健侧|健側|另一")  # of which one stays open
# Of the hand somebody writes with, of the radiotherapy ("RT") that came before: no side of what is wrong.
_OF_SOMETHING_ELSE = re.compile(
    r".*(?:\bhand(?:ed|er)\b|\bdominant|利手|惯用|撇子).*"
    r"|\b(?:after|post|and|plus|with|had|adjuvant|surgery|chemo\w*|\w+ectomy) rt\b")
_HALF_OF_THE_BODY = re.compile(r"\bsided?\b(?! of\b)|\b(?:lado|costado)\b(?! del?\b)")
_HANZI_LIMBS = {"arm": frozenset("臂手肩肘腕腋"), "leg": frozenset("腿足脚膝踝髋")}
_HANZI_BOTH = re.compile(r"[双雙](?=[\u4e00-\u9fff])|[两兩](?=[侧側边上下臂手腿])")
_CHANNELS = {  # other codes in use
    "he": "HT", "h": "HT", "p": "PC", "tw": "TE", "sj": "TE", "th": "TE", "ub": "BL", "liv": "LR", "lv": "LR", "ren": "CV",
    "rn": "CV", "du": "GV", "dm": "GV", "kd": "KI", "k": "KI", "g": "GB", "co": "LI", "gi": "LI", "ig": "SI", "b": "BL",
    "c": "HT", "l": "LU", "s": "ST", "f": "LR", "v": "BL",
}  # fmt: skip
_VERTEBRAE = {"c": 7, "t": 12, "l": 5, "s": 5}  # C7, L5 and S1 are not points
_DIGITS = re.compile(r"\d")
_DIAGNOSIS = re.compile(r"(?:icd ?10 ?(?:cm )?)?([a-z]\d[0-9a-z]) ?([0-9a-z]{0,4})")  # ICD-10-CM, with or without its dot
_ATC = re.compile(r"[a-z]\d\d[a-z]{2}\d\d")
_CHANNEL_WORDS = {
    "lung": "LU", "large intestine": "LI", "stomach": "ST", "spleen": "SP", "heart": "HT", "small intestine": "SI",
    "bladder": "BL", "urinary bladder": "BL", "kidney": "KI", "pericardium": "PC", "triple energizer": "TE",
    "triple warmer": "TE", "triple burner": "TE", "san jiao": "TE", "sanjiao": "TE", "gallbladder": "GB", "gall bladder": "GB",
    "liver": "LR", "conception vessel": "CV", "governing vessel": "GV", "governor vessel": "GV",
}  # fmt: skip
_WRITTEN_OUT = re.compile(rf"^({'|'.join(_CHANNEL_WORDS)})\s*0*(\d{{1,2}})$")
_CODE = re.compile(r"^(ex\s*-?\s*(?:hn|ca|b|ue|le)|[a-z]{1,3})\s*[-.]?\s*0*(\d{1,2})$")


class Meaning(NamedTuple):
    """What a name leads to. `ids` has several where a phrase names several things; none where it was not understood."""

    ids: tuple[str, ...]
    near: tuple[str, ...] = ()  # what was perhaps meant, in the words on file
    is_exact: bool = True  # False: the name was not on file and the nearest one was taken
    says_none: bool = False  # "no known allergies"


class Place(NamedTuple):
    """A point, trigger point or region that was named, and the side if one stood with the name."""

    id: str | None
    side: str | None = None
    near: tuple[str, ...] = ()
    is_exact: bool = True


@functools.lru_cache(maxsize=4096)
def point(name: str) -> Place:
    """The point that `name` means: `ST36`, `st-36`, `UB 60`, `Zusanli`, `足三里`, with or without a side."""
    words, side = _without_side(plain(name))
    code = _point_code(words)
    if code is not None:
        return Place(code, side)
    # A misspelled point is never guessed: many names differ by one letter, and the needle goes where the name says.
    meaning = _find(words.replace(" ", ""), knowledge.names("point"), whole=True)
    if len(meaning.ids) == 1 and meaning.is_exact:
        return Place(meaning.ids[0], side)
    return Place(None, side, meaning.ids or meaning.near or _near_codes(words))


@functools.lru_cache(maxsize=4096)
def muscle(name: str) -> Place:
    """The trigger point that `name` means, by muscle: `upper trapezius`, `uptrap`, `left QL`."""
    words, side = _without_side(plain(name))
    meaning = _find(words, knowledge.names("muscle"), whole=False)
    if len(meaning.ids) == 1 and meaning.is_exact:  # an abductor is one letter from an adductor
        return Place(meaning.ids[0], side)
    return Place(None, side, meaning.ids[:MOST_OFFERED] or meaning.near)


@functools.lru_cache(maxsize=4096)
def region(name: str) -> Place:
    """The region that `name` means; a point or muscle named as a region is placed where it lies."""
    if exact := knowledge.names("region").get(plain(name)):  # a side may be part of the name
        return Place(exact[0], _without_side(plain(name))[1])
    words, side = _without_side(plain(name))
    meaning = _find(words, knowledge.names("region"), whole=False)
    if side and not (meaning.ids and meaning.is_exact) and (held := inside_hanzi(plain(name), knowledge.names("region"))):
        return Place(held[0], side)  # 左臂: without its side too short for a name inside a phrase
    if meaning.ids:
        return Place(meaning.ids[0], side, is_exact=meaning.is_exact)
    return Place(None, side, meaning.near)


@functools.lru_cache(maxsize=4096)
def regions(text: str) -> tuple[str, ...]:
    """Every region that `text` names, denials aside: what is wrong "in hands and feet" is wrong in both.

    "The left side" alone is half of the body, no flank.

    >>> regions("neuropathy in hands and feet"), regions("numb right side"), regions("no feeling in the right leg")
    (('hand', 'foot'), (), ('leg',))
    """
    words = _HALF_OF_THE_BODY.sub(" ", " ".join(word for word in plain(text).split() if word not in DENIALS))
    words = " ".join((words if words.isascii() else HANZI_DENIAL.sub(" ", words)).split())
    known, one = knowledge.names("region"), region(words)
    whole = (one.id,) if one.id and one.is_exact else ()
    return tuple(dict.fromkeys((*inside(words.split(), known), *inside_hanzi(words, known), *whole)))


@functools.lru_cache(maxsize=4096)
def product(name: str) -> Meaning:
    """The product that `name` means; none where the name is only that of a substance."""
    return _find(plain(name), knowledge.names("product"), whole=True)


@functools.lru_cache(maxsize=4096)
def substance(name: str) -> Meaning:
    """The substances that `name` means: `lido`, `lidocaine 1%`, `vitamin B12`."""
    return _find(plain(name), knowledge.names("substance"), whole=False)


@functools.cache
def shown(place: str, language: str = "en") -> str:
    """A place by its id, as `language` names it: the code of a point, a muscle, a region; what is none of them as it stands."""
    known = knowledge.trigger_points().get(place) or knowledge.regions().get(place)
    return known.called(language) if known else place


@functools.cache
def shown_part(body_part: str, language: str = "en") -> str:
    """A part of the body as `language` names it: by its own region, else by those that lie in it."""
    own = knowledge.regions().get(body_part)
    if own or language == "en":
        return own.called(language) if own else body_part.replace("_", " ")
    lies_in = (one.called(language) for one in knowledge.regions().values() if one.body_part == body_part)
    return listed(lies_in, language) or body_part


def listed(values: Iterable[str], language: str) -> str:
    """Things of one kind in a sentence: head, neck; in Chinese 头、颈."""
    return ("、" if language == "zh-hans" else ", ").join(values)


@functools.lru_cache(maxsize=8192)
def concept(kind: str, name: str) -> Meaning:
    """The concepts of `kind` that `name` means: `Coumadin`, `warfarrin`, `blood thinner`, `I48.91`."""
    words = plain(name)
    if words in _NOTHING:
        return Meaning((), says_none=True)
    known = knowledge.names(kind)
    if len(none := known.get(words, ())) == 1 and none[0].startswith("none-"):
        return Meaning((), says_none=True)
    if is_of_another(name) and words not in known:
        meaning = concept(kind, said) if (said := own(name)) else Meaning(())
        near = named_in(without_denials(words), known)[:MOST_OFFERED]
        return meaning if meaning.ids or meaning.near else Meaning((), near=near)
    if kind in _RESPELLED and is_denied(name) and words not in known and says_only_no(kind, name):
        return Meaning(())
    meaning = _find(next((code for code in _codes(words) if code in known), words), known, whole=False)
    if meaning.ids or not is_denied(name):
        return meaning if meaning.ids or kind not in _RESPELLED else _respelled(kind, words) or meaning
    if held := named_by_a_lack(kind, words) or named_in(plain(affirmed(name)), known):
        return Meaning(held)
    near = named_in(before_the_denial(words), known)
    doubt = DOUBT_OF_A_MEDICINE if kind == "medication" else DOUBT
    if not near and doubt.search(words) and not says_only_no(kind, name):
        near = named_in(without_denials(words), known)
    return Meaning((), near=(near or left_open(kind, name))[:MOST_OFFERED])


@functools.lru_cache(maxsize=4096)
def pieces(text: str) -> tuple[str, ...]:
    """What somebody wrote one after the other in one line, as a list.

    >>> pieces("lisinopril 10 mg, eliqis and fish oil")
    ('lisinopril 10 mg', 'eliqis', 'fish oil')
    """
    return tuple(piece.strip() for piece in _IN_A_LIST.split(text[:LONGEST_NAME]) if plain(piece))


def unnamed(kind: str, text: str) -> str:
    """The words of `text` that name nothing of `kind`.

    >>> unnamed("condition", "AFib: apixaban 5 mg bid"), unnamed("condition", "heparin-induced thrombocytopenia")
    ('apixaban 5 mg bid', '')
    """
    known, words, rest = knowledge.names(kind), plain(text).split(), []
    while words:
        ends = range(min(len(words), LONGEST_PHRASE), 0, -1)
        end = next((end for end in ends if len(name := " ".join(words[:end])) > 2 and name in known), 0)
        rest += words[: 0 if end else 1]
        words = words[end or 1 :]
    return " ".join(rest)


def _codes(words: str) -> Iterator[str]:
    """A diagnosis code as it stands on file, then its category (`o24410`: `o24 410`, `o24`); for an ATC code its groups."""
    if _ATC.fullmatch(words):
        yield from (words[:length] for length in (7, 5, 4, 3))
    elif match := _DIAGNOSIS.fullmatch(words):
        yield f"{match[1]} {match[2]}"
        yield match[1]


@functools.lru_cache(maxsize=4096)
def side(text: str) -> str | None:
    """The side that stands anywhere in `text`; None where none does, or it is not clear of what: of an arm or of a leg.

    >>> side("linfedema del brazo izq."), side("右上肢淋巴水肿"), side("lymphoedema of the arm, left knee replaced")
    ('left', 'right', None)
    """
    clauses = [clause for one in CLAUSE.split(text[:LONGEST_NAME]) if (clause := _OF_SOMETHING_ELSE.sub("", plain(one)))]
    said = [(clause, _sides_in(clause)) for clause in clauses]
    found = {one for _, sides in said for one in sides}
    if found in ({"left"}, {"right"}) and _may_be_the_other(found, text, said):
        return None
    return found.pop() if len(found) == 1 else "bilateral" if found == {"left", "right"} else None


def _sides_in(clause: str) -> set[str]:
    found = {_SIDES[word] for word in clause.split() if len(word) > 1 and word in _SIDES}
    return found if clause.isascii() else found | _sides_in_hanzi(clause.replace(" ", ""))


def _sides_in_hanzi(words: str) -> set[str]:
    """The sides that stand at a part of the body: 左 alone is also in the names of medicines and in 左右, "about"."""
    if _HANZI_BOTH.search(words) or {"左", "右"} <= set(words):
        return {"bilateral"}
    return {_SIDES[match[1]] for match in _hanzi_at_a_part().finditer(words)}


@functools.cache
def _hanzi_at_a_part() -> re.Pattern[str]:
    named = (name for name in knowledge.names("region") if HANZI.match(name) and name[0] not in "左右双两")
    parts = [*named, "乳", "肢", "偏瘫", "半身", "身体", *(sign for signs in _HANZI_LIMBS.values() for sign in signs)]
    return re.compile(rf"([左右])(?:[侧側边]的?)?(?:{'|'.join(map(re.escape, parts))})")


def _may_be_the_other(found: set[str], text: str, said: list[tuple[str, set[str]]]) -> bool:
    """Whether the one side that was found may be that of something else than what a needle keeps away from."""
    other = "右" if found == {"left"} else "左"
    if _OTHER_SIDE.search(plain(text)) or any(other in clause for clause, _ in said):
        return True
    with_it = {limb for clause, sides in said if sides for limb in _limbs_in(clause)}
    without = ({*_limbs_in(clause)} for clause, sides in said if not sides)
    return bool(with_it) and any(limbs and limbs.isdisjoint(with_it) for limbs in without)


def _limbs_in(clause: str) -> Iterator[str]:
    known = knowledge.names("region")
    named = inside(clause.split(), known) or inside_hanzi(clause, known)
    parts = {part for one in named for part in knowledge.regions()[one].parts}
    return (limb for limb, signs in _HANZI_LIMBS.items() if parts & knowledge.regions()[limb].parts or signs & set(clause))


def words_of(text: str) -> tuple[str, ...]:
    return tuple(plain(text).split())


def _find(words: str, names: Mapping[str, tuple[str, ...]], *, whole: bool) -> Meaning:
    """Exactly; then the longest names inside the phrase; then by distance."""
    if not words:
        return Meaning(())
    if exact := names.get(words):
        return _one_or_near(exact)
    if not whole:
        held = inside(words.split(), names) or inside_hanzi(words, names)
        if held:
            return Meaning(held)
    return _by_distance(words, names)


def _one_or_near(ids: tuple[str, ...]) -> Meaning:
    return Meaning(ids) if len(ids) == 1 else Meaning((), near=ids[:MOST_OFFERED])


def respelled(kind: str, word: str) -> Meaning:
    """What one word of a phrase means that is spelled otherwise; a word that stands in any name on file is spelled as meant.

    >>> respelled("condition", "lymphadenopaty").ids, respelled("medication", "elliquis").ids
    ((), ('apixaban',))
    """
    is_a_name = word.isascii() and word.isalpha() and len(word) >= _SHORTEST_RESPELLED[kind]
    if not is_a_name or word in _SPELLED_AS_MEANT or word in _words_on_file():
        return Meaning(())
    meaning = _by_distance(word, knowledge.names(kind))
    return Meaning(()) if any(one.startswith("none-") for one in meaning.ids) else meaning


def _respelled(kind: str, words: str) -> Meaning | None:
    """What is meant inside a phrase of which nothing is on file: "lymphadema left arm", "elliquis 2.5"."""
    parts = words.split()
    found = [one for word in parts[:_LONGEST_RESPELLED] if len(parts) > 1 for one in respelled(kind, word).ids]
    return Meaning(tuple(dict.fromkeys(found)), is_exact=False) if found else None


@functools.cache
def _words_on_file() -> frozenset[str]:
    kinds = ("condition", "allergy", "medication", "symptom", "observation", "region", "muscle", "substance", "product")
    return frozenset(word for kind in kinds for name in knowledge.names(kind) for word in name.split())


def _by_distance(words: str, names: Mapping[str, tuple[str, ...]]) -> Meaning:
    # late: slow (rapidfuzz), and most names are on file
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    allowed = 0 if len(words) < 5 else 1 if len(words) < 12 else 2
    found = process.extract(words, names.keys(), scorer=OSA.distance, score_cutoff=max(allowed, 2), limit=12)
    # People get the first letter right, and what they deny is not led to what they would affirm. A digit is never guessed:
    # Z33.1 is pregnancy and Z39.1 breastfeeding, and a product code with another digit is another product. Nor is a letter that
    # stands alone, or a short word beside others: vitamin B is no vitamin C, and "HPV positive" is not HIV.
    denied, denied_in_hanzi = DENIALS.intersection(words.split()), HANZI_NO.findall(words)
    digits = _DIGITS.findall(words)
    letters = _short_words(words)
    nearest = [
        match
        for match in found
        if match[0][0] == words[0]
        and DENIALS.intersection(match[0].split()) == denied
        and HANZI_NO.findall(match[0]) == denied_in_hanzi
        and _DIGITS.findall(match[0]) == digits
        and _short_words(match[0]) == letters
    ]
    best = min((distance for _, distance, _ in nearest), default=None)
    meant = {ids for name, distance, _ in nearest if distance == best for ids in [names[name]]}
    if best is not None and best <= allowed and len(meant) == 1 and len(ids := next(iter(meant))) == 1:
        return Meaning(ids, is_exact=False)
    offered = [identity for name, _, _ in sorted(nearest, key=lambda match: match[1]) for identity in names[name]]
    return Meaning((), near=tuple(dict.fromkeys(offered))[:MOST_OFFERED])


def _short_words(words: str) -> list[str]:
    parts = words.split()
    longest = 3 if len(parts) > 1 else 1
    return [word for word in parts if len(word) <= longest and word.isalpha() and word.isascii()]


def _without_side(words: str) -> tuple[str, str | None]:
    parts = words.split()
    if len(parts) > 1 and parts[-1] in _SIDES:
        return " ".join(parts[:-1]), _SIDES[parts[-1]]
    if len(parts) > 1 and parts[0] in _SIDES and (len(parts[0]) > 2 or _point_code(" ".join(parts[1:]))):
        return " ".join(parts[1:]), _SIDES[parts[0]]
    if len(parts) == 1 and len(parts[0]) > 1 and (side := _SIDES.get(parts[0][0])) and not parts[0].isascii():
        return parts[0][1:], side
    return words, None


def _point_code(words: str) -> str | None:
    words = _WRITTEN_OUT.sub(lambda match: _CHANNEL_WORDS[match[1]].lower() + match[2], words)
    match = _CODE.match(words)
    if match is None:
        return None
    letters = match[1].replace(" ", "").replace("-", "")
    if int(match[2]) <= _VERTEBRAE.get(letters, 0):
        return None
    channel = (
        f"EX-{letters[2:].upper()}" if letters.startswith("ex") and len(letters) > 2 else _CHANNELS.get(letters, letters.upper())
    )
    code = f"{channel}{int(match[2])}"
    return code if code in knowledge.points() else None


def _near_codes(words: str) -> tuple[str, ...]:
    match = _CODE.match(words)
    if match is None:
        return ()
    channel = _CHANNELS.get(match[1], match[1].upper())
    return tuple(code for code in knowledge.points() if code.rstrip("0123456789") == channel)[-MOST_OFFERED:]
