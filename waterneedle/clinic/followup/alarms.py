"""The person on call: told of a grave answer by two ways, and again with the owners until somebody says that they have seen it.

No message names the patient or says what was answered; the link in it opens the page on which it is acknowledged, and the answer
is read after signing in.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from waterneedle.clinic.accounts.models import Membership
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.who import Person, Who, machine
from waterneedle.clinic.followup.models import Alarm, Answer, Call
from waterneedle.clinic.followup.queries import arrangement_of
from waterneedle.clinic.outbox import links, sms
from waterneedle.clinic.outbox.actions import cancel, enqueue
from waterneedle.clinic.outbox.letters import send_letter
from waterneedle.clinic.outbox.models import ALARM, Link

By = Person | Who
PURPOSE = "alarm"
ESCALATE = "followup.escalate"
ACKNOWLEDGE_WITHIN = timedelta(minutes=15)
MOST_ROUNDS = 16  # four hours; then the task alone goes on asking
LINK_LASTS = timedelta(days=2)


@transaction.atomic
def raise_alarm(*, answer: Answer, by: By, now: datetime) -> Alarm:
    """Tell the person on call by both ways, in the transaction of the answer, and ask again after 15 minutes."""
    alarm = Alarm.objects.create(
        clinic_id=answer.clinic_id, answer=answer, patient=answer.patient, level=answer.level, raised_at=now)
    audit.append(by=by, action="raise", kind="alarm", uid=alarm.uid, patient=answer.patient.uid, detail={"level": alarm.level})
    _tell(alarm, 0, now)
    return alarm


@transaction.atomic
def escalate(*, alarm: Alarm, number: int, now: datetime) -> None:
    """Nobody has acknowledged it: the person on call once more, and every owner."""
    row = Alarm.objects.select_for_update().get(pk=alarm.pk)
    if row.acknowledged_at is not None:
        return
    audit.append(
        by=machine("followup", row.clinic), action="escalate", kind="alarm", uid=row.uid, patient=row.patient.uid,
        detail={"round": number})
    _tell(row, number, now)


@transaction.atomic
def acknowledge(*, alarm: Alarm, now: datetime, by: Person | None = None, link: Link | None = None) -> Alarm:
    """Note who has seen it: a person who is signed in, or by a link one of those who were sent one. The first one counts."""
    row = Alarm.objects.select_for_update().get(pk=alarm.pk)
    if row.acknowledged_at is not None:
        return row
    name = by.user.name if by else _one_of(row)
    teller = by or Who(clinic_id=row.clinic_id, zone=row.clinic.tzinfo, user_name=name, role="on call, by link")
    row.acknowledged_at, row.acknowledged_by, row.acknowledged_name = now, by and by.user, name
    row.save(update_fields=["acknowledged_at", "acknowledged_by", "acknowledged_name"])
    rounds = Call.objects.filter(clinic_id=row.clinic_id, alarm=row).values_list("round", flat=True)
    cancel(kind=ESCALATE, key=_key(row, max(rounds, default=0) + 1), now=now)
    audit.append(by=teller, action="acknowledge", kind="alarm", uid=row.uid, patient=row.patient.uid)
    return row


def _one_of(alarm: Alarm) -> str:
    """Whoever a link was sent to: a link does not say whose it was, and from the second round on owners have one too."""
    names = Call.objects.filter(clinic_id=alarm.clinic_id, alarm=alarm).order_by("pk").values_list("name", flat=True)
    return " / ".join(dict.fromkeys(names))[:160]


def _tell(alarm: Alarm, number: int, now: datetime) -> None:
    arranged = arrangement_of(alarm.clinic)
    ways = [("mail", arranged.on_call_name, arranged.on_call_email), ("second", arranged.on_call_name, arranged.second_email)]
    if number:
        ways += [("mail", name, address) for name, address in _owners(alarm)]
    for way, name, address in ways:
        if address:
            _letter(alarm, number, way, name, address, now)
    if arranged.on_call_phone and sms.can_send() and sms.international(arranged.on_call_phone):
        _text(alarm, number, arranged.on_call_name, arranged.on_call_phone, now)
    if number + 1 < MOST_ROUNDS:
        enqueue(
            kind=ESCALATE, key=_key(alarm, number + 1), clinic=alarm.clinic, due_at=now + ACKNOWLEDGE_WITHIN,
            payload={"alarm": str(alarm.uid), "round": number + 1})


def _text(alarm: Alarm, number: int, name: str, phone: str, now: datetime) -> None:
    clinic = alarm.clinic
    with translation.override(next(iter(clinic.languages), "en")):
        text = _("%(clinic)s: a patient needs you now. %(address)s") % {"clinic": clinic.name, "address": _address(alarm, now)}
    sms.send_sms(
        to=phone, text=text, clinic=clinic, about=ALARM, key=f"alarm {alarm.uid} {number}", patient=alarm.patient,
        waking_hours=False)
    Call.objects.get_or_create(clinic=clinic, alarm=alarm, round=number, way="text", name=name, defaults={"at": now})


def _address(alarm: Alarm, now: datetime) -> str:
    secret = links.issue(
        clinic=alarm.clinic, purpose=PURPOSE, patient=alarm.patient, about=alarm.uid, expires_at=now + LINK_LASTS)
    return settings.PUBLIC_URL + reverse("followup_alarm", kwargs={"secret": secret})


def _letter(alarm: Alarm, number: int, way: str, name: str, address: str, now: datetime) -> None:
    clinic, said = alarm.clinic, _address(alarm, now)
    with translation.override(next(iter(clinic.languages), "en")):
        subject = _("%(clinic)s: a patient needs you now") % {"clinic": clinic.name}
        text = _(
            "A patient of %(clinic)s has reported something grave after an injection.\n\n"
            "Say that you have seen it, and read it after signing in:\n\n%(address)s\n\n"
            "Until somebody says so, this is sent again every 15 minutes."
        ) % {"clinic": clinic.name, "address": said}
    cause = f"alarm {alarm.uid} {number} {way} {address}"[:160]
    send_letter(to=[address], subject=subject, text=text, clinic=clinic, about=ALARM, key=cause, patient=alarm.patient)
    Call.objects.get_or_create(clinic=clinic, alarm=alarm, round=number, way=way, name=name, defaults={"at": now})


def _owners(alarm: Alarm) -> list[tuple[str, str]]:
    rows = Membership.objects.filter(clinic=alarm.clinic, role=Role.OWNER, ended_at=None, user__is_active=True)
    return [(one.user.name, one.user.email) for one in rows.select_related("user")]


def _key(alarm: Alarm, number: int) -> str:
    return f"{alarm.uid} {number}"
