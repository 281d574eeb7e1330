"""What should this patient do now? A check-in of ticked symptoms and own words to the gravest level among its reasons.

Never under-calls: what is not known counts as possible, what cannot be placed goes to a person.
"""

import functools
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import msgspec

from waterneedle import knowledge
from waterneedle.safety import documents, issues, names, own_words
from waterneedle.safety.check import spoken
from waterneedle.safety.checkin import CheckIn, Reason, Symptom, Triage

LEVELS = ("none", "self_care", "call_clinic", "urgent", "emergency")
DAY = 24.0  # hours
SEVERE = 8  # of 10
WORSE = 6
LARGE_BRUISE_CM = 10.0
SMALL_CM = 2.0
REDNESS_FADES_H = 72.0
SORENESS_FADES_H = 7 * DAY
BRUISE_FADES_H = 14 * DAY
ACUTE_H = 72.0  # within which weakness and numbness after needles near the spine may be a bleed
LATE_INFECTION_H = 10 * DAY
ANAESTHETIC_H = 6.0

_PAINFUL = ("pain", "soreness", "strong_pain", "pain_severe")
_ON_THE_SKIN = (
    "redness",
    "discoloration",
    "swelling",
    "warmth",
    "nodule",
    "blister",
    "itching",
    "hives",
    "large_bruise",
    "abscess",
)
_OTHER_SYSTEM = (
    "breathlessness",
    "vomiting",
    "nausea",
    "abdominal_pain",
    "dizziness",
    "fainting",
    "palpitations",
    "chest_pain",
    "cough",
    "diarrhoea",
    "confusion",
    "weakness",
    "sweating",
    "anxiety",
)


