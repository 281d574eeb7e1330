"""What is asked before the first puncture: said beside it, before it is marked, at the signature, and on another day again."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.patients.people import make_patient
from clinic.visits.charting import WELL, make_ready_patient, make_syringe, make_visit, plan
from clinic.visits.test_signing import answer_warnings, proof, sign
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.visits import actions, asked, drafts, queries, signing
from waterneedle.clinic.visits.live import usual_pregnancy
from waterneedle.clinic.visits.models import Injection, Signature, Status, Syringe, Today, Visit
from waterneedle.clinic.visits.plan import checked
from waterneedle.clinic.visits.rows import answers_of, read

DAY = datetime.timedelta(days=1)


@pytest.fixture
def visit(by):
    """One injection planned, and nothing asked yet."""
    ana = make_ready_patient(by)
    made = make_visit(by, ana, why="knee pain")
    plan(by, made, make_syringe(by, made))
    return made


@pytest.fixture
def clock(monkeypatch):
    now = timezone.now()
    return lambda later: monkeypatch.setattr(timezone, "now", lambda: now + later)


def issue_of(visit):
    return next((one for one in checked(visit).issues if one.rule == asked.RULE), None)


def url(name, visit, **more):
    return reverse(f"visits:{name}", kwargs={"clinic": "harbor", "patient": visit.patient.uid, "visit": visit.uid, **more})


def test_what_is_not_asked_stands_beside_the_planned_injection(by, visit):
    assert asked.open_questions(read(visit)) == list(asked.QUESTIONS)
    (row,) = queries.draft(visit, "en").rows
    assert row.issues[0].issue.rule == asked.RULE and row.issues[0].asks

    actions.answer_today(visit=visit, answers=WELL | {"eaten": None}, by=by)
    assert asked.open_questions(read(visit)) == ["eaten"]

    actions.answer_today(visit=visit, answers={"eaten": False}, by=by)
    assert asked.open_questions(read(visit)) == [] and issue_of(visit) is None


def test_it_is_a_warning_of_the_visit_and_names_no_puncture_that_was_not_done(by, visit):
    actions.mark(injection=plan(by, visit, visit.syringes.get(), point="LI11"), status="not_done", why="pain", by=by)
    assert issue_of(visit).injections == ("1",)

    actions.answer_today(visit=visit, answers=WELL | {"reacted_last": None}, by=by)
    ours = [one.rule for one in checked(visit).issues if one.severity == "warn"]
    assert (ours, checked(visit).verdict) == ([asked.RULE], "warn")


def test_nobody_asks_a_man_whether_he_is_pregnant(by):
    made = make_visit(by, make_patient(by, sex="male"))
    plan(by, made, make_syringe(by, made))
    actions.answer_today(visit=made, answers=WELL | {"pregnancy": ""}, by=by)

    assert issue_of(made) is None


@pytest.mark.parametrize(("on_the_kept", "on_the_other", "usual"), [
    ("female", "male", "not_pregnant"), ("male", "female", "not_applicable")])
def test_of_two_joined_records_the_kept_one_says_who_is_asked_about_pregnancy(by, ana, on_the_kept, on_the_other, usual):
    """As for the check. The visit was begun on the other one, before they were joined."""
    twice = make_patient(by, sex=on_the_other)
    made = make_visit(by, twice)
    plan(by, made, make_syringe(by, made))
    patients.change_patient(patient=ana, fields={"sex": on_the_kept}, version=ana.version, by=by)
    patients.join(kept=ana, other=twice, why="same person", by=by)

    made = Visit.objects.get(pk=made.pk)
    assert ("pregnancy" in asked.open_questions(read(made))) == (on_the_kept == "female")
    assert usual_pregnancy(made, read(made).records) == usual


@pytest.mark.parametrize("open_question", asked.QUESTIONS)
def test_no_puncture_is_marked_while_a_question_is_open(by, visit, open_question):
    actions.answer_today(visit=visit, answers=WELL | {open_question: "" if open_question == "pregnancy" else None}, by=by)
    one = Injection.objects.get()

    for mark in (lambda: actions.give_all(visit=visit, by=by), lambda: actions.mark(injection=one, status="given", by=by)):
        with pytest.raises(drafts.NotAsked) as refused:
            mark()
        assert str(refused.value) == asked.in_words([open_question])
    assert Injection.objects.get().status == Status.PLANNED

    actions.answer_today(visit=visit, answers=WELL, by=by)
    actions.give_all(visit=visit, by=by)
    assert Injection.objects.get().status == Status.GIVEN


@pytest.mark.parametrize("status", ["given", "stopped"])
def test_what_has_happened_is_recorded_with_why_and_signed_once_it_is_answered(by, visit, status):
    actions.mark(injection=Injection.objects.get(), status=status, why="fainted before the questions", by=by)

    with pytest.raises(signing.Incomplete) as refused:
        signing.sign(visit=visit, proof=proof(visit, by.user), session_key="k", by=by)
    assert refused.value.gaps[0].field == "identity_confirmed"
    assert not Signature.objects.exists()

    actions.answer_today(visit=visit, answers=WELL, by=by)
    sign(visit, by)
    assert '"status_why":"fainted before the questions"' in Signature.objects.get().document


def test_a_reason_stands_in_for_what_could_not_be_asked_and_is_signed(by, visit):
    actions.answer_today(visit=visit, answers=WELL | {"eaten": None}, by=by)
    actions.give_reason(visit=visit, rule=asked.RULE, note="speaks to nobody today", by=by)

    assert issue_of(visit).recorded
    actions.give_all(visit=visit, by=by)
    assert "as_usual" not in {gap.field for gap in signing.gaps(visit)}
    assert asked.RULE in sign(visit, by).stood["asked"]


@pytest.mark.parametrize(("open_one", "field"), [
    ("identity_confirmed", "identity_confirmed"), ("pregnancy", "pregnancy"), ("fever_or_infection", "as_usual")])
def test_a_gap_leads_to_where_it_is_answered(by, visit, open_one, field):
    nothing = "" if open_one == "pregnancy" else None
    actions.answer_today(visit=visit, answers=WELL | {open_one: nothing, "lying_down": None}, by=by)
    actions.mark(injection=Injection.objects.get(), status="given", why="it was given", by=by)

    assert field in {gap.field for gap in signing.gaps(visit)}


def test_a_reason_for_it_is_never_kept_for_the_next_visit(by, visit):
    with pytest.raises(drafts.NotCharted):
        actions.give_reason(visit=visit, rule=asked.RULE, note="never asked", review_on=visit.day + 90 * DAY, by=by)


def test_answers_of_another_day_are_asked_again_and_none_is_carried_over(by, visit, clock):
    actions.answer_today(visit=visit, answers=WELL, by=by)
    Syringe.objects.update(discard_at=timezone.now() + 2 * DAY)  # one that bars nothing
    clock(DAY)

    assert answers_of(visit) is None and read(visit).today is None
    with pytest.raises(drafts.NotAsked):
        actions.give_all(visit=visit, by=by)
    actions.answer_today(visit=visit, answers={"eaten": True}, by=by)
    assert answers_of(visit).fever_or_infection is None
    assert asked.open_questions(read(visit)) == [one for one in asked.QUESTIONS if one != "eaten"]
    assert Today.objects.count() == 2  # what was said yesterday stays on file


def test_a_reason_of_another_day_is_asked_again(by, visit, clock):
    actions.give_reason(visit=visit, rule=asked.RULE, note="speaks to nobody today", by=by)
    clock(DAY)

    assert not issue_of(visit).recorded


def test_what_was_answered_on_the_day_of_the_puncture_counts_when_it_is_signed_later(by, visit, clock):
    actions.answer_today(visit=visit, answers=WELL | {"pregnancy": "not_pregnant"}, by=by)
    actions.give_all(visit=visit, by=by)
    clock(3 * DAY)

    assert issue_of(visit) is None
    assert read(visit).today.identity_confirmed
    answer_warnings(visit, by)
    assert signing.gaps(visit) == []


def test_each_day_of_punctures_needs_its_own_answers(by, visit, clock):
    actions.answer_today(visit=visit, answers=WELL, by=by)
    actions.give_all(visit=visit, by=by)
    clock(DAY)
    late = plan(by, visit, make_syringe(by, visit), point="LI11")

    assert issue_of(visit).injections == (str(late.seq),)
    assert [asked.is_open(checked(visit), one.seq) for one in visit.injections.order_by("seq")] == [False, True]
    actions.answer_today(visit=visit, answers=WELL, by=by)
    assert issue_of(visit) is None


def test_a_reason_of_the_first_day_is_none_for_the_second(by, visit, clock):
    actions.give_reason(visit=visit, rule=asked.RULE, note="speaks to nobody today", by=by)
    actions.give_all(visit=visit, by=by)
    clock(DAY)
    late = plan(by, visit, make_syringe(by, visit), point="LI11")

    assert (issue_of(visit).injections, issue_of(visit).recorded) == (("1", str(late.seq)), False)


def test_a_visit_written_down_later_has_the_answers_of_then(by):
    ana = make_patient(by)
    made = make_visit(by, ana, happened_at=timezone.now() - 2 * DAY)
    plan(by, made, make_syringe(by, made))
    assert asked.open_questions(read(made)) == list(asked.QUESTIONS)

    actions.answer_today(visit=made, answers=WELL | {"eaten": None}, by=by)
    actions.answer_today(visit=made, answers={"eaten": True}, by=by)
    assert asked.open_questions(read(made)) == []


def test_the_page_refuses_all_given_and_says_what_is_to_be_asked(client_of, alice, visit):
    answer = client_of(alice).post(url("mark_all", visit), HTTP_HX_REQUEST="true")

    assert answer.status_code == 422
    assert "fever or infection" in answer.content.decode()
    assert Injection.objects.get().status == Status.PLANNED


def test_the_one_tap_answers_anew_on_another_day(client_of, alice, by, visit, clock):
    actions.answer_today(visit=visit, answers=WELL | {"fever_or_infection": True}, by=by)
    clock(datetime.timedelta(hours=30))

    client_of(alice).post(url("today", visit), {"as_usual": "1", "usual_pregnancy": "not_pregnant"})
    said = answers_of(visit)
    assert (said.fever_or_infection, said.pregnancy, said.identity_confirmed) == (False, "not_pregnant", None)


def test_what_was_answered_reads_back_word_by_word(by, visit):
    actions.answer_today(visit=visit, answers=WELL | {"pregnancy": "possible", "eaten": False, "lying_down": None}, by=by)

    said = asked.answers_in_words(read(visit).today)
    names = [one for one in asked.QUESTIONS if one != "lying_down"]
    assert [word for word, _answer in said] == [asked.in_words([name]) for name in names]
    assert [answer for _word, answer in said] == ["yes", "may be pregnant", "no", "no", "no", "no"]
    assert asked.answers_in_words(None) == []

    more = {"pregnancy": "pregnant", "pregnancy_weeks": Decimal("22.5"), "reacted_last": True, "reacted_how": "hives"}
    actions.answer_today(visit=visit, answers=WELL | more, by=by)
    said = dict(asked.answers_in_words(read(visit).today))
    assert (said["pregnancy"], said["reaction to the last injection"]) == ("pregnant, week 22.5", "yes, hives")
