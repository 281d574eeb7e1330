"""The certificate: issued by an instructor when all is done, renewed, and revoked.

Each writes a paper of the practitioner in the same transaction, and papers are all that the gate reads: so issue and revocation
act at the next question that booking, the injection panel or the signature asks.
"""

from __future__ import annotations

import calendar
import datetime
import secrets
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.accounts.sealing import InvalidToken
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.database.rows import uuid7
from waterneedle.clinic.practitioners import actions as practitioners
from waterneedle.clinic.practitioners.models import Practitioner, Profession
from waterneedle.clinic.practitioners.queries import today_in
from waterneedle.clinic.training import badge, keys, progress, syllabus, verifying
from waterneedle.clinic.training.instructing import must_be_able_to_instruct
from waterneedle.clinic.training.models import (
    Attendance,
    ContinuingHours,
    Enrolment,
    HourClass,
    IssuedCertificate,
)

LIST_SIZE = 131_072  # entries of the list of revocations, the least that its standard allows
SEEN = "issued here"


class NotCertified(ValueError):
    """Nothing was issued; `missing` is what stands against it."""

    def __init__(self, *missing: str) -> None:
        super().__init__("; ".join(missing))
        self.missing = missing


@transaction.atomic
def certify(*, enrolment: Enrolment, by: Person) -> IssuedCertificate:
    """Issue the certificate: the hours and the certificate become papers, and a student becomes what they are licensed as.

    Raises NotCertified for what is missing, by the course and by the law of this day, and MayNotInstruct.
    """
    enrolment = _locked(enrolment)
    must_be_able_to_instruct(by, enrolment.practitioner)
    if enrolment.ended_at is not None:
        raise NotCertified(gettext("this enrolment has ended"))
    if IssuedCertificate.objects.filter(clinic_id=enrolment.clinic_id, enrolment=enrolment).exists():
        raise NotCertified(gettext("this certificate was issued"))
    day = today_in(by.clinic)
    done = progress.of(enrolment, day)
    if syllabus.asked(enrolment.course.jurisdiction, day) is None:
        raise NotCertified(gettext("no law is on file for the place of this course today"))
    if done.missing:
        raise NotCertified(*done.missing)
    _enter_hours(enrolment, done, by)
    made = _issue(enrolment, day, renews=None, by=by)
    if enrolment.practitioner.profession == Profession.STUDENT and enrolment.licensed_as != Profession.STUDENT:
        practitioners.change_practitioner(
            practitioner=enrolment.practitioner, profession=enrolment.licensed_as, supervised_by=None, by=by)
    return made


@transaction.atomic
def renew(*, certificate: IssuedCertificate, by: Person) -> IssuedCertificate:
    """Issue it again, for another term, once the continuing hours are there. Raises NotCertified and MayNotInstruct."""
    enrolment = _locked(certificate.enrolment)
    must_be_able_to_instruct(by, enrolment.practitioner)
    if certificate.paper.withdrawn_at is not None:
        raise NotCertified(gettext("a certificate that was revoked is not renewed"))
    if certificate.valid_until is None or enrolment.course.valid_months is None:
        raise NotCertified(gettext("this certificate has no end"))
    if IssuedCertificate.objects.filter(clinic_id=certificate.clinic_id, renews=certificate).exists():
        raise NotCertified(gettext("this certificate was renewed"))
    had, needed = continuing_hours(certificate), enrolment.course.renewal_hours
    if had < needed:
        raise NotCertified(gettext("Continuing hours") + f": {had:g} / {needed:g}")
    return _issue(enrolment, today_in(by.clinic), renews=certificate, by=by)


