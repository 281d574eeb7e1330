"""What a patient's record consists of: each kind of row, and how its rows lead to the patient.

A room that gets a model with a patient adds a line here, or to `LEFT_OUT` with the reason. A test finds every such model and
fails until one of the two is done.
"""
from __future__ import annotations

from typing import Any

import msgspec
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Of no row: the clinic is the same for all, and what stands in addresses is the uid, never the number.
NOWHERE = frozenset({"id", "clinic"})


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of row. `paths` lead from the row to the patient's, as Django writes them; with `by_uid` to their uid.

    `json` names columns that hold JSON; `without` columns that are no part of the record (secrets, the work of a machine).
    """

    model: str  # app_label.ModelName
    title: Any  # of its section on paper
    paths: tuple[str, ...] = ("patient",)
    by_uid: bool = False
    json: tuple[str, ...] = ()
    without: frozenset[str] = frozenset()
    # Leads to the strikes of a visit: what was charted on the wrong patient is about somebody else, and stays here.
    strikes: str = ""
    deep: tuple[str, ...] = ()  # what lies behind the rows that these lead to and is told with them
    # On paper: the columns of its table; empty for every column that says something, below each other.
    columns: tuple[str, ...] = ()


PARTS = (
    Part(model="patients.Patient", title=_("Person"), paths=("pk",)),
    Part(model="patients.Guardian", title=_("Who speaks for the patient"), columns=(
        "name", "relation", "phone", "email", "may_consent", "made_at", "ended_at")),
    Part(model="patients.HealthFact", title=_("Conditions, allergies, medicines")),
    Part(model="patients.Asked", title=_("What was asked"), columns=(
        "kind", "none", "said_by", "made_at", "made_by", "removed_at")),
    Part(model="patients.Pregnancy", title=_("Pregnancy"), columns=(
        "status", "weeks", "said_by", "made_at", "made_by", "removed_at")),
    Part(model="patients.Measure", title=_("Measures"), columns=(
        "kind", "value", "measured_on", "said_by", "made_by", "removed_at")),
    Part(model="intake.Form", title=_("Forms"), json=("asked", "answers"), columns=(
        "kind", "way", "language", "made_at", "made_by", "submitted_at", "submitted_by")),
    Part(model="intake.Said", title=_("What was said in forms"), json=("value",), columns=(
        "kind", "value", "said_by", "made_at")),
    Part(model="intake.Review", title=_("What was made of it"), paths=("said__patient",), columns=(
        "said", "decision", "fact", "note", "at", "by")),
    Part(model="intake.Answers", title=_("Answers to instruments"), json=("answers",), columns=(
        "instrument", "named", "score", "answers", "said_by", "answered_at")),
    Part(model="intake.PainDrawing", title=_("Pain drawings"), json=("runs",), columns=(
        "words", "said_by", "drawn_at", "made_by")),
    # `document` stays the text that was hashed, letter by letter; `salt` lets everybody prove the names in it.
    Part(model="intake.Consent", title=_("Consents"), json=("signature",)),
    Part(model="intake.AddedLines", title=_("Lines added to consents"), json=("signature",)),
    Part(model="intake.Withdrawal", title=_("What was taken back"), paths=("consent__patient",), columns=(
        "line", "said_by", "why", "at", "made_by")),
    Part(model="appointments.Booking", title=_("Bookings"), columns=(
        "starts_at", "ends_at", "practitioner", "service", "way", "state", "made_at", "made_by")),
    Part(model="appointments.BookingState", title=_("What became of bookings"), paths=("booking__patient",), columns=(
        "booking", "state", "why", "made_at", "made_by")),
    Part(model="appointments.Waiting", title=_("Waiting list"), columns=(
        "first_day", "last_day", "part", "practitioner", "made_at", "ended_at")),
    Part(model="appointments.Asked", title=_("What was asked for on the public page"), paths=("booking__patient",),
         json=("said",), without=frozenset({"hash", "source", "to"}), columns=("starts_at", "made_at", "used_at")),
    Part(model="appointments.Receipt", title=_("Receipts"), json=("lines",), columns=(
        "number", "kind", "amount", "currency", "method", "why", "made_at", "made_by")),
    Part(model="appointments.WrongAnswer", title=_("Wrong answers at the door of a link"), paths=("link__patient",),
         columns=("link", "made_at")),
    Part(model="visits.Visit", title=_("Visits"), strikes="strikes"),
    Part(model="visits.VisitState", strikes="visit__strikes", title=_("Steps of visits"), paths=("visit__patient",),
         columns=("visit", "step", "made_at", "made_by", "removed_at")),
    Part(model="visits.Today", strikes="visit__strikes", title=_("What was said before the first puncture"),
         paths=("visit__patient",)),
    Part(model="visits.Syringe", strikes="visit__strikes", title=_("Syringes"),
         columns=("visit", "code", "route", "gauge", "length_mm", "drawn_at", "drawn_by", "removed_at")),
    Part(model="visits.Fill", strikes="syringe__visit__strikes", title=_("What was in the syringes"),
         paths=("syringe__patient",), deep=("vial__lot__item",), columns=("syringe", "vial", "volume_ml")),
    Part(model="visits.Injection", strikes="visit__strikes", title=_("Injections")),
    Part(model="visits.Reason", strikes="visit__strikes", title=_("Reasons against warnings"),
         columns=("visit", "rule", "note", "review_on", "made_at", "made_by", "removed_at")),
    Part(model="visits.Observation", strikes="visit__strikes", title=_("Observation"),
         columns=("visit", "began_at", "until", "why", "ended_at", "ended_by", "removed_at")),
    Part(model="visits.Reaction", strikes="visit__strikes", title=_("Reactions"), columns=("visit", "began_at", "made_by")),
    Part(model="visits.ReactionEntry", strikes="case__visit__strikes", title=_("What was seen and done in reactions"),
         paths=("case__patient",), columns=("at", "kind", "said", "dose_mg", "made_by")),
    Part(model="visits.Proof", strikes="visit__strikes", title=_("Proofs of identity"), paths=("visit__patient",),
         without=frozenset({"session"}), columns=("visit", "user", "method", "made_at", "used_at")),
    Part(model="visits.Signature", strikes="visit__strikes", title=_("Signatures of visits"), paths=("visit__patient",),
         columns=("visit", "signed_name", "signed_at", "deviation_why", "hash")),
    Part(model="visits.Countersignature", strikes="visit__strikes", title=_("Countersignatures"), paths=("visit__patient",),
         columns=("visit", "signed_name", "signed_at", "note", "hash")),
    Part(model="visits.Refusal", strikes="visit__strikes", title=_("Countersignatures refused"), paths=("visit__patient",),
         columns=("visit", "signed_name", "signed_at", "why", "hash")),
    Part(model="visits.Amendment", strikes="visit__strikes", title=pgettext_lazy("visit", "Amendments"),
         paths=("visit__patient",), columns=("visit", "text", "signed_name", "made_at")),
    Part(model="visits.Strike", title=_("Visits struck"), paths=("visit__patient",),
         columns=("visit", "why", "asked_at", "asked_by", "struck_at", "struck_by")),
    Part(model="courses.Course", title=_("Courses of treatment"), columns=("indication", "began_on", "made_at", "made_by")),
    Part(model="courses.Agreed", title=_("What was agreed on courses"), paths=("course__patient",), json=(), columns=(
        "goal", "named", "planned", "review_after", "why", "made_at", "made_by")),
    Part(model="courses.Ended", title=_("Courses that ended"), paths=("course__patient",), columns=(
        "reason", "note", "ended_on", "made_by")),
    Part(model="followup.CheckIn", strikes="visit__strikes", title=_("Check-ins"), json=("typed",), columns=(
        "visit", "kind", "week", "asked_at", "opened_at", "answered_at")),
    Part(model="followup.Answer", strikes="visit__strikes", title=_("Answers to check-ins"), json=("document", "triage"),
         columns=("said_by", "pain", "bruise", "since", "said", "level", "answered_at")),
    Part(model="followup.Alarm", strikes="answer__visit__strikes", title=_("Alarms"), columns=(
        "level", "raised_at", "acknowledged_at", "acknowledged_name")),
    Part(model="followup.Call", strikes="alarm__answer__visit__strikes", title=_("Who was told of an alarm"),
         paths=("alarm__patient",), columns=("round", "way", "name", "at")),
    Part(model="followup.AdverseEvent", strikes="visit__strikes", title=_("Adverse events"), columns=(
        "visit", "answer", "reaction", "made_at", "made_by")),
    Part(model="followup.EventVersion", strikes="event__visit__strikes", title=_("Adverse events, as they were reported"),
         paths=("event__patient",), json=()),
    Part(model="followup.Recalled", title=_("Recalls"), columns=("injections", "first_day", "last_day", "text", "sent_at")),
    Part(model="followup.PatientPage", title=_("Pages by link"), columns=("made_at", "made_by", "expires_at")),
    # What an arm is, is sealed: with the record nobody comes to know it before the trial has ended.
    Part(model="trials.Trial", title=_("Trials in this patient"), json=("plan",), without=frozenset({"sealed_seed"}),
         columns=("title", "kind", "made_at", "frozen_at", "hash", "commitment")),
    Part(model="trials.Amendment", title=_("Amendments of trials"), paths=("trial__patient",), columns=(
        "text", "why", "made_at")),
    Part(model="trials.Turn", title=_("Trials stopped or ended"), paths=("trial__patient",), columns=("kind", "why", "made_at")),
    Part(model="trials.Participant", title=_("Looked at for trials"), columns=(
        "trial", "is_eligible", "why_not", "stratum", "made_at", "made_by")),
    Part(model="trials.Departure", title=_("Left trials"), paths=("participant__patient",), columns=("kind", "said", "made_at")),
    Part(model="trials.Allocation", title=_("Allocated in trials"), without=frozenset({"sealed_arm"}), columns=(
        "trial", "visit", "code", "place", "made_at", "made_by")),
    Part(model="trials.Preparation", title=_("Prepared for trials"), paths=("allocation__patient",), columns=(
        "allocation", "made_at", "made_by")),
    Part(model="trials.Unblinding", title=_("Arms of trials that were opened"), paths=("allocation__patient",), columns=(
        "allocation", "why", "made_at", "made_by")),
    Part(model="trials.Deviation", title=_("What went otherwise in trials"), paths=("allocation__patient",), columns=(
        "allocation", "text", "made_at", "made_by")),
    Part(model="tasks.Task", title=_("Tasks"), columns=("title", "note", "state", "owner", "role", "due_at", "done_at")),
    Part(model="tasks.Step", title=_("What was done about tasks"), paths=("task__patient",), columns=(
        "task", "what", "by", "owner", "note", "at")),
    Part(model="outbox.Letter", title=_("Messages"), json=("recipients",), without=frozenset({"sealed", "key_id", "job"}),
         columns=("about", "recipients", "language", "made_at")),
    Part(model="outbox.OptOut", title=_("No messages wanted"), columns=("made_at", "made_by", "ended_at")),
    Part(model="outbox.Job", title=_("Sending"), paths=("letter__patient",),
         without=frozenset({"payload", "lease", "leased_until"}), columns=("kind", "due_at", "attempts", "outcome", "ended_at")),
    Part(model="outbox.Attempt", title=_("Attempts to send"), paths=("job__letter__patient",), columns=("number", "at", "error")),
    Part(model="outbox.Link", title=_("Links"), without=frozenset({"hash"}), columns=(
        "purpose", "language", "made_at", "expires_at", "used_at", "revoked_at")),
    Part(model="patients.Joined", title=_("Records joined and parted"), paths=("kept", "other"), columns=(
        "kept", "other", "why", "made_at", "made_by", "parted_at", "parted_why")),
    Part(model="patients.Imported", title=_("Brought in from a file"), columns=("source", "line")),
    Part(model="accounts.BreakGlass", title=_("Emergency access"), paths=("patient_uid",), by_uid=True, columns=(
        "user", "reason", "began_at", "ends_at", "ended_at")),
    Part(model="accounts.BreakGlassReview", title=_("Reviews of emergency access"), paths=("use__patient_uid",), by_uid=True,
         columns=("use", "reviewed_by", "justified", "note", "reviewed_at")),
)

LEFT_OUT = {
    "patients.SearchWord": "made of the name and the telephone number, which are there",
    "patients.NotDuplicate": "says of two people that they are two: half of it is about somebody else",
    "stock.Vial": "stands on the shelf of the clinic; what was injected is in the visit",
    "visits.StruckSyringe": "says of a visit that was struck, and is about somebody else, what became of what was drawn up",
    "visits.Incident": "is how the clinic looks into its own work; what was barred and why it was given is in the signed visit",
    "visits.IncidentEntry": "is how the clinic looks into its own work",
    "visits.Fragment": "is drawn from the signed visit, which is there, and may be emptied at any time",
    "courses.Counted": "is counted from the visits and answers of a course, which are there, and may be emptied at any time",
    "audit.Entry": "is a section of its own: the trail",
}
