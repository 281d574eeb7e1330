"""What is drawn up, for whom, and what is put down again."""

from __future__ import annotations

import datetime
from contextlib import nullcontext
from decimal import Decimal

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from clinic.patients.people import at_work, make_patient
from clinic.people import make_person
from clinic.visits.charting import make_syringe, make_vial, make_visit, plan
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.stock.models import Vial
from waterneedle.clinic.visits import actions, drawing, hour
from waterneedle.clinic.visits.drafts import NotCharted, TooMuch
from waterneedle.clinic.visits.models import Fill, Syringe, Visit
from waterneedle.clinic.visits.plan import checked
from waterneedle.clinic.visits.rows import syringes_of


@pytest.fixture
def visit(by):
    return make_visit(by, make_patient(by))


@pytest.fixture
def ampoule(by):
    return make_vial(by, name="Ampoule", kind="ampoule", container_ml=Decimal(1))


def test_nothing_is_drawn_from_a_vial_of_another_clinic(by, visit, charlie, other_clinic):
    theirs = make_vial(at_work(charlie, other_clinic))

    with pytest.raises(NotCharted):
        make_syringe(by, visit, "0.5", vial=theirs)


def test_a_single_dose_serves_one_patient(by, visit, ampoule):
    ampoule.patient = make_patient(by, "Ben Ortiz")
    ampoule.save()

    with pytest.raises(NotCharted):
        make_syringe(by, visit, "0.5", vial=ampoule)


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_single_dose_of_one_record_serves_the_other_that_was_joined_with_it(client_of, alice, by, ana, ampoule, is_kept):
    twice = make_patient(by)
    kept, other = (ana, twice) if is_kept else (twice, ana)
    drawing.load_syringe(visit=make_visit(by, twice), fills=[(ampoule, Decimal("0.2"))], by=by)
    visit = make_visit(by, ana)
    where = {"clinic": "harbor", "patient": kept.uid, "visit": visit.uid}
    scan = reverse("visits:scan", kwargs=where)
    with pytest.raises(NotCharted):
        drawing.load_syringe(visit=visit, fills=[(ampoule, Decimal("0.2"))], by=by)

    patients.join(kept=kept, other=other, why="same person", by=by)
    visit = Visit.objects.get(pk=visit.pk)
    browser = client_of(alice)
    assert browser.post(scan, {"code": ampoule.code}).json()["vial"] == str(ampoule.uid)
    assert ampoule.code in browser.get(reverse("visits:visit", kwargs=where)).content.decode()
    plan(by, visit, drawing.load_syringe(visit=visit, fills=[(ampoule, Decimal("0.6"))], by=by))
    assert "single_dose" not in {one.rule for one in checked(visit).issues}
    with pytest.raises(NotCharted):
        drawing.load_syringe(visit=make_visit(by, make_patient(by)), fills=[(ampoule, Decimal("0.2"))], by=by)


def test_a_single_dose_that_was_never_drawn_is_free_again_unless_it_is_in_another_syringe(by, visit, ampoule):
    first, second = (make_syringe(by, visit, "0.2", vial=Vial.objects.get(pk=ampoule.pk)) for _ in range(2))
    owners = []
    for one in (first, second):
        drawing.put_down(syringe=one, by=by, was_drawn=False)
        ampoule.refresh_from_db()
        owners.append(ampoule.patient)

    assert owners == [visit.patient, None]


def test_a_single_dose_that_is_thrown_away_stays_this_patients(by, visit, ampoule):
    thrown, slip = (make_syringe(by, visit, "0.2", vial=Vial.objects.get(pk=ampoule.pk)) for _ in range(2))
    drawing.put_down(syringe=thrown, by=by)
    drawing.put_down(syringe=slip, by=by, was_drawn=False)
    ampoule.refresh_from_db()

    assert ampoule.patient == visit.patient


def test_a_vial_for_many_is_nobodys(by, visit):
    vial = make_vial(by)
    make_syringe(by, visit, "1", vial=vial)
    vial.refresh_from_db()

    assert vial.patient is None


def test_a_syringe_that_was_used_is_not_put_down(by, visit):
    syringe = make_syringe(by, visit)
    plan(by, visit, syringe)

    with pytest.raises(NotCharted):
        drawing.put_down(syringe=syringe, by=by)


