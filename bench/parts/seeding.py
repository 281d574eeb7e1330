"""A clinic of invented people as big as the claims say: made once, kept outside of the tree, and copied for each run.

    ready(LARGE, scratch)      the database of the clinic whose data lie in `scratch`; the kept one stays as it was

Everything is drawn from a fixed seed. Patients with a long chart have fifty signed visits of six injections; the others share
what is left. Rows are written as rows: nothing here is timed but the making itself, which is said. A kept database is made anew
when the seed has changed, and migrated in each copy. It lies in the folder that `WATERNEEDLE_BENCH` names, else in
`waterneedle-bench` in the folder of caches.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import random
import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

SEED = 20261129  # another one when what is made changes
LAST_DAY = datetime.date(2026, 11, 20)  # of what is signed
SLUG = "harbor"
KEPT = ("waterneedle.sqlite3", "audit_keys.json")
PRODUCT = "cyanocobalamin-1000mcg-ml"
POINTS = [(point, side) for point in ("ST36", "LI11", "GB34", "SP9", "LI10") for side in ("left", "right")]
DOCUMENT_BYTES = 4_000  # of a filling signed visit; those of the long charts are whole


@dataclass(frozen=True)
class Size:
    patients: int
    visits: int
    injections: int
    long_charts: int
    documents: bool = True  # False: a signed visit keeps a word for its document, which nothing but the charts reads


LARGE = Size(patients=20_000, visits=200_000, injections=1_000_000, long_charts=200)
SMALL = Size(patients=2_000, visits=12_000, injections=60_000, long_charts=40)
LONG_VISITS, LONG_INJECTIONS = 50, 6


def ready(size: Size, scratch: Path) -> None:
    """Put a database of `size` into `scratch`, the folder that `WATERNEEDLE_DATA` names. Django is set up by then."""
    # late: Django is ready only now
    from django.core.management import call_command
    from django.db import connection

    if connection.vendor == "postgresql":
        began = time.perf_counter()
        _make(size)
        print(f"a clinic of {size.visits:,} visits, made in {time.perf_counter() - began:.0f} s", flush=True)
        return
    kept = _place() / f"{size.visits}-{SEED}{'' if size.documents else '-thin'}"
    if not (kept / "whole").exists():
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir(parents=True)
        print(f"making a clinic of {size.visits:,} visits with {size.injections:,} injections …", flush=True)
        began = time.perf_counter()
        _make(size)
        _close()
        for name in KEPT:
            shutil.copy2(scratch / name, kept / name)
        (kept / "whole").touch()
        print(f"made in {time.perf_counter() - began:.0f} s; kept in {kept}", flush=True)
        return
    began = time.perf_counter()
    _close()
    for name in KEPT:
        shutil.copy2(kept / name, scratch / name)
    call_command("migrate", verbosity=0)  # the tables as they are now
    print(f"a kept clinic of {size.visits:,} visits, copied in {time.perf_counter() - began:.0f} s", flush=True)


def settle() -> None:
    """Before anything is measured: do what is due today, which a clinic does at night, and wait until all lies on the disk."""
    from django.db import connection

    from waterneedle.clinic.outbox.worker import drain, drain_slow

    drain()
    drain_slow()
    connection.close()
    os.sync()


def _place() -> Path:
    named = os.environ.get("WATERNEEDLE_BENCH")
    return Path(named) if named else Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "waterneedle-bench"


def _close() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


# --- rows


class Rows:
    """Rows of one model as tuples in the order of its columns, all like `like` but for what is given."""

    def __init__(self, like: Any) -> None:
        from django.db import connection

        self.model, self.fields = type(like), list(like._meta.concrete_fields)
        self.like = {
            one.attname: one.get_db_prep_save(one.pre_save(like, True), connection) for one in self.fields if not one.primary_key
        }
        self.names = [one.attname for one in self.fields]
        self.table = like._meta.db_table
        self.columns = [one.column for one in self.fields]

    def row(self, **said: Any) -> tuple[Any, ...]:
        return tuple(said[name] if name in said else self.like[name] for name in self.names)


def write(rows: Rows, values: Iterable[tuple[Any, ...]]) -> None:
    """Many rows by one statement."""
    from django.core.management.color import no_style
    from django.db import connection

    columns = ", ".join(f'"{one}"' for one in rows.columns)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            with cursor.copy(f'COPY "{rows.table}" ({columns}) FROM STDIN') as copy:
                for one in values:
                    copy.write_row(one)
            for statement in connection.ops.sequence_reset_sql(no_style(), [rows.model]):
                cursor.execute(statement)
        return
    places = ", ".join(["?"] * len(rows.columns))
    connection.ensure_connection()
    connection.connection.executemany(f'INSERT INTO "{rows.table}" ({columns}) VALUES ({places})', values)


def uid(chance: random.Random) -> str:
    """A UUID as SQLite keeps it."""
    return f"{chance.getrandbits(128):032x}"


# --- the clinic


@dataclass
class Staff:
    by: Any
    practitioner: Any
    vials: list[Any]


def _make(size: Size) -> None:
    from django.core.management import call_command
    from django.db import connection, transaction

    call_command("migrate", verbosity=0)
    chance = random.Random(SEED)
    staff = _staffed()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")
            cursor.execute("PRAGMA cache_size=-400000")
    with transaction.atomic():
        patients = _patients(staff, size, chance)
        _visits(staff, size, patients, chance)
    if connection.vendor == "postgresql":  # which does it by itself, in its own time; the clinic's SQLite has no statistics
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _staffed() -> Staff:
    from django.utils import timezone

    from waterneedle.clinic.practitioners.queries import practitioner_of
    from waterneedle.clinic.stock import actions as stock
    from waterneedle.config.demo import people

    clinic = people.make_clinic()
    workers = people.make_workers(clinic)
    now = timezone.now()
    people.enter_papers(workers, now.astimezone(clinic.tzinfo).date())
    by = workers["alice"]
    kept = {"name": "Cyanocobalamin", "product": PRODUCT, "container_kind": "multi_dose_vial", "container_ml": Decimal(50_000),
            "reorder_below_ml": Decimal(0), "gtin": ""}
    item, vials = stock.add_item(fields=kept, by=by), []
    for number in range(40):
        lot = stock.receive(item=item, number=f"L{number:03}", expires=datetime.date(2029, 12, 31), containers=1, by=by)
        vials.append(stock.open_vial(lot=lot, by=by, at=now))
    return Staff(by, practitioner_of(by.user, clinic), vials)


def _patients(staff: Staff, size: Size, chance: random.Random) -> list[tuple[int, str]]:
    """(number, uid) of each; the first have the long charts. Each was asked for conditions, allergies and medicines: none."""
    from django.utils import timezone

    from waterneedle.clinic.patients.models import Asked, Patient, SearchWord
    from waterneedle.clinic.patients.searching import phone_from_end, words_of

    now, clinic = timezone.now(), staff.by.clinic
    rows = Rows(Patient(clinic=clinic, number=0, given_name="x", sex="female", made_at=now, birth_date=datetime.date(1970, 1, 1)))
    people = []
    for number in range(1, size.patients + 1):
        given = chance.choice(GIVEN) + chance.choice(("", "a", "ie", "o"))
        family = chance.choice(FAMILIES) + chance.choice(ENDINGS)
        born = datetime.date(1940, 1, 1) + datetime.timedelta(days=chance.randrange(23_000))
        people.append((number, uid(chance), given, family, born.isoformat(), f"+1 206 555 {chance.randrange(10_000):04}"))
    write(rows, (
        rows.row(id=number, uid=name, number=1000 + number, given_name=given, family_name=family, birth_date=born, phone=phone)
        for number, name, given, family, born, phone in people
    ))
    first = people[0][0]
    words = Rows(SearchWord(clinic=clinic, patient_id=first, kind="n", word="x"))
    found = sorted(
        {(SearchWord.NAME, word, number) for number, _, given, family, *_ in people for word in words_of(given, family)}
        | {(SearchWord.PHONE, phone_from_end(phone), number) for number, *_, phone in people}
    )
    write(words, (
        words.row(id=row, kind=kind, word=word, patient_id=number) for row, (kind, word, number) in enumerate(found, 1)
    ))
    asked = Rows(Asked(clinic=clinic, patient_id=first, kind="condition", none=True, made_at=now, made_by=staff.by.user))
    kinds = ("condition", "allergy", "medication")
    write(asked, (
        asked.row(id=3 * place + which + 1, patient_id=one[0], kind=kind)
        for place, one in enumerate(people) for which, kind in enumerate(kinds)
    ))
    return [one[:2] for one in people]


def _visits(staff: Staff, size: Size, patients: list[tuple[int, str]], chance: random.Random) -> None:
    from waterneedle.clinic.visits import models

    moment, day = datetime.datetime(2026, 1, 1, 17, tzinfo=datetime.UTC), datetime.date(2026, 1, 1)
    by, clinic = staff.by.user, staff.by.clinic
    first = {"clinic": clinic, "visit_id": 1}
    of = {
        "visit": Rows(models.Visit(clinic=clinic, patient_id=1, practitioner=staff.practitioner, day=day, why="knee pain",
                                   indication="knee pain", is_draft=False, pain_before=6, pain_after=4, made_at=moment,
                                   made_by=by,
                                   note="Six points, no bleeding. Walks more easily. Again in a week.")),
        "state": Rows(models.VisitState(**first, step="left", made_at=moment, made_by=by)),
        "today": Rows(models.Today(**first, **WELL, made_at=moment, made_by=by)),
        "syringe": Rows(models.Syringe(**first, patient_id=1, code="SAAA", route="SC", gauge=30, length_mm=Decimal(13),
                                       drawn_at=moment, drawn_by=by, discard_at=moment + datetime.timedelta(hours=1))),
        "fill": Rows(models.Fill(clinic=clinic, syringe_id=1, vial=staff.vials[0], volume_ml=Decimal("1.2"))),
        "injection": Rows(models.Injection(
            **first, patient_id=1, seq=1, syringe_id=1, point="ST36", side="left", skin="intact", route="SC",
            volume_ml=Decimal("0.2"), gauge=30, length_mm=Decimal(13), depth_mm=Decimal(6), angle_deg=45, status="given",
            given_at=moment, made_at=moment, made_by=by)),
        "proof": Rows(models.Proof(**first, user=by, session="0" * 64, method="passkey", made_at=moment, until=moment,
                                   used_at=moment)),
        "signature": Rows(models.Signature(**first, document="", hash="", proof_id=1, signed_name=by.name, signed_at=moment,
                                           signed_by=by)),
    }
    model, each = _model(staff), list(_spread(size, patients, chance))
    vials = [one.pk for one in staff.vials]
    write(of["visit"], (of["visit"].row(id=n, uid=uid(chance), patient_id=p, day=d, made_at=f"{d} 17:00:00+00:00")
                        for n, p, d, _ in each))
    write(of["state"], (of["state"].row(id=n, visit_id=n, made_at=f"{d} 18:00:00+00:00") for n, _, d, _ in each))
    write(of["today"], (of["today"].row(id=n, visit_id=n, made_at=f"{d} 17:05:00+00:00") for n, _, d, _ in each))
    write(of["syringe"], (of["syringe"].row(id=n, uid=uid(chance), visit_id=n, patient_id=p) for n, p, *_ in each))
    write(of["fill"], (of["fill"].row(id=n, syringe_id=n, vial_id=vials[n % len(vials)]) for n, *_ in each))
    write(of["injection"], _injections(of["injection"], each, chance))
    write(of["proof"], (of["proof"].row(id=n, uid=uid(chance), visit_id=n) for n, *_ in each))
    write(of["signature"], (
        of["signature"].row(id=n, visit_id=n, document=text, hash=hashlib.sha256(text.encode()).hexdigest(), proof_id=n,
                            signed_at=f"{d} 17:30:00+00:00")
        for n, p, d, count in each for text in (_document(model, n, p, d, count, size),)
    ))


def _spread(size: Size, patients: list[tuple[int, str]], chance: random.Random) -> Iterator[tuple[int, int, str, int]]:
    """(number, patient, day, how many injections) of each visit, a week apart."""
    number = 0
    for patient, _ in patients[: size.long_charts]:
        for back in range(LONG_VISITS):
            number += 1
            yield number, patient, _day(back, patient), LONG_INJECTIONS
    left = size.visits - number
    injections = size.injections - number * LONG_INJECTIONS
    others = [one for one, _ in patients[size.long_charts :]]
    for place in range(left):
        number += 1
        patient, back = others[place % len(others)], place // len(others)
        count = injections * (place + 1) // left - injections * place // left
        yield number, patient, _day(back, patient), count


def _day(back: int, patient: int) -> str:
    return (LAST_DAY - datetime.timedelta(days=7 * back + patient % 5)).isoformat()


def _injections(rows: Rows, each: list[Any], chance: random.Random) -> Iterator[tuple[Any, ...]]:
    number = 0
    for visit, patient, day, count in each:
        for seq in range(1, count + 1):
            number += 1
            point, side = POINTS[(visit + seq) % len(POINTS)]
            yield rows.row(id=number, uid=uid(chance), visit_id=visit, patient_id=patient, syringe_id=visit, seq=seq, point=point,
                           side=side, given_at=f"{day} 17:20:00+00:00")


def _document(model: dict[str, Any], number: int, patient: int, day: str, count: int, size: Size) -> str:
    """What was signed: in a long chart a whole document; else a text of about its size, which nothing here reads."""
    if not size.documents:
        return "{}"
    if number > size.long_charts * LONG_VISITS:
        return json.dumps({"day": day, "schema": "bench", "visit": number, "words": "x" * (DOCUMENT_BYTES * count // 6)})
    given = [one | {"given_at": f"{day}T17:20:00Z"} for one in model["injections"]]
    said = {"visit": f"{number:032x}", "patient": f"{patient:032x}", "day": day, "signed_at": f"{day}T17:30:00Z"}
    return json.dumps(model | said | {"injections": given}, sort_keys=True, separators=(",", ":"))


def _model(staff: Staff) -> dict[str, Any]:
    """The document of a visit that was charted and signed as people do it, and then undone."""
    from django.db import transaction

    from parts.drafting import draft
    from waterneedle.clinic.patients import actions as patients
    from waterneedle.clinic.visits import actions, signing

    with transaction.atomic():
        fields = {"given_name": "Model", "birth_date": datetime.date(1970, 1, 1), "sex": "male"}
        patient = patients.create_patient(clinic=staff.by.clinic, fields=fields, by=staff.by)
        visit = draft(patient, staff.by, staff.vials[0])
        note = {"why": "knee pain", "indication": "knee pain", "pain_before": 6, "pain_after": 4,
                "note": "Six points, no bleeding. Walks more easily. Again in a week."}
        actions.change_visit(visit=visit, version=visit.version, fields=note, by=staff.by)
        proof = signing.mint(visit=visit, user=staff.by.user, session_key="bench", method="passkey")
        signed = signing.sign(visit=visit, proof=proof.uid, session_key="bench", by=staff.by, deviation_why="measured")
        transaction.set_rollback(True)
    return json.loads(signed.document)


WELL = {"identity_confirmed": True, "pregnancy": "not_pregnant", "new_medicines": False, "fever_or_infection": False,
        "reacted_last": False, "eaten": True, "lying_down": True}
FAMILIES = (  # invented
    "Abbott", "Brandt", "Calder", "Dunmore", "Ellery", "Farrow", "Galt", "Hartley", "Ingram", "Jarvis", "Keane", "Marlow", "Nair",
    "Okafor", "Pryce", "Rowe", "Sanders", "Thorne", "Upton", "Vance", "Ruiz", "Soler", "Yates", "Lindqvist")
ENDINGS = ("", "son", "ez", "ley", "man")
GIVEN = (
    "Alma", "Ben", "Clara", "Dana", "Edith", "Felix", "Grace", "Hugh", "Ivy", "June", "Kate", "Lena", "Mark", "Nora", "Omar",
    "Paul", "Ruth", "Sam", "Tess", "Una", "Vera", "Wes", "Yara", "Zoe")
