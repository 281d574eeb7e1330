"""A course: agreed once and kept, its scores beside its sessions, the stopping rule, and how people like this went."""

from __future__ import annotations

import dataclasses
import datetime
import re
from zoneinfo import ZoneInfo

import msgspec
import pytest
from django.db import Error, transaction
from django.utils import timezone, translation
from scipy.stats import binomtest

from clinic.courses.treated import AGREED, begun, others, scored, treated
from clinic.followup.following import HOUR, SESSION, asked_patient, signed_visit
from clinic.paper.reading import text_of
from clinic.patients.people import make_patient
from clinic.people import at_midday
from clinic.visits.charting import WELL, make_syringe, make_visit, plan
from waterneedle import knowledge
from waterneedle.clinic.courses import actions, counting, plot, saying
from waterneedle.clinic.courses.measuring import measured, measured_courses, session_of
from waterneedle.clinic.courses.models import Agreed, Counted
from waterneedle.clinic.intake.actions import record_answers
from waterneedle.clinic.intake.models import Answers
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.visits import actions as visits
from waterneedle.clinic.visits import signing
from waterneedle.config.demo.visits import clock_at


def url(patient, page=""):
    return f"/c/{patient.clinic.slug}/courses/patients/{patient.uid}/{page}"


def test_scores_lie_before_and_after_the_sessions_they_were_given_at(by, ana):
    known = measured(treated(by, ana, [7, 6, 4]))

    assert [(one.sessions, one.value) for one in known.judged.scores] == [(0, 7), (1, 6), (2, 4)]
    assert (known.moved.points, known.relief_session, known.band) == (3, 2, "moderate")


def test_a_visit_that_was_signed_days_later_still_comes_before_the_next_answer():
    day, zone = datetime.date(2026, 11, 20), ZoneInfo("America/Los_Angeles")
    signed_at = [datetime.datetime(2026, 11, at, 20, tzinfo=datetime.UTC) for at in (20, 23)]

    assert [session_of((1, None, day, at, at, None), zone).at for at in signed_at] == [
        signed_at[0], datetime.datetime(2026, 11, 21, tzinfo=zone)]


def test_an_answer_between_the_needle_and_the_signature_is_no_beginning(by, ana, monkeypatch):
    at_midday(by.clinic)
    course, now, mark = begun(by, ana), timezone.now(), visits.mark

    def two_hours_earlier(**said):
        with clock_at(now - 2 * HOUR):
            return mark(**said)

    monkeypatch.setattr(visits, "mark", two_hours_earlier)
    scored(by, course, 8, now - 3 * HOUR)
    signed_visit(by, ana)
    scored(by, course, 5, now - HOUR)

    known = measured(course)

    assert [(one.sessions, one.value) for one in known.judged.scores] == [(0, 8), (1, 5)]
    assert (known.moved.first, known.moved.points, known.relief_session) == (8, 3, 1)


def test_what_is_known_of_a_joined_record_counts_for_the_kept_one(by, ana):
    other = make_patient(by, "Ana Ruiz")
    begun(by, other)
    patients.join(kept=ana, other=other, why="the same person", by=by)
    known = measured_courses(ana)[0]
    for value, at in ((8, -2), (3, 1)):
        scored(by, known.course, value, timezone.now() + datetime.timedelta(hours=at))
    signed_visit(by, ana)
    counting.count_patient(ana)

    assert [one.sessions for one in measured_courses(ana)[0].judged.scores] == [0, 1]
    assert Counted.objects.get().relief_session == 1


def test_what_was_agreed_is_kept_beside_what_is_agreed_anew(by, ana):
    course = begun(by, ana)
    actions.agree(course=course, why="it takes longer", by=by, goal="walk to the shop", planned=10, review_after=5, measures=[])

    assert [(one.number, one.planned) for one in Agreed.objects.order_by("number")] == [(1, 6), (2, 10)]
    with pytest.raises(Error), transaction.atomic():
        Agreed.objects.filter(number=1).update(planned=2)


