from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from clinic.patients.people import at_work
from clinic.practitioners.papers import DAY, IN_ORDER, add, make_practitioner
from waterneedle import knowledge
from waterneedle.clinic.accounts.models import Membership
from waterneedle.clinic.practitioners import actions
from waterneedle.clinic.practitioners.models import PAPERS
from waterneedle.clinic.practitioners.queries import all_on_file, lapses, may_inject, on_file, record, today_in

B12 = next(one.id for one in knowledge.products().values() if one.category == "vitamin_b12" and "IM" in (one.routes or ()))
DAY_AFTER = datetime.timedelta(days=1)


@pytest.fixture
def boss(clinic, owner):
    return at_work(owner, clinic)


@pytest.fixture
def ready(alice, boss):
    return make_practitioner(alice, boss)


def granted(practitioner, day=DAY, place="US-WA", product=B12, route="IM"):
    return may_inject(practitioner, place, product, route, day).granted


def test_whose_papers_are_in_order_may_inject(ready):
    assert may_inject(ready, "us-wa", B12, "IM", DAY).against == ()


@pytest.mark.parametrize("kind", ["licence", "training", "certificate"])
def test_a_paper_that_is_missing_opens_no_gate(alice, boss, kind):
    assert not granted(make_practitioner(alice, boss, without=kind))


@pytest.mark.parametrize("kind", ["licence", "certificate"])
def test_a_paper_is_good_on_its_last_day_and_not_a_day_longer(ready, kind):
    last = IN_ORDER[kind]["expires"]
    others = [one for one in ("licence", "certificate") if one != kind]
    for other in others:
        PAPERS[other].objects.update(expires=last + 100 * DAY_AFTER)

    assert granted(ready, last)
    assert not granted(ready, last + DAY_AFTER)


def test_the_last_second_of_a_paper_is_that_of_the_clinic_and_not_of_greenwich(clinic):
    """A licence until 30 June holds in Seattle while it is 1 July in London, and no longer at midnight in Seattle."""
    before = datetime.datetime(2027, 7, 1, 6, 59, 59, tzinfo=datetime.UTC)

    assert today_in(clinic, before) == datetime.date(2027, 6, 30)
    assert today_in(clinic, before + datetime.timedelta(seconds=1)) == datetime.date(2027, 7, 1)


def test_a_licence_of_another_state_opens_no_gate(ready):
    assert not granted(ready, place="US-FL")


def test_a_licence_that_begins_tomorrow_opens_no_gate_today(alice, boss):
    practitioner = make_practitioner(alice, boss, without="licence")
    add(practitioner, "licence", boss, since=DAY + DAY_AFTER)

    assert not granted(practitioner)
    assert granted(practitioner, DAY + DAY_AFTER)


def test_what_is_withdrawn_counts_no_more_and_what_is_entered_counts_at_once(ready, boss):
    paper = PAPERS["certificate"].objects.get()
    actions.withdraw_paper(paper=paper, kind="certificate", why="revoked by the school", by=boss)
    assert not granted(ready)

    add(ready, "certificate", boss)
    assert granted(ready)


def test_a_renewal_takes_the_place_of_what_has_ended(ready, boss):
    after = IN_ORDER["certificate"]["expires"] + 30 * DAY_AFTER
    add(ready, "certificate", boss, certified_on=datetime.date(2027, 4, 1), expires=datetime.date(2030, 4, 1))

    assert granted(ready, after)
    assert granted(ready, DAY)


def test_hours_that_no_paper_itemises_stay_unknown(alice, boss):
    practitioner = make_practitioner(alice, boss, without="training")
    add(practitioner, "training", boss, hands_on_hours=None, emergency_hours=None)

    on_record = record(on_file(practitioner), "US-WA", DAY)

    assert (on_record.training_hours, on_record.hands_on_hours) == (26, None)
    assert not granted(practitioner)


def test_hours_of_several_courses_are_summed(alice, boss):
    practitioner = make_practitioner(alice, boss, without="training")
    for course, hours, hands_on in (("First", 16, 4), ("Second", 10, 5)):
        add(practitioner, "training", boss, course=course, hours=hours, hands_on_hours=hands_on)

    assert granted(practitioner)


def test_who_left_or_is_disabled_may_nothing(ready, alice):
    alice.is_active = False
    alice.save()
    assert not granted(type(ready).objects.get(pk=ready.pk))

    alice.is_active = True
    alice.save()
    Membership.objects.filter(user=alice).update(ended_at=timezone.now())
    assert not granted(type(ready).objects.get(pk=ready.pk))


def test_nobody_vouches_for_their_own_certificate(ready, alice, clinic):
    for kind in ("certificate", "training"):
        with pytest.raises(actions.OwnPaper):
            add(ready, kind, at_work(alice, clinic))


@pytest.mark.parametrize("lacking", ["licence", "certificate"])
def test_nobody_answers_for_a_student_who_may_not_inject_themself(ready, assistant, boss, clinic, lacking):
    Membership.objects.create(clinic=clinic, user=assistant, role="practitioner")
    student = actions.add_practitioner(user=assistant, profession="student", supervised_by=ready, by=boss)
    assert granted(student, product=None, route=None)
    PAPERS[lacking].objects.filter(practitioner=ready).update(withdrawn_at=timezone.now())

    assert not granted(student, product=None, route=None)


def test_a_student_answers_for_no_student(ready, assistant, bob, boss, clinic):
    students = []
    for user, supervisor in ((assistant, ready), (bob, None)):
        Membership.objects.create(clinic=clinic, user=user, role="practitioner")
        supervisor = supervisor or students[0]
        students.append(actions.add_practitioner(user=user, profession="student", supervised_by=supervisor, by=boss))

    assert [granted(one, product=None, route=None) for one in students] == [True, False]


def test_a_student_injects_under_a_supervisor_who_works_here_alone(ready, assistant, boss, clinic):
    Membership.objects.create(clinic=clinic, user=assistant, role="practitioner")
    student = actions.add_practitioner(user=assistant, profession="student", by=boss)
    assert not granted(student, product=None, route=None)

    actions.change_practitioner(practitioner=student, profession="student", supervised_by=ready, by=boss)
    assert granted(student, product=None, route=None)


@pytest.mark.parametrize(("route", "product"), [("IV", B12), ("IM", "triamcinolone"), ("IM", "unheard-of potion")])
def test_what_the_law_does_not_allow_is_refused_to_everybody(ready, route, product):
    assert not granted(ready, product=product, route=route)


def test_what_will_lapse_is_told_ahead_and_the_most_pressing_first(ready, boss):
    add(ready, "resuscitation", boss, expires=DAY - DAY_AFTER, course="old")
    PAPERS["resuscitation"].objects.exclude(course="old").update(expires=DAY + 10 * DAY_AFTER)
    PAPERS["licence"].objects.update(expires=DAY + 59 * DAY_AFTER)
    PAPERS["certificate"].objects.update(expires=DAY - 3 * DAY_AFTER)

    assert [(one.kind, one.days) for one in lapses(on_file(ready), DAY)] == [
        ("certificate", -3),
        ("resuscitation", 10),
        ("licence", 59),
    ]


def test_everybody_is_read_with_the_same_few_questions_for_one_and_for_three(
    clinic,
    alice,
    assistant,
    bob,
    boss,
    django_assert_num_queries,
):
    for user in (alice, assistant, bob):
        make_practitioner(user, boss)
        with django_assert_num_queries(7):
            found = all_on_file(clinic)
        assert all(len(one.papers["licence"]) == 1 for one in found)
