"""The floor: what bare SQLite needs for the same logical work, on a file with as many rows, fully durable.

A signature is the visit, six injections, six draws from as many lots that are refused below nothing, and a chained row of
the trail, in one transaction. A chart is a patient, fifty visits and their injections with lots, and one chained row of
the trail. There is a lot for every five hundred injections; the file is mapped into memory and its pages are kept.
"""

from __future__ import annotations

import hashlib
import random
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

TABLES = """
create table patient(id integer primary key, mrn text, name text, birth text, sex text);
create table lot(id integer primary key, product_id integer, number text, qty_ul integer check (qty_ul >= 0), expires text);
create table encounter(id integer primary key, patient_id integer, practitioner_id integer, at text, status text, complaint text,
    note text);
create table injection(id integer primary key, encounter_id integer, patient_id integer, lot_id integer, site text, side text,
    depth_mm real, dose_ul integer, route text, pain integer);
create table audit(id integer primary key, at text, actor integer, action text, object text, prev text, hash text);
create index by_patient on encounter(patient_id, at);
create index by_encounter on injection(encounter_id);
create index by_lot on injection(lot_id);
create index by_injected on injection(patient_id);
insert into audit values (1, '2026-01-01', 1, 'begin', '', '', '0');
"""
COUNT = "with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < {0}) "
CHART, OF_A_LOT = 50, 500
SITES = ("ST36", "LI11", "GB34", "SP9", "LI10", "LU5")


def filled(folder: Path, patients: int, visits: int) -> sqlite3.Connection:
    """A bare database, made anew in `folder`."""
    place = folder / "floor.sqlite3"
    bare = sqlite3.connect(place, isolation_level=None, cached_statements=256)
    bare.execute("pragma journal_mode=off")
    bare.execute("pragma synchronous=off")
    bare.executescript(TABLES)
    bare.execute("begin")
    lots = visits * 5 // OF_A_LOT
    rows = (
        (patients, "patient select i + 1, 'M' || i, 'Patient ' || i, '1970-01-01', 'f' from n"),
        (lots, "lot select i + 1, i % 20, 'L' || i, 1000000000, '2029-12-31' from n"),
        (visits, f"encounter select i + 1, i / {CHART} + 1, 1 + i % 7, date('2020-01-01', '+' || (i % 2000) || ' day'), "
                 "'signed', 'knee pain', 'Six points, no bleeding.' from n"),
        (visits * 5, f"injection select i + 1, i / 5 + 1, i / 5 / {CHART} + 1, i * 7919 % {lots} + 1, 'ST36', 'left', 6.0, 200, "
                     "'SC', i % 10 from n"),
    )
    for count, what in rows:
        bare.execute(f"insert into {what.replace(' select', f' {COUNT.format(count)}select', 1)}")
    bare.execute("commit")
    bare.execute("analyze")
    bare.execute("pragma journal_mode=wal")
    bare.close()
    return opened(folder)


def opened(folder: Path) -> sqlite3.Connection:
    """The database of `folder`, fully durable."""
    bare = sqlite3.connect(folder / "floor.sqlite3", isolation_level=None, cached_statements=256, check_same_thread=False)
    bare.execute("pragma synchronous=full")
    bare.execute("pragma cache_size=-200000")
    bare.execute("pragma mmap_size=4000000000")
    return bare


def signatures(bare: sqlite3.Connection, times: int) -> Iterator[float]:
    """ms of each."""
    (lot_count,), (patients,) = (bare.execute(f"select count(*) from {table}").fetchone() for table in ("lot", "patient"))
    for number in range(times):
        patient = number % patients + 1
        began = time.perf_counter()
        bare.execute("begin immediate")
        visit = bare.execute(
            "insert into encounter(patient_id, practitioner_id, at, status, complaint, note) "
            "values (?, 1, '2026-11-01 09:00:00', 'signed', 'knee pain', 'Six points, no bleeding.')", (patient,),
        ).lastrowid
        lots = [(number * 6 + place) % lot_count + 1 for place in range(6)]
        bare.executemany(
            "insert into injection(encounter_id, patient_id, lot_id, site, side, depth_mm, dose_ul, route, pain) "
            "values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(visit, patient, lot, site, "left", 6.0, 200, "SC", 3) for lot, site in zip(lots, SITES, strict=True)],
        )
        bare.executemany("update lot set qty_ul = qty_ul - 200 where id = ?", [(one,) for one in lots])
        _chained(bare, "sign", visit)
        bare.execute("commit")
        yield 1000 * (time.perf_counter() - began)


def charts(bare: sqlite3.Connection, times: int) -> Iterator[float]:
    """ms of each."""
    (visits,) = bare.execute("select max(id) from encounter").fetchone()
    chance = random.Random(5)
    for _ in range(times):
        patient = chance.randrange(visits // CHART) + 1  # of those with a long chart
        began = time.perf_counter()
        bare.execute("select * from patient where id = ?", (patient,)).fetchall()
        bare.execute("select * from encounter where patient_id = ? order by at desc limit 50", (patient,)).fetchall()
        bare.execute(
            "select i.*, l.number, l.expires from injection i join lot l on l.id = i.lot_id where i.patient_id = ?", (patient,)
        ).fetchall()
        bare.execute("begin immediate")
        _chained(bare, "read", patient)
        bare.execute("commit")
        yield 1000 * (time.perf_counter() - began)


def _chained(bare: sqlite3.Connection, action: str, number: int) -> None:
    (before,) = bare.execute("select hash from audit order by id desc limit 1").fetchone()
    link = hashlib.sha256(f"{before}|{action}|{number}".encode()).hexdigest()
    bare.execute(
        "insert into audit(at, actor, action, object, prev, hash) values ('2026-11-26', 1, ?, ?, ?, ?)",
        (action, number, before, link),
    )
