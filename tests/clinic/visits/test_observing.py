"""How long somebody is watched: the ordinary time, or the longer one with its reason."""
from __future__ import annotations

import datetime

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from clinic.patients.people import at_work, make_patient
from clinic.visits.charting import WELL, ago, make_ready_patient, make_syringe, make_vial, make_visit, plan
from clinic.visits.test_wasted import sign
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.visits import actions, reactions
from waterneedle.clinic.visits.models_after import Observation, WatchMinutes
from waterneedle.clinic.visits.observing import ANAPHYLAXIS, CLOSED, FIRST, NEW, REACTED, Watch, watch_for, watch_of
from waterneedle.safety.plan import Condition, Content, Injection, Patient, Plan, PreviousInjection, Site

B12 = "cyanocobalamin-1000mcg-ml"
HAD = (PreviousInjection(product=B12, reaction="none"),)


def a_plan(previous=HAD, product=B12, conditions=(), status="given"):
    one = Injection(id="1", site=Site(point="ST36"), contents=(Content(product=product),), status=status)
    return Plan(
        date=datetime.date(2026, 11, 26), patient=Patient(conditions=conditions), injections=(one,), previous=previous)


@pytest.mark.parametrize(("plan", "watch"), [
    (a_plan(), Watch(15)),
    (a_plan(previous=None), Watch(30, FIRST)),
    (a_plan(previous=()), Watch(30, FIRST)),
    (a_plan(product="saline-0.9"), Watch(30, NEW)),
    (a_plan(product="saline-0.9", status="planned"), Watch(30, NEW)),
    (a_plan(product="saline-0.9", status="not_done"), Watch(15)),
    (a_plan(previous=(*HAD, PreviousInjection(product="other", reaction="hives"))), Watch(30, REACTED)),
    (a_plan(previous=(*HAD, PreviousInjection(product="other", reaction="None"))), Watch(15)),
    (a_plan(conditions=(Condition(name="anaphylaxis"),)), Watch(30, ANAPHYLAXIS)),
    (a_plan(conditions=(Condition(name="migraine"),)), Watch(15)),
])
def test_the_time_is_longer_for_a_reason(plan, watch):
    assert watch_for(plan) == watch


def test_a_reaction_in_the_clinic_counts_also_without_an_injection_on_record():
    assert watch_for(a_plan(), reacted_here=True) == Watch(30, REACTED)


def test_it_is_read_from_the_visit(clinic, alice):
    by = at_work(alice, clinic)
    visit = make_visit(by, make_patient(by))
    assert watch_of(visit) == Watch(30, FIRST)

    reactions.stamp(patient=visit.patient, by=by)
    assert watch_of(visit) == Watch(30, REACTED)


@pytest.mark.parametrize("status", ["given", "not_done"])
def test_the_time_runs_from_the_last_puncture(clinic, alice, status):
    by = at_work(alice, clinic)
    visit = make_visit(by, make_patient(by))
    late = plan(by, visit, make_syringe(by, visit))
    row = actions.observe(visit=visit, minutes=30, by=by)
    then = row.began_at - datetime.timedelta(minutes=10)
    Observation.objects.update(began_at=then, until=then + datetime.timedelta(minutes=30))

    actions.mark(injection=late, status=status, why="one more", by=by)

    row.refresh_from_db()
    assert row.until - row.began_at == datetime.timedelta(minutes=30)
    assert (row.began_at == then) == (status == "not_done")


def test_a_reaction_that_was_told_once_counts_at_every_later_visit(clinic, alice):
    by = at_work(alice, clinic)
    ana = make_patient(by)
    actions.answer_today(visit=make_visit(by, ana), answers={"reacted_last": True, "reacted_how": "hives"}, by=by)

    assert watch_of(make_visit(by, ana)) == Watch(30, REACTED)


def test_a_clinic_watches_as_long_as_its_owner_has_said(client_of, clinic, alice, owner, other_clinic, charlie):
    url = reverse("visits:watch_minutes", kwargs={"clinic": "harbor"})
    assert client_of(owner).post(url, {"ordinary_min": "20", "longer_min": "45"}).status_code == 302

    by = at_work(alice, clinic)
    assert watch_of(make_visit(by, make_patient(by))) == Watch(45, FIRST)
    there = at_work(charlie, other_clinic)
    assert watch_of(make_visit(there, make_patient(there))) == Watch(30, FIRST)


