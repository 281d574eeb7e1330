"""Whether any document at all, however broken, ends in something other than a valid answer or `InvalidDocument`.

    python bench/fuzz.py [--seconds 60] [--seed 7]

Damages plans and check-ins at random, as bytes and as structures, with words that are on file and words that are nowhere;
reads and checks each. The answer must be valid against the published schema and take less than 5 s. The documents
depend on the seed alone. Prints what failed, with the document, and ends with 1.
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import functools
import json
import operator
import os
import platform
import random
import re
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import msgspec

from waterneedle import knowledge, safety
from waterneedle.safety import documents
from waterneedle.safety.check import check
from waterneedle.safety.checkin import CheckIn
from waterneedle.safety.plan import Plan
from waterneedle.safety.triage import triage

ROOT = Path(__file__).resolve().parent.parent
CONTRACTS = Path(next(iter(safety.__path__))) / "contracts"
LONGEST_S = 5.0
MOST_FAILURES = 10

_ODD = (
    None,
    True,
    False,
    0,
    -1,
    1,
    0.1,
    13,
    150,
    1e-300,
    1e300,
    2**63,
    -(2**63),
    2**70,
    "",
    " ",
    "\x00",
    "\ud800",
    "‮LI4",
    "足三里",
    "٣",
    "none",
    "no",
    "NKDA",
    "2026-11-22",
    "2026-02-30",
    "0001-01-01",
    "9999-12-31",
    "planned",
    "unknown",
    "x" * 3000,
    "a b " * 800,
    "不" * 500,
    "no " * 300 + "pain",
    [],
    {},
    [[]],
    [None],
    {"name": "?"},
    {"": ""},
    [{}] * 60,
)
_TOKENS = (
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b'"',
    b"\\",
    b"null",
    b"NaN",
    b"-Infinity",
    b"1e999",
    b"-0",
    b"\\ud800",
    b"\\u0000",
    b"\xef\xbb\xbf",
    b"\xff",
    b"\xf0\x9f\x92\x89",
    b"[" * 2000,
    b'{"a":' * 1500,
    b"/**/",
    b"\n",
    b'"id":"1",',
    b'"site":{},',
)


class Target(NamedTuple):
    """One kind of document, what answers it, and the schema of the answer."""

    type_: type
    answer: Callable[[Any], Any]
    schema: jsonschema.Draft202012Validator
    seeds: tuple[Any, ...]
    fields: tuple[str, ...]
    words: tuple[str, ...]


def targets() -> tuple[Target, ...]:
    plan, checkin = (json.loads((ROOT / "examples" / name).read_bytes()) for name in ("plan.json", "checkin.json"))
    plans = [plan, *(_changed(plan, example.set) for rule in knowledge.rules().values() for example in rule.examples)]
    places = [name for kind in ("point", "muscle", "region") for name in knowledge.names(kind)]
    known = [word for kind in ("product", "substance", "condition", "medication", "allergy") for word in knowledge.names(kind)]
    symptoms = [*knowledge.names("symptom")]
    checkins = [checkin, *(example.checkin for rule in knowledge.triage_rules().values() for example in rule.examples)]
    return (
        Target(Plan, check, _schema("assessment"), tuple(plans), _fields("plan"), (*places, *known)),
        Target(CheckIn, triage, _schema("triage"), tuple(checkins), _fields("checkin"), (*places, *symptoms)),
    )


def _changed(plan: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """`plan` with each change put in as far as its place is there."""
    plan = copy.deepcopy(plan)
    for path, value in changes.items():
        *way, last = [int(number) if number else name for name, number in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path)]
        with contextlib.suppress(KeyError, IndexError, TypeError):
            functools.reduce(operator.getitem, way, plan)[last] = value
    return plan


def _schema(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads((CONTRACTS / f"{name}.schema.json").read_bytes()))


def _fields(name: str) -> tuple[str, ...]:
    def within(schema: Any) -> set[str]:
        parts = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
        own = set(schema.get("properties", ())) if isinstance(schema, dict) else set()
        return own.union(*(within(part) for part in parts))

    return tuple(sorted(within(json.loads((CONTRACTS / f"{name}.schema.json").read_bytes()))))


# --- damage -------------------------------------------------------------------------------------------------------------


def damaged(target: Target, chance: random.Random) -> bytes:
    """A document of `target`, hurt in some places: mostly where it stays readable, then its structure, then its bytes."""
    document = copy.deepcopy(chance.choice(target.seeds))
    for _ in range(chance.choice((1, 2, 3, 5))):
        _reword(*chance.choice(list(_places(document))), target, chance)
    for _ in range(chance.choice((0, 0, 0, 1, 3))):
        _hurt(document, target, chance)
    content = json.dumps(document, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
    for _ in range(chance.choice((0, 0, 0, 0, 1, 3))):
        content = _hurt_bytes(content, chance)
    return content


def _reword(holder: Any, key: Any, target: Target, chance: random.Random) -> None:
    """Another value of the same kind, so that the document is likely to be read still."""
    match holder[key]:
        case bool() as value:
            holder[key] = chance.choice((not value, None))
        case int() | float() as value:
            holder[key] = chance.choice((value * chance.choice((0.1, 0.5, 2, 10)), value + 1, 0, None))
        case str() as value if key not in ("schema", "date", "expires", "signed_on"):
            holder[key] = _hurt_text(value, target, chance)
        case list() as value if value:
            chance.shuffle(value)
            value.extend(copy.deepcopy(value[:1]) * chance.choice((0, 1, 30)))
        case dict() as value if value:
            value.pop(chance.choice(list(value)))


def _hurt(document: Any, target: Target, chance: random.Random) -> None:
    """Any value in any place."""
    places = list(_places(document))
    holder, key = chance.choice(places)
    value = _value(places, target, chance)
    match chance.randrange(4):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, list):
            holder.extend(copy.deepcopy(holder[key]) for _ in range(chance.choice((1, 3, 30))))
        case 2 if isinstance(holder, dict):
            holder[chance.choice(target.fields)] = value
        case _:
            holder[key] = value


def _value(places: list[tuple[Any, Any]], target: Target, chance: random.Random) -> Any:
    match chance.randrange(4):
        case 0:
            return copy.deepcopy(chance.choice(_ODD))
        case 1:
            holder, key = chance.choice(places)
            return copy.deepcopy(holder[key])
        case 2:
            return [chance.choice(target.words) for _ in range(chance.randrange(4))]
        case _:
            return _hurt_text(chance.choice(target.words), target, chance)


def _hurt_text(text: str, target: Target, chance: random.Random) -> str:
    at = chance.randrange(len(text) + 1)
    other = chance.choice(target.words)
    return chance.choice(
        (
            other,
            f"{text} {other}",
            f"no {text}",
            f"{text}, {other}; {text}",
            text[:at] + text[at + 1 :],
            text[:at] + chr(chance.randrange(0xD800)) + text[at:],
            text[::-1],
            text.upper(),
            f"{text} {chance.randrange(99)}",
            f"{text}?" * chance.choice((1, 50)),
        )
    )


def _places(document: Any) -> Any:
    """Each place below the top, as what holds it and the key."""
    pairs = document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    for key, value in list(pairs):
        yield document, key
        yield from _places(value)
    if document == {}:
        document["id"] = None
        yield document, "id"


def _hurt_bytes(content: bytes, chance: random.Random) -> bytes:
    start, end = sorted(chance.randrange(len(content) + 1) for _ in range(2))
    return chance.choice(
        (
            content[:start],
            content[:start] + content[end:],
            content[:end] + content[start:],
            content[:start] + chance.choice(_TOKENS) + content[start:],
            content[:start] + bytes([chance.randrange(256)]) + content[start + 1 :],
        )
    )


# --- run ----------------------------------------------------------------------------------------------------------------


def outcome(target: Target, content: bytes) -> str:
    """ "answered" or "refused"; anything else raises."""
    start = time.perf_counter()
    try:
        found = target.answer(documents.read(content, target.type_))
        encoded = json.loads(msgspec.json.encode(found))
        result = "answered"
    except documents.InvalidDocument as error:
        str(error).encode()
        result = "refused"
    if (seconds := time.perf_counter() - start) > LONGEST_S:
        raise TimeoutError(f"{seconds:.1f} s")
    if result == "answered":
        target.schema.validate(encoded)
    return result


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seconds", type=float, default=60)
    arguments.add_argument("--seed", type=int, default=7)
    asked = arguments.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}")
    kinds, outcomes, failures, slowest = targets(), Counter[str](), 0, 0.0
    end = time.monotonic() + asked.seconds
    number = 0
    while time.monotonic() < end and failures < MOST_FAILURES:
        number += 1
        target = kinds[number % len(kinds)]
        content = damaged(target, random.Random(f"{asked.seed} {number}"))
        start = time.perf_counter()
        try:
            outcomes[f"{target.type_.__name__} {outcome(target, content)}"] += 1
        except Exception:  # what the program looks for
            failures += 1
            print(f"--- document {number}, a {target.type_.__name__}\n{traceback.format_exc(limit=-4)}\n{content[:2000]!r}\n")
        slowest = max(slowest, time.perf_counter() - start)
    counts = ", ".join(f"{name} {count}" for name, count in sorted(outcomes.items()))
    print(
        f"seed {asked.seed}: {number} documents in {asked.seconds:.0f} s: {counts}; slowest {slowest:.2f} s; {failures} failures"
    )
    sys.exit(failures > 0)


if __name__ == "__main__":
    main()
