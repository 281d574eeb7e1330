"""What no page, form, paper or message may promise, in three languages, and everything the product says, to look for it.

The claims as they are made stand in the knowledge, quoted beside what speaks for and against them; they are not read here.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from waterneedle import knowledge
from waterneedle.knowledge import Text

PACKAGE = Path(knowledge.__file__).parents[1]
WRITTEN = ("*.html", "*.jinja", "*.typ", "*.po", "*.txt", "*.js", "*.json", "*.toml", "*.md", "*.svg")
# The claims with what was found out about them, and what is known of words: they say what others say.
QUOTED = ("knowledge/claims/", "knowledge/evidence/", "knowledge/sources/", "knowledge/vocabulary/")

_FEW_SESSIONS = (
    r"((one|1|two|2|few|single)( or two| to two|[-–]2)? (sessions?|visits?|treatments?|injections?)"
    r"|(first|second) (session|treatment|injection))")
_POCAS = r"(una|1|dos|2|primera|segunda|sola)( o dos|[-–]2)? (sesi(ón|ones)|inyecci(ón|ones)|visitas?)"
_SAFE = r"(safe|harmless|no (side|adverse|unwanted) effects?|no risks?|without risks?|side effects? (are )?(very )?unlikely)"
_SEGURO = r"(segur[oa]s?|inofensiv[oa]s?|(sin|no tiene|no hay) (efectos (secundarios|adversos)|riesgos?))"
_HARMLESS_ZH = r"(安全|无害|(没有|无)(副作用|风险|不良反应))"
FORBIDDEN: dict[str, tuple[str, ...]] = {
    "safe because diluted": (
        rf"\b{_SAFE}\b[^.]{{0,60}}\bdilut", rf"\bdilut\w*[^.]{{0,60}}\b{_SAFE}\b",
        rf"\b{_SEGURO}\b[^.]{{0,60}}\b(dilu|muy diluid)", rf"\bdilu\w*[^.]{{0,60}}\b{_SEGURO}\b",
        rf"稀释[^。]{{0,20}}{_HARMLESS_ZH}", rf"{_HARMLESS_ZH}[^。]{{0,20}}稀释",
    ),
    "relief in one or two sessions": (
        rf"\b(relief|relieved|pain[- ]free|feel better|works|cured)\b[^.]{{0,50}}\b{_FEW_SESSIONS}\b",
        rf"\b{_FEW_SESSIONS}\b[^.]{{0,40}}\b(relief|relieve|pain[- ]free|feel better|enough)\b",
        rf"\b(alivi\w*|mejor\w*|sin dolor)\b[^.]{{0,50}}\b{_POCAS}\b",
        rf"\b{_POCAS}\b[^.]{{0,40}}\b(alivi|sin dolor|basta)",
        r"(一两|一到两|一|两|1[-–至到]2|1|2) ?次[^。]{0,12}(缓解|见效|止痛|治好)",
        r"(缓解|见效)[^。]{0,12}(一两|只需一|只需两|1[-–至到]2)次?",
    ),
    "stimulates for days": (
        r"\bstimulat\w*[^.]{0,50}\b(for|over|lasting)\b[^.]{0,12}\b(hours|days|weeks)\b",
        r"\bstimulat\w*[^.]{0,40}\b(much )?longer than\b",
        r"\bestimul\w*[^.]{0,50}\b(durante|por)\b[^.]{0,15}\b(horas|días|semanas)\b", r"\bestimul\w*[^.]{0,40}\bmás tiempo que\b",
        r"\bestimulad\w*[^.]{0,20}\b(horas|días|semanas)\b",
        r"(持续|长时间|长久)[^。]{0,8}刺激", r"刺激[^。]{0,12}(数天|几天|数日|更久|数小时)",
    ),
    "drains lymph": (
        r"\b(improv|promot|boost|stimulat|mov)\w*[^.]{0,25}\blymph", r"\b(mejor|estimul|activ)\w*[^.]{0,25}\blinf",
        r"\bdrain\w*[^.]{0,25}\blymph", r"\blymph\w*[- ]drain(age|ing)\b",
        r"\bdrena\w*[^.]{0,25}\blinf", r"\blinf\w*[^.]{0,15}\bdrena",
        r"(排出|疏通|引流|促进|改善)[^。]{0,6}淋巴", r"淋巴[^。]{0,6}(排毒|引流|疏通)",
    ),
    "boosts immunity": (
        r"\bimmun\w*[- ](boost|strengthen|support|enhanc)\w*", r"\bimmun\w*[^.]{0,20}\b(stronger|boosted|strengthened)\b",
        r"\b(boost|strengthen|improv|enhanc|support|stimulat)\w*[^.]{0,25}\b(immun|defen[cs]es\b)",
        r"\b(refuerza|reforzar|sube|subir|eleva|fortalec\w*|estimula|mejora|aumenta|potencia)\b[^.]{0,30}\b(inmun|defensas\b)",
        r"(增强|提高|提升|加强|增进)[^。]{0,8}(免疫|抵抗力)", r"(免疫|抵抗)力[^。]{0,4}(增强|提高|提升)",
    ),
}  # fmt: skip


def promises_in(text: str) -> list[tuple[str, str]]:
    """What is promised in `text`: which promise, and the words."""
    said = re.sub(r"\s+", " ", text)
    return [(name, found[0]) for name, patterns in FORBIDDEN.items() for one in patterns
            for found in re.finditer(one, said, re.IGNORECASE)]


def promises_in_programs(folder: Path) -> list[tuple[str, str, str]]:
    """The promises in what a program says: its texts, not its names. The command's words and the registry's page stand there."""
    return [
        (str(path.relative_to(folder)), *found) for path in sorted(folder.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) for found in promises_in(node.value)]


def promises_below(folder: Path) -> list[tuple[str, str, str]]:
    """The promises in every written file below `folder`: file, promise, words."""
    return [
        (str(path.relative_to(folder)), *found)
        for pattern in WRITTEN for path in sorted(folder.rglob(pattern))
        if not any(part in path.relative_to(folder).as_posix() for part in QUOTED)
        for found in promises_in(_joined(path.read_text(encoding="utf-8")))]


def words_of_facts() -> Iterator[tuple[str, str]]:
    """Every sentence in three languages that a page, paper or message takes from the knowledge, with where it stands."""
    for name in ("rules", "triage_rules", "level_advice", "instruments", "indications"):
        for identity, fact in getattr(knowledge, name)().items():
            for text in _texts(fact):
                yield from ((f"{name} {identity}", said) for said in (text.en, text.es, text.zh_hans) if said)


def _texts(value: Any) -> Iterator[Text]:
    if isinstance(value, Text):
        yield value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _texts(getattr(value, name))
    elif isinstance(value, dict):
        yield from (text for one in value.values() for text in _texts(one))
    elif isinstance(value, (tuple, list)):
        yield from (text for one in value for text in _texts(one))


def _joined(written: str) -> str:
    """A text without what lies between its words: the quotes of a catalogue's lines, and the tags of a template."""
    return re.sub(r"<[^>]{0,400}>|\{%[^%]{0,400}%\}", " ", re.sub(r'"\n"', "", written))
