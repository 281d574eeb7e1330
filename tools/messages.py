"""Collect what the clinic says, keep its translations in order, and compile them.

    python -m tools.messages            write what is new into locale/*/LC_MESSAGES/django.po, compile, list what is left
    python -m tools.messages --check    change nothing; exit 1 when a word is missing, left over, untranslated or not compiled
    python -m tools.messages web stock  only these rooms

Each room keeps its own words in `<room>/locale/`, so that rooms can be translated apart. Needs neither gettext nor Babel:
Python is read with `ast`, templates with Django's own reader, and both formats are simple.
"""
from __future__ import annotations

import argparse
import ast
import re
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "waterneedle"
# Language, folder, plural forms as Unicode CLDR has them for whole numbers.
LANGUAGES = {"es": ("es", 2, "(n != 1)"), "zh-hans": ("zh_Hans", 1, "0")}
_PYTHON = {name + lazy: shape for name, shape in {
    "_": ("id",), "gettext": ("id",), "gettext_noop": ("id",), "ngettext": ("id", "plural"), "pgettext": ("context", "id"),
    "npgettext": ("context", "id", "plural")}.items() for lazy in ("", "_lazy")}
_CALL = re.compile(r"\b(_|gettext|ngettext|pgettext|npgettext)\(")
_STRING = re.compile(r"\s*,?\s*u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")", re.DOTALL)
_NAMED = re.compile(r"%\((\w+)\)")


@dataclass(frozen=True)
class Message:
    """One thing that is said, and how in another language: one text, or one for each plural form."""

    id: str
    plural: str = ""
    context: str = ""
    said: tuple[str, ...] = ()
    places: tuple[str, ...] = field(default=(), compare=False)

    @property
    def key(self) -> tuple[str, str]:
        return self.context, self.id


Catalog = dict[tuple[str, str], Message]


# --- what is said

def rooms() -> list[Path]:
    """Every folder that says something: the rooms, the doors, and the configuration with the words of the bar."""
    inside = sorted(path for path in (PACKAGE / "clinic").iterdir() if (path / "__init__.py").exists())
    folders = [PACKAGE / "config", PACKAGE / "api", *inside]
    return [folder for folder in folders if collect(folder)]


def collect(folder: Path) -> Catalog:
    """Every message in the Python and the templates of `folder`, in the order in which they are read."""
    found: Catalog = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".py":
            messages = in_python(path.read_text(encoding="utf-8"))
        elif "jinja2" in path.parts and path.suffix == ".html":
            messages = called(path.read_text(encoding="utf-8"))
        elif "templates" in path.parts and path.suffix in (".html", ".txt", ".js"):
            messages = in_template(path.read_text(encoding="utf-8"))
        else:
            continue
        place = path.relative_to(folder).as_posix()
        for one in messages:
            before = found.get(one.key)
            places = (*before.places, place) if before else (place,)
            plural = one.plural or (before.plural if before else "")
            found[one.key] = replace(one, plural=plural, places=tuple(dict.fromkeys(places)))
    return found


def in_python(source: str) -> Iterator[Message]:
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    for node in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        shape = _PYTHON.get(name)
        texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if shape and len(texts) >= len(shape):
            yield Message(**dict(zip(shape, texts, strict=False)))


def in_template(source: str) -> Iterator[Message]:
    from django.utils.translation.template import templatize  # late: this module is importable without Django

    return called(templatize(source))


def called(read: str) -> Iterator[Message]:
    """The messages of every call that translates, such as those of a compiled template."""
    for call in _CALL.finditer(read):
        texts, at = [], call.end()
        while literal := _STRING.match(read, at):
            texts.append(ast.literal_eval(literal[1]))
            at = literal.end()
        shape = _PYTHON[call[1]]
        if len(texts) >= len(shape):
            yield Message(**dict(zip(shape, texts, strict=False)))


# --- .po and .mo

def po_path(folder: Path, language: str) -> Path:
    return folder / "locale" / LANGUAGES[language][0] / "LC_MESSAGES" / "django.po"


def read_po(path: Path) -> Catalog:
    """The messages of a .po file; none when there is no file."""
    found: Catalog = {}
    if not path.exists():
        return found
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        parts: dict[str, str] = {}
        key = ""
        for line in block.splitlines():
            if start := re.match(r"(msg\w+(?:\[\d\])?) (\".*\")$", line):
                key = start[1]
                parts[key] = ast.literal_eval(start[2])
            elif line.startswith('"') and key:
                parts[key] += ast.literal_eval(line)
        said = tuple(value for name, value in parts.items() if name.startswith("msgstr"))
        if parts.get("msgid"):
            one = Message(parts["msgid"], parts.get("msgid_plural", ""), parts.get("msgctxt", ""), said)
            found[one.key] = one
    return found


