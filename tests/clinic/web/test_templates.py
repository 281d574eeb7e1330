"""What no template of any room may hold: the policy of the pages would stop it, in silence."""
from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

import waterneedle.clinic as clinic

ROOMS = Path(clinic.__file__).parent
TEMPLATES = sorted(ROOMS.glob("*/templates/**/*.html"))
SCRIPTS = sorted(path for path in ROOMS.glob("*/static/*/js/*.js"))
INLINE = re.compile(
    r"<style|\sstyle=|\son\w+=|hx-on|hx-(?:vals|headers|confirm)[^=]*=['\"]js:|<script(?![^>]*(?:src=|type=\"application/json\"))",
    re.IGNORECASE)


def named(path: Path) -> str:
    return path.relative_to(ROOMS).as_posix()


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_no_style_and_no_script_stands_in_a_page(path):
    text = re.sub(r"\{% comment.*?endcomment %\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"\{%.*?%\}", "", text, flags=re.DOTALL)  # `{% with one=… %}` is no attribute

    assert INLINE.findall(text) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_every_template_compiles(path):
    get_template(path.relative_to(path.parents[len(path.parts) - path.parts.index("templates") - 2]).as_posix())


@pytest.mark.parametrize("path", SCRIPTS, ids=named)
def test_a_script_makes_no_code_from_text_and_no_style(path):
    text = path.read_text(encoding="utf-8")

    assert re.findall(r"\beval\(|new Function|innerHTML|outerHTML\s*=|insertAdjacentHTML|document\.write|\.style\.", text) == []
