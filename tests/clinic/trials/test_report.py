"""What a trial has shown: closed before the end, by the planned analysis after it, and with the sequence made again."""

from __future__ import annotations

import math

import msgspec
import pytest
from django.db import connection
from django.utils import translation

from clinic.followup.following import asked_patient, signed_visit
from clinic.paper.reading import text_of
from clinic.patients.people import at_work, make_patient
from clinic.trials.planning import (
    NEEDLE,
    OF_BLOCKS,
    PARALLEL,
    SALINE,
    allocated,
    answered,
    days_ago,
    entered,
    frozen,
    frozen_in_blocks,
    said,
    seed_of,
)
from clinic.visits.charting import make_vial
from waterneedle.clinic.accounts.sealing import seal
from waterneedle.clinic.audit import frozen as triggers
from waterneedle.clinic.exports import actions as exports
from waterneedle.clinic.followup import actions_recall
from waterneedle.clinic.trials import actions, allocating, on_paper, sealed
from waterneedle.clinic.trials.models import Allocation, Trial
from waterneedle.clinic.trials.report import report_of
from waterneedle.clinic.visits import signing
from waterneedle.outcomes import randomised


def score(arm: int, place: int) -> int:
    """An outcome that hangs on the arm, not equally at each place, and grows with every other place by itself."""
    return 5 - (2 + place % 3) * (arm == 0) + place // 2


def done(by, ana, places=8, make=frozen, **more) -> Trial:
    """A trial in one patient, of which every place has its outcome."""
    with days_ago(40):
        trial = make(by, ana, **more)
    for place in range(places):
        with days_ago(39 - 2 * place):
            made = allocated(by, trial, ana)
            answered(by, made, score(sealed.arm_of(made), place))
    return trial


def test_before_the_end_there_is_no_number_of_any_arm(by, ana):
    report = report_of(done(by, ana))

    assert (report.arms, report.compared, report.checks, report.shown, report.found) == ([], [], [], [], [])
    assert ("with an outcome, in the analysis", 8) in report.flow
    text = text_of(on_paper.report_pdf(report))
    assert "Effects are closed" in text and "primary" not in text


def test_the_effect_is_that_of_the_planned_analysis_with_everybody_as_allocated(monkeypatch, by, ana):
    arms = (0, 1, 1, 0, 1, 1, 0, 1)
    monkeypatch.setattr(sealed, "draw", lambda: seed_of(*arms))
    trial = done(by, ana)
    actions.end(trial=trial, why="", by=by)
    report = report_of(trial)

    [only] = report.compared
    assert (only.first, only.second, only.is_primary) == ("Crimson", "Limpid", True)
    values = [score(arm, place) for place, arm in enumerate(arms)]
    assert only.effect == randomised.of_urn(values, arms, [""] * 8, (0, 1), balls=1)
    assert (only.effect.counts, only.effect.ways) == ((3, 5), 2**8 - 2)
    assert [(one.name, one.allocated, one.measured) for one in report.arms] == [("Crimson", 3, 3), ("Limpid", 5, 5)]


@pytest.mark.parametrize(("analysis", "expected"), [
    ("randomisation", (-3.0, -math.inf, math.inf, 0.125, (4, 4), 16, True)),
    ("paired", (-3.0, -4.2992282636251105, -1.700771736374889, 0.00520785894466281, (4, 4), 0, True)),
])
def test_a_trial_in_blocks_of_an_earlier_version_goes_on_ends_and_is_read_as_it_was_fixed(analysis, expected, by, ana):
    """What is expected, the sequence too, is what the version said that drew in blocks."""
    text = OF_BLOCKS.replace('"analysis":"randomisation"', f'"analysis":"{analysis}"')
    trial = done(by, ana, make=frozen_in_blocks, seed=bytes(range(32)), text=text)
    actions.end(trial=trial, why="", by=by)
    report = report_of(Trial.objects.get())

    assert [(row.arm, row.block) for row in report.rows] == [
        (1, 0), (0, 0), (0, 1), (1, 1), (0, 2), (1, 2), (0, 3), (1, 3)]
    assert [holds for _said, holds in report.checks] == [True] * 4
    assert tuple(report.compared[0].effect) == expected
    assert Trial.objects.get().plan == text and "In blocks of 2" in text_of(on_paper.report_pdf(report))


