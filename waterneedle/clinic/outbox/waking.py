"""When the worker of this process is up: a bell that is rung when something new is due, and people who come first.

What is due has its few writes, and each waits for the disk: in the middle of somebody's work they would be waited for. So the
worker takes jobs when nobody has asked for anything for a moment; who keeps asking holds it up for half a minute at most.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

bell = threading.Event()
QUIET_S = 0.02  # nobody asks for so long: then nobody is at the next step of the same work
_asking = threading.Condition()
_in_hand = 0  # requests, under the lock of `_asking`


def wake() -> None:
    bell.set()


class PeopleFirst:
    """Middleware that counts the requests which are being answered. Stands above all others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        _count(1)
        try:
            return self.get_response(request)
        finally:
            _count(-1)


def let_people_first(until: float) -> None:
    """Wait for a moment without any request, at most until `time.monotonic()` is `until`."""
    with _asking:
        while (left_s := until - time.monotonic()) > 0:
            if _in_hand:
                _asking.wait_for(lambda: not _in_hand, left_s)
            elif not _asking.wait_for(lambda: _in_hand, min(QUIET_S, left_s)):
                return


def _count(more: int) -> None:
    global _in_hand
    with _asking:
        _in_hand += more
        _asking.notify_all()
