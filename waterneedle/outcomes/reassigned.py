"""What else a lot could have drawn: every way in which two arms may have changed places, or many seeded draws of them.

    within_blocks(rows, …)   each block again with as many of each arm, all ways as likely
    by_urn(rows, …)          each place again as the urn would have drawn it, with how likely the whole way is

All other arms hold their places. However the two of a pair change places, the chances of every other arm stay as they were, and
so does the sum of theirs: the balls of an arm hang on how often it was given. So the chance of a way, given the other arms,
is the product over the places of the pair of the balls of the one over those of both.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np


class Outcome(NamedTuple):
    """An outcome of the two arms, or a place of them without one (None): whether it is of the first, and its block or stratum."""

    value: float | None
    first: bool
    group: Any
    place: int = 0  # in its stratum, from 0


class Ways(NamedTuple):
    """One number of each way: how many outcomes fall to the first arm, their sum, how many are of it in truth, and how likely
    the way is, up to a factor. `exact`: these are all ways, not a draw of them."""

    firsts: np.ndarray
    sums: np.ndarray
    kept: np.ndarray
    weight: np.ndarray
    exact: bool


def by_group(rows: Sequence[Outcome]) -> dict[Any, list[Outcome]]:
    found: dict[Any, list[Outcome]] = defaultdict(list)
    for one in rows:
        found[one.group].append(one)
    return found


def within_blocks(rows: Sequence[Outcome], *, most: int, draws: int, seed: int) -> Ways:
    """Above `most` ways `draws` of them, and the one that was. Places without an outcome are left out before."""
    blocks = list(by_group(rows).values())
    sizes = [sum(one.first for one in block) for block in blocks]
    exact = math.prod(math.comb(len(block), size) for block, size in zip(blocks, sizes, strict=True)) <= most
    sums, kept = _every(blocks, sizes) if exact else _drawn(blocks, sizes, draws, np.random.default_rng(seed))
    return Ways(np.full(len(sums), float(sum(sizes))), sums, kept, np.ones(len(sums)), exact)


def by_urn(rows: Sequence[Outcome], *, balls: int, most: int, draws: int, seed: int) -> Ways:
    """The same, of all places of the two arms, with an outcome or without; `rows` in the order of their places.

    A way that leaves one of the arms without any outcome compares nothing, and is left out.
    """
    exact, chance = 2 ** len(rows) <= most, np.random.default_rng(seed)
    firsts, sums, kept = (np.zeros(1 if exact else draws) for _each in range(3))
    weight = np.ones_like(firsts)
    for places in by_group(rows).values():
        own = np.zeros_like(firsts)
        for earlier, one in enumerate(places):
            likely = (balls + one.place - own) / (2 * (balls + one.place) - earlier)
            if exact:
                given = np.repeat((1.0, 0.0), len(firsts))
                weight = np.concatenate((weight * likely, weight * (1 - likely)))
                firsts, sums, kept, own = (np.tile(had, 2) for had in (firsts, sums, kept, own))
            else:
                given = (chance.random(draws) < likely).astype(float)
            own += given
            if one.value is not None:
                firsts, sums, kept = firsts + given, sums + given * one.value, kept + given * one.first
    measured = [one for one in rows if one.value is not None]
    if not exact:
        was = [one for one in measured if one.first]
        firsts, kept = np.append(firsts, len(was)), np.append(kept, len(was))
        sums, weight = np.append(sums, sum(one.value for one in was)), np.append(weight, 1.0)
    both = (firsts > 0) & (firsts < len(measured))
    return Ways(firsts[both], sums[both], kept[both], weight[both], exact)


def _every(blocks: list[list[Outcome]], sizes: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """For every assignment the sum of the first arm, and how many of it stay in the first arm."""
    sums, kept = np.zeros(1), np.zeros(1)
    for block, size in zip(blocks, sizes, strict=True):
        chosen = list(combinations(range(len(block)), size))
        own = np.array([sum(block[at].value for at in one) for one in chosen], float)
        stay = np.array([sum(block[at].first for at in one) for one in chosen], float)
        sums, kept = np.add.outer(sums, own).ravel(), np.add.outer(kept, stay).ravel()
    return sums, kept


def _drawn(
    blocks: list[list[Outcome]], sizes: list[int], draws: int, chance: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    sums, kept = np.zeros(draws + 1), np.zeros(draws + 1)
    for block, size in zip(blocks, sizes, strict=True):
        value, first = np.array([(one.value, one.first) for one in block], float).T
        chosen = np.argsort(chance.random((draws, len(block))), axis=1)[:, :size]
        sums += np.append(value[chosen].sum(axis=1), value @ first)
        kept += np.append(first[chosen].sum(axis=1), size)
    return sums, kept