def test_the_sequence_made_again_is_what_was_given(by, ana):
    trial = done(by, ana, places=5)
    actions.end(trial=trial, why="moved away", by=by)
    report = report_of(trial)

    assert [holds for _said, holds in report.checks] == [True] * 4
    assert [(row.arm, row.again, row.is_kept) for row in report.shown] == [
        (trial.says.arms[sealed.arm_of(one)].name,) * 2 + (True,) for one in trial.allocations.order_by("place")]


def test_what_was_changed_in_spite_of_the_triggers_is_seen(by, ana):
    """Whoever holds the database and the key, and takes the triggers away, still does not get past the opened seed."""
    trial = done(by, ana, places=4)
    actions.end(trial=trial, why="enough", by=by)
    one = trial.allocations.order_by("place")[1]
    triggers.remove(connection)
    Allocation.objects.filter(pk=one.pk).update(sealed_arm=seal(str(1 - sealed.arm_of(one))))
    assert [holds for _said, holds in report_of(trial).checks] == [True, True, False, True]

    other = msgspec.structs.replace(trial.says, analysis="paired")
    Trial.objects.filter(pk=trial.pk).update(plan=msgspec.json.encode(other).decode())
    assert [holds for _said, holds in report_of(Trial.objects.get()).checks] == [True, False, False, True]


@pytest.mark.parametrize(("analysis", "method"), [("welch", "welch"), ("ancova", "ancova"), ("randomisation", "randomisation")])
def test_across_patients_each_analysis_is_what_it_says(analysis, method, by):
    with days_ago(5):
        trial = frozen(by, size=12, **PARALLEL | {"analysis": analysis})
        for number in range(12):
            patient = make_patient(by, f"P{number} Ruiz")
            said(by, patient, (number * 7) % 5 + 4)
            entered(by, trial, patient)
            made = allocated(by, trial, patient)
            answered(by, made, (number * 3) % 7 + sealed.arm_of(made))
    actions.end(trial=trial, why="", by=by)
    report = report_of(trial)

    values, arms = [row.outcome.value for row in report.rows], [row.arm for row in report.rows]
    more = {"welch": (), "ancova": ([row.baseline.value for row in report.rows],)}
    expected = {
        "welch": lambda: randomised.welch(values, arms, (0, 1)),
        "ancova": lambda: randomised.ancova(values, *more["ancova"], arms, (0, 1)),
        "randomisation": lambda: randomised.of_urn(values, arms, [""] * 12, (0, 1), balls=1),
    }[method]()
    assert report.compared[0].effect == expected
    assert ("looked at", 12) in report.flow and ("could take part", 12) in report.flow


def test_only_what_was_answered_in_time_is_an_outcome_and_the_nearest_of_it(by, ana):
    with days_ago(5):
        trial = frozen(by, ana, window_h=6)
        made = allocated(by, trial, ana)
        answered(by, made, 9, hours=17)
        answered(by, made, 8, hours=31)
        assert report_of(trial).rows[0].outcome is None
        answered(by, made, 7, hours=20)
        answered(by, made, 3, hours=25)

    assert report_of(trial).rows[0].outcome.value == 3


def test_what_is_said_after_the_next_treatment_is_no_outcome_of_the_one_before(by, ana):
    with days_ago(9):
        trial = frozen(by, ana, window_h=48)
        first = allocated(by, trial, ana)
    with days_ago(8):
        second = allocated(by, trial, ana)
    answered(by, second, 2, hours=20)
    assert [row.outcome and row.outcome.value for row in report_of(trial).rows] == [None, 2]

    answered(by, first, 7, hours=22)
    assert [row.outcome.value for row in report_of(trial).rows] == [7, 2]


def test_it_says_what_could_be_foreseen_of_blocks_and_of_an_urn(by, ana):
    in_blocks, from_urn = frozen_in_blocks(by, ana, bytes(32)), frozen(by, make_patient(by, "Cem Kaya"), size=12)

    with translation.override("en"):
        assert any("could foresee its last one" in one for one in report_of(in_blocks).cannot)
        assert any("at most 12 of 13, and never which it was" in one for one in report_of(from_urn).cannot)


