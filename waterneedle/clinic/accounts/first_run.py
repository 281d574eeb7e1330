"""The first clinic of an installation: made by whoever can read what the server prints, and by nobody else."""
from __future__ import annotations

import hmac
import os
import secrets

from waterneedle.clinic.accounts.models import User

_VARIABLE = "WATERNEEDLE_START_CODE"  # handed down to the server's workers


def is_due() -> bool:
    """Whether nobody can sign in here yet."""
    return not User.objects.exists()


def new_code() -> str:
    """A code for this start of the server, known to the processes that it starts."""
    os.environ[_VARIABLE] = code = secrets.token_hex(8)
    return code


def is_code(typed: str) -> bool:
    code = os.environ.get(_VARIABLE, "")
    return bool(code) and hmac.compare_digest(code.encode(), typed.strip().encode())
