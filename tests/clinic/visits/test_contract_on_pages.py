"""Every property of the plan that is checked has a column, and a place on a page where somebody enters it.

What is worked out instead of entered says from what; what this clinic's way of working never has says why.
"""

from __future__ import annotations

import datetime
import inspect
import re
import typing
from decimal import Decimal

import msgspec
import pytest
from django.apps import apps
from django.urls import reverse

from clinic.patients.people import at_work, make_patient
from clinic.people import make_person
from clinic.visits.charting import make_syringe, make_visit
from clinic.visits.charting import plan as planned
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.accounts.routes import routes
from waterneedle.clinic.stock import actions as stock
from waterneedle.clinic.visits import actions
from waterneedle.clinic.visits.models import Visit
from waterneedle.clinic.visits.plan import plan_for
from waterneedle.safety import plan

# Property: column, page and the name of its input there.
ENTERED = {
    "Plan.practitioner": ("practitioners.Practitioner.user", "practitioners:new", "user"),
    "Plan.patient": ("visits.Visit.patient", "patients:new", "given_name"),
    "Plan.consent": ("intake.Consent.signed_at", "intake:prepare", "lines"),
    "Plan.injections": ("visits.Injection.visit", "visits:visit", "line"),
    "Plan.indication": ("visits.Visit.indication", "visits:visit", "indication"),
    "Plan.checks": ("visits.Reason.note", "visits:visit", "note"),
    "Plan.emergency_kit": ("stock.KitCheck.kit", "stock:kits", "initials"),
    "Plan.today": ("visits.Today.visit", "visits:visit", "as_usual"),
    "Practitioner.profession": ("practitioners.Practitioner.profession", "practitioners:new", "profession"),
    "Practitioner.license_expires": ("practitioners.Licence.expires", "practitioners:practitioner", "licence-expires"),
    "Practitioner.training_hours": ("practitioners.Training.hours", "practitioners:practitioner", "training-hours"),
    "Practitioner.hands_on_hours": (
        "practitioners.Training.hands_on_hours", "practitioners:practitioner", "training-hands_on_hours"),
    "Practitioner.emergency_training_hours": (
        "practitioners.Training.emergency_hours", "practitioners:practitioner", "training-emergency_hours"),
    "Practitioner.certified_on": (
        "practitioners.Certificate.certified_on", "practitioners:practitioner", "certificate-certified_on"),
    "Practitioner.certificate_expires": (
        "practitioners.Certificate.expires", "practitioners:practitioner", "certificate-expires"),
    "Practitioner.cpr_expires": (
        "practitioners.ResuscitationCard.expires", "practitioners:practitioner", "resuscitation-expires"),
    "Practitioner.qualifications": ("practitioners.Qualification.name", "practitioners:practitioner", "qualification-name"),
    "Practitioner.supervised_by": ("practitioners.Practitioner.supervised_by", "practitioners:new", "supervised_by"),
    "Pregnancy.status": ("visits.Today.pregnancy", "visits:visit", "pregnancy"),
    "Pregnancy.weeks": ("visits.Today.pregnancy_weeks", "visits:visit", "pregnancy_weeks"),
    "Condition.name": ("patients.HealthFact.said", "patients:health", "condition-said"),
    "Condition.region": ("patients.HealthFact.region", "patients:health", "condition-region"),
    "Condition.side": ("patients.HealthFact.side", "patients:health", "condition-side"),
    "Allergy.substance": ("patients.HealthFact.said", "patients:health", "allergy-said"),
    "Allergy.reaction": ("patients.HealthFact.reaction", "patients:health", "allergy-reaction"),
    "Allergy.severity": ("patients.HealthFact.severity", "patients:health", "allergy-severity"),
    "Medication.name": ("patients.HealthFact.said", "patients:health", "medication-said"),
    "Observation.name": ("patients.Measure.kind", "patients:health", "measure-kind"),
    "Observation.value": ("patients.Measure.value", "patients:health", "measure-value"),
    "Observation.date": ("patients.Measure.measured_on", "patients:health", "measure-measured_on"),
    "Patient.birth_date": ("patients.Patient.birth_date", "patients:new", "birth_date"),
    "Patient.sex": ("patients.Patient.sex", "patients:new", "sex"),
    "Patient.height_cm": ("patients.Measure.value", "patients:health", "measure-value"),
    "Patient.weight_kg": ("patients.Measure.value", "patients:health", "measure-value"),
    "Patient.pregnancy": ("visits.Today.pregnancy", "visits:visit", "pregnancy"),
    "Patient.conditions": ("patients.HealthFact.said", "patients:health", "condition-said"),
    "Patient.allergies": ("patients.HealthFact.said", "patients:health", "allergy-said"),
    "Patient.medications": ("patients.HealthFact.said", "patients:health", "medication-said"),
    "Patient.observations": ("patients.Measure.kind", "patients:health", "measure-kind"),
    "Consent.covers": ("intake.Consent.document", "intake:prepare", "lines"),
    "Site.point": ("visits.Injection.point", "visits:visit", "line"),
    "Site.muscle": ("visits.Injection.muscle", "visits:visit", "line"),
    "Site.region": ("visits.Injection.region", "visits:visit", "line"),
    "Site.side": ("visits.Injection.side", "visits:injection", "side"),
    "Site.skin": ("visits.Injection.skin", "visits:injection", "skin"),
    "Site.level": ("visits.Injection.level", "visits:injection", "level"),
    "Strength.amount": ("stock.Item.strength", "stock:new_item", "strength"),
    "Strength.unit": ("stock.Item.strength_unit", "stock:new_item", "strength_unit"),
    "Strength.per_ml": ("stock.Item.strength_per_ml", "stock:new_item", "strength_per_ml"),
    "CustomIngredient.substance": ("stock.Item.potencies", "stock:new_item", "potencies"),
    "CustomIngredient.potency": ("stock.Item.potencies", "stock:new_item", "potencies"),
    "CustomProduct.name": ("stock.Item.substance", "stock:new_item", "substance"),
    "CustomProduct.strength": ("stock.Item.strength", "stock:new_item", "strength"),
    "CustomProduct.ingredients": ("stock.Item.potencies", "stock:new_item", "potencies"),
    "CustomProduct.allergens": ("stock.Item.allergens", "stock:new_item", "allergens"),
    "CustomProduct.preservatives": ("stock.Item.preservatives", "stock:new_item", "preservatives"),
    "Container.kind": ("stock.Item.container_kind", "stock:new_item", "container_kind"),
    "Container.lot": ("stock.Lot.number", "stock:receive", "number"),
    "Container.expires": ("stock.Lot.expires", "stock:receive", "expires"),
    "Container.beyond_use": ("stock.Lot.beyond_use", "stock:receive", "beyond_use"),
    "Content.product": ("stock.Item.product", "stock:new_item", "product"),
    "Content.volume_ml": ("visits.Injection.volume_ml", "visits:injection", "volume_ml"),
    "Content.container": ("visits.Fill.vial", "visits:visit", "vial"),
    "Content.purpose": ("visits.Fill.purpose", "visits:visit", "purpose"),
    "Needle.gauge": ("visits.Syringe.gauge", "visits:visit", "gauge"),
    "Needle.length_mm": ("visits.Syringe.length_mm", "visits:visit", "length_mm"),
    "Injection.site": ("visits.Injection.point", "visits:visit", "line"),
    "Injection.contents": ("visits.Fill.vial", "visits:visit", "vial"),
    "Injection.route": ("visits.Injection.route", "visits:visit", "route"),
    "Injection.needle": ("visits.Injection.gauge", "visits:injection", "gauge"),
    "Injection.depth_mm": ("visits.Injection.depth_mm", "visits:injection", "depth_mm"),
    "Injection.depth_max_mm": ("visits.Injection.depth_max_mm", "visits:injection", "depth_max_mm"),
    "Injection.angle_deg": ("visits.Injection.angle_deg", "visits:injection", "angle_deg"),
    "Injection.sensation": ("visits.Injection.sensation", "visits:injection", "sensation"),
    "Injection.aspirated_blood": ("visits.Injection.aspirated_blood", "visits:injection", "aspirated_blood"),
    "Injection.technique": ("visits.Injection.technique", "visits:visit", "line"),
    "Injection.volume_ml": ("visits.Injection.volume_ml", "visits:injection", "volume_ml"),
    "Injection.direction": ("visits.Injection.direction", "visits:injection", "direction"),
    "Injection.status": ("visits.Injection.status", "visits:visit", "status"),
    "RecordedCheck.note": ("visits.Reason.note", "visits:visit", "note"),
    "EmergencyKit.epinephrine_expires": ("stock.KitCheck.epinephrine_expires", "stock:kits", "epinephrine_expires"),
    "EmergencyKit.oxygen": ("stock.KitCheck.oxygen", "stock:kits", "oxygen"),
    **{f"Today.{name}": (f"visits.Today.{name}", "visits:visit", name) for name in (
        "identity_confirmed", "fever_or_infection", "new_medicines", "eaten", "lying_down")},
}
# Property: the column that it is worked out from.
WORKED_OUT = {
    "Plan.date": "visits.Visit.day",
    "Plan.jurisdiction": "accounts.Clinic.jurisdiction",
    "Plan.previous": "visits.Injection.given_at",
    "Observation.unit": "patients.Measure.kind",
    "Patient.tolerated": "visits.Injection.reaction",
    "Consent.signed_on": "intake.Consent.signed_at",
    "Consent.signed_by": "intake.Consent.signed_by",
    "Consent.interpreter": "intake.Consent.interpreter",
    "CustomProduct.category": "stock.Item.product",
    "Container.opened": "visits.Fill.vial",
    "Container.opened_on": "stock.Vial.opened_at",
    "Container.used_for_another_patient": "stock.Vial.patient",
    "Container.labelled": "stock.Vial.code",
    "Injection.id": "visits.Injection.seq",
    "RecordedCheck.rule": "visits.Reason.rule",  # that of the warning which is answered
    "RecordedCheck.by": "visits.Reason.made_by",
    "RecordedCheck.on": "visits.Reason.made_at",
    "PreviousInjection.product": "stock.Item.product",
    "PreviousInjection.date": "visits.Visit.day",
    "PreviousInjection.volume_ml": "visits.Injection.volume_ml",
    "PreviousInjection.reaction": "visits.Today.reacted_how",
}
NEVER = {
    "Plan.schema": "always the same",
    "Plan.language": "that of the person who reads",
    "Content.dose": "follows from volume and strength: a second figure could only differ",
    "Dose.amount": "no dose is stated apart from the volume",
    "Dose.unit": "no dose is stated apart from the volume",
    "Container.returned_fluid": "a syringe enters no vial again",
    "Needle.used_before": "a needle comes with its syringe and serves one patient",
    "Needle.diameter_mm": "follows from the gauge",
}


