"""A prepared statement gives what the query it was made from would give, with any values."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.patients.people import at_work, make_patient
from clinic.visits.charting import make_syringe, make_visit, plan
from waterneedle.clinic.database.prepared import prepared
from waterneedle.clinic.visits.models import Injection, Visit


@prepared
def of_visit(clinic_id, visit_id):
    return Injection.objects.filter(clinic_id=clinic_id, visit_id=visit_id).select_related("syringe", "visit__practitioner")


@prepared
def on_days(clinic_id, uid, day, before, numbers):
    rows = Visit.objects.filter(clinic_id=clinic_id, uid=uid, day=day, made_at__lte=before, pk__in=numbers)
    return rows.values_list("pk", flat=True)


@pytest.fixture
def visits(alice, clinic):
    by = at_work(alice, clinic)
    made = [make_visit(by, make_patient(by, name)) for name in ("Ana", "Ben")]
    for visit in made:
        plan(by, visit, make_syringe(by, visit))
    return made


def test_rows_have_the_values_and_the_rows_joined_to_them_that_django_gives(visits):
    for visit in visits:
        (row,), wanted = of_visit(visit.clinic_id, visit.pk), Injection.objects.get(visit=visit)

        assert {one.name: getattr(row, one.attname) for one in Injection._meta.concrete_fields} == {
            one.name: getattr(wanted, one.attname) for one in Injection._meta.concrete_fields}
        assert (row.volume_ml, row.syringe, row.visit.practitioner) == (Decimal("0.5"), wanted.syringe, visit.practitioner)


def test_rows_bring_what_is_joined_to_them_without_a_further_statement(visits):
    with CaptureQueriesContext(connection) as asked:
        (row,) = of_visit(visits[0].clinic_id, visits[0].pk)
        assert row.syringe.code and row.visit.practitioner.profession

    assert len(asked) == 1


def test_a_row_can_be_changed_and_saved(visits):
    (row,) = of_visit(visits[0].clinic_id, visits[0].pk)
    row.skin = "scar"
    row.save()

    assert Injection.objects.get(pk=row.pk).skin == "scar"


def test_days_moments_uids_and_lists_are_values(visits):
    one, other = visits
    later = one.made_at + datetime.timedelta(seconds=1)
    earlier = one.made_at - datetime.timedelta(seconds=1)

    assert on_days(one.clinic_id, one.uid, one.day, later, [one.pk, other.pk]) == [one.pk]
    assert on_days(one.clinic_id, one.uid, one.day, earlier, [one.pk, other.pk]) == []
    assert on_days(one.clinic_id, other.uid, one.day, later, [one.pk]) == []
    assert on_days(one.clinic_id, one.uid, one.day - datetime.timedelta(days=1), later, [one.pk]) == []


def test_a_query_that_does_more_with_a_value_than_to_compare_with_it_is_refused(visits):
    @prepared
    def part(text):
        return Visit.objects.filter(why__startswith=text)

    @prepared
    def decides(number):
        return Visit.objects.filter(pk=1) if number else Visit.objects.all()

    for statement, value in ((part, "knee"), (decides, 3)):
        with pytest.raises(ValueError, match="are not parameters"):
            statement(value)


def test_a_query_that_would_need_further_statements_is_refused(visits):
    @prepared
    def with_more(number):
        return Visit.objects.filter(pk=number).prefetch_related("states")

    with pytest.raises(ValueError, match="one statement"):
        with_more(visits[0].pk)


@pytest.mark.parametrize("value", [None, True, 1.5])
def test_what_could_change_the_statement_is_no_value(value, visits):
    with pytest.raises(TypeError):
        of_visit(visits[0].clinic_id, value)
