"""What the clinic has to say of the papers of who injects, beside the check: here all papers are on file, so one that is not
there is not unknown but missing, and bars the needle.

The check warns of a licence or a certificate that nobody told it about; anywhere else that is all it can do. Here the
certificate may have been revoked a moment ago, or be made for the law of another place: then the issue says so.
"""

from __future__ import annotations

import datetime

import msgspec
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from waterneedle.clinic.practitioners.models import Certificate
from waterneedle.clinic.practitioners.queries import may_inject, today_in
from waterneedle.clinic.visits.models import Injection, Status, Visit
from waterneedle.clinic.visits.rows import Charted
from waterneedle.clinic.web import words
from waterneedle.safety.plan import Assessment, DetectedIssue

RULES = frozenset(("certificate", "practitioner_license"))


def with_the_papers(charted: Charted, assessment: Assessment, language: str | None = None) -> Assessment:
    """The assessment in which a paper that is missing bars; where none is missing, as it was."""
    if charted.visit.practitioner is None or not any(_is_missing(one) for one in assessment.issues):
        return assessment
    issues = tuple(_barring(one, charted.visit, language) if _is_missing(one) else one for one in assessment.issues)
    return msgspec.structs.replace(assessment, issues=issues, verdict="block")


def with_the_day(charted: Charted, assessment: Assessment, language: str | None = None) -> Assessment:
    """The assessment in which the papers of the day of the puncture count, where that is a later one than the day of the visit.

    A visit that was opened before midnight, or is taken up again, opens no gate that has closed since. One that is written down
    afterwards is judged by its own day alone.
    """
    found: list[DetectedIssue] = []
    for day, late in _on_later_days(charted).items():
        answer = may_inject(charted.visit.practitioner, charted.visit.clinic.jurisdiction, None, None, day, language=language)
        numbers = tuple(str(one.seq) for one in late)
        found += [msgspec.structs.replace(one, severity="block", injections=numbers, recorded=False)
                  for one in answer.against if one.severity == "block" or _is_missing(one)]
    barring = {one.rule for one in assessment.issues if one.severity == "block" and not one.injections}
    found = [one for one in found if one.rule not in barring]
    return msgspec.structs.replace(assessment, issues=(*assessment.issues, *found), verdict="block") if found else assessment


def _on_later_days(charted: Charted) -> dict[datetime.date, list[Injection]]:
    visit, found = charted.visit, {}
    if visit.practitioner is None or visit.happened_at is not None:
        return found
    for one in charted.injections:
        day = today_in(visit.clinic, one.given_at or timezone.now())
        if one.status != Status.NOT_DONE and day > visit.day:
            found.setdefault(day, []).append(one)
    return found


def _is_missing(issue: DetectedIssue) -> bool:
    return issue.rule in RULES and issue.severity == "warn"


def _barring(issue: DetectedIssue, visit: Visit, language: str | None) -> DetectedIssue:
    message = issue.message
    if issue.rule == "certificate":
        with translation.override(language or "en"):
            message = _why(visit) or message
    return msgspec.structs.replace(issue, severity="block", message=message, recorded=False)


def _why(visit: Visit) -> str:
    """Why there is no certificate that counts: the last one was revoked, or is made for another place. Empty: there never was."""
    mine = Certificate.objects.filter(clinic_id=visit.clinic_id, practitioner_id=visit.practitioner_id)
    last = mine.order_by("-made_at", "-pk").first()
    if last is None:
        return ""
    if last.withdrawn_at is not None:
        return _("The certificate was revoked on %(day)s: %(why)s") % {
            "day": words.day(last.withdrawn_at.astimezone(visit.clinic.tzinfo).date()), "why": last.withdrawn_why}
    return _("The certificate on record is made for %(place)s and does not count here.") % {"place": last.jurisdiction}