def test_what_went_otherwise_is_found_in_the_chart_and_said_beside_what_was_written_down(monkeypatch, by, ann, ana):
    monkeypatch.setattr(sealed, "draw", lambda: seed_of(1, 0))
    patient = asked_patient(by, "Cem Kaya")
    trial = frozen(by, patient, arms=(SALINE, NEEDLE), window_h=30)
    needle = allocated(by, trial, patient)
    allocating.prepare(allocation=needle, by=ann)
    signed_visit(by, patient, visit=needle.visit)
    other = allocated(by, trial, patient)
    allocating.deviate(allocation=needle, text="the syringe was not covered", by=by)
    allocating.unblind(allocation=needle, why="fainted", by=by)
    actions.end(trial=trial, why="enough", by=by)
    report = report_of(trial)

    found = [text for code, text in report.found if code == needle.code]
    assert found == [
        "Something was injected, where a needle alone was allocated.", "There is no outcome within the planned time."]
    assert {text for code, text in report.found if code == other.code} == {
        "The visit was not signed.", "Nobody has written down that it was prepared under the code.", "Nothing was given.",
        "There is no outcome within the planned time."}
    text = text_of(on_paper.report_pdf(report))
    assert all(one in text for one in ("the syringe was not covered", "fainted", needle.code, trial.commitment[:20]))


def test_a_visit_that_was_struck_is_named_and_counts_as_it_was_allocated(by, instructor, clinic):
    patient = asked_patient(by, "Cem Kaya")
    with days_ago(2):
        trial = frozen(by, patient)
        made = allocated(by, trial, patient)
        signed_visit(by, patient, visit=made.visit)
    answered(by, made, 4)
    assert ("of them signed visits", 1) in report_of(trial).flow

    signing.ask_to_strike(visit=made.visit, why="another Cem", by=by)
    signing.strike(visit=made.visit, by=at_work(instructor, clinic))
    actions.end(trial=trial, why="enough", by=by)

    report = report_of(trial)
    assert ("of them signed visits", 0) in report.flow and report.rows[0].outcome.value == 4
    assert any("struck" in said for _code, said in report.found)


def test_by_what_a_blind_patient_may_have_come_to_know_it_is_named(by, owner, clinic):
    patient = asked_patient(by, "Cem Kaya")
    trial = frozen(by, patient)
    made = allocated(by, trial, patient)
    vial = make_vial(by)
    signed_visit(by, patient, visit=made.visit, vial=vial)
    boss = at_work(owner, clinic)
    exports.take_along(patient=patient, form="json", purpose="asked for it", by=boss)
    actions_recall.open_recall(kind="lot", asked={"lot": vial.lot.uid}, said="lot 0417", why="notice", by=boss)
    actions.end(trial=trial, why="enough", by=by)
    exports.take_along(patient=patient, form="json", purpose="after the end", by=boss)

    told = [said for _code, said in report_of(trial).found if "what was given" in said]
    assert len(told) == 2 and owner.name in told[0]


def test_what_was_in_the_syringe_is_held_against_what_was_allocated(monkeypatch, by):
    monkeypatch.setattr(sealed, "draw", lambda: seed_of(1, 0))
    patient = asked_patient(by, "Cem Kaya")
    trial = frozen(by, patient, is_prepared=False)
    made = []
    for _number in range(2):
        made.append(allocated(by, trial, patient))
        signed_visit(by, patient, visit=made[-1].visit)  # with B-12 in the syringe, both times
    actions.end(trial=trial, why="enough", by=by)

    wrong = {code for code, text in report_of(trial).found if text == "Something else was given than was allocated."}
    assert wrong == {one.code for one in made if trial.says.arms[sealed.arm_of(one)].name == "Limpid"} and len(wrong) == 1


def test_an_outcome_that_somebody_wrote_down_who_may_have_known_the_arm_is_named(by, ana, instructor, clinic):
    with days_ago(4):
        trial = frozen(by, ana)
    with days_ago(3):
        knew = allocated(by, trial, ana)
        answered(by, knew, 5)
    with days_ago(1.5):
        blind = allocated(by, trial, ana)
        answered(at_work(instructor, clinic), blind, 4)
    actions.end(trial=trial, why="enough", by=by)

    said_of = {code for code, text in report_of(trial).found if "may have known the arm" in text}
    assert said_of == {knew.code}


def test_it_says_what_it_cannot_tell(by, ana):
    trial = done(by, ana, places=2, arms=(SALINE, NEEDLE))
    actions.amend(trial=trial, text="at noon", why="holidays", by=by)
    actions.end(trial=trial, why="moved away", by=by)
    said_of = " ".join(report_of(trial).cannot)

    for words in ("nothing of anybody else", "Not blind: the patient", "2 of 2 outcomes were said to somebody of the clinic",
                  "ended before the planned number", "The plan was amended"):
        assert words in said_of
