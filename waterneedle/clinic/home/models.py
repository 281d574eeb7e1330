"""What the end of a day knows that no visit does: who closed it, containers for sharps, and people who were stuck by a used
needle."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from waterneedle.clinic.audit.frozen import freeze
from waterneedle.clinic.database.rows import AddressedRow, ClinicRow


def _by(**more: object) -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False, **more)


class DayState(ClinicRow):
    """That a day of the clinic was closed by a person, with what was still open then, or opened again; the newest row counts.

    It bars nothing: what is done for the day afterwards is written down as ever, and said beside it.
    """

    day = models.DateField()  # in the clinic's zone
    number = models.PositiveSmallIntegerField()  # of the states of its day: of two people at once one has it
    is_closed = models.BooleanField()
    left_open = models.JSONField(default=list)  # kind, count and reason of what was open when it was closed: `closings.py`
    why = models.CharField(max_length=300, blank=True)  # it was opened again
    made_at = models.DateTimeField()
    made_by = _by()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["clinic", "day", "number"], name="home_daystate_number"),
            CheckConstraint(condition=Q(is_closed=True, why="") | (Q(is_closed=False) & ~Q(why="")), name="home_daystate_why"),
        ]


class SharpsContainer(AddressedRow):
    """One container: opened, closed when full, collected. What has happened to it is not taken back, but for a slip."""

    code = models.CharField(_("label"), max_length=40)
    place = models.CharField(_("where it stands"), max_length=80)
    opened_at = models.DateTimeField()
    opened_by = _by()
    full_at = models.DateTimeField(null=True, blank=True, editable=False)
    full_by = _by(null=True, blank=True, editable=False)
    collected_at = models.DateTimeField(null=True, blank=True, editable=False)
    collected_by = _by(null=True, blank=True, editable=False)
    collected_how = models.CharField(_("who took it, with which receipt"), max_length=200, blank=True)

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            UniqueConstraint(fields=["clinic", "code"], condition=Q(collected_at=None), name="home_sharps_label"),
            CheckConstraint(condition=Q(collected_at=None) | Q(full_at__isnull=False, full_at__lte=F("collected_at")),
                            name="home_sharps_full_first"),
            CheckConstraint(condition=~Q(code="") & ~Q(place=""), name="home_sharps_named"),
        ]
        indexes = [Index(fields=["clinic", "collected_at"], name="home_sharps_open")]

    def __str__(self) -> str:
        return f"{self.code}, {self.place}"


class NeedleStick(AddressedRow):
    """That somebody was stuck by a used needle.

    The log of a United States employer holds at least the kind and brand of the device, the place of work and how it happened,
    and keeps who it was to itself (29 CFR 1910.1030(h)(5)(i)): `who` is read by the owner alone.
    """

    happened_at = models.DateTimeField(_("when it happened"))
    who = models.CharField(_("who was stuck"), max_length=160)
    place = models.CharField(_("where in the clinic"), max_length=80)
    device = models.CharField(_("which needle: kind and brand"), max_length=120)
    how = models.CharField(_("how it happened"), max_length=500)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = _by()

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            CheckConstraint(condition=~Q(who="") & ~Q(how=""), name="home_stick_said"),
        ]
        indexes = [Index(fields=["clinic", "-happened_at"], name="home_stick_newest")]


freeze(DayState)
freeze(SharpsContainer, when="OLD.collected_at IS NOT NULL")
freeze(NeedleStick)
