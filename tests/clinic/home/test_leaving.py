"""Who is at the desk notes that a patient has left."""
from __future__ import annotations

import pytest
from django.urls import reverse

from clinic.patients.people import at_work, make_patient
from clinic.visits.charting import make_visit
from waterneedle.clinic.visits import actions
from waterneedle.clinic.visits.day import not_left
from waterneedle.clinic.visits.models import VisitState

HERE = {"clinic": "harbor"}


@pytest.fixture
def visit(alice, clinic):
    by = at_work(alice, clinic)
    return make_visit(by, make_patient(by))


def url(visit):
    return reverse("home:leave", kwargs=HERE | {"patient": visit.patient.uid, "visit": visit.uid})


def is_listed(visit):
    return visit.pk in {one.visit.pk for one in not_left(visit.clinic, visit.day)}


@pytest.mark.parametrize("page", ["close", "today"])
def test_the_desk_notes_it_where_it_reads_that_somebody_is_still_here(visit, bob, client_of, page):
    desk = client_of(bob)
    assert url(visit) in desk.get(reverse(f"home:{page}", kwargs=HERE)).content.decode()

    answer = desk.post(url(visit), {"from": page})
    assert answer.url == reverse(f"home:{page}", kwargs=HERE)
    assert not is_listed(visit) and url(visit) not in desk.get(answer.url).content.decode()


def test_it_is_noted_once(visit, bob, client_of):
    for _twice in range(2):
        client_of(bob).post(url(visit))

    assert VisitState.objects.filter(visit=visit, step="left", made_by=bob).count() == 1


def test_who_is_observed_stays_observed_and_the_desk_is_told(visit, alice, bob, clinic, client_of):
    actions.observe(visit=visit, minutes=30, by=at_work(alice, clinic))

    answer = client_of(bob).post(url(visit), follow=True)
    assert "still being observed" in answer.content.decode()
    assert visit.observations.get().ended_at is None


def test_nobody_of_another_clinic_does(visit, charlie, client_of):
    assert client_of(charlie).post(url(visit)).status_code == 404
    assert is_listed(visit)
