"""Symptoms in a patient's own words: which are said, which are denied, and what could not be read.

English, Spanish and Chinese. Text is cut into clauses; in a clause the names of the vocabulary and the patterns below are looked for.
A denial counts only where every word between it and the symptom, and every word after, is one that changes nothing
("no fever", "sin fiebre", "没有发烧"); in any other case the symptom counts as felt ("no fever until today", "never felt such pain").
A clause of words that are neither a symptom nor harmless is handed back as not understood.
"""
from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from waterneedle import knowledge

MILD = frozenset({"bruise", "soreness", "pain", "redness", "discoloration", "fatigue", "feeling_better"})
NEUTRAL = frozenset({"both_legs", "one_side", "large", "pregnant", "small_redness"})  # no symptom by themselves
_HARMLESS_ALONE = MILD | NEUTRAL
_LONGEST = 20_000  # characters that are read; the rest goes to a person
_WINDOW, _OVERLAP = 400, 80  # characters of one clause that are read together
_LONGEST_LIST = 12
_LONGEST_NAME = 9  # words
_LONGEST_HANZI = 12


class Phrase(NamedTuple):
    """One symptom that was felt, with what its clause says of it."""

    words: frozenset[str]  # ids and classes of the vocabulary, and the patterns' own
    text: str
    severity: int | None = None
    size_cm: float | None = None
    is_spreading: bool | None = None


class Words(NamedTuple):
    felt: tuple[Phrase, ...]
    denied: tuple[str, ...]
    not_understood: tuple[str, ...]


class _Span(NamedTuple):
    start: int
    end: int
    words: frozenset[str]


def read(text: str) -> Words:
    """What `text` says is felt, what it denies, and the clauses that could not be read."""
    felt: list[Phrase] = []
    denied: list[str] = []
    missed: list[str] = []
    text = _BLANKS.sub(" ", text)
    for sentence in _ENDS.split(_SCORE.sub(r"\1 out of 10", text[:_LONGEST].translate(_SIMPLIFIED))):
        unread_before = len(missed)
        for clause in (window for part in _clauses(sentence) for window in _windows(part)):
            found, no, unread = _read_clause(clause)
            felt += found
            denied += no
            if unread:
                missed.append(clause.strip())
        if len(missed) > unread_before and not _CUES.search(normal(sentence)):
            for window in _windows(sentence):  # what its clauses say only together: "my chest feels odd, and tight"
                felt += _read_clause(window)[0]
    if not any(one.isalnum() for one in text) and _HARMLESS_SIGNS.sub("", text):
        missed.append(text.strip())
    if len(text) > _LONGEST:
        missed.append(text[_LONGEST : _LONGEST + 200])
    return Words(tuple(felt), tuple(denied), tuple(missed))


def is_harmless(text: str) -> bool:
    """Whether `text` says something, and nothing of a symptom: thanks, "all good"."""
    words = read(text)
    return any(one.isalnum() for one in text) and not words.felt and not words.not_understood


def normal(text: str) -> str:
    """`text` in small letters without accents and punctuation; "can not" as `cant`; no space between hanzi."""
    decomposed = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text.casefold()))
    kept = "".join(one if one.isalnum() else " " for one in decomposed if not unicodedata.combining(one))
    kept = _AT_HANZI.sub(" ", " ".join(kept.split()))
    return _BETWEEN_HANZI.sub("", _NOT.sub(lambda match: _SHORT[match[0]], " ".join(kept.split())))


_APOSTROPHES = re.compile("['’‘`´ʼ]")
_HANZI = "\u3400-\u9fff"
_AT_HANZI = re.compile(rf"(?<=[{_HANZI}])(?=[a-z0-9])|(?<=[a-z0-9])(?=[{_HANZI}])")
_BETWEEN_HANZI = re.compile(rf"(?<=[{_HANZI}]) (?=[{_HANZI}])")
_SHORT = {
    "can not": "cant", "cannot": "cant", "could not": "cant", "couldnt": "cant", "do not": "dont", "does not": "doesnt", "did not": "didnt",
    "is not": "isnt", "are not": "arent", "was not": "wasnt", "were not": "werent", "have not": "havent", "has not": "hasnt",
    "had not": "hadnt", "will not": "wont",
}
_NOT = re.compile(rf"\b(?:{'|'.join(_SHORT)})\b")


# --- clauses ------------------------------------------------------------------------------------------------------------

_ENDS = re.compile(r"[\n\r;!?。！？；…]+|\.(?=\s|$)|\s[-–—]+\s")
_PARTS = re.compile(
    r"[:()\[\]/：（）]|\b(?:and|but|although|though|however|yet|because|then|also|plus|while|whereas|y|e|pero|aunque|porque|sino|además|luego)\b"
    r"|但是|但|可是|不过|只是|然而|而且|并且|还有|同时|后来|另外", re.IGNORECASE)
_HARMLESS_SIGNS = re.compile(r"[\s👍👌🙂😊😀🙏❤️💪✅!~]+")
_SIMPLIFIED = str.maketrans(  # what Chinese patients elsewhere write, as the vocabulary writes it
    "過氣腫發燒熱頭暈臉嚨緊難沒無體視覺說話動腳膚變壞癢紅擴膿懷寶嘔嚥壓劇針藥醫謝裡還這個點塊後開來關節請問題樣條線雙兩邊側單癱聲啞斷殺傷結續麼為胸嗎對僵軟絞轉剛腦悶瘡滲",
    "过气肿发烧热头晕脸咙紧难没无体视觉说话动脚肤变坏痒红扩脓怀宝呕咽压剧针药医谢里还这个点块后开来关节请问题样条线双两边侧单瘫声哑断杀伤结续么为胸吗对僵软绞转刚脑闷疮渗")
_BLANKS = re.compile(r"[^\S\n\r]+")
_SCORE = re.compile(r"\b(\d{1,2}) ?/ ?10\b")
_COMMA = re.compile(r"[,，](?!\d)")
_JOINS = re.compile(r"^\s*(?:or|nor|ni|o|u|或者?)\b\s*|^\s*或者?", re.IGNORECASE)


