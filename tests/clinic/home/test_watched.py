"""Who is being observed stands on the front desk's screen until a person ends it."""
from __future__ import annotations

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.patients.people import at_work, make_patient
from clinic.people import make_person
from clinic.visits.charting import make_visit
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.visits import actions, reactions, signing
from waterneedle.clinic.visits.models import Step
from waterneedle.clinic.visits.models_after import Observation, Reaction
from waterneedle.clinic.web import words
from waterneedle.config.demo.visits import clock_at

HERE = {"clinic": "harbor"}
URL = reverse("home:today", kwargs=HERE)


@pytest.fixture
def visit(by):
    return make_visit(by, make_patient(by))


@pytest.fixture
def begin(client_of, visit):
    def begun(user):
        where = HERE | {"patient": visit.patient.uid, "visit": visit.uid}
        return client_of(user).post(reverse("visits:step", kwargs=where), {"step": "observed"})

    return begun


def shown(client, url=URL):
    return client.get(url).content.decode()


def test_it_begins_with_the_minutes_of_the_rule(begin, alice, visit):
    begin(alice)

    row = Observation.objects.get()
    assert (row.until - row.began_at, row.why) == (datetime.timedelta(minutes=30), "first visit")
    assert visit.states.order_by("pk").last().step == Step.OBSERVED


def test_a_second_press_watches_on(begin, alice):
    begin(alice)
    begin(alice)

    assert Observation.objects.count() == 1


def test_the_front_desk_sees_the_name_and_the_time_and_not_why(begin, client_of, alice, bob, visit):
    begin(alice)

    page = shown(client_of(bob))
    assert visit.patient.name in page and "data-until" in page
    assert "first visit" not in page
    assert reverse("visits:end_observation", kwargs=HERE | {"observation": Observation.objects.get().uid}) not in page


@pytest.mark.parametrize("born", [datetime.date(1980, 3, 14), None])
def test_of_two_namesakes_each_is_named_with_the_date_of_birth(client_of, by, alice, bob, born):
    """On the desk's screen, on the list of who is observed, on the board and at the end of the day: each button too."""
    patients = [make_patient(by, "Ana Ruiz", birth_date=one) for one in (datetime.date(1961, 7, 2), born)]
    for patient in patients:
        actions.observe(visit=make_visit(by, patient), minutes=30, by=by)
    said = [words.day(one.birth_date) or "date of birth not known" for one in patients]

    for user, name, buttons in ((bob, "home:today", 1), (alice, "home:today", 2), (alice, "visits:observations", 2),
                                (alice, "visits:board", 2), (alice, "home:close", 0)):
        page = shown(client_of(user), reverse(name, kwargs=HERE))
        assert [page.count(f"Ana Ruiz, {one}</span></button>") for one in said] == [buttons] * 2, name
        assert all(one in page for one in said), name


def test_nobody_is_told_to_do_what_they_may_not(begin, client_of, alice, bob):
    begin(alice)
    assert "look and end it" in shown(client_of(alice))
    assert "look and end it" not in shown(client_of(bob)) and "call who treats" in shown(client_of(bob))


def test_late_ones_stand_out_and_stay(begin, client_of, alice, bob):
    begin(alice)
    assert "watch late" not in shown(client_of(bob))

    now = timezone.now()
    Observation.objects.update(began_at=now - datetime.timedelta(minutes=40), until=now - datetime.timedelta(minutes=10))
    assert "watch late" in shown(client_of(bob), reverse("home:watched", kwargs=HERE))


def test_a_person_ends_it(begin, client_of, alice, bob, visit):
    begin(alice)
    end = reverse("visits:end_observation", kwargs=HERE | {"observation": Observation.objects.get().uid})
    assert client_of(bob).post(end).status_code == 404
    assert Observation.objects.get().ended_at is None

    client_of(alice).post(end)
    assert Observation.objects.get().ended_by == alice
    assert "data-until" not in shown(client_of(bob))


@pytest.mark.parametrize("page", ["home:today", "visits:observations"])
def test_who_was_taken_off_by_a_slip_is_watched_on_with_one_tap(begin, client_of, alice, bob, charlie, visit, page):
    begin(alice)
    row, back = Observation.objects.get(), {"from": "today"} if page == "home:today" else {}
    name = visit.patient.name
    ended = client_of(alice).post(reverse("visits:end_observation", kwargs=HERE | {"observation": row.uid}), back, follow=True)
    undo = re.search(r'action="([^"]*/watch-on/[^"]*)"', ended.content.decode())[1]
    assert name not in shown(client_of(bob), reverse("home:watched", kwargs=HERE))
    for person in (bob, charlie):
        assert client_of(person).post(undo).status_code == 404

    assert client_of(alice).post(undo).headers["Location"] == reverse(page, kwargs=HERE)
    assert name in shown(client_of(bob), reverse("home:watched", kwargs=HERE))
    again = Observation.objects.get(ended_at=None)
    assert (again.began_at, again.until, again.visit, again.patient) == (row.began_at, row.until, visit, visit.patient)


def test_a_second_tap_on_the_way_back_watches_nobody_twice_and_a_later_one_nobody_who_has_gone(begin, client_of, alice):
    begin(alice)
    row = Observation.objects.get()
    undo = reverse("visits:watch_on", kwargs=HERE | {"observation": row.uid})
    client_of(alice).post(undo)
    assert Observation.objects.count() == 1  # who is still watched is so once

    with clock_at(timezone.now() - datetime.timedelta(minutes=5)):
        client_of(alice).post(reverse("visits:end_observation", kwargs=HERE | {"observation": row.uid}))
    client_of(alice).post(undo)
    assert not Observation.objects.filter(ended_at=None).exists()


