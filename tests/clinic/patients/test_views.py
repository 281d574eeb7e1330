from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from clinic.patients.people import at_work, make_patient
from waterneedle.clinic.patients import actions
from waterneedle.clinic.patients.models import Guardian, HealthFact, Joined, Measure, Patient

HOSTILE = "<script>alert(1)</script>'\"{{7*7}}"


@pytest.fixture
def treating(clinic, alice):
    return at_work(alice, clinic)


@pytest.fixture
def ana(treating):
    return make_patient(treating, phone="206 555 4417")


def url(name, patient=None, **more):
    return reverse(f"patients:{name}", kwargs={"clinic": "harbor"} | ({"patient": patient.uid} if patient else {}) | more)


def typed(**fields):
    return {"given_name": "Bo", "family_name": "Lind", "birth_date": "1990-01-02", "sex": "male"} | fields


def test_a_patient_is_entered_and_shown(client_of, bob, clinic):
    answer = client_of(bob).post(url("new"), typed(phone="+1 206 555 0117"), follow=True)

    assert answer.status_code == 200
    assert "Bo Lind" in answer.content.decode()
    assert Patient.objects.get().phone == "+1 206 555 0117"


@pytest.mark.parametrize(("field", "value"), [
    ("given_name", ""), ("birth_date", "2090-01-01"), ("birth_date", "1802-01-01"), ("birth_date", "31 June"),
    ("sex", "plumber"), ("phone", "call me"), ("email", "not an address"), ("given_name", "x" * 101), ("given_name", "a\x00b"),
    ("family_name", "Li\u202end")])
def test_what_cannot_be_is_told_beside_its_field_and_nothing_typed_is_lost(client_of, bob, clinic, field, value):
    answer = client_of(bob).post(url("new"), typed(address="12 Harbor Way") | {field: value})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "12 Harbor Way" in answer.content.decode()
    assert not Patient.objects.exists()


def test_all_errors_are_told_at_once(client_of, bob, clinic):
    answer = client_of(bob).post(url("new"), typed(given_name="", phone="x", email="y"))

    assert set(answer.context["form"].errors) == {"given_name", "phone", "email"}


def test_who_looks_like_somebody_on_file_is_shown_first_and_entered_when_asked_for(client_of, bob, ana):
    browser, again = client_of(bob), typed(given_name="Anna", family_name="Ruiz", birth_date="1982-03-14", sex="female")

    assert [one.patient for one in browser.post(url("new"), again).context["alike"]] == [ana]
    assert browser.post(url("new"), again | {"is_new": "1"}).status_code == 302
    assert Patient.objects.count() == 2


def test_a_search_is_a_post_and_its_words_stand_in_no_address(client_of, bob, ana):
    browser = client_of(bob)

    assert browser.get(url("find")).status_code == 405
    options = browser.post(url("find"), {"q": "ruiz"}, headers={"HX-Request": "true"}).content.decode()
    assert f'data-href="{url("patient", ana)}"' in options
    assert browser.post(url("find"), {"q": "ruiz"}).url == url("patient", ana)


def test_a_change_by_two_people_is_told_to_the_second(client_of, bob, ana):
    browser = client_of(bob)
    form = typed(given_name="Ana", family_name="Ruiz", birth_date="1982-03-14", sex="female", version=ana.version)
    assert browser.post(url("edit", ana), form | {"phone": "206 555 0001"}).status_code == 302

    second = browser.post(url("edit", ana), form | {"phone": "206 555 0002"})

    assert second.status_code == 422
    assert "206 555 0002" in second.content.decode() and "206 555 0001" in second.content.decode()
    assert Patient.objects.get().phone == "206 555 0001"


