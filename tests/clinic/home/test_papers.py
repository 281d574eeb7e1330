"""The papers of the morning: printed by a real command, once a day, in each clinic that is open; the page asks until they are."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from clinic.appointments.diary import at, booked, working
from clinic.paper.reading import text_of
from clinic.patients.people import at_work
from clinic.people import make_person
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.home import papers
from waterneedle.clinic.home.jobs import GIVEN_UP
from waterneedle.clinic.outbox import worker
from waterneedle.clinic.outbox.models import Job
from waterneedle.clinic.tasks.models import Task

TUESDAY = "2026-11-24"
HERE = {"clinic": "harbor"}


@pytest.fixture
def ordered(settings, tmp_path):
    """`ordered(now)` looks for what is to be printed, and does it; the files that came of it."""
    settings.PRINT = ["cp", "-t", str(tmp_path)]

    def order(now):
        papers.order(None, now)
        worker.drain_slow(lambda: now)
        return sorted(one.name for one in tmp_path.iterdir())

    return order


@pytest.fixture
def practitioner(by, owner, clinic, alice):
    return working(at_work(owner, clinic), user=alice)


def printed():
    return Entry.objects.filter(action="print", kind="visit").count()


def test_the_sheet_of_who_is_booked_and_empty_forms_are_printed_and_that_is_in_the_trail(
    ordered, tmp_path, by, clinic, practitioner, ana
):
    booked(by, ana, practitioner, day=TUESDAY)

    files = ordered(at("06:05", TUESDAY, clinic))

    assert files == ["day.pdf", *(f"form-{one}.pdf" for one in range(1, papers.FORMS + 1))]
    assert ana.name in text_of((tmp_path / "day.pdf").read_bytes())
    assert ana.name not in text_of((tmp_path / "form-1.pdf").read_bytes())
    assert printed() == 1


def test_they_are_printed_once_a_day(ordered, clinic, practitioner):
    for clock in ("06:05", "06:15", "13:00"):
        ordered(at(clock, TUESDAY, clinic))

    assert printed() == 1

    ordered(at("06:05", "2026-11-25", clinic))

    assert printed() == 2


@pytest.mark.parametrize("clock", ["05:50", "14:00", "23:00"])
def test_they_are_printed_in_the_morning_of_the_clinic_alone(ordered, clinic, practitioner, clock):
    assert ordered(at(clock, TUESDAY, clinic)) == []


def test_nothing_is_printed_where_nobody_treats_and_nobody_is_booked(ordered, clinic):
    assert ordered(at("08:00", TUESDAY, clinic)) == []


def test_each_clinic_has_its_own_printer_and_its_own_patients(
    settings, tmp_path, by, clinic, practitioner, ana, other_clinic, charlie
):
    settings.PRINT = ["cp", "-t", f"{tmp_path}/{{clinic}}"]
    working(at_work(make_person(other_clinic, "Olga Owner", Role.OWNER), other_clinic), user=charlie)
    booked(by, ana, practitioner, day=TUESDAY)
    for one in (clinic, other_clinic):
        (tmp_path / one.slug).mkdir()

    now = at("08:00", TUESDAY, clinic)
    papers.order(None, now)
    worker.drain_slow(lambda: now)

    here, elsewhere = (text_of((tmp_path / one.slug / "day.pdf").read_bytes()) for one in (clinic, other_clinic))
    assert ana.name in here and clinic.name in here
    assert ana.name not in elsewhere and other_clinic.name in elsewhere


def test_they_are_in_the_first_language_of_the_clinic(ordered, tmp_path, clinic, practitioner):
    clinic.languages = ["es"]
    clinic.save()

    ordered(at("06:05", TUESDAY, clinic))

    assert "Hoja del día" in text_of((tmp_path / "day.pdf").read_bytes())


def test_a_command_that_fails_has_printed_nothing_and_is_tried_again_until_the_owner_is_told(settings, clinic, practitioner):
    settings.PRINT = ["false"]
    now = at("06:05", TUESDAY, clinic)
    papers.order(None, now)
    worker.drain_slow(lambda: now)
    job = Job.objects.get(kind=papers.PRINT)

    assert (printed(), job.ended_at) == (0, None) and job.due_at > now
    for minute in range(1, 30):
        now += datetime.timedelta(minutes=minute)
        worker.drain_slow(lambda now=now: now)
        if Job.objects.get(pk=job.pk).ended_at:
            break

    assert now - at("06:05", TUESDAY, clinic) < datetime.timedelta(hours=1)
    assert Task.objects.filter(kind=GIVEN_UP).count() == 1


def test_what_could_not_be_printed_is_not_printed_on_another_day_and_the_owner_hears_of_it(ordered, clinic, practitioner):
    papers.order(None, at("06:05", TUESDAY, clinic))

    worker.drain_slow(lambda: at("05:00", "2026-11-25", clinic))

    assert printed() == 0
    assert Task.objects.filter(kind=GIVEN_UP).count() == 1


def test_without_a_command_nothing_is_ordered(settings, clinic, practitioner):
    assert settings.PRINT == []
    papers.order(None, at("06:05", TUESDAY, clinic))

    assert not Job.objects.filter(kind=papers.PRINT).exists()


def test_the_page_of_the_morning_asks_for_them_until_somebody_has_printed_the_sheet(client_of, bob, instructor, clinic, db):
    home, sheet = (reverse(f"home:{one}", kwargs=HERE) for one in ("today", "day_sheet"))
    browser = client_of(bob)
    assert browser.get(home).context["papers"]["printed_at"] is None
    assert sheet in browser.get(home).content.decode()

    browser.get(sheet)

    assert browser.get(home).context["papers"]["printed_at"] is not None
    assert sheet not in client_of(instructor).get(home).content.decode()