def _clauses(sentence: str) -> Iterator[str]:
    for part in _PARTS.split(sentence.replace("、", "或")):
        yield from (piece for piece in _lists_joined(_COMMA.split(part)) if piece.strip())


def _windows(clause: str) -> Iterator[str]:
    """A clause nobody would write, in overlapping pieces: a denial cut off from its symptom does not count."""
    yield clause[:_WINDOW]
    for start in range(_WINDOW - _OVERLAP, len(clause) - _OVERLAP, _WINDOW - _OVERLAP):
        yield clause[start : start + _WINDOW]


def _lists_joined(pieces: list[str]) -> list[str]:
    """`no fever, chills, or redness` is one list under one denial; bare names in front of an "or" are joined with it."""
    joined = list(pieces)
    for last in range(len(joined) - 1, 0, -1):
        if not _JOINS.match(joined[last]) or len(joined[last]) > _WINDOW or not _is_bare(_JOINS.sub("", joined[last])):
            continue
        first = last
        while first > 1 and last - first < _LONGEST_LIST and _is_bare(joined[first - 1]):
            first -= 1
        joined[first - 1 : last + 1] = [" or ".join([*joined[first - 1 : last], _JOINS.sub("", joined[last])])]
        break
    return joined


def _is_bare(piece: str) -> bool:
    line = normal(piece)
    return bool(line) and not _FILL.sub("", _without(line, _spans(line))).strip("§ ")


# --- one clause ---------------------------------------------------------------------------------------------------------

def _read_clause(clause: str) -> tuple[list[Phrase], list[str], bool]:
    line = _spelled(normal(clause))
    spans = _spans(line)
    felt: list[_Span] = []
    no: list[_Span] = []
    for span in spans:
        (no if _is_denied(line, span, spans) else felt).append(span)
    not_well = [span for span in no if "feeling_better" in span.words]
    said = [span for span in felt if "feeling_better" not in span.words]
    words = frozenset().union(*(span.words for span in said))
    phrases = [Phrase(span.words, clause.strip(), *_measures(line, words)) for span in said]
    rest = _without(line, [*felt, *no])
    if no:
        rest = _CUES.sub(" ", rest)
    unread = bool(not_well) or (words <= _HARMLESS_ALONE and bool(_harmless().sub(" ", rest).strip("§ ")))
    return phrases, [line[span.start : span.end] for span in no if span not in not_well], unread


def _spans(line: str) -> list[_Span]:
    """Every symptom named in `line`. A name inside a longer one adds its words to it; "no pain" yields to a graver name it touches."""
    at: dict[tuple[int, int], frozenset[str]] = {}
    for span in (*_named(line), *_patterned(line)):
        at[span.start, span.end] = at.get((span.start, span.end), frozenset()) | span.words
    found = [_Span(start, end, words) for (start, end), words in at.items()]
    found = [one for one in found if not (_is_well(one) and any(_touches(one, other) for other in found))]
    return sorted(
        (one._replace(words=one.words.union(*(other.words - MILD for other in found if _is_inside(other, one))))
         for one in found if not any(_is_inside(one, other) for other in found)),
        key=lambda span: span.start,
    )


def _is_well(span: _Span) -> bool:
    return "feeling_better" in span.words


def _touches(well: _Span, other: _Span) -> bool:
    return not _is_well(other) and not _apart(well, other) and not other.words <= _HARMLESS_ALONE


def _is_inside(one: _Span, other: _Span) -> bool:
    return other.start <= one.start and one.end <= other.end and (one.start, one.end) != (other.start, other.end)


def _apart(one: _Span, other: _Span) -> bool:
    return one.end <= other.start or other.end <= one.start


def _named(line: str) -> Iterator[_Span]:
    on_file = names()
    starts = [match.start() for match in _TOKEN.finditer(line)]
    ends = [match.end() for match in _TOKEN.finditer(line)]
    for number, start in enumerate(starts):
        for last in range(min(len(starts), number + _LONGEST_NAME) - 1, number - 1, -1):
            if words := on_file.get(line[start : ends[last]]):
                yield _Span(start, ends[last], words)
                break
    for match in _ONE_HANZI.finditer(line):
        start = match.start()
        for end in range(min(len(line), start + _LONGEST_HANZI), start, -1):
            if words := on_file.get(line[start:end]):
                yield _Span(start, end, words)
                break


_TOKEN = re.compile(r"[^ ]+")
_ONE_HANZI = re.compile(f"[{_HANZI}]")


def _patterned(line: str) -> Iterator[_Span]:
    for words, pattern in _PATTERNS:
        for match in pattern.finditer(line):
            yield _Span(match.start(), match.end(), words)


@functools.cache
def names() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for identity, concept in knowledge.vocabulary().items():
        if concept.kind == "symptom":
            words = frozenset((identity, *concept.classes))
            for name in (identity, concept.term, *concept.names, *concept.names_es, *concept.names_zh):
                key = normal(name)
                found[key] = found.get(key, frozenset()) | words
    return found


# --- denial -------------------------------------------------------------------------------------------------------------

_CUE = (r"no|not|without|denies|denied|deny|dont|doesnt|didnt|isnt|arent|wasnt|werent|havent|hasnt|hadnt|none|nor|neither|zero|"
        r"sin|ni|ningun|ninguna|tampoco|niego|niega")
_FILLERS = (r"any|anything|signs?|symptoms?|of|have|having|had|has|feel|feeling|felt|get|getting|got|been|be|being|experienc\w+|notic\w+|see|"
            r"seen|seeing|develop\w*|at all|a|an|my|am|is|are|was|were|tengo|tiene|tenido|tuve|hay|hubo|he|ha|noto|notado|siento|sentido|me|de|"
            r"un|una|presento|presenta|senales|signos|esta|estoy|i|im|ive")
