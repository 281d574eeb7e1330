"""The table of docs/roles.md is the table of the code."""
from __future__ import annotations

from pathlib import Path

from waterneedle.clinic.accounts.roles import PERMISSIONS, Role, scope, widest

PAGE = Path(__file__).parents[3] / "docs/roles.md"


def _page() -> tuple[list[str], dict[str, dict[str, str]]]:
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    roles = rows[0][2:]
    return roles, {
        row[0].strip("`"): {role: cell for role, cell in zip(roles, row[2:], strict=True) if cell != "–"} for row in rows[2:]}


def test_the_page_and_the_code_say_the_same():
    roles, table = _page()

    assert roles == Role.values
    assert table == PERMISSIONS


def test_an_auditor_writes_nothing():
    assert [one for one in PERMISSIONS if one.endswith(".write") and scope("auditor", one)] == []


def test_the_desk_reads_no_chart():
    assert [scope("front desk", one) for one in ("chart.read", "chart.write", "followup.read", "stock.read")] == [None] * 4


def test_the_widest_role_counts():
    assert widest(["instructor", "practitioner"], "chart.read") == "yes"
    assert widest(["instructor"], "chart.read") == "trainees"
    assert widest(["front desk", "auditor"], "chart.read") is None
    assert widest([], "clinic.read") is None


def test_an_auditor_has_nothing_but_what_is_read():
    assert {name for name, cells in PERMISSIONS.items() if Role.AUDITOR in cells and not name.endswith(".read")} == set()
