"""Incidents: opened with the signature of a deviation or reported, read by whom they concern, closed with what was learnt."""

from __future__ import annotations

import datetime
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from clinic.patients.people import at_work
from clinic.people import make_person
from clinic.visits.charting import WELL, ago, make_ready_patient, make_syringe, make_visit, plan
from clinic.visits.test_signing import answer_warnings, proof, sign
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.tasks import actions as tasks
from waterneedle.clinic.tasks.models import State, Task
from waterneedle.clinic.visits import actions, incidents, signing
from waterneedle.clinic.visits.models import Signature
from waterneedle.clinic.visits.models_incidents import Incident

LEARNT = {
    "said": "The kit stood in the other room.", "change": "It stays beside the chair.", "reached": "no harm", "told": "told"}


@pytest.fixture
def deviation(by, ana):
    """A signed visit whose patient has agreed to nothing, which the check bars."""
    visit = given(by, ana)
    sign(visit, by, deviation_why="no consent was signed")
    return visit


def given(by, patient, **more):
    visit = make_visit(by, patient, why="knee pain", **more)
    actions.answer_today(visit=visit, answers=WELL, by=by)
    at = {"at": more["happened_at"]} if more else {}
    actions.mark(injection=plan(by, visit, make_syringe(by, visit)), status="given", why="it was given", by=by, **at)
    return visit


@pytest.fixture
def reported(by):
    return incidents.report(said="Two vials look alike.", happened_at=timezone.now(), by=by)


def url(name, *args):
    return reverse(f"visits:{name}", args=["harbor", *args])


def task_of(row):
    return Task.objects.get(cause=str(row.uid), kind__in=(incidents.DEVIATION, incidents.REPORTED))


def test_the_signature_of_a_deviation_opens_an_incident_and_asks_the_owner(by, deviation):
    row, task = Incident.objects.get(), task_of(deviation)

    assert (row.uid, row.visit, row.patient, row.said, row.made_by) == (
        deviation.uid, deviation, deviation.patient, "no consent was signed", by.user)
    assert row.made_at == Signature.objects.get().signed_at
    assert (task.role, task.state, task.patient) == ("owner", State.OPEN, deviation.patient)


def test_its_task_is_seen_by_the_owner_alone(client_of, owner, alice, bob, deviation):
    page = reverse("tasks:task", args=["harbor", task_of(deviation).uid])
    seen = {who.name: client_of(who).get(page).status_code for who in (owner, alice, bob)}

    assert seen == {owner.name: 200, alice.name: 404, bob.name: 404}


def test_of_a_visit_that_is_written_down_later_it_happened_when_the_visit_was(by, ana):
    at = timezone.now() - datetime.timedelta(days=3)
    visit = given(by, ana, happened_at=at)
    sign(visit, by, deviation_why="no consent was signed")

    row = Incident.objects.get()
    assert (row.happened_at, row.made_at.date()) == (at, Signature.objects.get().signed_at.date())


def test_it_happened_when_the_first_barred_needle_went_in_not_when_the_visit_began(by):
    with ago(hours=1):
        visit = make_visit(by, make_ready_patient(by), why="shoulder")
        actions.answer_today(visit=visit, answers=WELL, by=by)
        syringe = make_syringe(by, visit, volume_ml=Decimal(2), length_mm=Decimal(40))
        first = plan(by, visit, syringe)
        actions.mark(injection=first, status="given", by=by)
    barred = plan(by, visit, syringe, point="GB21", depth_mm=Decimal(30))
    actions.mark(injection=barred, status="given", why="the patient moved", by=by)
    sign(visit, by, deviation_why="the patient moved")

    barred.refresh_from_db()
    assert Incident.objects.get().happened_at == barred.given_at > first.given_at


def test_a_visit_that_nothing_barred_opens_none(by):
    sign(given(by, make_ready_patient(by)), by)

    assert not Signature.objects.get().is_deviation
    assert not Incident.objects.exists()


def test_what_undoes_the_signature_undoes_the_incident(by, ana):
    visit = given(by, ana)
    answer_warnings(visit, by)
    shown = proof(visit, by.user)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        signing.sign(visit=visit, proof=shown, session_key="a session's key", by=by, deviation_why="as it was")
        raise ZeroDivisionError

    assert not Incident.objects.exists() and not Task.objects.filter(kind=incidents.DEVIATION).exists()


