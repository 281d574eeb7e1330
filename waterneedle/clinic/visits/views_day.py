"""The watch after the last puncture, ended by a person on the page of the morning."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.visits import actions
from waterneedle.clinic.visits.models import Observation


@staff("observation.write")
@require_POST
def end_watch(request: HttpRequest, observation: UUID) -> HttpResponse:
    row = get_object_or_404(Observation.objects.select_related("patient"), clinic=request.clinic, uid=observation)
    actions.end_observation(observation=row, by=request.access)
    messages.success(request, _("No longer watched."))
    return redirect("home:today", clinic=request.clinic.slug)
