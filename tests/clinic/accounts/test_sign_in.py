"""Signing in with a password: who may, how often one may fail, and that nobody learns who has an account."""
from __future__ import annotations

import re
import statistics
import time

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core import mail
from django.urls import reverse

from clinic.people import PASSWORD
from waterneedle.clinic.accounts.models import User
from waterneedle.clinic.accounts.routes import routes
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.outbox.models import Letter

SIGN_IN = "/sign-in/"
TRIES = 200


def sign_in(client, email, password=PASSWORD, **extra):
    return client.post(SIGN_IN, {"login": email, "password": password}, **extra)


def said(answer) -> list[str]:
    return [str(one) for one in answer.context["form"].non_field_errors()]


class CountingHasher(PBKDF2PasswordHasher):
    """A real one, that counts how often a password was worked on."""

    algorithm = "counting"
    iterations = 10
    worked: list[int] = []

    def encode(self, password, salt, iterations=None):
        self.worked.append(1)
        return super().encode(password, salt, iterations)


def test_the_right_password_leads_in(client, alice):
    answer = sign_in(client, "ALICE@harbor.example ")

    assert (answer.status_code, answer.url) == (302, "/")
    assert client.session["_auth_user_id"] == str(alice.pk)


def test_an_unknown_address_and_a_wrong_password_are_answered_alike(client, alice):
    wrong, unknown = sign_in(client, alice.email, "wrong"), sign_in(client, "nobody@harbor.example", "wrong")

    assert said(wrong) == said(unknown) != []
    assert wrong.status_code == unknown.status_code == 200
    strip = re.compile(rb'value="[^"]*"|nonce="[^"]*"|"X-CSRFToken":"[^"]*"')
    assert strip.sub(b"", wrong.content) == strip.sub(b"", unknown.content)


@pytest.mark.parametrize("email", ["alice@harbor.example", "nobody@harbor.example", "gone@harbor.example"])
def test_a_password_is_worked_on_once_whoever_it_is_for(client, alice, settings, email):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    User.objects.create_user("gone@harbor.example", PASSWORD, name="Gone", is_active=False)
    alice.set_password(PASSWORD)
    alice.save()
    CountingHasher.worked.clear()

    sign_in(client, email, "wrong")

    assert len(CountingHasher.worked) == 1


@pytest.mark.soak
def test_the_time_of_an_answer_does_not_tell_who_has_an_account(client, alice, settings, capsys):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "1000000/m/ip", "login": "1000000/m/ip"}
    alice.set_password(PASSWORD)
    alice.save()
    taken_ms = {"alice@harbor.example": [], "nobody@harbor.example": []}
    for _ in range(TRIES):
        for email, times in taken_ms.items():
            begun = time.perf_counter()
            sign_in(client, email, "wrong")
            times.append(1000 * (time.perf_counter() - begun))

    known, unknown = (statistics.median(times) for times in taken_ms.values())
    with capsys.disabled():
        print(f"\n{TRIES} tries each, median: {known:.1f} ms for a known account, {unknown:.1f} ms for an unknown one")
    assert abs(known - unknown) < 5


def test_after_five_failures_even_the_right_password_waits(client, alice):
    for _ in range(5):
        sign_in(client, alice.email, "wrong")

    assert "Too many" in said(sign_in(client, alice.email))[0]
    assert "_auth_user_id" not in client.session


def test_the_wait_ends_after_fifteen_minutes(client, alice, monkeypatch):
    for _ in range(5):
        sign_in(client, alice.email, "wrong")
    now = time.time()
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: now + 14 * 60)
    assert sign_in(client, alice.email).status_code == 200
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: now + 15 * 60 + 1)

    assert sign_in(client, alice.email).status_code == 302


def test_a_stranger_cannot_lock_somebody_out(client, alice):
    for _ in range(6):
        sign_in(client, alice.email, "wrong", REMOTE_ADDR="203.0.113.9")

    assert sign_in(client, alice.email, REMOTE_ADDR="192.0.2.4").status_code == 302


def test_one_failure_does_not_count_for_another_account(client, alice, bob):
    for _ in range(6):
        sign_in(client, alice.email, "wrong")

    assert sign_in(client, bob.email).status_code == 302


