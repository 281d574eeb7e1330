"""Who answers for a student refuses to countersign and says why; the student amends and asks again."""

from __future__ import annotations

import html

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from clinic.audit.tampering import undone
from clinic.paper.reading import text_of
from clinic.patients.people import at_work
from clinic.people import PASSWORD, make_person
from clinic.visits.charting import make_syringe, make_visit
from waterneedle.clinic.accounts.models import Membership
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.audit.verify import verify
from waterneedle.clinic.home import close
from waterneedle.clinic.patients.queries import today_in
from waterneedle.clinic.practitioners import actions as practitioners
from waterneedle.clinic.tasks.models import State, Task
from waterneedle.clinic.visits import cosigning, keeping, on_paper_visit, refusing, signing
from waterneedle.clinic.visits.models import Amendment, Countersignature, Proof, Refusal, Signature
from waterneedle.clinic.visits.usual import usual_draw

WHY = "The side of the second puncture is missing."
NO = {"password": PASSWORD, "why": WHY}
COLUMNS = "clinic_id, visit_id, document, hash, proof_id, signed_name, signed_at, signed_by_id"
YES = {"password": PASSWORD, "note": "seen"}


@pytest.fixture
def visit(by_the_student):
    return by_the_student


@pytest.fixture
def refused(client_of, visit, ines):
    answer = client_of(ines).post(url("refuse", visit), NO)
    assert answer.status_code == 302, answer.context["form"].errors
    return Refusal.objects.get()


def url(name, visit):
    return reverse(f"visits:{name}", kwargs={"clinic": "harbor", "patient": visit.patient.uid, "visit": visit.uid})


def proof(visit, by):
    minted = signing.mint(visit=visit, user=by.user, session_key="s", method="password")
    return {"proof": minted.uid, "session_key": "s"}


def amend(visit, person, answers=None, text="The second one was on the left."):
    return signing.amend(visit=visit, text=text, by=at_work(person, visit.clinic), answers=answers)


def open_tasks(kind):
    return list(Task.objects.filter(kind=kind).exclude(state=State.DONE))


def of_chart(visit):
    return reverse("visits:visits", kwargs={"clinic": "harbor", "patient": visit.patient.uid})


def test_a_refusal_is_a_statement_of_its_own_with_a_proof_and_a_line_of_the_trail(visit, ines, refused):
    (line,) = Entry.objects.filter(action="withhold")

    assert (refused.why, refused.signed_by, refused.proof.user) == (WHY, ines, ines)
    assert refused.proof.used_at is not None and refused.proof != Signature.objects.get().proof
    assert (line.object_uid, line.patient_uid, bytes(line.after).hex()) == (str(refused.uid), visit.patient.uid, refused.hash)
    assert verify().ok


def test_a_refusal_that_was_changed_behind_the_triggers_is_named(refused):
    with undone():
        Refusal.objects.update(document=refused.document.replace(WHY, "All is well."))
        found = [(one.kind, one.uid, one.reason) for one in verify().documents]

    assert found == [("countersignature", str(refused.uid), "changed")]


def test_the_countersigning_ends_the_student_mends_and_the_owner_is_told(client_of, clinic, visit, tom, owner, bob, refused):
    (mend,), (told,) = open_tasks(cosigning.MEND), open_tasks(refusing.OWNER)

    assert open_tasks(cosigning.TASK) == []
    assert (mend.owner, mend.note, mend.patient) == (tom, WHY, visit.patient)
    assert (told.role, told.patient, WHY in told.note) == (Role.OWNER, visit.patient, False)
    seen = {
        person.name: [str(one.title) in client_of(person).get(
            reverse("tasks:worklist", args=[clinic.slug]) + "?of=all").content.decode() for one in (mend, told)]
        for person in (tom, owner, bob)}
    assert seen == {tom.name: [True, False], owner.name: [False, True], bob.name: [False, False]}
    assert url("visit", visit).encode() in client_of(tom).get(reverse("tasks:task", args=[clinic.slug, mend.uid])).content


