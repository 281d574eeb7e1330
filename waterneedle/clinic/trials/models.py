"""Trials: the plan, who takes part, what was allocated, and all that was seen or done otherwise.

Nothing here is changed once it counts: a plan is frozen by the database before the first allocation, every other row from the
moment it is written. What an arm is stands in no row that can be read: the seed and each arm are sealed with the key of the
house.
"""

from __future__ import annotations

from functools import cached_property

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waterneedle.clinic.audit.frozen import freeze
from waterneedle.clinic.database.rows import AddressedRow, ClinicRow
from waterneedle.clinic.trials import plan as plans


def _by(**more: object) -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False, **more)


def _of(model: str, related_name: str = "+", **more: object) -> models.ForeignKey:
    return models.ForeignKey(model, on_delete=models.PROTECT, related_name=related_name, db_index=False, **more)


class Kind(models.TextChoices):
    N_OF_1 = plans.N_OF_1, _("in one patient (N-of-1)")
    PARALLEL = plans.PARALLEL, _("across patients")


class Trial(AddressedRow):
    """One trial. A draft until it is frozen with `document` (canonical JSON), its hash, the seed and the commitment to it."""

    kind = models.CharField(max_length=10, choices=Kind.choices)
    patient = _of("patients.Patient", null=True, blank=True)  # of an N-of-1 trial
    title = models.CharField(_("title"), max_length=200)
    plan = models.TextField()  # JSON: trials.plan.Plan
    version = models.PositiveIntegerField(default=1, editable=False)  # moves with every change of the draft
    document = models.TextField(default="")
    hash = models.CharField(max_length=64, default="")
    commitment = models.CharField(max_length=64, default="")
    sealed_seed = models.TextField(default="")
    made_at = models.DateTimeField()
    made_by = _by()
    frozen_at = models.DateTimeField(null=True, blank=True)
    frozen_by = _by(null=True, blank=True)

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            CheckConstraint(
                condition=Q(kind=plans.N_OF_1, patient__isnull=False) | Q(kind=plans.PARALLEL, patient=None),
                name="trials_trial_kind",
            ),
            CheckConstraint(
                condition=Q(frozen_at=None, document="", hash="", commitment="", sealed_seed="")
                | (Q(frozen_at__isnull=False, frozen_by__isnull=False)
                   & ~Q(document="") & ~Q(hash="") & ~Q(commitment="") & ~Q(sealed_seed="")),
                name="trials_trial_frozen",
            ),
        ]
        indexes = [
            Index(fields=["clinic", "-made_at"], name="trials_trial_newest"),
            Index(fields=["clinic", "patient"], name="trials_trial_patient"),
        ]

    def __str__(self) -> str:
        return self.title

    @cached_property
    def says(self) -> plans.Plan:
        return plans.read(self.plan)

    @property
    def line(self) -> str:
        """The id of the line of the consent by which a patient agrees to this trial."""
        return f"trial-{self.uid.hex}"


class Amendment(AddressedRow):
    """What of the plan is done otherwise from a day on, and why. The plan itself stays."""

    trial = _of("trials.Trial", "amendments")
    text = models.TextField(_("what changes"), max_length=2000)
    why = models.CharField(_("why"), max_length=500)
    made_at = models.DateTimeField()
    made_by = _by()

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            CheckConstraint(condition=~Q(text="") & ~Q(why=""), name="trials_amendment_said"),
        ]
        indexes = [Index(fields=["clinic", "trial"], name="trials_amendment_trial")]


class TurnKind(models.TextChoices):
    HARM = "harm", _("stopped for harm")
    STOPPED = "stopped", _("stopped by a person")
    ENDED = "ended", pgettext_lazy("trial", "ended")


class Turn(ClinicRow):
    """That a trial was stopped, or ended. With the end the seed is opened, for everybody to make the sequence again."""

    trial = _of("trials.Trial", "turns")
    kind = models.CharField(max_length=8, choices=TurnKind.choices)
    why = models.CharField(_("why"), max_length=500, blank=True)
    event = models.CharField(max_length=36, blank=True)  # uid of the adverse event that stopped it
    seed = models.CharField(max_length=64, blank=True)  # hex
    made_at = models.DateTimeField()
    made_by = _by()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["clinic", "trial", "kind"], name="trials_turn_once"),
            CheckConstraint(condition=Q(kind__in=TurnKind.values), name="trials_turn_kind"),
            CheckConstraint(
                condition=(Q(kind="ended") & ~Q(seed="")) | (~Q(kind="ended") & Q(seed="")), name="trials_turn_seed"
            ),
            CheckConstraint(condition=~Q(kind="stopped") | ~Q(why=""), name="trials_turn_why"),
        ]


