"""The page for operators names every setting and every command that there is, and no other."""
from __future__ import annotations

import re
from pathlib import Path

from waterneedle.cli import COMMANDS

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/operate.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "waterneedle/config/settings.py").read_text(encoding="utf-8")


def test_the_table_of_settings_has_those_that_are_read():
    read = set(re.findall(r'env_\w+\(\s*"([A-Z_]+)"', SETTINGS))
    described = set(re.findall(r"^\| `([A-Z_]+)` \|", PAGE, re.MULTILINE))

    assert described == read


def test_a_secret_may_come_from_a_file():
    secrets = set(re.findall(r'env_secret\(\s*"([A-Z_]+)"', SETTINGS))

    assert {name for name in secrets if f"`{name}_FILE`" in PAGE} == secrets


def test_every_other_name_of_the_page_is_a_setting_too():
    read = set(re.findall(r'env_\w+\(\s*"([A-Z_]+)"', SETTINGS))
    named = {name.removesuffix("_FILE") if name not in read else name for name in re.findall(r"\bWATERNEEDLE_[A-Z_]+", PAGE)}

    assert named <= read


def test_the_commands_of_the_page_exist():
    named = set(re.findall(r"\bwaterneedle (?!user|\[)([a-z]+)\b", re.sub(r"\s+", " ", PAGE)))

    assert named - set(COMMANDS) <= {"waterneedle"}


def test_the_numbers_of_the_page_are_those_of_the_code():
    code = (ROOT / "waterneedle/clinic/patients/importing.py").read_text(encoding="utf-8")
    rows, size = (int(re.search(rf"^{name} = ([\d_]+)", code, re.MULTILINE)[1]) for name in ("MOST_ROWS", "MOST_BYTES"))

    assert f"{rows:,} rows and {size // 1_000_000} MB" in PAGE
