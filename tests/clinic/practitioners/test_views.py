from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from clinic.patients.people import at_work
from clinic.practitioners.papers import make_practitioner
from waterneedle.clinic.practitioners.models import PAPERS, Licence, Practitioner
from waterneedle.clinic.practitioners.queries import on_file


@pytest.fixture
def ready(alice, owner, clinic):
    made = make_practitioner(alice, at_work(owner, clinic))
    for model in PAPERS.values():
        if hasattr(model, "expires"):
            model.objects.update(expires=datetime.date(2999, 1, 1))
    return made


def url(name, practitioner=None, **more):
    where = {"clinic": "harbor"} | ({"practitioner": practitioner.uid} if practitioner else {})
    return reverse(f"practitioners:{name}", kwargs=where | more)


def licence(place, number="1"):
    return {"licence-jurisdiction": place, "licence-number": number, "licence-expires": "2030-01-01", "licence-seen": "original"}


def rows(answer):
    return {row["practitioner"].user.name: row["answer"].granted for row in answer.context["rows"]}


def test_the_page_says_who_may_inject_and_why_not(client_of, alice, owner, assistant, clinic, ready):
    make_practitioner(assistant, at_work(owner, clinic), without="licence")

    answer = client_of(alice).get(url("practitioners"))

    assert rows(answer) == {"Alice Archer": True, "Ann Assistant": False}


def test_the_page_answers_for_one_product_and_route(client_of, alice, ready):
    assert rows(client_of(alice).get(url("practitioners"), {"product": "", "route": "IM"})) == {"Alice Archer": True}


def test_the_owner_enters_and_withdraws_a_paper(client_of, owner, ready):
    browser = client_of(owner)
    paper = licence("US-FL", "AP 12")
    assert browser.post(url("add_paper", ready, kind="licence"), paper).status_code == 302
    made = Licence.objects.get(jurisdiction="US-FL")

    assert browser.post(url("withdraw", ready, kind="licence", paper=made.uid), {"why": ""}).status_code == 302
    assert Licence.objects.get(pk=made.pk).withdrawn_at is None
    browser.post(url("withdraw", ready, kind="licence", paper=made.uid), {"why": "another person's"})
    assert Licence.objects.get(pk=made.pk).withdrawn_at is not None


@pytest.mark.parametrize(("kind", "fields", "wrong"), [
    ("licence", {"jurisdiction": "US-WA", "number": "1", "since": "2030-01-01", "expires": "2029-01-01", "seen": "x"}, "expires"),
    ("licence", {"jurisdiction": "Atlantis", "number": "1", "expires": "2029-01-01", "seen": "x"}, "jurisdiction"),
    ("training", {"course": "c", "provider": "p", "completed_on": "2024-01-01", "hours": "8", "hands_on_hours": "9", "seen": "x"},
     "hands_on_hours"),
    ("training", {"course": "c", "provider": "p", "completed_on": "2024-01-01", "hours": "-1", "seen": "x"}, "hours")])
def test_a_paper_that_cannot_be_is_told_beside_its_field(client_of, owner, ready, kind, fields, wrong):
    typed = {f"{kind}-{name}": value for name, value in fields.items()}
    answer = client_of(owner).post(url("add_paper", ready, kind=kind), typed)

    assert answer.status_code == 422
    assert [list(one["form"].errors) for one in answer.context["kinds"] if one["kind"] == kind] == [[wrong]]


@pytest.mark.parametrize(("change", "status"), [
    ({}, 422), ({"course": "point  Injection"}, 422), ({"completed_on": "2024-05-01"}, 302), ({"course": "Emergencies"}, 302)])
def test_the_hours_of_a_course_count_once(client_of, owner, ready, change, status):
    before = on_file(ready).papers["training"]
    typed = {"course": "Point injection", "provider": "School", "completed_on": "2024-04-01", "hours": "26", "seen": "paper"}

    answer = client_of(owner).post(
        url("add_paper", ready, kind="training"), {f"training-{name}": value for name, value in (typed | change).items()})

    assert answer.status_code == status
    assert len(on_file(ready).papers["training"]) - len(before) == (status == 302)


def test_a_practitioner_enters_their_own_licence_and_not_their_own_certificate(client_of, alice, ready):
    certificate = {"certificate-issuer": "me", "certificate-certified_on": "2026-01-01", "certificate-seen": "original"}
    browser = client_of(alice)

    assert browser.post(url("add_paper", ready, kind="licence"), licence("US-MT")).status_code == 302
    assert browser.post(url("add_paper", ready, kind="certificate"), certificate).status_code == 422


def test_nobody_writes_another_persons_papers_but_the_owner(client_of, alice, assistant, owner, clinic, ready):
    other = make_practitioner(assistant, at_work(owner, clinic))

    assert client_of(alice).post(url("add_paper", other, kind="licence"), {}).status_code == 404


def test_an_instructor_sees_students_they_answer_for_and_nobody_else(client_of, instructor, owner, assistant, clinic, ready):
    by = at_work(owner, clinic)
    teacher = make_practitioner(instructor, by)
    student = make_practitioner(assistant, by, profession="student")
    Practitioner.objects.filter(pk=student.pk).update(supervised_by=teacher)
    browser = client_of(instructor)

    assert set(rows(browser.get(url("practitioners")))) == {"Ines Instructor", "Ann Assistant"}
    assert browser.get(url("practitioner", ready)).status_code == 404


def test_somebody_who_treats_is_added_once(client_of, owner, alice):
    browser = client_of(owner)
    browser.post(url("new"), {"user": alice.pk, "profession": "acupuncturist"})

    assert Practitioner.objects.get().user == alice
    assert browser.post(url("new"), {"user": alice.pk, "profession": "nurse"}).status_code == 422


def test_the_desk_and_another_clinic_see_no_papers(client_of, bob, charlie, ready):
    assert client_of(bob).get(url("practitioner", ready)).status_code == 404
    assert client_of(charlie).get(url("practitioner", ready)).status_code == 404
    there = reverse("practitioners:practitioner", kwargs={"clinic": "hill", "practitioner": ready.uid})
    assert client_of(charlie).get(there).status_code == 404


def test_the_page_of_a_practitioner_says_why_in_words(client_of, owner, alice, clinic):
    practitioner = make_practitioner(alice, at_work(owner, clinic), without="licence")

    page = client_of(owner).get(url("practitioner", practitioner))

    assert "practitioner_license" in [one.rule for one in page.context["verdict"].against]
    assert "Permission(" not in page.content.decode()
