"""Who somebody is, once they have signed in: the row of a session's user, by a statement that is made once."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import QuerySet

from waterneedle.clinic.accounts.models import User
from waterneedle.clinic.database.prepared import prepared


class Backend(AuthenticationBackend):
    """`settings.AUTHENTICATION_BACKENDS`: the library's own way of signing in, and a fast way of staying so."""

    def get_user(self, user_id: int) -> User | None:
        found = _user(int(user_id))
        return found[0] if found and self.user_can_authenticate(found[0]) else None


@prepared
def _user(number: int) -> QuerySet[Any]:
    return User.objects.filter(pk=number)