@transaction.atomic
def revoke(*, certificate: IssuedCertificate, why: str, by: Person) -> None:
    """Revoke it, with what it renews and what renews it: from this moment the gate is closed, their pages say so, and so does the
    list. Nobody revokes without a reason."""
    same = IssuedCertificate.objects.filter(clinic_id=certificate.clinic_id, enrolment_id=certificate.enrolment_id)
    for one in same.select_related("paper__practitioner").order_by("pk"):
        practitioners.withdraw_paper(paper=one.paper, kind="certificate", why=why, by=by)


@transaction.atomic
def add_continuing(
    *, practitioner: Practitioner, on: datetime.date, title: str, provider: str, hours: Decimal, seen: str, by: Person
) -> ContinuingHours:
    """Enter continuing hours whose paper was seen. Raises OwnPaper for one's own, and NotCertified for a day to come."""
    if practitioner.user_id == by.user.pk:
        raise practitioners.OwnPaper("continuing hours: somebody else has to enter them")
    if on > today_in(by.clinic):
        raise NotCertified(gettext("that day is still to come"))
    made = ContinuingHours.objects.create(
        clinic_id=practitioner.clinic_id, practitioner=practitioner, on=on, title=title, provider=provider, hours=hours,
        seen=seen, made_by=by.user)
    audit.append(by=by, action="create", kind="continuing hours", uid=made.uid,
                 detail={"practitioner": str(practitioner.uid), "hours": str(hours)})
    return made


def continuing(certificate: IssuedCertificate) -> QuerySet[ContinuingHours]:
    """Continuing hours of its holder since it was issued. What was entered before a renewal counted for that one."""
    rows = ContinuingHours.objects.filter(
        clinic_id=certificate.clinic_id, practitioner_id=certificate.enrolment.practitioner_id,
        on__gte=certificate.paper.certified_on)
    return rows if certificate.renews_id is None else rows.filter(made_at__gt=certificate.issued_at)


def continuing_hours(certificate: IssuedCertificate) -> Decimal:
    """How many those are."""
    return continuing(certificate).aggregate(total=Sum("hours"))["total"] or Decimal(0)


@transaction.atomic
def show(*, certificate: IssuedCertificate, name: bool, course: bool, file: bool, by: Person) -> None:
    """What the public page shows besides whether it is in force: the holder alone decides."""
    if certificate.enrolment.practitioner.user_id != by.user.pk:
        raise PermissionError("only the holder decides what is shown")
    certificate.shows_name, certificate.shows_course, certificate.shows_file = name, course, file
    certificate.save(update_fields=["shows_name", "shows_course", "shows_file"])
    audit.append(by=by, action="show", kind="issued certificate", uid=certificate.uid,
                 detail={"name": name, "course": course, "file": file})


# --- issuing


def _locked(enrolment: Enrolment) -> Enrolment:
    known = Enrolment.objects.select_related("course", "clinic", "practitioner__user", "practitioner__supervised_by")
    return known.select_for_update(of=("self",)).get(pk=enrolment.pk)


def _enter_hours(enrolment: Enrolment, done: progress.Progress, by: Person) -> None:
    last = Attendance.objects.filter(
        clinic_id=enrolment.clinic_id, enrolment=enrolment, taken_back_at=None).order_by("-on").first()
    total = sum(done.hours.values())
    if last is None or not total:
        return
    law = syllabus.asked(enrolment.course.jurisdiction, today_in(by.clinic))
    if law is not None and law.emergency_in_total is False:
        total -= done.hours[HourClass.EMERGENCY]
    practitioners.add_paper(
        practitioner=enrolment.practitioner, kind="training", by=by,
        fields={"course": enrolment.course.title, "provider": enrolment.clinic.name[:200], "completed_on": last.on,
                "hours": Decimal(str(max(total, done.hours[HourClass.EMERGENCY]))),
                "hands_on_hours": Decimal(str(done.hours[HourClass.HANDS_ON])),
                "emergency_hours": Decimal(str(done.hours[HourClass.EMERGENCY])), "seen": SEEN})


