"""A draft on the wrong patient: struck by two people, closed to every write, readable, and its single doses free again."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from clinic.patients.people import at_work, make_patient
from clinic.people import make_person
from clinic.visits.charting import WELL, make_syringe, make_vial, make_visit, plan
from clinic.visits.test_signing import proof
from clinic.visits.test_wasted import sign
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.patients.queries import health_of
from waterneedle.clinic.stock.models import Movement
from waterneedle.clinic.tasks.actions import StillOpen, finish
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.tasks.queries import address
from waterneedle.clinic.visits import actions, day, doubted, drafts, drawing, signing
from waterneedle.clinic.visits.models import Fill, Injection, Reason, Signature, Strike, Syringe, Today, Visit, VisitState
from waterneedle.clinic.visits.models_after import Observation


@pytest.fixture
def other(clinic):
    return at_work(make_person(clinic, "Dora Second", Role.PRACTITIONER), clinic)


@pytest.fixture
def single(by):
    return make_vial(by, number="0999", name="B12 in an ampoule", container_kind="ampoule")


@pytest.fixture
def visit(by, single):
    """One injection given from an ampoule, one planned."""
    made = make_visit(by, make_patient(by), why="knee pain")
    actions.answer_today(visit=made, answers=WELL | {"pregnancy": "pregnant"}, by=by)
    syringe = make_syringe(by, made, "1", vial=single)
    actions.mark(injection=plan(by, made, syringe), status="given", why="it was given", by=by)
    plan(by, made, syringe, side="right")
    return made


def strike(visit, by, other):
    signing.ask_to_strike(visit=visit, why="another Ana", by=by)
    return signing.strike(visit=visit, by=other)


def url(name, visit, **more):
    return reverse(f"visits:{name}", kwargs={"clinic": "harbor", "patient": visit.patient.uid, "visit": visit.uid, **more})


@pytest.mark.parametrize("is_signed", [False, True])
def test_a_step_is_noted_until_the_visit_itself_is_struck_and_then_no_more(by, other, visit, is_signed):
    beside = make_visit(by, make_patient(by, "Ben Ortiz"))
    strike(beside, by, other)
    if is_signed:
        actions.mark(injection=visit.injections.get(status="planned"), status="given", why="it was given", by=by)
        sign(visit, by)
    signing.ask_to_strike(visit=visit, why="another Ana", by=by)
    actions.enter(visit=visit, step="observed", by=by)
    actions.observe(visit=visit, minutes=15, by=by)
    signing.strike(visit=visit, by=other)

    for refused in (visit, beside):
        with pytest.raises(drafts.Struck):
            actions.enter(visit=refused, step="left", by=by)
        with pytest.raises(drafts.Struck):
            actions.observe(visit=refused, minutes=15, by=by)
    assert list(VisitState.objects.filter(step="left")) == []


def test_one_person_alone_strikes_no_draft(by, visit):
    signing.ask_to_strike(visit=visit, why="another Ana", by=by)
    with pytest.raises(signing.NotSigned):
        signing.strike(visit=visit, by=by)

    assert Visit.objects.get().is_draft
    actions.answer_today(visit=visit, answers={"eaten": False}, by=by)  # until the second has said so it goes on


def test_a_second_person_is_asked_until_it_is_decided_and_each_time_anew(by, other, visit):
    def open_tasks():
        return list(Task.objects.filter(kind=doubted.TASK).exclude(state="done"))

    beside = make_visit(by, visit.patient)
    signing.ask_to_strike(visit=visit, why="another Ana", by=by)
    assert (doubted.is_doubted(visit), doubted.is_doubted(beside)) == (True, False)
    (task,) = open_tasks()
    assert (task.role, task.needs, task.patient) == ("practitioner", "chart.write", visit.patient)
    assert address(task, other) == url("visit", visit)
    with pytest.raises(StillOpen):
        finish(task=task, by=other)

    signing.let_stand(visit=visit, by=other)
    assert (open_tasks(), doubted.is_doubted(visit)) == ([], False)
    signing.ask_to_strike(visit=visit, why="another Ana after all", by=by)
    assert len(open_tasks()) == 1
    signing.strike(visit=visit, by=other)
    assert (open_tasks(), doubted.is_doubted(visit)) == ([], False)


def test_a_struck_draft_takes_no_more_writes_and_no_signature(by, other, visit):
    strike(visit, by, other)
    one, syringe = Injection.objects.order_by("seq").last(), Syringe.objects.get()

    for write in (
        lambda: actions.answer_today(visit=visit, answers={"eaten": False}, by=by),
        lambda: actions.mark(injection=one, status="given", why="it was given", by=by),
        lambda: actions.give_all(visit=visit, by=by),
        lambda: actions.change_visit(visit=visit, version=visit.version, fields={"note": "more"}, by=by),
        lambda: plan(by, visit, syringe, point="LI11"),
        lambda: make_syringe(by, visit, vial=make_vial(by, number="1")),
        lambda: signing.sign(visit=visit, proof=proof(visit, by.user), session_key="a session's key", by=by),
    ):
        with pytest.raises(drafts.Struck):
            write()
    assert not Signature.objects.exists()


def test_from_a_page_that_was_open_before_nobody_is_watched_under_the_wrong_name(client_of, by, other, visit):
    browser = client_of(by.user)
    strike(visit, by, other)
    for step in ("observed", "left"):
        assert browser.post(url("step", visit), {"step": step}).url == url("visit", visit)

    assert not Observation.objects.exists()
    assert not VisitState.objects.filter(visit=visit, step__in=("observed", "left")).exists()


def test_the_database_itself_lets_nobody_change_what_is_struck_nor_add_to_it(by, other, visit):
    vial = make_vial(by, number="0777")
    actions.give_reason(visit=visit, rule="pregnancy", note="known", by=by)
    strike(visit, by, other)
    before = {model: list(model.objects.order_by("pk").values()) for model in _OF_A_VISIT}
    one, syringe = Injection.objects.order_by("seq").last(), Syringe.objects.get()

    for write in (
        *(lambda model=model: model.objects.update(clinic_id=F("clinic_id")) for model in _OF_A_VISIT),
        *(lambda model=model: model.objects.all()._raw_delete("default") for model in _OF_A_VISIT),
        lambda: Injection.objects.filter(pk=one.pk).update(status="given", given_at=timezone.now()),
        lambda: Visit.objects.update(is_draft=True),
        lambda: Today.objects.create(clinic=by.clinic, visit=visit, eaten=False, made_at=timezone.now(), made_by=by.user),
        lambda: Fill.objects.create(clinic=by.clinic, syringe=syringe, vial=vial, volume_ml=1),
        lambda: Injection.objects.create(
            clinic=by.clinic, visit=visit, patient=visit.patient, seq=9, syringe=syringe, point="LI11", made_at=timezone.now(),
            made_by=by.user),
        lambda: Signature.objects.create(
            clinic=by.clinic, visit=visit, document="{}", hash="0" * 64, proof_id=_proof(visit, by), signed_name="Alice",
            signed_at=timezone.now(), signed_by=by.user),
    ):
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
            write()
    assert {model: list(model.objects.order_by("pk").values()) for model in _OF_A_VISIT} == before


_OF_A_VISIT = (Visit, Today, Syringe, Fill, Injection, Reason)


def _proof(visit, by):
    return signing.mint(visit=visit, user=by.user, session_key="s", method="password").pk


def test_a_draft_that_only_one_person_would_strike_goes_on_in_the_database_too(by, visit):
    signing.ask_to_strike(visit=visit, why="another Ana", by=by)

    assert Injection.objects.update(direction="up") == 2
    assert Syringe.objects.update(route="IM") == 1


def test_its_ampoule_is_free_for_the_right_patient_and_the_book_is_as_before(by, other, visit, single):
    strike(visit, by, other)

    single.refresh_from_db()
    assert single.patient is None
    assert not Movement.objects.filter(cause=str(visit.uid)).exists()
    right = make_visit(by, make_patient(by, given_name="Bea"))
    syringe = make_syringe(by, right, "1", vial=single)
    drawing.put_down(syringe=syringe, by=by, was_drawn=False)
    single.refresh_from_db()
    assert single.patient is None  # the syringe of the struck draft holds it no longer


def test_so_is_what_was_drawn_up_and_put_down_in_it(by, other, visit):
    ampoule = make_vial(by, number="0998", name="Another ampoule", container_kind="ampoule")
    drawing.put_down(syringe=make_syringe(by, visit, "1", vial=ampoule), by=by)
    ampoule.refresh_from_db()
    assert ampoule.patient == visit.patient

    strike(visit, by, other)
    ampoule.refresh_from_db()
    assert ampoule.patient is None


def test_what_it_told_of_the_patient_is_taken_back(by, other, visit):
    assert health_of(visit.patient).pregnancy.status == "pregnant"
    strike(visit, by, other)

    assert health_of(visit.patient).pregnancy is None


def test_it_waits_for_no_signature_and_stands_in_the_trail(clinic, by, other, visit):
    assert [one.pk for one in day.unsigned(clinic, visit.day)] == [visit.pk]
    strike(visit, by, other)

    assert day.unsigned(clinic, visit.day) == []
    said = Entry.objects.filter(kind="visit", patient_uid=visit.patient.uid).values_list("action", flat=True)
    assert {"ask to strike", "strike"} <= set(said)


def test_two_people_strike_it_on_its_page_and_everybody_reads_it_after(client_of, alice, other, visit):
    browser = client_of(alice)
    assert browser.post(url("strike", visit), {"why": ""}).status_code == 422
    browser.post(url("strike", visit), {"why": "another Ana"})
    browser.post(url("strike", visit))
    assert Strike.objects.get().struck_at is None

    client_of(other.user).post(url("strike", visit))
    assert Strike.objects.get().struck_by == other.user
    page = browser.get(url("visit", visit))
    assert page.status_code == 200
    for word in ("another Ana", "ST36", "knee pain", "B12 in an ampoule", "pregnant"):
        assert word in page.content.decode()
    assert browser.get(url("sign", visit)).status_code == 302
    assert browser.get(url("injection", visit, injection=Injection.objects.first().uid)).url == url("visit", visit)
    refused = browser.post(url("mark_all", visit), follow=True)
    assert refused.templates[0].name == "visits/struck.html" and 'role="alert"' in refused.content.decode()
    assert "struck" in browser.get(reverse("visits:visits", args=["harbor", visit.patient.uid])).content.decode()


def test_nobody_of_another_clinic_or_of_the_desk_strikes_it(client_of, bob, charlie, visit):
    for person in (bob, charlie):
        assert client_of(person).post(url("strike", visit), {"why": "another Ana"}).status_code == 404
    assert not Strike.objects.exists()
