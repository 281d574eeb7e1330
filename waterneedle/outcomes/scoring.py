"""Scores of the instruments on file, and what stands against an answer.

A score is never guessed: too few answers give none. Scoring is `single` (the one answer), `mean`, `sum`,
`truncated_cones` (a limb's volume from its circumferences) or `excess_truncated_cones` (that of the swollen limb less that of the
other one: the first half of the items is the swollen side).
"""
from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence

from waterneedle.knowledge import Instrument
from waterneedle.knowledge.instrument import Item

Answers = Mapping[str, float]
_VOLUMES = ("truncated_cones", "excess_truncated_cones")


def score(instrument: Instrument, answers: Answers) -> float | None:
    """The score of `answers` (item id to value), in the instrument's unit; None where too few items were answered.

    All items must be answered, unless the instrument says how many will do; a sum then stands for all items in
    proportion to those answered. Raises ValueError with everything that is wrong with the answers.

    >>> from waterneedle import knowledge
    >>> score(knowledge.instruments()["next-day"], {"bruise": 1, "soreness": 3})
    4.0
    """
    problems = problems_of_answers(instrument, answers)
    if problems:
        raise ValueError("; ".join(problems))
    values = [float(answers[item.id]) for item in instrument.items if item.id in answers]
    if len(values) < fewest_answers(instrument):
        return None
    if instrument.scoring == "truncated_cones":
        return limb_volume_ml(values, _segment_cm(instrument))
    if instrument.scoring == "excess_truncated_cones":
        marks = len(values) // 2
        return excess_volume_ml(values[:marks], values[marks:], _segment_cm(instrument))
    if instrument.scoring == "sum":
        return math.fsum(values) * len(instrument.items) / len(values)
    return math.fsum(values) / len(values)


def problems_of_answers(instrument: Instrument, answers: Answers) -> tuple[str, ...]:
    """Everything that is wrong with `answers`, each in one clause; a question left out is not wrong."""
    items = {item.id: item for item in instrument.items}
    strangers = [f"{name!r} is not a question of {instrument.id}" for name in answers if name not in items]
    wrong = [f"{name} {problem}" for name, value in answers.items()
             if name in items and (problem := _problem(items[name], value))]
    return (*strangers, *wrong)


def fewest_answers(instrument: Instrument) -> int:
    """How many questions must be answered for a score. A volume has no gaps: every circumference counts."""
    if instrument.scoring in _VOLUMES or instrument.minimum_answered is None:
        return len(instrument.items)
    return instrument.minimum_answered


def limb_volume_ml(circumferences_cm: Sequence[float], segment_cm: float) -> float:
    """Volume of a limb as truncated cones of height `segment_cm` (cm) between neighbouring circumferences (cm), in mL.

    Each cone holds V = h / (12 π) · (C₁² + C₁C₂ + C₂²). Fewer than two circumferences raise ValueError.

    >>> round(limb_volume_ml([20, 20], 4), 3)
    127.324
    """
    if len(circumferences_cm) < 2:
        raise ValueError(f"a volume needs two circumferences, got {len(circumferences_cm)}")
    pairs = itertools.pairwise(circumferences_cm)
    return segment_cm / (12 * math.pi) * math.fsum(one * one + one * next_ + next_ * next_ for one, next_ in pairs)


def excess_volume_ml(swollen_cm: Sequence[float], other_cm: Sequence[float], segment_cm: float) -> float:
    """By how much a swollen limb is larger than the other one, in mL, from the circumferences (cm) at the same marks of both.

    Negative where the other one is larger. For swelling of one side: the other limb stands for what the swollen one would be.
    That is the lymphedema volume of trials (doi 10.1002/14651858.CD003475.pub2). Unequal numbers of marks raise ValueError.

    >>> round(excess_volume_ml([22, 22], [20, 20], 4), 3)
    26.738
    """
    if len(swollen_cm) != len(other_cm):
        raise ValueError(f"both limbs have the same marks, got {len(swollen_cm)} and {len(other_cm)}")
    return limb_volume_ml(swollen_cm, segment_cm) - limb_volume_ml(other_cm, segment_cm)


def _segment_cm(instrument: Instrument) -> float:
    if instrument.segment_cm is None:
        raise ValueError(f"{instrument.id} has no length of its segments on file")
    return instrument.segment_cm


def _problem(item: Item, value: float) -> str | None:
    if not math.isfinite(value):
        return f"must be a number, got {value:g}"
    if item.choices:
        allowed = [choice.value for choice in item.choices]
        return None if value in allowed else f"must be one of {', '.join(f'{one:g}' for one in allowed)}, got {value:g}"
    if item.minimum is not None and value < item.minimum:
        return f"must be at least {item.minimum:g}, got {value:g}"
    if item.maximum is not None and value > item.maximum:
        return f"must be at most {item.maximum:g}, got {value:g}"
    if item.step and not _is_on_step(value - (item.minimum or 0), item.step):
        return f"goes in steps of {item.step:g}, got {value:g}"
    return None


def _is_on_step(distance: float, step: float) -> bool:
    return math.isclose(distance / step, round(distance / step), abs_tol=1e-6)
