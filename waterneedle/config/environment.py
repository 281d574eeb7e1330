"""What the environment says, read strictly: a value that cannot be understood stops the start and names its variable."""
from __future__ import annotations

import os
import secrets
import shlex
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

ASKED: set[str] = set()  # every name that was looked for: another one that begins like them is misspelled
_YES, _NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


def env_text(name: str, default: str = "") -> str:
    ASKED.add(name)
    return os.environ.get(name, "").strip() or default


def env_bool(name: str, default: bool = False) -> bool:
    value = env_text(name).lower()
    if value in _YES | _NO:
        return value in _YES
    if value:
        raise ImproperlyConfigured(f"{name} must be true or false, got {value!r}")
    return default


def env_int(name: str, default: int, *, lowest: int = 0) -> int:
    value = env_text(name)
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or int(value) < lowest:
        raise ImproperlyConfigured(f"{name} must be a whole number of at least {lowest}, got {value!r}")
    return int(value)


def env_list(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """The values of `name`, which are separated by commas."""
    return [part.strip() for part in env_text(name).split(",") if part.strip()] or list(default)


def env_command(name: str) -> list[str]:
    """The words of a command line, quoted as for a shell; no shell reads it."""
    try:
        return shlex.split(env_text(name))
    except ValueError as problem:
        raise ImproperlyConfigured(f"{name} must be a command, got {env_text(name)!r}: {problem}") from problem


def env_secret(name: str, *, made_at: Path | None = None, shortest: int = 32) -> str:
    """The secret `name`: its value, or the content of the file that `name`_FILE names.

    When the environment has neither, the file `made_at` is read, and made with a random secret if it is absent
    (only its owner may read it). A secret shorter than `shortest` characters is refused.
    """
    value, path = env_text(name), env_text(f"{name}_FILE")
    if value and path:
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both set; keep one")
    if path:
        value = _content(f"{name}_FILE", Path(path))
    elif not value and made_at is not None:
        value = _made(name, made_at)
    if len(value) < shortest:
        raise ImproperlyConfigured(f"{name} must be a secret of at least {shortest} characters (or set {name}_FILE)")
    return value


def env_database(name: str, default: Path) -> dict[str, object]:
    """The engine, name and address of the database at the URL `name`; the SQLite file `default` when it is not set.

    `postgresql://user:password@host:5432/name`, or `?host=/folder/of/the/socket`; `sqlite:////absolute/file`.
    """
    url = env_text(name)
    parts = urlsplit(url)
    if not url:
        return {"ENGINE": "waterneedle.clinic.database.sqlite", "NAME": default}
    if parts.scheme == "sqlite" and parts.path.strip("/"):
        return {"ENGINE": "waterneedle.clinic.database.sqlite", "NAME": Path(unquote(parts.path[1:]))}
    if parts.scheme in {"postgres", "postgresql"} and parts.path.strip("/"):
        options = dict(parse_qsl(parts.query))
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or options.pop("host", ""),
            "PORT": str(parts.port or options.pop("port", "")),
            "OPTIONS": options,
        }
    # The value is not shown: it holds a password.
    raise ImproperlyConfigured(f"{name} must be postgresql://user:password@host/name or sqlite:////absolute/file")


def _content(name: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise ImproperlyConfigured(f"{name} names {path}, which cannot be read: {problem}") from problem


def _made(name: str, path: Path) -> str:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    except OSError as problem:
        raise ImproperlyConfigured(f"{name} is not set, and {path} cannot be made for it: {problem}") from problem
    return _content(name, path)
