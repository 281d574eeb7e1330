"""Acting on a recall: the shelf is put into quarantine, every patient gets a drafted notice, and who has no address is called."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.followup import pages
from waterneedle.clinic.followup.models import Recall, Recalled
from waterneedle.clinic.followup.queries import is_reached
from waterneedle.clinic.followup.queries_events import has_died
from waterneedle.clinic.followup.tracing import Found, Hit, trace
from waterneedle.clinic.intake.calling import with_number
from waterneedle.clinic.outbox.reaching import language_of, tell
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import kept_record
from waterneedle.clinic.stock import actions as stock
from waterneedle.clinic.stock.models import Lot, LotStatus
from waterneedle.clinic.stock.queries import status_of
from waterneedle.clinic.tasks.actions import ends_with_death, open_task
from waterneedle.clinic.web import words

TASK = "followup.recall"
CALL_WITHIN = datetime.timedelta(days=1)
OF_THE_DEAD = gettext_noop("Somebody who has died was given what is recalled: look whether it belongs together")
ends_with_death(TASK, OF_THE_DEAD)


class NothingToDo(ValueError):
    """Nobody was given this. Nothing was written."""


@transaction.atomic
def open_recall(
    *, kind: str, asked: dict[str, Any], said: str, why: str, by: Person, quarantine: bool = True, write: bool = True,
) -> Recall:
    """Note who was given it, draft a notice for each, and put the lots into quarantine: all that were found, and what was asked
    for though nobody was given of it yet. Raises NothingToDo where nobody was given it and no lot is to be quarantined."""
    if not why.strip():
        raise ValueError("a reason must be given")
    found = trace(by.clinic, kind, asked)
    lots = _lots(by.clinic, found, asked) if quarantine else []
    if not found.people and not lots:
        raise NothingToDo("nobody was given this")
    recall = Recall.objects.create(
        clinic=by.clinic, kind=kind, asked={name: str(value) for name, value in asked.items()}, said=said, why=why.strip(),
        injections=found.injections, quarantined=[str(one.uid) for one in lots], made_at=timezone.now(), made_by=by.user)
    audit.append(
        by=by, action="recall", kind="recall", uid=recall.uid,
        detail={"of": kind, "injections": found.injections, "patients": found.patients, "lots": len(lots)})
    for lot in lots:
        if status_of(lot) != LotStatus.RECALLED:  # which says more, and bars it already
            stock.decide(lot=lot, status=LotStatus.QUARANTINED, why=why.strip(), by=by)
    if write:
        _draft(recall, found, by)
    return recall


@transaction.atomic
def send(*, recall: Recall, by: Person) -> int:
    """Send what is drafted: a letter with the link to the patient's page, where the notice stands. Who has no address (any more)
    is called. How many letters that were."""
    rows = recall.patients.filter(sent_at=None).select_related("recall", "patient__clinic").order_by("patient__uid")
    sent = 0
    for one in rows.select_for_update(of=("self",)):
        if not is_reached(one.patient):
            _call(one, by)
            continue
        one.sent_at = timezone.now()
        _letter(one, by, one.sent_at)
        one.save(update_fields=["sent_at"])
        sent += 1
    audit.append(by=by, action="send", kind="recall", uid=recall.uid, detail={"letters": sent})
    return sent


def _lots(clinic: Clinic, found: Found, asked: dict[str, Any]) -> list[Lot]:
    """What is to be withheld, in the order of the lots' numbers: two who act at once must not wait for each other."""
    wanted = Q(pk__in=found.lots)
    if "lot" in asked:
        wanted |= Q(uid=asked["lot"])
    if "vial" in asked:
        wanted |= Q(vials__uid=asked["vial"])
    if "product" in asked:  # a lot that nobody was given yet stands on the shelf, to be opened next
        wanted |= Q(item__uid=asked["product"], volume_ml__gt=0)
    return list(Lot.objects.filter(wanted, clinic=clinic).distinct().order_by("pk"))


def _draft(recall: Recall, found: Found, by: Person) -> None:
    """A notice for each patient, by the record that counts, and a task for each who cannot be written to. Patients in the order
    of their uids."""
    numbers = {one.who.patient_id for one in found.hits}
    rows = Patient.objects.filter(clinic=by.clinic, pk__in=numbers).select_related("clinic")
    patients = {one.pk: kept_record(one) for one in rows}
    ordered = sorted(found.hits, key=lambda one: (str(patients[one.who.patient_id].uid), one.given.day))
    for patient, group in groupby(ordered, key=lambda one: patients[one.who.patient_id]):
        own, language = list(group), language_of(patient)
        made = Recalled.objects.create(
            clinic=by.clinic, recall=recall, patient=patient, injections=len(own), first_day=own[0].given.day,
            last_day=own[-1].given.day, language=language, text=_notice(patient, own, language))
        audit.append(by=by, action="draft", kind="recall", uid=recall.uid, patient=patient.uid)
        if not is_reached(patient):
            _call(made, by)


def _call(one: Recalled, by: Person) -> None:
    """Have the patient called, once. Who has died is called by nobody: somebody looks whether the recall has to do with it."""
    title = gettext_noop("Call a patient about a recall: there is no address to write to")
    if has_died(one.patient):
        title = OF_THE_DEAD
    open_task(
        clinic=by.clinic, kind=TASK, cause=str(one.uid), about=one.recall.uid, patient=one.patient, by=by, title=title,
        role=Role.PRACTITIONER, needs="quarantine.write", due_at=timezone.now() + CALL_WITHIN)


def _notice(patient: Patient, own: Sequence[Hit], language: str) -> str:
    with translation.override(language), timezone.override(patient.clinic.tzinfo):
        days = words.listed(dict.fromkeys(words.day(one.given.day) for one in own))
        vials = dict.fromkeys(one.source for one in own)
        what = words.listed(dict.fromkeys(_("%(name)s, lot %(lot)s") % {"name": one.name, "lot": one.lot} for one in vials))
        return _(
            "On %(days)s you were given an injection of %(what)s. We are looking into this product and have stopped using it. "
            "Please call us, also if you feel well: %(phone)s. If the place becomes red, hard, painful or swollen, if a lump "
            "appears, also weeks later, or if you have fever, tell us at once."
        ) % {"days": days, "what": what, "phone": pages.number_of(patient.clinic) or patient.clinic.name}


def _letter(one: Recalled, by: Person, now: datetime.datetime) -> None:
    page, _secret = pages.make(patient=one.patient, by=by, language=one.language)

    def write() -> tuple[str, str, str]:
        said = {"clinic": one.patient.clinic.name, "address": pages.address_of(page), "until": words.day(page.expires_at)}
        text = _(
            "Hello,\n\n%(clinic)s has something to tell you about your visit. Please read it here, and call us:\n\n"
            "%(address)s\n\n"
            "You will be asked for the patient's first name and date of birth. "
            "The link is for you alone and opens until %(until)s."
        ) % said
        text = with_number(text, one.patient.clinic)
        return _("%(clinic)s: please read this") % said, text, _("%(clinic)s: please read this and call us. %(address)s") % said

    tell(one.patient, write=write, about="recall", key=f"recall {one.uid}", now=now, language=one.language)