def test_one_course_for_one_complaint_is_open_at_a_time(by, ana):
    course = begun(by, ana)
    with pytest.raises(actions.NotBegun):
        begun(by, ana)
    actions.end(course=course, reason="reached", by=by)

    assert begun(by, ana).pk != course.pk
    with pytest.raises(actions.Over):
        actions.end(course=course, reason="reached", by=by)


def test_after_the_agreed_number_without_a_change_the_chart_says_stop(by, ana):
    known = measured(treated(by, ana, [7, 7, 6, 6]))

    assert known.should_stop
    assert "Stop" in saying.alert(known)


@pytest.mark.parametrize("scores", [[7, 7, 6], [7, 6, 5, 5]], ids=["too early", "it helps"])
def test_nobody_is_told_to_stop_too_early_or_where_it_helps(by, ana, scores):
    assert not measured(treated(by, ana, scores)).should_stop


def test_one_good_answer_that_did_not_last_does_not_silence_the_stop(by, ana):
    known = measured(treated(by, ana, [7, 5, 7, 8]))

    assert known.should_stop and known.has_not_lasted and known.relief_session == 1
    with translation.override("en"):
        assert "has not lasted" in saying.alert(known)


def test_who_was_never_asked_is_not_called_unchanged(by, ana):
    known = measured(treated(by, ana, [7, None, None, None]))

    assert known.moved is None and known.missing == 2
    assert "ask now" in saying.alert(known)


def test_what_was_said_of_another_problem_is_no_beginning_of_this_one(by, ana):
    course = begun(by, ana, "other", named="climbing stairs")

    def said(value):
        actions.measure(course=course, instrument="own-problem-0-10", answers={"problem": value}, by=by)

    said(8)
    signed_visit(by, ana)
    said(7)
    assert measured(course).moved.points == 1

    actions.agree(course=course, why="the stairs are done", by=by, named="lying on the left", measures=[], **AGREED)
    said(2)
    assert measured(course).moved is None
    signed_visit(by, ana)
    said(1)

    known = measured(course)
    assert (known.moved.first, known.moved.last) == (2, 1) and known.begins_late


def test_a_change_that_nobody_has_measured_is_not_called_relief(by, ana):
    course = begun(by, ana, "lymphatic-swelling")
    actions.measure(course=course, instrument="swelling-0-10", answers={"swelling": 8}, by=by)
    signed_visit(by, ana)
    actions.measure(course=course, instrument="swelling-0-10", answers={"swelling": 1}, by=by)
    known = measured(course)

    assert known.moved.points == 7 and known.moved.matters is None and known.moved.low is None
    assert not Counted.objects.exists()


def test_a_change_whose_error_nobody_has_measured_is_not_said_to_be_more_than_error(by, ana):
    course = begun(by, ana, "sleep")
    actions.measure(course=course, instrument="sleep-0-10", answers={"sleep": 8}, by=by)
    signed_visit(by, ana)
    actions.measure(course=course, instrument="sleep-0-10", answers={"sleep": 4}, by=by)
    found = measured(course)
    known = dataclasses.replace(found, indication=msgspec.structs.replace(found.indication, error=None))

    assert (known.moved.matters, known.moved.is_beyond_error) == (True, None)
    assert "doubtful" in saying.matters(known) and "may be no more than that" in saying.matters(known)
    assert "interval" not in saying.stands(known)


def test_a_change_of_sleep_that_matters_may_still_be_error_and_both_are_said_to_be_doubtful(by, ana, alice, client_of):
    course = begun(by, ana, "sleep")
    actions.measure(course=course, instrument="sleep-0-10", answers={"sleep": 8}, by=by)
    signed_visit(by, ana)
    actions.measure(course=course, instrument="sleep-0-10", answers={"sleep": 7}, by=by)
    known = measured(course)
    page = client_of(alice).get(url(ana, f"{course.uid}/")).content.decode()

    assert (known.moved.matters, known.moved.is_beyond_error) == (True, False)
    assert "doubtful" in saying.stands(known) and "may still be error" in saying.matters(known)
    assert "measured with a similar question" in page


