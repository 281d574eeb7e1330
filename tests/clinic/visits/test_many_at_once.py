"""Many people who draw, count, enter, change and sign at one moment: nothing is lost, nothing is drawn twice, the book agrees.

Every write is asked for three times with one key and has one effect. `WATERNEEDLE_SOAK_OPERATIONS` says how many operations each
of the eight clients does in the long run (5000).
"""

from __future__ import annotations

import contextlib
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from clinic.patients.people import at_work, make_patient
from clinic.people import make_clinic, make_person
from clinic.stock.shelf import make_item, make_lot
from clinic.visits.charting import B12, WELL, make_syringe, make_visit, plan
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit.actions import digest
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.audit.once import do_once
from waterneedle.clinic.audit.verify import verify
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.practitioners import actions as practitioners
from waterneedle.clinic.stock import actions as stock
from waterneedle.clinic.stock.models import Lot, Movement
from waterneedle.clinic.tasks.models import State, Task
from waterneedle.clinic.visits import actions, cosigning, drafts, refusing, signing
from waterneedle.clinic.visits.models import Amendment, Signature, Visit

ML = Decimal
OPERATIONS = int(os.environ.get("WATERNEEDLE_SOAK_OPERATIONS", "5000"))
SESSION = "a session's key"
OFTEN = {"draw": 30, "count": 15, "waste": 15, "patient": 10, "change patient": 15, "change visit": 13, "sign": 2}


class Clients:
    """What all clients share, and what each operation has done."""

    def __init__(self) -> None:
        clinic = make_clinic("harbor", "Harbor")
        self.by = at_work(make_person(clinic, "Una Universal", Role.OWNER, Role.PRACTITIONER), clinic)
        self.lot = make_lot(self.by, make_item(self.by, product=B12, container_ml=ML(20_000)), containers=3)
        self.vial = stock.open_vial(lot=self.lot, by=self.by, at=timezone.now())
        self.patient = make_patient(self.by, address="0")
        self.visit = make_visit(self.by, self.patient, why="0")
        self.done: Counter[str] = Counter()
        self.later: Counter[str] = Counter()  # what was told that somebody else was first
        self.waited = 0
        self.changed_ml: list[Decimal] = []
        self.failed: list[BaseException] = []

    def run(self, clients: int, operations: int) -> None:
        start = threading.Barrier(clients)

        def one(number: int) -> None:
            chance = random.Random()
            start.wait()
            try:
                for step in range(operations):
                    self.operate(chance.choices(list(OFTEN), list(OFTEN.values()))[0], f"{number}-{step}")
            except BaseException as error:
                self.failed.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=one, args=[number]) for number in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self.failed:
            raise self.failed[0]

    def operate(self, name: str, key: str) -> None:
        ready = self.signable() if name == "sign" else None
        act: Callable[[], str] = {
            "draw": lambda: self.moved(stock.draw(
                vial=self.vial, volume_ml=ML("0.1"), patient=self.patient, by=self.by, at=timezone.now(), cause=key)),
            "waste": lambda: self.moved(stock.waste(lot=self.lot, volume_ml=ML("0.3"), why="broken", by=self.by)),
            "count": self.count,
            "patient": lambda: str(patients.create_patient(
                clinic=self.by.clinic, by=self.by, fields={"given_name": "Rosa", "family_name": key}).uid),
            "change patient": self.change_patient,
            "change visit": self.change_visit,
            "sign": lambda: self.sign(ready),
        }[name]
        try:
            answers = {self.asked(name, key, act) for _ in range(3)}
        except (patients.ChangedMeanwhile, drafts.ChangedMeanwhile):
            self.later[name] += 1
            return
        assert len(answers) == 1
        self.done[name] += 1
        if name in ("draw", "waste", "count"):
            self.changed_ml.append(ML(answers.pop()))

    def asked(self, name: str, key: str, act: Callable[[], str]) -> str:
        """The answer; who waited too long for the writer's place was told so, and asks again with the same key."""
        while True:
            try:
                return do_once(clinic_id=self.by.clinic.pk, key=key, asked=digest(name), act=act)
            except OperationalError as error:
                if "locked" not in str(error):
                    raise
                self.waited += 1

    def moved(self, movement: Movement) -> str:
        return str(movement.volume_ml)

    def count(self) -> str:
        seen = Lot.objects.get(pk=self.lot.pk).volume_ml
        return self.moved(stock.count(lot=self.lot, counted_ml=seen - ML("0.2"), why="counted", by=self.by))

    def change_patient(self) -> str:
        """Add one to the number that stands in the address: a lost update would show in the last number."""
        seen = Patient.objects.get(pk=self.patient.pk)
        fields = {"address": str(int(seen.address) + 1)}
        return patients.change_patient(patient=seen, fields=fields, version=seen.version, by=self.by).address

    def change_visit(self) -> str:
        seen = Visit.objects.get(pk=self.visit.pk)
        return actions.change_visit(visit=seen, version=seen.version, fields={"why": str(int(seen.why) + 1)}, by=self.by).why

    def signable(self) -> Visit:
        """A visit with 0.4 of 0.5 mL given."""
        visit = make_visit(self.by, make_patient(self.by, "Ana Ruiz"))
        actions.answer_today(visit=visit, answers=WELL, by=self.by)
        one = plan(self.by, visit, make_syringe(self.by, visit, "0.5", vial=self.vial), volume_ml=ML("0.4"))
        actions.mark(injection=one, status="given", why="it was given", by=self.by)
        for gap in signing.gaps(visit):
            if gap.field.startswith("reason "):
                actions.give_reason(visit=visit, rule=gap.field.removeprefix("reason "), note="looked at", by=self.by)
        return visit

    def sign(self, visit: Visit) -> str:
        proof = signing.mint(visit=visit, user=self.by.user, session_key=SESSION, method="password").uid
        return signing.sign(visit=visit, proof=proof, session_key=SESSION, by=self.by, deviation_why="as it was").hash

    def look(self) -> None:
        """The book is receipts less what went out, by our own log and by its own; each counter is what was added to it."""
        lot, done = Lot.objects.get(pk=self.lot.pk), self.done
        self.vial.refresh_from_db()
        kinds: Counter[str] = Counter()
        for kind, volume_ml in Movement.objects.filter(lot=lot).values_list("kind", "volume_ml"):  # SQLite would sum floats
            kinds[kind] += volume_ml
        assert lot.volume_ml == sum(kinds.values())
        assert lot.volume_ml == 60_000 + sum(self.changed_ml) - done["sign"] * ML("0.5")
        assert kinds.get("drawn", 0) == -(done["draw"] * ML("0.1") + done["sign"] * ML("0.4"))
        assert kinds.get("wasted", 0) == -(done["waste"] * ML("0.3") + done["sign"] * ML("0.1"))
        assert self.vial.volume_ml == 20_000 - done["draw"] * ML("0.1") - done["sign"] * ML("0.5")
        assert int(Patient.objects.get(pk=self.patient.pk).address) == done["change patient"]
        assert int(Visit.objects.get(pk=self.visit.pk).why) == done["change visit"]
        assert Patient.objects.filter(given_name="Rosa").count() == done["patient"]
        assert Signature.objects.count() == done["sign"]
        numbers = list(Patient.objects.values_list("number", flat=True))
        assert len(set(numbers)) == len(numbers)
        assert verify().ok


