"""How forms look and what is typed into them.

`{{ form }}` is a whole form with its summary of errors, `{{ form.x.as_field_group }}` one field. Beside Django's own fields:
`DoseField` for amounts, `PickField` for what is picked from a vocabulary with free text kept.
"""
from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.template.backends.jinja2 import Jinja2
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from waterneedle.clinic.web import words

_MOMENT = "%Y-%m-%dT%H:%M"
_WHICH = "#"  # between a time and which of two it is
_FOLDS = {"first": _("the first, before the clocks went back"), "second": _("the second, after they went back")}
_NUMBER = re.compile(r"^(?P<whole>[0-9]*)(?:[.,](?P<part>[0-9]+))?$")


class Renderer(TemplatesSetting):
    """`settings.FORM_RENDERER`: forms by the templates of this room."""

    form_template_name = "web/_form.html"
    formset_template_name = "web/_formset.html"
    field_template_name = "web/_field.html"

    def get_template(self, template_name: str) -> Any:
        """Fields and widgets, of which a page has dozens, are compiled (below `jinja2/`); the few others are Django's."""
        if template_name == self.field_template_name or "/widgets/" in template_name:
            return _compiled().get_template(template_name)
        return super().get_template(template_name)


@functools.cache
def _compiled() -> Jinja2:
    options = {"environment": "waterneedle.clinic.web.jinja.fields"}
    return Jinja2({"NAME": "fields", "DIRS": [], "APP_DIRS": True, "OPTIONS": options})


def one_of(form: forms.BaseForm, *names: str) -> None:
    """Of the fields `names` of `form` one is asked: none of them says that it is optional. Who needs which, the form says."""
    for name in names:
        if name in form.fields:
            form.fields[name].is_one_of_several = True  # type: ignore[attr-defined]


# --- widgets

