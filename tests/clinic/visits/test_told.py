"""What was said of a patient's health while a visit was charted on the wrong record stays, and is asked for."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse

from clinic.intake.filling import opened
from clinic.intake.signing import EVERY_PRODUCT, added, signed
from clinic.patients.people import at_work, make_patient
from clinic.people import make_person
from clinic.visits.charting import ago, day_of, make_visit
from clinic.visits.test_wasted import sign
from waterneedle.clinic.accounts.models import User
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.intake import actions_consent
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.patients.queries import health_of
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.tasks.queries import address
from waterneedle.clinic.visits import actions, reactions, signing, told
from waterneedle.clinic.visits.plan import plan_for


@pytest.fixture
def ana(by):
    made = make_patient(by)
    patients.add_fact(patient=made, kind="allergy", said="latex", by=by)
    patients.add_fact(patient=made, kind="condition", said="asthma", by=by)
    return made


@pytest.fixture
def visit(by, ana):
    """While it is charted cobalt is entered and asthma ended."""
    made = make_visit(by, ana)
    actions.change_visit(visit=made, version=made.version, fields={"note": "Talked."}, by=by)
    patients.add_fact(patient=ana, kind="allergy", said="cobalt", by=by)
    patients.end_fact(fact=ana.health_facts.get(said="asthma"), why="never had it", by=by)
    return made


def strike(visit, by, second="Dora Second"):
    signing.ask_to_strike(visit=visit, why="another Ana", by=by)
    signing.strike(visit=visit, by=at_work(make_person(by.clinic, second, Role.PRACTITIONER), by.clinic))


def page(client, visit):
    where = {"clinic": "harbor", "patient": visit.patient.uid, "visit": visit.uid}
    return client.get(reverse("visits:visit", kwargs=where)).content.decode()


@pytest.mark.parametrize("is_signed", [False, True])
def test_nothing_is_taken_back_by_itself_and_a_person_is_asked(client_of, alice, by, visit, is_signed):
    if is_signed:
        sign(visit, by)
    assert not told.told_in(visit)
    strike(visit, by)
    patients.add_fact(patient=visit.patient, kind="allergy", said="benzyl alcohol", by=by)  # no part of the visit any more

    assert {one.said for one in health_of(visit.patient).facts["allergy"]} >= {"latex", "cobalt"}
    assert [one.said for one in told.told_in(visit).facts] == ["cobalt", "asthma"]
    task = Task.objects.get(kind=told.TASK)
    assert (task.patient, task.about, task.role) == (visit.patient, str(visit.uid), Role.PRACTITIONER)
    shown = page(client_of(alice), visit)
    for one in told.told_in(visit).facts:
        name = "reopen_fact" if one.ended_at else "end_fact"
        assert reverse(f"patients:{name}", args=["harbor", visit.patient.uid, one.uid]) in shown


def test_one_tap_takes_it_back_with_its_reason_and_one_more_undoes_that(client_of, alice, by, visit):
    strike(visit, by)
    cobalt = told.told_in(visit).facts[0]
    where = ["harbor", visit.patient.uid, cobalt.uid]
    client_of(alice).post(reverse("patients:end_fact", args=where), {"why": "said of another person"})
    assert "cobalt" not in {one.said for one in health_of(visit.patient).facts["allergy"]}
    assert reverse("patients:reopen_fact", args=where) in page(client_of(alice), visit)

    client_of(alice).post(reverse("patients:reopen_fact", args=where))
    assert "cobalt" in {one.said for one in health_of(visit.patient).facts["allergy"]}


def test_each_button_of_the_list_leads_back_to_it_and_so_does_its_undo(client_of, alice, by, visit):
    patients.add_measure(patient=visit.patient, kind="weight_kg", value=Decimal(70), measured_on=day_of(by), by=by)
    strike(visit, by)
    here = reverse("visits:visit", kwargs={"clinic": "harbor", "patient": visit.patient.uid, "visit": visit.uid})
    browser = client_of(alice)
    forms = re.findall(r'<form method="post" action="([^"]*/health/[^"]*)">(.*?)</form>', page(browser, visit), re.DOTALL)

    assert len(forms) == 3
    for address_of_form, fields in forms:
        said = dict(re.findall(r'name="(back|measure|why)" value="([^"]*)"', fields))
        assert browser.post(address_of_form, said).url == f"{here}#told"
    undo = re.search(r'action="([^"]*reopen/[?]back=[^"]*)"', page(browser, visit))[1]
    assert browser.post(unescape(undo)).url == f"{here}#told"


@pytest.mark.parametrize("back", ["https://elsewhere.example/c/harbor/", "//elsewhere.example", "/c/hill/home/", "/c/harbor"])
def test_nobody_is_led_elsewhere(client_of, alice, by, visit, back):
    where = ["harbor", visit.patient.uid, visit.patient.health_facts.get(said="cobalt").uid]
    answer = client_of(alice).post(reverse("patients:end_fact", args=where), {"back": back})
    assert answer.url == reverse("patients:health", args=where[:2])


@pytest.mark.parametrize("is_signed", [False, True])
def test_that_there_are_none_is_asked_again(client_of, alice, by, is_signed):
    """What lets more through is of nobody until it is said again: another person may have said it."""
    ana = make_patient(by)
    patients.say_none(patient=ana, kind="condition", by=by)  # before, and therefore hers
    visit = make_visit(by, ana)
    actions.change_visit(visit=visit, version=visit.version, fields={"note": "Talked."}, by=by)
    for kind in ("condition", "allergy", "medication"):
        patients.say_none(patient=ana, kind=kind, by=by)
    if is_signed:
        sign(visit, by)
        patients.say_none(patient=ana, kind="medication", by=by)  # from what was read in it, perhaps
    strike(visit, by)

    assert health_of(ana).facts == {"condition": (), "allergy": None, "medication": None}
    assert plan_for(make_visit(by, ana)).patient.allergies is None
    assert Task.objects.filter(kind=told.TASK).exists()
    assert set(told.told_in(visit).to_ask) == {"condition", "allergy", "medicine"}
    shown = page(client_of(alice), visit)
    assert "Ask again" in shown and "allergy" in shown
    gone = Entry.objects.filter(action="retract", patient_uid=ana.uid).values_list("kind", flat=True)
    assert set(gone) == {"condition", "allergy", "medication"}


@pytest.mark.parametrize(("said", "left"), [("not_pregnant", None), ("not_applicable", None), ("pregnant", "pregnant")])
def test_a_pregnancy_that_was_said_meanwhile_stays_and_is_listed_and_none_does_not(client_of, alice, by, ana, said, left):
    with ago(minutes=5):
        patients.say_pregnancy(patient=ana, status="possible", by=by)  # before, and therefore hers
    visit = make_visit(by, ana)
    patients.say_pregnancy(patient=ana, status=said, by=by)
    strike(visit, by)

    known = health_of(ana).pregnancy
    assert known.status == (left or "possible")
    assert [one.said for one in told.told_in(visit).entries] == ([left] if left else [])
    if left:
        assert f'href="{reverse("patients:health", args=["harbor", ana.uid])}">Look at it' in page(client_of(alice), visit)


def test_it_is_asked_again_of_whom_it_was_said_and_only_what_was_said_in_that_visit(by, ana):
    before = make_visit(by, ana)
    patients.say_none(patient=ana, kind="medication", by=by)
    strike(before, by)
    visit, ben = make_visit(by, ana), make_patient(by, "Ben Ortiz")
    other = make_visit(by, ben)
    patients.say_none(patient=ben, kind="condition", by=by)
    strike(other, by, "Erik Third")
    strike(visit, by, "Fay Fourth")

    assert (told.told_in(before).to_ask, told.told_in(other).to_ask) == (("medicine",), ("condition",))
    assert not told.told_in(visit)


def test_what_came_onto_either_of_two_records_of_the_person_is_gone_through(by, ana):
    twice = make_patient(by)
    patients.join(kept=ana, other=twice, why="same person", by=by)
    for charted, entered, second in ((ana, twice, "Dora Second"), (twice, ana, "Erik Third")):
        visit = make_visit(by, charted)
        all_that_may_be_told(by, entered, "+1 206 555 0142")
        strike(visit, by, second)
        found = told.told_in(visit)
        assert (len(found.facts), len(found.measures), len(found.to_ask)) == (1, 1, 1)
        assert len(found.entries) >= 3


def test_a_figure_stays_and_is_looked_at(client_of, alice, by, ana):
    visit = make_visit(by, ana)
    patients.add_measure(patient=ana, kind="INR", value=Decimal("4.5"), measured_on=visit.day, by=by)
    strike(visit, by)

    assert health_of(ana).measures["INR"].value == Decimal("4.5")
    assert "4.5" in page(client_of(alice), visit)
    assert Task.objects.filter(kind=told.TASK).exists()


@pytest.mark.parametrize("of_before", ["2.1", None])
def test_a_figure_of_another_person_is_marked_so_and_the_one_before_counts(client_of, alice, bob, charlie, by, ana, of_before):
    if of_before:
        patients.add_measure(patient=ana, kind="INR", value=Decimal(of_before), measured_on=day_of(by), by=by)
    visit = make_visit(by, ana)
    wrong = patients.add_measure(patient=ana, kind="INR", value=Decimal("4.5"), measured_on=visit.day, by=by)
    strike(visit, by)
    take_back, again = (reverse(f"patients:{name}", args=["harbor", ana.uid]) for name in ("retract_measure", "restore_measure"))
    for person in (bob, charlie):
        assert client_of(person).post(take_back, {"measure": wrong.pk}).status_code == 404
    browser = client_of(alice)
    assert take_back in page(browser, visit)
    other = patients.add_measure(patient=make_patient(by), kind="INR", value=Decimal(3), measured_on=visit.day, by=by)
    for number in (other.pk, "x", ""):
        assert browser.post(take_back, {"measure": number}).status_code == 404
    browser.post(take_back, {"measure": wrong.pk})

    known = health_of(ana).measures.get("INR")
    assert (known and known.value) == (of_before and Decimal(of_before))
    assert Entry.objects.filter(action="retract", kind="measure", patient_uid=ana.uid).count() == 1
    assert again in page(browser, visit)
    browser.post(again, {"measure": wrong.pk})
    assert health_of(ana).measures["INR"].value == Decimal("4.5")
    assert take_back in page(browser, visit)


def test_what_was_entered_after_the_signature_is_listed_until_the_strike(client_of, alice, by, ana):
    """An amendment is read, a patient called: what came of it stands on this record as much as what was charted."""
    visit = make_visit(by, ana)
    actions.change_visit(visit=visit, version=visit.version, fields={"note": "Talked."}, by=by)
    sign(visit, by)
    patients.add_fact(patient=ana, kind="allergy", said="benzyl alcohol", by=by)
    patients.add_measure(patient=ana, kind="INR", value=Decimal("4.5"), measured_on=visit.day, by=by)
    watch = actions.observe(visit=visit, minutes=15, by=by)
    reaction = reactions.begin(patient=ana, by=by)
    consent = signed(by, ana, *EVERY_PRODUCT)
    strike(visit, by)

    found = told.told_in(visit)
    assert ([one.said for one in found.facts], [one.value for one in found.measures]) == (["benzyl alcohol"], [Decimal("4.5")])
    shown = page(client_of(alice), visit)
    for one in (
        reverse("visits:reaction", args=["harbor", ana.uid, reaction.uid]),
        reverse("intake:consent", args=["harbor", ana.uid, consent.uid]),
    ):
        assert one in shown
    assert watch.began_at in [one.at for one in found.entries]
    assert [one.at for one in found.entries] == sorted(one.at for one in found.entries)
    assert Task.objects.filter(kind=told.TASK).exists()


def test_a_changed_telephone_and_a_new_guardian_are_listed_too(client_of, alice, by, ana):
    """To whose telephone are the questions sent?"""
    patients.change_patient(patient=ana, fields={"email": "before@example.org"}, version=ana.version, by=by)
    visit = make_visit(by, ana)
    patients.change_patient(patient=ana, fields={"phone": "+1 206 555 0142"}, version=ana.version, by=by)
    patients.add_guardian(
        patient=ana, fields={"name": "Gus Guardian", "relation": "father", "phone": "", "may_consent": True}, by=by)
    strike(visit, by)
    patients.change_patient(patient=ana, fields={"phone": "+1 206 555 0143"}, version=ana.version, by=by)

    assert ["telephone" in one.said for one in told.told_in(visit).entries] == [True, False]
    shown = page(client_of(alice), visit)
    assert "Gus Guardian" in shown
    assert shown.count(reverse("patients:patient", args=["harbor", ana.uid]) + '">') >= 2


def test_what_is_of_another_visit_or_came_after_the_strike_is_not(by, ana):
    visit, other = make_visit(by, ana), make_visit(by, ana)
    reactions.begin(patient=ana, by=by)
    actions.observe(visit=other, minutes=15, by=by)
    before = signed(by, ana, *EVERY_PRODUCT)
    strike(visit, by)
    after = signed(by, ana, *EVERY_PRODUCT)

    addresses = [one.url for one in told.told_in(visit).entries]
    assert len(addresses) == 2  # the reaction, which may be of this visit, and the consent
    assert any(str(before.uid) in one for one in addresses) and not any(str(after.uid) in one for one in addresses)


def all_that_may_be_told(by, patient, phone):
    """A fact, a figure, that there are none, a reaction, a telephone, who speaks, and a consent."""
    patients.add_fact(patient=patient, kind="allergy", said="cobalt", by=by)
    patients.say_none(patient=patient, kind="medication", by=by)
    patients.add_measure(patient=patient, kind="weight_kg", value=Decimal(70), measured_on=day_of(by), by=by)
    reactions.begin(patient=patient, by=by)
    patient.refresh_from_db()
    patients.change_patient(patient=patient, fields={"phone": phone}, version=patient.version, by=by)
    patients.add_guardian(
        patient=patient, fields={"name": "Gus Guardian", "relation": "father", "phone": "", "may_consent": True}, by=by)
    signed(by, patient, *EVERY_PRODUCT)


def test_nothing_is_told_of_somebody_else_from_before_or_while_a_second_person_has_not_said_so(by, ana):
    with ago(minutes=30):
        all_that_may_be_told(by, ana, "+1 206 555 0142")
    visit = make_visit(by, ana)
    all_that_may_be_told(by, make_patient(by, "Ben Ortiz"), "+1 206 555 0143")
    strike(visit, by)
    assert not told.told_in(visit)

    other = make_visit(by, ana)
    all_that_may_be_told(by, ana, "+1 206 555 0144")
    signing.ask_to_strike(visit=other, why="another Ana", by=by)
    assert not told.told_in(other)
    signing.strike(visit=other, by=at_work(User.objects.get(name="Dora Second"), by.clinic))
    found = told.told_in(other)
    assert (len(found.facts), len(found.measures), len(found.to_ask), len(found.entries)) == (1, 1, 1, 3)  # the reaction goes on


def test_a_reaction_of_the_visit_is_listed_though_its_button_was_pressed_before_somebody_said_who_it_is(by, ana):
    visit = make_visit(by, ana)
    before = reactions.begin(patient=ana, by=by, at=visit.made_at - datetime.timedelta(minutes=2))
    strike(visit, by)
    assert before.visit == visit
    reactions.end(reaction=before, outcome="well", by=by)
    after = reactions.begin(patient=ana, by=by)

    assert [str(before.uid) in one.url for one in told.told_in(visit).entries] == [True]
    assert after.uid != before.uid


def test_lines_that_were_added_to_a_consent_are_listed_and_so_is_one_that_was_taken_back(client_of, alice, by, ana):
    """A line lets more through: of the wrong person it would let through what nobody agreed to."""
    with ago(minutes=30):
        consent = signed(by, ana, "b12")
        added(by, consent, "saline")
        other = signed(by, make_patient(by, "Ben Ortiz"), "b12")
    visit = make_visit(by, ana)
    added(by, consent, "bee_venom")
    actions_consent.withdraw(consent=consent, line="b12", by=by)
    for what in (lambda: added(by, other, "bee_venom"), lambda: actions_consent.withdraw(consent=other, by=by)):
        what()  # of somebody else, meanwhile
    strike(visit, by)
    actions_consent.withdraw(consent=consent, by=by)

    where = reverse("intake:consent", args=["harbor", ana.uid, consent.uid])
    assert [one.url for one in told.told_in(visit).entries] == [where, where]
    assert page(client_of(alice), visit).count(f'href="{where}"') == 2
    assert Task.objects.filter(kind=told.TASK).exists()


def test_a_form_that_was_sent_back_meanwhile_is_listed(client_of, alice, by, ana):
    before, meanwhile, never = (opened(by, ana) for _ in range(3))
    before.send()
    visit = make_visit(by, ana)
    meanwhile.send()
    strike(visit, by)

    sent = [reverse("intake:review", args=["harbor", ana.uid, one.form.uid]) for one in (before, meanwhile, never)]
    assert [one.url for one in told.told_in(visit).entries] == [sent[1]]
    assert [f'href="{one}"' in page(client_of(alice), visit) for one in sent] == [False, True, False]


def test_a_reaction_that_was_taken_back_says_so(by, ana):
    visit, reaction = make_visit(by, ana), reactions.begin(patient=ana, by=by)
    strike(visit, by)
    reactions.take_back(reaction=reaction, why="it was another Ana", by=by)

    (entry,) = told.told_in(visit).entries
    assert "taken back" in entry.said


def test_the_task_leads_to_the_page_of_the_visit(by, ana, visit):
    strike(visit, by)

    task = Task.objects.get(kind=told.TASK)
    assert address(task, by) == reverse("visits:visit", args=["harbor", ana.uid, visit.uid])


def test_where_nothing_was_said_nobody_is_asked(by, ana):
    made = make_visit(by, ana)
    strike(made, by)

    assert not told.told_in(made)
    assert not Task.objects.filter(kind=told.TASK).exists()
