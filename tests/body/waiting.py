"""Waiting for a page under a strict policy, which forbids playwright's own `wait_for_function` (it needs eval)."""
from __future__ import annotations

from typing import Any


def until(page: Any, test: str, arg: Any = None) -> None:
    """Waits until `test`, a JavaScript function of `arg`, is true. A page that never gets there fails after a minute."""
    page.evaluate(f"""(arg) => new Promise((done, fail) => {{
        const test = {test};
        const end = performance.now() + 60000;
        const step = () => test(arg) ? done() : performance.now() < end ? setTimeout(step, 25) : fail(new Error("never came"));
        step();
    }})""", arg)
