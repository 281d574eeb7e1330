"""Logs without patients: what happened and where in the code, never what was typed or whose page it was."""
from __future__ import annotations

import logging
import re
import traceback

# After the room stands an opaque id, after these words the secret of a link, after a question mark anything.
_ADDRESS = re.compile(r"(/c/[\w-]+/[\w-]+/|(?<!\w)/(?:invitation|password/new|f)/)[^\s'\"]*|\?[^\s'\"]+")


class NoRequestDetails(logging.Filter):
    """Takes the request out of a record, and ids and queries out of the addresses in its text."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _ADDRESS.sub(lambda found: f"{found[1]}…" if found[1] else "?…", record.getMessage())
        record.args = ()
        for name in ("request", "response"):
            record.__dict__.pop(name, None)
        return True


class OneLine(logging.Formatter):
    """`2026-11-26T10:00:00+0000 ERROR django.request Internal Server Error: /c/harbor/stock/… [ValueError at stock/views.py:12]`

    An exception is its type and place: its text may quote what somebody typed.
    """

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name} {message}", "%Y-%m-%dT%H:%M:%S%z", style="{")

    def format(self, record: logging.LogRecord) -> str:
        record.message = " ".join(record.getMessage().split())
        record.asctime = self.formatTime(record, self.datefmt)
        line = self.formatMessage(record)
        if record.exc_info and record.exc_info[0]:
            line += f" [{record.exc_info[0].__name__} at {' < '.join(_places(record.exc_info[2]))}]"
        return line


def _places(trace: object, most: int = 6) -> list[str]:
    """Where an exception came from, innermost first: file and line alone."""
    frames = traceback.extract_tb(trace)  # type: ignore[arg-type]
    return [f"{'/'.join(frame.filename.split('/')[-2:])}:{frame.lineno}" for frame in reversed(frames)][:most]
