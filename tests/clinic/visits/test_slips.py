"""What is taken back within a moment: the state before stands again, unless somebody has gone on from it."""

from __future__ import annotations

import datetime
import json
import re
from decimal import Decimal
from html import unescape

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from clinic.patients.people import at_work
from clinic.visits.charting import make_asked_visit, make_ready_patient, make_syringe, make_vial, make_visit, plan
from clinic.visits.test_signing import sign
from clinic.visits.test_views_chart import PARTS, url
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.patients.queries import pregnancy_of
from waterneedle.clinic.stock.models import Vial
from waterneedle.clinic.visits import actions, asked, day, drawing, queries
from waterneedle.clinic.visits.models import Injection, Signature, Syringe, VisitState
from waterneedle.clinic.visits.models_after import Observation
from waterneedle.clinic.visits.rows import answers_of, read

SAID = {
    "given": {"status": "given"},
    "stopped": {"status": "stopped", "why": "pain", "volume_ml": "0.1"},
    "not_done": {"status": "not_done", "why": "went home"},
}


@pytest.fixture
def visit(by):
    return make_asked_visit(by)


@pytest.fixture
def one(by, visit):
    return plan(by, visit, make_syringe(by, visit))


@pytest.fixture
def ask(client_of, alice, visit):
    """Posts to a page of the visit as Alice."""
    browser = client_of(alice)
    return lambda name, said=None, of=None, **where: browser.post(url(name, of or visit, **where), said or {}, **PARTS)


@pytest.fixture
def unasked(by):
    """A visit of somebody who was asked nothing today, with a puncture that is planned."""
    made = make_visit(by, make_ready_patient(by, given_name="Bea"))
    plan(by, made, make_syringe(by, made))
    return made


def undo_of(answer):
    """The address of the way back that a toast offers; None without."""
    found = re.search(r'data-undo>.*?action="([^"]*)"', answer.content.decode(), re.DOTALL)
    return unescape(found[1]) if found else None


def marks():
    return list(Injection.objects.order_by("seq").values_list(
        "status", "status_why", "given_at", "charted_at", "blocked", "volume_ml"))


def trail(kind):
    return list(Entry.objects.filter(kind=kind).order_by("pk").values_list("action", flat=True))


@pytest.mark.parametrize(("before", "status"), [*(("planned", one) for one in SAID), ("given", "stopped"), ("given", "not_done")])
def test_a_mark_is_taken_back_exactly_and_the_trail_keeps_both(ask, client_of, alice, by, one, before, status):
    if before == "given":
        actions.mark(injection=one, status="given", by=by)
    stood = marks()
    answer = ask("mark", SAID[status], injection=one.uid)
    assert marks()[0][0] == status

    assert client_of(alice).post(undo_of(answer), **PARTS).status_code == 200
    assert marks() == stood
    assert trail("injection")[-2:] == [status, "take back"]


def test_all_that_was_given_by_one_touch_is_taken_back_together(ask, client_of, alice, by, visit, one):
    plan(by, visit, one.syringe, side="right")
    stood = marks()
    answer = ask("mark_all")
    assert [row[0] for row in marks()] == ["given", "given"]

    client_of(alice).post(undo_of(answer), **PARTS)
    assert marks() == stood


def test_pressed_twice_it_is_taken_back_once(ask, client_of, alice, one):
    undo = undo_of(ask("mark", SAID["stopped"], injection=one.uid))
    answers = [client_of(alice).post(undo, **PARTS).status_code for _press in range(2)]

    assert answers == [200, 422]
    assert (marks()[0][0], trail("injection").count("take back")) == ("planned", 1)


@pytest.mark.parametrize("status", SAID)
def test_what_somebody_else_has_marked_since_stays(ask, client_of, alice, assistant, by, visit, one, status):
    undo = undo_of(ask("mark", SAID[status], injection=one.uid))
    theirs = Injection.objects.select_related("visit", "syringe").get()
    actions.mark(
        injection=theirs, status="stopped", why="bled", volume_ml=Decimal("0.2"), by=at_work(assistant, visit.clinic))
    stood = marks()

    answer = client_of(alice).post(undo, **PARTS)
    assert (answer.status_code, marks()) == (422, stood)
    assert 'id="v-problem"' in answer.content.decode() and "changed since" in answer.content.decode()


def test_one_that_somebody_else_has_given_anew_is_not_taken_back_by_the_old_way(ask, client_of, alice, assistant, visit, one):
    undo = undo_of(ask("mark", SAID["given"], injection=one.uid))
    for status, why in (("planned", "no, not yet"), ("given", "")):
        actions.mark(injection=Injection.objects.select_related("visit", "syringe").get(), status=status, why=why,
                     by=at_work(assistant, visit.clinic))

    assert client_of(alice).post(undo, **PARTS).status_code == 422
    assert marks()[0][0] == "given"


