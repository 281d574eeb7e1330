"""What happens when a server starts: it refuses a database that does not guard its trail, and begins to drain the outbox."""
from __future__ import annotations

from django.db import connection


def begin() -> None:
    """Refuse to start while a frozen table is unguarded. With SQLite this process sends what is due, too."""
    # late: the apps must be ready
    from waterneedle.clinic.audit.checks import trail_is_guarded
    from waterneedle.clinic.outbox.worker import start_thread

    problems = trail_is_guarded(databases=["default"])
    if problems:
        raise SystemExit("\n".join(f"{one.msg} ({one.hint})" if one.hint else str(one.msg) for one in problems))
    if connection.vendor == "sqlite":
        start_thread()
