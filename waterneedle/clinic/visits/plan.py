"""The plan of a visit: every row that bears on the check, as the contract names it.

    checked(visit, language="es")        the assessment of the visit as it stands
    plan_for(visit)                      the document it is made from
    plan_of(charted)                     the same from rows that were read already

What was asked on the day comes from that day's answers alone. One thing is carried on: who was last known to be pregnant is taken
to be so until today's answer says otherwise, for the other mistake is the worse one.
"""

from __future__ import annotations

import datetime
import functools
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal

import msgspec
from msgspec import UNSET

from waterneedle.clinic.intake.queries import consent_for
from waterneedle.clinic.patients.models import FactKind, HealthFact, Patient, Pregnancy, PregnancyStatus
from waterneedle.clinic.patients.queries import Health, health_of
from waterneedle.clinic.practitioners.queries import on_file, record
from waterneedle.clinic.stock.labels import fluid_of
from waterneedle.clinic.stock.models import Vial
from waterneedle.clinic.stock.queries import beyond_use_of, kits_looked_at
from waterneedle.clinic.visits import ours, rows, shown
from waterneedle.clinic.visits.asked import with_the_questions
from waterneedle.clinic.visits.hour import with_the_hour
from waterneedle.clinic.visits.models import Fill, Injection, Reason, Status, Technique, Today, Visit, total_ml
from waterneedle.clinic.visits.papers import with_the_papers
from waterneedle.clinic.visits.reacted import with_the_reaction
from waterneedle.clinic.visits.stopped import with_the_stops
from waterneedle.clinic.visits.withheld import with_the_lots
from waterneedle.safety import names, plan
from waterneedle.safety.check import Aparts, check_apart, spoken
from waterneedle.safety.issues import SEVERITIES

_LASTING = (PregnancyStatus.PREGNANT, PregnancyStatus.POSSIBLE)


def checked(visit: Visit, *, language: str | None = None) -> plan.Assessment:
    """What the check says of the visit as it stands now."""
    return assessed(rows.read(visit), language=language)


def assessed(charted: rows.Charted, *, language: str | None = None) -> plan.Assessment:
    """What the check says of the rows `charted`, and the clinic of their syringes and of the papers of who injects."""
    return assessed_in_both(charted, language)[0]


def assessed_in_both(charted: rows.Charted, language: str | None) -> tuple[plan.Assessment, plan.Assessment]:
    """The same, and once more in English with what stands at each place: by that it is compared what a warning said."""
    documents = {day: plan_of(charted, day) for day in (charted.day, *_later_days(charted))}
    english = _assessed(charted, documents, "en")
    said = english if spoken(language) == "en" else _assessed(charted, documents, language)
    compared = shown.at_each_place(english, (_checked(one, "en")[1] for one in documents.values()))
    return shown.as_answered(charted, said, compared), shown.as_answered(charted, compared, compared)


def _assessed(charted: rows.Charted, documents: dict[datetime.date, plan.Plan], language: str | None) -> plan.Assessment:
    def on(day: datetime.date) -> plan.Assessment:
        return with_the_papers(charted, _checked(documents[day], spoken(language))[0], language)

    assessment = on(charted.day)
    for day in _later_days(charted):
        assessment = _with_later(assessment, on(day), charted, day)
    assessment = with_the_stops(charted, with_the_hour(charted, assessment, language), language)
    assessment = with_the_questions(charted, assessment, language)
    return _gravest_first(with_the_reaction(charted, with_the_lots(charted, assessment, language), language))


def _gravest_first(assessment: plan.Assessment) -> plan.Assessment:
    """Blocks, warnings, notes, as the check has them: what the clinic itself has to say stands among its equals."""
    ordered = sorted(assessment.issues, key=lambda one: SEVERITIES.index(one.severity))
    return msgspec.structs.replace(assessment, issues=tuple(ordered))


def _later_days(charted: rows.Charted) -> list[datetime.date]:
    """The days of punctures after that of the visit; one that is written down later is judged by its own day alone."""
    return [day for day in charted.days if day > charted.day] if charted.visit.happened_at is None else []


def _with_later(found: plan.Assessment, later: plan.Assessment, charted: rows.Charted, day: datetime.date) -> plan.Assessment:
    """The assessment with what is graver on the `day` of later punctures: a visit that goes on after midnight opens no gate that
    has closed since."""
    numbers = {str(one.seq) for one in charted.injections if one.status != Status.NOT_DONE and charted.day_of(one) == day}
    graver = []
    for one in later.issues:
        at = tuple(seq for seq in one.injections if seq in numbers) if one.injections else tuple(sorted(numbers, key=int))
        if one.severity != "note" and at and not any(_says_as_much(known, one) for known in found.issues):
            graver.append(msgspec.structs.replace(one, injections=at))
    if not graver:
        return found
    severities = {found.verdict, *(one.severity for one in graver)}
    verdict = next(one for one in ("block", "warn", "ok") if one in severities)
    return msgspec.structs.replace(found, issues=(*found.issues, *graver), verdict=verdict)