def test_an_error_of_another_scale_draws_an_interval_that_is_said_to_be_doubtful(by, ana):
    course = begun(by, ana, "energy")
    actions.measure(course=course, instrument="energy-0-10", answers={"energy": 3}, by=by)
    signed_visit(by, ana)
    actions.measure(course=course, instrument="energy-0-10", answers={"energy": 6}, by=by)
    known = measured(course)

    assert (known.moved.points, known.moved.is_beyond_error) == (3, True) and known.moved.low > 0
    assert "doubtful" in saying.stands(known) and "doubtful" in saying.caution(known, counting.seen_beside(known))


def test_the_excess_of_a_swollen_limb_is_measured_on_the_page_of_the_course(by, ana, alice, client_of):
    course, browser = begun(by, ana, "lymphatic-swelling"), client_of(alice)
    both = {f"{side}{mark}": girth for side, girth in (("s", "22"), ("o", "20")) for mark in range(6)}
    assert browser.post(url(ana, f"{course.uid}/measure/limb-excess-volume/"), both).status_code == 302
    one_side = {name: girth for name, girth in both.items() if name != "o3"}
    assert browser.post(url(ana, f"{course.uid}/measure/limb-excess-volume/"), one_side).status_code == 422

    excess, = (one for one in measured(course).series if one.instrument.id == "limb-excess-volume")
    assert [round(one.value, 1) for one in excess.scores] == [267.4]  # 40 cm of (22² - 20²) / 4π; with a gap there is none
    page = browser.get(url(ana, f"{course.uid}/")).content.decode()
    assert ">267<" in page and "267.4" not in page  # a tape is no more exact
    unknown = page[page.index("Neither a change that matters"):]
    assert "Excess volume of the swollen limb" in unknown[:400] and "Limb volume, 4 cm steps" not in unknown[:400]


def test_both_limbs_are_asked_for_mark_by_mark(by, ana, alice, client_of):
    course = begun(by, ana, "lymphatic-swelling")

    page = client_of(alice).get(url(ana, f"{course.uid}/measure/limb-excess-volume/")).content.decode()

    assert re.findall(r'name="([so]\d)"', page) == ["s0", "o0", "s1", "o1", "s2", "o2", "s3", "o3", "s4", "o4", "s5", "o5"]


def test_infections_are_shown_with_both_numbers_of_their_sum(by, ana, alice, client_of):
    course = begun(by, ana, "immunity")
    given = {"infection_days": 5, "antibiotic_courses": 1}
    actions.measure(course=course, instrument="infections-diary", answers=given, by=by)

    assert client_of(alice).get(url(ana, f"{course.uid}/")).content.decode().count("6 (5 + 1)") >= 2
    signed_visit(by, ana)
    actions.measure(course=course, instrument="infections-diary", answers={"infection_days": 3, "antibiotic_courses": 1}, by=by)
    with translation.override("en"):
        assert "6 (5 + 1) → 4 (3 + 1)" in saying.stands(measured(course)) and "%" not in saying.stands(measured(course))


def test_people_like_this_are_counted_once_with_their_first_course(by, ana):
    first = treated(by, ana, [7, 6, 4])
    actions.end(course=first, reason="reached", by=by)
    scored(by, second := begun(by, ana), 7, second.made_at)

    assert list(Counted.objects.values_list("course", "sessions", "relief_session")) == [(first.pk, 2, 2)]


def test_a_course_entered_by_mistake_counts_for_nobody_and_the_next_one_does(by, ana):
    course = treated(by, ana, [7, 6, 4])
    assert Counted.objects.get().course == course
    actions.end(course=course, reason="mistake", by=by)
    assert not Counted.objects.exists()
    again = treated(by, ana, [7, 6])

    assert Counted.objects.get().course == again


def test_somebody_with_two_records_counts_once_from_when_they_are_joined_until_they_are_parted(by, ana):
    other = asked_patient(by, "Ana Ruiz")
    for one in (ana, other):
        treated(by, one, [7, 6, 4])
    assert Counted.objects.count() == 2
    joined = patients.join(kept=ana, other=other, why="the same person", by=by)
    assert Counted.objects.count() == 1

    patients.part(joined=joined, why="they are two", by=by)
    assert Counted.objects.count() == 2


