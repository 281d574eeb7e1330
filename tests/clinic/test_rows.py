"""What holds for the rows of every room."""
from __future__ import annotations

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import UniqueConstraint

from waterneedle.clinic.database.rows import AddressedRow, uuid7

MODELS = [model for model in apps.get_models() if model.__module__.startswith("waterneedle.") and any(
    field.name == "clinic" for field in model._meta.fields)]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_the_clinic_leads_every_index(model):
    unique = [one.fields for one in model._meta.constraints if isinstance(one, UniqueConstraint) and one.fields]
    indexes = [one.fields for one in model._meta.indexes if one.fields]
    alone = [one.name for one in model._meta.fields if one.unique and not one.primary_key]
    first = [fields[0].lstrip("-") for fields in [*unique, *indexes]]

    allowed = {"clinic"} | getattr(model, "ACROSS_CLINICS", frozenset())
    assert set(first) | set(alone) <= allowed


@pytest.mark.parametrize("model", [one for one in MODELS if issubclass(one, AddressedRow)], ids=lambda model: model._meta.label)
def test_a_row_in_a_url_is_unique_by_its_uid(model):
    assert any(one.fields == ("clinic", "uid") for one in model._meta.constraints if isinstance(one, UniqueConstraint))


def test_uids_sort_by_time():
    made = [uuid7() for _ in range(1000)]

    assert sorted(made) == made
    assert {one.version for one in made} == {7}


def test_every_change_of_a_model_has_its_migration(db):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