def _says_as_much(known: plan.DetectedIssue, one: plan.DetectedIssue) -> bool:
    covers = not known.injections or (bool(one.injections) and set(one.injections) <= set(known.injections))
    return known.rule == one.rule and covers and (known.severity == "block" or known.severity == one.severity)


# The same draft is checked by its page, by that of the signature and at the signature. Each time its rows are read and the
# document made anew; what is kept is the answer to a whole document, with which nothing that the check reads can have changed.
@functools.lru_cache(maxsize=128)
def _checked(document: plan.Plan, language: str) -> tuple[plan.Assessment, Aparts]:
    return check_apart(document, language=language)


def plan_for(visit: Visit) -> plan.Plan:
    """The visit as the document that `safety.check` reads."""
    return plan_of(rows.read(visit))


def plan_of(charted: rows.Charted, day: datetime.date | None = None) -> plan.Plan:
    """The document of the rows `charted`, and of what is on file of patient, practitioner, consent and kit, for a day of it."""
    visit, earlier, day = charted.visit, charted.earlier, day or charted.day
    today = charted.said_on(day) if day in charted.days else charted.today
    clinic = visit.clinic
    health = health_of(charted.patient, charted.records)
    container = functools.cache(functools.partial(_container, charted))  # six injections from one vial have one
    return plan.Plan(
        schema="waterneedle/plan/1",
        date=day,
        jurisdiction=clinic.jurisdiction or None,
        practitioner=_practitioner(visit, day),
        patient=_patient(charted.patient, health, today, earlier),
        consent=consent_for(charted.patient, day, visit.happened_at, charted.records),
        injections=tuple(_injection(one, container) for one in charted.injections),
        indication=visit.indication or visit.why or None,
        checks=tuple(_reason(one) for one in charted.reasons if one.rule not in ours.RULES and _holds(one, visit, health)),
        previous=_previous(earlier, today),
        emergency_kit=_kit(visit, day),
        today=_today(today),
    )


# --- the rows that count


def shares(injection: Injection) -> list[tuple[Fill, Decimal | None]]:
    """Each fluid of the syringe with the mL of it that this injection takes; None where its volume is not stated."""
    fills = injection.syringe.contents if injection.syringe else []
    whole = total_ml(fills)
    return [(one, None if injection.volume_ml is None else injection.volume_ml * one.volume_ml / whole) for one in fills]


# --- their parts of the document


def _practitioner(visit: Visit, day: datetime.date) -> plan.Practitioner | None:
    if visit.practitioner is None:
        return None
    known = on_file(visit.practitioner)
    return record(known, visit.clinic.jurisdiction, day) if known.works_here else None


def _patient(patient: Patient, health: Health, today: Today | None, earlier: list[rows.Earlier]) -> plan.Patient:
    measures = health.measures

    def figure(kind: str) -> float | None:
        return float(measures[kind].value) if kind in measures else None

    return plan.Patient(
        birth_date=patient.birth_date,
        sex=patient.sex,
        height_cm=figure("height_cm"),
        weight_kg=figure("weight_kg"),
        pregnancy=_pregnancy(health.pregnancy, today),
        conditions=_conditions(patient, health.facts[FactKind.CONDITION]),
        allergies=_each(health.facts[FactKind.ALLERGY], lambda one: plan.Allergy(
            substance=_said(one), reaction=one.reaction or None, severity=one.severity or None)),
        medications=_each(health.facts[FactKind.MEDICATION], lambda one: plan.Medication(name=_said(one))),
        observations=tuple(
            plan.Observation(name=kind, value=float(one.value), unit=one.unit or None, date=one.measured_on)
            for kind, one in measures.items()
            if not kind.startswith(("height", "weight"))
        )
        or None,
        tolerated=_tolerated(earlier),
    )


def _conditions(patient: Patient, facts: tuple[HealthFact, ...] | None) -> tuple[plan.Condition, ...] | None:
    known = _each(facts, lambda one: plan.Condition(name=_said(one), region=one.region or None, side=one.side or None))
    if not patient.lacks_capacity:
        return known
    return (*(known or ()), plan.Condition(name="lack of capacity"))


def _each(facts: tuple[HealthFact, ...] | None, made) -> tuple | None:
    return None if facts is None else tuple(made(one) for one in facts)


def _said(fact: HealthFact) -> str:
    """Their own words where the check reads the same in them as was chosen, else what was chosen."""
    if not fact.concept or names.concept(fact.kind, fact.said).ids == (fact.concept,):
        return fact.said
    return fact.concept.replace("_", " ")


def _pregnancy(known: Pregnancy | None, today: Today | None) -> plan.Pregnancy | None:
    if today is not None and today.pregnancy:
        return plan.Pregnancy(status=today.pregnancy, weeks=_number(today.pregnancy_weeks))
    if known is not None and known.status in _LASTING:
        return plan.Pregnancy(status=known.status, weeks=None)
    return None


def _today(today: Today | None) -> plan.Today | None:
    if today is None:
        return None
    return plan.Today(
        identity_confirmed=today.identity_confirmed,
        fever_or_infection=today.fever_or_infection,
        new_medicines=today.new_medicines,
        eaten=today.eaten,
        lying_down=today.lying_down,
    )