def write_po(messages: Catalog, language: str) -> str:
    blocks = ['msgid ""\nmsgstr ""\n' + "\n".join(_quoted(line) for line in _head(language).splitlines(keepends=True))]
    blocks += [_block(one, LANGUAGES[language][1]) for one in messages.values()]
    return "\n\n".join(blocks) + "\n"


def write_mo(messages: Catalog, language: str) -> bytes:
    """The compiled catalogue: every message that is translated, sorted by its bytes, as gettext reads it."""
    pairs = {b"": _head(language).encode()}
    for one in messages.values():
        if one.said and all(one.said):
            key = (f"{one.context}\x04" if one.context else "") + one.id + (f"\0{one.plural}" if one.plural else "")
            pairs[key.encode()] = "\0".join(one.said).encode()
    keys = sorted(pairs)
    start = 7 * 4 + 16 * len(keys)
    tables: list[list[int]] = [[], []]
    data = b""
    for table, texts in zip(tables, (keys, [pairs[key] for key in keys]), strict=True):
        for text in texts:
            table += [len(text), start + len(data)]
            data += text + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(keys), 28, 28 + 8 * len(keys), 0, 0)
    return head + struct.pack(f"<{4 * len(keys)}I", *tables[0], *tables[1]) + data


def merged(source: Catalog, known: Catalog) -> Catalog:
    """What is said now, with the translations that are known."""
    return {key: replace(one, said=known[key].said if key in known and known[key].plural == one.plural else ())
            for key, one in source.items()}


# --- what is wrong

def problems(folder: Path, language: str) -> list[str]:
    """What keeps `folder` from speaking `language`, a line each."""
    path = po_path(folder, language)
    source, known = collect(folder), read_po(path)
    found = [f"new: {one.id!r}" for key, one in source.items() if key not in known]
    found += [f"no longer said: {one.id!r}" for key, one in known.items() if key not in source]
    for one in known.values():
        found += _wrong(one, LANGUAGES[language][1])
    compiled = path.with_suffix(".mo")
    if not found and (not compiled.exists() or compiled.read_bytes() != write_mo(known, language)):
        found.append("not compiled")
    return [f"{folder.name} {language}: {problem}" for problem in found]


def _wrong(one: Message, forms: int) -> Iterator[str]:
    wanted = forms if one.plural else 1
    if len(one.said) != wanted or not all(one.said):
        yield f"not translated: {one.id!r}"
        return
    names = set(_NAMED.findall(one.id)) | set(_NAMED.findall(one.plural))
    for text in one.said:
        # A form for one thing may leave the number out; nothing may name what is not given.
        lost = names - set(_NAMED.findall(text)) - ({"count"} if one.plural else set())
        if lost or set(_NAMED.findall(text)) - names:
            yield f"placeholders differ: {one.id!r}"
        if one.id.strip() == one.id and text.strip() != text:
            yield f"blank at an end: {one.id!r}"


def _head(language: str) -> str:
    _folder, forms, rule = LANGUAGES[language]
    return (f"Language: {language}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n"
            f"Plural-Forms: nplurals={forms}; plural={rule};\n")


def _block(one: Message, forms: int) -> str:
    lines = [f"#: {place}" for place in one.places]
    if re.search(r"%[(sd]", one.id):
        lines.append("#, python-format")
    if one.context:
        lines.append(f"msgctxt {_quoted(one.context)}")
    lines.append(f"msgid {_quoted(one.id)}")
    if one.plural:
        lines.append(f"msgid_plural {_quoted(one.plural)}")
        lines += [f"msgstr[{index}] {_quoted(one.said[index] if index < len(one.said) else '')}" for index in range(forms)]
    else:
        lines.append(f"msgstr {_quoted(one.said[0] if one.said else '')}")
    return "\n".join(lines)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return f'"{escaped}"'


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("rooms", nargs="*")
    options.add_argument("--check", action="store_true")
    chosen = options.parse_args()
    left = []
    for folder in rooms():
        if chosen.rooms and folder.name not in chosen.rooms:
            continue
        for language in LANGUAGES:
            if not chosen.check:
                update(folder, language)
            left += problems(folder, language)
    print("\n".join(left) or "Everything is translated and compiled.")
    return 1 if left else 0


def update(folder: Path, language: str) -> None:
    path = po_path(folder, language)
    messages = merged(collect(folder), read_po(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(write_po(messages, language), encoding="utf-8")
    path.with_suffix(".mo").write_bytes(write_mo(messages, language))


if __name__ == "__main__":
    sys.exit(main())
