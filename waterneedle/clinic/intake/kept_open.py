"""A door that was opened stays open in that browser for a while, for the addresses of its link alone: a signed cookie says so."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase


@dataclass(frozen=True)
class KeptOpen:
    """Doors of one kind: `name` begins the names of their cookies and is what they are salted with."""

    name: str

    def is_open(self, request: HttpRequest, uid: UUID, for_s: int) -> bool:
        """Whether this browser opened the door of `uid` less than so many seconds ago."""
        return request.get_signed_cookie(self._cookie(uid), default="", salt=self._salt, max_age=for_s) == str(uid)

    def keep(self, response: HttpResponseBase, request: HttpRequest, uid: UUID, *, path: str, for_s: int) -> None:
        """Leave the door of `uid` open for the addresses below `path`."""
        response.set_signed_cookie(
            self._cookie(uid), str(uid), salt=self._salt, max_age=for_s, path=path, httponly=True, secure=request.is_secure(),
            samesite="Lax")

    def close(self, response: HttpResponseBase, uid: UUID, *, path: str) -> None:
        response.delete_cookie(self._cookie(uid), path=path)

    @property
    def _salt(self) -> str:
        return f"waterneedle.{self.name}.door"

    def _cookie(self, uid: UUID) -> str:
        return f"door_{self.name}_{uid.hex}"
