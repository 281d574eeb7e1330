"""The page of the owner: which programs come in, and a new token for one."""
from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from waterneedle.api import actions
from waterneedle.api.forms import TokenForm
from waterneedle.api.models import Scope, Token
from waterneedle.clinic.accounts.access import staff


@staff("tokens.write")
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """All tokens, and the form of a new one. Its secret is in this one answer and nowhere else."""
    now = timezone.now()
    form = TokenForm(request.POST or None, clinic=request.clinic, today=now.astimezone(request.clinic.tzinfo).date())
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made, secret = actions.make_token(
                name=said["name"], scopes=said["scopes"], expires_at=form.expires_at, by=request.access, now=now)
        except IntegrityError:  # the same name at the same moment
            form.add_error("name", form.TAKEN)
        else:
            return render(request, "api/made.html", {"token": made, "secret": secret})
    page = {"form": form, "rows": _rows(request), "now": now}
    return render(request, "api/tokens.html", page, status=422 if request.method == "POST" else 200)


@staff("tokens.write")
@require_POST
def revoke(request: HttpRequest, token: UUID) -> HttpResponse:
    row = get_object_or_404(Token, clinic=request.clinic, uid=token)
    actions.revoke(token=row, by=request.access, now=timezone.now())
    messages.success(request, _("Closed. It opens nothing from now on."))
    return redirect("api:tokens", clinic=request.clinic.slug)


def _rows(request: HttpRequest) -> list[dict[str, object]]:
    now = timezone.now()
    found = Token.objects.filter(clinic=request.clinic).select_related("made_by").order_by("-made_at", "-id")[:200]
    return [{"token": one, "open": one.is_open(now), "opens": [Scope(scope).label for scope in one.scopes]} for one in found]
