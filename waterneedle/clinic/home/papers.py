"""The papers for the hour without a computer, printed each morning: the day sheet and empty forms for injections.

`WATERNEEDLE_PRINT` names the command that prints them, such as `lp -d {clinic}`. The files are added at its end; `{clinic}` in it
is the address of a clinic, where each has a printer of its own. Without it the page of the morning asks for them.
"""

from __future__ import annotations

import datetime
import subprocess
import tempfile
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.appointments.models import Hours
from waterneedle.clinic.appointments.queries import bookings_on, day_bounds
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.audit.who import Person, Who, machine
from waterneedle.clinic.home.on_paper import blank_form, day_sheet
from waterneedle.clinic.outbox.actions import enqueue
from waterneedle.clinic.outbox.handlers import Refused, every, handler
from waterneedle.clinic.outbox.models import Job

PRINT = "home.print"
BEGINS, ENDS = datetime.time(6), datetime.time(14)  # by the clinic's clock; after that nobody needs a sheet of the morning
FORMS = 5  # empty ones; more are copied. Both are our judgement
LONGEST_S = 60  # that the command may take
TRIES = 6  # the owner hears of it on the same morning


@transaction.atomic
def note_printed(*, by: Person | Who, made: bytes) -> None:
    """The sheet has patients by name: that it was printed is in the trail."""
    audit.append(by=by, action="print", kind="visit", after=sha256(made).digest())


def printed_at(clinic: Clinic, day: datetime.date) -> datetime.datetime | None:
    """When the sheet of the day was printed first."""
    begin, end = day_bounds(clinic, day)
    rows = Entry.objects.filter(clinic_id=clinic.pk, at__gte=begin, at__lt=end, action="print", kind="visit", object_uid="")
    return rows.order_by("at", "seq").values_list("at", flat=True).first()


@every("home.papers", minutes=10)
def order(job: Job, now: datetime.datetime) -> None:
    """Have today's printed once in each clinic in which somebody is booked or has hours."""
    if not settings.PRINT:
        return
    for clinic in Clinic.objects.order_by("id"):
        here = now.astimezone(clinic.tzinfo)
        if BEGINS <= here.time() < ENDS and _is_open(clinic, here.date()):
            said = {"day": here.date().isoformat()}
            enqueue(kind=PRINT, key=f"{clinic.pk} {said['day']}", clinic=clinic, payload=said, due_at=now)


@handler(PRINT, slow=True, attempts=TRIES)
def print_papers(job: Job, now: datetime.datetime) -> None:
    """Print those of a day while it lasts. Raises CalledProcessError, TimeoutExpired or OSError where the command fails, and
    Refused on another day: whoever is told of it knows that there was no paper."""
    clinic = job.clinic
    with timezone.override(clinic.tzinfo), translation.override(next(iter(clinic.languages), "en")):
        if job.says["day"] != timezone.localdate(now).isoformat():
            raise Refused(f"the {job.says['day']} is over")
        sheet = day_sheet(clinic, now, with_vials=True, with_charts=True)
        _run(clinic, sheet, blank_form(clinic))
    note_printed(by=machine("outbox", clinic), made=sheet)


def _is_open(clinic: Clinic, day: datetime.date) -> bool:
    hours = Hours.objects.filter(clinic=clinic, weekday=day.weekday(), ended_at=None)
    return hours.exists() or bool(bookings_on(clinic, day))


def _run(clinic: Clinic, sheet: bytes, form: bytes) -> None:
    command = [part.replace("{clinic}", clinic.slug) for part in settings.PRINT]
    with tempfile.TemporaryDirectory(prefix="papers-") as folder:  # only this user opens it
        files = {Path(folder, "day.pdf"): sheet, **{Path(folder, f"form-{one}.pdf"): form for one in range(1, FORMS + 1)}}
        for path, content in files.items():
            path.write_bytes(content)
        subprocess.run([*command, *map(str, files)], check=True, capture_output=True, timeout=LONGEST_S)
