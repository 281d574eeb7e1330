"""From a consent to a code, from a code to a syringe: who may, when, and who comes to know."""

from __future__ import annotations

import msgspec
import pytest

from clinic.followup.following import asked_patient, signed_visit
from clinic.intake.signing import EVERY_PRODUCT, added, signed
from clinic.patients.people import make_patient
from clinic.trials.planning import (
    B12,
    NEEDLE,
    PARALLEL,
    SALINE,
    allocated,
    days_ago,
    drafted,
    entered,
    frozen,
    plan,
    said,
)
from clinic.visits.charting import make_syringe, make_visit
from clinic.visits.charting import plan as charted
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.followup import aftercare
from waterneedle.clinic.followup.sites import given_at
from waterneedle.clinic.intake import actions_consent, wording
from waterneedle.clinic.intake.queries import consent_for
from waterneedle.clinic.patients.actions import add_fact
from waterneedle.clinic.tasks.models import State, Task
from waterneedle.clinic.trials import actions, allocating, arms
from waterneedle.clinic.trials.actions import NotDone
from waterneedle.clinic.trials.plan import who_knows
from waterneedle.clinic.trials.queries import kept_closed
from waterneedle.clinic.trials.report import report_of
from waterneedle.clinic.visits import actions as visits
from waterneedle.clinic.visits import signing
from waterneedle.clinic.visits.observing import CLOSED, watch_of
from waterneedle.clinic.visits.on_paper_visit import note_values, patient_values


def refused(trial, visit, by) -> str:
    with pytest.raises(NotDone) as found:
        allocating.allocate(trial=trial, visit=visit, by=by)
    return str(found.value)


def test_without_the_consent_to_this_trial_nobody_is_allocated(by, ana):
    trial = actions.freeze_plan(trial=drafted(by, ana), by=by)
    visit, consent = make_visit(by, ana), signed(by, ana, *EVERY_PRODUCT)
    assert "has not signed the consent to this trial" in refused(trial, visit, by)

    added(by, consent, trial.line)
    assert allocating.allocate(trial=trial, visit=visit, by=by).consent == consent
    assert not any("trial" in one for one in consent_for(ana, visit.day).covers)

    actions_consent.withdraw(consent=consent, line=trial.line, by=by)
    assert "has taken it back" in refused(trial, make_visit(by, ana), by)


def test_the_words_of_the_consent_have_the_trial_until_it_ends_also_under_newer_words_of_ours(by, ana, clinic, monkeypatch):
    trial = actions.freeze_plan(trial=drafted(by, ana), by=by)
    text = actions_consent.text_in_force(clinic=clinic, language="es", by=by)
    assert [one.text for one in wording.read(text.words).lines if one.kind == "trial"] == [trial.says.asks]

    ours = msgspec.structs.replace(wording.shipped("es")[1], title="Consentimiento, más claro")
    monkeypatch.setattr(wording, "shipped", lambda language: ("2027-01", ours))
    newer = wording.read(actions_consent.text_in_force(clinic=clinic, language="es", by=by).words)
    assert (newer.title, [one.id for one in newer.lines if one.kind == "trial"]) == (ours.title, [trial.line])

    actions.end(trial=trial, why="nobody came", by=by)
    ended = actions_consent.text_in_force(clinic=clinic, language="es", by=by)
    assert wording.read(ended.words) == ours


def test_a_visit_has_one_place_and_the_next_visit_the_next(by, ana):
    trial, visit = frozen(by, ana), make_visit(by, ana)
    first = allocating.allocate(trial=trial, visit=visit, by=by)

    assert allocating.allocate(trial=trial, visit=visit, by=by) == first
    assert (first.place, allocated(by, trial, ana).place) == (0, 1)


def test_the_next_place_is_not_drawn_before_the_last_one_is_signed_or_its_reason_written_down(by, ann, ana):
    """Nobody lets a visit lie whose arm they do not like, and draws again unseen."""
    trial = frozen(by, ana)
    made, again = allocated(by, trial, ana), make_visit(by, ana)
    assert made.code in refused(trial, again, by)

    allocating.deviate(allocation=made, text="fainted before the needle", by=ann)
    assert allocating.allocate(trial=trial, visit=again, by=by).place == 1
    actions.end(trial=trial, why="enough", by=by)
    assert (made.code, "Nothing was given.") in report_of(trial).found


