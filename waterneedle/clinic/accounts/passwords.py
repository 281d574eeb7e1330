"""What a password must be: long enough and not guessable. No rules of composition, no change by the calendar (ASVS 5.0, V6.2)."""
from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SHORTEST, ADVISED, LONGEST = 8, 15, 1000
NEARBY_WORDS = ("waterneedle", "water needle", "acupuncture", "injection", "password", "clinic")


class LengthValidator:
    """At least eight characters; fifteen are advised. The longest is far beyond what anybody types."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) < SHORTEST:
            raise ValidationError(_("Use at least %(n)d characters.") % {"n": SHORTEST}, code="password_too_short")
        if len(password) > LONGEST:
            raise ValidationError(_("Use at most %(n)d characters.") % {"n": LONGEST}, code="password_too_long")

    def get_help_text(self) -> str:
        return _("At least %(least)d characters, better %(advised)d or more: four or five words that do not belong together.") % {
            "least": SHORTEST, "advised": ADVISED}


class NearbyWordsValidator:
    """Not just a word that anybody would try here first, with digits around it."""

    def validate(self, password: str, user: Any = None) -> None:
        core = password.casefold().strip("0123456789!?.-_ ")
        if core in NEARBY_WORDS or core.replace(" ", "") in NEARBY_WORDS:
            raise ValidationError(_("This is too easy to guess here."), code="password_nearby")

    def get_help_text(self) -> str:
        return _("Not the name of this program or of the work.")
