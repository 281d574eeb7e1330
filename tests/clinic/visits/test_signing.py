"""The signature: who may, with what proof, what it needs, what it freezes and what it takes from the shelf."""

from __future__ import annotations

import datetime
from contextlib import nullcontext
from decimal import Decimal

import pytest
from django.db import Error, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clinic.patients.people import at_work, make_patient
from clinic.people import make_person
from clinic.visits.charting import WELL, ago, make_ready_patient, make_syringe, make_vial, make_visit, plan
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.audit.verify import verify
from waterneedle.clinic.database.rows import uuid7
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.patients.models import Pregnancy
from waterneedle.clinic.patients.queries import health_of
from waterneedle.clinic.stock import actions as stock
from waterneedle.clinic.stock.models import Lot, Movement, Vial
from waterneedle.clinic.stock.queries import booked_ml
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.visits import actions, day, drafts, signing
from waterneedle.clinic.visits.models import Fill, Injection, Proof, Signature, Strike, Syringe, Visit
from waterneedle.clinic.visits.plan import checked, plan_for
from waterneedle.clinic.visits.rows import reasons_of

ML = Decimal
SESSION = "a session's key"


@pytest.fixture
def ana(by):
    """A patient whose health was asked about and who has agreed to everything."""
    return make_ready_patient(by)


@pytest.fixture
def vial(by):
    return make_vial(by)


@pytest.fixture
def visit(by, ana, vial):
    """Two of three mL given at two points."""
    visit = make_visit(by, ana, why="knee pain")
    actions.answer_today(visit=visit, answers=WELL, by=by)
    syringe = make_syringe(by, visit, "1.5", vial=vial)
    for side in ("left", "right"):
        give(plan(by, visit, syringe, side=side), by)
    return visit


def give(one, by, why="it was given"):
    return actions.mark(injection=one, status="given", why=why, by=by)


def proof(visit, user, session=SESSION):
    return signing.mint(visit=visit, user=user, session_key=session, method="password").uid


def answer_warnings(visit, by):
    for gap in signing.gaps(visit):
        if gap.field.startswith("reason "):
            actions.give_reason(visit=visit, rule=gap.field.removeprefix("reason "), note="known, and looked at", by=by)


def sign(visit, by, **more):
    answer_warnings(visit, by)
    more = {"deviation_why": "the kit was beside"} | more
    return signing.sign(visit=visit, proof=proof(visit, by.user), session_key=SESSION, by=by, **more)


def test_a_signed_visit_is_a_document_whose_hash_is_in_the_trail(by, visit):
    signature = sign(visit, by)

    entry = Entry.objects.get(patient_uid=visit.patient.uid, action="sign", kind="visit")
    assert bytes(entry.after).hex() == signature.hash
    says = signing.as_signed(signature)
    assert says["is_intact"]
    assert [(one["point"], one["side"], one["volume_ml"]) for one in says["injections"]] == [
        ("ST36", "left", "0.5"), ("ST36", "right", "0.5")]
    assert by.user.name not in signature.document and visit.patient.family_name not in signature.document


def test_what_was_given_and_what_was_left_leave_the_shelf(by, visit, vial):
    before = booked_ml(vial.lot)
    sign(visit, by)

    vial.refresh_from_db()
    vial.lot.refresh_from_db()
    rows = Movement.objects.filter(cause=str(visit.uid)).values_list("kind", "volume_ml")
    assert sorted(rows) == [("drawn", ML(-1)), ("wasted", ML("-0.5"))]
    assert (vial.volume_ml, vial.lot.volume_ml, booked_ml(vial.lot)) == (ML("8.5"), before - ML("1.5"), before - ML("1.5"))


