"""What came onto a patient's record from the beginning of a visit until it was struck: of whom was it said?

It may be of either person, so a program takes no fact and no figure back: an allergy that stays with the wrong patient bars too
much, one that vanishes from the right one lets it through. A person goes through it, on the page of the visit, and a task asks
for that. What lets more through, such as that there are none, is taken back with the strike, and asked again (`take_back_visit`).
It does not end with the signature: who reads the visit afterwards, or is called about it, adds to the record too.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

import msgspec
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.intake.models import AddedLines, Consent, Form, Withdrawal
from waterneedle.clinic.patients.models import Asked, Guardian, HealthFact, Measure, Patient, Pregnancy
from waterneedle.clinic.patients.queries import records_of
from waterneedle.clinic.tasks.actions import ends_with_words, open_task
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.tasks.queries import leads
from waterneedle.clinic.visits import became, cosigning, doubted
from waterneedle.clinic.visits.models import Strike, Visit
from waterneedle.clinic.visits.models_after import Observation, Reaction
from waterneedle.clinic.web import words

TASK = "visits.told_of_another"
DUE_HOURS = 1
ends_with_words(TASK)


@dataclass(frozen=True)
class Entered:
    """One thing that is no fact of health: what, when, and where it is read and set right by who has `permission`."""

    said: str
    at: datetime.datetime
    url: str = ""
    permission: str = ""


@dataclass(frozen=True)
class Told:
    """What came onto the record with a visit that was struck since."""

    facts: tuple[HealthFact, ...] = ()  # entered or ended
    measures: tuple[Measure, ...] = ()
    to_ask: tuple[str, ...] = ()  # of which kinds of fact an answer was taken back
    entries: tuple[Entered, ...] = ()  # the first one first

    def __bool__(self) -> bool:
        return bool(self.facts or self.measures or self.to_ask or self.entries)


Between = tuple[datetime.datetime, datetime.datetime]
Tells = Callable[[Visit, Between], Iterable[Entered]]
_tell: list[Tells] = []


def entries_are_told_by(tells: Tells) -> None:
    """Let a room above say what it has of a visit, or of its patient between two moments."""
    if tells not in _tell:
        _tell.append(tells)


def url_of(visit: Visit, route: str, **where: UUID) -> str:
    """An address below the patient of a visit."""
    return reverse(route, kwargs={"clinic": visit.clinic.slug, "patient": visit.patient.uid, **where})


def charted_between(visit: Visit) -> Between | None:
    """From when until when something may have been entered for a visit that was struck. None for any other."""
    struck = Strike.objects.filter(clinic_id=visit.clinic_id, visit=visit, struck_at__isnull=False).first()
    return struck and (visit.made_at, struck.struck_at)


def told_in(visit: Visit) -> Told:
    """Nothing, for a visit that was not struck."""
    between = charted_between(visit)
    if between is None:
        return Told()
    of_patient = {"clinic_id": visit.clinic_id, "patient_id__in": records_of(visit.patient)}
    facts = HealthFact.objects.filter(Q(made_at__range=between) | Q(ended_at__range=between), **of_patient)
    measures = Measure.objects.filter(**of_patient, made_at__range=between)
    asked = Asked.objects.filter(**of_patient, made_at__range=between, removed_at__isnull=False).order_by("pk")
    return Told(
        tuple(facts.select_related("made_by", "ended_by").order_by("kind", "made_at", "pk")),
        tuple(measures.select_related("made_by").order_by("pk")),
        tuple(dict.fromkeys(str(one.get_kind_display()) for one in asked)),
        tuple(sorted((one for tells in (_of_this_room, _of_the_record, _of_intake, *_tell) for one in tells(visit, between)),
                     key=lambda one: one.at)))


def _of_this_room(visit: Visit, between: Between) -> Iterable[Entered]:
    """Who was watched, and reactions: those of the visit, and any that began meanwhile."""
    for one in Observation.objects.filter(clinic_id=visit.clinic_id, visit=visit, removed_at=None, began_at__range=between):
        yield Entered(_("observed after the injections"), one.began_at)
    rows = Reaction.objects.filter(
        Q(visit=visit) | Q(began_at__range=between), clinic_id=visit.clinic_id, patient_id__in=records_of(visit.patient))
    counts = set(rows.that_were().values_list("pk", flat=True))
    for one in rows.exclude(began_at__gt=between[1]):
        said = _("a reaction") if one.pk in counts else _("a reaction, taken back")
        yield Entered(said, one.began_at, url_of(visit, "visits:reaction", reaction=one.uid), "reaction.write")


def _of_the_record(visit: Visit, between: Between) -> Iterable[Entered]:
    """What was changed of the person, by the trail, who was entered to speak for them (to whom are the questions sent?), and a
    pregnancy that stays as it was said."""
    url, records = url_of(visit, "patients:patient"), Patient.objects.filter(pk__in=records_of(visit.patient))
    labels = {one.name: str(one.verbose_name) for one in Patient._meta.concrete_fields}
    changed = Entry.objects.filter(
        clinic_id=visit.clinic_id, at__range=between, patient_uid__in=list(records.values_list("uid", flat=True)),
        kind="patient", action="change")
    for one in changed.order_by("at"):
        names = [labels.get(name, name) for name in msgspec.json.decode(one.detail or "{}").get("fields", ())]
        yield Entered(_("changed: %(what)s") % {"what": words.listed(names)}, one.at, url, "demographics.read")
    for one in Guardian.objects.filter(clinic_id=visit.clinic_id, patient__in=records, made_at__range=between):
        yield Entered(_("who speaks for the patient: %(who)s") % {"who": one}, one.made_at, url, "demographics.read")
    for one in Pregnancy.objects.filter(clinic_id=visit.clinic_id, patient__in=records, made_at__range=between, removed_at=None):
        yield Entered(one.get_status_display(), one.made_at, url_of(visit, "patients:health"), "chart.read")


def _of_intake(visit: Visit, between: Between) -> Iterable[Entered]:
    """Consents and lines of one that were signed, which let more through, or taken back, and forms that were sent back."""
    of_patient = {"clinic_id": visit.clinic_id, "patient_id__in": records_of(visit.patient)}

    def of_consent(consent: Consent, said: str, at: datetime.datetime) -> Entered:
        return Entered(said, at, url_of(visit, "intake:consent", consent=consent.uid), "chart.read")

    for one in Consent.objects.filter(**of_patient, signed_at__range=between):
        yield of_consent(one, _("a consent, signed by %(who)s") % {"who": one.name}, one.signed_at)
    for one in AddedLines.objects.filter(**of_patient, signed_at__range=between).select_related("consent"):
        yield of_consent(one.consent, _("lines added to a consent, signed by %(who)s") % {"who": one.name}, one.signed_at)
    withdrawn = Withdrawal.objects.filter(consent__in=Consent.objects.filter(**of_patient), at__range=between)
    for one in withdrawn.filter(clinic_id=visit.clinic_id).select_related("consent"):
        yield of_consent(one.consent, _("a consent, or a line of it, was taken back"), one.at)
    for one in Form.objects.filter(**of_patient, submitted_at__range=between):
        said = _("a form that was sent back: %(which)s") % {"which": one.get_kind_display()}
        yield Entered(said, one.submitted_at, url_of(visit, "intake:review", form=one.uid), "chart.read")


def ask_whose_it_is(visit: Visit, by: Person) -> None:
    """A task for who treats, where anything was told."""
    if told_in(visit):
        open_task(
            clinic=visit.clinic, kind=TASK, cause=str(visit.uid), patient=visit.patient, about=visit.uid, by=by,
            role=Role.PRACTITIONER, needs="chart.read", due_at=timezone.now() + datetime.timedelta(hours=DUE_HOURS),
            title=gettext_noop("A visit on the wrong patient was struck: whose are the allergies and illnesses entered in it?"))


@leads(TASK)
@leads(became.TASK)
@leads(doubted.TASK)
@leads(cosigning.TASK)
@leads(cosigning.MEND)
def address(task: Task) -> str:
    where = {"clinic": task.clinic.slug, "patient": task.patient.uid, "visit": task.about}
    return reverse("visits:visit", kwargs=where)
