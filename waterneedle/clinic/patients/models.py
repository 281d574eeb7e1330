"""Who is treated: the person, who speaks for them, and what is known of their health.

Three answers are kept apart, as everywhere: a row is something known, a row of `Asked` with `none=True` says that there is
nothing of this kind, and no row at all means that nobody has asked. What is known is never overwritten: a fact ends, and another
begins.
"""

from __future__ import annotations

import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from waterneedle.clinic.database.rows import AddressedRow, ClinicRow
from waterneedle.clinic.web import words


class Sex(models.TextChoices):
    FEMALE = "female", _("female")
    MALE = "male", _("male")
    INTERSEX = "intersex", _("intersex")
    UNKNOWN = "unknown", _("not known")


class Side(models.TextChoices):
    LEFT = "left", _("left")
    RIGHT = "right", _("right")
    MIDLINE = "midline", _("midline")
    BILATERAL = "bilateral", _("both sides")


class Speaker(models.TextChoices):
    """Who said it."""

    PATIENT = "patient", _("the patient")
    GUARDIAN = "guardian", _("the guardian")
    CLINICIAN = "clinician", _("another clinician")
    DOCUMENT = "document", _("a document")
    OBSERVED = "observed", _("seen or measured here")


def _by(**more: object) -> models.ForeignKey:
    """The person who entered a row; None: the patient, by a link."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False, **more
    )


class Patient(AddressedRow):
    """One person who is treated in one clinic. Never deleted: joined with another record, or retracted with a reason."""

    number = models.PositiveIntegerField(_("chart number"))
    given_name = models.CharField(_("given name"), max_length=100)
    family_name = models.CharField(_("family name"), max_length=100, blank=True)
    preferred_name = models.CharField(_("preferred name"), max_length=100, blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    sex = models.CharField(_("sex"), max_length=10, choices=Sex.choices, default=Sex.UNKNOWN)
    language = models.CharField(_("language"), max_length=10, blank=True)  # empty: the first of the clinic
    needs_interpreter = models.BooleanField(_("needs an interpreter"), null=True, blank=True)  # None: nobody has asked
    lacks_capacity = models.BooleanField(_("cannot consent for themself"), null=True, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    address = models.TextField(_("postal address"), max_length=500, blank=True)
    first_signed_at = models.DateTimeField(null=True, blank=True, editable=False)  # of the first visit: later ones are shorter
    made_at = models.DateTimeField(auto_now_add=True)
    retracted_at = models.DateTimeField(null=True, blank=True, editable=False)
    retracted_why = models.CharField(max_length=300, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)  # two people at one form: the second is told

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            UniqueConstraint(fields=["clinic", "number"], name="patients_patient_number"),
            CheckConstraint(condition=Q(sex__in=Sex.values), name="patients_patient_sex"),
            CheckConstraint(condition=~Q(given_name=""), name="patients_patient_named"),
        ]
        indexes = [
            Index(fields=["clinic", "birth_date"], name="patients_patient_birth"),
            Index(fields=["clinic", "id"], name="patients_patient_entered"),  # the newest, without sorting all of a clinic
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """As it is called out: the preferred name stands for the given name."""
        return words.person(self.preferred_name or self.given_name, self.family_name)

    @property
    def full_name(self) -> str:
        """As it stands on papers."""
        return words.person(self.given_name, self.family_name)

    @property
    def listed_name(self) -> str:
        """With the family name first, for lists."""
        return words.listed_person(self.given_name, self.family_name)

    def age_on(self, day: datetime.date) -> int | None:
        """Whole years on `day`; None when the date of birth is not known. Born on 29 February: a year older on 1 March."""
        born = self.birth_date
        return None if born is None else day.year - born.year - ((day.month, day.day) < (born.month, born.day))


class SearchWord(ClinicRow):
    """One word by which a patient is found: of a name, in small letters without accents, or a telephone number from its end."""

    NAME, PHONE = "n", "p"
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="search_words", db_index=False)
    kind = models.CharField(max_length=1, choices=[(NAME, "name"), (PHONE, "telephone, last digit first")])
    word = models.CharField(max_length=100)

    class Meta:
        constraints = [UniqueConstraint(fields=["clinic", "kind", "word", "patient"], name="patients_searchword_once")]
        indexes = [Index(fields=["clinic", "patient"], name="patients_searchword_patient")]


class Guardian(AddressedRow):
    """Who speaks and signs for a patient who cannot."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="guardians", db_index=False)
    name = models.CharField(_("name"), max_length=200)
    relation = models.CharField(_("relation"), max_length=60, help_text=_("such as mother, or guardian by order of a court"))
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    may_consent = models.BooleanField(_("may consent to treatment"), default=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = _by()
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(AddressedRow.Meta):
        indexes = [Index(fields=["clinic", "patient"], name="patients_guardian_patient")]

    def __str__(self) -> str:
        return f"{self.name} ({self.relation})"


class FactKind(models.TextChoices):
    CONDITION = "condition", _("condition")
    ALLERGY = "allergy", _("allergy")
    MEDICATION = "medication", _("medicine")


class Severity(models.TextChoices):
    MILD = "mild", _("mild")
    MODERATE = "moderate", _("moderate")
    SEVERE = "severe", _("severe")
    UNKNOWN = "unknown", _("not known")


class HealthFact(AddressedRow):
    """A condition, an allergy or a medicine, as it was said; `concept` is what the vocabulary makes of it, if anything."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="health_facts", db_index=False)
    kind = models.CharField(max_length=12, choices=FactKind.choices)
    said = models.CharField(_("in their words"), max_length=200)
    concept = models.CharField(max_length=80, blank=True)  # id in the vocabulary; empty: free text, kept as it is
    region = models.CharField(_("where"), max_length=80, blank=True)
    side = models.CharField(_("side"), max_length=10, choices=Side.choices, blank=True)
    reaction = models.CharField(_("reaction"), max_length=200, blank=True)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity.choices, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    said_by = models.CharField(_("who said it"), max_length=12, choices=Speaker.choices, default=Speaker.PATIENT)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = _by()
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_by = _by(editable=False)
    ended_why = models.CharField(_("why it no longer holds"), max_length=200, blank=True)

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            CheckConstraint(condition=Q(kind__in=FactKind.values), name="patients_healthfact_kind"),
            CheckConstraint(condition=~Q(said=""), name="patients_healthfact_said"),
            CheckConstraint(condition=Q(ended_at=None) | Q(ended_at__gte=F("made_at")), name="patients_healthfact_span"),
        ]
        indexes = [Index(fields=["clinic", "patient", "kind"], name="patients_healthfact_patient")]

    def __str__(self) -> str:
        return self.said


class Asked(ClinicRow):
    """That somebody was asked about one kind of fact, and whether the answer was that there are none. The newest row counts; what
    was answered in a visit that stands on the wrong patient is taken back (`removed_at`)."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="asked", db_index=False)
    kind = models.CharField(max_length=12, choices=FactKind.choices)
    none = models.BooleanField()
    said_by = models.CharField(max_length=12, choices=Speaker.choices, default=Speaker.PATIENT)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = _by()
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        indexes = [Index(fields=["clinic", "patient", "kind", "-made_at"], name="patients_asked_newest")]


class PregnancyStatus(models.TextChoices):
    PREGNANT = "pregnant", _("pregnant")
    POSSIBLE = "possible", _("may be pregnant")
    NOT_PREGNANT = "not_pregnant", _("not pregnant")
    UNKNOWN = "unknown", _("not known")
    NOT_APPLICABLE = "not_applicable", _("does not apply")


class Pregnancy(ClinicRow):
    """What was said about pregnancy on one day. The newest row is shown with its date; a visit asks again.

    `visit` is the one in which it was said; what was said in one that stands on the wrong patient is taken back (`removed_at`).
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="pregnancies", db_index=False)
    status = models.CharField(max_length=16, choices=PregnancyStatus.choices)
    weeks = models.DecimalField(
        _("weeks"),
        max_digits=3,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(45)],
    )
    said_by = models.CharField(max_length=12, choices=Speaker.choices, default=Speaker.PATIENT)
    visit = models.UUIDField(null=True, blank=True, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = _by()
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(status__in=PregnancyStatus.values), name="patients_pregnancy_status"),
            CheckConstraint(
                condition=Q(weeks=None) | Q(status="pregnant", weeks__gte=0, weeks__lte=45), name="patients_pregnancy_weeks"
            ),
        ]
        indexes = [Index(fields=["clinic", "patient", "-made_at"], name="patients_pregnancy_newest")]


class MeasureKind(models.TextChoices):
    HEIGHT = "height_cm", _("height")
    WEIGHT = "weight_kg", _("weight")
    INR = "INR", _("INR")
    PLATELETS = "platelets", _("platelets")
    POTASSIUM = "potassium", _("potassium")
    HEMOGLOBIN = "hemoglobin", _("hemoglobin")


MEASURE_UNITS = {
    "height_cm": "cm",
    "weight_kg": "kg",
    "INR": "",
    "platelets": "10*9/L",
    "potassium": "mmol/L",
    "hemoglobin": "g/dL",
}


class Measure(ClinicRow):
    """One measured figure in the unit of `MEASURE_UNITS`, with the day it was measured on. The newest row that was not taken back
    counts."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="measures", db_index=False)
    kind = models.CharField(max_length=12, choices=MeasureKind.choices)
    value = models.DecimalField(max_digits=8, decimal_places=2)
    measured_on = models.DateField(_("measured on"))
    said_by = models.CharField(max_length=12, choices=Speaker.choices, default=Speaker.OBSERVED)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = _by()
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)  # entered in error: it is somebody else's, or wrong

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(kind__in=MeasureKind.values), name="patients_measure_kind"),
            CheckConstraint(condition=Q(value__gt=0), name="patients_measure_positive"),
        ]
        indexes = [Index(fields=["clinic", "patient", "kind", "-measured_on"], name="patients_measure_newest")]

    @property
    def unit(self) -> str:
        return MEASURE_UNITS[self.kind]


