"""A student signs, and who answers for the student countersigns: with a proof of their own, once, and frozen."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from clinic.paper.reading import text_of
from clinic.patients.people import at_work, make_patient
from clinic.people import PASSWORD, make_person
from clinic.visits.charting import ago, make_ready_patient, make_visit
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit.verify import verify
from waterneedle.clinic.practitioners import actions as practitioners
from waterneedle.clinic.practitioners.queries import practitioner_of
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.visits import actions, asked, cosigning, on_paper_visit, reactions, signing
from waterneedle.clinic.visits.models import Countersignature, Signature, Today


@pytest.fixture
def by(clinic, tom):
    return at_work(tom, clinic)


@pytest.fixture
def visit(by_tom):
    return by_tom


def url(name, visit):
    return reverse(f"visits:{name}", kwargs={"clinic": "harbor", "patient": visit.patient.uid, "visit": visit.uid})


def test_the_signature_of_a_student_names_who_answers_and_opens_their_task(by_the_student, ines):
    signature = Signature.objects.get()
    assert signature.supervisor.user == ines
    assert signing.as_signed(signature)["supervised_by"] == str(signature.supervisor.uid)
    (task,) = Task.objects.filter(kind=cosigning.TASK)
    assert (task.owner, task.done_at) == (ines, None)
    assert cosigning.awaited(by_the_student) == signature


def test_who_answers_finds_it_among_what_is_to_be_done_and_nobody_else(client_of, clinic, by_the_student, ines, alice, owner):
    task, said, browser = Task.objects.get(kind=cosigning.TASK), b"Countersign the visit of your student", client_of(ines)
    lists = ("tasks:worklist", "home:today")
    assert [said in browser.get(reverse(one, args=[clinic.slug])).content for one in lists] == [True, True]
    assert url("visit", by_the_student).encode() in browser.get(reverse("tasks:task", args=[clinic.slug, task.uid])).content
    another = make_person(clinic, "Ida Other", Role.INSTRUCTOR)
    for person in (another, alice, owner):
        shown = client_of(person).get(reverse("tasks:worklist", args=[clinic.slug]) + "?of=all").content
        assert said not in shown


def test_the_chart_of_the_last_visits_says_whether_somebody_stands_for_the_student(client_of, by_the_student, ines):
    browser = client_of(ines)
    chart = reverse("visits:visits", kwargs={"clinic": "harbor", "patient": by_the_student.patient.uid})
    assert b"waits for a countersignature" in browser.get(chart).content

    browser.post(url("cosign", by_the_student), {"password": PASSWORD})
    after = browser.get(chart).content

    assert b"waits for a countersignature" not in after
    assert f"Countersigned by {ines.name}".encode() in after


def test_who_answers_for_the_student_countersigns_with_a_proof_of_their_own(client_of, by_the_student, ines):
    browser = client_of(ines)
    assert b"Countersign" in browser.get(url("visit", by_the_student)).content
    answer = browser.post(url("cosign", by_the_student), {"password": PASSWORD, "note": "Seen, and done with me."})

    assert answer.url == url("visit", by_the_student)
    row = Countersignature.objects.get()
    assert (row.signed_by, row.proof.user, row.note) == (ines, ines, "Seen, and done with me.")
    assert row.proof != Signature.objects.get().proof
    assert Task.objects.get(kind=cosigning.TASK).done_at is not None
    assert cosigning.awaited(by_the_student) is None
    assert b"Seen, and done with me." in browser.get(url("visit", by_the_student)).content
    assert verify().ok


def test_who_countersigns_reads_what_was_asked_noted_and_answered_before(client_of, tom, visit, ines):
    by = at_work(tom, visit.clinic)
    actions.answer_today(visit=visit, answers={"reacted_last": True, "reacted_how": "a rash for a day"}, by=by)
    actions.give_reason(visit=visit, rule="beyond_use", note="opened this morning, seen by both", by=by)
    signed = client_of(tom).post(url("sign", visit), {"password": PASSWORD, "deviation_why": "under supervision"})
    answers = asked.answers_in_words(Today.objects.order_by("pk").last())

    for name in ("cosign", "visit"):
        page = " ".join(client_of(ines).get(url(name, visit)).content.decode().split())
        assert signed.status_code == 302 and "a rash for a day" in page and visit.why in page
        assert all(f"<dt>{word}</dt><dd>{said}</dd>" in page for word, said in answers)
        assert "opened this morning, seen by both" in page


@pytest.mark.parametrize("name", ["cosign", "refuse"])
def test_who_answers_for_it_reads_of_a_reaction_in_the_visit(client_of, by_the_student, by, ines, name):
    reaction = reactions.begin(patient=by_the_student.patient, by=by)
    reactions.note_sign(reaction=reaction, said="hives", by=by)

    page = client_of(ines).get(url(name, by_the_student)).content.decode()

    assert str(reaction.uid) in page and "Hives" in page


@pytest.mark.parametrize("said", [{}, {"password": "a noisy needle"}, {"proof": "01a219d4-7040-75aa-91eb-bd7818f8e9d4"}])
def test_what_proves_nothing_countersigns_nothing(client_of, by_the_student, ines, said):
    assert client_of(ines).post(url("cosign", by_the_student), said).status_code == 422
    assert not Countersignature.objects.exists()


def test_the_students_own_proof_countersigns_nothing(by_the_student, by, ines, clinic):
    theirs = signing.mint(visit=by_the_student, user=by.user, session_key="x", method="password")

    with pytest.raises(signing.NotProved):
        cosigning.cosign(visit=by_the_student, proof=theirs.uid, session_key="x", by=at_work(ines, clinic))


def test_nobody_else_countersigns(client_of, clinic, by_the_student, tom, bob, charlie, alice, owner):
    other = make_person(clinic, "Ida Instructor", Role.INSTRUCTOR)
    for person in (tom, bob, charlie, alice, owner, other):
        for name in ("cosign", "cosign_passkey"):
            assert client_of(person).get(url(name, by_the_student)).status_code == 404
            assert client_of(person).post(url(name, by_the_student), {"password": PASSWORD}).status_code == 404
    proof = signing.mint(visit=by_the_student, user=other, session_key="x", method="password")
    with pytest.raises(signing.NotSigned):
        cosigning.cosign(visit=by_the_student, proof=proof.uid, session_key="x", by=at_work(other, clinic))
    assert not Countersignature.objects.exists()


def test_a_draft_and_a_struck_visit_wait_for_no_countersignature(client_of, visit, ines, tom, alice, clinic):
    assert client_of(ines).get(url("cosign", visit)).status_code == 404
    client_of(tom).post(url("sign", visit), {"password": PASSWORD, "deviation_why": "under supervision"})
    signing.ask_to_strike(visit=visit, why="another Ana", by=at_work(tom, clinic))
    signing.strike(visit=visit, by=at_work(alice, clinic))

    assert cosigning.awaited(visit) is None
    assert client_of(ines).post(url("cosign", visit), {"password": PASSWORD}).status_code == 404
    assert Task.objects.get(kind=cosigning.TASK).done_at is not None  # nobody is asked for what cannot be given


def test_a_second_press_countersigns_once(client_of, by_the_student, ines):
    browser = client_of(ines)
    answers = [browser.post(url("cosign", by_the_student), {"password": PASSWORD}) for _ in range(2)]

    assert [one.status_code for one in answers] == [302, 302]
    assert Countersignature.objects.count() == 1


def test_who_answers_for_the_student_now_may_stand_in_for_who_has_left(client_of, clinic, owner, by_the_student, tom):
    other = make_person(clinic, "Ida Instructor", Role.INSTRUCTOR)
    by = at_work(owner, clinic)
    teacher = practitioners.add_practitioner(user=other, profession="acupuncturist", by=by)
    practitioners.change_practitioner(
        practitioner=by_the_student.practitioner, profession="student", supervised_by=teacher, by=by)

    assert client_of(other).post(url("cosign", by_the_student), {"password": PASSWORD}).status_code == 302


def test_the_database_changes_no_countersignature(client_of, by_the_student, ines):
    client_of(ines).post(url("cosign", by_the_student), {"password": PASSWORD})
    for statement in ("UPDATE visits_countersignature SET note = 'x'", "DELETE FROM visits_countersignature"):
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Countersignature.objects.get().note == ""


def test_the_paper_says_who_has_countersigned_or_that_nobody_has(client_of, by_the_student, ines):
    signature = Signature.objects.select_related("visit__patient", "visit__clinic", "visit__practitioner__user").get()
    assert "not yet: Ines Instructor answers for it" in text_of(on_paper_visit.note_pdf(signature)).replace("\n", " ")

    client_of(ines).post(url("cosign", by_the_student), {"password": PASSWORD})
    assert "not yet" not in text_of(on_paper_visit.note_pdf(signature))


def test_an_instructor_reaches_the_patients_of_trainees_and_no_others(client_of, by_the_student, ines, alice, clinic):
    other = make_visit(at_work(alice, clinic), make_patient(at_work(alice, clinic), "Ben Ortiz"))
    browser = client_of(ines)

    assert browser.get(url("visit", by_the_student)).status_code == 200
    assert browser.get(url("visit", other)).status_code == 404


@pytest.mark.parametrize("route", ["board", "observations", "who_reacted"])
def test_no_list_names_patients_out_of_reach_to_an_instructor(client_of, by_the_student, ines, alice, clinic, route):
    treats = at_work(alice, clinic)
    for one in (by_the_student, make_visit(treats, make_patient(treats, "Ben Ortiz"))):
        actions.observe(visit=one, minutes=15, by=treats)
    seen = client_of(ines).get(reverse(f"visits:{route}", kwargs={"clinic": "harbor"})).content.decode()

    assert str(by_the_student.patient) in seen and "Ortiz" not in seen
    assert "Ortiz" in client_of(alice).get(reverse(f"visits:{route}", kwargs={"clinic": "harbor"})).content.decode()


def test_the_unsigned_and_the_uncountersigned_name_nobody_out_of_reach(
    client_of, by_the_student, tom, ines, alice, clinic, owner
):
    """Of another instructor: his student's visit waits for his countersignature, hers for her signature."""
    treats, olga = at_work(alice, clinic), at_work(owner, clinic)
    other = practitioners.add_practitioner(
        user=make_person(clinic, "Ivo Instructor", Role.INSTRUCTOR), profession="acupuncturist", by=olga)
    una = make_person(clinic, "Una Trainee", Role.PRACTITIONER)
    practitioners.add_practitioner(user=una, profession="student", by=olga, supervised_by=other)
    student = at_work(una, clinic)
    hers = make_visit(student, make_ready_patient(student, given_name="Ulla", family_name="Unreached"), why="talk")
    actions.change_visit(visit=hers, version=hers.version, fields={"note": "Talked."}, by=student)
    assert client_of(una).post(url("sign", hers), {"password": PASSWORD}).status_code == 302
    with ago(days=2):
        make_visit(at_work(tom, clinic), by_the_student.patient, why="before")
        make_visit(treats, make_patient(treats, "Ben Before"))

    def named(person):
        page = client_of(person).get(reverse("visits:board", kwargs={"clinic": "harbor"}))
        unsigned = {one.patient.family_name for one in page.context["unsigned"]}
        waiting = {one.visit.patient.family_name for one in page.context["uncountersigned"]}
        return unsigned, waiting, [name for name in ("Unreached", "Before") if name in page.content.decode()]

    ana = by_the_student.patient.family_name
    assert named(ines) == ({ana}, {ana}, [])
    assert named(alice) == ({ana, "Before"}, {ana, "Unreached"}, ["Unreached", "Before"])


