"""What this room has of a visit that was struck since: answers of the patient, and adverse events. Told to `visits.told`."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from waterneedle.clinic.followup.models import AdverseEvent, Answer
from waterneedle.clinic.patients.queries import records_of
from waterneedle.clinic.visits.models import Visit
from waterneedle.clinic.visits.told import Between, Entered, url_of


def entered_of(visit: Visit, between: Between) -> Iterable[Entered]:
    """The answers about the visit, and the events of it and of its patient that were reported meanwhile."""
    for one in Answer.objects.filter(clinic_id=visit.clinic_id, visit=visit, answered_at__lte=between[1]):
        said = _("what was answered afterwards: %(level)s") % {"level": one.get_level_display()}
        yield Entered(said, one.answered_at, url_of(visit, "followup:answer", answer=one.uid), "followup.read")
    rows = AdverseEvent.objects.filter(
        Q(visit=visit) | Q(made_at__range=between), clinic_id=visit.clinic_id, patient_id__in=records_of(visit.patient))
    for one in rows.exclude(made_at__gt=between[1]):
        said = _("the report of an adverse event")
        yield Entered(said, one.made_at, url_of(visit, "followup:event", event=one.uid), "followup.read")
