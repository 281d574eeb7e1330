"""Who may come in: a token opens what it says, for as long as it says, and only the owner of its clinic makes one."""
from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.api.conftest import Program, make_token
from clinic.api.test_doors import ANA, CHECKIN, PLAN, refused
from waterneedle.api import actions
from waterneedle.api.models import Token
from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.audit.verify import verify

HOSTILE = "<script>alert(1)</script> {{ 7|add:7 }} '; DROP TABLE api_token; -- \u202eelif"


@pytest.fixture
def address(clinic):
    return reverse("api:tokens", kwargs={"clinic": clinic.slug})


def asked(**changes):
    day = timezone.now().date() + timedelta(days=30)
    return {"name": "website", "scopes": ["check"], "last_day": day.isoformat(), **changes}


def revoke_address(clinic, token):
    return reverse("api:revoke", kwargs={"clinic": clinic.slug, "token": token.uid})


# --- in by token

def test_without_a_token_no_door_opens(db):
    stranger = Program(None)

    for response in (stranger.post("check", PLAN), stranger.post("triage", CHECKIN), stranger.get("body", ANA)):
        assert refused(response) == (401, "")
        assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", [
    "Bearer", "Bearer ", "Basic b2xnYTp4", "wn_abc", "Bearer wn_" + "a" * 43, "Bearer " + "x" * 10_000, "Bearer \xff\xfe",
    "Bearer \x00"])
def test_what_is_no_token_opens_nothing(token, header):
    stranger = Program(None)
    stranger.headers = {"Authorization": header}

    assert refused(stranger.post("check", PLAN)) == (401, "")


def test_a_session_is_no_token(client_of, owner):
    assert client_of(owner).post("/api/v1/check", PLAN, content_type="application/json").status_code == 401


def test_a_token_opens_what_it_says_and_nothing_else(program_with):
    program = program_with("triage")

    assert program.post("triage", CHECKIN).status_code == 200
    assert [refused(one) for one in (program.post("check", PLAN), program.get("body", ANA))] == [(403, "")] * 2


def test_a_token_that_has_expired_opens_nothing(program_with):
    assert refused(program_with(ends=-timedelta(seconds=1)).post("check", PLAN)) == (401, "")


def test_a_token_that_is_revoked_opens_nothing_from_then_on(program, token, clinic, client_of, owner):
    assert program.post("check", PLAN).status_code == 200
    client_of(owner).post(revoke_address(clinic, token[0]))

    assert refused(program.post("check", PLAN)) == (401, "")


def test_unknown_expired_and_revoked_are_answered_alike(program_with, token, clinic, owner):
    actions.revoke(token=token[0], by=Access(owner, clinic, frozenset({Role.OWNER})), now=timezone.now())
    programs = (Program("wn_" + "a" * 43), Program(token[1]), program_with(name="old", ends=-timedelta(seconds=1)))
    answers = [one.post("check", PLAN) for one in programs]

    assert len({(one.status_code, one.content, one.headers["WWW-Authenticate"]) for one in answers}) == 1


def test_a_secret_is_looked_up_by_its_hash_whatever_it_is_like(token, django_assert_num_queries):
    """One query for each that is not on file, however near it is: the time says nothing."""
    for secret in ("", "x", token[1][:-1], token[1] + "x", token[1].swapcase(), "wn_" + "a" * 43):
        with django_assert_num_queries(1):
            assert actions.use(secret, scope="check", now=timezone.now(), per_minute=1) is None


def test_the_row_does_not_hold_the_secret(token):
    row, secret = token

    assert secret not in str(Token.objects.values().get(pk=row.pk))
    assert bytes(row.hash) == actions.hash_of(secret)
    assert len(secret) >= 46 and secret.startswith(row.begins) and len(row.begins) == 9


def test_a_token_comes_in_so_often_a_minute_and_no_more(program, token, settings, clinic, owner):
    settings.API_PER_MINUTE = 3
    statuses = [program.post("triage", CHECKIN).status_code for _ in range(3)]
    response = program.post("triage", CHECKIN)

    assert (statuses, refused(response)) == ([200] * 3, (429, ""))
    assert 1 <= int(response.headers["Retry-After"]) <= 61
    assert Program(make_token(clinic, owner, name="other")[1]).post("triage", CHECKIN).status_code == 200
    Token.objects.filter(pk=token[0].pk).update(window_at=timezone.now() - timedelta(seconds=61))
    assert program.post("triage", CHECKIN).status_code == 200


# --- in the trail

def test_every_use_is_in_the_trail_of_its_clinic_without_what_was_asked(program, token, clinic, settings):
    settings.API_PER_MINUTE = 2
    before = Entry.objects.count()
    for _ in range(5):
        program.post("check", PLAN)
    entries = list(Entry.objects.order_by("seq").filter(kind="token", clinic_id=clinic.id))[1:]

    # Of those that come too often the first alone: who floods the door does not fill the trail.
    assert [one.action for one in entries] == ["use", "use", "refuse"]
    assert {(one.user_name, one.role, one.object_uid, one.patient_uid) for one in entries} == {
        ("website", "token", str(token[0].uid), None)}
    assert json.loads(entries[0].detail) == {"door": "check"}
    assert Entry.objects.count() == before + 3
    assert Token.objects.get(pk=token[0].pk).last_used_at is not None


