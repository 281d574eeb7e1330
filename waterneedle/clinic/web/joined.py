"""Style sheets that every page needs, joined into one file: a browser draws nothing before the last of them is there.

`settings.STYLES` names each joined file and its parts, in their order. It lies in the folder of its parts, as far as addresses in
them go, and is served as any other static file. It is written again when a part has changed.
"""
from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import FileSystemStorage


class JoinedStyles(finders.BaseFinder):
    """For `STATICFILES_FINDERS`, after those that find the parts."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.storage = FileSystemStorage(location=settings.STYLES_FOLDER)

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> str | list[str]:
        if path not in settings.STYLES:
            return []
        found = str(self._written(path))
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        for path in settings.STYLES:
            self._written(path)
            yield path, self.storage

    def _written(self, path: str) -> Path:
        target = Path(self.storage.path(path))
        joined = b"\n".join(Path(finders.find(part)).read_bytes() for part in settings.STYLES[path])
        if not target.exists() or target.read_bytes() != joined:
            target.parent.mkdir(parents=True, exist_ok=True)
            # Whole or not at all: other processes may read it at this moment.
            handle, name = tempfile.mkstemp(dir=target.parent)
            with open(handle, "wb") as file:
                file.write(joined)
            os.chmod(name, 0o644)
            os.replace(name, target)
        return target