def test_one_that_was_taken_out_meanwhile_is_not_planned_again(ask, client_of, alice, by, one):
    undo = undo_of(ask("mark", SAID["not_done"], injection=one.uid))
    actions.remove(injection=Injection.objects.select_related("visit", "syringe").get(), by=by)

    assert client_of(alice).post(undo, **PARTS).status_code == 422
    assert Injection.objects.get().removed_at is not None


def test_what_others_have_taken_from_the_syringe_since_is_not_taken_twice(ask, client_of, alice, by, visit):
    one = plan(by, visit, make_syringe(by, visit, "1"), volume_ml=Decimal(1))
    undo = undo_of(ask("mark", SAID["stopped"], injection=one.uid))
    plan(by, visit, one.syringe, side="right", volume_ml=Decimal("0.9"))

    assert client_of(alice).post(undo, **PARTS).status_code == 422
    assert marks()[0][0] == "stopped"


def test_after_the_signature_nothing_is_taken_back(ask, client_of, alice, by, visit, one):
    undo = undo_of(ask("mark", SAID["given"], injection=one.uid))
    sign(visit, by)

    assert client_of(alice).post(undo, **PARTS).status_code == 422
    assert marks()[0][0] == "given"


def test_later_it_is_corrected_with_a_word_alone(ask, client_of, alice, one, monkeypatch):
    undo = undo_of(ask("mark", SAID["given"], injection=one.uid))
    later = timezone.now() + datetime.timedelta(minutes=2)
    monkeypatch.setattr(timezone, "now", lambda: later)

    assert client_of(alice).post(undo, **PARTS).status_code == 422
    assert marks()[0][0] == "given"


def test_what_would_lose_words_or_was_given_against_a_block_has_no_way_back(ask, by, visit, one):
    barred = plan(by, visit, one.syringe, "GB21", depth_mm=Decimal(25))
    assert undo_of(ask("mark", {"status": "given", "why": "it was in already"}, injection=barred.uid)) is None

    ask("mark", SAID["stopped"], injection=one.uid)
    assert undo_of(ask("mark", {"status": "given", "why": "it went in after all"}, injection=one.uid)) is None


def test_a_draft_of_yesterday_is_of_yesterday_again(ask, client_of, alice, visit, one):
    yesterday = visit.day - datetime.timedelta(days=1)
    type(visit).objects.filter(pk=visit.pk).update(day=yesterday)
    undo = undo_of(ask("mark", SAID["given"], injection=one.uid))
    client_of(alice).post(undo, **PARTS)

    visit.refresh_from_db()
    assert visit.day == yesterday


def test_another_clinic_and_a_broken_seal_find_nothing(ask, client_of, alice, bob, charlie, by, visit, one):
    undo = undo_of(ask("mark", SAID["given"], injection=one.uid))
    other = make_visit(by, make_ready_patient(by, given_name="Bea"))
    elsewhere = f"{url('unmark', other)}?{undo.partition('?')[2]}"

    asked = [(charlie, undo), (bob, undo), (alice, undo[:-1]), (alice, url("unmark", visit)), (alice, elsewhere)]
    assert [client_of(who).post(where, **PARTS).status_code for who, where in asked] == [404] * 5
    assert marks()[0][0] == "given"


# --- a step


def steps(visit):
    """Each step with its time, as the page of the visit has them."""
    return [(row.step, row.state and row.state.made_at) for row in queries.steps_of(visit)]


def last_step(visit):
    return day.visits_on(visit.clinic, visit.day)[0].last_state.step


@pytest.mark.parametrize("step", ["arrived", "roomed", "identified", "ready"])
def test_a_step_is_taken_back_and_the_one_before_counts_with_its_time(ask, client_of, alice, by, visit, step):
    actions.enter(visit=visit, step="roomed", by=by)
    stood = steps(visit)
    undo = undo_of(ask("step", {"step": step}))
    assert (last_step(visit), steps(visit) != stood) == (step, True)

    answers = [client_of(alice).post(undo, **PARTS).status_code for _press in range(2)]
    assert (answers, last_step(visit), steps(visit)) == ([200, 422], "roomed", stood)
    assert [trail("visit")[-1], trail("step")] == [step, ["take back"]]


def test_a_step_that_was_a_slip_is_not_signed(ask, client_of, alice, by, visit, one):
    client_of(alice).post(undo_of(ask("step", {"step": "ready"})), **PARTS)
    actions.mark(injection=one, status="given", by=by)
    sign(visit, by)

    signed = json.loads(Signature.objects.get().document)["steps"]
    assert [each["step"] for each in signed] == ["arrived"]


