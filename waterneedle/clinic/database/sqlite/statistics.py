"""What SQLite is told of the rows behind its indexes: that one clinic is all of them.

Without statistics SQLite takes any first column of an index to leave ten rows of a million. Ours is nearly always the clinic,
which leaves all: a statement that names a clinic and a day may then be answered by way of a table that has nothing to do with
the day, and goes through every row of it. Nobody writes statistics in a clinic, and if somebody did, a plan would depend on the
day on which they were counted. So the same numbers stand in every database from its first day: SQLite's own guesses, but for the
clinic. Those of a database are written at the end of each upgrade; what a connection has read already is read anew.
"""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import Any

# SQLite's own guesses (https://www.sqlite.org/fileformat2.html#stat1tab) of how many rows are alike in the columns of an index:
# in the first, here the first behind the clinic, in the first two and so on; one in a whole unique index.
_ALIKE = (10, 9, 8, 7, 6)
_LEAST = 5
# Where there is a row for each visit, message or entry, a table is large beside the others, which have one for a patient at most.
_ROWS, _FEW = 1_000_000, 20_000
LARGE = frozenset({
    "appointments_asked", "appointments_booking", "appointments_bookingstate", "audit_entry", "audit_once", "followup_answer",
    "followup_checkin", "intake_answers", "intake_form", "outbox_attempt", "outbox_job", "outbox_link", "stock_movement",
    "tasks_step", "tasks_task", "visits_fill", "visits_injection", "visits_observation", "visits_proof", "visits_reason",
    "visits_signature", "visits_syringe", "visits_today", "visits_visit", "visits_visitstate"})
# Indexes of few rows of such a table: of what is still open, of who waited for a place, of students.
OPEN = frozenset({"appointments_booking_waited", "tasks_task_due", "visits_signature_student", "visits_visit_draft"})


def write_statistics(connection: Any) -> None:
    """Let `sqlite_stat1` say this of every index that begins with the clinic, and nothing of the others."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE sqlite_schema")  # makes the table of statistics and counts nothing
        wanted = set(_statistics(cursor))
        if wanted != set(cursor.execute("SELECT tbl, idx, stat FROM sqlite_stat1").fetchall()):
            cursor.execute("DELETE FROM sqlite_stat1")
            cursor.executemany("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (%s, %s, %s)", sorted(wanted))
            cursor.execute("ANALYZE sqlite_schema")  # this connection reads them


def _statistics(cursor: Any) -> list[tuple[str, str, str]]:
    rows = cursor.execute(
        'SELECT t.name, i.name, i."unique", c.name '
        "FROM sqlite_schema t, pragma_index_list(t.name) i, pragma_index_info(i.name) c "
        "WHERE t.type = 'table' ORDER BY t.name, i.name, c.seqno").fetchall()
    indexes = [(index, [column for *_, column in columns]) for index, columns in groupby(rows, itemgetter(0, 1, 2))]
    return [
        (table, name, _statistic(_ROWS if table in LARGE and name not in OPEN else _FEW, len(columns), is_unique))
        for (table, name, is_unique), columns in indexes if columns[0] == "clinic_id"]


def _statistic(rows: int, columns: int, is_unique: bool) -> str:
    """`1000000 1000000 10 1`: all rows, those of one clinic, those alike in one column more, and so on."""
    alike = [*_ALIKE, *[_LEAST] * columns][:columns - 1]
    if is_unique and alike:
        alike[-1] = 1
    return " ".join(str(one) for one in (rows, rows, *alike))