def test_deviations_of_before_the_register_are_in_it_and_what_ended_their_task_closes_them(by, owner, ana, monkeypatch):
    """What the migration does: two visits were signed without an incident, and the owner has said of one what was done."""
    monkeypatch.setattr(signing, "open_of_deviation", lambda **_said: None)
    seen, waits = given(by, ana), given(by, ana)
    for visit in (seen, waits):
        sign(visit, by, deviation_why="no consent was signed")
        tasks.open_task(
            clinic=visit.clinic, kind=incidents.DEVIATION, cause=str(visit.uid), patient=ana, about=visit.uid, by=by,
            role="owner", title="Something was injected that the check had barred", due_at=timezone.now())
    monkeypatch.setitem(tasks._still_open, incidents.DEVIATION, lambda task: False)
    tasks.finish(task=task_of(seen), by=at_work(owner, by.clinic), note="talked over, form renewed")

    import_module("waterneedle.clinic.visits.migrations.0023_incidents").incidents_of_deviations(apps, None)
    assert [row.visit for row in Incident.objects.still_open()] == [waits]
    (closed,) = Incident.objects.closed()
    (entry,) = closed.entries.all()
    assert (closed.visit, closed.said, entry.said, entry.made_by) == (
        seen, "no consent was signed", "talked over, form renewed", owner)
    assert {task.needs for task in Task.objects.filter(kind=incidents.DEVIATION)} == {"incidents.write"}


def test_the_owner_reads_what_was_barred_and_why_it_was_given_without_reading_charts(client_of, owner, deviation):
    browser = client_of(owner)
    assert browser.get(url("visit", deviation.patient.uid, deviation.uid)).status_code == 404
    task = task_of(deviation)
    led = browser.get(reverse("tasks:task", args=["harbor", task.uid])).content.decode()
    page = browser.get(url("incident", deviation.uid)).content.decode()

    assert url("incident", deviation.uid) in led
    assert all(word in page for word in ("no consent was signed", "Alice Archer", deviation.patient.family_name))
    assert page.count("Barred by the check") == 1 and "<dd>–</dd>" not in page
    assert Entry.objects.filter(action="read", kind="incident", user_uid=owner.uid, patient_uid=deviation.patient.uid).exists()


def test_it_names_where_what_was_barred_went_in(client_of, owner, by):
    visit = make_visit(by, make_ready_patient(by), why="shoulder")
    actions.answer_today(visit=visit, answers=WELL, by=by)
    syringe = make_syringe(by, visit, volume_ml=Decimal(2), length_mm=Decimal(40))
    one = plan(by, visit, syringe, point="GB21", side="right", depth_mm=Decimal(30))
    actions.mark(injection=one, status="given", why="the patient moved", by=by)
    sign(visit, by, deviation_why="the patient moved")
    page = " ".join(client_of(owner).get(url("incident", visit.uid)).content.decode().split())

    assert "Depth over the lung (肩井 Jiānjǐng GB21, right)" in page


def test_of_what_went_in_nobody_says_that_it_did_not_reach_the_patient(client_of, owner, by, deviation, reported):
    browser = client_of(owner)
    assert browser.post(url("close_incident", deviation.uid), LEARNT | {"reached": "near miss"}).status_code == 422
    near_miss = LEARNT | {"reached": "near miss", "told": "nobody"}
    assert browser.post(url("close_incident", reported.uid), near_miss).status_code == 302

    signing.ask_to_strike(visit=deviation, why="another chart", by=by)
    signing.strike(visit=deviation, by=at_work(make_person(by.clinic, "Dora Second", Role.PRACTITIONER), by.clinic))
    assert browser.post(url("close_incident", deviation.uid), LEARNT | {"reached": "near miss"}).status_code == 302


def test_who_it_concerns_reads_it_and_nobody_else(client_of, clinic, alice, bob, owner, auditor, charlie, deviation, reported):
    other = make_person(clinic, "Dora Second", Role.PRACTITIONER)
    found = {
        who.name: tuple(
            client_of(who).get(reverse("visits:incident", args=[slug, row.uid])).status_code for row in (deviation, reported))
        for who, slug in ((alice, "harbor"), (bob, "harbor"), (owner, "harbor"), (auditor, "harbor"), (other, "harbor"),
                          (charlie, "hill"))}

    assert found == {
        alice.name: (200, 200), bob.name: (404, 404), owner.name: (200, 200), auditor.name: (200, 200), other.name: (404, 404),
        charlie.name: (404, 404)}
    listed = {who.name: client_of(who).get(url("incidents")).content.decode().count(f"/incidents/{deviation.uid}")
              for who in (alice, bob, owner, auditor, other)}
    assert listed == {alice.name: 1, bob.name: 0, owner.name: 1, auditor.name: 1, other.name: 0}