def test_the_task_to_mend_ends_with_the_answer_and_the_owners_with_words(client_of, clinic, tom, owner, refused):
    for person, kind in ((tom, cosigning.MEND), (owner, refusing.OWNER)):
        (task,) = open_tasks(kind)
        client_of(person).post(reverse("tasks:finish", args=[clinic.slug, task.uid]), {"seen": task.steps})
        assert open_tasks(kind) == [task]


def test_visit_chart_paper_and_lists_say_who_refused_when_and_why(client_of, clinic, visit, alice, ines, refused):
    browser = client_of(alice)
    pages = [browser.get(one).content.decode() for one in (url("visit", visit), of_chart(visit), reverse(
        "visits:board", args=[clinic.slug]))]
    paper = " ".join(text_of(on_paper_visit.note_pdf(Signature.objects.select_related("visit").get())).split())

    for one in (*pages, paper):
        assert WHY in one and ines.name in one and "waits for a countersignature" not in one
    assert "not yet:" not in paper
    board = browser.get(reverse("visits:board", args=[clinic.slug])).context
    assert (board["uncountersigned"], board["refusals"]) == ([], [refused])


def test_nothing_is_kept_of_a_students_visit_before_somebody_stands_for_it(client_of, visit, tom, ines, refused):
    assert not keeping.may_be_kept(visit)

    amend(visit, tom, answers=refused.uid)
    assert not keeping.may_be_kept(visit)

    client_of(ines).post(url("cosign", visit), YES)
    assert Countersignature.objects.exists() and keeping.may_be_kept(visit)


def test_a_students_visit_is_not_repeated_before_somebody_stands_for_it(client_of, visit, alice, tom, ines):
    browser, teacher = client_of(alice), at_work(ines, visit.clinic)
    today = make_visit(at_work(alice, visit.clinic), visit.patient)
    make_syringe(at_work(alice, visit.clinic), today)

    def repeated():
        page = browser.get(url("visit", today))
        answer = browser.post(url("repeat", today), headers={"HX-Request": "true"})
        why = page.context["course"].why_not_again
        is_said = why in html.unescape(answer.content.decode())
        return url("repeat", today) in page.content.decode(), is_said, today.injections.count()

    assert repeated() == (False, True, 0)
    refused = refusing.refuse(visit=visit, by=teacher, why=WHY, **proof(visit, teacher))
    assert repeated() == (False, True, 0)
    amend(visit, tom, answers=refused.uid)
    assert repeated() == (False, True, 0)

    cosigning.cosign(visit=visit, by=teacher, **proof(visit, teacher))
    assert repeated() == (True, True, 1)


def test_a_scan_offers_nothing_of_a_students_visit_before_somebody_stands_for_it(visit, alice, ines):
    by, teacher, vial = at_work(alice, visit.clinic), at_work(ines, visit.clinic), visit.syringes.get().contents[0].vial
    today = make_visit(by, visit.patient)
    assert usual_draw(vial, today, by) is None

    cosigning.cosign(visit=visit, by=teacher, **proof(visit, teacher))
    assert usual_draw(vial, today, by).is_of_patient


def test_a_chart_that_was_drawn_before_says_it_at_once(client_of, visit, alice, ines):
    browser, by = client_of(alice), at_work(ines, visit.clinic)
    before = browser.get(of_chart(visit)).content.decode()
    refusing.refuse(visit=visit, by=by, why=WHY, **proof(visit, by))

    assert [WHY in one for one in (before, browser.get(of_chart(visit)).content.decode())] == [False, True]


def test_the_end_of_the_day_has_it_until_it_is_asked_for_again(clinic, visit, alice, tom, refused):
    def waiting():
        part = close._uncountersigned(at_work(alice, clinic), refused.signed_at, today_in(clinic))
        return [one.severity for one in part.lines]

    before = waiting()
    amend(visit, tom, refused.uid)
    assert (before, waiting()) == (["block"], ["warn"])


