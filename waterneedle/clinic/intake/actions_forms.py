"""Writing forms: sent or opened on a device, knocked at, saved as typed, sent back, taken back."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
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
from waterneedle.clinic.audit.who import Person, Who
from waterneedle.clinic.database.rows import uuid7
from waterneedle.clinic.intake import door, figures, questions, reading
from waterneedle.clinic.intake.actions import record_answers, record_pain_drawing
from waterneedle.clinic.intake.actions_consent import NotSigned, add_lines, sign_consent
from waterneedle.clinic.intake.calling import with_number
from waterneedle.clinic.intake.models import Consent, ConsentText, Form, FormKind, Said, SaidKind, Way
from waterneedle.clinic.intake.reading import Saying, Typed
from waterneedle.clinic.outbox import links
from waterneedle.clinic.outbox.models import Link
from waterneedle.clinic.outbox.reaching import addresses_of, tell
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.patients.models import FactKind, Guardian, HealthFact, Patient, Speaker
from waterneedle.clinic.patients.queries import health_of, today_in
from waterneedle.clinic.tasks.actions import open_task
from waterneedle.clinic.web import words

By = Person | Who
PURPOSE, REVIEW = "intake form", "intake.review"
LINK_LASTS, DEVICE_LASTS = datetime.timedelta(days=14), datetime.timedelta(hours=4)
REVIEW_WITHIN = datetime.timedelta(days=1)
MOST_TYPED = 600_000  # signs of one draft; a pain drawing of the whole skin has room


class CannotBeSent(ValueError):
    """A form that cannot reach the patient: no date of birth to ask for at the door, or no address."""


class ChangedMeanwhile(ValueError):
    """The draft was saved from elsewhere since this page was loaded. Nothing was written."""


class TooMuch(ValueError):
    """A draft that is longer than any form. Nothing was written."""


class Gone(ValueError):
    """The form was sent back, taken back, or is too old."""


# --- by the clinic


@transaction.atomic
def send_form(
    *, patient: Patient, kind: str, language: str, by: By, asked: Mapping[str, Any] | None = None, at_night: bool = True
) -> Form:
    """A form for the patient by a link in a letter. The letter says nothing of health, and names nobody. Unless it may go out
    `at_night`, as what a person sends at this moment does, it waits for the morning."""
    if not addresses_of(patient, today_in(patient.clinic)):
        raise CannotBeSent("no address is on file at which the patient, or who speaks for them, is reached")
    form, secret = _new(patient, kind, Way.LINK, language, asked, by)
    _letter(form, secret, at_night)
    return form


@transaction.atomic
def open_form(*, patient: Patient, kind: str, language: str, by: By, asked: Mapping[str, Any] | None = None) -> tuple[Form, str]:
    """A form on a device in the clinic, and the secret of its link."""
    return _new(patient, kind, Way.DEVICE, language, asked, by)


@transaction.atomic
def send_again(*, form: Form, by: By) -> None:
    """Another letter for a form that was not sent back, with all that was typed so far. The link before it opens no more."""
    if form.submitted_at or (form.ended_at and not form.locked):
        raise Gone("this form is closed")
    if not addresses_of(form.patient, today_in(form.clinic)):
        raise CannotBeSent("no address is on file at which the patient, or who speaks for them, is reached")
    secret = _relink(form, LINK_LASTS)
    _letter(form, secret)
    _wrote(by, "send again", form)


@transaction.atomic
def open_again(*, form: Form, by: By) -> str:
    """Go on with a form on a device in the clinic, with all that was typed so far: the secret of its new link."""
    if form.submitted_at or (form.ended_at and not form.locked):
        raise Gone("this form is closed")
    secret = _relink(form, DEVICE_LASTS)
    Form.objects.filter(pk=form.pk).update(way=Way.DEVICE)
    _wrote(by, "open again", form)
    return secret


@transaction.atomic
def end_form(*, form: Form, by: By) -> None:
    """Take a form back: its link opens no more. What was typed stays on file, unread."""
    now = timezone.now()
    if Form.objects.filter(pk=form.pk, submitted_at=None, ended_at=None).update(ended_at=now):
        links.revoke(patient=form.patient, purpose=PURPOSE, about=form.uid, now=now)
        _wrote(by, "end", form)


# --- by the patient


@transaction.atomic
def knock(*, form: Form, name: str, born: datetime.date | None, now: datetime.datetime) -> bool:
    """Whether the door opens to who says this. After too many wrong answers the link is closed for good."""
    row = Form.objects.select_for_update().get(pk=form.pk)
    if door.knows(form.patient, name, born):
        Form.objects.filter(pk=row.pk).update(opened_at=row.opened_at or now, wrong_answers=0)
        _wrote(by_link(form), "open", form)
        return True
    Form.objects.filter(pk=row.pk).update(wrong_answers=F("wrong_answers") + 1)
    if row.wrong_answers + 1 >= door.MOST_WRONG:
        Form.objects.filter(pk=row.pk).update(ended_at=now, locked=True)
        links.revoke(patient=form.patient, purpose=PURPOSE, about=form.uid, now=now)
        _wrote(by_link(form), "lock", form)
    return False


@transaction.atomic
def save_draft(*, form: Form, step: str, typed: Mapping[str, Any], version: int, now: datetime.datetime) -> Form:
    """Keep what was typed into one step, as it was typed. Raises ChangedMeanwhile unless the draft still has `version`."""
    row = _open_row(form, now)
    if row.version != version:
        raise ChangedMeanwhile(f"version {version} of this draft is no longer the newest")
    answers = row.typed | {step: dict(typed)}
    written = msgspec.json.encode(answers).decode()
    if len(written) > MOST_TYPED:
        raise TooMuch(f"a draft holds at most {MOST_TYPED} signs, got {len(written)}")
    if answers != row.typed:
        row.answers, row.version, row.saved_at = written, row.version + 1, now
        row.save(update_fields=["answers", "version", "saved_at"])
    return row


@transaction.atomic
def use_language(*, form: Form, language: str) -> None:
    Form.objects.filter(pk=form.pk, submitted_at=None).update(language=language)


@transaction.atomic
def submit(
    *,
    form: Form,
    link: Link,
    answers: Typed,
    shown: Mapping[str, Mapping[str, str]],
    said_by: str,
    version: int,
    now: datetime.datetime,
) -> list[Said]:
    """Send a questionnaire back: what it says of health, its scores, its drawing, and the task to read it. `shown` are the
    words of the questions as the patient saw them. The link is used up."""
    row = _used(form, link, now)
    if row.version != version:
        raise ChangedMeanwhile(f"version {version} of this draft is no longer the newest")
    patient, by = form.patient, by_link(form, said_by)
    is_course = form.kind == FormKind.MEASURES
    said = [] if is_course else [_say(form, one, said_by, by) for one in reading.sayings(answers, health_of(patient))]
    (_measure_course if is_course else _measure)(form, answers, said_by, by, now)
    asked = msgspec.json.encode(row.wants | {"shown": shown}, order="deterministic").decode()
    _close(form, said_by, now, asked=asked)
    if is_course:
        for tell_of in _MEASURED:
            tell_of(patient)
    else:
        open_task(
            clinic=form.clinic,
            kind=REVIEW,
            cause=str(form.uid),
            title=gettext_noop("Go through a patient's answers"),
            due_at=now + REVIEW_WITHIN,
            by=by,
            role=Role.PRACTITIONER,
            patient=patient,
            about=form.uid,
            needs="chart.read",
        )
    _wrote(by, "submit", form, said=len(said))
    return said


@transaction.atomic
def submit_consent(
    *,
    form: Form,
    link: Link,
    text: ConsentText,
    agreed: Sequence[str],
    signed_by: str,
    guardian: Guardian | None,
    interpreter: str,
    drawn: str,
    typed: str,
    now: datetime.datetime,
) -> Any:
    """Sign what a form asks for, a consent or lines added to one. The link is used up; on NotSigned nothing is."""
    row = _used(form, link, now)
    wants = row.wants
    signing = {
        "text": text,
        "asked": wants["lines"],
        "agreed": agreed,
        "signed_by": signed_by,
        "guardian": guardian,
        "interpreter": interpreter,
        "drawn": drawn,
        "typed": typed,
        "form": form,
        "now": now,
        "by": by_link(form, signed_by),
    }
    if form.kind == FormKind.LINES:
        consent = Consent.objects.filter(clinic=form.clinic, uid=wants["consent"]).first()
        if consent is None:
            raise NotSigned("the consent is not there")
        signed: Any = add_lines(consent=consent, **signing)
    else:
        until = wants.get("until")
        signed = sign_consent(
            patient=form.patient,
            course=wants.get("course", ""),
            until=datetime.date.fromisoformat(until) if until else None,
            **signing,
        )
    _close(form, signed_by, now)
    _wrote(by_link(form, signed_by), "submit", form)
    return signed


def by_link(form: Form, said_by: str = "") -> Who:
    """Who acts behind a link, as the trail says it."""
    who = {"": "by link", Speaker.GUARDIAN: "guardian, by link"}.get(said_by, "patient, by link")
    return Who(clinic_id=form.clinic_id, zone=form.clinic.tzinfo, role=who)


_MEASURED: list[Callable[[Patient], None]] = []


def measured_answers_are_told_to(told: Callable[[Patient], None]) -> None:
    """Let a room above know, in the same transaction, that a patient has answered the questions of a course."""
    if told not in _MEASURED:
        _MEASURED.append(told)


# --- inside


def _new(patient: Patient, kind: str, way: Way, language: str, asked: Mapping[str, Any] | None, by: By) -> tuple[Form, str]:
    if patient.birth_date is None:
        raise CannotBeSent("the date of birth is not on file")
    lasts = LINK_LASTS if way == Way.LINK else DEVICE_LASTS
    form = Form.objects.create(
        clinic=patient.clinic,
        patient=patient,
        kind=kind,
        way=way,
        language=language,
        asked=msgspec.json.encode(asked or {}, order="deterministic").decode(),
        expires_at=timezone.now() + lasts,
        made_by=getattr(by, "user", None),
    )
    _wrote(by, "send" if way == Way.LINK else "hand over", form, of=str(kind))
    return form, _link(form)


def _link(form: Form) -> str:
    return links.issue(
        clinic=form.clinic,
        purpose=PURPOSE,
        patient=form.patient,
        about=form.uid,
        expires_at=form.expires_at,
        language=form.language,
    )


def _relink(form: Form, lasts: datetime.timedelta) -> str:
    now = timezone.now()
    links.revoke(patient=form.patient, purpose=PURPOSE, about=form.uid, now=now)
    form.expires_at = now + lasts
    Form.objects.filter(pk=form.pk).update(expires_at=form.expires_at, ended_at=None, locked=False, wrong_answers=0)
    return _link(form)


def _letter(form: Form, secret: str, at_night: bool = True) -> None:
    """One form has one link, which every address of the message gets: of two guardians either may fill it in."""
    address = settings.PUBLIC_URL + reverse("intake_link", kwargs={"secret": secret})

    def write() -> tuple[str, str, str]:
        said = {"clinic": form.clinic.name, "address": address, "until": words.day(form.expires_at)}
        subject = _("%(clinic)s: a form to fill in") % said
        text = _(
            "Hello,\n\n%(clinic)s asks you to fill in a form. Open it here, on a phone or a computer:\n\n%(address)s\n\n"
            "You will be asked for the patient's first name and date of birth. You can stop and go on later with the same link. "
            "It is for you alone and opens until %(until)s; please do not pass it on.\n\n"
            "Did you not expect this? Then do nothing, or call us."
        ) % said
        return subject, with_number(text, form.clinic), _("%(clinic)s asks you to fill in a form: %(address)s") % said

    tell(form.patient, write=write, about="form", key=f"form {form.uid} {uuid7()}", language=form.language, urgent=at_night,
         now=timezone.now())


def _open_row(form: Form, now: datetime.datetime) -> Form:
    row = Form.objects.select_for_update().get(pk=form.pk)
    if row.submitted_at or row.ended_at or row.expires_at <= now:
        raise Gone("this form is closed")
    return row


def _used(form: Form, link: Link, now: datetime.datetime) -> Form:
    row = _open_row(form, now)
    if not links.use(link, patient=form.patient, now=now):
        raise Gone("this link was used")
    return row


def _close(form: Form, said_by: str, now: datetime.datetime, **more: Any) -> None:
    Form.objects.filter(pk=form.pk).update(submitted_at=now, submitted_by=said_by, **more)
    form.refresh_from_db()


def _say(form: Form, one: Saying, said_by: str, by: By) -> Said:
    fact = _enter(form.patient, one.kind, one.value, said_by, by) if one.counts else None
    return Said.objects.create(
        clinic=form.clinic,
        form=form,
        patient=form.patient,
        kind=one.kind,
        value=msgspec.json.encode(one.value).decode(),
        said_by=said_by,
        fact=fact,
    )


def _enter(patient: Patient, kind: str, value: Mapping[str, Any], said_by: str, by: By) -> HealthFact | None:
    """Enter what counts at once into the record."""
    if kind == SaidKind.PREGNANCY:
        patients.say_pregnancy(patient=patient, by=by, said_by=said_by, **pregnancy_of(value))
        return None
    more = {name: value[name] for name in ("reaction", "severity") if value.get(name)}
    return patients.add_fact(
        patient=patient, kind=FactKind(kind), said=value["said"], concept=value["concept"] or None, by=by, said_by=said_by, **more
    )


def pregnancy_of(value: Mapping[str, Any]) -> dict[str, Any]:
    return {"status": value["status"], "weeks": Decimal(value["weeks"]) if value.get("weeks") else None}


def _measure(form: Form, answers: Typed, said_by: str, by: By, now: datetime.datetime) -> None:
    scores = answers.get("scores", {})
    for instrument, named in questions.INSTRUMENTS.items():
        given = {
            name.partition(".")[2]: float(value)
            for name, value in scores.items()
            if name.startswith(f"{instrument}.") and value not in ("", None)
        }
        if given:
            record_answers(
                patient=form.patient,
                instrument=instrument,
                answers=given,
                by=by,
                said_by=said_by,
                form=form,
                answered_at=now,
                language=form.language,
                named=scores.get(named, "") if named else "",
            )
    drawing = answers.get("pain", {})
    runs = figures.runs(drawing.get("drawing", ""))
    if runs or drawing.get("words"):
        record_pain_drawing(
            patient=form.patient, runs=runs, words=drawing.get("words", ""), by=by, said_by=said_by, drawn_at=now, form=form
        )


def _measure_course(form: Form, answers: Typed, said_by: str, by: By, now: datetime.datetime) -> None:
    """The answers to the questions of a course, each about what was named when it was agreed."""
    wants, scores = form.wants, answers.get("measures", {})
    for instrument in wants["measures"]:
        given = {name.partition(".")[2]: float(value) for name, value in scores.items()
                 if name.startswith(f"{instrument}.") and value not in ("", None)}
        if given:
            record_answers(
                patient=form.patient, instrument=instrument, answers=given, by=by, said_by=said_by, form=form, answered_at=now,
                language=form.language, about=wants["about"],
                named=questions.words_about(instrument, wants))


def _wrote(by: By, action: str, form: Form, **detail: Any) -> None:
    audit.append(by=by, action=action, kind="form", uid=form.uid, patient=form.patient.uid, detail=detail)
