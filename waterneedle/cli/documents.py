"""Documents given to a command: one in a file, or one a line on standard input, answered one object a line.

A line that is not valid is answered by what is wrong with it, in its place, and the stream goes on.
"""
from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, NoReturn

import msgspec

from waterneedle.cli import output
from waterneedle.safety import documents
from waterneedle.safety.plan import IssueSource

LARGEST = 16 * 1024 * 1024  # bytes of one document
_ARRIVED = 1 << 16  # bytes asked for at a time; what has arrived is answered before more is waited for

Answer = Callable[[bytes], Any]  # raises `documents.InvalidDocument`
Status = Callable[[Any], int]
Lines = list[tuple[int, bytes]]  # with their numbers


def run(path: str, answer: Answer, status: Status, table: Callable[[Any], None], as_json: bool) -> NoReturn:
    """Answer the document in the file `path`, or those on standard input where `path` is `-`, and end with their exit status."""
    if path == "-":
        raise SystemExit(_answer_stream(sys.stdin.buffer, sys.stdout.buffer, answer, status))
    try:
        found = answer(_content(path))
    except documents.InvalidDocument as error:
        output.refuse(f"{path}: {error}")
    ends_with = status(found)
    try:
        if as_json:
            output.print_json(found)
        else:
            table(found)
    except BrokenPipeError:
        output.forget_output()
    raise SystemExit(ends_with)


def print_source(source: IssueSource) -> None:
    """A source as it stands below an issue in the terminal: title, certainty, address."""
    certainty = f" ({source.certainty.replace('_', ' ')})" if source.certainty else ""
    output.print_source(f"  {source.title}{certainty}", source.url, style="dim")


def _content(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        output.refuse(f"{path}: {error.strerror or error}")
    except ValueError as error:  # a file name that cannot be one
        output.refuse(f"{path!r}: {error}")
    if len(content) > LARGEST:
        output.refuse(f"{path}: expected a document of at most {LARGEST >> 20} MB")
    return content


def _answer_stream(source: BinaryIO, sink: BinaryIO, answer: Answer, status: Status) -> int:
    """Answer everything in `source`; the greatest status, or `INVALID` where a line was not valid or there was none."""
    greatest = -1
    try:
        for arrived in _documents(source):
            answers = bytearray()
            for number, content in arrived:
                reply, its_status = _reply(number, content, answer, status)
                answers += msgspec.json.encode(reply)
                answers += b"\n"
                greatest = max(greatest, its_status)
            sink.write(answers)
            sink.flush()
    except BrokenPipeError:
        output.forget_output()
    if greatest < 0:
        output.refuse("expected a document on standard input, and found none")
    return greatest


def _reply(number: int, content: bytes, answer: Answer, status: Status) -> tuple[Any, int]:
    try:
        if len(content) > LARGEST:
            raise documents.NotJSON("", f"expected a document of at most {LARGEST >> 20} MB")
        found = answer(content)
    except documents.InvalidDocument as error:
        return {"error": {"line": number, "field": error.field, "message": error.message}}, output.INVALID
    return found, status(found)


def _documents(source: BinaryIO) -> Iterator[Lines]:
    """The documents of `source` with their line numbers, as many at a time as have arrived. Blank lines are only counted."""
    arriving = _numbered(_lines(source))
    for lines in arriving:
        if not lines:
            continue
        if _goes_on(lines[0][1]):
            yield from _whole_or_lines(lines, arriving)
        else:
            yield lines
            yield from arriving


def _whole_or_lines(first: Lines, arriving: Iterator[Lines]) -> Iterator[Lines]:
    """Everything as one document where it is one, else as lines."""
    seen = [first]
    size = sum(len(content) + 1 for _, content in first)
    while size <= LARGEST and (lines := next(arriving, None)) is not None:
        seen.append(lines)
        size += sum(len(content) + 1 for _, content in lines)
    whole = b"\n".join(content for lines in seen for _, content in lines)
    if size <= LARGEST + 1 and _is_json(whole):
        yield [(first[0][0], whole)]
        return
    yield from seen
    yield from arriving


def _numbered(arriving: Iterator[list[bytes]]) -> Iterator[Lines]:
    counter = itertools.count(1)
    for lines in arriving:
        yield [(number, line) for number, line in zip(counter, lines, strict=False) if line and not line.isspace()]


def _lines(source: BinaryIO) -> Iterator[list[bytes]]:
    """The lines of `source` as they arrive; of a line that is too long only the beginning, one byte longer than allowed."""
    begun: list[bytes] = []
    size = 0
    while arrived := source.read1(_ARRIVED):
        first, *others = arrived.split(b"\n")
        if size <= LARGEST:
            begun.append(first)
        size += len(first)
        if others:
            yield [b"".join(begun)[: LARGEST + 1], *others[:-1]]
            begun, size = [others[-1]], len(others[-1])
    if size:
        yield [b"".join(begun)[: LARGEST + 1]]


def _goes_on(line: bytes) -> bool:
    """Whether `line` is no document but may be the beginning of one."""
    try:
        text = line.decode("utf-8-sig").rstrip()
        json.loads(text)
    except json.JSONDecodeError as error:
        return error.pos >= len(text)
    except (ValueError, RecursionError):
        return False
    return False


def _is_json(content: bytes) -> bool:
    try:
        json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    return True
