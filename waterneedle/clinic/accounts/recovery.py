"""Recovery codes: ten that are shown when they are made and are nowhere afterwards. Only a slow hash of each is kept.

A code is its number and twelve letters of 5 bits each, `0-k7qf-m2xa-9rcd`: the number says which hash to compare, so that a wrong
code costs one hash and not ten. They stand in the library's own row for them, of which it reads an empty list of codes and
nothing else (`migrated_codes`, its documented form for codes made elsewhere); its forms are asked through `MFA_FORMS`.
"""
from __future__ import annotations

import re
import secrets

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from waterneedle.clinic.accounts.models import User

COUNT = 10  # one digit numbers them
LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's 32: nothing that is read as another
LENGTH = 12
_READ_AS = str.maketrans({"o": "0", "i": "1", "l": "1", "-": None, " ": None})
_SHAPE = re.compile(rf"\d[{LETTERS}]{{{LENGTH}}}")


def make(user: User) -> list[str]:
    """Ten new codes as they are shown, this once; those of before open nothing any more. Slow: in no transaction."""
    made = [str(number) + "".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for number in range(COUNT)]
    hashes = {one[0]: make_password(one) for one in made}
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # two that make codes at one moment queue here
        Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES).delete()
        Authenticator.objects.create(
            user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES, data={"migrated_codes": [], "hashes": hashes})
    return [_shown(one) for one in made]


def use(user: User, typed: str) -> Authenticator | None:
    """The row of the codes when `typed` is one of them that was not used yet; it never is again."""
    code = _read(typed)
    row = _row_of(user)
    if row is None or not has_shape(typed):
        return None
    kept = row.data.get("hashes", {}).get(code[0])
    if kept is None or not check_password(code, kept):  # slow: before anything is locked
        return None
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().filter(pk=row.pk).first()
        if row is None or row.data["hashes"].pop(code[0], None) != kept:
            return None  # somebody else was first
        row.save(update_fields=["data"])
    return row


def left(user: User) -> int:
    """How many codes of the person still open."""
    row = _row_of(user)
    return len(row.data.get("hashes", {})) if row else 0


def has_shape(typed: str) -> bool:
    """Whether it is written as these codes are, and not as those of an app."""
    return _SHAPE.fullmatch(_read(typed)) is not None


def _row_of(user: User) -> Authenticator | None:
    return Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES).first()


def _read(typed: str) -> str:
    return typed.strip().lower().translate(_READ_AS)


def _shown(code: str) -> str:
    return "-".join([code[0], *(code[at:at + 4] for at in range(1, 1 + LENGTH, 4))])
