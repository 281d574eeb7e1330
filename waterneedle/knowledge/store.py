"""Reads the fact files strictly and once, and keeps what was read in a snapshot keyed by the hash of the files.

TOML holds records: a file is one record, or a list of small ones as `[[kind]]` tables. CSV holds long even tables.
The snapshot is to the fact files what a `.pyc` is to a module: it may be deleted at any time, and a changed file makes a new one.
"""
from __future__ import annotations

import csv
import functools
import hashlib
import io
import os
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from waterneedle.knowledge.evidence import Claim, Finding, Protocol
from waterneedle.knowledge.fact import Fact, Source
from waterneedle.knowledge.instrument import Instrument
from waterneedle.knowledge.jurisdiction import Jurisdiction
from waterneedle.knowledge.kinetics import Kinetics
from waterneedle.knowledge.point import HazardZone, Landmark, Point, Region, TriggerPoint
from waterneedle.knowledge.point_table import landmark_from_row, point_from_row
from waterneedle.knowledge.product import ElementLimit, LookAlike, Product, Substance
from waterneedle.knowledge.rule import LevelAdvice, Rule, TriageRule
from waterneedle.knowledge.vocabulary import Concept

ROOT = Path(__file__).parent
SUFFIXES = (".toml", ".csv")


class Problem(NamedTuple):
    """Something wrong with the facts: the file, the key or line in it, and what is the matter."""

    file: str
    key: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.text}" if self.key else f"{self.file}: {self.text}"


class KnowledgeError(Exception):
    """The facts cannot be used. `problems` holds all of them."""

    def __init__(self, problems: tuple[Problem, ...]):
        self.problems = problems
        shown = "\n".join(str(problem) for problem in problems[:20])
        super().__init__(f"{len(problems)} problem(s) in the knowledge:\n{shown}")


class Section(NamedTuple):
    """One kind of fact: its folder or file, the table name in lists, its type, and the field that names a record."""

    name: str
    table: str
    type: type[Fact]
    key: str = "id"
    from_row: Callable[[dict[str, str]], dict[str, Any]] | None = None


SECTIONS = (
    Section("sources", "source", Source),
    Section("landmarks", "landmark", Landmark, from_row=landmark_from_row),
    Section("points", "point", Point, key="code", from_row=point_from_row),
    Section("hazard_zones", "hazard_zone", HazardZone),
    Section("regions", "region", Region),
    Section("trigger_points", "trigger_point", TriggerPoint),
    Section("substances", "substance", Substance),
    Section("products", "product", Product),
    Section("look_alikes", "look_alike", LookAlike, key="product_ndc"),
    Section("elements", "element_limit", ElementLimit, key="element"),
    Section("kinetics", "kinetics", Kinetics),
    Section("vocabulary", "concept", Concept),
    Section("jurisdictions", "jurisdiction", Jurisdiction, key="code"),
    Section("evidence", "finding", Finding),
    Section("claims", "claim", Claim),
    Section("protocols", "protocol", Protocol),
    Section("instruments", "instrument", Instrument),
    Section("rules", "rule", Rule),
    Section("triage", "triage_rule", TriageRule),
    Section("advice", "level_advice", LevelAdvice, key="level"),
)
BY_NAME = {section.name: section for section in SECTIONS}
Library = dict[str, dict[str, Fact]]


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
    top = [Path(entry.path) for entry in os.scandir(root) if entry.name.endswith(SUFFIXES)]
    below = [
        Path(entry.path)
        for section in SECTIONS
        if (folder := root / section.name).is_dir()
        for entry in os.scandir(folder)
        if entry.name.endswith(SUFFIXES)
    ]
    return sorted(top + below)


@functools.cache
def version() -> str:
    """Content hash of the facts, such as `sha256:3f2a…`: stored with whatever they decided."""
    return "sha256:" + _digest(ROOT)[:16]


@functools.cache
def section(name: str) -> dict[str, Any]:
    """All facts of one kind by their id. Raises `KnowledgeError` when the facts have problems."""
    found = BY_NAME[name]
    records = msgspec.msgpack.decode(_snapshot()[name], type=tuple[found.type, ...])
    return {getattr(record, found.key): record for record in records}


@functools.cache
def _snapshot() -> dict[str, msgspec.Raw]:
    digest = _digest(ROOT)
    for folder in _snapshot_folders():
        path = folder / f"facts-{digest[:32]}.msgpack"
        if path.is_file():
            return msgspec.msgpack.decode(path.read_bytes(), type=dict[str, msgspec.Raw])
    encoded = _compile()
    _keep(encoded, f"facts-{digest[:32]}.msgpack")
    return msgspec.msgpack.decode(encoded, type=dict[str, msgspec.Raw])


def _compile() -> bytes:
    # late: only a changed fact file needs the cross-check
    from waterneedle.knowledge.checking import problems_of

    library, problems = read()
    problems += problems_of(library)
    if problems:
        raise KnowledgeError(problems)
    return msgspec.msgpack.encode({name: list(records.values()) for name, records in library.items()})


def _snapshot_folders() -> Iterator[Path]:
    yield ROOT / "__pycache__"
    yield Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "waterneedle"


def _keep(encoded: bytes, name: str) -> None:
    """Write the snapshot where it can be written; without one the facts are simply read again next time."""
    for folder in _snapshot_folders():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            temporary = folder / f"{name}.{os.getpid()}"
            temporary.write_bytes(encoded)
            temporary.replace(folder / name)
            for old in folder.glob("facts-*.msgpack"):
                if old.name != name:
                    old.unlink(missing_ok=True)
        except OSError:
            continue
        return


def _digest(root: Path) -> str:
    # The code that reads the facts counts too: a new field must not meet an old snapshot.
    hasher = hashlib.sha256()
    readers = sorted(Path(entry.path) for entry in os.scandir(ROOT) if entry.name.endswith(".py"))
    for path in [*fact_files(root), *readers]:
        content = path.read_bytes()
        hasher.update(f"{path.name}:{len(content)}\n".encode())
        hasher.update(content)
    return hasher.hexdigest()


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
