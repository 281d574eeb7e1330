"""The sequence cannot be foreseen, by whoever reads everything, and cannot be changed, by whatever writes."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
from django.db import Error, connection, transaction
from django.urls import reverse

from clinic.followup.following import REPORT
from clinic.patients.people import at_work, make_patient
from clinic.people import make_clinic, make_person
from clinic.trials.planning import B12, NEEDLE, PARALLEL, SALINE, allocated, drafted, entered, frozen, plan, seed_of
from clinic.visits.charting import make_visit
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.accounts.routes import routes
from waterneedle.clinic.audit import frozen as triggers
from waterneedle.clinic.audit.contents import Recorded, bad_documents
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.exports.record import as_json, rows_of
from waterneedle.clinic.followup import actions_events
from waterneedle.clinic.followup.models import AdverseEvent
from waterneedle.clinic.intake.documents import digest
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.trials import actions, allocating, sealed, stopping
from waterneedle.clinic.trials.models import Allocation, Trial, Turn
from waterneedle.outcomes.harm import Boundary


@pytest.fixture
def everybody(clinic):
    """Somebody with every role there is."""
    return make_person(clinic, "Una Universal", *Role.values)


def trial_with(monkeypatch, by, patient, arms):
    """A trial whose sequence begins with `arms`."""
    monkeypatch.setattr(sealed, "draw", lambda: seed_of(*arms))
    return frozen(by, patient)


def everything_readable(client, clinic, patient, trial, allocation, visit):
    """Every page of the product that takes nothing but these, the whole record as a file, and the trail, by name. What differs by
    its nature is taken out: ids, codes, hashes, times."""
    where = {"clinic": clinic.slug, "patient": patient.uid, "trial": trial.uid, "allocation": allocation.uid, "visit": visit.uid}
    found = {"record": as_json(patient, rows_of(patient)).decode()}
    for route in routes():
        if route.declared.kind == "staff" and set(route.arguments) <= set(where) and not route.pattern.endswith((".pdf", ".zip")):
            answer = client.get(reverse(route.name, kwargs={name: where[name] for name in route.arguments}))
            if answer.status_code == 200 and "text/html" in answer.headers["Content-Type"]:
                found[route.name] = answer.content.decode()
    found["trail"] = str([(one.action, one.kind, one.detail) for one in Entry.objects.order_by("pk")])
    return {name: plain(text, allocation.code) for name, text in found.items()}


def plain(text: str, code: str) -> str:
    text = text.replace(code, "CODE")
    text = re.sub(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}|[0-9a-f]{32,64}|[\w+/-]{30,}=*", "#", text)
    return re.sub(r"\d+", "0", re.sub(r'(nonce|value)="[^"]*"', "", text))


def test_all_that_can_be_read_is_the_same_whatever_comes_next(monkeypatch, by, everybody, clinic, client_of):
    """Two trials that differ in the sequence alone: already the first place falls on another arm, and so does all that comes."""
    seen, client = [], client_of(everybody)
    for arms in ((0, 1, 1, 0), (1, 0, 0, 1)):
        with transaction.atomic():
            ana = make_patient(by, "Ana Ruiz")
            trial, visit = trial_with(monkeypatch, by, ana, arms), make_visit(by, ana)
            allocation = allocating.allocate(trial=trial, visit=visit, by=by)
            assert sealed.arm_of(allocation) == arms[0]
            seen.append(everything_readable(client, clinic, ana, trial, allocation, visit))
            transaction.set_rollback(True)

    assert {"record", "trail", "trials:trial", "trials:panel", "trials:allocation", "visits:visit", "home:trail"} < set(seen[0])
    assert "Crimson" in seen[0]["trials:trial"], "the plan names its arms, so that there is something to leak"
    assert [name for name in seen[0] if seen[0][name] != seen[1][name]] == []


def test_no_row_of_the_database_says_an_arm(by, ana, ann):
    trial = frozen(by, ana)
    for _place in range(4):
        allocating.prepare(allocation=allocated(by, trial, ana), by=ann)

    columns = {one.name for one in Allocation._meta.concrete_fields}
    assert columns == {"id", "clinic", "uid", "trial", "participant", "patient", "visit", "consent", "stratum", "place", "code",
                       "sealed_arm", "made_at", "made_by"}
    rows = list(trial.allocations.all())
    assert len({len(one.sealed_arm) for one in rows}) == 1, "a sealed arm is as long as any other"
    assert trial.sealed_seed not in {one.sealed_arm for one in rows}
    with pytest.raises(ValueError):
        bytes.fromhex(trial.sealed_seed)


def test_the_trail_says_code_and_place_and_no_arm_nor_a_hash_that_could_be_tried(by, ana):
    trial = frozen(by, ana)
    made = allocated(by, trial, ana)

    entry = Entry.objects.get(object_uid=str(trial.uid), action="allocate")
    assert (entry.before, entry.after) == (None, None)
    assert made.code in entry.detail and not any(one.name in entry.detail for one in (B12, SALINE))


def test_another_key_of_the_house_opens_nothing_and_says_nothing(by, ana, client_of, alice, settings):
    trial, visit = frozen(by, ana), make_visit(by, ana)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key of another house, long enough", []
    where = {"clinic": trial.clinic.slug, "patient": ana.uid, "visit": visit.uid, "trial": trial.uid}
    answer = client_of(alice).post(reverse("trials:allocate", kwargs=where), follow=True)

    assert answer.status_code == 200 and "does not open what was sealed" in answer.content.decode()
    assert not trial.allocations.exists()


def test_an_event_is_written_down_with_the_key_lost_and_stops_the_trial_whose_harm_cannot_be_counted(by, ana, settings):
    trial = frozen(by, ana)
    made = allocated(by, trial, ana)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key of another house, long enough", []

    event = actions_events.report(patient=ana, visit=made.visit, by=by, **REPORT)

    turn = Turn.objects.get(trial=trial)
    assert AdverseEvent.objects.get() == event
    assert (turn.kind, turn.event) == ("stopped", str(event.uid)) and turn.why
    assert Task.objects.filter(kind=stopping.TASK).count() == 1


def test_a_trial_that_has_ended_says_on_its_page_that_the_key_is_lost(by, ana, client_of, alice, settings):
    trial = frozen(by, ana)
    allocated(by, trial, ana)
    actions.end(trial=trial, why="enough", by=by)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key of another house, long enough", []
    client = client_of(alice)

    for page in ("trials:trial", "trials:report_pdf"):
        answer = client.get(reverse(page, kwargs={"clinic": trial.clinic.slug, "trial": trial.uid}), follow=True)
        assert answer.status_code == 200 and "does not open what was sealed" in answer.content.decode()


def test_two_at_once_get_two_places(committed_db, monkeypatch):
    clinic = make_clinic("harbor", "Harbor Acupuncture")
    by = at_work(make_person(clinic, "Alice Archer", Role.PRACTITIONER), clinic)
    trial = frozen(by, size=20, **PARALLEL)
    visits = []
    for number in range(6):
        patient = make_patient(by, f"Ana{number} Ruiz")
        entered(by, trial, patient)
        visits.append(make_visit(by, patient))

    def allocate(visit):
        try:
            return allocating.allocate(trial=trial, visit=visit, by=by).place
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        places = list(pool.map(allocate, visits))

    assert sorted(places) == list(range(6))


@pytest.mark.parametrize("statement", [
    "UPDATE trials_allocation SET sealed_arm = 'x'", "UPDATE trials_allocation SET place = 7", "DELETE FROM trials_allocation",
    "UPDATE trials_trial SET plan = '{}'", "UPDATE trials_trial SET sealed_seed = 'x'", "DELETE FROM trials_trial",
    "UPDATE trials_trial SET frozen_at = NULL", "UPDATE trials_participant SET is_eligible = FALSE",
    "DELETE FROM trials_unblinding", "UPDATE trials_amendment SET text = 'x'",
    "DELETE FROM trials_turn", "UPDATE trials_preparation SET made_at = '2020-01-01'",
])
def test_the_database_refuses_to_change_what_was_given(statement, by, ana, ann):
    trial = frozen(by, ana)
    made = allocated(by, trial, ana)
    allocating.prepare(allocation=made, by=ann)
    allocating.unblind(allocation=made, why="anaphylaxis", by=by)
    actions.amend(trial=trial, text="at 26 hours", why="closed on Sundays", by=by)
    actions.stop(trial=trial, why="enough", by=by)

    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Trial.objects.get().plan == trial.plan


def test_the_check_of_the_trail_names_a_plan_that_is_not_as_it_was_frozen(by, ana):
    trial = frozen(by, ana)
    assert list(bad_documents(entries_of("trial", "freeze"))) == []

    triggers.remove(connection)
    Trial.objects.filter(pk=trial.pk).update(document=trial.document.replace("as many", "the fewest"))

    [bad] = bad_documents(entries_of("trial", "freeze"))
    assert (bad.kind, bad.uid, bad.reason) == ("trial", str(trial.uid), "changed")


def entries_of(kind, action):
    """What the trail has recorded of these documents, as the check reads it."""
    return {(one.kind, one.action, one.object_uid): Recorded(one.chain.name, one.seq, bytes(one.after))
            for one in Entry.objects.filter(kind=kind, action=action).select_related("chain")}


def test_a_draft_can_be_changed_and_a_frozen_plan_cannot(by, ana):
    trial = drafted(by, ana)
    actions.change_plan(trial=trial, plan=plan(size=10), version=1, by=by)
    with pytest.raises(actions.NotDone):
        actions.change_plan(trial=trial, plan=plan(size=12), version=1, by=by)
    actions.freeze_plan(trial=trial, by=by)

    with pytest.raises(actions.NotDone):
        actions.change_plan(trial=trial, plan=plan(size=12), version=2, by=by)
    assert Trial.objects.get().says.size == 10


def test_the_frozen_plan_says_how_likely_the_likeliest_arm_can_become_and_its_hash_binds_it(by, ana):
    trial = frozen(by, ana, size=12)
    document = msgspec.json.decode(trial.document)

    assert (document["largest_chance"], document["plan"]["balls"]) == ("12/13", 1)
    assert trial.hash == digest(trial.document)


@pytest.mark.parametrize("wrong", [
    {"size": 3}, {"balls": 0}, {"balls": 0, "repeats": (1, 2)}, {"balls": 3}, {"analysis": "paired"},
    {"ethics_number": ""}, {"analysis": "welch"}, {"arms": (B12,)}, {"arms": (B12, B12)},
    {"harm": Boundary()}, {"arms": (SALINE, msgspec.structs.replace(NEEDLE, technique="injection"))},
])
def test_a_plan_that_does_not_hold_together_is_not_frozen(wrong, by, ana):
    with pytest.raises(actions.NotDone):
        actions.freeze_plan(trial=drafted(by, ana, **wrong), by=by)
