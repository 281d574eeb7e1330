"""What others wrote is here unchanged, with its licence."""
from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

import waterneedle.clinic as clinic

ROOMS = Path(clinic.__file__).parent
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
    fonts = (Path(clinic.__file__).parent / "web/static/web/fonts").glob("*.woff2")

    assert sum(path.stat().st_size for path in fonts) <= 60_000
