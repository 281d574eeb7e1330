"""What an issue asks for is one tap away where it is done elsewhere: every such link opens, for those who may open it."""
from __future__ import annotations

import re

import pytest
from django.urls import reverse

from clinic.intake.filling import opened
from clinic.patients.people import make_patient
from clinic.people import make_person
from clinic.visits.charting import make_ready_patient, make_syringe, make_vial, make_visit, plan
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.intake.actions_review import decide
from waterneedle.clinic.intake.models import Said
from waterneedle.clinic.patients.models import Sex
from waterneedle.clinic.visits import actions, leading, queries
from waterneedle.clinic.visits.leading import Lead
from waterneedle.clinic.visits.rows import read
from waterneedle.safety.plan import DetectedIssue


@pytest.fixture
def unknown(by):
    """The draft of a patient of whom nothing is known, with a puncture over the lung, begun by nobody who injects."""
    visit = actions.begin(patient=make_patient(by, birth_date=None, sex=Sex.FEMALE), by=by)
    plan(by, visit, make_syringe(by, visit), point="GB21")
    return visit


def url(visit):
    return reverse("visits:visit", kwargs={"clinic": "harbor", "patient": visit.patient.uid, "visit": visit.uid})


def leads(visit):
    shown = queries.draft(visit, "en")
    rows = (*shown.issues, *(one for row in shown.rows for one in row.issues))
    return {row.issue.rule: row.lead for row in rows if row.lead is not None}


def links(page):
    return re.findall(r'<p class="visit-way"><a class="button" href="([^"]+)"', page.content.decode())


def test_each_thing_that_is_missing_leads_to_where_it_is_entered(unknown):
    assert leads(unknown) == {
        "asked_today": Lead("#identity_confirmed"), "consent": Lead("consent"),
        "age": Lead("person"), "profession": Lead("#practitioner"), "allergies_known": Lead("allergies"),
        "medications_known": Lead("medicines"), "conditions_known": Lead("conditions"), "pregnancy": Lead("#pregnancy"),
        "lung_disease": Lead("figures"),
    }


@pytest.mark.parametrize("role", ["alice", "assistant"])
def test_every_link_opens_and_has_its_place_there(client_of, clinic, alice, unknown, role):
    browser = client_of(alice if role == "alice" else make_person(clinic, "Ann Price", Role.ASSISTANT))
    page = browser.get(url(unknown))

    assert len(links(page)) > 7
    for link in links(page):
        address, _hash, place = link.partition("#")
        answer = browser.get(address) if address else page
        assert (answer.status_code == 200 and f'id="{place}"' in answer.content.decode()) or not place, link


def test_a_none_that_was_answered_in_a_form_is_taken_over_where_it_waits_and_then_is_known(client_of, alice, by):
    visit = make_visit(by, make_patient(by))
    make_syringe(by, visit)
    filling = opened(by, visit.patient)
    filling.post("medicines/", any="no", thinner="no")
    assert leads(visit)["medications_known"] == Lead("medicines"), "it is not sent yet"
    filling.send()

    found = leads(visit)
    assert (found["medications_known"], found["conditions_known"]) == (Lead("answers", filling.form.uid), Lead("conditions"))
    browser = client_of(alice)
    there = next(link for link in links(browser.get(url(visit))) if str(filling.form.uid) in link)
    assert browser.get(there).status_code == 200
    browser.post(f"{there.partition('#')[0]}accept/")
    assert "medications_known" not in leads(visit)


def test_a_none_that_was_not_taken_leads_back_to_the_record(by):
    visit = make_visit(by, make_patient(by))
    filling = opened(by, visit.patient)
    filling.post("medicines/", any="no", thinner="no")
    filling.send()
    decide(said=Said.objects.get(kind="none"), decision="declined", by=by, note="takes aspirin")

    assert leads(visit)["medications_known"] == Lead("medicines")


def test_what_somebody_may_not_open_is_not_offered(client_of, clinic, alice, by):
    """The place of the clinic is entered by its owner."""
    clinic.jurisdiction = ""
    clinic.save()
    visit = make_visit(by, make_patient(by))
    make_syringe(by, visit)

    assert leads(visit)["jurisdiction"] == Lead("clinic")
    assert not [link for link in links(client_of(alice).get(url(visit))) if "/accounts/" in link]


def test_a_lot_that_may_not_be_given_leads_to_that_lot_and_several_to_the_shelf(by):
    visit = make_visit(by, make_ready_patient(by))
    lots = []
    for number, point in (("0417", "ST36"), ("0418", "SP9")):
        vial = make_vial(by, number=number)
        plan(by, visit, make_syringe(by, visit, vial=vial), point=point)
        lots.append(vial.lot)
    charted = read(visit)
    [one, two] = charted.injections

    def lead(*named, missing=()):
        issue = DetectedIssue(rule="expiry", severity="block", message="", remedy=None, missing=missing, recorded=False,
                              sources=(), injections=tuple(str(each.seq) for each in named))
        return leading.lead_of(issue, charted)

    assert (lead(one), lead(two), lead(one, two)) == (Lead("lot", lots[0].uid), Lead("lot", lots[1].uid), Lead("shelf"))
    assert lead(two, missing=("injections[1].contents[0].purpose",)) == Lead("syringe", two.syringe.uid)


def test_what_is_answered_or_only_told_leads_nowhere(by, unknown):
    actions.give_reason(visit=unknown, rule="allergies_known", note="asked again", by=by)

    assert "allergies_known" not in leads(unknown)
    notes = [row.lead for row in queries.draft(unknown, "en").issues if row.issue.severity == "note"]
    assert not any(notes)
