"""From the signature to the question, and to somebody who calls when no answer comes."""

from __future__ import annotations

import pytest
from django.utils import timezone

from clinic.followup.following import DAY, HOUR, REPORT, arranged, asked_patient, do_due, letters_about, signed_visit, text_of
from clinic.patients.people import at_work
from clinic.people import make_person
from clinic.visits.charting import make_syringe, make_visit, plan
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.followup import actions_events, jobs
from waterneedle.clinic.followup.models import CheckIn
from waterneedle.clinic.followup.sites import given_at
from waterneedle.clinic.outbox import opting
from waterneedle.clinic.outbox.models import Job, Outcome
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.visits import actions as visits
from waterneedle.clinic.visits import reactions, signing


def kinds(visit):
    return {(job.says["kind"], job.says["week"]) for job in Job.objects.filter(kind="followup.ask", ended_at=None)}


def test_a_signature_has_the_patient_asked_and_a_first_dose_on_the_same_day_as_well(by, ana, on_call):
    visit = signed_visit(by, ana)

    do_due(timezone.now())

    assert kinds(visit) == {("hours", 0), ("next_day", 0), ("weeks", 4)}
    again = Job.objects.get(kind="followup.ask", key=f"{visit.uid} next_day")
    assert 20 * HOUR <= again.due_at - timezone.now() <= 35 * HOUR


def test_the_first_hours_are_asked_about_after_a_second_dose_only_near_the_lung(by, ana, on_call):
    signed_visit(by, ana)
    do_due(timezone.now())
    Job.objects.filter(kind="followup.ask").update(ended_at=timezone.now(), outcome=Outcome.DONE)

    far, near = signed_visit(by, ana), None
    do_due(timezone.now())
    assert kinds(far) == {("next_day", 0), ("weeks", 4)}
    Job.objects.filter(kind="followup.ask").update(ended_at=timezone.now(), outcome=Outcome.DONE)
    near = signed_visit(by, ana, points=("GB21",))
    do_due(timezone.now())
    assert kinds(near) == {("hours", 0), ("next_day", 0), ("weeks", 4)}


def test_a_product_of_which_nothing_went_in_is_a_first_dose_the_next_time(by, ana):
    for status in ("stopped", "given"):
        visit = make_visit(by, ana)
        one = plan(by, visit, make_syringe(by, visit))
        visits.mark(injection=one, status=status, why="as it was", by=by)

    assert given_at(visit).is_first


def test_who_signs_late_has_one_letter_sent_and_not_two(by, ana, on_call):
    visit = signed_visit(by, ana)

    jobs.plan(Job.objects.get(kind="visits.signed"), timezone.now() + 2 * DAY)

    assert kinds(visit) == {("next_day", 0), ("weeks", 4)}


def test_a_letter_says_nothing_of_health_and_names_nobody(by, ana, on_call):
    signed_visit(by, ana)

    do_due(timezone.now() + 2 * DAY)

    letter = letters_about("check-in")[-1]
    assert letter.addresses == ["ana@patients.example"]
    for word in ("Ana", "Ruiz", "ST36", "knee", "inject", "B-12", "cyano"):
        assert word not in text_of(letter)


def test_nobody_is_asked_until_the_clinic_has_named_the_person_on_call(by, ana):
    signed_visit(by, ana)

    do_due(timezone.now() + 2 * DAY)

    assert not CheckIn.objects.exists() and not letters_about("check-in")


def test_who_could_not_be_written_to_for_days_is_called(by, ana, on_call):
    visit = signed_visit(by, ana)
    jobs.plan(Job.objects.get(kind="visits.signed"), timezone.now())

    for job in Job.objects.filter(kind="followup.ask").exclude(key__contains="weeks"):
        jobs.ask(job, timezone.now() + 6 * DAY)

    [checkin] = CheckIn.objects.all()
    assert (checkin.kind, checkin.asked_at, letters_about("check-in")) == ("next_day", None, [])
    assert Task.objects.filter(kind="followup.silent", cause=str(checkin.uid), patient=visit.patient).exists()


def test_silence_by_the_evening_is_a_task_for_a_person(by, ana, on_call):
    signed_visit(by, ana)

    do_due(timezone.now() + 4 * DAY)

    silent = CheckIn.objects.get(kind="next_day")
    task = Task.objects.get(kind="followup.silent", cause=str(silent.uid))
    assert (task.role, task.patient, task.needs) == (Role.PRACTITIONER, ana, "followup.read")


def test_who_has_no_address_is_called(by, on_call):
    visit = signed_visit(by, asked_patient(by, email=""))

    do_due(timezone.now() + 2 * DAY)

    checkin = CheckIn.objects.get(visit=visit, kind="next_day")
    assert checkin.asked_at is None and not letters_about("check-in")
    assert Task.objects.filter(kind="followup.silent", cause=str(checkin.uid)).exists()


