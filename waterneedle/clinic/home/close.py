"""The end of the day: what must not stay as it is overnight, each part only for who may see it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.home import sharps
from waterneedle.clinic.home.today import Line, Part, leave_url, of_kit, url_of, visit_url
from waterneedle.clinic.stock import queries as stock
from waterneedle.clinic.stock.models import LotStatus, Movement, MovementKind, Temperature
from waterneedle.clinic.tasks import queries as tasks
from waterneedle.clinic.visits import became, reactions
from waterneedle.clinic.visits import day as visits
from waterneedle.clinic.visits.models_after import Observation
from waterneedle.clinic.web import words


def parts(access: Access, now: datetime.datetime, day: datetime.date) -> list[Part]:
    """Of `day`, in the clinic's zone: today or, for who closes after midnight, yesterday."""
    asked = [
        ("chart.read", _unsigned), ("chart.read", _unbooked), ("chart.read", _uncountersigned), ("observation.read", _watched),
        ("chart.read", _reacting), ("bookings.read", _still_here), ("tasks.read", _unanswered), ("stock.read", _shelf),
        ("stock.read", _looked_at), ("stock.read", _gone), ("stock.read", _sharps), ("clinic.read", _stuck),
    ]
    return [part(access, now, day) for permission, part in asked if access.scope(permission) == "yes"]


def left_open(access: Access, yesterday: datetime.date, watched: Sequence[Observation]) -> str:
    """What yesterday and the days before have left open (a Friday is closed on Monday), for who may see it; "" for nothing.
    `watched` are those who are being observed now."""
    found = []
    if access.scope("chart.read") == "yes" and (count := visits.count_unsigned(access.clinic, yesterday)):
        found.append(ngettext("%(count)d visit not signed", "%(count)d visits not signed", count) % {"count": count})
    if count := sum(one.began_at.astimezone(access.clinic.tzinfo).date() <= yesterday for one in watched):
        found.append(_("%(count)d still being observed") % {"count": count})
    if access.scope("bookings.read") == "yes" and (count := visits.count_not_left(access.clinic, yesterday)):
        found.append(_("%(count)d not noted as left") % {"count": count})
    return words.listed(found)


def _unsigned(access: Access, now: datetime.datetime, day: datetime.date) -> Part:
    lines = (
        Line(one.patient.name, visit_url(access, one), "block",
             f"{words.day(one.day, short=True)} {one.practitioner or ''}".strip())
        for one in visits.unsigned(access.clinic, day)
    )
    return Part(_("Not signed"), "", tuple(lines), _("Every visit is signed."))


def _unbooked(access: Access, now: datetime.datetime, day: datetime.date) -> Part:
    """What is gone from the shelf and stands in no book: it is booked when its visit is signed, or once somebody has said what
    became of it where that was struck."""
    lines = [
        Line(_drawn(one), visit_url(access, one.visit), "warn", one.visit.patient.name)
        for one in visits.unbooked(access.clinic, day)
    ]
    lines += [
        Line(_("%(syringe)s of a struck visit: say what became of it") % {"syringe": one.syringe.code},
             visit_url(access, one.syringe.visit), "block", one.syringe.visit.patient.name)
        for one in became.open_in(access.clinic)
    ]
    return Part(_("Drawn up and booked only with the signature"), "", tuple(lines), _("The book has all that was drawn."))


def _drawn(one: visits.Unbooked) -> str:
    lot = one.vial.lot
    said = f"{one.vial.code} {lot.item} {lot.number}: {words.amount(one.volume_ml, 'mL')}"
    thrown_away = _("%(amount)s of it thrown away") % {"amount": words.amount(one.wasted_ml, "mL")}
    return f"{said}, {thrown_away}" if one.wasted_ml else said


def _uncountersigned(access: Access, now: datetime.datetime, day: datetime.date) -> Part:
    """Visits of students that wait for who answers for them, or that were refused and wait for the student."""
    lines = [
        Line(one.visit.patient.name, visit_url(access, one.visit), "block",
             _("refused: %(student)s → %(who)s") % {"student": one.visit.practitioner, "who": one.signed_name})
        for one in visits.refused(access.clinic)
    ]
    lines += [
        Line(one.visit.patient.name, visit_url(access, one.visit), "warn", f"{one.signed_name} → {one.supervisor}")
        for one in visits.uncountersigned(access.clinic)
    ]
    return Part(_("Not countersigned"), "", tuple(lines), _("No student's visit waits."))