def test_every_property_of_the_contract_has_one_place():
    parts = [one for _, one in inspect.getmembers(plan, inspect.isclass) if issubclass(one, plan.Part) and one is not plan.Part]
    properties = {f"{one.__name__}.{field.name}" for one in parts for field in msgspec.structs.fields(one)}

    assert properties == set(ENTERED) | set(WORKED_OUT) | set(NEVER)
    assert len(properties) == len(ENTERED) + len(WORKED_OUT) + len(NEVER)


@pytest.mark.parametrize("column", sorted({column for column, _, _ in ENTERED.values()} | set(WORKED_OUT.values())))
def test_the_column_exists(column):
    room, model, field = column.split(".")
    assert apps.get_model(room, model)._meta.get_field(field)


# What the contract has of an enumerated property and no page offers, and why.
NOT_OFFERED = {
    "Site.side": {"bilateral"},  # two punctures
}


def _enumerated():
    """The properties that are one of some words, each with these words."""
    parts = [one for _, one in inspect.getmembers(plan, inspect.isclass) if issubclass(one, plan.Part) and one is not plan.Part]
    for part in parts:
        for name, hint in typing.get_type_hints(part).items():
            kinds = [one for one in (hint, *typing.get_args(hint)) if typing.get_origin(one) is typing.Literal]
            if kinds and f"{part.__name__}.{name}" in ENTERED:
                yield f"{part.__name__}.{name}", {word for one in kinds for word in typing.get_args(one)}


