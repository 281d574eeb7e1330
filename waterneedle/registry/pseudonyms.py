"""Numbers that stand for people and rows, and how far the dates of a person are moved: both by HMAC-SHA-256 (RFC 2104).

Who holds the key of the clinic finds the person again, which is what a recall needs; nobody else can. The same key gives the same
pseudonyms in every extract, so that a later one replaces an earlier.
"""
from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

MAX_SHIFT_DAYS = 180
_SHORTEST_KEY = 32  # bytes


@dataclass(frozen=True)
class Pseudonyms:
    key: bytes

    def __post_init__(self) -> None:
        if len(self.key) < _SHORTEST_KEY:
            raise ValueError(f"the key must have {_SHORTEST_KEY} bytes or more, got {len(self.key)}")

    def number(self, kind: str, uid: str) -> int:
        """A number from 0 to 2⁶³ - 1 that stands for one row of a `kind`."""
        return int.from_bytes(self._digest(kind, uid)[:8], "big") >> 1

    def clinic(self, name: str) -> str:
        return "c" + self._digest("clinic", name)[:6].hex()

    def shift_days(self, patient_uid: str) -> int:
        """How far all dates of a patient are moved: the same for all, from -180 to 180 and never 0."""
        place = int.from_bytes(self._digest("shift", patient_uid)[:8], "big") % (2 * MAX_SHIFT_DAYS)
        return place - MAX_SHIFT_DAYS if place < MAX_SHIFT_DAYS else place - MAX_SHIFT_DAYS + 1

    def _digest(self, kind: str, uid: str) -> bytes:
        return hmac.new(self.key, f"{kind}\0{uid}".encode(), hashlib.sha256).digest()