def test_who_is_no_student_waits_for_nobody(clinic, alice, client_of):
    by = at_work(alice, clinic)
    visit = make_visit(by, make_patient(by), why="talk")
    actions.change_visit(visit=visit, version=visit.version, fields={"note": "Talked."}, by=by)
    client_of(alice).post(url("sign", visit), {"password": PASSWORD})

    assert Signature.objects.get().supervisor is None
    assert cosigning.awaited(visit) is None


def test_the_task_ends_with_the_countersignature_alone(client_of, ines, clinic, by_the_student):
    browser, task = client_of(ines), Task.objects.get(kind=cosigning.TASK)
    done = reverse("tasks:finish", kwargs={"clinic": "harbor", "task": task.uid})

    browser.post(done)
    task.refresh_from_db()
    assert task.state != "done"
    browser.post(url("cosign", by_the_student), {"password": PASSWORD})
    task.refresh_from_db()
    assert task.state == "done"


def test_nobody_answers_for_who_is_no_student_any_more(clinic, owner, tom):
    student = practitioner_of(tom, clinic)
    teacher = cosigning.supervisor_of(student)
    practitioners.change_practitioner(
        practitioner=student, profession="acupuncturist", supervised_by=teacher, by=at_work(owner, clinic))

    assert (teacher is None, cosigning.supervisor_of(student)) == (False, None)


def test_who_answered_on_the_day_of_the_signature_and_who_does_now_both_may_and_nobody_else(
    clinic, other_clinic, owner, by_the_student, ines
):
    boss, other = at_work(owner, clinic), make_person(clinic, "Ida Instructor", Role.INSTRUCTOR)
    teacher = practitioners.add_practitioner(user=other, profession="acupuncturist", by=boss)
    practitioners.change_practitioner(
        practitioner=by_the_student.practitioner, profession="student", supervised_by=teacher, by=boss)

    signature = Signature.objects.get()
    assert [cosigning.answers_for(one, signature) for one in (ines, other, owner)] == [True, True, False]
    third = make_person(clinic, "Iva Instructor", Role.INSTRUCTOR)
    reached = [cosigning.is_of_a_trainee(at_work(one, clinic), by_the_student.patient) for one in (ines, other, third)]
    assert reached == [True, True, False]
    assert [list(cosigning.awaiting(one)) for one in (clinic, other_clinic)] == [[signature], []]