def test_no_label_is_the_code_of_a_point(by, visit, monkeypatch):
    vial, letters = make_vial(by), iter("T36T36QQQ")
    monkeypatch.setattr(drawing.secrets, "choice", lambda _letters: next(letters))

    assert make_syringe(by, visit, vial=vial).code == "SQQQ"


def test_what_was_drawn_up_is_set_right_though_it_was_given_from(by, visit):
    """Thirty for three: what is in no injection would be booked as waste."""
    vial, saline = make_vial(by), make_vial(by, "sodium-chloride-0.9-preservative-free", number="NS10", name="Saline")
    fills = [(vial, Decimal(30)), (saline, Decimal(1))]
    syringe = drawing.load_syringe(visit=visit, fills=fills, by=by, purposes=["treatment"])
    actions.mark(injection=plan(by, visit, syringe, volume_ml=Decimal(2)), status="given", why="it was given", by=by)
    drawing.correct(syringe=syringe, volumes_ml=[Decimal(3), Decimal(1)], purposes=["", "comfort"], by=by)

    assert [(one.volume_ml, one.purpose) for one in Fill.objects.order_by("pk")] == [(3, ""), (1, "comfort")]
    assert drawing.left_in(Syringe.objects.get()) == 2
    with pytest.raises(TooMuch), transaction.atomic():
        drawing.correct(syringe=syringe, volumes_ml=[Decimal("0.5"), Decimal(1)], purposes=["", ""], by=by)
    assert [one.volume_ml for one in Fill.objects.order_by("pk")] == [3, 1]


def test_it_is_set_right_on_a_page_that_the_signature_and_the_injection_lead_to(client_of, alice, bob, by, visit):
    syringe = make_syringe(by, visit, "30")
    one = plan(by, visit, syringe)
    where = {"clinic": "harbor", "patient": visit.patient.uid, "visit": visit.uid}
    page, browser = reverse("visits:syringe", kwargs=where | {"syringe": syringe.uid}), client_of(alice)
    for name, more in (("sign", {}), ("injection", {"injection": one.uid})):
        assert page.encode() in browser.get(reverse(f"visits:{name}", kwargs=where | more)).content

    assert browser.get(page).context["form"]["ml_0"].value() == "30"
    assert browser.post(page, {"ml_0": "0.3"}).status_code == 422  # less than is planned from it
    assert browser.post(page, {"ml_0": "3", "for_0": "treatment"}).status_code == 302
    assert [(fill.volume_ml, fill.purpose) for fill in Fill.objects.all()] == [(3, "treatment")]
    assert client_of(bob).post(page, {"ml_0": "1"}).status_code == 404
    drawing.put_down(syringe=make_syringe(by, visit, "1"), by=by)
    gone = Syringe.objects.latest("pk")
    assert browser.get(reverse("visits:syringe", kwargs=where | {"syringe": gone.uid})).status_code == 404


def test_when_and_by_whom_it_was_drawn_up_is_set_right_and_its_hour_with_it(client_of, alice, by, visit):
    """Drawn up by the assistant an hour ago, and charted only now: its hour is over."""
    syringe = make_syringe(by, visit)
    one, ann = plan(by, visit, syringe), make_person(by.clinic, "Ann Assistant", Role.ASSISTANT)
    where = {"clinic": "harbor", "patient": visit.patient.uid, "visit": visit.uid}
    page, browser = reverse("visits:syringe", kwargs=where | {"syringe": syringe.uid}), client_of(alice)
    assert page in browser.get(reverse("visits:visit", kwargs=where)).content.decode()
    assert not asked_for_its_hour(visit)
    browser.post(page, {"ml_0": "3", "drawn_at": typed(by, minutes=0), "drawn_by": alice.pk})
    assert Syringe.objects.get().drawn_at == syringe.drawn_at  # what was left alone loses no second

    assert browser.post(page, {"ml_0": "3", "drawn_at": typed(by, minutes=70), "drawn_by": ann.pk}).status_code == 302

    row = Syringe.objects.get()
    assert (row.drawn_by, row.discard_at - row.drawn_at) == (ann, datetime.timedelta(hours=1))
    assert timezone.now() - row.drawn_at >= datetime.timedelta(minutes=70)
    assert str(one.seq) in asked_for_its_hour(visit)[0].injections


