"""Letters of this room, in the language of who gets them. They go where `settings.EMAIL_BACKEND` takes them: into the outbox."""
from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation


def send(name: str, to: str, *, language: str = "", **context: Any) -> None:
    """Send `accounts/mail/<name>.txt` to the address `to`, in the transaction of what has caused it.

    The first line of the text is the subject.
    """
    with translation.override(language or settings.LANGUAGE_CODE):
        text = render_to_string(f"accounts/mail/{name}.txt", context | {"public_url": settings.PUBLIC_URL})
    subject, _, body = text.strip().partition("\n")
    EmailMessage(" ".join(subject.split()), body.strip() + "\n", to=[to]).send()
