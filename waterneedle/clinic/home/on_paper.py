"""What is printed each morning for the hour without a computer: the day, and a form for injections."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from waterneedle.clinic import paper
from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.appointments.models import COMING
from waterneedle.clinic.appointments.queries import bookings_on
from waterneedle.clinic.followup import queries as followup
from waterneedle.clinic.followup.models import Level
from waterneedle.clinic.stock.models import LotStatus
from waterneedle.clinic.stock.queries import VialRow, open_vials
from waterneedle.clinic.visits import day as visits
from waterneedle.clinic.visits import reactions
from waterneedle.clinic.web import words

DAY, BLANK = (Path(__file__).with_name(name) for name in ("day_sheet.typ", "blank_form.typ"))
EMPTY_ROWS, EMPTY_INJECTIONS = 10, 12
TO_WRITE = " \n "  # a field high enough for a hand


def day_sheet(clinic: Clinic, now: datetime.datetime, *, with_vials: bool, with_charts: bool) -> bytes:
    """Who is booked, who is here, who needs somebody and, for who may read the shelf, which vials are open; lines for who comes
    besides."""
    return paper.render(DAY, day_values(clinic, now, with_vials=with_vials, with_charts=with_charts))


def day_values(clinic: Clinic, now: datetime.datetime, *, with_vials: bool, with_charts: bool = False) -> dict[str, Any]:
    day = now.astimezone(clinic.tzinfo).date()
    # Who is being observed goes on being it without a computer; who ends it writes that beside.
    until = {one.visit_id: f"{words.clock_on(one.until, now)}\n " for one in visits.watched(clinic)}
    here = [
        [words.clock(one.at), one.visit.patient.name, words.day(one.visit.patient.birth_date), str(one.step.label),
         until.get(one.visit.pk, TO_WRITE)]
        for one in sorted(visits.visits_of_day(clinic, day), key=lambda here: here.at)
    ]
    booked = [
        [words.clock(one.starts_at), one.patient.name, words.day(one.patient.birth_date), str(one.practitioner), TO_WRITE]
        for one in bookings_on(clinic, day)
        if one.state in COMING
    ]
    vials = open_vials(clinic, day) if with_vials else []
    return {
        "title": _("Day sheet, %(day)s") % {"day": words.day(day)},
        "language": get_language() or "en",
        "lead": _("%(clinic)s, printed %(when)s") % {"clinic": clinic.name, "when": words.moment(now)},
        "foot": clinic.name,
        "before_heading": _("Still open: call, or look after"),
        "before_head": [_("Patient"), _("Date of birth"), _("Telephone"), _("What"), _("Done, when, by")],
        "before": _open_before(clinic, now, day, with_charts=with_charts),
        "booked_heading": _("Booked today"),
        "booked_head": [_("Time"), _("Patient"), _("Date of birth"), _("With whom"), _("Observed until, by")],
        "booked": booked,
        "visits_heading": _("Visits"),
        "visits_head": [_("Time"), _("Patient"), _("Date of birth"), _("Where"), _("Observed until, by")],
        "visits": here + [[TO_WRITE] * 5] * EMPTY_ROWS,
        "vials_heading": _("Open vials"),
        "vials_head": [_("Label"), _("Item"), _("Lot"), _("Good until")],
        "vials": [[row.vial.code, str(row.vial.lot.item), row.vial.lot.number, _good_until(row)] for row in vials],
        "later": _("What is written here is entered later, with the time when it happened."),
    }


def _open_before(clinic: Clinic, now: datetime.datetime, day: datetime.date, *, with_charts: bool) -> list[list[str]]:
    """Who needs somebody, the gravest first: without a computer no alarm, no screen and no link reminds of them. Answers and
    reactions only for who may read charts."""
    found = []
    if with_charts:
        found += [
            (one.patient, _("check-in: %(level)s, seen by nobody since %(when)s")
             % {"level": Level(one.level).label, "when": words.clock_on(one.raised_at, day)})
            for one in sorted(followup.open_alarms(clinic), key=lambda one: (one.level != Level.EMERGENCY, one.raised_at))
        ]
        found += [
            (one.patient, _("reaction without an outcome, began %(when)s") % {"when": words.clock_on(one.began_at, day)})
            for one in reactions.not_ended(clinic, now)
        ]
    found += [
        (one.patient, _("observation not ended, began %(when)s") % {"when": words.clock_on(one.began_at, day)})
        for one in visits.watched(clinic)
        if one.began_at.astimezone(clinic.tzinfo).date() < day and not one.is_struck
    ]
    if with_charts:
        found += [
            (one.patient, _("visit of %(day)s: was to be asked how it is, and has not answered")
             % {"day": words.day(one.visit.day, short=True)})
            for one in followup.waiting(clinic).filter(visit__day=day - datetime.timedelta(days=1))
        ]
    return [[one.name, words.day(one.birth_date), one.phone, what, TO_WRITE] for one, what in found]


def _good_until(row: VialRow) -> str:
    """Until when, or why not: nobody can look it up who has only this sheet and the vial in the hand."""
    if row.is_past:
        return _("Do not use: past its time")
    if row.is_withheld:
        return _("Do not use: %(why)s") % {"why": LotStatus(row.vial.lot_status).label}
    day = words.day(row.beyond_use) if row.beyond_use else "–"
    if row.vial.lot.item.is_single and row.vial.patient is not None:
        return _("%(day)s, single dose of %(patient)s") % {"day": day, "patient": row.vial.patient.name}
    return day


def blank_form(clinic: Clinic) -> bytes:
    """An empty record of injections: it asks for all that the visit asks for when it is entered later."""
    return paper.render(BLANK, blank_values(clinic))


def blank_values(clinic: Clinic) -> dict[str, Any]:
    asked = (
        _("Name and date of birth said"), _("Pregnant (week), or possibly"), _("New medicine or blood thinner"),
        _("Fever or infection"), _("Reaction to the last injection"), _("Has eaten"), _("Is lying down"),
    )
    return {
        "title": _("Injections, written on paper"),
        "language": get_language() or "en",
        "paper": "a4",
        "lead": clinic.name,
        "foot": f"{clinic.name} · {_('enter it later as a visit that has happened')}",
        "lines": [[one, " "] for one in (
            _("Patient, date of birth"), _("Date and time"), _("Allergies, blood thinners"), _("Why today"),
            _("Pain before, afterwards (0 to 10)"))],
        "asked_heading": _("Before the first puncture"),
        "asked": list(asked),
        "answers": [_("yes"), _("no")],
        "given_heading": _("Injections"),
        "given_head": [
            _("Time"), _("Place, side; skin"), _("Product, lot, vial"), "mL", _("Needle, route, depth, angle"),
            _("Blood, sensation, reaction, why stopped")],
        "given": [[TO_WRITE] * 6] * EMPTY_INJECTIONS,
        "end": [[one, " "] for one in (
            _("Drawn up: product, vial and its opening, mL, when"), " ", _("Reaction: when, signs, epinephrine in mg, call"),
            _("Observed from, until, by"), _("Practitioner, signature"))],
    }
