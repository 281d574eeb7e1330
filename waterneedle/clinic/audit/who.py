"""Who does something, and from where: what every entry of the trail says besides what was done.

`by` is whatever stands for a person at work in a clinic (`accounts.access.Access`: user, clinic, roles) or a `Who`.
The trail is the lowest room and imports neither users nor clinics; it takes from them what it writes down: ids, and
the names as they are at that moment.
"""

from __future__ import annotations

from contextvars import ContextVar
from datetime import tzinfo
from typing import Any, Protocol
from uuid import UUID

import msgspec

NAME_LENGTH = 160
MACHINE = "machine"  # the role of the product itself


class Person(Protocol):
    """A person at work in one clinic."""

    @property
    def user(self) -> Any: ...  # uid, name
    @property
    def clinic(self) -> Any: ...  # id, tzinfo
    @property
    def roles(self) -> frozenset[str]: ...


class Who(msgspec.Struct, frozen=True, kw_only=True):
    """The one who acts, as an entry says it. `clinic_id` None: nobody's clinic, such as an account that signs in."""

    clinic_id: int | None = None
    zone: tzinfo | None = None
    user_uid: UUID | None = None
    user_name: str = ""
    role: str = ""
    on_behalf: str = ""  # of whom, where somebody acts for another


class Where(msgspec.Struct, frozen=True, kw_only=True):
    """Where a request comes from. All empty for work that no request has asked for."""

    ip: str = ""
    agent: str = ""  # hash of the browser's name: the same browser can be seen again, without writing down what it is
    request_id: str = ""


NOWHERE = Where()
where: ContextVar[Where] = ContextVar("where", default=NOWHERE)


def who(by: Person | Who) -> Who:
    """What an entry says of `by`."""
    if isinstance(by, Who):
        return by
    return Who(
        clinic_id=by.clinic.id,
        zone=by.clinic.tzinfo,
        user_uid=by.user.uid,
        user_name=by.user.name[:NAME_LENGTH],
        role=", ".join(sorted(by.roles)),
        on_behalf=getattr(by, "on_behalf", "")[:NAME_LENGTH],
    )


def machine(name: str, clinic: Any = None) -> Who:
    """The product itself at work, as `name` (`outbox`, `upgrade`), in `clinic` or in none."""
    return Who(clinic_id=clinic and clinic.id, zone=clinic and clinic.tzinfo, user_name=name, role=MACHINE)
