"""What is in a syringe, whatever its vials: what has to be the same for a volume to be the same dose."""

from __future__ import annotations

from waterneedle.clinic.visits.models import Syringe, total_ml
from waterneedle.clinic.web import words


def fluid_of(syringe: Syringe) -> str:
    """Which fluids are in it: products on file, else what the shelf keeps. Of a mixture with the share of each: in another one
    the same volume is another dose."""
    drawn = [(one.vial.lot.item.product or str(one.vial.lot.item.uid), one.volume_ml) for one in syringe.contents]
    if len(drawn) == 1:
        return drawn[0][0]
    return " + ".join(sorted(f"{fluid} {ml / total_ml(syringe.contents):.3f}" for fluid, ml in drawn))


def name_of(syringe: Syringe) -> str:
    """Its fluids as the shelf calls them, of a mixture with what was drawn of each."""
    drawn = [(one.vial.lot.item.name, one.volume_ml) for one in syringe.contents]
    return drawn[0][0] if len(drawn) == 1 else " + ".join(f"{name} {words.amount(ml, 'mL')}" for name, ml in drawn)
