"""The button for a reaction stands on every page of who may say that somebody reacts, whatever page it is."""
from __future__ import annotations

import re

import pytest
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone

from clinic.people import make_clinic, make_person
from clinic.visits.charting import ago
from clinic.world import make_world
from waterneedle.clinic.accounts.models import Membership
from waterneedle.clinic.accounts.roles import Role, scope
from waterneedle.clinic.accounts.routes import Route, routes
from waterneedle.clinic.visits import views_after
from waterneedle.clinic.visits.models_after import Reaction

MAY = [one for one in Role.values if scope(one, "reaction.write")]
OF_STAFF = [one for one in routes() if one.declared.kind in ("staff", "signed in")]
# What who is signed in reads too, though nobody has to be.
ALSO = [one for one in routes() if one.name in ("preferences", "account_reauthenticate")]
BUTTON = re.compile(
    r'href="(/c/harbor/visits/reactions/who/|/reaction/)"|action="/c/harbor/visits/patients/[0-9a-f-]{36}/reactions/begin/"')
# A paper for the printer, which has no buttons at all.
PAPERS = {"intake:printed"}


def pages(client, place, found: list[Route]) -> list[tuple[str, int, str]]:
    """(route, status, page) of each of the routes that answers a whole page, an error among them."""
    answers = []
    for route in found:
        arguments = {"pk": 1} if "pk" in route.arguments else place.arguments(route)
        answer = client.get(reverse(route.name, kwargs=arguments), headers={"Accept": "text/html"})
        is_page = not answer.streaming and answer.headers.get("Content-Type", "").startswith("text/html")
        if is_page and "</html>" in (page := answer.content.decode()):
            answers.append((route.name, answer.status_code, page))
    return answers


@pytest.mark.django_db
@pytest.mark.parametrize("role", MAY)
def test_it_is_on_every_page_of_who_may_press_it(role, client_of):
    world = make_world()
    client = client_of(world.people[role])
    client.raise_request_exception = False

    found = pages(client, world.here, OF_STAFF + ALSO)

    assert {200, 404} <= {status for _name, status, _page in found}
    assert {"own", "mfa_index"} <= {name for name, status, _page in found if status == 200}
    assert [(name, status) for name, status, page in found if name not in PAPERS and not BUTTON.search(page)] == []


def test_it_is_on_the_page_of_a_mistake_of_ours_and_on_that_of_a_busy_database(client_of, alice, monkeypatch):
    client, busy = client_of(alice), OperationalError("database is locked")
    client.raise_request_exception = False
    for broken, status in ((RuntimeError("apixaban"), 500), (busy, 503)):
        def dumps(*_given, broken=broken, **_named):
            raise broken

        monkeypatch.setattr(views_after.signing, "dumps", dumps)
        answer = client.get("/c/harbor/visits/reactions/who/")

        assert answer.status_code == status
        assert 'href="/reaction/"' in answer.content.decode()


def test_it_is_on_no_page_of_who_is_not_signed_in(client):
    for address in ("/nothing/", "/preferences/", "/sign-in/"):
        assert "/reaction/" not in client.get(address).content.decode()


def test_an_auditor_who_reads_no_names_has_none_and_finds_nothing_at_its_address(client_of, clinic):
    auditor = client_of(make_person(clinic, "Aldo Audit", Role.AUDITOR))

    for address in ("/c/harbor/home/", "/account/", "/nothing/"):
        assert not BUTTON.search(auditor.get(address).content.decode())
    assert auditor.get("/reaction/").status_code == 404


def test_who_works_in_one_clinic_is_led_to_who_is_there(client_of, alice):
    answer = client_of(alice).get("/reaction/")

    assert answer.url == "/c/harbor/visits/reactions/who/"


def test_who_works_in_two_is_asked_in_which_and_the_time_of_the_press_stays(client_of, alice, ana):
    hill = make_clinic("hill", "Hill Clinic")
    Membership.objects.create(clinic=hill, user=alice, role=Role.ASSISTANT)
    mine = make_clinic("mill", "Mill Clinic")
    Membership.objects.create(clinic=mine, user=alice, role=Role.AUDITOR)
    client = client_of(alice)
    assert BUTTON.search(client.get("/").content.decode())
    asked = client.get("/reaction/").content.decode()
    assert "Harbor" in asked and "Hill Clinic" in asked and "Mill Clinic" not in asked
    pressed = re.search(r'name="pressed" value="([^"]+)"', asked)[1]

    with ago(minutes=-3):
        who = client.post("/c/harbor/visits/reactions/who/", {"pressed": pressed}).content.decode()
        kept = re.search(r'name="pressed" value="([^"]+)"', who)[1]
        client.post(reverse("visits:begin_reaction", kwargs={"clinic": "harbor", "patient": ana.uid}), {"pressed": kept})

    assert Reaction.objects.get().began_at < timezone.now()
