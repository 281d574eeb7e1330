"""Whoever may have come to know an arm is known to: every page that tells it leaves in the trail who has read it."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from clinic.followup.following import REPORT, asked_patient, signed_visit
from clinic.people import make_person
from clinic.stock.shelf import make_item, make_lot
from clinic.trials.planning import B12, SALINE, allocated, frozen, seed_of
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.accounts.routes import routes
from waterneedle.clinic.followup import actions as followup
from waterneedle.clinic.followup import actions_events
from waterneedle.clinic.followup.models import CheckInKind
from waterneedle.clinic.stock import actions as stock
from waterneedle.clinic.trials import allocating, sealed
from waterneedle.clinic.trials.knowing import may_know
from waterneedle.clinic.visits import actions as visits
from waterneedle.clinic.visits.observing import watch_of


@pytest.fixture
def everybody(clinic):
    """Somebody with every role there is, who neither treats nor prepares."""
    return make_person(clinic, "Una Universal", *Role.values)


def plain(text, *codes):
    """A page without what differs by its nature: ids, codes, keys, times."""
    for code in codes:
        text = text.replace(code, "CODE")
    text = re.sub(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}|[0-9a-f]{32,64}|[\w+/-]{30,}=*", "#", text)
    text = re.sub(r'(nonce|value|id|for|name|aria-describedby|aria-labelledby|data-ends-in-s)="[^"]*"', "", text)
    return re.sub(r"\d\d:\d\d(:\d\d\.\d+)?", "", text)


def pages_after(monkeypatch, arm, by, ann, everybody, client):
    """Of a visit that was allocated `arm`, prepared, given, signed and followed up: by page, its words and whether who has read
    it, and nothing else, is known to know."""
    monkeypatch.setattr(sealed, "draw", lambda: seed_of(arm))
    patient = asked_patient(by, "Cem Kaya")
    lots = {one.name: make_lot(ann, make_item(ann, product=one.product, name=f"Item {number}"), number=number)
            for one, number in ((B12, "0417"), (SALINE, "0911"))}
    # B-12 was given before, saline never: whatever a first dose brings is not the same for both.
    signed_visit(by, patient, vial=stock.open_vial(lot=lots[B12.name], by=ann, at=timezone.now()))
    trial = frozen(by, patient)
    made = allocated(by, trial, patient)
    vial = stock.open_vial(lot=lots[allocating.prepare(allocation=made, by=ann).name], by=ann, at=timezone.now())
    visit = signed_visit(by, patient, visit=made.visit, vial=vial)
    watch = watch_of(visit)
    visits.observe(visit=visit, minutes=watch.minutes, by=by, why=watch.why)
    event = actions_events.report(patient=patient, visit=visit, by=by, **REPORT)
    checkin = followup.ask(visit=visit, kind=CheckInKind.NEXT_DAY, week=0, now=visit.made_at)
    where = {"clinic": [by.clinic.slug], "patient": [patient.uid], "trial": [trial.uid], "allocation": [made.uid],
             "visit": [visit.uid], "event": [event.uid], "checkin": [checkin.uid], "user": [by.user.uid],
             "lot": [one.uid for one in lots.values()], "item": [one.item.uid for one in lots.values()]}
    found = defaultdict(list)
    for route in routes():
        if route.declared.kind != "staff" or not set(route.arguments) <= set(where):
            continue
        for number in range(max(len(where[name]) for name in (*route.arguments, "clinic"))):
            address = reverse(route.name, kwargs={name: where[name][number % len(where[name])] for name in route.arguments})
            with transaction.atomic():
                answer = client.get(address)
                if answer.status_code == 200 and "text/html" in answer.headers["Content-Type"]:
                    text = plain(answer.content.decode(), made.code, vial.code)
                    found[f"{route.name} {number}"] = (text, may_know(made, everybody))
                transaction.set_rollback(True)
    return found


def telling_to(user, monkeypatch, by, ann, client_of):
    """What `pages_after` gives for either arm, and the names of the pages that are not the same for both."""
    client, seen = client_of(user), []
    for arm in (0, 1):
        with transaction.atomic():
            seen.append(pages_after(monkeypatch, arm, by, ann, user, client))
            transaction.set_rollback(True)
    first, second = seen
    assert set(first) == set(second)
    return first, second, {name for name in first if first[name][0] != second[name][0]}


def test_no_page_that_the_desk_can_open_tells_the_arm(monkeypatch, by, ann, bob, client_of):
    first, _second, telling = telling_to(bob, monkeypatch, by, ann, client_of)

    assert len(first) > 10 and "visits:observations 0" in first
    assert telling == set()


def test_every_page_that_tells_the_arm_leaves_who_has_read_it(monkeypatch, by, ann, everybody, client_of):
    first, second, telling = telling_to(everybody, monkeypatch, by, ann, client_of)

    assert {"visits:visit 0", "visits:visits 0", "followup:new_event 0", "stock:shelf 0", "stock:lot 0"} < telling
    assert [name for name in sorted(telling) if not (first[name][1] and second[name][1])] == []
    assert not first["trials:trial 0"][1] and not first["trials:allocation 0"][1], "these tell nothing"