class Participant(AddressedRow):
    """That a patient was looked at for a trial: fit to take part in a stratum, or not, and why not."""

    trial = _of("trials.Trial", "participants")
    patient = _of("patients.Patient")
    is_eligible = models.BooleanField()
    why_not = models.CharField(_("why not"), max_length=300, blank=True)
    stratum = models.CharField(_("stratum"), max_length=80, blank=True)
    made_at = models.DateTimeField()
    made_by = _by()

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            UniqueConstraint(fields=["clinic", "trial", "patient"], name="trials_participant_once"),
            CheckConstraint(
                condition=Q(is_eligible=True, why_not="") | (Q(is_eligible=False) & ~Q(why_not="")),
                name="trials_participant_why",
            ),
        ]
        indexes = [Index(fields=["clinic", "patient"], name="trials_participant_patient")]


class DepartureKind(models.TextChoices):
    WITHDREW = "withdrew", _("took the consent back")
    LOST = "lost", _("came no more")
    HARM = "harm", _("because of harm")
    CLINICIAN = "clinician", _("who treats has ended it")


class Departure(ClinicRow):
    """That somebody takes part no longer. What was measured until then counts."""

    participant = _of("trials.Participant", "departures")
    kind = models.CharField(_("how"), max_length=10, choices=DepartureKind.choices)
    said = models.CharField(_("what was said"), max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = _by()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["clinic", "participant"], name="trials_departure_once"),
            CheckConstraint(condition=Q(kind__in=DepartureKind.values), name="trials_departure_kind"),
        ]


class Allocation(AddressedRow):
    """The next place of a sequence, taken by one visit. `code` is what everybody sees of it; which arm it is, is sealed."""

    trial = _of("trials.Trial", "allocations")
    participant = _of("trials.Participant", "allocations")
    patient = _of("patients.Patient")
    visit = _of("visits.Visit")
    consent = _of("intake.Consent")
    stratum = models.CharField(max_length=80, blank=True)
    place = models.PositiveIntegerField()  # in the sequence of the stratum, from 0
    code = models.CharField(_("code"), max_length=8)
    sealed_arm = models.TextField()
    made_at = models.DateTimeField()
    made_by = _by()

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            UniqueConstraint(fields=["clinic", "trial", "stratum", "place"], name="trials_allocation_place"),
            UniqueConstraint(fields=["clinic", "trial", "visit"], name="trials_allocation_visit"),
            UniqueConstraint(fields=["clinic", "trial", "code"], name="trials_allocation_code"),
        ]
        indexes = [
            Index(fields=["clinic", "patient"], name="trials_allocation_patient"),
            Index(fields=["clinic", "visit"], name="trials_allocation_of_visit"),
        ]

    def __str__(self) -> str:
        return self.code


class Preparation(ClinicRow):
    """That somebody has seen the arm of an allocation in order to prepare it, and says so."""

    allocation = _of("trials.Allocation", "preparations")
    made_at = models.DateTimeField()
    made_by = _by()

    class Meta:
        constraints = [UniqueConstraint(fields=["clinic", "allocation", "made_by"], name="trials_preparation_once")]


class Unblinding(ClinicRow):
    """That somebody had an arm opened before the end, and why."""

    allocation = _of("trials.Allocation", "unblindings")
    why = models.CharField(_("why it must be known now"), max_length=300)
    made_at = models.DateTimeField()
    made_by = _by()

    class Meta:
        constraints = [CheckConstraint(condition=~Q(why=""), name="trials_unblinding_why")]
        indexes = [Index(fields=["clinic", "allocation"], name="trials_unblinding_of")]


class Deviation(ClinicRow):
    """Something that went otherwise than planned, as somebody has written it down."""

    allocation = _of("trials.Allocation", "deviations")
    text = models.CharField(_("what went otherwise than planned"), max_length=500)
    made_at = models.DateTimeField()
    made_by = _by()

    class Meta:
        constraints = [CheckConstraint(condition=~Q(text=""), name="trials_deviation_said")]
        indexes = [Index(fields=["clinic", "allocation"], name="trials_deviation_of")]


freeze(Trial, when="OLD.frozen_at IS NOT NULL")
for _model in (Amendment, Turn, Participant, Departure, Allocation, Preparation, Unblinding, Deviation):
    freeze(_model)
