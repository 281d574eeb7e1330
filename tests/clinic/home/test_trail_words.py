"""Whatever the rooms write into the trail has words: actions and kinds as they stand in the code, and the steps of each room."""
from __future__ import annotations

import ast
from pathlib import Path

from django.utils import translation

import waterneedle.clinic
from waterneedle.clinic.appointments.models import State
from waterneedle.clinic.home.trail_words import action_words, kind_words, role_words
from waterneedle.clinic.tasks.models import What
from waterneedle.clinic.visits.models import Status, Step

ROOMS = Path(waterneedle.clinic.__file__).parent


def written(name: str, place: int) -> set[str]:
    """The texts given as `name=` to `append`, or at `place` behind `by` to a room's own `_wrote`."""
    found = set()
    for source in ROOMS.glob("*/*.py"):
        for call in ast.walk(ast.parse(source.read_text())):
            if isinstance(call, ast.Call):
                called = ast.unparse(call.func).rpartition(".")[2]
                given = [one.value for one in call.keywords if one.arg == name] if called == "append" else []
                given += call.args[place:place + 1] if called == "_wrote" else []
                found |= {one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return found


def test_every_action_has_words():
    actions = written("action", 1)

    assert len(actions) > 50
    assert actions | {*State.values, *What.values, *Status.values, *Step.values} <= set(action_words())


def test_every_kind_has_words():
    kinds = written("kind", 99)

    assert len(kinds) > 50
    assert kinds <= set(kind_words())


def test_nothing_of_the_trail_stays_english():
    with translation.override("zh-hans"):
        said = [*action_words().values(), *kind_words().values(), role_words("patient, by link"), role_words("machine")]

    assert [one for one in said if one.isascii()] == []
