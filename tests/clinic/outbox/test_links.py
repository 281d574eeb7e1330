"""Links: one secret, one purpose, one patient, one use."""
from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from clinic.outbox.conftest import NOW
from clinic.people import make_clinic
from waterneedle.clinic.audit.who import machine
from waterneedle.clinic.outbox import links
from waterneedle.clinic.outbox.models import Link
from waterneedle.clinic.patients.actions import create_patient

SOON = NOW + timedelta(days=3650)


def patient_of(clinic, name="Ana"):
    return create_patient(clinic=clinic, fields={"given_name": name}, by=machine("test", clinic))


@pytest.fixture
def patient(clinic):
    return patient_of(clinic)


def issued(patient, purpose="check-in", expires_at=SOON):
    return links.issue(clinic=patient.clinic, purpose=purpose, patient=patient, about="v1", expires_at=expires_at)


def find(secret, purpose="check-in", now=NOW):
    return links.find(secret, purpose=purpose, now=now)


def test_a_link_opens_until_it_is_used(patient):
    secret = issued(patient)
    link = find(secret)

    assert (link.patient, link.about) == (patient, "v1")
    assert find(secret) == link
    assert links.use(link, patient=patient, now=NOW)
    assert find(secret) is None
    assert not links.use(link, patient=patient, now=NOW)


def test_a_link_is_of_no_use_for_another_patient(patient, clinic):
    link = find(issued(patient))

    assert not links.use(link, patient=patient_of(clinic, "Bea"), now=NOW)
    assert links.use(link, patient=patient, now=NOW)


def test_a_link_is_for_one_purpose(patient):
    assert find(issued(patient), purpose="consent") is None


def test_a_link_grows_old(patient):
    secret = issued(patient, expires_at=SOON)
    link = find(secret)

    assert find(secret, now=SOON - timedelta(seconds=1)) == link
    assert find(secret, now=SOON) is None
    assert not links.use(link, patient=patient, now=SOON)


def test_a_link_can_be_taken_back(patient):
    secret, other = issued(patient), issued(patient, purpose="consent")

    assert links.revoke(patient=patient, purpose="check-in", now=NOW) == 1
    assert (find(secret), find(other, purpose="consent") is None) == (None, False)


def test_the_secret_is_long_random_and_nowhere(patient):
    secrets = {issued(patient) for _ in range(50)}
    held = [bytes(one.hash) for one in Link.objects.all()]

    assert (len(secrets), {len(one) for one in secrets}) == (50, {43})
    assert not any(secret.encode() in one for secret in secrets for one in held)


@pytest.mark.parametrize("guess", ["", "x", "x" * 43, "\x00", "é" * 43])
def test_what_nobody_issued_opens_nothing(patient, guess):
    assert find(guess) is None


def test_of_two_who_use_a_link_at_once_one_wins(committed_db):
    clinic = make_clinic("harbor", "Harbor")
    patient = patient_of(clinic)
    link, won = find(issued(patient)), []
    start = threading.Barrier(6)

    def race():
        start.wait()
        won.append(links.use(link, patient=patient, now=NOW))
        connection.close()

    threads = [threading.Thread(target=race) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(won) == [False] * 5 + [True]
