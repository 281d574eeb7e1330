"""Reads the fact files strictly, and reports every problem at once.

TOML holds records: a file is one record, or a list of small ones as `[[kind]]` tables. CSV holds long even tables.
"""

import csv
import io
import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from waterneedle.knowledge.fact import Fact
from waterneedle.knowledge.sections import BY_NAME, ROOT, SECTIONS, Library, Problem, Section, fact_paths


def read(root: Path = ROOT) -> tuple[Library, tuple[Problem, ...]]:
    """Every fact below `root` that can be decoded, by section and id, and every problem met on the way."""
    library: Library = {section.name: {} for section in SECTIONS}
    problems: list[Problem] = []
    for path in fact_files(root):
        relative = path.relative_to(root).as_posix()
        section = BY_NAME.get(relative.split("/")[0].removesuffix(".toml").removesuffix(".csv"))
        if section is None:
            problems.append(Problem(relative, "", "no kind of fact has this name"))
            continue
        _read_file(path, relative, section, library[section.name], problems)
    return library, tuple(problems)


def fact_files(root: Path = ROOT) -> list[Path]:
    """The fact files in a fixed order."""
    return [Path(path) for path in fact_paths(os.fspath(root))]


def _read_file(path: Path, relative: str, section: Section, into: dict[str, Fact], problems: list[Problem]) -> None:
    try:
        rows = list(_rows(path, section))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, csv.Error, ValueError) as error:
        problems.append(Problem(relative, "", str(error)))
        return
    for place, row in rows:
        try:
            if isinstance(row, Exception):
                raise row
            record = msgspec.convert(row, section.type)
        except (msgspec.ValidationError, ValueError) as error:
            problems.append(Problem(relative, place, str(error)))
            continue
        identity = getattr(record, section.key)
        if identity in into:
            problems.append(Problem(relative, str(identity), "stands twice"))
        into[identity] = record


def _rows(path: Path, section: Section) -> Iterator[tuple[str, Any]]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".csv":
        if section.from_row is None:
            raise ValueError("this kind of fact is kept in TOML")
        for number, row in enumerate(csv.DictReader(io.StringIO(text), strict=True), start=2):
            try:
                yield f"line {number}", section.from_row(row)
            except (ValueError, KeyError, AttributeError) as error:
                yield f"line {number}", ValueError(str(error))
        return
    content = tomllib.loads(text)
    if set(content) == {section.table}:
        for number, row in enumerate(content[section.table], start=1):
            yield str(row.get(section.key, f"number {number}")), row
    else:
        yield str(content.get(section.key, "")), content
