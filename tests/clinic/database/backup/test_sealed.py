from __future__ import annotations

import io
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waterneedle.clinic.database.backup import sealed
from waterneedle.clinic.database.backup.sealed import Damaged, NotSealed, WrongKey, header_of, opened, seal

KEY = bytes(range(32))


def sealed_file(content=b"water", key=KEY, **header):
    file = io.BytesIO()
    seal([content], header, key, file)
    return file.getvalue()


def unsealed(data, key=KEY):
    return b"".join(opened(io.BytesIO(data), key))


@pytest.mark.parametrize("size", [0, 1, sealed.PIECE - 1, sealed.PIECE, sealed.PIECE + 1, 3 * sealed.PIECE])
def test_what_is_sealed_comes_out_as_it_went_in(size):
    content = random.Random(size).randbytes(size)

    assert unsealed(sealed_file(content)) == content


@settings(max_examples=30, deadline=None)
@given(st.lists(st.binary(max_size=2000), max_size=8))
def test_the_parts_it_came_in_do_not_matter(parts):
    file = io.BytesIO()
    seal(parts, {}, KEY, file)

    assert unsealed(file.getvalue()) == b"".join(parts)


def test_the_header_is_readable_and_the_content_is_not():
    data = sealed_file(b"Ana Ruiz, apixaban", engine="sqlite")

    assert header_of(io.BytesIO(data)) == {"engine": "sqlite"}
    assert b"Ana" not in data


def test_another_key_is_told_from_a_damaged_file():
    with pytest.raises(WrongKey):
        unsealed(sealed_file(), bytes(32))


def test_the_same_content_is_sealed_differently_each_time():
    assert sealed_file() != sealed_file()


def flips(data, count, seed=11):
    chance = random.Random(seed)
    for _ in range(count):
        changed = bytearray(data)
        changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        yield bytes(changed)


def test_every_flipped_bit_is_noticed():
    data = sealed_file(random.Random(3).randbytes(30_000), made_at="2026-11-26")

    for changed in flips(data, 500):
        with pytest.raises(NotSealed):
            unsealed(changed)


@pytest.mark.parametrize("left", [0, 5, 20, 100, -1, -16, -17])
def test_a_missing_end_is_noticed(left):
    with pytest.raises(Damaged):
        unsealed(sealed_file(b"x" * 5000)[:left])


def test_pieces_cannot_be_left_out_exchanged_or_taken_from_another_file():
    content = b"a" * sealed.PIECE + b"b" * sealed.PIECE + b"c"
    one, other = sealed_file(content), sealed_file(content)
    start = len(one) - 3 * sealed.TAG - len(content)
    piece = sealed.PIECE + sealed.TAG
    head, first, second, last = (
        one[:start],
        one[start : start + piece],
        one[start + piece : start + 2 * piece],
        one[start + 2 * piece :],
    )

    for changed in (
        head + second + first + last,
        head + first + last,
        head + first + second,
        head + first + second + last + last,
        head + other[start : start + piece] + second + last,
    ):
        with pytest.raises(Damaged):
            unsealed(changed)
    assert unsealed(head + first + second + last) == content


@given(st.binary(max_size=300))
def test_what_is_no_backup_is_refused(data):
    with pytest.raises(NotSealed):
        unsealed(data)
