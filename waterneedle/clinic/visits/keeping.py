"""Protocols that a clinic keeps: what was injected together in a signed visit, under a name, to be planned again for anybody.

Kept are places with side, volume, route and direction, and depth and angle where no danger lies. Nothing of the patient is, and
no lot, needle, answer or score. Whether one helps, nothing on file says: it is what somebody did.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.patients.models import Side
from waterneedle.clinic.visits import actions, queries
from waterneedle.clinic.visits.actions import Site
from waterneedle.clinic.visits.closed import in_place_of_the_fluid
from waterneedle.clinic.visits.copying import NOTHING_FILLED, PLACE
from waterneedle.clinic.visits.cosigning import countersignature_of
from waterneedle.clinic.visits.danger import is_dangerous
from waterneedle.clinic.visits.drafts import NotCharted
from waterneedle.clinic.visits.fluids import fluid_of, name_of
from waterneedle.clinic.visits.models import ROUTES, Injection, Status, Syringe, Technique, Visit
from waterneedle.clinic.visits.models_kept import KeptPlace, KeptProtocol
from waterneedle.clinic.visits.rows import injections_of
from waterneedle.clinic.web import words

KEPT = (*PLACE, "technique", "route", "volume_ml", "direction")
KEPT_WHERE_HARMLESS = ("depth_mm", "depth_max_mm", "angle_deg")
SIDES = (Side.LEFT, Side.RIGHT)
BESIDE = 6  # so many stand beside the syringe; the others are in the list


@dataclass(frozen=True)
class KeptRow:
    """One to be chosen. `sides`: those asked for, where all of its places lie on one side."""

    kept: KeptProtocol
    places: tuple[KeptPlace, ...]
    sides: tuple[tuple[str, str], ...]
    is_of_fluid: bool  # what is in the syringe in hand
    needs_syringe: bool
    summary: str  # such as: 6 places, each 0.3 mL, 5 mm


# --- keeping


def fluids_of(visit: Visit) -> dict[str, str]:
    """What was injected in a visit, by `fluid_of`, as the shelf calls it; "" alone where needles went in and no fluid."""
    given = _given(visit)
    found = {fluid_of(one.syringe): name_of(one.syringe) for one in given if one.syringe}
    return found or ({"": ""} if given else {})


def may_be_kept(visit: Visit) -> bool:
    """Whether something of a signed visit can be kept: not of one that was struck, nor where the fluid is nobody's to tell, nor
    of a student's before somebody stands for it."""
    strike, signature = queries.strike_of(visit), queries.signature_of(visit)
    if signature is None or (signature.supervisor_id is not None and countersignature_of(visit) is None):
        return False
    is_closed = (strike is not None and strike.struck_at is not None) or bool(in_place_of_the_fluid(visit))
    return not is_closed and bool(_given(visit))


@transaction.atomic
def keep(*, visit: Visit, name: str, by: Person, fluid: str | None = None) -> KeptProtocol:
    """Keep what was given in a signed visit. `fluid`: of several, which one (`fluids_of`), kept with what was needled alone.

    Raises NotCharted where nothing can be kept, where there are several fluids and none is said, and for a name that is taken.
    """
    fluids = fluids_of(visit) if may_be_kept(visit) else {}
    if not fluids:
        raise NotCharted(_("nothing of this visit can be kept"))
    chosen = next(iter(fluids)) if fluid is None and len(fluids) == 1 else fluid
    if chosen not in fluids:
        raise NotCharted(_("say which of the fluids"))
    kept = KeptProtocol(
        clinic=by.clinic, name=" ".join(name.split()), fluid=chosen, fluid_name=fluids[chosen], kept_at=timezone.now(),
        kept_by=by.user)
    _save(kept)
    of_fluid = [one for one in _given(visit) if one.syringe is None or fluid_of(one.syringe) == chosen]
    KeptPlace.objects.bulk_create(_place(kept, seq, one) for seq, one in enumerate(of_fluid, 1))
    audit.append(by=by, action="keep", kind="protocol", uid=kept.uid, patient=visit.patient.uid)
    return kept


@transaction.atomic
def remove(*, kept: KeptProtocol, by: Person) -> None:
    """It is offered no longer; `restore` undoes it."""
    kept.removed_at = timezone.now()
    kept.save(update_fields=["removed_at"])
    audit.append(by=by, action="remove", kind="protocol", uid=kept.uid)


@transaction.atomic
def restore(*, kept: KeptProtocol, by: Person) -> None:
    """Undo `remove`. Raises NotCharted where its name was given to another one meanwhile."""
    kept.removed_at = None
    _save(kept, update_fields=["removed_at"])
    audit.append(by=by, action="restore", kind="protocol", uid=kept.uid)


def may_remove(kept: KeptProtocol, by: Access) -> bool:
    """Who kept it may, and who runs the clinic."""
    return kept.kept_by_id == by.user.pk or by.may("clinic.write")


# --- choosing


def kept_in(clinic: Clinic, syringe: Syringe | None, **only: Any) -> list[KeptRow]:
    """Those of a clinic, by name; those with what is in the syringe first."""
    found = KeptProtocol.objects.filter(clinic=clinic, removed_at=None, **only).select_related("kept_by")
    rows = [_row(one, fluid_of(syringe) if syringe else None) for one in found.prefetch_related("places")]
    return sorted(rows, key=lambda row: (not row.is_of_fluid, row.kept.name.casefold()))