def test_a_proof_is_good_for_one_signature_of_one_person_session_and_visit(by, visit, assistant):
    answer_warnings(visit, by)
    elsewhere = make_visit(by, make_patient(by, "Ben Ortiz"))
    for wrong in (proof(elsewhere, by.user), proof(visit, assistant), proof(visit, by.user, "another")):
        with pytest.raises(signing.NotProved):
            signing.sign(visit=visit, proof=wrong, session_key=SESSION, by=by, deviation_why="as it was")

    old = proof(visit, by.user)
    Proof.objects.filter(uid=old).update(until=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))
    with pytest.raises(signing.NotProved):
        signing.sign(visit=visit, proof=old, session_key=SESSION, by=by, deviation_why="as it was")
    assert not Signature.objects.exists()


@pytest.mark.parametrize(("seconds", "is_good"), [(115, True), (125, False)])
def test_a_proof_is_good_for_two_minutes(by, visit, seconds, is_good):
    answer_warnings(visit, by)
    with ago(seconds=seconds):
        uid = proof(visit, by.user)

    with nullcontext() if is_good else pytest.raises(signing.NotProved):
        signing.sign(visit=visit, proof=uid, session_key=SESSION, by=by, deviation_why="as it was")
    assert Signature.objects.exists() == is_good


def test_at_the_address_of_another_patient_nothing_is_signed(by, visit):
    answer_warnings(visit, by)
    other = make_patient(by, "Ben Ortiz")

    with pytest.raises(signing.NotFound):
        signing.sign_addressed(
            patient=other, uid=visit.uid, proof=proof(visit, by.user), session_key=SESSION, by=by, deviation_why="as it was")
    assert not Signature.objects.exists()


def test_a_double_click_signs_once(by, visit):
    sign(visit, by)

    with pytest.raises(drafts.AlreadySigned):
        sign_again = proof(visit, by.user)
        signing.sign(visit=visit, proof=sign_again, session_key=SESSION, by=by)
    assert Signature.objects.count() == 1


def test_who_injected_signs(by, visit, clinic):
    answer_warnings(visit, by)
    other = at_work(make_person(clinic, "Petra Practitioner", Role.PRACTITIONER), clinic)

    with pytest.raises(signing.NotSigned):
        signing.sign(visit=visit, proof=proof(visit, other.user), session_key=SESSION, by=other, deviation_why="as it was")


def test_what_is_only_planned_and_warnings_without_an_answer_stand_against_it(by, ana, vial):
    visit = make_visit(by, ana)
    syringe = make_syringe(by, visit, "2", vial=vial)
    plan(by, visit, syringe)
    give(plan(by, visit, syringe, point="LI11", side="", depth_mm=None), by)

    found = {(gap.field.split()[0], gap.seq) for gap in signing.gaps(visit)}
    assert {("status", 1), ("side", 2), ("depth_mm", 2), ("identity_confirmed", None)} <= found
    assert "reason" in {field for field, _ in found}
    with pytest.raises(signing.Incomplete):
        signing.sign(visit=visit, proof=proof(visit, by.user), session_key=SESSION, by=by)


@pytest.mark.parametrize("field", ["volume_ml", "side", "route", "depth_mm"])
def test_each_thing_that_was_not_said_of_a_puncture_stands_against_it(by, ana, vial, field):
    visit = make_visit(by, ana)
    actions.answer_today(visit=visit, answers=WELL, by=by)
    given_, stopped = (plan(by, visit, make_syringe(by, visit, "1", vial=vial), side=side) for side in ("left", "right"))
    give(plan(by, visit, None, point="LI11", volume_ml=None), by)  # through a needle alone nothing goes in, by no route
    give(given_, by)
    actions.mark(injection=stopped, status="stopped", why="pain", by=by)
    for one in (given_, stopped):  # of what was stopped it need not be known
        Injection.objects.filter(pk=one.pk).update(**{field: "" if field in ("side", "route") else None})

    found = [(gap.field, gap.seq) for gap in signing.gaps(visit) if not gap.field.startswith("reason ")]
    assert found == [(field, given_.seq)]


