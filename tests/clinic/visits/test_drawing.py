"""What is drawn up, for whom, and what is put down again."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import transaction
from django.urls import reverse

from clinic.patients.people import at_work, make_patient
from clinic.visits.charting import make_syringe, make_vial, make_visit, plan
from waterneedle.clinic.stock.models import Vial
from waterneedle.clinic.visits import actions, drawing
from waterneedle.clinic.visits.drafts import NotCharted, TooMuch
from waterneedle.clinic.visits.models import Fill, Syringe


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
