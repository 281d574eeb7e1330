"""Tokens made, revoked and used. Each of it is in the trail; of what a program sends or gets, nothing is."""
from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db import transaction

from waterneedle.api.models import Scope, Token
from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.audit.actions import append
from waterneedle.clinic.audit.who import NAME_LENGTH, Who

BEGINS = 9  # characters of a secret that stay visible: wn_ and 36 of its 256 bits
WINDOW = timedelta(minutes=1)
Refusal = Literal["", "closed", "scope", "often"]


@dataclass(frozen=True)
class Use:
    """What became of one use of a token that is on file: `refused` says why not, `wait_s` when to come again."""

    token: Token
    refused: Refusal = ""
    wait_s: int = 0


@transaction.atomic
def make_token(*, name: str, scopes: Iterable[str], expires_at: datetime, by: Access, now: datetime) -> tuple[Token, str]:
    """A token of the clinic in which `by` works, and its secret: 256 random bits that are kept nowhere."""
    secret = f"wn_{secrets.token_urlsafe(32)}"
    opens = [scope for scope in Scope.values if scope in set(scopes)]
    token = Token.objects.create(
        clinic=by.clinic, name=name, begins=secret[:BEGINS], hash=hash_of(secret), scopes=opens, made_by=by.user, made_at=now,
        expires_at=expires_at)
    append(by=by, action="create", kind="token", uid=token.uid, detail={"scopes": opens, "expires": expires_at.isoformat()})
    return token, secret


@transaction.atomic
def revoke(*, token: Token, by: Access, now: datetime) -> bool:
    """Close `token` from now on; False if it was closed before."""
    if not Token.objects.filter(pk=token.pk, clinic=by.clinic, revoked_at=None).update(revoked_at=now):
        return False
    append(by=by, action="end", kind="token", uid=token.uid)
    return True


def use(secret: str, *, scope: str, now: datetime, per_minute: int) -> Use | None:
    """Use the token with this secret for `scope`, at most `per_minute` times a minute; None if there is none.

    Whatever is shown is hashed and looked up by its hash, so that the time it takes says nothing about a secret that is on
    file. Who has no token causes no write.
    """
    wanted = hash_of(secret)
    found = Token.objects.filter(hash=wanted).values_list("pk", "hash").first()
    if found is None or not hmac.compare_digest(bytes(found[1]), wanted):
        return None
    return _use(found[0], scope, now, per_minute)


def hash_of(secret: str) -> bytes:
    """What is kept of a secret. It cannot be guessed, so that a plain hash is enough."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


@transaction.atomic
def _use(pk: int, scope: str, now: datetime, per_minute: int) -> Use:
    # Read again under the lock: what was revoked a moment ago is closed.
    token = Token.objects.select_for_update(of=("self",)).select_related("clinic").get(pk=pk)
    if token.window_at is None or not timedelta(0) <= now - token.window_at < WINDOW:
        token.window_at, token.window_uses = now, 0
    token.window_uses += 1
    counted = ["window_at", "window_uses"]
    refused: Refusal = (
        "often" if token.window_uses > per_minute else "closed" if not token.is_open(now)
        else "scope" if scope not in token.scopes else "")
    if not refused:
        token.last_used_at = now
        counted.append("last_used_at")
    if token.window_uses <= per_minute + 1:  # of those that come too often the first alone is written down
        token.save(update_fields=counted)
        _write_down(token, scope, refused)
    wait_s = max(1, int((token.window_at + WINDOW - now).total_seconds() + 1)) if refused == "often" else 0
    return Use(token, refused, wait_s)


def _write_down(token: Token, scope: str, refused: Refusal) -> None:
    program = Who(clinic_id=token.clinic_id, zone=token.clinic.tzinfo, user_name=token.name[:NAME_LENGTH], role="token")
    detail = {"door": scope, "why": refused} if refused else {"door": scope}
    append(by=program, action="refuse" if refused else "use", kind="token", uid=token.uid, detail=detail)
