"""How many small faults in `waterneedle.safety` and `waterneedle.dosage` the tests notice.

    python bench/mutation.py [--module safety|dosage] [--mutants 200] [--seed 7] [--least 80]

Draws mutants of the package (comparisons, boundaries, `and` and `or`, `not`, arithmetic, numbers, keys, answers, dropped
statements) and runs the tests that mirror it on each, in a copy of the tree: two workers, each with its own copy and
with the libraries and facts loaded once, each mutant in a fork of that. Only test files that reach the mutated lines are
run, those that have caught most before first. A test that fails without any mutant, or is slow, is left out; running
too long counts as noticed. Ends with 1 below the score asked for. Needs `os.fork`.

Of the libraries, mutmut 3 draws no sample and leaves the top of a module alone, where the limits and words stand; cosmic-ray
changes the work tree and starts pytest anew for each mutant. So neither is used.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import multiprocessing
import os
import pickle
import platform
import random
import re
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
TESTS = {"safety": ("tests/safety", "tests/published", "tests/cli/test_check.py"), "dosage": ("tests/dosage",)}
MUTANTS = {"safety": 200, "dosage": 100}
WORKERS = 2
SLOW_TEST_S = 2.0  # of the processor
MOST_CASES = 40  # of one test, for one mutant
NO_FAULT = "none"
COPIED = ("waterneedle", "tests", "examples", "pyproject.toml")
PYTEST = ("-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-m", "not soak", "--tb=no", "--assert=plain")


class Mutant(NamedTuple):
    path: str  # below the root
    line: int
    lines: tuple[int, ...]  # a test that runs none of them cannot notice
    change: str
    source: str  # of the whole module


class Baseline(NamedTuple):
    """What one test file does without a mutant."""

    file: str
    seconds: float
    left_out: tuple[str, ...]  # tests that fail or are slow
    reached: dict[str, dict[int, tuple[str, ...]]]  # the tests by module and line; "" is the import


# --- mutants ------------------------------------------------------------------------------------------------------------

_COMPARISONS = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
_ARITHMETIC = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_KEY = re.compile(r"[A-Za-z_][\w.-]*")
_NO_DIFFERENCE = {"maxsize"}  # how much is remembered changes no answer


def mutants_of(root: Path, path: Path) -> Iterator[Mutant]:
    """Every mutant of the module at `path`, one change each."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for holder, field, index, statement in list(_places(tree, None)):
        place = getattr(holder, field)
        node = place if index is None else place[index]
        for changed in _changes(node, holder):
            lines = {statement.lineno, *range(node.lineno, (node.end_lineno or node.lineno) + 1)}
            change = f"{_short(node)} -> {_short(changed) if not isinstance(changed, ast.If) else 'dropped'}"
            _put(holder, field, index, changed)
            source = ast.unparse(ast.fix_missing_locations(tree))
            _put(holder, field, index, node)
            yield Mutant(str(path.relative_to(root)), node.lineno, tuple(sorted(lines)), change, source)


def _places(node: ast.AST, statement: Any) -> Iterator[tuple[ast.AST, str, int | None, Any]]:
    """Where a node stands that may be changed: not in annotations, decorators, docstrings, or what configures a class."""
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "type_params") or (
            isinstance(node, ast.ClassDef) and field == "keywords"
        ):
            continue
        if isinstance(node, ast.keyword) and node.arg in _NO_DIFFERENCE:
            continue
        for index, part in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(part, ast.AST) or _is_aside(part):
                continue
            within = part if isinstance(part, ast.stmt) else statement
            if hasattr(part, "lineno"):
                yield node, field, index, within
            yield from _places(part, within)


def _is_aside(node: ast.AST) -> bool:
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Assign):
        names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        # a type under a name is an annotation, `__all__` and a TypeVar are not run
        is_type = (
            isinstance(node.value, ast.BinOp) and isinstance(node.value.op, ast.BitOr) and names[:1] and names[0][:1].isupper()
        )
        return bool(is_type) or names in (["__all__"], ["T"], ["Rule"])
    return isinstance(node, (ast.Import, ast.ImportFrom, ast.JoinedStr))