@pytest.mark.parametrize(("name", "words"), list(_enumerated()))
def test_each_word_of_the_contract_can_be_entered(name, words):
    room, model, field = ENTERED[name][0].split(".")
    offered = {str(value) for value, _label in apps.get_model(room, model)._meta.get_field(field).choices}
    assert words - NOT_OFFERED.get(name, set()) <= offered


@pytest.fixture
def pages(client_of, clinic, alice):
    """Names of the inputs of each page that is asked for, as somebody who may fill it in sees it."""
    by = at_work(alice, clinic)
    ana = make_patient(by, sex="female")
    visit = make_visit(by, ana)
    actions.answer_today(visit=visit, answers={"pregnancy": "pregnant"}, by=by)  # whose weeks are asked
    one = planned(by, visit, make_syringe(by, visit))
    stock.add_kit(place="Room 1", by=by)
    owner = make_person(clinic, "Olga Owner", Role.OWNER)
    where = {
        "practitioners:practitioner": {"practitioner": visit.practitioner.uid}, "patients:health": {"patient": ana.uid},
        "intake:prepare": {"patient": ana.uid}, "visits:visit": {"patient": ana.uid, "visit": visit.uid},
        "visits:injection": {"patient": ana.uid, "visit": visit.uid, "injection": one.uid},
    }

    def inputs(route):
        person = owner if route.startswith("practitioners:") else alice
        address = reverse(route, kwargs={"clinic": clinic.slug} | where.get(route, {}))
        answer = client_of(person).get(address)
        assert answer.status_code == 200
        found = {one["name"] for one in map(_attributes, CONTROL.findall(answer.content.decode())) if _can_be_used(one)}
        # A form for each kit tells them apart by a prefix.
        return {name.rpartition("-")[2] for name in found} if route == "stock:kits" else found

    return inputs


