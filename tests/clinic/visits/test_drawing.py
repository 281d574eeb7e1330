"""What is drawn up, for whom, and what is put down again."""

from __future__ import annotations

from decimal import Decimal

import pytest

from clinic.patients.people import at_work, make_patient
from clinic.visits.charting import make_syringe, make_vial, make_visit, plan
from waterneedle.clinic.stock.models import Vial
from waterneedle.clinic.visits import drawing
from waterneedle.clinic.visits.drafts import NotCharted


@pytest.fixture
def by(clinic, alice):
    return at_work(alice, clinic)


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
