"""The watch after the last puncture: begun for the time that the rule says, and ended by a person."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.patients.queries import records_of
from waterneedle.clinic.visits import actions
from waterneedle.clinic.visits.models import Observation, Visit
from waterneedle.clinic.visits.observing import watch_of


@staff("observation.write")
@require_POST
def begin_watch(request: HttpRequest, visit: UUID) -> HttpResponse:
    """Begin to watch, as long as is right for this patient today; who is being watched is watched on."""
    row = get_object_or_404(Visit, clinic=request.clinic, patient_id__in=records_of(request.patient), uid=visit)
    watch = watch_of(row)
    actions.observe(visit=row, minutes=watch.minutes, why=watch.why, by=request.access)
    said = ngettext("Watched for %(count)d minute", "Watched for %(count)d minutes", watch.minutes) % {"count": watch.minutes}
    messages.success(request, f"{said} ({_(watch.why)})" if watch.why else said)
    return redirect("home:today", clinic=request.clinic.slug)


@staff("observation.write")
@require_POST
def end_watch(request: HttpRequest, observation: UUID) -> HttpResponse:
    row = get_object_or_404(Observation.objects.select_related("patient"), clinic=request.clinic, uid=observation)
    actions.end_observation(observation=row, by=request.access)
    messages.success(request, _("No longer watched."))
    return redirect("home:today", clinic=request.clinic.slug)
