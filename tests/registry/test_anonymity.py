"""How many fit whom, counted in cells, beside the same counted one by one."""
from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from waterneedle.registry.anonymity import NOT_TOLD, Known, coarsened, persons_near, told_alone
from waterneedle.registry.pseudonyms import MAX_SHIFT_DAYS

FEW = 3
COMPLAINTS = st.sets(st.sampled_from(["arthritis", "sleep"])).map(lambda found: "+".join(sorted(found)))
PERSONS = st.builds(Known, st.sampled_from(["female", "male", NOT_TOLD]), st.sampled_from(["30-39", "40-49", NOT_TOLD]),
                    COMPLAINTS, st.integers(1, 900), st.integers(1, 30))


@st.composite
def told(draw):
    """A person and what may be told of one: moved, of as many visits or fewer, with a complaint fewer where one began later."""
    person = draw(PERSONS)
    shown = draw(st.integers(1, min(person.visits, 12)))
    known = person.indications.split("+")
    fewer = person.visits > shown and draw(st.booleans())
    return person, replace(person, first_day=person.first_day + draw(st.integers(-MAX_SHIFT_DAYS, MAX_SHIFT_DAYS)), visits=shown,
                           indications="+".join(known[1:]) if fewer else person.indications)


def fits(record, person):
    if record is None or abs(record.first_day - person.first_day) > MAX_SHIFT_DAYS:
        return False
    if record.sex not in (NOT_TOLD, person.sex) or record.age_band not in (NOT_TOLD, person.age_band):
        return False
    if record.indications in (NOT_TOLD, person.indications):
        return person.visits >= record.visits
    return set(filter(None, record.indications.split("+"))) < set(person.indications.split("+")) and person.visits > record.visits


@settings(max_examples=150, deadline=None)
@given(st.lists(told(), max_size=40))
def test_each_who_is_told_of_fits_enough_records_and_each_record_enough_persons(pairs):
    persons, records = [person for person, _record in pairs], [record for _person, record in pairs]

    found = coarsened(persons, records, FEW)

    inside = [(person, record) for person, record in zip(persons, found, strict=True) if record is not None]
    for person, record in inside:
        assert fits(record, person)
        assert sum(fits(other, person) for _person, other in inside) >= FEW
        assert sum(fits(record, other) for other, _record in inside) >= FEW


@settings(max_examples=150, deadline=None)
@given(st.lists(told(), min_size=1, max_size=40))
def test_nobody_is_told_of_more_coarsely_than_it_takes_where_everybody_is_alike(pairs):
    person, record = pairs[0]
    found = coarsened([person] * FEW, [record] * FEW, FEW)

    assert found == [record] * FEW
    assert coarsened([person] * (FEW - 1), [record] * (FEW - 1), FEW) == [None] * (FEW - 1)


DAYS = st.lists(st.tuples(st.integers(0, 5), st.integers(1, 1_500), st.integers(-MAX_SHIFT_DAYS, MAX_SHIFT_DAYS)), max_size=40)


def near(owners, days, asked):
    return [len({whose for whose, day in zip(owners, days, strict=True) if abs(day - one) <= MAX_SHIFT_DAYS}) for one in asked]


@settings(max_examples=200, deadline=None)
@given(DAYS)
def test_visits_that_are_told_lie_among_those_of_enough_persons(visits):
    owners, days, shifts = (np.array([one[column] for one in visits], dtype=np.int64) for column in range(3))
    moved = days + shifts

    assert persons_near(owners, days, moved).tolist() == near(owners, days, moved)
    is_told = told_alone(owners, days, moved, FEW)

    assert all(count >= FEW for count in near(owners, days, moved[is_told]))
    assert all(count >= FEW for count in near(owners[is_told], moved[is_told], days[is_told]))
    if len(set(owners.tolist())) < FEW:
        assert not is_told.any()
