"""Who works where, who is invited, who broke the glass."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from waterneedle.clinic.accounts import tokens
from waterneedle.clinic.accounts.models import BreakGlass, Clinic, Invitation, Membership, User
from waterneedle.clinic.accounts.roles import Role, scope


@dataclass(frozen=True)
class Person:
    """Somebody who works in a clinic, with all their roles there."""

    user: User
    roles: tuple[Role, ...]


def people_of(clinic: Clinic) -> list[Person]:
    """Everybody who works in `clinic`, by name."""
    found: dict[int, Person] = {}
    in_force = Membership.objects.filter(clinic=clinic, ended_at=None).select_related("user")
    for one in in_force.order_by("user__name", "user_id", "role"):
        before = found.get(one.user_id, Person(one.user, ()))
        found[one.user_id] = Person(one.user, (*before.roles, Role(one.role)))
    return list(found.values())


def person_of(clinic: Clinic, uid: UUID) -> Person | None:
    """The person `uid`, if they work in `clinic` or once did."""
    memberships = list(Membership.objects.filter(clinic=clinic, user__uid=uid).select_related("user").order_by("role"))
    if not memberships:
        return None
    return Person(memberships[0].user, tuple(Role(one.role) for one in memberships if one.ended_at is None))


def former_people_of(clinic: Clinic) -> list[User]:
    """Who once worked in `clinic` and does no longer, by name."""
    everybody = Membership.objects.filter(clinic=clinic)
    gone = User.objects.filter(id__in=everybody.values("user_id"))
    return list(gone.exclude(id__in=everybody.filter(ended_at=None).values("user_id")).order_by("name", "id"))


def clinics_of(user: User) -> list[Clinic]:
    """The clinics in which `user` works, by name."""
    ids = Membership.objects.filter(user=user, ended_at=None).values("clinic_id")
    return list(Clinic.objects.filter(id__in=ids).order_by("name", "id"))


def roles_of(user: User) -> dict[int, list[Role]]:
    """What `user` is in each clinic, by its number."""
    found: dict[int, list[Role]] = {}
    for one in Membership.objects.filter(user=user, ended_at=None).order_by("clinic_id", "role"):
        found.setdefault(one.clinic_id, []).append(Role(one.role))
    return found


def clinics_where(user: User, permission: str) -> list[Clinic]:
    """Those of them where `user` has `permission`, of however little, by name."""
    roles = [one for one in Role if scope(one, permission) is not None]
    ids = Membership.objects.filter(user=user, role__in=roles, ended_at=None).values("clinic_id")
    return list(Clinic.objects.filter(id__in=ids).order_by("name", "id"))


def open_invitations(clinic: Clinic, now: datetime) -> list[Invitation]:
    """Letters that can still be answered, the latest first."""
    unanswered = Invitation.objects.filter(clinic=clinic, accepted_at=None, withdrawn_at=None, expires_at__gt=now)
    return list(unanswered.select_related("made_by").order_by("-made_at"))


def invitation_by_link(token: str, now: datetime) -> Invitation | None:
    """The letter whose link holds `token`, if it can still be answered."""
    found = Invitation.objects.filter(token_hash=tokens.hashed(token), accepted_at=None, withdrawn_at=None, expires_at__gt=now)
    return found.select_related("clinic", "made_by").first()


def uses_of_break_glass(clinic: Clinic) -> QuerySet[BreakGlass]:
    """Every emergency access, the latest first, with who had it and what was thought of it."""
    uses = BreakGlass.objects.filter(clinic=clinic).select_related("user")
    return uses.prefetch_related("reviews__reviewed_by").order_by("-began_at", "-id")