def test_a_step_stays_where_somebody_has_noted_another_since(ask, client_of, alice, assistant, visit):
    undo = undo_of(ask("step", {"step": "roomed"}))
    actions.enter(visit=visit, step="ready", by=at_work(assistant, visit.clinic))
    stood = steps(visit)

    assert client_of(alice).post(undo, **PARTS).status_code == 422
    assert steps(visit) == stood


def test_a_step_stays_after_the_signature(ask, client_of, alice, by, visit, one):
    undo = undo_of(ask("step", {"step": "ready"}))
    actions.mark(injection=one, status="given", by=by)
    sign(visit, by)
    stood = steps(visit)

    assert client_of(alice).post(undo, **PARTS).status_code == 422
    assert steps(visit) == stood
    assert undo_of(ask("step", {"step": "roomed"})) is None
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        VisitState.objects.filter(visit=visit).update(removed_at=timezone.now())


def test_of_a_step_nothing_else_is_changed_in_the_database(by, visit):
    state = actions.enter(visit=visit, step="ready", by=by)
    for change in ({"step": "left"}, {"made_at": timezone.now()}):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            VisitState.objects.filter(pk=state.pk).update(**change)


def test_who_is_observed_by_a_slip_is_watched_no_more_and_only_the_trail_says_it(ask, client_of, alice, by, visit):
    actions.enter(visit=visit, step="ready", by=by)
    undo = undo_of(ask("step", {"step": "observed"}))
    assert (last_step(visit), len(day.watched(visit.clinic))) == ("observed", 1)

    answers = [client_of(alice).post(undo, **PARTS).status_code for _press in range(2)]
    assert (answers, last_step(visit), day.watched(visit.clinic)) == ([200, 422], "ready", [])
    assert (queries.observation_of(visit), trail("observation")[-1]) == (None, "take back")
    assert Observation.objects.get().removed_at is not None


def test_who_was_watched_before_is_so_when_the_step_alone_was_a_slip(ask, client_of, alice, by, visit):
    ask("step", {"step": "observed"})
    actions.enter(visit=visit, step="ready", by=by)
    client_of(alice).post(undo_of(ask("step", {"step": "observed"})), **PARTS)

    assert (last_step(visit), len(day.watched(visit.clinic))) == ("ready", 1)


@pytest.mark.parametrize("since", ["another needle", "ended"])
def test_who_is_watched_anew_since_or_was_taken_off_by_a_person_stays_as_it_is(ask, client_of, alice, by, visit, one, since):
    undo = undo_of(ask("step", {"step": "observed"}))
    if since == "ended":
        actions.end_observation(observation=Observation.objects.get(), by=by)
    else:
        actions.mark(injection=one, status="given", by=by)

    assert client_of(alice).post(undo, **PARTS).status_code == 422
    assert (last_step(visit), Observation.objects.get().removed_at) == ("observed", None)


def test_another_clinic_finds_no_step(ask, client_of, bob, charlie, visit):
    undo = undo_of(ask("step", {"step": "ready"}))

    assert [client_of(who).post(undo, **PARTS).status_code for who in (charlie, bob)] == [404, 404]
    assert last_step(visit) == "ready"


# --- the answers of today


def said_today(visit):
    """What counts as answered, and what the patient's record has of pregnancy."""
    said, known = answers_of(visit), pregnancy_of(visit.patient, [visit.patient_id])
    return said and [getattr(said, name) for name in said.ANSWERS], known and (known.pk, known.status)


USUAL = {"as_usual": "1", "usual_pregnancy": "not_pregnant"}


@pytest.mark.parametrize("before", [{}, {"identity_confirmed": True, "fever_or_infection": True}])
@pytest.mark.parametrize("known", [None, "unknown", "not_pregnant"])
def test_what_was_answered_as_usual_by_a_slip_is_as_it_was_in_the_patients_record_too(
    ask, client_of, alice, by, unasked, before, known
):
    if known:
        patients.say_pregnancy(patient=unasked.patient, status=known, by=by)
    if before:
        actions.answer_today(visit=unasked, answers=before, by=by)
    stood, stood_open = said_today(unasked), asked.open_questions(read(unasked))
    undo = undo_of(ask("today", USUAL, of=unasked))
    assert (said_today(unasked)[1][1], asked.open_questions(read(unasked))) == (
        "not_pregnant", [] if before else ["identity_confirmed"])

    answers = [client_of(alice).post(undo, **PARTS).status_code for _press in range(2)]
    assert (answers, asked.open_questions(read(unasked))) == ([200, 422], stood_open)
    assert said_today(unasked) == (stood[0] or [None, "", None, None, None, None, "", None, None], stood[1])
    assert trail("answer") == ["take back"] and trail("pregnancy")[-2:] == ["create", "retract"]


