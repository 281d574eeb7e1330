"""A part of a template that is drawn once for its values and the language, and never for others."""
from __future__ import annotations

import pytest
from django.template import Context, Engine, TemplateSyntaxError
from django.utils import translation

LIBRARIES = {"web": "waterneedle.clinic.web.templatetags.web", "i18n": "django.templatetags.i18n"}


def template(text):
    return Engine(libraries=LIBRARIES).from_string("{% load web i18n %}" + text)


class Counted:
    times = 0

    def __str__(self):
        self.times += 1
        return f"drawn {self.times}"


def test_a_part_is_drawn_once_for_its_values():
    what, page = Counted(), template("{% kept theme %}{{ theme }}: {{ what }}{% endkept %}")

    shown = [page.render(Context({"theme": theme, "what": what})) for theme in ("light", "dark", "light")]

    assert shown == ["light: drawn 1", "dark: drawn 2", "light: drawn 1"]


def test_every_language_has_its_own():
    page = template('{% kept %}{% translate "Close" %}{% endkept %}')

    with translation.override("en"):
        english = page.render(Context())
    with translation.override("es"):
        spanish = page.render(Context())

    assert (english, spanish) == ("Close", "Cerrar")


def test_a_kept_part_holds_no_block():
    with pytest.raises(TemplateSyntaxError, match="block"):
        template("{% kept %}{% block x %}{% endblock %}{% endkept %}")
