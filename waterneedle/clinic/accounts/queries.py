"""Who works where."""
from __future__ import annotations

from dataclasses import dataclass

from waterneedle.clinic.accounts.models import Clinic, Membership, User
from waterneedle.clinic.accounts.roles import Role


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


def clinics_of(user: User) -> list[Clinic]:
    """The clinics in which `user` works, by name."""
    ids = Membership.objects.filter(user=user, ended_at=None).values("clinic_id")
    return list(Clinic.objects.filter(id__in=ids).order_by("name"))
