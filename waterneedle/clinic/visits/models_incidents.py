"""Incidents: what went otherwise than it should have, and what the clinic learnt. Django finds these rows by way of `models`."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Index, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waterneedle.clinic.audit.frozen import freeze
from waterneedle.clinic.database.rows import AddressedRow, ClinicRow
from waterneedle.clinic.visits.columns import by_key


class Reached(models.TextChoices):
    """How far an incident went: the types of incident of the World Health Organization's classification, after Runciman et al.,
    Int J Qual Health Care 2009;21:18 (doi:10.1093/intqhc/mzn057)."""

    CIRCUMSTANCE = "circumstance", _("nothing happened yet, but it easily could have")
    NEAR_MISS = "near miss", _("near miss: it did not reach the patient")
    NO_HARM = "no harm", _("it reached the patient, and no harm was found")
    HARM = "harm", _("the patient came to harm")


class Told(models.TextChoices):
    """Whether who it happened to was told."""

    TOLD = "told", _("the patient was told")
    NOT_YET = "not yet", _("the patient was not told")
    NOBODY = "nobody", _("it concerns no patient")


class What(models.TextChoices):
    ADDED = "added", pgettext_lazy("incident", "added")
    CLOSED = "closed", pgettext_lazy("incident", "closed")
    REOPENED = "reopened", pgettext_lazy("incident", "opened again")


class Incidents(QuerySet):
    def with_state(self) -> Incidents:
        """Each with what its last closing or opening again says: `state` of `What` (None: neither yet) and `reached`."""
        last = IncidentEntry.objects.filter(
            clinic_id=OuterRef("clinic_id"), incident=OuterRef("pk"), what__in=(What.CLOSED, What.REOPENED)).order_by("-pk")
        return self.annotate(state=Subquery(last.values("what")[:1]), reached=Subquery(last.values("reached")[:1]))

    def still_open(self) -> Incidents:
        return self.with_state().filter(Q(state=None) | Q(state=What.REOPENED))

    def closed(self) -> Incidents:
        return self.with_state().filter(state=What.CLOSED)


class Incident(AddressedRow):
    """Something that went otherwise than it should have. The signature of a deviation opens one, which has the uid of its visit;
    any other is reported by a person."""

    objects = models.Manager.from_queryset(Incidents)()

    visit = models.ForeignKey(
        "visits.Visit", null=True, blank=True, on_delete=models.PROTECT, related_name="incidents", db_index=False)
    patient = models.ForeignKey(
        "patients.Patient", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    said = models.TextField(_("what happened"), max_length=2000)
    happened_at = models.DateTimeField(_("when it happened"))
    made_at = models.DateTimeField()
    made_by = by_key()

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            CheckConstraint(condition=~Q(said=""), name="visits_incident_said"),
            CheckConstraint(condition=Q(happened_at__lte=F("made_at")), name="visits_incident_past"),
        ]
        indexes = [Index(fields=["clinic", "-made_at"], name="visits_incident_newest")]

    @property
    def is_deviation(self) -> bool:
        return self.visit_id is not None


class IncidentEntry(ClinicRow):
    """What was found out about an incident, or that it was closed, or opened again."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="entries", db_index=False)
    what = models.CharField(max_length=10, choices=What.choices)
    said = models.TextField(max_length=2000)  # of a closing: how it came about
    change = models.TextField(max_length=2000, blank=True)  # of a closing: what is done otherwise from now on
    reached = models.CharField(max_length=12, blank=True, choices=Reached.choices)
    told = models.CharField(max_length=8, blank=True, choices=Told.choices)
    made_at = models.DateTimeField()
    made_by = by_key()

    class Meta:
        constraints = [
            CheckConstraint(condition=~Q(said=""), name="visits_incidententry_said"),
            CheckConstraint(
                condition=Q(what="closed") | Q(what__in=("added", "reopened"), change="", reached="", told=""),
                name="visits_incidententry_what"),
        ]
        indexes = [Index(fields=["clinic", "incident", "-id"], name="visits_incidententry_newest")]


freeze(Incident)
freeze(IncidentEntry)