class Joined(ClinicRow):
    """Two records of one person: `other` is read as `kept` until they are parted again. Nothing of either is moved or changed."""

    kept = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="joined", db_index=False)
    other = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="joined_into", db_index=False)
    why = models.CharField(_("why"), max_length=300)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = _by()
    parted_at = models.DateTimeField(null=True, blank=True, editable=False)
    parted_by = _by(editable=False)
    parted_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["clinic", "other"], condition=Q(parted_at=None), name="patients_joined_once"),
            CheckConstraint(condition=~Q(kept=F("other")), name="patients_joined_two"),
        ]
        indexes = [Index(fields=["clinic", "kept"], name="patients_joined_kept")]


class NotDuplicate(ClinicRow):
    """Two records that look alike and are two people: not offered again."""

    one = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+", db_index=False)
    other = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = _by()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["clinic", "one", "other"], name="patients_notduplicate_once"),
            CheckConstraint(condition=Q(one__lt=F("other")), name="patients_notduplicate_order"),
        ]


class Import(AddressedRow):
    """A file from which patients are brought in. Its content stays until it was brought in, and no longer."""

    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)  # of the file, in hexadecimal
    content = models.BinaryField(null=True)  # compressed
    columns = models.TextField()  # JSON: the field that each column is read as, or an empty text
    day_first = models.BooleanField(default=False)  # 4/3/1980 is in March
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = _by()
    done_at = models.DateTimeField(null=True, editable=False)
    undone_at = models.DateTimeField(null=True, editable=False)
    patients = models.PositiveIntegerField(default=0)  # that it has made

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            CheckConstraint(condition=Q(undone_at=None) | Q(done_at__isnull=False), name="patients_import_order"),
            CheckConstraint(condition=Q(done_at=None) | Q(content=None), name="patients_import_content_goes"),
        ]
        indexes = [Index(fields=["clinic", "-made_at"], name="patients_import_newest")]

    def __str__(self) -> str:
        return self.file_name


class Imported(ClinicRow):
    """One patient that an import has made, from the line `line` of its file."""

    source = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="made", db_index=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+", db_index=False)
    line = models.PositiveIntegerField()

    class Meta:
        constraints = [UniqueConstraint(fields=["clinic", "patient"], name="patients_imported_once")]
        indexes = [Index(fields=["clinic", "source"], name="patients_imported_source")]
