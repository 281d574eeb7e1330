"""Protocols that a clinic keeps for itself. Django finds these rows by way of `models`."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import pgettext_lazy

from waterneedle.clinic.audit.frozen import freeze
from waterneedle.clinic.database.rows import AddressedRow, ClinicRow
from waterneedle.clinic.patients.models import Side
from waterneedle.clinic.visits.columns import ML, MM, ONE_SITE, by_key
from waterneedle.clinic.web.words import named_place


class KeptProtocol(AddressedRow):
    """What was injected together in a signed visit, under a name, to be planned again for anybody. Nothing in it is of a patient.

    `fluid` says what was in the syringe, of a mixture with the share of each (`fluids.fluid_of`); "" where
    nothing was injected. `fluid_name` is that in the words of the shelf, as it was called then.
    """

    name = models.CharField(pgettext_lazy("thing", "name"), max_length=60)
    fluid = models.CharField(max_length=400, blank=True, editable=False)
    fluid_name = models.CharField(max_length=700, blank=True, editable=False)
    kept_at = models.DateTimeField()
    kept_by = by_key()
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            CheckConstraint(condition=~Q(name=""), name="visits_keptprotocol_named"),
            UniqueConstraint(fields=["clinic", "name"], condition=Q(removed_at=None), name="visits_keptprotocol_name"),
        ]

    def __str__(self) -> str:
        return self.name


class KeptPlace(ClinicRow):
    """One puncture of it: the columns are those of an injection. Depth and angle are empty wherever a danger lies."""

    protocol = models.ForeignKey(KeptProtocol, on_delete=models.PROTECT, related_name="places", db_index=False)
    seq = models.PositiveSmallIntegerField()
    point = models.CharField(max_length=12, blank=True)
    muscle = models.CharField(max_length=80, blank=True)
    region = models.CharField(max_length=80, blank=True)
    side = models.CharField(max_length=10, choices=Side.choices, blank=True)
    level = models.CharField(max_length=20, blank=True)
    technique = models.CharField(max_length=12)
    route = models.CharField(max_length=2, blank=True)
    volume_ml = models.DecimalField(null=True, blank=True, **ML)
    depth_mm = models.DecimalField(null=True, blank=True, **MM)
    depth_max_mm = models.DecimalField(null=True, blank=True, **MM)
    angle_deg = models.PositiveSmallIntegerField(null=True, blank=True)
    direction = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["clinic", "protocol", "seq"], name="visits_keptplace_seq"),
            CheckConstraint(condition=ONE_SITE, name="visits_keptplace_site"),
            CheckConstraint(condition=Q(side="") | Q(side__in=("left", "right", "midline")), name="visits_keptplace_side"),
            CheckConstraint(
                condition=Q(technique="injection") | Q(technique="needle_only", volume_ml=None),
                name="visits_keptplace_technique",
            ),
            CheckConstraint(condition=Q(volume_ml=None) | Q(volume_ml__gt=0, volume_ml__lte=60), name="visits_keptplace_volume"),
            CheckConstraint(
                condition=Q(depth_mm=None) | Q(depth_mm__gte=0, depth_mm__lte=150), name="visits_keptplace_depth"),
            CheckConstraint(condition=Q(angle_deg=None) | Q(angle_deg__lte=90), name="visits_keptplace_angle"),
        ]

    @property
    def place(self) -> str:
        """The code of a point, the name of a muscle or a region in the reader's language."""
        return named_place(self.point or self.muscle or self.region)


freeze(KeptProtocol, free=("removed_at",))
freeze(KeptPlace)
