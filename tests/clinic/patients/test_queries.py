from __future__ import annotations

import datetime
import re

import pytest
from django.http import Http404
from django.urls import reverse

from clinic.patients.people import at_work, make_patient
from waterneedle.clinic.accounts.access import find_patient
from waterneedle.clinic.patients import actions, queries


@pytest.fixture
def desk(clinic, bob):
    return at_work(bob, clinic)


@pytest.fixture
def treating(clinic, alice):
    return at_work(alice, clinic)


@pytest.fixture
def people(desk):
    return {name: make_patient(desk, name, **more) for name, more in {
        "Ana Ruiz": {"phone": "+1 206 555 4417"},
        "Andrés Ruiz-Peña": {"birth_date": datetime.date(1990, 4, 3)},
        "Ruizhi Anderson": {"birth_date": datetime.date(1971, 1, 1)},
        "小明 王": {"birth_date": datetime.date(2001, 12, 31)},
        "Bo Lind": {"phone": "206 555 9000"},
    }.items()}


@pytest.mark.parametrize(("typed", "expected"), [
    ("ruiz an", {"Ana Ruiz", "Andrés Ruiz-Peña", "Ruizhi Anderson"}),
    ("peña", {"Andrés Ruiz-Peña"}),
    ("ANDRES", {"Andrés Ruiz-Peña"}),
    ("3/4/1990", {"Andrés Ruiz-Peña"}),
    ("1990-04-03", {"Andrés Ruiz-Peña"}),
    ("4417", {"Ana Ruiz"}),
    ("王", {"王小明"}),
    ("小明", {"王小明"}),
    ("王小明", {"王小明"}),
    ("王小", {"王小明"}),
    ("nobody", set()),
    ("%", set()),
])
def test_a_patient_is_found_as_people_search(clinic, people, typed, expected):
    assert {one.name for one in queries.search(clinic, typed)} == expected


def test_each_record_of_a_person_leads_to_all_of_them_the_kept_one_first(treating, people):
    kept, other, third, apart = (people[name] for name in ("Ana Ruiz", "Andrés Ruiz-Peña", "Ruizhi Anderson", "Bo Lind"))
    joined = actions.join(kept=other, other=third, why="same", by=treating)
    actions.join(kept=kept, other=other, why="same", by=treating)

    for one in (kept, other, third):
        found = queries.records_of(one)
        assert (found[0], set(found), len(found)) == (kept.pk, {kept.pk, other.pk, third.pk}, 3)
    assert queries.records_of(apart) == [apart.pk]
    actions.part(joined=joined, why="two people", by=treating)
    assert (queries.records_of(third), set(queries.records_of(other))) == ([third.pk], {kept.pk, other.pk})


def test_who_was_joined_is_found_by_what_stands_in_either_record(clinic, treating, people):
    married = make_patient(treating, "Ana Quill", phone="+1 206 555 8181")
    actions.join(kept=people["Ana Ruiz"], other=married, why="married", by=treating)

    for typed in ("quill", "8181", "ana", str(married.number)):
        assert [one.name for one in queries.search(clinic, typed)] == ["Ana Ruiz"]
    assert [one.patient.name for one in queries.likely_duplicates(make_patient(treating, "Anna Quill"))] == ["Ana Ruiz"]
    assert queries.likely_duplicates(people["Ana Ruiz"]) == []


def test_who_was_joined_into_a_record_out_of_sight_is_not_found(clinic, treating, people):
    married = make_patient(treating, "Ana Quill")
    actions.join(kept=people["Ana Ruiz"], other=married, why="married", by=treating)
    actions.retract_patient(patient=people["Ana Ruiz"], why="entered by mistake", by=treating)

    assert queries.search(clinic, "quill") == []


def test_a_patient_is_found_by_the_chart_number(clinic, people):
    assert [one.name for one in queries.search(clinic, str(people["Bo Lind"].number))] == ["Bo Lind"]


def test_nobody_of_another_clinic_is_found(other_clinic, people):
    assert queries.search(other_clinic, "ruiz an") == queries.newest(other_clinic) == []


def test_a_search_asks_the_same_number_of_questions_for_one_and_for_many(clinic, people, django_assert_num_queries):
    for typed in ("ana ruiz", "ruiz"):
        with django_assert_num_queries(2):
            queries.search(clinic, typed)


def test_a_patient_is_in_reach_of_their_own_clinic_alone(clinic, other_clinic, charlie, desk, people):
    ana = people["Ana Ruiz"]

    assert find_patient(desk, ana.uid) == ana
    with pytest.raises(Http404):
        find_patient(at_work(charlie, other_clinic), ana.uid)


def test_an_instructor_reaches_no_patient_that_no_trainee_has_treated(clinic, instructor, people):
    with pytest.raises(Http404):
        find_patient(at_work(instructor, clinic), people["Ana Ruiz"].uid, "trainees")