def asked_for_its_hour(visit):
    return [one for one in checked(Visit.objects.get(pk=visit.pk)).issues if one.rule == hour.RULE]


def typed(by, **before):
    return f"{(timezone.now() - datetime.timedelta(**before)).astimezone(by.clinic.tzinfo):%Y-%m-%dT%H:%M}"


@pytest.mark.parametrize("before", [{"minutes": -5}, {"days": 2}, {"minutes": 10}])
def test_it_is_not_drawn_up_in_time_to_come_nor_long_before_nor_after_it_was_given_from(client_of, alice, by, visit, before):
    syringe = make_syringe(by, visit)
    at = timezone.now() - datetime.timedelta(minutes=20)
    actions.mark(injection=plan(by, visit, syringe), status="given", why="it was given", at=at, by=by)
    where = {"clinic": "harbor", "patient": visit.patient.uid, "visit": visit.uid, "syringe": syringe.uid}

    said = {"ml_0": "3", "drawn_at": typed(by, **before)}
    assert client_of(alice).post(reverse("visits:syringe", kwargs=where), said).status_code == 422
    assert Syringe.objects.get().drawn_at == syringe.drawn_at


def test_what_nothing_was_given_from_is_not_drawn_up_in_time_to_come_either(by, visit):
    make_syringe(by, visit)
    (syringe,) = syringes_of(visit)

    with pytest.raises(NotCharted):
        drawing.correct(
            syringe=syringe, volumes_ml=[Decimal(3)], purposes=[""], by=by,
            drawn_at=timezone.now() + datetime.timedelta(minutes=5))


def test_a_single_dose_that_somebody_else_had_meanwhile_is_not_taken_up_again(by, visit, ampoule):
    syringe = make_syringe(by, visit, "0.5", vial=ampoule)
    drawing.put_down(syringe=syringes_of(visit)[0], was_drawn=False, by=by)
    make_syringe(by, make_visit(by, make_patient(by, "Ben Ortiz")), "0.5", vial=Vial.objects.get(pk=ampoule.pk))

    syringe.refresh_from_db()
    with pytest.raises(NotCharted):
        drawing.take_up(syringe=syringe, by=by)
    assert syringes_of(visit) == []


def test_what_was_not_done_leaves_its_volume_in_the_syringe(by, visit):
    syringe = make_syringe(by, visit, "1")
    one = plan(by, visit, syringe)
    assert drawing.left_in(syringe) == Decimal("0.5")

    actions.mark(injection=one, status="not_done", why="the patient left", by=by)
    assert drawing.left_in(syringe) == 1


@pytest.mark.parametrize(("thrown_away_before", "is_drawn"), [(4, True), (6, False)])
def test_for_a_visit_written_down_later_nothing_is_drawn_from_what_was_thrown_away_before(by, thrown_away_before, is_drawn):
    now, hour_ = timezone.now(), datetime.timedelta(hours=1)
    vial = make_vial(by, opened_at=now - 7 * hour_)
    Vial.objects.filter(pk=vial.pk).update(discarded_at=now - thrown_away_before * hour_)
    vial.refresh_from_db()
    later = make_visit(by, make_patient(by), happened_at=now - 5 * hour_)

    with nullcontext() if is_drawn else pytest.raises(NotCharted):
        make_syringe(by, later, "0.5", vial=vial)
    assert later.syringes.exists() == is_drawn


def test_nothing_is_not_drawn_up(by, visit):
    with pytest.raises(NotCharted):
        make_syringe(by, visit, "0")
    make_syringe(by, visit)
    with pytest.raises(NotCharted):
        drawing.correct(syringe=syringes_of(visit)[0], volumes_ml=[Decimal(0)], purposes=[""], by=by)


def test_nobody_else_has_drawn_it_up(client_of, alice, bob, charlie, by, visit):
    syringe = make_syringe(by, visit)
    where = {"clinic": "harbor", "patient": visit.patient.uid, "visit": visit.uid, "syringe": syringe.uid}
    for person in (bob, charlie):
        said = {"ml_0": "3", "drawn_by": person.pk}
        assert client_of(alice).post(reverse("visits:syringe", kwargs=where), said).status_code == 422
