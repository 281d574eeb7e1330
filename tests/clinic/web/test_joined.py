"""The style sheets that every page needs come as one file."""
from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

PAGE = "web/css/page.css"


def test_the_joined_sheet_is_its_parts_in_their_order(db):
    parts = [Path(finders.find(part)).read_text() for part in settings.STYLES[PAGE]]

    answer = Client().get(f"/static/{PAGE}")

    assert b"".join(answer.streaming_content).decode() == "\n".join(parts)
    assert answer.headers["Content-Type"].startswith("text/css")


@pytest.fixture
def small(settings, tmp_path):
    """A joined sheet of one part: the finder, and the part."""
    part = tmp_path / "part.css"
    settings.STATICFILES_DIRS = [("here", tmp_path)]
    settings.STYLES = {"web/css/small.css": ["here/part.css"]}
    settings.STYLES_FOLDER = tmp_path / "kept"
    finders.get_finder.cache_clear()
    yield finders.get_finder("waterneedle.clinic.web.joined.JoinedStyles"), part
    finders.get_finder.cache_clear()


def test_it_is_written_again_when_a_part_has_changed(small):
    finder, part = small

    part.write_text("a { color: red }")
    before = Path(finder.find("web/css/small.css")).read_text()
    part.write_text("a { color: blue }")
    after = Path(finder.find("web/css/small.css")).read_text()

    assert (before, after) == ("a { color: red }", "a { color: blue }")


@pytest.mark.parametrize("part", settings.STYLES[PAGE])
def test_addresses_in_a_part_lead_to_the_same_file_from_the_joined_sheet(part):
    """A relative address counts from the sheet it stands in."""
    text = Path(finders.find(part)).read_text()

    assert Path(part).parent == Path(PAGE).parent or "url(" not in text
