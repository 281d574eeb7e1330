"""The clinic of the demonstration and who works there: three who treat with different papers, one of them lapsed."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.accounts.models import Clinic, Membership, User
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.practitioners import actions
from waterneedle.clinic.practitioners.models import Practitioner

PASSWORD = "water needle demo"  # printed at the start, and only in the demonstration
SLUG, NAME = "harbor", "Harbor Acupuncture"


@dataclass(frozen=True)
class Worker:
    name: str
    roles: tuple[Role, ...]
    what: str  # in the list of who can sign in

    @property
    def email(self) -> str:
        return f"{self.name.split()[0].lower()}@{SLUG}.example"


WORKERS = (
    Worker("Olga Marin", (Role.OWNER,), "owner"),
    Worker("Alice Archer", (Role.PRACTITIONER,), "practitioner, every paper in order"),
    Worker("Pavel Novak", (Role.PRACTITIONER,), "practitioner, certificate ends next month"),
    Worker("Mei Lin", (Role.PRACTITIONER,), "practitioner, licence expired"),
    Worker("Ines Calder", (Role.PRACTITIONER, Role.INSTRUCTOR), "instructor"),
    Worker("Tom Reed", (Role.PRACTITIONER,), "student of Ines Calder, who countersigns"),
    Worker("Ann Price", (Role.ASSISTANT,), "assistant"),
    Worker("Bob Baker", (Role.FRONT_DESK,), "front desk"),
    Worker("Aldo Reyes", (Role.AUDITOR,), "auditor"),
)


def make_clinic() -> Clinic:
    return Clinic.objects.create(
        slug=SLUG, name=NAME, country="US", jurisdiction="US-WA", zone="America/Los_Angeles", languages=["en", "es", "zh-hans"]
    )


def make_workers(clinic: Clinic) -> dict[str, Access]:
    """Everybody's account and roles, by first name in small letters; all with the password of the demonstration."""
    made = {}
    for one in WORKERS:
        user = User.objects.create_user(one.email, PASSWORD, name=one.name)
        for role in one.roles:
            Membership.objects.create(clinic=clinic, user=user, role=role)
        made[one.name.split()[0].lower()] = Access(user=user, clinic=clinic, roles=frozenset(one.roles))
    return made


def enter_papers(workers: dict[str, Access], today: datetime.date) -> dict[str, Practitioner]:
    """Papers of all who treat: in order, ending soon, and lapsed."""

    def day(days: int) -> datetime.date:
        return today + datetime.timedelta(days=days)

    papers: dict[str, dict[str, dict[str, Any]]] = {
        "ines": _papers(
            day, licence_ends=500, certified=-2200, certificate_ends=900, issuer="State school of injection therapy"
        ),
        "alice": _papers(day, licence_ends=400, certified=-700, certificate_ends=395, issuer="Ines Calder"),
        "pavel": _papers(day, licence_ends=210, certified=-1060, certificate_ends=31, issuer="Ines Calder"),
        "mei": _papers(day, licence_ends=-12, certified=-380, certificate_ends=715, issuer="Ines Calder"),
    }
    owner, made = workers["olga"], {}
    for name, kinds in papers.items():
        made[name] = actions.add_practitioner(user=workers[name].user, profession="acupuncturist", by=owner)
        for kind, fields in kinds.items():
            actions.add_paper(practitioner=made[name], kind=kind, fields=fields, by=owner)
    return made


def enter_student(workers: dict[str, Access], supervisor: Practitioner) -> None:
    """Who learns, and who answers for it."""
    actions.add_practitioner(
        user=workers["tom"].user, profession="student", by=workers["olga"], supervised_by=supervisor)


def _papers(day: Any, *, licence_ends: int, certified: int, certificate_ends: int, issuer: str) -> dict[str, dict[str, Any]]:
    return {
        "licence": {
            "jurisdiction": "US-WA",
            "number": f"AC6{abs(certified):04}",
            "expires": day(licence_ends),
            "seen": "state register",
        },
        "training": {
            "course": "Point injection therapy",
            "provider": issuer,
            "completed_on": day(certified - 20),
            "hours": 26,
            "hands_on_hours": 9,
            "emergency_hours": 2,
            "seen": "original",
        },
        "certificate": {
            "issuer": issuer,
            "number": f"C-{abs(certified):04}",
            "certified_on": day(certified),
            "expires": day(certificate_ends),
            "seen": "original",
        },
        "resuscitation": {"course": "BLS", "expires": day(300), "seen": "card"},
    }
