"""The act with which a day is closed: what is still open then is counted and frozen, each kind with one reason in words.

    found = still_open(clinic, day, now)                                 {"unsigned": 1}
    close_day(day=day, why={"unsigned": "Alice signs tomorrow"}, seen=found, by=access)

The counts name nobody, so that who closes at the desk sees how much is open of what only others may read. A day that was closed
bars nothing: what comes afterwards is said beside it (`after`).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, gettext_noop, ngettext, ngettext_lazy

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.who import Person, machine
from waterneedle.clinic.home import close, sharps
from waterneedle.clinic.home.models import DayState, SharpsContainer
from waterneedle.clinic.stock import queries as stock
from waterneedle.clinic.tasks.actions import ends_with_words, finish_cause, open_task
from waterneedle.clinic.tasks.models import State, Task
from waterneedle.clinic.tasks.queries import leads
from waterneedle.clinic.visits import became, reactions
from waterneedle.clinic.visits import day as visits
from waterneedle.clinic.visits.models import Strike, Visit
from waterneedle.clinic.visits.models_after import Reaction

TASK = "home.unclosed"
DUE_HOURS = 12
DAYS = visits.ASKED_ABOUT  # that can still be closed, and are listed
ends_with_words(TASK)  # a day may stay as it is, if somebody says why

_KINDS = {
    "unsigned": ngettext_lazy("%(count)d visit not signed", "%(count)d visits not signed", "count"),
    "struck": ngettext_lazy(
        "%(count)d syringe of a struck visit: nobody has said what became of it",
        "%(count)d syringes of struck visits: nobody has said what became of them", "count"),
    "countersignatures": ngettext_lazy(
        "%(count)d student's visit not countersigned", "%(count)d students' visits not countersigned", "count"),
    "watched": ngettext_lazy("%(count)d patient still being observed", "%(count)d patients still being observed", "count"),
    "reactions": ngettext_lazy("%(count)d reaction without an outcome", "%(count)d reactions without an outcome", "count"),
    "not left": ngettext_lazy("%(count)d patient not noted as left", "%(count)d patients not noted as left", "count"),
    "tasks": ngettext_lazy("%(count)d task due", "%(count)d tasks due", "count"),
    "vials": ngettext_lazy("%(count)d vial to discard or to keep apart", "%(count)d vials to discard or to keep apart", "count"),
    "kits": ngettext_lazy(
        "%(count)d emergency kit not checked and complete", "%(count)d emergency kits not checked and complete", "count"),
    "temperatures": ngettext_lazy("%(count)d thermometer not read", "%(count)d thermometers not read", "count"),
    "sharps": gettext_lazy("No sharps container is open"),
}


class ClosedAlready(ValueError):
    """Somebody else was first. Nothing was written."""

    def __init__(self, state: DayState) -> None:
        super().__init__(f"{state.day} is closed")
        self.state = state


class NotExplained(ValueError):
    """Something is open for which no reason was given, or more of it than was seen. Nothing was written."""


@dataclass(frozen=True)
class Left:
    """What was open of one kind, and why it stayed so."""

    kind: str
    count: int
    why: str

    @property
    def words(self) -> str:
        return in_words(self.kind, self.count)


@dataclass(frozen=True)
class Day:
    """A day as it is listed: its newest state, if it has one, what was open when it was closed, and what came after that."""

    day: datetime.date
    state: DayState | None
    left: tuple[Left, ...] = ()
    after: tuple[str, ...] = ()


# --- what is open


def in_words(kind: str, count: int) -> str:
    return str(_KINDS[kind] % {"count": count}) if kind in _KINDS else f"{kind}: {count}"


def still_open(clinic: Clinic, day: datetime.date, now: datetime.datetime) -> dict[str, int]:
    """How much of each kind must not stay as it is, in the order of the page; what is in order is left out."""
    last_moment = close.within(clinic, day)[1]
    sharps_used = SharpsContainer.objects.filter(clinic=clinic).exists()
    found = {
        "unsigned": visits.count_unsigned(clinic, day),
        "struck": len(became.open_in(clinic)),
        "countersignatures": len(visits.refused(clinic)) + len(visits.uncountersigned(clinic)),
        "watched": sum(one.began_at <= last_moment for one in visits.watched(clinic)),
        "reactions": len(reactions.not_ended(clinic, last_moment)),
        "not left": visits.count_not_left(clinic, day),
        "tasks": Task.objects.filter(clinic=clinic, due_at__lte=last_moment).exclude(state=State.DONE).count(),
        "vials": len(close.not_to_be_used(clinic, now)),
        "kits": sum(check is None or not check.is_complete_on(day) for _kit, check in stock.kits(clinic, day)),
        "temperatures": len(close.unread_places(clinic, day)),
        "sharps": int(sharps_used and all(one.full_at for one in sharps.in_use(clinic))),
    }
    return {kind: count for kind, count in found.items() if count}


# --- closing and opening again


@transaction.atomic
def close_day(*, day: datetime.date, why: Mapping[str, str], seen: Mapping[str, int], by: Person) -> DayState:
    """Close a day as it stands now. `seen` is what was open when the reasons `why` were given, by kind.

    Raises ClosedAlready where another was first, and NotExplained where something is open that has no reason, or more of it.
    """
    now = timezone.now()
    last = _newest(by.clinic, day)
    if last is not None and last.is_closed:
        raise ClosedAlready(last)
    found = still_open(by.clinic, day, now)
    if any(count > seen.get(kind, 0) or not why.get(kind, "").strip() for kind, count in found.items()):
        raise NotExplained(f"more is open on {day} than was explained")
    left = [[kind, count, why[kind].strip()] for kind, count in found.items()]
    state = _add(by, day, last, is_closed=True, left_open=left, made_at=now)
    finish_cause(clinic=by.clinic, kind=TASK, cause=_cause(day, last), by=by)
    audit.append(by=by, action="close", kind="day", detail={
        "day": day.isoformat(), "open": {kind: {"count": count, "why": said} for kind, count, said in left}})
    return state


@transaction.atomic
def open_again(*, day: datetime.date, why: str, by: Person) -> None:
    """Open a day again that was closed, with the reason; one that is not closed stays as it is."""
    if not why.strip():
        raise ValueError("a reason must be given")
    last = _newest(by.clinic, day)
    if last is None or not last.is_closed:
        return
    try:
        _add(by, day, last, is_closed=False, why=why.strip(), made_at=timezone.now())
    except ClosedAlready:  # another was first, and has opened it
        return
    audit.append(by=by, action="open again", kind="day", detail={"day": day.isoformat(), "why": why.strip()})


def _add(by: Person, day: datetime.date, last: DayState | None, **fields: object) -> DayState:
    """The next state of the day. Raises ClosedAlready where another had that number first."""
    number = last.number + 1 if last else 1
    try:
        with transaction.atomic():
            return DayState.objects.create(clinic=by.clinic, day=day, number=number, made_by=by.user, **fields)
    except IntegrityError as taken:
        raise ClosedAlready(_newest(by.clinic, day)) from taken


def _newest(clinic: Clinic, day: datetime.date) -> DayState | None:
    return DayState.objects.filter(clinic=clinic, day=day).select_related("made_by").order_by("-number").first()


# --- as it is shown


def of_day(clinic: Clinic, day: datetime.date) -> Day:
    return _days(clinic, [day])[0]


def last_days(clinic: Clinic, today: datetime.date) -> list[Day]:
    """The last days that have a state, the newest first; between them and yesterday also those on which somebody came and that
    nobody has closed."""
    found = _days(clinic, [today - datetime.timedelta(days) for days in range(DAYS)])
    yesterday = today - datetime.timedelta(days=1)
    since = min([yesterday, *(one.day for one in found if one.state)])
    came = _days_with_visits(clinic, since, yesterday)
    return [one for one in found if one.state or one.day in came]


def _days(clinic: Clinic, days: list[datetime.date]) -> list[Day]:
    rows = DayState.objects.filter(clinic=clinic, day__in=days).select_related("made_by").order_by("day", "number")
    newest = {one.day: one for one in rows}
    closed = [one for one in newest.values() if one.is_closed]
    came_after = after(clinic, closed)
    return [
        Day(day, state, tuple(Left(*one) for one in state.left_open) if state else (), came_after.get(day, ()))
        for day in days
        for state in (newest.get(day),)
    ]


def after(clinic: Clinic, closed: Iterable[DayState]) -> dict[datetime.date, tuple[str, ...]]:
    """What came after each of these closings, of the visits and reactions of its day, in words."""
    at = {one.day: one.made_at for one in closed}
    if not at:
        return {}
    rows = Visit.objects.filter(clinic=clinic, day__in=list(at))
    begun, signed, struck, reacted = (dict.fromkeys(at, 0) for _ in range(4))
    for day, made_at, signed_at, struck_at in rows.values_list("day", "made_at", "signatures__signed_at", "strikes__struck_at"):
        begun[day] += made_at > at[day]
        signed[day] += signed_at is not None and signed_at > at[day]
        struck[day] += struck_at is not None and struck_at > at[day]
    since = Reaction.objects.that_were().filter(clinic=clinic, began_at__gt=min(at.values()))
    for began_at in since.values_list("began_at", flat=True):
        day = began_at.astimezone(clinic.tzinfo).date()
        if day in at:
            reacted[day] += began_at > at[day]
    return {day: tuple(_said(begun[day], signed[day], struck[day], reacted[day])) for day in at}


def _said(begun: int, signed: int, struck: int, reacted: int) -> Iterable[str]:
    if begun:
        yield ngettext("%(count)d visit begun", "%(count)d visits begun", begun) % {"count": begun}
    if signed:
        yield ngettext("%(count)d visit signed", "%(count)d visits signed", signed) % {"count": signed}
    if struck:
        yield ngettext("%(count)d visit struck", "%(count)d visits struck", struck) % {"count": struck}
    if reacted:
        yield ngettext("%(count)d reaction", "%(count)d reactions", reacted) % {"count": reacted}


# --- the owner's task


def ask_about_unclosed(clinic: Clinic, today: datetime.date, now: datetime.datetime) -> None:
    """Put it on the owner's list that yesterday had visits and is not closed, or that a day was opened again and stayed so."""
    yesterday = today - datetime.timedelta(days=1)
    since = today - datetime.timedelta(days=DAYS)
    rows = DayState.objects.filter(clinic=clinic, day__range=(since, yesterday)).order_by("day", "number")
    newest = {one.day: one for one in rows}
    pending = {one.day for one in newest.values() if not one.is_closed}
    if yesterday not in newest and _days_with_visits(clinic, yesterday, yesterday):
        pending.add(yesterday)
    for day in sorted(pending):
        open_task(
            clinic=clinic, kind=TASK, cause=_cause(day, newest.get(day)), about=day.isoformat(), role=Role.OWNER,
            needs="day.write", due_at=now + datetime.timedelta(hours=DUE_HOURS), by=machine("outbox", clinic),
            title=gettext_noop("A day with visits was not closed: look at what it left open, and close it"),
            note=day.isoformat())


@leads(TASK)
def to_the_day(task: Task) -> str:
    return f"{reverse('home:close', kwargs={'clinic': task.clinic.slug})}?day={task.about}"


def _cause(day: datetime.date, last: DayState | None) -> str:
    """Each time that the day was opened again is a cause of its own."""
    return f"{day.isoformat()} {last.number if last else 0}"


def _days_with_visits(clinic: Clinic, since: datetime.date, until: datetime.date) -> set[datetime.date]:
    struck = Strike.objects.filter(clinic_id=OuterRef("clinic_id"), visit=OuterRef("pk"), struck_at__isnull=False)
    rows = Visit.objects.filter(~Exists(struck), clinic=clinic, day__range=(since, until))
    return set(rows.values_list("day", flat=True).distinct())
