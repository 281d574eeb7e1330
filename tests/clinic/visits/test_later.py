"""A draft that is gone on with after midnight, and a puncture that is marked later than it was: which day counts."""

from __future__ import annotations

import datetime
import json
import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.patients.people import at_work, make_patient
from clinic.people import at_midday, make_person
from clinic.visits.charting import WELL, ago, make_ready_patient, make_syringe, make_visit, plan
from clinic.visits.test_signing import sign
from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.practitioners.models import Licence
from waterneedle.clinic.stock.models import Lot
from waterneedle.clinic.visits import actions, drafts
from waterneedle.clinic.visits.models import Injection, Status, Syringe, Visit
from waterneedle.clinic.visits.plan import checked
from waterneedle.clinic.visits.signing import ask_to_strike, strike
from waterneedle.clinic.web import words

DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)


@pytest.fixture
def by(clinic, alice):
    return at_work(alice, at_midday(clinic))


@pytest.fixture
def visit(by):
    """A draft of today: asked, agreed to, one injection planned."""
    ana = make_ready_patient(by)
    made = make_visit(by, ana, why="knee pain")
    actions.answer_today(visit=made, answers=WELL, by=by)
    plan(by, made, make_syringe(by, made))
    return made


@pytest.fixture
def clock(monkeypatch):
    begun = timezone.now()

    def set_to(later):
        monkeypatch.setattr(timezone, "now", lambda: begun + later)
        return begun + later

    return set_to


def barring(visit):
    return {one.rule for one in checked(visit).issues if one.severity == "block"}


def url(name, visit, **more):
    return reverse(f"visits:{name}", kwargs={"clinic": "harbor", "patient": visit.patient.uid, "visit": visit.uid, **more})


# What has ended by the next day, and held on the day on which the draft was begun.
ENDED = {
    "expiry": ("expiry", lambda visit: Lot.objects.update(expires=visit.day)),
    "practitioner_license": ("practitioner_license", lambda visit: Licence.objects.update(expires=visit.day)),
}


@pytest.mark.parametrize("what", ENDED)
def test_a_draft_is_judged_by_the_day_of_the_puncture_not_by_that_of_its_beginning(by, visit, clock, what):
    rule, end = ENDED[what]
    end(visit)
    assert rule not in barring(visit)

    clock(DAY)
    actions.answer_today(visit=visit, answers=WELL, by=by)
    assert rule in barring(visit)
    with pytest.raises(drafts.Refused):
        actions.give_all(visit=visit, by=by)


@pytest.mark.parametrize("what", ENDED)
def test_so_is_what_is_planned_after_midnight_beside_what_was_given_before_it(by, visit, clock, what):
    rule, end = ENDED[what]
    end(visit)
    actions.give_all(visit=visit, by=by)
    clock(DAY)
    actions.answer_today(visit=visit, answers=WELL, by=by)
    late = plan(by, visit, visit.syringes.get(), point="LI11")

    (found,) = [one for one in checked(visit).issues if one.rule == rule and one.severity == "block"]
    assert found.injections == (str(late.seq),)
    with pytest.raises(drafts.Refused):
        actions.give_all(visit=visit, by=by)


def test_what_held_before_midnight_and_after_it_is_said_once(by, visit, clock):
    patients.add_fact(patient=visit.patient, kind="medication", said="methotrexate", by=by)
    actions.give_all(visit=visit, by=by)
    clock(DAY)
    actions.answer_today(visit=visit, answers=WELL, by=by)
    plan(by, visit, visit.syringes.get(), point="LI11")

    (found,) = [one for one in checked(visit).issues if one.rule == "immunosuppression"]
    assert found.severity == "warn"


def test_the_age_is_that_of_the_day_of_the_puncture(visit, clock):
    tomorrow = visit.day + DAY
    Patient.objects.update(birth_date=tomorrow.replace(year=tomorrow.year - 18))  # the consent is the patient's own
    assert "guardian" in barring(Visit.objects.get())

    clock(DAY)
    assert "guardian" not in barring(Visit.objects.get())


def test_a_draft_becomes_the_visit_of_the_day_of_its_first_puncture(by, visit, clock):
    now = clock(3 * DAY)
    Syringe.objects.update(drawn_at=now, discard_at=now + DAY)  # a fresh one
    actions.answer_today(visit=visit, answers=WELL, by=by)
    actions.give_all(visit=visit, by=by)

    assert Visit.objects.get().day == visit.day == Injection.objects.get().given_at.astimezone(by.clinic.tzinfo).date()


def test_signing_days_later_changes_no_day(by, visit, clock):
    day = visit.day
    actions.give_all(visit=visit, by=by)
    Lot.objects.update(expires=day)
    clock(3 * DAY)

    assert "expiry" not in barring(visit)
    assert json.loads(sign(visit, by).document)["day"] == day.isoformat()


