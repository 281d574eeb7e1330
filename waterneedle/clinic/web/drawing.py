"""Small pieces of HTML that templates of both engines share: icons, names of points, sparklines."""
from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from django.template import engines
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from waterneedle.clinic.web import words


def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """The icon `name` of icons.svg. Without a label it is decoration, and the word stands beside it."""
    return _icon(str(name), str(label), str(size), static("web/icons.svg"))


@functools.lru_cache(maxsize=1000)
def _icon(name: str, label: str, size: str, file: str) -> SafeString:
    meaning = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html('<svg class="icon {}" {}><use href="{}#{}"></use></svg>', size, meaning, file, name)


def patient_lines(header: Any) -> SafeString:
    """Who a page is about, and what of them must be in sight: `header` as `web/_patient_header.html` says."""
    return _patient_lines(header, get_language())


@functools.lru_cache(maxsize=1000)
def _patient_lines(header: Any, language: str | None) -> SafeString:
    """The pages of one patient are opened one after the other."""
    return mark_safe(engines["jinja2"].get_template("web/_patient_lines.html").render({"header": header}))


def point(code: str, side: str = "") -> SafeString:
    """A point by its three names, each marked with its language, and its side if it has one."""
    name = words.point(code)
    if not name.hanzi:
        return format_html('<span class="point" translate="no"><span class="code">{}</span>{}</span>', code, _side(side))
    return format_html(
        '<span class="point" translate="no"><span lang="zh-Hans">{}</span> <span class="pinyin" lang="zh-Latn">{}</span> '
        '<span class="code">{}</span>{}</span>', name.hanzi, name.pinyin, name.code, _side(side))


def issue_of(issue: Any) -> SafeString:
    """One issue of an assessment, with its words, remedy and sources."""
    return mark_safe(engines["jinja2"].get_template("web/issue.html").render({"issue": issue}))


def sparkline(
    values: Sequence[float | None], low: float = 0, high: float = 10, label: str = "", width: int = 96, height: int = 24
) -> SafeString:
    """A course of scores as a line between `low` and `high`; a gap where a value is None, a dot at the last one.

    `label` says it in words; without one, the first and the last score do.
    """
    known = [(index, value) for index, value in enumerate(values) if value is not None]
    if not known:
        return SafeString("")
    span, steps, inset = (high - low) or 1, max(len(values) - 1, 1), 3

    def place(index: int, value: float) -> tuple[str, str]:
        share = (min(max(value, low), high) - low) / span
        return f"{inset + index * (width - 2 * inset) / steps:.1f}", f"{height - inset - share * (height - 2 * inset):.1f}"

    path, before = "", None
    for index, value in known:
        x, y = place(index, value)
        path += f"{'L' if before == index - 1 else 'M'}{x} {y}"
        before = index
    x, y = place(*known[-1])
    said = label or _("from %(first)s to %(last)s") % {"first": words.number(known[0][1]), "last": words.number(known[-1][1])}
    return format_html(
        '<svg class="spark" role="img" aria-label="{}" width="{}" height="{}" viewBox="0 0 {} {}">'
        '<path class="base" d="M0 {}H{}"></path><path d="{}"></path><circle cx="{}" cy="{}" r="2.5"></circle></svg>',
        said, width, height, width, height, height - 0.5, width, path, x, y)



def _side(side: str) -> SafeString | str:
    words_of = {"left": _("left"), "right": _("right"), "midline": ""}
    said = words_of.get(side, side)
    return format_html(' <span class="side">{}</span>', said) if said else ""
