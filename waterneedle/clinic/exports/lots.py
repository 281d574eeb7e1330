"""Whether the number of a lot tells of somebody: a name, a date of birth or a telephone number, typed in its place.

Names are compared without accents and capitals, `ü` as `u` and as `ue`. A part of a name of four letters or more counts wherever
it stands among letters, one of three where it stands alone, and a shorter one never: labels print such letters too. A person who
is not on file, or whose name is written otherwise there, is not found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from waterneedle.clinic.accounts.models import Clinic, Membership
from waterneedle.clinic.patients.models import Guardian, Patient

_SHORTEST, _SURE = 3, 4  # letters of a part of a name
_SHORTEST_PHONE = 9  # digits, without the code of a country
_SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae", "ß": "ss"})
_SHORTEST_WHOLE = 8  # digits that are a date or a telephone number without anything between them
_BIRTHS = ("%Y%m%d", "%d%m%Y", "%m%d%Y", "%y%m%d", "%d%m%y", "%m%d%y")


@dataclass(frozen=True)
class People:
    """Parts of names, and dates of birth and telephone numbers as digits."""

    names: frozenset[str]
    digits: frozenset[str]

    def are_in(self, lot: str) -> bool:
        return any(self._named(letters) for letters in re.findall("[a-z]+", lot.lower())) or self._numbered(
            re.findall(r"\d+", lot))

    def _named(self, letters: str) -> bool:
        return letters in self.names or not self.names.isdisjoint(_parts(letters, _SURE))

    def _numbered(self, numbers: list[str]) -> bool:
        # Day, month and year apart may be short ones.
        if len(numbers) == 3 and "".join(number.zfill(2) for number in numbers) in self.digits:
            return True
        return not self.digits.isdisjoint(_parts("".join(numbers), _SHORTEST_WHOLE))


def people_of(clinic: Clinic) -> People:
    """All patients who are or were on file, who speaks for them, and who works here."""
    patients = Patient.objects.filter(clinic=clinic).values_list(
        "given_name", "family_name", "preferred_name", "birth_date", "phone")
    guardians = Guardian.objects.filter(clinic=clinic).values_list("name", "phone")
    names = {name for row in patients for name in row[:3]} | {name for name, _phone in guardians}
    names |= set(Membership.objects.filter(clinic=clinic).values_list("user__name", flat=True))
    births = [row[3] for row in patients if row[3] is not None]
    phones = {row[4] for row in patients} | {phone for _name, phone in guardians}
    return People(
        frozenset(part for name in names for part in name_parts(name)),
        frozenset(born.strftime(form) for born in births for form in _BIRTHS) | frozenset(_phones(phones)))


def name_parts(name: str) -> Iterator[str]:
    """What of a name counts: of "Jörg O'Brien-Li" `joerg`, `jorg` and `brien`."""
    small = unicodedata.normalize("NFC", name).casefold()
    for spelt in {small, small.translate(_SPELT)}:
        bare = "".join(sign for sign in unicodedata.normalize("NFKD", spelt) if not unicodedata.combining(sign))
        yield from (part for part in re.findall("[a-z]+", bare) if len(part) >= _SHORTEST)


def _phones(phones: Iterable[str]) -> Iterator[str]:
    for phone in phones:
        digits = re.sub(r"\D", "", phone)
        yield from (digits[start:] for start in range(len(digits) - _SHORTEST_PHONE + 1))


def _parts(text: str, shortest: int) -> Iterator[str]:
    """All that stands in a text one behind the other, of `shortest` signs and more."""
    return (text[start:end] for start in range(len(text)) for end in range(start + shortest, len(text) + 1))
