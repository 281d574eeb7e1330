"""A worker in a process of its own, to be killed: does what is due until then. `test.ask` makes a link and a letter with it,
`test.ring` a link and an SMS with it.
"""
from __future__ import annotations

import sys
import threading
from datetime import timedelta

import django

django.setup()

from waterneedle.clinic.accounts.models import Clinic  # noqa: E402
from waterneedle.clinic.outbox import links, worker  # noqa: E402
from waterneedle.clinic.outbox.handlers import DAILY, EVERY, handler  # noqa: E402
from waterneedle.clinic.outbox.letters import send_letter  # noqa: E402
from waterneedle.clinic.outbox.sms import send_sms  # noqa: E402


@handler("test.ask")
def ask(job, now):
    clinic = Clinic.objects.get()
    secret = links.issue(
        clinic=clinic, purpose="check-in", patient=None, about=job.key, expires_at=now + timedelta(days=7))
    send_letter(to=[f"{job.key}@example.org"], subject="How are you?", text=secret, clinic=clinic, about="check-in", key=job.key)


@handler("test.ring")
def ring(job, now):
    clinic = Clinic.objects.get()
    secret = links.issue(
        clinic=clinic, purpose="check-in", patient=None, about=job.key, expires_at=now + timedelta(days=7))
    send_sms(to="+12065550117", text=f"{job.key} {secret}", clinic=clinic, about="check-in", key=job.key, waking_hours=False)


if __name__ == "__main__":
    DAILY.clear()
    EVERY.clear()
    print("ready", flush=True)
    worker.run(threading.Event())
    sys.exit("the worker ended by itself")
