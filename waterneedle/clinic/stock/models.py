"""What is on the shelf: items, the lots they came in, the vials that are open, and what was done with every drop.

The volume of a lot is what its movements sum to; it is kept on the lot, changes in the same transaction, and the database refuses
less than nothing. Quantities are in mL. Status is an appended row: the newest `LotState` counts.
"""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waterneedle.clinic.audit.frozen import freeze
from waterneedle.clinic.database.rows import AddressedRow, ClinicRow
from waterneedle.clinic.web import words

ML = {"max_digits": 9, "decimal_places": 3}


def _by(**more: object) -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False, **more)


class ContainerKind(models.TextChoices):
    AMPOULE = "ampoule", _("ampoule")
    SINGLE_DOSE_VIAL = "single_dose_vial", _("single-dose vial")
    MULTI_DOSE_VIAL = "multi_dose_vial", _("multi-dose vial")
    PREFILLED_SYRINGE = "prefilled_syringe", _("prefilled syringe")


class Supplier(AddressedRow):
    """Where products are bought, and on what basis this clinic may buy them there."""

    name = models.CharField(pgettext_lazy("thing", "name"), max_length=200)
    basis = models.CharField(
        _("basis to buy"), max_length=300, help_text=_("such as the licence, standing order or prescription that it rests on")
    )
    contact = models.CharField(_("contact"), max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(AddressedRow.Meta):
        constraints = [*AddressedRow.Meta.constraints, UniqueConstraint(fields=["clinic", "name"], name="stock_supplier_name")]

    def __str__(self) -> str:
        return self.name


class StrengthUnit(models.TextChoices):
    """Units of mass that labels print, and the percent of weight by volume."""

    MCG = "mcg", "mcg"
    MG = "mg", "mg"
    G = "g", "g"
    PERCENT = "%", "%"


class Item(AddressedRow):
    """Something the clinic keeps: a product in one kind and size of container.

    What its own label says (`substance` to `preservatives`) is typed where no product on file carries it: what is not on file and
    what a pharmacy makes. Texts of several are separated by commas. Empty: not known.
    """

    product = models.CharField(_("product on file"), max_length=80, blank=True)  # id in the knowledge; empty: not on file
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=200)
    container_kind = models.CharField(_("container"), max_length=20, choices=ContainerKind.choices)
    container_ml = models.DecimalField(_("volume of a container"), validators=[MinValueValidator(Decimal("0.01"))], **ML)
    gtin = models.CharField(_("GTIN"), max_length=14, blank=True)
    reorder_below_ml = models.DecimalField(_("order again below"), validators=[MinValueValidator(0)], default=Decimal(0), **ML)
    beyond_use_days = models.PositiveSmallIntegerField(
        _("days after opening"),
        null=True,
        blank=True,
        help_text=_("the maker's own figure; empty: 28 days for a multi-dose vial"),
    )
    substance = models.CharField(_("active substance"), max_length=120, blank=True)
    strength = models.DecimalField(
        _("strength"), max_digits=10, decimal_places=4, null=True, blank=True, validators=[MinValueValidator(Decimal("0.0001"))]
    )
    strength_unit = models.CharField(_("unit"), max_length=4, choices=StrengthUnit.choices, blank=True)
    strength_per_ml = models.DecimalField(
        _("in so many mL"), null=True, blank=True, validators=[MinValueValidator(Decimal("0.001"))], **ML
    )
    potencies = models.CharField(_("ingredients with their potency"), max_length=2000, blank=True)
    allergens = models.CharField(_("allergens"), max_length=300, blank=True)
    preservatives = models.CharField(_("preservatives"), max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            CheckConstraint(condition=Q(container_ml__gt=0), name="stock_item_container"),
            CheckConstraint(
                condition=Q(strength=None, strength_unit="", strength_per_ml=None)
                | Q(strength__isnull=False, strength__gt=0, strength_unit="%", strength_per_ml=None)
                | Q(
                    strength__isnull=False, strength__gt=0, strength_unit__in=("mcg", "mg", "g"),
                    strength_per_ml__isnull=False, strength_per_ml__gt=0,
                ),
                name="stock_item_strength",
            ),
            CheckConstraint(condition=Q(container_kind__in=ContainerKind.values), name="stock_item_kind"),
        ]
        indexes = [Index(fields=["clinic", "gtin"], name="stock_item_gtin")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_single(self) -> bool:
        """Whether a container serves one patient, once."""
        return self.container_kind != ContainerKind.MULTI_DOSE_VIAL


class Lot(AddressedRow):
    """What came in with one number. `expires` is the last good day; labels that print a month are good to its end."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="lots", db_index=False)
    supplier = models.ForeignKey(Supplier, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.CharField(_("lot"), max_length=40)
    expires = models.DateField(_("good until"))
    pharmacy = models.CharField(_("compounded by"), max_length=200, blank=True)
    beyond_use = models.DateField(_("beyond-use date"), null=True, blank=True)  # of what a pharmacy compounded
    volume_ml = models.DecimalField(default=Decimal(0), editable=False, **ML)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            UniqueConstraint(fields=["clinic", "item", "number"], name="stock_lot_number"),
            CheckConstraint(condition=Q(volume_ml__gte=0), name="stock_lot_volume"),
            CheckConstraint(condition=Q(beyond_use=None) | ~Q(pharmacy=""), name="stock_lot_compounded"),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.number}"

    @property
    def last_day(self) -> datetime.date:
        """The last day on which it may be given."""
        return min(self.expires, self.beyond_use or self.expires)


class LotStatus(models.TextChoices):
    RELEASED = "released", _("released")
    QUARANTINED = "quarantined", _("in quarantine")
    RECALLED = "recalled", _("recalled")


class LotState(ClinicRow):
    """What was decided about a lot; the newest row counts, and a lot without one is released."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="states", db_index=False)
    status = models.CharField(max_length=12, choices=LotStatus.choices)
    why = models.CharField(_("why"), max_length=300)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = _by()

    class Meta:
        constraints = [CheckConstraint(condition=Q(status__in=LotStatus.values), name="stock_lotstate_status")]
        indexes = [Index(fields=["clinic", "lot", "-made_at"], name="stock_lotstate_newest")]


class Vial(AddressedRow):
    """One container that is open. A single-dose container belongs to the first patient it was drawn for."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="vials", db_index=False)
    code = models.CharField(_("label"), max_length=12)  # written or printed on the vial
    opened_at = models.DateTimeField()
    opened_by = _by()
    volume_ml = models.DecimalField(editable=False, **ML)  # that is left in it
    patient = models.ForeignKey(
        "patients.Patient", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    discarded_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            UniqueConstraint(fields=["clinic", "code"], condition=Q(discarded_at=None), name="stock_vial_code"),
            CheckConstraint(condition=Q(volume_ml__gte=0), name="stock_vial_volume"),
        ]
        indexes = [Index(fields=["clinic", "lot"], name="stock_vial_lot")]

    def __str__(self) -> str:
        return self.code


class MovementKind(models.TextChoices):
    RECEIVED = "received", _("received")
    DRAWN = "drawn", _("drawn up")
    WASTED = "wasted", _("wasted")
    COUNTED = "counted", _("corrected by a count")
    RETURNED = "returned", _("entered back")


class Movement(ClinicRow):
    """So many mL came to a lot (above zero) or left it (below). Never changed: a mistake is a movement of its own."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="movements", db_index=False)
    vial = models.ForeignKey(Vial, null=True, blank=True, on_delete=models.PROTECT, related_name="movements", db_index=False)
    kind = models.CharField(max_length=10, choices=MovementKind.choices)
    volume_ml = models.DecimalField(**ML)
    why = models.CharField(_("why"), max_length=300, blank=True)
    cause = models.CharField(max_length=80, blank=True, editable=False)  # uid of the visit or whatever it was for
    made_at = models.DateTimeField()
    made_by = _by()

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(kind__in=MovementKind.values), name="stock_movement_kind"),
            CheckConstraint(condition=~Q(volume_ml=0) | Q(kind="counted"), name="stock_movement_volume"),
            CheckConstraint(
                condition=Q(kind__in=("received", "returned"), volume_ml__gt=0)
                | Q(kind__in=("drawn", "wasted"), volume_ml__lt=0)
                | Q(kind="counted"),
                name="stock_movement_sign",
            ),
        ]
        indexes = [
            Index(fields=["clinic", "lot", "made_at"], name="stock_movement_lot"),
            Index(fields=["clinic", "made_at"], name="stock_movement_day"),  # the close of the day
            Index(fields=["clinic", "cause"], name="stock_movement_cause"),  # a visit that is struck
        ]