def test_of_what_a_clinic_has_set_the_newest_counts_and_of_another_clinic_nothing(
    client_of, clinic, alice, owner, other_clinic, charlie
):
    here, there = (reverse("visits:watch_minutes", kwargs={"clinic": slug}) for slug in ("harbor", "hill"))
    by = at_work(alice, clinic)
    visit = make_visit(by, make_patient(by))
    for minutes in ((60, 90), (20, 45), (25, 50)):
        with ago(minutes=0 if minutes[0] == 60 else 90 - minutes[0]):  # the first is the newest, as rows that were moved may be
            client_of(owner).post(here, dict(zip(("ordinary_min", "longer_min"), minutes, strict=True)))
    client_of(charlie).post(there, {"ordinary_min": "5", "longer_min": "10"})

    assert watch_of(visit) == Watch(90, FIRST)
    with ago(minutes=-5):
        now = timezone.now()
        for longer in (70, 80):
            WatchMinutes.objects.create(clinic=clinic, ordinary_min=60, longer_min=longer, made_at=now, made_by=owner)
    assert watch_of(visit) == Watch(80, FIRST)
    shown = client_of(owner).get(here).context["form"]
    assert (shown["ordinary_min"].value(), shown["longer_min"].value()) == (60, 80)
    assert set(Entry.objects.filter(kind="watch", action="change").values_list("user_uid", flat=True)) == {owner.uid, charlie.uid}


def test_of_a_visit_that_is_kept_closed_every_fluid_counts_as_new():
    assert watch_for(a_plan(), is_closed=True) == Watch(30, CLOSED)


@pytest.mark.parametrize("said", [{"ordinary_min": "30", "longer_min": "15"}, {"ordinary_min": "0", "longer_min": "15"}, {}])
def test_a_longer_time_is_not_shorter_and_none_is_nothing(client_of, owner, said):
    url = reverse("visits:watch_minutes", kwargs={"clinic": "harbor"})
    assert client_of(owner).post(url, said).status_code == 422
    assert not WatchMinutes.objects.exists()


def test_the_owner_alone_sets_it(client_of, alice, bob, charlie):
    for person in (alice, bob, charlie):
        assert client_of(person).get(reverse("visits:watch_minutes", kwargs={"clinic": "harbor"})).status_code == 404


def test_what_is_new_to_the_patient_lengthens_the_time_that_runs_already(clinic, alice):
    by = at_work(alice, clinic)
    ana, b12 = make_ready_patient(by), make_vial(by)
    earlier = make_visit(by, ana)
    actions.answer_today(visit=earlier, answers=WELL, by=by)
    actions.mark(injection=plan(by, earlier, make_syringe(by, earlier, vial=b12)), status="given", why="was in", by=by)
    sign(earlier, by)
    visit = make_visit(by, ana)
    actions.mark(injection=plan(by, visit, make_syringe(by, visit, vial=b12)), status="given", why="was in", by=by)
    watch = watch_of(visit)
    row = actions.observe(visit=visit, minutes=watch.minutes, why=watch.why, by=by)
    assert (watch.minutes, row.why) == (15, "")

    saline = make_syringe(by, visit, vial=make_vial(by, product="saline-0.9", number="0999", name="Saline"))
    actions.mark(injection=plan(by, visit, saline, point="LI11"), status="given", why="was in", by=by)
    row.refresh_from_db()
    assert (row.until - row.began_at, row.why) == (datetime.timedelta(minutes=30), NEW)

    Observation.objects.update(until=row.began_at + datetime.timedelta(minutes=45))
    actions.mark(injection=plan(by, visit, saline, point="ST37"), status="given", why="was in", by=by)
    row.refresh_from_db()
    assert row.until - row.began_at == datetime.timedelta(minutes=45)  # never shorter


def test_who_is_watched_is_not_deleted_and_not_said_of_another_patient(clinic, alice):
    by = at_work(alice, clinic)
    one = actions.observe(visit=make_visit(by, make_patient(by)), minutes=15, by=by)
    other = make_patient(by, name="Ben Ortiz")
    rows = Observation.objects.filter(pk=one.pk)
    for refused in (lambda: rows._raw_delete("default"), lambda: rows.update(patient=other)):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            refused()

    rows.update(until=one.until + datetime.timedelta(minutes=15))
    assert rows.get().patient_id == one.patient_id
