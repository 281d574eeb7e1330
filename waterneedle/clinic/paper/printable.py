"""Text as paper can show it: composed, without marks that turn its direction or hide, and without characters no font here has."""
from __future__ import annotations

import functools
import unicodedata
from pathlib import Path
from typing import Any

FONTS = Path(__file__).parent / "fonts"
_KEPT = frozenset("\n")


def printable(value: Any) -> Any:
    """`value` with every text in it made printable; keys of mappings too. A tab becomes a space, CR LF a line break."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return {_text(str(key)): printable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [printable(one) for one in value]
    return value


def shown_by_number(letter: str) -> str:
    return f"[U+{ord(letter):04X}]"


def _text(said: str) -> str:
    composed = unicodedata.normalize("NFC", said).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    known = characters()
    # A picture is a text of half a million characters, of few kinds: each kind is looked at once.
    odd = {ord(letter): shown_by_number(letter) for letter in set(composed) if letter not in _KEPT and not _shows(letter, known)}
    return composed.translate(odd) if odd else composed


def _shows(letter: str, known: frozenset[int]) -> bool:
    # Cc and Cf: controls, and marks that turn the direction of what follows or hide in it.
    return ord(letter) in known and unicodedata.category(letter) not in ("Cc", "Cf")


@functools.cache
def characters() -> frozenset[int]:
    """Every character that the vendored fonts show, from the list that was written when they were built."""
    found: set[int] = set()
    for line in (FONTS / "characters.txt").read_text(encoding="ascii").split():
        first, _, last = line.partition("-")
        found.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(found)
