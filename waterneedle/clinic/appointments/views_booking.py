"""Booking by the clinic: on the telephone, for a family, moved, and what became of it."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.accounts.roles import ALL
from waterneedle.clinic.appointments import actions, queries, waitlist
from waterneedle.clinic.appointments.actions import Elsewhere, Nobody, NotBooked, NotNow, Twice
from waterneedle.clinic.appointments.forms import CallerForm, FromForm, WaitForm, WhyForm
from waterneedle.clinic.appointments.models import NEXT, Booking, State
from waterneedle.clinic.appointments.queries import Slot
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.outbox.reaching import addresses_of
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.patients import queries as people
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.pages import about
from waterneedle.clinic.patients.queries import today_in
from waterneedle.clinic.patients.searching import phone_from_end
from waterneedle.clinic.practitioners.models import Practitioner
from waterneedle.clinic.practitioners.queries import practitioners_of
from waterneedle.clinic.web import words

SHOWN = 12  # free times on one page
# What a button may say of a booking; a move has a page of its own.
MARKS = {
    State.BOOKED: gettext_lazy("Booked"),
    State.LATE: gettext_lazy("Late"),
    State.NO_SHOW: gettext_lazy("Did not come"),
    State.CANCELLED: gettext_lazy("Cancel"),
}


@staff("bookings.write")
def book(request: HttpRequest) -> HttpResponse:
    """Who is it? Found as it is typed, or entered in the few words that a booking needs."""
    form = CallerForm(request.POST or None, instance=Patient(clinic=request.clinic))
    alike: list[Any] = []
    if request.method == "POST" and form.is_valid():
        alike = people.likely_duplicates(form.instance)
        if not alike or "is_new" in request.POST:
            made = patients.create_patient(clinic=request.clinic, fields=form.values(), by=request.access)
            return redirect(_book_url(request, made))
    page = {"form": form, "alike": alike, "slot": _asked_slot(request), "query": request.GET.urlencode()}
    return render(request, "appointments/book.html", page, status=422 if request.method == "POST" else 200)


@staff("bookings.write")
@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """Patients by what was typed, each leading to their free times. By POST, so that no name stands in an address."""
    wanted = request.POST.get("q", "")
    may = request.access.scope("demographics.read") == ALL
    found = people.search(request.clinic, wanted, day_first=request.LANGUAGE_CODE == "es", limit=8) if may else []
    page = {
        "found": found,
        "wanted": wanted,
        "query": request.GET.urlencode(),
        "form": CallerForm(instance=Patient(clinic=request.clinic)),
    }
    return render(request, "appointments/_found.html" if "HX-Request" in request.headers else "appointments/book.html", page)


@staff("bookings.write")
def book_for(request: HttpRequest) -> HttpResponse:
    """The free times for one patient, or for a family one after the other; the first one is chosen beforehand."""
    patient, now = request.patient, timezone.now()
    family = _family(patient)
    row = [patient, *(one for one in family if str(one.uid) in {*request.GET.getlist("and"), *request.POST.getlist("and")})]
    lengths = actions.lengths_of(request.clinic, row)
    asked = FromForm(request.GET if {"on", "practitioner"} & request.GET.keys() else None, clinic=request.clinic)
    refused = ""
    free: list[Slot] = []
    if request.method == "POST":
        try:
            practitioner, starts_at = _chosen(request)
            made = actions.book_row(patients=row, practitioner=practitioner, starts_at=starts_at, by=request.access, now=now)
            messages.success(
                request,
                _("Booked: %(when)s with %(who)s.") % {"when": words.moment(made[0].starts_at, short=True), "who": practitioner},
            )
            _tell_if_nobody_is_reached(request, made)
            return redirect(_day_url(request, made[0]))
        except NotBooked as problem:
            refused, free = refusal(problem, _("This time is not free any more. These are the next ones.")), problem.free
    page = about(request, "bookings") | {
        "asked": asked,
        "family": family,
        "row": row,
        "minutes": sum(lengths),
        "kind": queries.kind_for(patient),
        "refused": refused,
        "slots": free or _offered(request, row, lengths, asked, now),
        "wait": WaitForm(clinic=request.clinic, initial={"first_day": today_in(request.clinic)}),
        "chosen": _asked_slot(request),
        "address": any(one for one in row if not _is_reached(one)),
    }
    return render(request, "appointments/book_for.html", page, status=409 if refused else 200)


@staff("bookings.read")
def bookings(request: HttpRequest) -> HttpResponse:
    """Every booking of a patient."""
    audit.read(request, request.patient, kind="bookings")
    now = timezone.now()
    rows = queries.bookings_of(request.patient)
    page = about(request, "bookings") | {
        "coming": [one for one in reversed(rows) if one.stands and one.ends_at > now],
        "past": [one for one in rows if not one.stands or one.ends_at <= now],
        "now": now,
    }
    return render(request, "appointments/bookings.html", page)


@staff("bookings.write")
@require_POST
def wait(request: HttpRequest) -> HttpResponse:
    form = WaitForm(request.POST, clinic=request.clinic)
    if not form.is_valid():
        messages.error(request, _("Say from which day until which day."))
        return redirect(_book_url(request, request.patient))
    said = {name: form.cleaned_data[name] for name in ("first_day", "last_day", "part")}
    waitlist.wait(patient=request.patient, practitioner=form.who, by=request.access, **said)
    messages.success(request, _("On the waiting list."))
    return redirect("appointments:waiting", clinic=request.clinic.slug)


@staff("bookings.read")
def booking(request: HttpRequest, booking: UUID) -> HttpResponse:
    """One booking: when, with whom, where, and what became of it."""
    return render(request, "appointments/booking.html", _booking_page(request, _found(request, booking)))


@staff("bookings.write")
@require_POST
def mark(request: HttpRequest, booking: UUID, state: str) -> HttpResponse:
    row = _found(request, booking)
    form = WhyForm(request.POST)
    # An arrival begins a visit, and leaving is paid for: both have pages of their own.
    if state not in MARKS or not form.is_valid():
        raise Http404
    try:
        actions.mark(booking=row, state=state, why=form.cleaned_data["why"], by=request.access)
        messages.success(request, _("Noted."))
    except Elsewhere as problem:
        messages.warning(request, refusal(problem))
    except NotNow:
        messages.warning(request, _("Somebody else has noted something about this booking. This is how it stands now."))
    return redirect("appointments:booking", clinic=request.clinic.slug, booking=row.uid)


@staff("bookings.write")
def move(request: HttpRequest, booking: UUID) -> HttpResponse:
    """Another time: chosen from the free ones, or the one that it was dragged to."""
    row, now = _found(request, booking), timezone.now()
    lengths = actions.lengths_of(request.clinic, [row.patient])
    asked = FromForm(request.GET if {"on", "practitioner"} & request.GET.keys() else None, clinic=request.clinic)
    refused, free = "", []
    if request.method == "POST":
        try:
            practitioner, starts_at = _chosen(request)
            made = actions.move(booking=row, practitioner=practitioner, starts_at=starts_at, by=request.access, now=now)
            messages.success(
                request,
                _("Moved: %(when)s with %(who)s.") % {"when": words.moment(made.starts_at, short=True), "who": practitioner},
            )
            _tell_if_nobody_is_reached(request, [made])
            return redirect(_day_url(request, made))
        except NotNow:
            messages.warning(request, _("Somebody else has noted something about this booking. This is how it stands now."))
            return redirect("appointments:booking", clinic=request.clinic.slug, booking=row.uid)
        except NotBooked as problem:
            refused, free = refusal(problem, _("This time is not free. These are the next ones.")), problem.free
    page = _booking_page(request, row) | {
        "asked": asked,
        "refused": refused,
        "slots": free or _offered(request, [row.patient], lengths, asked, now, without=row),
        "minutes": sum(lengths),
    }
    return render(request, "appointments/move.html", page, status=409 if refused else 200)


def refusal(problem: NotBooked, otherwise: str = "") -> str:
    """Why nothing was booked, in words for the desk."""
    if isinstance(problem, Twice):
        with_words = {
            "patient": problem.other.patient,
            "who": problem.other.practitioner,
            "when": words.moment(problem.other.starts_at, short=True),
        }
        said = _("%(patient)s is booked at this time already, with %(who)s: %(when)s. Move or cancel that one first.")
        return said % with_words
    if isinstance(problem, Nobody):
        return _("No visit is booked for this patient any more, by what is on record. Who treats them knows why.")
    return otherwise


# --- inside

_arrivals: list[str] = []


def arrivals_lead_to(route: str) -> None:
    """Let the route of a room above (taking `clinic` and `booking`) note an arrival, which begins a visit there."""
    _arrivals[:] = [route]


def _found(request: HttpRequest, uid: UUID) -> Booking:
    row = queries.booking_of(request.clinic, uid)
    if row is None or request.scope != ALL:
        raise Http404
    return row


def _booking_page(request: HttpRequest, row: Booking) -> dict[str, Any]:
    may = request.access.may("bookings.write")
    return {
        "booking": row,
        "history": queries.history_of(row),
        "marks": [(one, _mark(row.state, one)) for one in NEXT.get(row.state, ()) if one in MARKS] if may else [],
        "arrive_url": _arrive_url(request, row) if may else "",
        "may_move": may and State.RESCHEDULED in NEXT.get(row.state, ()),
        "now": timezone.now(),
    }


def _mark(now: str, then: str) -> Any:
    """What the button says that takes a booking from state `now` to `then`; a visit that has begun goes back to booked."""
    return _("Set back to booked") if then == State.BOOKED and now != State.REQUESTED else MARKS[then]


def _arrive_url(request: HttpRequest, row: Booking) -> str:
    if not _arrivals or State.ARRIVED not in NEXT.get(row.state, ()):
        return ""
    return reverse(_arrivals[0], kwargs={"clinic": request.clinic.slug, "booking": row.uid})


def _family(patient: Patient) -> list[Patient]:
    """Who shares the telephone of the patient, or of who speaks for them: often booked together."""
    ends = {phone_from_end(one.phone) for one in (patient, *people.guardians_of(patient))} - {""}
    found: dict[int, Patient] = {}
    for end in sorted(ends):
        for one in people.search(patient.clinic, end[::-1], limit=8):
            if one.pk != patient.pk and phone_from_end(one.phone) == end:
                found[one.pk] = one
    return list(found.values())


def _offered(
    request: HttpRequest, row: list[Patient], lengths: list[int], asked: FromForm, now: datetime.datetime,
    without: Booking | None = None,
) -> list[Slot]:
    """The free times for a row of visits, from the day that is asked for; the one of the calendar first. Not those at which one
    of the patients is booked already."""
    on, who = None, None
    if asked.is_bound and asked.is_valid():
        on, who = asked.cleaned_data["on"], asked.who
    after = now if on is None else max(now, queries.day_bounds(request.clinic, on)[0] - datetime.timedelta(minutes=1))
    policy = queries.policy_of(request.clinic)
    whole = sum(lengths) + policy.buffer_min * (len(lengths) - 1)
    wanted = _asked_slot(request)
    found = []
    if wanted and (chosen := _slot_at(request, *wanted, whole)):
        found.append(chosen)
        after, who = chosen.starts_at, who or chosen.practitioner
    found += queries.next_free(request.clinic, whole, after, only=who.pk if who else None, most=SHOWN)
    theirs = [one for patient in row for one in queries.coming_of(patient, now) if one != without]
    long = datetime.timedelta(minutes=whole)
    return [one for one in found if not any(
        each.starts_at < one.starts_at + long and each.ends_at > one.starts_at for each in theirs)]


def _slot_at(request: HttpRequest, starts_at: datetime.datetime, practitioner: Practitioner, minutes: int) -> Slot | None:
    day = starts_at.astimezone(request.clinic.tzinfo).date()
    free = queries.diary(request.clinic, day, day).free(minutes, day, day, only=practitioner.pk)
    return next((one for one in free if one.starts_at == starts_at), None)


def _asked_slot(request: HttpRequest) -> tuple[datetime.datetime, Practitioner] | None:
    """The time that was pressed in the calendar."""
    try:
        return parsed(request, request.GET.get("slot", ""))
    except NotBooked:
        return None


def _chosen(request: HttpRequest) -> tuple[Practitioner, datetime.datetime]:
    starts_at, practitioner = parsed(request, request.POST.get("slot", ""))
    return practitioner, starts_at


def parsed(request: HttpRequest, key: str) -> tuple[datetime.datetime, Practitioner]:
    """When and with whom, of what a form sent (`Slot.key`); raises NotBooked for what is neither."""
    when, _space, uid = key.partition(" ")
    try:
        starts_at = datetime.datetime.strptime(when, "%Y-%m-%dT%H:%MZ").replace(tzinfo=datetime.UTC)
    except ValueError:
        raise NotBooked("no time was chosen") from None
    who = next((one for one in practitioners_of(request.clinic) if str(one.uid) == uid), None)
    if who is None or abs(starts_at.year - timezone.now().year) > 100:
        raise NotBooked("no practitioner was chosen")
    return starts_at, who


def _is_reached(patient: Patient) -> bool:
    return bool(addresses_of(patient, today_in(patient.clinic)))


def _tell_if_nobody_is_reached(request: HttpRequest, made: list[Booking]) -> None:
    if not all(_is_reached(one.patient) for one in made):
        messages.warning(request, _("Nobody was written to: no address is on file. Tell the time on the telephone."))


def _book_url(request: HttpRequest, patient: Patient) -> str:
    query = request.GET.urlencode()
    url = reverse("appointments:book_for", kwargs={"clinic": request.clinic.slug, "patient": patient.uid})
    return f"{url}?{query}" if query else url


def _day_url(request: HttpRequest, row: Booking) -> str:
    day = row.starts_at.astimezone(request.clinic.tzinfo).date()
    return f"{reverse('appointments:day', kwargs={'clinic': request.clinic.slug})}?on={day}"
