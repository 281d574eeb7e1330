"""When an event began, as far as anybody knows: the moment that somebody wrote down, or between which two.

An answer proves that the complaint was there when it was given, and it is about what came since the visit; who was asked "for how
long" moves both ends closer. No moment in between is guessed.
"""

from __future__ import annotations

import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from waterneedle.clinic.followup.models import AdverseEvent, Answer, EventVersion, Since
from waterneedle.clinic.followup.sites import given_at
from waterneedle.clinic.visits.models import Visit
from waterneedle.clinic.web import words

# For how many days it was there when it was answered: at least, at most.
DAYS: dict[str, tuple[int, int | None]] = {
    Since.DAYS_2: (0, 2), Since.DAYS_7: (3, 7), Since.WEEKS_2: (8, 14), Since.WEEKS_4: (15, 28), Since.LONGER: (29, None)}


class Onset(NamedTuple):
    """`at` exactly; else not before `after` (None: not known either) and not later than `by`. Of what was told `in_days` the
    hours mean nothing."""

    at: datetime.datetime | None
    after: datetime.datetime | None
    by: datetime.datetime
    in_days: bool = False

    def days(self, zone: datetime.tzinfo) -> tuple[datetime.date | None, datetime.date]:
        """The first and the last day on which it can have begun: the same one where the day is known."""
        first, last = (self.at, self.at) if self.at else (self.after, self.by)
        return first and first.astimezone(zone).date(), last.astimezone(zone).date()

    @property
    def words(self) -> str:
        if self.at:
            return words.moment(self.at)
        known = {"after": words.moment(self.after), "by": words.moment(self.by)}
        if self.in_days:
            return _("from %(first)s to %(last)s") % {"first": words.day(self.after), "last": words.day(self.by)}
        return _("after %(after)s and by %(by)s") % known if self.after else _("by %(by)s") % known


def onset_of(event: AdverseEvent, version: EventVersion) -> Onset:
    """When `event` began, as `version` knows it."""
    visit = version.injection.visit if version.injection else event.visit
    return Onset(version.onset_at, *between(visit=visit, answer=event.answer, written_at=event.made_at))


def between(
    *, visit: Visit | None, answer: Answer | None, written_at: datetime.datetime
) -> tuple[datetime.datetime | None, datetime.datetime, bool]:
    """(after, by, in_days): what the visit and the answer, or else the hour of the report, say of the beginning."""
    by = answer.answered_at if answer else written_at
    ended_at = given_at(visit).ended_at if visit else None
    after = ended_at if ended_at and ended_at <= by else None
    if answer is None or answer.since not in DAYS:
        return after, by, False
    least, most = DAYS[answer.since]
    zone, answered_on = answer.checkin.clinic.tzinfo, by.astimezone(answer.checkin.clinic.tzinfo).date()
    told_after = most is not None and _midnight(answered_on - datetime.timedelta(days=most), zone)
    told_by = _midnight(answered_on - datetime.timedelta(days=least - 1), zone) - datetime.timedelta(microseconds=1)
    first, last = max((one for one in (after, told_after) if one), default=None), min(by, told_by)
    if first is None or first >= last:  # told of days before the visit: not closer
        return after, by, False
    return first, last, True


def _midnight(day: datetime.date, zone: datetime.tzinfo) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), zone)
