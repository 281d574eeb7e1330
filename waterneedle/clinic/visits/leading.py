"""Where the remedy of an issue is done, when that is not in the row beside it: what the page of a visit leads to in one tap.

    lead = lead_of(issue, charted)             Lead("consent"), Lead("lot", its uid) …; None: by choosing otherwise, or beside it
    way_of(lead, request=…, visit=…)           the address and its name, or None where this person may not open it
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from waterneedle.clinic.intake.queries import form_that_says_none
from waterneedle.clinic.patients.models import FactKind
from waterneedle.clinic.visits import asked, hour, withheld
from waterneedle.clinic.visits.models import Syringe, Visit
from waterneedle.clinic.visits.rows import Charted
from waterneedle.clinic.web.addresses import address
from waterneedle.safety.plan import DetectedIssue


class Lead(NamedTuple):
    name: str  # of `_PLACES`, or of an element of the page
    uid: UUID | None = None


@dataclass(frozen=True)
class Way:
    address: str
    said: str


# By the beginning of what an issue says is missing, in the words of the contract; the first that fits.
_OF_MISSING = {
    "consent": "consent",
    "patient.allergies": "allergies",
    "patient.conditions": "conditions",
    "patient.medications": "medicines",
    "patient.observations: bladder": "",  # is said in the row
    "patient.observations": "figures",
    "patient.weight_kg": "figures",
    "patient.height_cm": "figures",
    "patient.birth_date": "person",
    "patient.pregnancy": "#pregnancy",
    "practitioner": "papers",
    "emergency_kit": "kits",
    "jurisdiction": "clinic",
}
_OF_RULE = {
    "consent": "consent",
    "consent_covers": "consent",
    "guardian": "consent",
    "identity": "#identity_confirmed",
    "new_medicines": "medicines",
    "age": "person",
    "emergency_kit": "kits",
    "practitioner_license": "papers",
    "certificate": "papers",
    "resuscitation": "papers",
    "training": "papers",
    "profession": "papers",
    "container": "lot",
    "beyond_use": "lot",
    "expiry": "lot",
    "single_dose": "lot",
    "returned_fluid": "lot",
    withheld.RULE: "lot",
    hour.RULE: "#v-strip",
    hour.BEFORE: "drawn",
}
# What is opened: its route, the place on it, the permission that it asks for, and how it is called.
_PLACES: dict[str, tuple[str, str, str, Any]] = {
    "consent": ("intake:forms", "#consents", "forms.read", _("Consent")),
    "allergies": ("patients:health", f"#kind-{FactKind.ALLERGY}", "chart.read", _("Allergies")),
    "conditions": ("patients:health", f"#kind-{FactKind.CONDITION}", "chart.read", _("Conditions")),
    "medicines": ("patients:health", f"#kind-{FactKind.MEDICATION}", "chart.read", _("Medicines")),
    "answers": ("intake:review", "#new", "chart.read", _("What the patient answered: none")),
    "figures": ("patients:health", "#measures", "chart.read", _("Weight, height and tests")),
    "person": ("patients:edit", "", "demographics.write", _("Date of birth")),
    "papers": ("practitioners:practitioner", "", "credentials.read", _("Papers of who injects")),
    "kits": ("stock:kits", "", "stock.read", _("Emergency kits")),
    "shelf": ("stock:shelf", "", "stock.read", _("Shelf")),
    "lot": ("stock:lot", "", "stock.read", _("Lot")),
    "syringe": ("visits:syringe", "", "chart.write", _("What the fluid is for")),
    "drawn": ("visits:syringe", "", "chart.write", _("When it was drawn up")),
    "clinic": ("accounts:clinic", "", "clinic.write", _("The clinic")),
}
_ON_THE_PAGE = {
    "#practitioner": ("sign.write", _("I inject")),
    "#identity_confirmed": ("chart.write", _("Asked today")),
    "#as_usual": ("chart.write", _("Asked today")),
    "#pregnancy": ("chart.write", _("Pregnancy")),
    "#v-strip": ("chart.write", _("Another syringe")),
}
_OF_PATIENT = ("intake:", "patients:", "visits:")
_SAYS_NONE = {"allergies": FactKind.ALLERGY, "conditions": FactKind.CONDITION, "medicines": FactKind.MEDICATION}
_NAMED = {"intake:review": "form"}  # the name of the uid in an address, where it is not that of its route


def lead_of(issue: DetectedIssue, charted: Charted) -> Lead | None:
    """Where what `issue` asks for is done; None also for one that is answered already, or shown quietly."""
    if issue.severity == "note" or issue.recorded:
        return None
    if issue.rule == asked.RULE:
        return Lead(f"#{asked.first_field(charted)}")
    if any(field.endswith(".purpose") for field in issue.missing) and (held := _syringes(issue, charted)):
        return Lead("syringe", held[0].uid)
    name = next((to for field in issue.missing for begins, to in _OF_MISSING.items() if field.startswith(begins)), None)
    name = _OF_RULE.get(issue.rule, "") if name is None else name
    if name == "drawn" or (issue.rule == hour.RULE and charted.visit.happened_at is not None):
        return Lead("drawn", _syringes(issue, charted)[0].uid)
    if name == "papers":
        who = charted.visit.practitioner
        return Lead("papers", who.uid) if who else Lead("#practitioner")
    if issue.missing and name in _SAYS_NONE:
        visit, kind = charted.visit, _SAYS_NONE[name]
        waiting = form_that_says_none(visit.clinic_id, charted.records, kind)
        return Lead("answers", waiting) if waiting else Lead(name)
    return _to_the_shelf(issue, charted) if name == "lot" else Lead(name) if name else None


def _to_the_shelf(issue: DetectedIssue, charted: Charted) -> Lead:
    """To the lot of the punctures; where their syringes hold several, to all of them."""
    lots = {fill.vial.lot.uid for one in _syringes(issue, charted) for fill in one.contents}
    return Lead("lot", lots.pop()) if len(lots) == 1 else Lead("shelf")


def _syringes(issue: DetectedIssue, charted: Charted) -> list[Syringe]:
    """Those that the punctures of the issue are from."""
    return [one.syringe for one in charted.injections if str(one.seq) in issue.injections and one.syringe]


def way_of(lead: Lead | None, *, request: HttpRequest, visit: Visit) -> Way | None:
    if lead is None:
        return None
    if lead.name in _ON_THE_PAGE:
        permission, said = _ON_THE_PAGE[lead.name]
        return Way(lead.name, str(said)) if request.access.may(permission) else None
    route, place, permission, said = _PLACES[lead.name]
    if not request.access.may(permission):
        return None
    where: dict[str, Any] = {"clinic": request.clinic.slug}
    where |= {"patient": visit.patient.uid} if route.startswith(_OF_PATIENT) else {}
    where |= {"visit": visit.uid} if route.startswith("visits:") else {}
    where |= {_NAMED.get(route, route.partition(":")[2]): lead.uid} if lead.uid else {}
    return Way(address(route, **where) + place, str(said))
