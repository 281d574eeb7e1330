"""Recovery codes: shown once, each opens once, and who reads the database learns none of them."""
from __future__ import annotations

import threading
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import check_password, identify_hasher
from django.db import connection

from clinic.accounts.test_second_factor import FACTORS, code
from clinic.accounts.test_sign_in import sign_in
from clinic.people import make_clinic, make_person
from waterneedle.clinic.accounts import recovery
from waterneedle.clinic.audit.models import Entry
from waterneedle.config import settings as real

CODES = f"{FACTORS}codes/"


@pytest.fixture
def secret(alice):
    secret = generate_totp_secret()
    TOTP.activate(alice, secret)
    return secret


@pytest.fixture
def inside(client, alice, secret):
    """A browser in which Alice has just signed in with her app."""
    sign_in(client, alice.email)
    client.post("/sign-in/code/", {"code": code(secret)})
    return client


def opens(client, user, typed: str) -> bool:
    client.post("/sign-out/")
    sign_in(client, user.email)
    client.post("/sign-in/code/", {"code": typed})
    return "_auth_user_id" in client.session


def test_each_code_opens_once(inside, alice):
    made = inside.post(CODES).context["made"]
    assert len(set(made)) == recovery.COUNT == recovery.left(alice)

    for number, one in enumerate(made[:4], 1):
        assert opens(inside, alice, one)
        assert not opens(inside, alice, one)
        assert recovery.left(alice) == recovery.COUNT - number


def test_codes_are_shown_in_one_answer_and_nowhere_else(inside, alice):
    answer = inside.post(CODES)
    made = answer.context["made"]

    assert all(one in answer.content.decode() for one in made)
    assert "no-store" in answer["Cache-Control"]
    for page in (CODES, FACTORS):
        assert not any(one in inside.get(page).content.decode() for one in made)
    assert not any(one in str(dict(inside.session)) for one in made)


def test_who_reads_the_database_and_has_its_key_recovers_no_code(alice, secret, settings):
    """Every text of every table, in the hashes that a real installation makes."""
    settings.PASSWORD_HASHERS = real.PASSWORD_HASHERS
    made = recovery.make(alice)
    bare = [one.replace("-", "") for one in made]

    assert not [one for text in texts() for one in (*made, *bare) if one in text.lower()]
    hashes = Authenticator.objects.get(user=alice, type="recovery_codes").data["hashes"]
    assert {identify_hasher(one).algorithm for one in hashes.values()} == {"scrypt"}
    assert len({one.split("$")[2] for one in hashes.values()}) == recovery.COUNT  # a salt for each
    assert check_password(bare[3], hashes["3"])
    assert Authenticator.objects.get(user=alice, type="recovery_codes").wrap().get_unused_codes() == []


def texts():
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                yield " ".join(bytes(one).decode("latin-1") if isinstance(one, bytes | memoryview) else str(one) for one in row)


def test_a_hash_is_slow_enough(settings):
    """Of 60 bits at this price nobody tries half: 2^59 × 0.02 s are 300 million years of one core."""
    settings.PASSWORD_HASHERS = real.PASSWORD_HASHERS
    assert recovery.LENGTH * 5 >= 60
    began = time.perf_counter()
    check_password("0abcdefghjkmn", "scrypt$16384$salt$8$5$" + "A" * 86 + "==")

    assert time.perf_counter() - began > 0.02


def test_a_code_is_read_as_people_write_it(alice):
    first, second, *_ = recovery.make(alice)

    assert recovery.use(alice, f"  {first.upper().replace('-', ' ')} ")
    assert recovery.use(alice, second.replace("0", "O").replace("1", "l"))
    assert recovery.left(alice) == 8


def test_new_codes_take_the_place_of_old_ones(inside, alice):
    old = inside.post(CODES).context["made"][0]
    new = inside.post(CODES).context["made"][0]

    assert not opens(inside, alice, old)
    assert opens(inside, alice, new)


def test_a_code_of_somebody_else_opens_nothing(alice, bob):
    assert recovery.use(bob, recovery.make(alice)[0]) is None


def test_making_codes_stands_in_the_trail_and_in_a_letter(inside, alice, mailoutbox):
    inside.post(CODES)

    assert [one.detail for one in Entry.objects.filter(kind="second factor", action="add")] == ['{"type":"recovery_codes"}']
    assert [one.to for one in mailoutbox] == [[alice.email]]


def test_wrong_codes_are_counted_and_soon_even_the_right_one_waits(inside, alice):
    made = inside.post(CODES).context["made"]
    inside.post("/sign-out/")
    sign_in(inside, alice.email)
    wrong = made[0][:-1] + ("0" if made[0][-1] != "0" else "1")
    for _ in range(5):
        inside.post("/sign-in/code/", {"code": wrong})
    answer = inside.post("/sign-in/code/", {"code": made[0]})

    assert "Too many" in str(answer.context["form"].errors)
    assert Entry.objects.filter(kind="second factor", action="refuse").count() == 5


def test_without_a_second_factor_there_are_no_codes(client, alice):
    sign_in(client, alice.email)

    assert client.post(CODES).url == FACTORS
    assert recovery.left(alice) == 0


def test_an_hour_after_signing_in_codes_ask_for_a_fresh_proof(client_of, alice, secret):
    assert client_of(alice).post(CODES).url.startswith("/proof/")
    assert recovery.left(alice) == 0


def test_the_last_factor_takes_the_codes_with_it(inside, alice, settings):
    inside.post(CODES)
    settings.SECOND_FACTOR_REQUIRED = False
    inside.post(f"{FACTORS}app/remove/")

    assert not Authenticator.objects.filter(user=alice).exists()


def test_two_who_send_one_code_at_one_moment_open_one_door(committed_db):
    alice = make_person(make_clinic("harbor", "Harbor"), "Alice Archer", "practitioner")
    typed, start, found = recovery.make(alice)[5], threading.Barrier(4), []

    def one() -> None:
        start.wait()
        found.append(recovery.use(alice, typed))
        connection.close()

    threads = [threading.Thread(target=one) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert len([one for one in found if one]) == 1


def test_codes_that_could_be_read_again_are_gone_after_the_migration(alice):
    from importlib import import_module  # late: its name begins with a number

    from django.apps import apps

    Authenticator.objects.create(user=alice, type="recovery_codes", data={"seed": "sealed", "used_mask": 0})
    migration = import_module("waterneedle.clinic.accounts.migrations.0004_recovery_codes_hashed")
    migration.forget_sealed_codes(apps, None)
    assert not Authenticator.objects.exists()

    recovery.make(alice)
    migration.forget_sealed_codes(apps, None)
    assert recovery.left(alice) == recovery.COUNT
