"""A day is closed by a person: what was open then, the reasons, what came after, and whom it is asked of in the morning."""
from __future__ import annotations

import datetime
import threading

import msgspec
import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clinic.appointments.diary import at
from clinic.patients.people import at_work, make_patient
from clinic.visits.charting import make_vial, make_visit
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.home import closings, jobs, sharps
from waterneedle.clinic.home.models import DayState
from waterneedle.clinic.patients.queries import today_in
from waterneedle.clinic.stock import actions as stock
from waterneedle.clinic.tasks import actions as tasks
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.tasks.queries import address
from waterneedle.clinic.visits import actions as visits
from waterneedle.clinic.visits import reactions
from waterneedle.clinic.visits.models import Visit
from waterneedle.config.demo.visits import clock_at

HERE = {"clinic": "harbor"}
URL, CLOSE, AGAIN = (reverse(f"home:{name}", kwargs=HERE) for name in ("close", "close_day", "open_day_again"))
REASONS = {"why-unsigned": "Alice signs tomorrow", "seen-why-unsigned": "1"}


@pytest.fixture
def evening(by):
    """Six in the evening of today, with one visit whose patient has left and that nobody has signed."""
    now = at("18:00", today_in(by.clinic).isoformat(), of=by.clinic)
    with clock_at(now):
        visit = make_visit(by, make_patient(by))
        visits.enter(visit=visit, step="left", by=by)
        yield visit


def shown(browser, **asked):
    return browser.get(URL, asked).context["closed"]


def test_a_day_is_closed_with_a_reason_for_what_stays_open(client_of, alice, bob, by, evening):
    desk = client_of(bob)  # who reads no chart: the count names nobody
    page = desk.get(URL)
    assert page.context["closing"].found == {"unsigned": 1}
    assert evening.patient.name not in page.content.decode().split('id="close-it"')[1]

    assert desk.post(CLOSE, {"seen-why-unsigned": "1", "why-unsigned": " "}).status_code == 422
    assert DayState.objects.count() == 0
    desk.post(CLOSE, REASONS)

    row, found = DayState.objects.get(), shown(client_of(alice))
    assert (row.day, row.made_by, row.is_closed) == (today_in(by.clinic), bob, True)
    assert [(one.words, one.why) for one in found.left] == [("1 visit not signed", "Alice signs tomorrow")]
    said = msgspec.json.decode(Entry.objects.get(action="close", kind="day").detail)
    assert said == {"day": row.day.isoformat(), "open": {"unsigned": {"count": 1, "why": "Alice signs tomorrow"}}}
    assert "Alice signs tomorrow" in client_of(alice).get(URL).content.decode()


def test_a_calm_day_is_closed_with_one_press(client_of, alice, by):
    client_of(alice).post(CLOSE)

    assert (shown(client_of(alice)).left, DayState.objects.get().left_open) == ((), [])


def test_what_is_open_is_counted_by_kind(by, evening):
    now = timezone.now()
    stock.add_kit(place="Room 1", by=by)
    stock.log_temperature(
        fields={"place": "fridge", "celsius": 5, "low": 2, "high": 8}, by=by, at=now - datetime.timedelta(days=1))
    held = make_vial(by)
    stock.decide(lot=held.lot, status="recalled", why="glass", by=by)
    visits.observe(visit=make_visit(by, make_patient(by, given_name="Bea")), minutes=15, by=by)
    reactions.begin(patient=make_patient(by, given_name="Cleo"), by=by)
    sharps.close_container(container=sharps.open_container(code="S-7", place="Room 1", by=by), by=by)
    tasks.open_task(clinic=by.clinic, kind="x", cause="x", title="Call", role="owner", due_at=now, by=by)

    assert closings.still_open(by.clinic, today_in(by.clinic), now) == {
        "unsigned": 2, "watched": 1, "reactions": 1, "not left": 1, "tasks": 1, "vials": 1, "kits": 1, "temperatures": 1,
        "sharps": 1}


@pytest.mark.parametrize("url", [CLOSE, reverse("home:needle_stick", kwargs={"clinic": "harbor"})])
def test_what_is_missing_far_down_the_page_is_said_where_the_eye_is_led(client_of, bob, evening, url):
    page = client_of(bob).post(url, {"seen-why-unsigned": "1"}).content.decode()
    form = page.split(f'action="{url}')[1].split("</form>")[0]

    assert form.count("data-focus") == page.count("data-focus") == 1


