from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from clinic.patients.people import at_work, make_patient
from waterneedle.clinic.accounts.access import find_patient
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.patients import actions, queries
from waterneedle.clinic.patients.models import HealthFact, Patient, Pregnancy


@pytest.fixture
def treating(clinic, alice):
    return at_work(alice, clinic)


@pytest.fixture
def ana(treating):
    return make_patient(treating)


def test_chart_numbers_count_up_in_each_clinic(treating, ana, charlie, other_clinic):
    second = make_patient(treating, "Bo Lind")
    elsewhere = make_patient(at_work(charlie, other_clinic), "Cy Twain")

    assert (ana.number, second.number, elsewhere.number) == (1, 2, 1)


def test_a_change_is_found_by_the_new_name_and_no_more_by_the_old(clinic, treating, ana):
    actions.change_patient(patient=ana, fields={"family_name": "Soler"}, version=ana.version, by=treating)

    assert [one.pk for one in queries.search(clinic, "ana soler")] == [ana.pk]
    assert queries.search(clinic, "ruiz") == []


def test_the_second_of_two_people_at_one_form_is_told_and_nothing_is_lost(treating, ana):
    opened = ana.version
    actions.change_patient(patient=ana, fields={"phone": "206 555 0101"}, version=opened, by=treating)

    with pytest.raises(actions.ChangedMeanwhile):
        actions.change_patient(patient=ana, fields={"phone": "206 555 0202"}, version=opened, by=treating)

    assert Patient.objects.get(pk=ana.pk).phone == "206 555 0101"


def test_every_write_stands_in_the_trail_of_the_patient(treating, ana):
    fact = actions.add_fact(patient=ana, kind="allergy", said="cobalt", by=treating)
    actions.end_fact(fact=fact, why="a mix-up", by=treating)
    actions.reopen_fact(fact=fact, by=treating)

    entries = Entry.objects.filter(patient_uid=ana.uid).order_by("seq")

    assert [(one.action, one.kind) for one in entries] == [
        ("create", "patient"), ("create", "allergy"), ("end", "allergy"), ("reopen", "allergy")]
    assert {one.user_uid for one in entries} == {treating.user.uid}


def test_free_text_is_kept_as_it_was_said(treating, ana):
    fact = actions.add_fact(patient=ana, kind="condition", said="my granny's funny knee", by=treating)

    assert (fact.said, fact.concept) == ("my granny's funny knee", "")


def test_none_cannot_be_said_while_something_holds(treating, ana):
    actions.add_fact(patient=ana, kind="allergy", said="latex", by=treating)

    with pytest.raises(ValueError, match="end them first"):
        actions.say_none(patient=ana, kind="allergy", by=treating)


def test_joined_records_are_read_as_one_and_parted_they_are_two_again(treating, ana):
    twice = make_patient(treating, "Anna Ruiz")
    actions.add_fact(patient=twice, kind="allergy", said="latex", by=treating)
    joined = actions.join(kept=ana, other=twice, why="same person, misspelled", by=treating)

    assert find_patient(treating, twice.uid) == ana
    assert [one.said for one in queries.health_of(ana).facts["allergy"]] == ["latex"]
    assert [one.pk for one in queries.search(treating.clinic, "ruiz")] == [ana.pk]

    actions.part(joined=joined, why="two people after all", by=treating)

    assert find_patient(treating, twice.uid) == twice
    assert queries.health_of(ana).facts["allergy"] is None
    assert HealthFact.objects.get(said="latex").patient == twice


def test_records_are_joined_once_and_never_in_a_circle(treating, ana):
    twice = make_patient(treating, "Anna Ruiz")
    actions.join(kept=ana, other=twice, why="same", by=treating)

    for kept, other in ((ana, twice), (twice, ana), (ana, ana)):
        with pytest.raises(ValueError, match=r"joined"):
            actions.join(kept=kept, other=other, why="same", by=treating)


def test_patients_of_two_clinics_are_never_joined(treating, ana, charlie, other_clinic):
    elsewhere = make_patient(at_work(charlie, other_clinic))

    with pytest.raises(ValueError, match="one clinic"):
        actions.join(kept=ana, other=elsewhere, why="same", by=treating)


def test_a_retracted_record_is_out_of_sight_and_comes_back(treating, ana, clinic):
    actions.retract_patient(patient=ana, why="entered by mistake", by=treating)
    assert queries.search(clinic, "ruiz") == []

    actions.restore_patient(patient=ana, why="no mistake", by=treating)
    assert queries.search(clinic, "ruiz") == [ana]


@pytest.mark.parametrize(("status", "weeks"), [("pregnant", 46), ("not_pregnant", 12), ("unheard of", None)])
def test_the_database_refuses_what_cannot_be(treating, ana, status, weeks):
    with pytest.raises(IntegrityError), transaction.atomic():
        Pregnancy.objects.create(clinic=treating.clinic, patient=ana, status=status, weeks=weeks)
