"""The secret part of a link in a letter: who holds it may follow the link; only its hash is kept."""
from __future__ import annotations

import hashlib
import secrets


def new() -> str:
    """256 bits, in characters that an address may hold."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """What is kept: a token cannot be guessed, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