def test_more_than_was_seen_is_looked_at_before_it_is_closed(client_of, alice, bob, by, evening):
    """The reason was for one visit: it does not stand for a second one that nobody has looked at."""
    make = make_visit(by, make_patient(by, given_name="Bea"))
    visits.enter(visit=make, step="left", by=by)
    answer = client_of(bob).post(CLOSE, REASONS)

    assert (answer.status_code, DayState.objects.count()) == (422, 0)
    assert 'name="seen-why-unsigned" value="2"' in answer.content.decode()
    with pytest.raises(closings.NotExplained):
        closings.close_day(day=today_in(by.clinic), why={"unsigned": "tomorrow"}, seen={"unsigned": 1}, by=by)
    client_of(bob).post(CLOSE, REASONS | {"seen-why-unsigned": "2"})
    assert DayState.objects.get().left_open == [["unsigned", 2, "Alice signs tomorrow"]]


def test_what_came_after_closing_is_said_beside_it(client_of, alice, by, evening):
    """A visit that is signed after midnight is of its own day."""
    today = today_in(by.clinic)
    closings.close_day(day=today, why={"unsigned": "tomorrow"}, seen={"unsigned": 1}, by=by)
    assert shown(client_of(alice)).after == ()
    make_visit(by, make_patient(by, given_name="Bea"))
    reactions.begin(patient=evening.patient, by=by)
    with clock_at(at("00:20", (today + datetime.timedelta(days=1)).isoformat(), of=by.clinic)):
        make_visit(by, make_patient(by, given_name="Cleo"))  # of the next day
        reactions.begin(patient=make_patient(by, given_name="Dan"), by=by)
        visits.change_visit(visit=evening, version=evening.version, fields={"note": "Talked."}, by=by)
        _sign(evening, by)
        found = shown(client_of(alice), day=today.isoformat())

    assert found.after == ("1 visit begun", "1 visit signed", "1 reaction")


def _sign(visit, by):
    from clinic.visits.test_signing import sign  # late: tests of another room

    sign(Visit.objects.get(pk=visit.pk), by)


def test_who_opens_it_again_says_why_and_it_is_closed_anew(client_of, alice, bob, by, evening):
    client_of(bob).post(CLOSE, REASONS)
    assert client_of(alice).post(AGAIN, {"why": " "}).status_code == 422
    client_of(alice).post(AGAIN, {"why": "Ana came back"})
    found = shown(client_of(bob))
    assert (found.state.is_closed, found.state.why, found.state.made_by) == (False, "Ana came back", alice)

    client_of(bob).post(CLOSE, REASONS)
    assert [(one.number, one.is_closed) for one in DayState.objects.order_by("number")] == [(1, True), (2, False), (3, True)]
    assert Entry.objects.filter(kind="day").count() == 3


def test_of_two_who_close_one_has_an_effect(client_of, alice, bob, by, evening):
    client_of(bob).post(CLOSE, REASONS)
    answer = client_of(alice).post(CLOSE, REASONS, follow=True)

    assert (DayState.objects.count(), DayState.objects.get().made_by) == (1, bob)
    assert bob.name in next(str(one) for one in answer.context["messages"])
    assert Entry.objects.filter(kind="day").count() == 1


def test_two_at_the_same_moment_close_once(committed_db, world_of_two):
    clinic, people = world_of_two
    told, ready = [], threading.Barrier(2)

    def closing(by):
        try:
            ready.wait()
            closings.close_day(day=today_in(clinic), why={}, seen={}, by=by)
            told.append("closed")
        except closings.ClosedAlready as first:
            told.append(first.state.number)
        finally:
            connection.close()

    threads = [threading.Thread(target=closing, args=(by,)) for by in people]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert (sorted(map(str, told)), DayState.objects.count()) == (["1", "closed"], 1)


@pytest.fixture
def world_of_two(committed_db):
    from clinic.people import make_clinic, make_person  # late: of a database of its own

    clinic = make_clinic("harbor", "Harbor Acupuncture")
    return clinic, [at_work(make_person(clinic, name, "owner"), clinic) for name in ("Olga Owner", "Oda Owner")]


def test_after_midnight_yesterday_is_closed_in_the_zone_of_the_clinic(client_of, bob, by, evening):
    day = today_in(by.clinic)
    with clock_at(at("00:20", (day + datetime.timedelta(days=1)).isoformat(), of=by.clinic)):
        client_of(bob).post(f"{CLOSE}?day={day}", REASONS)
        assert DayState.objects.get().day == day
        assert shown(client_of(bob)).state is None  # the new day is open
        assert [(one.day, one.state.is_closed) for one in client_of(bob).get(URL).context["days"]] == [(day, True)]


