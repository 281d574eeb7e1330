"""The owner's trail: filtered, ordered by a list of allowed words, exported, and never another clinic's."""
from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.audit.writing import append
from clinic.people import make_person
from waterneedle.clinic.accounts.access import access_to
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.audit.who import Where, machine, where
from waterneedle.clinic.home.trail import SORTS
from waterneedle.clinic.patients.actions import add_fact, create_patient, end_fact


@pytest.fixture
def patient(clinic):
    return create_patient(
        clinic=clinic, fields={"given_name": "Ana", "family_name": "Ruiz"}, by=machine("test", clinic))


@pytest.fixture
def some(clinic, alice, bob, patient):
    """Alice opens and changes Ana's chart, Bob opens the list."""
    token = where.set(Where(ip="10.0.0.7", agent="a" * 16, request_id="b" * 16))
    append(by=access_to(alice, clinic.slug), action="read", kind="chart", patient=patient.uid)
    append(by=access_to(alice, clinic.slug), action="change", kind="allergy", patient=patient.uid, detail={"reason": "=cmd()"})
    append(by=access_to(bob, clinic.slug), action="read", kind="day")
    where.reset(token)


def url(clinic, name="trail", **more):
    return reverse(f"home:{name}", kwargs={"clinic": clinic.slug, **more})


def rows(response):
    """What the page shows, without who signed in."""
    shown = [row["entry"] for row in response.context["rows"] if row["entry"].kind != "session"]
    return [(one.user_name, one.action, one.kind) for one in shown]


ALICE_READS, ALICE_CHANGES, BOB_READS = (
    ("Alice Archer", "read", "chart"), ("Alice Archer", "change", "allergy"), ("Bob Baker", "read", "day"))


def test_the_owner_sees_who_did_what_the_latest_on_top(some, clinic, owner, client_of):
    response = client_of(owner).get(url(clinic))

    assert rows(response)[:3] == [BOB_READS, ALICE_CHANGES, ALICE_READS]
    assert "Ana Ruiz" in response.content.decode()


def test_the_auditor_sees_chart_numbers_and_no_name(some, clinic, auditor, patient, client_of):
    browser = client_of(auditor)
    for address in (url(clinic), url(clinic, "trail_of", patient=patient.uid)):
        page = browser.get(address).content.decode()
        assert "Ruiz" not in page
        assert f"hart {patient.number}" in page


def test_a_patients_trail_is_who_opened_it(some, clinic, owner, patient, client_of):
    found = rows(client_of(owner).get(url(clinic, "trail_of", patient=patient.uid)))

    assert found[:2] == [ALICE_CHANGES, ALICE_READS]
    assert BOB_READS not in found


@pytest.mark.parametrize(("query", "expected"), [
    ({"what": "reads"}, [BOB_READS, ALICE_READS]),
    ({"what": "writes"}, [ALICE_CHANGES]),
    ({"person": "bob"}, [BOB_READS]),
    ({"chart": "1"}, [ALICE_CHANGES, ALICE_READS]),
])
def test_the_trail_is_filtered(some, clinic, owner, bob, client_of, query, expected):
    if query.get("person"):
        query = {"person": str(bob.uid)}
    found = [row for row in rows(client_of(owner).get(url(clinic), query)) if row in (ALICE_READS, ALICE_CHANGES, BOB_READS)]

    assert found == expected


def test_the_trail_is_of_a_time(some, clinic, owner, client_of):
    today = timezone.localdate(timezone=clinic.tzinfo)
    browser = client_of(owner)

    assert rows(browser.get(url(clinic), {"until": today - timedelta(days=1)})) == []
    assert BOB_READS in rows(browser.get(url(clinic), {"since": today, "until": today}))


@pytest.mark.parametrize("sort", [*SORTS, "-when", "-who"])
def test_the_trail_is_ordered_by_each_column(some, clinic, owner, client_of, sort):
    response = client_of(owner).get(url(clinic), {"sort": sort})
    values = [getattr(row["entry"], SORTS[sort.removeprefix("-")]) or "" for row in response.context["rows"]]
    given = [str(value) for value in values if value]

    assert response.status_code == 200
    assert given == sorted(given, reverse=sort.startswith("-"))


