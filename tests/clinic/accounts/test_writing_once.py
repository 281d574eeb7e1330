"""What a person writes has one effect, however often the same request comes: a double click, a lost answer, a page sent again."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

import waterneedle
from clinic.intake.signing import signed
from clinic.patients.people import at_work, make_patient
from clinic.stock.shelf import make_item, make_lot
from waterneedle.clinic.accounts.models import BreakGlass, Invitation
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.database.rows import uuid7
from waterneedle.clinic.intake.models import Form, Withdrawal
from waterneedle.clinic.outbox.letters import send_letter
from waterneedle.clinic.outbox.models import Job
from waterneedle.clinic.patients.models import HealthFact, Joined, Measure, Patient
from waterneedle.clinic.stock.models import Item, Movement, Vial
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.visits import reactions
from waterneedle.clinic.visits.models_after import Reaction, ReactionEntry

NAMED = {"form_kind": "kind", "dead_job": "job"}  # as it is called in the address
THE_OWNER = {"accounts:clinic", "accounts:invite", "accounts:emergency_begin", "outbox:again", "tasks:new"}
RIVER = {"given_name": "Rosa", "family_name": "River", "birth_date": "1980-01-02", "sex": "female", "is_new": "1"}
RENAMED = {"name": "River Clinic", "zone": "America/Los_Angeles", "languages": ["en"], "first_language": "en"}
DATE = "2027-08-31"


@pytest.fixture
def by(clinic, owner):
    return at_work(owner, clinic)


@pytest.fixture
def places(by):
    """What may stand in an address or a form; each is made when it is asked for."""
    patient = make_patient(by, email="ana@example.org")
    return Places(by, patient)


class Places(dict):
    def __init__(self, by, patient):
        super().__init__(patient=patient.uid, kind="allergy", form_kind="questions")
        self.by, self.row = by, patient

    def __missing__(self, name):
        by, patient = self.by, self.row
        self[name] = {
            "lot": lambda: make_lot(by, containers=4).uid,
            "item": lambda: make_item(by, name="Saline").pk,
            "other": lambda: make_patient(by, "Anna Ruiz").uid,
            "consent": lambda: signed(by, patient, "b12", "saline").uid,
            "reaction": lambda: reactions.begin(patient=patient, by=by).uid,
            "dead_job": lambda: self.dead_job(),
        }[name]()
        return self[name]

    def dead_job(self):
        send_letter(to=["pat@example.org"], subject="Hello", text="Hello", clinic=self.by.clinic, about="booking", key="k")
        Job.objects.filter(key="k").update(ended_at=timezone.now(), outcome="dead")
        return Job.objects.get(key="k").uid


WRITES = {
    "patients:new": ((), lambda places: RIVER, Patient),
    "patients:add_fact": (
        ("patient", "kind"), lambda places: {"allergy-said": "cobalt", "allergy-said_by": "patient"}, HealthFact),
    "patients:measure": (
        ("patient",),
        lambda places: {"measure-kind": "weight_kg", "measure-value": "61", "measure-measured_on": "2026-11-25",
                        "measure-said_by": "patient"},
        Measure),
    "stock:new_item": (
        (), lambda places: {"name": "Procaine", "container_kind": "ampoule", "container_ml": "2", "reorder_below_ml": "0"}, Item),
    "stock:receive": (
        (), lambda places: {"item": places["item"], "number": "0418", "expires": DATE, "containers": "3"}, Movement),
    "stock:open_vial": (("lot",), lambda places: {}, Vial),
    "stock:waste": (("lot",), lambda places: {"waste-volume_ml": "1", "waste-why": "broken"}, Movement),
    "stock:count": (("lot",), lambda places: {"count-counted_ml": "39", "count-why": "counted"}, Movement),
    "patients:compare": (("patient", "other"), lambda places: {"answer": "join", "why": "the same birth date"}, Joined),
    "accounts:invite": ((), lambda places: {"email": "ida@example.org", "name": "Ida", "roles": ["assistant"]}, Invitation),
    "accounts:clinic": ((), lambda places: RENAMED, Entry),
    "accounts:emergency_begin": (("patient",), lambda places: {"reason": "the patient lay on the floor"}, BreakGlass),
    "intake:send": (("patient", "form_kind"), lambda places: {"language": "en"}, Form),
    "intake:withdraw": (("patient", "consent"), lambda places: {"line": "b12", "said_by": "patient"}, Withdrawal),
    "outbox:again": (("dead_job",), lambda places: {}, Entry),
    "visits:begin_reaction": (("patient",), lambda places: {}, Reaction),
    "visits:add_call": (("patient", "reaction"), lambda places: {}, ReactionEntry),
    "visits:end_reaction": (("patient", "reaction"), lambda places: {"end-outcome": "well"}, ReactionEntry),
    "tasks:new": ((), lambda places: {"title": "Call the supplier", "to": "role owner", "due_at": "2026-12-01T10:00"}, Task),
}


@pytest.mark.parametrize("name", WRITES)
def test_what_is_sent_three_times_with_one_key_is_written_once(client_of, clinic, owner, alice, places, name):
    arguments, fields, model = WRITES[name]
    where = {"clinic": clinic.slug} | {NAMED.get(one, one): places[one] for one in arguments}
    browser, said = client_of(owner if name in THE_OWNER or name.startswith("stock") else alice), fields(places)
    written = model.objects.filter(action__in=("try again", "change")) if model is Entry else model.objects
    before = written.count()

    answers = [browser.post(reverse(name, kwargs=where), said | {"once": "k1"}) for _ in range(3)]

    assert [(one.status_code, one.get("Location")) for one in answers] == [(302, answers[0]["Location"])] * 3
    assert written.count() == before + 1


def test_another_person_with_the_same_key_is_another_write(client_of, clinic, owner, alice):
    for user in (owner, alice):
        client_of(user).post(reverse("patients:new", kwargs={"clinic": clinic.slug}), RIVER | {"once": "k"})

    assert Patient.objects.filter(family_name="River").count() == 2


def test_what_was_refused_may_be_sent_again_with_its_key(client_of, clinic, owner, by):
    lot, browser, key = make_lot(by, containers=1), client_of(owner), str(uuid7())
    where = reverse("stock:waste", kwargs={"clinic": clinic.slug, "lot": lot.uid})

    assert browser.post(where, {"waste-volume_ml": "11", "waste-why": "broken", "once": key}).status_code == 422
    assert browser.post(where, {"waste-volume_ml": "1", "waste-why": "broken", "once": key}).status_code == 302
    lot.refresh_from_db()
    assert lot.volume_ml == Decimal(9)


@pytest.mark.parametrize("name", ["patients:new", "stock:receive", "stock:new_item", "tasks:new"])
def test_the_page_of_a_form_brings_a_new_key_each_time(client_of, clinic, owner, name):
    browser = client_of(owner)
    pages = [browser.get(reverse(name, kwargs={"clinic": clinic.slug})).content.decode() for _ in range(2)]
    keys = [re.findall(r'name="once" value="([^"]+)"', page) for page in pages]

    assert [len(found) for found in keys] == [1, 1]
    assert keys[0] != keys[1]


# --- the pages

EFFECTS_OF_THEIR_OWN = {
    "account/login.html": "no row",
    "accounts/codes.html": "the answer holds what is kept nowhere: the newest set counts",
    "accounts/invitation.html": "the link is used up",
    "accounts/invitation_known.html": "the link is used up",
    "accounts/own.html": "the same name and language, written again",
    "accounts/sign_in.html": "no row",
    "accounts/start.html": "the first clinic is made once",
    "api/tokens.html": "the answer holds what is kept nowhere; what is revoked stays so",
    "appointments/book.html": "looks for a patient, writes nothing",
    "appointments/public/ask.html": "a letter with a link of its own each time, so many in an hour",
    "appointments/public/confirm.html": "the link is used up",
    "appointments/public/door.html": "no row",
    "account/password_change.html": "the same password again changes nothing",
    "account/password_reset.html": "each letter is asked for, and few an hour are sent",
    "account/password_reset_from_key.html": "the link is used up",
    "account/reauthenticate.html": "no row",
    "appointments/public/move.html": "the link is used up",
    "appointments/public/see.html": "the link is used up",
    "appointments/settings.html": "the answer holds the address of a calendar, which is kept nowhere; the other forms have keys",
    "courses/course.html": "the button that sends a letter has a key",
    "exports/record.html": "writes nothing but that it was taken, each time",
    "followup/link/alarm.html": "an alarm is acknowledged once",
    "followup/link/checkin.html": "the link is used up",
    "followup/link/door.html": "no row",
    "followup/link/page.html": "the letter of a form that waits, sent again to the address on file",
    "intake/consent.html": "the link is used up",
    "intake/door.html": "no row",
    "intake/forms.html": "the button that sends a letter has a key",
    "intake/patient.html": "the same language, written again",
    "intake/prepare.html": "the answer may hold what is kept nowhere",
    "intake/send.html": "the link is used up",
    "intake/step.html": "a draft of one version",
    "mfa/authenticate.html": "signs in, and no more",
    "mfa/reauthenticate.html": "no row",
    "mfa/totp/activate_form.html": "one second factor of this kind for one person",
    "mfa/totp/deactivate_form.html": "what is removed is not there to be removed again",
    "mfa/webauthn/add_form.html": "a device answers one challenge, which is good once",
    "mfa/webauthn/authenticator_confirm_delete.html": "what is removed is not there to be removed again",
    "mfa/webauthn/edit_form.html": "the same name again changes nothing",
    "training/public/check.html": "writes nothing",
    "training/public/verify.html": "writes nothing",
    "visits/after/reaction.html": "a sign is written once, when it is first seen",
    "visits/after/where.html": "chooses a clinic, writes nothing",
    "visits/after/who.html": "looks for a patient, writes nothing",
    "visits/sign.html": "one signature for one visit",
    "visits/visit.html": "a draft of one version",
}
FORM = re.compile(r"<form\b(?:[^>{]|\{%.*?%\}|\{\{.*?\}\})*>.*?</form>", re.DOTALL)


def test_every_form_of_a_room_that_writes_has_a_key_or_a_reason():
    """Those of a live page are sent by a script that makes a key for each press (`data-live`)."""
    without = set()
    for path in Path(waterneedle.__file__).parent.rglob("templates/**/*.html"):
        name = "/".join(path.parts[-2:]) if path.parts[-3] == "templates" else "/".join(path.parts[-3:])
        for form in FORM.findall(path.read_text()):
            tag = form.partition(">{% csrf_token %}")[0]
            if 'method="post"' in tag and "data-live" not in tag and "{% once" not in form:
                without.add(name)
    without = {name for name in without if not name.startswith("web/")}  # the parts that the rooms' forms are made of

    assert without == EFFECTS_OF_THEIR_OWN.keys()
