"""The chart: the last visits with what was done, each drawn once and drawn anew when something was added."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.urls import reverse

from clinic.patients.people import at_work
from clinic.people import make_person
from clinic.visits.charting import WELL, make_ready_patient, make_syringe, make_visit, plan
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.visits import actions, past, signing
from waterneedle.clinic.visits.models import Fragment


@pytest.fixture
def ana(by):
    return make_ready_patient(by)


@pytest.fixture
def signed_visit(by, ana):
    def made(why="knee pain"):
        visit = make_visit(by, ana, why=why)
        actions.answer_today(visit=visit, answers=WELL | {"reacted_last": False}, by=by)
        plan(by, visit, make_syringe(by, visit))
        actions.give_all(visit=visit, by=by)
        for rule in {gap.field.removeprefix("reason ") for gap in signing.gaps(visit) if gap.field.startswith("reason ")}:
            actions.give_reason(visit=visit, rule=rule, note="known", by=by)
        proof = signing.mint(visit=visit, user=by.user, session_key="one", method="passkey")
        signing.sign(visit=visit, proof=proof.uid, session_key="one", by=by)
        return visit

    return made


@pytest.fixture
def chart_of(client_of):
    def read(user, patient, **more):
        address = reverse("visits:visits", kwargs={"clinic": "harbor", "patient": patient.uid})
        answer = client_of(user).get(address, **more)
        return answer.content.decode() if answer.status_code == 200 else answer.status_code

    return read


def drawn():
    return {one.visit_id: one.html for one in Fragment.objects.all()}


def test_a_signed_visit_stands_there_with_its_note_and_a_draft_with_its_points(chart_of, alice, by, ana, signed_visit):
    signed_visit("knee pain")
    draft = make_visit(by, ana, why="neck pain")
    plan(by, draft, make_syringe(by, draft), point="LI4")
    page = chart_of(alice, ana)

    assert page.index("neck pain") < page.index("knee pain")
    assert all(word in page for word in ("ST36", "lot 0417", "LI4", "Signed by"))


def test_it_is_drawn_once(chart_of, alice, ana, signed_visit):
    visit = signed_visit()
    first = chart_of(alice, ana)
    Fragment.objects.filter(visit=visit).update(html="<p>as it was kept</p>")

    assert "Signed by" in first
    assert "as it was kept" in chart_of(alice, ana)


def test_an_emptied_table_is_filled_again(chart_of, alice, ana, signed_visit):
    signed_visit()
    chart_of(alice, ana)
    kept = drawn()
    Fragment.objects.all().delete()
    chart_of(alice, ana)

    assert kept and drawn() == kept


def test_what_is_added_is_shown_at_once(chart_of, alice, by, ana, signed_visit):
    visit = signed_visit()
    chart_of(alice, ana)
    signing.amend(visit=visit, text="It was the <right> side.", by=by)

    assert "It was the &lt;right&gt; side." in chart_of(alice, ana)


def test_a_struck_visit_says_so_at_once_and_stays_readable(chart_of, alice, clinic, by, ana, signed_visit):
    visit = signed_visit()
    chart_of(alice, ana)
    signing.ask_to_strike(visit=visit, why="another Ana", by=by)
    asked = chart_of(alice, ana)
    signing.strike(visit=visit, by=at_work(make_person(clinic, "Dora Second", Role.PRACTITIONER), clinic))
    struck = chart_of(alice, ana)

    assert "another Ana" in asked and "Struck" not in asked
    assert "Struck" in struck and "ST36" in struck


def test_each_language_and_zone_has_its_own(chart_of, alice, clinic, ana, signed_visit):
    signed_visit()
    english = chart_of(alice, ana)
    alice.language = "es"
    alice.save()
    spanish = chart_of(alice, ana)
    before = drawn()
    clinic.zone = "Asia/Tokyo"
    clinic.save()
    chart_of(alice, ana)

    assert "Signed by" in english and "Signed by" not in spanish
    assert {one.language for one in Fragment.objects.all()} == {"en", "es"}
    assert drawn() != before


def test_no_name_of_the_patient_is_kept(chart_of, alice, ana, signed_visit):
    signed_visit()
    chart_of(alice, ana)

    assert not any(word in html for html in drawn().values() for word in (ana.given_name, ana.family_name, str(ana.uid)))


def test_another_clinic_sees_nothing_and_the_desk_neither(chart_of, bob, charlie, ana, signed_visit):
    signed_visit()

    assert [chart_of(one, ana) for one in (bob, charlie)] == [404, 404]
    assert drawn() == {}


def test_the_page_asks_the_same_number_of_statements_for_one_visit_and_for_many(client_of, alice, ana, signed_visit):
    browser = client_of(alice)
    address = reverse("visits:visits", kwargs={"clinic": "harbor", "patient": ana.uid})
    asked = []

    def count(execute, sql, params, many, context):
        asked[-1] += 1
        return execute(sql, params, many, context)

    for _ in range(3):
        signed_visit()
        browser.get(address)  # draws what is new
        asked.append(0)
        with connection.execute_wrapper(count):
            browser.get(address)

    assert asked[0] == asked[1] == asked[2]


def test_what_is_older_than_the_page_is_one_press_away(chart_of, alice, by, ana, monkeypatch):
    monkeypatch.setattr(past, "MOST", 2)
    now = datetime.datetime.now(datetime.UTC)
    for back in range(3):
        make_visit(by, ana, why=f"visit {back}", happened_at=now - datetime.timedelta(days=7 * back))
    connection.__dict__.pop("prepared_plans", None)
    assert past.chart(ana, language="en", until=now.date() - datetime.timedelta(days=3)).older is None  # two are all
    newest = past.chart(ana, language="en")
    older = past.chart(ana, language="en", until=newest.older)

    said = [[f"visit {back}" in one for back in range(3)] for one in (*newest.visits, *older.visits)]

    assert [one.index(True) for one in said] == [0, 1, 1, 2]
    connection.__dict__.pop("prepared_plans", None)


@pytest.mark.parametrize("until", ["nonsense", "2026-13-45", "9999-99-99", "%00"])
def test_a_day_that_is_none_shows_the_newest(chart_of, alice, ana, until):
    assert "No visit yet" in chart_of(alice, ana, query_params={"until": until})
