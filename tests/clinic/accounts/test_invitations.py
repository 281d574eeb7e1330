"""People come by a letter, choose their own password, and go when the owner says so."""
from __future__ import annotations

import re
import threading

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.people import make_clinic, make_person
from waterneedle.clinic.accounts import actions, queries
from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.accounts.models import Invitation, Membership, User
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.accounts.views import entrance
from waterneedle.clinic.audit.models import Entry

CHOSEN = {"name": "Ida Ng", "password": "rivers run under stones", "again": "rivers run under stones"}


@pytest.fixture
def by(owner, clinic):
    return Access(owner, clinic, frozenset({Role.OWNER}))


@pytest.fixture
def link(by, clinic):
    _invitation, token = actions.invite(
        clinic=clinic, email="Ida@Example.org", name="Ida", roles=[Role.ASSISTANT, Role.FRONT_DESK], by=by, now=timezone.now())
    return f"/invitation/{token}/"


def roles_of(user) -> set[str]:
    return set(Membership.objects.filter(user=user, ended_at=None).values_list("role", flat=True))


def test_the_owner_sends_a_letter_with_a_link(client_of, owner, clinic):
    client_of(owner).post(reverse("accounts:invite", kwargs={"clinic": clinic.slug}), {
        "name": "Ida", "email": "ida@example.org", "roles": ["assistant"]})

    letter = mail.outbox[0]
    assert letter.to == ["ida@example.org"]
    assert letter.subject == "Work with us at Harbor Acupuncture"
    assert re.search(r"http://localhost:8000/invitation/[\w-]{43}/\n", letter.body)


def test_all_that_is_wrong_is_said_at_once_beside_its_field(client_of, owner, clinic):
    answer = client_of(owner).post(reverse("accounts:invite", kwargs={"clinic": clinic.slug}), {"email": "ida", "name": "Ida"})

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"email", "roles"}
    assert b'value="Ida"' in answer.content


def test_the_link_makes_an_account_with_the_roles_of_the_letter_and_signs_in(client, link):
    answer = client.post(link, CHOSEN)
    ida = User.objects.get(email="ida@example.org")

    assert answer.url == "/account/second-factor/"
    assert (ida.name, roles_of(ida)) == ("Ida Ng", {"assistant", "front desk"})
    assert ida.check_password(CHOSEN["password"])
    assert client.get("/account/").status_code == 200


def test_the_link_opens_once(client, link):
    client.post(link, CHOSEN)
    client.post("/sign-out/")

    assert client.get(link).status_code == 404
    assert client.post(link, CHOSEN).status_code == 404


def test_two_at_the_same_time_make_one_member(client, link, clinic):
    invitation = Invitation.objects.get()
    first, second = make_person(clinic, "First One"), make_person(clinic, "Second Two")
    actions.accept(invitation=invitation, user=first, now=timezone.now())

    with pytest.raises(ValidationError):
        actions.accept(invitation=invitation, user=second, now=timezone.now())
    assert roles_of(second) == set()


@pytest.mark.parametrize("change", [
    {"expires_at": timezone.now()}, {"withdrawn_at": timezone.now()}, {"accepted_at": timezone.now()}])
def test_a_closed_link_says_so(client, link, change):
    Invitation.objects.update(**change)

    assert client.get(link).status_code == 404
    assert client.post(link, CHOSEN).status_code == 404
    assert not User.objects.filter(email="ida@example.org").exists()


def test_a_second_letter_closes_the_first(client, link, by, clinic):
    actions.invite(clinic=clinic, email="ida@example.org", name="Ida", roles=[Role.AUDITOR], by=by, now=timezone.now())

    assert client.get(link).status_code == 404


def test_a_link_that_was_withdrawn_does_not_open(client, client_of, owner, clinic, link):
    client_of(owner).post(reverse("accounts:withdraw", kwargs={
        "clinic": clinic.slug, "invitation": Invitation.objects.get().uid}))

    assert client.get(link).status_code == 404


def test_only_a_hash_of_the_link_is_kept(link):
    assert link.split("/")[2] not in str(Invitation.objects.values().get())


@pytest.mark.parametrize(("password", "why"), [
    ("short", "at least 8"), ("waterneedle1", "too easy"), ("password123", "too common"), ("ida@example", "similar")])
def test_a_password_that_is_easily_guessed_is_refused(client, link, password, why):
    answer = client.post(link, CHOSEN | {"password": password, "again": password})

    assert why in str(answer.context["form"].errors["password"])
    assert not User.objects.filter(email="ida@example.org").exists()


