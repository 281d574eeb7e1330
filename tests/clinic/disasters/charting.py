"""Practitioners who chart and sign visit after visit over HTTP, step by step, and what must be found of it in the database."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import urlparse
from uuid import UUID

from django.contrib.auth.hashers import ScryptPasswordHasher, make_password
from django.utils import timezone

from clinic.intake.signing import EVERY_PRODUCT, signed
from clinic.patients.people import at_work, make_patient
from clinic.people import PASSWORD, make_clinic, make_person
from clinic.practitioners.papers import make_practitioner
from clinic.stock.shelf import make_item, make_lot
from clinic.visits.charting import B12
from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.accounts.models import User
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.stock import actions as stock
from waterneedle.clinic.stock.models import Movement, Vial
from waterneedle.clinic.visits import signing
from waterneedle.clinic.visits.models import Injection, Signature, Syringe, Today, Visit

STEPS = ("begin", "today", "load", "tap left", "tap right", "skin", "given", "sign")
DRAWN_ML, EACH_ML = Decimal(1), Decimal("0.4")
PROOFS_A_MINUTE = 8  # the server takes ten of one person


@dataclass
class Charted:
    """One visit as its practitioner knows it: the steps that were sent, and those that were answered."""

    path: str = ""  # known once the first step was answered
    sent: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)

    @property
    def uid(self) -> UUID:
        return UUID(self.path.rstrip("/").split("/")[-1])


@dataclass
class Practitioner:
    """Somebody who charts. One request at a time; what got no answer is asked again before anything else."""

    user: User
    patient_path: str
    vial: UUID
    visits: list[Charted] = field(default_factory=lambda: [Charted()])
    proved_at: list[float] = field(default_factory=list)

    def next(self) -> tuple[str, str, dict[str, str]] | None:
        """Kind, path and fields of the next step of the visit in hand; None while the server would take no more proofs."""
        visit = self.visits[-1]
        step = STEPS[len(visit.sent)]
        if step == "sign":
            since = time.monotonic() - 61
            self.proved_at = [at for at in self.proved_at if at > since]
            if len(self.proved_at) >= PROOFS_A_MINUTE:
                return None
            self.proved_at.append(time.monotonic())
        visit.sent[step] += 1
        return step, *self.asked(step)

    def asked(self, step: str) -> tuple[str, dict[str, str]]:
        here = self.visits[-1].path
        tap = {"code": "ST36", "each_ml": str(EACH_ML), "each_mm": "10", "each_deg": "90"}
        return {
            "begin": (f"{self.patient_path}begin/", {}),
            "today": (f"{here}today/", {"as_usual": "1", "identity_confirmed": "yes", "usual_pregnancy": "not_pregnant"}),
            "load": (f"{here}syringes/", {
                "vial": str(self.vial), "volume_ml": str(DRAWN_ML), "route": "SC", "gauge": "30", "length_mm": "13"}),
            "tap left": (f"{here}tap/", tap | {"side": "left"}),
            "tap right": (f"{here}tap/", tap | {"side": "right"}),
            "skin": (f"{here}skin/", {}),
            "given": (f"{here}given/", {}),
            "sign": (f"{here}sign/", {"password": PASSWORD, "deviation_why": "as it was"}),
        }[step]

    def heard(self, step: str, location: str) -> None:
        visit = self.visits[-1]
        visit.answered[step] += 1
        if step == "begin":
            visit.path = urlparse(location).path
        if step == "sign":
            self.visits.append(Charted())


def practitioners(count: int, holds_ml: int) -> tuple[Access, list[Practitioner]]:
    """An owner of a new clinic, and `count` who may inject there, each with a patient who has agreed, on one open vial."""
    clinic = make_clinic("harbor", "Harbor")
    owner = at_work(make_person(clinic, "Una Universal", Role.OWNER, Role.PRACTITIONER), clinic)
    lot = make_lot(owner, make_item(owner, product=B12, container_ml=Decimal(holds_ml)), containers=1)
    vial = stock.open_vial(lot=lot, by=owner, at=timezone.now())
    hashed = make_password(PASSWORD, hasher=ScryptPasswordHasher())  # as the real server makes and takes it
    return owner, [_practitioner(owner, number, vial, hashed) for number in range(count)]


def _practitioner(owner: Access, number: int, vial: Vial, hashed: str) -> Practitioner:
    user = make_person(owner.clinic, f"Paul{number} Practitioner", Role.PRACTITIONER)
    User.objects.filter(pk=user.pk).update(password=hashed)
    user.refresh_from_db()
    make_practitioner(user, owner)
    by = at_work(user, owner.clinic)
    patient = make_patient(by, f"Ana{number} Ruiz")
    for kind in ("condition", "allergy", "medication"):
        patients.say_none(patient=patient, kind=kind, by=by)
    signed(by, patient, *EVERY_PRODUCT)
    return Practitioner(user, f"/c/{owner.clinic.slug}/visits/patients/{patient.uid}/", vial.uid)


def look_at_visits(people: list[Practitioner]) -> None:
    """Each answered step is there once, none twice, none unasked; a visit is signed with all that belongs to it, or not."""
    known = [one for person in people for one in person.visits if one.path]
    unheard = sum(1 for person in people for one in person.visits if not one.path and one.sent["begin"])
    rows = {one.uid: one for one in Visit.objects.all()}
    assert {one.uid for one in known} <= rows.keys()
    assert len(known) <= len(rows) <= len(known) + unheard
    found = steps_found(rows)
    for one in known:
        assert all(found[one.uid, step] == 1 for step in one.answered), (one, found)
        assert all(found[one.uid, step] <= one.sent[step] for step in STEPS), (one, found)
    look_at_signed(rows)


def steps_found(rows: dict[UUID, Visit]) -> Counter[tuple[UUID, str]]:
    """How often each step of each visit stands in the database."""
    found: Counter[tuple[UUID, str]] = Counter((uid, "begin") for uid in rows)
    found.update((uid, "today") for uid in Today.objects.values_list("visit__uid", flat=True))
    found.update((uid, "load") for uid in Syringe.objects.values_list("visit__uid", flat=True))
    found.update((uid, "sign") for uid in Signature.objects.values_list("visit__uid", flat=True))
    of_two: Counter[tuple[UUID, str]] = Counter()
    for uid, side, skin, status in Injection.objects.values_list("visit__uid", "side", "skin", "status"):
        found[uid, f"tap {side}"] += 1
        of_two[uid, "skin"] += skin == "intact"
        of_two[uid, "given"] += status == "given"
    assert set(of_two.values()) <= {0, 2}, "half of a step"
    found.update({key: count // 2 for key, count in of_two.items()})
    return found


def look_at_signed(rows: dict[UUID, Visit]) -> None:
    taken: dict[str, dict[str, Decimal]] = {}
    for cause, kind, volume_ml in Movement.objects.exclude(cause="").values_list("cause", "kind", "volume_ml"):
        assert kind not in taken.setdefault(cause, {}), "taken from the shelf twice"
        taken[cause][kind] = volume_ml
    signatures = list(Signature.objects.select_related("visit__patient"))
    given_ml = EACH_ML * 2
    assert taken == {str(one.visit.uid): {"drawn": -given_ml, "wasted": given_ml - DRAWN_ML} for one in signatures}
    assert all(signing.as_signed(one)["is_intact"] and one.visit.patient.first_signed_at for one in signatures)
    in_the_trail = Counter(Entry.objects.filter(kind="visit", action__in=("create", "sign")).values_list("action", "object_uid"))
    assert in_the_trail == Counter(
        [("create", str(uid)) for uid in rows] + [("sign", str(one.visit.uid)) for one in signatures])
    vial = Vial.objects.get()
    out_ml = sum(Movement.objects.filter(vial=vial).values_list("volume_ml", flat=True), Decimal(0))
    assert vial.volume_ml == vial.lot.item.container_ml + out_ml

