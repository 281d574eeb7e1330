"""The keys that sign certificates: made once for a clinic, sealed in the database, rotated; public halves stay published.

The identifier of a clinic is a did:web: it leads anybody to its document at a public address of this installation.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.accounts.sealing import seal, unseal
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.who import Person, machine
from waterneedle.clinic.training.models import SigningKey

ALGORITHM = "ES256"


def did_of(clinic: Clinic) -> str:
    """The did:web of a clinic, from the public address of this installation. A did:web is always read through https."""
    # late: slow (openbadgeslib)
    from openbadgeslib.ob3.did import did_web_from_url

    host = urlsplit(settings.PUBLIC_URL).netloc
    path = reverse("training_did", kwargs={"slug": clinic.slug}).removesuffix("did.json")
    return did_web_from_url(f"https://{host}{path}")


def status_url(clinic: Clinic) -> str:
    """Where the list of revocations of a clinic is published."""
    return settings.PUBLIC_URL + reverse("training_status", kwargs={"slug": clinic.slug})


def signing_key(clinic: Clinic, by: Person | None = None) -> SigningKey:
    """The key that signs for `clinic` now; the first time, a new one."""
    found = SigningKey.objects.filter(clinic=clinic, retired_at=None).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return _make(clinic, by)
    except IntegrityError:  # somebody else was first
        return SigningKey.objects.get(clinic=clinic, retired_at=None)


@transaction.atomic
def rotate(clinic: Clinic, by: Person) -> SigningKey:
    """A new key signs from now on. What the old one signed still verifies: its public half stays published."""
    list(SigningKey.objects.select_for_update().filter(clinic=clinic, retired_at=None))
    SigningKey.objects.filter(clinic=clinic, retired_at=None).update(retired_at=timezone.now())
    return _make(clinic, by)


def private_pem(key: SigningKey) -> bytes:
    return unseal(key.sealed).encode()


def public_pem(key: SigningKey) -> bytes:
    # late: slow (cryptography's elliptic curves, and PyJWT)
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
    from jwt.algorithms import ECAlgorithm

    return ECAlgorithm.from_jwk(json.dumps(key.public)).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def did_document(clinic: Clinic) -> dict[str, Any] | None:
    """What the clinic publishes: every key that ever signed, the present one first. None before the first one is made."""
    # late: slow (openbadgeslib)
    from openbadgeslib.ob3.did import build_did_document

    did = did_of(clinic)
    keys = SigningKey.objects.filter(clinic=clinic, did=did).order_by("-made_at", "-pk")
    methods = [(str(one.uid), one.public) for one in keys]
    return build_did_document(did, methods) if methods else None


def new_pair() -> tuple[bytes, dict[str, Any]]:
    """A private half in PEM, and its public one as a JWK."""
    # late: slow (openbadgeslib)
    from openbadgeslib.keys import KeyFactory, KeyType, public_jwk_from_pem

    private, public = KeyFactory(KeyType.ECC).generate_keypair()
    return private, public_jwk_from_pem(public)


def _make(clinic: Clinic, by: Person | None) -> SigningKey:
    private, public = new_pair()
    key = SigningKey.objects.create(clinic=clinic, did=did_of(clinic), public=public, sealed=seal(private.decode()))
    audit.append(by=by or machine("training", clinic), action="create", kind="signing key", uid=key.uid)
    return key
