"""Every property of the contract has a column, and what is in the column reaches the check."""

from __future__ import annotations

import datetime
from decimal import Decimal

import msgspec
import pytest
from django.utils import timezone

from clinic.intake.signing import EVERY_PRODUCT, signed
from clinic.patients.people import at_work, make_patient
from clinic.people import make_person
from clinic.visits.charting import B12, WELL, make_syringe, make_vial, make_visit
from clinic.visits.charting import plan as puncture
from clinic.visits.test_signing import sign
from waterneedle.clinic.accounts.models import Clinic, Membership
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.intake import actions_consent
from waterneedle.clinic.intake.models import Consent
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.practitioners import actions as practitioners
from waterneedle.clinic.practitioners.models import Certificate, Licence
from waterneedle.clinic.stock import actions as stock
from waterneedle.clinic.stock.models import Kit, Lot, Vial
from waterneedle.clinic.visits import actions, drafts, drawing, queries, reactions, shown, signing
from waterneedle.clinic.visits.models import Injection, Reason, Signature, Syringe, Visit
from waterneedle.clinic.visits.plan import checked, plan_for
from waterneedle.clinic.visits.rows import injections_of
from waterneedle.safety import plan

ML = Decimal
# Where each property of a plan is kept: a column, or what it is worked out from.
KEPT = {
    plan.Plan: {
        "schema": "always the same", "date": "Visit.day", "jurisdiction": "Clinic.jurisdiction",
        "practitioner": "Visit.practitioner", "patient": "Visit.patient", "consent": "Consent of the patient",
        "injections": "Injection", "indication": "Visit.indication", "checks": "Reason",
        "previous": "Injection of earlier visits, Today.reacted_last", "emergency_kit": "Kit",
        "today": "Today", "language": "of who reads",
    },
    plan.Patient: {
        "birth_date": "Patient.birth_date", "sex": "Patient.sex", "height_cm": "Measure", "weight_kg": "Measure",
        "pregnancy": "Today.pregnancy", "conditions": "HealthFact", "allergies": "HealthFact", "medications": "HealthFact",
        "observations": "Measure", "tolerated": "Injection of earlier visits",
    },
    plan.Today: {
        name: f"Today.{name}" for name in ("identity_confirmed", "fever_or_infection", "new_medicines", "eaten", "lying_down")
    },
    plan.Site: {name: f"Injection.{name}" for name in ("point", "muscle", "region", "side", "skin", "level")},
    plan.Injection: {
        "site": "Injection", "contents": "Fill", "id": "Injection.seq", "route": "Injection.route", "needle": "Injection.gauge",
        "depth_mm": "Injection.depth_mm", "depth_max_mm": "Injection.depth_max_mm", "angle_deg": "Injection.angle_deg",
        "sensation": "Injection.sensation", "aspirated_blood": "Injection.aspirated_blood", "technique": "Injection.technique",
        "volume_ml": "Injection.volume_ml", "direction": "Injection.direction", "status": "Injection.status",
    },
}


@pytest.mark.parametrize("part", KEPT, ids=lambda one: one.__name__)
def test_every_property_has_its_place(part):
    assert {field.name for field in msgspec.structs.fields(part)} == set(KEPT[part])