def test_a_warning_of_what_was_only_stopped_is_answered_too(by, ana, vial):
    patients.add_fact(patient=ana, kind="medication", said="apixaban", by=by)
    visit = make_visit(by, ana)
    actions.answer_today(visit=visit, answers=WELL, by=by)
    one = plan(by, visit, make_syringe(by, visit, vial=vial, route="IM", length_mm=ML(25)), depth_mm=ML(20))
    actions.mark(injection=one, status="stopped", why="pain", volume_ml=ML("0.2"), by=by)

    assert "reason anticoagulant" in {gap.field for gap in signing.gaps(visit)}


def test_a_note_alone_can_be_signed_and_nothing_at_all_cannot(by, ana):
    visit = make_visit(by, ana)
    for nothing in ("", "  "):
        actions.change_visit(visit=visit, version=visit.version, fields={"note": nothing}, by=by)
        with pytest.raises(signing.Incomplete):
            sign(visit, by)

    actions.change_visit(visit=visit, version=visit.version, fields={"note": "talked, nothing injected"}, by=by)
    assert sign(visit, by).deviation_why == ""


def test_a_visit_of_which_nobody_says_who_injected_is_not_signed(by, visit):
    actions.change_visit(visit=visit, version=visit.version, fields={"practitioner": None}, by=by)

    assert "practitioner" in {gap.field for gap in signing.gaps(visit)}
    with pytest.raises(signing.Incomplete):
        sign(visit, by)


def test_what_was_barred_as_it_went_in_stays_a_deviation_whatever_is_known_later(by, ana, vial):
    visit = make_visit(by, ana)
    actions.answer_today(visit=visit, answers=WELL | {"fever_or_infection": True}, by=by)
    give(plan(by, visit, make_syringe(by, visit, "0.5", vial=vial)), by, why="nobody had looked")
    actions.answer_today(visit=visit, answers={"fever_or_infection": False}, by=by)
    answer_warnings(visit, by)
    assert checked(visit).verdict != "block"

    with pytest.raises(signing.Deviation):
        signing.sign(visit=visit, proof=proof(visit, by.user), session_key=SESSION, by=by)


def fever(visit, by):
    actions.answer_today(visit=visit, answers={"fever_or_infection": True}, by=by)


def allergy(visit, by):
    patients.add_fact(patient=visit.patient, kind="allergy", said="cyanocobalamin", severity="severe", by=by)


@pytest.mark.parametrize(("comes_to_light", "names_the_puncture"), [(fever, False), (allergy, True)])
def test_what_comes_to_light_after_a_puncture_makes_it_a_deviation(by, ana, vial, comes_to_light, names_the_puncture):
    visit = make_visit(by, ana)
    actions.answer_today(visit=visit, answers=WELL, by=by)
    give(plan(by, visit, make_syringe(by, visit, "0.5", vial=vial)), by)
    answer_warnings(visit, by)
    assert checked(visit).verdict != "block"

    comes_to_light(visit, by)
    answer_warnings(visit, by)
    assert [bool(one.injections) for one in checked(visit).issues if one.severity == "block"] == [names_the_puncture]
    with pytest.raises(signing.Deviation):
        signing.sign(visit=visit, proof=proof(visit, by.user), session_key=SESSION, by=by)


def test_what_was_given_against_a_block_is_a_deviation_and_the_owner_is_told(by, vial):
    visit = make_visit(by, make_patient(by, "Ben Ortiz"))  # who has not consented
    actions.answer_today(visit=visit, answers=WELL, by=by)
    give(plan(by, visit, make_syringe(by, visit, "0.5", vial=vial)), by, why="the form was lost")
    answer_warnings(visit, by)

    with pytest.raises(signing.Deviation):
        signing.sign(visit=visit, proof=proof(visit, by.user), session_key=SESSION, by=by)
    assert not Task.objects.filter(kind="deviation").exists()

    signature = signing.sign(
        visit=visit, proof=proof(visit, by.user), session_key=SESSION, by=by, deviation_why="consent was given by word of mouth")
    assert signature.is_deviation
    task = Task.objects.get(kind="deviation")
    assert (task.role, task.cause) == (Role.OWNER, str(visit.uid))


