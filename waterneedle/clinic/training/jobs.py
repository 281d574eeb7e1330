"""Reminders: so many days before a certificate ends its holder gets a letter, and one on the day after its last."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit.who import machine
from waterneedle.clinic.outbox.handlers import daily
from waterneedle.clinic.outbox.letters import send_letter
from waterneedle.clinic.outbox.models import Job
from waterneedle.clinic.practitioners.models import Certificate
from waterneedle.clinic.practitioners.queries import all_on_file, counts_in
from waterneedle.clinic.tasks.actions import open_task
from waterneedle.clinic.training.models import Reminder
from waterneedle.clinic.web.words import day as spoken

AHEAD = (90, 30, 7)  # days: our judgement, the first long enough to find a course
LAPSED = 0
MISSED_FOR = 14  # days after the end within which a clinic that stood still is told late
DUE_DAYS = 7


@daily("training.remind", at=datetime.time(15))
def remind(job: Job, now: datetime.datetime) -> None:
    """For each certificate that counts longest of its holder: the letter that is due today, once."""
    for clinic in Clinic.objects.order_by("pk"):
        today = now.astimezone(clinic.tzinfo).date()
        for known in all_on_file(clinic):
            last = _longest(known.papers["certificate"], clinic.jurisdiction)
            if known.works_here and last is not None and (days := due(last.expires, today)) is not None:
                _tell(clinic, last, days, now)


def due(expires: datetime.date, today: datetime.date) -> int | None:
    """Which reminder is due: the nearest of those whose day has come; None while the end is far, or long past."""
    left = (expires - today).days
    if left < 0:
        return LAPSED if left >= -MISSED_FOR else None
    return min((one for one in AHEAD if left <= one), default=None)


def _longest(certificates: list, jurisdiction: str) -> Certificate | None:
    """The certificate that ends last; None where one has no end."""
    here = [one for one in certificates if counts_in(one, jurisdiction)]
    if not here or any(one.expires is None for one in here):
        return None
    return max(here, key=lambda one: one.expires)


def _tell(clinic: Clinic, paper: Certificate, days: int, now: datetime.datetime) -> None:
    _row, made = Reminder.objects.get_or_create(clinic=clinic, paper=paper, days=days)
    if not made:
        return
    user = paper.practitioner.user
    with translation.override(user.language or clinic.languages[0]):
        said = {"clinic": clinic.name, "day": spoken(paper.expires), "number": paper.number or paper.issuer,
                "address": settings.PUBLIC_URL + reverse("training:ahead", kwargs={"clinic": clinic.slug})}
        if days == LAPSED:
            subject = _("%(clinic)s: your certificate has ended") % said
            text = _("Hello,\n\nyour certificate %(number)s ended on %(day)s. Until it is renewed you are not booked for "
                     "injections, and the check bars them.\n\n%(address)s") % said
        else:
            subject = _("%(clinic)s: your certificate ends on %(day)s") % said
            text = _("Hello,\n\nyour certificate %(number)s is good until %(day)s. See what its renewal asks, and what you "
                     "have of it:\n\n%(address)s") % said
        send_letter(to=[user.email], subject=subject, text=text, clinic=clinic, about="certificate",
                    key=f"certificate {paper.uid} {days}", due_at=now, waking_hours=True)
    if days == LAPSED:
        open_task(
            clinic=clinic, kind="training.lapsed", cause=str(paper.uid), role=Role.OWNER, by=machine("training", clinic),
            title=gettext_noop("A certificate has ended: who may not inject any more"), about=paper.practitioner.uid,
            needs="credentials.write", due_at=now + datetime.timedelta(days=DUE_DAYS))
