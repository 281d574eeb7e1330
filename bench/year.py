"""How often the check asks for an answer, and how often it says no, in a realistic year.

    python bench/year.py [--patients 200] [--ill 0.0158]

The clinic of the demonstration over twelve months, with the rates of `bench/year.toml` (their sources are there; fixed before
anything was counted) and its seed: every visit through the actions of the rooms, on a database of its own. A visit counts where,
with everything planned and before the first puncture, a warning has to be answered or a block stands. To reach: a warning that
must be answered in at most 10 % of visits, a block in at most 1 %. Printed per rule, with how often an answer that was kept for
the patient spared the question, and with its override rate as the owner's page has it (`visits/warnings.py`): of the visits that
had to answer, how many went on with a reason; of those barred, how many were signed against the block. The practitioner of this
story answers each warning and heeds each block, and changes no puncture: so these rates are 100 % and 0 % by the story, and say
nothing of people. Those of a real clinic are on the owner's page of figures.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import random
import sys
import tempfile
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

RATES = tomllib.loads((Path(__file__).parent / "year.toml").read_text(encoding="utf-8"))
# What is so until it changes: the practitioner keeps the answer for half a year. Everything else is asked anew.
STANDING = {
    "anticoagulant", "antiplatelet", "beta_blocker", "bleeding_disorder", "immunosuppression", "kidney_aluminium",
    "local_condition", "lung_disease", "lymphoedema", "platelets", "product_status", "substance_caution", "sulfite_asthma",
}
KEPT_DAYS = 180
OPEN_DAYS = 27
SESSION = "the year"
WELL = {
    "identity_confirmed": True, "new_medicines": False, "fever_or_infection": False, "reacted_last": False, "eaten": True,
    "lying_down": True,
}


@dataclass
class Count:
    """Visits, and of these how many each rule stopped: `asked` by an open warning, `kept` by one answered before, `barred`."""

    visits: int = 0
    with_question: int = 0
    with_block: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    barred: Counter[str] = field(default_factory=Counter)

    def add(self, issues: Any) -> None:
        by_tier = {
            "asked": {one.rule for one in issues if one.severity == "warn" and not one.recorded},
            "kept": {one.rule for one in issues if one.severity == "warn" and one.recorded},
            "barred": {one.rule for one in issues if one.severity == "block"},
        }
        self.visits += 1
        self.with_question += bool(by_tier["asked"])
        self.with_block += bool(by_tier["barred"])
        for name, rules in by_tier.items():
            getattr(self, name).update(rules)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--patients", type=int, default=RATES["patients"])
    options.add_argument("--ill", type=float, default=RATES["today"]["fever_or_infection"]["share"], help="share who say so")
    chosen = options.parse_args()
    patients, RATES["today"]["fever_or_infection"]["share"] = chosen.patients, chosen.ill
    with tempfile.TemporaryDirectory(prefix="wn-year-") as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "waterneedle.config.settings", "WATERNEEDLE_DATA": folder, "WATERNEEDLE_DEMO": "1"}
        # late: the environment is ready only now
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        print(f"{platform.platform()}, Python {platform.python_version()}; seed {RATES['seed']}, {patients} patients, a year")
        return printed(*lived(patients))


def printed(count: Count, signed: Any) -> int:
    print(f"{'':24} {'asked':>7} {'kept':>7} {'barred':>7}   {'went on, of those':22} signed against,")
    print(f"{'rule':24} {f'of {count.visits} visits':>23}   {'that had to answer':22} of those barred")
    by_rule = {one.rule: one for one in signed.rules}
    for rule in sorted(count.asked | count.kept | count.barred, key=lambda one: -count.asked[one]):
        one = by_rule.get(rule)
        override, of_block = (share(one.override), share(one.override_of_block)) if one else ("-", "-")
        print(f"{rule:24} {count.asked[rule]:7} {count.kept[rule]:7} {count.barred[rule]:7}   {override:22} {of_block}")
    print("The last two columns, with 95 % limits, are the story's: it answers each warning, heeds each block, changes nothing.")
    print("Whether people go on or change what they meant to do is not simulated. Beside a block no warning need be answered.")
    asked, barred = (100 * one / count.visits for one in (count.with_question, count.with_block))
    print(f"visits with a warning to answer: {count.with_question} = {asked:.1f} %, to reach 10 %")
    print(f"visits with a block: {count.with_block} = {barred:.1f} %, to reach 1 %")
    failed = asked > 10 or barred > 1
    print("NOT REACHED" if failed else "reached")
    return int(failed)


# --- the clinic


def share(found: Any) -> str:
    return f"{found.events} of {found.of}, {100 * found.low:.0f}-{100 * found.high:.0f} %" if found else "-"


def lived(patients: int) -> tuple[Count, Any]:
    """A year of visits, in the order of their days, and the figures of their signatures."""
    from waterneedle.clinic.visits import warnings
    from waterneedle.config.demo.visits import clock_at

    chance = random.Random(RATES["seed"])
    start = RATES["begins"]
    clinic = Clinic(start, chance)
    days = [(day, number) for number in range(patients) for day in days_of_visits(chance)]
    plan = sorted((start + datetime.timedelta(days=day, minutes=chance.randint(0, 420)), number) for day, number in days)
    count = Count()
    for at, (moment, number) in enumerate(plan):
        with clock_at(moment):
            clinic.visit(number, moment, count)
        if sys.stderr.isatty():
            print(f"\r{at + 1} of {len(plan)} visits", end="", file=sys.stderr)
    return count, warnings.figures(clinic.by.clinic, start, "en")


def days_of_visits(chance: random.Random) -> list[int]:
    """The days of one patient's visits, within 365."""
    rates, day = RATES["visits"], chance.randint(0, 364)
    days = [day]
    while chance.random() > 1 / rates["mean"]:
        day += rates["days_between"]
        if day < 365:
            days.append(day)
    return days


