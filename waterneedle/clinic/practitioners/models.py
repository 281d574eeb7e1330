"""Who may treat: the papers of a practitioner, each dated, none of them ever edited.

A paper that was entered wrongly or is revoked is withdrawn with a reason, and another is entered. What may be injected is decided
by `queries.may_inject` from the papers of that day; nothing here says "may".
"""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from waterneedle.clinic.database.rows import AddressedRow


class Profession(models.TextChoices):
    ACUPUNCTURIST = "acupuncturist", _("acupuncturist")
    PHYSICIAN = "physician", _("physician")
    NATUROPATH = "naturopath", _("naturopath")
    NURSE = "nurse", _("nurse")
    HEILPRAKTIKER = "heilpraktiker", _("Heilpraktiker")
    KOREAN_MEDICINE_DOCTOR = "korean_medicine_doctor", _("doctor of Korean medicine")
    STUDENT = "student", _("student")
    OTHER = "other", _("other")


class Practitioner(AddressedRow):
    """One person who treats in one clinic."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    profession = models.CharField(_("profession"), max_length=24, choices=Profession.choices)
    supervised_by = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="students",
        db_index=False,
        verbose_name=_("who answers for a student's injections"),
    )
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            UniqueConstraint(fields=["clinic", "user"], name="practitioners_practitioner_once"),
            CheckConstraint(condition=Q(profession__in=Profession.values), name="practitioners_practitioner_profession"),
            CheckConstraint(condition=~Q(supervised_by=F("pk")), name="practitioners_practitioner_not_self"),
        ]

    def __str__(self) -> str:
        return self.user.name


class Paper(AddressedRow):
    """What every paper has: whose it is, where it was seen, who entered it, and whether it was withdrawn."""

    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="%(class)ss", db_index=False)
    seen = models.CharField(
        _("how it was seen"), max_length=200, help_text=_("such as original, copy, or the board's register")
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    withdrawn_why = models.CharField(max_length=300, blank=True, editable=False)

    class Meta(AddressedRow.Meta):
        abstract = True
        indexes = [Index(fields=["clinic", "practitioner"], name="papers_%(class)s")]


class Licence(Paper):
    """Leave of a jurisdiction to practise, good up to and including `expires`."""

    jurisdiction = models.CharField(_("jurisdiction"), max_length=6, help_text=_("ISO 3166-2 code, such as US-WA"))
    number = models.CharField(_("number"), max_length=60)
    since = models.DateField(_("since"), null=True, blank=True)
    expires = models.DateField(_("good until"))

    class Meta(Paper.Meta):
        verbose_name = _("licence")
        constraints = [
            *AddressedRow.Meta.constraints,
            CheckConstraint(condition=Q(since=None) | Q(since__lte=F("expires")), name="practitioners_licence_span"),
        ]


class Training(Paper):
    """A course beyond the acupuncture education, with the hours that are itemised on its paper; None: not itemised."""

    course = models.CharField(_("course"), max_length=200)
    provider = models.CharField(_("provider"), max_length=200)
    completed_on = models.DateField(_("completed on"))
    hours = models.DecimalField(_("hours in all"), max_digits=5, decimal_places=1, validators=[MinValueValidator(0)])
    hands_on_hours = models.DecimalField(
        _("of these hands-on"), max_digits=5, decimal_places=1, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    emergency_hours = models.DecimalField(
        _("of these emergency training"),
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )

    class Meta(Paper.Meta):
        verbose_name = _("training")
        constraints = [
            *AddressedRow.Meta.constraints,
            CheckConstraint(condition=Q(hours__gte=0), name="practitioners_training_hours"),
            CheckConstraint(
                condition=Q(hands_on_hours=None) | Q(hands_on_hours__gte=0, hands_on_hours__lte=F("hours")),
                name="practitioners_training_hands_on",
            ),
            CheckConstraint(
                condition=Q(emergency_hours=None) | Q(emergency_hours__gte=0, emergency_hours__lte=F("hours")),
                name="practitioners_training_emergency",
            ),
        ]


class Certificate(Paper):
    """That an instructor has certified the person to inject; `expires` None: the paper names no end.

    `jurisdiction` empty: the paper names none. One that names a place counts in that place alone.
    """

    jurisdiction = models.CharField(_("made for"), max_length=6, blank=True)
    issuer = models.CharField(_("issued by"), max_length=200)
    number = models.CharField(_("number"), max_length=80, blank=True)
    certified_on = models.DateField(_("certified on"))
    expires = models.DateField(_("good until"), null=True, blank=True)

    class Meta(Paper.Meta):
        verbose_name = _("certificate")
        constraints = [
            *AddressedRow.Meta.constraints,
            CheckConstraint(
                condition=Q(expires=None) | Q(certified_on__lte=F("expires")), name="practitioners_certificate_span"
            ),
        ]


class ResuscitationCard(Paper):
    """A course in resuscitation (CPR, BLS), good up to and including `expires`."""

    course = models.CharField(_("course"), max_length=120)
    expires = models.DateField(_("good until"))

    class Meta(Paper.Meta):
        verbose_name = _("resuscitation card")



class Qualification(Paper):
    """What else a jurisdiction may ask for, such as a certificate in herbs."""

    name = models.CharField(_("qualification"), max_length=120)
    since = models.DateField(_("since"), null=True, blank=True)
    expires = models.DateField(_("good until"), null=True, blank=True)

    class Meta(Paper.Meta):
        verbose_name = _("qualification")



PAPERS: dict[str, type[Paper]] = {
    "licence": Licence,
    "training": Training,
    "certificate": Certificate,
    "resuscitation": ResuscitationCard,
    "qualification": Qualification,
}
