"""Sessions in the database, as Django keeps them, read by a statement that is made once: every request asks for one."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from waterneedle.clinic.database.prepared import prepared


class SessionStore(db.SessionStore):
    """`settings.SESSION_ENGINE`."""

    def _get_session_from_db(self) -> Session | None:
        found = _session(self.session_key, timezone.now()) if self.session_key else []
        if not found:
            self._session_key = None
        return found[0] if found else None


@prepared
def _session(key: str, now: datetime.datetime) -> QuerySet[Any]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)
