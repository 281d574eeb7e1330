"""How many statements a visit costs, and that none of them goes through the rows of all visits."""

from __future__ import annotations

import pytest
from django.urls import reverse

from clinic.intake.signing import EVERY_PRODUCT, signed
from clinic.patients.people import make_patient
from clinic.plans import gone_through, on_sqlite, statements
from clinic.visits.charting import WELL, make_syringe, make_visit, plan
from waterneedle.clinic.audit.frozen import frozen_tables
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.visits import actions, signing

POINTS = ("ST36", "LI11", "GB34", "SP9", "LI10", "LI4")


@pytest.fixture
def visit_of(by):
    """A visit with so many given injections that waits for its signature."""

    def made(count, name="Ana Ruiz"):
        patient = make_patient(by, name)
        for kind in ("condition", "allergy", "medication"):
            patients.say_none(patient=patient, kind=kind, by=by)
        signed(by, patient, *EVERY_PRODUCT)
        visit = make_visit(by, patient, why="knee pain")
        actions.answer_today(visit=visit, answers=WELL | {"pregnancy": "not_pregnant"}, by=by)
        syringe = make_syringe(by, visit, f"{0.5 * count}")  # nothing is left to be wasted
        for point in POINTS[:count]:
            plan(by, visit, syringe, point=point)
        actions.give_all(visit=visit, by=by)
        for rule in {gap.field.removeprefix("reason ") for gap in signing.gaps(visit) if gap.field.startswith("reason ")}:
            actions.give_reason(visit=visit, rule=rule, note="known", by=by)
        return visit

    return made


@pytest.fixture
def pressed(client_of, alice):
    """What is done on the page of a visit, by name."""
    browser = client_of(alice)

    def url(name, visit, **more):
        return reverse(f"visits:{name}", kwargs={"clinic": "harbor", "patient": visit.patient.uid, "visit": visit.uid} | more)

    def press(what, visit):
        if what == "look at the skin":
            return browser.post(url("skin_intact", visit), headers={"HX-Request": "true"})
        if what == "open":
            return browser.get(url("visit", visit))
        if what == "open the chart":
            return browser.get(reverse("visits:visits", kwargs={"clinic": "harbor", "patient": visit.patient.uid}))
        proof = signing.mint(visit=visit, user=alice, session_key=browser.session.session_key, method="passkey")
        return browser.post(url("sign", visit), {"proof": proof.uid, "once": f"sign {visit.pk}"})

    return press


@pytest.mark.parametrize(("what", "status"), [("look at the skin", 200), ("open", 200), ("sign", 302)])
def test_more_injections_cost_no_more_statements(pressed, visit_of, what, status):
    asked = []
    pressed(what, visit_of(2, "Warm Up"))
    for count, name in ((2, "Ana Ruiz"), (6, "Ben Soler")):
        visit = visit_of(count, name)
        with statements() as found:
            assert pressed(what, visit).status_code == status
        asked.append(len(found))

    assert asked[0] == asked[1]


def test_a_signature_is_one_transaction(pressed, visit_of):
    visit = visit_of(6)
    pressed("open", visit)
    with statements() as found:
        pressed("sign", visit)
    begun = [sql for sql, _ in found if sql.startswith(("INSERT", "UPDATE"))]

    # The proof is minted before, in a transaction of its own; nothing is written after that of the signature.
    assert begun[0].startswith('INSERT INTO "visits_proof"')
    assert begun[1].startswith("INSERT INTO audit_once") and begun[-1].startswith("UPDATE audit_once")


@on_sqlite
@pytest.mark.parametrize("what", ["look at the skin", "open", "open the chart", "sign"])
def test_no_statement_goes_through_the_rows_of_all_visits(pressed, visit_of, what):
    visit = visit_of(3)
    with statements() as found:
        pressed(what, visit)
    read = [one for one in found if one[0].lstrip().startswith(("SELECT", "UPDATE"))]

    assert read
    assert [gone for sql, params in read for gone in gone_through(sql, params, spans=True)] == []


@on_sqlite
def test_no_trigger_goes_through_every_signature(db):
    tables = [one for one in frozen_tables() if "EXISTS" in one.when]

    of = 'FROM "{0}" AS OLD JOIN "{0}" AS NEW ON NEW.id = OLD.id WHERE OLD.id = 1'
    asked = [f"SELECT {one.when} {of.format(one.table)}" for one in tables]

    assert asked
    assert [gone for sql in asked for gone in gone_through(sql, (), spans=True)] == []
