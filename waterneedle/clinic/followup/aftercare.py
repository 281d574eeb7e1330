"""The aftercare sheet: what was injected where, what to expect, when to call, and whom at night. Web and paper say the same.

What to expect and when to call are the words of the knowledge (`knowledge/advice.toml`), with its sources; nothing is added here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from waterneedle import knowledge
from waterneedle.clinic import paper
from waterneedle.clinic.followup.queries import arrangement_of
from waterneedle.clinic.outbox.reaching import language_of
from waterneedle.clinic.visits.models import Signature
from waterneedle.clinic.visits.on_paper_visit import patient_values
from waterneedle.safety.issues import in_language, source_of

TEMPLATE = Path(__file__).with_name("aftercare.typ")


def aftercare_pdf(signature: Signature, language: str = "") -> bytes:
    """On paper, in the patient's language."""
    with translation.override(language or language_of(signature.visit.patient)):
        return paper.render(TEMPLATE, values(signature))


def values(signature: Signature) -> dict[str, Any]:
    """The sheet in the language that is active."""
    language = get_language() or "en"
    arranged = arrangement_of(signature.visit.clinic)
    level = knowledge.level_advice()

    def said(name: str) -> str:
        return in_language(level[name].text, language, {})

    numbers = [
        [_("Emergency"), arranged.emergency_number], [_("Clinic, also at night"), arranged.night_number]
    ]
    whole = patient_values(signature)
    return whole | {
        "title": _("After your injections"),
        "what": whole["title"],
        "numbers_heading": _("Whom to call"),
        "numbers": [row for row in numbers if row[1]],
        "advice": [
            *whole["after_reaction"],
            [_("What to expect: a bruise or soreness"), said("self_care")],
            [_("When to call us"), said("call_clinic")],
            [_("When to be seen today"), said("urgent")],
            [_("When it is an emergency"), said("emergency")],
        ],
        "sources_heading": _("Where this comes from"),
        "sources": list(dict.fromkeys(
            source_of(one).title for name in ("self_care", "call_clinic", "urgent", "emergency") for one in level[name].sources)),
    }
