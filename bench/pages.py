"""How long each page of a clinic of 200,000 visits takes, and in how many statements: none of them waits for all that ever was.

    python bench/pages.py [--who olga] [--most-ms 2000]

Walks from the first page along every link, each shape of address at most twice, as one person of the clinic that
`parts/seeding.py` keeps, on SQLite, in one process without a server. Prints the slowest pages. To reach: no page takes longer
than `--most-ms` but for those of `WHOLE`, which count a year, and none longer than a minute: then it is stopped. An answer that
is a mistake of ours fails too: who reads charts meets some, for of most signed visits the kept clinic has no whole document.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from parts import seeding

WHOLE = {"/c/harbor/followup/rates/", "/c/harbor/home/figures/"}
LINK = re.compile(rb'(?:href|hx-get|src)="(/[^"#]*)"')
SHOWN, TWICE, LONGEST_S = 15, 2, 60


class Took(NamedTuple):
    ms: float
    statements: int
    sql_ms: float
    status: int


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--who", default="olga")
    options.add_argument("--most-ms", type=float, default=2000)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="wn-bench-") as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "waterneedle.config.settings", "WATERNEEDLE_DATA": folder, "WATERNEEDLE_DEMO": "1"}
        return measured(asked.who, asked.most_ms, Path(folder))


def measured(who: str, most_ms: float, folder: Path) -> int:
    # late: the environment is ready only now
    import django

    django.setup()
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}")
    seeding.ready(seeding.LARGE, folder)
    seeding.settle()
    found: dict[str, Took] = {}
    for address, took in walked(who):
        shape = shape_of(address)
        found[shape] = max(found.get(shape, took), took)
    slowest = sorted(found.items(), key=lambda one: one[1], reverse=True)
    for shape, took in slowest[:SHOWN]:
        print(f"{took.ms:8.0f} ms {took.statements:4} statements {took.sql_ms:8.0f} ms in SQLite  {shape}")
    late = [shape for shape, took in slowest if took.ms > (LONGEST_S * 1000 if shape in WHOLE else most_ms)]
    broken = [shape for shape, took in slowest if took.status >= 500]
    print(f"{len(found)} kinds of address")
    for word, shapes in (("NOT REACHED", late), ("BROKEN", broken)):
        if shapes:
            print(f"{word}: {', '.join(shapes)}")
    return int(bool(late or broken))


def walked(who: str) -> Iterator[tuple[str, Took]]:
    browser, to_do, seen = browser_of(who), ["/"], Counter[str]()
    get(browser, "/")  # what is made once for each process
    while to_do:
        address = to_do.pop(0)
        if seen[shape_of(address)] >= TWICE:
            continue
        seen[shape_of(address)] += 1
        answer, took = get(browser, address)
        yield address, took
        to_do += [answer["Location"]] if answer.status_code in (301, 302) else []
        if "text/html" in answer.get("Content-Type", "") and not answer.streaming:
            links = {one.decode().replace("&amp;", "&") for one in LINK.findall(answer.content)}
            to_do += sorted(one for one in links if not one.startswith(("/static/", "/sign-out/")))


def get(browser: Any, address: str) -> tuple[Any, Took]:
    # late: Django is ready only now
    from django.db import connection

    spent: list[float] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            spent.append(time.perf_counter() - began)

    _keep_signed_in(browser)
    began = time.perf_counter()
    connection.connection.set_progress_handler(lambda: time.perf_counter() - began > LONGEST_S, 100_000)
    with connection.execute_wrapper(note):
        answer = browser.get(address)
    took = (time.perf_counter() - began) * 1000
    return answer, Took(took, len(spent), sum(spent) * 1000, answer.status_code)


def browser_of(who: str) -> Any:
    # late: Django is ready only now
    from django.test import Client

    from waterneedle.clinic.accounts.models import User

    browser = Client(headers={"host": "localhost"}, raise_request_exception=False)
    browser.force_login(User.objects.get(email__startswith=who))
    return browser


def _keep_signed_in(browser: Any) -> None:
    # late: Django is ready only now
    from waterneedle.clinic.accounts.session import BEGAN, SEEN

    session = browser.session
    session["second_factor_of"] = int(session["_auth_user_id"])
    session[BEGAN] = session[SEEN] = time.time()
    session.save()


def shape_of(address: str) -> str:
    """An address without what stands for one patient, day or page in it."""
    path = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "…", address.partition("?")[0])
    return re.sub(r"/\d+/", "/0/", re.sub(r"\d{4}-\d\d-\d\d", "0000-00-00", path))


if __name__ == "__main__":
    sys.exit(main())
