"""The facts, read once: a snapshot of them keyed by the hash of their files.

The snapshot is to the fact files what a `.pyc` is to a module: it may be deleted at any time, and a changed file makes a new one.
"""

import functools
import hashlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from waterneedle.knowledge.sections import BY_NAME, ROOT, KnowledgeError, fact_paths

# One thread at a time: msgspec 0.22.0 ends the process (SIGSEGV) when two threads decode into a record that is new to both.
_decoding = threading.RLock()


@functools.cache
def version() -> str:
    """Content hash of the facts, such as `sha256:3f2a…`: stored with whatever they decided."""
    return "sha256:" + _digests()[0][:16]


@functools.cache
def section(name: str) -> dict[str, Any]:
    """All facts of one kind by their id. Raises `KnowledgeError` when the facts have problems."""
    found = BY_NAME[name]
    with _decoding:
        records = msgspec.msgpack.decode(_snapshot()[name], type=tuple[found.type, ...])
    return {getattr(record, found.key): record for record in records}


@functools.cache
def names(kind: str) -> dict[str, tuple[str, ...]]:
    """The ids behind every name of a kind, in its plain form.

    Kinds: `point`, `muscle`, `region`, `product`, `substance`, and the kinds of concepts.
    """
    return msgspec.msgpack.decode(_snapshot()[f"names {kind}"], type=dict[str, tuple[str, ...]])


@functools.cache
def _snapshot() -> dict[str, msgspec.Raw]:
    name = f"facts-{_digests()[1][:32]}.msgpack"
    for folder in _snapshot_folders():
        path = folder / name
        if path.is_file():
            return msgspec.msgpack.decode(path.read_bytes(), type=dict[str, msgspec.Raw])
    encoded = _compile()
    _keep(encoded, name)
    return msgspec.msgpack.decode(encoded, type=dict[str, msgspec.Raw])


def _compile() -> bytes:
    # late: only a changed fact file has to be read and checked
    from waterneedle.knowledge.checking import problems_of
    from waterneedle.knowledge.files import read
    from waterneedle.knowledge.naming import indexes

    library, problems = read()
    problems += problems_of(library)
    if problems:
        raise KnowledgeError(problems)
    facts: dict[str, Any] = {name: list(records.values()) for name, records in library.items()}
    return msgspec.msgpack.encode(facts | {f"names {kind}": found for kind, found in indexes(library).items()})


def _snapshot_folders() -> Iterator[Path]:
    yield ROOT / "__pycache__"
    yield Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "waterneedle"


def _keep(encoded: bytes, name: str) -> None:
    """Write the snapshot where it can be written; without one the facts are simply read again next time."""
    for folder in _snapshot_folders():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            temporary = folder / f"{name}.{os.getpid()}"
            temporary.write_bytes(encoded)
            temporary.replace(folder / name)
            for old in folder.glob("facts-*.msgpack"):
                if old.name != name:
                    old.unlink(missing_ok=True)
        except OSError:
            continue
        return


@functools.cache
def _digests() -> tuple[str, str]:
    """The hash of the facts, and that of the facts with the code that reads them: a new field must not meet an old snapshot."""
    facts = _hashed(ROOT)
    readers = facts.copy()
    for path in sorted(entry.path for entry in os.scandir(ROOT) if entry.name.endswith(".py")):
        _add(readers, path)
    return facts.hexdigest(), readers.hexdigest()


def digest(root: Path) -> str:
    """Hash of the fact files below `root`, of their names and contents."""
    return _hashed(root).hexdigest()


def _hashed(root: Path) -> Any:
    hasher = hashlib.sha256()
    for path in fact_paths(os.fspath(root)):
        _add(hasher, path)
    return hasher


def _add(hasher: Any, path: str) -> None:
    with open(path, "rb") as file:
        content = file.read()
    hasher.update(f"{os.path.basename(path)}:{len(content)}\n".encode())
    hasher.update(content)
