"""Checking the whole trail: the first row of each chain that does not fit, and what signed heads promise and is not there.

Writers are not held up: rows are read as they are, and a chain that does not fit is read once more under its lock before
it is named. One pass, row by row, whatever the length of a chain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain as joined
from itertools import groupby
from operator import itemgetter
from time import perf_counter
from typing import Any

import msgspec
from django.db import connection, transaction

from waterneedle.clinic.audit import chain, contents, keys
from waterneedle.clinic.audit.actions import INSTALLATION
from waterneedle.clinic.audit.chain import Bad, Head
from waterneedle.clinic.audit.contents import BadDocument
from waterneedle.clinic.audit.models import Chain, Entry

_ROW = ("seq", "link", "key_id", *chain.FIELDS)
_ACTION, _KIND, _OBJECT, _AFTER = (_ROW.index(field) for field in ("action", "kind", "object_uid", "after"))
_CHUNK = 5000

# What signed documents say of a chain, by its name: its link at some lengths, and so how long it was at least.
Promised = Mapping[str, Mapping[int, bytes]]


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a check of the trail has found."""

    ok: bool
    rows: int
    chains: int
    bad: tuple[Bad, ...]
    documents: tuple[BadDocument, ...]
    seconds: float


class _Checked(msgspec.Struct, frozen=True, kw_only=True):
    """One chain, walked through: what was wrong first, how many rows it has, and the chains that it says were begun."""

    name: str
    bad: Bad | None
    rows: int
    begun: frozenset[str]
    recorded: contents.Found


def verify(promised: Promised | None = None) -> Report:
    """Check every chain, and against `promised` if signed heads are at hand."""
    began = perf_counter()
    promised = promised or {}
    found: dict[int, _Checked] = {}
    heads = {head.chain_id: head for head in _heads()}
    for chain_id, rows in groupby(_rows(), key=itemgetter(0)):
        found[chain_id] = _checked(chain_id, heads.get(chain_id), rows, promised)
    for chain_id in heads.keys() - found.keys():
        found[chain_id] = _checked(chain_id, heads[chain_id], (), promised)
    for chain_id, one in found.items():
        if one.bad is not None:
            found[chain_id] = _checked_under_lock(chain_id, promised)
    bad = tuple(_all_bad(list(found.values()), promised))
    recorded = {key: one for checked in found.values() for key, one in checked.recorded.items()}
    documents = tuple(contents.bad_documents(recorded))
    rows = sum(one.rows for one in found.values())
    seconds = round(perf_counter() - began, 3)
    return Report(ok=not bad and not documents, rows=rows, chains=len(found), bad=bad, documents=documents, seconds=seconds)


def _checked(chain_id: int, head: Head | None, rows: Iterable[Sequence[Any]], promised: Promised) -> _Checked:
    walk = _Walk(rows)
    name = head.name if head else walk.name_by_its_rows(chain_id)
    bad = Bad(chain=name, seq=walk.first_seq, reason="no chain")
    if head is not None:
        bad = chain.first_bad(head, walk.watched(promised.get(name, {})), keys.ready().secrets)
        bad = _earlier(bad, walk.broken_promise(name))
    rows_seen, last = walk.rest(), bad.seq if bad is not None and bad.seq is not None else None
    begun = frozenset(one for seq, one in walk.begun if last is None or seq < last)
    recorded = {key: contents.Recorded(name, seq, after) for key, (seq, after) in walk.recorded.items()}
    return _Checked(name=name, bad=bad, rows=rows_seen, begun=begun, recorded=recorded)