class Temperature(ClinicRow):
    """What a thermometer showed at one place, and what was done when it was outside the range."""

    place = models.CharField(_("place"), max_length=60)
    celsius = models.DecimalField(_("temperature"), max_digits=4, decimal_places=1)
    low = models.DecimalField(max_digits=4, decimal_places=1)
    high = models.DecimalField(max_digits=4, decimal_places=1)
    action = models.CharField(_("what was done"), max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = _by()

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(low__lt=F("high")), name="stock_temperature_range"),
            CheckConstraint(
                condition=Q(celsius__gte=F("low"), celsius__lte=F("high")) | ~Q(action=""), name="stock_temperature_action"
            ),
        ]
        indexes = [Index(fields=["clinic", "place", "-made_at"], name="stock_temperature_newest")]

    @property
    def is_outside(self) -> bool:
        return not self.low <= self.celsius <= self.high


class Kit(AddressedRow):
    """The emergency kit of one room."""

    place = models.CharField(_("room"), max_length=60)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            UniqueConstraint(fields=["clinic", "place"], condition=Q(ended_at=None), name="stock_kit_place"),
        ]

    def __str__(self) -> str:
        return self.place


class Lack(models.TextChoices):
    """What a kit can lack."""

    EPINEPHRINE = "epinephrine", pgettext_lazy("kit", "epinephrine")
    PAST = "epinephrine past its date", pgettext_lazy("kit", "epinephrine that is in date")
    OXYGEN = "oxygen", pgettext_lazy("kit", "oxygen")
    AIRWAY = "airway", pgettext_lazy("kit", "airway and mask")


