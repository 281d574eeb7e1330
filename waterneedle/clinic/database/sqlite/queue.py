"""The queue in front of SQLite's one writer: whoever comes first writes first.

A plain lock goes to whichever thread wakes first, mostly the one that has just given it back; under fifty writers one of
them was seen to wait for more than ten seconds. Here the place is handed to whoever has waited longest.
"""
from __future__ import annotations

import threading
from collections import deque


class Queue:
    """A lock that is given in the order in which it was asked for."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._taken = False

    def acquire(self, timeout_s: float) -> bool:
        """Wait for the place; False where it did not come in time."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        if turn.acquire(timeout=timeout_s):
            return True
        with self._guard:
            if turn not in self._waiting:
                return True  # it was handed over at the last moment
            self._waiting.remove(turn)
            return False

    def release(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()  # the place stays taken: it is theirs now
            else:
                self._taken = False
