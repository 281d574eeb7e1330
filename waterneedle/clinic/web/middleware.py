"""Short answers, and what may run on a page; the reader's own language; and a polite word where too many write at once."""
from __future__ import annotations

import functools
import gzip
import re
import secrets
from collections.abc import Callable

from csp.constants import HEADER as CSP_HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.cache import patch_vary_headers

from waterneedle.clinic.web.navigation import alarm_when_broken

RETRY_S = 5
# PostgreSQL: serialization failure, deadlock detected, lock not available. SQLite has a sentence for it.
_BUSY_STATES = {"40001", "40P01", "55P03"}

_NONCE = secrets.token_hex(16)  # stands in the policy for that of an answer
_READS_GZIP = re.compile(r"\bgzip\b")  # as Django asks
_KNOWN = {code for code, _name in settings.LANGUAGES}

_SHRINKS = {"application/javascript", "application/json", "application/octet-stream", "application/did+json", "image/svg+xml"}


class Short(GZipMiddleware):
    """Sends pages, styles, scripts and the body of the chart compressed, to who can read it. What is compressed already, a part
    of a file and what is kept unchanged goes as it is. Against guessing by length (BREACH) Django adds a random number of bytes,
    and its tokens are masked anew in each answer. Static files hold no secret: each is compressed once, and kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        self.kept: dict[str, tuple[str, bytes]] = {}  # by path: when the file was changed, and its short form

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if response.status_code == 206 or not (kind.startswith("text/") or kind in _SHRINKS):
            return response
        if response.streaming and request.method == "GET" and request.path.startswith(settings.STATIC_URL):
            return self._file(request, response)
        return super().process_response(request, response)

    def _file(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        patch_vary_headers(response, ("Accept-Encoding",))
        if response.status_code != 200 or not _READS_GZIP.search(request.headers.get("Accept-Encoding", "")):
            return response
        changed = f'{response.headers.get("Last-Modified")} {response.headers.get("Content-Length")}'
        known = self.kept.get(request.path)
        if known is None or known[0] != changed:
            known = self.kept[request.path] = (changed, gzip.compress(b"".join(response.streaming_content), mtime=0))
        response.close()
        headers = {name: value for name, value in response.headers.items() if name not in ("Content-Length", "ETag")}
        return HttpResponse(known[1], headers=headers | {"Content-Encoding": "gzip"})


class Policy(CSPMiddleware):
    """The policy of the settings, put together once. Where a page adds to it, the library does so for each answer."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        nonce = getattr(request, "_csp_nonce", None)
        if nonce is None or any(name.startswith("_csp_") for name in vars(response)):
            return super().process_response(request, response)
        response.headers.setdefault(CSP_HEADER, _policy().replace(_NONCE, nonce))
        return response


@functools.cache
def _policy() -> str:
    return build_policy(nonce=_NONCE)


class ReaderLanguage:
    """The language a person has chosen, wherever they are signed in; else what `LocaleMiddleware` found. Stands below it and
    below the authentication. Only pages of a clinic look for the person here: public ones stay without a query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith("/c/") and request.user.is_authenticated:
            use_language(request, request.user.language)
        return self.get_response(request)


def use_language(request: HttpRequest, language: str) -> None:
    """Show what follows of this request in `language`, such as that of the patient of a link; unknown ones change nothing."""
    if language in _KNOWN:
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()


class FormsAlone:
    """Who reads an address that takes forms alone, by "back" or "reload", is led to the page of the form, which lies above it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        if answer.status_code == 405 and request.method == "GET" and "text/html" in request.headers.get("Accept", ""):
            return HttpResponseRedirect(_above(request.path))
        return answer


def _above(path: str) -> str:
    """The nearest address above that there is."""
    above = path.rstrip("/").rpartition("/")[0] + "/"
    try:
        resolve(above)
    except Resolver404:
        return above if above == "/" else _above(above)
    return above


class Busy:
    """Where the database is too busy to write, nothing is saved and it is said so: that is no mistake of anybody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        if not is_busy(exception):
            return None
        # Without the request: its session and its user may ask the database again.
        answer = render(None, "503.html", {"alarm_url": alarm_when_broken(request)}, status=503)
        answer.headers["Retry-After"] = str(RETRY_S)
        return answer


def is_busy(exception: Exception) -> bool:
    """Whether the database refused only because others were writing: the same may be done in a moment."""
    if not isinstance(exception, OperationalError):
        return False
    return getattr(exception.__cause__, "sqlstate", None) in _BUSY_STATES or "database is locked" in str(exception)
