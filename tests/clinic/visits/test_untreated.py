"""A visit that was begun and in which nobody was treated ends with its reason: signed, readable, and nothing of it deleted."""

from __future__ import annotations

import pytest
from django.urls import reverse

from clinic.visits.charting import make_asked_visit, make_syringe, make_visit, plan
from clinic.visits.test_signing import sign
from waterneedle.clinic.practitioners.queries import practitioner_of
from waterneedle.clinic.visits import actions, day, queries
from waterneedle.clinic.visits.models import Injection, Visit

WHY = {"why": "begun by mistake"}


@pytest.fixture
def visit(by):
    return make_asked_visit(by)


def url(visit, name="untreated"):
    return reverse(f"visits:{name}", args=[visit.clinic.slug, visit.patient.uid, visit.uid])


def test_what_is_planned_is_not_done_and_the_visit_is_signed_with_its_reason(client_of, alice, by, visit):
    one = plan(by, visit, make_syringe(by, visit))
    Visit.objects.filter(pk=visit.pk).update(note="came late", practitioner=None)
    answers = [client_of(alice).post(url(visit), WHY) for _press in range(2)]

    assert [answer.url for answer in answers] == [url(visit, "sign")] * 2
    one.refresh_from_db()
    visit = queries.visit_of(visit.clinic, visit.patient, visit.uid)
    assert (one.status, one.status_why, one.removed_at) == ("not_done", "begun by mistake", None)
    assert (visit.note, visit.practitioner) == ("came late\nNot treated: begun by mistake", practitioner_of(alice, visit.clinic))
    sign(visit, by)
    assert day.unsigned(visit.clinic, visit.day) == []
    assert "begun by mistake" in client_of(alice).get(url(visit, "visit")).content.decode()


def test_where_a_needle_was_in_nobody_says_that_there_was_none(client_of, alice, by, visit):
    one, other = (plan(by, visit, make_syringe(by, visit), point=point) for point in ("ST36", "SP9"))
    assert url(visit) in client_of(alice).get(url(visit, "visit")).content.decode()
    actions.mark(injection=one, status="given", by=by)
    answer = client_of(alice).post(url(visit), WHY)

    assert (answer.status_code, Visit.objects.get(pk=visit.pk).note) == (422, "")
    assert url(visit) not in answer.content.decode()
    other.refresh_from_db()
    assert other.status == "planned"


def test_without_a_reason_nothing_is_written_and_the_form_is_open(client_of, alice, visit):
    answer = client_of(alice).post(url(visit), {"why": " "})

    assert (answer.status_code, answer.context["untreated_form"].errors.keys()) == (422, {"why"})
    assert Visit.objects.get(pk=visit.pk).note == ""


def test_who_does_not_sign_does_not_end_it_and_another_clinic_finds_nothing(client_of, assistant, bob, charlie, visit):
    answers = [client_of(who).post(url(visit), WHY).status_code for who in (assistant, bob, charlie)]

    assert (answers[2], Visit.objects.get(pk=visit.pk).note) == (404, "")
    assert set(answers[:2]) <= {403, 404}
    assert url(visit) not in client_of(assistant).get(url(visit, "visit")).content.decode()


def test_what_is_repeated_is_the_last_visit_in_which_something_went_in(client_of, alice, by, visit):
    syringe = make_syringe(by, visit)
    plan(by, visit, syringe)
    actions.give_all(visit=visit, by=by)
    sign(visit, by)
    without = make_visit(by, visit.patient)
    actions.leave_untreated(visit=without, why="has a fever", by=by)
    sign(without, by)
    today = make_visit(by, visit.patient)
    make_syringe(by, today, vial=syringe.fills.get().vial)

    course = queries.course_of(today)
    assert (course.count, course.last, course.treated) == (2, without, visit)
    client_of(alice).post(url(today, "repeat"), {"each_ml": "", "each_mm": "", "each_deg": ""})
    assert [one.point for one in Injection.objects.filter(visit=today)] == ["ST36"]


def test_a_note_that_is_full_stays_as_it_is_and_nothing_is_marked(client_of, alice, by, visit):
    one = plan(by, visit, make_syringe(by, visit))
    full = "x" * Visit._meta.get_field("note").max_length
    Visit.objects.filter(pk=visit.pk).update(note=full)

    assert client_of(alice).post(url(visit), WHY).status_code == 422
    one.refresh_from_db()
    assert (one.status, Visit.objects.get(pk=visit.pk).note) == ("planned", full)


def test_who_signs_reads_the_note_that_is_signed(client_of, alice, visit):
    answer = client_of(alice).post(url(visit), WHY, follow=True)

    assert "Not treated: begun by mistake" in answer.content.decode()