@pytest.mark.parametrize(("name", "fields", "alike"), [
    ("Anna Ruiz", {}, True),  # a letter more, same day of birth
    ("Ruiz Ana", {}, True),  # the names exchanged
    ("Ana Ruiz", {"birth_date": None}, True),
    ("Ana Ruiz", {"birth_date": datetime.date(1955, 1, 2)}, False),  # a namesake
    ("Luis Ruiz", {"birth_date": datetime.date(2012, 5, 5), "phone": "+1 206 555 4417"}, False),  # family at one telephone
    ("Berta Olsen", {}, False),  # only the same day of birth
])
def test_likely_duplicates_are_one_person_and_not_one_family(desk, people, name, fields, alike):
    made = make_patient(desk, name, **fields)

    assert [one.patient.name for one in queries.likely_duplicates(made)] == (["Ana Ruiz"] if alike else [])


def test_day_and_month_exchanged_is_a_likely_duplicate(desk, people):
    made = make_patient(desk, "Andrés Ruiz-Peña", birth_date=datetime.date(1990, 3, 4))

    assert [one.patient.name for one in queries.likely_duplicates(made)] == ["Andrés Ruiz-Peña"]


def test_two_people_who_look_alike_are_not_offered_again(desk, people):
    made = make_patient(desk, "Anna Ruiz")
    actions.say_two_people(one=made, other=people["Ana Ruiz"], by=desk)

    assert queries.likely_duplicates(made) == queries.likely_duplicates(people["Ana Ruiz"]) == []


def test_known_none_and_unknown_are_three_answers(treating, people):
    ana = people["Ana Ruiz"]
    actions.add_fact(patient=ana, kind="medication", said="Eliquis", by=treating)
    actions.say_none(patient=ana, kind="allergy", by=treating)

    facts = queries.health_of(ana).facts

    assert [one.concept for one in facts["medication"]] == ["apixaban"]
    assert facts["allergy"] == ()
    assert facts["condition"] is None


@pytest.mark.parametrize(("said", "thinner"), [
    ("ibuprofen", False), ("aspirin 81 mg", True), ("clopidogrel", True), ("apixaban", True)])
def test_who_takes_what_thins_the_blood_is_not_said_to_take_none(treating, people, client_of, said, thinner):
    ana = people["Ana Ruiz"]
    actions.add_fact(patient=ana, kind="medication", said=said, by=treating)
    page = client_of(treating.user).get(reverse("patients:patient", kwargs={"clinic": ana.clinic.slug, "patient": ana.uid}))
    alerts = re.search(r'patient-alerts.*?</ul>', page.content.decode(), re.DOTALL)[0]

    assert (said in alerts, "no blood thinner" in alerts) == (thinner, not thinner)


def test_the_header_shows_the_thinner_to_who_treats_and_nothing_clinical_to_the_desk(treating, desk, people):
    ana = people["Ana Ruiz"]
    actions.add_fact(patient=ana, kind="medication", said="apixaban", by=treating)
    actions.add_fact(patient=ana, kind="medication", said="ibuprofen", by=treating)
    actions.add_fact(patient=ana, kind="allergy", said="cobalt", by=treating)

    seen, at_desk = queries.header(ana, treating), queries.header(ana, desk)

    assert (seen.anticoagulants, seen.allergies) == (("apixaban",), ("cobalt",))
    assert (at_desk.clinical, at_desk.allergies, at_desk.anticoagulants, at_desk.pregnancy) == (False, None, None, "")


@pytest.mark.parametrize(("born", "age"), [
    (datetime.date(2008, 2, 29), 17), (datetime.date(2008, 2, 28), 18), (None, None)])
def test_who_is_born_on_29_february_is_older_on_1_march(desk, born, age):
    made = make_patient(desk, "Leap Year", birth_date=born)

    assert made.age_on(datetime.date(2026, 2, 28)) == age
    assert queries.needs_guardian(made, datetime.date(2026, 2, 28)) == (None if age is None else age < 18)


def test_who_cannot_consent_needs_a_guardian_at_any_age(desk):
    made = make_patient(desk, "Old Tree", birth_date=datetime.date(1940, 1, 1), lacks_capacity=True)

    assert queries.needs_guardian(made, datetime.date(2026, 1, 1)) is True


@pytest.mark.parametrize(("status", "begins"), [
    ("not_applicable", "pregnancy: does not apply"), ("unknown", "pregnancy: not known"), ("not_pregnant", "not pregnant")])
def test_the_header_says_of_what_an_answer_is(treating, people, status, begins):
    ana = people["Ana Ruiz"]
    actions.say_pregnancy(patient=ana, status=status, by=treating)

    assert queries.header(ana, treating).pregnancy.startswith(begins)
