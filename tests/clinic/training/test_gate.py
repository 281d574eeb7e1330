"""What a certificate opens and its end closes, in the rooms that ask: the hours that are offered, the panel of injections, the
signature. Each on the server, at once."""

from __future__ import annotations

import datetime

import msgspec
import pytest
from django.utils import timezone

from clinic.intake.signing import EVERY_PRODUCT, signed
from clinic.patients.people import make_patient
from clinic.people import PASSWORD
from clinic.training.learning import certified, practitioner
from clinic.visits.charting import WELL, make_syringe, make_visit, plan
from waterneedle import knowledge
from waterneedle.clinic.appointments import queries as appointments
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.practitioners.actions import withdraw_paper
from waterneedle.clinic.practitioners.models import Certificate
from waterneedle.clinic.practitioners.queries import _granted, today_in
from waterneedle.clinic.training import certifying
from waterneedle.clinic.visits import actions, drafts, signing
from waterneedle.clinic.visits.models import Signature, Syringe
from waterneedle.clinic.visits.plan import _checked, checked


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
    # Drawn up just now, whatever time of the clock a test sets.
    Syringe.objects.filter(visit=made).update(discard_at=timezone.now() + datetime.timedelta(days=2))
    return made


def barring(visit):
    return {one.rule: one.message for one in checked(visit).issues if one.severity == "block"}


@pytest.fixture
def clock(monkeypatch):
    def set_to(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return moment
    return set_to


@pytest.fixture
def ends_today(visit, issued, boss):
    """A certificate whose last day is today stands in the place of the one that was issued; the midnight after it."""
    certificate, tom, _ines = issued
    withdraw_paper(paper=certificate.paper, kind="certificate", why="replaced", by=boss)
    today = today_in(boss.clinic)
    Certificate.objects.create(
        clinic=boss.clinic, practitioner=practitioner(tom), issuer="School", jurisdiction="US-WA", certified_on=today,
        expires=today, seen="original", made_by=boss.user)
    return datetime.datetime.combine(today + datetime.timedelta(days=1), datetime.time(), boss.clinic.tzinfo)


SECOND = datetime.timedelta(seconds=1)


def test_a_second_before_its_end_the_needle_goes_in_and_the_visit_is_signed(visit, issued, ends_today, clock):
    _certificate, tom, _ines = issued
    clock(ends_today - SECOND)

    assert barring(visit) == {}
    actions.give_all(visit=visit, by=tom)
    assert sign(visit, tom).deviation_why == ""


def test_a_second_after_its_end_needle_and_signature_and_booking_are_refused(visit, issued, ends_today, clock):
    _certificate, tom, _ines = issued
    clock(ends_today + SECOND)
    actions.answer_today(visit=visit, answers=WELL, by=tom)  # it is another day

    assert "certificate" in barring(visit)
    with pytest.raises(drafts.Refused):
        actions.give_all(visit=visit, by=tom)
    actions.mark(injection=visit.injections.get(), status="given", why="it has happened", by=tom)
    with pytest.raises(signing.Deviation):
        sign(visit, tom)
    assert not Signature.objects.exists()
    assert may_book(tom, today_in(visit.clinic) - datetime.timedelta(days=1))
    assert not may_book(tom, today_in(visit.clinic))


def sign(visit, by):
    proof = signing.mint(visit=visit, user=by.user, session_key="a session", method="password")
    return signing.sign(visit=visit, proof=proof.uid, session_key="a session", by=by)


@pytest.mark.parametrize("change", ["a law of more hours from today on", "the certificate of another state"])
def test_needle_and_booking_are_refused_at_once_when(change, visit, boss, issued, monkeypatch):
    certificate, tom, _ines = issued
    assert barring(visit) == {} and may_book(tom, today_in(boss.clinic))
    if change.startswith("a law"):
        place = knowledge.jurisdictions()["US-WA"]
        today = today_in(boss.clinic)
        periods = (msgspec.structs.replace(place.periods[0], until=today),
                   msgspec.structs.replace(place.periods[0], since=today, training_hours=480.0))
        changed = knowledge.jurisdictions() | {"US-WA": msgspec.structs.replace(place, periods=periods)}
        monkeypatch.setattr(knowledge, "jurisdictions", lambda: changed)
        _forget_facts()
    else:
        withdraw_paper(paper=certificate.paper, kind="certificate", why="replaced", by=boss)
        Certificate.objects.create(
            clinic=boss.clinic, practitioner=practitioner(tom), issuer="School", jurisdiction="US-MT",
            certified_on=today_in(boss.clinic), seen="original", made_by=boss.user)

    with pytest.raises(drafts.Refused):
        actions.give_all(visit=visit, by=tom)
    assert not may_book(tom, today_in(boss.clinic))
    _forget_facts()


def _forget_facts():
    """Facts are read once, and what was worked out from them is kept: only a test changes them under way."""
    _granted.cache_clear()
    _checked.cache_clear()


def may_book(access, day):
    """What booking answers of a person on a day."""
    diary = appointments.diary(access.clinic, day, day)
    (known,) = [one for one in diary.known if one.practitioner == practitioner(access)]
    return diary.may(known, day)


def test_with_the_certificate_nothing_bars(visit):
    assert barring(visit) == {}


def test_a_revocation_bars_the_next_needle_and_says_why(visit, issued):
    certificate, tom, ines = issued
    certifying.revoke(certificate=certificate, why="copied an exam", by=ines)

    assert "copied an exam" in barring(visit)["certificate"]
    with pytest.raises(drafts.Refused):
        actions.give_all(visit=visit, by=tom)
    with pytest.raises(drafts.Refused):
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

    assert may_book(tom, today_in(clinic)) and may_book(tom, last) and not may_book(tom, last + datetime.timedelta(days=1))
    certifying.revoke(certificate=certificate, why="copied an exam", by=ines)
    assert not may_book(tom, today_in(clinic))
