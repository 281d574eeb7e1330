"""Which warnings are about a standing fact of patient or product: their answer is kept until a day, and not asked for again."""

from __future__ import annotations

# All others are judged by this needle, this syringe, this look, or by what nobody has asked yet: their answer is given anew each
# time. So is that of a rule which nobody has put here.
STANDING = frozenset((
    "allergy", "anaphylaxis_history", "anticoagulant", "antiplatelet", "beta_blocker", "bleeding_disorder", "heart_valve",
    "immunosuppression", "kidney_aluminium", "leber", "lung_disease", "lymphoedema", "platelets", "product_age", "product_status",
    "substance_caution", "sulfite_asthma",
))


def may_be_kept(rule: str) -> bool:
    return rule in STANDING
