"""Signed heads: once a day the length and last link of every chain that has grown, signed and put in a second place.

A document says what has changed since the one before it and names it by its hash, so the documents of a clinic are a
chain themselves. Who holds database and keys can rewrite what was written since the last document that has left the
house, and nothing before it. A place is a function that takes a row of `SignedHeads`; rooms above add theirs.
"""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.db import transaction

from waterneedle.clinic.audit import keys
from waterneedle.clinic.audit.actions import INSTALLATION, append
from waterneedle.clinic.audit.models import Chain, SignedHeads
from waterneedle.clinic.audit.verify import Promised
from waterneedle.clinic.audit.who import Who

FORMAT = "waterneedle heads 1"
Place = Callable[[SignedHeads], None]
_places: dict[str, Place] = {}


class Document(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is signed. `heads` holds (chain, length, link in hexadecimal) of each chain that has grown."""

    format: str
    scope: str
    number: int
    at: datetime
    previous: str
    public_key: str
    heads: tuple[tuple[str, int, str], ...]


msgspec.json.Decoder(Document)  # met here, where one thread imports: see `knowledge/store.py`


class Broken(msgspec.Struct, frozen=True, kw_only=True):
    """A document that is not what it should be."""

    file: str
    reason: str


def sign(by: Who, now: datetime) -> SignedHeads:
    """The next document of the clinic of `by` (None: of the installation), signed, kept and written down in the trail."""
    scope = INSTALLATION if by.clinic_id is None else f"clinic/{by.clinic_id}"
    with transaction.atomic():
        append(by=by, action="sign", kind="heads")
        before = list(SignedHeads.objects.filter(scope=scope).order_by("number"))
        document = msgspec.json.encode(
            Document(
                format=FORMAT,
                scope=scope,
                number=len(before) + 1,
                at=now,
                previous=_hash(before[-1].document) if before else "",
                public_key=keys.ready().ring.public_key,
                heads=tuple(_grown(by.clinic_id, before)),
            )
        )
        return SignedHeads.objects.create(
            scope=scope,
            number=len(before) + 1,
            clinic_id=by.clinic_id,
            at=now,
            document=document.decode(),
            signature=keys.ready().ring.signing_key.sign(document).hex(),
        )


def place(name: str) -> Callable[[Place], Place]:
    """Have every signed document also sent to this place."""

    def added(function: Place) -> Place:
        _places[name] = function
        return function

    return added


def places() -> tuple[str, ...]:
    return tuple(_places)


def send(signed: SignedHeads, name: str) -> None:
    """Put `signed` in the place `name`. Putting it twice is the same as once."""
    _places[name](signed)


@place("folder")
def into_folder(signed: SignedHeads) -> None:
    """Into the folder that the settings name, if they do: one file for each document, never written over."""
    if not settings.AUDIT_HEADS_FOLDER:
        return
    folder = Path(settings.AUDIT_HEADS_FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    path, text = folder / file_name(signed), as_text(signed)
    if path.exists():
        if path.read_text(encoding="utf-8") != text:
            raise FileExistsError(f"{path} holds other heads than those that were signed")
        return
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def file_name(signed: SignedHeads) -> str:
    return f"heads-{signed.scope.replace('/', '-')}-{signed.number:06d}.json"


def as_text(signed: SignedHeads) -> str:
    """The file of a document: the line that was signed, and the signature."""
    return f"{signed.document}\n{signed.signature}\n"


def read_texts(texts: Iterable[tuple[str, str]], public_key: str) -> tuple[list[Document], list[Broken]]:
    """The documents in `texts` (file name, text), and those that are not signed by `public_key` or do not follow the
    one before.
    """
    documents, broken = [], []
    last: dict[str, tuple[int, str]] = defaultdict(lambda: (0, ""))
    for name, text in sorted(texts):
        line, _, signature = text.partition("\n")
        if not _signed(line, signature.strip(), public_key):
            broken.append(Broken(file=name, reason="the signature does not fit"))
            continue
        document = msgspec.json.decode(line, type=Document)
        number, previous = last[document.scope]
        if document.number != number + 1 or document.previous != previous:
            broken.append(Broken(file=name, reason="it does not follow the document before it"))
        last[document.scope] = (document.number, _hash(line))
        documents.append(document)
    return documents, broken


def read_folder(folder: Path, public_key: str) -> tuple[list[Document], list[Broken]]:
    return read_texts(((path.name, path.read_text(encoding="utf-8")) for path in folder.glob("heads-*.json")), public_key)


def read_database() -> tuple[list[Document], list[Broken]]:
    """The documents that the database itself has kept."""
    rows = SignedHeads.objects.order_by("scope", "number")
    return read_texts([(file_name(row), as_text(row)) for row in rows], keys.ready().ring.public_key)


def promised(documents: Iterable[Document]) -> Promised:
    """What `documents` say that the chains hold."""
    found: dict[str, dict[int, bytes]] = defaultdict(dict)
    for document in documents:
        for name, length, link in document.heads:
            found[name][length] = bytes.fromhex(link)
    return found


def _grown(clinic_id: int | None, before: list[SignedHeads]) -> Iterator[tuple[str, int, str]]:
    known: dict[str, int] = {}
    for one in before:
        known |= {name: length for name, length, _ in msgspec.json.decode(one.document, type=Document).heads}
    for name, length, link in Chain.objects.filter(clinic_id=clinic_id).order_by("name").values_list("name", "length", "link"):
        if known.get(name) != length:
            yield name, length, bytes(link).hex()


def _signed(line: str, signature: str, public_key: str) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), line.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def _hash(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest()
