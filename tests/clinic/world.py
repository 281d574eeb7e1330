"""Two clinics with people in every role, and what stands in their addresses: for tests that walk through all routes.

A room says in `tests/clinic/<room>/arguments.py` how to make what stands in its addresses:

    def lot(place: Place) -> UUID:              # for every <uuid:lot>
        return make_lot(place.clinic, by=place.access).uid

    def visit(place: Place) -> UUID:            # below <uuid:patient>: of `place.patient`
        return make_visit(place.patient, by=place.access).uid

    @any_of_clinic                              # may stand below any patient of the clinic, not only the one it was made for
    def other(place: Place) -> UUID: ...

`<room>__<argument>` is for the addresses of that room alone. `a_patient` makes the patient of a place.
"""
from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from clinic.people import make_clinic, make_person
from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.accounts.models import Clinic, User
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.accounts.routes import Route

ELSEWHERE = "Quillfeather"  # stands in the name of everything that belongs to the other clinic


@dataclass
class Place:
    """One clinic, and in it somebody who may do everything, and a patient."""

    clinic: Clinic
    access: Access  # owner, practitioner and instructor in one
    patient: Any = None
    made: dict[str, Any] = field(default_factory=dict)

    def arguments(self, route: Route) -> dict[str, Any]:
        """What stands in the address of `route` in this place; each thing is made once."""
        found = {"clinic": self.clinic.slug} if "clinic" in route.arguments else {}
        # In their order: what stands later may belong to what was made before it (`place.made["practitioner"]`).
        return found | {name: self._made(route, name) for name in route.arguments if name != "clinic"}

    def _made(self, route: Route, name: str) -> Any:
        if name == "patient":
            return self.patient.uid
        room = route.name.partition(":")[0]
        key = f"{room}__{name}" if f"{room}__{name}" in factories() else name
        if key not in self.made:
            if key not in factories():
                raise LookupError(f"tests/clinic/{room}/arguments.py must say how to make {name!r} of {route.pattern}")
            self.made[key] = factories()[key](self)
        return self.made[key]


@dataclass
class World:
    here: Place
    other_patient: Place  # in the same clinic, another patient
    elsewhere: Place
    people: dict[str, User]  # of the clinic here, by role; `nobody` works elsewhere


def any_of_clinic(made: Callable[[Place], Any]) -> Callable[[Place], Any]:
    made.any_of_clinic = True  # type: ignore[attr-defined]
    return made


def belongs_together(route: Route, name: str) -> bool:
    """Whether what stands for `name` in the address of `route` goes only with the patient, practitioner … it was made for."""
    if name in ("clinic", "patient"):
        return name == "patient"
    room = route.name.partition(":")[0]
    made = factories().get(f"{room}__{name}") or factories()[name]
    return not getattr(made, "any_of_clinic", False)


@functools.cache
def factories() -> dict[str, Callable[[Place], Any]]:
    """What the rooms say, by the name of the argument."""
    found: dict[str, Callable[[Place], Any]] = {}
    for path in sorted(Path(__file__).parent.glob("*/arguments.py")):
        module = importlib.import_module(f"clinic.{path.parent.name}.arguments")
        found |= {name: made for name, made in vars(module).items() if getattr(made, "__module__", "") == module.__name__}
    return found


def make_world() -> World:
    clinic, other = make_clinic("harbor", "Harbor Acupuncture"), make_clinic("hill", f"{ELSEWHERE} Clinic")
    everything = (Role.OWNER, Role.PRACTITIONER, Role.INSTRUCTOR)
    here = Place(clinic, _access(make_person(clinic, "Una Universal", *everything), clinic, everything))
    elsewhere = Place(other, _access(make_person(other, f"Ned {ELSEWHERE}", *everything), other, everything))
    people = {role: make_person(clinic, f"{role.replace(' ', '')} Person", role) for role in Role.values}
    people["nobody"] = make_person(other, f"Nora {ELSEWHERE}", *Role.values)
    beside = Place(clinic, here.access)
    if "a_patient" in factories():
        here.patient = factories()["a_patient"](here)
        beside.patient = factories()["a_patient"](beside)
        elsewhere.patient = factories()["a_patient"](elsewhere)
    return World(here, beside, elsewhere, people)


def _access(user: User, clinic: Clinic, roles: tuple[str, ...]) -> Access:
    return Access(user=user, clinic=clinic, roles=frozenset(roles))