def test_the_student_amends_and_it_is_asked_for_again_and_then_countersigned(client_of, visit, tom, ines, refused):
    student, teacher = client_of(tom), client_of(ines)
    page = student.get(url("visit", visit))
    assert page.context["amend_form"]["answers"].value() == str(refused.uid)
    student.post(url("amend", visit), {"text": "It was on the left.", "answers": refused.uid})

    (task,) = open_tasks(cosigning.TASK)
    assert (task.owner, open_tasks(cosigning.MEND)) == (ines, [])
    assert b"waits for a countersignature" in teacher.get(of_chart(visit)).content
    read = teacher.get(url("cosign", visit)).content.decode()
    assert WHY in read and "It was on the left." in read
    assert teacher.post(url("cosign", visit), YES).status_code == 302
    assert Countersignature.objects.get().signed_by == ines
    assert open_tasks(cosigning.TASK) == []
    chart = teacher.get(of_chart(visit)).content.decode()
    assert WHY in chart and f"Countersigned by {ines.name}" in chart
    assert verify().ok


def test_the_countersignature_says_which_amendments_it_stands_for(visit, tom, ines, refused):
    added, by = amend(visit, tom, refused.uid), at_work(ines, visit.clinic)
    row = cosigning.cosign(visit=visit, by=by, **proof(visit, by))

    assert f'"amendments":["{added.hash}"]' in row.document


def test_it_may_be_refused_again_and_answered_again(visit, tom, ines, refused):
    by = at_work(ines, visit.clinic)
    amend(visit, tom, refused.uid)
    second = refusing.refuse(visit=visit, by=by, why="And how deep?", **proof(visit, by))
    assert [one.note for one in open_tasks(cosigning.MEND)] == ["And how deep?"]
    amend(visit, tom, second.uid, "12 mm.")

    shown = refusing.refusals_of(visit, cosigning.amendments_of(visit))
    assert [(one.why, one.answer.text) for one in shown] == [
        (WHY, "The second one was on the left."), ("And how deep?", "12 mm.")]
    assert len(open_tasks(cosigning.TASK)) == 1 and verify().ok


def test_an_amendment_answers_only_the_refusal_it_was_written_for_and_only_from_the_student(
    client_of, visit, tom, alice, refused
):
    """One that was begun before the refusal was read, somebody else's, and one of an earlier round ask nothing again."""
    client_of(tom).post(url("amend", visit), {"text": "The lot was new."})
    client_of(alice).post(url("amend", visit), {"text": "I saw it.", "answers": refused.uid})
    client_of(tom).post(url("amend", visit), {"text": "Of before.", "answers": Signature.objects.get().supervisor.uid})

    assert list(Amendment.objects.values_list("text", "answers").order_by("pk")) == [
        ("The lot was new.", None), ("I saw it.", None), ("Of before.", None)]
    assert cosigning.awaited(visit) is None and len(open_tasks(cosigning.MEND)) == 1
    assert client_of(alice).get(url("visit", visit)).context.get("to_mend") is None


def test_for_a_student_who_has_left_whoever_may_sign_answers_under_their_own_name(
    client_of, visit, tom, ines, alice, owner, refused
):
    by, said = at_work(alice, visit.clinic), {"text": "The chart of that day says: on the left.", "answers": refused.uid}
    assert client_of(alice).get(url("visit", visit)).context.get("to_mend") is None
    Membership.objects.filter(user=tom).update(ended_at=refused.signed_at)

    page = client_of(alice).get(url("visit", visit))
    assert page.context["amend_form"]["answers"].value() == str(refused.uid) and f"{tom.name} signs here no longer" in (
        page.content.decode())
    for person in (owner, ines):
        assert client_of(person).post(url("amend", visit), said).status_code in (403, 404)
    client_of(alice).post(url("amend", visit), said)

    added, (task,) = Amendment.objects.get(), open_tasks(cosigning.TASK)
    assert (added.made_by, added.answers, task.owner) == (by.user, refused, ines) and "has left" in task.title
    assert str(refused.uid) in Entry.objects.get(action="amend").detail and open_tasks(cosigning.MEND) == []
    assert client_of(ines).post(url("cosign", visit), YES).status_code == 302 and verify().ok


