"""What the pages of trials say more than once."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from waterneedle import knowledge
from waterneedle.clinic.trials import plan as plans
from waterneedle.clinic.trials.plan import Arm


def cannot_be_opened() -> str:
    return _("The key of this installation does not open what was sealed for this trial. Restore the key that belongs to it.")


def arm_in_words(arm: Arm) -> dict[str, Any]:
    """An arm as a page shows it."""
    product = knowledge.products().get(arm.product)
    return {"name": arm.name, "product": product.name if product else "", "how": arm.how,
            "is_needle": arm.technique == plans.NEEDLE_ONLY, "colour": plans.COLOURS.get(arm.colour, "")}
