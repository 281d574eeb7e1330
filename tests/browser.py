"""The browser of the tests: Chromium as Debian has it, in the build without windows where that is installed. It draws the same
pages with the same engine; what it leaves out takes three quarters of the time of a short page."""
from __future__ import annotations

import shutil
from typing import Any

_BUILDS = ("chromium-headless-shell", "chromium", "google-chrome")
_QUIET = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run")


def launched(driver: Any, *arguments: str, **options: Any) -> Any:
    """A browser of playwright's `driver`, started with `arguments` besides those that keep it from asking anybody anything."""
    installed = next(filter(None, map(shutil.which, _BUILDS)), None)
    return driver.chromium.launch(executable_path=installed, args=[*_QUIET, *arguments], **options)
