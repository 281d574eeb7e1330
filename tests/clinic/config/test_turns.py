"""One request at a time, in order; and nobody is held up by one that takes long."""
from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from waterneedle.config import turns
from waterneedle.config.turns import Turns

WAIT_S = 60


class Counting:
    """An application that counts who is in it together, and that those of `held` do not leave until they are let go."""

    def __init__(self) -> None:
        self.together = self.most = 0
        self.entered: list[str] = []
        self.held: dict[str, threading.Event] = {}
        self._guard = threading.Lock()

    def __call__(self, environ, start_response):
        name = environ["name"]
        with self._guard:
            self.together += 1
            self.most = max(self.most, self.together)
            self.entered.append(name)
        if name in self.held:
            assert self.held[name].wait(WAIT_S)
        with self._guard:
            self.together -= 1
        return [name.encode()]


def asked(application: Turns, name: str) -> str:
    return b"".join(application({"name": name}, None)).decode()


def test_quick_requests_are_never_worked_on_together(monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE_S", WAIT_S)
    counting = Counting()
    application = Turns(counting)
    names = [str(number) for number in range(400)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda name: asked(application, name), names)) == names
    assert counting.most == 1


@contextmanager
def at_work(application: Turns, counting: Counting, *slow: str) -> Iterator[list[Future]]:
    """Within it these requests are in the application; afterwards they have been let go, and answered."""
    counting.held = {name: threading.Event() for name in slow}
    with ThreadPoolExecutor(len(slow)) as pool:
        answers = [pool.submit(asked, application, name) for name in slow]
        while len(counting.entered) < len(slow):
            time.sleep(0.001)
        try:
            yield answers
        finally:
            for event in counting.held.values():
                event.set()
        assert [answer.result(WAIT_S) for answer in answers] == list(slow)


@pytest.mark.parametrize("slow", [["paper"], ["paper", "figures", "extract"]])
def test_slow_requests_hold_nobody_up(slow):
    application = Turns(counting := Counting())
    with at_work(application, counting, *slow) as answers:
        for name in ("first", "second"):
            assert asked(application, name) == name
        assert not any(answer.done() for answer in answers)


def test_only_the_first_waits_for_a_slow_request(monkeypatch):
    application = Turns(counting := Counting())
    with at_work(application, counting, "paper"):
        asked(application, "first")
        monkeypatch.setattr(turns, "PATIENCE_S", WAIT_S)
        assert asked(application, "second") == "second"  # would wait for the paper, which waits for this


def test_a_request_that_fails_gives_its_turn_away(monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE_S", WAIT_S)

    def application(environ, start_response):
        if environ["name"] == "fails":
            raise ZeroDivisionError
        return [b"works"]

    taken = Turns(application)
    with pytest.raises(ZeroDivisionError):
        asked(taken, "fails")
    assert asked(taken, "next") == "works"


def test_the_slow_one_gives_a_turn_back_that_nobody_waits_for(monkeypatch):
    application = Turns(counting := Counting())
    with at_work(application, counting, "paper"):
        asked(application, "first")
    monkeypatch.setattr(turns, "PATIENCE_S", WAIT_S)
    counting.most = 0
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda name: asked(application, name), "abcdef")) == list("abcdef")
    assert counting.most == 1