def test_one_address_that_tries_many_accounts_waits_too(client, alice):
    for number in range(60):
        sign_in(client, f"somebody{number}@harbor.example", "wrong")

    assert sign_in(client, alice.email).status_code == 429
    assert "_auth_user_id" not in client.session


def test_an_account_that_is_closed_does_not_open(client, alice):
    User.objects.filter(pk=alice.pk).update(is_active=False)
    answer = sign_in(client, alice.email)

    assert answer.url == "/sign-in/no-longer/"
    assert "_auth_user_id" not in client.session


def test_signing_in_changes_the_session_and_its_cookie_is_kept_from_scripts(client, alice):
    client.get(SIGN_IN)
    before = client.session.session_key
    sign_in(client, alice.email)
    cookie = client.cookies["staff"]

    assert client.session.session_key != before
    assert cookie["httponly"] and cookie["samesite"] == "Lax"


def test_the_way_back_stays_on_this_server(client, alice):
    answer = client.post(f"{SIGN_IN}?next=https://evil.example/", {
        "login": alice.email, "password": PASSWORD, "next": "https://evil.example/"})

    assert answer.url == "/"


def test_signing_out_ends_the_session(client, alice):
    sign_in(client, alice.email)
    key = client.session.session_key
    client.post("/sign-out/")

    assert not client.session.exists(key)
    assert client.get("/").url.startswith(SIGN_IN)


def test_nobody_signs_up():
    assert not [route.name for route in routes() if "signup" in route.name]


def test_the_trail_says_who_came_who_left_and_who_was_refused(client, alice):
    sign_in(client, alice.email, "wrong")
    sign_in(client, alice.email)
    client.post("/sign-out/")

    entries = Entry.objects.filter(clinic_id=alice.memberships.get().clinic_id, kind="session").order_by("seq")
    assert [(one.action, one.user_name) for one in entries] == [
        ("refuse", "Alice Archer"), ("sign in", "Alice Archer"), ("sign out", "Alice Archer")]


def test_a_refused_stranger_stands_in_the_trail_without_their_address(client, alice):
    sign_in(client, "nobody@harbor.example", "wrong")

    entry = Entry.objects.get(kind="session", action="refuse")
    assert entry.clinic_id is None
    assert "nobody" not in entry.detail


# --- a password that was forgotten

def test_a_forgotten_password_is_replaced_by_the_link_of_a_letter_once(client, alice):
    client.post("/password/forgotten/", {"email": alice.email})
    link = re.search(r"http://localhost:8000(/password/new/[\w/-]+)", mail.outbox[0].body)[1]
    chosen = {"password1": "rivers run under stones", "password2": "rivers run under stones"}
    client.post(client.get(link).url, chosen)

    assert sign_in(client, alice.email, "rivers run under stones").status_code == 302
    client.post("/sign-out/")
    assert client.get(link).status_code == 200  # says that it is used up
    assert client.get(link).context["token_fail"]


def test_an_unknown_address_gets_no_letter_and_the_same_answer(client, alice):
    known = client.post("/password/forgotten/", {"email": alice.email})
    unknown = client.post("/password/forgotten/", {"email": "nobody@harbor.example"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert [one.to for one in mail.outbox] == [[alice.email]]


def test_letters_go_by_the_outbox_of_the_clinic(client, alice, settings):
    settings.EMAIL_BACKEND = "waterneedle.clinic.outbox.backend.OutboxBackend"  # Django's tests put another in its place
    client.post("/password/forgotten/", {"email": alice.email})

    assert [one.recipients for one in Letter.objects.all()] == ['["alice@harbor.example"]']


def test_a_new_password_ends_the_other_sessions(client_of, alice):
    here, there = client_of(alice), client_of(alice)
    chosen = {"oldpassword": PASSWORD, "password1": "rivers run under stones", "password2": "rivers run under stones"}
    here.post(reverse("account_change_password"), chosen)

    assert here.get("/account/").status_code == 200
    assert there.get("/account/").url.startswith(SIGN_IN)
