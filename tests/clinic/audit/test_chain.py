"""Chains as values: what was linked is whole, and whatever is done to it afterwards is named."""
from __future__ import annotations

import hashlib
import hmac
import struct
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterneedle.clinic.audit import chain
from waterneedle.clinic.audit.chain import Head

KEYS = {1: b"k" * 32, 2: b"l" * 32}
NAME = "patient/019a0000-0000-7000-8000-000000000001"
MORNING = datetime(2026, 11, 26, 8, tzinfo=UTC)


def values(number: int, **changed: object) -> tuple:
    said = dict.fromkeys(chain.FIELDS, "") | {
        "clinic_id": 1, "at": MORNING + timedelta(seconds=number), "offset_min": -480, "user_uid": None, "patient_uid": None,
        "action": "read", "kind": "chart", "before": None, "after": bytes([number % 256]) * 32}
    return tuple((said | changed).values())


def linked(contents: list[tuple], key_id: int = 1, name: str = NAME) -> tuple[Head, list[list]]:
    """A chain of `contents` as it would be written, its head and its rows."""
    previous, rows = chain.BEFORE_THE_FIRST, []
    for seq, said in enumerate(contents, start=1):
        previous = chain.link(KEYS[key_id], name, seq, previous, key_id, said)
        rows.append([seq, previous, key_id, *said])
    seal = chain.seal(KEYS[key_id], name, 1, len(rows), previous, key_id)
    return Head(chain_id=1, name=name, clinic_id=1, length=len(rows), link=previous, key_id=key_id, seal=seal), rows


def first_bad(head: Head, rows: list) -> tuple[int | None, str] | None:
    bad = chain.first_bad(head, rows, KEYS)
    assert bad is None or bad.chain == head.name
    return bad and (bad.seq, bad.reason)


def ten() -> tuple[Head, list[list]]:
    return linked([values(number) for number in range(10)])


@given(st.integers(min_value=0, max_value=40), st.sampled_from([1, 2]))
def test_what_was_linked_is_whole(length: int, key_id: int) -> None:
    head, rows = linked([values(number) for number in range(length)], key_id)
    assert chain.first_bad(head, rows, KEYS) is None


@given(st.data())
def test_a_changed_field_is_named(data: st.DataObject) -> None:
    head, rows = ten()
    row = data.draw(st.integers(0, 9))
    field = data.draw(st.integers(3, len(rows[0]) - 1))
    old = rows[row][field]
    rows[row][field] = data.draw(st.one_of(st.text(max_size=8), st.none(), st.binary(max_size=8)).filter(lambda new: new != old))
    assert first_bad(head, rows) == (row + 1, "altered")


@given(st.integers(0, 9), st.integers(0, 255), st.integers(0, 31))
def test_a_flipped_bit_of_a_link_is_named(row: int, bit: int, byte: int) -> None:
    head, rows = ten()
    link = bytearray(rows[row][1])
    link[byte] ^= 1 << (bit % 8)
    rows[row][1] = bytes(link)
    assert first_bad(head, rows) == (row + 1, "altered")


@given(st.integers(0, 8))
def test_a_deleted_row_is_named(row: int) -> None:
    head, rows = ten()
    del rows[row]
    assert first_bad(head, rows) == (row + 1, "missing")


@given(st.integers(1, 10))
def test_a_cut_tail_is_named(cut: int) -> None:
    head, rows = ten()
    assert first_bad(head, rows[:-cut]) == (11 - cut, "cut")


@given(st.integers(0, 9), st.integers(0, 9))
def test_reordered_rows_are_named(one: int, other: int) -> None:
    head, rows = ten()
    rows[one][1:], rows[other][1:] = rows[other][1:], rows[one][1:]
    assert first_bad(head, rows) == (None if one == other else (min(one, other) + 1, "altered"))


def test_a_row_after_the_last_is_named() -> None:
    head, rows = ten()
    assert first_bad(head, [*rows, [11, *rows[-1][1:]]]) == (11, "beyond")


def test_a_row_twice_is_named() -> None:
    head, rows = ten()
    assert first_bad(head, [*rows[:4], rows[3], *rows[4:]]) == (5, "repeated")


def test_a_row_of_another_chain_is_named() -> None:
    head, rows = ten()
    _, other = linked([values(number) for number in range(10)], name="patient/other")
    assert first_bad(head, [*rows[:6], other[6], *rows[7:]]) == (7, "altered")


def test_a_tail_cut_together_with_the_length_is_named() -> None:
    """Who may write to the database but has no key can make the length fit, and not the seal."""
    head, rows = ten()
    shorter = Head(chain_id=1, name=NAME, clinic_id=1, length=9, link=rows[8][1], key_id=1, seal=head.seal)
    assert first_bad(shorter, rows[:9]) == (None, "head")


@pytest.mark.parametrize("changed", [{"clinic_id": 2}, {"name": "patient/x"}, {"key_id": 2}, {"key_id": 9}, {"link": b"x" * 32}])
def test_a_changed_head_is_named(changed: dict) -> None:
    head, rows = linked([])
    as_dict = {field: getattr(head, field) for field in head.__struct_fields__}
    assert first_bad(Head(**as_dict | changed), rows) == (None, "head")


def test_a_row_under_a_key_that_is_not_on_file_is_named() -> None:
    head, rows = ten()
    rows[2][2] = 7
    assert first_bad(head, rows) == (3, "unknown key")


def test_two_rows_never_share_their_text() -> None:
    """Fields cannot run into each other: ("ab", "c") and ("a", "bc") are linked differently."""
    one = chain.link(KEYS[1], NAME, 1, bytes(32), 1, values(1, kind="ab", object_uid="c"))
    other = chain.link(KEYS[1], NAME, 1, bytes(32), 1, values(1, kind="a", object_uid="bc"))
    assert one != other


def test_a_link_can_be_checked_without_this_code() -> None:
    """The bytes under a link, put together by hand as docs/audit.md says."""
    said = values(1, user_name="Ana Ruiz 足三里")
    parts = ["waterneedle link 1", NAME, 1, bytes(32), 1, *said]
    expected = hmac.new(KEYS[1], b"\xdc" + struct.pack(">H", len(parts)) + b"".join(map(packed, parts)), hashlib.sha256).digest()
    assert chain.link(KEYS[1], NAME, 1, bytes(32), 1, said) == expected


def packed(value: object) -> bytes:
    """`value` in MessagePack, for the kinds and sizes that occur in the test above."""
    if value is None:
        return b"\xc0"
    if isinstance(value, int):
        return struct.pack(">b", value) if -32 <= value < 128 else b"\xd1" + struct.pack(">h", value)
    if isinstance(value, bytes):
        return b"\xc4" + bytes([len(value)]) + value
    if isinstance(value, datetime):
        return b"\xd6\xff" + struct.pack(">I", int(value.timestamp()))
    text = str(value).encode()
    return (bytes([0xA0 | len(text)]) if len(text) < 32 else b"\xd9" + bytes([len(text)])) + text
