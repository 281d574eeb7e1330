"""The owner lets a program in, copies its token once, and shuts it out again."""
from __future__ import annotations

import re

from clinic.journeys.accessibility import assert_accessible
from clinic.people import make_clinic, make_person
from waterneedle.api.models import Token
from waterneedle.clinic.accounts.roles import Role


def test_the_owner_makes_a_token_and_revokes_it(site, page_of):
    page = page_of(make_person(make_clinic("harbor", "Harbor Acupuncture"), "Olga Owner", Role.OWNER))
    page.goto(f"{site}/c/harbor/api/")
    page.get_by_label("Name").fill("website")
    page.get_by_label("Check plans").check()
    page.get_by_label("Triage check-ins").check()
    assert_accessible(page)

    page.get_by_role("button", name="Make the token").click()
    assert re.fullmatch(r"wn_[\w-]{43}", page.get_by_label("Token").input_value())
    assert_accessible(page)

    with page.expect_navigation():
        page.get_by_role("link", name="I have copied it").click()
    assert_accessible(page)
    page.get_by_role("button", name="Revoke website").click()
    page.get_by_role("cell", name="revoked").wait_for()
    assert [one.revoked_at is not None for one in Token.objects.all()] == [True]