class Clinic:
    """The clinic of the story: its people, its shelf, and who has been there."""

    def __init__(self, start: datetime.datetime, chance: random.Random) -> None:
        from waterneedle.clinic.stock import actions as stock
        from waterneedle.config.demo import people
        from waterneedle.config.demo.visits import clock_at

        self.chance, self.patients = chance, {}
        with clock_at(start):
            clinic = people.make_clinic()
            workers = people.make_workers(clinic)
            self.zone = clinic.tzinfo
            people.enter_papers(workers, (start + datetime.timedelta(days=100)).date())
            self.by, self.desk = workers["alice"], workers["bob"]
            self.kit = stock.add_kit(place="Room 1", by=self.by)
            self.lots = {one["name"]: self._lot(one["name"], start) for one in RATES["products"]}
        self.vials: dict[str, Any] = {}
        self.kit_days: set[datetime.date] = set()
        self.to_ask: set[int] = set()
        self.asked: set[int] = set()
        self.begun: dict[int, list[datetime.datetime]] = {}  # pregnancies, by the number of the patient
        self.barred: dict[int, set[str]] = {}

    def _lot(self, name: str, start: datetime.datetime) -> Any:
        from waterneedle.clinic.stock import actions as stock
        from waterneedle.config.demo.shelf import ITEMS, LABELS

        product, kind, ml = next(one[1:4] for one in ITEMS if one[0] == name)
        item = stock.add_item(by=self.by, fields={
            "name": name, "product": product, "container_kind": kind, "container_ml": Decimal(ml),
            "reorder_below_ml": Decimal(0), "gtin": "", **LABELS.get(name, {})})
        ends = start.date() + datetime.timedelta(days=720)
        made = {"pharmacy": "Harbor Compounding", "beyond_use": ends} if "compounded" in name else {}
        return stock.receive(item=item, number="Y1", expires=ends, containers=900, by=self.by, **made)

    def fills(self, name: str, ml: Decimal, now: datetime.datetime) -> list[tuple[Any, Decimal]]:
        """Open vials with so much in them: opened for this patient where they are single doses, as many as it takes."""
        from waterneedle.clinic.stock import actions as stock

        vial, left = self.vials.pop(name, (None, Decimal(0)))
        if vial is None or vial.lot.item.is_single or now - vial.opened_at > datetime.timedelta(days=OPEN_DAYS) or left < ml:
            vial = stock.open_vial(lot=self.lots[name], by=self.by, at=now)
            left = vial.lot.item.container_ml
        drawn = min(left, ml)
        self.vials[name] = vial, left - drawn
        return [(vial, drawn), *(self.fills(name, ml - drawn, now) if ml > drawn else [])]

    # --- one visit

    def visit(self, number: int, now: datetime.datetime, count: Count) -> None:
        from waterneedle.clinic.visits import actions, heeded, rows
        from waterneedle.clinic.visits.models import Step
        from waterneedle.clinic.visits.plan import assessed

        patient, why = self.person(number, now)
        self.look_at_kit(now.astimezone(self.zone).date())
        visit = actions.begin(patient=patient, by=self.by, practitioner=practitioner(self.by), why=why)
        actions.change_visit(visit=visit, version=visit.version, fields={"pain_before": 5, "indication": why}, by=self.by)
        said = self.said_today(number, patient, now)
        if said["pregnancy"] != "pregnant":
            self.barred.pop(number, None)
        actions.answer_today(visit=visit, answers=said, by=self.by)
        for step in (Step.ROOMED, Step.IDENTIFIED, Step.READY):
            actions.enter(visit=visit, step=step, by=self.by)
        self.chart(visit, why, now, self.barred.get(number, set()))
        charted = rows.read(visit)
        assessment = assessed(charted)
        heeded.note(visit, charted, assessment)  # as its page does
        count.add(assessment.issues)
        self.learn(number, visit, assessment)
        self.finish(visit, assessment)

    def person(self, number: int, now: datetime.datetime) -> tuple[Any, str]:
        from waterneedle.clinic.patients import actions
        from waterneedle.config.demo import patients
        from waterneedle.config.demo.visits import sign_consent

        if number not in self.patients:
            fields = patients.person(now, self.chance)
            patient = actions.create_patient(clinic=self.by.clinic, by=self.desk, fields=fields)
            if self.chance.random() < RATES["clinic"]["not_asked"]:
                self.to_ask.add(number)
            sign_consent(patient, self.by)
            self.patients[number] = patient
        elif number in self.to_ask:  # who was not asked before the first visit is asked before the second
            self.to_ask.remove(number)
        patient = self.patients[number]
        if number not in self.to_ask and number not in self.asked:
            self.asked.add(number)
            patients.ask_health(
                patient, patient.age_on(now.date()) or 0, self.by, now, self.chance, (*patients.RATES, *RATES["health"]))
        facts = [one.said for one in patient.health_facts.filter(kind="condition", ended_at=None).order_by("pk")]
        treated = {why for one in RATES["sites"] for why in one["why"]}
        return patient, next((one for one in facts if one in treated), "tiredness")

    def look_at_kit(self, day: datetime.date) -> None:
        from waterneedle.clinic.stock import actions as stock

        if day in self.kit_days or self.chance.random() < RATES["clinic"]["kit_not_checked"]:
            return
        self.kit_days.add(day)
        fields = {"epinephrine_expires": day + datetime.timedelta(days=200), "oxygen": True, "airway": True, "initials": "AA"}
        stock.check_kit(kit=self.kit, day=day, by=self.by, fields=fields | {"note": ""})

    def said_today(self, number: int, patient: Any, now: datetime.datetime) -> dict[str, Any]:
        today, said = RATES["today"], dict(WELL)
        age = patient.age_on(now.date()) or 0
        said["pregnancy"] = "not_pregnant" if patient.sex == "female" and age <= 55 else "not_applicable"
        if patient.sex == "female" and (weeks := self.weeks_pregnant(number, age, now)) is not None:
            said |= {"pregnancy": "pregnant", "pregnancy_weeks": Decimal(weeks)}
        for name in ("fever_or_infection", "new_medicines"):
            said[name] = self.chance.random() < today[name]["share"]
        said["eaten"] = self.chance.random() >= today["not_eaten"]["share"]
        if patient.first_signed_at and self.chance.random() < today["reacted_last"]["share"]:
            said |= {"reacted_last": True, "reacted_how": today["reacted_last"]["said"]}
        return said

    def weeks_pregnant(self, number: int, age: int, now: datetime.datetime) -> int | None:
        """How many weeks a woman is pregnant: one begins by chance, and lasts. Drawn apart from all else."""
        rates, lasts = RATES["pregnant"], datetime.timedelta(days=RATES["pregnant"]["days"])
        if number not in self.begun:
            chance, self.begun[number] = random.Random(f"{RATES['seed']} {number}"), []
            at, until = RATES["begins"] - lasts, RATES["begins"] + datetime.timedelta(days=366)
            while (at := at + datetime.timedelta(days=365 * chance.expovariate(rates["begun_a_year"]))) < until:
                self.begun[number].append(at)
                at += lasts
        if not rates["from_age"] <= age <= rates["to_age"]:
            return None
        return next(((now - at).days // 7 for at in self.begun[number] if at <= now < at + lasts), None)

    def learn(self, number: int, visit: Any, assessment: Any) -> None:
        """Where a pregnancy bars a point, that is not planned again while it lasts: the chart says so beforehand."""
        barred = {at for one in assessment.issues if one.rule == "pregnancy" and one.severity == "block" for at in one.injections}
        named = {one.point for one in visit.injections.all() if str(one.seq) in barred}
        self.barred.setdefault(number, set()).update(named)

    def chart(self, visit: Any, why: str, now: datetime.datetime, barred: set[str]) -> None:
        from waterneedle.clinic.visits import actions, drawing

        fitting = [one for one in RATES["sites"] if why in one["why"]]
        how = self.chance.choices(fitting, [one["share"] for one in fitting])[0]
        points = [one for one in how["points"] if one.split(" ")[0] not in barred] or RATES["pregnant"]["instead"]
        sites = [actions.Site(*one.split(" ")[:1], side=one.split(" ")[1]) for one in points]
        product = self.chance.choices(RATES["products"], [one["share"] for one in RATES["products"]])[0]["name"]
        each = Decimal(str(how["volume_ml"]))
        needle = {"gauge": 30, "length_mm": Decimal(13)} if how["route"] == "SC" else {"gauge": 27, "length_mm": Decimal(25)}
        fills = self.fills(product, each * len(sites), now)
        purposes = ["comfort" if "Lidocaine" in product else "treatment"] * len(fills)
        syringe = drawing.load_syringe(
            visit=visit, fills=fills, purposes=purposes, route=how["route"], by=self.by, **needle)
        actions.add(
            visit=visit, sites=sites, syringe=syringe, by=self.by, volume_ml=each, angle_deg=90, skin="intact",
            depth_mm=Decimal(how["depth_mm"]))

    def finish(self, visit: Any, assessment: Any) -> None:
        """Heed the blocks, answer the warnings, give, sign."""
        from django.utils import timezone

        from waterneedle.clinic.visits import actions, signing

        barred = any(one.severity == "block" for one in assessment.issues)
        for one in visit.injections.order_by("seq"):
            actions.mark(injection=one, status="not_done" if barred else "given", by=self.by, why="the check" if barred else "")
        until = timezone.now().date() + datetime.timedelta(days=KEPT_DAYS)
        for issue in assessment.issues:
            if issue.severity == "warn" and not issue.recorded:
                actions.give_reason(
                    visit=visit, rule=issue.rule, note="Asked and looked at today", by=self.by,
                    review_on=until if issue.rule in STANDING else None)
        proof = signing.mint(visit=visit, user=self.by.user, session_key=SESSION, method="passkey")
        signing.sign(visit=visit, proof=proof.uid, session_key=SESSION, by=self.by)


def practitioner(access: Any) -> Any:
    from waterneedle.clinic.practitioners.queries import practitioner_of

    return practitioner_of(access.user, access.clinic)


if __name__ == "__main__":
    sys.exit(main())
