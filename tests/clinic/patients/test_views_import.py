from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clinic.patients.people import at_work, make_patient
from waterneedle.clinic.patients import importing
from waterneedle.clinic.patients.models import Import, Patient

FILE = b"First name,Last name,DOB\nAna,Ruiz,1982-03-14\n,Nobody,soon\n=1+1,Formula,\n"


@pytest.fixture
def send(client_of, owner, clinic):
    browser = client_of(owner)

    def sent(content, name="old.csv"):
        file = SimpleUploadedFile(name, content)
        return browser.post(reverse("patients:imports", args=[clinic.slug]), {"file": file}, follow=True)

    sent.browser = browser
    return sent


def address(clinic):
    return reverse("patients:import", args=[clinic.slug, Import.objects.get().uid])


def test_a_file_is_looked_at_with_everything_that_is_wrong(send):
    page = send(FILE)

    assert [problem.line for problem in page.context["problems"]] == [3, 3, 4]
    assert not Patient.objects.exists()


def test_it_is_brought_in_and_taken_back(send, clinic):
    send(FILE)
    refused = send.browser.post(address(clinic), {"answer": "bring in"})
    assert refused.status_code == 422 and not Patient.objects.exists()

    send.browser.post(address(clinic), {"answer": "bring in", "leave_out_problems": "on"})
    assert Patient.objects.filter(retracted_at=None).count() == 1

    send.browser.post(address(clinic), {"why": "wrong file"})
    assert not Patient.objects.filter(retracted_at=None).exists()


def test_what_somebody_has_used_since_stays_and_is_counted(send, clinic):
    send(b"First name,Last name,DOB\nAna,Ruiz,1982-03-14\nEva,Lund,1990-01-02\n")
    send.browser.post(address(clinic), {"answer": "bring in"})
    Patient.objects.filter(given_name="Eva").update(version=2)
    page = send.browser.get(address(clinic))
    assert (page.context["untouched"], page.context["used"]) == (1, 1)

    send.browser.post(address(clinic), {"why": "wrong file"})
    assert [one.given_name for one in Patient.objects.filter(retracted_at=None)] == ["Eva"]


def test_it_is_not_offered_to_take_back_what_was_all_used(send, clinic):
    send(b"First name,Last name,DOB\nAna,Ruiz,1982-03-14\n")
    send.browser.post(address(clinic), {"answer": "bring in"})
    Patient.objects.update(version=2)
    page = send.browser.get(address(clinic))
    assert page.status_code == 200 and b'name="why"' not in page.content

    send.browser.post(address(clinic), {"why": "wrong file"})
    assert Import.objects.get().undone_at is None
    assert Patient.objects.filter(retracted_at=None).count() == 1


OFFER = b'value="bring in"'


def test_nobody_is_offered_where_nobody_can_be_brought_in(send):
    page = send(b"First name,DOB\n,soon\n,later\n")

    assert page.status_code == 200 and page.context["sound"] == 0
    assert OFFER not in page.content


def test_who_all_look_like_somebody_else_can_be_said_to_be_other_people(send, clinic, owner):
    make_patient(at_work(owner, clinic), "Ana Ruiz", birth_date="1982-03-14")
    page = send(b"First name,Last name,DOB\nAna,Ruiz,1982-03-14\n")
    assert OFFER in page.content and page.context["to_bring_in"] == 0

    refused = send.browser.post(address(clinic), {"answer": "bring in", "leave_out_problems": "on"})
    assert refused.status_code == 422 and len(refused.context["errors"]) == 1
    assert b'name="leave_out_problems" checked' not in refused.content  # there are no problems to leave out
    send.browser.post(address(clinic), {"answer": "bring in", "take_alike": "on"})
    assert Patient.objects.count() == 2


def test_what_was_ticked_stays_when_it_is_refused(send, clinic, owner):
    make_patient(at_work(owner, clinic), "Ana Ruiz", birth_date="1982-03-14")
    send(FILE)
    refused = send.browser.post(address(clinic), {"answer": "bring in", "leave_out_problems": "on"})

    assert refused.status_code == 422
    assert b'name="leave_out_problems" checked' in refused.content


def test_columns_are_chosen_anew(send, clinic):
    send(b"Rufname,Nachname\nAna,Ruiz\n")
    page = send.browser.post(address(clinic), {"answer": "look", "column": ["given_name", "family_name"], "day_first": "true"})

    assert page.context["mistaken"] == []
    assert page.context["sound"] == 1


@pytest.mark.parametrize("columns", [["nonsense", ""], ["given_name"], ["given_name"] * 50, ["given_name", "given_name"]])
def test_a_choice_that_cannot_be_is_said(send, clinic, columns):
    send(b"Name one,Name two\nAna,Ruiz\n")
    page = send.browser.post(address(clinic), {"answer": "bring in", "column": columns})

    assert page.status_code == 422 and page.context["mistaken"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"First name\n\xff\xfe\n", b"x" * (importing.MOST_BYTES + 1)])
def test_a_file_that_is_no_table_is_answered_beside_the_field(send, content):
    page = send(content)

    assert page.status_code == 422 and page.context["form"].errors["file"]
    assert not Import.objects.exists()


def test_what_stands_in_a_file_is_shown_harmless(send):
    page = send(b"First name,Last name\n<script>alert(1)</script>,<b>x\n", name="<img src=x>.csv")

    assert b"<script>alert(1)" not in page.content and b"<img src=x>" not in page.content
