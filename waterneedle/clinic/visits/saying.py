"""What the page says: where an injection is, what is wrong with a typed line, why something was not done."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from waterneedle.clinic.visits.drafts import (
    AlreadySigned,
    ChangedMeanwhile,
    NotAsked,
    NotCharted,
    NotStoodFor,
    OfAnother,
    PutAway,
    Refused,
    Struck,
    TooMuch,
)
from waterneedle.clinic.visits.places import Trouble
from waterneedle.clinic.visits.slips import TooLate
from waterneedle.clinic.web import words

# What an issue says is missing, by the last parts of its path in the contract, as the page calls it.
_MISSING = {
    "consent": gettext_lazy("consent"),
    "consent.covers": gettext_lazy("what the consent names"),
    "consent.signed_by": gettext_lazy("who signed the consent"),
    "emergency_kit.epinephrine_expires": gettext_lazy("date of the epinephrine in the kit"),
    "emergency_kit": gettext_lazy("check of the emergency kit"),
    "jurisdiction": gettext_lazy("jurisdiction"),
    "allergies": gettext_lazy("allergies"),
    "birth_date": gettext_lazy("date of birth"),
    "conditions": gettext_lazy("conditions"),
    "medications": gettext_lazy("medicines"),
    "pregnancy.status": gettext_lazy("pregnancy"),
    "pregnancy.weeks": gettext_lazy("weeks"),
    "weight_kg": gettext_lazy("weight"),
    "height_cm": gettext_lazy("height"),
    "practitioner": gettext_lazy("papers of who injects"),
    "container": gettext_lazy("container"),
    "site.side": gettext_lazy("side"),
    "site.skin": gettext_lazy("skin"),
    "site.level": gettext_lazy("level"),
    "route": gettext_lazy("route"),
    "depth_mm": gettext_lazy("depth"),
    "angle_deg": gettext_lazy("angle"),
    "needle": gettext_lazy("needle"),
    "needle.length_mm": gettext_lazy("needle length"),
    "needle.gauge": gettext_lazy("gauge"),
    "volume_ml": gettext_lazy("volume"),
    "product.allergens": gettext_lazy("what the product contains"),
    "product.strength": gettext_lazy("strength of the product"),
    "contents.product": gettext_lazy("product"),
    "contents.purpose": gettext_lazy("what the fluid is for"),
}
_LIST = re.compile(r"\[\d+\]")


def missing_in_words(fields: Iterable[str]) -> tuple[str, ...]:
    """Fields of the contract as the page calls them, each once; what has no word of its own stays as it is."""
    return tuple(dict.fromkeys(_missing(one) for one in fields))


def _missing(field: str) -> str:
    path, _colon, what = field.partition(": ")
    if what:  # an observation by its name: INR, platelets
        return what
    parts = _LIST.sub("", path).split(".")
    ends = (".".join(parts[start:end]) for end in range(len(parts), 0, -1) for start in range(end))
    return next((str(_MISSING[one]) for one in ends if one in _MISSING), field)


def refusal(refused: NotCharted) -> str:
    """Why nothing was written."""
    match refused:
        case AlreadySigned():
            return _("The visit is signed. What is to be said now is an amendment.")
        case Struck():
            return _("The visit is struck: it stands on the wrong patient. Begin one with the right patient.")
        case ChangedMeanwhile():
            return _("Somebody else has changed this visit. Load the page again.")
        case PutAway():
            return _("This syringe was put down: it was thrown away, or never drawn up. Draw up another.")
        case OfAnother():
            return _("This syringe was not drawn up for this visit: it serves one patient, once.")
        case TooMuch():
            return _("The syringe holds less than that. Draw up another, or give less.")
        case NotAsked():
            return _("Ask before the first puncture: %(what)s. What could not be asked takes a reason.") % {"what": refused}
        case NotStoodFor() | TooLate():
            return str(refused)
        case Refused():
            return _("The check bars this puncture. If it has happened already, say so and why, below it.")
    return _("This was not done: %(why)s.") % {"why": refused}


def side_words() -> dict[str, str]:
    """What the words of the line for a side mean, in the reader's language."""
    return {"l": _("left"), "r": _("right"), "b": _("both sides"), "m": _("midline")}


def trouble_in_words(trouble: Trouble) -> str:
    """One sentence that names the word and, where something is near, what may be meant."""
    sentence = _sentence(trouble)
    if trouble.near and trouble.wrong not in ("no_side", "wrong_side", "out_of_range", "too_fine"):
        return _("%(sentence)s Perhaps: %(near)s.") % {"sentence": sentence, "near": words.listed(trouble.near)}
    return sentence


def _sentence(trouble: Trouble) -> str:
    sides = side_words()
    near = [f"{one} ({sides[one]})" if one in sides else one for one in trouble.near]
    values = {"word": trouble.word, "near": words.listed(near)}
    match trouble.wrong:
        case "empty":
            return _("Nothing is typed yet.")
        case "no_place":
            return _("After “%(word)s” comes a place.") % values
        case "unknown_place":
            return _("“%(word)s” is no point, muscle or region on file.") % values
        case "place_first":
            return _("The place comes first, “%(word)s” after it: st36 b .5 12mm.") % values
        case "other_unit":
            return _("“%(word)s” is no measure of a line: write volumes in mL, lengths in mm (half an inch is 12.7).") % values
        case "two_places":
            return _("“%(word)s” may mean several places.") % values
        case "unknown_word":
            return _("“%(word)s” is not understood.") % values
        case "no_side":
            return _("The side of “%(word)s” is missing: %(near)s.") % values
        case "wrong_side":
            return _("“%(word)s” cannot be the side of this place; it has: %(near)s.") % values
        case "twice":
            return _("“%(word)s” says something for the second time.") % values
        case "needs_unit":
            return _("“%(word)s” needs its unit.") % values
        case "point_slipped":
            return _("“%(word)s” may be two amounts: is a decimal point missing?") % values
        case "out_of_range":
            return _("“%(word)s” is outside of what can be: %(near)s.") % values
        case "too_fine":
            return _("“%(word)s” has more decimals than are kept; the nearest is %(near)s.") % values
        case "elsewhere":
            return _(
                "“%(word)s” is no route of this therapy, and nothing is planned there. If the fluid went there, say so where the "
                "injection is changed.") % values
        case "no_fluid":
            return _("With a needle alone there is no volume and no route.")