_CUES = re.compile(rf"\b(?:{_CUE})\b|并?没有?|无|未|否认|不")
_FILL = re.compile(rf"\b(?:{_FILLERS}|{_CUE}|or|and|the|el|la|los|las)\b|[的了有任何出现什么]|没有?|无|未")
_OR = rf"(?: §(?: (?:or|nor|ni|o|u|或)\b)(?: (?:{_FILLERS}))*)*"
_BEFORE = re.compile(rf"(?:^| )(?P<cue>{_CUE})(?: (?:{_FILLERS}))*{_OR} $")
_BEFORE_HANZI = re.compile(r"(?P<cue>(?<![有从来是不])(?:并?没有?|无|未|否认|不)(?!有没))(?:任何|出现|什么|发生|觉得|感到|感觉到|感觉|有|见|过)*"
                           r"(?:§(?:或|和|及|与|以及|也))*$")
_DOUBT = re.compile(r"\b(?:not|no|dont|doesnt|didnt|isnt|wasnt|never|nunca|jamas|cant|without|sin|if|whether|unless|until|si|hasta)\b"
                    r"|不|没|无|除|从未|从来")
_DENIED_BEFORE = re.compile(rf"\b(?:{_CUE})\b(?: (?:{_FILLERS}))* §(?: (?:or|nor|ni|o|u) §)*|(?:并?没有?|无|未|不)[^§ ]{{0,3}}§(?:[或和及也]§)*")


def _is_denied(line: str, span: _Span, spans: list[_Span]) -> bool:
    before = _without(line[: span.start], [one for one in spans if one.end <= span.start])
    after = _without(line[span.end :], [_Span(one.start - span.end, one.end - span.end, one.words) for one in spans if one.start >= span.end])
    cue = _BEFORE.search(before) if before.endswith(" ") else _BEFORE_HANZI.search(before)
    if cue is None and before.endswith(" "):
        cue = _BEFORE_HANZI.search(before.rstrip())
    if cue is None or _DOUBT.search(_DENIED_BEFORE.sub(" ", before[: cue.start("cue")])):
        return False
    return not _changes_nothing().sub(" ", after).strip()


def _without(line: str, spans: list[_Span]) -> str:
    """`line` with `§` in the place of each span."""
    parts, at = [], 0
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        if span.start >= at:
            parts += [line[at : span.start], "§"]
        at = max(at, span.end)
    return "".join([*parts, line[at:]])


@functools.cache
def _changes_nothing() -> re.Pattern[str]:
    """What may stand behind a denied symptom: places, "at all", other symptoms and denials."""
    return re.compile(rf"§|\b(?:{_CUE}|{_FILLERS}|or|nor|ni|o|u|at|all|either|so far|in|on|around|near|over|the|this|that|there|here|today|"
                      rf"site|area|spot|place|injection|injected|needle|point|points|side|left|right|both|en|el|la|los|las|mi|mis|del|al|hoy|"
                      rf"nada|para|absoluto|zona|lugar|sitio|inyeccion|pinchazo|lado|[a-z]{{1,3}} ?\d{{1,2}}|{_body_words()})\b|{_BODY_HANZI}"
                      r"|[的了吗啊呢也或和及]|没有?|无|未|今天|这里|注射|针眼|部位|地方|处|点|左|右|双|两|边|侧")


_BODY_HANZI = "[头脸面眼耳鼻嘴口喉颈脖肩背胸腹肚腰臂肘腕手指腿膝踝脚趾臀髋皮肤肉]"


@functools.cache
def _body_words() -> str:
    words = {
        word
        for identity, region in knowledge.regions().items()
        for name in (identity, *region.names)
        for word in normal(name).split()
        if word.isalpha() and len(word) > 2 and word.isascii()
    }
    more = "arms legs hands feet fingers toes knees skin muscle muscles body brazo brazos pierna piernas mano manos pie pies cuello espalda pecho " \
           "cabeza cara hombro hombros rodilla rodillas piel musculo dedo dedos"
    return "|".join(sorted(words - _NOT_PLACES | set(more.split())))


_NOT_PLACES = frozenset(["hot", "cold", "swollen", "painful", "pain", "tight", "numb", "weak", "not", "and", "private", "bad", "hard", "dead"])


# --- what is harmless ---------------------------------------------------------------------------------------------------