def test_a_record_that_should_not_be_there_counts_for_nobody(by, ana):
    treated(by, ana, [7, 6, 4])
    patients.retract_patient(patient=ana, why="a test", by=by)
    assert not Counted.objects.exists()

    patients.restore_patient(patient=ana, why="no test", by=by)
    assert Counted.objects.exists()


def test_without_a_score_before_the_first_session_nobody_is_counted(by, ana):
    known = measured(treated(by, ana, [None, 7, 4]))

    assert known.moved.points == 3
    assert not Counted.objects.exists()


def test_the_pain_that_the_chart_asked_stands_beside_the_scores(by, ana):
    course, visit = begun(by, ana), make_visit(by, ana)
    signed_visit(by, ana, visit=visits.change_visit(visit=visit, version=visit.version, fields={"pain_before": 6}, by=by))
    beside = next(one for one in measured(course).series if one.instrument.id == "pain-now-0-10")

    assert [(one.sessions, one.value) for one in beside.scores] == [(0, 6)]


def test_nothing_is_said_of_people_like_this_below_twenty(by, ana, clinic):
    course = treated(by, ana, [7, 6, 4])
    others(by, course, ("moderate", 2, 2, 10), ("moderate", None, 4, 8))
    assert counting.like(everybody(clinic), course.indication, "moderate") is None
    assert counting.forecast_for(everybody(clinic), course.indication, "moderate") is None

    others(by, course, ("moderate", None, 4, 1))
    found = counting.like(everybody(clinic), course.indication, "moderate")
    assert (found.people, found.responders.events, found.is_same_band) == (20, 11, True)


def test_nothing_is_foretold_below_thirty_and_the_page_says_so(by, ana, clinic):
    course = treated(by, ana, [7, 6, 6])
    others(by, course, ("moderate", 2, 2, 10), ("moderate", None, 4, 18))
    assert counting.forecast_for(everybody(clinic), course.indication, "moderate") is None
    with translation.override("en"):
        assert "for so long: no forecast" in saying.said(measured(course)).forecast
        other = measured(begun(by, ana, "arthritis"))
        assert "Fewer than 30 people" in saying.forecast(other, saying.forecast_of(other, counting.seen_beside(other)))

    others(by, course, ("moderate", None, 4, 1))
    assert counting.forecast_for(everybody(clinic), course.indication, "moderate").like == 30


def test_how_somebody_went_is_no_evidence_of_how_they_will_go(by, ana, clinic):
    course = treated(by, ana, [7, 6, 6])
    others(by, course, ("moderate", 2, 2, 10), ("moderate", None, 2, 19), ("moderate", None, 4, 6))
    known = measured(course)
    seen, counted = counting.seen_beside(known), sorted(one.people for one in counting.rows_of(clinic))

    assert counted == [6, 10, 20] and sorted(one.people for one in seen.others) == [6, 10, 19]
    assert counting.like(everybody(clinic), course.indication, "moderate").people == 36
    assert counting.like(seen, course.indication, "moderate").people == 35
    assert saying.forecast_of(known, seen).like == 35
    first = [6 + one % 3 for people in (10, 19, 6) for one in range(people)]
    assert counting.first_scores(seen, course.indication).mean == pytest.approx(sum(first) / 35)

    actions.end(course=course, reason="left", by=by)  # nor for a later course of the same complaint
    again = counting.seen_beside(measured(treated(by, ana, [6])))
    assert counting.like(again, course.indication, "moderate").people == 35
    assert counting.seen_beside(measured(begun(by, ana, "arthritis"))).own == ()


def test_who_alone_stands_in_a_cell_leaves_none_behind(by, ana, clinic):
    course = treated(by, ana, [7, 6, 4])
    assert len(counting.rows_of(clinic)) == 1 and counting.seen_beside(measured(course)).others == ()


def everybody(clinic):
    return counting.Seen(counting.rows_of(clinic))


