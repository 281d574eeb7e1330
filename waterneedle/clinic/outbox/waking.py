"""One bell: rung when something new is due, heard by the worker of this process, if it has one."""

from __future__ import annotations

import threading

bell = threading.Event()


def wake() -> None:
    bell.set()
