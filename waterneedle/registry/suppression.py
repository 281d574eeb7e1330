"""Which cells of a published table are left out, so that nobody is told of in a small one, nor can be worked out from a total.

A cell of fewer people than the threshold is left out (primary suppression). Whoever knows the total of a line, which other tables
give away, could work out the one that is missing: further cells, the smallest first, are left out with it, until those that are
missing are two at least and together reach the threshold (complementary suppression: Hundepool et al., Statistical Disclosure
Control, Wiley 2012, doi 10.1002/9781118348239). All of them look alike.
"""
from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
Row = TypeVar("Row")


def left_out(people: Mapping[Key, int], threshold: int) -> frozenset[Key]:
    """The cells of one line with a known total that are not told. A cell of nobody betrays nothing, and hides nothing.

    >>> sorted(left_out({"a": 4, "b": 30, "c": 12, "d": 0}, 11))
    ['a', 'c']
    >>> left_out({"b": 30, "c": 12, "d": 0}, 11)
    frozenset()
    """
    missing = {key for key, count in people.items() if 0 < count < threshold}
    others = sorted((count, str(key), key) for key, count in people.items() if count >= threshold)
    while missing and others and not is_safe([people[key] for key in missing], threshold):
        missing.add(others.pop(0)[2])
    return frozenset(missing)


def is_safe(missing: Sequence[int], threshold: int) -> bool:
    """Whether the total of what is left out may be known."""
    return not missing or (len(missing) >= 2 and sum(missing) >= threshold)


def told(rows: Iterable[Row], line: Callable[[Row], Hashable], people: Callable[[Row], int], threshold: int) -> list[bool]:
    """Whether each row is told: rows of one `line` have a total that is known."""
    rows = list(rows)
    lines: dict[Hashable, dict[int, int]] = {}
    for place, row in enumerate(rows):
        lines.setdefault(line(row), {})[place] = people(row)
    missing = {place for cells in lines.values() for place in left_out(cells, threshold)}
    return [place not in missing for place in range(len(rows))]
