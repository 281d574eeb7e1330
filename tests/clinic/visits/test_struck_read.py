"""What was struck stays readable to the auditor, who reads no other chart."""

from __future__ import annotations

import pytest
from django.urls import reverse

from clinic.patients.people import at_work, make_patient
from clinic.people import make_person
from clinic.visits.charting import WELL, make_ready_patient, make_syringe, make_visit, plan
from clinic.visits.test_views_sign import make_given_visit
from clinic.visits.test_wasted import sign
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.visits import actions, became, signing


@pytest.fixture
def aldo(clinic):
    return make_person(clinic, "Aldo Auditor", Role.AUDITOR)


@pytest.fixture
def strike(by):
    def struck(visit):
        signing.ask_to_strike(visit=visit, why="another chart", by=by)
        signing.strike(visit=visit, by=at_work(make_person(by.clinic, "Dora Second", Role.PRACTITIONER), by.clinic))

    return struck


def url(visit):
    return reverse("visits:struck_visit", args=["harbor", visit.uid])


LIST = reverse("visits:struck", args=["harbor"])


@pytest.mark.parametrize("is_signed", [False, True])
def test_the_auditor_reads_what_was_charted_by_whom_and_why(client_of, aldo, by, strike, is_signed):
    visit = make_given_visit(by)
    if is_signed:
        sign(visit, by)
        signing.amend(visit=visit, text="seen from the front", by=by)
    browser = client_of(aldo)
    assert browser.get(url(visit)).status_code == 404  # it stands
    strike(visit)

    assert url(visit) in browser.get(LIST).content.decode()
    page = browser.get(url(visit)).content.decode()
    wanted = ["another chart", "Alice Archer", "Dora Second", "ST36", "knee pain", f"chart {visit.patient.number}"]
    wanted += ["seen from the front", "unchanged since"] if is_signed else ["never signed"]
    assert [word for word in wanted if word not in page] == []
    assert visit.patient.family_name not in page
    assert Entry.objects.filter(action="read", kind="visit", user_uid=aldo.uid, patient_uid=visit.patient.uid).count() == 1


def test_the_auditor_reads_why_it_was_a_deviation_and_what_became_of_what_was_drawn_up(client_of, aldo, by, strike):
    visit = make_visit(by, make_patient(by), why="knee pain")
    actions.answer_today(visit=visit, answers=WELL, by=by)
    actions.mark(injection=plan(by, visit, make_syringe(by, visit)), status="given", why="it was given", by=by)
    sign(visit, by)
    strike(visit)
    browser = client_of(aldo)
    (row,) = became.of(visit)
    before = browser.get(url(visit)).content.decode()
    became.say(row=row, became="gone", by=by)
    after = browser.get(url(visit)).content.decode()

    assert "as it was" in before
    said = row.__class__.objects.get(pk=row.pk).get_became_display()
    assert said not in before and said in after
    assert "<form" not in after.partition("<main")[2].partition("</main>")[0]


def test_nothing_else_of_a_chart_opens_and_nothing_can_be_written(client_of, aldo, bob, charlie, by, strike):
    visit = make_given_visit(by)
    strike(visit)
    other = make_given_visit(by)
    assert client_of(aldo).get(url(other)).status_code == 404
    assert client_of(aldo).get(reverse("visits:visit", args=["harbor", visit.patient.uid, visit.uid])).status_code == 404
    for person in (bob, charlie):
        assert client_of(person).get(url(visit)).status_code == 404
    assert "<form" not in client_of(aldo).get(url(visit)).content.decode().split("<main")[1].split("</main")[0]
    assert make_ready_patient(by).family_name not in client_of(aldo).get(LIST).content.decode().split("<main")[1]


def test_another_clinic_lists_and_reads_nothing_of_it_and_a_strike_that_was_only_asked_for_is_not_listed(
    client_of, aldo, charlie, by, strike,
):
    visit, standing = make_given_visit(by), make_given_visit(by)
    signing.ask_to_strike(visit=standing, why="perhaps another chart", by=by)
    strike(visit)
    listed = client_of(aldo).get(LIST).content.decode()
    assert (url(visit) in listed, url(standing) in listed) == (True, False)
    assert client_of(aldo).get(url(standing)).status_code == 404

    theirs = client_of(charlie)
    answer = theirs.get(reverse("visits:struck", args=["hill"]))
    assert answer.status_code == 200
    assert str(visit.uid) not in answer.content.decode()
    assert theirs.get(reverse("visits:struck_visit", args=["hill", visit.uid])).status_code == 404


def test_who_has_asked_is_not_asked_to_confirm_and_the_patient_is_still_to_be_watched(client_of, clinic, alice, by):
    visit = make_given_visit(by)
    sign(visit, by)
    signing.ask_to_strike(visit=visit, why="another chart", by=by)
    dora = make_person(clinic, "Dora Second", Role.PRACTITIONER)
    where = {"clinic": "harbor", "patient": visit.patient.uid, "visit": visit.uid}
    address, confirm = reverse("visits:visit", kwargs=where), f'action="{reverse("visits:strike", kwargs=where)}"'

    pages = [client_of(person).get(address) for person in (alice, dora)]
    assert [confirm in page.content.decode() for page in pages] == [False, True]
    assert [page.context["is_unwatched"] for page in pages] == [True, True]


def test_what_was_entered_back_is_not_called_wasted(client_of, alice, by, strike):
    visit = make_given_visit(by)
    sign(visit, by)
    browser, page = client_of(alice), reverse("visits:visit", args=["harbor", visit.patient.uid, visit.uid])
    assert "left: wasted" in browser.get(page).content.decode()
    strike(visit)

    assert "left: wasted" not in browser.get(page).content.decode()


def test_who_is_asked_to_confirm_is_led_to_where_it_is_done_and_who_has_asked_is_not(client_of, alice, by):
    visit, second = make_given_visit(by), make_person(by.clinic, "Dora Second", Role.PRACTITIONER)
    page = reverse("visits:visit", args=["harbor", visit.patient.uid, visit.uid])
    for is_signed in (False, True):
        if is_signed:
            sign(visit, by)
        else:
            signing.ask_to_strike(visit=visit, why="another chart", by=by)
        shown = [client_of(who).get(page).content.decode() for who in (second, alice)]
        assert ['href="#strike"' in one and 'id="strike"' in one for one in shown] == [True, False]
