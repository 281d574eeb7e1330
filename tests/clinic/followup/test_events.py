"""Adverse events: with nothing typed again, as dated versions, counted with exact intervals, and two that belong together."""

from __future__ import annotations

import datetime
import html
import json
import re

import pytest
from django.db import Error, transaction
from django.urls import reverse
from django.utils import timezone, translation

from clinic.appointments.diary import booked, working
from clinic.followup.following import REPORT, asked, asked_patient, signed_visit
from clinic.paper.reading import text_of
from clinic.visits.charting import make_syringe, make_vial, make_visit, plan
from waterneedle import knowledge
from waterneedle.clinic.appointments.models import Booking, Room
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.followup import actions_events, clusters, medwatch, queries_events
from waterneedle.clinic.followup.models import AdverseEvent, Answer, Causality, EventSeverity, EventVersion, Serious
from waterneedle.clinic.patients.queries import header, today_in
from waterneedle.clinic.tasks.actions import finish
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.visits import actions, reactions
from waterneedle.clinic.visits.models_after import ReactionEntry
from waterneedle.clinic.visits.observing import watch_of
from waterneedle.config.demo.visits import clock_at
from waterneedle.outcomes.rates import rate


def url(row, page=""):
    return f"/c/{row.clinic.slug}/followup/patients/{row.uid}/{page}"


def given(visit):
    return visit.injections.get()


