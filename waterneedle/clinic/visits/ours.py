"""The rules of the clinic itself, which stand beside those of the check and are answered like them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from waterneedle.clinic.visits import asked, hour, reacted, stopped, withheld

RULES = (asked.RULE, hour.RULE, hour.BEFORE, reacted.RULE, stopped.RULE, withheld.RULE)


def title(rule: str) -> str:
    """What it is about, in the reader's language; "" for a rule of the check."""
    match rule:
        case asked.RULE:
            return _("Not asked on the day of the puncture")
        case hour.RULE:
            return _("A syringe past its hour")
        case hour.BEFORE:
            return _("In before its syringe was drawn up")
        case reacted.RULE:
            return _("A reaction on the day of the puncture")
        case stopped.RULE:
            return _("Given after an injection was stopped")
        case withheld.RULE:
            return _("A lot that was withheld since it was drawn up")
    return ""
