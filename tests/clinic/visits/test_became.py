"""What was drawn up for a visit that was struck is asked for, syringe by syringe: the book never has what the shelf has not."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal as ML

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from clinic.patients.people import at_work, make_patient
from clinic.people import make_person
from clinic.visits.charting import WELL, ago, day_of, make_syringe, make_vial, make_visit, plan
from clinic.visits.test_wasted import EACH, given, kept, sign
from waterneedle.clinic.accounts.models import User
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.home.close import parts
from waterneedle.clinic.stock import actions as stock
from waterneedle.clinic.stock.models import Vial
from waterneedle.clinic.tasks.models import State, Task
from waterneedle.clinic.tasks.queries import address
from waterneedle.clinic.visits import actions, became, drawing, signing
from waterneedle.clinic.visits.models import Became, StruckSyringe, Syringe
from waterneedle.config.demo.visits import clock_at


@pytest.fixture
def vial(by):
    return make_vial(by)


def begun(by, **who):
    made = make_visit(by, make_patient(by, **who), why="knee pain")
    actions.answer_today(visit=made, answers=WELL, by=by)
    actions.change_visit(visit=made, version=made.version, fields={"note": "Talked."}, by=by)
    return made


@pytest.fixture
def visit(by, vial):
    """Two syringes: half a millilitre of the first went in, the second was thrown away."""
    made = begun(by)
    given(made, make_syringe(by, made, "2", vial=vial), by)
    drawing.put_down(syringe=make_syringe(by, made, "1", vial=vial), by=by)
    return made


def strike(visit, by):
    second = User.objects.filter(name="Dora Second").first() or make_person(by.clinic, "Dora Second", Role.PRACTITIONER)
    signing.ask_to_strike(visit=visit, why="another Ana", by=by)
    signing.strike(visit=visit, by=at_work(second, by.clinic))


def asked(visit):
    return [one.syringe.code for one in became.open_of(visit)]


def say(visit, place, what, by, anew=None):
    row = StruckSyringe.objects.filter(syringe__visit=visit).order_by("pk")[place]
    became.say(row=row, became=what, anew=anew, by=by)
    return row


def left(vial):
    return Vial.objects.get(pk=vial.pk).volume_ml


def task():
    return Task.objects.get(kind=became.TASK)


@pytest.mark.parametrize("is_signed", [False, True])
def test_each_syringe_of_a_struck_visit_is_asked_for_in_a_task_that_leads_to_it(by, clinic, visit, is_signed):
    if is_signed:
        sign(visit, by)
    strike(visit, by)

    assert asked(visit) == list(Syringe.objects.order_by("pk").values_list("code", flat=True))
    assert (task().state == State.DONE, task().role, task().patient) == (False, Role.PRACTITIONER, visit.patient)
    assert address(task(), by) == reverse("visits:visit", args=[clinic.slug, visit.patient.uid, visit.uid])


def test_what_was_never_drawn_up_and_where_nothing_was_asks_nobody(by, vial):
    none, taken_back = begun(by), begun(by, given_name="Bea")
    drawing.put_down(syringe=make_syringe(by, taken_back, "1", vial=vial), by=by, was_drawn=False)
    for one in (none, taken_back):
        signing.ask_to_strike(visit=one, why="another Ana", by=by)
    other = at_work(make_person(by.clinic, "Dora Second", Role.PRACTITIONER), by.clinic)
    for one in (none, taken_back):
        signing.strike(visit=one, by=other)

    assert not StruckSyringe.objects.exists()
    assert not Task.objects.filter(kind=became.TASK).exists()


@pytest.mark.parametrize("is_signed", [False, True])
def test_what_is_gone_is_booked_at_once_as_given_and_as_waste_from_its_vial(by, visit, vial, is_signed):
    if is_signed:
        sign(visit, by)
    strike(visit, by)
    before = kept(vial.lot)
    say(visit, 0, Became.GONE, by)
    assert task().state == State.OPEN
    say(visit, 1, Became.GONE, by)

    drawn, wasted = (now - then for now, then in zip(kept(vial.lot), before, strict=True))
    assert (drawn, wasted) == (EACH, ML("2.5"))
    assert left(vial) == vial.volume_ml - 3
    assert asked(visit) == []
    assert task().state == State.DONE


def test_what_was_entered_anew_is_booked_there_alone(by, visit, vial):
    strike(visit, by)
    right = begun(by, given_name="Bea")
    syringe = make_syringe(by, right, "2", vial=vial)
    given(right, syringe, by)
    offered = became.anew_of(StruckSyringe.objects.order_by("pk")[0])
    assert [one.pk for one in offered] == [syringe.pk]
    say(visit, 0, Became.ANEW, by, anew=syringe)
    say(visit, 1, Became.GONE, by)
    sign(right, by)

    assert kept(vial.lot) == (EACH, ML("2.5"))
    assert left(vial) == vial.volume_ml - 3


def test_it_may_be_entered_anew_in_a_visit_that_was_begun_before_the_struck_one(by, vial):
    """Both patients had arrived. What was drawn up for another before is not what was drawn up for this one."""
    right = begun(by, given_name="Bea")
    make_syringe(by, right, "1", vial=vial)
    wrong = begun(by)
    given(wrong, make_syringe(by, wrong, "2", vial=vial), by)
    strike(wrong, by)
    anew = make_syringe(by, right, "2", vial=vial)

    assert list(became.anew_of(StruckSyringe.objects.get())) == [anew]
    say(wrong, 0, Became.ANEW, by, anew=anew)
    assert asked(wrong) == []


def test_one_syringe_stands_for_one_alone_and_none_of_a_struck_visit_for_any(by, visit, vial):
    earlier = make_syringe(by, begun(by, given_name="Eve"), "1", vial=make_vial(by, number="0999", name="Another"))
    strike(visit, by)
    syringe = make_syringe(by, begun(by, given_name="Bea"), "2", vial=vial)
    say(visit, 0, Became.ANEW, by, anew=syringe)

    second = StruckSyringe.objects.order_by("pk")[1]
    for other in (syringe, earlier, Syringe.objects.order_by("pk")[0], None):
        with pytest.raises(became.NotSaid):
            became.say(row=second, became=Became.ANEW, anew=other, by=by)
    assert asked(visit) == [second.syringe.code]


def test_that_it_was_never_drawn_up_is_believed_only_where_nothing_went_in(by, visit, vial):
    strike(visit, by)
    with pytest.raises(became.NotSaid):
        say(visit, 0, Became.NEVER, by)
    say(visit, 1, Became.NEVER, by)

    assert kept(vial.lot) == (0, 0)
    assert left(vial) == vial.volume_ml


@pytest.mark.parametrize("is_signed", [False, True])
def test_of_a_vial_that_was_thrown_away_it_is_booked_already(by, visit, vial, is_signed):
    if is_signed:
        sign(visit, by)
    stock.discard(vial=Vial.objects.get(pk=vial.pk), why="empty", by=by)
    strike(visit, by)
    before = kept(vial.lot)
    say(visit, 0, Became.GONE, by)

    assert kept(vial.lot) == before
    assert left(vial) == 0


def test_so_it_is_of_one_past_its_time_into_which_nothing_went_back(by, visit, vial):
    sign(visit, by)
    with clock_at(_after(28)):
        strike(visit, by)
        before = kept(vial.lot)
        say(visit, 0, Became.GONE, by)

    assert kept(vial.lot) == before


def _after(days):
    return timezone.now() + datetime.timedelta(days=days + 2)


def test_an_ampoule_that_is_gone_serves_nobody_else(by):
    ampoule = make_vial(by, number="0998", name="An ampoule", container_kind="ampoule")
    visit = begun(by)
    given(visit, make_syringe(by, visit, "0.7", vial=ampoule), by)
    strike(visit, by)
    say(visit, 0, Became.GONE, by)

    assert Vial.objects.get(pk=ampoule.pk).discarded_at is not None
    kept(ampoule.lot)


def test_what_is_somebody_elses_since_is_left_to_them(by):
    """The ampoule that a struck draft let go was drawn up for the next patient meanwhile."""
    ampoule = make_vial(by, number="0998", name="An ampoule", container_kind="ampoule")
    visit = begun(by)
    given(visit, make_syringe(by, visit, "0.5", vial=ampoule), by)
    strike(visit, by)
    bea = begun(by, given_name="Bea")
    make_syringe(by, bea, "0.5", vial=Vial.objects.get(pk=ampoule.pk))
    say(visit, 0, Became.GONE, by)

    kept_by = Vial.objects.get(pk=ampoule.pk)
    assert (kept_by.patient, kept_by.discarded_at) == (bea.patient, None)


def test_what_was_only_planned_went_nowhere(by, vial):
    """Two syringes: something was given from the first, of both something was only planned or not done."""
    visit = begun(by)
    first, second = (make_syringe(by, visit, "2", vial=vial) for _ in range(2))
    given(visit, first, by)
    for syringe in (first, second):
        plan(by, visit, syringe, point="LI11", volume_ml=EACH)
        off = plan(by, visit, syringe, point="LI10", volume_ml=EACH)
        actions.mark(injection=off, status="not_done", why="dizzy", by=by)
    strike(visit, by)

    with pytest.raises(became.NotSaid):
        say(visit, 0, Became.NEVER, by)
    say(visit, 0, Became.GONE, by)
    say(visit, 1, Became.NEVER, by)
    assert kept(vial.lot) == (EACH, 2 - EACH)


def test_more_than_the_book_of_its_vial_has_is_booked_all_the_same(by, visit, vial):
    """It happened, whatever the book says."""
    strike(visit, by)
    Vial.objects.filter(pk=vial.pk).update(volume_ml=ML("1.5"))
    say(visit, 0, Became.GONE, by)

    assert left(vial) == 0
    assert kept(vial.lot) == (EACH, 2 - EACH)


def test_offered_is_what_was_drawn_up_since_for_somebody_else_and_stands(by, visit, vial):
    def drawn_for(name, **more):
        return make_syringe(by, begun(by, given_name=name), "1", vial=vial, **more)

    with ago(minutes=5):
        eve = drawn_for("Eve")  # her visit was begun before, and she was drawn up for since
    ben, slip, thrown, wrong, doubted = (drawn_for(name) for name in ("Ben", "Sam", "Tom", "Wim", "Dan"))
    make_syringe(by, begun(by, given_name="Lou"), "1", vial=make_vial(by, number="0999", name="Another"))
    drawing.put_down(syringe=slip, by=by, was_drawn=False)
    drawing.put_down(syringe=thrown, by=by)
    signing.ask_to_strike(visit=doubted.visit, why="another patient?", by=by)
    strike(wrong.visit, by)
    strike(visit, by)

    first = StruckSyringe.objects.filter(syringe__visit=visit).order_by("pk")[0]
    assert [one.pk for one in became.anew_of(first)] == [doubted.pk, thrown.pk, ben.pk, eve.pk]
    assert [one.syringe.visit for one in became.of(visit)] == [visit, visit]
    assert [one.syringe for one in became.open_of(wrong.visit)] == [wrong]
    for other in (slip, wrong):
        with pytest.raises(became.NotSaid):
            became.say(row=first, became=Became.ANEW, anew=other, by=by)


def test_the_trail_has_what_was_said_and_by_whom(by, visit, vial):
    strike(visit, by)
    syringe = make_syringe(by, begun(by, given_name="Bea"), "2", vial=vial)
    say(visit, 0, Became.ANEW, by, anew=syringe)
    say(visit, 1, Became.NEVER, by)

    said = Entry.objects.filter(kind="syringe", action="answer").order_by("pk")
    assert [(one.user_uid, one.patient_uid, json.loads(one.detail)) for one in said] == [
        (by.user.uid, visit.patient.uid, {"visit": str(visit.uid), "became": "anew", "anew": str(syringe.uid)}),
        (by.user.uid, visit.patient.uid, {"visit": str(visit.uid), "became": "never"})]


def test_it_is_said_once(by, visit, vial):
    strike(visit, by)
    row = say(visit, 0, Became.GONE, by)
    for again in (Became.NEVER, Became.GONE):
        with pytest.raises(became.NotSaid):
            became.say(row=row, became=again, by=by)
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        StruckSyringe.objects.filter(pk=row.pk).update(became=Became.ANEW)
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        StruckSyringe.objects.filter(pk=row.pk)._raw_delete("default")

    assert left(vial) == vial.volume_ml - 2


def test_what_waits_for_an_answer_is_neither_deleted_nor_said_of_another_syringe(by, visit):
    strike(visit, by)
    first, second = StruckSyringe.objects.order_by("pk")
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        StruckSyringe.objects.filter(pk=first.pk)._raw_delete("default")
    other = make_syringe(by, begun(by))
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        StruckSyringe.objects.filter(pk=second.pk).update(syringe=other)

    assert asked(visit) == [first.syringe.code, second.syringe.code]


def test_closing_the_day_names_it_until_it_is_said(by, clinic, visit, vial):
    strike(visit, by)
    codes = [one.syringe.code for one in became.open_in(clinic)]
    assert len(codes) == 2

    def named():
        lines = [line.text for part in parts(by, timezone.now(), day_of(by)) for line in part.lines]
        return [code for code in codes if any(code in line for line in lines)]

    assert named() == codes
    say(visit, 0, Became.GONE, by)
    assert named() == codes[1:]


@pytest.mark.parametrize("is_signed", [False, True])
def test_it_is_said_on_the_page_of_the_struck_visit(client_of, alice, bob, charlie, by, visit, vial, is_signed):
    if is_signed:
        sign(visit, by)
    strike(visit, by)
    syringe = make_syringe(by, begun(by, given_name="Bea"), "2", vial=vial)
    first, second = StruckSyringe.objects.order_by("pk")
    where = ["harbor", visit.patient.uid, visit.uid]

    def url(row):
        return reverse("visits:became", args=[*where, row.syringe.uid])

    for person in (bob, charlie):
        assert client_of(person).post(url(first), {"became": "gone"}).status_code == 404
    browser = client_of(alice)
    page = browser.get(reverse("visits:visit", args=where)).content.decode()
    assert url(first) in page and url(second) in page and str(syringe.uid) in page and "Bea" not in page
    assert browser.post(url(first), {}).status_code == 422
    assert browser.post(url(first), {"became": "never"}).status_code == 422
    assert browser.post(url(first), {"became": str(syringe.uid)}).status_code == 302
    assert browser.post(url(second), {"became": "gone"}).status_code == 302
    assert browser.post(url(second), {"became": "gone"}).status_code == 302  # said already: the page says what

    said = {one.syringe_id: (one.became, one.anew_id) for one in StruckSyringe.objects.all()}
    assert said == {first.syringe_id: ("anew", syringe.pk), second.syringe_id: ("gone", None)}
    page = browser.get(reverse("visits:visit", args=where)).content.decode()
    assert url(first) not in page and syringe.code in page
