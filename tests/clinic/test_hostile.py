"""Whatever is typed into any form stays text: on the answer, on every page afterwards, in a file; and nothing breaks.

The forms are those that pages really show, found by walking through the URL table: a new page is covered without a line here.
"""
from __future__ import annotations

import re

import pytest
from django.urls import reverse

from clinic.html_forms import Page
from clinic.people import signed_in
from clinic.world import make_world
from waterneedle.clinic.accounts.routes import routes

STAFF = [one for one in routes() if one.declared.kind == "staff"]
TAG = "wnhostile"
HOSTILE = {
    "script": f"'\"><{TAG} onload=a()>",
    "template and SQL": "x'); DROP TABLE a;--{{7|add:8641975230}}{%x%}",
    "right to left": "\u202e\u2066gnp.exe",
    "NUL": "a\x00b",
    "half a character": "a\ud800b",
    "long": "x" * 100_000,
}
FILTERS = ("q", "sort", "order", "page", "day", "since", "until", "what", "person", "state", "next", "lang", "gtin", "kind")
SIGNS_OUT = re.compile(r"/sign-out/|/account/|/own/")


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def everybody(world):
    """A browser of somebody who may do everything in the clinic."""
    browser = signed_in(world.here.access.user)
    browser.raise_request_exception = False
    return browser


def address(route, world):
    return reverse(route.name, kwargs=world.here.arguments(route))


def seen(answer, where):
    """The page of an answer, which is no error of ours and in which nothing hostile has come alive."""
    assert answer.status_code < 500, (where, answer.status_code)
    if answer.streaming or not answer.headers.get("Content-Type", "").startswith("text/html"):
        return None
    content = answer.content.decode(answer.charset)
    page = Page(where, content)
    assert TAG not in page.tags and page.handlers == [], where
    assert "8641975237" not in content, f"{where}: a template in a text was drawn"
    return page


def forms_on(page):
    return [] if page is None else [one for one in page.forms if not SIGNS_OUT.search(one.address)]


def typed_into(forms):
    """Those that are sent to be kept, and take a text."""
    return [one for one in forms if one.method == "post" and any(part.takes_text for part in one.fields)]


@pytest.mark.parametrize("route", STAFF, ids=lambda route: route.name)
def test_hostile_texts_stay_texts_and_hostile_filters_narrow_nothing(route, world, everybody):
    where = address(route, world)
    answer = everybody.get(where)
    page = seen(answer, where)
    if asks_its_address(answer):
        filter_by_hostile_texts(where, page, everybody)
    forms = typed_into(forms_on(page))
    for form in forms:
        for name, text in HOSTILE.items():
            seen(everybody.post(form.address, form.filled(_sendable(text))), f"{form.address}: {name}")
        seen(everybody.post(form.address, form.filled(HOSTILE["script"], numbers=True)), f"{form.address}: a script for a number")
    if forms:
        seen(everybody.get(where), f"{where} afterwards")


def asks_its_address(answer):
    """Whether anything looked at what stands behind the question mark. Most pages do not: Django reads it when asked for it."""
    return "GET" in vars(answer.wsgi_request)


def filter_by_hostile_texts(where, page, browser):
    own = {one.name for form in page.forms if form.method == "get" for one in form.fields} if page else set()
    for text in (*list(HOSTILE.values())[:-1], "-1", "id", "password", "99999999999999999999", "created_at;--"):
        seen(browser.get(where, dict.fromkeys(own | set(FILTERS), _sendable(text))), f"{where}: {text}")
    for name in own | {"q", "sort", "page"}:
        seen(browser.get(where, {name: HOSTILE["NUL"]}), f"{where}: {name}")


def test_what_was_typed_everywhere_is_harmless_everywhere(world, everybody):
    """All forms of the product in one clinic, then all its pages."""
    pages = [address(route, world) for route in STAFF]
    kept = 0
    for where in pages:
        for form in typed_into(forms_on(seen(everybody.get(where), where))):
            for name in ("script", "template and SQL"):
                kept += everybody.post(form.address, form.filled(HOSTILE[name])).status_code in (200, 302, 303)
    # The test would prove nothing if no form took anything.
    assert kept >= 10
    shown = 0
    for where in pages:
        answer = everybody.get(where)
        seen(answer, where)
        shown += not answer.streaming and f"&lt;{TAG}" in answer.content.decode("utf-8", "replace")
    assert shown >= 3


def _sendable(text):
    """As a client may send it; half a character is no UTF-8, and goes as the bytes that a broken client would send."""
    return text.encode("utf-8", "surrogatepass")