def test_the_time_between_two_treatments_and_the_planned_number_are_kept_to(by, ana):
    with days_ago(30):
        trial = frozen(by, ana, washout_days=7, size=4)
        allocated(by, trial, ana)
    with days_ago(25):
        assert "between two treatments" in refused(trial, make_visit(by, ana), by)
    for days in (22, 14, 6):  # a day more than the seven: the clocks of the zone may be put back between two of them
        with days_ago(days):
            allocated(by, trial, ana)

    assert "planned number is reached" in refused(trial, make_visit(by, ana), by)


def test_a_signed_visit_is_not_allocated_afterwards(by, ana):
    patient = asked_patient(by, "Cem Kaya")
    trial = frozen(by, patient)

    assert "signed or struck" in refused(trial, signed_visit(by, patient), by)


def test_what_was_given_already_or_is_of_another_day_is_not_allocated_afterwards(by, ana):
    trial, visit = frozen(by, ana), make_visit(by, ana)
    one = charted(by, visit, make_syringe(by, visit))
    visits.mark(injection=one, status="given", why="it was given", by=by)
    assert "was given in this visit already" in refused(trial, visit, by)

    with days_ago(2):
        earlier = make_visit(by, ana)
    assert "of another day" in refused(trial, earlier, by)


def test_across_patients_each_is_allocated_once_in_their_stratum_and_who_cannot_take_part_is_not(by, ana):
    trial = frozen(by, strata=("mild", "severe"), **PARALLEL)
    ben, cem = make_patient(by, "Ben Ode"), make_patient(by, "Cem Kaya")
    entered(by, trial, ana, "mild")
    entered(by, trial, ben, "severe")
    actions.screen(trial=trial, patient=cem, by=by, why_not="takes apixaban")

    places = [(one.stratum, one.place) for one in (allocated(by, trial, ana), allocated(by, trial, ben))]
    assert places == [("mild", 0), ("severe", 0)]
    assert "was allocated already" in refused(trial, make_visit(by, ana), by)
    assert "takes no part" in refused(trial, make_visit(by, cem), by)
    with pytest.raises(NotDone):
        actions.screen(trial=trial, patient=cem, by=by, stratum="mild")


def test_a_later_visit_of_a_trial_across_patients_stays_in_the_arm_and_closed_until_the_patient_has_left(by, ann, ana):
    trial = frozen(by, **PARALLEL)
    entered(by, trial, ana)
    made, later = allocated(by, trial, ana), make_visit(by, ana)

    [chance] = allocating.chances_of(later)
    assert (chance.allocation, chance.is_carried, chance.against) == (made, True, [])
    assert made.code in kept_closed(later)
    assert allocating.prepare(allocation=made, by=ann) in (B12, SALINE)

    actions.depart(participant=made.participant, kind="withdrew", said="", by=by)
    after = make_visit(by, ana)
    assert allocating.chances_of(after) == [] and kept_closed(after) == ""
    assert made.code in kept_closed(later)


def test_in_one_patient_the_next_visit_is_another_place(by, ana):
    allocated(by, frozen(by, ana), ana)
    [chance] = allocating.chances_of(later := make_visit(by, ana))

    assert (chance.allocation, chance.is_carried, kept_closed(later)) == (None, False, "")


def test_nobody_is_allocated_whom_one_of_the_arms_would_be_barred_for_whichever_comes_next(by, ana):
    trial, visit = frozen(by, ana), make_visit(by, ana)
    add_fact(patient=ana, kind="allergy", said="cobalt", severity="severe", by=by)
    words = refused(trial, visit, by)

    assert B12.name in words and "cobalt" in words and SALINE.name not in words
    assert not trial.allocations.exists()


def test_what_bars_a_needle_alone_too_bars_no_arm_and_arms_that_may_be_given_are_allocated(by, ana):
    trial, visit = frozen(by, ana, arms=(B12, NEEDLE)), make_visit(by, ana)
    add_fact(patient=ana, kind="allergy", said="latex", by=by)
    visits.answer_today(visit=visit, answers={"fever_or_infection": True}, by=by)

    assert arms.bars(trial, visit) == []
    assert allocating.allocate(trial=trial, visit=visit, by=by)
    assert Entry.objects.get(kind="trial", action="allocate").detail.count('"arms_checked":2') == 1


def test_for_equal_baselines_the_outcome_is_measured_before(by, ana):
    trial = frozen(by, ana, **PARALLEL | {"analysis": "ancova"})
    visit = make_visit(by, ana)
    assert "not measured before" in refused(trial, visit, by)

    said(by, ana, 6)
    assert allocating.allocate(trial=trial, visit=visit, by=by)