class Felt(NamedTuple):
    """One symptom the patient has, led to the ids and classes of the vocabulary."""

    words: frozenset[str]
    severity: int | None
    size_cm: float | None
    is_spreading: bool | None
    site: str | None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A check-in as the rules see it."""

    checkin: CheckIn
    felt: tuple[Felt, ...]
    words: frozenset[str]
    zones: frozenset[str] | None  # kinds and ids of the hazard zones under the sites; None: a site is not known
    not_understood: tuple[str, ...]

    @property
    def hours(self) -> float:
        return self.checkin.hours_since_visit

    def has(self, *words: str) -> bool:
        return not self.words.isdisjoint(words)

    def all_with(self, *words: str) -> Iterator[Felt]:
        return (one for one in self.felt if not one.words.isdisjoint(words))

    def may_be_over(self, *zones: str) -> bool:
        """Whether a site lies over one of `zones`, or is not known."""
        return self.zones is None or not self.zones.isdisjoint(zones)

    @property
    def is_severe(self) -> bool:
        """Pain of 8 or more, or called severe."""
        return self.has("pain_severe") or any(_at_least(one, SEVERE) for one in self.all_with(*_PAINFUL, *_ON_THE_SKIN, "bruise"))


def triage(checkin: CheckIn | dict[str, Any], *, language: str | None = None) -> Triage:
    """What to do about `checkin`, a document of the contract or the record of one.

    `language` is that of the words (`en`, `es`, `zh-hans`; else the check-in's own, else English). Raises
    `InvalidDocument` naming the field where `checkin` is not valid.
    """
    document = documents.convert(checkin, CheckIn)
    report = read(document)
    wanted = spoken(language or document.language)
    found = [(rule.__name__, case) for rule in RULES for case in dict.fromkeys(rule(report))]
    found.sort(key=lambda one: -LEVELS.index(_case(*one).level))
    level = max((_case(*one).level for one in found), key=LEVELS.index, default="none")
    return Triage(
        level=level,
        reasons=tuple(_reason(rule, case, report, wanted) for rule, case in found),
        advice=_advice(level, found, wanted),
        not_understood=report.not_understood,
    )


# --- reading ------------------------------------------------------------------------------------------------------------


def read(checkin: CheckIn) -> Report:
    """Every symptom led to its concepts, every site to its hazard zones, and what could not be understood."""
    felt: list[Felt] = []
    missed: list[str] = []
    for number, symptom in enumerate(checkin.symptoms):
        if symptom.present is not False:
            found, unread = _read_symptom(symptom)
            felt += found
            missed += [documents.shortened(text) or f"symptoms[{number}].name" for text in unread]
    if checkin.free_text:
        words = own_words.read(checkin.free_text)
        felt += [Felt(one.words, one.severity, one.size_cm, one.is_spreading, None) for one in words.felt]
        missed += [documents.shortened(text, 120) or "free_text" for text in words.not_understood]
    return Report(
        checkin=checkin,
        felt=tuple(felt),
        words=frozenset().union(*(one.words for one in felt)),
        zones=_zones((*(checkin.sites or ()), *(symptom.site for symptom in checkin.symptoms if symptom.site)), checkin.sites),
        not_understood=tuple(dict.fromkeys(missed)),
    )


def _read_symptom(symptom: Symptom) -> tuple[list[Felt], list[str]]:
    """What one ticked or named symptom means; a name that is only nearly one on file is taken for it and goes to a person too."""
    meaning = names.concept("symptom", symptom.name)
    words = own_words.read(symptom.name)
    if meaning.says_none or (words.denied and not words.felt and not words.not_understood and symptom.present is None):
        return [], []
    found = {word for phrase in words.felt for word in phrase.words}
    for identity in meaning.ids:
        found |= {identity, *knowledge.vocabulary()[identity].classes}
    if symptom.present and words.denied:
        found |= {
            word for text in words.denied for identity in names.concept("symptom", text).ids for word in _words_of(identity)
        }
    is_certain = bool(meaning.ids) and meaning.is_exact and own_words.normal(symptom.name) in own_words.names()
    unread = [] if is_certain else list(words.not_understood)
    if not found or (found <= own_words.MILD and meaning.ids and not meaning.is_exact and not words.felt):
        unread = unread or ([symptom.name] if not own_words.is_harmless(symptom.name) else [])
    if symptom.site and names.point(symptom.site).id is None:
        found |= {
            word
            for phrase in own_words.read(f"{symptom.site} {symptom.name}").felt
            for word in phrase.words
            if not phrase.words <= own_words.MILD
        }
        if found & {"pain", "soreness"} and _is_chest(symptom.site):
            found.add("chest_pain")
    found.discard("feeling_better")
    if not found:
        return [], unread
    measured = [(one.severity, one.size_cm, one.is_spreading) for one in words.felt] or [(None, None, None)]
    return [
        Felt(
            frozenset(found),
            _most(symptom.severity, severity),
            _most(symptom.size_cm, size),
            True if spreads or symptom.spreading else symptom.spreading,
            symptom.site,
        )
        for severity, size, spreads in measured
    ], unread


def _words_of(identity: str) -> set[str]:
    return {identity, *knowledge.vocabulary()[identity].classes}


def _most(one: Any, other: Any) -> Any:
    return max((value for value in (one, other) if value is not None), default=None)


@functools.lru_cache(maxsize=1024)
def _is_chest(site: str) -> bool:
    place = names.region(site)
    return place.id is not None and knowledge.regions()[place.id].body_part == "chest"


def _zones(sites: tuple[str, ...], given: tuple[str, ...] | None) -> frozenset[str] | None:
    if not given:
        return None
    found = [_zones_of(site) for site in sites]
    return None if None in found else frozenset().union(*(zones for zones in found if zones is not None))


@functools.lru_cache(maxsize=4096)
def _zones_of(site: str) -> frozenset[str] | None:
    point, muscle, region = names.point(site), names.muscle(site), names.region(site)
    if point.id is not None:
        muscle = region = names.Place(None)
    if point.id is None and muscle.id is None and region.id is None:
        return None
    trigger = None if muscle.id is None else knowledge.trigger_points()[muscle.id]
    over = [
        zone
        for zone in knowledge.hazard_zones().values()
        if point.id in zone.points
        or (trigger and trigger.muscle in zone.muscles)
        or muscle.id in zone.muscles
        or region.id in zone.regions
    ]
    parts = {
        part.body_part
        for part in (point.id and knowledge.points()[point.id], trigger, region.id and knowledge.regions()[region.id])
        if part
    }
    return frozenset({word for zone in over for word in (zone.kind, zone.id)} | parts)


# --- rules --------------------------------------------------------------------------------------------------------------

Rule = Callable[[Report], Iterator[str]]


def lung(report: Report) -> Iterator[str]:
    """A lung may have been reached; breathlessness and chest pain are an emergency wherever the needle was."""
    is_over = report.may_be_over("lung", "heart", "chest")
    if report.has("breathlessness", "blue_lips"):
        yield "breathless_over_lung" if is_over else "breathless"
    if report.has("chest_pain"):
        yield "chest_pain_over_lung" if is_over else "chest_pain"
    if report.has("cough_blood"):
        yield "cough_blood"
    if report.has("cough"):
        yield "cough_over_lung" if is_over else "cough"
    if report.has("shoulder_tip") and is_over:
        yield "shoulder_tip"


def allergy(report: Report) -> Iterator[str]:
    if report.has("throat_tightness", "tongue_swelling", "face_swelling", "wheeze"):
        yield "airway"
    if report.has("anaphylaxis"):
        yield "anaphylaxis"
    skin = report.has("hives", "itching", "flushing")
    if report.has("hives"):
        yield "hives_and_more" if report.has(*_OTHER_SYSTEM) else "hives"
    elif skin and report.has("breathlessness", "vomiting", "fainting", "abdominal_pain", "palpitations"):
        yield "hives_and_more"
    elif report.has("flushing"):
        yield "flushing"
    if report.has("itching"):
        yield "itching"
    if report.has("anaesthetic_signs"):
        yield "anaesthetic_early" if report.hours <= ANAESTHETIC_H else "anaesthetic_later"


def collapse(report: Report) -> Iterator[str]:
    if report.has("collapse"):
        yield "collapse"
    elif report.has("fainting"):
        yield (
            "fainting_and_more"
            if report.has("palpitations", "chest_pain", "hives", "severe_headache", "vomiting", "abdominal_pain")
            else "fainting"
        )
    if report.has("seizure"):
        yield "seizure"


def stroke(report: Report) -> Iterator[str]:
    one_side = report.has("one_side") and report.has("weakness", "numbness", "tingling", "paralysis", "drooping_face")
    if report.has("stroke", "drooping_face", "slurred_speech") or one_side:
        yield "stroke_signs"
    if report.has("confusion"):
        yield "confusion"
    if report.has("double_vision"):
        yield "double_vision"


def skin_death(report: Report) -> Iterator[str]:
    """Nicolau syndrome and necrotising infection: net-like, black, blistering, spreading and very painful."""
    if report.has("skin_net"):
        yield "net"
    if report.has("skin_black"):
        yield "black"
    spreads = _spreads(report)
    if report.has("blister"):
        yield "blister_painful" if report.is_severe or spreads or report.has("fever", "chills") else "blister"
    if spreads and report.is_severe and report.has("redness", "spreading_redness", "discoloration", "swelling", "growing"):
        yield "spreading_painful"


def spinal_cord(report: Report) -> Iterator[str]:
    if report.has("bladder_bowel_loss"):
        yield "bladder_bowel"
    if report.has("saddle_numbness"):
        yield "saddle"
    if report.has("both_legs") and report.has("weakness", "numbness", "paralysis", "foot_drop"):
        yield "both_legs"
    # A bleed in the spinal canal may look like a stroke: arm and leg of one side, within hours of needles in neck or back.
    acute = report.hours <= ACUTE_H and report.has("weakness", "paralysis") and report.has("numbness", "tingling")
    if acute and report.may_be_over("cord", "medulla", "neck"):
        yield "weak_and_numb"


def head_and_neck(report: Report) -> Iterator[str]:
    neck = report.may_be_over("medulla", "neck", "scalp")
    headache = list(report.all_with("severe_headache"))
    is_grave = (
        report.has("grave_headache")
        or any(_at_least(one, WORSE + 1) for one in headache)
        or (headache and report.has("pain_severe"))
    )
    if headache and (report.has("neck_stiffness", "fever", "vomiting") or is_grave):
        yield "severe_headache"
    elif headache:
        yield "headache_neck_points" if neck else "headache"
    if report.has("neck_stiffness"):
        yield "stiff_neck_points" if neck or report.has("fever") else "stiff_neck"
    if report.has("neck_swelling"):
        yield "neck_swelling"


def eye(report: Report) -> Iterator[str]:
    if report.has("vision_loss"):
        yield "vision_loss"
    if report.has("eye_pain"):
        yield "eye_pain"


def self_harm(report: Report) -> Iterator[str]:
    if report.has("suicidal", "low_mood"):
        yield "self_harm"


def bleeding(report: Report) -> Iterator[str]:
    if report.has("heavy_bleeding"):
        yield "heavy"
    elif any("vaginal_bleeding" not in one.words for one in report.all_with("bleeding")):
        yield "bleeding"
    bruises = list(report.all_with("bruise", "discoloration"))
    if report.has("large_bruise") or (bruises and report.has("growing")) or any(one.is_spreading for one in bruises):
        yield "bruise_growing"
    if any((one.size_cm or 0) > LARGE_BRUISE_CM and one.is_spreading is None for one in bruises) or (
        bruises and report.has("large")
    ):
        yield "bruise_large"
    elif any((one.size_cm or 0) > LARGE_BRUISE_CM for one in bruises):
        yield "bruise_large_still"
    if report.has("bruise") and report.hours > BRUISE_FADES_H:
        yield "bruise_stays"


def pregnancy(report: Report) -> Iterator[str]:
    pregnant = report.checkin.pregnant
    if report.has("pregnant") or report.has("waters_broke", "contractions", "reduced_fetal_movement"):
        pregnant = True
    signs = report.has("waters_broke", "contractions", "reduced_fetal_movement") or (
        pregnant and report.has("fluid_leak", "bleeding")
    )
    if signs or (pregnant and report.has("vaginal_bleeding")):
        yield "signs"
    elif report.has("vaginal_bleeding"):
        yield "bleeding_maybe" if pregnant is None else "bleeding_not"
    if pregnant and report.has("abdominal_pain", "severe_headache", "vomiting", "fever", "itching", "swelling", "large_bruise"):
        yield "unwell"


def nerve(report: Report) -> Iterator[str]:
    if report.has("paralysis"):
        yield "paralysis"
    if report.has("foot_drop"):
        yield "foot_drop"
    elif report.has("weakness"):
        yield "weakness"
    if report.has("numbness"):
        yield "numbness"
    if report.has("tingling"):
        yield "tingling"


def infection(report: Report) -> Iterator[str]:
    late = report.hours >= LATE_INFECTION_H
    if report.has("fever", "chills"):
        yield "fever_late" if late else "fever"
    if (
        report.has("spreading_redness")
        or (report.has("redness", "warmth") and report.has("growing"))
        or any(one.is_spreading for one in report.all_with("redness", "warmth"))
    ):
        yield "spreading_redness"
    if report.has("red_streak"):
        yield "red_streak"
    if report.has("pus"):
        yield "pus_late" if late and not report.has("fever") else "pus"
    if report.has("abscess"):
        yield "abscess_late" if late else "abscess"
    if report.has("nodule"):
        yield "nodule_late" if late else "nodule"
    if report.has("warmth"):
        yield "warmth"


def swelling(report: Report) -> Iterator[str]:
    if report.has("tight_compartment"):
        yield "compartment_nerve" if report.has("numbness", "weakness", "paralysis", "tingling", "cold_limb") else "compartment"
    if report.has("cold_limb"):
        yield "cold_limb"
    if report.has("calf_swelling"):
        yield "calf"
    found = list(report.all_with("swelling"))
    if any(one.is_spreading or _at_least(one, SEVERE) for one in found) or (found and report.has("growing")):
        yield "swelling_growing"
    for one in found:
        is_small = one.size_cm is not None and one.size_cm <= SMALL_CM and not one.is_spreading and not _at_least(one, WORSE)
        yield "swelling_small" if is_small and report.hours <= REDNESS_FADES_H else "swelling"


def pain(report: Report) -> Iterator[str]:
    worst = max((one.severity or 0 for one in report.felt), default=0)
    worst = max(worst, report.checkin.pain_now or 0)
    if report.has("pain_severe") or worst >= SEVERE:
        yield "severe"
    elif report.has("strong_pain") or worst >= WORSE:
        yield "worse"
    elif report.has("soreness", "pain") and report.hours > SORENESS_FADES_H:
        yield "lasting"
    elif report.has("pain") or (report.checkin.pain_now and not report.felt):
        yield "ordinary"


def abdomen(report: Report) -> Iterator[str]:
    if report.has("abdominal_pain"):
        is_over = report.may_be_over("organ", "bladder", "abdomen") or report.is_severe
        yield "pain_over_organ" if is_over else "pain"
    if report.has("blood_in_urine"):
        yield "urine_over_kidney" if report.may_be_over("kidney", "bladder", "lower_back", "abdomen") else "urine"
    if report.has("vomiting"):
        yield "vomiting"
    elif report.has("nausea"):
        yield "nausea"


def expected(report: Report) -> Iterator[str]:
    """What is common after an injection: bruise, soreness, a small redness, a change of colour, tiredness."""
    if report.has("bruise"):
        yield "bruise"
    if report.has("soreness"):
        yield "soreness"
    if report.has("discoloration"):
        yield "discoloration"
    if report.has("fatigue"):
        yield "tired" if report.hours <= REDNESS_FADES_H else "tired_long"
    for one in report.all_with("redness"):
        is_small = (
            one.size_cm <= SMALL_CM if one.size_cm is not None else one.is_spreading is False or "small_redness" in one.words
        )
        yield "redness_small" if is_small and report.hours <= REDNESS_FADES_H else "redness"


def to_be_asked(report: Report) -> Iterator[str]:
    """Symptoms that a practitioner should hear of."""
    if report.has("dizziness"):
        yield "dizziness"
    if report.has("palpitations"):
        yield "palpitations"
    if report.has("needle-broken"):
        yield "needle_broken"
    if report.has("anxiety"):
        yield "anxiety"
    if report.has("shoulder_tip") and not report.may_be_over("lung", "heart", "chest"):
        yield "shoulder"
    if report.has("growing") and not report.has("bruise", "discoloration", "redness", "warmth", "swelling"):
        yield "growing"
    if report.has("fluid_leak") and not report.checkin.pregnant:
        yield "fluid"
    if any(one.words.isdisjoint(HANDLED) for one in report.felt):
        yield "new"


def not_understood(report: Report) -> Iterator[str]:
    if report.not_understood:
        yield "words"


RULES: tuple[Rule, ...] = (
    lung,
    allergy,
    collapse,
    stroke,
    skin_death,
    spinal_cord,
    head_and_neck,
    eye,
    self_harm,
    bleeding,
    pregnancy,
    nerve,
    infection,
    swelling,
    pain,
    abdomen,
    expected,
    to_be_asked,
    not_understood,
)

# What some rule always speaks of; a symptom with none of these is "new".
HANDLED = own_words.NEUTRAL | {
    "breathlessness",
    "blue_lips",
    "chest_pain",
    "cough_blood",
    "cough",
    "shoulder_tip",
    "throat_tightness",
    "tongue_swelling",
    "face_swelling",
    "wheeze",
    "anaphylaxis",
    "hives",
    "itching",
    "flushing",
    "anaesthetic_signs",
    "collapse",
    "fainting",
    "seizure",
    "stroke",
    "drooping_face",
    "slurred_speech",
    "confusion",
    "double_vision",
    "skin_net",
    "skin_black",
    "blister",
    "bladder_bowel_loss",
    "saddle_numbness",
    "severe_headache",
    "neck_stiffness",
    "neck_swelling",
    "vision_loss",
    "eye_pain",
    "suicidal",
    "low_mood",
    "heavy_bleeding",
    "bleeding",
    "large_bruise",
    "bruise",
    "vaginal_bleeding",
    "contractions",
    "waters_broke",
    "reduced_fetal_movement",
    "paralysis",
    "foot_drop",
    "weakness",
    "numbness",
    "tingling",
    "fever",
    "chills",
    "spreading_redness",
    "red_streak",
    "pus",
    "abscess",
    "nodule",
    "warmth",
    "tight_compartment",
    "cold_limb",
    "calf_swelling",
    "swelling",
    "pain_severe",
    "strong_pain",
    "pain",
    "soreness",
    "abdominal_pain",
    "blood_in_urine",
    "vomiting",
    "nausea",
    "discoloration",
    "fatigue",
    "redness",
    "dizziness",
    "palpitations",
    "needle-broken",
    "anxiety",
    "growing",
    "fluid_leak",
}


def _at_least(felt: Felt, severity: int) -> bool:
    return felt.severity is not None and felt.severity >= severity


def _spreads(report: Report) -> bool:
    return report.has("growing", "spreading_redness", "large_bruise") or any(
        one.is_spreading for one in report.all_with(*_ON_THE_SKIN, *_PAINFUL, "bruise")
    )


# --- words --------------------------------------------------------------------------------------------------------------


def _case(rule: str, case: str) -> Any:
    return knowledge.triage_rules()[rule].cases[case]


def _reason(rule: str, case: str, report: Report, language: str) -> Reason:
    found = _case(rule, case)
    words = "; ".join(f"“{text}”" for text in report.not_understood[:5])
    return Reason(
        rule=rule,
        message=issues.in_language(found.message, language, {"words": words}),
        sources=tuple(issues.source_of(citation) for citation in found.sources),
    )


def _advice(level: str, found: list[tuple[str, str]], language: str) -> str:
    """The advice of the level, then what its reasons add to it."""
    cases = [_case(*one) for one in found]
    texts = [
        knowledge.level_advice()[level].text,
        *(case.advice for case in cases if case.advice is not None and case.level == level),
    ]
    return " ".join(dict.fromkeys(issues.in_language(text, language, {}) for text in texts))
