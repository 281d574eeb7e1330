"""What the columns of a record are called on paper, where the model itself has no word for people."""
from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

_WORDS = {
    "about": _("about"),
    "acknowledged_at": _("seen"),
    "acknowledged_name": _("seen by"),
    "answered_at": _("answered"),
    "answers": _("answers"),
    "asked_at": _("asked"),
    "asked_by": _("asked by"),
    "at": _("when"),
    "attempts": _("attempts"),
    "began_at": _("from"),
    "blocked": _("given although the check said no"),
    "booking": _("booking"),
    "by": pgettext_lazy("who did it", "by"),
    "concept": _("in the vocabulary"),
    "decision": _("decision"),
    "deviation_why": _("why given otherwise"),
    "discard_at": _("good until"),
    "done_at": pgettext_lazy("when", "done"),
    "drawn_at": _("drawn"),
    "drawn_by": _("drawn up by"),
    "due_at": _("due"),
    "ended_at": _("ended"),
    "ended_by": _("ended by"),
    "ends_at": _("until"),
    "error": _("what went wrong"),
    "event": _("adverse event"),
    "expires_at": _("good until"),
    "fact": _("entered as"),
    "first_day": _("first day"),
    "first_signed_at": _("first visit signed"),
    "given_at": _("needle went in"),
    "hash": _("hash"),
    "injection": _("injection"),
    "injections": _("injections"),
    "instrument": _("instrument"),
    "kept": _("record that is read"),
    "kind": _("kind"),
    "language": _("language"),
    "last_day": _("last day"),
    "level": _("what it was taken for"),
    "line": _("line"),
    "link": _("link"),
    "made_at": _("entered"),
    "made_by": _("entered by"),
    "method": _("proved by"),
    "name": pgettext_lazy("who was told", "to whom"),
    "none": _("said that there are none"),
    "note": _("note"),
    "nudge": _("beside the point, in mm"),
    "number": _("number"),
    "opened_at": _("opened"),
    "other": _("other record"),
    "outcome": _("outcome"),
    "owner": _("whose"),
    "parted_at": _("parted"),
    "parted_by": _("parted by"),
    "parted_why": _("why parted"),
    "practitioner": _("practitioner"),
    "purpose": _("for what"),
    "raised_at": _("raised"),
    "recall": _("recall"),
    "recipients": _("to whom"),
    "removed_at": _("taken back"),
    "retracted_at": _("retracted"),
    "retracted_why": _("why retracted"),
    "reviewed_at": _("when"),
    "reviewed_by": pgettext_lazy("who did it", "by"),
    "revoked_at": _("revoked"),
    "role": _("role"),
    "round": _("round"),
    "rule": _("rule"),
    "said": _("in their words"),
    "said_by": _("who said it"),
    "score": _("score"),
    "sent_at": _("sent"),
    "seq": _("number"),
    "service": _("service"),
    "signed_at": _("signed"),
    "signed_by": _("signed by"),
    "signed_name": _("signed by"),
    "source": _("file"),
    "starts_at": _("from"),
    "state": _("state"),
    "status": _("status"),
    "step": _("step"),
    "struck_at": _("struck"),
    "struck_by": _("struck by"),
    "submitted_at": _("sent back"),
    "submitted_by": _("sent back by"),
    "syringe": _("syringe"),
    "task": _("task"),
    "until": _("until"),
    "use": _("emergency access"),
    "used_at": _("used"),
    "user": _("who"),
    "value": _("value"),
    "vial": _("vial"),
    "visit": _("visit"),
    "visits.Syringe.drawn_at": _("drawn up"),
    "way": _("way"),
    "week": _("week"),
    "what": _("what"),
    "why": _("why"),
}


def label(field: models.Field) -> str:
    """The word for a column: the model's own where it has one that is translated, else ours, else its name."""
    said = str(word_of(field) or field.verbose_name)
    return said[:1].upper() + said[1:]


def word_of(field: models.Field) -> Any:
    """The translated word for a column; None where there is none, and it would stand in English on every paper."""
    if isinstance(field.verbose_name, Promise):
        return field.verbose_name
    return _WORDS.get(f"{field.model._meta.label}.{field.name}") or _WORDS.get(field.name)
