"""Every write of a visit, asked for three times with one key over HTTP: all that stands in the database stands there once."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.patients.people import at_work
from clinic.people import PASSWORD, make_person
from clinic.retrying import assert_done_once, takers
from clinic.visits.charting import WELL, make_ready_patient, make_syringe, make_vial, make_visit, plan
from clinic.visits.test_signing import sign
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.accounts.routes import routes
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.practitioners import actions as practitioners
from waterneedle.clinic.practitioners.queries import practitioner_of
from waterneedle.clinic.visits import actions, drawing, incidents, keeping, reactions, signing, slips
from waterneedle.clinic.visits.models_incidents import Incident
from waterneedle.clinic.visits.plan import checked

READS = {  # a post to them reads, as a get does
    "visits:visits", "visits:visit", "visits:board", "visits:observations", "visits:body", "visits:flat", "visits:complete",
    "visits:scan", "visits:reaction", "visits:who_reacted",
}
OF_A_DEVICE = {"visits:passkey", "visits:cosign_passkey"}  # the answer of a device to one challenge, which is good once


@pytest.fixture
def place(clinic, alice, owner):
    """A visit with what may stand in an address, each made as it is asked for."""
    return Place(clinic, alice, owner)


class Place:
    def __init__(self, clinic, alice, owner) -> None:
        self.clinic, self.alice, self.owner = clinic, alice, owner
        self.by = at_work(alice, clinic)
        self.patient = make_ready_patient(self.by)
        self.visit = make_visit(self.by, self.patient, why="knee pain")
        actions.answer_today(visit=self.visit, answers=WELL, by=self.by)
        self.where, self.query, self.who = {"patient": self.patient.uid, "visit": self.visit.uid}, "", alice

    def syringe(self):
        return make_syringe(self.by, self.visit)

    def planned(self, **more):
        return plan(self.by, self.visit, self.syringe(), **more)

    def given(self):
        one = self.planned()
        actions.mark(injection=one, status="given", why="it was given", by=self.by)
        return one

    def signed(self):
        self.given()
        sign(self.visit, self.by)


def _load(place):
    vial = make_vial(place.by)
    return {"vial": vial.uid, "volume_ml": "2", "route": "SC", "gauge": "30", "length_mm": "13"}


def _correct(place):
    place.where["syringe"] = place.syringe().uid
    return {"ml_0": "2.5"}


def _put_down(place):
    place.where["syringe"] = place.syringe().uid
    return {}


def _take_up(place):
    syringe = place.syringe()
    drawing.put_down(syringe=syringe, by=place.by)
    place.where["syringe"] = syringe.uid
    return {}


def _tap(place):
    place.syringe()
    return {"code": "ST36", "side": "left", "each_ml": "0.5", "each_mm": "10"}


def _line(place):
    place.syringe()
    return {"line": "st36 b .5 12mm"}


def _repeat(place):
    place.signed()
    place.visit = make_visit(place.by, place.patient)
    place.where["visit"] = place.visit.uid
    place.syringe()
    return {}


def _protocol(place):
    make_syringe(place.by, place.visit, route="")
    return {"protocol": "b12-bells-palsy", "side": "bilateral", "each_ml": "0.3"}


def _keep(place):
    place.signed()
    return {"name": "Knee"}


def _kept(place):
    """A protocol, and a draft in which it may be planned."""
    place.signed()
    made = keeping.keep(visit=place.visit, name="Knee", by=place.by)
    place.visit = make_visit(place.by, place.patient)
    place.where |= {"visit": place.visit.uid, "kept": made.uid}
    place.syringe()
    return made


def _plan_kept(place):
    _kept(place)
    return {"side": "right"}


def _remove_kept(place):
    _kept(place)
    return {}


def _restore_kept(place):
    keeping.remove(kept=_kept(place), by=place.by)
    return {}


def _take_back(place):
    place.query = f"?one={place.planned().uid}"
    return {}


def _marked(place):
    one = place.planned()
    actions.mark(injection=one, status="given", by=place.by)
    place.query = f"?to={slips.way_back(place.visit, [one], place.visit.day)}"
    return {}


def _entered(place):
    place.query = f"?to={slips.way_back_from_step(actions.enter(visit=place.visit, step='ready', by=place.by))}"
    return {}


def _usual(place):
    said = actions.answer_today(visit=place.visit, answers={"eaten": False}, by=place.by)
    place.query = f"?to={slips.way_back_from_answers(said)}"
    return {}


def _drawn(place):
    made = place.syringe()
    place.where["syringe"], place.query = made.uid, f"?to={slips.way_back_from(made)}"
    return {}


def _planned(said):
    def prepare(place):
        place.where["injection"] = place.planned(skin="").uid
        return said

    return prepare


def _all_planned(place):
    place.planned(skin="")
    return {}


def _restore(place):
    one = place.planned()
    actions.remove(injection=one, by=place.by)
    place.where["injection"] = one.uid
    return {}


def _reason(place):
    patients.add_fact(patient=place.patient, kind="medication", said="apixaban", by=place.by)
    place.planned(route="IM")
    (rule,) = {one.rule for one in checked(place.visit).issues if one.severity == "warn"}
    return {"rule": rule, "note": "looked at"}


def _looked(place):
    place.query = f"?one={place.planned().uid}"
    return {}


def _answered(place):
    place.query = f"?one={actions.give_reason(visit=place.visit, by=place.by, **_reason(place)).uid}"
    return {}


def _treat(place):
    other = make_person(place.clinic, "Pia Other", Role.PRACTITIONER)
    practitioners.add_practitioner(user=other, profession="acupuncturist", by=at_work(place.owner, place.clinic))
    place.who = other
    return {}


def _sign(place):
    place.given()
    return {"password": PASSWORD}


def _cosign(place):
    by = at_work(place.owner, place.clinic)
    ines, tom = (make_person(place.clinic, *one) for one in (
        ("Ines Instructor", Role.INSTRUCTOR), ("Tom Trainee", Role.PRACTITIONER)))
    teacher = practitioners.add_practitioner(user=ines, profession="acupuncturist", by=by)
    practitioners.add_practitioner(user=tom, profession="student", by=by, supervised_by=teacher)
    place.visit.practitioner = practitioner_of(tom, place.clinic)
    place.visit.save()
    place.given()
    sign(place.visit, at_work(tom, place.clinic), deviation_why="under supervision")
    place.who = ines
    return {"password": PASSWORD, "note": "seen"}


def _refuse(place):
    _cosign(place)
    return {"password": PASSWORD, "why": "Which side?"}


def _amend(place):
    place.signed()
    return {"text": "The left one, seen from the front."}


def _strike(place):
    """By the second person: what was taken from the shelf comes back, once."""
    place.signed()
    signing.ask_to_strike(visit=place.visit, why="another Ana", by=place.by)
    place.who = make_person(place.clinic, "Dora Second", Role.PRACTITIONER)
    return {"why": "another Ana"}


def _asked_to_strike(place):
    signing.ask_to_strike(visit=place.visit, why="another Ana", by=place.by)
    return {}


def _became(place):
    """What is gone is booked, once."""
    place.given()
    signing.ask_to_strike(visit=place.visit, why="another Ana", by=place.by)
    signing.strike(
        visit=place.visit, by=at_work(make_person(place.clinic, "Dora Second", Role.PRACTITIONER), place.clinic))
    place.where["syringe"] = place.visit.syringes.get().uid
    return {"became": "gone"}


def _begin(place):
    place.visit.day -= datetime.timedelta(days=1)  # one of today would be joined
    place.visit.save()
    return {}


def _later(place):
    at = (timezone.now() - datetime.timedelta(days=1)).astimezone(place.clinic.tzinfo)
    return {"happened_at": f"{at:%Y-%m-%dT%H:%M}"}


def _end_observation(place):
    place.where["observation"] = actions.observe(visit=place.visit, minutes=15, by=place.by).uid
    return {}


def _ended(place):
    _end_observation(place)
    actions.end_observation(observation=place.visit.observations.get(), by=place.by)
    return {}


def _reacted(said):
    def prepare(place):
        place.where["reaction"] = reactions.begin(patient=place.patient, by=place.by).uid
        return said

    return prepare


def _minutes(place):
    place.who = place.owner
    return {"ordinary_min": "20", "longer_min": "40"}


def _happened(place):
    return {"said": "Two vials look alike.", "happened_at": f"{timezone.localtime(timezone=place.clinic.tzinfo):%Y-%m-%dT%H:%M}"}


def _incident(said):
    def made(place):
        place.who = place.owner
        row = incidents.report(said="Two vials look alike.", happened_at=timezone.now(), by=place.by)
        place.where["incident"] = row.uid
        return said

    return made


def _closed_incident(place):
    said = _incident({"said": "It happened again."})(place)
    row = Incident.objects.get()
    incidents.close(incident=row, said="a", change="b", reached="no harm", told="nobody", by=at_work(place.owner, place.clinic))
    return said


WRITES = {
    "visits:watch_minutes": _minutes,
    "visits:end_observation": _end_observation,
    "visits:watch_on": _ended,
    "visits:begin": _begin,
    "visits:begin_later": _later,
    "visits:step": lambda place: {"step": "observed"},
    "visits:step_back": _entered,
    "visits:treat": _treat,
    "visits:untreated": lambda place: {"why": "fainted before"},
    "visits:today": lambda place: {"eaten": "no"},
    "visits:unsaid": _usual,
    "visits:change": lambda place: {"why": "knee pain, worse on stairs", "pain_before": "6"},
    "visits:load": _load,
    "visits:not_drawn": _drawn,
    "visits:syringe": _correct,
    "visits:put_down": _put_down,
    "visits:take_up": _take_up,
    "visits:tap": _tap,
    "visits:line": _line,
    "visits:repeat": _repeat,
    "visits:plan_protocol": _protocol,
    "visits:keep_protocol": _keep,
    "visits:plan_kept": _plan_kept,
    "visits:remove_kept": _remove_kept,
    "visits:restore_kept": _restore_kept,
    "visits:take_back": _take_back,
    "visits:mark_all": _all_planned,
    "visits:unmark": _marked,
    "visits:skin_intact": _all_planned,
    "visits:skin_unsaid": _looked,
    "visits:reason": _reason,
    "visits:take_back_reason": _answered,
    "visits:injection": _planned({"side": "right", "volume_ml": "0.4", "depth_mm": "9"}),
    "visits:mark": _planned({"status": "given"}),
    "visits:remove": _planned({}),
    "visits:restore": _restore,
    "visits:sign": _sign,
    "visits:cosign": _cosign,
    "visits:refuse": _refuse,
    "visits:amend": _amend,
    "visits:strike": _strike,
    "visits:let_stand": _asked_to_strike,
    "visits:became": _became,
    "visits:begin_reaction": lambda place: {},
    "visits:add_sign": _reacted({"said": "hives"}),
    "visits:add_epinephrine": _reacted({"epinephrine-dose": "0.3"}),
    "visits:add_call": _reacted({}),
    "visits:end_reaction": _reacted({"end-outcome": "well"}),
    "visits:mistake": _reacted({"why": "it was another Ana"}),
    "visits:report_incident": _happened,
    "visits:add_to_incident": _incident({"said": "seen from the door"}),
    "visits:close_incident": _incident({"said": "a", "change": "b", "reached": "no harm", "told": "nobody"}),
    "visits:open_incident_again": _closed_incident,
    "visits:add_note": _reacted({"note-said": "lies down, legs up"}),
}


def test_every_route_that_takes_a_form_is_here(db, client_of):
    assert takers(client_of, "visits") == WRITES.keys() | READS | OF_A_DEVICE


@pytest.mark.parametrize("name", WRITES)
def test_what_is_asked_three_times_with_one_key_is_done_once(client_of, place, name):
    said = WRITES[name](place)
    route = next(one for one in routes() if one.name == name)
    where = {one: place.where[one] for one in route.arguments if one != "clinic"} | {"clinic": place.clinic.slug}

    assert_done_once(client_of(place.who), reverse(name, kwargs=where) + place.query, said)