@pytest.mark.parametrize(("relieved", "says"), [
    ({1: 200}, "have it by session 1."), ({1: 60}, "by session 1 at the earliest and 2 at the latest"),
    ({2: 10, 3: 14}, "by session 4 at the earliest; too little"), ({4: 1}, "Fewer than half of them have it by session 4"),
])  # fmt: skip
def test_the_forecast_says_after_how_many_sessions_half_have_relief(by, ana, clinic, relieved, says):
    course = treated(by, ana, [7])
    others(by, course, ("moderate", None, 4, 30), *(("moderate", at, at, people) for at, people in relieved.items()))

    assert says in saying.said(measured(course)).forecast


@pytest.mark.parametrize(("language", "said"), [("en", "1 session,"), ("es", "1 sesión,"), ("zh-hans", "1 次")])
def test_one_session_and_one_point_are_not_said_in_the_plural(by, ana, alice, client_of, language, said):
    course = begun(by, ana, planned=1, review_after=1)
    page = client_of(alice).get(url(ana, f"{course.uid}/"), headers={"accept-language": language}).content.decode()

    assert said in page
    assert re.findall(r"(?<![.,\d])1 (?:points|sessions|people|puntos|sesiones|personas)\b", page) == []


@pytest.mark.parametrize("name", [one.id for one in knowledge.indications().values() if one.matters])
def test_in_whom_a_change_was_measured_is_said_in_the_language_of_the_patient(by, ana, name):
    known = measured(begun(by, ana, name))
    with translation.override("en"):
        in_english = saying.population(known)
    for language in ("es", "zh-hans"):
        with translation.override(language):
            assert saying.population(known) and not set(re.findall(r"[A-Za-z]{4,}", saying.population(known))) & set(
                re.findall(r"[A-Za-z]{4,}", in_english))


def test_a_sentence_in_chinese_ends_as_one(by, ana):
    known = measured(treated(by, ana, [7, 6]))
    with translation.override("zh-hans"):
        assert saying.stands(known).endswith("。") and ";" not in saying.stands(known)


@pytest.mark.parametrize(("unit", "said"), [(None, "1 point"), ("", "1 point"), ("cm", "1 cm")])
def test_a_change_is_said_in_the_unit_of_its_score(by, ana, unit, said):
    instrument = measured(treated(by, ana, [7])).judged.instrument

    with translation.override("en"):
        assert saying.amount(msgspec.structs.replace(instrument, unit=unit), 1) == said


def test_a_band_with_too_few_is_answered_by_all_of_the_complaint(by, ana, clinic):
    course = treated(by, ana, [7, 6, 4])
    others(by, course, ("severe", 1, 3, 5), ("mild", None, 4, 20))
    found = counting.like(everybody(clinic), course.indication, "severe")

    assert (found.people, found.is_same_band) == (26, False)


def test_the_curve_is_that_of_kaplan_and_meier_by_session(by, ana, clinic):
    course = begun(by, ana)
    others(by, course, ("moderate", 1, 1, 5), ("moderate", None, 1, 5), ("moderate", 2, 2, 5), ("moderate", None, 2, 5))
    found = counting.like(everybody(clinic), course.indication, "moderate")

    # By hand: 5 of 20 after the first session, then 5 of the 10 who were followed to the second.
    assert [(one.session, round(one.share, 4), one.at_risk) for one in found.steps] == [(1, 0.25, 20), (2, 0.625, 10)]
    assert found.median == 2


def test_that_nobody_had_relief_yet_is_not_said_to_be_certain(by, ana, clinic):
    course = begun(by, ana)
    others(by, course, ("moderate", 2, 2, 10), ("moderate", None, 2, 10))
    first = counting.like(everybody(clinic), course.indication, "moderate").by(1)

    assert (first.share, first.low) == (0, 0)
    assert first.high == pytest.approx(binomtest(0, 20).proportion_ci(method="exact").high)


