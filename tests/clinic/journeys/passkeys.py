"""A device that holds passkeys, in the browser of a journey."""

from __future__ import annotations

from playwright.sync_api import Page

from clinic.people import PASSWORD


def with_passkeys(page: Page) -> None:
    """A device in this browser that holds passkeys and says yes."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True}})


def add_passkey(page: Page, site: str) -> None:
    """As the person would on the page of their account, who is signed in and proves once more who they are."""
    page.goto(f"{site}/account/second-factor/passkeys/add/")
    page.locator("input[type=password]").fill(PASSWORD)
    with page.expect_navigation():  # the button works once the page is loaded whole
        page.locator("input[type=password]").press("Enter")
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(lambda url: "/add/" not in url)
