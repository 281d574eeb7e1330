"""The public page of a clinic, what stands behind a link to a booking, and the feed of a practitioner's calendar."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable
from itertools import groupby, islice
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from waterneedle.clinic.accounts.access import public
from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.appointments import actions, calendars, door, messages, queries
from waterneedle.clinic.appointments import public as asking
from waterneedle.clinic.appointments.actions import Nobody, NotBooked, NotNow, TooMany, Twice
from waterneedle.clinic.appointments.actions_settings import hashed
from waterneedle.clinic.appointments.forms import FromForm, VisitorForm
from waterneedle.clinic.appointments.models import Asked, Booking, Feed, Kind, Online, State
from waterneedle.clinic.appointments.queries import Diary, Slot
from waterneedle.clinic.appointments.views_booking import parsed
from waterneedle.clinic.audit.who import Who
from waterneedle.clinic.intake.calling import closed
from waterneedle.clinic.intake.forms_patient import DoorForm
from waterneedle.clinic.outbox import links
from waterneedle.clinic.outbox.models import Link
from waterneedle.clinic.outbox.reaching import language_of
from waterneedle.clinic.practitioners.models import Practitioner
from waterneedle.clinic.web.middleware import use_language

View = Callable[..., HttpResponseBase]
DOES_NOT_FIT = gettext_lazy("This does not fit what is on file. Look at both again, or ask the clinic.")
SHOWN = 60  # free times on one page
FEED_PAST, FEED_COMING = datetime.timedelta(days=30), datetime.timedelta(days=180)


def of_clinic(view: View) -> View:
    """A page that anybody may open, of a clinic that has one."""

    @public(why="public page of a clinic")
    @never_cache
    @functools.wraps(view)
    def shown(request: HttpRequest, clinic: str, **kwargs: Any) -> HttpResponseBase:
        request.clinic = get_object_or_404(Clinic, slug=clinic)
        request.policy = queries.policy_of(request.clinic)
        if request.policy.online == Online.CLOSED:
            raise Http404
        with timezone.override(request.clinic.tzinfo):
            return view(request, **kwargs)

    return shown


@of_clinic
def page(request: HttpRequest) -> HttpResponse:
    """The free times: of a first visit, or of a later one. Shows nothing that is not on the door of the clinic."""
    kind = Kind.LATER if request.GET.get("kind") == Kind.LATER else Kind.FIRST
    known, asked = _asked(request)
    minutes = queries.length_of(request.clinic, kind)
    shown = {
        "kind": kind,
        "kinds": [(one, queries.length_of(request.clinic, one)) for one in (Kind.FIRST, Kind.LATER)],
        "asked": asked,
        "minutes": minutes,
        "days": _by_day(_looked_for(request, minutes, known, asked), request.clinic),
        "may_ask": request.policy.online in (Online.REQUEST, Online.BOOK),
        "policy": request.policy,
    }
    return render(request, "appointments/public/page.html", shown)


@of_clinic
def ask(request: HttpRequest) -> HttpResponse:
    """Who comes: then a letter goes to the address, whoever it is."""
    if request.policy.online not in (Online.REQUEST, Online.BOOK):
        raise Http404
    kind = Kind.LATER if request.GET.get("kind") == Kind.LATER else Kind.FIRST
    minutes = queries.length_of(request.clinic, kind)
    try:
        starts_at, practitioner = parsed(request, request.GET.get("slot", ""))
    except NotBooked:
        return redirect("appointments_public", clinic=request.clinic.slug)
    form = VisitorForm(request.POST or None)
    shown = {
        "form": form,
        "starts_at": starts_at,
        "practitioner": practitioner,
        "kind": kind,
        "minutes": minutes,
        "policy": request.policy,
    }
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data | {"birth_date": form.cleaned_data["birth_date"].isoformat()}
        if not any(one.starts_at == starts_at for one in _free(request, minutes, on=starts_at, only=practitioner.pk)):
            form.add_error(None, _("This time is not free any more. Please choose another one."))
            return render(request, "appointments/public/ask.html", shown | {"gone": True}, status=409)
        try:
            asked = asking.ask(
                clinic=request.clinic,
                kind=kind,
                practitioner=practitioner,
                starts_at=starts_at,
                said=said,
                language=get_language() or "en",
                source=request.META.get("REMOTE_ADDR", ""),
                now=timezone.now(),
            )
        except asking.TooOften:
            return render(request, "appointments/public/too_often.html", status=429)
        response = render(request, "appointments/public/written.html", shown | {"address": said["email"]})
        door.keep_open_asked(response, request, asked)
        return response
    return render(request, "appointments/public/ask.html", shown, status=422 if request.method == "POST" else 200)


@public(why="single-use link")
@never_cache
def confirm(request: HttpRequest, secret: str) -> HttpResponse:
    """Behind the letter: who it is, unless this browser asked, and one press more, so that no program that looks through mail
    books a visit."""
    now = timezone.now()
    asked = asking.find(secret, now)
    if asked is None or (policy := queries.policy_of(asked.clinic)).online not in (Online.REQUEST, Online.BOOK):
        request.clinic = asking.clinic_of(secret)
        return _gone(request)
    request.clinic, request.policy = asked.clinic, policy
    use_language(request, asked.says["language"])
    if not door.is_open_asked(request, asked):
        return _who_asked(request, asked, secret, now)
    with timezone.override(asked.clinic.tzinfo):
        minutes = asking.minutes_for(asked)
        shown = {
            "asked": asked,
            "starts_at": asked.starts_at,
            "practitioner": asked.practitioner,
            "minutes": minutes,
            "slots": (),
            "policy": request.policy,
        }
        if "confirm" not in request.POST:  # the door's own form may be sent again
            return render(request, "appointments/public/confirm.html", shown)
        try:
            starts_at, practitioner = asked.starts_at, asked.practitioner
            if "slot" in request.POST:
                starts_at, practitioner = _free_one(request, minutes)
            booking = asking.confirm(asked=asked, practitioner=practitioner, starts_at=starts_at, now=now)
            return render(
                request, "appointments/public/booked.html", {"booking": booking, "is_request": booking.state == State.REQUESTED}
            )
        except TooMany:
            return render(request, "appointments/public/too_many.html", {"policy": request.policy}, status=409)
        except (NotNow, Nobody):
            return _gone(request)
        except NotBooked as problem:
            shown["twice"] = isinstance(problem, Twice)
            after = problem.other.ends_at if isinstance(problem, Twice) else asked.starts_at
            free = [one for one in _free(request, minutes, on=max(now, asked.starts_at)) if one.starts_at >= after][:12]
            return render(request, "appointments/public/confirm.html", shown | {"slots": free, "refused": True}, status=409)


def _who_asked(request: HttpRequest, asked: Asked, secret: str, now: datetime.datetime) -> HttpResponse:
    """The door of the letter: nothing of what was asked for shows before it."""
    form = DoorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if door.knock_asked(asked=asked, name=form.cleaned_data["name"], born=form.cleaned_data["born"]):
            response = redirect("appointments_confirm", secret=secret)
            door.keep_open_asked(response, request, asked)
            return response
        if asking.find(secret, now) is None:
            return _gone(request)
        form.add_error(None, DOES_NOT_FIT)
    return render(request, "appointments/public/door.html", {"form": form}, status=422 if request.method == "POST" else 200)


# --- behind the link of a message


class Behind:
    """What stands behind the link of a request: the link, its booking, its secret, and the moment of the request."""

    def __init__(self, secret: str, link: Link, booking: Booking, now: datetime.datetime) -> None:
        self.secret, self.link, self.booking, self.now = secret, link, booking, now

    @property
    def by(self) -> Who:
        return Who(clinic_id=self.booking.clinic_id, zone=self.booking.clinic.tzinfo, role="patient, by link")


def by_link(*, opened: bool = True) -> Callable[[View], View]:
    """A page behind a link. With `opened` it shows only to who has passed the door."""

    def decorate(view: View) -> View:
        @public(why="single-use link")
        @never_cache
        @functools.wraps(view)
        def shown(request: HttpRequest, secret: str) -> HttpResponseBase:
            behind = _behind(secret)
            if behind is None:
                return _gone(request)
            request.clinic = behind.booking.clinic
            use_language(request, language_of(behind.booking.patient))
            if opened and not door.is_open(request, behind.link):
                return redirect("appointments_link", secret=secret)
            with timezone.override(behind.booking.clinic.tzinfo):
                return view(request, behind)

        return shown

    return decorate


@by_link(opened=False)
def link(request: HttpRequest, behind: Behind) -> HttpResponse:
    """Ask who is there."""
    if request.method != "POST" and door.is_open(request, behind.link):
        return redirect("appointments_see", secret=behind.secret)
    asked = DoorForm(request.POST or None)
    if request.method == "POST" and asked.is_valid():
        if door.knock(link=behind.link, name=asked.cleaned_data["name"], born=asked.cleaned_data["born"], now=behind.now):
            response = redirect("appointments_see", secret=behind.secret)
            door.keep_open(response, request, behind.link, behind.secret)
            return response
        if _behind(behind.secret) is None:
            return _gone(request)
        asked.add_error(None, DOES_NOT_FIT)
    return render(request, "appointments/public/door.html", {"form": asked}, status=422 if request.method == "POST" else 200)


@by_link()
def see(request: HttpRequest, behind: Behind) -> HttpResponse:
    """The booking, and what the patient may do about it."""
    return render(request, "appointments/public/see.html", _seen(behind))


@by_link()
@require_POST
def take(request: HttpRequest, behind: Behind) -> HttpResponse:
    """Take a time that was offered."""
    return _do(
        request, behind, lambda: actions.mark(booking=behind.booking, state=State.BOOKED, by=behind.by, now=behind.now), "taken"
    )


@by_link()
@require_POST
def cancel(request: HttpRequest, behind: Behind) -> HttpResponse:
    if not _may_change(behind):
        return render(request, "appointments/public/see.html", _seen(behind), status=409)
    return _do(request, behind, lambda: actions.cancel(booking=behind.booking, by=behind.by, now=behind.now), "cancelled")


@by_link()
def move(request: HttpRequest, behind: Behind) -> HttpResponse:
    """Another time, chosen from the free ones."""
    if not _may_change(behind) or behind.booking.state == State.OFFERED:
        return render(request, "appointments/public/see.html", _seen(behind), status=409)
    request.policy = queries.policy_of(request.clinic)
    [minutes] = actions.lengths_of(request.clinic, [behind.booking.patient])
    refused = twice = False
    if request.method == "POST":
        try:
            starts_at, practitioner = _free_one(request, minutes)
            return _do(
                request,
                behind,
                lambda: actions.move(
                    booking=behind.booking, practitioner=practitioner, starts_at=starts_at, by=behind.by, now=behind.now
                ),
                "moved",
            )
        except (NotNow, Nobody):
            return _gone(request)
        except NotBooked as problem:
            refused, twice = True, isinstance(problem, Twice)
    known, asked = _asked(request)
    days = _by_day(_looked_for(request, minutes, known, asked), request.clinic)
    page = _seen(behind) | {"asked": asked, "days": days, "refused": refused, "twice": twice, "minutes": minutes}
    return render(request, "appointments/public/move.html", page, status=409 if refused else 200)


# --- the feed


@public(why="secret link")
@require_safe
@never_cache
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The times of one practitioner, for a calendar program, for as long as they work here."""
    row = Feed.objects.filter(hash=hashed(secret), revoked_at=None).select_related("practitioner__user", "clinic").first()
    if row is None or not queries.works_here(row.practitioner):
        raise Http404
    now = timezone.now()
    bookings = queries.bookings_between(row.clinic, now - FEED_PAST, now + FEED_COMING).filter(
        stands=True, practitioner=row.practitioner
    )
    return HttpResponse(calendars.feed(row.practitioner, bookings, now), content_type="text/calendar; charset=utf-8")


