"""What the pages of this room show, and who may see whose."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest

from waterneedle import knowledge
from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.accounts.roles import ALL
from waterneedle.clinic.practitioners.models import Practitioner
from waterneedle.clinic.practitioners.queries import Lapse, OnFile, all_on_file, lapses
from waterneedle.clinic.training import certifying, verifying
from waterneedle.clinic.training.models import ContinuingHours, Course, Enrolment, IssuedCertificate, Observed, Skill

AHEAD_DAYS = 180  # what ends within them stands on the page of what will lapse


def courses(clinic: Clinic) -> QuerySet[Course]:
    """The courses of a clinic with how many are on them, by title."""
    on_it = Count("enrolments", filter=Q(enrolments__ended_at=None), distinct=True)
    return Course.objects.filter(clinic=clinic).annotate(people=on_it).order_by("title", "pk")


def enrolments(request: HttpRequest) -> QuerySet[Enrolment]:
    """Those of the clinic; for who learns, their own."""
    rows = Enrolment.objects.filter(clinic=request.clinic).select_related(
        "course", "clinic", "practitioner__user", "instructor").order_by("practitioner__user__name", "pk")
    return rows if request.scope == ALL else rows.filter(practitioner__user=request.user)


def course_of(request: HttpRequest, uid: UUID) -> Course:
    """The course, or 404; who learns sees those that they are on."""
    rows = Course.objects.filter(clinic=request.clinic, uid=uid).select_related("clinic")
    if request.scope != ALL:
        rows = rows.filter(enrolments__practitioner__user=request.user).distinct()
    found = rows.first()
    if found is None:
        raise Http404
    return found


def enrolment_of(request: HttpRequest, uid: UUID) -> Enrolment:
    found = enrolments(request).filter(uid=uid).first()
    if found is None:
        raise Http404
    return found


def certificates(request: HttpRequest) -> QuerySet[IssuedCertificate]:
    """Those of the clinic, the newest first; for who learns, their own."""
    rows = IssuedCertificate.objects.filter(clinic=request.clinic).select_related(
        "paper", "clinic", "enrolment__course", "enrolment__practitioner__user", "issued_by").order_by("-issued_at")
    return rows if request.scope == ALL else rows.filter(enrolment__practitioner__user=request.user)


def certificate_of(request: HttpRequest, uid: UUID) -> IssuedCertificate:
    found = certificates(request).filter(uid=uid).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class Ahead:
    """A practitioner with what of theirs will lapse, and what a renewal still asks."""

    known: OnFile
    lapses: list[Lapse]


def ahead(request: HttpRequest, day: datetime.date) -> list[Ahead]:
    """What will lapse, the most pressing first; for who learns or treats, their own."""
    found = [Ahead(one, lapses(one, day, AHEAD_DAYS)) for one in all_on_file(request.clinic)
             if request.scope == ALL or one.practitioner.user_id == request.user.pk]
    return sorted((one for one in found if one.lapses), key=lambda one: one.lapses[0].days)


def revoked_indices(clinic: Clinic) -> list[int]:
    """The places of the list of revocations that are set."""
    rows = IssuedCertificate.objects.filter(clinic=clinic, paper__withdrawn_at__isnull=False)
    return sorted(rows.values_list("status_index", flat=True))


def checklist(enrolment: Enrolment) -> list[dict[str, Any]]:
    """Each skill with everything that was signed about it, the newest first."""
    seen: dict[int, list[Observed]] = {}
    for one in Observed.objects.filter(clinic_id=enrolment.clinic_id, enrolment=enrolment).order_by("-signed_at", "-pk"):
        seen.setdefault(one.skill_id, []).append(one)
    skills = Skill.objects.filter(clinic_id=enrolment.clinic_id, course_id=enrolment.course_id).order_by("number")
    return [{"skill": one, "observed": seen.get(one.pk, [])} for one in skills]


def reading(ids: list[str]) -> list[knowledge.Finding]:
    found = knowledge.evidence()
    return [found[one] for one in ids if one in found]


def shown(certificate: IssuedCertificate, now: datetime.datetime) -> dict[str, Any]:
    """A certificate with its state, and what a renewal asks and has."""
    return {"row": certificate, "state": verifying.state_of(certificate, now),
            "had": certifying.continuing_hours(certificate), "needed": certificate.enrolment.course.renewal_hours,
            "renewed": certificate.renewals.exists()}


def continuing(certificate: IssuedCertificate) -> QuerySet[ContinuingHours]:
    """The continuing hours that count for its renewal, by day."""
    return certifying.continuing(certificate).select_related("made_by").order_by("on", "pk")


def of_practitioner(practitioner: Practitioner) -> list[IssuedCertificate]:
    """Certificates that this clinic has issued to somebody and that stand, the newest first."""
    rows = IssuedCertificate.objects.filter(
        clinic_id=practitioner.clinic_id, enrolment__practitioner=practitioner, paper__withdrawn_at=None)
    return list(rows.select_related("paper").order_by("-issued_at"))
