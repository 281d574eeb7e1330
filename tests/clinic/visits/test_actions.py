"""What a draft takes and what it refuses."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from clinic.intake.signing import EVERY_PRODUCT, signed
from clinic.patients.people import make_patient
from clinic.visits.charting import WELL, make_syringe, make_visit, plan
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.patients.models import Pregnancy
from waterneedle.clinic.visits import actions, drafts, drawing, reactions
from waterneedle.clinic.visits.models import Injection, Reason, Status, VisitState
from waterneedle.clinic.visits.models_after import Observation
from waterneedle.clinic.visits.rows import answers_of, injections_of, reasons_of

ML = Decimal


@pytest.fixture
def visit(by):
    return make_visit(by, make_patient(by), why="knee")


@pytest.fixture
def syringe(by, visit):
    return make_syringe(by, visit, "1")


def test_a_visit_begins_with_the_patient_having_arrived(by, visit):
    assert [one.step for one in VisitState.objects.filter(visit=visit)] == ["arrived"]
    assert visit.day == timezone.now().astimezone(by.clinic.tzinfo).date()


def test_a_visit_written_later_has_the_day_on_which_it_happened(by):
    then = timezone.now() - datetime.timedelta(days=2)
    visit = make_visit(by, make_patient(by), happened_at=then)

    assert visit.day == then.astimezone(by.clinic.tzinfo).date()
    one = plan(by, visit, make_syringe(by, visit))
    assert actions.mark(injection=one, status="given", why="it was given", by=by).given_at == then


def test_what_was_answered_stays_when_something_else_is(by, visit):
    actions.answer_today(visit=visit, answers={"identity_confirmed": True}, by=by)
    actions.answer_today(visit=visit, answers={"eaten": False}, by=by)

    said = answers_of(visit)
    assert (said.identity_confirmed, said.eaten, said.lying_down) == (True, False, None)


def test_no_reaction_takes_its_words_along(by, visit):
    actions.answer_today(visit=visit, answers={"reacted_last": True, "reacted_how": "hives"}, by=by)
    actions.answer_today(visit=visit, answers={"reacted_last": False}, by=by)

    assert answers_of(visit).reacted_how == ""


def test_what_is_said_of_pregnancy_today_is_on_record_once(by, visit):
    actions.answer_today(visit=visit, answers=WELL, by=by)
    actions.answer_today(visit=visit, answers={"eaten": True, "pregnancy": "not_pregnant"}, by=by)

    assert [one.status for one in Pregnancy.objects.filter(patient=visit.patient)] == ["not_pregnant"]


def test_a_puncture_takes_route_and_needle_of_its_syringe(by, visit, syringe):
    one = plan(by, visit, syringe)

    assert (one.route, one.gauge, one.length_mm, one.status) == ("SC", 30, ML(13), Status.PLANNED)


def test_a_midline_point_has_its_side_by_itself(by, visit, syringe):
    one = plan(by, visit, syringe, point="CV12", side="")

    assert one.side == "midline"


def test_no_more_is_charted_than_was_drawn_up(by, visit, syringe):
    plan(by, visit, syringe)
    plan(by, visit, syringe, side="right")

    with pytest.raises(drafts.TooMuch):
        plan(by, visit, syringe, point="LI11", volume_ml=ML("0.1"))
    assert Injection.objects.filter(visit=visit).count() == 2
    assert drawing.left_in(syringe) == 0


def test_what_was_not_done_stays_in_the_syringe(by, visit, syringe):
    one = plan(by, visit, syringe)
    actions.mark(injection=one, status="not_done", why="patient changed their mind", by=by)

    assert drawing.left_in(syringe) == ML(1)


def test_a_block_bars_the_next_puncture_and_not_the_record_of_one_that_happened(by, visit, syringe):
    one = plan(by, visit, syringe)  # no consent is on record

    with pytest.raises(drafts.Refused):
        actions.mark(injection=one, status="given", by=by)
    one.refresh_from_db()
    assert one.status == Status.PLANNED

    actions.mark(injection=one, status="given", why="given before the form was looked for", by=by)
    assert (one.status, one.blocked, one.given_at is not None) == (Status.GIVEN, True, True)


def test_all_that_is_planned_is_given_at_once_or_nothing_is(by, visit, syringe):
    for side in ("left", "right"):
        plan(by, visit, syringe, side=side)
    with pytest.raises(drafts.Refused):  # no consent is on record
        actions.give_all(visit=visit, by=by)
    assert {one.status for one in injections_of(visit)} == {Status.PLANNED}

    signed(by, visit.patient, *EVERY_PRODUCT)
    actions.answer_today(visit=visit, answers=WELL, by=by)
    assert [one.status for one in actions.give_all(visit=visit, by=by)] == [Status.GIVEN] * 2
    assert actions.give_all(visit=visit, by=by) == []


def test_what_went_in_is_not_taken_back(by, visit, syringe):
    one = plan(by, visit, syringe)
    actions.mark(injection=one, status="given", why="it happened", by=by)

    with pytest.raises(drafts.NotCharted):
        actions.remove(injection=one, by=by)
    with pytest.raises(drafts.NotCharted):
        actions.mark(injection=one, status="not_done", by=by)


@pytest.mark.parametrize("status", ["stopped", "not_done"])
def test_what_was_not_finished_has_a_reason(by, visit, syringe, status):
    with pytest.raises(drafts.NotCharted):
        actions.mark(injection=plan(by, visit, syringe), status=status, by=by)


def test_a_stopped_puncture_says_what_went_in(by, visit, syringe):
    one = plan(by, visit, syringe)
    actions.mark(injection=one, status="stopped", why="electric feeling", volume_ml=ML("0.2"), by=by)
    assert drawing.left_in(syringe) == ML("0.8")

    actions.mark(injection=one, status="stopped", why="electric feeling", by=by)
    assert drawing.left_in(syringe) == ML(1)


def test_what_is_removed_can_be_restored_while_the_syringe_holds_it(by, visit, syringe):
    one = plan(by, visit, syringe)
    actions.remove(injection=one, by=by)
    assert injections_of(visit) == []

    other = plan(by, visit, syringe, point="LI11", volume_ml=ML("0.8"))
    with pytest.raises(drafts.TooMuch):
        actions.restore(injection=one, by=by)
    actions.remove(injection=other, by=by)
    actions.restore(injection=one, by=by)
    assert injections_of(visit) == [one]


def test_what_is_removed_stays_away_once_its_syringe_is_put_down(by, visit, syringe):
    one = plan(by, visit, syringe)
    actions.remove(injection=one, by=by)
    drawing.put_down(syringe=syringe, by=by)
    one = Injection.objects.get(pk=one.pk)

    with pytest.raises(drafts.NotCharted):
        actions.restore(injection=one, by=by)
    assert injections_of(visit) == []


def test_the_second_of_two_people_in_one_draft_is_told(by, visit):
    version = visit.version
    actions.change_visit(visit=visit, version=version, fields={"note": "hers"}, by=by)

    with pytest.raises(drafts.ChangedMeanwhile):
        actions.change_visit(visit=visit, version=version, fields={"note": "his"}, by=by)
    visit.refresh_from_db()
    assert visit.note == "hers"


def test_a_syringe_serves_one_visit(by, visit, syringe):
    other = make_visit(by, make_patient(by, "Ben Ortiz"))

    with pytest.raises(drafts.NotCharted):
        plan(by, other, syringe)


def test_a_warning_is_answered_by_rule_and_with_words(by, visit):
    with pytest.raises(drafts.NotCharted):
        actions.give_reason(visit=visit, rule="no_such_rule", note="because", by=by)
    with pytest.raises(drafts.NotCharted):
        actions.give_reason(visit=visit, rule="fainting", note="  ", by=by)


def test_one_patient_is_watched_once_until_a_person_ends_it(by, visit):
    first = actions.observe(visit=visit, minutes=15, by=by)
    assert actions.observe(visit=visit, minutes=30, by=by) == first

    actions.end_observation(observation=first, by=by)
    first.refresh_from_db()
    assert first.ended_by == by.user
    assert Observation.objects.filter(ended_at=None).count() == 0


def test_a_reaction_is_stamped_before_anything_is_asked(by, visit):
    case = reactions.stamp(patient=visit.patient, visit=visit, by=by)
    reactions.add_entry(reaction=case, kind="epinephrine", dose_mg=ML("0.3"), by=by)
    reactions.add_entry(reaction=case, kind="emergency_call", by=by)

    assert [one.kind for one in case.entries.order_by("at", "pk")] == ["epinephrine", "emergency_call"]


def test_every_write_stands_in_the_chain_of_the_patient(by, visit, syringe):
    one = plan(by, visit, syringe)
    actions.remove(injection=one, by=by)

    written = Entry.objects.filter(patient_uid=visit.patient.uid).order_by("seq").values_list("action", "kind")
    assert list(written)[-4:] == [("create", "visit"), ("draw up", "syringe"), ("plan", "injection"), ("remove", "injection")]


def test_a_change_of_nothing_changes_nothing(by, visit):
    one = plan(by, visit, make_syringe(by, visit))
    actions.change(injection=one, fields={}, by=by)

    assert Injection.objects.get(pk=one.pk).volume_ml == one.volume_ml


def test_no_more_went_in_than_was_drawn_up(by, visit, syringe):
    one = plan(by, visit, syringe)
    with pytest.raises(drafts.TooMuch):
        actions.mark(injection=one, status="stopped", why="a cramp", volume_ml=ML(50), by=by)
    one.refresh_from_db()
    assert (one.status, one.volume_ml) == (Status.PLANNED, ML("0.5"))


def test_what_was_not_done_is_not_given_once_others_have_its_fluid(by, visit, syringe):
    first = plan(by, visit, syringe)
    actions.mark(injection=first, status="not_done", why="not today", by=by)
    for side in ("left", "right"):
        plan(by, visit, syringe, point="LI11", side=side)

    with pytest.raises(drafts.TooMuch):
        actions.mark(injection=first, status="given", why="it was given after all", by=by)
    first.refresh_from_db()
    assert first.status == Status.NOT_DONE


def test_a_needle_alone_is_stopped_without_a_volume(by, visit):
    (one,) = actions.add(visit=visit, sites=[actions.Site(point="ST36", side="left")], by=by, depth_mm=ML(10))
    with pytest.raises(drafts.NotCharted):
        actions.mark(injection=one, status="stopped", why="a cramp", volume_ml=ML("0.2"), by=by)

    one.refresh_from_db()
    assert actions.mark(injection=one, status="stopped", why="a cramp", by=by).status == Status.STOPPED


def test_where_the_fluid_went_is_said_of_a_route_without_a_name_and_goes_with_it(by, visit, syringe):
    one = plan(by, visit, syringe)

    with pytest.raises(drafts.NotCharted):
        actions.change(injection=one, fields={"route": "other"}, by=by)
    with pytest.raises(drafts.NotCharted):
        actions.change(injection=one, fields={"route": "other", "went_where": "  "}, by=by)
    one.refresh_from_db()
    actions.change(injection=one, fields={"route": "other", "went_where": "the pleura"}, by=by)
    assert Injection.objects.get(pk=one.pk).went_where == "the pleura"
    actions.change(injection=one, fields={"route": "IM"}, by=by)
    assert Injection.objects.get(pk=one.pk).went_where == ""
    actions.change(injection=one, fields={"went_where": "a tendon"}, by=by)
    assert Injection.objects.get(pk=one.pk).went_where == ""


@pytest.mark.parametrize("fields", [{"route": "other"}, {"route": "SC", "went_where": "a tendon"}, {"went_where": "a tendon"}])
def test_no_row_has_the_one_without_the_other(by, visit, syringe, fields):
    one = plan(by, visit, syringe)

    with pytest.raises(IntegrityError), transaction.atomic():
        Injection.objects.filter(pk=one.pk).update(**fields)


def test_a_volume_that_somebody_else_has_corrected_stays_when_it_is_marked(by, visit, syringe):
    one = plan(by, visit, syringe)
    seen_before = Injection.objects.select_related("visit", "syringe").get(pk=one.pk)
    actions.change(injection=one, fields={"volume_ml": ML("0.3")}, by=by)

    actions.mark(injection=seen_before, status="given", why="it was given", by=by)

    one.refresh_from_db()
    assert (one.status, one.volume_ml) == (Status.GIVEN, ML("0.3"))


@pytest.mark.parametrize("late", [
    lambda one, by: actions.mark(injection=one, status="planned", by=by),
    lambda one, by: actions.remove(injection=one, by=by),
])
def test_what_somebody_else_has_given_meanwhile_is_not_taken_back_unseen(by, visit, syringe, late):
    one = plan(by, visit, syringe)
    seen_before = Injection.objects.select_related("visit", "syringe").get(pk=one.pk)
    actions.mark(injection=one, status="given", why="it was given", by=by)

    with pytest.raises(drafts.ChangedMeanwhile):
        late(seen_before, by)
    one.refresh_from_db()
    assert (one.status, one.removed_at) == (Status.GIVEN, None)


def test_the_week_that_is_said_after_the_pregnancy_is_on_file_too(by, visit):
    actions.answer_today(visit=visit, answers={"pregnancy": "pregnant"}, by=by)
    actions.answer_today(visit=visit, answers={"pregnancy": "pregnant", "pregnancy_weeks": ML(20)}, by=by)
    actions.answer_today(visit=visit, answers={"pregnancy": "pregnant", "pregnancy_weeks": ML(20)}, by=by)

    assert [one.weeks for one in Pregnancy.objects.order_by("pk")] == [None, 20]


@pytest.mark.parametrize("rule", ["pleura_depth", "volume_per_point", "new_medicines"])
def test_what_is_judged_by_this_needle_or_this_day_is_answered_anew_each_time(by, visit, rule):
    until = visit.day + datetime.timedelta(days=30)
    with pytest.raises(drafts.NotCharted):
        actions.give_reason(visit=visit, rule=rule, note="held by the fingers", review_on=until, by=by)
    assert actions.give_reason(visit=visit, rule=rule, note="held by the fingers", by=by).review_on is None

    Reason.objects.update(review_on=until)  # as it was kept before this was asked
    assert reasons_of(make_visit(by, visit.patient)) == []


def test_what_was_said_before_and_is_written_down_later_replaces_nothing_newer(by):
    ana = make_patient(by)
    patients.say_pregnancy(patient=ana, status="pregnant", by=by)
    visit = make_visit(by, ana, happened_at=timezone.now() - datetime.timedelta(days=2))

    actions.answer_today(visit=visit, answers={"pregnancy": "not_pregnant"}, by=by)

    assert answers_of(visit).pregnancy == "not_pregnant"
    assert [one.status for one in Pregnancy.objects.all()] == ["pregnant"]
