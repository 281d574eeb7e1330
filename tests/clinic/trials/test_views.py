"""The pages of trials: planned and frozen in a browser, allocated with one tap, prepared, opened, ended."""

from __future__ import annotations

import pytest
from django.urls import reverse

from clinic.intake.signing import EVERY_PRODUCT, signed
from clinic.paper.reading import text_of
from clinic.patients.people import make_patient
from clinic.people import make_person
from clinic.trials.planning import OF_BLOCKS, PARALLEL, allocated, drafted, frozen, plan
from clinic.visits.charting import make_visit
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.intake.models import Answers
from waterneedle.clinic.trials import actions, allocating, on_paper, sealed
from waterneedle.clinic.trials.forms import PlanForm
from waterneedle.clinic.trials.knowing import may_know
from waterneedle.clinic.trials.models import Allocation, Trial, Unblinding
from waterneedle.clinic.trials.report import report_of


def address(name, row, **more):
    return reverse(f"trials:{name}", kwargs={"clinic": row.clinic.slug} | more)


def typed(**more):
    said = PlanForm.typed(plan(**more))
    return {name: "" if value is None else value for name, value in said.items() if value is not False}


def test_from_a_plan_to_a_code_on_the_page_of_the_visit(by, ana, alice, client_of):
    browser = client_of(alice)
    made = browser.post(address("new_in_patient", ana, patient=ana.uid), typed())
    trial = Trial.objects.get()
    assert made.url == address("trial", ana, trial=trial.uid) and trial.says == plan()

    browser.post(address("freeze", ana, trial=trial.uid))
    trial.refresh_from_db()
    page = browser.get(made.url).content.decode()
    assert trial.commitment in page and trial.hash in page
    visit = make_visit(by, ana)
    panel = address("panel", ana, patient=ana.uid, visit=visit.uid)
    assert panel in browser.get(reverse("visits:visit", kwargs={
        "clinic": ana.clinic.slug, "patient": ana.uid, "visit": visit.uid})).content.decode()
    assert "has not signed the consent" in browser.get(panel).content.decode()

    signed(by, ana, *EVERY_PRODUCT, trial.line)
    assert "Allocate" in browser.get(panel).content.decode()
    answer = browser.post(
        address("allocate", ana, patient=ana.uid, visit=visit.uid, trial=trial.uid), headers={"HX-Request": "true"}, follow=True)

    assert answer.request["PATH_INFO"] == panel
    shown = answer.content.decode()
    assert Allocation.objects.get().code in shown and "Crimson" not in shown and "Limpid" not in shown


def test_a_visit_of_no_trial_has_no_panel(by, ana, alice, client_of):
    visit = make_visit(by, ana)

    assert client_of(alice).get(address("panel", ana, patient=ana.uid, visit=visit.uid)).content.strip() == b""


def test_the_preparer_sees_the_arm_and_who_treats_does_not(by, ana, alice, assistant, client_of):
    made = allocated(by, frozen(by, ana), ana)
    page, prepare = (address(name, ana, patient=ana.uid, allocation=made.uid) for name in ("allocation", "prepare"))
    arm = made.trial.says.arms[sealed.arm_of(made)].name
    browsers = {"treats": client_of(alice), "prepares": client_of(assistant)}
    assert arm not in browsers["prepares"].get(page).content.decode()

    for one in browsers.values():
        one.post(prepare)

    assert arm in browsers["prepares"].get(page).content.decode()
    assert arm not in browsers["treats"].get(page).content.decode()


def test_an_emergency_needs_a_reason_and_shows_the_arm_to_who_asked(by, ana, alice, assistant, client_of):
    made = allocated(by, frozen(by, ana), ana)
    page, unblind = (address(name, ana, patient=ana.uid, allocation=made.uid) for name in ("allocation", "unblind"))
    arm, browser = made.trial.says.arms[sealed.arm_of(made)].name, client_of(alice)
    assert browser.post(unblind, {"why": ""}).status_code == 422 and not Unblinding.objects.exists()

    browser.post(unblind, {"why": "anaphylaxis"})

    assert arm in browser.get(page).content.decode() and arm not in client_of(assistant).get(page).content.decode()
    assert "anaphylaxis" in browser.get(page).content.decode(), "to who had it opened"


def test_what_was_written_of_an_allocation_is_read_by_nobody_who_is_to_stay_blind(by, ana, alice, client_of):
    """Words are free: they may name the arm. Until the end they are for who may know it anyway."""
    made = allocated(by, frozen(by, ana), ana)
    allocating.unblind(allocation=made, why="hives from the Crimson one", by=by)
    allocating.deviate(allocation=made, text="Crimson ran out", by=by)
    asks = client_of(make_person(by.clinic, "Pavel Novak", Role.PRACTITIONER))
    own = address("allocation", ana, patient=ana.uid, allocation=made.uid)

    of_all = asks.get(address("trial", ana, trial=made.trial.uid)).content.decode()
    assert not any(words in of_all + asks.get(own).content.decode() for words in ("hives", "ran out"))
    assert not any(words in text_of(on_paper.report_pdf(report_of(made.trial))) for words in ("hives", "ran out"))
    assert all(words in client_of(alice).get(own).content.decode() for words in ("hives", "ran out"))
    actions.end(trial=made.trial, why="enough", by=by)
    of_all = asks.get(address("trial", ana, trial=made.trial.uid)).content.decode()
    assert "hives" in of_all and "ran out" in of_all


