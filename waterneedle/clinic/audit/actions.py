"""Writing to the trail, inside the transaction of what is written down.

    append(by=access, action="change", kind="allergy", uid=row.uid, patient=patient.uid, before=digest(old), after=digest(new))
    read(request, patient)

An entry with a patient stands in that patient's chain, any other in the clinic's. This is on the path of every chart
that is opened and every visit that is signed, so it speaks SQL: the chain's row is locked and read, then the entry
goes in and the chain moves on (one statement on PostgreSQL, two on SQLite, where a statement is no journey).

On PostgreSQL two transactions that each write to the same two chains must do so in the same order: the clinic's chain first, then
patients in the order of their uid.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.http import HttpRequest

from waterneedle.clinic.audit import chain, keys
from waterneedle.clinic.audit.who import Person, Who, machine, where, who
from waterneedle.clinic.database.written import execute, returned

INSTALLATION = "installation"
_COLUMNS = ("chain_id", "seq", "link", "key_id", *chain.FIELDS)
_SELECT = "SELECT id, clinic_id, length, link FROM audit_chain WHERE name = %s"
_BEGIN = (
    "INSERT INTO audit_chain (name, clinic_id, length, link, key_id, seal) VALUES (%s, %s, 0, %s, %s, %s) "
    "ON CONFLICT (name) DO NOTHING RETURNING id"
)
_INSERT = f"INSERT INTO audit_entry ({', '.join(_COLUMNS)}) VALUES ({', '.join(['%s'] * len(_COLUMNS))})"
_MOVE = "UPDATE audit_chain SET length = %s, link = %s, key_id = %s, seal = %s WHERE id = %s"
_MOVE_AND_INSERT = f"WITH moved AS ({_MOVE}) {_INSERT}"

_Locked = tuple[int, int | None, int, bytes]  # what `_SELECT` gives


def append(
    *,
    by: Person | Who,
    action: str,
    kind: str,
    uid: UUID | str = "",
    patient: UUID | None = None,
    before: bytes | None = None,
    after: bytes | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write down that `by` has done `action` to the object `uid` of `kind`, which is about `patient`.

    `before` and `after` are what `digest` gives for the object before and after. `detail` holds what else must be
    known later (a reason, a number of rows), and nothing that a chart would say: an auditor reads it. Raises outside
    of a transaction.
    """
    if connections[DEFAULT_DB_ALIAS].get_autocommit():
        raise ValueError("the trail is written inside the transaction of what it records")
    if patient is not None and not isinstance(patient, UUID):
        raise TypeError(f"patient must be the uid of a patient, got {patient!r}")
    one = who(by)
    names = chain_names(one.clinic_id, patient)
    said = (
        one.user_uid, one.user_name, one.role, one.on_behalf, action, kind, str(uid), patient, before, after,
        msgspec.json.encode(detail, order="deterministic").decode() if detail else "", *msgspec.structs.astuple(where.get()),
    )
    _append(names, one, said)


def read(request: HttpRequest, patient: Any, *, kind: str = "chart", uid: UUID | str = "") -> None:
    """Write down that the person of this request has opened the chart (or what else `kind` names) of `patient`; None: a page
    about nobody, of which it matters who has seen it."""
    with transaction.atomic(savepoint=False):
        append(by=request.access, action="read", kind=kind, uid=uid, patient=patient and patient.uid)


def begin_trail() -> None:
    """Begin the chain of the installation, if there is none: from then on an empty trail is one that has lost its rows."""
    with transaction.atomic():
        if _locked(INSTALLATION) is None:
            append(by=machine("migrate"), action="begin", kind="trail", detail={"key_id": keys.ready().current_id})


def digest(value: Any) -> bytes:
    """32 bytes that stand for `value` (anything that can be written as JSON), the same for the same value in any
    order of keys.
    """
    return hashlib.sha256(msgspec.json.encode(value, order="deterministic")).digest()


def chain_names(clinic_id: int | None, patient: UUID | None) -> tuple[str, ...]:
    """The chain that an entry stands in, and those above it, whose entries say that the one below was begun."""
    names = [INSTALLATION]
    if clinic_id is not None:
        names.append(f"clinic/{clinic_id}")
    if patient is not None:
        names.append(f"patient/{patient}")
    return tuple(reversed(names))


def _append(names: tuple[str, ...], one: Who, said: tuple[Any, ...]) -> None:
    """Lock the chain `names[0]`, beginning it if there is none, and add the entry `said` to it."""
    _add(names[0], _locked(names[0]) or _begun(names, one), one, said)


def _add(name: str, locked: _Locked, one: Who, said: tuple[Any, ...]) -> None:
    """Add the entry `said` to the chain `name`, whose row is locked and says `locked`."""
    chain_id, home, length, previous = locked
    ready = keys.ready()
    # The clock is read under the lock, so that entries of a chain stand in the order of their times unless the clock
    # itself goes back.
    at = datetime.now(UTC)
    values = (one.clinic_id, at, _offset_min(at, one), *said)
    seq = length + 1
    link = chain.link(ready.current, name, seq, bytes(previous), ready.current_id, values)
    seal = chain.seal(ready.current, name, home, seq, link, ready.current_id)
    move = (seq, link, ready.current_id, seal, chain_id)
    entry = (chain_id, seq, link, ready.current_id, *values)
    if _is_postgresql():
        execute(_MOVE_AND_INSERT, *move, *entry)
    else:
        execute(_INSERT, *entry)
        execute(_MOVE, *move)


def _begun(names: tuple[str, ...], one: Who) -> _Locked:
    """Begin the chain `names[0]` and say so in the chain above it: a chain that is gone altogether is missed there."""
    ready = keys.ready()
    clinic_id = None if names[0] == INSTALLATION else one.clinic_id
    seal = chain.seal(ready.current, names[0], clinic_id, 0, chain.BEFORE_THE_FIRST, ready.current_id)
    # The chain above first: of two that begin the same chain one waits here, and then finds that it has been begun.
    above = (_locked(names[1]) or _begun(names[1:], one)) if names[1:] else None
    made = returned(_BEGIN, names[0], clinic_id, chain.BEFORE_THE_FIRST, ready.current_id, seal)
    if made is None:
        return _locked(names[0])
    if above is not None:
        begun = (one.user_uid, one.user_name, one.role, one.on_behalf, "begin", "chain", names[0], None, None, None, "")
        _add(names[1], above, one, (*begun, *msgspec.structs.astuple(where.get())))
    return made[0], clinic_id, 0, chain.BEFORE_THE_FIRST


def _locked(name: str) -> _Locked | None:
    # SQLite needs no lock of a row: the transaction that writes is the only one.
    return returned(_SELECT + (" FOR UPDATE" if _is_postgresql() else ""), name)


def _is_postgresql() -> bool:
    return connections[DEFAULT_DB_ALIAS].vendor == "postgresql"


def _offset_min(at: datetime, one: Who) -> int:
    offset = at.astimezone(one.zone).utcoffset() if one.zone else None
    return int(offset.total_seconds() // 60) if offset else 0
