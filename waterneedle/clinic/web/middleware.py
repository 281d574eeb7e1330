"""The reader's own language, once they are known."""
from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

_KNOWN = {code for code, _name in settings.LANGUAGES}


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
