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
_lock = threading.Lock()
_in_hand = 0  # requests, under the lock
_last = 0.0  # when one came or was answered, by `time.monotonic()`


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
    """Wait for a moment without any request, at most until `time.monotonic()` is `until`.

    It looks now and then: to be woken by each request would cost the request more than the whole count.
    """
    while (now := time.monotonic()) < until:
        quiet_s = 0.0 if _in_hand else now - _last
        if quiet_s >= QUIET_S:
            return
        time.sleep(min(QUIET_S - quiet_s, until - now))


def _count(more: int) -> None:
    global _in_hand, _last
    with _lock:
        _in_hand += more
        _last = time.monotonic()