CONTROL = re.compile(r"<(?:input|select|textarea|button)\b[^>]*>")


def _attributes(tag):
    return dict(re.findall(r'([\w-]+)(?:="([^"]*)")?', tag))


def _can_be_used(control):
    """By a person: what is hidden or shut is no place to enter something."""
    return control.get("name") and control.get("type") != "hidden" and not {"disabled", "readonly"} & control.keys()


@pytest.mark.parametrize("route", sorted({route for _, route, _ in ENTERED.values()}))
def test_it_is_entered_on_a_page(pages, route):
    assert {name for _, page, name in ENTERED.values() if page == route} - pages(route) == set()


# --- what is typed there reaches the document that is checked: (property, page, what is typed, where it stands, as what)

INJECTION = {
    "side": "left", "skin": "intact", "route": "SC", "volume_ml": "0.5", "depth_mm": "10", "angle_deg": "90", "gauge": "30",
    "length_mm": "13",
}


def _injection(name, typed, value=None, *, where=None):
    part = where or (lambda one: one)
    said = INJECTION | {name: typed}
    return (f"Injection.{name}", "visits:injection", said,
            lambda plan: getattr(part(plan.injections[0]), name), typed if value is None else value)


def _line(name, typed, value, where=lambda one: one.site):
    return f"{name} by line", "visits:line", {"line": typed}, lambda plan: getattr(where(plan.injections[-1]), name), value


