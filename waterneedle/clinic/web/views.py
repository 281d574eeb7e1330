"""Language and display, the page of all components, what shows without a connection, and the pages of errors.

Who may open them is declared in `config/urls.py`: this room lies below the one that knows roles.
"""
from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from waterneedle.clinic.web import navigation, showcase
from waterneedle.clinic.web.context import KEYS_COOKIE, THEME_COOKIE
from waterneedle.clinic.web.preferences import PreferencesForm

_YEAR_S = 365 * 24 * 3600


@never_cache
def preferences(request: HttpRequest) -> HttpResponse:
    """Language, light or dark, and keys that work alone: kept in this browser, the language with the person as well."""
    back = _back(request)
    form = PreferencesForm(request.POST or None, initial={
        "language": translation.get_language(),
        "theme": request.COOKIES.get(THEME_COOKIE, "system"),
        "single_keys": request.COOKIES.get(KEYS_COOKIE) != "off",
    })
    if request.method != "POST" or not form.is_valid():
        return render(request, "web/preferences.html", {"form": form, "back": back}, status=422 if form.is_bound else 200)
    chosen = form.cleaned_data
    if request.user.is_authenticated:
        request.user.language = chosen["language"]
        request.user.save(update_fields=["language"])
    with translation.override(chosen["language"]):
        messages.success(request, _("Kept for this browser."))
    response = redirect(back)
    for name, value in (
        (settings.LANGUAGE_COOKIE_NAME, chosen["language"]),
        (THEME_COOKIE, chosen["theme"]),
        (KEYS_COOKIE, "on" if chosen["single_keys"] else "off"),
    ):
        response.set_cookie(name, value, max_age=_YEAR_S, samesite="Lax", secure=request.is_secure(), httponly=True)
    return response


def style(request: HttpRequest) -> HttpResponse:
    """Every component, in both themes; in the demo and for those who work on it."""
    if not (settings.DEMO or settings.DEBUG):
        raise Http404
    return render(request, "web/style.html", showcase.context(request))


def offline(request: HttpRequest) -> HttpResponse:
    """What a browser shows when the clinic's server does not answer; kept by the service worker."""
    return render(request, "web/offline.html")


def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps the offline page and what it is drawn with; nothing about patients is ever kept."""
    styles = [f"css/{name}.css" for name in ("tokens", "base", "layout", "components")]
    kept = ["/offline/", *(static(f"web/{path}") for path in styles)]
    response = render(request, "web/service_worker.js", {"kept": kept}, content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


def refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """`settings.CSRF_FAILURE_VIEW`: the form was too old, or came from elsewhere."""
    return render(request, "403_csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """The page of a mistake of ours. It uses no database, no session and no context: one of them may be what broke."""
    return render(None, "500.html", {"alarm_url": navigation.alarm_when_broken(request)}, status=500)


def _back(request: HttpRequest) -> str:
    """The page of this site that the reader came from."""
    asked: Any = request.POST.get("next") or request.GET.get("next") or request.headers.get("referer", "")
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if safe and request.path not in asked else "/"