class KitCheck(ClinicRow):
    """That somebody looked through a kit, and what was there. Absent answers do not exist: all are asked."""

    kit = models.ForeignKey(Kit, on_delete=models.PROTECT, related_name="checks", db_index=False)
    day = models.DateField()  # in the clinic's zone
    epinephrine_expires = models.DateField(_("epinephrine good until"), null=True, blank=True)  # None: there is none
    oxygen = models.BooleanField(_("oxygen, full and working"))
    airway = models.BooleanField(_("airway and mask"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    initials = models.CharField(_("initials"), max_length=6)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = _by()

    class Meta:
        constraints = [CheckConstraint(condition=~Q(initials=""), name="stock_kitcheck_initials")]
        indexes = [Index(fields=["clinic", "kit", "-day"], name="stock_kitcheck_newest")]

    def is_complete_on(self, day: datetime.date) -> bool:
        return not self.missing_on(day)

    def missing_on(self, day: datetime.date) -> tuple[Lack, ...]:
        """What was not there, or is past its date on that day."""
        good = self.epinephrine_expires is not None and self.epinephrine_expires >= day
        epinephrine = Lack.PAST if self.epinephrine_expires else Lack.EPINEPHRINE
        known = ((epinephrine, good), (Lack.OXYGEN, self.oxygen), (Lack.AIRWAY, self.airway))
        return tuple(what for what, is_there in known if not is_there)

    def missing_in_words(self, day: datetime.date) -> str:
        return words.listed(what.label for what in self.missing_on(day))


class UseState(ClinicRow):
    """That a kit, or the thermometer of a place, was taken out of use or into use again; the newest row counts, and what has none
    is in use. What is out of use is not asked for."""

    kit = models.ForeignKey(Kit, null=True, blank=True, on_delete=models.PROTECT, related_name="uses", db_index=False)
    place = models.CharField(max_length=60, blank=True)  # of a thermometer, as its readings have it
    in_use = models.BooleanField()
    why = models.CharField(_("why"), max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = _by()

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(kit=None) ^ Q(place=""), name="stock_usestate_whose"),
            CheckConstraint(condition=Q(in_use=True) | ~Q(why=""), name="stock_usestate_why"),
        ]
        indexes = [Index(fields=["clinic", "place"], name="stock_usestate_place")]


# What came and went, what was decided, read off and looked through: a mistake is a row of its own.
freeze(Movement)
freeze(LotState)
freeze(Temperature)
freeze(KitCheck)
freeze(UseState)
