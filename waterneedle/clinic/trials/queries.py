"""What is known of trials, ready to be used or shown. Nothing here opens an arm before the end."""

from __future__ import annotations

import datetime

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.intake.models import Consent
from waterneedle.clinic.intake.queries import newest_consent, standing_of
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import records_of
from waterneedle.clinic.trials.models import Allocation, Participant, Trial, Turn, TurnKind
from waterneedle.clinic.trials.plan import CHECK_IN, PARALLEL, instruments, patient_is_blind
from waterneedle.clinic.visits.models import Visit
from waterneedle.safety.issues import in_language


def trials_of(clinic: Clinic) -> QuerySet[Trial]:
    """Every trial, the newest first, with how many were allocated."""
    rows = Trial.objects.filter(clinic=clinic).select_related("patient").prefetch_related("turns")
    return rows.annotate(allocated=Count("allocations")).order_by("-made_at", "-pk")


def trials_with(patient: Patient) -> QuerySet[Trial]:
    """The trials for which this patient was looked at, or which are about nobody else."""
    records = records_of(patient)
    own = Trial.objects.filter(clinic_id=patient.clinic_id, patient_id__in=records).values("pk")
    part = Participant.objects.filter(clinic_id=patient.clinic_id, patient_id__in=records).values("trial_id")
    return trials_of(patient.clinic).filter(pk__in=own.union(part))


def open_trials_of(patient: Patient) -> list[Trial]:
    """The trials in which the patient takes part now and that go on."""
    rows = Participant.objects.filter(
        clinic_id=patient.clinic_id, patient_id__in=records_of(patient), is_eligible=True, departures=None, trial__turns=None)
    return [one.trial for one in rows.select_related("trial__clinic", "trial__patient").order_by("pk")]


def state_of(trial: Trial) -> tuple[str, str]:
    """(a word, its severity as a badge shows it)."""
    kinds = {one.kind: one for one in trial.turns.all()}
    if TurnKind.ENDED in kinds:
        return str(TurnKind.ENDED.label), "ok"
    if TurnKind.HARM in kinds:
        return str(TurnKind.HARM.label), "block"
    if TurnKind.STOPPED in kinds:
        return str(TurnKind.STOPPED.label), "warn"
    return (_("goes on"), "water") if trial.frozen_at else (pgettext("trial", "draft"), "")


def is_over(trial: Trial) -> bool:
    """Whether nobody is allocated any more."""
    return Turn.objects.filter(clinic_id=trial.clinic_id, trial=trial).exists()


def turn_of(trial: Trial, kind: str) -> Turn | None:
    return Turn.objects.filter(clinic_id=trial.clinic_id, trial=trial, kind=kind).select_related("made_by").first()


def participant_of(trial: Trial, patient: Patient) -> Participant | None:
    rows = Participant.objects.filter(clinic_id=trial.clinic_id, trial=trial, patient_id__in=records_of(patient))
    return rows.select_related("patient").first()


def consent_to(trial: Trial, patient: Patient, now: datetime.datetime) -> Consent | None:
    """The consent in force at this moment that has the line of this trial, signed and not taken back."""
    day = now.astimezone(patient.clinic.tzinfo).date()
    consent = newest_consent(patient, day, now)
    if consent is None or not consent.signed_on <= day <= consent.until:
        return None
    standing = standing_of(consent, day, now)
    return consent if standing.withdrawn_at is None and trial.line in standing.lines else None


def allocations_for(visit: Visit) -> list[Allocation]:
    """What holds for this visit: what it was allocated, and what the patient was allocated before in a trial across patients.

    There a patient stays in one arm. It holds for later visits until the trial is over or the patient has left it.
    """
    rows = allocations_in(visit.clinic_id).filter(patient_id__in=records_of(visit.patient), visit_id__lte=visit.pk)
    return [one for one in rows.select_related("participant").order_by("pk") if one.visit_id == visit.pk or _holds(one, visit)]


def _holds(allocation: Allocation, visit: Visit) -> bool:
    if allocation.trial.kind != PARALLEL or visit.day < allocation.visit.day:
        return False
    ends = [one.made_at for one in (*allocation.trial.turns.all(), *allocation.participant.departures.all())]
    return all(visit.made_at < one for one in ends)


def allocations_of(trial: Trial) -> list[Allocation]:
    """In the order in which they were given."""
    rows = allocations_in(trial.clinic_id).filter(trial=trial).order_by("made_at", "pk")
    return list(rows.prefetch_related("preparations", "unblindings__made_by", "deviations__made_by"))


def allocations_in(clinic_id: int) -> QuerySet[Allocation]:
    return Allocation.objects.filter(clinic_id=clinic_id).select_related(
        "trial__clinic", "trial__patient", "visit__practitioner", "patient__clinic", "made_by")


def kept_closed(visit: Visit) -> str:
    """What the patient reads in place of the fluid while a trial that can keep it closed goes on; "" for any other visit."""
    for one in allocations_for(visit):
        if patient_is_blind(one.trial.says) and turn_of(one.trial, TurnKind.ENDED) is None and not one.unblindings.exists():
            return _("kept closed for the trial until it ends (code %(code)s); in an emergency the clinic says it at once") % {
                "code": one.code}
    return ""


def instrument_in_words(name: str, language: str) -> str:
    if name == CHECK_IN:
        return _("pain from 0 to 10, as a check-in asks for it")
    return in_language(instruments()[name].name, language, {})