def test_a_worsening_is_said_as_one_and_whether_it_is_more_than_error(by, ana):
    known = measured(treated(by, ana, [4, 7, 8]))

    assert (known.moved.points, known.moved.is_beyond_error, known.moved.matters) == (-4, True, False)
    with translation.override("en"):
        assert "less than a change that matters" not in saying.matters(known)
        assert "got worse by more than error" in saying.matters(known)


def test_what_was_first_asked_after_a_session_is_not_called_the_start(by, ana, clinic):
    course = treated(by, ana, [None, 7])
    known = measured(course)
    with translation.override("en"):
        assert "at the start" not in saying.stands(known)
        assert "first asked after 1 session" in saying.stands(known)

    signed_visit(by, ana)
    scored(by, course, 6, timezone.now())

    known = measured(course)
    with translation.override("en"):
        assert known.moved.points == 1 and "how it was before is not known" in saying.stands(known)
    assert known.band == "all"  # people who began as badly are no company of somebody of whom nobody knows it


def test_the_forecast_says_how_sure_its_limits_are(by, ana, clinic):
    course = treated(by, ana, [7, 6])
    others(by, course, ("moderate", 2, 2, 20), ("moderate", None, 3, 20))
    known = measured(course)
    found = counting.forecast_for(everybody(clinic), course.indication, known.band)

    with translation.override("en"):
        assert found.confidence == 0.9 and "90% interval" in saying.forecast(known, found)


def test_what_comes_after_a_later_treatment_is_not_put_down_to_the_course_before(by, ana):
    first = treated(by, ana, [7, 7, 7])
    actions.end(course=first, reason="no_change", by=by, ended_on=timezone.now().date() - datetime.timedelta(days=5))
    signed_visit(by, ana)
    scored(by, first, 2, timezone.now() + HOUR)
    counting.count_patient(ana)

    assert measured(first).moved.last == 7
    assert Counted.objects.get().relief_session is None


def test_a_course_that_is_ended_and_begun_anew_on_one_day_shares_no_session(by, ana):
    first = treated(by, ana, [7, 7])
    actions.end(course=first, reason="no_change", by=by)
    second = begun(by, ana)
    signed_visit(by, ana)

    assert [len(measured(one).sessions) for one in (first, second)] == [1, 1]


def test_a_visit_at_which_nothing_was_injected_is_no_session(by, ana):
    course = treated(by, ana, [7, 6])
    visit = make_visit(by, ana, why="knee pain")
    visits.answer_today(visit=visit, answers=WELL, by=by)
    one = plan(by, visit, make_syringe(by, visit, "0.5"), point="ST36", side="left", depth_mm=6, angle_deg=30)
    visits.mark(injection=one, status="not_done", why="a cold", by=by)
    proof = signing.mint(visit=visit, user=by.user, session_key=SESSION, method="password").uid
    signing.sign(visit=visit, proof=proof, session_key=SESSION, by=by)

    assert len(measured(course).sessions) == 1


def test_a_score_belongs_to_a_course_by_the_day_of_the_clinic(by, ana, clinic):
    course = begun(by, ana)
    midnight = datetime.datetime.combine(course.began_on - datetime.timedelta(days=30), datetime.time(0), clinic.tzinfo)
    for minutes, value in ((-1, 3), (1, 8)):
        scored(by, course, value, midnight + datetime.timedelta(minutes=minutes))

    assert [one.value for one in measured(course).judged.scores] == [8]


def test_who_begins_too_low_for_a_change_that_matters_is_not_said_to_have_none(by, ana):
    known = measured(treated(by, ana, [1, 0, 0, 0]))

    assert not known.has_room and not known.should_stop
    assert not Counted.objects.exists()
    with translation.override("en"):
        assert "cannot tell" in saying.matters(known) and "Stop" not in saying.alert(known)
        assert "by error alone" not in saying.caution(known, counting.seen_beside(known))
    assert not plot.picture(known, {}).has_level


def test_who_began_too_low_and_got_worse_is_told_to_stop(by, ana):
    known = measured(treated(by, ana, [1, 3, 4, 5]))

    assert not known.has_room and known.should_stop
    with translation.override("en"):
        assert "Stop" in saying.alert(known) and "got worse by more than error" in saying.matters(known)


