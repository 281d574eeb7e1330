"""What a certificate opens and its end closes, in the rooms that ask: the hours that are offered, the panel of injections, the
signature. Each on the server, at once."""

from __future__ import annotations

import datetime

import pytest

from clinic.intake.signing import EVERY_PRODUCT, signed
from clinic.patients.people import make_patient
from clinic.people import PASSWORD
from clinic.training.learning import certified, practitioner
from clinic.visits.charting import WELL, make_syringe, make_visit, plan
from waterneedle.clinic.appointments import queries as appointments
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.practitioners.actions import withdraw_paper
from waterneedle.clinic.practitioners.models import Certificate
from waterneedle.clinic.practitioners.queries import today_in
from waterneedle.clinic.training import certifying
from waterneedle.clinic.visits import actions
from waterneedle.clinic.visits.models import Signature
from waterneedle.clinic.visits.plan import checked


@pytest.fixture
def issued(clinic, boss):
    return certified(clinic, boss)


@pytest.fixture
def visit(issued, boss):
    """Tom, certified, has a patient who is ready, and one injection planned."""
    _certificate, tom, _ines = issued
    ana = make_patient(boss)
    for kind in ("condition", "allergy", "medication"):
        patients.say_none(patient=ana, kind=kind, by=boss)
    signed(boss, ana, *EVERY_PRODUCT)
    made = make_visit(tom, ana, why="knee pain")
    actions.answer_today(visit=made, answers=WELL, by=tom)
    plan(tom, made, make_syringe(tom, made))
    return made


def barring(visit):
    return {one.rule: one.message for one in checked(visit).issues if one.severity == "block"}


def test_with_the_certificate_nothing_bars(visit):
    assert barring(visit) == {}


def test_a_revocation_bars_the_next_needle_and_says_why(visit, issued):
    certificate, tom, ines = issued
    certifying.revoke(certificate=certificate, why="copied an exam", by=ines)

    assert "copied an exam" in barring(visit)["certificate"]
    with pytest.raises(actions.Refused):
        actions.give_all(visit=visit, by=tom)
    with pytest.raises(actions.Refused):
        actions.mark(injection=visit.injections.get(), status="given", by=tom)


def test_a_certificate_of_another_place_bars_and_says_so(visit, boss, issued):
    certificate, tom, _ines = issued
    withdraw_paper(paper=certificate.paper, kind="certificate", why="replaced", by=boss)
    Certificate.objects.create(
        clinic=boss.clinic, practitioner=practitioner(tom), issuer="School", jurisdiction="US-FL",
        certified_on=today_in(boss.clinic), seen="original", made_by=boss.user)

    assert "US-FL" in barring(visit)["certificate"]


def test_what_was_given_before_the_revocation_is_signed_as_it_was_with_a_reason(client_of, visit, issued):
    certificate, tom, ines = issued
    actions.give_all(visit=visit, by=tom)
    certifying.revoke(certificate=certificate, why="copied an exam", by=ines)
    address = f"/c/harbor/visits/patients/{visit.patient.uid}/{visit.uid}/sign/"

    assert client_of(tom.user).post(address, {"password": PASSWORD}).status_code == 422
    assert not Signature.objects.exists()
    answer = client_of(tom.user).post(address, {"password": PASSWORD, "deviation_why": "given before it was revoked"})
    assert answer.status_code == 302 and Signature.objects.get().deviation_why == "given before it was revoked"


def test_hours_are_offered_up_to_the_last_day_of_the_certificate_and_none_after_a_revocation(clinic, issued):
    certificate, tom, ines = issued
    last = certificate.paper.expires

    def may(day):
        diary = appointments.diary(clinic, day, day)
        (known,) = [one for one in diary.known if one.practitioner == practitioner(tom)]
        return diary.may(known, day)

    assert may(today_in(clinic)) and may(last) and not may(last + datetime.timedelta(days=1))
    certifying.revoke(certificate=certificate, why="copied an exam", by=ines)
    assert not may(today_in(clinic))
