"""What the laws on file want taught, in words: `im_epinephrine` is read as “epinephrine into the muscle”.

A topic that no law names is a course's own and stands in the words in which it was written.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

# By the ids of `training_topics` in knowledge/jurisdictions/.
WORDS = {
    "adverse_reactions": _("adverse reactions"),
    "anatomy_review": _("review of anatomy"),
    "aseptic_technique": _("aseptic technique"),
    "compounding_and_administration": _("compounding and administration"),
    "concepts_and_pathophysiology": _("concepts and pathophysiology"),
    "contraindications": _("contraindications"),
    "differential_diagnosis": _("differential diagnosis"),
    "drawing_and_compounding_usp_797_and_records": _("drawing up, compounding by USP 797, and records"),
    "history": _("history"),
    "im_epinephrine": _("epinephrine into the muscle"),
    "indications": _("indications"),
    "injectables_nature_and_contraindications": _("injectables: what they are, and their contraindications"),
    "injection_theory_and_practice": _("theory and practice of injection"),
    "local_anaesthetics": _("local anaesthetics"),
    "orthopaedic_and_neurological_evaluation": _("orthopaedic and neurological evaluation"),
    "oxygen": _("oxygen"),
    "oxygen_and_im_epinephrine": _("oxygen, and epinephrine into the muscle"),
    "pharmaceutical_law": _("law of medicines"),
    "pharmacology_and_biomedical_differential_diagnosis": _("pharmacology and biomedical differential diagnosis"),
    "point_identification_and_palpation": _("finding and palpating points"),
    "recordkeeping": _("keeping records"),
    "scope_of_practice": _("scope of practice"),
    "storage": _("storage"),
    "treatable_diseases_and_injectables": _("diseases that can be treated, and their injectables"),
    "universal_precautions": _("universal precautions"),
    "vapocoolant_spray_and_stretch": _("vapocoolant spray and stretch"),
}


def said(topics: Iterable[str]) -> list[str]:
    """`topics` in words of the language of the page."""
    return [str(WORDS.get(one, one)) for one in topics]


def read(words: Iterable[str]) -> list[str]:
    """Topics of `words` as they were picked or written: the id of one that a law names, else the words themselves."""
    ids = {str(word).casefold(): one for one, word in WORDS.items()}
    return list(dict.fromkeys(ids.get(one.casefold(), one) for one in words))
