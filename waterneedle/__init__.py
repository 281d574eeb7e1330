"""Waterneedle: sourced knowledge, dosage and the safety check for acupuncture injection therapy.

>>> import waterneedle
>>> waterneedle.check({"date": "2026-11-22", "patient": {}, "injections": []}).verdict
'warn'
"""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"
__all__ = ["InvalidDocument", "check", "triage"]

_PLACES = {
    "check": "waterneedle.safety.check",
    "triage": "waterneedle.safety.triage",
    "InvalidDocument": "waterneedle.safety.documents",
}


def __getattr__(name: str) -> Any:
    """`check`, `triage` and `InvalidDocument`, imported when they are asked for; nothing inside imports this module."""
    if name not in _PLACES:
        raise AttributeError(f"module 'waterneedle' has no attribute {name!r}")
    import importlib  # late: only for who asks

    return getattr(importlib.import_module(_PLACES[name]), name)
