"""What stands on the page of the morning: for each activity what presses, for who may see it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.accounts.models import Membership
from waterneedle.clinic.database.backup import status
from waterneedle.clinic.patients import queries as patients
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.practitioners import queries as practitioners
from waterneedle.clinic.stock import queries as stock
from waterneedle.clinic.stock.models import Kit, KitCheck
from waterneedle.clinic.tasks import queries as tasks
from waterneedle.clinic.visits import day as visits
from waterneedle.clinic.visits.models import Step, Visit
from waterneedle.clinic.web import words
from waterneedle.clinic.web.addresses import address

MOST_TASKS = 8
MOST_PATIENTS = 6
MONTHS = 24


@dataclass(frozen=True)
class Line:
    """One thing that presses: what, how gravely (block, warn or nothing), and where it is done."""

    text: str
    url: str = ""
    severity: str = ""
    note: str = ""
    leave: str = ""  # where it is said that this patient has left


@dataclass(frozen=True)
class Part:
    """One card of the page."""

    title: str
    url: str
    lines: tuple[Line, ...]
    calm: str  # what stands there when nothing presses
    lists: dict[str, Any] = field(default_factory=dict)


def parts(access: Access, now: datetime.datetime) -> list[Part]:
    day = now.astimezone(access.clinic.tzinfo).date()
    asked = [
        ("bookings.read", _visits),
        ("sign.write", _to_sign),
        ("tasks.read", _work),
        ("stock.read", _shelf),
        ("credentials.read", _papers),
        ("demographics.read", _newest),
        ("audit.read", _trail),
        ("clinic.write", _backups),
    ]
    return [part(access, now, day) for permission, part in asked if access.may(permission)]


def _visits(access: Access, now: datetime.datetime, day: datetime.date) -> Part:
    """Who is where. Nothing of the chart: the front desk reads it too."""
    if access.scope("bookings.read") != "yes":
        return Part(_("Visits today"), "", (), _("You reach patients by the visits of your trainees."))
    lines = tuple(
        Line(
            one.visit.patient.name,
            visit_url(access, one.visit),
            "",
            _("%(step)s since %(clock)s") % {"step": one.step.label, "clock": words.clock(one.at)},
            leave_url(access, one),
        )
        for one in visits.visits_of_day(access.clinic, day)
    )
    return Part(_("Visits today"), "", lines, _("Nobody has arrived yet."))


def _to_sign(access: Access, now: datetime.datetime, day: datetime.date) -> Part:
    """The visits that wait for this practitioner, or for anybody to say who injected."""
    lines = tuple(
        Line(
            one.patient.name,
            visit_url(access, one),
            "warn" if one.day < day else "",
            words.day(one.day, short=True),
        )
        for one in visits.unsigned(access.clinic, day)
        if one.practitioner is None or one.practitioner.user_id == access.user.pk
    )
    return Part(_("To sign"), "", lines, _("Everything is signed."))


def _work(access: Access, now: datetime.datetime, day: datetime.date) -> Part:
    rows = tasks.worklist(access, "all", now)[:MOST_TASKS]
    lines = tuple(
        Line(
            task.words,
            url_of(access, "tasks:task", task=task.uid),
            "block" if task.due_at < now else "warn" if task.due_at.astimezone(access.clinic.tzinfo).date() <= day else "",
            _("until %(when)s") % {"when": words.moment(task.due_at, short=True)},
        )
        for task in rows
    )
    return Part(_("To do"), url_of(access, "tasks:worklist"), lines, _("Nothing is waiting."))


def _shelf(access: Access, now: datetime.datetime, day: datetime.date) -> Part:
    lines = [
        Line(
            _("Vial %(code)s of %(item)s is past its time: discard it") % {"code": row.vial.code, "item": row.vial.lot.item},
            url_of(access, "stock:lot", lot=row.vial.lot.uid),
            "block",
        )
        for row in stock.open_vials(access.clinic, day)
        if row.is_past
    ]
    lines += [
        Line(of_kit(kit, check, day), url_of(access, "stock:kits"), "warn", check.initials if check else "")
        for kit, check in stock.kits(access.clinic, day)
        if check is None or not check.is_complete_on(day)
    ]
    kept = stock.shelf(access.clinic, day)
    for row in kept:
        if row.is_low:
            left = words.amount(row.usable_ml, "mL")
            lines.append(
                Line(
                    _("%(item)s runs out: %(left)s left") % {"item": row.item, "left": left},
                    url_of(access, "stock:shelf"),
                    "warn",
                )
            )
        lines += [
            Line(
                _("%(item)s, lot %(lot)s is good until %(day)s")
                % {"item": row.item, "lot": one.lot.number, "day": words.day(one.lot.last_day)},
                url_of(access, "stock:lot", lot=one.lot.uid),
                "block" if one.days_left < 0 else "warn",
            )
            for one in row.lots
            if one.days_left < 0 or one.expires_soon
        ]
    nothing = _("Everything is there and in date.") if kept else _("The shelf is empty")
    return Part(_("Shelf"), url_of(access, "stock:shelf"), tuple(lines), nothing)


def of_kit(kit: Kit, check: KitCheck | None, day: datetime.date) -> str:
    """What stands against a kit: what it lacked when somebody looked, or that nobody has."""
    if check is None or check.day != day:
        return _("The kit of %(place)s is not checked and complete") % {"place": kit}
    return _("The kit of %(place)s is not complete, missing: %(what)s") % {"place": kit, "what": check.missing_in_words(day)}


def _papers(access: Access, now: datetime.datetime, day: datetime.date) -> Part:
    lines = []
    everybody = practitioners.all_on_file(access.clinic)
    for one in everybody:
        who = one.practitioner
        url = url_of(access, "practitioners:practitioner", practitioner=who.uid)
        if not practitioners.may_inject(one, access.clinic.jurisdiction, None, None, day).granted:
            lines.append(Line(_("%(who)s may not inject today") % {"who": who}, url, "block"))
        lines += [
            Line(f"{who}: {lapse.word}", url, "block" if lapse.days < 0 else "warn", words.day(lapse.on))
            for lapse in practitioners.lapses(one, day)
        ]
    nothing = _("Everybody's papers are in order.") if everybody else _("Nobody treats here yet")
    return Part(_("Who may inject"), url_of(access, "practitioners:practitioners"), tuple(lines), nothing)


def _newest(access: Access, now: datetime.datetime, day: datetime.date) -> Part:
    if access.scope("demographics.read") != "yes":
        return Part(
            _("Patients"), url_of(access, "patients:patients"), (), _("You reach patients by the visits of your trainees.")
        )
    rows = patients.newest(access.clinic)[:MOST_PATIENTS]
    lines = tuple(
        Line(one.name, url_of(access, "patients:patient", patient=one.uid), "", words.ago(one.made_at, now)) for one in rows
    )
    return Part(_("Newest patients"), url_of(access, "patients:patients"), lines, _("Nobody yet. Enter the first patient."))


def _trail(access: Access, now: datetime.datetime, day: datetime.date) -> Part:
    return Part(_("Trail"), url_of(access, "home:trail"), (), _("Who looked at whom, and who changed what, stands in the trail."))


def _backups(access: Access, now: datetime.datetime, day: datetime.date) -> Part:
    """How old the newest verified backup is, and the newest restore; a demonstration has none, and nothing to lose."""
    known = status.read()
    state, lines = known.state(now), []
    if known.failed:
        lines.append(Line(_("A backup could not be made or was not whole"), "", "block", words.ago(known.failed.at, now)))
    if known.verified:
        severity = {"ok": "", "late": "warn"}.get(state, "block")
        lines.append(Line(_("Verified %(when)s") % {"when": words.ago(known.verified.at, now)}, "", severity))
        lines.append(_brought_back(known, now))
    elif not settings.DEMO:
        lines.append(Line(_("No backup was ever verified: have the operator run “waterneedle backup”"), "", "block"))
    return Part(_("Backups"), "", tuple(lines), _("None is made of a demonstration."))


def _brought_back(known: status.Status, now: datetime.datetime) -> Line:
    """When a backup was last restored, which checks all of it; asked for once a year."""
    if known.restored is None:
        return Line(_("None was ever brought back for trial: have the operator run “waterneedle restore”"), "", "warn")
    severity = "warn" if known.restore_is_due(now) else ""
    return Line(_("Last brought back whole %(when)s") % {"when": words.ago(known.restored.at, now)}, "", severity)


# --- the owner's figures


def figures(access: Access, now: datetime.datetime) -> dict[str, Any]:
    """Counts without names: patients by month over two years, people, open tasks."""
    since = now - datetime.timedelta(days=MONTHS * 31)
    rows = (
        Patient.objects.filter(clinic=access.clinic, made_at__gte=since, retracted_at=None)
        .annotate(month=TruncMonth("made_at", tzinfo=access.clinic.tzinfo))
        .values_list("month", flat=True)
    )
    by_month: dict[datetime.date, int] = {}
    for month in rows:
        by_month[month.date()] = by_month.get(month.date(), 0) + 1
    months = sorted(by_month)
    people = Membership.objects.filter(clinic=access.clinic, ended_at=None).values("user").distinct().count()
    total = Patient.objects.filter(clinic=access.clinic, retracted_at=None).count()
    return {
        "patients": total,
        "people": people,
        "open_tasks": tasks.counts(access, now).get("all", 0),
        "months": [{"month": one, "count": by_month[one]} for one in months[::-1]],
        "spark": [by_month[one] for one in months],
        "most": max(by_month.values(), default=0),
        "spark_label": ngettext(
            "new patients by month, %(count)d month", "new patients by month, %(count)d months", len(months)
        )
        % {"count": len(months)},
    }


def visit_url(access: Access, visit: Visit) -> str:
    """The page of a visit, for who may read the chart; else that of the patient; "" for who reaches neither."""
    if access.scope("chart.read") == "yes":
        return url_of(access, "visits:visit", patient=visit.patient.uid, visit=visit.uid)
    return url_of(access, "patients:patient", patient=visit.patient.uid) if access.scope("demographics.read") == "yes" else ""


def leave_url(access: Access, here: visits.Here) -> str:
    """Where it is said that somebody who is here has left; "" for who may not say it."""
    if here.step == Step.LEFT or access.scope("bookings.write") != "yes":
        return ""
    return url_of(access, "home:leave", patient=here.visit.patient.uid, visit=here.visit.uid)


def url_of(access: Access, route: str, **where: Any) -> str:
    return address(route, clinic=access.clinic.slug, **where)
