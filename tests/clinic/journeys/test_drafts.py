"""Drafts that save themselves, and words that are not left behind: the scripts of the room web, in a page made for it."""
from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page

_FORM = """async ([saved, url]) => {
    document.querySelector("main").innerHTML = `<form method="post" data-guard data-autosave="${url}">
        <input type="hidden" name="version" value="1"><label>Note <textarea name="note"></textarea></label>
        <span data-saved data-saving="Saving" data-done="Saved %s" data-failed="Not saved" data-offline="No connection"
            data-signedout="Signed out" data-conflict="Somebody else"><span>${saved}</span></span></form>`;
    (await import("web/autosave")).autosaves();
}"""


class Server:
    """What stands in for the address of the draft: answers as it is told, and keeps what it was sent."""

    def __init__(self, page: Page) -> None:
        self.status, self.bodies = 200, []
        page.route("**/draft/", self.answer)

    def answer(self, route) -> None:
        if self.status == 0:
            route.abort()
            return
        self.bodies.append(route.request.post_data)
        route.fulfill(status=self.status, content_type="application/json", body=json.dumps({"version": 2, "at": "14:03"}))


@pytest.fixture
def draft(site, page_of):
    page = page_of(None)
    page.goto(f"{site}/preferences/")
    server = Server(page)
    page.evaluate(_FORM, ["", "/draft/"])
    return page, server


def said(page: Page, words: str) -> None:
    page.locator("[data-saved]").get_by_text(words).wait_for()


def test_a_draft_is_saved_after_the_last_change_and_carries_the_version_on(draft):
    page, server = draft
    page.get_by_label("Note").type("knee, left", delay=20)
    said(page, "Saved 14:03")
    page.get_by_label("Note").type(" side")
    page.wait_for_function("document.querySelector('[name=version]').value === '2'")
    with page.expect_response("**/draft/"):
        pass

    assert len(server.bodies) == 2
    assert "knee, left side" in server.bodies[1]
    assert 'name="version"\r\n\r\n2' in server.bodies[1]


def test_without_a_connection_the_words_stay_and_are_sent_when_it_is_back(draft):
    page, server = draft
    server.status = 0
    page.get_by_label("Note").fill("knee")
    said(page, "No connection")
    server.status = 200
    page.evaluate("dispatchEvent(new Event('online'))")
    said(page, "Saved 14:03")

    assert "knee" in server.bodies[0]


def test_a_form_that_is_sent_while_a_draft_is_on_its_way_is_sent_after_it_with_its_version(draft):
    page, _ = draft
    page.evaluate("""() => {
        const form = document.querySelector("form[data-autosave]"), sends = window.fetch;
        form.insertAdjacentHTML("beforeend", '<button name="go" value="on">Next</button>');
        window.fetch = (...draft) => new Promise((arrive) => { window.arrive = arrive; }).then(() => sends(...draft));
        window.sent = [];
        form.addEventListener("submit", (event) => {
            if (event.defaultPrevented) return;
            event.preventDefault();
            window.sent.push(new URLSearchParams(new FormData(form, event.submitter)).toString());
        });
    }""")
    page.get_by_label("Note").fill("knee")
    said(page, "Saving")
    page.get_by_role("button", name="Next").click()
    assert page.evaluate("window.sent") == []

    page.evaluate("window.arrive()")
    said(page, "Saved 14:03")

    assert page.evaluate("window.sent") == ["version=2&note=knee&go=on"]


def test_when_somebody_else_has_saved_nothing_is_overwritten(draft):
    page, server = draft
    server.status = 409
    page.get_by_label("Note").fill("knee")
    said(page, "Somebody else")
    server.status = 200
    page.get_by_label("Note").fill("hip")
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_timeout(1300)  # longer than a save would wait for

    assert len(server.bodies) == 1
    assert page.get_by_label("Note").input_value() == "hip"


def test_a_page_with_words_that_are_not_sent_asks_before_it_goes(draft):
    page, _server = draft
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_label("Note").type("knee")
    page.reload()

    assert asked == ["beforeunload"]
