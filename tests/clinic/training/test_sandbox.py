"""Each patient who does not exist has a trap that the check knows, and a way round it."""

from __future__ import annotations

import datetime

import pytest

from waterneedle.clinic.training import sandbox, syllabus
from waterneedle.clinic.training.models import SandboxPlan
from waterneedle.clinic.visits.models import Visit

DAY = datetime.date(2026, 11, 27)


def assessed(case, plan, place="US-WA"):
    product, lines = plan
    return sandbox.assess(case, {"product": product, "lines": lines}, jurisdiction=place, on=DAY, language="en")


@pytest.mark.parametrize("case", sandbox.CASES.values(), ids=lambda case: case.id)
def test_the_check_knows_the_trap_and_the_way_round_it(case):
    fallen, passed = assessed(case, case.falls), assessed(case, case.passes)

    assert set(case.traps) <= {one.rule for one in fallen.issues if one.severity == "block"}
    assert not sandbox.is_solved(fallen) and sandbox.is_solved(passed)


@pytest.mark.parametrize("place", [law.code for law in syllabus.places(DAY)])
def test_in_each_place_that_allows_the_therapy_each_trap_can_be_fallen_into_and_got_round(place):
    for case in sandbox.CASES.values():
        fallen, passed = assessed(case, case.falls, place), assessed(case, case.passes, place)

        assert set(case.traps) <= {one.rule for one in fallen.issues if one.severity == "block"}, case.id
        assert sandbox.is_solved(passed), case.id


@pytest.mark.parametrize("lines", ["", "  \n ", "st36", "nowhere l .5", "st36 l .5 10mm\nxyz"])
def test_what_was_not_understood_is_said_and_nothing_is_checked(lines):
    with pytest.raises(sandbox.NotATypedPlan):
        assessed(sandbox.CASES["cobalt"], (sandbox.B12, lines))


def test_a_plan_of_the_sandbox_never_becomes_a_visit(client_of, enrolment, tom):
    product, lines = sandbox.CASES["cobalt"].falls
    page = client_of(tom.user).post(
        f"/c/harbor/training/enrolments/{enrolment.uid}/sandbox/cobalt/", {"product": product, "lines": lines}, follow=True)

    assert "cobalt" in page.content.decode() and page.status_code == 200
    assert SandboxPlan.objects.get().verdict == "block" and not SandboxPlan.objects.get().solved
    assert not Visit.objects.exists()
