"""Writing consent: versions of its words, the signature, lines added later, and taking it back."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Sequence
from typing import Any

import msgspec
from django.db import transaction
from django.utils import timezone

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.who import Person, Who
from waterneedle.clinic.intake import documents, signature, wording
from waterneedle.clinic.intake.models import AddedLines, Consent, ConsentText, Form, Signer, Withdrawal
from waterneedle.clinic.intake.wording import Line, Wording
from waterneedle.clinic.patients.models import Guardian, Patient, Speaker
from waterneedle.clinic.patients.queries import guardians_of, needs_guardian

By = Person | Who
LONGEST = datetime.timedelta(days=366)  # of a course under one signature; our judgement: what is older is explained anew


class NotSigned(ValueError):
    """What stands against a signature. Nothing was written."""


# --- the words


@transaction.atomic
def text_in_force(*, clinic: Clinic, language: str, by: By) -> ConsentText:
    """The newest words of the clinic in `language`: its own, else ours, which become its first version."""
    newest = ConsentText.objects.filter(clinic=clinic, language=language).order_by("-version").first()
    name, ours = wording.shipped(language)
    if newest is not None and (not newest.shipped or newest.shipped == name):
        return newest
    if newest is not None:  # what trials have added stays to be asked under our newer words
        ours = msgspec.structs.replace(ours, lines=(*ours.lines, *_of_trials(wording.read(newest.words))))
    return change_text(clinic=clinic, language=language, words=ours, by=by, shipped=name)


@transaction.atomic
def change_text(*, clinic: Clinic, language: str, words: Wording, by: By, shipped: str = "") -> ConsentText:
    """A new version of the words in one language. What was signed keeps the words it was signed with."""
    # The clinic's row first: two versions made at the same moment must queue for the number here.
    Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)
    newest = ConsentText.objects.filter(clinic=clinic, language=language).order_by("-version").first()
    written = wording.written(words)
    if newest is not None and newest.words == written:
        return newest
    text = ConsentText.objects.create(
        clinic=clinic,
        language=language,
        version=newest.version + 1 if newest else 1,
        words=written,
        shipped=shipped,
        made_by=getattr(by, "user", None),
    )
    audit.append(
        by=by,
        action="change",
        kind="consent text",
        uid=f"{language} {text.version}",
        before=audit.digest(newest.words) if newest else None,
        after=audit.digest(written),
        detail={"shipped": shipped},
    )
    return text


@transaction.atomic
def offer_trial(*, clinic: Clinic, line: Line, by: By) -> None:
    """Have `line` among those that can be asked, in every language: the consent to a trial, beside that to the treatment."""
    for language in sorted(wording.languages()):
        text = text_in_force(clinic=clinic, language=language, by=by)
        words = wording.read(text.words)
        lines = tuple(one for one in words.lines if one.id != line.id)
        changed = msgspec.structs.replace(words, lines=(*lines, line))
        change_text(clinic=clinic, language=language, words=changed, by=by, shipped=text.shipped)


@transaction.atomic
def withdraw_trial(*, clinic: Clinic, line: str, by: By) -> None:
    """Ask nobody any more for the line of a trial. What was signed stays."""
    for language in sorted(wording.languages()):
        text = text_in_force(clinic=clinic, language=language, by=by)
        words = wording.read(text.words)
        changed = msgspec.structs.replace(words, lines=tuple(one for one in words.lines if one.id != line))
        change_text(clinic=clinic, language=language, words=changed, by=by, shipped=text.shipped)


def _of_trials(words: Wording) -> tuple[Line, ...]:
    return tuple(line for line in words.lines if line.kind == "trial")


# --- the signature


@transaction.atomic
def sign_consent(
    *,
    patient: Patient,
    text: ConsentText,
    asked: Sequence[str],
    agreed: Sequence[str],
    signed_by: str,
    by: By,
    drawn: str = "",
    typed: str = "",
    guardian: Guardian | None = None,
    interpreter: str = "",
    course: str = "",
    until: datetime.date | None = None,
    form: Form | None = None,
    now: datetime.datetime | None = None,
) -> Consent:
    """A consent to the lines `agreed` of those that were `asked`, signed by a drawing or by a typed name.
    It replaces the one before.

    Raises NotSigned when nothing is agreed to, the signature is missing, or somebody else has to sign.
    """
    now = now or timezone.now()
    words = wording.read(text.words)
    known = [line.id for line in words.lines_of(asked)]
    agreed = [line for line in known if line in agreed]
    if not agreed:
        raise NotSigned("no line is agreed to")
    columns = _columns(
        patient=patient,
        form=form,
        now=now,
        language=text.language,
        signed_by=signed_by,
        guardian=guardian,
        interpreter=interpreter,
        drawn=drawn,
        typed=typed,
        by=by,
    )
    on = columns["signed_on"]
    until = min(until or on + LONGEST, on + LONGEST)
    if until < on:
        raise NotSigned("the end lies before the signature")
    document = documents.consent_document(
        wording=words,
        version=text.version,
        shipped=text.shipped,
        agreed=agreed,
        asked=known,
        course=course.strip(),
        until=until,
        signing=_signing(patient, columns),
    )
    consent = Consent.objects.create(
        **columns, document=document, hash=documents.digest(document), text=text, course=course.strip(), until=until
    )
    _signed("consent", consent, by, lines=len(agreed))
    return consent


@transaction.atomic
def add_lines(
    *,
    consent: Consent,
    text: ConsentText,
    asked: Sequence[str],
    agreed: Sequence[str],
    signed_by: str,
    by: By,
    drawn: str = "",
    typed: str = "",
    guardian: Guardian | None = None,
    interpreter: str = "",
    form: Form | None = None,
    now: datetime.datetime | None = None,
) -> AddedLines:
    """Lines added to a signed consent, with initials on them alone. Raises NotSigned as `sign_consent` does."""
    words = wording.read(text.words)
    lines = words.lines_of(asked)
    agreed = [line.id for line in lines if line.id in agreed]
    if not agreed:
        raise NotSigned("no line is agreed to")
    if consent.withdrawals.filter(line="").exists():
        raise NotSigned("this consent was taken back")
    columns = _columns(
        patient=consent.patient,
        form=form,
        now=now or timezone.now(),
        language=text.language,
        signed_by=signed_by,
        guardian=guardian,
        interpreter=interpreter,
        drawn=drawn,
        typed=typed,
        by=by,
    )
    document = documents.lines_document(
        consent_uid=consent.uid,
        consent_hash=consent.hash,
        lines=lines,
        agreed=agreed,
        version=text.version,
        signing=_signing(consent.patient, columns),
    )
    added = AddedLines.objects.create(**columns, document=document, hash=documents.digest(document), consent=consent)
    _signed("consent lines", added, by, lines=len(agreed))
    return added


@transaction.atomic
def withdraw(
    *,
    consent: Consent,
    by: By,
    line: str = "",
    why: str = "",
    said_by: str = Speaker.PATIENT,
    now: datetime.datetime | None = None,
) -> Withdrawal:
    """Take a consent back, or one line of it. What was done before stays as it is."""
    now = now or timezone.now()
    taken = Withdrawal.objects.create(
        clinic_id=consent.clinic_id,
        consent=consent,
        line=line,
        said_by=said_by,
        why=why.strip(),
        at=now,
        on=now.astimezone(consent.clinic.tzinfo).date(),
        made_by=getattr(by, "user", None),
    )
    audit.append(
        by=by,
        action="withdraw",
        kind="consent",
        uid=consent.uid,
        patient=consent.patient.uid,
        detail={"line": line} if line else None,
    )
    return taken


# --- inside


def _columns(
    *,
    patient: Patient,
    form: Form | None,
    now: datetime.datetime,
    language: str,
    signed_by: str,
    guardian: Guardian | None,
    interpreter: str,
    drawn: str,
    typed: str,
    by: By,
) -> dict[str, Any]:
    on = now.astimezone(patient.clinic.tzinfo).date()
    by_guardian = signed_by == Signer.GUARDIAN
    # Not known whether they are of age: then nobody but a guardian signs.
    if needs_guardian(patient, on) is not False and not by_guardian:
        raise NotSigned("a guardian has to sign")
    if by_guardian and (guardian is None or guardian not in guardians_of(patient) or not guardian.may_consent):
        raise NotSigned("nobody who may consent for the patient has signed")
    if patient.needs_interpreter and not interpreter.strip():
        raise NotSigned("the interpreter is not named")
    return {
        "clinic_id": patient.clinic_id,
        "patient": patient,
        "form": form,
        "language": language,
        "signed_at": now,
        "signed_on": on,
        "signed_by": signed_by,
        "name": guardian.name if by_guardian else patient.full_name,
        "relation": guardian.relation if by_guardian else "",
        "interpreter": interpreter.strip(),
        "signature": _signature(drawn, typed),
        "salt": secrets.token_hex(16),
        "made_by": getattr(by, "user", None),
    }


def _signature(drawn: str, typed: str) -> str:
    if drawn:
        try:
            return documents.canonical({"drawn": signature.strokes(drawn)})
        except ValueError as problem:
            raise NotSigned(f"the signature is {problem}") from problem
    if not typed.strip():
        raise NotSigned("the signature is missing")
    return documents.canonical({"typed": typed.strip()})


def _signing(patient: Patient, columns: dict[str, Any]) -> dict[str, Any]:
    return documents.signing(
        patient_uid=patient.uid,
        clinic=patient.clinic.slug,
        language=columns["language"],
        at=columns["signed_at"],
        on=columns["signed_on"],
        signed_by=columns["signed_by"],
        relation=columns["relation"],
        salt=columns["salt"],
        name=columns["name"],
        interpreter=columns["interpreter"],
        signature=columns["signature"],
    )


def _signed(kind: str, row: Consent | AddedLines, by: By, **detail: Any) -> None:
    audit.append(
        by=by, action="sign", kind=kind, uid=row.uid, patient=row.patient.uid, after=bytes.fromhex(row.hash), detail=detail
    )
