"""Django's way to send mail, led through the outbox: what a library sends is written with its cause and sent later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from waterneedle.clinic.outbox.letters import post


class OutboxBackend(BaseEmailBackend):
    """Named in the settings as EMAIL_BACKEND."""

    def send_messages(self, email_messages: Sequence[Any]) -> int:
        """Take the messages into the outbox, all or none; how many have somebody to go to."""
        with transaction.atomic():
            taken = [post(one, about="account") for one in email_messages if one.recipients()]
        return len(taken)