def test_another_clinic_sees_nobody(begin, client_of, alice, charlie, visit):
    begin(alice)

    assert client_of(charlie).get(URL).status_code == 404
    assert visit.patient.name not in shown(client_of(charlie), reverse("home:watched", kwargs={"clinic": "hill"}))


def test_who_was_charted_on_the_wrong_patient_stays_on_the_screen_and_it_says_so(begin, client_of, alice, bob, by, visit):
    begin(alice)
    saying = "Charted on the wrong patient"
    pages = (URL, reverse("visits:observations", kwargs=HERE))
    reaction = reverse("visits:begin_reaction", kwargs=HERE | {"patient": visit.patient.uid})
    assert not any(saying in shown(client_of(alice), one) for one in pages)
    assert all(reaction in shown(client_of(alice), one) for one in pages)
    signing.ask_to_strike(visit=visit, why="another Ana", by=by)
    signing.strike(visit=visit, by=at_work(make_person(by.clinic, "Dora Second", Role.PRACTITIONER), by.clinic))

    assert all(saying in shown(client_of(alice), one) and visit.patient.name in shown(client_of(alice), one) for one in pages)
    assert not any(reaction in shown(client_of(alice), one) for one in pages)  # it would open on the wrong record
    assert saying in shown(client_of(bob))
    client_of(alice).post(reverse("visits:end_observation", kwargs=HERE | {"observation": Observation.objects.get().uid}))
    assert visit.patient.name not in shown(client_of(bob), reverse("home:watched", kwargs=HERE))


def test_who_left_before_anybody_ended_it_is_said_to_have_left(begin, client_of, alice, bob, visit):
    """Else somebody would wait beside an empty chair, or think that the patient is well."""
    begin(alice)
    pages = [(alice, URL), (bob, reverse("home:watched", kwargs=HERE)), (alice, reverse("visits:observations", kwargs=HERE))]
    assert not any("Noted as left" in shown(client_of(who), url) for who, url in pages)

    client_of(bob).post(reverse("home:leave", kwargs=HERE | {"patient": visit.patient.uid, "visit": visit.uid}))
    assert all("Noted as left" in shown(client_of(who), url) for who, url in pages)
    began, now = Observation.objects.get().began_at, timezone.now()
    Observation.objects.update(began_at=now, until=now + datetime.timedelta(minutes=30))  # as a puncture that is noted since does
    assert not any("Noted as left" in shown(client_of(who), url) for who, url in pages)

    Observation.objects.update(began_at=began)
    assert "Noted as left" in shown(client_of(alice))
    actions.enter(visit=visit, step=Step.OBSERVED, by=at_work(alice, visit.clinic))
    assert not any("Noted as left" in shown(client_of(who), url) for who, url in pages)


def test_who_is_still_watched_since_another_day_is_shown_with_the_day(begin, client_of, alice, visit):
    """On Monday "until 17:15" would be this afternoon."""
    begin(alice)
    began = timezone.now() - datetime.timedelta(days=3)
    until = began + datetime.timedelta(minutes=15)
    Observation.objects.update(began_at=began, until=until)

    with timezone.override(visit.clinic.tzinfo):
        days = {words.moment(began, short=True), words.moment(until, short=True)}
    for url in (URL, *(reverse(name, kwargs=HERE) for name in ("home:watched", "visits:observations"))):
        assert [day for day in days if day not in shown(client_of(alice), url)] == []
    parts = client_of(alice).get(reverse("home:close", kwargs=HERE)).context["parts"]
    (note,) = [line.note for part in parts if part.title == "Being observed" for line in part.lines]
    assert note.partition("until ")[2] in days


def test_who_reacts_stands_on_the_front_desks_screen_until_somebody_has_ended_it(client_of, by, bob, charlie, visit):
    pages = [URL, reverse("home:watched", kwargs=HERE)]
    reaction = reactions.begin(patient=visit.patient, by=by)
    where = reverse("visits:reaction", kwargs=HERE | {"patient": visit.patient.uid, "reaction": reaction.uid})

    assert [where in shown(client_of(bob), page) for page in pages] == [True, True]
    assert where not in shown(client_of(charlie), reverse("home:watched", kwargs={"clinic": "hill"}))

    reactions.end(reaction=reaction, outcome="ambulance", by=by)
    assert [where in shown(client_of(bob), page) for page in pages] == [False, False]


def test_a_reaction_that_was_none_stands_on_no_screen(client_of, by, bob, visit):
    reactions.take_back(reaction=reactions.begin(patient=visit.patient, by=by), why="a slip", by=by)

    assert visit.patient.name not in shown(client_of(bob), reverse("home:watched", kwargs=HERE))


@pytest.mark.parametrize(("hours", "is_shown"), [(5, True), (7, False)])
def test_a_reaction_that_nobody_ends_does_not_stand_there_for_ever(client_of, by, bob, visit, hours, is_shown):
    Reaction.objects.create(
        clinic=by.clinic, patient=visit.patient, began_at=timezone.now() - datetime.timedelta(hours=hours), made_by=by.user)

    assert (visit.patient.name in shown(client_of(bob), reverse("home:watched", kwargs=HERE))) == is_shown
