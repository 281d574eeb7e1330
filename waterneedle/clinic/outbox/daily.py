"""What the outbox does once a day for the rooms below it."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from waterneedle.clinic.accounts.models import Clinic, Unfinished
from waterneedle.clinic.accounts.unfinished import KEPT as KEPT_UNFINISHED
from waterneedle.clinic.audit import heads
from waterneedle.clinic.audit.models import Once, SignedHeads
from waterneedle.clinic.audit.who import machine
from waterneedle.clinic.outbox.actions import enqueue
from waterneedle.clinic.outbox.handlers import daily, handler
from waterneedle.clinic.outbox.letters import send_letter
from waterneedle.clinic.outbox.models import Job

KEPT_ONCE = timedelta(days=7)  # how long a write is known by its key: longer than anybody asks again


@daily("audit.sign", at=time(2))
def sign_heads(job: Job, now: datetime) -> None:
    """Sign the heads of every clinic. Each place is a job of its own, so that one out of reach is tried again, alone."""
    for clinic in (None, *Clinic.objects.order_by("id")):
        signed = heads.sign(machine("outbox", clinic), now)
        for place in heads.places():
            said = {"heads": signed.pk, "place": place}
            enqueue(kind="audit.send", key=f"{signed.pk} {place}", clinic=clinic, due_at=now, payload=said)


@handler("audit.send", outside=True, attempts=100)
def send_heads(job: Job, now: datetime) -> None:
    heads.send(SignedHeads.objects.get(pk=job.says["heads"]), job.says["place"])


@heads.place("mail")
def mail_heads(signed: SignedHeads) -> None:
    """To the address that the settings name, if they do: a mailbox of somebody else is a good second place."""
    if settings.AUDIT_HEADS_MAIL:
        name = heads.file_name(signed)
        send_letter(
            to=[settings.AUDIT_HEADS_MAIL],
            subject=name,
            text=_("The signed heads of the trail are attached. Keep them: they show whether rows are changed later."),
            clinic=Clinic.objects.filter(pk=signed.clinic_id).first(),
            about="heads",
            key=f"heads {signed.pk}",
            due_at=signed.at,
            attachments=[(name, heads.as_text(signed).encode(), "application/json")],
        )


@daily("audit.forget", at=time(2, 30))
def forget_keys_of_writes(job: Job, now: datetime) -> None:
    Once.objects.filter(at__lt=now - KEPT_ONCE).delete()


@daily("accounts.forget", at=time(2, 30))
def forget_what_nobody_has_sent(job: Job, now: datetime) -> None:
    Unfinished.objects.filter(at__lt=now - KEPT_UNFINISHED).delete()