@pytest.mark.parametrize(("first", "has_room"), [(7, True), (8, False), (10, False)])
def test_more_energy_than_can_be_is_no_goal(by, ana, first, has_room):
    course = begun(by, ana, "energy")
    actions.measure(course=course, instrument="energy-0-10", answers={"energy": first}, by=by)

    assert measured(course).has_room is has_room


def test_the_session_that_has_just_ended_is_no_gap_yet(by, ana):
    course = treated(by, ana, [7, None, 6])
    signed_visit(by, ana)
    assert (len(measured(course).sessions), measured(course).missing) == (3, 1)

    actions.end(course=course, reason="left", by=by)
    assert measured(course).missing == 2


def test_the_forecast_counts_the_sessions_that_brought_nothing_and_falls_silent_after_relief(by, ana, clinic):
    course = treated(by, ana, [7, 7, 7])
    others(by, course, ("moderate", 1, 1, 60), ("moderate", 3, 3, 10), ("moderate", None, 4, 30))
    known = measured(course)
    fresh = counting.forecast_for(everybody(clinic), course.indication, "moderate")
    now = saying.forecast_of(known, counting.seen_beside(known))

    assert fresh.by(4).share > 0.6 > 0.4 > now.by(4).share  # most of those who had relief had it at once
    assert [one.session for one in now.steps] == [3, 4]
    with translation.override("en"):
        assert "have had no change that matters after 2 sessions" in saying.said(measured(course)).forecast

    scored(by, course, 2, timezone.now() + HOUR)
    assert saying.said(measured(course)).forecast == ""


def test_the_page_draws_the_scores_and_says_them_in_a_table(by, ana, alice, client_of):
    course = treated(by, ana, [7, 6, 4])
    page = client_of(alice).get(url(ana, f"{course.uid}/")).content.decode()

    assert page.count("<circle") >= 3 and 'class="mark"' in page
    assert "7 → 4" in page and "ST36" in page
    assert "Childs" not in page and "Responsiveness of the numeric pain rating scale" in page


def test_the_chart_shows_where_the_patient_stands(by, ana, alice, client_of):
    course = treated(by, ana, [7, 6, 4])
    visit = measured_courses(ana)[0].sessions[-1].uid
    page = client_of(alice).get(f"/c/{ana.clinic.slug}/visits/patients/{ana.uid}/{visit}/").content.decode()

    assert f"/courses/patients/{ana.uid}/{course.uid}/" in page and "7 → 4" in page


def test_a_visit_of_a_course_that_is_over_still_shows_it_and_a_later_one_does_not(by, ana, alice, client_of):
    course = treated(by, ana, [7, 6, 4])
    visit = measured_courses(ana)[0].sessions[0]
    actions.end(course=course, reason="reached", by=by, ended_on=visit.day + datetime.timedelta(days=3))
    pages = [client_of(alice).get(f"/c/{ana.clinic.slug}/visits/patients/{ana.uid}/{one.uid}/").content.decode()
             for one in (visit, make_visit(by, ana))]

    assert [f"/{course.uid}/" in page for page in pages] == [True, False]
    assert "No course is agreed" in pages[1] and "No course is agreed" not in pages[0]


def test_a_course_is_begun_changed_measured_and_ended_on_its_pages(ana, alice, client_of):
    browser = client_of(alice)
    assert browser.post(url(ana, "begin/"), AGREED | {"indication": "arthritis", "review_after": 9}).status_code == 422
    assert browser.post(url(ana, "begin/"), AGREED | {"indication": "arthritis"}).status_code == 302
    course = measured_courses(ana)[0].course
    assert browser.get(url(ana)).status_code == 200
    browser.post(url(ana, f"{course.uid}/measure/pain-average-0-10/"), {"pain": "6"})
    browser.post(url(ana, f"{course.uid}/measure/range-of-motion/"), {"degrees": "95"})
    assert browser.post(url(ana, f"{course.uid}/measure/range-of-motion/"), {"degrees": "400"}).status_code == 422
    assert browser.post(url(ana, f"{course.uid}/measure/sleep-0-10/"), {"sleep": "4"}).status_code == 404
    browser.post(url(ana, f"{course.uid}/change/"), AGREED | {"planned": 8, "why": "slower than thought"})
    browser.post(url(ana, f"{course.uid}/end/"), {"reason": "referred"})

    known = measured_courses(ana)[0]
    assert known.judged.scores[0].value == 6 and known.agreed.planned == 8 and known.ended.reason == "referred"
    assert {one.instrument.id for one in known.series if one.scores} == {"pain-average-0-10", "range-of-motion"}