def test_the_guardian_of_a_minor_is_written_to(by, on_call):
    child = asked_patient(by, "Kit Ruiz", birth_date=timezone.now().date() - 9 * 365 * DAY, email="kit@patients.example")
    patients.add_guardian(
        patient=child, by=by, fields={"name": "Eva Ruiz", "relation": "mother", "email": "eva@patients.example"})
    signed_visit(by, child)

    do_due(timezone.now() + 2 * DAY)

    assert {tuple(one.addresses) for one in letters_about("check-in")} == {("eva@patients.example",)}


def test_who_was_joined_into_another_record_is_written_to_by_that_one(by, on_call):
    twice, ana = asked_patient(by, "Ana Ruis", email="old@patients.example"), asked_patient(by)
    signed_visit(by, twice)
    patients.join(kept=ana, other=twice, why="the same person", by=by)

    do_due(timezone.now() + 2 * DAY)

    assert {tuple(one.addresses) for one in letters_about("check-in")} == {("ana@patients.example",)}
    assert {one.patient for one in CheckIn.objects.all()} == {ana}


def died_here(by, ana):
    made = reactions.begin(patient=ana, by=by)
    reactions.end(reaction=made, outcome="died", by=by)


def died_later(by, ana):
    actions_events.report(patient=ana, by=by, **REPORT | {"outcome": "died"})


def taken_back(by, ana):
    patients.retract_patient(patient=ana, why="entered twice", by=by)


@pytest.mark.parametrize("what", [died_here, died_later, taken_back])
@pytest.mark.parametrize("after", [0, 1], ids=["before it was asked", "before it was answered"])
def test_nobody_writes_to_or_calls_who_died_or_should_not_be_on_file(by, ana, on_call, what, after):
    signed_visit(by, ana)
    do_due(timezone.now() + after * 7 * HOUR)
    calls = Task.objects.filter(kind="followup.silent").count()

    what(by, ana)
    do_due(timezone.now() + 60 * DAY)

    assert len(letters_about("check-in")) == after
    assert Task.objects.filter(kind="followup.silent").count() == calls


def test_who_is_not_written_to_is_called_in_the_first_hours_too(by, ana, on_call):
    signed_visit(by, ana, points=("GB21",))
    opting.opt_out(patient=ana, by=by, now=timezone.now())
    begun = timezone.now()

    do_due(begun + 6 * HOUR)

    task = Task.objects.get(kind="followup.silent")
    assert task.due_at <= begun + 9 * HOUR and task.escalate_at <= begun + 11 * HOUR


@pytest.mark.parametrize("die", [died_here, died_later])
def test_with_a_death_the_call_that_asks_how_it_is_is_off_the_list(by, ana, on_call, die):
    signed_visit(by, ana)
    do_due(timezone.now() + 3 * DAY)
    assert Task.objects.filter(kind="followup.silent").exclude(state="done").exists()

    die(by, ana)

    assert not Task.objects.filter(kind="followup.silent").exclude(state="done").exists()
    assert not CheckIn.objects.filter(answered_at=None, ended_at=None).exists()


@pytest.mark.parametrize("after", [0, 2], ids=["before it was asked", "after it was asked"])
def test_a_struck_visit_stops_its_messages(by, ana, on_call, clinic, after):
    visit = signed_visit(by, ana)
    do_due(timezone.now() + after * DAY)
    signing.ask_to_strike(visit=visit, why="another patient", by=by)
    signing.strike(visit=visit, by=at_work(make_person(clinic, "Sam Second", Role.PRACTITIONER), clinic))

    do_due(timezone.now() + 60 * DAY)

    assert not CheckIn.objects.filter(ended_at=None)
    assert not [one for one in letters_about("check-in") if one.job.outcome != Outcome.CANCELLED]
    assert not Task.objects.filter(kind="followup.silent").exclude(state="done")


def test_while_it_is_in_doubt_whose_visit_it_was_somebody_calls_and_nobody_is_written_to(by, ana, on_call):
    visit = signed_visit(by, ana)
    signing.ask_to_strike(visit=visit, why="another patient", by=by)

    do_due(timezone.now() + 2 * DAY)

    assert letters_about("check-in") == []
    assert Task.objects.filter(kind="followup.silent", patient=visit.patient).exclude(state="done").exists()


def test_weeks_are_the_clinics_own(by, ana, owner, clinic):
    arranged(at_work(owner, clinic), weeks=[4, 8])
    visit = signed_visit(by, ana)

    do_due(timezone.now())

    assert kinds(visit) >= {("weeks", 4), ("weeks", 8)}