@pytest.mark.parametrize("sort", ["user_name", "password", "at; drop table audit_entry", "-", "clinic_id", "chain__link"])
def test_no_other_word_orders_it(some, clinic, owner, client_of, sort):
    response = client_of(owner).get(url(clinic), {"sort": sort})

    assert response.status_code == 200
    assert [row["entry"].at for row in response.context["rows"]] == sorted(
        (row["entry"].at for row in response.context["rows"]), reverse=sort.startswith("-"))


@pytest.mark.parametrize("query", [{"since": "yesterday"}, {"chart": "999"}, {"chart": "x"}, {"person": "nobody"}, {"page": "x"}])
def test_a_filter_that_cannot_be_understood_is_said(some, clinic, owner, client_of, query):
    response = client_of(owner).get(url(clinic), query)

    assert response.status_code == (200 if "page" in query else 422)
    assert BOB_READS in rows(response)


def test_the_file_holds_every_row_and_that_it_was_taken_is_in_the_trail(some, clinic, owner, patient, client_of):
    response = client_of(owner).get(url(clinic, "trail_export"), {"chart": patient.number})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    table = list(csv.DictReader(io.StringIO(text)))

    assert [(row["who"], row["action"], row["address"]) for row in table[1:3]] == [
        ("Alice Archer", "change", "10.0.0.7"), ("Alice Archer", "read", "10.0.0.7")]
    assert Entry.objects.filter(action="export", kind="trail", patient_uid=patient.uid).count() == 1
    assert {row["chart number"] for row in table} == {str(patient.number)}


@pytest.mark.parametrize(("roles", "told"), [(["auditor"], False), (["owner"], False), (["owner", "practitioner"], True)])
def test_the_file_says_nothing_of_a_chart_to_who_reads_none(clinic, alice, patient, client_of, roles, told):
    by = access_to(alice, clinic.slug)
    fact = add_fact(patient=patient, kind="medication", said="warfarin", by=by)
    end_fact(fact=fact, why="bled from the stomach", by=by)
    reader = make_person(clinic, "Rita Reader", *roles)
    text = b"".join(client_of(reader).get(url(clinic, "trail_export")).streaming_content).decode()

    assert ("bled from the stomach" in text, "medication" in text) == (told, True)


def test_a_spreadsheet_runs_nothing(some, clinic, owner, alice, client_of):
    alice.name = "=HYPERLINK(1)"
    append(by=access_to(alice, clinic.slug), action="read", kind="chart")
    alice.save()
    append(by=access_to(alice, clinic.slug), action="read", kind="chart")
    text = b"".join(client_of(owner).get(url(clinic, "trail_export")).streaming_content).decode()

    assert "'=HYPERLINK(1)" in text
    assert ",=" not in text


def test_looking_is_in_the_trail_too(clinic, owner, patient, client_of):
    client_of(owner).get(url(clinic, "trail_of", patient=patient.uid))
    entry = Entry.objects.get(kind="trail", action="read")

    assert (entry.user_name, entry.patient_uid) == ("Olga Owner", patient.uid)


def test_other_roles_and_another_clinic_see_nothing(some, clinic, other_clinic, alice, bob, instructor, charlie, client_of):
    for person in (alice, bob, instructor, charlie):
        for name in ("trail", "trail_export"):
            assert client_of(person).get(url(clinic, name)).status_code == 404
    assert rows(client_of(charlie).get(url(other_clinic))) == []


def test_a_long_trail_takes_the_same_queries(some, clinic, owner, alice, patient, client_of, django_assert_max_num_queries):
    browser = client_of(owner)
    for _ in range(30):
        append(by=access_to(alice, clinic.slug), action="read", kind="chart", patient=patient.uid)
    with django_assert_max_num_queries(20):
        browser.get(url(clinic))
