"""Two hundred invented patients over two years: the same ones for the same seed, with what people have at published rates."""

from __future__ import annotations

import datetime
import random
import tomllib
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.patients import actions
from waterneedle.clinic.patients.models import FactKind, Patient
from waterneedle.config.demo.names import COMPLAINTS, FAMILIES, SHARE_OF_LANGUAGE, STREETS

RATES = tomllib.loads((Path(__file__).parent / "rates.toml").read_text(encoding="utf-8"))["rate"]
SHARE_OF_WOMEN = 0.6  # our own choice: more women than men have acupuncture, the abstracts read give no share
YEARS = 2


def make_patients(count: int, desk: Access, treating: Access, now: datetime.datetime, chance: random.Random) -> list[Patient]:
    """`count` patients over the last two years, the oldest first, and with them one duplicate and one child with a parent."""
    moments = sorted(now - datetime.timedelta(days=chance.uniform(1, YEARS * 365)) for _ in range(count))
    made = [_patient(desk, treating, at, chance) for at in moments]
    made.append(_twice(made[count // 3], desk))
    made.append(_child(made[-2], desk))
    return made


def person(at: datetime.datetime, chance: random.Random) -> dict[str, Any]:
    """The demographics of one invented person who comes at `at`."""
    language = chance.choices(list(SHARE_OF_LANGUAGE), list(SHARE_OF_LANGUAGE.values()))[0]
    women, men, families = FAMILIES[language]
    sex = "female" if chance.random() < SHARE_OF_WOMEN else "male"
    age_years = min(92.0, max(18.1, chance.gauss(51, 16)))
    return {
        "given_name": chance.choice(women if sex == "female" else men),
        "family_name": chance.choice(families),
        "birth_date": (at - datetime.timedelta(days=age_years * 365.25)).date(),
        "sex": sex,
        "language": language if language != "en" else "",
        "needs_interpreter": language == "zh-hans" and chance.random() < 0.5,
        "phone": f"+1 206 555 0{chance.randint(100, 199)}",
        "email": f"patient{chance.randint(1000, 9999)}@example.org",
        "address": f"{chance.randint(2, 99)} {chance.choice(STREETS)}",
    }


def _patient(desk: Access, treating: Access, at: datetime.datetime, chance: random.Random) -> Patient:
    patient = actions.create_patient(clinic=desk.clinic, by=desk, fields=person(at, chance))
    Patient.objects.filter(pk=patient.pk).update(made_at=at)
    if chance.random() < 0.9:  # the others have not been asked yet
        ask_health(patient, patient.age_on(at.date()) or 0, treating, at, chance, RATES)
    return patient


def ask_health(
    patient: Patient, age_years: int, treating: Access, at: datetime.datetime, chance: random.Random,
    rates: Sequence[dict[str, Any]],
) -> None:
    """Enter what a patient has, by `rates` (shaped as in `rates.toml`), and what was asked and is not so."""
    said: dict[str, set[str]] = {kind: set() for kind in FactKind.values}
    said[FactKind.CONDITION].add(chance.choice(COMPLAINTS))
    for rate in rates:
        if rate.get("from_age", 0) <= age_years <= rate.get("to_age", 200) and chance.random() < rate["share"]:
            said[rate["fact"]].add(rate["said"])
    for kind, facts in said.items():
        for one in sorted(facts):
            actions.add_fact(patient=patient, kind=kind, said=one, by=treating)
        if not facts:
            actions.say_none(patient=patient, kind=kind, by=treating)
    height_cm = chance.gauss(176, 7) if patient.sex == "male" else chance.gauss(163, 7)
    weight_kg = (height_cm / 100) ** 2 * min(42.0, max(18.0, chance.gauss(27, 5)))
    for kind, value in (("height_cm", height_cm), ("weight_kg", weight_kg)):
        actions.add_measure(patient=patient, kind=kind, value=Decimal(round(value)), measured_on=at.date(), by=treating)
    if patient.sex == "female":
        actions.say_pregnancy(patient=patient, status="not_applicable" if age_years > 55 else "not_pregnant", by=treating)


def _twice(patient: Patient, desk: Access) -> Patient:
    """The same person entered once more by somebody in a hurry."""
    fields: dict[str, Any] = {
        "given_name": patient.given_name,
        "family_name": patient.family_name,
        "birth_date": patient.birth_date,
        "sex": patient.sex,
    }
    return actions.create_patient(clinic=desk.clinic, by=desk, fields=fields)


def _child(parent: Patient, desk: Access) -> Patient:
    """A child at the parent's telephone, with the parent as guardian."""
    child = actions.create_patient(
        clinic=desk.clinic,
        by=desk,
        fields={
            "given_name": "Kit",
            "family_name": parent.family_name,
            "birth_date": datetime.date(2017, 5, 5),
            "sex": "unknown",
            "phone": parent.phone,
        },
    )
    actions.add_guardian(patient=child, by=desk, fields={"name": parent.name, "relation": "parent", "phone": parent.phone})
    return child