def test_a_refused_signature_leaves_nothing_behind(by, visit, vial):
    answer_warnings(visit, by)
    vial.volume_ml = ML("0.2")  # the book says less than was drawn
    vial.save()
    uid = proof(visit, by.user)

    with pytest.raises(signing.ShortBook):
        signing.sign(visit=visit, proof=uid, session_key=SESSION, by=by, deviation_why="as it was")
    assert Proof.objects.get(uid=uid).used_at is None
    assert not Movement.objects.filter(cause=str(visit.uid)).exists()
    assert [one.pk for one in day.unsigned(by.clinic, visit.day)] == [visit.pk]

    signing.sign(visit=visit, proof=uid, session_key=SESSION, by=by, deviation_why="as it was", recount=True)
    vial.refresh_from_db()
    vial.lot.refresh_from_db()
    assert vial.volume_ml == 0
    assert vial.lot.volume_ml == booked_ml(vial.lot)
    assert day.unsigned(by.clinic, visit.day) == []
    assert not Visit.objects.get(pk=visit.pk).is_draft  # by which the unsigned ones are found among all visits


def planned(visit, vial, by, other):
    injection = Injection.objects.filter(visit=visit).first()
    actions.mark(injection=injection, status="planned", why="not yet", by=by)


def short(visit, vial, by, other):
    Vial.objects.filter(pk=vial.pk).update(volume_ml=ML("0.2"))


def shorter(visit, vial, by, other):
    """As no book should be: the lot has less than its open vial."""
    Lot.objects.filter(pk=vial.lot_id).update(volume_ml=ML("0.2"))


def used(visit, vial, by, other):
    Proof.objects.filter(visit=visit).update(used_at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))


@pytest.mark.parametrize(("made", "refusal"), [
    (planned, signing.Incomplete), (short, signing.ShortBook), (shorter, signing.ShortBook), (used, signing.NotProved)])
def test_a_signature_is_refused_before_the_first_write(by, visit, vial, assistant, made, refusal):
    """It has no savepoint of its own, so that a caller who goes on after a refusal must not write half of it down."""
    answer_warnings(visit, by)
    uid = proof(visit, by.user)
    made(visit, vial, by, assistant)
    with CaptureQueriesContext(connection) as asked, transaction.atomic(), pytest.raises(refusal):
        signing.sign(visit=visit, proof=uid, session_key=SESSION, by=by, deviation_why="as it was")

    written = [one["sql"] for one in asked if one["sql"].startswith(("INSERT", "UPDATE", "WITH", "DELETE"))]
    assert [sql for sql in written if not sql.startswith("UPDATE visits_proof")] == []
    assert Proof.objects.filter(visit=visit, used_at__year__gt=2026 - (made is not used)).count() == 0


def test_what_goes_wrong_after_the_first_write_takes_everything_back(by, visit, vial):
    """A row of the trail that does not go in, as after a fault of the disk: nothing of the signature is there."""
    answer_warnings(visit, by)
    uid = proof(visit, by.user)

    def fails(execute, sql, params, many, context):
        if "audit_entry" in sql:
            raise Error("the disk")
        return execute(sql, params, many, context)

    with pytest.raises(Error, match="the disk"), transaction.atomic(), connection.execute_wrapper(fails):
        signing.sign(visit=visit, proof=uid, session_key=SESSION, by=by, deviation_why="as it was")

    vial.refresh_from_db()
    assert (vial.volume_ml, Proof.objects.get(uid=uid).used_at) == (ML(10), None)
    assert not Signature.objects.exists() and not Movement.objects.filter(cause=str(visit.uid)).exists()
    assert Visit.objects.get(pk=visit.pk).is_draft


def test_what_is_signed_takes_no_more_writes(by, visit):
    sign(visit, by)
    one = visit.injections.first()

    for write in (
        lambda: actions.remove(injection=one, by=by),
        lambda: actions.change(injection=one, fields={"depth_mm": ML(3)}, by=by),
        lambda: actions.mark(injection=one, status="not_done", why="no", by=by),
        lambda: actions.answer_today(visit=visit, answers={"eaten": False}, by=by),
        lambda: actions.change_visit(visit=visit, version=visit.version, fields={"note": "later"}, by=by),
        lambda: make_syringe(by, visit),
    ):
        with pytest.raises(drafts.AlreadySigned):
            write()


