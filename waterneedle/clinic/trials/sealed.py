"""The sequence: a seed that nobody sees, and the arm that it gives for a place.

The seed comes from the randomness of the operating system when the plan is frozen. It lies in the database sealed with the key
of the house, which lies outside of it, and is opened for the moment in which one place is drawn. Each arm is sealed by itself, so
that what was given then can be compared with what the seed says when the trial has ended. Nothing of this is ever in the message
of an error: a report of an error shows no variable of the functions here.
"""

from __future__ import annotations

import secrets

from django.views.decorators.debug import sensitive_variables

from waterneedle.clinic.accounts.sealing import InvalidToken, seal, unseal
from waterneedle.clinic.trials import plan as plans
from waterneedle.clinic.trials.models import Allocation, Trial
from waterneedle.outcomes.allocation import SEED_BYTES

CODE_SIGNS, CODE_LENGTH = "34679ACDEFHJKMNPRTWXY", 4  # none that is taken for another when it is read aloud or written by hand


class CannotBeOpened(RuntimeError):
    """The key of the house is another one than that with which the seed was sealed."""


@sensitive_variables()
def draw() -> bytes:
    return secrets.token_bytes(SEED_BYTES)


@sensitive_variables()
def sealed_seed(seed: bytes) -> str:
    return seal(seed.hex())


def code() -> str:
    """A code that says nothing of the arm or the place. Of one trial it is unique, which the database sees to."""
    return "".join(secrets.choice(CODE_SIGNS) for _sign in range(CODE_LENGTH))


@sensitive_variables()
def sealed_arm_at(trial: Trial, stratum: str, place: int) -> str:
    """The arm of a place, sealed: whoever allocates holds nothing that can be read."""
    return seal(str(plans.sequence(trial.says, seed_of(trial), stratum, place + 1)[place].arm))


@sensitive_variables()
def seed_of(trial: Trial) -> bytes:
    return bytes.fromhex(_opened(trial.sealed_seed))


@sensitive_variables()
def arm_of(one: Allocation) -> int:
    """Which arm an allocation has: for who prepares it, for who had it opened, for the count of harm, and after the end."""
    return int(_opened(one.sealed_arm))


def _opened(sealed: str) -> str:
    try:
        return unseal(sealed)
    except InvalidToken:
        raise CannotBeOpened("the key of the house does not open what was sealed for this trial") from None
