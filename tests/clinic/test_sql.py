"""No statement is built from what somebody typed: what is executed is written in the code."""
from __future__ import annotations

import ast
from pathlib import Path

import pytest

import waterneedle

PACKAGE = Path(waterneedle.__file__).parent
CALLS = {"execute", "executemany", "executescript", "raw", "extra", "RawSQL"}
# What stands for a name of a table, a trigger or a setting, which no parameter can; each comes from the schema or from a list.
FROM_THE_SCHEMA = {
    "clinic/appointments/overlaps.py": {"statement"},
    "clinic/audit/checks.py": {"name"},
    "clinic/audit/frozen.py": {"name", "table", "statement"},
    "clinic/database/backup/making.py": {"name"},
    "clinic/database/prepared.py": {"bare", "self", "sql"},  # what Django has made of a query that is written in the code
    "clinic/database/written.py": {"statement"},  # made of the columns of a model, or handed on
    "clinic/followup/tracing.py": {"statement"},  # one of the two that stand there
    "clinic/patients/finding.py": {"sql"},  # joined from statements that stand there, with a %s for each value
    "clinic/database/sqlite/base.py": {"query"},  # passes on what Django has made
}


def built(path):
    """Each statement in `path` that is made of more than what is written there: line, and the names it is made of."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    constants = {target.id for node in tree.body if isinstance(node, ast.Assign) for target in node.targets
                 if isinstance(target, ast.Name) and target.id.lstrip("_").isupper()}
    allowed = constants | FROM_THE_SCHEMA.get(path.relative_to(PACKAGE).as_posix(), set())
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and _name(call.func) in CALLS and call.args:
            names = made_of(call.args[0]) - allowed
            if names:
                yield f"{path.name}:{call.lineno} {sorted(names)}"


def made_of(node):
    """The names whose values go into the text `node`; those that only decide between two texts do not."""
    if isinstance(node, ast.IfExp):
        return made_of(node.body) | made_of(node.orelse)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return made_of(node.func.value).union(*map(made_of, node.args))
    if isinstance(node, ast.Name):
        return {node.id}
    return set().union(*(made_of(one) for one in ast.iter_child_nodes(node)))


def _name(func):
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


@pytest.mark.parametrize("folder", ["clinic", "api", "config", "cli"])
def test_no_statement_is_built_from_values(folder):
    assert [found for path in sorted((PACKAGE / folder).rglob("*.py")) for found in built(path)] == []


@pytest.mark.parametrize(("source", "names"), [
    ('f"SELECT {typed}"', {"typed"}), ('"SELECT " + typed', {"typed"}), ('"SELECT %s" % typed', {"typed"}),
    ('"SELECT {}".format(typed)', {"typed"}), ("typed", {"typed"}),
    ('"SELECT " + ("a" if typed else "b")', set()), ('"SELECT 1"', set())])
def test_a_built_statement_is_seen(source, names):
    assert made_of(ast.parse(source, mode="eval").body) == names


def test_nothing_is_excused_that_does_not_exist():
    assert [path for path in FROM_THE_SCHEMA if not (PACKAGE / path).is_file()] == []