def test_a_few_at_once_lose_nothing(committed_db):
    clients = Clients()
    clients.run(clients=4, operations=15)

    clients.look()
    assert sum(clients.done.values()) + sum(clients.later.values()) == 60


@pytest.fixture
def slowly(monkeypatch):
    """Between what an amendment reads and what it writes there is time for somebody else."""
    def digest_of(text):
        time.sleep(0.3)
        return at_once(text)

    at_once = signing.digest
    monkeypatch.setattr(signing, "digest", digest_of)


def test_of_amendments_at_once_one_answers_a_refusal_and_none_is_added_to_what_was_struck_meanwhile(committed_db, slowly):
    clinic = make_clinic("harbor", "Harbor")
    owner, teacher, student, other = (
        at_work(make_person(clinic, name, role), clinic) for name, role in (
            ("Olga Owner", Role.OWNER), ("Ines Instructor", Role.INSTRUCTOR), ("Tom Trainee", Role.PRACTITIONER),
            ("Alice Archer", Role.PRACTITIONER)))
    answers_for = practitioners.add_practitioner(user=teacher.user, profession="acupuncturist", by=owner)
    practitioners.add_practitioner(user=student.user, profession="student", by=owner, supervised_by=answers_for)
    visit = signed_by(student)
    refusal = refusing.refuse(visit=visit, why="The side?", by=teacher, **proved(visit, teacher))

    def amended():
        with contextlib.suppress(drafts.Struck):
            signing.amend(visit=visit, text="Left.", by=student, answers=refusal.uid)

    at_the_same_time([amended] * 3)
    assert sorted(one.answers_id is not None for one in Amendment.objects.all()) == [False, False, True]
    assert Task.objects.filter(kind=cosigning.TASK).exclude(state=State.DONE).count() == 1

    signing.ask_to_strike(visit=visit, why="another patient", by=student)
    at_the_same_time([lambda: signing.strike(visit=visit, by=other), *[amended] * 3])
    trail = list(Entry.objects.filter(action__in=("amend", "strike")).order_by("seq").values_list("action", flat=True))
    assert trail.index("strike") == len(trail) - 1 and trail.count("amend") == Amendment.objects.count()
    assert verify().ok


def signed_by(by):
    visit = make_visit(by, make_patient(by, "Ana Ruiz"))
    actions.answer_today(visit=visit, answers=WELL, by=by)
    one = plan(by, visit, make_syringe(by, visit, "0.5"))
    actions.mark(injection=one, status="given", why="it was given", by=by)
    for gap in signing.gaps(visit):
        if gap.field.startswith("reason "):
            actions.give_reason(visit=visit, rule=gap.field.removeprefix("reason "), note="looked at", by=by)
    signing.sign(visit=visit, by=by, deviation_why="as it was", **proved(visit, by))
    return visit


def proved(visit, by):
    return {"proof": signing.mint(visit=visit, user=by.user, session_key=SESSION, method="password").uid, "session_key": SESSION}


def at_the_same_time(what):
    start, failed = threading.Barrier(len(what)), []

    def one(act):
        start.wait()
        try:
            act()
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=[act]) for act in what]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


@pytest.mark.soak
def test_eight_at_once_lose_nothing(committed_db, capsys):
    clients, began = Clients(), time.monotonic()
    clients.run(clients=8, operations=OPERATIONS)
    clients.look()
    done = ", ".join(f"{count} × {name}" for name, count in sorted(clients.done.items()))
    with capsys.disabled():
        print(f"\n8 clients × {OPERATIONS} operations on {connection.vendor}, each asked for three times with one key: {done}; "
              f"somebody was first: {sum(clients.later.values())}; waited too long and asked again: "
              f"{clients.waited}; no update lost, nothing drawn twice, the book agrees, the trail is "
              f"whole; {time.monotonic() - began:.0f} s")