_HARMLESS = (
    "i im ive id we you your u he she it its they them this that these those there here a an the my mine me is are was were am be been being "
    "do did does have has had having get got getting feel feels felt feeling seem seems seemed look looks looked looking think thought notice "
    "noticed see saw say tell know hope guess want would could can should will may might just only also still already again now today tonight "
    "yesterday morning afternoon evening night day days week weeks hour hours since after before from for of in on at to by with as so too than "
    "then when where which what how about around near over under inside outside bit little slight slightly small tiny mild mildly light lightly "
    "faint minor normal usual usually expected ordinary fine good great well better best ok okay nice happy glad lovely thank thanks thx thankyou "
    "hello hi dear dr doctor team everyone all everything overall otherwise generally mostly really quite pretty very much more less some few one "
    "two three first last next session treatment treated visit appointment injection injections injected shot shots needle needles needling point "
    "points site sites spot spots area areas place side left right both same usual easier easy fading faded fades gone going goes went away down "
    "up improving improved improves improve resolved resolving settling settled healing healed or if ive slept sleep sleeping well able walk "
    "walking work worked exercise ice iced rest rested resting took take taking helped helps help recommended appreciate see again soon cm mm "
    "size about coin pea dime quarter like kind sort touch touched touching press pressed pressing when yellow yellowish green greenish purple "
    "blue bluish brown color colour nothing none any no problem problems issue issues concern concerns complaint complaints side effect effects "
    "reaction reactions symptom symptoms question questions not bad "
    "yo mi mis me se es esta estoy estaba fue ha he hay tengo tiene tenia siento senti noto note veo un una unos unas el la los las lo le de del "
    "al a en con para por desde hasta despues antes cuando donde que como muy mucho poco poquito algo ligero ligera leve leves pequeno pequena "
    "pequenito normal bien mejor mejorando mucho gracias muchas hola doctor doctora buenos buenas dias tardes noches ayer hoy manana noche dia "
    "semana semanas hora horas ya todo toda todos solo solamente tambien sigue aun todavia inyeccion inyecciones pinchazo pinchazos aguja sitio "
    "zona lugar lado izquierdo izquierda derecho derecha sesion tratamiento cita problema problemas efecto efectos secundarios ningun ninguna sin "
    "nada mas menos verde amarillo amarillento morado moradito tamano tocar toco al"
)
_HARMLESS_PHRASES = (
    r"not bad|no problems?|no issues?|no side effects?|no (?:new )?complaints?|no concerns?|no reactions?|no (?:other )?symptoms?|no questions?|"
    r"nothing (?:else|new|unusual|to report|wrong|serious|bad)|all good|all is well|no worries|no big deal|not a problem|"
    r"(?:breathing|temperature|respiracion|temperatura|respiro)(?: is| es| esta)? (?:fine|normal|ok|okay|good|bien)|"
    r"sin (?:problemas?|molestias|efectos(?: secundarios)?|novedad(?:es)?|sintomas)|no (?:tengo |hay |he tenido )?(?:ningun )?(?:problemas?|sintomas)|"
    r"nada (?:mas|nuevo|raro|grave|que (?:reportar|contar|decir))|todo (?:bien|normal|perfecto|en orden)|"
    r"没有?(?:任何|什么)?(?:问题|不适|反应|副作用|异常|症状|特别)|体温正常|呼吸正常|一切(?:正常|都好|良好)|都(?:好|很好|正常)|没事|没什么|还好|挺好"
)
_HARMLESS_HANZI = (r"谢谢|感谢|多谢|医生|大夫|您好|你好|今天|昨天|早上|晚上|现在|之前|以后|之后|注射|打针|针眼|治疗|穴位|部位|位置|地方|有点|有些|一点|一些|"
                   r"轻微|轻度|稍微|稍稍|感觉|觉得|好像|其他|一切|正常|良好|不错|好多|慢慢|已经|左右|大概|大约|厘米|公分|小块|小|一块|一个|一直|还|有|我|的|了|是|"
                   r"在|和|与|也|就|都|很|好|会|着|过|从|到|这|那|里|上|下|边|侧|左|右|处|点|被|把|打|针|按|时|候|天|周|小时|第|次|个|块|片|和|跟|以|及|呢|啊|"
                   r"吧|吗|哦|嗯|绿|黄|紫|青|色|消退|消失|恢复|好转|改善|减轻|舒服|轻松|或|一|两|几|什么|任何|出现")


@functools.cache
def _harmless() -> re.Pattern[str]:
    words = "|".join(sorted(set(_HARMLESS.split()) - {"no", "not", "sin", "none"}, key=len, reverse=True))
    return re.compile(rf"§|\b(?:{_HARMLESS_PHRASES})|\b(?:{words}|{_body_words()}|\d+(?:st|nd|rd|th)?|[a-z]{{2}} ?\d{{1,2}})\b|{_HARMLESS_PHRASES}"
                      rf"|{_HARMLESS_HANZI}|{_BODY_HANZI}")


# --- spelling -----------------------------------------------------------------------------------------------------------

def _spelled(line: str) -> str:
    return " ".join(_respelled(word) if word.isascii() and word.isalpha() and len(word) >= 5 else word for word in line.split(" "))


@functools.lru_cache(maxsize=8192)
def _respelled(word: str) -> str:
    """A misspelled word of a symptom as it is spelled on file; any other word as it stands."""
    if word in _known_words():
        return word
    # late: slow (rapidfuzz), and most words are on file
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    nearest = process.extractOne(word, _symptom_words(), scorer=OSA.distance, score_cutoff=1 if len(word) < 8 else 2)
    return word if nearest is None else nearest[0]


@functools.cache
def _symptom_words() -> tuple[str, ...]:
    return tuple(sorted({word for name in names() for word in name.split() if len(word) >= 4 and word.isascii()}))


@functools.cache
def _known_words() -> frozenset[str]:
    written = {word for name in names() for word in name.split()}
    patterned = {word for _, pattern in _PATTERNS for word in re.findall(r"[a-z]{4,}", pattern.pattern)}
    return frozenset(written | patterned | set(_HARMLESS.split()) | set(_body_words().split("|")))


# --- how much -----------------------------------------------------------------------------------------------------------

_OUT_OF_TEN = re.compile(r"\b(10|\d) (?:out of|of|over|sobre|de) (?:10|ten|diez)\b|(?:疼痛|痛)?(10|\d) ?分|\b(10|\d) 10\b")
_SIZE = re.compile(r"\b(\d{1,3})(?: (\d))? ?(cms?|centimet\w+|centimetros?|mm|milimet\w+|millimet\w+|inch|inches|pulgadas?|in|厘米|公分|毫米)(?![a-z])")
_GROWING = {"growing"}
_UNITS = {"mm": 0.1, "mi": 0.1, "in": 2.54, "pu": 2.54, "毫米": 0.1}


def _measures(line: str, words: frozenset[str]) -> tuple[int | None, float | None, bool | None]:
    score = _OUT_OF_TEN.search(line)
    sizes = [float(f"{whole}.{part or 0}") * _UNITS.get(unit[:2], 1.0) for whole, part, unit in _SIZE.findall(line)]
    severity = None if score is None else int(next(group for group in score.groups() if group))
    return severity, max(sizes, default=None), True if words & _GROWING else None


# --- patterns -----------------------------------------------------------------------------------------------------------