def test_what_is_charted_reaches_the_plan_whole(by, ana):
    """One value in each column of an injection, and each of them in the document."""
    visit = make_visit(by, ana, why="knee")
    said = {
        "skin": "scar", "depth_mm": ML("8.5"), "depth_max_mm": ML(11), "angle_deg": 45, "direction": "toward the knee",
        "aspirated_blood": False, "sensation": "de_qi", "volume_ml": ML("0.4"), "route": "IM", "gauge": 27, "length_mm": ML(25),
    }
    syringe = make_syringe(by, visit)
    site = actions.Site(point="ST36", side="left", level="L3")
    actions.add(visit=visit, sites=[site], syringe=syringe, by=by, **said)

    (one,) = msgspec.to_builtins(plan_for(visit))["injections"]
    assert one["site"] == {"point": "ST36", "side": "left", "skin": "scar", "level": "L3"}
    assert (one["needle"]["gauge"], one["needle"]["length_mm"]) == (27, 25)
    assert {name: one[name] for name in ("depth_mm", "depth_max_mm", "angle_deg", "route", "volume_ml", "sensation")} == {
        "depth_mm": 8.5, "depth_max_mm": 11, "angle_deg": 45, "route": "IM", "volume_ml": 0.4, "sensation": "de_qi"}
    assert (one["direction"], one["aspirated_blood"], one["status"]) == ("toward the knee", False, "planned")
    (content,) = one["contents"]
    assert (content["product"], content["volume_ml"], content["container"]["lot"]) == (B12, 0.4, "0417")


def test_a_mixture_gives_each_puncture_its_share(by, ana):
    visit = make_visit(by, ana)
    saline = make_vial(by, "sodium-chloride-0.9-preservative-free", "NS1", name="Saline")
    fills = [(make_vial(by), ML("1.5")), (saline, ML("0.5"))]
    syringe = drawing.load_syringe(visit=visit, fills=fills, route="SC", by=by)
    actions.add(visit=visit, sites=[actions.Site(point="ST36", side="left")], syringe=syringe, volume_ml=ML("0.4"), by=by)

    (one,) = plan_for(visit).injections
    assert sorted(content.volume_ml for content in one.contents) == [0.1, 0.3]


def test_what_nobody_asked_is_not_known_and_what_is_none_is_none(by, ana):
    visit = make_visit(by, ana)
    found = plan_for(visit)
    assert (found.patient.allergies, found.today, found.previous, found.consent, found.emergency_kit) == (None,) * 5

    patients.say_none(patient=ana, kind="allergy", by=by)
    actions.answer_today(visit=visit, answers={"reacted_last": False}, by=by)
    found = plan_for(visit)
    assert (found.patient.allergies, found.previous) == ((), ())
    assert found.today.eaten is None


def test_a_draft_whose_record_was_joined_into_another_since_is_checked_by_what_both_say(by, ana):
    """A blood thinner that stands on the record that is kept; the visit was begun on the other one."""
    twice = make_patient(by, sex="unknown")
    visit = make_visit(by, twice)
    puncture(by, visit, make_syringe(by, visit), route="IM")
    patients.add_fact(patient=twice, kind="allergy", said="latex", by=by)
    patients.add_fact(patient=ana, kind="medication", said="apixaban", by=by)
    patients.change_patient(patient=ana, fields={"sex": "female", "lacks_capacity": True}, version=ana.version, by=by)
    patients.join(kept=ana, other=twice, why="same person", by=by)

    visit = Visit.objects.get(pk=visit.pk)
    found = plan_for(visit).patient
    assert [one.name for one in found.medications] == ["apixaban"]
    assert [one.substance for one in found.allergies] == ["latex"]
    assert (found.sex, [one.name for one in found.conditions]) == ("female", ["lack of capacity"])
    assert "warn" in [one.severity for one in checked(visit).issues if one.rule == "anticoagulant"]


@pytest.mark.parametrize(("known", "today", "expected"), [
    ("pregnant", "", "pregnant"), ("possible", "", "possible"), ("not_pregnant", "", None),
    ("pregnant", "not_pregnant", "not_pregnant"), ("not_pregnant", "pregnant", "pregnant"),
])
def test_pregnancy_is_what_was_said_today_and_until_then_the_worse(by, ana, known, today, expected):
    patients.say_pregnancy(patient=ana, status=known, by=by)
    visit = make_visit(by, ana)
    if today:
        actions.answer_today(visit=visit, answers={"pregnancy": today}, by=by)

    found = plan_for(visit).patient.pregnancy
    assert (found and found.status) == expected


