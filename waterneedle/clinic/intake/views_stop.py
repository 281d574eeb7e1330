"""Who wants no more messages says so: by the button on this page, or by that of their mail program, which asks here by itself.

A program sends a POST without cookies and without having read the page (RFC 8058); what filters of mail fetch is a GET, and
that ends nothing. The page names nobody and has no door: who holds the letter may say that they want no more, and learns
nothing by it.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from waterneedle.clinic.accounts.access import public
from waterneedle.clinic.audit.who import Who
from waterneedle.clinic.intake.calling import closed
from waterneedle.clinic.outbox import links, opting
from waterneedle.clinic.outbox.reaching import STOP
from waterneedle.clinic.patients.queries import kept_record
from waterneedle.clinic.web.middleware import use_language


@csrf_exempt  # there is no session that another site could use; the secret is the right to do this
@public(why="secret link")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def stop(request: HttpRequest, secret: str) -> HttpResponse:
    now = timezone.now()
    link = links.find(secret, purpose=STOP, now=now)
    patient = link and kept_record(link.patient)
    if link is None or patient is None or opting.is_closed(patient):
        return closed(request)
    request.clinic = link.clinic
    use_language(request, link.language)
    if request.method == "POST":
        by = Who(clinic_id=link.clinic_id, zone=link.clinic.tzinfo, role="recipient, by link")
        opting.opt_out(patient=patient, by=by, now=now)
    page = {"clinic": link.clinic, "is_stopped": opting.opt_out_of(patient) is not None}
    return render(request, "intake/stop.html", page)