_GAP = r"(?: (?!(?:no|not|dont|doesnt|isnt|didnt|without|sin|ni)\b)[^ §]+){0,4}? "
_ZGAP = "[^不没无未，]{0,4}?"
_PAIN = r"(?:pains?|painful|hurts?|hurting|aches?|aching|achy|sore|soreness|tender|cramps?|cramping|stabbing|throbbing|dolor|dolores|duelen?|doliendo|adolorid[oa]|punzadas?)"
_ZPAIN = "[痛疼]"
_SWELL = r"(?:swell\w*|swollen|puff\w*|hinch\w*|inflamad\w*)"
_LIMB = r"(?:arms?|legs?|hands?|foot|feet|limbs?|fingers?|toes?|knees?|thumb|grip|brazos?|piernas?|manos?|pies?|dedos?|rodillas?)"
_FACE = r"(?:face|lips?|eyes?|eyelids?|cheeks?|cara|labios?|ojos?|parpados?)"
_THROAT = r"(?:throat|garganta)"
_CANT = r"(?:cant|hard time|tough time|unable to|not able to|hard to|difficult to|difficulty|trouble|struggl\w+ to|barely|hardly|no puedo|me cuesta|apenas puedo|no logro)"
_CHEST = r"(?:chest|breastbone|sternum|ribs?|rib ?cage|pecho|torax|costillas?|esternon)"
_BELLY = r"(?:stomach|belly|tummy|abdomen|abdominal|vientre|barriga|estomago)"


def _either(one: str, other: str) -> str:
    return rf"\b{one}(?:{_GAP}|  ?){other}\b|\b{other}{_GAP}{one}\b"


def _pattern(words: str, *alternatives: str) -> tuple[frozenset[str], re.Pattern[str]]:
    return frozenset(words.split()), re.compile("|".join(alternatives))


