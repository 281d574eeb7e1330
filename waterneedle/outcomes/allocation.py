"""Which arm stands at which place of a randomised sequence, made from a seed and from nothing else.

Whoever has the seed of a trial makes its whole sequence again and compares it with what was given. Who has not, sees nothing:
it is drawn with numbers of HMAC-SHA256 under the seed, for each stratum apart. New trials draw from an urn: `urn.py`. Here are
the permuted blocks of the trials before: each block is shuffled (Fisher and Yates), and how long it is, is drawn too where more
than one length is allowed. Who knows the earlier arms of a block may know its last one.

`commitment` is published when the seed is sealed. It binds the seed to the plan before anybody was allocated.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

SEED_BYTES = 32
_WORD = 1 << 32


class Place(NamedTuple):
    """One place of a sequence, from 0: in which block it lies, from 0, if in any, and the number of its arm."""

    place: int
    block: int | None
    arm: int


def sequence(seed: bytes, *, stratum: str, arms: int, repeats: Sequence[int], count: int) -> tuple[Place, ...]:
    """The first `count` places of a stratum.

    A block holds each of `arms` arms as often as one of `repeats` says, which one is drawn for each block.

    >>> [one.block for one in sequence(bytes(32), stratum="", arms=2, repeats=(1,), count=4)]
    [0, 0, 1, 1]
    """
    return tuple(islice(_places(seed, stratum, arms, tuple(repeats)), count))


def commitment(seed: bytes, *, trial: str, plan_hash: str) -> str:
    """SHA-256, in hex, of the seed with the trial and the hash of its plan: says nothing of the seed, and fits no other."""
    return hashlib.sha256(b"\x00".join((b"waterneedle/trial/1", trial.encode(), plan_hash.encode(), seed))).hexdigest()


def words(seed: bytes, label: str) -> Iterator[int]:
    """Numbers of 32 bits that hang on the seed and the label, as many as are asked for."""
    if len(seed) != SEED_BYTES:
        raise ValueError(f"a seed has {SEED_BYTES} bytes, got {len(seed)}")
    counter = 0
    while True:
        piece = hmac.digest(seed, f"{label}{counter}".encode(), "sha256")
        yield from (int.from_bytes(piece[at : at + 4], "big") for at in range(0, len(piece), 4))
        counter += 1


def below(numbers: Iterator[int], limit: int) -> int:
    """A number from 0 to `limit` - 1, each as likely: words beyond the last whole multiple of `limit` are thrown away."""
    usable = _WORD - _WORD % limit
    return next(number for number in numbers if number < usable) % limit


def _places(seed: bytes, stratum: str, arms: int, repeats: tuple[int, ...]) -> Iterator[Place]:
    if arms < 2 or not repeats or min(repeats) < 1:
        raise ValueError(f"two arms and one repeat at least are needed, got {arms} and {repeats}")
    place = block = 0
    while True:
        for arm in _block(words(seed, f"{len(stratum)}:{stratum}|{block}|"), arms, repeats):
            yield Place(place, block, arm)
            place += 1
        block += 1


def _block(numbers: Iterator[int], arms: int, repeats: tuple[int, ...]) -> list[int]:
    of_each = repeats[below(numbers, len(repeats))]
    order = [arm for arm in range(arms) for _again in range(of_each)]
    for last in range(len(order) - 1, 0, -1):
        other = below(numbers, last + 1)
        order[last], order[other] = order[other], order[last]
    return order
