"""Hours that are entered, and injections that count because an instructor has countersigned them."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from clinic.intake.signing import EVERY_PRODUCT, signed
from clinic.patients.people import at_work, make_patient
from clinic.people import make_person
from clinic.practitioners.papers import make_practitioner
from clinic.training.learning import practitioner
from clinic.visits.charting import WELL, make_syringe, make_visit, plan
from waterneedle.clinic.accounts.models import Membership
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.practitioners import actions as practitioners
from waterneedle.clinic.practitioners.queries import on_file, today_in
from waterneedle.clinic.training import actions_learning, progress
from waterneedle.clinic.visits import actions, cosigning, refusing, signing


def attend(enrolment, by, kind="didactic", hours=8, days_ago=0, way="in_person"):
    return actions_learning.attend(
        enrolment=enrolment, module=enrolment.course.modules.get(hour_class=kind), hours=Decimal(hours), way=way, by=by,
        on=today_in(by.clinic) - datetime.timedelta(days=days_ago))


def test_hours_count_once_they_are_entered_and_not_once_they_are_taken_back(enrolment, ines):
    row = attend(enrolment, ines)
    assert progress.of(enrolment, today_in(ines.clinic)).hours["didactic"] == 8
    actions_learning.take_back(attendance=row, why="another day", by=ines)

    assert progress.of(enrolment, today_in(ines.clinic)).hours["didactic"] == 0


@pytest.mark.parametrize("way", ["live", "own_time"])
def test_hands_on_hours_are_in_person(enrolment, ines, way):
    attend(enrolment, ines, way=way)
    with pytest.raises(actions_learning.NotWritten):
        attend(enrolment, ines, kind="hands_on", way=way)


def test_a_day_has_24_hours(enrolment, ines):
    attend(enrolment, ines, hours=14)
    with pytest.raises(actions_learning.NotWritten):
        attend(enrolment, ines, kind="hands_on", hours=11)
    attend(enrolment, ines, kind="hands_on", hours=11, days_ago=1)


@pytest.mark.parametrize("case", ["own hours", "tomorrow"])
def test_nobody_enters_their_own_hours_or_those_of_a_day_to_come(enrolment, ines, tom, case):
    with pytest.raises(actions_learning.NotWritten):
        attend(enrolment, tom if case == "own hours" else ines, days_ago=0 if case == "own hours" else -1)


# --- supervised injections


def inject(tom, teacher, boss, *, is_countersigned=True):
    """One injection of a student in the real chart, signed by both."""
    ana = make_patient(boss)
    for kind in ("condition", "allergy", "medication"):
        patients.say_none(patient=ana, kind=kind, by=boss)
    signed(boss, ana, *EVERY_PRODUCT)
    visit = make_visit(tom, ana, why="knee pain")
    actions.answer_today(visit=visit, answers=WELL, by=tom)
    actions.mark(injection=plan(tom, visit, make_syringe(tom, visit)), status="given", why="under supervision", by=tom)
    signing.sign(visit=visit, by=tom, deviation_why="under supervision", **proof(visit, tom))
    if is_countersigned:
        cosigning.cosign(visit=visit, by=teacher, **proof(visit, teacher))
    return visit


def proof(visit, by):
    made = signing.mint(visit=visit, user=by.user, session_key="a session", method="password")
    return {"proof": made.uid, "session_key": "a session"}


def test_an_injection_counts_with_the_countersignature_and_not_before(enrolment, tom, ines, boss):
    visit = inject(tom, ines, boss, is_countersigned=False)
    assert progress.supervised_injections(enrolment) == 0
    cosigning.cosign(visit=visit, by=ines, **proof(visit, ines))

    assert progress.supervised_injections(enrolment) == 1


def test_a_visit_that_was_refused_does_not_count_until_it_is_countersigned_after_all(enrolment, tom, ines, boss):
    visit = inject(tom, ines, boss, is_countersigned=False)
    refused = refusing.refuse(visit=visit, by=ines, why="Which side?", **proof(visit, ines))
    counted = [progress.supervised_injections(enrolment)]
    signing.amend(visit=visit, text="The left one.", by=tom, answers=refused.uid)
    counted.append(progress.supervised_injections(enrolment))
    cosigning.cosign(visit=visit, by=ines, **proof(visit, ines))

    assert [*counted, progress.supervised_injections(enrolment)] == [0, 0, 1]


def test_a_visit_that_is_struck_counts_no_more(enrolment, tom, ines, boss):
    visit = inject(tom, ines, boss)
    signing.ask_to_strike(visit=visit, why="of another patient", by=tom)
    signing.strike(visit=visit, by=ines)

    assert progress.supervised_injections(enrolment) == 0


def test_who_answers_for_a_student_and_is_no_instructor_teaches_nothing(clinic, enrolment, tom, boss):
    user = make_person(clinic, "Paula Practitioner", Role.PRACTITIONER, Role.OWNER)
    paula = make_practitioner(user, boss)
    practitioners.change_practitioner(practitioner=practitioner(tom), profession="student", supervised_by=paula, by=boss)
    inject(tom, at_work(user, clinic), boss)

    assert progress.supervised_injections(enrolment) == 0


@pytest.mark.parametrize("gone", ["role", "certificate"])
def test_what_an_instructor_signed_counts_though_they_teach_no_more(enrolment, tom, ines, boss, gone):
    before = inject(tom, ines, boss).countersignatures.get().signed_at
    if gone == "role":
        Membership.objects.filter(user=ines.user, role=Role.INSTRUCTOR).update(ended_at=before + datetime.timedelta(seconds=1))
    else:
        paper = on_file(practitioner(ines)).papers["certificate"][0]
        practitioners.withdraw_paper(paper=paper, kind="certificate", why="revoked", by=boss)

    assert progress.supervised_injections(enrolment) == 1


@pytest.mark.parametrize("gone", ["role", "certificate"])
def test_what_somebody_signs_who_teaches_no_more_does_not_count(enrolment, tom, ines, boss, gone):
    if gone == "role":
        ended = Membership.objects.get(user=ines.user, role=Role.INSTRUCTOR)
        Membership.objects.filter(pk=ended.pk).update(ended_at=ended.made_at)
    else:
        paper = on_file(practitioner(ines)).papers["certificate"][0]
        practitioners.withdraw_paper(paper=paper, kind="certificate", why="revoked", by=boss)
    inject(tom, ines, boss)

    assert progress.supervised_injections(enrolment) == 0
