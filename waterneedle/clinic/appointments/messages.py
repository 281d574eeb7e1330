"""What patients are told of their bookings: a time, the clinic, a link; nobody's name and nothing of health.

Every message has a link of its own, made in the same transaction. Behind it a door asks for first name and date of birth.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from waterneedle.clinic.appointments import calendars
from waterneedle.clinic.appointments.models import COMING, Booking, Policy, State
from waterneedle.clinic.intake.calling import number_of, with_number
from waterneedle.clinic.outbox import links
from waterneedle.clinic.outbox.actions import enqueue
from waterneedle.clinic.outbox.reaching import tell
from waterneedle.clinic.web import words

Write = Callable[[], tuple[str, str, str]]  # subject, text, and the text of an SMS
PURPOSE = "booking"
REMIND = "appointments.remind"
SOON = datetime.timedelta(hours=12)
LINK_LASTS_AFTER = datetime.timedelta(days=1)  # the end of the visit


def booked(booking: Booking, *, now: datetime.datetime) -> None:
    def write() -> tuple[str, str, str]:
        said = _said(booking)
        return (
            _("%(clinic)s: your appointment on %(day)s") % said,
            _(
                "Hello,\n\nyour appointment at %(clinic)s is on %(day)s at %(clock)s.\n\nSee, move or cancel it here:\n\n"
                "%(address)s\n\n%(door)s"
            )
            % said,
            _("%(clinic)s: your appointment is on %(day)s at %(clock)s. See, move or cancel it: %(address)s") % said,
        )

    _tell(booking, "booked", write, now, status="CONFIRMED")


def moved(booking: Booking, *, now: datetime.datetime) -> None:
    def write() -> tuple[str, str, str]:
        said = _said(booking)
        return (
            _("%(clinic)s: your appointment was moved to %(day)s") % said,
            _(
                "Hello,\n\nyour appointment at %(clinic)s was moved: it is now on %(day)s at %(clock)s.\n\nSee, move or "
                "cancel it here:\n\n%(address)s\n\n%(door)s"
            )
            % said,
            _("%(clinic)s: your appointment was moved to %(day)s at %(clock)s. See, move or cancel it: %(address)s") % said,
        )

    _tell(booking, "moved", write, now, status="CONFIRMED")


def cancelled(booking: Booking, *, now: datetime.datetime) -> None:
    def write() -> tuple[str, str, str]:
        said = _said(booking, link=False)
        return (
            _("%(clinic)s: your appointment on %(day)s is cancelled") % said,
            _("Hello,\n\nyour appointment at %(clinic)s on %(day)s at %(clock)s is cancelled. Call us for another one.") % said,
            " ".join([
                _("%(clinic)s: your appointment on %(day)s at %(clock)s is cancelled. Call us for another one.") % said,
                number_of(booking.clinic),
            ]).strip(),
        )

    _tell(booking, "cancelled", write, now, status="CANCELLED")


def requested(booking: Booking, *, now: datetime.datetime) -> None:
    def write() -> tuple[str, str, str]:
        said = _said(booking)
        return (
            _("%(clinic)s: you asked for an appointment") % said,
            _(
                "Hello,\n\nyou asked %(clinic)s for an appointment on %(day)s at %(clock)s. We will confirm it or call "
                "you.\n\nSee or cancel it here:\n\n%(address)s\n\n%(door)s"
            )
            % said,
            _("%(clinic)s: you asked for %(day)s at %(clock)s. We will confirm it or call. See or cancel it: %(address)s") % said,
        )

    _tell(booking, "requested", write, now)


def reminder(booking: Booking, *, now: datetime.datetime) -> None:
    def write() -> tuple[str, str, str]:
        said = _said(booking)
        return (
            _("%(clinic)s: a reminder of your appointment on %(day)s") % said,
            _(
                "Hello,\n\nthis is a reminder: your appointment at %(clinic)s is on %(day)s at %(clock)s.\n\nSee, move or "
                "cancel it here:\n\n%(address)s\n\n%(door)s"
            )
            % said,
            _("%(clinic)s: a reminder of your appointment on %(day)s at %(clock)s. See it: %(address)s") % said,
        )

    _tell(booking, "reminder", write, now, status="CONFIRMED")


def offered(booking: Booking, until: datetime.datetime, *, now: datetime.datetime) -> bool:
    """Whether anybody is told."""

    def write() -> tuple[str, str, str]:
        said = _said(booking) | {"until": words.moment(until, short=True)}
        return (
            _("%(clinic)s: a time has become free on %(day)s") % said,
            _(
                "Hello,\n\na time has become free at %(clinic)s: %(day)s at %(clock)s. It is kept for you until "
                "%(until)s.\n\nTake it or leave it here:\n\n%(address)s\n\n%(door)s"
            )
            % said,
            _("%(clinic)s: %(day)s at %(clock)s has become free. It is kept for you until %(until)s: %(address)s") % said,
        )

    return _tell(booking, "offered", write, now)


def plan_reminder(booking: Booking, policy: Policy, now: datetime.datetime) -> None:
    """Have the patient reminded in time; not at all when that time has passed already."""
    if booking.state != State.BOOKED or not policy.remind_hours:
        return
    due_at = booking.starts_at - datetime.timedelta(hours=policy.remind_hours)
    if due_at > now:
        enqueue(kind=REMIND, key=str(booking.uid), clinic=booking.clinic, due_at=due_at, payload={"booking": str(booking.uid)})


def is_to_be_reminded(booking: Booking, now: datetime.datetime) -> bool:
    return booking.stands and booking.state == State.BOOKED and booking.starts_at > now


def close_links(booking: Booking, now: datetime.datetime) -> None:
    """No link about this booking opens any more."""
    links.revoke(patient=booking.patient, purpose=PURPOSE, about=booking.uid, now=now)


def link_address(booking: Booking) -> str:
    """A new link to this booking."""
    secret = links.issue(
        clinic=booking.clinic,
        purpose=PURPOSE,
        patient=booking.patient,
        about=booking.uid,
        expires_at=max(booking.ends_at, timezone.now()) + LINK_LASTS_AFTER,
        language=booking.patient.language,
    )
    return settings.PUBLIC_URL + reverse("appointments_link", kwargs={"secret": secret})


def is_soon(booking: Booking, now: datetime.datetime) -> bool:
    """Whether a message about it may not wait for the morning."""
    return booking.state in COMING and booking.starts_at - now < SOON


def _said(booking: Booking, *, link: bool = True) -> dict[str, str]:
    return {
        "clinic": booking.clinic.name,
        "day": words.day(booking.starts_at),
        "clock": words.clock(booking.starts_at),
        "address": link_address(booking) if link else "",
        "door": _(
            "You will be asked for the patient's first name and date of birth. The link is for you alone; please do "
            "not pass it on."
        ),
    }


def _tell(booking: Booking, what: str, write: Write, now: datetime.datetime, status: str = "") -> bool:
    """Tell the patient; whether anybody is reached."""
    if booking.starts_at <= now:
        return False  # what is entered or tidied up afterwards is nobody's news

    def with_its_number() -> tuple[str, str, str]:
        subject, text, short = write()
        return subject, with_number(text, booking.clinic), short

    attached = [("appointment.ics", calendars.one(booking, status, now), "text/calendar")] if status else []
    jobs = tell(
        booking.patient,
        write=with_its_number,
        about=f"booking {what}",
        key=f"{booking.uid} {what}",
        now=now,
        attachments=attached,
        due_at=now,
        urgent=is_soon(booking, now),
    )
    return bool(jobs)
