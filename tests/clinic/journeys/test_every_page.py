"""Every page of the clinic in a browser, as somebody sees it who may do everything there: axe, targets, no sideways scrolling,
and nothing that the policy of the page stops.

A room's pages are walked in one go. On an ordinary day each is looked at in one size and one theme, another one from page to
page; the soak looks at all of them.
"""
from __future__ import annotations

import itertools

import pytest
from django.urls import reverse

from clinic.journeys.accessibility import SIZES, THEMES, findings
from clinic.world import make_world
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.accounts.routes import Route, routes

VIEWS = list(itertools.product(SIZES, THEMES))
# Pages outside of a clinic that open without a token, a second step or a row of their own.
OUTSIDE = [one for one in routes() if not one.arguments and one.declared.kind in ("public", "signed in")]
STAFF = [one for one in routes() if one.declared.kind == "staff"]
ROOMS = sorted({one.name.partition(":")[0] for one in STAFF})


def is_page(page, address: str) -> bool:
    """Whether `address` answers a whole page: no list of suggestions, no file, no way to somewhere else, and takes a GET."""
    answer = page.request.get(address, max_redirects=0)
    return answer.status == 200 and answer.headers["content-type"].startswith("text/html") and "<html" in answer.text()


def walk(page, site: str, pages: list[tuple[Route, dict]], *, all_views: bool) -> None:
    """Look at each of `pages`; fails with everything that is wrong on any of them, and when there was nothing to look at."""
    addresses = [site + reverse(route.name, kwargs=arguments) for route, arguments in pages]
    looked_at = [address for address in addresses if is_page(page, address)]
    assert looked_at
    found = []
    for index, address in enumerate(looked_at):
        page.goto(address)
        for size, theme in VIEWS if all_views else [VIEWS[index % len(VIEWS)]]:
            found += [f"{address}: {one}" for one in findings(page, sizes={size: SIZES[size]}, themes=(theme,))]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("all_views", [False, pytest.param(True, marks=pytest.mark.soak)], ids=["one view", "all views"])
@pytest.mark.parametrize("room", ROOMS)
def test_the_pages_of_a_room(site, page_of, room, all_views):
    world = make_world()
    pages = [(one, world.here.arguments(one)) for one in STAFF if one.name.startswith(f"{room}:")]

    walk(page_of(world.here.access.user), site, pages, all_views=all_views)


@pytest.mark.parametrize("all_views", [False, pytest.param(True, marks=pytest.mark.soak)], ids=["one view", "all views"])
@pytest.mark.parametrize("who", ["signed in", "not signed in"])
def test_the_pages_outside_of_a_clinic(site, page_of, settings, who, all_views):
    settings.DEMO = True
    person = make_world().people[Role.OWNER] if who == "signed in" else None

    walk(page_of(person), site, [(one, {}) for one in OUTSIDE], all_views=all_views)
