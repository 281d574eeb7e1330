"""In how many parts a text goes to a telephone, and the spelling that takes fewer.

A part has 160 letters of the alphabet of SMS (3GPP TS 23.038, 6.2.1), of several parts each 153. One letter that is not in it,
such as the "á" of Spanish, and all of the text goes in parts of 70, of several each 67 (3GPP TS 23.040, 9.2.3.24.1).
"""

from __future__ import annotations

import unicodedata

_ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà")
_OF_TWO = frozenset("^{}\\[~]|€\f")  # written as two letters
_PLAIN = str.maketrans({
    "á": "a", "í": "i", "ó": "o", "ú": "u", "Á": "A", "Í": "I", "Ó": "O", "Ú": "U", "“": '"', "”": '"', "‘": "'", "’": "'",
    "–": "-", "—": "-", "…": "...", "\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " ",
})


def parts(text: str) -> int:
    """How many parts it takes.

    >>> parts("x" * 160), parts("x" * 161), parts("á" * 70), parts("á" * 71)
    (1, 2, 1, 2)
    """
    if _is_plain(text):
        length, alone, each = len(text) + sum(one in _OF_TWO for one in text), 160, 153
    else:
        length, alone, each = len(text.encode("utf-16-be")) // 2, 70, 67
    return 1 if length <= alone else -(-length // each)


def in_fewer_parts(text: str) -> str:
    """The text without the accents that the alphabet of SMS lacks, where it takes fewer parts so; else as it is.

    >>> in_fewer_parts("Véala, cámbiela o cancélela: " + "x" * 50)[:28]
    'Véala, cambiela o cancélela:'
    """
    plain = unicodedata.normalize("NFC", text).translate(_PLAIN)
    return plain if parts(plain) < parts(text) else text


def _is_plain(text: str) -> bool:
    return all(one in _ALPHABET or one in _OF_TWO for one in text)