def test_a_slip_is_corrected_and_what_was_said_first_is_kept(by, ana, alice, client_of):
    course, browser = treated(by, ana, [7, 6, 2]), client_of(alice)
    assert Counted.objects.get().relief_session == 2
    slip = Answers.objects.get(score=2)
    path = url(ana, f"{course.uid}/correct/{slip.uid}/")
    assert path in browser.get(url(ana, f"{course.uid}/")).content.decode() and "checked" in browser.get(path).content.decode()
    assert browser.post(path, {"pain": "11"}).status_code == 422
    assert browser.post(path, {"pain": "7"}).status_code == 302

    known = measured(course)
    assert [(one.sessions, one.value) for one in known.judged.scores] == [(0, 7), (1, 6), (2, 7)]
    assert Counted.objects.get().relief_session is None
    made = Answers.objects.get(score=7, replaces=slip)
    assert (made.answered_at, made.said_by, made.made_by) == (slip.answered_at, slip.said_by, alice)
    assert browser.post(path, {"pain": "1"}).status_code == 404  # it was corrected already

    browser.post(url(ana, f"{course.uid}/correct/{made.uid}/"), {"void": "1"})
    assert [one.value for one in measured(course).judged.scores] == [7, 6]


def test_two_people_correct_a_slip_once(by, ana):
    course = treated(by, ana, [7, 2])
    slip = Answers.objects.get(score=2)
    actions.correct(course=course, row=slip, answers={"pain": 6}, by=by)

    with pytest.raises(actions.Corrected):
        actions.correct(course=course, row=slip, answers={"pain": 5}, by=by)


def test_what_was_answered_elsewhere_is_not_corrected_in_a_course(by, ana, alice, client_of):
    course = begun(by, ana)
    made = record_answers(patient=ana, instrument="pain-average-0-10", answers={"pain": 7}, by=by, about=course.patient.uid)
    path = url(ana, f"{course.uid}/correct/{made.uid}/")

    assert measured(course).judged.first.value == 7
    assert client_of(alice).get(path).status_code == 404


def test_on_paper_stands_the_same(by, ana, alice, client_of):
    course = treated(by, ana, [7, 6, 4])
    pdf = client_of(alice).get(url(ana, f"{course.uid}/course.pdf")).content

    assert "7 → 4" in text_of(pdf) and "walk to the shop" in text_of(pdf)
    assert "Many people feel relief" in text_of(pdf) and "Possible, not shown" in text_of(pdf)


def test_a_course_that_is_over_says_so_on_paper_and_on_its_page(by, ana, alice, client_of):
    course = treated(by, ana, [7, 6, 4])
    actions.end(course=course, reason="referred", note="to the spine clinic", by=by)
    page = client_of(alice).get(url(ana, f"{course.uid}/")).content.decode()
    pdf = " ".join(text_of(client_of(alice).get(url(ana, f"{course.uid}/course.pdf")).content).split())

    assert "referred to somebody else · to the spine clinic" in " ".join(page.split())
    assert "referred to somebody else · to the spine clinic" in pdf


def test_another_clinic_and_another_patient_have_no_course_here(by, ana, alice, charlie, client_of):
    course = begun(by, ana)
    other = make_patient(by, "Beth Stone")
    assert client_of(alice).get(url(other, f"{course.uid}/")).status_code == 404
    assert client_of(charlie).get(url(ana, f"{course.uid}/")).status_code == 404
