"""Migrations rebuild tables; the triggers are back afterwards, and the trail has begun."""
from __future__ import annotations

from django.core.management import call_command
from django.db import connection, models

from waterneedle.clinic.audit import frozen
from waterneedle.clinic.audit.models import Entry


def test_a_rebuilt_table_gets_its_triggers_back(committed_db):
    """On SQLite a changed field means a new table, without the triggers of the old one."""
    old, new = Entry._meta.get_field("role"), models.CharField(max_length=200, blank=True)
    new.set_attributes_from_name("role")
    new.model = Entry
    with connection.schema_editor() as editor:
        editor.alter_field(Entry, old, new)
    lost = frozen.misplaced(connection)
    call_command("migrate", verbosity=0)

    assert lost == ([] if connection.vendor == "postgresql" else ["audit_entry_frozen_delete", "audit_entry_frozen_update"])
    assert frozen.misplaced(connection) == []


def test_an_empty_database_has_begun_its_trail(db):
    call_command("migrate", verbosity=0)

    assert [(one.action, one.kind) for one in Entry.objects.all()] == [("begin", "trail")]