def test_of_two_answers_in_two_tabs_one_asks_and_both_stay(client_of, visit, tom, refused):
    for text in ("On the left.", "12 mm deep."):
        assert client_of(tom).post(url("amend", visit), {"text": text, "answers": refused.uid}).status_code == 302

    assert [one.answers_id is not None for one in Amendment.objects.order_by("pk")] == [True, False]
    assert len(open_tasks(cosigning.TASK)) == 1


def test_what_proves_nothing_or_says_nothing_refuses_nothing(client_of, visit, ines):
    browser = client_of(ines)
    for said in ({"why": WHY}, {"password": "a noisy needle", "why": WHY}, {"password": PASSWORD},
                 {"password": PASSWORD, "why": "  "}, {"why": WHY, "proof": "01a219d4-7040-75aa-91eb-bd7818f8e9d4"}):
        assert browser.post(url("refuse", visit), said).status_code == 422
    by = at_work(ines, visit.clinic)
    with pytest.raises(signing.NotSigned):
        refusing.refuse(visit=visit, by=by, why="  ", **proof(visit, by))
    assert not Refusal.objects.exists() and cosigning.awaited(visit) is not None


def test_an_old_proof_refuses_nothing_and_the_reason_stays_typed(client_of, visit, ines):
    browser, by = client_of(ines), at_work(ines, visit.clinic)
    used = proof(visit, by)["proof"]
    Proof.objects.filter(uid=used).update(until="2020-01-01T00:00Z")
    page = browser.post(url("refuse", visit), {"proof": used, "why": WHY})

    assert page.status_code == 422 and WHY in page.content.decode()


def test_nobody_else_refuses(client_of, clinic, visit, tom, bob, charlie, alice, owner):
    other = make_person(clinic, "Ida Instructor", Role.INSTRUCTOR)
    for person in (tom, bob, charlie, alice, owner, other):
        assert client_of(person).get(url("refuse", visit)).status_code == 404
        assert client_of(person).post(url("refuse", visit), NO).status_code == 404
    by = at_work(other, clinic)
    with pytest.raises(signing.NotSigned):
        refusing.refuse(visit=visit, by=by, why=WHY, **proof(visit, by))
    assert not Refusal.objects.exists()


def test_the_students_own_proof_refuses_nothing(visit, tom, ines):
    theirs = proof(visit, at_work(tom, visit.clinic))
    with pytest.raises(signing.NotProved):
        refusing.refuse(visit=visit, by=at_work(ines, visit.clinic), why=WHY, **theirs)
    assert not Refusal.objects.exists()


def test_a_second_press_refuses_once(client_of, visit, ines):
    browser = client_of(ines)
    answers = [browser.post(url("refuse", visit), NO).url for _ in range(2)]

    assert answers == [url("visit", visit)] * 2
    assert Refusal.objects.count() == 1
    assert len(open_tasks(cosigning.MEND)) == len(open_tasks(refusing.OWNER)) == 1


@pytest.mark.parametrize(("first", "then"), [(("refuse", NO), ("cosign", YES)), (("cosign", YES), ("refuse", NO))])
def test_of_two_tabs_the_first_counts_and_the_other_says_that_it_did_nothing(client_of, visit, ines, first, then):
    browser = client_of(ines)
    browser.post(url(first[0], visit), first[1])
    answer = browser.post(url(then[0], visit), then[1], follow=True)

    assert [one.level_tag for one in answer.context["messages"]] == ["success", "error"]
    assert (Refusal.objects.count(), Countersignature.objects.count()) == ((1, 0) if first[0] == "refuse" else (0, 1))


def test_actions_refuse_the_other_answer_too(visit, ines, tom, refused):
    by = at_work(ines, visit.clinic)
    for answer in (cosigning.cosign, lambda **said: refusing.refuse(why=WHY, **said)):
        with pytest.raises(cosigning.AlreadyRefused):
            answer(visit=visit, by=by, **proof(visit, by))
    amend(visit, tom, refused.uid)
    cosigning.cosign(visit=visit, by=by, **proof(visit, by))
    with pytest.raises(signing.AlreadySigned):
        refusing.refuse(visit=visit, by=by, why=WHY, **proof(visit, by))


