"""What the clinic has to say of the papers of who injects, beside the check: here all papers are on file, so one that is not
there is not unknown but missing, and bars the needle.

The check warns of a licence or a certificate that nobody told it about; anywhere else that is all it can do. Here the
certificate may have been revoked a moment ago, or be made for the law of another place: then the issue says so.
"""

from __future__ import annotations

import msgspec
from django.utils import translation
from django.utils.translation import gettext as _

from waterneedle.clinic.practitioners.models import Certificate
from waterneedle.clinic.visits.models import Visit
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
