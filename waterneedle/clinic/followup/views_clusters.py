"""Infections at the site that belong together: who, what they share, and from there to the trace."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.followup import clusters
from waterneedle.clinic.followup.clusters import Shared
from waterneedle.clinic.followup.models import EventVersion
from waterneedle.clinic.followup.queries_events import given_of, newest_versions, suspected
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.tasks.queries import leads


@staff("quarantine.write")
def cluster(request: HttpRequest, event: UUID) -> HttpResponse:
    """The infections, one line each, and what the first shares with the others."""
    version = newest_versions(request.clinic.pk).filter(event__uid=event).first()
    if version is None:
        raise Http404
    found = clusters.related(version)
    infections = [version, *(one.version for one in found)]
    for one in infections:
        audit.read(request, one.event.patient, kind="infections that belong together", uid=one.event.uid)
    shared = clusters.in_order({fact for one in found for fact in one.shared})
    return render(request, "followup/cluster.html", {
        "infections": [_line(one) for one in infections],
        "shared": [{"what": one.what, "name": str(one.row), "trace": _trace(request, one)} for one in shared]})


@leads(clusters.TASK)
def cluster_address(task: Task) -> str:
    return reverse("followup:cluster", kwargs={"clinic": task.clinic.slug, "event": task.about})


def _line(version: EventVersion) -> dict[str, Any]:
    facts = clusters.in_order(clusters.facts_of(version))
    named = {what: [str(one.row) for one in facts if one.what == what] for what in clusters.WHAT}
    visit, given = clusters.visit_of(version), given_of(suspected(version))
    return {"patient": version.event.patient, "day": visit and visit.day, "where": given.site if given else "", **named}


def _trace(request: HttpRequest, one: Shared) -> str:
    """The address of the trace of a lot or a vial; of a room or a person there is none."""
    if one.what not in ("lot", "vial"):
        return ""
    where = reverse("followup:recall", kwargs={"clinic": request.clinic.slug})
    return f"{where}?{urlencode({'kind': one.what, one.what: one.row.uid})}"
