"""Requests take turns: one is worked on at a time, unless it takes long.

The interpreter works on one request at any moment, whatever the number of threads, and lets go of it at each statement to
SQLite: threads that work at the same time hand it to and fro dozens of times for one page. So a request waits here for the one
before it. Who has waited for `PATIENCE_S` goes ahead beside it: a paper that is set, or a year's figures, holds nobody up.
"""
from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

from waterneedle.clinic.database.sqlite.queue import Queue

PATIENCE_S = 0.02

Application = Callable[..., Iterable[bytes]]


class Turns:
    """`application` (WSGI), whose requests are worked on in the order in which they came."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._queue = Queue()
        self._guard = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        queue = self._turn()
        try:
            return self._application(environ, start_response)
        finally:
            queue.release()

    def _turn(self) -> Queue:
        """The queue whose place is taken, to be released."""
        while True:
            queue = self._queue
            if queue.acquire(PATIENCE_S):
                return queue
            with self._guard:
                if self._queue is queue:  # of those who have waited in vain, one leaves the slow request alone, for all
                    self._queue = Queue()
