"""Writing check-ins: asked by a letter, opened at the door, kept as typed, answered, waited for, taken back."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.who import Person, Who, machine
from waterneedle.clinic.courses.asking import answer_later
from waterneedle.clinic.followup import alarms, moments, questions
from waterneedle.clinic.followup.models import Answer, Arrangement, CheckIn, CheckInKind, Level
from waterneedle.clinic.followup.queries import document_of, is_reached
from waterneedle.clinic.followup.sites import LATE, given_at
from waterneedle.clinic.intake import door
from waterneedle.clinic.intake.calling import with_number
from waterneedle.clinic.outbox import letters, links, sms
from waterneedle.clinic.outbox.actions import cancel, enqueue
from waterneedle.clinic.outbox.models import Link
from waterneedle.clinic.outbox.reaching import language_of, tell
from waterneedle.clinic.patients.models import Patient, PregnancyStatus, Speaker
from waterneedle.clinic.patients.queries import health_of, kept_record, records_of
from waterneedle.clinic.tasks.actions import ends_with_death, finish_cause, open_task
from waterneedle.clinic.visits.models import Visit
from waterneedle.clinic.web import words

By = Person | Who
PURPOSE = "check-in"
ANSWERED, SILENT = "followup.answer", "followup.silent"  # kinds of tasks
ends_with_death(ANSWERED, gettext_noop("Somebody who has died had answered a check-in: read what was said"))
LASTS = {
    CheckInKind.HOURS: datetime.timedelta(days=2),
    CheckInKind.NEXT_DAY: datetime.timedelta(days=7),
    CheckInKind.WEEKS: datetime.timedelta(days=14),
}
ANSWER_WITHIN = datetime.timedelta(days=1)  # a practitioner answers within a working day, as the patient is told
CALL_WITHIN = datetime.timedelta(hours=20)  # who was silent in the evening is called before the next one
CALL_SOON = datetime.timedelta(hours=2)  # who is not written to is asked in the first hours all the same; our judgement
TOO_LATE = datetime.timedelta(days=3)  # what could not be asked in its time by then gets no letter any more; our judgement
MOST_TYPED = 8000
MOST_UNASKED = 10  # in a day, by one patient, of what is not grave: each is a task for somebody; our judgement
MOST_READERS = 12  # guardians of one patient whose messages are taken back


class ChangedMeanwhile(ValueError):
    """What was typed was saved from elsewhere since this page was loaded. Nothing was written."""


class TooOften(ValueError):
    """A patient has told something out of turn too often in a day. Nothing was written."""


class Gone(ValueError):
    """The check-in was answered, taken back, or is too old."""


# --- by the clinic


@transaction.atomic
def arrange(*, by: Person, **fields: Any) -> Arrangement:
    """How the clinic asks from now on."""
    row = Arrangement.objects.create(clinic=by.clinic, made_at=timezone.now(), made_by=by.user, **fields)
    audit.append(by=by, action="arrange", kind="check-ins", detail={"on": row.is_on, "weeks": row.weeks})
    return row


# --- due


def key_of(visit: Visit, kind: str, week: int) -> str:
    """The cause of the job that asks."""
    return f"{visit.uid} {kind}{week or ''}"


@transaction.atomic
def ask(*, visit: Visit, kind: str, week: int, now: datetime.datetime, by_letter: bool = True) -> CheckIn:
    """Ask the patient about the visit, by the record that counts: a letter with a link, or a task for a person where there is no
    address."""
    patient, clinic, by = kept_record(visit.patient), visit.clinic, machine("followup", visit.clinic)
    given, language, may_be_asked = given_at(visit), language_of(patient), by_letter and is_reached(patient)
    checkin, made = CheckIn.objects.get_or_create(
        clinic=clinic, visit=visit, kind=kind, week=week,
        defaults={
            "patient": patient, "groups": [*given.groups] if kind != CheckInKind.WEEKS else [LATE], "language": language,
            "made_at": now, "asked_at": now if may_be_asked else None, "expires_at": now + LASTS[CheckInKind(kind)]},
    )
    if not made:
        return checkin
    if may_be_asked:
        _letter(checkin, now)
        silent_at = moments.evening_after(now, clinic.tzinfo)
        enqueue(
            kind=SILENT, key=str(checkin.uid), clinic=clinic, payload={"checkin": str(checkin.uid)}, due_at=silent_at)
    else:
        _call(
            checkin, gettext_noop("Call a patient who could not be written to: how is it after the injections?"), now, by,
            CALL_SOON if kind == CheckInKind.HOURS else CALL_WITHIN)
    _wrote(by, "ask", checkin, sent=may_be_asked)
    return checkin


@transaction.atomic
def notice_silence(*, checkin: CheckIn, now: datetime.datetime) -> None:
    """Nobody has answered by the evening: somebody calls. Silence is never taken for "no problem"."""
    row = CheckIn.objects.select_for_update().get(pk=checkin.pk)
    if row.answered_at or row.ended_at:
        return
    by = machine("followup", row.clinic)
    _call(row, gettext_noop("Call a patient who has not answered: how is it after the injections?"), now, by)
    _wrote(by, "note silence", row)


@transaction.atomic
def stop_asking(*, visit: Visit, now: datetime.datetime) -> None:
    """Take back what was asked and is still to be asked about a visit: letters, links, tasks."""
    by = machine("followup", visit.clinic)
    arranged = [(CheckInKind.NEXT_DAY, 0), (CheckInKind.HOURS, 0), *((CheckInKind.WEEKS, week) for week in range(1, 53))]
    for kind, week in arranged:
        cancel(kind="followup.ask", key=key_of(visit, kind, week), now=now)
    for checkin in CheckIn.objects.filter(clinic_id=visit.clinic_id, visit=visit, answered_at=None, ended_at=None):
        for place in range(MOST_READERS):
            for kind in (letters.KIND, sms.KIND):
                cancel(kind=kind, key=f"{_letter_key(checkin)} {place}", now=now)
        cancel(kind=SILENT, key=str(checkin.uid), now=now)
        links.revoke(patient=checkin.patient, purpose=PURPOSE, about=checkin.uid, now=now)
        CheckIn.objects.filter(pk=checkin.pk).update(ended_at=now)
        finish_cause(clinic=visit.clinic, kind=SILENT, cause=str(checkin.uid), by=by, note=gettext_noop("The visit was struck."))
        _wrote(by, "end", checkin)


@transaction.atomic
def call_no_more(*, patient: Patient, by: By, now: datetime.datetime) -> None:
    """Nobody calls to ask somebody who has died how it is: what was asked is closed, and the tasks to call."""
    rows = CheckIn.objects.filter(
        clinic_id=patient.clinic_id, patient_id__in=records_of(patient), answered_at=None, ended_at=None)
    for checkin in rows.select_related("patient", "clinic"):
        links.revoke(patient=checkin.patient, purpose=PURPOSE, about=checkin.uid, now=now)
        CheckIn.objects.filter(pk=checkin.pk).update(ended_at=now)
        finish_cause(clinic=checkin.clinic, kind=SILENT, cause=str(checkin.uid), by=by)
        _wrote(by, "end", checkin)


# --- by the patient


@transaction.atomic
def knock(*, checkin: CheckIn, name: str, born: datetime.date | None, now: datetime.datetime) -> bool:
    """Whether the door opens to who says this. After too many wrong answers the link is closed, and a person calls."""
    row = CheckIn.objects.select_for_update().get(pk=checkin.pk)
    if door.knows(checkin.patient, name, born):
        if not row.answered_at:
            CheckIn.objects.filter(pk=row.pk).update(opened_at=row.opened_at or now, wrong_answers=0)
        _wrote(by_link(checkin), "open", checkin)
        return True
    if row.answered_at:
        return False
    CheckIn.objects.filter(pk=row.pk).update(wrong_answers=F("wrong_answers") + 1)
    if row.wrong_answers + 1 >= door.MOST_WRONG:
        CheckIn.objects.filter(pk=row.pk).update(ended_at=now)
        links.revoke(patient=checkin.patient, purpose=PURPOSE, about=checkin.uid, now=now)
        _wrote(by_link(checkin), "lock", checkin)
        _call(
            row, gettext_noop("Call a patient who could not open the link: how is it after the injections?"), now,
            machine("followup", checkin.clinic))
    return False


@transaction.atomic
def save_draft(*, checkin: CheckIn, typed: Mapping[str, Any], version: int, now: datetime.datetime) -> CheckIn:
    """Keep what was tapped and typed so far. Raises ChangedMeanwhile unless the draft still has `version`."""
    row = _open(checkin, now)
    if row.version != version:
        raise ChangedMeanwhile(f"version {version} of this check-in is no longer the newest")
    kept = msgspec.json.encode(dict(typed)).decode()
    if len(kept) > MOST_TYPED:
        raise ValueError(f"a check-in holds at most {MOST_TYPED} signs, got {len(kept)}")
    if dict(typed) != row.answers:
        row.typed, row.version, row.saved_at = kept, row.version + 1, now
        row.save(update_fields=["typed", "version", "saved_at"])
    return row


@transaction.atomic
def use_language(*, checkin: CheckIn, language: str) -> None:
    CheckIn.objects.filter(pk=checkin.pk, answered_at=None).update(language=language)


@transaction.atomic
def answer(
    *, checkin: CheckIn, answers: Mapping[str, Any], said_by: str, now: datetime.datetime, link: Link | None = None,
    by: Person | None = None,
) -> Answer:
    """Take an answer: triage reads it at once, and whoever has to know is told. By `link`, which is used up, or told to `by`."""
    row = _open(checkin, now, by_phone=by is not None)
    if link is not None and not links.use(link, patient=checkin.patient, now=now):
        raise Gone("this link was used")
    made = _taken(row, answers, said_by, now, by)
    if link is None:
        links.revoke(patient=checkin.patient, purpose=PURPOSE, about=checkin.uid, now=now)
    cancel(kind=SILENT, key=str(row.uid), now=now)
    finish_cause(clinic=checkin.clinic, kind=SILENT, cause=str(row.uid), by=by or by_link(checkin, said_by))
    return made


@transaction.atomic
def tell_unasked(
    *, visit: Visit, answers: Mapping[str, Any], said_by: str, language: str, now: datetime.datetime,
    groups: list[str] | None = None,
) -> Answer:
    """What a patient tells about a visit out of turn, read and passed on as if it had been asked for; `groups` are those of the
    extra questions that were asked. Raises TooOften; what is grave is taken however often it is told."""
    Patient.objects.select_for_update().get(pk=visit.patient_id)  # two windows at once are counted one after the other
    told = CheckIn.objects.filter(clinic_id=visit.clinic_id, patient_id=visit.patient_id, kind=CheckInKind.UNASKED)
    is_too_often = told.filter(made_at__gt=now - datetime.timedelta(days=1)).count() >= MOST_UNASKED
    row = CheckIn.objects.create(
        clinic=visit.clinic, patient=visit.patient, visit=visit, kind=CheckInKind.UNASKED,
        groups=unasked_groups(visit) if groups is None else groups, language=language, made_at=now, opened_at=now, expires_at=now)
    made = _taken(row, answers, said_by, now, None)
    if is_too_often and not made.is_grave:
        raise TooOften(f"more than {MOST_UNASKED} times in a day")
    return made


def is_said(*, checkin: CheckIn, answers: Mapping[str, Any], said_by: str) -> bool:
    """Whether the answer to a check-in says all this already, by the same."""
    made = Answer.objects.filter(clinic_id=checkin.clinic_id, checkin=checkin, said_by=said_by).first()
    if made is None:
        return False
    had = {one["name"] for one in document_of(made)["symptoms"] if one["present"]} - {"bruise"}
    said = (answers["pain"], answers["bruise"], answers.get("since") or "", (answers.get("said") or "").strip())
    return (made.pain, made.bruise, made.since, made.said) == said and had == set(answers.get("felt") or ()) - {questions.NOTHING}


def unasked_groups(visit: Visit) -> list[str]:
    """Of extra questions, for who tells out of turn: those of the first days and those of the weeks after."""
    return [*given_at(visit).groups, LATE]


def _taken(row: CheckIn, answers: Mapping[str, Any], said_by: str, now: datetime.datetime, by: Person | None) -> Answer:
    """The answer to a check-in, read by triage; whoever has to know is told."""
    from waterneedle.safety.triage import triage  # late: compiles its patterns

    visit = Visit.objects.select_related("clinic", "patient").get(pk=row.visit_id)
    given = given_at(visit)
    hours = (now - given.ended_at).total_seconds() / 3600
    said = questions.document(
        answers, groups=row.groups, hours=hours, sites=given.sites, products=given.products, pregnant=_pregnant(visit),
        language=row.language or "en")
    found = triage(said)
    # First: an answered check-in is frozen.
    CheckIn.objects.filter(pk=row.pk).update(answered_at=now)
    made = Answer.objects.create(
        clinic_id=row.clinic_id, checkin=row, patient=row.patient, visit=visit, said_by=said_by, pain=answers["pain"],
        bruise=answers["bruise"], since=answers.get("since") or "", said=said["free_text"] or "", level=found.level,
        document=msgspec.json.encode(said).decode(), triage=msgspec.json.encode(found).decode(),
        hours=Decimal(str(said["hours_since_visit"])), answered_at=now, made_by=by and by.user)
    teller = by or by_link(row, said_by)
    answer_later(
        patient=row.patient, answers=answers, by=teller, said_by=said_by, about=row.uid, at=now, language=row.language)
    audit.append(
        by=teller, action="answer", kind="check-in", uid=row.uid, patient=row.patient.uid,
        after=audit.digest([made.document, made.triage]), detail={"level": made.level})
    _tell(made, teller, now)
    return made


def by_link(checkin: CheckIn, said_by: str = "") -> Who:
    """Who acts behind a link, as the trail says it."""
    who = {"": "by link", Speaker.GUARDIAN: "guardian, by link"}.get(said_by, "patient, by link")
    return Who(clinic_id=checkin.clinic_id, zone=checkin.clinic.tzinfo, role=who)


# --- inside


def _tell(made: Answer, by: By, now: datetime.datetime) -> None:
    """What is more than expected becomes somebody's; what is grave reaches the person on call."""
    if made.level in (Level.NONE, Level.SELF_CARE):
        return
    titles = {
        Level.EMERGENCY: gettext_noop("Emergency after an injection: a patient has answered a check-in"),
        Level.URGENT: gettext_noop("Urgent after an injection: a patient has to be seen today"),
        Level.CALL_CLINIC: gettext_noop("Answer a patient's check-in"),
    }
    open_task(
        clinic=made.checkin.clinic, kind=ANSWERED, cause=str(made.uid), about=made.uid, patient=made.patient, by=by,
        title=titles[Level(made.level)], role=Role.PRACTITIONER, needs="followup.read",
        due_at=now + (alarms.ACKNOWLEDGE_WITHIN if made.is_grave else ANSWER_WITHIN),
        escalate_at=now + (alarms.ACKNOWLEDGE_WITHIN if made.is_grave else 2 * ANSWER_WITHIN))
    if made.is_grave:
        alarms.raise_alarm(answer=made, by=by, now=now)


