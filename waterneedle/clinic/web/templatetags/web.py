"""The tags and filters of every page: `{% load web %}`."""
from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from waterneedle.clinic.web import drawing, kept, navigation, notices, scripts, words

register = template.Library()

register.filter("day", words.day)
register.filter("clock", words.clock)
register.filter("clock_on", words.clock_on)
register.filter("moment", words.moment)
register.filter("number", words.number)
register.filter("amount", words.amount)
register.filter("initials", words.initials)
register.simple_tag(drawing.icon, name="icon")
register.simple_tag(drawing.point, name="point")
register.simple_tag(drawing.issue_of, name="issue_of")
register.simple_tag(drawing.sparkline, name="sparkline")
register.simple_tag(scripts.import_map, name="import_map")
register.simple_tag(navigation.activities, name="activities")
register.simple_tag(navigation.alarm, name="alarm")
register.tag("kept", kept.kept)


@register.filter
def short_day(when: dt.date | dt.datetime | None) -> str:
    return words.day(when, short=True)


@register.filter
def short_moment(when: dt.datetime | None) -> str:
    return words.moment(when, short=True)


@register.filter
def ago(when: dt.datetime | None) -> str:
    return words.ago(when, timezone.now())


@register.filter
def age(born: dt.date | None) -> str:
    return words.age(born, timezone.localdate())


@register.filter
def shown_as(message: Any) -> notices.Shown:
    """How a message of Django's is shown: at the top or as a toast, with what can be undone."""
    return notices.shown(message)


@register.filter
def percent_of(value: float | Decimal, whole: float | Decimal) -> int:
    return round(100 * float(value) / float(whole)) if whole else 0


@register.simple_tag
def patient_lines(header: Any) -> str:
    return header if isinstance(header, str) else drawing.patient_lines(header)


@register.simple_tag
def attribute(name: str, value: Any) -> SafeString | str:
    """` name="value"`, or nothing when there is no value."""
    return format_html(' {}="{}"', name, value) if value not in (None, "", False) else ""


register.filter("listed", words.listed)
register.filter("leading", words.leading)
