"""Reasons that fit a warning, to be taken with one tap. They say what was done or looked at, and never that a rule is wrong.

The words are our own judgement of what is usually written; a person may write any other.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from waterneedle import knowledge
from waterneedle.clinic.visits import asked, hour, reacted, stopped

SLIPS = ("needle_length", "volume_missing")  # a slip, or left out: it is set right; whoever cannot writes why
KIT = "emergency_kit"


def reasons_for(rule: str) -> tuple[str, ...]:
    """At most three, in the reader's language."""
    if rule == hour.RULE:
        return (_("Given in time, charted late"),)
    if rule == reacted.RULE:
        return (_("It has passed; looked at, and the patient wants to go on"),)
    if rule in (stopped.RULE, stopped.OF_THE_CHECK):
        return ()  # what stopped it, and that it is gone, is found out by a person, never offered
    if rule == asked.RULE:
        return ()  # why it could not be asked is a fact of this day: it is written by a person, never offered
    if rule in SLIPS or rule == hour.BEFORE:
        return ()
    if rule == KIT:  # no paper and no patient's word stands in for epinephrine
        return (_("A complete kit was brought here from another room and looked through"),)
    known = knowledge.rules().get(rule)
    return _of_hazard(known.hazard if known else "")


def _of_hazard(hazard: str) -> tuple[str, ...]:
    discussed = _("Talked over with the patient, who agrees")
    match hazard:
        case "bleeding":
            return _("Thin needle, shallow, firm pressure for two minutes"), discussed
        case "lung" | "heart" | "cord" | "eye" | "organ" | "vessel" | "depth":
            return _("Depth held by the fingers; felt for and looked at"), discussed
        case "allergy" | "after" | "consent":
            # What was tolerated, watched or signed is a fact of this patient: it is written by a person, never offered.
            return (discussed,)
        case "law":
            return _("Papers seen today; will be entered"), discussed
        case "container" | "mixture" | "dose" | "volume" | "route":
            return _("Label read again; volume and route are meant so"), discussed
        case "skin":
            return (_("Looked at: nothing speaks against this place"),)  # nobody agrees to skin that was not looked at
        case "limb" | "infection":
            return _("Looked at: nothing speaks against this place"), discussed
        case "pregnancy":
            return _("Asked again today"), discussed
        case _:
            return _("Asked and looked at today"), discussed
