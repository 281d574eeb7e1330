"""The second factor: asked of everybody who works, set up on the way in, good for one use, never the last one taken away."""
from __future__ import annotations

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.management import call_command
from django.urls import reverse

from clinic.accounts.test_sign_in import sign_in
from clinic.people import make_clinic, make_person
from waterneedle.clinic.accounts import sealing
from waterneedle.clinic.audit.models import Entry

FACTORS = "/account/second-factor/"


@pytest.fixture
def people(clinic):
    return reverse("accounts:people", kwargs={"clinic": clinic.slug})


@pytest.fixture
def secret(alice):
    """Alice has set up an authenticator app with this secret."""
    secret = generate_totp_secret()
    TOTP.activate(alice, secret)
    return secret


def code(secret: str, steps: int = 0) -> str:
    """What the app shows now, or `steps` times 30 seconds later. Where it is about to change, the one after it: none is
    taken late."""
    left = 30 - time.time() % 30
    if left < 3:
        time.sleep(left)
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def test_a_password_alone_leads_to_the_page_of_second_factors(client, alice, people):
    sign_in(client, alice.email)

    assert client.get(people).url == f"{FACTORS}?next=%2Fc%2Fharbor%2Faccounts%2Fpeople%2F"


def test_who_has_just_signed_in_sets_an_app_up_and_is_in(client, committed_db):
    alice = make_person(make_clinic("harbor", "Harbor"), "Alice Archer", "practitioner")
    sign_in(client, alice.email)
    page = client.get(f"{FACTORS}app/")
    answer = client.post(f"{FACTORS}app/", {"code": code(page.context["form"].secret)})

    assert answer.url == f"{FACTORS}codes/"
    assert client.get("/c/harbor/accounts/people/").status_code == 200
    assert [(one.kind, one.action) for one in Entry.objects.order_by("at")][-1] == ("second factor", "add")


def test_a_wrong_code_sets_nothing_up(client, alice, people):
    sign_in(client, alice.email)
    secret = client.get(f"{FACTORS}app/").context["form"].secret
    client.post(f"{FACTORS}app/", {"code": code(secret, 40)})

    assert not Authenticator.objects.exists()
    assert client.get(people).status_code == 302


def test_signing_in_asks_for_the_code(client, alice, secret, people):
    assert sign_in(client, alice.email).url.startswith("/sign-in/code/")
    assert client.get(people).url.startswith("/sign-in/")
    client.post("/sign-in/code/", {"code": code(secret)})

    assert client.get(people).status_code == 200


def test_a_passkey_is_not_offered_to_who_has_none(client, alice, secret):
    sign_in(client, alice.email)
    page = client.get("/sign-in/code/")

    assert page.status_code == 200
    assert "mfa_webauthn_authenticate" not in page.content.decode()


def test_a_passkey_of_who_has_none_opens_nothing(client, alice, secret, people):
    sign_in(client, alice.email)

    assert client.post("/sign-in/code/", {"credential": "{}"}).status_code == 200
    assert client.get(people).url.startswith("/sign-in/")


def test_a_code_works_once(client, alice, secret):
    used = code(secret)
    sign_in(client, alice.email)
    assert client.post("/sign-in/code/", {"code": used}).status_code == 302
    client.post("/sign-out/")
    sign_in(client, alice.email)

    assert client.post("/sign-in/code/", {"code": used}).status_code == 200
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("steps", [-2, -1, 1, 2])
def test_a_code_of_another_half_minute_does_not_work(client, alice, secret, steps, monkeypatch):
    now = time.time()
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time.time", lambda: now)
    other = format_hotp_value(hotp_value(secret, int(now) // 30 + steps))
    sign_in(client, alice.email)

    assert client.post("/sign-in/code/", {"code": other}).status_code == 200


def test_after_five_wrong_codes_even_the_right_one_waits(client, alice, secret):
    sign_in(client, alice.email)
    for _ in range(5):
        client.post("/sign-in/code/", {"code": code(secret, 40)})
    answer = client.post("/sign-in/code/", {"code": code(secret)})

    assert "Too many" in str(answer.context["form"].errors)
    assert Entry.objects.filter(kind="second factor", action="refuse").count() == 5


def test_the_last_factor_stays(client, alice, secret):
    sign_in(client, alice.email)
    client.post("/sign-in/code/", {"code": code(secret)})
    client.post(f"{FACTORS}app/remove/")

    assert Authenticator.objects.filter(user=alice, type="totp").exists()


def test_setting_up_asks_for_a_proof_when_signing_in_is_long_ago(client_of, alice):
    assert client_of(alice).get(f"{FACTORS}app/").url.startswith("/proof/")


def test_somebody_elses_passkey_does_not_exist(client, alice, bob):
    key = Authenticator.objects.create(user=bob, type="webauthn", data={"name": "Bob's", "credential": {}})
    sign_in(client, alice.email)

    for way in ("", "remove/"):
        assert client.get(f"{FACTORS}passkeys/{key.pk}/{way}").status_code == 404
        assert client.post(f"{FACTORS}passkeys/{key.pk}/{way}").status_code == 404
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_secrets_do_not_stand_in_the_database(client, alice, secret):
    sign_in(client, alice.email)
    client.post("/sign-in/code/", {"code": code(secret)})

    stored = [str(one.data) for one in Authenticator.objects.all()]
    assert len(stored) == 1
    assert not any(secret in one for one in stored)


def test_a_sealed_secret_opens_after_the_key_was_changed_and_not_with_another(settings):
    sealed = sealing.seal("JBSWY3DPEHPK3PXP")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key that is long enough for everybody"
    assert sealing.unseal(sealed) == "JBSWY3DPEHPK3PXP"

    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(sealing.InvalidToken):
        sealing.unseal(sealed)


def test_in_the_demo_a_password_is_enough(client, alice, people, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    sign_in(client, alice.email)

    assert client.get(people).status_code == 200


def test_the_second_factor_is_required_outside_the_demo(settings):
    assert settings.SECOND_FACTOR_REQUIRED is not settings.DEMO
    call_command("check", verbosity=0)


def test_the_page_of_passkeys_opens_without_one_and_with_one(client, alice, secret):
    sign_in(client, alice.email)
    client.post("/sign-in/code/", {"code": code(secret)})
    none_yet = client.get(f"{FACTORS}passkeys/")
    Authenticator.objects.create(user=alice, type=Authenticator.Type.WEBAUTHN, data={"name": "Key on the ring", "credential": {}})
    one = client.get(f"{FACTORS}passkeys/")

    assert (none_yet.status_code, one.status_code) == (200, 200)
    assert "Key on the ring" in one.content.decode()
    assert "Key on the ring" not in none_yet.content.decode()