def _today(name, typed, value):
    return f"Today.{name}", "visits:today", {name: typed}, lambda plan: getattr(plan.today, name), value


def _measure(kind, typed, where, value):
    said = {"measure-kind": kind, "measure-value": typed, "measure-measured_on": "2026-01-05", "measure-said_by": "patient"}
    return kind, "patients:measure", said, where, value


def _fact(kind, field, typed, where):
    said = {f"{kind}-said": "cobalt", f"{kind}-said_by": "patient"} | {f"{kind}-{field}": typed}
    return f"{kind} {field}", "patients:add_fact", said, where, typed


TYPED = [
    _injection("side", "right", where=lambda one: one.site), _injection("skin", "scar", where=lambda one: one.site),
    _injection("level", "L3", where=lambda one: one.site), _injection("gauge", "27", 27, where=lambda one: one.needle),
    _injection("length_mm", "25", 25.0, where=lambda one: one.needle), _injection("route", "IM"),
    _injection("route", "IV"), _injection("route", "IA"),
    ("Injection.route other", "visits:injection", INJECTION | {"route": "other", "went_where": "the sheath of a tendon"},
     lambda plan: plan.injections[0].route, "other"),
    _injection("volume_ml", "0.3", 0.3), _injection("volume_ml", "0.3", 0.3, where=lambda one: one.contents[0]),
    _injection("depth_mm", "0", 0.0), _injection("depth_max_mm", "14", 14.0), _injection("angle_deg", "30", 30),
    _injection("direction", "toward the knee"), _injection("sensation", "electric"),
    _injection("aspirated_blood", "no", False), _injection("aspirated_blood", "yes", True),
    _line("point", "li11 r .2", "LI11"), _line("muscle", "tp uptrap r .2", "trp-utrap"),
    _line("region", "ashi knee l .3", "knee"), _line("technique", "gb20 l needle", "needle_only", lambda one: one),
    ("Injection.status", "visits:mark", {"status": "not_done", "why": "no wish"}, lambda plan: plan.injections[0].status,
     "not_done"),
    ("Plan.indication", "visits:change", {"indication": "knee pain"}, lambda plan: plan.indication, "knee pain"),
    ("RecordedCheck.note", "visits:reason", {"rule": "conditions_known", "note": "asked by phone"},
     lambda plan: [(one.rule, one.note) for one in plan.checks], [("conditions_known", "asked by phone")]),
    _today("identity_confirmed", "yes", True), _today("fever_or_infection", "yes", True), _today("new_medicines", "yes", True),
    _today("eaten", "no", False), _today("lying_down", "no", False),
    ("Pregnancy.status", "visits:today", {"pregnancy": "possible"}, lambda plan: plan.patient.pregnancy.status, "possible"),
    ("Pregnancy.weeks", "visits:today", {"pregnancy": "pregnant", "pregnancy_weeks": "12.5"},
     lambda plan: plan.patient.pregnancy.weeks, 12.5),
    _measure("weight_kg", "61", lambda plan: plan.patient.weight_kg, 61.0),
    _measure("height_cm", "170", lambda plan: plan.patient.height_cm, 170.0),
    _measure("INR", "2.5", lambda plan: [(one.name, one.value, one.unit, str(one.date)) for one in plan.patient.observations],
             [("INR", 2.5, None, "2026-01-05")]),
    _measure("platelets", "180", lambda plan: [(one.name, one.value) for one in plan.patient.observations],
             [("platelets", 180.0)]),
    _fact("condition", "said", "asthma", lambda plan: plan.patient.conditions[0].name),
    _fact("condition", "region", "knee", lambda plan: plan.patient.conditions[0].region),
    _fact("condition", "side", "left", lambda plan: plan.patient.conditions[0].side),
    _fact("allergy", "said", "lidocaine", lambda plan: plan.patient.allergies[0].substance),
    _fact("allergy", "reaction", "hives", lambda plan: plan.patient.allergies[0].reaction),
    _fact("allergy", "severity", "severe", lambda plan: plan.patient.allergies[0].severity),
    _fact("medication", "said", "apixaban", lambda plan: plan.patient.medications[0].name),
]