def test_of_several_kits_the_worst_counts(by, ana, owner, clinic):
    fields = {"oxygen": True, "airway": True, "initials": "AA", "note": ""}
    day = timezone.now().astimezone(clinic.tzinfo).date()
    for place, days in (("Room 1", 200), ("Room 2", 20)):
        kit = stock.add_kit(place=place, by=by)
        expires = day + datetime.timedelta(days=days)
        stock.check_kit(kit=kit, day=day, by=by, fields=fields | {"epinephrine_expires": expires})
    visit = make_visit(by, ana)
    assert plan_for(visit).emergency_kit.epinephrine_expires == day + datetime.timedelta(days=20)

    stock.check_kit(kit=kit, day=day, by=by, fields=fields | {"epinephrine_expires": None, "oxygen": False})
    found = plan_for(visit).emergency_kit
    assert (found.epinephrine_expires, found.oxygen) == (None, False)


def test_an_answered_warning_stays_a_warning_and_is_not_asked_again(by, ana):
    signed(by, ana, *EVERY_PRODUCT)
    patients.add_fact(patient=ana, kind="medication", said="apixaban", by=by)
    visit = make_visit(by, ana)
    actions.answer_today(visit=visit, answers=WELL, by=by)
    actions.add(visit=visit, sites=[actions.Site(point="ST36", side="left")], syringe=make_syringe(by, visit), by=by,
                volume_ml=ML("0.3"), route="IM", depth_mm=ML(20), angle_deg=90)
    (before,) = [one for one in checked(visit).issues if one.rule == "anticoagulant"]
    assert (before.severity, before.recorded) == ("warn", False)

    review = visit.day + datetime.timedelta(days=90)
    actions.give_reason(visit=visit, rule="anticoagulant", note="cardiologist asked; firm pressure", review_on=review, by=by)
    (after,) = [one for one in checked(visit).issues if one.rule == "anticoagulant"]
    assert (after.severity, after.recorded) == ("warn", True)


def test_a_standing_reason_holds_until_its_day(by, ana, monkeypatch):
    first = make_visit(by, ana)
    actions.give_reason(visit=first, rule="anticoagulant", note="known", review_on=first.day + datetime.timedelta(days=30), by=by)
    actions.give_reason(visit=first, rule="fainting", note="lying down today", by=by)

    later = make_visit(by, ana)
    assert [one.rule for one in plan_for(later).checks] == ["anticoagulant"]
    over = timezone.now() + datetime.timedelta(days=31)
    monkeypatch.setattr(timezone, "now", lambda: over)
    assert plan_for(later).checks == ()


def test_a_kept_reason_of_a_visit_that_was_struck_answers_nothing(by, ana, clinic):
    wrong = make_visit(by, ana)
    until = wrong.day + datetime.timedelta(days=30)
    actions.give_reason(visit=wrong, rule="anticoagulant", note="the cardiologist was asked", review_on=until, by=by)
    later = make_visit(by, ana)
    assert [one.rule for one in plan_for(later).checks] == ["anticoagulant"]

    _sign_as_it_is(wrong, by)
    signing.ask_to_strike(visit=wrong, why="another Ana", by=by)
    assert [one.rule for one in plan_for(later).checks] == ["anticoagulant"]
    signing.strike(visit=wrong, by=at_work(make_person(clinic, "Dora Second", Role.PRACTITIONER), clinic))

    assert plan_for(later).checks == ()


@pytest.mark.parametrize("since", [
    lambda ana, day, by: patients.add_fact(patient=ana, kind="medication", said="clopidogrel", by=by),
    lambda ana, day, by: patients.add_measure(patient=ana, kind="INR", value=ML("4.5"), measured_on=day, by=by),
])
def test_a_kept_answer_is_asked_for_anew_once_more_is_known_of_the_patient(by, ana, since):
    patients.add_fact(patient=ana, kind="medication", said="apixaban", by=by)
    first = make_visit(by, ana)
    until = first.day + datetime.timedelta(days=30)
    actions.give_reason(visit=first, rule="anticoagulant", note="the cardiologist was asked", review_on=until, by=by)
    later = make_visit(by, ana)
    patients.add_measure(patient=ana, kind="weight_kg", value=ML(70), measured_on=first.day, by=by)
    assert [one.rule for one in plan_for(later).checks] == ["anticoagulant"]

    since(ana, first.day, by)
    assert plan_for(later).checks == ()
    actions.give_reason(visit=later, rule="anticoagulant", note="asked again", by=by)
    assert [one.note for one in plan_for(later).checks] == ["asked again"]