def _changes(node: ast.AST, holder: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(ops=ops):
            for number, operator in enumerate(ops):
                for other in _COMPARISONS.get(type(operator), ()):
                    yield _with(node, ops=[*ops[:number], other(), *ops[number + 1 :]])
        case ast.BoolOp(op=operator):
            yield _with(node, op=ast.Or() if isinstance(operator, ast.And) else ast.And())
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield node.operand
        case ast.BinOp(op=operator) if type(operator) in _ARITHMETIC:
            yield _with(node, op=_ARITHMETIC[type(operator)]())
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() | float() as value):
            yield ast.Constant(value + 1)
            yield ast.Constant(value - 1)
        case ast.Constant(value=str() as value) if _KEY.fullmatch(value):
            yield ast.Constant(f"{value}_")
        case ast.Return(value=ast.expr() as value) if not (isinstance(value, ast.Constant) and value.value is None):
            yield ast.Return(ast.Constant(None))
            if isinstance(value, (ast.Compare, ast.BoolOp)) or (isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.Not)):
                yield ast.Return(ast.Constant(True))
                yield ast.Return(ast.Constant(False))
        case ast.Name() | ast.Call() | ast.Attribute() if (
            isinstance(holder, (ast.If, ast.IfExp, ast.While)) and holder.test is node
        ):
            yield ast.UnaryOp(ast.Not(), node)
        case ast.Expr() | ast.AugAssign() | ast.Continue() | ast.Break() | ast.Raise():
            # `if False`, so that a generator stays one
            yield ast.If(ast.Constant(False), [node], [])


def _with(node: ast.AST, **fields: Any) -> ast.AST:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _put(holder: ast.AST, field: str, index: int | None, node: ast.AST) -> None:
    if index is None:
        setattr(holder, field, node)
    else:
        getattr(holder, field)[index] = node


def _short(node: ast.AST) -> str:
    text = " ".join(ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).split())
    return text if len(text) <= 70 else f"{text[:69]}…"


def control(root: Path, mutant: Mutant) -> Mutant:
    """`mutant` without its fault, which no test may notice."""
    return mutant._replace(change=NO_FAULT, source=ast.unparse(ast.parse((root / mutant.path).read_text(encoding="utf-8"))))


def drawn(root: Path, module: str, count: int, seed: int) -> list[Mutant]:
    every = [mutant for path in sorted((root / "waterneedle" / module).rglob("*.py")) for mutant in mutants_of(root, path)]
    print(f"{module}: {min(count, len(every))} of {len(every)} mutants, seed {seed}", flush=True)
    return random.Random(seed).sample(every, min(count, len(every)))


# --- workers ------------------------------------------------------------------------------------------------------------

_kills: Counter[tuple[str, str]] = Counter()  # by module and by test file, of this worker


def copied(root: Path, tree: Path) -> Path:
    """`tree`, a copy of what the tests of `root` need; the snapshot of the facts comes along."""
    tree.mkdir()
    for name in COPIED:
        if (root / name).is_dir():
            shutil.copytree(root / name, tree / name, ignore=shutil.ignore_patterns("*.pyc"))
        else:
            shutil.copy(root / name, tree / name)
    return tree


def prepare(root: Path) -> None:
    """Make this process a worker: its own copy of the tree, the libraries and the facts loaded, nothing that gets mutants."""
    tree = copied(root, root.with_name(f"worker-{os.getpid()}"))
    os.chdir(tree)
    os.environ["PYTHONPATH"] = str(tree)
    sys.path.insert(0, str(tree))
    import jsonschema  # noqa: F401
    import pytest  # noqa: F401
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis.strategies import text
    from rapidfuzz.distance import OSA  # noqa: F401

    from waterneedle import knowledge

    assert Path(knowledge.__file__).is_relative_to(tree), knowledge.__file__
    knowledge.points()
    # the same examples each time, and none of the time that shrinking takes
    settings.register_profile(
        "mutation",
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.generate),
    )
    settings.load_profile("mutation")
    given(text())(lambda words: None)()  # reads the tables of Unicode, once for every mutant


