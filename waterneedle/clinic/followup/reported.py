"""The report of a reaction in the clinic, on its page: the way to it while there is none, else the one that there is."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from waterneedle.clinic.followup.models import AdverseEvent
from waterneedle.clinic.visits.models_after import Reaction, ReactionEntry


def reported(request: HttpRequest, reaction: Reaction) -> SafeString:
    """The section of the page; "" for who reads no reports. Of one that was none nothing is to be reported."""
    if not request.access.may("followup.read"):
        return SafeString("")
    events = AdverseEvent.objects.filter(clinic_id=reaction.clinic_id, reaction=reaction).select_related("made_by").order_by("pk")
    was = not reaction.entries.filter(kind=ReactionEntry.MISTAKE).exists()
    page = {
        "events": list(events), "reaction": reaction, "clinic": request.clinic, "patient": request.patient,
        "may_report": was and request.access.may("followup.write")}
    return mark_safe(get_template("followup/_reported.html").render(page, request)) if events or was else SafeString("")
