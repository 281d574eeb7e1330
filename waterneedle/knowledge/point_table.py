"""The columns of the tables of points and landmarks, turned into records.

An empty cell says nothing. Lists stand in one cell, separated by `; `; a relation is `relation:target` or `relation:target:cun`.
"""

from __future__ import annotations

from typing import Any

_TEXTS = (
    "landmark",
    "feature",
    "line_from",
    "line_to",
    "unit",
    "direction",
    "direction_2",
    "lateral_from",
    "level",
    "on",
    "alternative",
)
_NUMBERS = ("fraction", "cun", "cun_2", "lateral_cun")
_OWN = ("code", "pinyin", "hanzi", "hanzi_traditional", "region", "side", "body_part", "layer", "certainty")


def point_from_row(row: dict[str, str]) -> dict[str, Any]:
    """The record of one row of `points/*.csv`. Raises ValueError or KeyError where a cell cannot be read."""
    location: dict[str, Any] = {"rule": row["rule"], **_filled(row, _TEXTS)}
    location |= {name: float(row[name]) for name in _NUMBERS if row[name]}
    location |= {
        "between": _listed(row["between"]),
        "relations": [_relation(cell) for cell in _listed(row["relations"])],
        "neighbours": [_relation(cell) for cell in _listed(row["neighbours"])],
    }
    cited = [{"source": row["source"]} | ({"locator": f"page {int(row['page'])}"} if row["page"] else {})]
    if row.get("depth_source"):
        cited.append({"source": row["depth_source"], "locator": "textbook depth"})
    return {
        **_filled(row, _OWN),
        "channel": row["code"].rstrip("0123456789"),
        "aliases": _listed(row["aliases"]),
        "readings": int(row["readings"]),
        "location": location,
        "sources": cited,
        **{name: float(row[name]) for name in ("depth_min_cun", "depth_max_cun") if row.get(name)},
    }


def landmark_from_row(row: dict[str, str]) -> dict[str, Any]:
    """The record of one row of `landmarks/*.csv`."""
    return _filled(row, ("id", "term", "kind", "surface"))


def level_from_row(row: dict[str, str]) -> dict[str, Any]:
    """The record of one row of `levels.csv`; a source is `id` or `id:locator`."""
    cited = [source.partition(":")[::2] for source in _listed(row["sources"])]
    return {
        **_filled(row, ("id", "start", "end")),
        **{name: float(row[name]) for name in ("share", "side_share", "aside") if row[name]},
        "at": _listed(row["at"]),
        "sources": [{"source": source} | ({"locator": locator} if locator else {}) for source, locator in cited],
    }


def _filled(row: dict[str, str], names: tuple[str, ...]) -> dict[str, str]:
    return {name: row[name] for name in names if row.get(name)}


def _listed(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _relation(cell: str) -> dict[str, Any]:
    relation, _, rest = cell.partition(":")
    target, _, cun = rest.partition(":")
    if not target:
        raise ValueError(f"a relation is `relation:target`, got {cell!r}")
    return {"relation": relation, "target": target} | ({"cun": float(cun)} if cun else {})
