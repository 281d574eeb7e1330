"""A scanner at the keyboard: it types a code and Enter, and each key has the time at which the device sent it."""

from __future__ import annotations

import time

from playwright.sync_api import Page

BETWEEN_S, SLOW_S = 0.005, 0.09


def scan(page: Page, code: str, between_s: float = BETWEEN_S) -> None:
    keyboard, begun = page.context.new_cdp_session(page), time.time()
    keys = [{"key": sign, "text": sign} for sign in code]
    keys.append({"key": "Enter", "code": "Enter", "text": "\r", "windowsVirtualKeyCode": 13})
    for number, key in enumerate(keys):
        for kind in ("keyDown", "keyUp"):
            at = begun + number * between_s
            said = key if kind == "keyDown" else {name: value for name, value in key.items() if name != "text"}
            keyboard.send("Input.dispatchKeyEvent", {"type": kind, "timestamp": at, **said})