@pytest.mark.parametrize("since", ["another answer", "a needle that went in", "time"])
def test_usual_answers_that_somebody_has_gone_on_from_are_not_taken_back(ask, client_of, alice, by, unasked, monkeypatch, since):
    actions.answer_today(visit=unasked, answers={"identity_confirmed": True}, by=by)
    undo = undo_of(ask("today", USUAL, of=unasked))
    if since == "another answer":
        actions.answer_today(visit=unasked, answers={"eaten": False}, by=by)
    elif since == "a needle that went in":
        actions.mark(injection=Injection.objects.get(), status="given", by=by)
    else:
        later = timezone.now() + datetime.timedelta(seconds=61)
        monkeypatch.setattr(timezone, "now", lambda: later)
    stood = said_today(unasked)

    assert client_of(alice).post(undo, **PARTS).status_code == 422
    assert said_today(unasked) == stood


def test_a_pregnancy_that_is_said_meanwhile_stays_when_usual_answers_are_taken_back(ask, client_of, alice, by, unasked):
    undo = undo_of(ask("today", USUAL, of=unasked))
    patients.say_pregnancy(patient=unasked.patient, status="pregnant", by=by)

    assert client_of(alice).post(undo, **PARTS).status_code == 200
    assert said_today(unasked)[1][1] == "pregnant"


def test_who_is_identified_in_the_same_touch_has_no_way_back(ask, unasked):
    assert undo_of(ask("today", USUAL | {"identity_confirmed": "yes"}, of=unasked)) is None


# --- a syringe


@pytest.fixture
def ampoule(by):
    return make_vial(by, name="Ampoule", kind="ampoule", container_ml=Decimal(1))


def load(ask, vial):
    return ask("load", {"vial": vial.uid, "volume_ml": "1", "route": "SC", "gauge": "30", "length_mm": "13"})


def test_a_syringe_that_was_drawn_up_by_a_slip_never_was(ask, client_of, alice, ampoule):
    undo = undo_of(load(ask, ampoule))
    assert Vial.objects.get(pk=ampoule.pk).patient_id is not None

    answers = [client_of(alice).post(undo, **PARTS).status_code for _press in range(2)]
    made = Syringe.objects.get()
    assert (answers, made.removed_at is not None, made.wasted) == ([200, 422], True, False)
    assert Vial.objects.get(pk=ampoule.pk).patient_id is None  # it serves another patient
    assert trail("syringe") == ["draw up", "remove"]


@pytest.mark.parametrize("what", ["charted", "corrected", "thrown away", "signed"])
def test_a_syringe_that_somebody_has_gone_on_with_stays(ask, client_of, alice, assistant, by, visit, what):
    undo = undo_of(load(ask, make_vial(by)))
    made = Syringe.objects.select_related("visit").get()
    theirs = at_work(assistant, visit.clinic)
    if what == "charted":
        plan(theirs, visit, made)
    elif what == "corrected":
        drawing.correct(syringe=made, volumes_ml=[Decimal(2)], purposes=[""], by=theirs)
    elif what == "thrown away":
        drawing.put_down(syringe=made, by=theirs)
    else:
        actions.mark(injection=plan(by, visit, made), status="given", by=by)
        sign(visit, by)
    stood = Syringe.objects.values().get()

    assert client_of(alice).post(undo, **PARTS).status_code == 422
    assert Syringe.objects.values().get() == stood


def test_another_clinic_finds_no_syringe(ask, client_of, charlie, by):
    undo = undo_of(load(ask, make_vial(by)))

    assert client_of(charlie).post(undo, **PARTS).status_code == 404
    assert Syringe.objects.get().removed_at is None


def test_what_was_said_of_a_syringe_is_not_said_otherwise_from_an_older_page(ask, by, visit):
    syringe = make_syringe(by, visit)
    ask("put_down", syringe=syringe.uid)

    assert ask("put_down", {"slip": "1"}, syringe=syringe.uid).status_code == 422
    assert Syringe.objects.get().wasted


def test_a_syringe_is_taken_up_once(ask, client_of, alice, by, visit):
    undo = undo_of(ask("put_down", syringe=make_syringe(by, visit).uid))
    for _press in range(2):
        client_of(alice).post(undo, **PARTS)

    assert trail("syringe") == ["draw up", "remove", "restore"]
