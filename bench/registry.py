"""A registry of many injections asked for a recall and for outcome tables: ours, Spark and pandas on the same files.

    python bench/registry.py [--injections 1000000 10000000 100000000] [--keep FOLDER]

Ours is a DuckDB file, loaded once from the Parquet that the peers read (the time is printed), asked through the Ibis expressions
that the commands use. Spark is local, all cores, with its pushed-down filters and a warm session; pandas reads only the columns
and row groups that it needs, text as categories. Each runs in a process of its own, whose largest memory is printed (of Spark
that of its Java); the answers must be equal. Times are medians after a round that is not counted; of what is slow fewer rounds
are taken (their number is printed). To reach at 10^8: recall 40 x Spark and 6 x pandas, outcome tables 7 x and 12 x (500 x from
what was counted beforehand, whose upkeep is timed), our memory at most 4 GB. What grows with the injections is printed last.

- recall: each visit of each clinic at which a lot was given, with injections, volume and day
- exposure: injections and volume by product, route and place, over all injections
- outcomes: courses, relief and sums of the change by clinic and indication, over all courses
"""
from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import platform
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

CLINICS = 100
QUESTIONS = ("recall", "exposure", "outcomes")
TARGETS = {"spark": {"recall": 40, "exposure": 7, "outcomes": 7}, "pandas": {"recall": 6, "exposure": 12, "outcomes": 12}}
ROUNDS = {"ours": 15, "prebuilt": 15, "spark": 5, "pandas": 3}
LEAST_ROUNDS, SECONDS_OF_ROUNDS = 2, 60  # rounds end early when both are past
MEMORY_GB = 4.0
OWN = ["clinic", "visit", "product"]
PLACE = ["product", "route", "site"]
KIND = ["clinic", "indication"]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--injections", type=int, nargs="+", default=[1_000_000, 10_000_000])
    options.add_argument("--keep", type=Path, help="Make the files here, and leave them for another run.")
    options.add_argument("--as", dest="who", choices=["load", "upkeep", *ROUNDS], help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.who:
        print(json.dumps(contender(asked.who, asked.keep)))
        return 0
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}")
    failed, sizes = False, {}
    for injections in asked.injections:
        with tempfile.TemporaryDirectory(prefix="wn-registry-") as folder:
            bad, sizes[injections] = measured((asked.keep or Path(folder)) / f"{injections}", injections)
            failed |= bad
    grown(sizes)
    return int(failed)


def measured(folder: Path, injections: int) -> tuple[bool, dict[str, float]]:
    """Print the figures for one size; whether something was not reached, and what may grow with the size."""
    rows = made(folder, injections)
    print(f"\n{injections:,} injections asked for: {rows['injections']:,} of {rows['courses']:,} courses in {CLINICS} clinics; "
          f"{sum(file.stat().st_size for file in (folder / 'extract').rglob('*.parquet')) / 1e6:,.0f} MB of Parquet", flush=True)
    loaded = run("load", folder)
    print(f"  load into DuckDB {loaded['seconds']:.1f} s, {loaded['file_mb']:,.0f} MB, memory {loaded['memory_gb']:.2f} GB",
          flush=True)
    found = {}
    for who in ROUNDS:
        found[who] = run(who, folder)
        print(f"  {who:9}" + "".join(f"{name} {1000 * found[who][name]['seconds']:9,.1f} ms ({found[who][name]['rounds']})   "
                                   for name in QUESTIONS if name in found[who]) + f"memory {found[who]['memory_gb']:.2f} GB",
              flush=True)
    upkeep = run("upkeep", folder)
    print(f"  a clinic sends again: rows and counts replaced in {upkeep['seconds']:.2f} s", flush=True)
    grows = {"load, s": loaded["seconds"], "file, MB": loaded["file_mb"], "a clinic again, s": upkeep["seconds"]}
    grows |= {f"{who} {name}, ms": 1000 * found[who][name]["seconds"] for who in found for name in QUESTIONS
              if name in found[who]}
    return judged(found, loaded, injections), grows


def grown(sizes: dict[int, dict[str, float]]) -> None:
    """Print each figure at every size, and by how much it grew from the smallest to the largest."""
    if len(sizes) < 2:
        return
    print(f"\n  {'growth':24}" + "".join(f"{injections:>14,}" for injections in sizes))
    for name in next(iter(sizes.values())):
        row = [figures[name] for figures in sizes.values()]
        print(f"  {name:24}" + "".join(f"{figure:14,.1f}" for figure in row) + f"   x {row[-1] / row[0]:,.1f}")