def _call(
    checkin: CheckIn, title: str, now: datetime.datetime, by: By, within: datetime.timedelta = CALL_WITHIN
) -> None:
    open_task(
        clinic=checkin.clinic, kind=SILENT, cause=str(checkin.uid), about=checkin.uid, patient=checkin.patient, by=by,
        title=title, role=Role.PRACTITIONER, needs="followup.read", due_at=now + within, escalate_at=now + 2 * within)


def _letter(checkin: CheckIn, now: datetime.datetime) -> None:
    """A message to everybody who is reached for the patient, each with a link of its own; the first answer closes all."""

    def write() -> tuple[str, str, str]:
        secret = links.issue(
            clinic=checkin.clinic, purpose=PURPOSE, patient=checkin.patient, about=checkin.uid,
            expires_at=checkin.expires_at, language=checkin.language)
        said = {
            "clinic": checkin.clinic.name, "until": words.day(checkin.expires_at),
            "address": settings.PUBLIC_URL + reverse("followup_link", kwargs={"secret": secret})}
        text = _(
            "Hello,\n\n%(clinic)s asks how you are since your visit. It takes three taps:\n\n%(address)s\n\n"
            "You will be asked for the patient's first name and date of birth. The link is for you alone and opens until "
            "%(until)s; please do not pass it on.\n\n"
            "If you are very unwell, do not wait for an answer: call your emergency number now."
        ) % said
        text = with_number(text, checkin.clinic)
        return _("%(clinic)s: how are you?") % said, text, _("%(clinic)s: how are you since your visit? %(address)s") % said

    tell(
        checkin.patient, write=write, about="check-in", key=_letter_key(checkin), now=now, language=checkin.language,
        urgent=checkin.kind == CheckInKind.HOURS)


def _letter_key(checkin: CheckIn) -> str:
    return f"check-in {checkin.uid}"


def _open(checkin: CheckIn, now: datetime.datetime, *, by_phone: bool = False) -> CheckIn:
    row = CheckIn.objects.select_for_update().get(pk=checkin.pk)
    if row.answered_at or (not by_phone and (row.ended_at or row.expires_at <= now)):
        raise Gone("this check-in is closed")
    return row


def _pregnant(visit: Visit) -> bool | None:
    known = health_of(visit.patient).pregnancy
    if known is None:
        return None
    return {PregnancyStatus.PREGNANT: True, PregnancyStatus.NOT_PREGNANT: False, PregnancyStatus.NOT_APPLICABLE: False}.get(
        PregnancyStatus(known.status))


def _wrote(by: By, action: str, checkin: CheckIn, **detail: Any) -> None:
    audit.append(by=by, action=action, kind="check-in", uid=checkin.uid, patient=checkin.patient.uid, detail=detail)
