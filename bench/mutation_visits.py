"""How many small faults in the modules of a visit that decide what is asked, barred, copied and signed the tests notice.

    python bench/mutation_visits.py [--files asked,shown] [--mutants 200] [--seed 7] [--minutes 600]
                                    [--least 80]

Mutants are those of `mutation.py`. The tests of the room that need no browser are collected once, run once without a mutant to
see which of them reach which line, and then for each mutant in a fork: the fault is put into the running code, and the tests that
reach it are run until one fails, those of the module's own file first. So a mutant costs the time of its tests, and no start of
Django. What cannot be put in so (what a class is made of, what is given where a call says nothing) is left out and counted. One
process, on SQLite. Ends with 1 below the score asked for. Needs `os.fork`.
"""

from __future__ import annotations

import argparse
import ast
import functools
import gc
import itertools
import os
import pickle
import random
import signal
import sys
import tempfile
import time
import types
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import coverage
import pytest
from mutation import Mutant, mutants_of

ROOT = Path(__file__).resolve().parent.parent
ROOM = ROOT / "waterneedle" / "clinic" / "visits"
TESTS = "tests/clinic/visits"
FILES = (
    "asked", "copying", "danger", "dictated", "heeded", "hour", "keeping", "line", "ours", "past", "plan", "reacted",
    "shown", "signing", "standing", "syringes", "warnings", "withheld",
)
MOST_TESTS = 600  # for one mutant, where more reach its line
LONGEST_S = 240
SURVIVED, LEFT_OUT = 0, 254


class Mutation:
    """The plugin: instead of running the tests once it runs them for each mutant."""

    def __init__(self, files: tuple[str, ...], count: int, seed: int, minutes: float) -> None:
        every = [list(mutants_of(ROOT, ROOM / f"{name}.py")) for name in files]
        for one in every:
            random.Random(seed).shuffle(one)
        # In turn one of each file: the long ones, which read words, would crowd out the short ones, which decide.
        in_turn = [one for row in itertools.zip_longest(*every) for one in row if one]
        self.mutants, self.minutes = in_turn[:count], minutes
        self.drawn = f"{len(self.mutants)} of {len(in_turn)} mutants, seed {seed}"
        self.reached: dict[tuple[str, int], set[str]] = defaultdict(set)
        self.failed: set[str] = set()
        self.recorder: Any = None
        self.outcomes: dict[str, Counter[str]] = defaultdict(Counter)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        if self.recorder:
            self.recorder.switch_context(nodeid)

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            self.failed.add(report.nodeid)

    def pytest_runtestloop(self, session: Any) -> bool:
        self._look(session.items)
        usable = [one for one in session.items if one.nodeid not in self.failed]
        for one in sorted(self.failed):
            print(f"left out, failing  {one}", flush=True)
        for name in {one.path for one in self.mutants}:
            if by := self._tried(_without_fault(name), usable, session.items[-1]):
                raise RuntimeError(f"{by} fails on {name} without a fault: the score would mean nothing")
        end = time.monotonic() + 60 * self.minutes
        for number, mutant in enumerate(self.mutants, 1):
            if time.monotonic() > end:
                break
            by = self._tried(mutant, usable, session.items[-1])
            self.outcomes[Path(mutant.path).stem]["left out" if by == "left out" else "noticed" if by else "survived"] += 1
            if not by:
                print(f"survived  {mutant.path}:{mutant.line}: {mutant.change}  ({number} tried)", flush=True)
        return True

    def _look(self, items: list[Any]) -> None:
        """Which tests reach which line, without a mutant. In a fork, as all that follows: a library that has started threads in
        this process would wait for them for ever in each fork. Here the first test alone is run, so that what all tests share
        stays made."""
        items[0].config.hook.pytest_runtest_protocol(item=items[0], nextitem=items[1])
        with tempfile.NamedTemporaryFile() as said:
            process = os.fork()
            if process == 0:
                try:
                    Path(said.name).write_bytes(pickle.dumps(self._looked(items[1:])))
                finally:
                    os._exit(0)
            os.waitpid(process, 0)
            self.reached, self.failed = pickle.loads(Path(said.name).read_bytes())

    def _looked(self, items: list[Any]) -> tuple[dict[tuple[str, int], set[str]], set[str]]:
        self.recorder = coverage.Coverage(data_file=None, include=[f"{ROOM}/*.py"])
        self.recorder.start()
        for item, following in itertools.pairwise(items):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        self.recorder.stop()
        data = self.recorder.get_data()
        for path in data.measured_files():
            for line, tests in data.contexts_by_lineno(path).items():
                self.reached[os.path.relpath(path, ROOT), line] |= {test for test in tests if test}
        return self.reached, self.failed

    def _tried(self, mutant: Mutant, items: list[Any], last: Any) -> str:
        """What noticed it; "" where nothing did."""
        mirror = f"test_{Path(mutant.path).stem}.py"
        tests = {test for line in mutant.lines for test in self.reached.get((mutant.path, line), ())}
        # A line that runs at the import is reached by whatever its module does.
        if not tests or _is_outside(mutant):
            tests = {test for (path, _line), found in self.reached.items() if path == mutant.path for test in found}
        # Those of the module's own file may ask for a value of it without running a line.
        found = [one for one in items if one.nodeid in tests or f"/{mirror}::" in one.nodeid]
        found.sort(key=lambda one: (f"/{mirror}::" not in one.nodeid, random.Random(one.nodeid).random()))
        found = found[:MOST_TESTS]
        process = os.fork()
        if process == 0:
            code = 253
            try:
                silence = os.open(os.devnull, os.O_RDWR)
                for stream in (0, 1, 2):
                    os.dup2(silence, stream)
                signal.alarm(LONGEST_S)
                code = self._run(mutant, found, last)
            finally:
                os._exit(code)
        _, status = os.waitpid(process, 0)
        code = os.waitstatus_to_exitcode(status)
        return {SURVIVED: "", LEFT_OUT: "left out"}.get(code, "a test" if code > 0 else "timeout")

    def _run(self, mutant: Mutant, items: list[Any], last: Any) -> int:
        if mutant.change and not put_in(mutant):
            return LEFT_OUT
        self.failed.clear()
        following = [*items[1:], last]
        last.session._setupstate.teardown_exact(items[0] if items else last)
        for item, after in zip(items, following, strict=False):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            if self.failed:
                return 1
        return SURVIVED