@pytest.mark.parametrize(("page", "said", "where", "value"), [one[1:] for one in TYPED], ids=[one[0] for one in TYPED])
def test_what_is_entered_stands_in_the_plan(client_of, clinic, alice, page, said, where, value):
    by = at_work(alice, clinic)
    ana = make_patient(by, sex="female")
    visit = make_visit(by, ana)
    one = planned(by, visit, make_syringe(by, visit))
    kind = next(iter(said)).partition("-")[0]
    known = {"clinic": clinic.slug, "patient": ana.uid, "visit": visit.uid, "injection": one.uid, "kind": kind}
    route = next(each for each in routes() if each.name == page)
    address = reverse(page, kwargs={name: known[name] for name in route.arguments})

    answer = client_of(alice).post(address, said)

    assert answer.status_code == 302, answer.content.decode()
    assert where(plan_for(Visit.objects.get(pk=visit.pk))) == value


# --- what is entered once for a clinic, a person and a lot: on its own page too it goes into that column, and reaches the check

SOON = (datetime.date.today() + datetime.timedelta(days=9)).isoformat()  # before the hour that its opening gives a vial
PAPERS = {
    "licence": {"jurisdiction": "US-WA", "number": "AC1", "expires": "2031-02-03", "seen": "register"},
    "training": {"course": "Points", "provider": "School", "completed_on": "2024-04-01", "hours": "31.5", "hands_on_hours": "9.5",
                 "emergency_hours": "4.5", "seen": "original"},
    "certificate": {"issuer": "Ines", "jurisdiction": "", "certified_on": "2024-05-06", "expires": "2032-03-04",
                    "seen": "original"},
    "resuscitation": {"course": "BLS", "expires": "2030-09-08", "seen": "card"},
    "qualification": {"name": "Ultrasound guidance", "seen": "original"},
}
OF_THE_LABEL = {
    "name": "Arnica of the pharmacy", "container_kind": "multi_dose_vial", "container_ml": "30", "reorder_below_ml": "0",
    "substance": "arnica compound", "strength": "7", "strength_unit": "mg", "strength_per_ml": "2",
    "potencies": "Arnica montana 6X", "allergens": "ragweed", "preservatives": "benzyl alcohol",
}
# Property: what stands in the plan, as `msgspec` writes it. The same text, number or day stands in its column.
ONCE = {
    "Practitioner.profession": "naturopath", "Practitioner.license_expires": "2031-02-03", "Practitioner.training_hours": 31.5,
    "Practitioner.hands_on_hours": 9.5, "Practitioner.emergency_training_hours": 4.5, "Practitioner.certified_on": "2024-05-06",
    "Practitioner.certificate_expires": "2032-03-04", "Practitioner.cpr_expires": "2030-09-08",
    "Practitioner.qualifications": ["Ultrasound guidance"],
    "Patient.birth_date": "1977-05-06", "Patient.sex": "male",
    "CustomProduct.name": "arnica compound", "Strength.amount": 7.0, "Strength.unit": "mg", "Strength.per_ml": 2.0,
    "CustomIngredient.substance": "Arnica montana", "CustomIngredient.potency": "6X", "CustomProduct.allergens": ["ragweed"],
    "CustomProduct.preservatives": ["benzyl alcohol"],
    "Container.kind": "multi_dose_vial", "Container.lot": "P-77", "Container.expires": "2031-08-31", "Container.beyond_use": SOON,
    "Content.purpose": "comfort", "Needle.gauge": 27, "Needle.length_mm": 25.0, "Injection.route": "IM",
    "EmergencyKit.epinephrine_expires": "2031-04-30", "EmergencyKit.oxygen": True,
}
OTHERWISE = {  # how it stands in a column that holds more than the property
    "CustomIngredient.substance": "Arnica montana 6X", "CustomIngredient.potency": "Arnica montana 6X",
}


