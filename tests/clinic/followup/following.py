"""A signed visit, and a patient who answers what is asked afterwards; time is moved by doing what is due at a moment."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from email import message_from_bytes, policy
from typing import Any

from django.test import Client
from django.utils import timezone

from clinic.intake.signing import EVERY_PRODUCT, signed
from clinic.patients.people import make_patient
from clinic.visits.charting import WELL, make_syringe, make_visit, plan
from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.followup import actions
from waterneedle.clinic.followup.models import CheckIn
from waterneedle.clinic.outbox import letters, worker
from waterneedle.clinic.outbox.models import Job, Letter
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import needs_guardian, today_in
from waterneedle.clinic.stock.models import Vial
from waterneedle.clinic.visits import actions as visits
from waterneedle.clinic.visits import signing
from waterneedle.clinic.visits.models import Visit

ON_CALL = {
    "is_on": True, "on_call_name": "Nina Night", "on_call_email": "nina@harbor.example",
    "second_email": "pager@harbor.example", "on_call_phone": "", "emergency_number": "911",
    "night_number": "206 555 0199", "weeks": [4],
}
REPORT = {
    "kind": "site_infection", "said": "red and hot at the site", "severity": "moderate", "seriousness": [],
    "causality": "possible", "outcome": "recovering"}
DOOR = {"name": "Ana", "day": "14", "month": "3", "year": "1982"}
SESSION = "a session's key"
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)


def arranged(by: Access, **more: Any) -> None:
    actions.arrange(by=by, **ON_CALL | more)


def asked_patient(by: Access, name: str = "Ana Ruiz", **fields: Any) -> Patient:
    """A patient with an address, whose health was asked about and who, of age, has agreed to everything."""
    made = make_patient(by, name, **{"email": "ana@patients.example", "phone": "+1 206 555 0123"} | fields)
    for kind in ("condition", "allergy", "medication"):
        patients.say_none(patient=made, kind=kind, by=by)
    if not needs_guardian(made, today_in(made.clinic)):
        signed(by, made, *EVERY_PRODUCT)
    return made


def signed_visit(
    by: Access, patient: Patient, points: Sequence[str] = ("ST36",), vial: Vial | None = None, sides: Sequence[str] = ("left",),
    visit: Visit | None = None,
) -> Visit:
    """A visit (or this one) with 0.5 mL at each of `points`, given and signed now."""
    visit = visit or make_visit(by, patient, why="knee pain")
    visits.answer_today(visit=visit, answers=WELL, by=by)
    syringe = make_syringe(by, visit, str(0.5 * len(points) * len(sides)), vial=vial)
    for point in points:
        for side in sides:
            one = plan(by, visit, syringe, point=point, side=side, depth_mm=6, angle_deg=30)
            visits.mark(injection=one, status="given", why="it was given", by=by)
    for gap in signing.gaps(visit):
        if gap.field.startswith("reason "):
            visits.give_reason(visit=visit, rule=gap.field.removeprefix("reason "), note="known, and looked at", by=by)
    proof = signing.mint(visit=visit, user=by.user, session_key=SESSION, method="password").uid
    signing.sign(visit=visit, proof=proof, session_key=SESSION, by=by, deviation_why="the kit was beside")
    return visit


def do_due(at: datetime.datetime) -> None:
    """Do all that this room has to do until `at`, each at its own time, as the worker does."""
    for _round in range(50):
        due = Job.objects.filter(ended_at=None, due_at__lte=at).exclude(kind=letters.KIND)
        due = due.filter(kind__in=[kind for kind in worker.HANDLERS if kind.startswith(("followup.", "visits."))])
        found = due.order_by("due_at", "pk").first()
        if found is None:
            return
        moment = max(found.due_at, timezone.now()) if found.due_at > timezone.now() else found.due_at
        jobs = {one.pk: one for one in worker.take(moment, limit=100)}
        for job in jobs.values():
            if job.pk == found.pk:
                worker.do(job, lambda at=moment: at)
            else:
                Job.objects.filter(pk=job.pk).update(lease=None, leased_until=None, attempts=0)
    raise AssertionError("there is no end to what is due")


def letters_about(about: str) -> list[Letter]:
    return list(Letter.objects.filter(about=about).order_by("pk"))


def text_of(letter: Letter) -> str:
    return message_from_bytes(letters.unsealed(letter), policy=policy.default).get_body().get_content()


def secret_of(letter: Letter, below: str = "h") -> str:
    return re.search(rf"/{below}/([\w-]+)/", text_of(letter))[1]


class Answering:
    """Somebody with the link of a check-in, in a browser of their own."""

    def __init__(self, secret: str) -> None:
        self.secret, self.browser = secret, Client()

    def url(self, page: str = "") -> str:
        return f"/h/{self.secret}/{page}"

    def knock(self, **said: str) -> Any:
        return self.browser.post(self.url(), DOOR | said)

    def get(self, page: str = "how/") -> Any:
        return self.browser.get(self.url(page))

    def post(self, page: str = "how/", **typed: Any) -> Any:
        return self.browser.post(self.url(page), typed)

    def send(self, **typed: Any) -> Any:
        return self.post(**{"pain": "2", "bruise": "none", "felt": "nothing", "anything": "none"} | typed)


class Reading:
    """Somebody with the link of a page."""

    def __init__(self, secret: str) -> None:
        self.secret, self.browser = secret, Client()

    def knock(self, **said: str) -> Any:
        return self.browser.post(f"/me/{self.secret}/", DOOR | said)

    def get(self, page: str = "") -> Any:
        return self.browser.get(f"/me/{self.secret}/{page}")


def asked(
    by: Access, patient: Patient | None = None, points: Sequence[str] = ("ST36",), **more: Any
) -> tuple[CheckIn, Answering]:
    """A check-in of the next day that was sent just now, and who has its link."""
    visit = signed_visit(by, patient or asked_patient(by), points, **more)
    checkin = actions.ask(visit=visit, kind="next_day", week=0, now=timezone.now())
    return checkin, Answering(secret_of(letters_about("check-in")[-1]))
