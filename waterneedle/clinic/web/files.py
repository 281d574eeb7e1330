"""Addresses of scripts, styles and fonts that change when the file does, so that no browser keeps an old one after an upgrade."""
from __future__ import annotations

import functools
import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class VersionedFiles(StaticFilesStorage):
    """`STORAGES["staticfiles"]`: the address of a file ends in `?v=` and the beginning of its hash."""

    def url(self, name: str | None) -> str:
        if settings.DEBUG:
            return self._versioned(name, _version.__wrapped__(name))
        known = self.__dict__.setdefault("known", {})
        return known.get(name) or known.setdefault(name, self._versioned(name, _version(name)))

    def _versioned(self, name: str | None, version: str) -> str:
        address = super().url(name)
        return f"{address}?v={version}" if version else address


@functools.cache
def _version(name: str) -> str:
    """The first ten digits of the SHA-256 of the file `name`; "" for a folder or a file that is not there."""
    found = finders.find(name)
    if not found or not Path(found).is_file():
        return ""
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:10]