def test_the_auditor_reads_no_name_and_writes_nothing(client_of, auditor, deviation):
    page = client_of(auditor).get(url("incident", deviation.uid)).content.decode()

    assert deviation.patient.family_name not in page and f"chart {deviation.patient.number}" in page
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]
    assert client_of(auditor).post(url("add_to_incident", deviation.uid), {"said": "x"}).status_code == 404


def test_the_desk_reports_what_it_has_seen(client_of, bob, ana, clinic):
    browser = client_of(bob)
    assert url("report_incident") in browser.get(reverse("home:close", args=["harbor"])).content.decode()
    today = timezone.localtime(timezone=clinic.tzinfo)
    said = {"said": "Two patients of one name were mixed up at the desk.", "happened_at": f"{today:%Y-%m-%dT%H:%M}"}

    wrong = browser.post(url("report_incident"), said | {"chart": "999999"})
    assert browser.post(url("report_incident"), said | {"chart": "9" * 30}).status_code == 422
    late = browser.post(url("report_incident"), said | {"happened_at": f"{today + datetime.timedelta(days=2):%Y-%m-%dT%H:%M}"})
    assert (wrong.status_code, late.status_code, Incident.objects.count()) == (422, 422, 0)
    assert "Two patients of one name" in wrong.content.decode()

    browser.post(url("report_incident"), said | {"chart": ana.number})
    row = Incident.objects.get()
    assert (row.patient, row.made_by, row.visit, task_of(row).role) == (ana, bob, None, "owner")
    assert browser.get(url("incident", row.uid)).status_code == 200


def test_the_owner_closes_it_with_what_was_learnt_and_the_task_ends_with_it(client_of, owner, deviation):
    browser, task = client_of(owner), task_of(deviation)
    with pytest.raises(tasks.StillOpen):
        tasks.finish(task=task, by=at_work(owner, deviation.clinic), note="done")
    missing = browser.post(url("close_incident", deviation.uid), LEARNT | {"change": ""})
    nobody = browser.post(url("close_incident", deviation.uid), LEARNT | {"told": "nobody"})
    assert (missing.status_code, nobody.status_code) == (422, 422)
    assert LEARNT["said"] in missing.content.decode()

    browser.post(url("close_incident", deviation.uid), LEARNT)
    task.refresh_from_db()
    page = browser.get(url("incident", deviation.uid)).content.decode()
    assert task.state == State.DONE
    assert all(LEARNT[name] in page for name in ("said", "change"))
    again = browser.post(url("close_incident", deviation.uid), LEARNT | {"said": "Somebody else's words."})
    assert again.status_code == 422 and "Somebody else" in again.content.decode()
    assert Incident.objects.get().entries.count() == 1


def test_who_injected_adds_to_it_and_cannot_close_it(client_of, alice, deviation):
    browser = client_of(alice)
    browser.post(url("add_to_incident", deviation.uid), {"said": "The patient asked to go on."})

    assert "The patient asked to go on." in browser.get(url("incident", deviation.uid)).content.decode()
    assert browser.post(url("close_incident", deviation.uid), LEARNT).status_code == 404
    assert Incident.objects.still_open().count() == 1


def test_what_comes_to_light_later_opens_it_again_with_its_task(client_of, owner, reported):
    browser, task = client_of(owner), task_of(reported)
    browser.post(url("close_incident", reported.uid), LEARNT | {"told": "nobody"})
    assert Incident.objects.closed().get().reached == "no harm"

    browser.post(url("open_incident_again", reported.uid), {"said": "It happened again."})
    task.refresh_from_db()
    assert (Incident.objects.still_open().count(), task.state) == (1, State.CLAIMED)  # by who had closed it
    browser.post(url("close_incident", reported.uid), LEARNT | {"told": "nobody", "reached": "harm"})
    task.refresh_from_db()
    assert (Incident.objects.closed().get().reached, task.state) == ("harm", State.DONE)


def test_the_signed_visit_leads_to_it_for_who_may_read_it(client_of, alice, clinic, deviation):
    other = make_person(clinic, "Dora Second", Role.PRACTITIONER)
    there = {who.name: url("incident", deviation.uid) in client_of(who).get(
        url("visit", deviation.patient.uid, deviation.uid)).content.decode() for who in (alice, other)}

    assert there == {alice.name: True, other.name: False}
