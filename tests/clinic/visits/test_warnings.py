"""The owner's figures of the check: what stood at the signature, by rule, and when it was answered."""

from __future__ import annotations

import datetime

from django.urls import reverse
from django.utils import timezone

from clinic.patients.people import make_patient
from clinic.people import make_person
from clinic.visits.charting import WELL, make_syringe, make_visit, plan
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.visits import actions, signing, warnings
from waterneedle.clinic.visits.plan import checked
from waterneedle.clinic.visits.standing import may_be_kept

DAY = datetime.timedelta(days=1)


def sign(by, patient, *, kept_until=None, **how):
    """A visit of one given injection, all of its warnings answered; gives the rules that asked."""
    visit = make_visit(by, patient, why="knee")
    actions.answer_today(visit=visit, answers=WELL, by=by)
    one = plan(by, visit, make_syringe(by, visit), **how)
    actions.mark(injection=one, status="given", why="meant so", by=by)
    asked = {one.rule for one in checked(visit).issues if one.severity == "warn" and not one.recorded}
    for rule in asked:
        actions.give_reason(visit=visit, rule=rule, note="looked at", by=by, review_on=kept_until if may_be_kept(rule) else None)
    proof = signing.mint(visit=visit, user=by.user, session_key="s", method="password")
    signing.sign(visit=visit, proof=proof.uid, session_key="s", by=by, deviation_why="no consent was signed")
    return asked


def test_a_visit_counts_once_and_each_of_its_rules_once(by, clinic):
    patient = make_patient(by)
    asked = sign(by, patient, kept_until=timezone.now().date() + 30 * DAY)
    assert asked

    found = warnings.figures(clinic, timezone.now() - DAY, "en")

    assert (found.visits, found.with_question) == (1, 1)
    assert {one.rule for one in found.rules if one.asked == 1} == asked
    assert found.with_block == bool([one for one in found.rules if one.against])


def test_what_the_check_has_kept_from_being_given_was_not_given_against_it(by, clinic):
    visit = make_visit(by, make_patient(by), why="knee")
    actions.answer_today(visit=visit, answers=WELL | {"identity_confirmed": False, "new_medicines": True}, by=by)
    one = plan(by, visit, make_syringe(by, visit))
    actions.mark(injection=one, status="not_done", why="nobody knows who this is", by=by)
    assert {"block", "warn"} <= {one.severity for one in checked(visit).issues}
    proof = signing.mint(visit=visit, user=by.user, session_key="s", method="password")
    signing.sign(visit=visit, proof=proof.uid, session_key="s", by=by)

    found = warnings.figures(clinic, timezone.now() - DAY, "en")

    assert (found.visits, found.with_question, found.with_block, found.rules) == (1, 0, 0, [])


def test_an_answer_that_was_kept_is_not_asked_again(by, clinic):
    patient = make_patient(by)
    patients.add_fact(patient=patient, kind="medication", said="apixaban", by=by)
    deep = {"route": "IM", "depth_mm": "20", "angle_deg": "90"}
    asked = sign(by, patient, kept_until=timezone.now().date() + 30 * DAY, **deep)
    again = sign(by, patient, **deep)
    kept = asked - again
    assert kept == {"anticoagulant"}

    found = {one.rule: one for one in warnings.figures(clinic, timezone.now() - DAY, "en").rules}

    assert all((found[rule].asked, found[rule].kept) == (1, 1) for rule in kept)


def test_figures_are_of_this_clinic_since_that_day(by, clinic, other_clinic):
    sign(by, make_patient(by))
    assert warnings.figures(other_clinic, timezone.now() - DAY, "en").visits == 0
    assert warnings.figures(clinic, timezone.now() + DAY, "en").visits == 0


def test_the_owner_reads_the_rules_in_words_and_the_desk_reads_nothing(client_of, clinic, by):
    sign(by, make_patient(by))
    address = reverse("home:figures", kwargs={"clinic": clinic.slug})
    owner, desk = make_person(clinic, "Olga", Role.OWNER), make_person(clinic, "Bob", Role.FRONT_DESK)

    shown = client_of(owner).get(address).context["warnings"]
    assert shown.visits == 1
    assert all(" " in one.title or one.title.isalpha() for one in shown.rules)
    assert client_of(desk).get(address).status_code == 404
