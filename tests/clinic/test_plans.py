"""No page of the clinic goes through every row of a table that grows with its patients, visits or days."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from clinic.plans import gone_through, on_sqlite, statements
from clinic.world import make_world
from waterneedle.clinic.accounts.roles import Role, scope
from waterneedle.clinic.accounts.routes import routes
from waterneedle.clinic.database.sqlite.statistics import LARGE, OPEN

pytestmark = on_sqlite

STAFF = [one for one in routes() if one.declared.kind == "staff"]
ROOMS = sorted({one.name.partition(":")[0] for one in STAFF})
# What is few among many: indexes of open, offered or students' rows.
FEW = re.compile("|".join(OPEN))
# These count a year, list the newest of all, or make a file of the whole clinic.
WHOLE = {"exports:extract_file", "followup:answers", "followup:rates", "home:figures"}


@pytest.mark.parametrize("room", ROOMS)
def test_no_page_goes_through_all_rows(room, db, client_of):
    world, found, count = make_world(), {}, 0
    for route in STAFF:
        if route.name.partition(":")[0] != room or route.name in WHOLE:
            continue
        who = next(role for role in Role.values if scope(role, route.declared.permission) is not None)
        address = reverse(route.name, kwargs=world.here.arguments(route))
        with statements() as asked:
            client_of(world.people[who]).get(address)
        read = [one for one in asked if one[0].lstrip().startswith(("SELECT", "UPDATE", "DELETE"))]
        gone = [step for sql, params in read for step in gone_through(sql, params, large=LARGE.__contains__, few=FEW)]
        found |= {route.name: gone} if gone else {}
        count += len(read)

    assert count
    assert found == {}