def offered(syringe: Syringe, visit: Visit, by: Person) -> tuple[list[KeptRow], int]:
    """The first that the person has kept with what is in the syringe, and how many more there are. None where the visit is kept
    closed: nothing of it may be told."""
    if in_place_of_the_fluid(visit):
        return [], 0
    found = kept_in(visit.clinic, syringe, kept_by=by.user, fluid=fluid_of(syringe))
    return found[:BESIDE], len(found[BESIDE:])


@transaction.atomic
def plan(
    *, visit: Visit, kept: KeptProtocol, by: Person, syringe: Syringe | None = None, side: str = "",
    each: Mapping[str, Any] | None = None,
) -> list[Injection]:
    """Plan its places. `side`: on which, where all of them lie on one.

    `each` (`volume_ml`, `depth_mm`, `angle_deg`) is what was said today: depth and angle go before those that were kept, and the
    volume takes the place of that of another fluid. At a danger point depth, angle and needle stay open. Raises NotCharted where
    the side is asked for and not said, and where something is to be injected and no syringe is loaded.
    """
    places = _places(kept)
    is_asked = _lie_on_one_side(places)
    if is_asked and side not in SIDES:
        raise NotCharted(_("say on which side"))
    is_same = syringe is not None and fluid_of(syringe) == kept.fluid
    made = []
    for place in places:
        is_injected = place.technique == Technique.INJECTION
        if is_injected and syringe is None:
            raise NotCharted(_("load the syringe first"))
        at = {name: getattr(place, name) for name in PLACE}
        if is_asked and at["side"] in SIDES:
            at["side"] = side
        fields = _fields(place, each or {}, is_same=is_same)
        made += actions.add(visit=visit, sites=[Site(**at)], syringe=syringe if is_injected else None, by=by, **fields)
    return made


# --- what it is made of


def _given(visit: Visit) -> list[Injection]:
    return [one for one in injections_of(visit) if one.status == Status.GIVEN]


def _save(kept: KeptProtocol, **how: Any) -> None:
    """Raises NotCharted without a name, and for one that another protocol has."""
    if not kept.name:
        raise NotCharted(_("a protocol needs a name"))
    try:
        with transaction.atomic():
            kept.save(**how)
    except IntegrityError:
        if not KeptProtocol.objects.filter(clinic_id=kept.clinic_id, name=kept.name, removed_at=None).exists():
            raise
        raise NotCharted(_("there is a protocol %(name)s already") % {"name": kept.name}) from None


def _place(kept: KeptProtocol, seq: int, one: Injection) -> KeptPlace:
    names = KEPT if _is_dangerous(one) else (*KEPT, *KEPT_WHERE_HARMLESS)
    fields = {name: getattr(one, name) for name in names}
    if one.route not in ROUTES:  # where it went by mistake is no place to plan
        fields["route"] = ""
    return KeptPlace(clinic=kept.clinic, protocol=kept, seq=seq, **fields)


def _is_dangerous(one: Injection | KeptPlace) -> bool:
    return is_dangerous(point=one.point, muscle=one.muscle, region=one.region, level=one.level)


def _places(kept: KeptProtocol) -> list[KeptPlace]:
    return sorted(kept.places.all(), key=lambda one: one.seq)


def _lie_on_one_side(places: list[KeptPlace]) -> bool:
    """Whether all places that lie on a side lie on the same."""
    return len({one.side for one in places if one.side in SIDES}) == 1


def _fields(place: KeptPlace, each: Mapping[str, Any], *, is_same: bool) -> dict[str, Any]:
    fields: dict[str, Any] = {"route": place.route} if place.route else {}
    if place.direction:
        fields["direction"] = place.direction
    is_injected = place.technique == Technique.INJECTION
    if is_injected:
        fields["volume_ml"] = place.volume_ml if is_same else each.get("volume_ml")
    if _is_dangerous(place):
        return fields | NOTHING_FILLED
    said = {name: each[name] for name in ("depth_mm", "angle_deg") if each.get(name) is not None} if is_injected else {}
    known = {name: getattr(place, name) for name in KEPT_WHERE_HARMLESS}
    if "depth_mm" in said:
        known["depth_max_mm"] = None
    return fields | {name: value for name, value in (known | said).items() if value is not None}


def _row(kept: KeptProtocol, fluid: str | None) -> KeptRow:
    places = _places(kept)
    sides = tuple((one.value, str(one.label)) for one in SIDES) if _lie_on_one_side(places) else ()
    needs = any(one.technique == Technique.INJECTION for one in places)
    return KeptRow(kept, tuple(places), sides, not needs or fluid == kept.fluid, needs, _summary(places))


def _summary(places: list[KeptPlace]) -> str:
    said = [ngettext("%(count)d place", "%(count)d places", len(places)) % {"count": len(places)}]
    if volume := _from_to(places, "volume_ml", "mL"):
        said.append(_("each %(ml)s") % {"ml": volume})
    return words.described([*said, _from_to(places, "depth_mm", "mm")])


def _from_to(places: list[KeptPlace], name: str, unit: str) -> str:
    """What the places have of it, from the least to the most; "" where none has any."""
    found = sorted({value for one in places if (value := getattr(one, name)) is not None})
    if len(found) < 2:
        return words.amount(found[0], unit) if found else ""
    return f"{words.number(found[0])}–{words.amount(found[-1], unit)}"