_PATTERNS = (
    _pattern("pain", rf"\b{_PAIN}\b", _ZPAIN),
    _pattern("chest_pain", _either(_CHEST, rf"(?:{_PAIN}|tight\w*|funny|weird|odd|strange|wrong|uncomfortable|rar[oa]|pressure|heavy|heaviness|squeez\w+|burn\w+|opresion|presion|apretad[oa])"),
             rf"\b{_PAIN}{_GAP}(?:i )?(?:breath\w*|inhale|respir\w+)\b", r"\bhurts? to (?:breathe|inhale|cough)\b", rf"\b(?:breaths?|breathing|inhal\w+|respir\w+){_GAP}{_PAIN}\b",
             rf"(?:胸|肋骨|心口){_ZGAP}[痛疼闷紧压]", rf"(?:呼吸|吸气){_ZGAP}[痛疼]"),
    _pattern("breathlessness",
             rf"\b(?:{_CANT}|hurts to|tough to|short|shallow|fast|out of|catch\w*|labou?red|heavy|gasp\w*)(?: (?:no )?[^ §]+){{0,3}}? ?\b(?:breath|breathe|breathing|air|inhale)\b",
             r"\b(?:breath|breathing|breathe)(?: (?!(?:fine|normal|normally|ok|okay|well|easy|easily|not|isnt)\b)[^ §]+){0,3}? (?:short|hard|harder|difficult\w*|heavy|labou?red|shallow|bad|badly|worse|trouble|fast|weird|funny|off)\b",
             r"\b(?:no puedo|me cuesta|cuesta|dificil|dificultad|falta|faltando|sin|apenas|no me entra)(?: [^ §]+){0,3}? (?:respirar|aire|aliento|respiracion)\b", r"\bsin (?:aire|aliento)\b", r"\blungs?\b|\bpulmon(?:es)?\b|肺", r"\bno puedo (?:tomar|coger|jalar) (?:el )?aire\b",
             r"\b(?:respiro|respiracion)(?: [^ §]+){0,2}? (?:mal|dificil|corta|agitada|rapido|rapida)\b", r"\bsuffocat\w+|\basfixi\w+|\bsmother\w+",
             r"(?:呼吸|喘气|吸气)[^不没]{0,3}(?:困难|急促|急|短|费力|难|不畅)", r"(?:呼吸|喘|透|吸)(?:不过|不上|不了|不到)", r"(?:不能|无法|难以|很难|没法|没办法)[^，]{0,2}(?:呼吸|喘)", r"[气]短|喘"),
    _pattern("cough_blood", r"\b(?:cough\w*|spit\w*)(?: [^ §]+){0,3}? (?:blood\w*|bloody)\b", r"\bblood\w*(?: [^ §]+){0,3}? (?:cough\w*|spit\w*|phlegm|sputum|mucus)\b",
             r"\b(?:tos\w*|escup\w*|flema)(?: [^ §]+){0,2}? sangre\b", "咳[^不没]{0,3}血", "痰[^不没]{0,2}血"),
    _pattern("blue_lips breathlessness", _either(r"lips?|lip", r"(?:blue|bluish|purple|grey|gray)"), "嘴唇[^不没]{0,2}[紫青黑]"),
    _pattern("shoulder_tip", r"\b(?:tip|top) of (?:my |the )?(?:left |right )?shoulder\b", r"\bshoulder tip\b", r"\bpunta del hombro\b", "肩尖"),
    _pattern("throat_tightness", _either(_THROAT, r"(?:tight\w*|clos\w+|swell\w*|swollen|lump|block\w*|cierr\w*|cerrad[oa]|hincha\w*|apreta\w*|constrict\w*|narrow\w*)"),
             _either(r"(?:mouth|boca)", _SWELL), rf"\b{_CANT}(?: [^ §]+)? (?:swallow\w*|tragar)\b", "(?:喉咙?|嗓子?|咽喉)[^不没]{0,3}[紧肿堵锁闭]", "(?:咽|吞)[^，]{0,2}(?:不下|困难|不了)"),
    _pattern("tongue_swelling", _either(r"(?:tongue|lengua)", rf"(?:{_SWELL}|thick|big|bigger|fat|gruesa)"), "舌头?[^不没]{0,3}[肿胀大]"),
    _pattern("face_swelling", _either(_FACE, _SWELL), "(?:脸|面部|嘴唇?|眼皮|眼睛|眼睑)[^不没]{0,3}肿"),
    _pattern("neck_swelling", _either(r"(?:neck|cuello)", _SWELL), "(?:脖子|颈部?)[^不没]{0,3}肿"),
    _pattern("anaphylaxis", r"\banaphyla\w+|\banafila\w+|\b(?:severe|bad|serious|grave|fuerte) (?:allergic reaction|reaccion alergica)", r"\breaccion alergica (?:grave|fuerte|severa)", "过敏性休克|休克|严重过敏"),
    _pattern("hives", r"\ballergic reaction\b|\breaccion alergica\b|\bhives?\b|\burticari\w+", "过敏"),
    _pattern("collapse fainting", r"\bcollaps\w+|\bunconscious\w*|\bunresponsive|\b(?:wont|cant|doesnt) wake\b|\bdesplom\w+|\binconsciente", "昏迷|叫不醒|没有?意识|倒地"),
    _pattern("stroke", r"\bstroke\b|\bictus\b|\bderrame cerebral|\bembolia", "中风|脑卒中|脑梗|脑出血"),
    _pattern("drooping_face", _either(r"(?:face|mouth|smile|eyelid|cara|boca|parpado)", r"(?:droop\w*|drop\w*|crooked|fallen|lopsided|sagg\w+|torcid[oa]|caid[oa])"), "(?:脸|嘴|口角|嘴角)[^不没]{0,2}[歪斜]"),
    _pattern("slurred_speech", _either(r"(?:speech|speak\w*|talk\w*|words|habla\w*|hablo)", r"(?:slur\w*|garbl\w*|funny|wont come|difficult\w*|trouble|cant|arrastr\w*|raro)"), r"\b(?:cant|no puedo) (?:speak|talk|hablar)\b", "(?:说话|讲话|口齿)[^不没]{0,2}(?:不清|含糊|困难)|说不出话"),
    _pattern("vision_loss", rf"\b(?:{_CANT}|lost|losing|blurr\w+|blurry|borros[oa]|perdi\w*)(?: (?!(?:why|how|what|if)\b)[^ §]+){{0,2}}? (?:see|sight|vision|eyesight|ver|vista)(?! (?:you|the doctor|why|a))\b", r"\bgo\w* blind\b|\bblind in\b|\bciego\b|\bciega\b",
             r"\b(?:vision|sight|eyesight|vista|vision)(?: [^ §]+){0,2}? (?:blurr\w*|blurry|gone|going|black|dark\w*|borrosa|negra)\b", "看不[见清到]|失明|视(?:力|物)[^正]{0,3}(?:模糊|下降|丧失)"),
    _pattern("eye_pain", _either(r"(?:eyes?|eyeball|ojos?)", _PAIN), f"(?:眼睛?|眼球){_ZGAP}{_ZPAIN}"),
    _pattern("severe_headache", r"\bheadaches?\b|\bmigraines?\b", _either(r"(?:head|skull)", _PAIN), r"\bdolor(?:es)? de cabeza\b|\bcefalea\b|\bjaqueca\b|\bduele(?: [^ §]+)? cabeza\b", f"头{_ZGAP}{_ZPAIN}"),
    _pattern("grave_headache severe_headache", _either(r"(?:severe|severely|worst|thunderclap|sudden|suddenly|terrible|horrible|splitting|excruciating|unbearable|explod\w+|intense|bad|killing|fuerte|intenso|repentino|terrible|insoportable|peor)", r"(?:headaches?|head|migraine|dolor de cabeza|cefalea)"),
             "(?:剧烈|突然|突发|爆炸|最)[^，]{0,4}头[^，]{0,2}[痛疼]|头[^，]{0,2}[痛疼][^，]{0,3}(?:剧烈|欲裂|厉害|死|受不了)"),
    _pattern("neck_stiffness", _either(r"(?:neck|cuello|nuca)", r"(?:stiff\w*|rigid\w*|locked)"), "(?:脖子|颈部?|颈项)[^不没]{0,3}[僵硬强]"),
    _pattern("weakness", rf"\b{_CANT}(?: (?:really|even|properly|to))? (?:lift\w*|mov\w+|rais\w+|bend\w*|grip\w*|hold\w*|walk\w*|stand\w*|climb\w*|straighten\w*|levantar\w*|mover\w*|camin\w*|andar|agarrar|doblar|sostener|subir)",
             _either(_LIMB, r"(?:weak\w*|floppy|limp|lifeless|useless|debil\w*|sin fuerza|no responden?|giv\w+ (?:way|out)|gave (?:way|out)|buckl\w+|drop\w*|drags?|dragging|arrastr\w*)"),
             r"(?:抬|举|动|走|握|站|拿)(?:不起|不了|不动|不稳|不住)", r"(?:不能|无法|没法|很难)[^，]{0,2}(?:抬|举|动|走|握|站)", "(?:手|脚|腿|胳膊|臂)[^，有]{0,3}(?:没力|无力|没劲|发软)"),
    _pattern("foot_drop weakness", _either(r"(?:foot|feet|toes|pie)", r"(?:drags?|dragging|drops?|dropping|slaps?|flops?|floppy|arrastr\w*)"), rf"\b{_CANT}(?: [^ §]+){{0,2}}? (?:lift|raise|pull|levantar|subir)(?: [^ §]+){{0,2}}? (?:foot|toes?|pie)\b", "脚[^，]{0,2}抬不起|抬不起[^，]{0,2}脚"),
    _pattern("numbness", r"\b(?:cant|dont|barely|hardly|no longer) feel (?:my|the|it|its|either|both|anything|nothing|in)\b", r"\b(?:no|lost|loss of|less|lack of|without|sin|perdi(?: la)?|perdida de)(?: all| any| the)? (?:feeling|sensation|sensibilidad)\b", r"\bno siento (?:el|la|los|las|mi|mis|nada)\b", _either(_LIMB, r"(?:numb\w*|dead|asleep|dormid[oa]s?|entumecid\w*|adormecid\w*|acorchad\w*)"),
             r"(?:没有?|失去|丧失)(?:感觉|知觉)(?!到)", r"感觉不到(?!疼|痛|不)|麻木|发麻"),
    _pattern("both_legs", r"\b(?:both|two|ambas|ambos|las dos) (?:of )?(?:my |the |mis )?(?:legs?|feet|thighs|piernas?|pies)\b|\blegs|\bpiernas|\blower limbs", "[双两](?:条)?(?:腿|脚|下肢)"),
    _pattern("one_side", r"\b(?:one|whole|entire|left|right) side of (?:my |the )?(?:body|face)\b|\bhalf (?:of )?(?:my |the )?(?:body|face)\b|\bone sided?\b|\bun lado (?:del cuerpo|de la cara)\b|\bmitad (?:del cuerpo|de la cara)\b", "半身|半边|偏瘫|一侧(?:身体|肢体|面)"),
    _pattern("bladder_bowel_loss", rf"\b(?:{_CANT}|lost|losing|no control\w*|loss)(?: [^ §]+){{0,3}}? (?:pee\w*|urin\w+|bladder|bowels?|orin\w*|esfinter\w*|vejiga)\b", "(?:尿|小便)[^，]{0,2}(?:不出|失禁|不了)|失禁"),
    _pattern("double_vision", r"\b(?:everything|see|seeing|sees|vision|veo|vista)(?: [^ §]+){0,2}? (?:double|doble)\b", "重影|复视"),
    _pattern("saddle_numbness", r"\b(?:no|cant|dont|less|barely)(?: [^ §]+){0,4}? (?:wip\w+|toilet paper|limpiarme)\b", _either(r"(?:groin|genitals?|buttocks|bottom|between (?:my |the )?legs|inner thighs|saddle|anus|ingle|entrepierna|genitales)", r"(?:numb\w*|no feeling|cant feel|dormid\w*|entumecid\w*)")),
    _pattern("red_streak", _either(r"(?:red|rojas?)", r"(?:lines?|streaks?|stripes?|lineas?|rayas?)"), "红[色]?(?:线|条|丝)"),
    _pattern("growing", r"\b(?:getting|gets|got|gotten|growing|becoming|became|keeps getting|increasingly)(?: [^ §]+){0,2}? (?:bigger|larger|wider|huge|big)\b|\bspread\w*|\bexpand\w+|\bgrow(?:s|ing|n)?\b|\benlarg\w+|\bcrec(?:e|iendo|ido)\b|\bextien\w+|\bextendi\w+|\bagranda\w+|\bmas grande\b|\bbigger\b", "扩散|蔓延|扩大|变大|越来越大|扩展|越长越大"),
    _pattern("spreading_redness redness growing", _either(r"(?:redness|red|rojez|enrojecimiento|roj[oa])", r"(?:spread\w*|grow\w*|expand\w*|bigger|larger|extien\w*|extendi\w*|crec\w+)"), "红[^不没，]{0,6}(?:扩散|蔓延|扩大|变大|扩展)"),
    _pattern("large", r"\b(?:big|huge|large|massive|enormous|giant|grande|enorme|gigante)\b|\bsize of (?:my |a |an )?(?:palm|hand|orange|baseball|egg|fist|plate|apple|grapefruit|lemon|softball)\b|\bwhole (?:arm|leg|thigh|back)\b", "很大|好大|巨大|大片|巴掌|拳头|鸡蛋"),
    _pattern("small_redness redness", _either(r"(?:small|little|slight|slightly|tiny|faint|bit|poco|poquito|pequen[oa]|liger[oa])", r"(?:red|redness|pink|roj[oa]|rojez|enrojecimiento)"), "(?:有点|轻微|轻度|稍微|一点|小块?)[^，]{0,2}红"),
    _pattern("tight_compartment swelling", rf"\b(?:hard|tense|tight|rigid|rock)\b{_GAP}{_SWELL}\b", rf"\b{_SWELL}{_GAP}(?:hard|tense|tight|shiny|tens[oa]|dur[oa])\b", "肿[^不没]{0,4}(?:硬|紧|绷)|(?:绷紧|紧绷)"),
    _pattern("swelling", rf"\b{_SWELL}\b", "肿"),
    _pattern("calf_swelling", _either(r"(?:calf|calves|pantorrillas?)", rf"(?:{_SWELL}|{_PAIN}|hot|red|hard|caliente|dura)"), "小腿[^不没]{0,3}[肿痛疼热]"),
    _pattern("pain_severe", _either(r"(?:severe|severely|unbearable|excruciating|worst|terrible|terribly|horrible|horribly|horrendous|agoni[sz]ing|extreme|extremely|intense|crippling|insane|awful|insoportable|terrible|horrible|intens[oa]|fuertisimo|fuerte)", _PAIN),
             r"\bagony\b|\b(?:such|this much|so much|this kind of|like this) pain\b", rf"\bnever\b[^§]*? {_PAIN}\b", rf"\b(?:nunca|jamas)\b[^§]*? {_PAIN}\b", "(?:剧|极|非常|特别|超|巨|太|好)[痛疼]", "[痛疼](?:死|得|极了|到)|从来?[没未]有?[^，]{0,5}[痛疼]"),
    _pattern("strong_pain", rf"\b(?:very|really|quite|so|too|bad|badly|worse|worsening|increasing|increased|more|lots? of|lot|muy|mucho|bastante|peor) (?:(?!less|menos)[^ §]+ )?{_PAIN}\b", rf"\b{_PAIN}{_GAP}(?:bad|badly|a lot|lots|worse|worsening|increasing|more|mucho|peor|mas)\b", "[更很挺比]" + "[^，]{0,2}[痛疼]", "越来越[痛疼]"),
    _pattern("suicidal", r"\bsuicid\w*|\bkill(?:ing)? myself|\bend(?:ing)? (?:my life|it all)|\b(?:want|wanted|wanna|wish) (?:to die|to be dead|i was dead|i were dead)|\bbetter off dead|\b(?:hurt|harm|cut)(?:ing)? myself|\bself harm\w*|\bdont want to (?:live|be alive|be here|go on|wake up)|\bno (?:reason|point)(?: to| in)? liv\w+|\bquiero morir\w*|\bmatarme|\bquitarme la vida|\bno quiero (?:vivir|seguir viviendo)|\bhacerme dano", "自杀|想死|不想活|轻生|自残|结束(?:自己的)?生命|活着没意思|活不下去"),
    _pattern("heavy_bleeding", r"\b(?:wont|cant|doesnt|didnt|hasnt|not|never)(?: [^ §]+){0,2}? (?:stop|stopping|stopped) (?:the )?bleed\w*", r"\bbleed\w*(?: [^ §]+){0,3}? (?:heavily|a lot|lots|badly|nonstop|non stop|profusely|everywhere|wont stop|doesnt stop|hasnt stopped|not stopping|uncontrollabl\w+)", r"\b(?:heavy|severe|profuse|uncontroll\w+|massive) bleed\w*", r"\b(?:lots?|so much|a lot|pool|pints?) (?:of )?blood|\bblood (?:[^ ]+ ){0,2}?(?:everywhere|pouring|gushing|spurting|streaming)|\b(?:gush|spurt|pour)\w* blood|\bhaemorrhag\w+|\bhemorrhag\w+",
             r"\bno (?:para|deja|paro|dejo|se detiene)(?: [^ §]+)? (?:de )?sangr\w+|\bsangr\w+ (?:mucho|muchisimo|abundante\w*|sin parar)|\bmucha sangre|\bhemorragia", r"\bvomit\w*(?: [^ §]+){0,2}? (?:blood|sangre)|\b(?:throw|threw)\w* up blood|\bblood(?: [^ §]+){0,2}? vomit", "血流不止|大量出血|流了?(?:很多|好多|大量)血|止不住|大出血|吐血|呕血|血[^，]{0,2}(?:不止|止不)"),
    _pattern("bleeding", r"\bbleed\w*|\bbled\b|\bsangr(?:a|ado|ando|e)\b", "出血|流血"),
    _pattern("skin_black", _either(r"(?:skin|spot|area|bruise|site|patch|center|centre|middle|finger|toe|piel|zona|centro)", r"(?:black(?! and blue)|blackened|blackening|dead|dying|rotting|necro\w*|negr[oa]|muerta)"), r"\bnecro\w+|\bgangren\w+", "坏死|[变发]黑|坏疽"),
    _pattern("skin_net", _either(r"(?:purple|blue|violet|dark|morad[oa]s?|violace\w+|skin|piel)", r"(?:net|web|webbed|lace|lacy|marbl\w*|mottl\w*|blotch\w*|en red|network|jaspead\w*|moteada)"), r"\blivedo\w*", "网状|花斑|大理石"),
    _pattern("blister", r"\bblister\w*|\bampollas?\b|\bbullae?\b", "水泡|水疱|大疱"),
    _pattern("abdominal_pain", _either(_BELLY, _PAIN), f"(?:肚子|腹|胃){_ZGAP}{_ZPAIN}"),
    _pattern("blood_in_urine", _either(r"(?:blood\w*|red|sangre|roja)", r"(?:pee\w*|urine|urinat\w*|wee|orina|orino|orinar)"), "尿[^不没，]{0,3}血|血[^不没，]{0,2}尿|小便[^不没，]{0,3}血"),
    _pattern("vaginal_bleeding", _either(r"(?:bleed\w*|blood\w*|sangr\w+)", r"(?:vagina\w*|down there|pregnan\w*|embaraz\w+)"), "阴道[^不没]{0,3}血|(?:怀孕|孕)[^不没，]{0,4}(?:出血|流血)"),
    _pattern("reduced_fetal_movement", _either(r"(?:baby|bebe)", r"(?:mov\w+|kick\w*|se mueve|patea|quiet|still|patadas)"), "(?:宝宝|胎儿|胎)[^，]{0,4}[动踢]"),
    _pattern("fluid_leak", r"\bwaters?(?: (?:have|has|just))? (?:broke\w*|breaking)|\bromp\w+ (?:aguas|la fuente|fuente)", "破水|羊水"),
    _pattern("pregnant", r"\bpregnan\w+|\bembaraz\w+", "怀孕|孕妇|有孕"),
    _pattern("fever", r"\bfever\w*|\bfiebre\b|\b(?:38|39|40|41)(?: \d)? ?(?:degrees?|c|celsius|grados|度)|\b10[0-5](?: \d)? ?(?:f|degrees?|fahrenheit|grados)\b|\b(?:temperature|temp|temperatura)(?: [^ §]+){0,2}? (?:38|39|40|41|10[0-5])", "(?:38|39|40|41)(?: \\d)? ?度|发烧|高烧|发热(?!发烫)"),
    _pattern("chills", r"\bchills?\b|\bshiver\w*|\bescalofrios?", "发抖|寒颤|寒战"),
    _pattern("dizziness", r"\bdizz\w+|\blight ?headed\w*|\bmaread[oa]|\bmareos?\b", "头晕|眩晕"),
    _pattern("fainting", r"\bfaint(?:ed|ing)\b|\bpass(?:ed|ing) out\b|\bblack(?:ed|ing) out\b|\bdesmay\w+", "晕倒|昏倒|晕厥"),
    _pattern("seizure", r"\bseizures?\b|\bconvuls\w+", "抽搐|惊厥"),
    _pattern("itching", r"\bitch\w*|\bpicazon|\bcomezon", "痒"),
    _pattern("pus", r"\bpus\b|\binfect\w+", "化脓|流脓|感染"),
)
