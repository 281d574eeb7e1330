"""Secrets in the database that must be read again (keys of authenticator apps), sealed with the key of the installation, which
lies outside of it: who has a copy of the database alone signs in as nobody.
"""
from __future__ import annotations

import base64
import functools

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

__all__ = ["InvalidToken", "seal", "unseal"]


def seal(text: str) -> str:
    return _keys(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Raises InvalidToken where the key of the installation is another one."""
    return _keys(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS).decrypt(sealed.encode()).decode()


@functools.cache
def _keys(*secrets: str) -> MultiFernet:
    """One key for each secret; the first seals, all of them open."""
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(secret))) for secret in secrets])


def _derived(secret: str) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"waterneedle second factor").derive(secret.encode())
