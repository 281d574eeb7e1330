"""Emergency access: one chart, one hour, one reason; the owner knows, and looks at it afterwards."""
from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from clinic.patients.people import make_patient
from clinic.people import make_person
from waterneedle.clinic.accounts import break_glass
from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.accounts.models import BreakGlass
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit.models import Entry

WHY = "She collapsed in the waiting room and I am alone here"


@pytest.fixture
def ana(clinic):
    una = make_person(clinic, "Una Universal", Role.PRACTITIONER)
    return make_patient(Access(una, clinic, frozenset({Role.PRACTITIONER})), "Ana Ruiz")


@pytest.fixture
def chart(clinic, ana):
    return reverse("patients:health", kwargs={"clinic": clinic.slug, "patient": ana.uid})


@pytest.fixture
def ask(clinic, ana):
    return reverse("accounts:emergency_begin", kwargs={"clinic": clinic.slug, "patient": ana.uid})


@pytest.fixture
def uses(clinic):
    return reverse("accounts:emergency_uses", kwargs={"clinic": clinic.slug})


def test_the_desk_reads_a_chart_after_saying_why_and_sees_that_it_is_an_emergency(client_of, bob, chart, ask):
    browser = client_of(bob)
    assert browser.get(chart).status_code == 404
    assert browser.post(ask, {"reason": WHY, "next": chart}).url == chart
    shown = browser.get(chart)

    assert shown.status_code == 200
    assert b"Emergency access until" in shown.content


def test_it_opens_one_chart_to_one_person(client_of, bob, clinic, ana, chart, ask):
    other = make_patient(Access(bob, clinic, frozenset({Role.OWNER})), "Luis Vega")
    colleague = make_person(clinic, "Carl Colleague", Role.FRONT_DESK)
    browser = client_of(bob)
    browser.post(ask, {"reason": WHY})

    assert browser.get(chart.replace(str(ana.uid), str(other.uid))).status_code == 404
    assert client_of(colleague).get(chart).status_code == 404


def test_it_ends_after_an_hour(client_of, bob, chart, ask, monkeypatch):
    browser = client_of(bob)
    browser.post(ask, {"reason": WHY})
    now = timezone.now()
    for minutes, status in ((59, 200), (61, 404)):
        BreakGlass.objects.update(
            began_at=now - timedelta(minutes=minutes), ends_at=now - timedelta(minutes=minutes) + timedelta(hours=1))
        assert browser.get(chart).status_code == status


def test_it_can_be_given_back(client_of, bob, clinic, chart, ask):
    browser = client_of(bob)
    browser.post(ask, {"reason": WHY})
    browser.post(BreakGlass.objects.get().end_url)

    assert browser.get(chart).status_code == 404


def test_it_changes_nothing_in_the_chart(client_of, bob, clinic, ana, ask):
    browser = client_of(bob)
    browser.post(ask, {"reason": WHY})
    add = reverse("patients:add_fact", kwargs={"clinic": clinic.slug, "patient": ana.uid, "kind": "allergy"})

    assert browser.post(add, {"allergy-said": "latex"}).status_code == 404


@pytest.mark.parametrize("reason", ["", "   ", "because"])
def test_without_a_reason_there_is_none(client_of, bob, chart, ask, reason):
    browser = client_of(bob)
    answer = browser.post(ask, {"reason": reason})

    assert answer.status_code == 422
    assert answer.context["form"].errors["reason"]
    assert browser.get(chart).status_code == 404


def test_who_may_not_ask_cannot(client_of, auditor, assistant, ask):
    assert client_of(auditor).post(ask, {"reason": WHY}).status_code == 404
    assert client_of(assistant).post(ask, {"reason": WHY}).status_code == 404


def test_every_owner_gets_a_letter_that_names_no_patient(client_of, owner, bob, clinic, ask):
    second = make_person(clinic, "Second Owner", Role.OWNER)
    client_of(bob).post(ask, {"reason": WHY})

    assert sorted(one.to[0] for one in mail.outbox) == sorted([owner.email, second.email])
    assert "Bob Baker" in mail.outbox[0].body
    assert not any(word in mail.outbox[0].body for word in ("Ana", "Ruiz", WHY))


