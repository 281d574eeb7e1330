"""Tokens, and programs that hold one."""
from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from waterneedle.api import actions
from waterneedle.api.models import Scope, Token
from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.accounts.models import Clinic, User
from waterneedle.clinic.accounts.roles import Role

DAY = timedelta(days=1)


def make_token(clinic: Clinic, user: User, *scopes: str, name: str = "website", ends: timedelta = DAY) -> tuple[Token, str]:
    """A token and its secret; for everything when no scope is named. `ends` may be past: it was made two days before that."""
    by = Access(user=user, clinic=clinic, roles=frozenset({Role.OWNER}))
    expires_at = timezone.now() + ends
    return actions.make_token(
        name=name, scopes=scopes or Scope.values, expires_at=expires_at, by=by, now=min(timezone.now(), expires_at - 2 * DAY))


class Program:
    """Another program: no cookie, a token."""

    def __init__(self, secret: str | None) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.headers = {} if secret is None else {"Authorization": f"Bearer {secret}"}

    def post(self, path: str, content: bytes, kind: str = "application/json", **headers: str) -> Any:
        return self.client.post(f"/api/v1/{path}", content, content_type=kind, headers={**self.headers, **headers})

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str) -> Any:
        return self.client.get(f"/api/v1/{path}", query or {}, headers={**self.headers, **headers})


@pytest.fixture
def token(clinic: Clinic, owner: User) -> tuple[Token, str]:
    return make_token(clinic, owner)


@pytest.fixture
def program(token: tuple[Token, str]) -> Program:
    return Program(token[1])


@pytest.fixture
def program_with(clinic: Clinic, owner: User) -> Callable[..., Program]:
    def program(*scopes: str, **how: Any) -> Program:
        return Program(make_token(clinic, owner, *scopes, **how)[1])

    return program