def forked(action: Any) -> int:
    """What `action` answers in a fork of this process, from 0 to 255; negative: the signal that ended it."""
    process = os.fork()
    if process == 0:
        os.setsid()
        code = 255
        try:
            silence = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(silence, stream)
            code = action()
        finally:
            os._exit(code)
    _, status = os.waitpid(process, 0)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process, signal.SIGKILL)  # what the tests started
    return os.waitstatus_to_exitcode(status)


class _Selection:
    """A pytest plugin: runs the tests chosen (None: all), times them, and tells `coverage` which one is running."""

    def __init__(self, chosen: frozenset[str] | None = None, recorder: Any = None) -> None:
        self.chosen = chosen
        self.recorder = recorder
        self.failed: set[str] = set()
        self.seconds: dict[str, float] = {}

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        items[:] = [item for item in items if self.chosen is None or item.nodeid in self.chosen]

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.seconds[nodeid] = -time.process_time()  # of this process: others may share the machine
        if self.recorder:
            self.recorder.switch_context(nodeid)

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        self.seconds[nodeid] += time.process_time()

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            self.failed.add(report.nodeid)


def measured(job: tuple[str, str]) -> Baseline:
    """The baseline of one test file: which of its tests reach what, and which have to be left out."""
    module, file = job
    answer = Path(f"{Path(file).stem}.baseline")

    def run() -> int:
        import coverage
        import pytest

        sys.dont_write_bytecode = False  # the mutants read what is written now
        recorder = coverage.Coverage(data_file=None, include=[f"{Path.cwd()}/waterneedle/{module}/*"])
        selection = _Selection(recorder=recorder)
        recorder.start()
        code = pytest.main([file, *PYTEST[1:]], plugins=[selection])
        recorder.stop()
        if code not in (0, 1, 5):
            return 1
        data = recorder.get_data()
        slow = {test for test, seconds in selection.seconds.items() if seconds > SLOW_TEST_S}
        left_out = slow | selection.failed
        reached = {os.path.relpath(path): _thinned(data.contexts_by_lineno(path), left_out) for path in data.measured_files()}
        seconds = sum(taken for test, taken in selection.seconds.items() if test not in left_out)
        answer.write_bytes(pickle.dumps(Baseline(file, seconds, tuple(sorted(left_out)), reached)))
        return 0

    if forked(run) != 0:
        raise RuntimeError(f"{file} cannot be collected")
    return pickle.loads(answer.read_bytes())


def _thinned(tests_by_line: dict[int, list[str]], left_out: set[str]) -> dict[int, tuple[str, ...]]:
    """Some cases of every test at each line: thousands of cases reach the first line of a rule, and few are needed."""
    found = {}
    for line, tests in tests_by_line.items():
        by_function: dict[str, list[str]] = defaultdict(list)
        for test in sorted({*tests} - left_out):
            by_function[test.split("[")[0]].append(test)
        if len(tests) == 1:  # what one test has run may be remembered for the others: they all depend on it
            by_function[""].append("")
        found[line] = tuple(test for cases in by_function.values() for test in _spread(cases))
    return found


def _spread(cases: list[str]) -> list[str]:
    return cases if len(cases) <= MOST_CASES else random.Random(0).sample(cases, MOST_CASES)


def chosen(mutant: Mutant, baseline: Baseline) -> frozenset[str] | None:
    """The tests of a file that may notice `mutant`; None: any of them."""
    lines = baseline.reached.get(mutant.path, {})
    found = {test for line in mutant.lines for test in lines.get(line, ())}
    return None if "" in found else frozenset(found)


def with_tests(mutant: Mutant, baselines: list[Baseline]) -> tuple[Mutant, list[tuple[str, float, frozenset[str]]]]:
    """`mutant` with the files that reach it: their name, how long they take, and the tests of them."""
    found = []
    for one in baselines:
        tests = chosen(mutant, one)
        if tests is None:
            tests = frozenset(test for lines in one.reached.values() for tests in lines.values() for test in tests if test)
        if tests:
            found.append((one.file, one.seconds, tests))
    return mutant, found


