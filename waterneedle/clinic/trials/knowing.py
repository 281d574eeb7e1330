"""Who of the clinic may know an arm before the trial ends. Where the assessor is kept blind they write no outcome down.

The patient's own answer by a link is the rule. Where it is said to somebody here, that person must not have seen what was given:
not have treated, nor prepared, nor had the arm opened, nor read a page from which it can be learnt what is in the syringe. Who
has read which page stands in the trail. A test walks through all pages of two trials that differ in the arm alone: each page that
is not the same in both is one of these.
"""

from __future__ import annotations

import datetime

from django.db.models import Q
from django.utils import timezone

from waterneedle.clinic.accounts.models import User
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import records_of
from waterneedle.clinic.trials.allocating import who_treats
from waterneedle.clinic.trials.models import Allocation
from waterneedle.clinic.trials.plan import assessor_is_blind
from waterneedle.clinic.visits.models import Visit

# Pages beside those of a visit that say what was given, and pages of the whole clinic from which it can be learnt: how much of a
# lot is left, who was given it, the rates of a product, the trail of what was drawn.
OF_THE_PATIENT = ("visits", "reaction", "check-in", "adverse event", "infections that belong together", "record")
OF_THE_CLINIC = ("shelf", "lot", "recall", "rates", "trail", "extract")


def may_know(allocation: Allocation, user: User, until: datetime.datetime | None = None) -> bool:
    """Whether `user` may have known the arm at `until` (now, where it is left out)."""
    until = until or timezone.now()
    rows = (allocation.preparations, allocation.unblindings)
    if any(one.filter(made_by=user, made_at__lte=until).exists() for one in rows):
        return True
    return user.pk in who_treats(allocation) or _has_read(allocation, user, until)


def is_asked_blind(allocation: Allocation, user: User, until: datetime.datetime | None = None) -> bool:
    """Whether the plan lets `user` write the outcome down: anybody where nobody is kept blind."""
    return not assessor_is_blind(allocation.trial.says) or not may_know(allocation, user, until)


def _has_read(allocation: Allocation, user: User, until: datetime.datetime) -> bool:
    records = records_of(allocation.patient)
    visits = Visit.objects.filter(clinic_id=allocation.clinic_id, patient_id__in=records, pk__gte=allocation.visit_id)
    if allocation.trial.patient_id:  # in one patient each visit has its own arm
        visits = visits.filter(pk=allocation.visit_id)
    patients = list(Patient.objects.filter(clinic_id=allocation.clinic_id, pk__in=records).values_list("uid", flat=True))
    uids = [str(one) for one in visits.values_list("uid", flat=True)]
    of_user = Entry.objects.filter(clinic_id=allocation.clinic_id, user_uid=user.uid)
    in_time = of_user.filter(at__gte=allocation.made_at, at__lte=until)
    of_patient = Q(kind__in=OF_THE_PATIENT) | Q(kind="visit", object_uid__in=uids)
    # The sheet of the day names no visit: it has the open vials.
    of_clinic = Q(kind__in=OF_THE_CLINIC) | Q(kind="visit", action="print", object_uid="")
    return in_time.filter((of_patient & Q(patient_uid__in=patients)) | of_clinic).exists()
