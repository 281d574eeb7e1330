"""What is typed and not sent yet: whose it is, when it is given back, and when it goes."""
from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.patients.people import at_work, make_patient
from waterneedle.clinic.accounts.models import Membership, Unfinished
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.accounts.unfinished import KEPT, LONGEST
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.database.rows import uuid7
from waterneedle.clinic.outbox import daily
from waterneedle.clinic.patients.models import HealthFact, Patient

KEEP, FOUND = "/c/harbor/accounts/unfinished/", "/c/harbor/accounts/unfinished/found/"
SAID = {"said": ["", "Latex"]}
LATEX = {"allergy-said": "Latex", "allergy-said_by": "patient", "once": "1"}


@pytest.fixture
def form(clinic, alice):
    """The address of a form that Alice may send."""
    ana = make_patient(at_work(alice, clinic))
    return reverse("patients:add_fact", kwargs={"clinic": "harbor", "patient": ana.uid, "kind": "allergy"})


def keep(browser, key, typed=SAID, at=KEEP):
    return browser.post(at, {"key": key, "typed": json.dumps(typed)})


def found(browser, *keys, at=FOUND):
    return browser.post(at, {"key": keys}).json()


def test_what_is_typed_is_given_back_to_who_has_typed_it(client_of, alice, form):
    browser = client_of(alice)
    keep(browser, f"{form} why")
    keep(browser, f"{form} why", {"said": ["", "Latex, gloves"]})

    assert found(browser, form, f"{form} why") == {f"{form} why": {
        "typed": {"said": ["", "Latex, gloves"]}, "at": timezone.localtime(timezone.now(), alice_zone()).strftime("%H:%M")}}
    assert Unfinished.objects.count() == 1


def test_nobody_else_reads_it(client_of, alice, owner, assistant, form):
    keep(client_of(alice), form)

    assert found(client_of(assistant), form) == {}
    assert found(client_of(owner), form) == {}


def test_what_may_not_be_sent_is_neither_kept_nor_given_back(client_of, alice, bob, other_clinic, form):
    elsewhere = form.replace("harbor", "hill")
    assert keep(client_of(bob), form).status_code == 404  # the desk enters no allergies
    assert keep(client_of(alice), elsewhere).status_code == 404
    nobodys = form.replace(str(Patient.objects.get().uid), str(uuid7()))
    assert keep(client_of(alice), nobodys).status_code == 404
    assert keep(client_of(alice), "/nowhere/").status_code == 404
    assert keep(client_of(alice), "/sign-in/").status_code == 404
    assert not Unfinished.objects.exists()

    keep(client_of(alice), form)
    Membership.objects.filter(user=alice).update(role=Role.FRONT_DESK)
    assert found(client_of(alice), form) == {}


@pytest.mark.parametrize("typed", ["", "[]", '{"said": "Latex"}', json.dumps({"said": ["", "x" * LONGEST]})])
def test_what_is_no_form_is_refused(client_of, alice, form, typed):
    assert client_of(alice).post(KEEP, {"key": form, "typed": typed}).status_code == 400
    assert not Unfinished.objects.exists()


def test_a_password_is_never_kept(client_of, alice, form):
    keep(client_of(alice), form, SAID | {"password": ["", "a quiet needle"], "code": ["", "123456"]})

    assert json.loads(Unfinished.objects.get().typed) == SAID


def test_it_goes_with_the_form_that_is_sent_and_stays_where_the_form_is_refused(client_of, alice, form):
    browser = client_of(alice)
    keep(browser, form)
    assert browser.post(form, {"allergy-said": "", "unfinished": form}).status_code == 422
    assert set(found(browser, form)) == {form}

    assert browser.post(form, LATEX | {"unfinished": form}).status_code == 302
    assert found(browser, form) == {}
    assert HealthFact.objects.get().said == "Latex"


def test_a_form_that_is_sent_again_is_the_same_whether_its_words_were_kept_or_not(client_of, alice, form):
    browser = client_of(alice)
    answers = [browser.post(form, LATEX | more) for more in ({}, {"unfinished": form})]

    assert [one.status_code for one in answers] == [302, 302]
    assert HealthFact.objects.count() == 1


def test_nothing_typed_is_nothing_kept(client_of, alice, form):
    browser = client_of(alice)
    keep(browser, form)
    keep(browser, form, {})

    assert not Unfinished.objects.exists()


def test_after_a_week_it_is_gone(client_of, alice, form):
    browser = client_of(alice)
    keep(browser, form)
    Unfinished.objects.update(at=timezone.now() - KEPT - timedelta(minutes=1))

    assert found(browser, form) == {}
    daily.forget_what_nobody_has_sent(None, timezone.now())
    assert not Unfinished.objects.exists()


def test_the_trail_does_not_tell_of_it(client_of, alice, form):
    browser = client_of(alice)
    before = Entry.objects.count()
    keep(browser, form)
    found(browser, form)

    assert Entry.objects.count() == before


def alice_zone():
    return Membership.objects.get().clinic.tzinfo