def test_a_reaction_of_the_same_day_bars_what_is_planned_after_it(by, ana):
    signed(by, ana, *EVERY_PRODUCT)
    morning = make_visit(by, ana)
    one = puncture(by, morning, make_syringe(by, morning), reaction="hives on both arms")
    actions.mark(injection=one, status="given", why="it was given", by=by)
    _sign_as_it_is(morning, by)
    again = make_visit(by, ana)
    actions.answer_today(visit=again, answers=WELL, by=by)
    puncture(by, again, make_syringe(by, again, vial=make_vial(by, number="0999", name="Other B12")))

    (found,) = [one for one in checked(again).issues if one.rule == "previous_reaction"]
    assert (found.severity, found.injections) == ("block", ("1",))
    assert plan_for(morning).previous is None  # what came later is no history of it


def test_what_was_had_before_here_is_known(by, ana):
    signed(by, ana, *EVERY_PRODUCT)
    then = timezone.now() - datetime.timedelta(days=14)
    earlier = make_visit(by, ana, happened_at=then)
    syringe = make_syringe(by, earlier)
    site = actions.Site(point="ST36", side="left")
    (one,) = actions.add(visit=earlier, sites=[site], syringe=syringe, volume_ml=ML("0.3"), by=by)
    actions.mark(injection=one, status="given", why="entered from paper", by=by)
    visit = make_visit(by, ana)
    assert plan_for(visit).previous is None  # a draft is no history

    _sign_as_it_is(earlier, by)
    actions.answer_today(visit=visit, answers={"reacted_last": True, "reacted_how": "hives"}, by=by)
    (before,) = plan_for(visit).previous
    assert (before.product, before.date, before.reaction) == (B12, earlier.day, "hives")


def test_what_was_charted_on_the_wrong_patient_was_not_had(by, ana, clinic):
    first = make_visit(by, ana, why="knee pain")
    actions.answer_today(visit=first, answers=WELL, by=by)
    actions.mark(injection=puncture(by, first, make_syringe(by, first)), status="given", why="it was given", by=by)
    sign(first, by)
    visit = make_visit(by, ana)
    assert len(plan_for(visit).previous) == 1

    signing.ask_to_strike(visit=first, why="another Ana", by=by)
    assert len(plan_for(visit).previous) == 1  # until a second person has said so
    signing.strike(visit=first, by=at_work(make_person(clinic, "Dora Second", Role.PRACTITIONER), clinic))
    assert plan_for(visit).previous is None


def test_what_is_checked_is_what_went_in_and_of_a_needle_that_was_stopped_at_once_nothing(by, ana):
    visit = make_visit(by, ana)
    syringe = make_syringe(by, visit)
    stopped, at_once = puncture(by, visit, syringe, "ST36"), puncture(by, visit, syringe, "LI11")
    puncture(by, visit, syringe, "SP9", volume_ml=None)  # planned: how much is not said yet
    actions.mark(injection=stopped, status="stopped", why="moved", volume_ml=ML("0.1"), by=by)
    actions.mark(injection=at_once, status="stopped", why="moved", by=by)

    contents = {one.site.point: [each.volume_ml for each in one.contents] for one in plan_for(visit).injections}
    assert contents == {"ST36": [0.1], "LI11": [], "SP9": [None]}


