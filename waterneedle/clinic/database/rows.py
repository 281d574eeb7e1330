"""Base classes of rows.

Every row that belongs to a clinic carries the clinic, and the clinic leads each of its indexes, so that a network of clinics
can be spread by clinic. What stands in a URL is the `uid`, never the number.
"""
from __future__ import annotations

import functools
import uuid
from typing import Any

from django.db import models
from uuid_utils.compat import uuid7 as _uuid7


def uuid7() -> uuid.UUID:
    """A new UUID that sorts by the time it was made (RFC 9562, version 7)."""
    return _uuid7()


class ClinicRow(models.Model):
    """A row that belongs to one clinic."""

    # No index of its own: each index of the row begins with the clinic anyway.
    clinic = models.ForeignKey("accounts.Clinic", on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        abstract = True

    def _get_FIELD_display(self, field: models.Field[Any, Any]) -> str:
        """The word of a choice. Django makes all choices hashable anew for each row."""
        value = getattr(self, field.attname)
        return str(_words(field).get(value, "" if value is None else value))


@functools.cache
def _words(field: models.Field[Any, Any]) -> dict[Any, Any]:
    """The choices of a field, translated when they are shown."""
    return dict(field.flatchoices)


class AddressedRow(ClinicRow):
    """A row of one clinic that stands in a URL, by its `uid`.

    A subclass with constraints of its own keeps these: `class Meta(AddressedRow.Meta)`,
    `constraints = [*AddressedRow.Meta.constraints, …]`.
    """

    uid = models.UUIDField(default=uuid7, editable=False)

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["clinic", "uid"], name="%(app_label)s_%(class)s_uid")]