# --- inside


def _window(request: HttpRequest, now: datetime.datetime) -> tuple[datetime.datetime, datetime.date, datetime.date]:
    """When a visitor may come: not before the moment, on a day from the first to the last."""
    policy, clinic = request.policy, request.clinic
    soonest = now + datetime.timedelta(hours=policy.notice_hours)
    latest = now + datetime.timedelta(days=policy.horizon_days)
    return soonest, soonest.astimezone(clinic.tzinfo).date(), latest.astimezone(clinic.tzinfo).date()


def _asked(request: HttpRequest) -> tuple[Diary, FromForm]:
    """What is on file of the days that a visitor may have, and what they look for, among those who can be booked then."""
    _soonest, first, last = _window(request, timezone.now())
    known = queries.diary(request.clinic, first, last, policy=request.policy)
    said = request.GET if {"on", "practitioner"} & request.GET.keys() else None
    return known, FromForm(said, clinic=request.clinic, people=known.bookable(first, last))


def _looked_for(request: HttpRequest, minutes: int, known: Diary, asked: FromForm) -> list[Slot]:
    """The free times that a visitor looks for."""
    soonest, first, last = _window(request, timezone.now())
    who = None
    if asked.is_bound and asked.is_valid():
        first, who = max(first, asked.cleaned_data["on"] or first), asked.who
    found = known.free(minutes, first, last, only=who and who.pk, earliest=soonest) if first <= last else iter(())
    return list(islice(found, SHOWN))


