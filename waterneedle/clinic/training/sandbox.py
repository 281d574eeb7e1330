"""Charting for patients that do not exist: each has a trap that the safety check knows. Nothing of it becomes a visit.

A case names the plan that falls into its trap and one that does not; the tests put both before the check.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from waterneedle import knowledge
from waterneedle.clinic.visits import line
from waterneedle.safety.check import check
from waterneedle.safety.plan import (
    Allergy,
    Assessment,
    Condition,
    Consent,
    Container,
    Content,
    EmergencyKit,
    Injection,
    Medication,
    Needle,
    Patient,
    Plan,
    Practitioner,
    Pregnancy,
    Site,
    Today,
)

B12, SALINE = "cyanocobalamin-1000mcg-ml", "sodium-chloride-0.9-preservative-free"
LIDOCAINE, TRAUMEEL = "lidocaine-1pct-preservative-free", "traumeel-injection-medinatura"
PRODUCTS = (B12, SALINE, LIDOCAINE, TRAUMEEL)
MOST_LINES = 20


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A patient as they tell it, and the rules that the trap is about. `falls` and `passes` are (product, lines)."""

    id: str
    story: Promise | str
    patient: Patient
    traps: tuple[str, ...]
    falls: tuple[str, str]
    passes: tuple[str, str]


def _well(**known: object) -> Patient:
    base = Patient(
        birth_date=datetime.date(1982, 5, 4), sex="female", height_cm=168, weight_kg=66,
        pregnancy=Pregnancy(status="not_pregnant"), conditions=(), allergies=(), medications=())
    return msgspec.structs.replace(base, **known)


CASES: dict[str, Case] = {one.id: one for one in (
    Case(
        id="cobalt", traps=("allergy",),
        story=_("A woman of 44 with knee pain. Metal buttons give her a rash; a patch test named cobalt. She asks for B-12."),
        patient=_well(allergies=(Allergy(substance="cobalt", severity="moderate"),)),
        falls=(B12, "st36 l .5 10mm sc"), passes=(SALINE, "st36 l .5 10mm sc")),
    Case(
        id="shoulder", traps=("pleura_depth",),
        story=_("A slender woman of 44, stiff between neck and shoulder, who wants it at the sorest place: GB21."),
        patient=_well(weight_kg=49), falls=(B12, "gb21 l .3 25mm im"), passes=(B12, "li11 l .3 8mm sc")),
    Case(
        id="expecting", traps=("pregnancy",),
        story=_("A woman of 31 in the ninth week, sick each morning and with a headache."),
        patient=_well(birth_date=datetime.date(1995, 2, 3), pregnancy=Pregnancy(status="pregnant", weeks=9)),
        falls=(SALINE, "li4 b .2 6mm sc"), passes=(SALINE, "pc6 l .2 5mm sc")),
    Case(
        id="arm", traps=("lymphoedema",),
        story=_("A woman of 58 whose left arm has been swollen since the lymph nodes were taken out. Her left elbow hurts."),
        patient=_well(
            birth_date=datetime.date(1968, 1, 9),
            conditions=(Condition(name="lymphoedema", region="arm", side="left"),)),
        falls=(SALINE, "li11 l .3 8mm sc"), passes=(SALINE, "st36 r .3 10mm sc")),
    Case(
        id="sight", traps=("leber",),
        story=_("A man of 29, tired. An uncle lost his sight; he himself carries Leber's disease. He has read about B-12."),
        patient=_well(
            birth_date=datetime.date(1997, 6, 1), sex="male", pregnancy=Pregnancy(status="not_applicable"),
            conditions=(Condition(name="Leber's hereditary optic neuropathy"),)),
        falls=(B12, "st36 b .5 10mm sc"), passes=(SALINE, "st36 b .5 10mm sc")),
    Case(
        id="thinner", traps=("anticoagulant",),
        story=_("A man of 71 with an aching buttock. He takes apixaban for his heart."),
        patient=_well(
            birth_date=datetime.date(1955, 3, 3), sex="male", pregnancy=Pregnancy(status="not_applicable"),
            medications=(Medication(name="apixaban"),)),
        falls=(SALINE, "gb30 r 3 40mm im"), passes=(SALINE, "st36 r .3 6mm sc")),
)}


class NotATypedPlan(ValueError):
    """Lines that could not be read: each as it was typed, with the word that was not understood."""

    def __init__(self, wrong: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{text}: {word}" for text, word in wrong))
        self.wrong = wrong


def plan_of(case: Case, product: str, text: str, *, jurisdiction: str, on: datetime.date, language: str | None = None) -> Plan:
    """The plan that was typed for the patient of `case`, by somebody whose papers are in order. Raises NotATypedPlan."""
    injections: list[Injection] = []
    wrong: list[tuple[str, str]] = []
    for typed in [one.strip() for one in text.splitlines() if one.strip()][:MOST_LINES]:
        said, troubles = line.read(typed)
        if said is None:
            wrong.append((typed, troubles[0].word or troubles[0].wrong))
            continue
        injections += [_injection(said, side, product, on, len(injections)) for side in said.sides]
    if wrong or not injections:
        raise NotATypedPlan(wrong or [("", "")])
    far = on + datetime.timedelta(days=365)
    return Plan(
        date=on, jurisdiction=jurisdiction, patient=case.patient, injections=tuple(injections), language=language,
        practitioner=Practitioner(
            profession=_profession(jurisdiction, on), license_expires=far, training_hours=100, hands_on_hours=40,
            emergency_training_hours=10, certified_on=on - datetime.timedelta(days=30), certificate_expires=far, cpr_expires=far),
        consent=Consent(signed_on=on, covers=PRODUCTS, signed_by="patient"),
        emergency_kit=EmergencyKit(epinephrine_expires=far, oxygen=True),
        today=Today(identity_confirmed=True, fever_or_infection=False, new_medicines=False, eaten=True, lying_down=True))


def assess(case: Case, said: Mapping[str, str], *, jurisdiction: str, on: datetime.date, language: str) -> Assessment:
    return check(plan_of(case, said["product"], said["lines"], jurisdiction=jurisdiction, on=on, language=language))


def is_solved(assessment: Assessment) -> bool:
    """Whether the plan goes round the trap: nothing of it is barred."""
    return assessment.verdict != "block"


def _profession(jurisdiction: str, on: datetime.date) -> str:
    """A profession that may inject there: which one it is, is no part of the trap."""
    place = knowledge.jurisdictions().get(jurisdiction.upper())
    period = place and place.period(on)
    return ((period and period.professions) or ("acupuncturist",))[0]


def _injection(said: line.Line, side: str, product: str, on: datetime.date, number: int) -> Injection:
    far = (on + datetime.timedelta(days=300)).isoformat()
    vial = Container(kind="single_dose_vial", lot="SANDBOX", expires=far, opened=False, used_for_another_patient=False)
    volume_ml = None if said.volume_ml is None else float(said.volume_ml)
    content = Content(product=product, volume_ml=volume_ml, container=vial)
    place = {said.kind: said.place}
    needle_only = said.technique == "needle_only"
    return Injection(
        id=str(number + 1), site=Site(side=side, skin="intact", level=said.level or None, **place),
        contents=() if needle_only else (content,), technique=said.technique, route=said.route,
        needle=Needle(gauge=said.gauge or 30, length_mm=float(said.length_mm or 13), used_before=False),
        depth_mm=None if said.depth_mm is None else float(said.depth_mm),
        angle_deg=90 if said.angle_deg is None else said.angle_deg)
