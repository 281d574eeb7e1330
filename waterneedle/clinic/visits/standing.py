"""Which warnings may be about a standing fact of the patient: their answer is kept until a day, and not asked for again."""

from __future__ import annotations

# What is judged by this needle, this syringe, this look, or by what is not known yet: the answer to it is given anew each time.
OF_THE_MOMENT = frozenset((
    "beyond_use", "bladder", "container", "cord_depth", "emergency_kit", "eye_depth", "heart_depth", "infection",
    "just_happened", "mixture", "needle_length", "nerve_volume", "new_medicines", "organ_depth", "pleura_depth", "pregnancy",
    "route", "single_dose", "skin", "stated_dose", "strength", "syringe_hour", "vessel_depth", "volume_by_route",
    "volume_missing", "volume_per_muscle", "volume_per_point", "volume_per_session",
))


def may_be_kept(rule: str) -> bool:
    return rule not in OF_THE_MOMENT