def _free(request: HttpRequest, minutes: int, *, on: datetime.datetime, only: int | None = None) -> list[Slot]:
    """The times that a visitor may have in the two weeks from the day of `on`, of one practitioner or of all."""
    soonest, first, latest = _window(request, timezone.now())
    first = max(first, on.astimezone(request.clinic.tzinfo).date())
    last = min(latest, first + datetime.timedelta(days=14))
    if first > last:
        return []
    return queries.free_slots(request.clinic, minutes, first, last, only=only, earliest=soonest, most=SHOWN)


def _free_one(request: HttpRequest, minutes: int) -> tuple[datetime.datetime, Practitioner]:
    """The time that was chosen, if it is one that a visitor may have; raises NotBooked."""
    starts_at, practitioner = parsed(request, request.POST.get("slot", ""))
    free = _free(request, minutes, on=starts_at, only=practitioner.pk)
    if not any((one.starts_at, one.practitioner) == (starts_at, practitioner) for one in free):
        raise NotBooked("not among the free times")
    return starts_at, practitioner


def _by_day(found: list[Slot], clinic: Clinic) -> list[tuple[datetime.date, list[Slot]]]:
    """By day of the clinic; of several practitioners at one time each is a choice of its own."""
    return [(day, list(of)) for day, of in groupby(found, key=lambda one: one.starts_at.astimezone(clinic.tzinfo).date())]