@pytest.mark.parametrize("model", [Visit, Injection, Syringe, Fill, Signature])
def test_the_database_itself_keeps_what_is_signed(by, visit, model):
    sign(visit, by)

    row = model.objects.first()
    for statement in (f"UPDATE {model._meta.db_table} SET clinic_id = clinic_id WHERE id = %s",
                      f"DELETE FROM {model._meta.db_table} WHERE id = %s"):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [row.pk])


def test_nothing_is_added_to_what_is_signed_behind_the_back_of_the_room(by, visit):
    sign(visit, by)
    one = visit.injections.first()
    one.pk, one.seq = None, 99
    one.uid = uuid7()

    with pytest.raises(Error), transaction.atomic():
        one.save(force_insert=True)


def test_a_document_that_was_changed_is_named_by_the_check_of_the_trail(by, visit):
    sign(visit, by)
    assert verify().ok

    with connection.cursor() as cursor:
        drop = ("DROP TRIGGER visits_signature_frozen_update" + (
            " ON visits_signature" if connection.vendor == "postgresql" else ""))
        cursor.execute(drop)
        cursor.execute("UPDATE visits_signature SET document = replace(document, 'knee', 'neck')")
    assert [(bad.kind, bad.uid, bad.reason) for bad in verify().documents] == [("visit", str(visit.uid), "changed")]


def test_the_first_signature_is_noted_and_later_ones_change_nothing(by, visit, ana):
    first = sign(visit, by)
    ana.refresh_from_db()
    assert ana.first_signed_at == first.signed_at

    later = make_visit(by, ana)
    actions.change_visit(visit=later, version=later.version, fields={"note": "only talked"}, by=by)
    sign(later, by)
    ana.refresh_from_db()
    assert ana.first_signed_at == first.signed_at


def test_an_amendment_is_tied_to_what_was_signed(by, visit):
    with pytest.raises(signing.NotSigned):
        signing.amend(visit=visit, text="too early", by=by)
    sign(visit, by)

    first = signing.amend(visit=visit, text="The left knee was swollen.", by=by)
    entry = Entry.objects.get(patient_uid=visit.patient.uid, action="amend")
    assert bytes(entry.after).hex() == first.hash


def test_nobody_strikes_a_visit_without_saying_why(by, visit):
    with pytest.raises(signing.NotSigned):
        signing.ask_to_strike(visit=visit, why="  ", by=by)
    assert not Strike.objects.exists()


