"""May this practitioner inject this here today, and why: one function that everything asks."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import capfirst

from waterneedle.clinic.accounts.models import Clinic, Membership, User
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.database.prepared import prepared
from waterneedle.clinic.practitioners.models import (
    PAPERS,
    Certificate,
    Paper,
    Practitioner,
    Qualification,
)
from waterneedle.safety import plan
from waterneedle.safety.permission import Permission, permission

TREATING = (Role.PRACTITIONER, Role.INSTRUCTOR)
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


@dataclass(frozen=True)
class OnFile:
    """A practitioner with everything that decides what they may, read at one moment."""

    practitioner: Practitioner
    papers: dict[str, list[Paper]]  # by kind, not withdrawn, the newest first
    works_here: bool
    supervisor: OnFile | None = None  # who answers for a student


def may_inject(
    practitioner: Practitioner | OnFile | None,
    jurisdiction: str,
    product: str | None,
    route: str | None,
    day: datetime.date,
    *,
    language: str | None = None,
) -> Permission:
    """Whether `practitioner` may inject `product` by `route` in `jurisdiction` on `day`, the day in the clinic's zone.

    Read from the papers as they are now: what was withdrawn a second ago no longer counts; a page that asks for many hands in
    what `all_on_file` has just read. What is not on record opens no gate. Without a product the person alone is judged.
    """
    known = on_file(practitioner) if isinstance(practitioner, Practitioner) else practitioner
    on_record = record(known, jurisdiction, day) if known is not None and known.works_here else None
    return permission(on_record, jurisdiction.upper(), day, product=product, route=route, language=language)


def may_inject_on(known: OnFile, jurisdiction: str, day: datetime.date) -> bool:
    """What `may_inject` says of the person alone on `day`, for pages that ask for many days: the same record on the same day is
    judged once."""
    return known.works_here and _granted(record(known, jurisdiction, day), jurisdiction.upper(), day)


@lru_cache(maxsize=20_000)
def _granted(on_record: plan.Practitioner, jurisdiction: str, day: datetime.date) -> bool:
    return permission(on_record, jurisdiction, day).granted


def record(known: OnFile, jurisdiction: str, day: datetime.date) -> plan.Practitioner:
    """What is on record of a person, as the safety check reads it: the papers that hold in `jurisdiction` on `day`.

    Licence and certificate are those of the jurisdiction, the latest if there are several; hours are those of courses completed
    by that day.
    Hours that no paper itemises stay unknown.
    """
    papers = known.papers
    licences = [
        one.expires
        for one in papers["licence"]
        if one.jurisdiction.upper() == jurisdiction.upper() and (one.since is None or one.since <= day)
    ]
    courses = [one for one in papers["training"] if one.completed_on <= day]
    here = (one for one in papers["certificate"] if counts_in(one, jurisdiction))
    certificate = _latest(here, day)
    cards = [one.expires for one in papers["resuscitation"]]
    return plan.Practitioner(
        profession=known.practitioner.profession,
        license_expires=max(licences, default=None),
        training_hours=_sum(one.hours for one in courses),
        hands_on_hours=_sum(one.hands_on_hours for one in courses),
        emergency_training_hours=_sum(one.emergency_hours for one in courses),
        certified_on=certificate and certificate.certified_on,
        certificate_expires=certificate and certificate.expires,
        cpr_expires=max(cards, default=None),
        qualifications=tuple(one.name for one in papers["qualification"] if _holds(one, day)),
        supervised_by=_supervisor(known.supervisor, jurisdiction, day),
    )


def on_file(practitioner: Practitioner) -> OnFile:
    """What is on file of one practitioner now."""
    return _read([practitioner])[0]


def all_on_file(clinic: Clinic) -> list[OnFile]:
    """What is on file of everybody who treats, by name; the same few questions for one and for many."""
    return _read(practitioners_of(clinic))


def _read(practitioners: Sequence[Practitioner]) -> list[OnFile]:
    if not practitioners:
        return []
    clinic_id = practitioners[0].clinic_id
    supervisors = {one.supervised_by_id: one.supervised_by for one in practitioners if one.supervised_by is not None}
    papers: dict[int, dict[str, list[Paper]]] = {
        one: {kind: [] for kind in PAPERS} for one in (*(one.pk for one in practitioners), *supervisors)}
    for kind, statement in _PAPERS.items():
        for paper in statement(clinic_id, list(papers)):
            papers[paper.practitioner_id][kind].append(paper)
    here = set(_treating(clinic_id))
    # Of these nobody is asked for who answers for them: a student answers for no other.
    answering = {pk: OnFile(one, papers[pk], one.user_id in here) for pk, one in supervisors.items()}
    return [OnFile(one, papers[one.pk], one.user_id in here, answering.get(one.supervised_by_id)) for one in practitioners]


def _papers(model: type[Paper]) -> Callable[..., list[Paper]]:
    @prepared
    def of_kind(clinic_id: int, practitioners: Sequence[int]) -> QuerySet[Any]:
        return model.objects.filter(
            clinic_id=clinic_id, practitioner_id__in=practitioners, withdrawn_at=None).order_by("-made_at")

    return of_kind


_PAPERS = {kind: _papers(model) for kind, model in PAPERS.items()}


@prepared
def _treating(clinic_id: int) -> QuerySet[Any]:
    """The numbers of the users who treat here."""
    rows = Membership.objects.filter(clinic_id=clinic_id, role__in=TREATING, ended_at=None, user__is_active=True)
    return rows.values_list("user_id", flat=True)


def _supervisor(known: OnFile | None, jurisdiction: str, day: datetime.date) -> str | None:
    """Who answers for a student on `day`: only somebody who works here and may inject there themself."""
    return known.practitioner.user.name if known is not None and may_inject_on(known, jurisdiction, day) else None


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
    return _practitioners_of(clinic.pk)


@prepared
def _practitioners_of(clinic_id: int) -> QuerySet[Any]:
    return Practitioner.objects.filter(clinic_id=clinic_id).select_related("user", "supervised_by__user").order_by("user__name")


def practitioner_of(user: User, clinic: Clinic) -> Practitioner | None:
    return Practitioner.objects.filter(clinic=clinic, user=user).select_related("user", "supervised_by__user").first()


def today_in(clinic: Clinic, now: datetime.datetime | None = None) -> datetime.date:
    """The day that it is in the clinic."""
    return (now or timezone.now()).astimezone(clinic.tzinfo).date()


def lapses(known: OnFile, day: datetime.date, within_days: int = SOON_DAYS) -> list[Lapse]:
    """What ends within so many days or has ended, the most pressing first. Of papers of one kind the longest counts."""
    found = []
    for kind, rows in known.papers.items():
        by_what: dict[str, list[Paper]] = {}
        for one in rows:
            by_what.setdefault(getattr(one, "jurisdiction", "") or getattr(one, "name", ""), []).append(one)
        for same in by_what.values():
            if all(getattr(one, "expires", None) for one in same):
                last = max(same, key=lambda one: one.expires)
                if (days := (last.expires - day).days) <= within_days:
                    found.append(Lapse(last, kind, last.expires, days))
    return sorted(found, key=lambda one: one.days)


def counts_in(certificate: Certificate, jurisdiction: str) -> bool:
    """Whether the certificate counts there: one that was made for the law of another place does not."""
    return certificate.jurisdiction.upper() in ("", jurisdiction.upper())


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