def _injection(one: Injection, container: Callable[[Vial], plan.Container]) -> plan.Injection:
    is_empty = one.status == Status.STOPPED and one.volume_ml is None  # the needle was in, and nothing went through it
    return plan.Injection(
        id=str(one.seq),
        site=plan.Site(
            point=one.point or UNSET,
            muscle=one.muscle or UNSET,
            region=one.region or UNSET,
            side=one.side or None,
            skin=one.skin or None,
            level=one.level or None,
        ),
        contents=tuple(_content(fill, ml, container(fill.vial)) for fill, ml in (() if is_empty else shares(one))),
        route=one.route or None,
        needle=plan.Needle(gauge=one.gauge, length_mm=_number(one.length_mm)) if one.gauge or one.length_mm else None,
        depth_mm=_number(one.depth_mm),
        depth_max_mm=_number(one.depth_max_mm),
        angle_deg=one.angle_deg,
        sensation=one.sensation or None,
        aspirated_blood=one.aspirated_blood,
        technique=Technique.NEEDLE_ONLY if is_empty else one.technique,
        volume_ml=_number(one.volume_ml),
        direction=one.direction or None,
        status=one.status,
    )


def _content(fill: Fill, volume_ml: Decimal | None, container: plan.Container) -> plan.Content:
    return plan.Content(
        product=fluid_of(fill.vial.lot.item), volume_ml=_number(volume_ml), container=container, purpose=fill.purpose or None)


def _container(charted: rows.Charted, vial: Vial) -> plan.Container:
    lot, zone = vial.lot, charted.visit.clinic.tzinfo
    return plan.Container(
        kind=lot.item.container_kind,
        lot=lot.number,
        expires=lot.expires.isoformat(),
        opened=True,
        opened_on=vial.opened_at.astimezone(zone).date(),
        used_for_another_patient=vial.patient_id not in (None, *charted.records) if lot.item.is_single else None,
        beyond_use=beyond_use_of(vial, zone),
        labelled=bool(vial.code),
    )


def _holds(one: Reason, visit: Visit, health: Health) -> bool:
    """Whether an answer that was kept at an earlier visit still answers: it was given to what was known of the patient then."""
    facts = (fact for known in health.facts.values() for fact in known or ())
    values = (value for kind, value in health.measures.items() if kind not in ("height_cm", "weight_kg"))
    return one.visit_id == visit.pk or all(known.made_at <= one.made_at for known in (*facts, *values))


def _reason(one: Reason) -> plan.RecordedCheck:
    return plan.RecordedCheck(rule=one.rule, note=one.note, by=one.made_by.name, on=one.made_at.date())


def _previous(earlier: list[rows.Earlier], today: Today | None) -> tuple[plan.PreviousInjection, ...] | None:
    """What was injected before: here by the record, elsewhere by what was said today. None: neither knows."""
    if not earlier and (today is None or today.reacted_last is None):
        return None
    last_day = max((one.day for one in earlier), default=None)
    drawn_ml: dict[int, Decimal] = defaultdict(Decimal)
    for one in earlier:
        drawn_ml[one.injection] += one.drawn_ml
    reactions = (one.reaction or (_reaction(today) if one.day == last_day else None) for one in earlier)
    found = [
        plan.PreviousInjection(
            product=one.product or one.item,
            date=one.day,
            volume_ml=None if one.volume_ml is None else _number(one.volume_ml * one.drawn_ml / drawn_ml[one.injection]),
            reaction=reaction,
        )
        for one, reaction in zip(earlier, reactions, strict=True)
        # A needle that was taken out before anything went in gave no product, but may have been followed by something.
        if one.volume_ml is not None or reaction not in (None, "none")
    ]
    if not earlier and today is not None and today.reacted_last:
        found.append(plan.PreviousInjection(product="not known", reaction=_reaction(today)))
    return tuple(found)


def _reaction(said: Today | None) -> str | None:
    if said is None or said.reacted_last is None:
        return None
    return (said.reacted_how or "not described") if said.reacted_last else "none"


def _tolerated(earlier: list[rows.Earlier]) -> tuple[str, ...] | None:
    """Products had here before the last visit, with no reaction on record; of the last one the patient is asked today."""
    last_day = max((one.day for one in earlier), default=None)
    with_reaction = {one.product or one.item for one in earlier if one.reaction}
    had = [one for one in earlier if one.volume_ml is not None]
    without = {one.product or one.item for one in had if not one.reaction and one.day != last_day}
    return tuple(sorted(without - with_reaction)) or None


def _kit(visit: Visit, day: datetime.date) -> plan.EmergencyKit | None:
    """The kits that were looked at on that day. Of several the worst counts: nothing says in which room the patient lies."""
    looked_at = kits_looked_at(visit.clinic, day)
    if not looked_at:
        return None
    expiries = [expires for expires, _ in looked_at]
    return plan.EmergencyKit(
        epinephrine_expires=None if None in expiries else min(expiries), oxygen=all(oxygen for _, oxygen in looked_at)
    )


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