@pytest.fixture
def entered(client_of, clinic, alice):
    """The visit of a clinic in which nothing was on file, entered page by page, the papers by the owner: its plan."""
    owner, browser = client_of(make_person(clinic, "Olga Owner", Role.OWNER)), client_of(alice)

    def enter(route, typed, **where):
        person = owner if route.startswith("practitioners:") else browser
        answer = person.post(reverse(route, kwargs={"clinic": clinic.slug, **where}), typed)
        assert answer.status_code == 302, (route, re.findall(r'class="errorlist[^>]*>.*?</ul>', answer.content.decode()))

    enter("practitioners:new", {"user": alice.pk, "profession": "naturopath"})
    practitioner = newest("practitioners.Practitioner")
    for kind, paper in PAPERS.items():
        typed = {f"{kind}-{name}": value for name, value in paper.items()}
        enter("practitioners:add_paper", typed, practitioner=practitioner.uid, kind=kind)
    enter("stock:new_item", OF_THE_LABEL)
    enter("stock:receive", {
        "item": newest("stock.Item").pk, "number": "P-77", "expires": "2031-08", "containers": "1", "pharmacy": "Corner Pharmacy",
        "beyond_use": SOON})
    enter("stock:open_vial", {}, lot=newest("stock.Lot").uid)
    enter("stock:new_kit", {"place": "Room 1"})
    kits = browser.get(reverse("stock:kits", kwargs={"clinic": clinic.slug})).content.decode()
    prefix = re.search(r'name="([^"]*)epinephrine_expires"', kits)[1]
    check = {"epinephrine_expires": "2031-04", "oxygen": "True", "airway": "True", "initials": "OO"}
    enter("stock:check_kit", {prefix + name: value for name, value in check.items()}, kit=newest("stock.Kit").uid)
    enter("patients:new", {"given_name": "Ben", "family_name": "Quill", "birth_date": "1977-05-06", "sex": "male", "is_new": "1"})
    patient = newest("patients.Patient")
    enter("visits:begin", {}, patient=patient.uid)
    where = {"patient": patient.uid, "visit": newest("visits.Visit").uid}
    drawn = {"volume_ml": "2", "purpose": "comfort", "route": "IM", "gauge": "27", "length_mm": "25"}
    enter("visits:load", {"vial": newest("stock.Vial").uid, **drawn}, **where)
    enter("visits:line", {"line": "st36 l .5"}, **where)
    return plan_for(newest("visits.Visit"))


def newest(model):
    return apps.get_model(model)._base_manager.latest("pk")


def in_column(column):
    room, model, field = column.split(".")
    value = getattr(newest(f"{room}.{model}"), field)
    return value.isoformat() if isinstance(value, datetime.date) else float(value) if isinstance(value, Decimal) else value


def test_what_is_entered_once_stands_in_its_column_and_in_the_plan(entered):
    parts = {}

    def walk(value):
        for one in value if isinstance(value, tuple) else [value]:
            if isinstance(one, plan.Part):
                for each in msgspec.structs.fields(one):
                    said = getattr(one, each.name)
                    parts.setdefault(f"{type(one).__name__}.{each.name}", said)
                    walk(said)

    walk(entered)
    assert {name: msgspec.json.decode(msgspec.json.encode(parts[name])) for name in ONCE} == ONCE
    columns = {name: in_column(ENTERED[name][0]) for name in ONCE}
    assert columns == {name: OTHERWISE.get(name, value[0] if isinstance(value, list) else value) for name, value in ONCE.items()}
