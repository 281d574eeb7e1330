"""What lapses ahead of time, certificates from elsewhere with their files, and the keys that sign here."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.practitioners.actions import OwnPaper
from waterneedle.clinic.practitioners.queries import today_in
from waterneedle.clinic.training import bringing, certifying, keys, queries
from waterneedle.clinic.training.forms import BringForm
from waterneedle.clinic.training.models import Evidence, SigningKey
from waterneedle.clinic.training.views_trainee import sentence
from waterneedle.clinic.web.downloads import file

_ENDS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg", "text/plain": "txt"}


@staff("training.read")
def ahead(request: HttpRequest) -> HttpResponse:
    """What will lapse within half a year, and what has."""
    day = today_in(request.clinic)
    rows = [{"known": one.known, "lapses": one.lapses, "certificates": queries.of_practitioner(one.known.practitioner)}
            for one in queries.ahead(request, day)]
    return render(request, "training/ahead.html", {"rows": rows, "day": day, "days": queries.AHEAD_DAYS})


@staff("training.write")
def bring(request: HttpRequest) -> HttpResponse:
    """Enter a certificate from elsewhere, with its file; who enters it vouches for it."""
    form = BringForm(request.POST or None, request.FILES or None, clinic=request.clinic)
    if request.method == "POST" and form.is_valid() and _brought(request, form):
        messages.success(request, _("Entered. It counts from now on."))
        return redirect("training:bring", clinic=request.clinic.slug)
    rows = Evidence.objects.filter(clinic=request.clinic).defer("content").order_by("-made_at")
    page = {"form": form, "rows": rows.select_related("paper__practitioner__user", "vouched_by")}
    return render(request, "training/bring.html", page, status=422 if request.method == "POST" else 200)


@staff("training.write")
def evidence(request: HttpRequest, evidence: UUID) -> HttpResponse:
    row = get_object_or_404(Evidence, clinic=request.clinic, uid=evidence)
    return file(bytes(row.content), row.content_type, f"evidence-{row.uid}.{_ENDS.get(row.content_type, 'bin')}")


@staff("clinic.write")
def keys_page(request: HttpRequest) -> HttpResponse:
    """The keys that sign, and a new one."""
    if request.method == "POST":
        keys.rotate(request.clinic, request.access)
        messages.success(request, _("A new key signs from now on. What the old one signed still holds."))
        return redirect("training:keys", clinic=request.clinic.slug)
    rows = SigningKey.objects.filter(clinic=request.clinic).order_by("-made_at", "-pk")
    page = {"keys": rows, "did": keys.did_of(request.clinic)}
    return render(request, "training/keys.html", page)


def _brought(request: HttpRequest, form: BringForm) -> bool:
    fields = {name: form.cleaned_data[name] for name in form._meta.fields}
    name, kind, content = form.cleaned_data["file"]
    try:
        with transaction.atomic():
            bringing.bring(practitioner=form.cleaned_data["practitioner"], fields=fields, name=name, content_type=kind,
                           content=content, by=request.access)
    except OwnPaper:
        form.add_error(None, _("Nobody vouches for their own training or certificate. Ask the owner to enter it."))
    except certifying.NotCertified as problem:
        form.add_error("file", sentence(problem))
    except IntegrityError:  # the same badge, at the same moment
        form.add_error("file", _("This certificate was brought before."))
    return not form.errors
