"""The page of who works here."""
from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.people import make_person
from waterneedle.clinic.accounts.models import Membership
from waterneedle.clinic.accounts.queries import people_of
from waterneedle.clinic.accounts.roles import Role


@pytest.fixture
def address(clinic):
    return reverse("accounts:people", kwargs={"clinic": clinic.slug})


def test_a_person_is_shown_once_with_all_roles(clinic):
    make_person(clinic, "Dana Doe", Role.OWNER, Role.PRACTITIONER)

    assert [(one.user.name, one.roles) for one in people_of(clinic)] == [("Dana Doe", (Role.OWNER, Role.PRACTITIONER))]


def test_who_works_here_sees_who_works_here(address, client_of, alice, bob):
    shown = client_of(bob).get(address)

    assert [one.user for one in shown.context["people"]] == [alice, bob]


def test_one_person_and_three_take_the_same_queries(address, client_of, alice, clinic, django_assert_num_queries):
    browser = client_of(alice)
    with django_assert_num_queries(4):
        browser.get(address)
    make_person(clinic, "Eve One", Role.ASSISTANT)
    make_person(clinic, "Fay Two", Role.ASSISTANT)
    with django_assert_num_queries(4):
        browser.get(address)


def test_another_clinic_does_not_exist(address, client_of, alice, charlie):
    assert client_of(charlie).get(address).status_code == 404


def test_who_is_not_signed_in_is_asked_to(address, client_of, alice):
    assert client_of(None).get(address).url == f"/sign-in/?next={address}"


def test_who_chooses_among_clinics_reads_what_they_are_in_each(client_of, alice, clinic, other_clinic):
    for role in (Role.OWNER, Role.AUDITOR):
        Membership.objects.create(clinic=other_clinic, user=alice, role=role)
    Membership.objects.create(clinic=other_clinic, user=alice, role=Role.ASSISTANT, ended_at=timezone.now())
    shown = client_of(alice).get(reverse("clinics")).context["clinics"]

    assert shown == [(clinic, Role.PRACTITIONER.label), (other_clinic, f"{Role.AUDITOR.label}, {Role.OWNER.label}")]