def test_what_was_stopped_before_anything_went_in_was_not_had(by, ana):
    for days in (28, 14):
        earlier = make_visit(by, ana, happened_at=timezone.now() - datetime.timedelta(days=days))
        site = actions.Site(point="ST36", side="left")
        (one,) = actions.add(visit=earlier, sites=[site], syringe=make_syringe(by, earlier), volume_ml=ML("0.3"), by=by)
        actions.mark(injection=one, status="stopped", why="felt faint", by=by)
        _sign_as_it_is(earlier, by)

    found = plan_for(make_visit(by, ana))

    assert (found.previous, found.patient.tolerated) == ((), None)


@pytest.mark.parametrize(("days", "reaction", "tolerated"), [
    ((28, 14), "", (B12,)), ((28, 14), "hives", None), ((14,), "", None),  # of the last one the patient is asked today
])
def test_what_was_had_before_the_last_visit_and_followed_by_nothing_is_tolerated(by, ana, days, reaction, tolerated):
    for ago in days:
        earlier = make_visit(by, ana, happened_at=timezone.now() - datetime.timedelta(days=ago))
        site = actions.Site(point="ST36", side="left")
        (one,) = actions.add(visit=earlier, sites=[site], syringe=make_syringe(by, earlier), volume_ml=ML("0.3"), by=by)
        actions.change(injection=one, fields={"reaction": reaction if ago == 28 else ""}, by=by)
        actions.mark(injection=one, status="given", why="entered from paper", by=by)
        _sign_as_it_is(earlier, by)

    assert plan_for(make_visit(by, ana)).patient.tolerated == tolerated


def test_what_followed_a_needle_that_was_taken_out_again_is_not_forgotten(by, ana):
    earlier = make_visit(by, ana, happened_at=timezone.now() - datetime.timedelta(days=14))
    site = actions.Site(point="ST36", side="left")
    (one,) = actions.add(visit=earlier, sites=[site], syringe=make_syringe(by, earlier), volume_ml=ML("0.3"), by=by)
    actions.change(injection=one, fields={"reaction": "fainted"}, by=by)
    actions.mark(injection=one, status="stopped", why="fainted", by=by)
    _sign_as_it_is(earlier, by)

    assert [one.reaction for one in plan_for(make_visit(by, ana)).previous] == ["fainted"]


def _sign_as_it_is(visit, by):
    proof = signing.mint(visit=visit, user=by.user, session_key="s", method="password")
    Signature.objects.create(
        clinic=by.clinic, visit=visit, document="{}", hash="0" * 64, proof=proof, signed_name="A", signed_at=timezone.now(),
        signed_by=by.user,
    )


def test_every_column_of_an_injection_is_in_the_plan_or_is_about_the_record():
    about_the_record = {
        "id", "uid", "clinic", "visit", "patient", "syringe", "seq", "went_where", "reaction", "nudge", "status_why", "given_at",
        "charted_at", "blocked", "made_at", "made_by", "removed_at",
    }
    in_the_plan = {"point", "muscle", "region", "side", "level", "skin", "gauge", "length_mm"} | set(KEPT[plan.Injection]) - {
        "site", "contents", "id", "needle"}

    assert {one.name for one in Injection._meta.concrete_fields} == about_the_record | in_the_plan


def test_a_compounded_vitamin_has_a_dose_by_the_strength_on_its_label(by, ana):
    label = {"substance": "methylcobalamin", "strength": ML(1000), "strength_unit": "mcg", "strength_per_ml": ML(1)}
    vial = make_vial(by, "methylcobalamin-us-compounded", "M-22", name="Methylcobalamin", **label)
    visit = make_visit(by, ana)
    syringe = make_syringe(by, visit, vial=vial)
    actions.add(visit=visit, sites=[actions.Site(point="ST36", side="left")], syringe=syringe, volume_ml=ML("0.5"), by=by)

    (dose,) = checked(visit).doses
    assert (dose.amount, dose.unit) in ((500, "mcg"), (500, "ug"), (0.5, "mg"))


