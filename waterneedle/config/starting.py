"""What happens when a server starts: it refuses a database that is not whole, and begins to drain the outbox."""
from __future__ import annotations

from django.db import DatabaseError, connection


def problem() -> str:
    """Why nobody can work on the database, and what to do about it; empty when it is up to date and guards its trail."""
    # late: the apps must be ready
    from waterneedle.clinic.accounts import routes
    from waterneedle.clinic.audit.checks import trail_is_guarded
    from waterneedle.clinic.database import schema

    if open_routes := routes.undeclared():
        return f"{open_routes[0].pattern} does not declare who may open it"
    try:
        if wrong := schema.problem(schema.schema()):
            return wrong
        guarded = trail_is_guarded(databases=["default"])
    except DatabaseError as error:
        return f"the database cannot be reached: {str(error).strip()}"
    return "\n".join(f"{one.msg} ({one.hint})" if one.hint else str(one.msg) for one in guarded)


def begin() -> None:
    """Refuse to start on a database that is not whole. With SQLite this process sends what is due, too."""
    # late: the apps must be ready
    from waterneedle.clinic.outbox.worker import start_thread

    if wrong := problem():
        raise SystemExit(wrong)
    if connection.vendor == "sqlite":
        start_thread()
