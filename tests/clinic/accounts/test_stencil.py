"""A page that is drawn once and filled: everybody gets their own. On SQLite all pages of all tests are compared so too."""
from __future__ import annotations

import re

import pytest
from django.urls import reverse

from clinic.patients.people import at_work, make_patient
from clinic.people import make_person
from waterneedle.clinic.accounts import stencil
from waterneedle.clinic.accounts.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept():
    stencil._kept.clear()


@pytest.fixture
def chart(client_of, clinic):
    def read(user, patient, **more) -> str:
        client = client_of(user)
        for name, value in more.items():
            client.cookies[name] = value
        answer = client.get(reverse("visits:visits", kwargs={"clinic": clinic.slug, "patient": patient.uid}))
        assert answer.status_code == 200
        return answer.content.decode()

    return read


@pytest.fixture
def ana(alice, clinic):
    return make_patient(at_work(alice, clinic))


@pytest.fixture
def ben(alice, clinic):
    return make_patient(at_work(alice, clinic), given_name="Ben", family_name="<Other> & Son")


def test_each_patient_has_their_own_page(chart, alice, ana, ben):
    pages = [chart(alice, one) for one in (ana, ben, ana)]

    assert len(stencil._kept) == 1
    assert [str(ana.uid) in one for one in pages] == [True, False, True]
    assert [str(ben.uid) in one for one in pages] == [False, True, False]
    assert "&lt;Other&gt; &amp; Son" in pages[1] and "<Other>" not in pages[1]


def test_each_person_language_and_look_has_their_own(chart, alice, clinic, ana):
    tom = make_person(clinic, "Tom Reader", Role.AUDITOR, Role.PRACTITIONER)
    plain, dark, other = chart(alice, ana), chart(alice, ana, wn_theme="dark"), chart(tom, ana)
    alice.language = "es"
    alice.save()
    spanish = chart(alice, ana)

    assert 'data-theme="dark"' in dark and 'data-theme="dark"' not in plain
    assert "Tom Reader" in other and "Tom Reader" not in plain and alice.name not in other
    assert '<html lang="es"' in spanish
    assert chart(alice, ana) != plain


def test_no_two_answers_share_a_token_a_nonce_or_a_key(chart, alice, ana):
    pages = [chart(alice, ana) for _ in range(2)]

    for what in (r'name="csrfmiddlewaretoken" value="([^"]+)"', r'nonce="([^"]+)"', r'name="once" value="([^"]+)"'):
        one, other = ({*re.findall(what, page)} for page in pages)
        assert one and other and not one & other


def test_the_token_of_a_filled_page_is_taken(client_of, alice, clinic, ana):
    client = client_of(alice)
    client.handler.enforce_csrf_checks = True
    page = reverse("visits:visits", kwargs={"clinic": clinic.slug, "patient": ana.uid})
    begin = reverse("visits:begin", kwargs={"clinic": clinic.slug, "patient": ana.uid})
    client.get(page)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get(page).content.decode())[1]

    assert client.post(begin, {"csrfmiddlewaretoken": token}).status_code == 302
    assert client.post(begin, {"csrfmiddlewaretoken": "x" * len(token)}).status_code == 403


def test_a_message_is_said_once(client_of, clinic, alice, ana):
    client = client_of(alice)
    address = reverse("visits:visits", kwargs={"clinic": clinic.slug, "patient": ana.uid})
    client.get(address)
    kept = client.post(reverse("preferences"), {"language": "en", "theme": "light", "single_keys": "on"})
    pages = [client.get(address).content.decode() for _ in range(2)]

    assert kept.status_code == 302
    assert ["Kept for this browser" in one for one in pages] == [True, False]


@pytest.fixture
def fill(rf, alice, clinic, ana):
    request = rf.get(f"/c/{clinic.slug}/visits/")
    request.user, request.clinic, request.access = alice, clinic, at_work(alice, clinic)
    request.session, request.csp_nonce, request._messages = {}, "n" * 22, ()
    same = {"patient": ana, "has_visits": True, "has_older": False}

    def filled(value, *, look_at=str):
        page = stencil.filled(request, "visits/visits.html", lambda shown: same | {"shown": look_at(shown)}, {"shown": value})
        return page.content.decode()

    return filled


def test_a_value_is_escaped_and_an_empty_one_stays_empty(fill):
    assert ["&lt;p&gt;" in fill(one) for one in ("<p>", "", "<p>")] == [True, False, True]


def test_a_page_that_looks_at_its_values_is_found(fill, monkeypatch):
    monkeypatch.setattr(stencil, "compared", True)
    with pytest.raises(AssertionError, match="drawn"):
        fill("a note", look_at=str.upper)