def test_in_an_open_trial_who_allocates_sees_at_once_what_to_give(by, ana, alice, client_of):
    trial, visit = frozen(by, ana, is_prepared=False), make_visit(by, ana)
    answer = client_of(alice).post(
        address("allocate", ana, patient=ana.uid, visit=visit.uid, trial=trial.uid), headers={"HX-Request": "true"}, follow=True)

    assert f"<strong>{trial.says.arms[sealed.arm_of(Allocation.objects.get())].name}</strong>" in answer.content.decode()


def test_an_answer_that_cannot_be_is_refused(by, ana, alice, client_of):
    made = allocated(by, frozen(by, ana, is_prepared=False), ana)
    measure = address("measure", ana, patient=ana.uid, allocation=made.uid)

    answers = [client_of(alice).post(measure, {"value": value}).status_code for value in ("11", "3.5", "", "3")]
    assert answers == [422, 422, 422, 302]


def test_who_may_know_the_arm_writes_no_outcome_down(by, ann, ana, alice, assistant, client_of):
    made = allocated(by, frozen(by, ana), ana)
    where = {"patient": ana.uid, "allocation": made.uid}
    measure, page = address("measure", ana, **where), address("allocation", ana, **where)
    allocating.prepare(allocation=made, by=ann)
    other = make_person(by.clinic, "Pavel Novak", Role.PRACTITIONER)
    others_page = client_of(other).get(page).content.decode()
    for knows in (alice, assistant):
        assert measure not in client_of(knows).get(page).content.decode()
        client_of(knows).post(measure, {"value": "3"})
    assert measure in others_page and not Answers.objects.exists()

    client_of(other).post(measure, {"value": "3"})
    assert Answers.objects.get().score == 3
    visit = {"clinic": ana.clinic.slug, "patient": ana.uid, "visit": made.visit.uid}
    client_of(other).get(reverse("visits:visit", kwargs=visit))
    assert measure not in client_of(other).get(page).content.decode()
    assert not may_know(made, other, Answers.objects.get().answered_at) and may_know(made, other)


def test_ending_needs_a_reason_before_the_planned_number_and_opens_everything(by, ana, alice, client_of):
    made, browser = allocated(by, frozen(by, ana), ana), client_of(alice)
    end, page = (address(name, ana, trial=made.trial.uid) for name in ("end", "trial"))
    browser.post(end, {"why": ""})
    assert not made.trial.turns.exists()

    browser.post(end, {"why": "moved away"})

    shown = browser.get(page).content.decode()
    assert sealed.seed_of(made.trial).hex() in shown and made.code in shown
    assert "does not hold" not in shown


def test_a_draft_that_does_not_hold_together_comes_back_with_what_is_wrong(ana, alice, client_of):
    answer = client_of(alice).post(address("new_in_patient", ana, patient=ana.uid), typed(size=3, ethics_number=""))

    assert answer.status_code == 422
    text = answer.content.decode()
    assert "twice the number of arms" in text and "ethics approval" in text


def test_a_patient_is_looked_at_and_leaves(by, ana, alice, client_of):
    trial, browser = frozen(by, strata=("mild", "severe"), **PARALLEL), client_of(alice)
    where = {"patient": ana.uid, "trial": trial.uid}
    browser.post(address("screen", ana, **where), {"stratum": "mild", "why_not": ""})
    browser.post(address("depart", ana, **where), {"kind": "lost", "said": ""})

    page = browser.get(address("of_patient", ana, patient=ana.uid)).content.decode()
    assert "Came no more" in page
    assert trial.participants.get().stratum == "mild"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_as_many_statements_for_three_as_for_one(rows, by, alice, client_of, django_assert_num_queries):
    for _number in range(rows):
        frozen(by, make_patient(by))
    browser = client_of(alice)
    browser.get(address("trials", Trial.objects.first()))
    with django_assert_num_queries(7):
        browser.get(address("trials", Trial.objects.first()))


def test_before_the_plan_is_fixed_its_page_says_how_the_lot_falls_and_blocks_cannot_be_asked_for(by, ana, alice, client_of):
    browser = client_of(alice)
    made = browser.post(address("new_in_patient", ana, patient=ana.uid), typed(size=12) | {"repeats": "1"})
    draft = Trial.objects.get()

    page = browser.get(made.url).content.decode()
    assert not draft.frozen_at and (draft.says.balls, draft.says.repeats, draft.says.schema[-1]) == (1, (), "2")
    assert "12 of 13" in page and "4 to 8" in page
    assert browser.post(address("new_in_patient", ana, patient=ana.uid), typed(balls=0)).status_code == 422


def test_a_draft_in_blocks_of_an_earlier_version_is_changed_before_it_can_be_fixed(by, ana, alice, client_of):
    draft = drafted(by, ana)
    Trial.objects.update(plan=OF_BLOCKS)
    browser = client_of(alice)
    browser.post(address("freeze", ana, trial=draft.uid))
    page = browser.get(address("trial", ana, trial=draft.uid)).content.decode()
    assert "none are drawn any more" in page and not Trial.objects.get().frozen_at

    browser.post(address("change", ana, draft=draft.uid), typed() | {"version": 1})
    browser.post(address("freeze", ana, trial=draft.uid))
    assert Trial.objects.get().frozen_at and Trial.objects.get().says == plan()
