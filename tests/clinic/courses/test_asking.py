"""The questions of a course: few, by a link or on the tablet, before a booked visit and weeks later."""

from __future__ import annotations

import datetime

from django.utils import timezone

from clinic.appointments.diary import booked, working
from clinic.courses.treated import begun, treated
from clinic.followup.following import REPORT, Answering, arranged, do_due, letters_about, secret_of, signed_visit, text_of
from clinic.intake.filling import Filling, handed, secret_in
from clinic.patients.people import at_work
from waterneedle.clinic.courses import actions, asking
from waterneedle.clinic.courses.measuring import measured
from waterneedle.clinic.courses.models import Counted
from waterneedle.clinic.followup import actions as followup
from waterneedle.clinic.followup import actions_events
from waterneedle.clinic.intake.models import Answers, Form, FormKind
from waterneedle.clinic.outbox.handlers import HANDLERS
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.visits.models import Visit

SAID = {
    "pain-average-0-10.pain": "4", "pain-worst-0-10.pain": "6", "function-0-10.function": "5", "global-impression.change": "3"}


def test_the_patient_answers_the_questions_of_the_course_and_they_count_at_once(by, ana):
    course = treated(by, ana, [7, 6, None])
    filling = handed(by, ana, FormKind.MEASURES, **asking.asked(course))
    assert filling.knock().url == filling.url("measures/")
    assert all(f'name="{one}"' in filling.get("measures/").content.decode() for one in SAID)
    assert filling.post("measures/", **{"pain-average-0-10.pain": "4"}).url == filling.url("send/")
    assert filling.send().status_code == 200

    known = measured(course)
    assert [(one.sessions, one.value) for one in known.judged.scores] == [(0, 7), (1, 6), (2, 4)]
    assert Counted.objects.get().relief_session == 2
    assert not Task.objects.filter(kind="intake.review").exists()


def test_what_was_left_open_stays_a_gap(by, ana):
    course = begun(by, ana)
    filling = handed(by, ana, FormKind.MEASURES, **asking.asked(course))
    filling.knock()
    filling.post("measures/", **{"pain-worst-0-10.pain": "6"})
    filling.send()

    assert list(Answers.objects.values_list("instrument", "score")) == [("pain-worst-0-10", 6)]
    assert measured(course).judged.first is None


def test_a_number_that_cannot_be_is_not_taken(by, ana):
    filling = handed(by, ana, FormKind.MEASURES, **asking.asked(begun(by, ana, "immunity")))
    filling.knock()

    assert filling.post("measures/", **{"infections-diary.infection_days": "40"}).status_code == 422
    assert filling.post("measures/", **{"infections-diary.infection_days": "4"}).status_code == 302


def test_the_patient_is_asked_about_what_was_named(by, ana):
    filling = handed(by, ana, FormKind.MEASURES, **asking.asked(begun(by, ana, named="climbing stairs")))
    filling.knock()

    assert "climbing stairs" in filling.get("measures/").content.decode()


def test_nobody_is_asked_what_a_treatment_changed_before_there_was_one(by, ana):
    course = begun(by, ana)
    assert "global-impression" not in asking.asked(course)["measures"]
    signed_visit(by, ana)

    assert "global-impression" in asking.asked(course)["measures"]


def test_a_diary_of_four_weeks_is_not_asked_twice_about_the_same_days(by, ana):
    now, course = timezone.now(), begun(by, ana, "immunity")
    given = {"infection_days": 5, "antibiotic_courses": 1}
    for days, is_due in ((29, True), (27, False)):
        actions.measure(course=course, instrument="infections-diary", answers=given, by=by,
                        answered_at=now - datetime.timedelta(days=days))
        assert ("infections-diary" in asking.asked_of(ana)["measures"]) is is_due
    assert "own-problem-0-10" in asking.asked_of(ana)["measures"]