class _Walk:
    """The rows of one chain on their way through the check, with what has to be kept of them."""

    def __init__(self, rows: Iterable[Sequence[Any]]) -> None:
        rows = iter(rows)
        self.first = next(rows, None)
        self._rows: Iterator[Sequence[Any]] = rows if self.first is None else joined((self.first,), rows)
        self.count = 0
        self.begun: list[tuple[int, str]] = []
        self.recorded: dict[tuple[str, str, str], tuple[int, bytes | None]] = {}
        self._remembered = contents.recorded()
        self.promised: dict[int, bytes] = {}
        self.not_as_signed: int | None = None

    @property
    def first_seq(self) -> int | None:
        return self.first[1] if self.first else None

    def watched(self, promised: Mapping[int, bytes]) -> Iterator[Sequence[Any]]:
        """The rows without the number of their chain."""
        self.promised = dict(promised)
        for with_chain in self._rows:
            row = with_chain[1:]
            self.count += 1
            if row[_KIND] == "chain" and row[_ACTION] == "begin":
                self.begun.append((row[0], row[_OBJECT]))
            if (row[_KIND], row[_ACTION]) in self._remembered:
                self.recorded[row[_KIND], row[_ACTION], row[_OBJECT]] = (row[0], row[_AFTER] and bytes(row[_AFTER]))
            link = self.promised.pop(row[0], None)
            if link is not None and link != bytes(row[1]) and self.not_as_signed is None:
                self.not_as_signed = row[0]
            yield row

    def rest(self) -> int:
        """How many rows there are, those after the first bad one too."""
        return self.count + sum(1 for _ in self._rows)

    def broken_promise(self, name: str) -> Bad | None:
        if self.not_as_signed is not None:
            return Bad(chain=name, seq=self.not_as_signed, reason="not as signed")
        if any(length > self.count for length in self.promised):
            return Bad(chain=name, seq=self.count + 1, reason="shorter than signed")
        return None

    def name_by_its_rows(self, chain_id: int) -> str:
        """What the chain was called whose own row is gone, as well as its first entry can tell."""
        if self.first is None:
            return f"#{chain_id}"
        said = dict(zip(_ROW, self.first[1:], strict=True))
        if said["patient_uid"]:
            return f"patient/{said['patient_uid']}"
        return f"clinic/{said['clinic_id']}" if said["clinic_id"] is not None else INSTALLATION


def _earlier(one: Bad | None, other: Bad | None) -> Bad | None:
    """The one of two findings in a chain that is named: the lower number; a row before the chain itself."""
    if one is None or other is None:
        return one or other
    return min(one, other, key=lambda bad: (bad.seq is None, bad.seq or 0))


def _all_bad(found: list[_Checked], promised: Promised) -> Iterator[Bad]:
    """Every chain's first bad place, by name of the chain, with the chains that are gone and those that nobody began."""
    begun = frozenset().union(*(one.begun for one in found))
    present = {one.name for one in found}
    bad = {one.name: one.bad for one in found if one.bad is not None}
    for name in {INSTALLATION, *begun, *promised} - present:
        bad[name] = Bad(chain=name, seq=1, reason="dropped")
    # Only when the chains above are whole can be believed what they do not say.
    if all(name.startswith("patient/") for name in bad):
        for name in present - begun - bad.keys() - {INSTALLATION}:
            bad[name] = Bad(chain=name, seq=None, reason="never begun")
    yield from (bad[name] for name in sorted(bad))


def _heads(**only: Any) -> Iterator[Head]:
    columns = ("id", "name", "clinic_id", "length", "link", "key_id", "seal")
    for row in Chain.objects.filter(**only).values_list(*columns).iterator(_CHUNK):
        said = dict(zip(columns, row, strict=True))
        said |= {"link": bytes(said["link"]), "seal": bytes(said["seal"])}
        yield Head(chain_id=said.pop("id"), **said)


def _rows(**only: Any) -> Iterator[Sequence[Any]]:
    """Entries as (chain id, number, link, key id, values), ordered by chain and number."""
    return Entry.objects.filter(**only).order_by("chain_id", "seq").values_list("chain_id", *_ROW).iterator(_CHUNK)


def _checked_under_lock(chain_id: int, promised: Promised) -> _Checked:
    with transaction.atomic():
        if connection.vendor == "postgresql":
            list(Chain.objects.select_for_update().filter(id=chain_id))
        return _checked(chain_id, next(_heads(id=chain_id), None), _rows(chain_id=chain_id), promised)
