"""What is felt and seen once the needle is in, and the tight places where fluid presses on a nerve."""

from __future__ import annotations

from collections.abc import Iterator

from waterneedle.safety.issues import Raised, issue, parameter
from waterneedle.safety.reading import Puncture, Reading
from waterneedle.safety.rules.volume import at_one_point, total_ml


def nerve_sensation(plan: Reading) -> Iterator[Raised]:
    """An electric or shooting feeling means a nerve: withdraw, do not inject."""
    for puncture in plan.punctures:
        if puncture.injection.sensation in ("electric", "severe_pain"):
            yield issue("nerve_sensation", puncture.injection.sensation, at=[puncture])


def aspiration(plan: Reading) -> Iterator[Raised]:
    """Blood in the syringe means a vessel: nothing is injected there."""
    bloody = [puncture for puncture in plan.punctures if puncture.injection.aspirated_blood]
    if bloody:
        yield issue("aspiration", "blood", at=bloody)


def nerve_volume(plan: Reading) -> Iterator[Raised]:
    """A small volume where a nerve runs through a tight place; what several lines put into one point is one volume."""
    for punctures in ([puncture] for puncture in plan.injected if puncture.volume_ml is not None):
        yield from _too_much(punctures)
    for punctures in at_one_point(plan):
        if not any(list(_too_much([puncture])) for puncture in punctures):
            yield from _too_much(punctures)


def _too_much(punctures: list[Puncture]) -> Iterator[Raised]:
    limits = parameter("nerve_volume", "most_ml_by_zone")
    tight = [(limits[zone.id], zone.structure) for zone in punctures[0].zones if zone.id in limits]
    most, structure = min(tight, key=lambda one: one[0], default=(None, None))
    total = total_ml(punctures)
    if most is not None and total > most:
        yield issue(
            "nerve_volume", "over", at=punctures, cause=structure.en, structure=structure, volume_ml=total, most_ml=most)


def child_hand(plan: Reading) -> Iterator[Raised]:
    """Hand points of a child: contractures after injections there are described by the hundred."""
    hand = [puncture for puncture in plan.injected if _is_hand(puncture)]
    if not hand or plan.age_years is None:
        return
    if plan.age_years < parameter("child_hand", "child_years"):
        yield issue("child_hand", "child", at=hand)


def _is_hand(puncture: Puncture) -> bool:
    return puncture.body_part in parameter("child_hand", "body_parts")