def test_who_has_an_account_signs_in_to_it_first(client, client_of, link, other_clinic):
    ida = make_person(other_clinic, "Ida Ng", Role.PRACTITIONER)
    User.objects.filter(pk=ida.pk).update(email="ida@example.org")

    assert client.post(link, CHOSEN).status_code == 200
    assert roles_of(ida) == {"practitioner"}
    client_of(User.objects.get(pk=ida.pk)).post(link)
    assert roles_of(ida) == {"practitioner", "assistant", "front desk"}


def test_somebody_else_who_is_signed_in_does_not_take_the_roles(client_of, link, other_clinic, bob):
    make_person(other_clinic, "Ida Ng", Role.PRACTITIONER)
    User.objects.filter(name="Ida Ng").update(email="ida@example.org")
    client_of(bob).post(link)

    assert roles_of(bob) == {"front desk"}
    assert Invitation.objects.get().accepted_at is None


def test_who_was_shown_the_door_comes_back_by_a_letter(client, clinic, by):
    ida = make_person(clinic, "Ida Ng", Role.ASSISTANT)
    actions.change_roles(clinic=clinic, user=ida, roles=[], by=by, now=timezone.now())
    _invitation, token = actions.invite(
        clinic=clinic, email=ida.email, name="Ida", roles=[Role.ASSISTANT], by=by, now=timezone.now())
    client.post(f"/invitation/{token}/")

    assert User.objects.get(pk=ida.pk).is_active
    assert roles_of(ida) == {"assistant"}
    assert "_auth_user_id" not in client.session  # the password and the second factor are asked for all the same


def test_roles_are_changed_and_the_trail_says_how(client_of, owner, alice, clinic):
    client_of(owner).post(reverse("accounts:person", kwargs={"clinic": clinic.slug, "person": alice.uid}), {
        "roles": ["practitioner", "instructor"]})

    assert roles_of(alice) == {"practitioner", "instructor"}
    assert Entry.objects.get(kind="roles").detail == (
        '{"after":["instructor","practitioner"],"before":["practitioner"]}')


def test_a_clinic_keeps_an_owner(client_of, owner, clinic):
    answer = client_of(owner).post(reverse("accounts:person", kwargs={"clinic": clinic.slug, "person": owner.uid}), {
        "roles": ["practitioner"]})

    assert "needs an owner" in str(answer.context["form"].errors["roles"])
    assert roles_of(owner) == {"owner"}


def test_with_a_second_owner_the_first_may_go(owner, clinic, by):
    make_person(clinic, "Second Owner", Role.OWNER)
    actions.change_roles(clinic=clinic, user=owner, roles=[], by=by, now=timezone.now())

    assert [one.user.name for one in queries.people_of(clinic)] == ["Second Owner"]


def test_a_role_that_has_ended_may_begin_again(clinic, alice, by):
    for roles in ([], [Role.PRACTITIONER], [], [Role.PRACTITIONER]):
        actions.change_roles(clinic=clinic, user=alice, roles=roles, by=by, now=timezone.now())

    assert roles_of(alice) == {"practitioner"}
    assert Membership.objects.filter(user=alice).count() == 3


def test_the_page_of_people_shows_letters_and_who_has_gone_to_who_may_change_them(client_of, owner, bob, clinic, link, by):
    gone = make_person(clinic, "Gina Gone", Role.ASSISTANT)
    actions.change_roles(clinic=clinic, user=gone, roles=[], by=by, now=timezone.now())
    page = reverse("accounts:people", kwargs={"clinic": clinic.slug})
    shown, to_the_desk = client_of(owner).get(page), client_of(bob).get(page)

    assert b"ida@example.org" in shown.content and b"Gina Gone" in shown.content
    assert b"ida@example.org" not in to_the_desk.content and b"Gina Gone" not in to_the_desk.content
    assert bob.email.encode() not in to_the_desk.content


def test_of_two_answers_in_the_same_moment_the_second_is_told_that_the_letter_was_used(committed_db, monkeypatch):
    clinic = make_clinic("harbor", "Harbor")
    by = Access(make_person(clinic, "Olga Owner", Role.OWNER), clinic, frozenset({Role.OWNER}))
    _invitation, token = actions.invite(
        clinic=clinic, email="ida@example.org", name="Ida", roles=[Role.ASSISTANT], by=by, now=timezone.now())
    both_have_looked, answers, hashed = threading.Barrier(2), [], entrance.make_password

    def hash_when_both_have_looked(password):
        both_have_looked.wait(10)
        return hashed(password)

    def answer():
        answers.append(Client().post(f"/invitation/{token}/", CHOSEN).status_code)
        connection.close()

    monkeypatch.setattr(entrance, "make_password", hash_when_both_have_looked)
    people = [threading.Thread(target=answer) for _ in range(2)]
    for one in people:
        one.start()
    for one in people:
        one.join()

    assert sorted(answers) == [302, 404]
    assert User.objects.filter(email="ida@example.org").count() == 1
