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
FRAME = ROOMS / "web" / "templates" / "web"
IDS = re.compile(r'\sid="([\w-]+)"')
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


def test_no_page_has_an_id_that_its_frame_has():
    """Two of one id, and a label leads to the wrong one of them."""
    frame = {one for path in TEMPLATES if path.parent == FRAME and (path.name[0] == "_" or path.name == "base.html")
             for one in IDS.findall(path.read_text(encoding="utf-8"))}
    pages = {named(path): path.read_text(encoding="utf-8") for path in TEMPLATES if path.parent != FRAME}
    twice = {name: same for name, text in pages.items() if '{% extends "web/base.html" %}' in text
             if (same := frame.intersection(IDS.findall(text)))}

    assert {"find", "found"} <= frame
    assert twice == {}


@pytest.mark.parametrize("path", SCRIPTS, ids=named)
def test_a_script_makes_no_code_from_text_and_no_style(path):
    text = path.read_text(encoding="utf-8")

    assert re.findall(r"\beval\(|new Function|innerHTML|outerHTML\s*=|insertAdjacentHTML|document\.write|\.style\.", text) == []
