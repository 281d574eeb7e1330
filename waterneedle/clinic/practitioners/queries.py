"""May this practitioner inject this here today, and why: one function that everything asks."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone
from django.utils.text import capfirst

from waterneedle.clinic.accounts.models import Clinic, Membership, User
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.practitioners.models import (
    PAPERS,
    Certificate,
    Paper,
    Practitioner,
    Qualification,
)
from waterneedle.safety import plan
from waterneedle.safety.permission import Permission, permission

SOON_DAYS = 60  # a paper that ends within them is announced


@dataclass(frozen=True)
class Lapse:
    """A paper that ends soon, or has ended without another in its place."""

    paper: Paper
    kind: str
    on: datetime.date
    days: int  # negative: since so many days

    @property
    def word(self) -> str:
        """What the paper is, with what it is of: a licence of US-WA."""
        of = getattr(self.paper, "jurisdiction", "") or getattr(self.paper, "name", "")
        return capfirst(f"{self.paper._meta.verbose_name} {of}".strip())


def may_inject(
    practitioner: Practitioner | None,
    jurisdiction: str,
    product: str | None,
    route: str | None,
    day: datetime.date,
    *,
    language: str | None = None,
) -> Permission:
    """Whether `practitioner` may inject `product` by `route` in `jurisdiction` on `day`, the day in the clinic's zone.

    Read from the papers as they are now: what was withdrawn a second ago no longer counts. What is not on record opens no gate.
    Without a product the person alone is judged.
    """
    on_record = None if practitioner is None or not works_here(practitioner) else record(practitioner, jurisdiction, day)
    return permission(on_record, jurisdiction.upper(), day, product=product, route=route, language=language)


def record(practitioner: Practitioner, jurisdiction: str, day: datetime.date) -> plan.Practitioner:
    """What is on record of a person, as the safety check reads it: the papers that hold in `jurisdiction` on `day`.

    The licence is that of the jurisdiction, the latest if there are several; hours are those of courses completed by that day.
    Hours that no paper itemises stay unknown.
    """
    papers = papers_of(practitioner)
    licences = [
        one.expires
        for one in papers["licence"]
        if one.jurisdiction.upper() == jurisdiction.upper() and (one.since is None or one.since <= day)
    ]
    courses = [one for one in papers["training"] if one.completed_on <= day]
    certificate = _latest(papers["certificate"], day)
    cards = [one.expires for one in papers["resuscitation"]]
    supervisor = practitioner.supervised_by
    return plan.Practitioner(
        profession=practitioner.profession,
        license_expires=max(licences, default=None),
        training_hours=_sum(one.hours for one in courses),
        hands_on_hours=_sum(one.hands_on_hours for one in courses),
        emergency_training_hours=_sum(one.emergency_hours for one in courses),
        certified_on=certificate and certificate.certified_on,
        certificate_expires=certificate and certificate.expires,
        cpr_expires=max(cards, default=None),
        qualifications=tuple(one.name for one in papers["qualification"] if _holds(one, day)),
        supervised_by=supervisor.user.name if supervisor is not None and works_here(supervisor) else None,
    )


def works_here(practitioner: Practitioner) -> bool:
    """Whether the person is active and treats in this clinic at this moment."""
    return (
        practitioner.user.is_active
        and Membership.objects.filter(
            clinic_id=practitioner.clinic_id,
            user_id=practitioner.user_id,
            role__in=(Role.PRACTITIONER, Role.INSTRUCTOR),
            ended_at=None,
        ).exists()
    )


def papers_of(practitioner: Practitioner) -> dict[str, list[Paper]]:
    """The papers that were not withdrawn, by kind, the newest first."""
    return {
        kind: list(
            model.objects.filter(clinic_id=practitioner.clinic_id, practitioner=practitioner, withdrawn_at=None)
            .select_related("made_by")
            .order_by("-made_at")
        )
        for kind, model in PAPERS.items()
    }


def withdrawn_of(practitioner: Practitioner) -> list[tuple[str, Paper]]:
    """What was withdrawn, the newest first."""
    rows = [
        (kind, one)
        for kind, model in PAPERS.items()
        for one in model.objects.filter(clinic_id=practitioner.clinic_id, practitioner=practitioner)
        .exclude(withdrawn_at=None)
        .select_related("withdrawn_by")
    ]
    return sorted(rows, key=lambda row: row[1].withdrawn_at, reverse=True)


def practitioners_of(clinic: Clinic) -> list[Practitioner]:
    return list(Practitioner.objects.filter(clinic=clinic).select_related("user", "supervised_by__user").order_by("user__name"))


def practitioner_of(user: User, clinic: Clinic) -> Practitioner | None:
    return Practitioner.objects.filter(clinic=clinic, user=user).select_related("user", "supervised_by__user").first()


def today_in(clinic: Clinic, now: datetime.datetime | None = None) -> datetime.date:
    """The day that it is in the clinic."""
    return (now or timezone.now()).astimezone(clinic.tzinfo).date()


def lapses(practitioner: Practitioner, day: datetime.date, within_days: int = SOON_DAYS) -> list[Lapse]:
    """What ends within so many days or has ended, the most pressing first. Of papers of one kind the longest counts."""
    found = []
    for kind, rows in papers_of(practitioner).items():
        by_what: dict[str, list[Paper]] = {}
        for one in rows:
            by_what.setdefault(getattr(one, "jurisdiction", "") or getattr(one, "name", ""), []).append(one)
        for same in by_what.values():
            if all(getattr(one, "expires", None) for one in same):
                last = max(same, key=lambda one: one.expires)
                if (days := (last.expires - day).days) <= within_days:
                    found.append(Lapse(last, kind, last.expires, days))
    return sorted(found, key=lambda one: one.days)


def _latest(certificates: Iterable[Certificate], day: datetime.date) -> Certificate | None:
    """The certificate in force on `day`; where none is, the one that came nearest to it."""
    far = datetime.date.max
    ranked = sorted(certificates, key=lambda one: (one.certified_on <= day <= (one.expires or far), one.expires or far))
    return ranked[-1] if ranked else None


def _holds(qualification: Qualification, day: datetime.date) -> bool:
    return (qualification.since or day) <= day <= (qualification.expires or day)


def _sum(hours: Iterable[Decimal | None]) -> float | None:
    """The hours that are known; None where no paper names any, which is not zero."""
    known = [float(one) for one in hours if one is not None]
    return sum(known) if known else None
