"""The rules of triage: what each hears in a report, in the order in which people want to read it.

A rule yields the cases it finds. Levels, words, sources and the numbers it compares with are `knowledge/triage/<rule>.toml`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

from waterneedle import knowledge
from waterneedle.safety.checkin import CheckIn
from waterneedle.safety.own_words import NEUTRAL
from waterneedle.safety.report import Felt, Report

Rule = Callable[[Report], Iterator[str]]


def calls_for_help(report: Report) -> Iterator[str]:
    """Who asks for an ambulance or cries for help has said enough."""
    if report.has("calls_for_help"):
        yield "asked"


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
        yield "hives_and_more" if report.has(*parameter("allergy", "other_system")) else "hives"
    elif skin and report.has("breathlessness", "vomiting", "fainting", "abdominal_pain", "palpitations"):
        yield "hives_and_more"
    elif report.has("flushing"):
        yield "flushing"
    if report.has("itching"):
        yield "itching"
    if report.has("anaesthetic_signs"):
        yield "anaesthetic_early" if report.hours <= parameter("allergy", "anaesthetic_h") else "anaesthetic_later"


def collapse(report: Report) -> Iterator[str]:
    if report.has("collapse"):
        yield "collapse"
    elif report.has("fainting_again"):
        yield "fainting_again"
    elif report.has("fainting"):
        if report.has(*parameter("collapse", "with_fainting")):
            yield "fainting_and_more"
        else:
            is_explained = all("fainting_explained" in one.words for one in report.all_with("fainting"))
            yield "fainting_explained" if is_explained else "fainting"
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
        yield "blister_painful" if _is_severe(report) or spreads or report.has("fever", "chills") else "blister"
    changed = report.has(
        "redness", "spreading_redness", "discoloration", "swelling", "growing", "warmth", "bruise", "large_bruise", "abscess"
    )
    if spreads and changed and _is_severe(report):
        yield "spreading_painful"


def spinal_cord(report: Report) -> Iterator[str]:
    if report.has("bladder_bowel_loss"):
        yield "bladder_bowel"
    if report.has("saddle_numbness"):
        yield "saddle"
    if report.has("both_legs") and report.has("weakness", "numbness", "paralysis", "foot_drop"):
        yield "both_legs"
    # A bleed in the spinal canal may look like a stroke: arm and leg of one side, within hours of needles in neck or back.
    acute = report.hours <= parameter("spinal_cord", "acute_h") and report.may_be_over("cord", "medulla", "neck")
    if acute and report.has("weakness", "paralysis") and report.has("numbness", "tingling"):
        yield "weak_and_numb"


def head_and_neck(report: Report) -> Iterator[str]:
    neck = report.may_be_over("medulla", "neck", "scalp")
    headache = list(report.all_with("severe_headache"))
    is_grave = (
        report.has("grave_headache")
        or any(one.is_at_least(parameter("head_and_neck", "grave")) for one in headache)
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
    large = [one for one in bruises if one.is_wider_than(parameter("bleeding", "large_cm"))]
    if any(one.is_spreading is None for one in large) or (bruises and report.has("large")):
        yield "bruise_large"
    elif any(not one.is_spreading for one in large):
        yield "bruise_large_still"
    if report.has("bruise") and report.hours > parameter("bleeding", "fades_h"):
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
    late = report.hours >= parameter("infection", "late_h")
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
    grows = any(one.is_spreading for one in found) or (found and report.has("growing"))
    if grows or any(one.is_at_least(parameter("pain", "severe")) for one in found):
        yield "swelling_growing"
    is_early = report.hours <= parameter("swelling", "fades_h")
    for one in found:
        is_calm = not one.is_spreading and not one.is_at_least(parameter("pain", "worse"))
        is_small = one.size_cm is not None and not one.is_wider_than(parameter("swelling", "small_cm"))
        yield "swelling_small" if is_early and is_calm and is_small else "swelling"


def pain(report: Report) -> Iterator[str]:
    worst = max((one.severity or 0 for one in report.felt), default=0)
    worst = max(worst, report.checkin.pain_now or 0)
    if report.has("pain_severe") or worst >= parameter("pain", "severe"):
        yield "severe"
    elif report.has("strong_pain") or worst >= parameter("pain", "worse"):
        yield "worse"
    elif report.has("soreness", "pain") and report.hours > parameter("pain", "lasting_h"):
        yield "lasting"
    elif report.has("pain") or (report.checkin.pain_now and not report.felt):
        yield "ordinary"


def abdomen(report: Report) -> Iterator[str]:
    if report.has("abdominal_pain"):
        is_over = report.may_be_over("organ", "bladder", "abdomen") or _is_severe(report)
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
    is_early = report.hours <= parameter("expected", "fades_h")
    if report.has("fatigue"):
        yield "tired" if is_early else "tired_long"
    for one in report.all_with("redness"):
        is_small = not one.is_wider_than(parameter("expected", "small_cm"))
        if one.size_cm is None:
            is_small = one.is_spreading is False or "small_redness" in one.words
        yield "redness_small" if is_early and is_small else "redness"


def to_be_asked(report: Report) -> Iterator[str]:
    """Symptoms that a practitioner should hear of, and any that no rule speaks of."""
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
    if not all(_has_a_rule(one.words) for one in report.felt):
        yield "new"


def not_understood(report: Report) -> Iterator[str]:
    if report.not_understood:
        yield "words"


RULES: tuple[Rule, ...] = (
    calls_for_help,
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


@functools.cache
def parameter(rule: str, name: str) -> Any:
    """The number or the words that `rule` compares with."""
    return knowledge.triage_rules()[rule].parameters[name].value


def _is_severe(report: Report) -> bool:
    """Pain of 8 or more, or called severe."""
    felt = report.all_with(*parameter("skin_death", "at_the_place"))
    return report.has("pain_severe") or any(one.is_at_least(parameter("pain", "severe")) for one in felt)


def _spreads(report: Report) -> bool:
    felt = report.all_with(*parameter("skin_death", "at_the_place"))
    return report.has("growing", "spreading_redness", "large_bruise") or any(one.is_spreading for one in felt)


_ASKED = frozenset({"dizziness", "palpitations", "needle-broken", "anxiety", "growing"})  # spoken of by `to_be_asked` alone


@functools.lru_cache(maxsize=4096)
def _has_a_rule(words: frozenset[str]) -> bool:
    """Whether some rule speaks of a symptom of these `words` that stands alone, however mild it is."""
    if not words.isdisjoint(NEUTRAL | _ASKED):
        return True
    checkin = CheckIn(hours_since_visit=0, symptoms=(), pregnant=True)
    alone = Report(checkin=checkin, felt=(Felt(words),), words=words, zones=None, not_understood=())
    return any(case for rule in RULES if rule is not to_be_asked for case in rule(alone))
