"""Which cells of a published table are left out, so that nobody is told of in a small one, nor can be worked out from a total.

A cell of fewer people than the threshold is left out (primary suppression). Whoever knows the total of a line, which other tables
give away, could work out the one that is missing: further cells, the smallest first, are left out with it, until those that are
missing are two at least and together reach the threshold (complementary suppression: Hundepool et al., Statistical Disclosure
Control, Wiley 2012, doi 10.1002/9781118348239). All of them look alike.

Where the same cells stand in columns too, whose totals another table gives away, lines and columns together may still pin one
down. Then totals of columns are kept back until no missing cell lies within narrower limits than the threshold (linear
programming over all totals that are known; the audit of the same book).
"""
from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
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


Cell = tuple[Hashable, Hashable]  # line and column


def columns_told(counts: Mapping[Cell, int], missing: Collection[Cell], threshold: int) -> frozenset[Hashable]:
    """The columns whose totals may be known beside those of the lines, without narrowing a missing cell below `threshold`.

    A line of which nothing is told and whose total is small itself is taken as unknown.

    >>> counts = {("pain", "a"): 4, ("pain", "b"): 12, ("pain", "c"): 30, ("bruise", "a"): 50, ("bruise", "b"): 40}
    >>> sorted(columns_told(counts, {("pain", "a"), ("pain", "b")}, 11))
    ['c']
    """
    of_lines = _totals(counts, missing, 0)
    lines = {line: total for line, total in of_lines.items() if total >= threshold}
    columns = _totals(counts, missing, 1)
    # One cell, or few people, are given away by their column alone.
    alone = [column for column in columns if sum(cell[1] == column for cell in missing) < 2]
    for column in {*alone, *(column for column, total in columns.items() if total < threshold)}:
        del columns[column]
    while columns and (narrow := _narrow(missing, lines, columns, threshold)):
        of_narrow = [column for column in columns if any(cell[1] == column for cell in narrow)]
        del columns[min(of_narrow or columns, key=lambda column: (columns[column], str(column)))]
    unknown = {cell[1] for cell in missing} - set(columns)
    return frozenset(column for _line, column in counts if column not in unknown)


def _totals(counts: Mapping[Cell, int], missing: Collection[Cell], place: int) -> dict[Hashable, int]:
    """The totals of the missing cells, by line (0) or column (1)."""
    found: dict[Hashable, int] = {}
    for cell in missing:
        found[cell[place]] = found.get(cell[place], 0) + counts[cell]
    return found


def _narrow(
    missing: Collection[Cell], lines: Mapping[Hashable, int], columns: Mapping[Hashable, int], threshold: int
) -> list[Cell]:
    """The missing cells whose limits, by these totals of what is missing, lie closer together than `threshold`."""
    import numpy as np  # late: slow
    from scipy.optimize import linprog  # late: slow (scipy)

    cells = sorted(missing, key=str)
    known = [(0, name, total) for name, total in lines.items()] + [(1, name, total) for name, total in columns.items()]
    sums = np.array([[float(cell[place] == name) for cell in cells] for place, name, _total in known])
    totals = np.array([float(total) for _place, _name, total in known])
    found = []
    for place, cell in enumerate(cells):
        one = np.eye(len(cells))[place]
        least, most = (linprog(sign * one, A_eq=sums, b_eq=totals, bounds=(0, None)) for sign in (1, -1))
        # Status 3: without a limit. Then nothing is known of the cell.
        if most.status != 3 and -most.fun - least.fun < threshold - 1e-6:
            found.append(cell)
    return found


def told(rows: Iterable[Row], line: Callable[[Row], Hashable], people: Callable[[Row], int], threshold: int) -> list[bool]:
    """Whether each row is told: rows of one `line` have a total that is known."""
    rows = list(rows)
    lines: dict[Hashable, dict[int, int]] = {}
    for place, row in enumerate(rows):
        lines.setdefault(line(row), {})[place] = people(row)
    missing = {place for cells in lines.values() for place in left_out(cells, threshold)}
    return [place not in missing for place in range(len(rows))]