def test_nobody_writes_to_the_dead_before_a_visit(by, ana, instructor):
    begun(by, ana)
    booking = booked(by, ana, working(by, user=instructor))
    event = actions_events.report(patient=ana, by=by, **REPORT | {"outcome": "died", "seriousness": ["death"]})
    HANDLERS["courses.ask"].work(None, booking.starts_at - datetime.timedelta(hours=20))
    assert not Form.objects.filter(kind=FormKind.MEASURES).exists()

    actions_events.amend(event=event, why="another patient", by=by, **REPORT | {"is_mistake": True})
    HANDLERS["courses.ask"].work(None, booking.starts_at - datetime.timedelta(hours=20))
    assert Form.objects.filter(kind=FormKind.MEASURES).exists()


def test_each_of_two_courses_is_asked_about_in_its_own_words(by, ana):
    stairs, dizzy = begun(by, ana, named="climbing stairs"), begun(by, ana, "other", named="feeling dizzy")
    filling = handed(by, ana, FormKind.MEASURES, **asking.asked_of(ana))
    filling.knock()
    page = filling.get("measures/").content.decode()
    filling.post("measures/", **{"function-0-10.function": "5", "own-problem-0-10.problem": "8"})
    filling.send()

    assert "climbing stairs" in page and "feeling dizzy" in page
    assert [one.value for one in measured(dizzy).judged.scores] == [8]
    assert [one.value for series in measured(stairs).series for one in series.scores] == [5]


def test_the_check_in_after_weeks_says_which_problem_it_asks_about(by, ana):
    course = begun(by, ana, "other", named="feeling dizzy")
    one, = asking.asked_later(ana)
    assert "feeling dizzy" in one.field.label
    asking.answer_later(
        patient=ana, answers={one.name: "8"}, by=by, said_by="patient", about=course.uid, at=timezone.now(), language="en")

    assert Answers.objects.get().named == "feeling dizzy"


def test_the_day_before_a_booked_visit_the_questions_are_sent_once(by, ana, instructor):
    begun(by, ana)
    booking = booked(by, ana, working(by, user=instructor))
    day_before = booking.starts_at - datetime.timedelta(hours=20)
    for _time in range(2):
        HANDLERS["courses.ask"].work(None, day_before)

    assert Form.objects.filter(kind=FormKind.MEASURES).count() == 1
    filling = Filling(Form.objects.get(kind=FormKind.MEASURES), secret_in(text_of(letters_about("form")[-1])))
    assert filling.knock().url == filling.url("measures/")


def test_nobody_is_asked_at_night_without_a_course_or_long_before(by, ana, instructor):
    booking = booked(by, ana, working(by, user=instructor))
    HANDLERS["courses.ask"].work(None, booking.starts_at - datetime.timedelta(hours=20))
    begun(by, ana)
    HANDLERS["courses.ask"].work(None, booking.starts_at - datetime.timedelta(hours=30))
    HANDLERS["courses.ask"].work(None, booking.starts_at - datetime.timedelta(hours=6))

    assert not Form.objects.filter(kind=FormKind.MEASURES).exists()


def test_the_check_in_after_weeks_asks_the_one_question_that_counts(by, ana, owner, clinic):
    arranged(at_work(owner, clinic))
    course = treated(by, ana, [7, None])
    visit = Visit.objects.get(pk=measured(course).sessions[-1].visit_id)
    followup.ask(visit=visit, kind="weeks", week=4, now=timezone.now())
    answering = Answering(secret_of(letters_about("check-in")[-1]))
    answering.knock()
    assert "most of the time" in answering.get().content.decode()
    answering.send(**{"course_pain-average-0-10": "5"})

    assert [(one.sessions, one.value) for one in measured(course).judged.scores] == [(0, 7), (1, 5)]
    assert Counted.objects.get().relief_session == 1


def test_a_signed_visit_is_counted_with_the_job_of_its_signature(by, ana, owner, clinic):
    course = begun(by, ana)
    Counted.objects.all().delete()
    signed_visit(by, ana)
    do_due(timezone.now())

    assert len(measured(course).sessions) == 1