def judged(found: dict[str, Any], loaded: dict[str, Any], injections: int) -> bool:
    bad = []
    for peer, targets in TARGETS.items():
        for name, target in targets.items():
            times = found[peer][name]["seconds"] / found["ours"][name]["seconds"]
            beforehand = f", {found[peer][name]['seconds'] / found['prebuilt'][name]['seconds']:,.0f} x counted beforehand" \
                if name in found["prebuilt"] else ""
            print(f"  {name:9} {times:8.1f} x {peer} (to reach {target}){beforehand}")
            bad += [f"{name} {peer}"] if times < target else []
    for name in QUESTIONS:
        answers = {found[who][name]["answer"] for who in found if name in found[who]}
        bad += [f"answers to {name} differ"] if len(answers) > 1 else []
    memory = max(found["ours"]["memory_gb"], loaded["memory_gb"])
    bad += [f"memory {memory:.1f} GB"] if memory > MEMORY_GB else []
    print(f"  {'not reached: ' + ', '.join(bad) if bad else 'all reached'}; answers equal: "
          f"{'no' if any('differ' in one for one in bad) else 'yes'}")
    return bool(bad) and injections >= 100_000_000  # the figures to reach are of 10^8


def made(folder: Path, injections: int) -> dict[str, int]:
    counts = folder / "rows.json"
    if not counts.exists():
        from waterneedle.registry.simulate import Truth, simulate

        folder.mkdir(parents=True, exist_ok=True)
        start = time.perf_counter()
        rows = simulate(folder / "extract", Truth(clinics=CLINICS, injections=injections))
        counts.write_text(json.dumps(rows))
        print(f"  invented in {time.perf_counter() - start:.0f} s", flush=True)
    return json.loads(counts.read_text())


