"""Sessions in the database, as Django keeps them, read by a statement that is made once: every request asks for one."""

from __future__ import annotations

import datetime
import functools
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.core import signing
from django.db.models import QuerySet
from django.utils import timezone

from waterneedle.clinic.database.prepared import prepared


class SessionStore(db.SessionStore):
    """`settings.SESSION_ENGINE`."""

    def decode(self, session_data: str) -> dict[str, Any]:
        try:
            return self.serializer().loads(_signed(session_data, self.key_salt))
        except signing.BadSignature:
            return super().decode(session_data)  # which says so in the log

    def _get_session_from_db(self) -> Session | None:
        found = _session(self.session_key, timezone.now()) if self.session_key else []
        if not found:
            self._session_key = None
        return found[0] if found else None


@functools.lru_cache(maxsize=500)
def _signed(session_data: str, salt: str) -> bytes:
    """The text of a session; its signature is looked at once, and the same text is read by each request until it changes."""
    return signing.loads(session_data, salt=salt, serializer=_AsItIs)


class _AsItIs:
    @staticmethod
    def loads(data: bytes) -> bytes:
        return data


@prepared
def _session(key: str, now: datetime.datetime) -> QuerySet[Any]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)
