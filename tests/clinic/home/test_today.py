from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format

from clinic.patients.people import at_work, make_patient
from clinic.people import make_person
from clinic.practitioners.papers import make_practitioner
from clinic.stock.shelf import make_item, make_lot
from clinic.visits.charting import make_visit
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.practitioners.actions import add_paper
from waterneedle.clinic.practitioners.models import PAPERS
from waterneedle.clinic.stock import actions as stock
from waterneedle.clinic.tasks.actions import open_task
from waterneedle.clinic.visits import actions as visits

HOUR = datetime.timedelta(hours=1)
URL = reverse("home:today", kwargs={"clinic": "harbor"})


def parts(client):
    return {str(part.title): part for part in client.get(URL).context["parts"]}


def texts(part):
    return [line.text for line in part.lines]


@pytest.mark.parametrize(("who", "titles"), [
    ("owner", {"Visits today", "To do", "Shelf", "Who may inject", "Newest patients", "Trail", "Backups"}),
    ("alice", {"Visits today", "To sign", "To do", "Shelf", "Who may inject", "Newest patients"}),
    ("bob", {"Visits today", "To do", "Newest patients"}),
    ("auditor", {"Trail"})])
def test_everybody_sees_what_is_theirs(client_of, request, clinic, who, titles):
    assert set(parts(client_of(request.getfixturevalue(who)))) == titles


def test_a_vial_past_its_time_a_kit_and_what_runs_out_press(client_of, alice, by):
    lot = make_lot(by, make_item(by, "B-12", reorder_below_ml=Decimal(50)), expires=datetime.date(2999, 1, 1))
    vial = stock.open_vial(lot=lot, by=by, at=timezone.now() - datetime.timedelta(days=40))
    stock.add_kit(place="Room 1", by=by)

    shelf = parts(client_of(alice))["Shelf"]

    assert [line.severity for line in shelf.lines] == ["block", "warn", "warn"]
    assert vial.code in texts(shelf)[0] and "Room 1" in texts(shelf)[1] and "B-12" in texts(shelf)[2]


def test_who_may_not_inject_stands_there_until_the_papers_are_in_order(client_of, alice, owner, clinic):
    boss = at_work(owner, clinic)
    practitioner = make_practitioner(alice, boss, without="licence")
    assert texts(parts(client_of(owner))["Who may inject"])[0] == f"{practitioner} may not inject today"

    for model in PAPERS.values():
        if hasattr(model, "expires"):
            model.objects.update(expires=datetime.date(2999, 1, 1))
    paper = {"jurisdiction": "US-WA", "number": "1", "expires": datetime.date(2999, 1, 1), "seen": "x"}
    add_paper(practitioner=practitioner, kind="licence", fields=paper, by=boss)
    assert parts(client_of(owner))["Who may inject"].lines == ()


def test_where_nothing_is_kept_and_nobody_treats_nothing_is_called_in_order(client_of, alice, owner, clinic):
    empty = parts(client_of(owner))
    boss = at_work(owner, clinic)
    make_lot(boss)
    make_practitioner(alice, boss)
    at_work_now = parts(client_of(owner))

    for card in ("Shelf", "Who may inject"):
        assert empty[card].calm != at_work_now[card].calm


def test_an_instructor_sees_no_patient_there(client_of, instructor, by):
    make_patient(by)

    assert parts(client_of(instructor))["Patients"].lines == ()


def test_the_front_desk_sees_who_is_where_and_nothing_of_the_chart(client_of, bob, alice, by):
    visit = make_visit(by, make_patient(by), why="a private matter")
    visits.enter(visit=visit, step="roomed", by=by)

    page = client_of(bob).get(URL)
    (line,) = parts(client_of(bob))["Visits today"].lines
    assert line.text == visit.patient.name and line.note.startswith("in the room")
    assert "a private matter" not in page.content.decode()


def test_what_is_not_signed_waits_for_who_injected(client_of, alice, clinic, by):
    visit = make_visit(by, make_patient(by))
    other = make_person(clinic, "Petra Practitioner", Role.PRACTITIONER)

    assert texts(parts(client_of(alice))["To sign"]) == [visit.patient.name]
    assert parts(client_of(other))["To sign"].lines == ()


def test_what_is_overdue_and_what_is_due_today_stand_out(client_of, alice, clinic, by):
    now = timezone.now()
    tonight = datetime.datetime.combine(now.astimezone(clinic.tzinfo).date(), datetime.time.max, clinic.tzinfo)
    for title, due_at in {"late": now - HOUR, "tonight": tonight, "tomorrow": tonight + HOUR}.items():
        open_task(clinic=clinic, kind="tasks.note", cause=title, title=title, due_at=due_at, role=Role.PRACTITIONER, by=by)

    assert [line.severity for line in parts(client_of(alice))["To do"].lines] == ["block", "warn", ""]


def test_the_figures_count_and_name_nobody(client_of, owner, by):
    for name in ("Ana Ruiz", "Bo Lind"):
        make_patient(by, name)
    page = client_of(owner).get(reverse("home:figures", kwargs={"clinic": "harbor"}))

    assert page.context["figures"]["patients"] == 2
    assert "Ruiz" not in page.content.decode()


@pytest.mark.parametrize(("language", "said"), [("es", "{month} de {year}"), ("zh-hans", "{year}年{number}月")])
def test_a_month_is_written_as_its_language_writes_it(client_of, owner, by, language, said):
    make_patient(by)
    this = timezone.localdate()
    with translation.override(language):
        month = date_format(this, "F")
    client = client_of(owner)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = client.get(reverse("home:figures", kwargs={"clinic": "harbor"}))

    assert f">{said.format(month=month, number=this.month, year=this.year)}<" in page.content.decode()


def test_another_clinic_has_its_own_day(client_of, charlie, by):
    make_patient(by)

    assert client_of(charlie).get(URL).status_code == 404
    there = reverse("home:today", kwargs={"clinic": "hill"})
    assert "Ruiz" not in client_of(charlie).get(there).content.decode()