def test_a_fact_is_added_ended_and_taken_back(client_of, alice, ana):
    browser = client_of(alice)
    browser.post(url("add_fact", ana, kind="medication"), {"medication-said": "Coumadin", "medication-said_by": "patient"})
    fact = HealthFact.objects.get()
    assert fact.concept == "warfarin"

    browser.post(url("end_fact", ana, fact=fact.uid))
    assert HealthFact.objects.get().ended_at is not None
    browser.post(url("reopen_fact", ana, fact=fact.uid))
    assert HealthFact.objects.get().ended_at is None


def test_the_header_of_every_page_shows_allergy_and_thinner(client_of, alice, treating, ana):
    actions.add_fact(patient=ana, kind="allergy", said="cobalt", by=treating)
    actions.add_fact(patient=ana, kind="medication", said="blood thinner", by=treating)

    for name in ("patient", "health", "edit", "duplicates", "retract"):
        header = client_of(alice).get(url(name, ana)).context["header"]
        assert (header.allergies, header.anticoagulants) == (("cobalt",), ("blood thinner",)), name


def test_the_desk_sees_nothing_clinical(client_of, bob, treating, ana):
    actions.add_fact(patient=ana, kind="allergy", said="cobaltum secretum", by=treating)
    browser = client_of(bob)

    for name in ("patient", "edit", "duplicates"):
        assert "cobaltum" not in browser.get(url(name, ana)).content.decode(), name
    assert browser.get(url("health", ana)).status_code == 404


def test_none_is_said_in_one_click_and_refused_while_something_holds(client_of, alice, treating, ana):
    browser = client_of(alice)
    assert browser.post(url("say_none", ana, kind="allergy")).status_code == 302
    actions.add_fact(patient=ana, kind="condition", said="neck pain", by=treating)
    assert browser.post(url("say_none", ana, kind="condition")).status_code == 422


@pytest.mark.parametrize(("kind", "value", "right"), [
    ("weight_kg", "62.5", True), ("weight_kg", "6250", False), ("height_cm", "1.65", False)])
def test_a_figure_that_nobody_has_is_refused(client_of, alice, ana, kind, value, right):
    form = {"measure-kind": kind, "measure-value": value, "measure-measured_on": "2026-01-02", "measure-said_by": "observed"}
    answer = client_of(alice).post(url("measure", ana), form)

    assert answer.status_code == (302 if right else 422)
    assert Measure.objects.exists() is right


@pytest.mark.parametrize("name", ["Leo Young", "young, léo", "Kim Young"])
def test_a_child_or_the_patient_speaks_for_nobody_unless_somebody_says_that_it_is_right(client_of, bob, treating, name):
    browser = client_of(bob)
    child = make_patient(treating, "Kim Young", birth_date=datetime.date(2020, 1, 1))
    make_patient(treating, "Leo Young", birth_date=datetime.date(2012, 1, 1))

    refused = browser.post(url("add_guardian", child), {"name": name, "relation": "brother", "may_consent": "on"})
    assert refused.status_code == 422 and not Guardian.objects.exists()
    assert 'name="is_right"' in refused.content.decode()

    browser.post(url("add_guardian", child), {"name": name, "relation": "father", "may_consent": "on", "is_right": "on"})
    assert Guardian.objects.get().name == name


def test_a_minor_without_a_guardian_is_pointed_out(client_of, bob, treating):
    child = make_patient(treating, "Kit Young", birth_date="2018-05-05")
    browser = client_of(bob)
    assert browser.get(url("patient", Patient.objects.get(pk=child.pk))).context["lacks_guardian"]

    browser.post(url("add_guardian", child), {"name": "Mo Young", "relation": "mother", "may_consent": "on"})
    assert not browser.get(url("patient", child)).context["lacks_guardian"]
    browser.post(url("end_guardian", child, guardian=Guardian.objects.get().uid))
    assert browser.get(url("patient", child)).context["lacks_guardian"]


