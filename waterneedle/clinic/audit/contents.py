"""Documents whose hash stands in the trail, so that the check of the trail is a check of them too.

    @documents(kind="visit", action="sign")
    def signed_visits():
        '''(uid, hash) of every document as the tables have it now.'''
        for visit in Visit.objects.signed().iterator():
            yield str(visit.uid), digest(visit.document)

The entry that recorded the document carries the same hash as `after`. A document that is not what was recorded, that is
gone, or that nobody recorded, is named by `waterneedle audit verify`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import msgspec

Reader = Callable[[], Iterator[tuple[str, bytes]]]
_readers: dict[tuple[str, str], Reader] = {}


class Recorded(msgspec.Struct, frozen=True):
    """Where the trail says what a document was."""

    chain: str
    seq: int
    after: bytes | None


class BadDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A document that does not fit the trail, and the entry that says so, if there is one."""

    kind: str
    uid: str
    reason: str  # changed, gone, never recorded
    chain: str = ""
    seq: int | None = None


Found = dict[tuple[str, str, str], Recorded]  # by kind, action and uid: the last entry


def documents(*, kind: str, action: str) -> Callable[[Reader], Reader]:
    """Have the documents that this reads compared with the entries of `action` on `kind`."""

    def registered(reader: Reader) -> Reader:
        _readers[kind, action] = reader
        return reader

    return registered


def recorded() -> frozenset[tuple[str, str]]:
    """The kinds and actions whose entries are to be remembered for the comparison."""
    return frozenset(_readers)


def bad_documents(found: Mapping[tuple[str, str, str], Recorded]) -> Iterator[BadDocument]:
    """Every document that is not as `found` says."""
    for (kind, action), read in _readers.items():
        left = {uid: one for (of_kind, of_action, uid), one in found.items() if (of_kind, of_action) == (kind, action)}
        for uid, now in read():
            was = left.pop(uid, None)
            if was is None:
                yield BadDocument(kind=kind, uid=uid, reason="never recorded")
            elif was.after != now:
                yield BadDocument(kind=kind, uid=uid, reason="changed", chain=was.chain, seq=was.seq)
        for uid, was in left.items():
            yield BadDocument(kind=kind, uid=uid, reason="gone", chain=was.chain, seq=was.seq)