class DateInput(forms.DateInput):
    """The browser's own calendar. Its value is ISO 8601 in every language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class MomentInput(forms.DateTimeInput):
    """Date and time. Where the clock showed that time twice, on the night it goes back, also which of the two it was."""

    input_type = "datetime-local"
    template_name = "web/widgets/moment.html"
    which_name = "_which"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format=_MOMENT)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        typed, which = super().value_from_datadict(data, files, name), data.get(name + self.which_name)
        return f"{typed}{_WHICH}{which}" if typed and which in _FOLDS else typed

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        typed, _sign, which = value.partition(_WHICH) if isinstance(value, str) else (value, "", "")
        context = super().get_context(name, typed, attrs)
        naive = _naive(context["widget"]["value"] or "")
        is_twice = naive is not None and _steps_back(naive)
        context["widget"] |= {"twice": [*_FOLDS.items()] if is_twice else [], "which": which, "which_name": self.which_name}
        return context


class DoseInput(forms.TextInput):
    """A number with its unit behind it. Text, not `type=number`: a wheel must not change a dose."""

    template_name = "web/widgets/dose.html"

    def __init__(self, unit: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", "class": "dose"} | (attrs or {}))
        self.unit = unit

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["unit"] = self.unit
        return context


class Segments(forms.RadioSelect):
    """One of a few, side by side: a side, a route, yes or no. Nothing is chosen beforehand."""

    template_name = "web/widgets/segments.html"


class PickInput(forms.TextInput):
    """Text with suggestions from `url`, or from the few that `options` gives; `many` keeps each pick as a chip.

    Without a script it is one line of text.
    """

    template_name = "web/widgets/pick.html"

    def __init__(
        self, url: str = "", *, many: bool = False, options: Callable[[], Iterable[str]] = tuple,
        attrs: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(attrs)
        self.url, self.many, self.options = url, many, options

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        picked = [value] if isinstance(value, str) and value else list(value or ())
        context["widget"] |= {"url": str(self.url), "many": self.many, "picked": picked, "options": self.options()}
        if not self.many and picked:
            context["widget"]["value"] = picked[0]
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        if not self.many:
            return data.get(name, "")
        # The text still in the field counts: nothing typed is lost.
        typed = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return list(dict.fromkeys(one.strip() for one in typed if one.strip()))


# --- fields

class MomentField(forms.DateTimeField):
    """A moment by the clinic's clock. In the night in which it goes back an hour is there twice, and who types says which; in the
    night in which it goes forward one is missing."""

    widget = MomentInput
    default_error_messages = {
        "twice": _("The clocks went back in that night: it was %(clock)s twice. Say which of the two."),
        "missing": _(
            "The clocks went forward in that night: it was never %(clock)s. Write the time by the new clock, an hour later."),
    }

    def to_python(self, value: Any) -> datetime.datetime | None:
        typed, _sign, which = value.partition(_WHICH) if isinstance(value, str) else (value, "", "")
        naive = _naive(typed) if isinstance(typed, str) else None
        if naive is None:
            return super().to_python(typed)
        first, second = (naive.replace(tzinfo=timezone.get_current_timezone(), fold=fold) for fold in (0, 1))
        if first.utcoffset() == second.utcoffset():
            return first
        said = {"clock": words.clock(naive.time())}
        if not _steps_back(naive):
            raise ValidationError(self.error_messages["missing"], code="missing", params=said)
        if which not in _FOLDS:
            raise ValidationError(self.error_messages["twice"], code="twice", params=said)
        return first if which == "first" else second


def _naive(typed: str) -> datetime.datetime | None:
    try:
        return datetime.datetime.strptime(typed.strip(), _MOMENT)
    except ValueError:
        return None


def _steps_back(naive: datetime.datetime) -> bool:
    """Whether the clock shows this time twice: after the first the offset to UTC is smaller."""
    first, second = (naive.replace(tzinfo=timezone.get_current_timezone(), fold=fold).utcoffset() for fold in (0, 1))
    return first > second


# What a Chinese keyboard writes full width is the same figure: ０．５.
_EVENED = str.maketrans({chr(wide): chr(wide - 0xFEE0) for wide in (*range(0xFF10, 0xFF1A), 0xFF0C, 0xFF0E)})


class DoseField(forms.DecimalField):
    """An amount in `unit`, which may stand behind it, above zero. A point or a comma; what could be two amounts is asked: a comma
    with three digits behind it, and a whole number that begins with 0, which may have lost its point."""

    default_error_messages = {
        "dose": _("Write a number such as 0.5."),
        "thousands": _("“%(typed)s” can be read as %(small)s or as %(large)s. Write one of the two."),
        "positive": _("Write an amount above 0."),
    }

    def __init__(self, *, unit: str, max_digits: int = 9, decimal_places: int = 3, **options: Any) -> None:
        options.setdefault("widget", DoseInput(unit))
        self.unit = unit.casefold()
        super().__init__(max_digits=max_digits, decimal_places=decimal_places, **options)

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        typed = str(value).translate(_EVENED).strip()
        if self.unit and typed.casefold().endswith(self.unit):
            typed = typed[: -len(self.unit)].rstrip()
        read = _NUMBER.match(typed)
        if not read or typed in ("", ".", ","):
            raise ValidationError(self.error_messages["dose"], code="dose")
        whole, part = read["whole"] or "0", read["part"] or ""
        if "," in typed and len(part) == 3 and whole != "0":
            meant = {"typed": typed, "small": f"{whole}.{part}".rstrip("0").rstrip("."), "large": whole + part}
            raise ValidationError(self.error_messages["thousands"], code="thousands", params=meant)
        if not part and whole[0] == "0" and int(whole):
            meant = {"typed": typed, "small": f"0.{whole[1:]}", "large": str(int(whole))}
            raise ValidationError(self.error_messages["thousands"], code="thousands", params=meant)
        return Decimal(f"{whole}.{part or 0}")

    def validate(self, value: Decimal | None) -> None:
        super().validate(value)
        if value is not None and value <= 0:
            raise ValidationError(self.error_messages["positive"], code="positive")

    def prepare_value(self, value: Any) -> Any:
        return words.number(value).replace(",", "").replace("\u202f", "") if isinstance(value, (Decimal, float, int)) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}


class PickField(forms.Field):
    """What was picked or typed, as a list of texts when `many`; each at most `longest` characters."""

    default_error_messages = {"long": _("Write at most %(limit)d characters for each.")}

    def __init__(
        self, *, url: str = "", many: bool = False, longest: int = 120, options: Callable[[], Iterable[str]] = tuple,
        **others: Any,
    ) -> None:
        others.setdefault("widget", PickInput(url, many=many, options=options))
        super().__init__(**others)
        self.many, self.longest = many, longest

    def to_python(self, value: Any) -> str | list[str]:
        if self.many:
            return list(value or ())
        return (value or "").strip()

    def validate(self, value: str | Sequence[str]) -> None:
        super().validate(value)
        each = value if self.many else [value]
        if any(len(one) > self.longest for one in each):
            raise ValidationError(self.error_messages["long"], code="long", params={"limit": self.longest})
