"""What others wrote is here unchanged, with its licence."""
from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

import waterneedle.clinic as clinic
from waterneedle import knowledge

ROOMS = Path(clinic.__file__).parent
FONTS = ROOMS / "web/static/web/fonts"
READMES = sorted([*ROOMS.glob("*/static/*/*/README.md"), *ROOMS.glob("*/fonts/README.md")])


@pytest.mark.parametrize("readme", READMES, ids=lambda path: str(path.parent.relative_to(ROOMS)))
def test_each_vendored_file_is_the_one_that_was_read(readme):
    rows = re.findall(r"^\| `([\w.-]+)` \|.*`([0-9a-f]{64})` \|$", readme.read_text(encoding="utf-8"), re.MULTILINE)

    assert rows
    assert {name: hashlib.sha256((readme.parent / name).read_bytes()).hexdigest() for name, _hash in rows} == dict(rows)


@pytest.mark.parametrize("readme", READMES, ids=lambda path: str(path.parent.relative_to(ROOMS)))
def test_no_vendored_file_is_without_a_line(readme):
    listed = readme.read_text(encoding="utf-8")

    assert [path.name for path in readme.parent.iterdir() if path != readme and f"`{path.name}`" not in listed] == []


def test_the_fonts_of_a_page_are_small():
    assert sum(path.stat().st_size for path in FONTS.glob("waterneedle-sans-*.woff2")) <= 60_000


def test_the_names_of_all_points_can_be_shown_where_the_system_has_no_chinese_face():
    shown = TTFont(FONTS / "waterneedle-han-points.woff2").getBestCmap()

    assert {letter for point in knowledge.points().values() for letter in point.hanzi} == {chr(one) for one in shown}
