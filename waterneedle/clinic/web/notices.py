"""What a page says after something was done, and the way back from it.

`undoable(request, _("Vial discarded."), undo=reverse(…))` shows a toast for ten seconds with a button that posts to `undo`. A
page never asks "are you sure?" first. Texts name no patient: they outlive the page they belong to.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest

_UNDO = "undo:"


@dataclass(frozen=True)
class Shown:
    """Where a message shows (`toast` or at the top), how grave it is, and the address that takes it back."""

    text: str
    severity: str  # block, warn, note, ok
    toast: bool
    undo: str


_SEVERITY = {messages.ERROR: "block", messages.WARNING: "warn", messages.INFO: "note", messages.SUCCESS: "ok"}


def undoable(request: HttpRequest, text: str, *, undo: str) -> None:
    """Say that something was done, with a way back: `undo` is an address that takes a POST."""
    if not undo.startswith("/") or undo.startswith("//"):
        raise ValueError(f"undo must be an address of this site, got {undo!r}")
    messages.success(request, text, extra_tags=_UNDO + undo)


def shown(message: Any) -> Shown:
    tags = message.extra_tags or ""
    undo = tags.removeprefix(_UNDO) if tags.startswith(_UNDO) else ""
    severity = _SEVERITY.get(message.level, "note")
    return Shown(str(message), severity, severity in ("note", "ok"), undo)
