"""Every property of the plan that is checked has a column, and a place on a page where somebody enters it.

What is worked out instead of entered says from what; what this clinic's way of working never has says why.
"""

from __future__ import annotations

import inspect
import re

import msgspec
import pytest
from django.apps import apps
from django.urls import reverse

from clinic.patients.people import at_work, make_patient
from clinic.people import make_person
from clinic.visits.charting import make_syringe, make_visit
from clinic.visits.charting import plan as planned
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.stock import actions as stock
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
    "Pregnancy.weeks": ("visits.Today.pregnancy_weeks", "patients:health", "pregnancy-weeks"),
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
    "RecordedCheck.rule": ("visits.Reason.rule", "visits:visit", "rule"),
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


@pytest.fixture
def pages(client_of, clinic, alice):
    """Names of the inputs of each page that is asked for, as somebody who may fill it in sees it."""
    by = at_work(alice, clinic)
    ana = make_patient(by, sex="female")
    visit = make_visit(by, ana)
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
        found = set(re.findall(r'<(?:input|select|textarea|button)[^>]* name="([^"]+)"', answer.content.decode()))
        return found | {name.rpartition("-")[2] for name in found}  # a page with a form for each kit tells them apart by a prefix

    return inputs


@pytest.mark.parametrize("route", sorted({route for _, route, _ in ENTERED.values()}))
def test_it_is_entered_on_a_page(pages, route):
    assert {name for _, page, name in ENTERED.values() if page == route} - pages(route) == set()