def test_what_a_fluid_is_for_reaches_the_check(by, ana):
    visit = make_visit(by, ana)
    fills = [(make_vial(by, "lidocaine-1pct-multidose", "L1", name="Lidocaine"), ML(1))]
    syringe = drawing.load_syringe(visit=visit, fills=fills, purposes=["comfort"], route="SC", by=by)
    actions.add(visit=visit, sites=[actions.Site(point="ST36", side="left")], syringe=syringe, volume_ml=ML("0.4"), by=by)

    (content,) = plan_for(visit).injections[0].contents
    assert content.purpose == "comfort"


# --- what changes between the page and the signature


@pytest.fixture
def given(by, ana, owner):
    """A visit that was looked at on its page a moment ago, with everything known that the check reads."""
    for kind in ("condition", "allergy", "medication"):
        patients.say_none(patient=ana, kind=kind, by=by)
    patients.add_measure(patient=ana, kind="weight_kg", value=ML(70), measured_on=datetime.date(2026, 1, 2), by=by)
    signed(by, ana, *EVERY_PRODUCT)
    visit = make_visit(by, ana, why="knee pain")
    stock.check_kit(kit=stock.add_kit(place="Room 1", by=by), day=visit.day, by=by, fields={
        "oxygen": True, "airway": True, "initials": "AA", "epinephrine_expires": visit.day + datetime.timedelta(days=200)})
    actions.answer_today(visit=visit, answers=WELL | {"new_medicines": True}, by=by)  # a warning, which has its reason
    puncture(by, visit, make_syringe(by, visit, "0.5"))
    actions.give_all(visit=visit, by=by)
    answer_warnings(visit, by)
    assert checked(visit, language="en").verdict == "warn"  # as the page shows it: this answer is kept
    return visit


def answer_warnings(visit, by):
    for issue in checked(visit).issues:
        if issue.severity == "warn" and not issue.recorded:
            actions.give_reason(visit=visit, rule=issue.rule, note="known", by=by)


EARLIER = timezone.now() - datetime.timedelta(days=2)  # a day before in every zone
CHANGES = {
    "nothing": lambda visit, by: None,
    "the day": lambda visit, by: Visit.objects.filter(pk=visit.pk).update(day=visit.day + datetime.timedelta(days=400)),
    "the licence": lambda visit, by: Licence.objects.update(expires=EARLIER.date()),
    "the certificate": lambda visit, by: practitioners.withdraw_paper(
        paper=Certificate.objects.get(), kind="certificate", why="revoked", by=by),
    "who works here": lambda visit, by: Membership.objects.filter(user=by.user).update(ended_at=EARLIER),
    "the law of the place": lambda visit, by: Clinic.objects.update(jurisdiction="US-CA"),
    "the consent": lambda visit, by: actions_consent.withdraw(consent=Consent.objects.get(), line="", said_by="patient", by=by),
    "an allergy": lambda visit, by: patients.add_fact(patient=visit.patient, kind="allergy", said="cobalamin", by=by),
    "a medicine": lambda visit, by: patients.add_fact(patient=visit.patient, kind="medication", said="warfarin", by=by),
    "a condition": lambda visit, by: patients.add_fact(patient=visit.patient, kind="condition", said="haemophilia A", by=by),
    "the age": lambda visit, by: Patient.objects.update(birth_date=visit.day - datetime.timedelta(days=400)),
    "the capacity": lambda visit, by: Patient.objects.update(lacks_capacity=True),
    "pregnancy": lambda visit, by: actions.answer_today(visit=visit, answers={"pregnancy": "pregnant"}, by=by),
    "fever": lambda visit, by: actions.answer_today(visit=visit, answers={"fever_or_infection": True}, by=by),
    "the lot": lambda visit, by: Lot.objects.update(expires=EARLIER.date()),
    "the vial": lambda visit, by: Vial.objects.update(opened_at=EARLIER - datetime.timedelta(days=300)),
    "the kit": lambda visit, by: stock.check_kit(kit=Kit.objects.get(), day=visit.day, by=by, fields={
        "epinephrine_expires": EARLIER.date(), "oxygen": False, "airway": True, "initials": "AA"}),
    "the depth": lambda visit, by: Injection.objects.update(depth_mm=ML(90)),
    "the volume": lambda visit, by: Injection.objects.update(volume_ml=ML("0.4")),
    "the hour of the syringe": lambda visit, by: Syringe.objects.update(
        drawn_at=EARLIER, discard_at=EARLIER + datetime.timedelta(hours=1)),
    "a reason taken back": lambda visit, by: Reason.objects.update(removed_at=EARLIER),
}