def test_two_records_are_compared_joined_and_parted(client_of, alice, treating, ana):
    twice, browser = make_patient(treating, "Anna Ruiz"), client_of(alice)
    assert browser.get(url("compare", ana, other=twice.uid)).status_code == 200
    assert browser.post(url("compare", ana, other=twice.uid), {"answer": "join"}).status_code == 422
    browser.post(url("compare", ana, other=twice.uid), {"answer": "join", "why": "one person"})

    assert browser.get(url("patient", twice)).context["patient"] == ana
    browser.post(url("part", ana, other=twice.uid), {"why": "two after all"})
    assert Joined.objects.get().parted_at is not None


@pytest.mark.parametrize("name", ["lacks_capacity", "needs_interpreter"])
def test_no_record_is_joined_into_one_that_protects_the_patient_less(client_of, alice, treating, ana, name):
    twice, browser = make_patient(treating, "Anna Ruiz", **{name: True}), client_of(alice)
    answer = browser.post(url("compare", ana, other=twice.uid), {"answer": "join", "why": "one person"})

    assert (answer.status_code, "The other record says" in answer.content.decode()) == (422, True)
    with pytest.raises(ValueError, match=name):
        actions.join(kept=ana, other=twice, why="one person", by=treating)

    assert browser.post(url("compare", twice, other=ana.uid), {"answer": "join", "why": "one person"}).status_code == 302
    assert Joined.objects.get().kept == twice


@pytest.mark.parametrize("written", [0, 2])
def test_what_was_written_while_two_were_joined_is_pointed_out_when_they_are_parted(client_of, alice, treating, ana, written):
    twice = make_patient(treating, "Anna Ruiz")
    actions.add_fact(patient=ana, kind="allergy", said="latex", by=treating)
    actions.join(kept=ana, other=twice, why="one person", by=treating)
    for said in ("iodine", "penicillin")[:written]:
        actions.add_fact(patient=ana, kind="allergy", said=said, by=treating)

    answer = client_of(alice).post(url("part", ana, other=twice.uid), {"why": "two after all"}, follow=True)

    told = [str(one) for one in answer.context["messages"]]
    assert [text.partition(" ")[0] for text in told] == ["Parted:", *([str(written)] if written else [])]


def test_a_retracted_record_comes_back(client_of, alice, ana):
    browser = client_of(alice)
    browser.post(url("retract", ana), {"why": "never came"})
    assert browser.get(url("patient", ana)).status_code == 404
    browser.post(url("restore", record=ana.uid), {"why": "came after all"})
    assert browser.get(url("patient", ana)).status_code == 200


def test_hostile_words_show_up_harmless(client_of, alice, treating):
    made = make_patient(treating, HOSTILE, preferred_name=HOSTILE, address=HOSTILE)
    actions.add_fact(patient=made, kind="condition", said=HOSTILE, by=treating, note=HOSTILE)
    actions.add_guardian(patient=made, fields={"name": HOSTILE, "relation": HOSTILE[:60]}, by=treating)

    for name in ("patients", "patient", "health", "edit", "duplicates"):
        page = client_of(alice).get(url(name, made if name != "patients" else None)).content.decode()
        assert "<script>alert" not in page and "{{7*7}}" in page, name


def test_a_page_asks_the_same_number_of_questions_for_one_fact_and_for_three(
    client_of, alice, treating, ana, django_assert_max_num_queries,
):
    browser = client_of(alice)
    counts = []
    for said in ("latex", "penicillin", "cobalt"):
        actions.add_fact(patient=ana, kind="allergy", said=said, by=treating)
        with django_assert_max_num_queries(60) as asked:
            browser.get(url("health", ana))
        counts.append(len(asked))

    assert len(set(counts)) == 1


def test_nobody_of_another_clinic_finds_a_page(client_of, charlie, ana):
    for name in ("patient", "health", "edit", "duplicates", "retract"):
        assert client_of(charlie).get(url(name, ana)).status_code == 404
        there = reverse(f"patients:{name}", kwargs={"clinic": "hill", "patient": ana.uid})
        assert client_of(charlie).get(there).status_code == 404
