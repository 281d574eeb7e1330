"""The statements that something asks, and what SQLite goes through to answer them."""

from __future__ import annotations

import re
from contextlib import contextmanager

import pytest
from django.db import connection

on_sqlite = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="the plan of SQLite is read; the indexes and conditions are the same")

# Tables with a row for every visit, injection or entry that ever was.
GROWING = re.compile(r"^(visits_(?!protocol|strike|amendment)\w+|stock_movement|audit_entry|patients_\w+|intake_\w+)$")


@contextmanager
def statements():
    found = []

    def note(execute, sql, params, many, context):
        found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def gone_through(sql, params, *, large=GROWING.match, few=re.compile("visits_entry_epinephrine"), spans=False):
    """The growing tables of which a statement reads every row or every row of the clinic, if not by an index of `few`; with
    `spans`, also those of which it reads all between two moments."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + sql, params)
        steps = [row[3] for row in cursor.fetchall()]
    names = {alias: table for table, alias in re.findall(r'(?:FROM|JOIN) "?(\w+)"?(?: (?:AS )?"?(\w+)"?)?', sql)}
    for step in steps:
        how, name = [*step.split(), "", ""][:2]
        table = names.get(name, name)
        condition = step.partition("(")[2]
        whole = re.fullmatch(r"clinic_id=\?( AND \w+[<>]\?)*\)" if spans else r"clinic_id=\?( AND \w+_id>\?)?\)", condition)
        if large(table) and (how == "SCAN" or whole) and not few.search(step):
            yield f"{step} :: {sql[:90]}"
