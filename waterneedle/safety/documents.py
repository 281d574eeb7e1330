"""Reads one document from bytes, strictly, and says in one sentence what is wrong with it. Writes one, for people and programs.

Stricter than a JSON parser has to be: one document, no duplicate key, no NaN or Infinity, no number too large to hold,
no byte that is not UTF-8, no nesting too deep to read. A byte-order mark is accepted.
"""
from __future__ import annotations

import functools
import json
import math
import re
import threading
from typing import Any, NoReturn, TypeVar

import msgspec

T = TypeVar("T")
_BOM = b"\xef\xbb\xbf"
# One thread at a time meets a type for the first time: of two msgspec 0.22.0 ends the process (see `knowledge/store.py`).
_meeting = threading.RLock()


class InvalidDocument(ValueError):
    """A document that cannot be used: the field (`injections[0].route`; empty: the whole) and what was expected there."""

    def __init__(self, field: str, message: str):
        self.field = field
        self.message = message
        super().__init__(f"{field}: {message}" if field else message)


class NotJSON(InvalidDocument):
    """The bytes are not one JSON document at all."""


def read(content: bytes, type_: type[T]) -> T:
    """The document in `content` as a `type_`. Raises `InvalidDocument`."""
    content = content.removeprefix(_BOM)
    try:
        document = _decoder(type_).decode(content)
    except msgspec.ValidationError as error:
        _parse(content)  # a document that is not JSON further on is not JSON
        raise _invalid(error) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise _unreadable(content, error) from None
    _parse(content)
    return document


def convert(value: Any, type_: type[T]) -> T:
    """The document in `value` (what `json.loads` gives, or already a `type_`) as a `type_`. Raises `InvalidDocument`."""
    if isinstance(value, type_):
        return value
    try:
        _decoder(type_)
        document = msgspec.convert(value, type_)
        place = _not_in_json(value)
    except msgspec.ValidationError as error:
        raise _invalid(error) from None
    except RecursionError:
        raise InvalidDocument("", "the document is nested too deep to read") from None
    if place is not None:
        raise InvalidDocument(shortened(place, 120), "expected a finite number, or words that are Unicode")
    return document


def written(value: Any) -> bytes:
    """`value` (records, mappings, lists) as one JSON document in UTF-8, indented: the same bytes through every door."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"


@functools.cache
def _decoder(type_: type[T]) -> msgspec.json.Decoder[T]:
    with _meeting:
        return msgspec.json.Decoder(type_)


def _parse(content: bytes) -> None:
    """Refuse what a lenient parser would let pass: keys that stand twice, NaN, and depth."""
    try:
        _STRICT.decode(content.decode())
    except InvalidDocument:
        raise
    except (RecursionError, ValueError) as error:
        raise _not_json(error) from None


def _unreadable(content: bytes, error: Exception) -> InvalidDocument:
    """What is wrong with bytes that are not JSON; NaN and Infinity are named with their field."""
    try:
        place = _not_in_json(json.loads(content))
    except (ValueError, RecursionError):
        place = None
    return _not_json(error) if place is None else InvalidDocument(shortened(place, 120), "expected a finite number")


def _refuse_duplicates(pairs: list[tuple[str, Any]]) -> None:
    if len(pairs) > 1 and len({key for key, _ in pairs}) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise InvalidDocument(shortened(twice), "this key stands twice in one object")


def _refuse_constant(name: str) -> NoReturn:
    raise InvalidDocument("", f"{name} is not a number in JSON")


_STRICT = json.JSONDecoder(object_pairs_hook=_refuse_duplicates, parse_constant=_refuse_constant)


def _not_json(error: Exception) -> InvalidDocument:
    if isinstance(error, RecursionError):
        return NotJSON("", "the document is nested too deep to read")
    if isinstance(error, UnicodeDecodeError):
        return NotJSON("", f"not UTF-8: byte {error.start} cannot be read")
    message = str(error)
    if "Number out of range" in message:
        return InvalidDocument("", f"a number is too large to hold ({message})")
    return NotJSON("", f"expected one JSON document: {shortened(message, 200)}")


_SURROGATE = re.compile("[\ud800-\udfff]")
_AT = re.compile(r"^(?P<message>.*?)(?: - at `(?:key in )?\$(?P<path>.*)`)?$", re.DOTALL)
_FIELD = re.compile(r"^Object (?P<what>missing required|contains unknown) field `(?P<name>.*)`$", re.DOTALL)


def _invalid(error: Exception) -> InvalidDocument:
    match = _AT.match(str(error))
    assert match is not None
    path, message = (match["path"] or "").removeprefix(".").replace("[...]", "[]"), match["message"]
    if field := _FIELD.match(message):
        path = f"{path}.{field['name']}".removeprefix(".")
        message = "required, and missing" if field["what"] == "missing required" else "there is no such field"
    elif "RFC3339" in message or "`date`" in message:
        message = "expected a date that exists, written YYYY-MM-DD"
    return InvalidDocument(shortened(path, 120), shortened(message, 300))


def _not_in_json(value: Any, path: str = "") -> str | None:
    """Where in `value` stands what no JSON document holds: a number that is not finite, half a character. Its path, or None."""
    if isinstance(value, float):
        return None if math.isfinite(value) else path
    if isinstance(value, str):
        return None if value.isascii() or not _SURROGATE.search(value) else path
    pairs = (
        ((f"{path}.{key}".removeprefix("."), part) for key, part in value.items()) if isinstance(value, dict)
        else ((f"{path}[{index}]", part) for index, part in enumerate(value)) if isinstance(value, (list, tuple))
        else ()
    )
    return next((found for place, part in pairs if (found := _not_in_json(part, place)) is not None), None)


def shortened(text: str, most: int = 80) -> str:
    """`text` on one line, cut to `most` characters, without control characters."""
    line = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    return line if len(line) <= most else line[: most - 1] + "…"
