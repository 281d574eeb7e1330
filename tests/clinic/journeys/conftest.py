"""A real browser on a running clinic. `page_of(user)` is a page in which that person is signed in.

    def test_…(site, page_of):
        clinic = make_clinic("harbor", "Harbor")          # `site` commits: rows are made in the test
        page = page_of(make_person(clinic, "Alice Archer", "practitioner"))
        page.goto(f"{site}/c/harbor/…/")
        assert_accessible(page)                           # from clinic.journeys.accessibility
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, expect

from clinic.people import signed_in
from tests.browser import launched
from waterneedle.clinic.accounts.models import User

expect.set_options(timeout=15_000)  # of waiting for what comes: a busy machine is no fault of a page


@pytest.fixture(scope="session")
def browser(driver: Playwright) -> Iterator[Browser]:
    chromium = launched(driver, "--disable-gpu")
    yield chromium
    chromium.close()


@pytest.fixture(scope="session")
def keeping_pages(driver: Playwright) -> Iterator[Browser]:
    """A browser that keeps whole pages to go back to, as those at work do; playwright turns that off."""
    chromium = launched(driver, "--disable-gpu", ignore_default_args=["--disable-back-forward-cache"])
    yield chromium
    chromium.close()


@pytest.fixture
def page_of(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """A page of a browser of its own, signed in as the given person or as nobody. What its console reports fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def page_of(user: User | None, *, within: Browser = browser, **options: object) -> Page:
        context = within.new_context(locale="en-US", viewport={"width": 1280, "height": 860}, **options)
        contexts.append(context)
        if user is not None:
            cookie = signed_in(user).cookies[settings.SESSION_COOKIE_NAME]
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "domain": urlsplit(site).hostname, "path": "/"}])
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: _complain(message, complaints))
        return page

    yield page_of
    for context in contexts:
        context.close()
    assert complaints == []


def _complain(message: ConsoleMessage, complaints: list[str]) -> None:
    # An answer of 4xx is reported by the browser as an error; whether it should be one, the journey says.
    if message.type == "error" and "Failed to load resource" not in message.text:
        complaints.append(message.text)
