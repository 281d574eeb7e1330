"""What an exam says about its own questions: how hard each is, and whether who knows more gets it right more often."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from statistics import fmean, pstdev
from typing import Any

import msgspec

from waterneedle.clinic.training.models import Attempt, Course

FEW = 30  # below this the figures say little: our judgement, shown beside them


class ItemFigures(msgspec.Struct, frozen=True, kw_only=True):
    """One question over those who had it. `discrimination` None: all right, all wrong, or nobody differs in the rest."""

    id: str
    text: str
    people: int
    difficulty: float  # share who got it right
    discrimination: float | None  # point-biserial correlation with the share right of the rest of the paper


def of_course(course: Course) -> list[ItemFigures]:
    """Every question of the final exam, over the first paper that each person handed in: who sits again has seen some before."""
    rows = Attempt.objects.filter(
        clinic_id=course.clinic_id, enrolment__course=course, module=None, submitted_at__isnull=False).order_by("number")
    first: dict[int, Attempt] = {}
    for one in rows:
        first.setdefault(one.enrolment_id, one)
    return analysed((one.paper, one.answers) for one in first.values())


def analysed(papers: Iterable[tuple[Sequence[dict[str, Any]], Sequence[int | None]]]) -> list[ItemFigures]:
    """Difficulty and discrimination of each question of `papers` with their answers, the worst discrimination first."""
    met: dict[str, list[tuple[bool, float]]] = {}
    texts: dict[str, str] = {}
    for paper, answers in papers:
        right = [one["right"] == said for one, said in zip(paper, answers, strict=True)]
        for place, one in enumerate(paper):
            rest = (sum(right) - right[place]) / (len(right) - 1) if len(right) > 1 else 0.0
            met.setdefault(one["id"], []).append((right[place], rest))
            texts[one["id"]] = one["text"]
    found = [
        ItemFigures(id=key, text=texts[key], people=len(said), difficulty=fmean(is_right for is_right, _ in said),
                    discrimination=point_biserial([is_right for is_right, _ in said], [rest for _, rest in said]))
        for key, said in met.items()]
    return sorted(found, key=lambda one: (one.discrimination is None, one.discrimination or 0, one.id))


def point_biserial(is_right: Sequence[bool], score: Sequence[float]) -> float | None:
    """Correlation of a yes-or-no with a number: (M1 - M0) / s * sqrt(p q), s over everybody. None where one does not vary."""
    share, deviation = fmean(is_right), pstdev(score)
    if share in (0, 1) or math.isclose(deviation, 0, abs_tol=1e-12):
        return None
    right = fmean(one for one, ok in zip(score, is_right, strict=True) if ok)
    wrong = fmean(one for one, ok in zip(score, is_right, strict=True) if not ok)
    return (right - wrong) / deviation * math.sqrt(share * (1 - share))
