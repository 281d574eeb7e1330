"""Clinics made, people invited, given roles, and shown the door."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from waterneedle.clinic.accounts import mail, tokens
from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.accounts.models import Clinic, Invitation, Membership, User
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit.actions import append
from waterneedle.clinic.audit.who import Who


@transaction.atomic
def make_account(*, email: str, name: str, password_hash: str, language: str = "") -> User:
    """A person who can sign in. Their address counts as proved: they came by a letter to it, or made the first clinic.

    `password_hash` comes from `make_password`: hashing takes a fifth of a second, which no transaction may.
    """
    user = User(email=User.objects.normalize_email(email), name=name, language=language, password=password_hash)
    user.save(force_insert=True)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


@transaction.atomic
def make_clinic(*, owner: User, slug: str, name: str, country: str, jurisdiction: str, zone: str, languages: list[str]) -> Clinic:
    """A clinic whose first owner is `owner`."""
    clinic = Clinic(slug=slug, name=name, country=country, jurisdiction=jurisdiction, zone=zone, languages=languages)
    clinic.full_clean()
    clinic.save(force_insert=True)
    Membership.objects.create(clinic=clinic, user=owner, role=Role.OWNER)
    append(by=_self(owner, clinic), action="begin", kind="clinic", uid=slug)
    return clinic


@transaction.atomic
def change_clinic(*, clinic: Clinic, name: str, zone: str, languages: list[str], by: Access) -> None:
    """Let the clinic be called `name`, keep the clock of `zone`, and offer `languages`, the first one by default.

    Moments that are on file stay what they are; only how they are read follows the zone. Raises ValidationError for what no
    clinic can have.
    """
    # The row first: of two owners who change it at once, the second one's entry says what the first one has made of it.
    row = Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)
    wanted = {"name": name, "zone": zone, "languages": languages}
    before = {field: getattr(row, field) for field in wanted}
    changed = [field for field in wanted if before[field] != wanted[field]]
    if not changed:
        return
    for field in changed:
        setattr(row, field, wanted[field])
    row.full_clean()
    row.save(update_fields=changed)
    detail = {when: {field: values[field] for field in changed} for when, values in (("before", before), ("after", wanted))}
    append(by=by, action="change", kind="clinic", uid=row.slug, detail=detail)


@transaction.atomic
def invite(*, clinic: Clinic, email: str, name: str, roles: Iterable[Role], by: Access, now: datetime) -> tuple[Invitation, str]:
    """A letter with a link that opens once, and the token in that link. Earlier letters to the same address no longer open."""
    email = User.objects.normalize_email(email)
    Invitation.objects.filter(clinic=clinic, email=email, accepted_at=None, withdrawn_at=None).update(withdrawn_at=now)
    token = tokens.new()
    invitation = Invitation.objects.create(
        clinic=clinic, email=email, name=name, roles=[Role(role).value for role in roles], token_hash=tokens.hashed(token),
        made_by=by.user, expires_at=now + timedelta(days=settings.INVITATION_DAYS))
    append(by=by, action="invite", kind="person", uid=invitation.uid, detail={"roles": invitation.roles})
    mail.send("invitation", email, clinic=clinic, invitation=invitation, by=by.user, path=f"/invitation/{token}/")
    return invitation, token


@transaction.atomic
def withdraw(*, invitation: Invitation, by: Access, now: datetime) -> None:
    if Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None).update(withdrawn_at=now):
        append(by=by, action="withdraw", kind="invitation", uid=invitation.uid)


@transaction.atomic
def accept(*, invitation: Invitation, user: User, now: datetime) -> None:
    """Give `user` the roles of the letter. A link that was used in the meantime gives nothing."""
    if not Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None).update(accepted_at=now):
        raise ValidationError(_("This link was used already."))
    held = set(Membership.objects.filter(clinic=invitation.clinic_id, user=user, ended_at=None).values_list("role", flat=True))
    for role in invitation.roles:
        if role not in held:
            Membership.objects.create(clinic_id=invitation.clinic_id, user=user, role=role)
    append(
        by=_self(user, invitation.clinic), action="accept", kind="invitation", uid=invitation.uid,
        detail={"roles": invitation.roles})


@transaction.atomic
def change_roles(*, clinic: Clinic, user: User, roles: Iterable[Role], by: Access, now: datetime) -> None:
    """Let `user` have exactly `roles` in `clinic`; with none, they no longer work here.

    Who works nowhere any more cannot sign in either: their sessions end with their next request. A clinic keeps an owner.
    """
    wanted = {Role(role) for role in roles}
    # The clinic's row first: two owners who remove each other must queue here.
    Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)
    in_force = Membership.objects.filter(clinic=clinic, ended_at=None)
    held = {Role(one.role) for one in in_force.filter(user=user)}
    if Role.OWNER in held - wanted and not in_force.filter(role=Role.OWNER).exclude(user=user).exists():
        raise ValidationError(_("A clinic needs an owner: make somebody else one first."))
    in_force.filter(user=user).exclude(role__in=wanted).update(ended_at=now)
    for role in sorted(wanted - held):
        Membership.objects.create(clinic=clinic, user=user, role=role)
    if wanted != held:
        append(by=by, action="change", kind="roles", uid=user.uid, detail={"before": sorted(held), "after": sorted(wanted)})
    works_somewhere = Membership.objects.filter(user=user, ended_at=None).exists()
    User.objects.filter(pk=user.pk).exclude(is_active=works_somewhere).update(is_active=works_somewhere)


def _self(user: User, clinic: Clinic) -> Who:
    """A person who acts before they have a role."""
    return Who(clinic_id=clinic.pk, zone=clinic.tzinfo, user_uid=user.uid, user_name=user.name)
