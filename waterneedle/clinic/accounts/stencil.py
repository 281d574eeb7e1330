"""A page of the staff that is drawn once, and filled for each request: for the pages that are opened most.

    def page(*, shown, uid): return {"shown": shown, "patient": …}

    return filled(request, "visits/visits.html", page, {"shown": html, "uid": patient.uid}, by=(bool(visits),))

What stands around the content of such a page costs Django more than the content. It is the same for one person in one clinic
with one language and one look, but for a few places: those that `values` names, and the tokens of the answer. So the template is
drawn once with marks in these places, and kept as the pieces between them.

`page` makes the context from the values and must only put them where they go: it may neither look at one nor pass it to a filter.
Whatever else tells two such pages apart stands in `by`. A page that has a message to show, an emergency access or a form that
came back is drawn as any other.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.signals import setting_changed
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import get_template
from django.urls import get_script_prefix
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from waterneedle.clinic.accounts.context import of_session
from waterneedle.clinic.accounts.session import seconds_left
from waterneedle.clinic.database.rows import uuid7
from waterneedle.clinic.web.context import look

MOST_KEPT = 500  # some 15 KB each: a person at work has few pages that are kept so, and one look
Page = Callable[..., dict[str, Any]]

# Every page that is filled is drawn in full as well and compared: for tests, which do so with all they ask for.
compared = False
_kept: dict[tuple[Any, ...], list[str]] = {}
_SALT = secrets.token_hex(8)  # so that no name can look like a mark
_MARK = re.compile(f"{_SALT}-([a-z_]+)-{_SALT}")


def filled(
    request: HttpRequest, template: str, page: Page, values: Mapping[str, Any], *, by: tuple[Any, ...] = ()
) -> HttpResponse:
    """The page `template` with the context `page(**values)`; `values` are texts, HTML marked as safe, and UUIDs."""
    if request.method != "GET" or getattr(request, "break_glass", None) or len(get_messages(request)):
        return HttpResponse(get_template(template).render(page(**values), request))
    key = (template, by, *_frame(request))
    pieces = _kept.get(key)
    if pieces is None:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        pieces = _kept[key] = _drawn(request, template, page, values)
    put = {name: conditional_escape(value) for name, value in values.items()}
    put |= {"token": get_token(request), "nonce": str(request.csp_nonce), "left": str(seconds_left(request))}
    html = "".join([one if number % 2 == 0 else put[one] if one in put else str(uuid7()) for number, one in enumerate(pieces)])
    if compared:
        _compare(html, get_template(template).render(page(**values) | {"csrf_token": put["token"]}, request))
    return HttpResponse(html)


def _frame(request: HttpRequest) -> tuple[Any, ...]:
    """All that what stands around the content of a page depends on, but for its tokens."""
    said, user, clinic = look(request), request.user, request.clinic
    room = request.path.removeprefix(get_script_prefix()).split("/", 3)[2]
    return (
        get_language(), *said.values(), room, request.access.roles, clinic.slug, clinic.name, user.uid, user.name,
        settings.DEMO, get_script_prefix())


def _drawn(request: HttpRequest, template: str, page: Page, values: Mapping[str, Any]) -> list[str]:
    """The pieces of the page, and between each two the name of what is put there."""
    uids = {name: UUID(int=(1 << 126) + number) for number, name in enumerate(values) if isinstance(values[name], UUID)}
    marks = {name: uids.get(name) or mark_safe(_mark(name)) for name in values}
    session = of_session(request)
    frame = {
        "csrf_token": _mark("token"), "once_key": _mark("once"), "session": session and session | {"ends_in_s": _mark("left")}}
    html = get_template(template).render(page(**marks) | frame, request)
    for name, uid in uids.items():
        html = html.replace(str(uid), _mark(name))
    return _MARK.split(html.replace(str(request.csp_nonce), _mark("nonce")))


def _mark(name: str) -> str:
    return f"{_SALT}-{name}-{_SALT}"


_EACH_TIME = re.compile(r'(?<=name="once" value=")[^"]*|(?<=data-ends-in-s=")\d*')


def _compare(html: str, full: str) -> None:
    for here, there in zip(*(_EACH_TIME.sub("", one).splitlines() for one in (html, full)), strict=True):
        assert here == there, f"the page that was filled says\n{here}\nand the page that was drawn\n{there}"


def _forget(**changed: Any) -> None:
    _kept.clear()


setting_changed.connect(_forget)
