"""How the reader wants pages to look: what every template may use."""
from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

THEMES = ("light", "dark")
THEME_COOKIE, KEYS_COOKIE = "wn_theme", "wn_keys"


def look(request: HttpRequest) -> dict[str, Any]:
    """`theme` is light, dark or "" (as the system has it); `single_keys` whether keys such as / work alone."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "theme": theme if theme in THEMES else "",
        "single_keys": request.COOKIES.get(KEYS_COOKIE) != "off",
        "search_route": settings.SEARCH_ROUTE,
        "sign_in_url": settings.LOGIN_URL,
    }