def test_another_person_prepares_and_who_treats_does_not(by, ann, ana):
    made = allocated(by, frozen(by, ana), ana)
    task = Task.objects.get(kind="trials.prepare")
    with pytest.raises(NotDone):
        allocating.prepare(allocation=made, by=by)

    arm = allocating.prepare(allocation=made, by=ann)

    assert arm in (B12, SALINE) and arm == allocating.prepare(allocation=made, by=ann)
    assert [one.made_by for one in made.preparations.all()] == [ann.user]
    task.refresh_from_db()
    assert task.state == State.DONE
    assert Entry.objects.filter(kind="trial", action="prepare").count() == 1


def test_an_emergency_opens_one_arm_for_a_reason_that_stands_in_the_trail(by, ana):
    made = allocated(by, frozen(by, ana), ana)
    with pytest.raises(NotDone):
        allocating.unblind(allocation=made, why=" ", by=by)

    assert allocating.unblind(allocation=made, why="anaphylaxis in hospital", by=by) in (B12, SALINE)
    actions.end(trial=made.trial, why="enough", by=by)
    with pytest.raises(NotDone):
        allocating.unblind(allocation=made, why="too late", by=by)
    entry = Entry.objects.get(kind="trial", action="unblind")
    assert "anaphylaxis in hospital" in entry.detail and made.code in entry.detail and entry.user_name == by.user.name


def test_who_left_and_what_was_stopped_gets_no_further_place(by, ana):
    trial = frozen(by, ana)
    participant = allocated(by, trial, ana).participant
    actions.depart(participant=participant, kind="withdrew", said="enough", by=by)
    assert "takes no part" in refused(trial, make_visit(by, ana), by)

    other = frozen(by, ana)
    actions.stop(trial=other, why="the vial ran out", by=by)
    assert "stopped or has ended" in refused(other, make_visit(by, ana), by)


@pytest.mark.parametrize(("arms", "is_prepared", "patient"), [
    ((B12, SALINE), True, True), ((B12, SALINE), False, False), ((B12, NEEDLE), True, False),
    ((SALINE, NEEDLE), True, False), ((B12, B12), True, True),
])
def test_who_can_be_kept_blind_is_said_as_it_is(arms, is_prepared, patient):
    said = {one["role"]: one["blind"] for one in who_knows(plan(arms=arms, is_prepared=is_prepared))}

    assert said == {"patient": patient, "treats": False, "assesses": patient}


def test_the_patients_paper_keeps_the_fluid_closed_until_the_trial_ends(by):
    patient = asked_patient(by, "Cem Kaya")
    trial, visit = frozen(by, patient), make_visit(by, patient)
    code = allocating.allocate(trial=trial, visit=visit, by=by).code
    signature = signed_visit(by, patient, visit=visit).signatures.get()

    assert f"code {code}" in given(signature) and "Cyanocobalamin" not in given(signature)
    actions.end(trial=trial, why="enough", by=by)
    assert "Cyanocobalamin" in given(signature)


def test_an_amendment_of_a_closed_visit_is_told_on_the_patients_papers_and_not_what_it_says(by):
    patient = asked_patient(by, "Cem Kaya")
    trial, visit = frozen(by, patient), make_visit(by, patient)
    allocating.allocate(trial=trial, visit=visit, by=by)
    signature = signed_visit(by, patient, visit=visit).signatures.get()
    signing.amend(visit=visit, text="it was the cyanocobalamin of lot 7", by=by)

    for paper in (patient_values, aftercare.values):
        assert "cobalamin" not in str(paper(signature)) and by.user.name in str(paper(signature)["amendments"])
    assert "cyanocobalamin of lot 7" in str(note_values(signature)), "a colleague reads it"
    actions.end(trial=trial, why="enough", by=by)
    assert "cyanocobalamin of lot 7" in str(patient_values(signature)["amendments"])


def test_a_blind_patient_is_watched_and_asked_as_after_a_first_dose_whichever_it_was(by):
    """Else the second time of an arm is another visit than the first of the other, which tells them apart."""
    patient = asked_patient(by, "Cem Kaya")
    signed_visit(by, patient)
    trial = frozen(by, patient)
    asked, watched = [], []
    for _number in range(2):
        visit = signed_visit(by, patient, visit=allocated(by, trial, patient).visit)
        asked.append(given_at(visit))
        watched.append(watch_of(visit))
    open_visit = signed_visit(by, patient)

    assert [(one.is_first, one.asks_same_day) for one in asked] == [(True, True)] * 2
    assert [one.why for one in watched] == [CLOSED] * 2 and watched[0].minutes > watch_of(open_visit).minutes
    assert not given_at(open_visit).is_first


def given(signature) -> str:
    return str(patient_values(signature)["given"])
