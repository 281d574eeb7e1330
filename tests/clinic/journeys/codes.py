"""The code that an authenticator app shows."""
from __future__ import annotations

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

STEP_S, LEFT_S = 30, 8


def code_of(secret: str) -> str:
    """The code of `secret` now; where it is about to change, the one after it."""
    left = STEP_S - time.time() % STEP_S
    if left < LEFT_S:
        time.sleep(left)
    return format_hotp_value(hotp_value(secret, int(time.time()) // STEP_S))