@pytest.mark.parametrize("day", ["2999-01-01", "2020-01-01", "yesterday"])
def test_no_day_but_one_of_the_last_is_closed(client_of, alice, by, day):
    client_of(alice).post(f"{CLOSE}?day={day}")
    assert DayState.objects.get().day == today_in(by.clinic)


def test_a_state_of_a_day_is_frozen(by):
    closings.close_day(day=today_in(by.clinic), why={}, seen={}, by=by)
    for change in (lambda rows: rows.update(left_open=[["unsigned", 1, "x"]]), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(DayState.objects.all())


def test_who_may_not_and_who_is_elsewhere(client_of, alice, auditor, charlie, instructor, by, evening):
    closings.close_day(day=today_in(by.clinic), why={"unsigned": "tomorrow"}, seen={"unsigned": 1}, by=by)
    for person in (auditor, instructor, charlie):
        assert [client_of(person).post(url, {"why": "x"}).status_code for url in (CLOSE, AGAIN)] == [404, 404]
    assert shown(client_of(auditor)).left[0].why == "tomorrow"
    assert "closed" not in client_of(instructor).get(URL).context
    there = client_of(charlie).get(reverse("home:close", kwargs={"clinic": "hill"}))
    assert "tomorrow" not in there.content.decode() and there.context["closed"].state is None
    assert DayState.objects.count() == 1


def test_the_page_asks_as_often_for_three_days_as_for_one(client_of, alice, by):
    def asked():
        with CaptureQueriesContext(connection) as found:
            closings.last_days(by.clinic, today)
        return len(found)

    today = today_in(by.clinic)
    counts = []
    for days in (1, 2, 3):
        with clock_at(timezone.now() - datetime.timedelta(days=days)):
            make_visit(by, make_patient(by, given_name=f"Ana{days}"))
            closings.close_day(day=today - datetime.timedelta(days=days), by=by, **{
                name: dict.fromkeys(("unsigned", "not left"), value) for name, value in (("why", "x"), ("seen", 9))})
        counts.append(asked())
    assert counts[0] == counts[2]


# --- the owner's task


def in_the_morning(by, day, clock="07:00"):
    jobs.ask_about_unclosed_days(None, at(clock, (day + datetime.timedelta(days=1)).isoformat(), of=by.clinic))
    return list(Task.objects.filter(kind=closings.TASK).exclude(state="done"))


def test_in_the_morning_the_owner_is_asked_about_a_day_that_was_not_closed(client_of, owner, bob, by, evening):
    day = today_in(by.clinic)
    assert in_the_morning(by, day, "05:00") == []  # who closes after midnight may still do it
    (task,) = in_the_morning(by, day)
    assert (task.role, task.patient, task.about) == ("owner", None, day.isoformat())
    assert in_the_morning(by, day, "09:00") == [task]
    with clock_at(at("09:30", (day + datetime.timedelta(days=1)).isoformat(), of=by.clinic)):
        url = address(task, at_work(owner, by.clinic))
        assert client_of(owner).get(url).context["day"] == day
        client_of(bob).post(f"{CLOSE}?day={day}", REASONS)
    assert in_the_morning(by, day, "10:00") == []


def test_nobody_is_asked_about_a_day_that_was_closed_or_had_no_visits(by, evening):
    day = today_in(by.clinic)
    assert in_the_morning(by, day - datetime.timedelta(days=1)) == []
    closings.close_day(day=day, why={"unsigned": "tomorrow"}, seen={"unsigned": 1}, by=by)
    assert in_the_morning(by, day) == []


def test_a_day_that_was_opened_again_and_stayed_so_is_asked_about(by, evening):
    day, open_then = today_in(by.clinic), {"why": {"unsigned": "tomorrow"}, "seen": {"unsigned": 1}}
    in_the_morning(by, day)
    closings.close_day(day=day, by=by, **open_then)
    closings.open_again(day=day, why="a count was wrong", by=by)
    assert len(in_the_morning(by, day, "11:00")) == 1
    closings.close_day(day=day, by=by, **open_then)
    assert in_the_morning(by, day, "12:00") == []


def test_the_task_about_a_day_is_not_one_of_what_that_day_leaves_open(by, evening):
    day = today_in(by.clinic)
    in_the_morning(by, day)
    later = at("21:00", (day + datetime.timedelta(days=1)).isoformat(), of=by.clinic)
    assert "tasks" not in closings.still_open(by.clinic, day, later)
    assert closings.still_open(by.clinic, day + datetime.timedelta(days=1), later)["tasks"] == 1