GOOD_UNTIL = datetime.date(2999, 1, 1)


def test_a_kit_that_epinephrine_was_taken_from_is_not_known_until_it_is_looked_through_again(by, given):
    kit, fields = Kit.objects.get(), {"epinephrine_expires": GOOD_UNTIL, "oxygen": True, "airway": True, "initials": "AA"}
    assert plan_for(given).emergency_kit is not None
    reaction = reactions.begin(patient=given.patient, by=by)
    reactions.add_entry(reaction=reaction, kind="epinephrine", dose_mg=ML("0.3"), by=by)
    assert plan_for(given).emergency_kit is None

    stock.check_kit(kit=kit, day=given.day, by=by, fields=fields)
    assert plan_for(given).emergency_kit.epinephrine_expires == GOOD_UNTIL


@pytest.mark.parametrize("what", CHANGES)
def test_what_has_changed_since_the_page_was_looked_at_counts_at_the_signature(by, given, what):
    """What the check said is kept by all that it reads, so that nothing can have changed behind it."""
    before = msgspec.json.decode(msgspec.json.encode(checked(given, language="en")))
    CHANGES[what](given, by)
    seen = assessed_at_the_signature(given, by)

    assert (seen == before) is (what == "nothing")


def assessed_at_the_signature(visit, by):
    """The assessment that is signed; what is still asked where it asks for more than was answered."""
    proof = signing.mint(visit=visit, user=by.user, session_key="one", method="passkey").uid
    try:
        made = signing.sign(visit=visit, proof=proof, session_key="one", by=by, deviation_why="it was given")
    except signing.Incomplete as refused:
        return refused.gaps
    return msgspec.json.decode(made.document)["assessment"]


def _over_the_lung(by, visit, syringe, *points):
    """Needles that could reach the pleura at their full length."""
    return [puncture(by, visit, syringe, point=point, length_mm=ML(40), depth_mm=ML(5), angle_deg=90) for point in points]


