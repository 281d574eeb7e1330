"""What a disk may hold that has lost its power: of each file all that was synced, and of what came after it anything or nothing.

    notes = read(Path("notes"))
    files = after_power_loss(notes[:cut], chance, before={path: its bytes})

A write that was not synced may be there, be missing, or be there in some of its sectors (512 bytes), whatever came before or
after it.
"""

from __future__ import annotations

import random
import struct
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

WRITE, CUT, SYNC, REMOVE = 1, 2, 3, 4
SECTOR = 512
_HEAD = struct.Struct("=IIqq")


class Note(NamedTuple):
    """One thing done to a file; `end` is where its note ends in the record."""

    kind: int
    path: str
    offset: int
    data: bytes
    end: int


def read(record: Path) -> list[Note]:
    return list(_notes(record.read_bytes()))


def _notes(record: bytes) -> Iterator[Note]:
    at = 0
    while at + _HEAD.size <= len(record):
        kind, path_length, offset, length = _HEAD.unpack_from(record, at)
        path_at = at + _HEAD.size
        at = path_at + path_length + length
        if at > len(record):
            return  # the process was killed while it wrote this
        yield Note(kind, record[path_at:path_at + path_length].decode(), offset, record[path_at + path_length:at], at)


def after_power_loss(notes: list[Note], chance: random.Random, before: Mapping[str, bytes]) -> dict[str, bytes]:
    """What each file may hold when the power goes after `notes`."""
    kept = {path: bytearray(content) for path, content in before.items()}
    waiting: defaultdict[str, list[Note]] = defaultdict(list)
    for note in notes:
        if note.kind == SYNC:
            for one in waiting.pop(note.path, ()):
                _do(kept, one, one.data)
        else:
            waiting[note.path].append(note)
    share = chance.choice((0.0, 0.5, 1.0))  # nothing, some, or all of what waits
    for path in waiting:
        for one in waiting[path]:
            if chance.random() < share:
                _do(kept, one, one.data)
            elif share and one.kind == WRITE:
                _some_sectors(kept, one, chance)
    return {path: bytes(content) for path, content in kept.items()}


def _do(files: dict[str, bytearray], note: Note, data: bytes, offset: int | None = None) -> None:
    if note.kind == REMOVE:
        files.pop(note.path, None)
        return
    content = files.setdefault(note.path, bytearray())
    if note.kind == CUT:
        del content[note.offset:]
        content.extend(bytes(note.offset - len(content)))
        return
    at = note.offset if offset is None else offset
    content.extend(bytes(max(0, at - len(content))))
    content[at:at + len(data)] = data


def _some_sectors(files: dict[str, bytearray], note: Note, chance: random.Random) -> None:
    for start in range(0, len(note.data), SECTOR):
        if chance.random() < 0.5:
            _do(files, note, note.data[start:start + SECTOR], note.offset + start)
