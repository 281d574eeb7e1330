"""Is this certificate genuine, and in force: of a row, of a token, and of a file that somebody hands in.

A token counts when every character of it is as it was signed: its signature holds, and it is the very one that was issued.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import hashlib
import json
import struct
import zlib
from typing import Any, Literal
from uuid import UUID

import msgspec

from waterneedle.clinic.training.badge import as_json
from waterneedle.clinic.training.keys import ALGORITHM, public_pem
from waterneedle.clinic.training.models import IssuedCertificate, SigningKey

State = Literal["valid", "expired", "revoked", "unknown"]
LARGEST_FILE_BYTES = 5 * 1024 * 1024
PNG = b"\x89PNG\r\n\x1a\n"


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it. `unknown`: no certificate of this installation, or not as it was issued."""

    state: State
    certificate: Any = None

    @property
    def is_valid(self) -> bool:
        return self.state == "valid"


UNKNOWN = Verdict(state="unknown")


class NoBadge(ValueError):
    """The file holds no certificate that could be read."""


def state_of(certificate: IssuedCertificate, now: datetime.datetime) -> State:
    """What it is at that moment: at `valid_until` it is good no more."""
    if certificate.paper.withdrawn_at is not None:
        return "revoked"
    if certificate.valid_until is not None and now >= certificate.valid_until:
        return "expired"
    return "valid"


def by_code(code: str, now: datetime.datetime) -> Verdict:
    """The certificate behind a public address. One whose row was altered is as good as unknown."""
    row = _rows().filter(code=code).first()
    return UNKNOWN if row is None else by_token(row.badge, now)


def by_token(token: str, now: datetime.datetime) -> Verdict:
    """What the token is. Its signature must hold under a key of this installation, and it must be what was issued."""
    payload = _signed_by_us(token)
    if payload is None:
        return UNKNOWN
    row = _rows().filter(uid=uid_of(payload)).first()
    if row is None or row.hash != hashed(token):
        return UNKNOWN
    return Verdict(state=state_of(row, now), certificate=row)


def by_file(content: bytes, now: datetime.datetime) -> Verdict:
    """What a file is: a picture with a token in it, a token, or a token in JSON."""
    try:
        return by_token(token_in(content), now)
    except NoBadge:
        return UNKNOWN


def token_in(content: bytes) -> str:
    """The token in a file. Raises NoBadge; a picture with a byte changed anywhere holds none."""
    if len(content) > LARGEST_FILE_BYTES:
        raise NoBadge("too large")
    if content.startswith(PNG):
        return _in_picture(content)
    try:
        text = content.decode("ascii").strip()
    except UnicodeDecodeError:
        raise NoBadge("neither a picture nor a text") from None
    return _in_json(text) if text.startswith("{") else text


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def is_of(payload: dict[str, Any], *, name: str, email: str) -> bool:
    """Whether a credential is made out to this person: by what it says of its holder, all of which must fit."""
    subject = payload.get("credentialSubject")
    subject = subject[0] if isinstance(subject, list) and subject else subject
    if not isinstance(subject, dict):
        return False
    listed = subject.get("identifier")
    said = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    fits = [_fits(one, name, email) for one in said]
    identity = subject.get("id")
    if isinstance(identity, str) and identity.startswith("mailto:"):
        fits.append(identity.removeprefix("mailto:").casefold() == email.casefold())
    known = [one for one in fits if one is not None]
    return bool(known) and all(known)


def _fits(identifier: dict[str, Any], name: str, email: str) -> bool | None:
    kind, value = identifier.get("identityType"), str(identifier.get("identityHash", ""))
    meant = {"name": " ".join(name.split()).casefold(), "emailAddress": email.casefold()}.get(str(kind))
    if meant is None:
        return None
    if not identifier.get("hashed"):
        return " ".join(value.split()).casefold() == meant
    digest = hashlib.sha256((meant + str(identifier.get("salt") or "")).encode()).hexdigest()
    return value == f"sha256${digest}"


def _rows() -> Any:
    return IssuedCertificate.objects.select_related("paper", "clinic", "enrolment__course", "key", "issued_by")


def uid_of(payload: dict[str, Any]) -> UUID | None:
    try:
        return UUID(str(payload.get("jti", "")).removeprefix("urn:uuid:"))
    except ValueError:
        return None


def _signed_by_us(token: str) -> dict[str, Any] | None:
    """What the token says, if a key of this installation has signed it. When it ends is not asked here."""
    # late: slow (openbadgeslib and PyJWT)
    import jwt

    if not is_canonical(token):
        return None
    try:
        header = jwt.get_unverified_header(token)
        did, _hash, uid = str(header.get("kid", "")).partition("#")
        key = SigningKey.objects.filter(uid=UUID(uid), did=did).first()
        if key is None:
            return None
        return jwt.decode(token, public_pem(key), algorithms=[ALGORITHM],
                          options={"verify_exp": False, "verify_nbf": False, "verify_aud": False})
    except (jwt.exceptions.PyJWTError, ValueError, RecursionError):
        return None


def is_canonical(token: str) -> bool:
    """Whether each part is base64url in its one right form: else the last letter of a part could differ and mean the same."""
    parts = token.split(".")
    if len(parts) != 3 or not token.isascii():
        return False
    try:
        return all(
            base64.urlsafe_b64encode(base64.b64decode(part + "=" * (-len(part) % 4), b"-_", validate=True)).rstrip(b"=")
            == part.encode() for part in parts)
    except (binascii.Error, ValueError):
        return False


def _in_picture(content: bytes) -> str:
    """The token in a PNG that is whole."""
    # late: slow (openbadgeslib)
    from openbadgeslib.errors import LibOpenBadgesException
    from openbadgeslib.ob3.verifier import OB3Verifier

    if not is_whole(content):
        raise NoBadge("a checksum does not fit, or something is missing or follows")
    try:
        return OB3Verifier.extract_token_from_png(content)
    except LibOpenBadgesException as wrong:
        raise NoBadge(str(wrong)) from wrong


def is_whole(picture: bytes) -> bool:
    """Whether every chunk of a PNG has its checksum, and nothing is missing and nothing follows (PNG specification, 5.3)."""
    place, kind = len(PNG), b""
    while place < len(picture):
        if place + 12 > len(picture):
            return False
        (length,) = struct.unpack(">I", picture[place : place + 4])
        kind, end = picture[place + 4 : place + 8], place + 12 + length
        if end > len(picture) or struct.unpack(">I", picture[end - 4 : end])[0] != zlib.crc32(picture[place + 4 : end - 4]):
            return False
        place = end
    return kind == b"IEND"


def _in_json(text: str) -> str:
    try:
        said = json.loads(text)
        token = said["id"].partition(",")[2]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise NoBadge("not the JSON of a certificate") from None
    if said != as_json(token):
        raise NoBadge("not the JSON of a certificate")
    return token