def test_the_database_strikes_nothing_without_the_second_person(by, visit):
    signing.ask_to_strike(visit=visit, why="another Ana", by=by)
    for wrong in ({"struck_at": timezone.now()}, {"struck_by": by.user}, {"struck_at": timezone.now(), "struck_by": by.user}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Strike.objects.update(**wrong)
    assert Strike.objects.get().struck_at is None


def test_two_people_strike_a_visit_and_the_shelf_has_it_back(by, visit, vial, clinic):
    before = booked_ml(vial.lot)
    sign(visit, by)
    signing.ask_to_strike(visit=visit, why="charted on the wrong patient", by=by)
    with pytest.raises(signing.NotSigned):
        signing.strike(visit=visit, by=by)

    other = at_work(make_person(clinic, "Petra Practitioner", Role.PRACTITIONER), clinic)
    for _ in range(2):  # a second click enters nothing back again
        signing.strike(visit=visit, by=other)
    vial.refresh_from_db()
    vial.lot.refresh_from_db()
    assert (vial.volume_ml, vial.lot.volume_ml, booked_ml(vial.lot)) == (ML(10), before, before)
    assert Signature.objects.filter(visit=visit).exists()

    signing.let_stand(visit=visit, by=by)
    assert Strike.objects.get().struck_at is not None  # what is struck stays struck
    with pytest.raises(drafts.Struck):
        signing.amend(visit=visit, text="It was the left knee.", by=by)


@pytest.mark.parametrize("gone", ["discarded", "past its time"])
def test_nothing_goes_back_into_a_vial_that_is_gone(by, visit, vial, clinic, gone):
    sign(visit, by)
    if gone == "discarded":
        stock.discard(vial=vial, why="empty", by=by)
    else:
        Vial.objects.filter(pk=vial.pk).update(opened_at=vial.opened_at - datetime.timedelta(days=40))
    vial.refresh_from_db()
    vial.lot.refresh_from_db()
    left, booked = vial.volume_ml, vial.lot.volume_ml
    other = at_work(make_person(clinic, "Petra Practitioner", Role.PRACTITIONER), clinic)
    signing.ask_to_strike(visit=visit, why="charted on the wrong patient", by=by)
    for _ in range(2):
        signing.strike(visit=visit, by=other)

    vial.refresh_from_db()
    vial.lot.refresh_from_db()
    assert (vial.volume_ml, vial.lot.volume_ml, booked_ml(vial.lot)) == (left, booked, booked)
    rows = Movement.objects.filter(lot=vial.lot, cause=str(visit.uid)).order_by("pk")
    back = [(one.kind, one.volume_ml) for one in rows if one.made_by == other.user]
    taken = [one.volume_ml for one in rows if one.made_by == by.user]
    assert sum(ml for _, ml in back) == 0
    assert [ml for kind, ml in back if kind == "returned"] == [-ml for ml in taken]
    assert {one.why for one in rows if one.made_by == other.user and one.kind == "wasted"} == {
        f"entered back, but the vial {'was discarded' if gone == 'discarded' else 'is past its time'}"}


def test_the_whole_trail_still_verifies(by, visit):
    sign(visit, by)
    signing.amend(visit=visit, text="Later.", by=by)

    assert verify().ok


def test_what_a_struck_visit_told_of_the_patient_is_taken_back(by, ana, vial, clinic):
    patients.say_pregnancy(patient=ana, status="not_pregnant", by=by)
    wrong = make_visit(by, ana, why="knee pain")
    actions.answer_today(visit=wrong, answers=WELL | {"pregnancy": "pregnant", "pregnancy_weeks": ML(9)}, by=by)
    give(plan(by, wrong, make_syringe(by, wrong, "1", vial=vial)), by)
    kept = {"rule": "substance_caution", "note": "known", "review_on": wrong.day + datetime.timedelta(days=7)}
    actions.give_reason(visit=wrong, by=by, **kept)
    sign(wrong, by)
    assert health_of(ana).pregnancy.status == "pregnant"

    signing.ask_to_strike(visit=wrong, why="another Ana", by=by)
    signing.strike(visit=wrong, by=at_work(make_person(clinic, "Petra Practitioner", Role.PRACTITIONER), clinic))

    ana.refresh_from_db()
    assert (health_of(ana).pregnancy.status, ana.first_signed_at) == ("not_pregnant", None)
    again = make_visit(by, ana)
    assert reasons_of(again) == [] and plan_for(again).patient.pregnancy is None
    assert Pregnancy.objects.filter(visit=wrong.uid, removed_at__isnull=False).count() == 1  # it stays on file


def test_what_was_said_elsewhere_and_other_visits_stay_when_one_is_struck(by, ana, vial, clinic):
    right, wrong, later = (make_visit(by, ana, why="knee pain") for _ in range(3))
    for each in (right, wrong, later):
        actions.answer_today(visit=each, answers=WELL, by=by)
        give(plan(by, each, make_syringe(by, each, "1", vial=vial)), by)
        sign(each, by)
    patients.say_pregnancy(patient=ana, status="possible", by=by)

    signing.ask_to_strike(visit=wrong, why="another Ana", by=by)
    signing.strike(visit=wrong, by=at_work(make_person(clinic, "Petra Practitioner", Role.PRACTITIONER), clinic))

    ana.refresh_from_db()
    assert ana.first_signed_at == Signature.objects.get(visit=right).signed_at
    assert health_of(ana).pregnancy.status == "possible"
