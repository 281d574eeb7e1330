"""The chart in a real browser, on its own page, served as `waterneedle body --open` serves it."""
from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.body.waiting import until
from tests.browser import launched
from waterneedle.cli.body_page import Server

PERSON = {"sex": "female", "age_years": "40", "height_cm": "165", "weight_kg": "60"}
_SOFTWARE = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader")
_BARE = ("--disable-3d-apis", "--disable-gpu")
_WAIT_MS = 60_000  # a busy machine draws slowly


@pytest.fixture(scope="session")
def chart_address() -> Iterator[str]:
    server = Server(PERSON)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.address
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def browsers(driver: Any) -> Iterator[Callable[[bool], Any]]:
    """A browser that draws in software, or one that has no WebGL at all."""
    started: dict[bool, Any] = {}

    def browser(webgl: bool) -> Any:
        if webgl not in started:
            started[webgl] = launched(driver, *(_SOFTWARE if webgl else _BARE))
        return started[webgl]

    yield browser
    for one in started.values():
        one.close()


@pytest.fixture
def opened(browsers: Callable[[bool], Any], chart_address: str) -> Iterator[Callable[..., Any]]:
    """Opens the page with its body drawn. Whatever its console reports fails the test, so that a breach of its policy does."""
    contexts, complaints = [], []

    def opened(webgl: bool = True, query: str = "", **options: Any) -> Any:
        wanted = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce", **options}
        context = browsers(webgl).new_context(**wanted)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(_WAIT_MS)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.goto(chart_address + query)
        until(page, "() => document.querySelector('.body-picture')?.dataset.view")
        page.evaluate("""() => {
            window.told = [];
            for (const name of ["select", "nudge", "pain", "tone", "place", "muscle"]) {
                document.addEventListener(`body-${name}`, ({ detail }) => window.told.push([name, detail]));
            }
        }""")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