def test_a_puncture_that_is_marked_later_keeps_both_times_and_is_judged_by_its_own(by, visit, clock):
    at, day = timezone.now(), visit.day
    Lot.objects.update(expires=day)
    written = clock(DAY)

    actions.give_all(visit=visit, by=by, at=at)  # the lot and the answers were good then

    one = Injection.objects.get()
    assert (one.given_at, one.charted_at, one.blocked, Visit.objects.get().day) == (at, written, False, day)
    (said,) = json.loads(sign(visit, by).document)["injections"]
    assert datetime.datetime.fromisoformat(said["charted_at"]) == written


def test_nobody_is_signed_for_as_having_arrived_when_the_visit_was_written_down(by):
    began = timezone.now() - 30 * HOUR
    with ago(hours=31):
        patient = make_ready_patient(by)
    visit = make_visit(by, patient, happened_at=began, why="knee pain")
    plan(by, visit, make_syringe(by, visit))
    actions.enter(visit=visit, step="arrived", by=by)
    actions.answer_today(visit=visit, answers=WELL, by=by)
    actions.give_all(visit=visit, by=by, at=began)

    steps = json.loads(sign(visit, by).document)["steps"]
    assert steps and [set(one) for one in steps] == [{"step", "noted_at"}] * len(steps)


@pytest.mark.parametrize("by_how_much", [HOUR, -30 * HOUR])
def test_a_time_that_cannot_be_is_refused(by, visit, by_how_much):
    with pytest.raises(drafts.NotCharted):
        actions.give_all(visit=visit, by=by, at=timezone.now() + by_how_much)
    assert Injection.objects.get().status == Status.PLANNED


@pytest.mark.parametrize("hours", [-1, 25])
def test_a_puncture_of_a_visit_that_is_written_down_later_was_at_that_visit(by, hours):
    began = timezone.now() - 3 * DAY
    visit = make_visit(by, make_ready_patient(by), happened_at=began, why="knee pain")
    plan(by, visit, make_syringe(by, visit))
    with pytest.raises(drafts.NotCharted, match=re.escape(words.moment(began))):
        actions.give_all(visit=visit, by=by, at=began + hours * HOUR)


def test_correcting_the_mark_takes_its_time_back(by, visit):
    (one,) = actions.give_all(visit=visit, by=by, at=timezone.now() - HOUR)
    actions.mark(injection=one, status="planned", why="it was another point", by=by)

    one.refresh_from_db()
    assert (one.given_at, one.charted_at) == (None, None)


def test_what_went_in_before_makes_nobody_watch_longer(by, visit):
    watched = actions.observe(visit=visit, minutes=15, by=by)
    actions.give_all(visit=visit, by=by, at=timezone.now() - HOUR)

    before = watched.until
    watched.refresh_from_db()
    assert watched.until == before


def test_the_page_takes_the_time_and_says_both(client_of, alice, by, visit):
    at = (timezone.now() - HOUR).astimezone(by.clinic.tzinfo).replace(second=0, microsecond=0)

    answer = client_of(alice).post(url("mark_all", visit), {"at": at.strftime("%Y-%m-%dT%H:%M")}, HTTP_HX_REQUEST="true")

    one = Injection.objects.get()
    assert answer.status_code == 200 and one.given_at == at
    assert "written down" in answer.content.decode()
    assert client_of(alice).post(url("mark_all", visit), {"at": "yesterday"}).status_code == 422


def test_one_puncture_can_be_said_to_have_been_at_another_time(client_of, alice, by, visit):
    at = (timezone.now() - HOUR).astimezone(by.clinic.tzinfo).replace(second=0, microsecond=0)
    one = Injection.objects.get()

    client_of(alice).post(url("mark", visit, injection=one.uid), {"status": "stopped", "why": "fainted", "volume_ml": "0.1",
                                                                 "at": at.strftime("%Y-%m-%dT%H:%M")})
    one.refresh_from_db()
    assert (one.status, one.given_at, one.volume_ml) == (Status.STOPPED, at, Decimal("0.1"))


@pytest.mark.parametrize("typed", ["0001-01-01T00:00", "0026-03-03T09:00", "1979-03-03T09:00"])
def test_a_mistyped_year_begins_no_visit(client_of, alice, by, visit, typed):
    where = reverse("visits:begin_later", args=["harbor", visit.patient.uid])
    before = Visit.objects.count()

    assert client_of(alice).post(where, {"happened_at": typed}).status_code == 422
    assert Visit.objects.count() == before


