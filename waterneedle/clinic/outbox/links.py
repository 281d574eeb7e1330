"""Links that open one thing, for one patient, once.

    secret = issue(clinic=clinic, purpose="check-in", patient=patient, about=visit.uid, expires_at=…)
    link = find(secret, purpose="check-in", now=now)           # None: unknown, used, taken back, or too old
    use(link, patient=patient, now=now)                        # False: somebody else was first

The secret is 256 random bits and stands in the address alone; the database holds its hash. A room that sends one makes
it in the same transaction as the letter, so that there is never a second one for the same letter.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.outbox.models import ALARM, Link
from waterneedle.clinic.patients.queries import has_come_of_age


def issue(
    *, clinic: Clinic, purpose: str, patient: Any, expires_at: datetime, about: object = "", language: str = ""
) -> str:
    """A new link; its secret, which is kept nowhere."""
    secret = secrets.token_urlsafe(32)
    Link.objects.create(
        clinic=clinic, hash=_hash(secret), purpose=purpose, patient=patient, about=str(about), expires_at=expires_at,
        language=language)
    return secret


def find(secret: str, *, purpose: str, now: datetime) -> Link | None:
    """The link with this secret, if it is for `purpose` and still opens."""
    found = _open(now).filter(hash=_hash(secret), purpose=purpose).select_related("clinic", "patient").first()
    return None if found is not None and is_outgrown(found, now) else found


def is_outgrown(link: Link, now: datetime) -> bool:
    """Whether it was made for who spoke for a minor, who is of age by now: from that day on it opens no more."""
    if link.patient is None or link.purpose == ALARM:
        return False
    zone = link.clinic.tzinfo
    return has_come_of_age(link.patient, since=link.made_at.astimezone(zone).date(), day=now.astimezone(zone).date())


def known(secret: str, *, purpose: str) -> Link | None:
    """The link with this secret, whether or not it opens: for a room that shows what came of it."""
    return Link.objects.filter(hash=_hash(secret), purpose=purpose).select_related("clinic", "patient").first()


def clinic_of(secret: str) -> Clinic | None:
    """Whose link this is or was, whatever it was for; None for what nobody made."""
    found = Link.objects.filter(hash=_hash(secret)).select_related("clinic").first()
    return found and found.clinic


def use(link: Link, *, patient: Any, now: datetime) -> bool:
    """Use `link` up for `patient`; False if it does not open, or not for them. Of two at once one wins."""
    return bool(_open(now).filter(pk=link.pk, patient=patient).update(used_at=now))


@transaction.atomic
def revoke(*, patient: Any, purpose: str, about: object = "", now: datetime) -> int:
    """Take back what is open of `purpose` for `patient` (and about one thing, if named); how many links that were."""
    links = _open(now).filter(clinic=patient.clinic, patient=patient, purpose=purpose)
    return links.filter(**({"about": str(about)} if about else {})).update(revoked_at=now)


def revoke_all(*, patient: Any, records: Sequence[int], now: datetime) -> int:
    """Take back every link that is open for the patient with these records, but for those that call whoever is on call."""
    links = _open(now).filter(clinic=patient.clinic, patient_id__in=records).exclude(purpose=ALARM)
    return links.update(revoked_at=now)


def _open(now: datetime) -> QuerySet[Link]:
    return Link.objects.filter(used_at=None, revoked_at=None, expires_at__gt=now)


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
