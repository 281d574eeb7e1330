"""A lot that tells of somebody does not leave: what labels print does."""
from __future__ import annotations

import datetime

import pytest

from clinic.patients.people import at_work, make_patient
from waterneedle.clinic.exports.lots import name_parts, people_of


@pytest.fixture
def people(alice, clinic):
    by = at_work(alice, clinic)
    make_patient(by, "Jörg Müller", birth_date=datetime.date(1980, 5, 17), phone="+49 171 555 0417")
    make_patient(by, "Li Kim", birth_date=datetime.date(1951, 11, 2), phone="")
    return people_of(clinic)


@pytest.mark.parametrize("lot", [
    "Mueller7", "MULLER-7", "1-joerg", "xJORG2", "Kim12", "KIM-A0417", "Archer1", "1980-05-17", "17.5.1980", "5/17/80",
    "17051980", "L19511102", "0171-5550417", "491715550417"])
def test_a_lot_that_names_somebody_is_found_however_it_is_written(people, lot):
    assert people.are_in(lot)


@pytest.mark.parametrize("lot", ["A0417", "24-117/B", "LI0417", "KIMO12", "MUL0417", "19800518", "170580", "5550417", "", "EX28"])
def test_what_labels_print_is_not(people, lot):
    assert not people.are_in(lot)


def test_a_name_counts_with_and_without_its_accents_and_not_in_parts_of_two_letters():
    assert set(name_parts("Jörg O'Brien-Li")) == {"brien", "joerg", "jorg"}