def tried(job: tuple[Mutant, list[tuple[str, float, frozenset[str]]]]) -> tuple[Mutant, str]:
    """The mutant and what noticed it: a test file, "timeout", or "" where nothing did."""
    mutant, reaching = job
    mirror = f"test_{Path(mutant.path).stem}"
    reaching.sort(key=lambda one: (-_kills[mutant.path, one[0]], mirror not in one[0], one[1]))

    def run() -> int:
        import pytest

        sys.dont_write_bytecode = True
        for number, (file, seconds, tests) in enumerate(reaching, 1):
            signal.alarm(int(60 + 10 * seconds))
            if pytest.main([file, *PYTEST], plugins=[_Selection(tests)]) not in (0, 5):
                return number
        return 0

    path = Path(mutant.path)
    original = path.read_bytes()
    path.write_text(mutant.source, encoding="utf-8")
    for compiled in path.parent.glob(f"__pycache__/{path.stem}.*.pyc"):
        compiled.unlink()
    try:
        code = forked(run)
    finally:
        path.write_bytes(original)
    if code <= 0:
        return mutant, "timeout" if code else ""
    noticed = reaching[code - 1][0] if code <= len(reaching) else "import"
    _kills[mutant.path, noticed] += 1
    return mutant, noticed


def test_files(root: Path, module: str) -> list[str]:
    found = [
        path
        for name in TESTS[module]
        for path in ([root / name] if name.endswith(".py") else sorted((root / name).glob("test_*.py")))
    ]
    return [str(path.relative_to(root)) for path in found]


# --- report -------------------------------------------------------------------------------------------------------------


def score(module: str, count: int, seed: int) -> float:
    """The share of mutants of `module` that were noticed, in percent; prints it, and those that were not."""
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        root = copied(ROOT, Path(folder, "tree"))  # the work tree may change meanwhile
        mutants = drawn(root, module, count, seed)
        with ProcessPoolExecutor(WORKERS, multiprocessing.get_context("fork"), prepare, (root,)) as pool:
            baselines = list(pool.map(measured, [(module, file) for file in test_files(root, module)]))
            for one in baselines:
                for test in one.left_out:
                    print(f"left out, slow or failing  {test}")
            print(f"{module}: the tests take {sum(one.seconds for one in baselines):.0f} s", flush=True)
            outcomes: list[str] = []
            jobs = [pool.submit(tried, with_tests(one, baselines)) for one in (control(root, mutants[0]), *mutants)]
            for mutant, by in (job.result() for job in as_completed(jobs)):
                if mutant.change == NO_FAULT:
                    if by:
                        raise RuntimeError(f"{by} fails on a module without a fault: the score would mean nothing")
                    continue
                outcomes.append(by)
                if not by:
                    print(f"survived  {mutant.path}:{mutant.line}: {mutant.change}  ({len(outcomes)} tried)", flush=True)
    noticed = Counter(outcomes)
    survived = noticed[""]
    percent = 100 * (1 - survived / len(outcomes))
    print(f"{module}: noticed by {', '.join(f'{Path(by).name} {n}' for by, n in noticed.most_common() if by)}")
    print(
        f"{module}: {percent:.1f} % noticed, {survived} of {len(outcomes)} survived, in {time.monotonic() - start:.0f} s",
        flush=True,
    )
    return percent


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--module", choices=sorted(TESTS), help="both unless given")
    arguments.add_argument("--mutants", type=int, help="how many are drawn (safety 200, dosage 100)")
    arguments.add_argument("--seed", type=int, default=7)
    arguments.add_argument("--least", type=float, default=80.0, help="the score asked for, in percent")
    asked = arguments.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}")
    modules = [asked.module] if asked.module else sorted(TESTS)
    scores = [score(module, asked.mutants or MUTANTS[module], asked.seed) for module in modules]
    sys.exit(min(scores) < asked.least)


if __name__ == "__main__":
    main()
