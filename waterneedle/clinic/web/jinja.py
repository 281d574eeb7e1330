"""The compiled templates of hot pages (`<room>/jinja2/<room>/…`), with the same words and drawings as all others.

    from django.template.loader import render_to_string
    render_to_string("visits/_injections.html", {...})       # found below visits/jinja2/

Escapes by itself. `_` and `ngettext` translate; `icon`, `point`, `sparkline`, `issue_of`, `static` and `url` are functions;
`day`, `dated`, `clock`, `moment`, `number`, `amount`, `initials`, `listed` and `truncatechars` are filters. What a whole page
needs around it, the page has from `web/base.html`.
"""
from __future__ import annotations

import functools
from typing import Any

from django.template.defaultfilters import truncatechars
from django.templatetags.static import static
from django.utils.translation import get_language, gettext, ngettext, pgettext
from jinja2 import Environment, StrictUndefined

from waterneedle.clinic.web import drawing, words
from waterneedle.clinic.web.addresses import address


def environment(**options: Any) -> Environment:
    """`OPTIONS["environment"]` of the Jinja2 engine in the settings."""
    made = Environment(**options | {"trim_blocks": True, "lstrip_blocks": True, "undefined": StrictUndefined})
    made.globals |= {
        "_": _said, "gettext": _said, "ngettext": ngettext, "pgettext": _meant, "static": static, "url": address,
        "icon": drawing.icon, "point": drawing.point, "sparkline": drawing.sparkline, "issue_of": drawing.issue_of,
    }
    said = ("day", "dated", "clock", "moment", "number", "amount", "age", "ago", "initials", "listed")
    made.filters |= {name: getattr(words, name) for name in said} | {"truncatechars": truncatechars}
    return made


def _said(text: str) -> str:
    return _in(get_language(), None, text)


def _meant(context: str, text: str) -> str:
    return _in(get_language(), context, text)


@functools.cache
def _in(language: str | None, context: str | None, text: str) -> str:
    """The words of templates in the language that is active: few, and some pages say a hundred of them."""
    return gettext(text) if context is None else pgettext(context, text)


def fields(**options: Any) -> Environment:
    """The environment of fields and widgets: Django's own templates ask for what may not be there."""
    made = Environment(**options)
    made.globals |= {"_": _said, "icon": drawing.icon}
    return made

