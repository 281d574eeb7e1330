"""What is asked for three times with one key over HTTP: all that stands in the database stands there once."""

from __future__ import annotations

from types import SimpleNamespace

from django.apps import apps
from django.urls import reverse

from clinic.world import make_world
from waterneedle.clinic.accounts.routes import routes

NO_EFFECT = {  # the key itself, who is signed in, and what is drawn from rows and may be drawn anew
    "audit.Once", "sessions.Session", "visits.Fragment", "usersessions.UserSession",
}


def everything() -> dict[str, list[tuple]]:
    """All rows that there are, by model."""
    models = (one for one in apps.get_models() if one._meta.label not in NO_EFFECT)
    return {one._meta.label: list(one._base_manager.order_by("pk").values_list()) for one in models}


def assert_done_once(browser, address: str, said: dict) -> None:
    """The first of three has an effect, the others have none, and each gets the same answer."""
    before = everything()

    def ask() -> SimpleNamespace:
        answer = browser.post(address, said, HTTP_IDEMPOTENCY_KEY="one press")
        return SimpleNamespace(said=(answer.status_code, answer.get("Location"), answer.content), left=everything())

    first, second, third = ask(), ask(), ask()

    assert first.said[0] in (200, 302), first.said
    assert first.left != before
    assert second.left == first.left and third.left == first.left
    assert first.said == second.said == third.said


def takers(client_of, *rooms: str) -> set[str]:
    """The routes of some rooms that take a form."""
    world = make_world()
    browser, found = client_of(world.here.access.user), set()
    for route in routes():
        if route.name.partition(":")[0] in rooms:
            answer = browser.post(reverse(route.name, kwargs=world.here.arguments(route)))
            found |= {route.name} if answer.status_code != 405 else set()
    return found