@pytest.mark.parametrize(("name", "said"), [("refuse", NO), ("cosign", YES)])
def test_what_was_added_since_it_was_read_is_read_first(client_of, visit, ines, tom, name, said):
    browser = client_of(ines)
    seen = browser.get(url(name, visit)).context["seen"]
    amend(visit, tom, text="Both sides.")
    page = browser.post(url(name, visit), {**said, "seen": seen})
    assert page.status_code == 422 and "Both sides." in page.content.decode()

    assert browser.post(url(name, visit), {**said, "seen": page.context["seen"]}).status_code == 302


def test_of_a_refusal_another_clinic_is_told_nothing(clinic, other_clinic, refused):
    assert (refusing.refused(clinic), refusing.refused(other_clinic)) == ([refused], [])


def test_a_struck_visit_is_not_refused_and_nobody_mends_it(client_of, clinic, visit, ines, tom, alice, refused):
    signing.ask_to_strike(visit=visit, why="another Ana", by=at_work(tom, clinic))
    signing.strike(visit=visit, by=at_work(alice, clinic))

    assert open_tasks(cosigning.MEND) == [] and refusing.refused(clinic) == []
    assert client_of(ines).post(url("refuse", visit), NO).status_code == 404
    assert client_of(tom).get(url("visit", visit)).context.get("to_mend") is None
    auditor = make_person(clinic, "Aldo Auditor", Role.AUDITOR)
    assert WHY in client_of(auditor).get(reverse("visits:struck_visit", args=[clinic.slug, visit.uid])).content.decode()


def test_who_answers_for_the_student_by_now_is_asked_again_and_may_refuse(client_of, clinic, owner, visit, tom, ines, refused):
    boss, other = at_work(owner, clinic), make_person(clinic, "Ida Instructor", Role.INSTRUCTOR)
    teacher = practitioners.add_practitioner(user=other, profession="acupuncturist", by=boss)
    practitioners.change_practitioner(practitioner=visit.practitioner, profession="student", supervised_by=teacher, by=boss)
    amend(visit, tom, refused.uid)
    assert [one.owner for one in open_tasks(cosigning.TASK)] == [other]
    client_of(other).post(url("refuse", visit), {**NO, "why": "I was not there."})

    assert open_tasks(cosigning.TASK) == []
    assert [one.signed_by for one in Refusal.objects.order_by("pk")] == [ines, other]


def test_an_instructor_is_shown_no_refusal_of_somebody_elses_student(client_of, clinic, visit, refused):
    other = make_person(clinic, "Ida Instructor", Role.INSTRUCTOR)
    board = client_of(other).get(reverse("visits:board", args=[clinic.slug]))

    assert board.context["refusals"] == [] and WHY not in board.content.decode()


@pytest.mark.parametrize("statement", [
    "UPDATE visits_refusal SET why = 'x'", "DELETE FROM visits_refusal",
    f"INSERT INTO visits_refusal (uid, why, {COLUMNS}) SELECT '{{other}}', why, {COLUMNS} FROM visits_refusal",
    f"INSERT INTO visits_countersignature (note, {COLUMNS}) SELECT '', {COLUMNS} FROM visits_refusal",
])
def test_the_database_changes_no_refusal_and_takes_no_second_answer(refused, statement):
    other = "01a219d4-7040-75aa-91eb-bd7818f8e9d4" if connection.vendor == "postgresql" else "01a219d4704075aa91ebbd7818f8e9d4"
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(other=other))
    assert (Refusal.objects.get().why, Countersignature.objects.count()) == (WHY, 0)


def test_the_database_takes_no_refusal_of_what_is_countersigned(visit, tom, ines, refused):
    by = at_work(ines, visit.clinic)
    amend(visit, tom, refused.uid)
    cosigning.cosign(visit=visit, by=by, **proof(visit, by))
    refused.pk, refused.uid = None, visit.uid
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        refused.save(force_insert=True)