def test_asking_twice_is_one_emergency(client_of, owner, bob, ask):
    browser = client_of(bob)
    browser.post(ask, {"reason": WHY})
    browser.post(ask, {"reason": WHY})

    assert BreakGlass.objects.count() == len(mail.outbox) == 1


def test_it_stands_in_the_trail_of_the_patient(client_of, bob, ana, ask):
    client_of(bob).post(ask, {"reason": WHY})

    entry = Entry.objects.get(action="break glass")
    assert (entry.patient_uid, entry.user_name) == (ana.uid, "Bob Baker")
    assert WHY not in entry.detail


def test_the_owner_reads_why_and_says_whether_it_was_right(client_of, owner, bob, ask, uses):
    client_of(bob).post(ask, {"reason": WHY})
    use = BreakGlass.objects.get()
    browser = client_of(owner)
    assert WHY.encode() in browser.get(uses).content
    browser.post(f"{uses}{use.uid}/review/", {"justified": "no", "note": "A colleague was there."})

    review = use.reviews.get()
    assert (review.justified, review.note, review.reviewed_by) == (False, "A colleague was there.", owner)
    assert b"It was not right" in browser.get(uses).content


def test_a_review_without_an_answer_is_asked_again(client_of, owner, bob, ask, uses):
    client_of(bob).post(ask, {"reason": WHY})
    answer = client_of(owner).post(f"{uses}{BreakGlass.objects.get().uid}/review/", {"note": "hm"})

    assert answer.status_code == 422
    assert b"hm" in answer.content


def test_the_auditor_reads_why_and_says_nothing(client_of, auditor, bob, ask, uses):
    client_of(bob).post(ask, {"reason": WHY})
    use, browser = BreakGlass.objects.get(), client_of(auditor)
    shown = browser.get(uses).content.decode()

    assert WHY in shown
    assert "<form" not in shown.partition("<article")[2].partition("</article>")[0]
    assert browser.post(f"{uses}{use.uid}/review/", {"justified": "yes"}).status_code == 404
    assert not use.reviews.exists()


def test_nobody_reviews_their_own(client_of, owner, clinic, ana, ask, uses):
    browser = client_of(owner)
    browser.post(ask, {"reason": WHY})
    use = BreakGlass.objects.get()

    assert browser.post(f"{uses}{use.uid}/review/", {"justified": "yes"}).status_code == 404
    with pytest.raises(ValueError, match="their own"):
        break_glass.review(use=use, justified=True, note="", by=Access(owner, clinic, frozenset({Role.OWNER})))


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "/c/hill/accounts/people/", "/account/"])
def test_the_way_on_stays_in_the_clinic(client_of, bob, ana, ask, elsewhere):
    assert client_of(bob).post(ask, {"reason": WHY, "next": elsewhere}).url == f"/c/harbor/patients/{ana.uid}/"


def test_each_page_of_the_patient_leads_to_the_chart_while_it_is_open(client_of, bob, clinic, ana, chart, ask):
    browser, page = client_of(bob), reverse("patients:patient", kwargs={"clinic": clinic.slug, "patient": ana.uid})
    before = browser.get(page).content.decode()
    assert ask in before
    assert chart not in before
    browser.post(ask, {"reason": WHY})
    shown = browser.get(page).content.decode()

    assert chart in shown
    assert "Emergency access until" in shown
    assert "allergies unknown" in shown


def test_its_end_leads_back_to_the_patient(client_of, bob, ana, chart, ask):
    browser = client_of(bob)
    browser.post(ask, {"reason": WHY})
    back = browser.post(BreakGlass.objects.get().end_url, follow=True)

    assert back.request["PATH_INFO"] == f"/c/harbor/patients/{ana.uid}/"
    assert chart not in back.content.decode()


@pytest.mark.parametrize(("role", "may"), [(Role.OWNER, True), (Role.AUDITOR, True), (Role.PRACTITIONER, False)])
def test_who_looks_at_the_uses_finds_them_in_the_menu(client_of, clinic, uses, role, may):
    start = reverse("home:today", kwargs={"clinic": clinic.slug})
    shown = client_of(make_person(clinic, "Mia Menu", role)).get(start).content.decode()

    assert (f'href="{uses}"' in shown) is may
