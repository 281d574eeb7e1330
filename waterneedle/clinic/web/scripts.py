"""The import map: by which name a script imports another, whatever its file is called once it carries its hash.

Every module below a room's `static/<room>/js/` is there as `<room>/<name>`, so that `import { toast } from "web/toast"` works in
every room. `settings.MODULES` adds what lies elsewhere: a name and its file, or a folder whose modules find each other by
relative paths. It is the only inline script, and it carries the nonce of the page.
"""
from __future__ import annotations

import functools
import json
from pathlib import PurePosixPath

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

_SHAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def import_map(request: HttpRequest | None = None) -> SafeString:
    nonce = getattr(request, "csp_nonce", None)
    # Asked by its text: as long as nobody has, it counts as false, and the policy goes out without it.
    attribute = format_html(' nonce="{}"', str(nonce)) if nonce is not None else ""
    return format_html('<script type="importmap"{}>{}</script>', attribute, _map())


@functools.cache
def _map() -> SafeString:
    imports = {name: static(path) for name, path in sorted((_modules() | _named()).items())}
    return mark_safe(json.dumps({"imports": imports}, separators=(",", ":")).translate(_SHAPES))


def _named() -> dict[str, str]:
    """The modules of `settings.MODULES`. Those of a folder are named by their bare address, where a relative path leads."""
    found = {name: path for name, path in settings.MODULES.items() if not path.endswith("/")}
    for folder in (path for path in settings.MODULES.values() if path.endswith("/")):
        found |= {f"{settings.STATIC_URL}{path}": path for path in _files() if _lies_in(path, folder)}
    return found


def _lies_in(path: str, folder: str) -> bool:
    return path.startswith(folder) and "/" not in path.removeprefix(folder) and path.endswith(".js")


def _files() -> list[str]:
    """Every static file, by the path below `static/`."""
    found = [(storage, path) for finder in get_finders() for path, storage in finder.list([])]
    return [PurePosixPath(getattr(storage, "prefix", None) or "", path).as_posix() for storage, path in found]


def _modules() -> dict[str, str]:
    """`web/toast` → `web/js/toast.js` for every script of every room."""
    found = {}
    for path in _files():
        parts = PurePosixPath(path).parts
        if len(parts) == 3 and parts[1] == "js" and parts[2].endswith(".js"):
            found[f"{parts[0]}/{parts[2].removesuffix('.js')}"] = path
    return found