def _behind(secret: str) -> Behind | None:
    now = timezone.now()
    found = links.find(secret, purpose=messages.PURPOSE, now=now)
    if found is None:
        return None
    booking = queries.booking_of(found.clinic, found.about)
    if booking is None or not booking.stands or booking.patient.retracted_at:
        return None
    return Behind(secret, found, booking, now)


def _seen(behind: Behind) -> dict[str, Any]:
    policy = queries.policy_of(behind.booking.clinic)
    return {
        "booking": behind.booking,
        "secret": behind.secret,
        "policy": policy,
        "may_change": _may_change(behind),
        "is_offer": behind.booking.state == State.OFFERED,
        "is_request": behind.booking.state == State.REQUESTED,
        "is_past": behind.booking.starts_at <= behind.now,
    }


def _may_change(behind: Behind) -> bool:
    if behind.booking.state == State.OFFERED:
        return behind.booking.starts_at > behind.now
    return queries.is_open_to_change(behind.booking, queries.policy_of(behind.booking.clinic), behind.now)


def _do(request: HttpRequest, behind: Behind, act: Callable[[], Booking], done: str) -> HttpResponse:
    """Act once: the link is used up, and the door shut."""
    try:
        with transaction.atomic():
            # Used before the act: a move and a cancellation close every link of the booking.
            if not links.use(behind.link, patient=behind.link.patient, now=behind.now):
                raise NotNow("this link was used")
            booking = act()
    except NotNow:
        return _gone(request)
    response = render(request, "appointments/public/done.html", {"booking": booking, "done": done})
    door.close(response, behind.link, behind.secret)
    return response


def _gone(request: HttpRequest) -> HttpResponse:
    return closed(request)
