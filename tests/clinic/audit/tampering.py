"""Random harm to a trail, done with the triggers out of the way, as somebody would who holds the database but not the key.

`tamper(kind, chance)` does one harm and gives back the chain and row that a check must name.
"""
from __future__ import annotations

import random
from contextlib import contextmanager

from django.db import connection, transaction

from waterneedle.clinic.audit import frozen
from waterneedle.clinic.audit.models import Chain, Entry

KINDS = ("edit", "delete", "insert", "reorder", "cut", "cut and shorten", "drop", "drop all", "splice", "edit chain")
_TEXTS = ("user_name", "role", "on_behalf", "action", "kind", "object_uid", "detail", "ip", "agent", "request_id")
_COLUMNS = ("link", "key_id", "clinic_id", "at", "offset_min", "user_uid", *_TEXTS, "patient_uid", "before", "after")


@contextmanager
def undone():
    """Whatever is done inside is taken back."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        frozen.remove(connection)
        yield
        transaction.set_rollback(True)


def tamper(kind: str, chance: random.Random) -> tuple[str, int | None]:
    chains = list(Chain.objects.order_by("id"))
    chain = chance.choice([one for one in chains if one.name.startswith("patient/")])
    return _HARM[kind](chain, chains, chance)


def _edit(chain, chains, chance):
    row = _row(chain, chance)
    column = chance.choice(_COLUMNS)
    old = getattr(row, column)
    if column in _TEXTS:
        new = old[:-1] + chance.choice([one for one in "x \u0301" if not old.endswith(one)])
    elif column in {"link", "before", "after"}:
        new = None if column != "link" and old and chance.random() < 0.3 else _flipped(bytes(old or bytes(32)), chance)
    elif column == "at":
        new = old.replace(microsecond=(old.microsecond + 1) % 1_000_000)
    elif column in {"user_uid", "patient_uid"}:
        new = chains[0] and type(row.patient_uid)(int=(old.int if old else 0) ^ 1)
    else:
        new = (old or 0) + 1
    _raw("UPDATE audit_entry SET {} = %s WHERE chain_id = %s AND seq = %s", column, new, chain.id, row.seq)
    return chain.name, row.seq


def _delete(chain, chains, chance):
    seq = chance.randint(1, chain.length - 1)
    _sql("DELETE FROM audit_entry WHERE chain_id = %s AND seq = %s", chain.id, seq)
    return chain.name, seq


def _insert(chain, chains, chance):
    """A row between two others, those after it moved on, and the length made to fit."""
    seq = chance.randint(1, chain.length + 1)
    copied = chance.randint(1, chain.length)
    for later in range(chain.length, seq - 1, -1):
        _sql("UPDATE audit_entry SET seq = %s WHERE chain_id = %s AND seq = %s", later + 1, chain.id, later)
    source = copied if copied < seq else copied + 1
    _copy(chain.id, source, chain.id, seq, "user_name", "Somebody Else")
    _sql("UPDATE audit_chain SET length = length + 1 WHERE id = %s", chain.id)
    return chain.name, seq


def _reorder(chain, chains, chance):
    one, other = sorted(chance.sample(range(1, chain.length + 1), 2))
    for old, new in ((one, -1), (other, one), (-1, other)):
        _sql("UPDATE audit_entry SET seq = %s WHERE chain_id = %s AND seq = %s", new, chain.id, old)
    return chain.name, one


def _cut(chain, chains, chance):
    length = chance.randint(0, chain.length - 1)
    _sql("DELETE FROM audit_entry WHERE chain_id = %s AND seq > %s", chain.id, length)
    return chain.name, length + 1


def _cut_and_shorten(chain, chains, chance):
    """The tail gone, and length and link of the chain made to fit; only the seal cannot be."""
    length = chance.randint(1, chain.length - 1)
    link = Entry.objects.get(chain_id=chain.id, seq=length).link
    _sql("DELETE FROM audit_entry WHERE chain_id = %s AND seq > %s", chain.id, length)
    _sql("UPDATE audit_chain SET length = %s, link = %s WHERE id = %s", length, bytes(link), chain.id)
    return chain.name, None


def _drop(chain, chains, chance):
    """The chain of a patient or of a clinic, its own row too."""
    chain = chance.choice([one for one in chains if one.name != "installation"])
    _sql("DELETE FROM audit_entry WHERE chain_id = %s", chain.id)
    _sql("DELETE FROM audit_chain WHERE id = %s", chain.id)
    return chain.name, 1


def _drop_all(chain, chains, chance):
    _sql("DELETE FROM audit_entry")
    _sql("DELETE FROM audit_chain")
    return "installation", 1


def _splice(chain, chains, chance):
    """Rows of another chain from some number on, in the place of this chain's own."""
    other = chance.choice([one for one in chains if one.id != chain.id and one.length > 1 and one.name.startswith("patient/")])
    seq = chance.randint(1, min(chain.length, other.length))
    for number in range(seq, min(chain.length, other.length) + 1):
        _sql("DELETE FROM audit_entry WHERE chain_id = %s AND seq = %s", chain.id, number)
        _copy(other.id, number, chain.id, number)
    return chain.name, seq


def _edit_chain(chain, chains, chance):
    column = chance.choice(["length", "link", "seal", "clinic_id", "key_id"])
    old = getattr(chain, column)
    new = _flipped(bytes(old), chance) if column in {"link", "seal"} else old + 1
    _raw("UPDATE audit_chain SET {} = %s WHERE id = %s", column, new, chain.id)
    return chain.name, chain.length + 1 if column == "length" else None


_HARM = dict(zip(KINDS, (
    _edit, _delete, _insert, _reorder, _cut, _cut_and_shorten, _drop, _drop_all, _splice, _edit_chain), strict=True))


def _row(chain, chance):
    return Entry.objects.get(chain_id=chain.id, seq=chance.randint(1, chain.length))


def _copy(from_chain, from_seq, to_chain, to_seq, column=None, value=None):
    columns = [field.column for field in Entry._meta.concrete_fields if field.column not in {None, "pk", "chain_id", "seq"}]
    wanted = ", ".join("%s" if one == column else one for one in columns)
    given = [value] if column else []
    _sql(
        f"INSERT INTO audit_entry (chain_id, seq, {', '.join(columns)}) "
        f"SELECT %s, %s, {wanted} FROM audit_entry WHERE chain_id = %s AND seq = %s",
        to_chain, to_seq, *given, from_chain, from_seq)


def _flipped(value, chance):
    bit = chance.randrange(len(value) * 8)
    changed = bytearray(value)
    changed[bit // 8] ^= 1 << (bit % 8)
    return bytes(changed)


def _raw(statement, column, value, *rest):
    field = next(one for one in (*Entry._meta.concrete_fields, *Chain._meta.concrete_fields) if one.column == column)
    _sql(statement.format(column), field.get_db_prep_save(value, connection), *rest)


def _sql(statement, *params):
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
