"""The keys of the trail: outside the database, in one file that only its owner may read, or in the environment.

The file is made once, with mode 0600, when the first key is asked for. It holds every secret that ever linked a row
(a row names its key), and the Ed25519 key that signs the heads. Rotation adds a key; an old one is never taken away,
or its rows could not be checked.

Settings: `AUDIT_KEYS` (the document itself, from a secret store) before `AUDIT_KEY_FILE` (where it lies).
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Key(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One secret of 32 bytes in hexadecimal, and the day it came into use."""

    id: int
    made_at: datetime
    secret: str


class Keyring(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the file holds: secrets that link rows, the last of them in use, and the secret that signs heads."""

    format: str = "waterneedle keys 1"
    keys: tuple[Key, ...]
    signing: Key

    @property
    def current_id(self) -> int:
        return self.keys[-1].id

    @property
    def secrets(self) -> Mapping[int, bytes]:
        """Every secret by its id."""
        return {key.id: bytes.fromhex(key.secret) for key in self.keys}

    @property
    def signing_key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self.signing.secret))

    @property
    def public_key(self) -> str:
        """The key that checks signed heads, in hexadecimal; not secret, to be kept where the heads are kept."""
        raw = self.signing_key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return raw.hex()


msgspec.json.Decoder(Keyring)  # met here, where one thread imports: see `knowledge/store.py`


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """A keyring unpacked for use on every write."""

    ring: Keyring
    current_id: int
    current: bytes
    secrets: Mapping[int, bytes]


def ready() -> Ready:
    """The keys in use: read once a process, made if there are none yet."""
    return _ready(getattr(settings, "AUDIT_KEYS", "") or "", str(settings.AUDIT_KEY_FILE))


def forget() -> None:
    """Read the keys again when next asked for."""
    _ready.cache_clear()
    derived.cache_clear()


def rotate(now: datetime) -> int:
    """Add a key to the file and put it to use; the id of the new key. Servers that run take it when they start again."""
    path = Path(settings.AUDIT_KEY_FILE)
    if getattr(settings, "AUDIT_KEYS", ""):
        raise ValueError("the keys come from the environment (AUDIT_KEYS): add the new key there")
    ring = _read(path)
    new = _new_key(ring.current_id + 1, now)
    _write(path, msgspec.structs.replace(ring, keys=(*ring.keys, new)), replace=True)
    forget()
    return new.id


@lru_cache(maxsize=64)
def derived(purpose: str, key_id: int) -> bytes:
    """A key of 32 bytes for another purpose, derived from the secret `key_id` (HKDF-SHA-256, RFC 5869)."""
    info = f"waterneedle {purpose}".encode()
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(ready().secrets[key_id])


@lru_cache(maxsize=8)
def _ready(document: str, path: str) -> Ready:
    ring = msgspec.json.decode(document, type=Keyring) if document else _read_or_make(Path(path))
    return Ready(ring=ring, current_id=ring.current_id, current=ring.secrets[ring.current_id], secrets=ring.secrets)


def _read_or_make(path: Path) -> Keyring:
    if not path.exists():
        now = datetime.now(UTC)
        _write(path, Keyring(keys=(_new_key(1, now),), signing=_new_key(1, now)), replace=False)
    return _read(path)


def _read(path: Path) -> Keyring:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise PermissionError(f"{path} can be read by others (mode {mode:o}): chmod 600 {path}")
    return msgspec.json.decode(path.read_bytes(), type=Keyring)


def _new_key(key_id: int, now: datetime) -> Key:
    return Key(id=key_id, made_at=now, secret=secrets.token_hex(32))


def _write(path: Path, ring: Keyring, *, replace: bool) -> None:
    """Write the whole file beside its place and move it there. Without `replace` the first of two writers wins, and
    both read its file.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(ring)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        if replace:
            beside.replace(path)
        else:
            _link_unless_there(beside, path)
        _flush_folder(path.parent)
    finally:
        beside.unlink(missing_ok=True)


def _link_unless_there(beside: Path, path: Path) -> None:
    try:
        path.hardlink_to(beside)
    except FileExistsError:
        return


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
