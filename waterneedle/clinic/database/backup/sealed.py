"""A sealed file: a header that anybody can read, then the content encrypted and authenticated in pieces.

AES-256-GCM by `cryptography`. Each piece has its number and whether it is the last one in its nonce, and the header in its
associated data (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, CRYPTO 2015), so that pieces cannot be
changed, left out, exchanged, or taken from another file. The key is of the file alone, derived from that of the installation.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"WNBACKUP1\n"
PIECE = 1 << 20  # bytes of content in a piece
TAG = 16
KEY_BYTES = 32
_LONGEST_HEADER = 1 << 16


class NotSealed(ValueError):
    """Base of what is wrong with a sealed file; the text is for people."""


class WrongKey(NotSealed):
    """The file was sealed with another key."""


class Damaged(NotSealed):
    """The file is not what was written."""


def seal(content: Iterable[bytes], header: dict[str, Any], key: bytes, into: BinaryIO) -> None:
    """Write `content` sealed with `key` (32 bytes) behind `header`, which stays readable and must hold no secret."""
    salt = os.urandom(16)
    head = msgspec.json.encode({"header": header, "salt": salt.hex(), "key_check": _check(key, salt)}, order="deterministic")
    into.write(MAGIC + len(head).to_bytes(4, "big") + head)
    cipher = AESGCM(_derived(key, salt, b"content"))
    for number, (piece, is_last) in enumerate(_pieces(content)):
        into.write(cipher.encrypt(_nonce(number, is_last), piece, head))


def header_of(source: BinaryIO) -> dict[str, Any]:
    """The readable header; nothing has been proved about it yet."""
    return _head(source)[1]["header"]


def opened(source: BinaryIO, key: bytes) -> Iterator[bytes]:
    """The content, piece by piece. Raises WrongKey before anything is given out, and Damaged where something does not fit; what
    was given out before was right so far, and is to be thrown away then."""
    head, told = _head(source)
    try:
        salt = bytes.fromhex(told["salt"])
        right_key = told["key_check"] == _check(key, salt)
    except (KeyError, TypeError, ValueError):
        raise Damaged("the head of the file is damaged") from None
    if not right_key:
        raise WrongKey("the file was sealed with another key, or its head is damaged")
    cipher = AESGCM(_derived(key, salt, b"content"))
    number, ahead = 0, source.read(PIECE + TAG)
    while True:
        piece, ahead = ahead, source.read(PIECE + TAG)
        try:
            yield cipher.decrypt(_nonce(number, is_last=not ahead), piece, head)
        except (InvalidTag, ValueError):
            raise Damaged(f"piece {number + 1} of the file is damaged, or its end is missing") from None
        if not ahead:
            return
        number += 1


def _head(source: BinaryIO) -> tuple[bytes, dict[str, Any]]:
    if source.read(len(MAGIC)) != MAGIC:
        raise Damaged("this is no backup of Waterneedle, or its beginning is damaged")
    length = int.from_bytes(source.read(4), "big")
    if not 0 < length <= _LONGEST_HEADER:
        raise Damaged("the head of the file is damaged")
    head = source.read(length)
    try:
        told = msgspec.json.decode(head)
    except msgspec.DecodeError:
        raise Damaged("the head of the file is damaged") from None
    if not isinstance(told, dict) or not isinstance(told.get("header"), dict):
        raise Damaged("the head of the file is damaged")
    return head, told


def _pieces(content: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The content in pieces of one size, each with whether it is the last; an empty content is one empty piece."""
    held = bytearray()
    for part in content:
        held += part
        while len(held) > PIECE:
            yield bytes(held[:PIECE]), False
            del held[:PIECE]
    yield bytes(held), True


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


def _derived(key: bytes, salt: bytes, purpose: bytes) -> bytes:
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes, got {len(key)}")
    return HKDF(hashes.SHA256(), KEY_BYTES, salt, b"waterneedle backup " + purpose).derive(key)


def _check(key: bytes, salt: bytes) -> str:
    """What tells a wrong key from a damaged file, and nothing of the key."""
    return _derived(key, salt, b"key check")[:8].hex()