def run(who: str, folder: Path) -> dict[str, Any]:
    command = [sys.executable, __file__, "--as", who, "--keep", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{who}: {done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def contender(who: str, folder: Path) -> dict[str, Any]:
    found = {"load": load, "upkeep": upkeep, "ours": ours, "prebuilt": prebuilt, "spark": spark, "pandas": by_pandas}[who](folder)
    used = [resource.getrusage(of).ru_maxrss for of in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {"memory_gb": max(used) / 1e6} | found


def load(folder: Path) -> dict[str, Any]:
    from waterneedle.registry.load import load as into

    start = time.perf_counter()
    into(folder / "extract", folder / "registry.duckdb")
    return {"seconds": time.perf_counter() - start, "file_mb": (folder / "registry.duckdb").stat().st_size / 1e6}


def upkeep(folder: Path) -> dict[str, Any]:
    from waterneedle.registry.load import replace_clinics

    start = time.perf_counter()
    replace_clinics(folder / "registry.duckdb", folder / "extract", ["c000000000001"])
    return {"seconds": time.perf_counter() - start}


def ours(folder: Path) -> dict[str, Any]:
    from waterneedle.registry import counts
    from waterneedle.registry.engines import opened

    with opened(folder / "registry.duckdb") as engine:
        injections, courses = engine["injections"], engine["courses"]
        return timed("ours", {
            "recall": lambda: engine.rows(counts.recalled(injections, lot())),
            "exposure": lambda: engine.rows(injections.group_by(*PLACE).aggregate(
                injections=injections.count(), volume_ul=injections.volume_ul.sum().cast("int64"))),
            "outcomes": lambda: engine.rows(counts.outcomes_by(courses, *KIND).drop("baseline_sum")),
        })


def prebuilt(folder: Path) -> dict[str, Any]:
    from waterneedle.registry import rates, results
    from waterneedle.registry.engines import opened

    with opened(folder / "registry.duckdb") as engine:
        return timed("prebuilt", {
            "exposure": lambda: engine.rows(rates.injected(engine, *PLACE)),
            "outcomes": lambda: engine.rows(results.outcomes_by(engine, *KIND).drop("baseline_sum")),
        })


def spark(folder: Path) -> dict[str, Any]:
    from pyspark.sql import SparkSession

    session = (SparkSession.builder.master("local[*]").config("spark.driver.memory", "6g").config("spark.ui.enabled", "false")
               .config("spark.sql.session.timeZone", "UTC").config("spark.sql.shuffle.partitions", str(2 * (os.cpu_count() or 1)))
               .config("spark.sql.sources.partitionColumnTypeInference.enabled", "false").getOrCreate())
    for table in ("injections", "courses"):
        session.read.parquet(str(folder / "extract" / table)).createOrReplaceTempView(table)

    def rows(question: str) -> list[dict[str, Any]]:
        return [row.asDict() for row in session.sql(question).collect()]

    found = timed("spark", {
        "recall": lambda: rows(f"""
            SELECT clinic, visit, product, count(DISTINCT injection) AS injections, sum(volume_ul) AS volume_ul, min(day) AS day
            FROM injections WHERE lot = '{lot()}' GROUP BY clinic, visit, product"""),
        "exposure": lambda: rows("""
            SELECT product, route, site, count(*) AS injections, sum(volume_ul) AS volume_ul
            FROM injections GROUP BY product, route, site"""),
        "outcomes": lambda: rows("""
            SELECT clinic, indication, count(*) AS courses, sum(CAST(relief AS BIGINT)) AS relieved, sum(change) AS change,
                   sum(change * change) AS change_squared
            FROM (SELECT *, last_milli - baseline_milli AS change FROM courses
                  WHERE last_milli IS NOT NULL AND baseline_milli IS NOT NULL) GROUP BY clinic, indication"""),
    })
    java = session.sparkContext._jvm.java.lang.ProcessHandle.current().pid()  # no child that is waited for
    most = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{java}/status").read_text())
    return found | {"memory_gb": int(most[1]) / 1e6 if most else math.nan}


def by_pandas(folder: Path) -> dict[str, Any]:
    import pandas as pd
    import pyarrow.dataset as ds

    formats = {name: ds.ParquetFileFormat(dictionary_columns=columns) for name, columns in {
        "injections": ["product", "lot", "route", "site"], "courses": ["indication"]}.items()}
    tables = {name: ds.dataset(folder / "extract" / name, format=form, partitioning=ds.partitioning(flavor="hive"))
              for name, form in formats.items()}

    def recall() -> pd.DataFrame:
        columns = [*OWN, "injection", "volume_ul", "day"]
        given = tables["injections"].to_table(columns=columns, filter=ds.field("lot") == lot()).to_pandas()
        return given.groupby(OWN, observed=True, as_index=False).agg(
            injections=("injection", "nunique"), volume_ul=("volume_ul", "sum"), day=("day", "min"))

    def exposure() -> pd.DataFrame:
        given = tables["injections"].to_table(columns=[*PLACE, "volume_ul"]).to_pandas()
        return given.groupby(PLACE, observed=True, as_index=False).agg(
            injections=("volume_ul", "size"), volume_ul=("volume_ul", "sum"))

    def outcomes() -> pd.DataFrame:
        had = tables["courses"].to_table(columns=[*KIND, "relief", "baseline_milli", "last_milli"]).to_pandas()
        had = had[had.last_milli.notna() & had.baseline_milli.notna()]
        change = (had.last_milli - had.baseline_milli).astype("int64")
        had = had.assign(change=change, change_squared=change * change, relief=had.relief.astype("int64"))
        return had.groupby(KIND, observed=True, as_index=False).agg(
            courses=("change", "size"), relieved=("relief", "sum"), change=("change", "sum"),
            change_squared=("change_squared", "sum"))

    return timed("pandas", {"recall": recall, "exposure": exposure, "outcomes": outcomes})


def timed(who: str, questions: dict[str, Callable[[], Any]]) -> dict[str, Any]:
    """The median time of each question, after one that is not counted, and a hash of its answer."""
    found = {}
    for name, question in questions.items():
        answer = question()
        seconds: list[float] = []
        while len(seconds) < ROUNDS[who] and (len(seconds) < LEAST_ROUNDS or sum(seconds) < SECONDS_OF_ROUNDS):
            start = time.perf_counter()
            question()
            seconds.append(time.perf_counter() - start)
        found[name] = {"seconds": statistics.median(seconds), "rounds": len(seconds), "answer": digest(answer)}
    return found


def digest(answer: Any) -> str:
    rows = answer if isinstance(answer, list) else answer.to_dict("records")
    plain = sorted(json.dumps({name: str(row[name]) for name in sorted(row)}) for row in rows)
    return hashlib.sha256("\n".join(plain).encode()).hexdigest()


def lot() -> str:
    from waterneedle.registry.simulate import Truth

    return Truth().bad_lot_number


if __name__ == "__main__":
    raise SystemExit(main())