def _watched(access: Access, now: datetime.datetime, day: datetime.date) -> Part:
    lines = (
        Line(one.patient.name, url_of(access, "home:today"), "block" if one.until <= now else "warn", " · ".join((
            words.day(one.patient.birth_date) or _("date of birth not known"),
            _("charted on the wrong patient") if one.is_struck
            else _("until %(when)s") % {"when": words.clock_on(one.until, now)})))
        for one in visits.watched(access.clinic)
    )
    return Part(_("Being observed"), url_of(access, "home:today"), tuple(lines), _("Nobody."))


def _reacting(access: Access, now: datetime.datetime, day: datetime.date) -> Part:
    """Reactions of which nobody has said how they ended: the adverse event has no outcome, and the patient may be anywhere."""
    lines = (
        Line(one.patient.name, url_of(access, "visits:reaction", patient=one.patient.uid, reaction=one.uid), "block",
             _("began %(when)s") % {"when": words.clock_on(one.began_at, now)})
        for one in reactions.not_ended(access.clinic, within(access.clinic, day)[1])
    )
    return Part(_("Reactions without an outcome"), "", tuple(lines), _("Nothing."))


def _still_here(access: Access, now: datetime.datetime, day: datetime.date) -> Part:
    """Of the two weeks before too, until somebody says it."""
    lines = (
        Line(one.visit.patient.name, visit_url(access, one.visit), "warn",
             str(one.step.label) if one.visit.day == day else f"{words.day(one.visit.day, short=True)}: {one.step.label}",
             leave_url(access, one))
        for one in visits.not_left(access.clinic, day, visits.ASKED_ABOUT)
    )
    return Part(_("Not noted as left"), "", tuple(lines), _("Everybody has left."))


def _unanswered(access: Access, now: datetime.datetime, day: datetime.date) -> Part:
    _midnight, last_moment = within(access.clinic, day)
    lines = (
        Line(one.words, url_of(access, "tasks:task", task=one.uid), "block" if one.due_at < now else "warn",
             words.moment(one.due_at, short=True))
        for one in tasks.worklist(access, "all", now).filter(due_at__lte=last_moment)
    )
    return Part(_("Due until tonight"), url_of(access, "tasks:worklist"), tuple(lines), _("Nothing is waiting."))


def _shelf(access: Access, now: datetime.datetime, day: datetime.date) -> Part:
    """Open vials that must not be drawn from any more, each with all that stands against it. What is withheld is kept apart and
    not thrown away: a recall may ask for it."""
    lines = (
        Line(f"{row.vial.code} {row.vial.lot.item}", url_of(access, "stock:lot", lot=row.vial.lot.uid), "block",
             words.listed(against))
        for row, against in not_to_be_used(access.clinic, now)
    )
    return Part(_("Vials to discard or to keep apart"), url_of(access, "stock:shelf"), tuple(lines), _("None."))


def not_to_be_used(clinic: Clinic, now: datetime.datetime) -> list[tuple[stock.VialRow, list[str]]]:
    """Open vials that are past their time by now, single doses that are still open, and what is withheld; each with why."""
    rows = stock.open_vials(clinic, now.astimezone(clinic.tzinfo).date())
    return [(row, against) for row in rows if (against := _against(row))]


def _against(row: stock.VialRow) -> list[str]:
    found = [str(LotStatus(row.vial.lot_status).label)] if row.is_withheld else []
    if row.is_past:
        found.append(_("past its time"))
    elif row.vial.lot.item.is_single:
        found.append(_("single dose, still open"))
    return found


def _looked_at(access: Access, now: datetime.datetime, day: datetime.date) -> Part:
    """Kits and thermometers: those that nobody has looked at on the day, and what the others showed."""
    lines = [
        Line(of_kit(kit, check, day), url_of(access, "stock:kits"), "block", check.initials if check else "")
        for kit, check in stock.kits(access.clinic, day)
        if check is None or check.day != day or not check.is_complete_on(day)
    ]
    lines += [
        Line(_("No temperature of %(place)s") % {"place": place}, url_of(access, "stock:temperatures"), "warn")
        for place in unread_places(access.clinic, day)
    ]
    lines += [
        Line(_("The kit of %(place)s is complete") % {"place": kit}, url_of(access, "stock:kits"), "", check.initials)
        for kit, check in stock.kits(access.clinic, day)
        if check is not None and check.is_complete_on(day)
    ]
    lines += [
        Line(f"{one.place}: {words.number(one.celsius)} °C" + (f", {one.action}" if one.action else ""),
             url_of(access, "stock:temperatures"), "warn" if one.is_outside else "", words.clock(one.made_at))
        for one in _read_on(access, day)
    ]
    calm = _("There is no kit and no thermometer.")
    return Part(_("Kits and temperatures"), url_of(access, "stock:kits"), tuple(lines), calm)


