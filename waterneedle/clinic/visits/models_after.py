"""What comes after the last puncture: who is observed and how long, and reactions. Django finds these rows by way of `models`."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import CheckConstraint, Exists, F, Index, OuterRef, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waterneedle.clinic.audit.frozen import freeze
from waterneedle.clinic.database.rows import AddressedRow, ClinicRow
from waterneedle.clinic.visits.columns import by_key, patient_key, visit_key


class Observation(AddressedRow):
    """That a patient is watched after the last puncture, until a person ends it."""

    visit = visit_key("observations")
    patient = patient_key()
    began_at = models.DateTimeField()
    until = models.DateTimeField()
    why = models.CharField(max_length=60, blank=True)
    made_by = by_key()
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_by = by_key(null=True, blank=True, editable=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)  # begun by a slip: it never was, and has ended
    entered: Any = None  # the step that it was begun with, for who has just pressed it: `slips.py`
    is_new = False  # so too

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            UniqueConstraint(fields=["clinic", "visit"], condition=Q(ended_at=None), name="visits_observation_one"),
            CheckConstraint(condition=Q(removed_at=None) | Q(ended_at__isnull=False), name="visits_observation_removed"),
            CheckConstraint(condition=Q(until__gt=F("began_at")), name="visits_observation_span"),
        ]
        indexes = [
            Index(fields=["clinic", "ended_at"], name="visits_observation_open"),
            Index(fields=["clinic", "visit"], name="visits_observation_visit"),
        ]


class WatchMinutes(ClinicRow):
    """How long this clinic watches: ordinarily, and after a first dose, a new product or a reaction. The newest row counts."""

    ordinary_min = models.PositiveSmallIntegerField(_("ordinarily, minutes"))
    longer_min = models.PositiveSmallIntegerField(_("longer, minutes"))
    made_at = models.DateTimeField()
    made_by = by_key()

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(ordinary_min__gte=1, longer_min__gte=F("ordinary_min"), longer_min__lte=240),
                name="visits_watchminutes_span",
            ),
        ]
        indexes = [Index(fields=["clinic", "-made_at"], name="visits_watchminutes_newest")]


class Reactions(models.QuerySet):
    def that_were(self) -> Reactions:
        """Without those that somebody has said were none."""
        mistaken = ReactionEntry.objects.filter(clinic_id=OuterRef("clinic_id"), case=OuterRef("pk"), kind=ReactionEntry.MISTAKE)
        return self.filter(~Exists(mistaken))


class Reaction(AddressedRow):
    """Something went wrong with the patient, from the moment somebody pressed the button."""

    objects = models.Manager.from_queryset(Reactions)()

    patient = patient_key()
    visit = models.ForeignKey(
        "visits.Visit", null=True, blank=True, on_delete=models.PROTECT, related_name="reactions", db_index=False
    )
    began_at = models.DateTimeField()
    made_by = by_key()

    class Meta(AddressedRow.Meta):
        indexes = [Index(fields=["clinic", "patient", "-began_at"], name="visits_reaction_newest")]


class ReactionEntry(ClinicRow):
    """What was seen or done in a reaction, at its minute."""

    SIGN, EPINEPHRINE, EMERGENCY_CALL, NOTE, END = "sign", "epinephrine", "emergency_call", "note", "end"
    MISTAKE = "mistake"  # there was no reaction of this patient: from here on it counts nowhere
    KINDS = [
        (SIGN, pgettext_lazy("reaction", "sign")),
        (EPINEPHRINE, _("epinephrine")),
        (EMERGENCY_CALL, _("emergency call")),
        (NOTE, _("note")),
        (END, pgettext_lazy("reaction", "end")),
        (MISTAKE, pgettext_lazy("reaction", "mistake")),
    ]

    case = models.ForeignKey(Reaction, on_delete=models.PROTECT, related_name="entries", db_index=False)
    kind = models.CharField(max_length=16, choices=KINDS)
    said = models.CharField(max_length=300, blank=True)
    dose_mg = models.DecimalField(_("dose in mg"), max_digits=4, decimal_places=2, null=True, blank=True)
    at = models.DateTimeField()
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = by_key()

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(kind__in=("sign", "epinephrine", "emergency_call", "note", "end", "mistake")),
                name="visits_entry_kind",
            ),
            CheckConstraint(
                condition=Q(kind="epinephrine", dose_mg__gt=0, dose_mg__lte=5) | (~Q(kind="epinephrine") & Q(dose_mg=None)),
                name="visits_entry_dose",
            ),
        ]
        indexes = [
            Index(fields=["clinic", "case", "at"], name="visits_entry_case"),
            # A dose is of epinephrine alone. By its kind SQLite would plan each statement about a kind anew with every value.
            Index(fields=["clinic", "at"], condition=Q(dose_mg__isnull=False), name="visits_entry_epinephrine"),
        ]


class Outcome(models.TextChoices):
    """How a reaction in the clinic ended: what the entry of its end says."""

    WELL = "well", _("well again, went home")
    BETTER = "better", _("better, went home")
    AMBULANCE = "ambulance", _("taken by the ambulance")
    DOCTOR = "doctor", _("sent to a doctor")
    DIED = "died", _("died")


freeze(WatchMinutes)
freeze(Reaction)
freeze(ReactionEntry)
freeze(
    Observation, when="OLD.ended_at IS NOT NULL OR NEW.visit_id <> OLD.visit_id OR NEW.patient_id <> OLD.patient_id", kept=True)
