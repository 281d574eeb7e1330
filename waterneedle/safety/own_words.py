"""Symptoms in a patient's own words: which are said, which are denied, and what could not be read.

English, Spanish and Chinese. Text is cut into clauses, in which the names of the vocabulary and `symptom_patterns` are sought.
A denial counts only where every word between it and the symptom, and every word after, is one that changes nothing
("no fever", "sin fiebre", "没有发烧"); in any other case the symptom is felt ("no fever until today", "never felt such pain").
A clause of words that are neither a symptom nor harmless is handed back as not understood.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from waterneedle import knowledge
from waterneedle.safety.symptom_patterns import FAINTED_YEARS_AGO, PATTERNS

MILD = frozenset({"bruise", "soreness", "pain", "redness", "discoloration", "fatigue", "feeling_better"})
_OF_THE_SKIN = frozenset({"skin_black"})
NEUTRAL = frozenset({"both_legs", "one_side", "large", "pregnant", "small_redness"})  # no symptom by themselves
HARMLESS_ALONE = MILD | NEUTRAL
LONGEST = 8_000  # characters that are read; the rest goes to a person
_WINDOW, _OVERLAP = 400, 80  # characters of one clause that are read together
_LONGEST_LIST = 12
_NEAR = 160  # characters in front of a symptom in which its denial is looked for
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


@functools.lru_cache(maxsize=64)
def read(text: str, longest: int = LONGEST) -> Words:
    """What `text` says is felt, what it denies, and the clauses that could not be read. Behind `longest` it is not read, and the
    beginning of that goes to a person.
    """
    felt: list[Phrase] = []
    denied: list[str] = []
    missed: list[str] = []
    text = _BLANKS.sub(" ", text)
    if FAINTED_YEARS_AGO.fullmatch(normal(text)):
        text = _BREAKS.sub(" ", text)  # "I fainted once, years ago" is one clause
    for sentence in _ENDS.split(_SCORE.sub(r"\1 out of 10", text[:longest].translate(_SIMPLIFIED))):
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
    if _calls_for_help(text):
        felt.append(Phrase(frozenset({"calls_for_help"}), text.strip()))
    if not any(one.isalnum() for one in text) and _HARMLESS_SIGNS.sub("", text):
        missed.append(text.strip())
    if not (felt or denied or missed) and _only_calls_or_names_a_place(text[:longest]):
        missed.append(text[:_WINDOW].strip())
    if len(text) > longest:
        missed.append(text[longest : longest + 200])
    return Words(tuple(felt), tuple(denied), tuple(missed))


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
    "can not": "cant",
    "cannot": "cant",
    "could not": "cant",
    "couldnt": "cant",
    "do not": "dont",
    "does not": "doesnt",
    "did not": "didnt",
    "is not": "isnt",
    "are not": "arent",
    "was not": "wasnt",
    "were not": "werent",
    "have not": "havent",
    "has not": "hasnt",
    "had not": "hadnt",
    "will not": "wont",
}
_NOT = re.compile(rf"\b(?:{'|'.join(_SHORT)})\b")


# --- clauses ------------------------------------------------------------------------------------------------------------

_ENDS = re.compile(r"[\n\r;!?。！？；…]+|\.(?=\s|$)|\s[-–—]+\s")
_PARTS = re.compile(
    r"[:()\[\]/：（）]|\b(?:and|but|although|though|however|yet|because|then|also|plus|while|whereas|y|e|pero|aunque"
    r"|porque|sino|además|luego)\b"
    r"|但是|但|可是|(?<![喘透吸憋])不过|只是|然而|而且|并且|还有|同时|后来|另外",
    re.IGNORECASE,
)
_HARMLESS_SIGNS = re.compile(r"[\s👍👌🙂😊😀🙏❤️💪✅!~]+")
_SIMPLIFIED = str.maketrans(  # what Chinese patients elsewhere write, as the vocabulary writes it
    "過氣腫發燒熱頭暈臉嚨緊難沒無體視覺說話動腳膚變壞癢紅擴膿懷寶嘔嚥壓劇針藥醫謝裡還這個點塊後開來關節請問題樣條線雙兩邊側單癱聲啞斷殺傷結續麼為胸嗎對僵軟絞轉剛腦悶瘡滲護車識風見應癲癇幫顫嗆噁黃療臟週數幾現給讓嚴從實種瞼產陰濕連員間時聽電當夠總們講認復鐘媽兒爺妳喚歲頸頰膽腎噴癥狀處燙涼凍脹鬆於約預擔長頂撐滿鮮淚腸質輕適異舊顆顏遠進愛號碼撥隻",
    "过气肿发烧热头晕脸咙紧难没无体视觉说话动脚肤变坏痒红扩脓怀宝呕咽压剧针药医谢里还这个点块后开来关节请问题样条线双两边侧单瘫声哑断杀伤结续么为胸吗对僵软绞转刚脑闷疮渗护车识风见应癫痫帮颤呛恶黄疗脏周数几现给让严从实种睑产阴湿连员间时听电当够总们讲认复钟妈儿爷你唤岁颈颊胆肾喷症状处烫凉冻胀松于约预担长顶撑满鲜泪肠质轻适异旧颗颜远进爱号码拨只",
)
_BREAKS = re.compile(r"[,.]")
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
    return bool(line) and not _FILL.sub("", _marked(line, _spans(line))[0]).strip("§ ")


# --- one clause ---------------------------------------------------------------------------------------------------------


def _read_clause(clause: str) -> tuple[list[Phrase], list[str], bool]:
    line = _spelled(normal(clause))
    spans = _spans(line)
    felt: list[_Span] = []
    no: list[_Span] = []
    marked, places = _marked(line, spans)
    for span, place in zip(spans, places, strict=True):
        (no if _is_denied(marked[:place], marked[place + 1 :]) else felt).append(span)
    not_well = [span for span in no if "feeling_better" in span.words]
    said = [span for span in felt if "feeling_better" not in span.words]
    words = frozenset().union(*(span.words for span in said))
    phrases = [Phrase(span.words, clause.strip(), *_measures(line, words)) for span in said]
    rest = _SHORTLY_DENIED.sub(" ", marked)
    rest = _CUES.sub(" ", rest) if no else rest
    unread = bool(not_well) or (words <= HARMLESS_ALONE and bool(_harmless().sub(" ", rest).strip("§ ")))
    return phrases, [line[span.start : span.end] for span in no if span not in not_well], unread


def _spans(line: str) -> list[_Span]:
    """Every symptom named in `line`. A name adds its words to a longer one around it; "no pain" yields to a graver name."""
    at: dict[tuple[int, int], frozenset[str]] = {}
    for span in (*_named(line), *_patterned(line)):
        at[span.start, span.end] = at.get((span.start, span.end), frozenset()) | span.words
    found = [_Span(start, end, words) for (start, end), words in at.items()]
    found = [one for one in found if not (_is_well(one) and any(_touches(one, other) for other in found))]
    return sorted(
        (
            one._replace(words=one.words.union(*(_adds(other, one) for other in found if _is_inside(other, one))))
            for one in found
            if not any(_is_inside(one, other) for other in found)
        ),
        key=lambda span: span.start,
    )


def _is_well(span: _Span) -> bool:
    return "feeling_better" in span.words


def _touches(well: _Span, other: _Span) -> bool:
    return not _is_well(other) and not _apart(well, other) and not other.words <= HARMLESS_ALONE


def _adds(inner: _Span, outer: _Span) -> frozenset[str]:
    """What a name adds to a longer one around it: in 大便发黑, black stool, no black skin."""
    return inner.words - MILD - (_OF_THE_SKIN if "blood_in_stool" in outer.words else frozenset())


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
    for words, pattern in PATTERNS:
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

_CUE = (
    r"no|not|without|denies|denied|deny|dont|doesnt|didnt|isnt|arent|wasnt|werent|havent|hasnt|hadnt|none|nor|neither|zero|"
    r"sin|ni|ningun|ninguna|tampoco|niego|niega"
)
_FILLERS = (
    r"any|anything|signs?|symptoms?|of|have|having|had|has|feel|feeling|felt|get|getting|got|been|be|being"
    r"|experienc\w+|notic\w+|see|"
    r"seen|seeing|develop\w*|at all|a|an|my|am|is|are|was|were|tengo|tiene|tenido|tuve|hay|hubo|he|ha|noto|notado|"
    r"siento|sentido|me|de|"
    r"el|la|los|las|mi|mis|un|una|presento|presenta|senales|signos|esta|estoy|i|im|ive"
)
_CUES = re.compile(rf"\b(?:{_CUE})\b|并?没有?|无|未|否认|不")
_FILL = re.compile(rf"\b(?:{_FILLERS}|{_CUE}|or|and|the|el|la|los|las)\b|[的了有任何出现什么]|没有?|无|未")
_OR = rf"(?: §(?: (?:or|nor|ni|o|u|或)\b)(?: (?:{_FILLERS}))*)*"
_BEFORE = re.compile(rf"(?:^| )(?P<cue>{_CUE})(?: (?:{_FILLERS}))*{_OR} $")
_BEFORE_HANZI = re.compile(
    r"(?P<cue>(?<![有从来是不])(?:并?没有?|无|未|否认|不)(?!有没))(?:任何|出现|什么|发生|觉得|感到|感觉到|感觉|有|见|过)*"
    r"(?:§(?:或|和|及|与|以及|也))*$"
)
_DOUBT = re.compile(
    r"\b(?:not|no|dont|doesnt|didnt|isnt|wasnt|never|nunca|jamas|cant|without|sin|if|whether|unless|until|si|hasta)\b"
    r"|不|没|无|除|从未|从来"
)
_SHORTLY_DENIED = re.compile("(?:不|没有?|无)(?:闷|咳(?!血))(?![不到])")  # 不喘不闷: one word each, which alone names nothing
_DENIED_BEFORE = re.compile(
    rf"\b(?:{_CUE})\b(?: (?:{_FILLERS}))* §(?: (?:or|nor|ni|o|u) §)*|(?:并?没有?|无|未|不)[^§ ]{{0,3}}§(?:[或和及也]§)*"
)


def _is_denied(before: str, after: str) -> bool:
    """Whether what stands `before` and `after` a symptom denies it; other symptoms in them are written `§`."""
    near = before[-_NEAR:]
    cue = (_BEFORE.search(near) or _BEFORE_HANZI.search(near.rstrip())) if near.endswith(" ") else _BEFORE_HANZI.search(near)
    if cue is None or _DOUBT.search(_DENIED_BEFORE.sub(" ", before[: len(before) - len(near) + cue.start("cue")])):
        return False
    return not _changes_nothing().sub(" ", after).strip()


def _marked(line: str, spans: list[_Span]) -> tuple[str, list[int]]:
    """`line` with `§` in the place of each span (one for spans that overlap), and where the mark of each span stands."""
    parts: list[str] = []
    places: list[int] = []
    at = length = 0
    for span in spans:
        if span.start >= at:
            parts += [line[at : span.start], "§"]
            length += span.start - at + 1
        places.append(length - 1)
        at = max(at, span.end)
    return "".join([*parts, line[at:]]), places


@functools.cache
def _changes_nothing() -> re.Pattern[str]:
    """What may stand behind a denied symptom: places, "at all", other symptoms and denials."""
    return re.compile(
        rf"§|\b(?:{_CUE}|{_FILLERS}|or|nor|ni|o|u|at|all|either|so far|in|on|around|near|over|the|this|that|there|here|today|"
        rf"site|area|spot|place|injection|injected|needle|point|points|side|left|right|both|en|el|la|los|las|mi|mis|del|al|hoy|"
        rf"nada|para|absoluto|zona|lugar|sitio|inyeccion|pinchazo|lado|[a-z]{{1,3}} ?\d{{1,2}}|{_body_words()})\b|{_BODY_HANZI}"
        rf"|{_SHORTLY_DENIED.pattern}|不(?=§)|[的了吗啊呢也或和及]|没有?|无|未|今天|这里|注射|针眼|部位|地方|处|点|左|右|双|两|边|侧"
    )


_BODY_HANZI = "[头脸面眼耳鼻嘴口喉颈脖肩背胸腹肚腰臂肘腕手指腿膝踝脚趾臀髋皮肤肉]"


@functools.cache
def _body_words() -> str:
    words = {
        word
        for identity, region in knowledge.regions().items()
        for name in (identity, *region.names, *region.names_es, *region.names_zh)
        for word in normal(name).split()
        if word.isalpha() and len(word) > 2 and word.isascii()
    }
    more = (
        "arms legs hands feet fingers toes knees skin muscle muscles body brazo brazos pierna piernas mano manos pie pies cuello "
        "espalda pecho "
        "cabeza cara hombro hombros rodilla rodillas piel musculo dedo dedos"
    )
    return "|".join(sorted(words - _NOT_PLACES | set(more.split())))


_NOT_PLACES = frozenset(
    ["hot", "cold", "swollen", "painful", "pain", "tight", "numb", "weak", "not", "and", "private", "bad", "hard", "dead"]
)


# --- what is harmless ---------------------------------------------------------------------------------------------------

_HARMLESS = (
    "i im ive id we you your u he she it its they them this that these those there here a an the my mine me is are was were "
    "am be been being do did does have has had having get got getting feel feels felt feeling seem seems seemed look looks "
    "looked looking think thought notice noticed see saw say tell know hope guess want would could can should will may "
    "might just only also still already again now today tonight yesterday morning afternoon evening night day days week "
    "weeks hour hours since after before from for of in on at to by with as so too than then when where which what how "
    "about around near over under inside outside bit little slight slightly small tiny mild mildly light lightly faint "
    "minor normal usual usually expected ordinary fine good great well better best ok okay nice happy glad lovely thank "
    "thanks thx thankyou hello hi dear dr doctor team everyone all everything overall otherwise generally mostly really "
    "quite pretty very much more less some few one two three four five six seven eight nine ten "
    "first last next session treatment treated visit appointment "
    "injection injections injected shot shots needle needles needling point points site sites spot spots area areas place "
    "side left right both same easier easy fading faded fades gone going goes went away down up improving improved improves "
    "improve resolved resolving settling settled healing healed or if slept sleep sleeping able walk walking work worked "
    "exercise ice iced rest rested resting took take taking helped helps help recommended appreciate soon cm mm size coin "
    "inch inches centimeter centimeters centimetre centimetres millimeter millimeters millimetre millimetres centimetro "
    "centimetros milimetro milimetros pulgada pulgadas "
    "pea dime quarter like kind sort touch touched touching press pressed pressing yellow yellowish green greenish purple "
    "blue bluish brown color colour nothing none any no problem problems issue issues concern concerns complaint complaints "
    "effect effects reaction reactions symptom symptoms question questions not bad yo mi mis se es esta estoy estaba fue ha "
    "hay tengo tiene tenia siento senti noto note veo un una unos unas el la los las lo le de del al en con para por desde "
    "hasta despues antes cuando donde que como muy mucho poco poquito algo ligero ligera leve leves pequeno pequena "
    "pequenito bien mejor mejorando gracias muchas hola doctora buenos buenas dias tardes noches ayer hoy manana noche dia "
    "semana semanas hora horas ya todo toda todos solo solamente tambien sigue aun todavia inyeccion inyecciones pinchazo "
    "pinchazos aguja sitio zona lugar lado izquierdo izquierda derecho derecha sesion tratamiento cita problema problemas "
    "efecto efectos secundarios ningun ninguna sin nada mas menos verde amarillo amarillento morado moradito tamano tocar "
    "toco "
)
_HARMLESS_PHRASES = (
    r"not bad|no problems?|no issues?|no side effects?|no (?:new )?complaints?|no concerns?|no reactions?|"
    r"no (?:other )?symptoms?|no questions?|"
    r"nothing (?:else|new|unusual|to report|wrong|serious|bad)|all good|all is well|no worries|no big deal|not a problem|"
    r"(?:breathing|temperature|respiracion|temperatura|respiro)(?: is| es| esta)? (?:fine|normal|ok|okay|good|bien)|"
    r"sin (?:problemas?|molestias|efectos(?: secundarios)?|novedad(?:es)?|sintomas)|"
    r"no (?:tengo |hay |he tenido )?(?:ningun )?(?:problemas?|sintomas)|"
    r"nada (?:mas|nuevo|raro|grave|que (?:reportar|contar|decir))|todo (?:bien|normal|perfecto|en orden)|"
    r"没有?(?:任何|什么)?(?:问题|不适|反应|副作用|异常|症状|特别)|体温正常|呼吸正常|一切(?:正常|都好|良好)|都(?:好"
    r"|很好|正常)|没事|没什么|还好|挺好"
)
_HARMLESS_HANZI = (
    r"谢谢|感谢|多谢|医生|大夫|您好|你好|今天|昨天|早上|晚上|现在|之前|以后|之后|注射|打针|针眼|治疗|穴位|部位|位置"
    r"|地方|有点|有些|一点|一些|"
    r"轻微|轻度|稍微|稍稍|感觉|觉得|好像|其他|一切|正常|良好|不错|好多|慢慢|已经|左右|大概|大约|厘米|毫米|公分|小块"
    r"|小|一块|一个|一直|还|有|我|的|了|是|"
    r"在|和|与|也|就|都|很|好|会|着|过|从|到|这|那|里|上|下|边|侧|左|右|处|点|被|把|打|针|按|时|候|天|周|小时|第|次"
    r"|个|块|片|和|跟|以|及|呢|啊|"
    r"吧|吗|哦|嗯|绿|黄|紫|青|色|消退|消失|恢复|好转|改善|减轻|舒服|轻松|或|一|两|几|什么|任何|出现"
)


# Words end at their end: "helpmehelpme…" read in every way there is would take for ever.
_HELP = (
    r"(?:(?:help(?:me)?|hlp|ayud(?:a|ame|enme|eme|enos|en|e)|socorro|auxilio|man(?:den|da|de) a alguien)\b|"
    r"求救|救人|帮帮我(?:们)?|求求你(?:们)?|救)"
)
_BESIDE_HELP = (
    r"(?:(?:please|pls|plz|plss?|god|oh|omg|somebody|someone|me|us|i|we|need|now|quick|quickly|fast|urgent|urgently|asap"
    r"|por|favor|"
    r"porfavor|porfa|alguien|que|necesito|ya|rapido|urgente|dios|mio|manden|envien|estoy|muy|mal|im|in|trouble|scared"
    r"|hurry|send|alone|emergency|sol[oa])\b|快|快点|请|啊|呀)"
)
_CALLS_FOR_HELP = re.compile(rf"(?=.*{_HELP})(?:(?:{_BESIDE_HELP}|{_HELP}) ?)+")


def _calls_for_help(text: str) -> bool:
    """Whether `text` is a cry for help and nothing else: "please help", "ayúdenme", not "help me with my appointment"."""
    return len(text) < _WINDOW and _CALLS_FOR_HELP.fullmatch(normal(text.translate(_SIMPLIFIED))) is not None


_SAYS_HOW = re.compile(
    r"\b(?:fine|good|great|well|better|best|ok|okay|nice|happy|glad|lovely|thank\w*|thanks|thx|normal|usual|expected"
    r"|gone|fad\w+|"
    r"improv\w+|resolv\w+|settl\w+|heal\w+|helped|helps|easier|able|no|not|none|nothing|any|bien|mejor\w*|gracias"
    r"|nada|sin|ningun\w*)\b"
    r"|[好谢没无消退轻]|正常|不错|改善|恢复|舒服"
)


def _only_calls_or_names_a_place(text: str) -> bool:
    """Whether words that are each harmless say together nothing of how it is: "my chest", "help"."""
    line = normal(text)
    named = re.search(rf"\b(?:{_body_words()}|help)\b|{_BODY_HANZI}", line)
    return named is not None and _SAYS_HOW.search(line) is None


@functools.cache
def _harmless() -> re.Pattern[str]:
    words = "|".join(sorted(set(_HARMLESS.split()) - {"no", "not", "sin", "none"}, key=len, reverse=True))
    return re.compile(
        rf"§|\b(?:{_HARMLESS_PHRASES})|\b(?:{words}|{_body_words()}|\d+(?:st|nd|rd|th)?|[a-z]{{2}} ?\d{{1,2}})\b"
        rf"|{_HARMLESS_PHRASES}"
        rf"|{_HARMLESS_HANZI}|{_BODY_HANZI}"
    )


# --- spelling -----------------------------------------------------------------------------------------------------------


def _spelled(line: str) -> str:
    return " ".join(
        _respelled(word) if word.isascii() and word.isalpha() and len(word) >= 5 else word for word in line.split(" ")
    )


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
    words = {word for name in names() for word in name.split() if len(word) >= 4 and word.isascii()}
    return tuple(sorted(words | {"ambulance", "ambulancia", "emergency", "emergencia"}))


@functools.cache
def _known_words() -> frozenset[str]:
    written = {word for name in names() for word in name.split()}
    patterned = {word for _, pattern in PATTERNS for word in re.findall(r"[a-z]{4,}", re.sub(r"\\.", " ", pattern.pattern))}
    patterned.update(re.findall(r"[a-z]{4,}", _OUT_OF_TEN.pattern))  # "7 sobre 10" is not "7 sore 10"
    return frozenset(written | patterned | set(_HARMLESS.split()) | set(_body_words().split("|")))


# --- how much -----------------------------------------------------------------------------------------------------------

_OUT_OF_TEN = re.compile(
    r"\b(10|\d) (?:out of|of|over|sobre|de) (?:10|ten|diez)\b|(?:疼痛|痛)?(10|\d) ?分|\b(10|\d) 10\b|"
    r"\b(?:pain|dolor)(?: (?:is|es|level|score|now|at|about|like|around|de|un|a|an)){1,3} (10|[7-9])\b"
    r"(?! (?:days?|weeks?|hours?|h|hrs?|min\w*|months?|years?|am|pm|cm|mm|dias?|horas?|semanas?|meses|anos?)\b)"
)
_SIZE = re.compile(
    r"\b(\d{1,3})(?: (\d))? ?(cms?|centimet\w+|centimetros?|mm|milimet\w+|millimet\w+|inch|"
    r"inches|pulgadas?|in|厘米|公分|毫米)(?![a-z])"
)
_GROWING = {"growing"}
_UNITS = {"mm": 0.1, "mi": 0.1, "in": 2.54, "pu": 2.54, "毫米": 0.1}


def _measures(line: str, words: frozenset[str]) -> tuple[int | None, float | None, bool | None]:
    score = _OUT_OF_TEN.search(line)
    sizes = [float(f"{whole}.{part or 0}") * _UNITS.get(unit[:2], 1.0) for whole, part, unit in _SIZE.findall(line)]
    severity = None if score is None else int(next(group for group in score.groups() if group))
    return severity, max(sizes, default=None), True if words & _GROWING else None
