"""The page of a patient by link: behind the door, for one patient, read and never written."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from clinic.followup.following import Reading, asked, asked_patient, letters_about, secret_of, signed_visit
from clinic.paper.reading import text_of
from clinic.visits.charting import WELL, make_vial, make_visit, plan
from clinic.visits.test_signing import answer_warnings, sign
from waterneedle.clinic.followup import pages
from waterneedle.clinic.intake import actions_forms
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.visits import actions, drawing, reactions, signing


@pytest.fixture
def reading(by, ana):
    _page, secret = pages.make(patient=ana, by=by)
    return Reading(secret)


def test_nothing_shows_before_the_door(by, ana, reading):
    visit = signed_visit(by, ana)

    assert b"Ana" not in reading.get().content
    assert reading.get(f"visits/{visit.uid}/").url == f"/me/{reading.secret}/"
    reading.knock()
    assert b"Hello Ana" in reading.get().content


def test_too_many_wrong_answers_close_it(reading):
    for _n in range(5):
        reading.knock(name="Eva")

    assert reading.knock().status_code == 410


def test_after_a_death_no_link_opens_until_that_turns_out_to_be_a_mistake(by, ana, on_call, reading):
    reading.knock()
    _checkin, answering = asked(by, ana)
    answering.knock()
    actions_forms.send_form(patient=ana, kind="questions", language="en", by=by)
    [letter] = letters_about("form")
    form = f"/f/{secret_of(letter, 'f')}/"
    assert reading.browser.get(form).status_code == 200
    reaction = reactions.begin(patient=ana, by=by)
    reactions.end(reaction=reaction, outcome="died", by=by)
    assert [reading.get().status_code, answering.get().status_code, reading.browser.get(form).status_code] == [410] * 3

    reactions.take_back(reaction=reaction, why="another patient", by=by)
    assert b"Hello Ana" in reading.get().content
    assert reading.browser.get(form).status_code == 200
    assert answering.get().status_code == 410 and Task.objects.filter(kind="followup.no_death").exists()  # a person asks anew


def test_what_was_injected_what_to_expect_and_whom_to_call(by, ana, on_call, reading):
    visit = signed_visit(by, ana)
    reading.knock()

    page = reading.get(f"visits/{visit.uid}/").content.decode()

    for words in ("Zúsānlǐ", "0417", "206 555 0199", "911", "Ice for a sore bruise", "<svg"):
        assert words in page
    paper = text_of(reading.get(f"visits/{visit.uid}/aftercare.pdf").content)
    assert "0417" in paper and "206 555 0199" in paper


def test_the_sheet_says_what_a_mixture_is_and_what_happened_at_the_clinic_and_later(by, ana, on_call, reading):
    visit = make_visit(by, ana)
    actions.answer_today(visit=visit, answers=WELL, by=by)
    b12, saline = make_vial(by), make_vial(by, "sodium-chloride-0.9-preservative-free", number="NS10", name="Saline")
    syringe = drawing.load_syringe(visit=visit, fills=[(b12, Decimal(1)), (saline, Decimal(1))], by=by, route="SC")
    for side in ("left", "right"):
        actions.mark(injection=plan(by, visit, syringe, side=side), status="given", why="it was so", by=by)
    reaction = reactions.begin(patient=ana, by=by)
    reactions.note_sign(reaction=reaction, said="hives", by=by)
    answer_warnings(visit, by)
    sign(visit, by, deviation_why="at work")
    signing.amend(visit=visit, text="The left one was at ST35.", by=by)
    reading.knock()

    page = reading.get(f"visits/{visit.uid}/").content.decode()
    paper = text_of(reading.get(f"visits/{visit.uid}/aftercare.pdf").content)

    expected = ("A letter is", b12.lot.item.name, "0417", "Saline", "NS10", "Hives", "After the reaction", "was at ST35.")
    for said in (page, paper):
        missing = [one for one in expected if one not in " ".join(said.split())]
        assert missing == []


def test_the_sheet_is_in_the_language_of_the_patient(by, on_call):
    paco = asked_patient(by, "Paco Gil", language="es")
    visit = signed_visit(by, paco)
    _page, secret = pages.make(patient=paco, by=by)
    reading = Reading(secret)
    reading.knock(name="Paco")

    assert "Después de sus inyecciones" in reading.get(f"visits/{visit.uid}/").content.decode()


def test_own_progress_is_pain_before_and_after_and_when_asked(by, ana, on_call, reading):
    _checkin, answering = asked(by, ana)
    answering.knock()
    answering.send(pain="3")
    reading.knock()

    assert "when we asked" in reading.get().content.decode()


def test_a_visit_of_another_patient_is_not_there(by, ana, reading):
    visit = signed_visit(by, asked_patient(by, "Ben Ode", birth_date=datetime.date(1990, 1, 2)))
    reading.knock()

    assert reading.get(f"visits/{visit.uid}/").status_code == 404
    assert reading.get(f"visits/{visit.uid}/aftercare.pdf").status_code == 404


def test_a_form_that_waits_can_be_sent_again(by, ana, reading):
    form = actions_forms.send_form(patient=ana, kind="questions", language="en", by=by)
    reading.knock()

    reading.browser.post(f"/me/{reading.secret}/forms/{form.uid}/again/")

    assert len(letters_about("form")) == 2


def test_the_link_is_sent_from_the_page_of_the_patient(alice, bob, ana, client_of, clinic):
    client_of(bob).post(f"/c/{clinic.slug}/followup/patients/{ana.uid}/page/")

    [letter] = letters_about("patient page")
    reading = Reading(secret_of(letter, "me"))
    reading.knock()
    assert reading.get().status_code == 200


def test_the_clinic_prints_the_sheet(by, ana, alice, client_of, clinic):
    visit = signed_visit(by, ana)

    made = client_of(alice).get(f"/c/{clinic.slug}/followup/patients/{ana.uid}/aftercare/{visit.uid}/aftercare.pdf")

    assert made["Content-Type"] == "application/pdf"
