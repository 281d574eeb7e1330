"""The check of the whole trail: nothing wrong is ever found in a whole one, and every harm is named with its first row."""
from __future__ import annotations

import random
import shutil
from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from clinic.audit.tampering import KINDS, tamper, undone
from clinic.audit.writing import append
from waterneedle.clinic.audit import actions, heads, keys
from waterneedle.clinic.audit.actions import digest
from waterneedle.clinic.audit.chain import Bad
from waterneedle.clinic.audit.models import Chain, Entry
from waterneedle.clinic.audit.verify import verify
from waterneedle.clinic.audit.who import Where, Who, machine, where
from waterneedle.clinic.database.rows import uuid7

NOW = datetime(2026, 11, 26, tzinfo=UTC)
HARBOR = SimpleNamespace(id=1, tzinfo=ZoneInfo("America/Los_Angeles"))
HILL = SimpleNamespace(id=2, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def trail(db):
    """Two clinics with five patients each, and a few rows of every kind."""
    write_trail(random.Random(7), patients=5, rows=60)


def write_trail(chance: random.Random, patients: int, rows: int) -> None:
    token = where.set(Where(ip="10.0.0.7", agent="0123456789abcdef", request_id="fedcba9876543210"))
    known = {clinic.id: [uuid7() for _ in range(patients)] for clinic in (HARBOR, HILL)}
    for patient in known[1] + known[2]:
        for _ in range(2):
            append(by=machine("test", HARBOR if patient in known[1] else HILL), action="read", kind="chart", patient=patient)
    for number in range(rows):
        clinic = chance.choice([HARBOR, HILL])
        by = Who(clinic_id=clinic.id, zone=clinic.tzinfo, user_uid=uuid7(), user_name="Ana 足三里", role="practitioner")
        append(
            by=by, action=chance.choice(["read", "change"]), kind="visit", uid=uuid7(),
            patient=chance.choice([None, *known[clinic.id]]), before=chance.choice([None, digest(number)]),
            after=digest(-number), detail=chance.choice([None, {"reason": "“why”"}]))
    where.reset(token)


def harm(chance: random.Random, kind: str) -> None:
    """Do one harm of `kind` and assert that it is named, and nothing else but what it takes with it."""
    with undone():
        chain, seq = tamper(kind, chance)
        named = {bad.chain: bad for bad in verify().bad}
    assert chain in named, (kind, chain, named)
    assert named[chain].seq == seq, (kind, seq, named[chain])
    assert len(named) == 1 or kind in {"drop", "drop all"}, (kind, named)


def test_a_whole_trail_has_nothing_wrong(trail):
    report = verify()

    assert (report.ok, report.bad) == (True, ())
    assert (report.rows, report.chains) == (Entry.objects.count(), Chain.objects.count())


@pytest.mark.parametrize("kind", KINDS)
def test_harm_is_named(trail, kind):
    chance = random.Random(kind)
    for _ in range(4):
        harm(chance, kind)
    assert verify().ok


@pytest.mark.soak
def test_a_thousand_harms_are_named_and_nothing_else(db):
    chance = random.Random()
    write_trail(chance, patients=12, rows=300)
    for number in range(1000):
        harm(chance, KINDS[number % len(KINDS)])
        if number % 20 == 0:
            assert verify().bad == ()


def test_rows_under_an_older_key_are_still_checked(trail, settings, tmp_path):
    settings.AUDIT_KEY_FILE = shutil.copy(settings.AUDIT_KEY_FILE, tmp_path / "keys.json")
    keys.rotate(NOW)
    append(by=machine("test", HARBOR), action="read", kind="chart")

    assert Entry.objects.order_by("at").last().key_id == 2
    assert verify().ok


def test_a_row_that_somebody_wrote_under_a_key_of_their_own_is_named(trail, settings, tmp_path):
    ours, settings.AUDIT_KEY_FILE = settings.AUDIT_KEY_FILE, tmp_path / "another.json"
    append(by=machine("test", HARBOR), action="read", kind="chart")
    settings.AUDIT_KEY_FILE = ours

    assert verify().bad == (Bad(chain="clinic/1", seq=Chain.objects.get(name="clinic/1").length, reason="altered"),)


def test_a_chain_put_back_to_what_it_once_was_is_named_by_the_signed_heads(trail):
    """The one harm that the database alone cannot show: all of a chain as it was, its seal too."""
    name = Chain.objects.filter(name__startswith="patient/").first().name
    then = Chain.objects.get(name=name)
    append(by=machine("test", HARBOR), action="read", kind="chart", patient=UUID(name.removeprefix("patient/")))
    heads.sign(machine("test", HARBOR), NOW)
    heads.sign(machine("test", HILL), NOW)
    documents, broken = heads.read_database()
    promised = heads.promised(documents)
    assert (broken, verify(promised).ok) == ([], True)
    with undone():
        Entry.objects.filter(chain=then, seq__gt=then.length).delete()
        then.save()
        assert verify().ok
        assert verify(promised).bad == (Bad(chain=name, seq=then.length + 1, reason="shorter than signed"),)


@pytest.mark.parametrize("kind", ["patient/", "clinic/", "installation"])
def test_a_chain_without_its_own_row_is_named_by_its_entries(trail, kind):
    chain = Chain.objects.filter(name__startswith=kind).first()
    with undone(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # as somebody would who owns the database: its foreign keys are not looked at
            cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM audit_chain WHERE id = %s", [chain.id])
        found = {bad.chain: bad for bad in verify().bad}

    assert found[chain.name] == Bad(chain=chain.name, seq=1, reason="no chain")


def test_a_chain_without_entries_that_was_put_in_is_named(trail):
    Chain.objects.create(name="patient/stranger", clinic_id=1, length=0, link=bytes(32), key_id=1, seal=bytes(32))

    assert verify().bad == (Bad(chain="patient/stranger", seq=None, reason="head"),)


def test_a_chain_that_nobody_began_is_named(trail):
    """Written under the right key, but past `append`, so that the clinic's chain knows nothing of it."""
    actions._begun(("patient/x",), machine("test", HARBOR))

    assert verify().bad == (Bad(chain="patient/x", seq=None, reason="never begun"),)


def test_a_row_that_is_not_the_signed_one_is_named(trail):
    """As it would be after somebody with key and database had written the chain anew."""
    name = Chain.objects.filter(name__startswith="patient/").first().name

    assert verify({name: {2: bytes(32)}}).bad == (Bad(chain=name, seq=2, reason="not as signed"),)


def test_a_chain_that_only_the_signed_heads_know_is_missed(trail):
    assert verify({"patient/gone": {3: bytes(32)}}).bad == (Bad(chain="patient/gone", seq=1, reason="dropped"),)
