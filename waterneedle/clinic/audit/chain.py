"""The links of an audit chain: what a link covers, and which row of a chain is the first that does not fit.

Pure functions of values: keys, rows and heads are handed in, nothing here reads a table, a file or a clock.

A chain is a row of entries numbered from 1. The link of an entry is HMAC-SHA-256 over everything the entry says, the
chain it stands in, its number, and the link before it (32 zero bytes before the first). The chain keeps its length
and last link under a seal of its own, so that rows cannot be cut from the tail: the seal of a shorter chain is
overwritten when the chain grows, and cannot be made without the key.

What is hashed is one MessagePack array, in which a text, some bytes and nothing are three different things; anybody who
holds the key can check a trail without this code (`docs/audit.md`).
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

LINK_VERSION = "waterneedle link 1"
HEAD_VERSION = "waterneedle head 1"
BEFORE_THE_FIRST = bytes(32)

# What an entry says, in the order in which it is hashed. A field is never taken away or moved: a new order is a new LINK_VERSION.
FIELDS = (
    "clinic_id", "at", "offset_min", "user_uid", "user_name", "role", "on_behalf", "action", "kind", "object_uid", "patient_uid",
    "before", "after", "detail", "ip", "agent", "request_id",
)


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The end of a chain as the database has it."""

    chain_id: int
    name: str
    clinic_id: int | None
    length: int
    link: bytes
    key_id: int
    seal: bytes


class Bad(msgspec.Struct, frozen=True, kw_only=True):
    """The first place of one chain that does not fit. `seq` is None where it is the chain's own row, not one of its entries."""

    chain: str
    seq: int | None
    reason: str


def link(key: bytes, chain: str, seq: int, previous: bytes, key_id: int, values: Sequence[Any]) -> bytes:
    """The link of entry `seq` of `chain`: 32 bytes over `values` (in the order of FIELDS) and the link before."""
    return hmac.digest(key, msgspec.msgpack.encode((LINK_VERSION, chain, seq, previous, key_id, *values)), "sha256")


def seal(key: bytes, name: str, clinic_id: int | None, length: int, link: bytes, key_id: int) -> bytes:
    """The seal of a chain's row: 32 bytes over what the chain is, how long it is, and its last link."""
    return hmac.digest(key, msgspec.msgpack.encode((HEAD_VERSION, name, clinic_id, length, link, key_id)), "sha256")


def first_bad(head: Head, rows: Iterable[Sequence[Any]], keys: Mapping[int, bytes]) -> Bad | None:
    """The first row of a chain that does not fit, or None.

    `rows` are the chain's entries ordered by number, each (seq, link, key_id, *values in the order of FIELDS).
    Reasons: `altered`, `missing`, `repeated`, `beyond` (more rows than the chain has), `cut` (the tail is gone),
    `unknown key`, and `head` for the chain's own row.
    """
    previous, seq = BEFORE_THE_FIRST, 0
    for row in rows:
        seq += 1
        reason = _misfit(head, seq, previous, row, keys)
        if reason is not None:
            return Bad(chain=head.name, seq=seq, reason=reason)
        previous = bytes(row[1])
    if seq < head.length:
        return Bad(chain=head.name, seq=seq + 1, reason="cut")
    if not _sealed(head, previous, keys):
        return Bad(chain=head.name, seq=None, reason="head")
    return None


def _misfit(head: Head, seq: int, previous: bytes, row: Sequence[Any], keys: Mapping[int, bytes]) -> str | None:
    found, found_link, key_id, *values = row
    if found != seq:
        return "missing" if found > seq else "repeated"
    if seq > head.length:
        return "beyond"
    key = keys.get(key_id)
    if key is None:
        return "unknown key"
    if not hmac.compare_digest(link(key, head.name, seq, previous, key_id, values), found_link):
        return "altered"
    return None


def _sealed(head: Head, last: bytes, keys: Mapping[int, bytes]) -> bool:
    key = keys.get(head.key_id)
    if key is None or head.link != last:
        return False
    return hmac.compare_digest(seal(key, head.name, head.clinic_id, head.length, head.link, head.key_id), head.seal)