def unread_places(clinic: Clinic, day: datetime.date) -> list[str]:
    """The thermometers in use that nobody has read on the day."""
    rows = Temperature.objects.filter(clinic=clinic, made_at__range=within(clinic, day))
    read = set(rows.values_list("place", flat=True))
    return [one.place for one in stock.thermometers(clinic) if one.in_use and one.place not in read]


def _read_on(access: Access, day: datetime.date) -> list[Temperature]:
    """The last reading of the day of each place, and before it those that were out of range."""
    found = Temperature.objects.filter(clinic=access.clinic, made_at__range=within(access.clinic, day))
    rows = list(found.order_by("place", "made_at", "pk"))
    last = {one.place: one for one in rows}
    return [one for one in rows if one == last[one.place] or one.is_outside]


def _gone(access: Access, now: datetime.datetime, day: datetime.date) -> Part:
    """What was wasted, broken or corrected by a count on the day, with its reason: to be looked through, not to be done."""
    kinds = (MovementKind.WASTED, MovementKind.COUNTED)
    rows = Movement.objects.filter(clinic=access.clinic, kind__in=kinds, made_at__range=within(access.clinic, day))
    back = Movement.objects.filter(  # by the strike of its visit
        clinic_id=OuterRef("clinic_id"), cause=OuterRef("cause"), kind=MovementKind.RETURNED, vial=OuterRef("vial"),
        pk__gt=OuterRef("pk"))
    rows = rows.annotate(is_back=Q(Exists(back), kind=MovementKind.WASTED))
    lines = (
        Line(f"{one.lot.item} {one.lot.number}: {words.amount(one.volume_ml, 'mL')}, {one.get_kind_display()}",
             url_of(access, "stock:lot", lot=one.lot.uid), "",
             " · ".join(filter(None, (one.why, str(MovementKind.RETURNED.label) if one.is_back else ""))))
        for one in rows.select_related("lot__item").order_by("made_at", "pk")
    )
    return Part(_("Wasted, broken, corrected"), url_of(access, "stock:shelf"), tuple(lines), _("Nothing."))


def _sharps(access: Access, now: datetime.datetime, day: datetime.date) -> Part:
    """Those in use, and those that were taken away on the day, with the carrier's receipt."""
    url = url_of(access, "home:containers")
    rows = sharps.in_use(access.clinic)
    lines = [
        Line(str(one), url, "warn" if one.full_at else "",
             _("full since %(day)s, to be collected") % {"day": words.day(one.full_at, short=True)} if one.full_at
             else _("open since %(day)s") % {"day": words.day(one.opened_at, short=True)})
        for one in rows
    ]
    if all(one.full_at for one in rows):
        lines.append(Line(_("No sharps container is open"), url, "block"))
    lines += [
        Line(f"{one}: {one.collected_how}", url, "", _("collected %(when)s") % {"when": words.clock(one.collected_at)})
        for one in sharps.collected_between(access.clinic, *within(access.clinic, day))
    ]
    return Part(_("Sharps containers"), url, tuple(lines), "")


def _stuck(access: Access, now: datetime.datetime, day: datetime.date) -> Part:
    """How many were stuck on the day: who it was stands in the log, which the owner reads."""
    found = sharps.sticks_between(access.clinic, *within(access.clinic, day))
    url = url_of(access, "home:needle_sticks") if access.may("clinic.write") else ""
    lines = (Line(one.place, url, "block", words.clock(one.happened_at)) for one in found)
    return Part(_("Stuck by a needle"), url, tuple(lines), _("Nobody."))


def within(clinic: Clinic, day: datetime.date) -> tuple[datetime.datetime, datetime.datetime]:
    """The first and the last moment of a day."""
    began, over = (datetime.datetime.combine(day + datetime.timedelta(days), datetime.time(), clinic.tzinfo) for days in (0, 1))
    return began, over - datetime.timedelta(microseconds=1)
