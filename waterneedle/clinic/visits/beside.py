"""What rooms above say on the page of a visit or of a reaction, beside what was there before. They tell it by `stands_beside`."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.safestring import SafeString

from waterneedle.clinic.visits.models import Visit
from waterneedle.clinic.visits.models_after import Reaction

Said = Callable[[HttpRequest, Visit], SafeString]
SaidOfReaction = Callable[[HttpRequest, Reaction], SafeString]
_BESIDE: list[Said] = []
_BESIDE_REACTION: list[SaidOfReaction] = []


def stands_beside(said: Said) -> None:
    """Let what `said` answers (a section of the page; "" for nothing) stand on the page of every visit."""
    if said not in _BESIDE:
        _BESIDE.append(said)


def beside(request: HttpRequest, visit: Visit) -> list[SafeString]:
    return [found for said in _BESIDE if (found := said(request, visit))]


def stands_beside_a_reaction(said: SaidOfReaction) -> None:
    """The same for the page of every reaction."""
    if said not in _BESIDE_REACTION:
        _BESIDE_REACTION.append(said)


def beside_reaction(request: HttpRequest, reaction: Reaction) -> list[SafeString]:
    return [found for said in _BESIDE_REACTION if (found := said(request, reaction))]
