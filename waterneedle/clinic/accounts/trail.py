"""What is written to the trail when people sign in, fail to, sign out, or change what proves who they are.

The sign-in library says so by its signals; an entry stands in the chain of each clinic where the person works, or in that of the
installation when nobody is known by that address.
"""
from __future__ import annotations

from typing import Any

from django.db import transaction

from waterneedle.clinic.accounts.models import Clinic, Membership, User
from waterneedle.clinic.audit.actions import append, digest
from waterneedle.clinic.audit.who import Who


def signed_in(user: User, **extra: Any) -> None:
    """Receives `user_logged_in` of Django, at the end of all steps of signing in."""
    write(user, "sign in")


def signed_out(user: User | None, **extra: Any) -> None:
    if user is not None and user.is_authenticated:
        write(user, "sign out")


def refused(email: str) -> None:
    """A password that was wrong, or an address that nobody has: one entry either way, so that both take as long."""
    user = User.objects.filter(email=User.objects.normalize_email(email)).first()
    if user is not None:
        return write(user, "refuse")
    with transaction.atomic():
        append(by=Who(), action="refuse", kind="session", detail={"address": digest(email.strip().casefold()).hex()[:16]})
    return None


def code_refused(user: User, **extra: Any) -> None:
    write(user, "refuse", kind="second factor")


def password_changed(user: User, **extra: Any) -> None:
    write(user, "change", kind="password")


def factor_added(user: User, authenticator: Any, **extra: Any) -> None:
    write(user, "add", kind="second factor", type=authenticator.type)


def factor_removed(user: User, authenticator: Any, **extra: Any) -> None:
    write(user, "remove", kind="second factor", type=authenticator.type)


def write(user: User, action: str, kind: str = "session", **detail: Any) -> None:
    """An entry about the account of `user`, done by themself, in each of their clinics."""
    clinics = list(Clinic.objects.filter(id__in=Membership.objects.filter(user=user).values("clinic_id")).order_by("id"))
    with transaction.atomic():
        for clinic in clinics or [None]:
            who = Who(
                clinic_id=clinic and clinic.id, zone=clinic and clinic.tzinfo, user_uid=user.uid, user_name=user.name[:160])
            append(by=who, action=action, kind=kind, uid=user.uid, detail=detail or None)


def connect() -> None:
    # late: needs the apps
    from allauth.account import signals as account
    from allauth.mfa import signals as mfa
    from django.contrib.auth import signals as auth

    auth.user_logged_in.connect(signed_in)
    auth.user_logged_out.connect(signed_out)
    for signal in (account.password_changed, account.password_set, account.password_reset):
        signal.connect(password_changed)
    mfa.authentication_failed.connect(code_refused)
    mfa.authenticator_added.connect(factor_added)
    mfa.authenticator_reset.connect(factor_added)
    mfa.authenticator_removed.connect(factor_removed)