def _without_fault(path: str) -> Mutant:
    return Mutant(path, 0, (), "", "")


def put_in(mutant: Mutant) -> bool:
    """Put the fault into the running code; whether that could be done."""
    path = ROOT / mutant.path
    module = sys.modules[mutant.path.removesuffix(".py").replace("/", ".")]
    was, now = ast.parse(ast.unparse(ast.parse(path.read_text(encoding="utf-8")))), ast.parse(mutant.source)
    (other,) = [after for before, after in zip(was.body, now.body, strict=True) if ast.dump(before) != ast.dump(after)]
    if isinstance(other, (ast.Assign, ast.AnnAssign)):
        namespace = dict(vars(module))
        exec(compile(ast.Module([other], []), str(path), "exec"), namespace)
        for target in (other.targets if isinstance(other, ast.Assign) else [other.target]):
            _everywhere(vars(module)[target.id], namespace[target.id], target.id)
    elif not _put_code(path, _codes(compile(now, str(path), "exec")), _codes(compile(was, str(path), "exec"))):
        return False
    for cached in gc.get_objects():
        if isinstance(cached, functools._lru_cache_wrapper) and str(cached.__module__).startswith("waterneedle.clinic.visits"):
            cached.cache_clear()
    from django.db import connection

    connection.__dict__.pop("prepared_plans", None)
    return True


def _everywhere(was: Any, now: Any, name: str) -> None:
    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith(("waterneedle.clinic.", "clinic.")) and vars(module).get(name) is was:
            setattr(module, name, now)


def _put_code(path: Path, now: dict[str, types.CodeType], was: dict[str, types.CodeType]) -> bool:
    different = {name for name, code in now.items() if name not in was or _differs(code, was[name])} - {"<module>"}
    outer = {name for name in different if "<locals>" not in name}
    done = set()
    for one in gc.get_objects():
        if isinstance(one, types.FunctionType) and one.__code__.co_filename == str(path):
            name = one.__code__.co_qualname
            if name in outer and len(now[name].co_freevars) == len(one.__code__.co_freevars):
                one.__code__ = now[name]
                done.add(name)
    return bool(outer) and done == outer


def _differs(one: types.CodeType, other: types.CodeType) -> bool:
    def plain(code: types.CodeType) -> Any:
        return (code.co_code, code.co_names, [plain(each) if isinstance(each, types.CodeType) else (type(each), each)
                                              for each in code.co_consts])

    return plain(one) != plain(other)


def _codes(code: types.CodeType) -> dict[str, types.CodeType]:
    return {one.co_qualname: one for one in _each_code(code)}


def _each_code(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for one in code.co_consts:
        if isinstance(one, types.CodeType):
            yield from _each_code(one)


def _is_outside(mutant: Mutant) -> bool:
    """Whether it stands in no function."""
    for one in ast.walk(ast.parse((ROOT / mutant.path).read_text(encoding="utf-8"))):
        if isinstance(one, ast.FunctionDef) and one.lineno <= mutant.line <= (one.end_lineno or one.lineno):
            return False
    return True


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--files", default=",".join(FILES), help="names of modules of the room, with commas")
    arguments.add_argument("--mutants", type=int, default=200, help="how many are drawn")
    arguments.add_argument("--seed", type=int, default=7)
    arguments.add_argument("--minutes", type=float, default=600, help="after which no further one is tried")
    arguments.add_argument("--least", type=float, default=80.0, help="the score asked for, in percent")
    asked = arguments.parse_args()
    os.chdir(ROOT)
    start, mutation = time.monotonic(), Mutation(tuple(asked.files.split(",")), asked.mutants, asked.seed, asked.minutes)
    print(f"visits: {mutation.drawn}", flush=True)
    pytest.main(
        [TESTS, "-s", "-m", "not soak", "--tb=no", "--no-summary", "-pno:cacheprovider", "-pno:xdist"],
        plugins=[mutation])
    noticed = sum(one["noticed"] for one in mutation.outcomes.values())
    survived = sum(one["survived"] for one in mutation.outcomes.values())
    for name, one in sorted(mutation.outcomes.items()):
        print(f"  {name}: {one['noticed']} noticed, {one['survived']} survived, {one['left out']} left out")
    percent = 100 * noticed / max(noticed + survived, 1)
    print(f"visits: {percent:.1f} % noticed, {survived} of {noticed + survived} survived, in {time.monotonic() - start:.0f} s")
    sys.exit(percent < asked.least)


if __name__ == "__main__":
    main()
