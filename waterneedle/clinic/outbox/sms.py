"""Messages to telephones: handed to a service of the operator's choice by one signed HTTPS request each.

    POST <WATERNEEDLE_SMS_URL>
    Content-Type: application/json
    Idempotency-Key: 0194…-…                       the id of the message: the same for every attempt
    X-Waterneedle-Signature: t=1764200000,v1=9f86…  HMAC-SHA256 of "<t>.<body>" with the secret, in hexadecimal

    {"id":"0194…","to":"+12065550117","text":"…","language":"es"}

2xx takes the message. 408, 425, 429 and 5xx, or no answer, are tried again later; any other answer refuses it for good. A service
that takes the same key twice sends once: a worker that dies between the answer and its own note asks again with the same key.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import re
import ssl
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.outbox import letters
from waterneedle.clinic.outbox.handlers import Refused, handler
from waterneedle.clinic.outbox.models import Channel, Job, Letter
from waterneedle.clinic.outbox.parts import in_fewer_parts

KIND = "outbox.sms"
LONGEST = 480  # characters; in four parts, and in eight without the alphabet of SMS (`parts.py`)
_INTERNATIONAL = re.compile(r"\+[1-9]\d{6,14}")  # ITU-T E.164
_AGAIN = frozenset({408, 425, 429})


@transaction.atomic
def send_sms(
    *,
    to: str,
    text: str,
    clinic: Clinic | None,
    about: str,
    key: str = "",
    patient: Any = None,
    language: str = "",
    due_at: datetime | None = None,
    waking_hours: bool = True,
) -> Job:
    """Have a text sent to a telephone when it is due; its job. The same `key` twice is one message, the first. It is spelled so
    that it takes the fewest parts."""
    if not international(to):
        raise ValueError("a number for SMS begins with + and its country")
    if len(text) > LONGEST:
        raise ValueError(f"an SMS has at most {LONGEST} characters, got {len(text)}")

    text = in_fewer_parts(text)

    def content(uid: UUID, at: datetime) -> bytes:
        return msgspec.json.encode({"id": str(uid), "to": international(to), "text": text, "language": language})

    return letters.take_in(
        kind=KIND,
        channel=Channel.SMS,
        content=content,
        sender="",
        recipients=[international(to)],
        clinic=clinic,
        about=about,
        key=key,
        patient=patient,
        language=language,
        due_at=due_at,
        waking_hours=waking_hours,
    )


def can_send() -> bool:
    """Whether this installation has been told of a service for SMS."""
    return bool(settings.SMS_URL)


def international(phone: str) -> str:
    """The number with its country as E.164 writes it; empty for one without a country, which nobody guesses."""
    bare = re.sub(r"[\s().\-/]", "", phone)
    return bare if _INTERNATIONAL.fullmatch(bare) else ""


@handler(KIND, outside=True, dead=letters.given_up)
def send(job: Job, now: datetime) -> None:
    letter = Letter.objects.select_related("clinic", "patient").get(job=job)
    if letter.sealed is None:
        raise Refused("the message is not there any more")
    _post(letters.unsealed(letter), str(letter.uid))


def signature(body: bytes, at: int, secret: str) -> str:
    """What stands in the header, so that a service knows who asks and that nothing was changed on the way."""
    made = hmac.new(secret.encode(), str(at).encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={made}"


def _post(body: bytes, key: str) -> None:
    address = urlsplit(settings.SMS_URL)
    server = _connection(address)
    try:
        at = int(timezone.now().timestamp())
        server.request(
            "POST",
            f"{address.path or '/'}{'?' + address.query if address.query else ''}",
            body,
            {
                "Content-Type": "application/json",
                "Idempotency-Key": key,
                "X-Waterneedle-Signature": signature(body, at, settings.SMS_SECRET),
            },
        )
        status = server.getresponse().status
    except http.client.HTTPException as problem:
        raise OSError(f"the SMS service does not answer as it should: {type(problem).__name__}") from problem
    finally:
        server.close()
    if 200 <= status < 300:
        return
    if status in _AGAIN or status >= 500:
        raise OSError(f"the SMS service answers {status}")
    raise Refused(f"the SMS service refuses the message: {status}")


def _connection(address: Any) -> http.client.HTTPConnection:
    if address.scheme == "https":
        return http.client.HTTPSConnection(
            address.hostname, address.port, timeout=settings.EMAIL_TIMEOUT, context=ssl.create_default_context()
        )
    return http.client.HTTPConnection(address.hostname, address.port, timeout=settings.EMAIL_TIMEOUT)