def _issue(enrolment: Enrolment, day: datetime.date, *, renews: IssuedCertificate | None, by: Person) -> IssuedCertificate:
    clinic, course, practitioner = enrolment.clinic, enrolment.course, enrolment.practitioner
    uid = uuid7()
    expires = _end(day, renews, course.valid_months)
    paper = practitioners.add_paper(
        practitioner=practitioner, kind="certificate", by=by,
        fields={"issuer": f"{by.user.name}, {clinic.name}"[:200], "number": _number(clinic, uid, day),
                "certified_on": day, "expires": expires, "jurisdiction": course.jurisdiction, "seen": SEEN})
    key, now = keys.signing_key(clinic, by), timezone.now()
    index = _free_index(clinic)
    valid_until = expires and _begin_of(expires + datetime.timedelta(days=1), clinic)
    said = badge.Said(
        uid=uid, holder=practitioner.user.name, email=practitioner.user.email, course=course.title, course_uid=course.uid,
        criteria=_criteria(enrolment), hours=_hours(enrolment), issuer=clinic.name, issuer_url=settings.PUBLIC_URL,
        status_url=keys.status_url(clinic), status_index=index, valid_from=now,
        valid_until=valid_until, jurisdiction=course.jurisdiction)
    try:
        token = badge.signed(said, key)
    except InvalidToken:  # the key of the installation is another one than when this key was made
        raise NotCertified(gettext("the signing key does not open any more; the owner makes a new one")) from None
    made = IssuedCertificate.objects.create(
        clinic=clinic, uid=uid, enrolment=enrolment, renews=renews, paper=paper, holder=practitioner.user.name,
        code=secrets.token_urlsafe(32), key=key, badge=token, hash=verifying.hashed(token), status_index=index,
        valid_until=valid_until, issued_at=now, issued_by=by.user,
        **({"shows_name": renews.shows_name, "shows_course": renews.shows_course, "shows_file": renews.shows_file}
           if renews else {}))
    audit.append(by=by, action="renew" if renews else "certify", kind="issued certificate", uid=made.uid,
                 after=bytes.fromhex(made.hash), detail={"practitioner": str(practitioner.uid), "course": str(course.uid)})
    return made


def _end(day: datetime.date, renews: IssuedCertificate | None, months: int | None) -> datetime.date | None:
    """The last day of the term. A renewal ahead of time begins where the old one ends."""
    if months is None:
        return None
    begin = max(day, renews.paper.expires) if renews and renews.paper.expires else day
    year, month = divmod(begin.month - 1 + months, 12)
    year, month = begin.year + year, month + 1
    return datetime.date(year, month, min(begin.day, calendar.monthrange(year, month)[1]))


def _begin_of(day: datetime.date, clinic: Clinic) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), clinic.tzinfo).astimezone(datetime.UTC)


def _number(clinic: Clinic, uid: UUID, day: datetime.date) -> str:
    return f"{clinic.slug.upper()[:20]}-{day.year}-{uid.hex[-8:].upper()}"


def _free_index(clinic: Clinic) -> int:
    """A place in the list of revocations, by lot: who reads the list learns nothing of the order."""
    taken = set(IssuedCertificate.objects.filter(clinic=clinic).values_list("status_index", flat=True))
    while (index := secrets.randbelow(LIST_SIZE)) in taken:
        continue
    return index


def _hours(enrolment: Enrolment) -> float:
    rows = Attendance.objects.filter(clinic_id=enrolment.clinic_id, enrolment=enrolment, taken_back_at=None)
    return float(rows.aggregate(total=Sum("hours"))["total"] or 0)


def _criteria(enrolment: Enrolment) -> str:
    """What it took, in one English sentence: a badge is read by machines of any place."""
    course = enrolment.course
    return (
        f"Attended every module; passed the final exam at {course.pass_mark} % or more; was seen to master each skill of the "
        f"checklist; supervised injections asked for: {course.supervised_injections}; made for the law of {course.jurisdiction}.")