def test_nobody_was_treated_before_they_were_born(client_of, alice, by):
    born = make_patient(by, birth_date=datetime.date(2020, 5, 5))
    where = reverse("visits:begin_later", args=["harbor", born.uid])

    assert client_of(alice).post(where, {"happened_at": "2020-05-04T23:00"}).status_code == 422
    assert client_of(alice).post(where, {"happened_at": "2020-05-05T09:00"}).status_code == 302


def test_a_paper_that_was_entered_by_somebody_else_already_is_asked_about(client_of, alice, by):
    """The same paper twice is twice the dose, and twice the stock."""
    patient = make_ready_patient(by)
    before = make_visit(by, patient, happened_at=timezone.now() - 30 * HOUR)
    page = reverse("visits:begin_later", args=["harbor", patient.uid])
    typed = {"happened_at": f"{before.happened_at.astimezone(by.clinic.tzinfo):%Y-%m-%dT%H:%M}"}

    asked = client_of(alice).post(page, typed)
    assert (asked.status_code, url("visit", before) in asked.content.decode()) == (422, True)
    assert Visit.objects.count() == 1
    assert client_of(alice).post(page, typed | {"is_another": "on"}).status_code == 302


def test_a_struck_visit_of_that_day_asks_nothing(client_of, alice, by):
    """It is entered anew because it was struck."""
    patient = make_ready_patient(by)
    before = make_visit(by, patient, happened_at=timezone.now() - 30 * HOUR)
    ask_to_strike(visit=before, why="another patient", by=by)
    strike(visit=before, by=at_work(make_person(by.clinic, "Ann Price", "assistant"), by.clinic))
    typed = {"happened_at": f"{before.happened_at.astimezone(by.clinic.tzinfo):%Y-%m-%dT%H:%M}"}

    assert client_of(alice).post(reverse("visits:begin_later", args=["harbor", patient.uid]), typed).status_code == 302


@pytest.mark.parametrize(("which", "hours"), [("first", 8), ("second", 9)])
def test_a_visit_of_the_hour_that_was_there_twice_is_begun(client_of, alice, by, which, hours):
    patient = make_patient(by)
    Clinic.objects.filter(pk=by.clinic.pk).update(zone="America/Los_Angeles")
    page = reverse("visits:begin_later", args=["harbor", patient.uid])
    typed = {"happened_at": "2025-11-02T01:30"}

    assert client_of(alice).post(page, typed).status_code == 422
    assert client_of(alice).post(page, typed | {"happened_at_which": which}).status_code == 302
    assert Visit.objects.get(patient=patient).happened_at == datetime.datetime(2025, 11, 2, hours, 30, tzinfo=datetime.UTC)


def test_who_signs_reads_when_it_was_and_when_it_was_written_down(client_of, alice, by):
    visit = make_visit(by, make_ready_patient(by), happened_at=timezone.now() - 30 * HOUR, why="knee pain")
    page = client_of(alice).get(url("sign", visit)).content.decode()

    with timezone.override(by.clinic.tzinfo):
        assert words.moment(visit.happened_at) in page and words.moment(visit.made_at) in page


def test_what_is_written_down_afterwards_may_have_gone_somewhere_else(client_of, alice, by):
    visit = make_visit(by, make_ready_patient(by), happened_at=timezone.now() - 30 * HOUR, why="knee pain")
    one = plan(by, visit, make_syringe(by, visit))
    typed = {"side": "left", "skin": "intact", "volume_ml": "0.5", "depth_mm": "10", "angle_deg": "90", "route": "other"}

    refused = client_of(alice).post(url("injection", visit, injection=one.uid), typed)
    assert (refused.status_code, Injection.objects.get(pk=one.pk).route) == (422, "SC")
    client_of(alice).post(url("injection", visit, injection=one.uid), typed | {"went_where": "a tendon"})
    assert "out_of_scope" in barring(visit)
    client_of(alice).post(url("mark", visit, injection=one.uid), {"status": "given"})
    assert Injection.objects.get(pk=one.pk).status == "planned"
    client_of(alice).post(url("mark", visit, injection=one.uid), {"status": "given", "why": "read from the form"})

    went_in = Injection.objects.get(pk=one.pk)
    assert (went_in.status, went_in.route, went_in.went_where, went_in.blocked) == ("given", "other", "a tendon", True)
    assert went_in.given_at == visit.happened_at


def test_a_visit_of_another_day_asks_nothing(client_of, alice, by):
    patient = make_ready_patient(by)
    before = make_visit(by, patient, happened_at=timezone.now() - 30 * HOUR)
    typed = {"happened_at": f"{before.happened_at.astimezone(by.clinic.tzinfo) - 48 * HOUR:%Y-%m-%dT%H:%M}"}

    assert client_of(alice).post(reverse("visits:begin_later", args=["harbor", patient.uid]), typed).status_code == 302