def _asks(visit, rule, **more):
    return [one.recorded for one in checked(visit, **more).issues if one.rule == rule and one.severity == "warn"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_reason_covers_no_place_that_was_added_after_it(by, ana, language):
    visit = make_visit(by, ana)
    syringe = make_syringe(by, visit)
    _over_the_lung(by, visit, syringe, "GB21")
    actions.give_reason(visit=visit, rule="pleura_depth", note="depth held by the fingers", by=by)
    assert _asks(visit, "pleura_depth", language=language) == [True]

    _over_the_lung(by, visit, syringe, "BL13")
    assert False in _asks(visit, "pleura_depth", language=language)
    assert any(gap.field == "reason pleura_depth" for gap in signing.gaps(_given(visit, by)))

    actions.give_reason(visit=visit, rule="pleura_depth", note="held at both", by=by)
    assert set(_asks(visit, "pleura_depth", language=language)) == {True}


def test_a_reason_covers_no_greater_depth_than_was_shown(by, ana):
    visit = make_visit(by, ana)
    (one,) = _over_the_lung(by, visit, make_syringe(by, visit), "GB21")
    actions.give_reason(visit=visit, rule="pleura_depth", note="depth held by the fingers", by=by)

    actions.change(injection=one, fields={"length_mm": ML(50)}, by=by)
    assert _asks(visit, "pleura_depth") == [False]
    actions.change(injection=one, fields={"length_mm": ML(40)}, by=by)
    assert _asks(visit, "pleura_depth") == [True]


@pytest.mark.parametrize("which", [0, 1, 2])
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_reason_covers_no_greater_depth_at_any_of_the_places_that_one_warning_names(by, ana, which, language):
    visit = make_visit(by, ana)
    placed = _over_the_lung(by, visit, make_syringe(by, visit), "BL13", "BL14", "BL15")
    assert [one.injections for one in checked(visit).issues if one.rule == "pleura_depth"] == [("1", "2", "3")]
    actions.give_reason(visit=visit, rule="pleura_depth", note="depth held by the fingers", by=by)
    assert _asks(visit, "pleura_depth", language=language) == [True]

    actions.change(injection=placed[which], fields={"length_mm": ML(50)}, by=by)
    assert _asks(visit, "pleura_depth", language=language) == [False]
    actions.change(injection=placed[which], fields={"length_mm": ML(40), "sensation": "de_qi"}, by=by)
    assert _asks(visit, "pleura_depth", language=language) == [True]  # what the warning does not speak of asks nothing


def test_a_reason_to_what_is_no_longer_so_at_the_second_place_is_not_taken(by, ana):
    visit = make_visit(by, ana)
    _, second = _over_the_lung(by, visit, make_syringe(by, visit), "BL13", "BL14")
    page = queries.draft(visit, "en")
    read = next(row.seen for each in page.rows for row in each.issues if row.issue.rule == "pleura_depth")
    actions.change(injection=second, fields={"length_mm": ML(50)}, by=by)

    with pytest.raises(drafts.ChangedMeanwhile):
        actions.give_reason(visit=visit, rule="pleura_depth", note="held", by=by, seen=read)


def test_a_reason_to_what_is_no_longer_so_is_not_taken(by, ana):
    visit = make_visit(by, ana)
    syringe = make_syringe(by, visit)
    _over_the_lung(by, visit, syringe, "GB21")
    read = shown.together(shown.of_rule(checked(visit), "pleura_depth"))
    _over_the_lung(by, visit, syringe, "BL13")

    with pytest.raises(drafts.ChangedMeanwhile):
        actions.give_reason(visit=visit, rule="pleura_depth", note="held", by=by, seen=read)
    assert not Reason.objects.exists()


def test_a_reason_that_is_kept_covers_what_is_added_too(by, ana):
    patients.add_fact(patient=ana, kind="medication", said="apixaban", by=by)
    visit = make_visit(by, ana)
    syringe = make_syringe(by, visit)
    puncture(by, visit, syringe, route="IM", depth_mm=ML(20))
    until = visit.day + datetime.timedelta(days=30)
    actions.give_reason(visit=visit, rule="anticoagulant", note="the cardiologist was asked", review_on=until, by=by)

    puncture(by, visit, syringe, side="right", route="IM", depth_mm=ML(20))
    assert _asks(visit, "anticoagulant") == [True]


def test_a_reason_that_is_kept_covers_the_same_product_at_the_next_visit_and_no_other_allergy(by, ana):
    for said in ("nickel", "parabens"):
        patients.add_fact(patient=ana, kind="allergy", said=said, by=by)
    b12, procaine = make_vial(by), make_vial(by, product="procaine-novocain-1pct-vial", name="Procaine", number="0500")
    first = make_visit(by, ana)
    puncture(by, first, make_syringe(by, first, vial=b12))
    until = first.day + datetime.timedelta(days=90)
    actions.give_reason(visit=first, rule="allergy", note="she had it for years", review_on=until, by=by)
    assert _asks(first, "allergy") == [True]

    later = make_visit(by, ana)
    puncture(by, later, make_syringe(by, later, vial=b12))
    assert _asks(later, "allergy") == [True]
    puncture(by, later, make_syringe(by, later, vial=procaine), side="right")
    assert sorted(_asks(later, "allergy")) == [False, True]


def _given(visit, by):
    for one in injections_of(visit):
        actions.mark(injection=one, status="given", why="it was given", by=by)
    return visit
