"""The compiled templates of hot pages say and draw the same as all others."""
from __future__ import annotations

import jinja2
import pytest
from django.template import Context, Template, engines
from django.utils import translation

COMPILED = engines["jinja2"]


@pytest.mark.parametrize("language", ["en", "es", "zh-hans"])
@pytest.mark.parametrize(("django", "jinja"), [
    ('{% icon "warn" "Warning" %}', '{{ icon("warn", "Warning") }}'),
    ('{% point "ST36" "left" %}', '{{ point("ST36", "left") }}'),
    ("{% sparkline course %}", "{{ sparkline(course) }}"),
    ('{{ volume|amount:"mL" }}', '{{ volume|amount("mL") }}'),
    ("{{ name }}", "{{ name }}"),
    ('{% translate "Save" %}', '{{ _("Save") }}'),
    ('{% url "preferences" %}', '{{ url("preferences") }}'),
])
def test_both_engines_agree(language, django, jinja):
    values = {"course": [6, None, 5, 2], "volume": 1000.5, "name": "<b>Ana</b> & co"}
    with translation.override(language):
        expected = Template("{% load i18n web %}" + django).render(Context(values))

        assert COMPILED.from_string(jinja).render(values) == expected


def test_a_name_that_is_not_there_is_an_error_and_not_a_gap():
    with pytest.raises(jinja2.UndefinedError):
        COMPILED.from_string("{{ volum_ml }}").render({"volume_ml": 1})