def test_what_was_refused_is_in_the_trail(program_with, clinic):
    program_with("body").post("check", PLAN)
    program_with(name="old", ends=-timedelta(seconds=1)).post("check", PLAN)

    refusals = Entry.objects.filter(kind="token", action="refuse", clinic_id=clinic.id).order_by("seq")
    assert [json.loads(one.detail)["why"] for one in refusals] == ["scope", "closed"]


def test_a_token_leaves_its_trail_in_its_own_clinic(program, clinic, other_clinic, charlie):
    theirs = Program(make_token(other_clinic, charlie)[1])
    before = Entry.objects.filter(clinic_id=clinic.id).count()

    assert theirs.post("triage", CHECKIN).status_code == 200
    assert Entry.objects.filter(clinic_id=clinic.id).count() == before


def test_who_is_not_known_writes_nothing(token):
    before = Entry.objects.count()
    Program("wn_" + "a" * 43).post("check", PLAN)

    assert Entry.objects.count() == before


def test_the_trail_stays_whole(program):
    program.post("check", PLAN)

    assert (verify().ok, verify().rows > 0) == (True, True)


# --- the page of the owner

def test_the_owner_makes_a_token_and_sees_it_once(client_of, owner, address):
    made = client_of(owner).post(address, asked())
    secret = made.context["secret"]

    assert secret in made.content.decode()
    assert "no-store" in made.headers["Cache-Control"]
    assert Program(secret).post("check", PLAN).status_code == 200
    shown = client_of(owner).get(address).content.decode()
    assert secret[:9] in shown and secret not in shown


def test_a_token_is_good_to_the_end_of_its_last_day_in_the_clinic(client_of, owner, address, clinic):
    day = timezone.now().astimezone(clinic.tzinfo).date()
    client_of(owner).post(address, asked(last_day=day.isoformat()))
    ends = Token.objects.get(clinic=clinic).expires_at.astimezone(clinic.tzinfo)

    assert (ends.date(), ends.hour, ends.minute) == (day + timedelta(days=1), 0, 0)


@pytest.mark.parametrize(("changes", "field"), [
    ({"name": ""}, "name"), ({"name": "x" * 81}, "name"), ({"name": "a\x00b"}, "name"), ({"scopes": []}, "scopes"),
    ({"scopes": ["everything"]}, "scopes"), ({"last_day": "2020-01-01"}, "last_day"), ({"last_day": "9999-12-31"}, "last_day"),
    ({"last_day": "soon"}, "last_day")])
def test_what_is_wrong_stands_beside_its_field(client_of, owner, address, changes, field):
    response = client_of(owner).post(address, asked(**changes))

    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert not Token.objects.exists()


def test_a_name_is_free_again_when_its_token_is_revoked(client_of, owner, address, clinic):
    browser = client_of(owner)
    browser.post(address, asked())
    assert list(browser.post(address, asked()).context["form"].errors) == ["name"]
    browser.post(revoke_address(clinic, Token.objects.get(clinic=clinic)))

    assert browser.post(address, asked()).status_code == 200


def test_a_hostile_name_shows_as_text(client_of, owner, address, clinic):
    browser = client_of(owner)
    pages = [browser.post(address, asked(name=HOSTILE)).content.decode(), browser.get(address).content.decode()]

    assert Token.objects.get(clinic=clinic).name == HOSTILE
    for page in pages:
        assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page and "{{ 7|add:7 }}" in page


@pytest.mark.parametrize("person", ["alice", "bob", "assistant", "auditor", "instructor", "charlie"])
def test_who_is_not_the_owner_finds_nothing(request, client_of, address, token, clinic, person):
    browser = client_of(request.getfixturevalue(person))

    assert [browser.get(address).status_code, browser.post(address, asked(name="mine")).status_code] == [404, 404]
    assert browser.post(revoke_address(clinic, token[0])).status_code == 404
    assert [one.revoked_at for one in Token.objects.all()] == [None]


def test_the_token_of_another_clinic_is_not_found_under_ones_own(client_of, charlie, other_clinic, token):
    assert client_of(charlie).post(revoke_address(other_clinic, token[0])).status_code == 404
    assert Token.objects.get(pk=token[0].pk).revoked_at is None
    assert token[0].begins not in client_of(charlie).get(reverse("api:tokens", kwargs={"clinic": "hill"})).content.decode()


def test_revoking_twice_is_written_down_once(client_of, owner, token, clinic):
    browser = client_of(owner)
    for _ in range(2):
        assert browser.post(revoke_address(clinic, token[0])).status_code == 302

    assert Entry.objects.filter(kind="token", action="end").count() == 1


def test_one_token_and_three_take_the_same_queries(client_of, owner, address, clinic, token, django_assert_max_num_queries):
    browser = client_of(owner)
    browser.get(address)
    with django_assert_max_num_queries(10) as one:
        browser.get(address)
    for name in ("two", "three"):
        make_token(clinic, owner, name=name)
    with django_assert_max_num_queries(len(one)):
        browser.get(address)