def report(by, patient, visit=None, **more):
    fields = REPORT | ({"injection": given(visit)} if visit and "injection" not in more else {}) | more
    return actions_events.report(patient=patient, by=by, visit=visit, **fields)


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send of the form as it stands, without the person touching it."""
    ticked = re.findall(r'name="(\w+)"[^>]*? value="([^"]*)"[^>]*checked', page)
    chosen = re.findall(r'<select name="(\w+)".*?<option value="([^"]*)" selected', page, re.DOTALL)
    typed = re.findall(r'<textarea name="(\w+)"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    return dict(ticked) | dict(chosen) | {name: text.strip() for name, text in typed}


def test_an_event_from_an_answer_has_everything_in_it_already(by, ana, alice, on_call, client_of):
    checkin, answering = asked(by, ana, points=("GB21",))
    answering.knock()
    answering.send(pain="8", said="fever and the redness spreads", anything="some")
    answer = Answer.objects.get(checkin=checkin)
    page = client_of(alice).get(url(ana, f"events/new/?answer={answer.uid}")).content.decode()

    known = fields_of(page)
    assert known["kind"] == "site_infection" and known["severity"] == "severe"
    assert known["injection"] == str(given(checkin.visit).uid)
    assert "fever and the redness spreads" in known["said"]
    client_of(alice).post(url(ana, f"events/new/?answer={answer.uid}"), known | {"causality": "probable"})
    event = AdverseEvent.objects.get()
    assert (event.answer, event.visit, event.versions.get().injection) == (answer, checkin.visit, given(checkin.visit))


def test_an_event_from_a_reaction_has_its_time_and_what_was_done(by, ana, alice, client_of):
    signed_visit(by, ana)
    reaction = reactions.begin(patient=ana, by=by)
    reactions.add_entry(reaction=reaction, kind=ReactionEntry.NOTE, said="pale and sweating", by=by)
    reactions.add_entry(reaction=reaction, kind=ReactionEntry.EMERGENCY_CALL, by=by)

    page = client_of(alice).get(url(ana, f"events/new/?reaction={reaction.uid}")).content.decode()

    known = fields_of(page)
    assert "pale and sweating" in known["said"] and "emergency number called" in known["actions"]
    assert f'{reaction.began_at.astimezone(ana.clinic.tzinfo):%Y-%m-%dT%H:%M}' in page


def test_the_page_of_a_reaction_leads_to_its_report_and_then_to_what_was_reported(by, ana, alice, bob, client_of):
    signed_visit(by, ana)
    reaction = reactions.begin(patient=ana, by=by)
    page = reverse("visits:reaction", kwargs={"clinic": "harbor", "patient": ana.uid, "reaction": reaction.uid})
    new = url(ana, f"events/new/?reaction={reaction.uid}")
    assert new in client_of(alice).get(page).content.decode()
    assert new not in client_of(bob).get(page).content.decode()

    event = actions_events.report(patient=ana, by=by, reaction=reaction, **REPORT)
    after = client_of(alice).get(page).content.decode()
    assert url(ana, f"events/{event.uid}/") in after and new not in after


def test_of_a_reaction_that_was_none_nothing_is_to_be_reported(by, ana, alice, client_of):
    reaction = reactions.begin(patient=ana, by=by)
    reactions.take_back(reaction=reaction, why="another patient", by=by)
    page = reverse("visits:reaction", kwargs={"clinic": "harbor", "patient": ana.uid, "reaction": reaction.uid})

    assert "events/new/" not in client_of(alice).get(page).content.decode()


def test_a_version_is_added_and_none_is_changed(by, ana):
    event = report(by, ana)

    actions_events.amend(event=event, why="culture came back", by=by, **REPORT | {"outcome": "recovered"})

    assert [one.outcome for one in queries_events.versions_of(event)] == ["recovered", "recovering"]
    assert queries_events.events_of(ana).get().outcome == "recovered"
    with pytest.raises(Error), transaction.atomic():
        EventVersion.objects.update(outcome="died")
    with pytest.raises(actions_events.Unchanged):
        actions_events.amend(event=event, why=" ", by=by, **REPORT)


def test_the_last_event_heads_the_next_chart(by, ana):
    visit = signed_visit(by, ana)
    report(by, ana, visit, onset_at=timezone.now())

    assert "infection at the site (ST36 left)" in header(ana, by).last_reaction


def test_an_event_that_was_a_mistake_heads_and_counts_nothing(by, ana, clinic):
    event = report(by, ana, signed_visit(by, ana))
    actions_events.amend(event=event, why="another patient", by=by, **REPORT | {"is_mistake": True})

    assert header(ana, by).last_reaction == ""
    today = today_in(clinic)
    assert queries_events.rates(clinic, since=today, until=today).whole == rate(0, 1)


def test_rates_have_their_denominators_and_exact_intervals(by, ana, clinic):
    vial = make_vial(by)
    visit = signed_visit(by, ana, points=("ST36", "LI11"), vial=vial)
    signed_visit(by, asked_patient(by, "Ben Ode"), points=("ST36",), vial=vial)
    infected = visit.injections.get(point="ST36")
    report(by, ana, injection=infected)
    report(by, ana, injection=infected, kind="pain")
    report(by, ana, kind="other")

    found = queries_events.rates(clinic, since=visit.day, until=visit.day)

    tables = {title: {line.name: line.rate for line in lines} for title, lines in found.tables}
    assert found.whole == rate(1, 3) and found.apart == 1
    assert tables["Point"] == {"ST36": rate(1, 2), "LI11": rate(0, 1)}
    assert tables["Lot"] == {"0417": rate(1, 3)} and tables["Practitioner"] == {"Alice Archer": rate(1, 3)}
    assert queries_events.rates(clinic, since=visit.day, until=visit.day, of="infections").whole == rate(1, 3)
    assert queries_events.rates(clinic, since=visit.day, until=visit.day, of="serious").whole == rate(0, 3)


def test_the_page_of_rates_names_no_patient(by, ana, owner, clinic, client_of):
    report(by, ana, signed_visit(by, ana))

    page = client_of(owner).get(f"/c/{clinic.slug}/followup/rates/").content.decode()

    assert "1 of 1 injection" in page and "Ruiz" not in page


def shared_by(patient):
    [other] = clusters.related(queries_events.events_of(patient).get())
    return {one.what for one in other.shared}


def test_two_site_infections_that_share_a_vial_within_60_days_are_the_owners_task(by, ana, clinic):
    vial, ben = make_vial(by), asked_patient(by, "Ben Ode")
    first, second = signed_visit(by, ana, vial=vial), signed_visit(by, ben, vial=vial)

    report(by, ana, first)
    assert not Task.objects.filter(kind=clusters.TASK)
    report(by, ben, second, kind="abscess")

    task = Task.objects.get(kind=clusters.TASK, role="owner")
    assert task.about == str(AdverseEvent.objects.get(patient=ben).uid)
    assert shared_by(ben) == {"vial", "lot", "injector"}


def test_an_infection_of_which_nobody_knows_the_injection_is_looked_at_by_its_visit(by, ana, clinic):
    vial, ben = make_vial(by), asked_patient(by, "Ben Ode")
    first, second = (signed_visit(by, one, points=("ST36", "LI11"), vial=vial) for one in (ana, ben))

    report(by, ana, first, injection=None)
    assert not Task.objects.filter(kind=clusters.TASK)
    report(by, ben, second, injection=second.injections.first())

    task = Task.objects.get(kind=clusters.TASK, role="owner")
    assert task.about == str(AdverseEvent.objects.get(patient=ben).uid)
    assert shared_by(ben) == {"vial", "lot", "injector"}


def test_two_site_infections_from_one_room_are_the_owners_task(by, ana, clinic, instructor):
    room = Room.objects.create(clinic=clinic, name="Room 2")
    ben, treats = asked_patient(by, "Ben Ode"), working(by, user=instructor)
    for number, patient in enumerate((ana, ben)):
        visit = signed_visit(by, patient, vial=make_vial(by, number=f"05{number}"))
        booking = booked(by, patient, treats, clock=f"1{number}:00")
        Booking.objects.filter(pk=booking.pk).update(room=room, visit_uid=visit.uid)
        report(by, patient, visit)

    assert Task.objects.filter(kind=clusters.TASK).count() == 1
    assert shared_by(ben) == {"room", "injector"}
    day = today_in(clinic)
    tables = {title: {line.name: line.rate for line in lines} for title, lines in queries_events.rates(
        clinic, since=day, until=day).tables}
    assert tables["Room"] == {"Room 2": rate(2, 2)}


def test_a_third_infection_is_one_more_task_and_an_amendment_none_while_it_is_open(by, ana):
    vial = make_vial(by)
    for name in ("Ben Ode", "Cleo Fay"):
        patient = asked_patient(by, name)
        report(by, patient, signed_visit(by, patient, vial=vial))
    visit = signed_visit(by, ana, points=("ST36", "LI11"), vial=vial)
    event = report(by, ana, visit, injection=None)
    assert Task.objects.filter(kind=clusters.TASK).count() == 2

    actions_events.amend(event=event, why="looked", by=by, **REPORT | {"injection": visit.injections.first()})

    assert Task.objects.filter(kind=clusters.TASK).count() == 2


def test_an_amendment_that_shows_more_in_common_is_a_task_again(by, ana):
    ben, vial = asked_patient(by, "Ben Ode"), make_vial(by, number="0500")
    report(by, ana, signed_visit(by, ana, vial=vial))
    first = signed_visit(by, ben, vial=make_vial(by, number="0501"))
    event = report(by, ben, first)
    finish(task=Task.objects.get(kind=clusters.TASK), by=by)

    second = signed_visit(by, ben, vial=vial)
    actions_events.amend(event=event, why="it was the second visit", by=by, **REPORT | {"injection": given(second)})

    assert Task.objects.filter(kind=clusters.TASK).count() == 2


def test_the_owner_is_led_from_the_task_to_what_they_share_and_to_the_trace(by, ana, owner, clinic, client_of):
    vial, ben, browser = make_vial(by), asked_patient(by, "Ben Ode"), client_of(owner)
    for patient in (ana, ben):
        report(by, patient, signed_visit(by, patient, vial=vial))

    task = browser.get(f"/c/{clinic.slug}/tasks/{Task.objects.get(kind=clusters.TASK).uid}/").content.decode()
    page = browser.get(re.search(r'href="([^"]*/clusters/[^"]*)"', task)[1]).content.decode()
    traces = [html.unescape(one) for one in re.findall(r'href="([^"]*/recall/[?][^"]*)"', page)]

    assert "Ana Ruiz" in page and "Ben Ode" in page and "red and hot" not in page
    assert [re.search(r"kind=(\w+)", one)[1] for one in traces] == ["vial", "lot"]
    assert "2 injections, 2 patients" in browser.get(traces[0]).content.decode()


def test_who_sees_infections_that_belong_together_reads_them_in_the_trail(by, ana, owner, clinic, client_of):
    event = report(by, ana, signed_visit(by, ana))
    actions_events.amend(event=event, why="a bruise", by=by, **REPORT | {"kind": "bruise"})

    page = client_of(owner).get(f"/c/{clinic.slug}/followup/clusters/{event.uid}/").content.decode()

    assert "Nothing any more" in page
    assert Entry.objects.filter(action="read", kind="infections that belong together").count() == 1


@pytest.mark.parametrize("kind", ["bruise", "pain"])
def test_two_that_are_no_infections_are_nobodys_task(by, ana, kind):
    vial, ben = make_vial(by), asked_patient(by, "Ben Ode")

    for patient in (ana, ben):
        report(by, patient, signed_visit(by, patient, vial=vial), kind=kind)

    assert not Task.objects.filter(kind=clusters.TASK)


def test_infections_more_than_60_days_apart_are_nobodys_task(by, ana):
    vial, ben = make_vial(by), asked_patient(by, "Ben Ode")
    with clock_at(timezone.now() - datetime.timedelta(days=62)):  # 61 may be 60 where clocks have changed
        old = signed_visit(by, ana, vial=vial)
    report(by, ana, old)

    report(by, ben, signed_visit(by, ben, vial=vial))

    assert not Task.objects.filter(kind=clusters.TASK)


@pytest.mark.parametrize(("kind", "minutes"), [("anaphylaxis", 30), ("allergy", 30), ("bruise", 15)])
def test_who_had_a_reaction_at_home_is_watched_longer_the_next_time(by, ana, kind, minutes):
    with clock_at(timezone.now() - datetime.timedelta(days=30)):
        before = signed_visit(by, ana)
    report(by, ana, before, kind=kind)

    assert watch_of(make_visit(by, ana)).minutes == minutes


def test_every_category_and_outcome_has_its_fact(client_of, alice, ana, by):
    signed_visit(by, ana)
    page = client_of(alice).get(url(ana, "events/new/")).content.decode()

    assert "it cannot be completed or verified" in page and "Uppsala Monitoring Centre" in page
    assert {*Causality.values, *Serious.values} <= set(knowledge.report_terms())


def test_medwatch_has_the_fields_and_no_name(by, ana, alice, client_of):
    event = report(by, ana, signed_visit(by, ana), seriousness=["hospital"], onset_at=timezone.now(), actions="antibiotics")
    version = queries_events.versions_of(event)[0]
    document = json.loads(medwatch.as_json(medwatch.document_of(event, version, reporter=by, today=today_in(ana.clinic))))

    [product] = document["D_suspect_products"]
    assert (product["1_lot"], product["2_route"], product["2_amount_ml"]) == ("0417", "SC", "0.5")
    assert document["B_event"]["2_outcomes"] == ["Hospitalization (initial or prolonged)"]
    assert document["A_patient"]["1_identifier"] == f"chart {ana.number}"
    assert "Ruiz" not in json.dumps(document)
    assert document["form"]["title"] == "Instructions for Completing Form FDA 3500"
    made = client_of(alice).get(url(ana, f"events/{event.uid}/medwatch.pdf"))
    assert made["Content-Type"] == "application/pdf" and "0417" in text_of(made.content)


def test_medwatch_says_where_the_fluid_went(by, ana):
    visit = make_visit(by, ana)
    one = plan(by, visit, make_syringe(by, visit), route="other", went_where="the sheath of a nerve")
    injection = actions.mark(injection=one, status="given", why="it has gone there", by=by)
    event = report(by, ana, visit, injection=injection)

    made = medwatch.document_of(event, event.versions.get(), reporter=by, today=today_in(ana.clinic))

    [product] = json.loads(medwatch.as_json(made))["D_suspect_products"]
    assert product["2_route"] == "other: the sheath of a nerve"


def test_where_nobody_knows_which_injection_all_of_the_visit_are_suspected(by, ana, alice, client_of):
    visit = signed_visit(by, ana, points=("ST36", "LI11"))
    event = report(by, ana, visit, injection=None)
    made = medwatch.document_of(event, event.versions.get(), reporter=by, today=today_in(ana.clinic))

    page = client_of(alice).get(url(ana, f"events/{event.uid}/")).content.decode()

    [product] = json.loads(medwatch.as_json(made))["D_suspect_products"]
    assert (product["1_lot"], product["2_route"], product["2_amount_ml"]) == ("0417", "SC", "1")
    assert "ST36" in page and "LI11" in page and "not known which" in page and "0417" in page


def test_an_event_of_no_visit_suspects_nothing_that_is_known(by, ana):
    event = report(by, ana)
    made = medwatch.document_of(event, event.versions.get(), reporter=by, today=today_in(ana.clinic))

    assert made["D_suspect_products"] is None
    assert "unknown" in text_of(medwatch.as_pdf(made)).split("Suspect products")[1][:20]


@pytest.mark.parametrize("language", ["en", "es", "zh-hans"])
def test_how_strong_an_event_is_has_another_word_than_what_makes_it_serious(language):
    with translation.override(language):
        assert EventSeverity.SEVERE.label != translation.gettext("serious")
