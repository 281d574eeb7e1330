"""Numbers that stand for people and rows, how far dates are moved, and where scores end: all by HMAC-SHA-256 (RFC 2104).

Who holds the key of the clinic finds the person again, which is what a recall needs; nobody else can. The same key gives the same
pseudonyms in every extract, so that a later one replaces an earlier.
"""
from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

MAX_SHIFT_DAYS = 180
LAST_CUT = 12  # visits
CUT_OF_256 = 26  # about one in ten, at each visit before
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

    def shift_days(self, uid: str) -> int:
        """How far the days of one patient's courses, or of one visit, are moved: from -180 to 180 and never 0."""
        place = int.from_bytes(self._digest("shift", uid)[:8], "big") % (2 * MAX_SHIFT_DAYS)
        return place - MAX_SHIFT_DAYS if place < MAX_SHIFT_DAYS else place - MAX_SHIFT_DAYS + 1

    def cut(self, patient_uid: str) -> int:
        """The visit until which a patient's scores are told: at each from the first on one in ten ends (26 of 256), and at the
        12th all. It depends on nothing about the person, so that it says nothing of how relief comes."""
        drawn = self._digest("cut", patient_uid)
        return next((visit for visit in range(1, LAST_CUT) if drawn[visit] < CUT_OF_256), LAST_CUT)

    def _digest(self, kind: str, uid: str) -> bytes:
        return hmac.new(self.key, f"{kind}\0{uid}".encode(), hashlib.sha256).digest()
