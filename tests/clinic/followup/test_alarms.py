"""The person on call: two ways at once, again every 15 minutes with the owners, until somebody has seen it."""

from __future__ import annotations

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from clinic.followup.following import ON_CALL, arranged, asked, do_due, letters_about, secret_of, text_of
from clinic.patients.people import at_work
from waterneedle.clinic.followup import alarms
from waterneedle.clinic.followup.forms import ArrangementForm
from waterneedle.clinic.followup.models import Alarm, Arrangement, Call
from waterneedle.clinic.outbox.models import Job

MIN = datetime.timedelta(minutes=1)


@pytest.fixture
def alarm(by, ana, on_call):
    _checkin, answering = asked(by, ana, points=("GB21",))
    answering.knock()
    answering.send(said="I cannot breathe", anything="some")
    return Alarm.objects.get()


def addresses():
    return [one.addresses[0] for one in letters_about("alarm")]


def test_an_alarm_names_nobody_and_says_nothing_of_health(alarm):
    for letter in letters_about("alarm"):
        for word in ("Ana", "Ruiz", "breathe", "GB21"):
            assert word not in text_of(letter)


def test_unacknowledged_for_15_minutes_it_goes_out_again_and_to_the_owner(alarm, owner):
    do_due(alarm.raised_at + 14 * MIN)
    assert addresses() == ["nina@harbor.example", "pager@harbor.example"]

    do_due(alarm.raised_at + 16 * MIN)

    assert addresses()[2:5] == ["nina@harbor.example", "pager@harbor.example", owner.email]
    assert set(Call.objects.filter(round=1).values_list("name", flat=True)) >= {"Nina Night", "Olga Owner"}


def test_it_goes_on_until_it_is_acknowledged_by_the_link(alarm):
    do_due(alarm.raised_at + 46 * MIN)
    before = len(letters_about("alarm"))
    url = f"/on-call/{secret_of(letters_about('alarm')[-1], 'on-call')}/"
    browser = Client()

    assert b"Ruiz" not in browser.get(url).content
    browser.post(url)

    alarm.refresh_from_db()
    assert alarm.acknowledged_name.startswith("Nina Night / Olga Owner")  # all have links by now, and none says whose it is
    do_due(alarm.raised_at + 300 * MIN)
    assert len(letters_about("alarm")) == before


def test_in_the_first_round_it_is_the_person_on_call_who_has_seen_it(alarm):
    Client().post(f"/on-call/{secret_of(letters_about('alarm')[0], 'on-call')}/")

    alarm.refresh_from_db()
    assert alarm.acknowledged_name == "Nina Night"


def test_a_look_at_the_link_acknowledges_nothing(alarm):
    Client().get(f"/on-call/{secret_of(letters_about('alarm')[0], 'on-call')}/")

    alarm.refresh_from_db()
    assert alarm.acknowledged_at is None


def test_the_first_who_has_seen_it_counts(alarm, by, client_of, alice, clinic):
    url = f"/c/{clinic.slug}/followup/patients/{alarm.patient.uid}/alarms/{alarm.uid}/acknowledge/"
    client_of(alice).post(url)

    alarms.acknowledge(alarm=alarm, now=timezone.now())

    alarm.refresh_from_db()
    assert (alarm.acknowledged_by, alarm.acknowledged_name) == (alice, "Alice Archer")


def test_the_next_round_is_due_before_anybody_waits(alarm):
    job = Job.objects.get(kind="followup.escalate")
    assert job.due_at == alarm.raised_at + 15 * MIN


@pytest.mark.parametrize("name", ["on_call_name", "on_call_email", "second_email", "emergency_number", "night_number"])
def test_check_ins_cannot_be_switched_on_without_the_person_on_call(owner, clinic, client_of, name):
    url = f"/c/{clinic.slug}/followup/arrangement/"
    typed = ON_CALL | {"is_on": "on", "weeks": "4", name: ""}

    assert client_of(owner).post(url, typed).status_code == 422
    assert not Arrangement.objects.exists()
    by = at_work(owner, clinic)
    with pytest.raises(IntegrityError), transaction.atomic():
        Arrangement.objects.create(clinic=clinic, made_at=timezone.now(), made_by=by.user, **ON_CALL | {name: ""})


def test_the_owner_arranges_it_on_one_page(owner, clinic, client_of):
    typed = ON_CALL | {"is_on": "on", "weeks": "8, 4"}

    client_of(owner).post(f"/c/{clinic.slug}/followup/arrangement/", typed)

    made = Arrangement.objects.get()
    assert (made.is_on, made.weeks, made.on_call_name) == (True, [4, 8], "Nina Night")


def test_where_text_messages_are_set_up_the_person_on_call_gets_one_too(by, ana, owner, clinic, settings):
    settings.SMS_URL, settings.SMS_SECRET = "https://sms.example/send", "a secret"
    arranged(at_work(owner, clinic), second_email="", on_call_phone="+1 206 555 0140")
    _checkin, answering = asked(by, ana, points=("GB21",))
    answering.knock()

    answering.send(said="I cannot breathe", anything="some")

    assert sorted(addresses()) == ["+12065550140", "nina@harbor.example"]
    assert set(Call.objects.values_list("way", flat=True)) == {"mail", "text"}


def test_a_telephone_without_a_service_for_texts_is_no_second_way(owner, clinic, client_of):
    typed = ON_CALL | {"is_on": "on", "weeks": "4", "second_email": "", "on_call_phone": "+1 206 555 0140"}

    assert client_of(owner).post(f"/c/{clinic.slug}/followup/arrangement/", typed).status_code == 422


@pytest.mark.parametrize(("change", "wrong"), [
    ({"second_email": "NINA@harbor.example"}, "second_email"),
    ({"on_call_phone": "206 555 0100"}, "on_call_phone"), ({"on_call_phone": "+1 206 555 0100"}, None)])
def test_two_ways_are_two_and_a_number_that_no_text_reaches_is_refused(db, change, wrong):
    form = ArrangementForm(ON_CALL | {"weeks": "4"} | change)

    assert list(form.errors) == ([wrong] if wrong else [])
