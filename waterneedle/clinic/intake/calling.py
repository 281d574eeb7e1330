"""The telephone of a clinic, on every page and in letters that ask a patient to call; and the page of a link that is closed.

Which number it is, a room above knows and says so when it starts.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.outbox import links

_numbers: list[Callable[[Clinic], str]] = []


def number_comes_from(find: Callable[[Clinic], str]) -> None:
    """Let `find` say the number at which patients reach a clinic; "" while none is on file."""
    _numbers[:] = [find]


def number_of(clinic: Clinic | None) -> str:
    return _numbers[0](clinic) if _numbers and clinic is not None else ""


def dialled(number: str) -> str:
    """As it stands in an address (RFC 3966): digits, and the plus in front.

    >>> dialled("+1 (206) 555-0100")
    '+12065550100'
    """
    return ("+" if number.strip().startswith("+") else "") + re.sub(r"\D", "", number)


def with_number(text: str, clinic: Clinic) -> str:
    """A letter with the number beneath it, in the language that is in force."""
    number = number_of(clinic)
    return text + "\n\n" + _("%(clinic)s, telephone %(number)s") % {"clinic": clinic.name, "number": number} if number else text


def closed(request: HttpRequest, status: int = 410) -> HttpResponse:
    """The link of this address opens no more. Whoever holds it once had a letter of the clinic, and is told its number. It may
    have closed while they wrote that they cannot breathe: that nobody reads it is said, and whom to call."""
    clinic = getattr(request, "clinic", None)
    if clinic is None and request.resolver_match is not None:
        clinic = links.clinic_of(request.resolver_match.kwargs.get("secret", ""))
    return render(request, "intake/gone.html", {"clinic": clinic, "has_sent": request.method == "POST"}, status=status)
