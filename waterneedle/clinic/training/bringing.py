"""A certificate from elsewhere: its file, who vouched for it, and what can be told of it without asking another server.

A file that gives itself out as an Open Badge and cannot be read as one was altered, and is refused: it is not kept as an
ordinary picture or text that somebody vouches for.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.practitioners import actions as practitioners
from waterneedle.clinic.practitioners.models import Certificate, Practitioner
from waterneedle.clinic.training import verifying
from waterneedle.clinic.training.certifying import NotCertified
from waterneedle.clinic.training.models import Evidence, IssuedCertificate, SigningKey

UNREADABLE = (b"%PDF-", b"\xff\xd8\xff")  # these hold no badge
HOLDS, UNCHECKED = "signature holds", "not checked"
_WAYS = ("ES256", "ES384", "RS256", "EdDSA")  # of signing, under the key that a header holds


@transaction.atomic
def bring(
    *, practitioner: Practitioner, fields: dict[str, Any], name: str, content_type: str, content: bytes, by: Person
) -> Certificate:
    """Enter a certificate from elsewhere with its file; `by` vouches for it. Raises OwnPaper and NotCertified.

    A file that is an Open Badge must be made out to this person, not expired, and not brought by anybody else; where its key can
    be had without asking another server, its signature must hold.
    """
    badge_id, checked = of_badge(practitioner, content)
    if badge_id and Evidence.objects.filter(clinic_id=practitioner.clinic_id, badge_id=badge_id).exists():
        raise NotCertified(gettext("this certificate was brought before"))
    paper = practitioners.add_paper(practitioner=practitioner, kind="certificate", fields=fields, by=by)
    made = Evidence.objects.create(
        clinic_id=practitioner.clinic_id, paper=paper, name=name[-160:], content_type=content_type, content=content,
        hash=hashlib.sha256(content).hexdigest(), badge_id=badge_id, checked=checked, vouched_by=by.user)
    audit.append(by=by, action="vouch", kind="evidence", uid=made.uid, after=bytes.fromhex(made.hash),
                 detail={"practitioner": str(practitioner.uid), "checked": checked})
    return paper


def of_badge(practitioner: Practitioner, content: bytes) -> tuple[str, str]:
    """(id of the credential, what came of its signature) of an Open Badge; two empty texts for a PDF or a picture.

    Raises NotCertified where it is somebody else's, has ended, or is not as it was signed.
    """
    # late: slow (PyJWT)
    import jwt

    if content.startswith(UNREADABLE) or is_plain_picture(content):
        return "", ""
    try:
        token = verifying.token_in(content)
        header = jwt.get_unverified_header(token)
        said = jwt.decode(token, options={"verify_signature": False})
    except (verifying.NoBadge, jwt.exceptions.PyJWTError, ValueError, RecursionError):
        raise NotCertified(gettext("this is no Open Badge as it was signed")) from None
    if not verifying.is_of(said, name=practitioner.user.name, email=practitioner.user.email):
        raise NotCertified(gettext("this certificate is made out to somebody else"))
    if isinstance(said.get("exp"), int | float) and said["exp"] <= timezone.now().timestamp():
        raise NotCertified(gettext("this certificate has ended"))
    return str(said.get("jti", ""))[:255], _checked(token, header, said)


def is_plain_picture(content: bytes) -> bool:
    """Whether it is a whole PNG that does not give itself out as a badge."""
    return content.startswith(verifying.PNG) and verifying.is_whole(content) and b"openbadge" not in content


def _checked(token: str, header: dict[str, Any], said: dict[str, Any]) -> str:
    """What came of its signature. Raises NotCertified where it does not hold, or the badge is one of ours and counts no more."""
    # late: slow (openbadgeslib)
    from openbadgeslib.errors import LibOpenBadgesException
    from openbadgeslib.ob3.verifier import OB3Verifier

    issuer, signer = str(said.get("iss", "")), str(header.get("kid", "")).partition("#")[0]
    uid = verifying.uid_of(said)
    if SigningKey.objects.filter(did__in=(issuer, signer)).exists() or IssuedCertificate.objects.filter(uid=uid).exists():
        if not verifying.by_token(token, timezone.now()).is_valid:
            raise NotCertified(gettext("the signature of this certificate does not hold, or it was revoked"))
        return HOLDS
    if issuer.startswith("did:key:"):
        try:
            OB3Verifier.for_issuer_did(issuer).verify(token)
        except (LibOpenBadgesException, ValueError) as wrong:
            raise NotCertified(gettext("the signature of this certificate does not hold")) from wrong
        return HOLDS
    if (signer.startswith("did:") and signer != issuer) or not _holds_under_its_own_key(token, header):
        raise NotCertified(gettext("the signature of this certificate does not hold"))
    return UNCHECKED


def _holds_under_its_own_key(token: str, header: dict[str, Any]) -> bool:
    """Whether nothing was changed since it was signed, by the key in its own header: whose key that is stays unknown. True where
    it holds none."""
    # late: slow (PyJWT)
    import jwt

    if "jwk" not in header:
        return True
    try:
        key = jwt.PyJWK(header["jwk"], algorithm=header.get("alg"))
        jwt.decode(token, key, algorithms=_WAYS, options={"verify_exp": False, "verify_nbf": False, "verify_aud": False})
    except (jwt.exceptions.PyJWTError, ValueError, TypeError, AttributeError):
        return False
    return verifying.is_canonical(token)
