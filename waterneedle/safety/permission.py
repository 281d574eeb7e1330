"""May this person inject this, by this route, in this place, on this day: the rules of who and of law alone, without a patient.

The same rules that the safety check asks, so that a gate and a check never differ. A warning asks for something to be found out
or put on record, and what is not on record opens no gate; so a warning closes it too, but for those that are for the practitioner
to answer at each visit (`LEFT_TO_THE_VISIT`).
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from waterneedle import knowledge
from waterneedle.safety import issues
from waterneedle.safety.check import spoken
from waterneedle.safety.issues import Raised
from waterneedle.safety.plan import Content, DetectedIssue, Injection, Patient, Plan, Practitioner, Site
from waterneedle.safety.reading import read
from waterneedle.safety.rules import law, today, who

PERSON = (who.jurisdiction, who.profession, who.practitioner_license, who.certificate, who.training, who.resuscitation)
SUBSTANCE = (today.not_understood, law.law_route, law.law_substance, law.product_status)
LEFT_TO_THE_VISIT = frozenset({("profession", "own_law"), ("law_substance", "condition_unknown"),
                               *(("product_status", case) for case in ("not_lawful", "superseded", "homeopathic"))})
ANY_SITE = Site(point="ST36", side="left")  # the site is no part of the question


class Permission(msgspec.Struct, frozen=True, kw_only=True):
    """The answer, with what closes the gate and what is only to be told."""

    against: tuple[DetectedIssue, ...] = ()
    to_tell: tuple[DetectedIssue, ...] = ()

    @property
    def granted(self) -> bool:
        return not self.against


def permission(
    practitioner: Practitioner | None,
    jurisdiction: str | None,
    on: date,
    *,
    product: str | None = None,
    route: str | None = None,
    purpose: Literal["treatment", "comfort"] | None = None,
    language: str | None = None,
) -> Permission:
    """Whether `practitioner` may inject `product` by `route` in `jurisdiction` (ISO 3166-2) on that day.

    Without a product the person alone is judged. `practitioner` None: nothing is on record of them.
    """
    content = Content(product=product, volume_ml=0.1, purpose=purpose) if product else None
    puncture = Injection(
        site=ANY_SITE,
        contents=(content,) if content else (),
        technique="injection" if content else "needle_only",
        route=route,
    )
    plan = Plan(date=on, jurisdiction=jurisdiction, practitioner=practitioner, patient=Patient(), injections=(puncture,))
    reading = read(plan)
    raised = issues.merged(one for rule in (PERSON + SUBSTANCE if product else PERSON) for one in rule(reading))
    worded = [(_closes(one), issues.worded(one, ids=("1",), recorded=frozenset(), language=spoken(language))) for one in raised]
    return Permission(against=tuple(issue for closes, issue in worded if closes),
                      to_tell=tuple(issue for closes, issue in worded if not closes))


def _closes(raised: Raised) -> bool:
    severity = knowledge.rules()[raised.rule].cases[raised.case].severity
    return severity != "note" and (raised.rule, raised.case) not in LEFT_TO_THE_VISIT
