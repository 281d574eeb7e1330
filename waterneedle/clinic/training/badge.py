"""The certificate as an Open Badge 3.0: a verifiable credential in a signed token, made and read by openbadgeslib."""

from __future__ import annotations

import base64
import datetime
import secrets
from typing import Any
from uuid import UUID

import msgspec

from waterneedle.clinic.training.keys import ALGORITHM, private_pem
from waterneedle.clinic.training.models import SigningKey

SALT_BYTES = 16


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a certificate says, in values."""

    uid: UUID
    holder: str
    email: str
    course: str
    course_uid: UUID
    criteria: str
    hours: float
    issuer: str
    issuer_url: str
    status_url: str
    status_index: int
    valid_from: datetime.datetime
    valid_until: datetime.datetime | None
    jurisdiction: str


def signed(said: Said, key: SigningKey) -> str:
    """The token. It names the holder, and their address as a salted hash only."""
    # late: slow (openbadgeslib)
    from openbadgeslib.ob3.credential import Achievement, IdentityObject, Issuer, OpenBadgeCredential
    from openbadgeslib.ob3.status_list import status_entry

    credential = OpenBadgeCredential(
        id=f"urn:uuid:{said.uid}", issuer=Issuer(id=key.did, name=said.issuer, url=said.issuer_url), recipient_id=None,
        achievement=Achievement(
            id=f"urn:uuid:{said.course_uid}", name=said.course, description=said.criteria, criteria_narrative=said.criteria,
            achievement_type="Certificate", credits_available=said.hours, tags=[said.jurisdiction]),
        issuance_date=said.valid_from, expiration_date=said.valid_until, credits_earned=said.hours,
        identifiers=[
            IdentityObject.create(said.email.lower(), salt=secrets.token_hex(SALT_BYTES)),
            IdentityObject(identity_hash=said.holder, identity_type="name", hashed=False),
        ],
        credential_status=[status_entry(said.status_url, "revocation", said.status_index)])
    return token(credential.to_jwt_payload(), key)


def token(payload: dict[str, Any], key: SigningKey) -> str:
    """`payload`, signed by a key of the clinic."""
    return encoded(payload, private_pem(key), key.public, key.kid)


def encoded(payload: dict[str, Any], private: bytes, public: dict[str, Any], kid: str) -> str:
    """The compact token. Its header holds the public key, as the library's signer has it, and names it too: so that it is found
    among the others once the keys were changed."""
    # late: slow (PyJWT)
    import jwt

    return jwt.encode(payload, private, algorithm=ALGORITHM, headers={"jwk": public, "kid": kid})


def status_list(key: SigningKey, url: str, revoked: list[int], now: datetime.datetime) -> str:
    """The signed list of what is revoked. Good for a day: an old copy does not bring a certificate back for longer."""
    # late: slow (openbadgeslib)
    from openbadgeslib.ob3.status_list import build_status_list_credential

    listed = build_status_list_credential(
        key.did, url, "revocation", revoked, issued=now, valid_until=now + datetime.timedelta(days=1))
    return token(listed | {"iss": key.did, "jti": url, "nbf": int(now.timestamp())}, key)


def as_json(badge: str) -> dict[str, Any]:
    """The token in JSON, as the data model of verifiable credentials envelops one (VC Data Model 2.0, 4.12.1)."""
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": f"data:application/vc+jwt,{badge}",
        "type": "EnvelopedVerifiableCredential",
    }


def json_of(badge: str) -> bytes:
    """What the token says, in JSON. Nothing is verified."""
    body = badge.split(".")[1]
    return base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
