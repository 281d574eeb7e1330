"""Writes to the draft of a visit. Each is one transaction with its entry in the trail, and moves the version of the visit.

An injection whose needle went in is not taken back: it is stopped or corrected with a reason, so that what happened stays on
record. What is drawn up is written in `drawing`; what all of them refuse is in `drafts`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from waterneedle import knowledge
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.database.prepared import prepared
from waterneedle.clinic.database.written import insert, update
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.patients.models import Patient, Side
from waterneedle.clinic.patients.queries import pregnancy_of, records_of
from waterneedle.clinic.practitioners.models import Practitioner
from waterneedle.clinic.practitioners.queries import practitioner_of
from waterneedle.clinic.visits import asked, ours, reacted, rows
from waterneedle.clinic.visits.drafts import (
    ChangedMeanwhile,
    NotAsked,
    NotCharted,
    OfAnother,
    Refused,
    open_draft,
    require_known,
    require_not_struck,
    wrote,
)
from waterneedle.clinic.visits.drawing import LONGEST_VISIT, require_enough
from waterneedle.clinic.visits.models import Injection, Reason, Route, Status, Step, Syringe, Technique, Today, Visit, VisitState
from waterneedle.clinic.visits.models_after import Observation
from waterneedle.clinic.visits.observing import watch_of
from waterneedle.clinic.visits.plan import assessed, assessed_in_both
from waterneedle.clinic.visits.rows import injections_of
from waterneedle.clinic.visits.shown import about_of_rule, of_rule, together
from waterneedle.clinic.visits.slips import marked
from waterneedle.clinic.visits.standing import may_be_kept
from waterneedle.clinic.web import words

BEFORE_THE_DRAFT = datetime.timedelta(days=1)  # so long before a draft was begun a puncture of it may have been; our judgement
LONGEST_NOTE = Visit._meta.get_field("note").max_length
CHANGEABLE = frozenset({"why", "indication", "pain_before", "pain_after", "note", "practitioner", "happened_at"})
OF_INJECTION = frozenset(
    {"side", "level", "skin", "route", "went_where", "volume_ml", "gauge", "length_mm", "depth_mm", "depth_max_mm", "angle_deg",
     "direction", "aspirated_blood", "sensation", "reaction", "nudge"}
)


@dataclass(frozen=True)
class Site:
    """Where: exactly one of point, muscle and region, with its side."""

    point: str = ""
    muscle: str = ""
    region: str = ""
    side: str = ""
    level: str = ""

    def __post_init__(self) -> None:
        if [bool(self.point), bool(self.muscle), bool(self.region)].count(True) != 1:
            raise NotCharted(gettext("a site is a point, a muscle or a region"))


# --- the visit


@transaction.atomic
def begin(
    *, patient: Patient, by: Person, practitioner: Practitioner | None = None, why: str = "",
    happened_at: datetime.datetime | None = None,
) -> Visit:
    """Begin a visit of today, the patient having arrived; or one that is written down after it happened."""
    now = timezone.now()
    day = (happened_at or now).astimezone(by.clinic.tzinfo).date()
    visit = Visit.objects.create(
        clinic=by.clinic, patient=patient, practitioner=practitioner or practitioner_of(by.user, by.clinic), day=day, why=why,
        happened_at=happened_at, made_by=by.user,
    )
    VisitState.objects.create(clinic=by.clinic, visit=visit, step=Step.ARRIVED, made_at=now, made_by=by.user)
    wrote(by, "create", "visit", visit.uid, visit)
    return visit


@transaction.atomic
def begin_or_join(
    *, patient: Patient, by: Person, practitioner: Practitioner | None = None
) -> tuple[Visit, bool]:
    """The visit of today, and whether it begins now. One that is not signed yet is joined: of two drafts of a day neither check
    would count what stands in the other. One that somebody asked to strike is not, nor one written down later."""
    Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)  # of two hands at one button the second joins
    today = timezone.now().astimezone(by.clinic.tzinfo).date()
    begun = Visit.objects.filter(
        clinic=by.clinic, patient__in=records_of(patient), day=today, is_draft=True, happened_at=None, strikes=None
    ).order_by("pk").first()
    return (begun, False) if begun else (begin(patient=patient, practitioner=practitioner, by=by), True)


@transaction.atomic
def enter(*, visit: Visit, step: str, by: Person) -> VisitState:
    """Note that the patient came to `step`; a step may be entered again, the newest counts. Raises Struck."""
    require_not_struck(visit)
    state = VisitState.objects.create(
        clinic=by.clinic, visit=visit, step=Step(step), made_at=timezone.now(), made_by=by.user
    )
    audit.append(by=by, action=str(step), kind="visit", uid=visit.uid, patient=visit.patient.uid)
    return state


@transaction.atomic
def change_visit(*, visit: Visit, version: int, fields: Mapping[str, Any], by: Person) -> Visit:
    """Change words and scores of the draft; raises ChangedMeanwhile unless it still has `version`."""
    require_known(fields, CHANGEABLE)
    open_draft(visit, version)
    for name, value in fields.items():
        setattr(visit, name, value)
    visit.save(update_fields=[*fields])
    if "happened_at" in fields and visit.happened_at:
        visit.day = visit.happened_at.astimezone(by.clinic.tzinfo).date()
        visit.save(update_fields=["day"])
    wrote(by, "change", "visit", visit.uid, visit, fields=sorted(fields))
    return visit


@transaction.atomic
def leave_untreated(*, visit: Visit, why: str, by: Person) -> Visit:
    """Nothing goes in today: what is planned is not done, and the note says why. Then the visit is signed as any other, and stays
    readable; what was drawn up is wasted. Raises NotCharted where a needle was in: that is charted."""
    open_draft(visit)
    charted = injections_of(visit)
    if any(one.is_in for one in charted):
        raise NotCharted(gettext("a needle was in; chart what happened"))
    for one in charted:
        if one.status == Status.PLANNED:
            _mark(one, Status.NOT_DONE, why.strip(), by)
    now = Visit.objects.get(pk=visit.pk)
    said = gettext("Not treated: %(why)s") % {"why": why.strip()}
    if said not in now.note.splitlines():
        visit.note = f"{now.note.rstrip()}\n{said}".strip()
        if len(visit.note) > LONGEST_NOTE:
            raise NotCharted(gettext("the note is full; shorten it first"))
        visit.practitioner = now.practitioner or practitioner_of(by.user, by.clinic)
        visit.save(update_fields=["note", "practitioner"])
        wrote(by, "change", "visit", visit.uid, visit, fields=["note", "practitioner"])
    return visit


@transaction.atomic
def answer_today(*, visit: Visit, answers: Mapping[str, Any], by: Person) -> Today:
    """Note what the patient said today: what is in `answers` is new, the rest stays as it was said in this visit on this day."""
    require_known(answers, set(Today.ANSWERS))
    open_draft(visit)
    now = timezone.now()
    before = rows.answers_of(visit, now)
    said = {name: getattr(before, name) for name in Today.ANSWERS} if before else {}
    said |= answers
    if not said.get("reacted_last"):
        said["reacted_how"] = ""
    if said.get("pregnancy") != "pregnant":
        said["pregnancy_weeks"] = None
    row = Today.objects.create(clinic=by.clinic, visit=visit, made_at=now, made_by=by.user, **said)
    if answers.get("pregnancy") and not _was_said_since(visit) and (before is None or _pregnancy(before) != _pregnancy(row)):
        patients.say_pregnancy(patient=visit.patient, status=row.pregnancy, weeks=row.pregnancy_weeks, visit=visit.uid, by=by)
    wrote(by, "answer", "visit", visit.uid, visit, fields=sorted(answers))
    return row


def _was_said_since(visit: Visit) -> bool:
    """Whether something newer is on file of pregnancy than a visit that is written down later."""
    known = pregnancy_of(visit.patient, records_of(visit.patient)) if visit.happened_at else None
    return known is not None and known.made_at > visit.happened_at


def _pregnancy(said: Today) -> tuple[str, Decimal | None]:
    return said.pregnancy, said.pregnancy_weeks


# --- injections


@transaction.atomic
def add(*, visit: Visit, sites: Iterable[Site], by: Person, syringe: Syringe | None = None, **fields: Any) -> list[Injection]:
    """Chart a puncture at each of `sites`, planned. Without a syringe it is needling only.

    Route and needle are those of the syringe unless `fields` say otherwise. Raises TooMuch where the syringe holds less.
    """
    require_known(fields, OF_INJECTION)
    open_draft(visit)
    if syringe is not None and (syringe.visit_id != visit.pk or syringe.removed_at is not None):
        raise OfAnother("this syringe was drawn up for another visit")
    seq = Injection.objects.filter(clinic=by.clinic, visit=visit).aggregate(last=Max("seq"))["last"] or 0
    known = {"route": syringe.route, "gauge": syringe.gauge, "length_mm": syringe.length_mm} if syringe else {}
    made = []
    for number, site in enumerate(sites, seq + 1):
        row = Injection(
            clinic=by.clinic, visit=visit, patient=visit.patient, seq=number, syringe=syringe, made_at=timezone.now(),
            made_by=by.user, point=site.point, muscle=site.muscle, region=site.region, side=site.side or _midline(site),
            level=site.level,
            technique=Technique.INJECTION if syringe else Technique.NEEDLE_ONLY, **(known | fields),
        )
        insert(row)
        made.append(row)
        wrote(by, "plan", "injection", row.uid, visit)
    require_enough(syringe)
    return made


@transaction.atomic
def change(*, injection: Injection, fields: Mapping[str, Any], by: Person) -> Injection:
    """Change what is charted of a puncture. Where the fluid went is said of a route that has no name, and goes with it.

    Raises NotCharted for such a route without it.
    """
    require_known(fields, OF_INJECTION)
    open_draft(injection.visit)
    if fields.get("route", injection.route) != Route.OTHER:
        fields = {name: value for name, value in fields.items() if name != "went_where"}
        fields |= {"went_where": ""} if injection.went_where else {}
    elif not fields.get("went_where", injection.went_where).strip():
        raise NotCharted(gettext("say where the fluid went"))
    for name, value in fields.items():
        setattr(injection, name, value)
    update(injection, *fields)
    require_enough(injection.syringe)
    wrote(by, "change", "injection", injection.uid, injection.visit, fields=sorted(fields))
    return injection


@transaction.atomic
def mark(
    *, injection: Injection, status: str, by: Person, why: str = "", volume_ml: Decimal | None = None,
    at: datetime.datetime | None = None, before_reaction: bool = False,
) -> Injection:
    """Say that a puncture was given, was stopped (`volume_ml`: what went in, None nothing), or was not done; `at`: not just now.

    What is noted after a reaction began may have been in before: `before_reaction` says so, and what is stopped while one lasts
    always was.

    A block bars the puncture while it is only planned, unless it is said with a reason that it has happened already: what
    happened is always charted, as a deviation. So does what is still to be asked (`NotAsked`), which is signed with its reason.
    """
    status, why = Status(status), why.strip()
    open_draft(injection.visit)
    _require_as_seen(injection)
    if status in (Status.STOPPED, Status.NOT_DONE) and not why:
        raise NotCharted(gettext("say why"))
    if injection.is_in and status in (Status.PLANNED, Status.NOT_DONE) and not why:
        raise NotCharted(gettext("the needle was in: say why this is to be corrected"))
    was_in = injection.is_in
    goes_in = status in rows.IN and not was_in
    if goes_in:
        _require_possible(injection.visit, at)
    if goes_in and at is None and (before_reaction or status == Status.STOPPED):
        at = reacted.in_since(rows.read(injection.visit), lasting=not before_reaction)
    barred = goes_in and _barred(injection.visit, [injection], is_said=bool(why), at=at) != []
    if volume_ml and injection.technique == Technique.NEEDLE_ONLY:
        raise NotCharted(gettext("nothing goes in through a needle alone"))
    _mark(injection, status, why, by, barred=barred, volume_ml=volume_ml, at=at)
    require_enough(injection.syringe)
    if goes_in:
        _keep_the_day(injection.visit, [injection], by)
        if at is None:
            _watch_anew(injection.visit)
    return injection


@transaction.atomic
def give_all(*, visit: Visit, by: Person, at: datetime.datetime | None = None) -> list[Injection]:
    """Say that everything planned was given, now or `at` a time before. Raises Refused or NotAsked, and gives none, where one of
    them is barred."""
    open_draft(visit)
    planned = [one for one in injections_of(visit) if one.status == Status.PLANNED]
    _require_possible(visit, at)
    if barred := _barred(visit, planned, at=at):
        raise Refused(f"the check bars {', '.join(str(one) for one in barred)}")
    for one in planned:
        _mark(one, Status.GIVEN, "", by, at=at)
    if planned:
        _keep_the_day(visit, planned, by)
        if at is None:
            _watch_anew(visit)
    return planned


@transaction.atomic
def remove(*, injection: Injection, by: Person) -> None:
    """Take back a puncture that is only planned; `restore` undoes it."""
    open_draft(injection.visit)
    _require_as_seen(injection)
    if injection.is_in:
        raise NotCharted(gettext("the needle was in: this stays on record"))
    injection.removed_at = timezone.now()
    injection.save(update_fields=["removed_at"])
    wrote(by, "remove", "injection", injection.uid, injection.visit)


@transaction.atomic
def restore(*, injection: Injection, by: Person) -> None:
    """Undo `remove`. Raises NotCharted where the syringe was put down since: its fluid would be booked nowhere."""
    open_draft(injection.visit)
    if injection.syringe is not None and injection.syringe.removed_at is not None:
        raise NotCharted(gettext("the syringe was put down meanwhile"))
    injection.removed_at = None
    injection.save(update_fields=["removed_at"])
    require_enough(injection.syringe)
    wrote(by, "restore", "injection", injection.uid, injection.visit)


@transaction.atomic
def give_reason(
    *, visit: Visit, rule: str, note: str, by: Person, review_on: datetime.date | None = None, seen: str = ""
) -> Reason:
    """Answer the warnings of a rule as they stand. `review_on`: it is about a standing fact, and is not asked again before that
    day. Raises ChangedMeanwhile unless what stands is what was `seen`, where that is said (`shown.together`)."""
    if rule not in knowledge.rules() and rule not in ours.RULES:
        raise NotCharted(gettext("there is no rule %(rule)s") % {"rule": rule})
    if not note.strip():
        raise NotCharted(gettext("say why"))
    if review_on is not None and not may_be_kept(rule):
        raise NotCharted(gettext("this is no standing fact of the patient: its reason is given anew each time"))
    open_draft(visit)
    compared = assessed_in_both(rows.read(visit), "en")[1]
    found = of_rule(compared, rule)
    if seen and seen != together(found):
        raise ChangedMeanwhile("this warning no longer says what was read")
    Reason.objects.filter(clinic=by.clinic, visit=visit, rule=rule, removed_at=None).update(removed_at=timezone.now())
    row = Reason.objects.create(
        clinic=by.clinic, visit=visit, patient=visit.patient, rule=rule, note=note.strip(), review_on=review_on,
        shown=found if review_on is None else about_of_rule(compared, rule),
        made_at=timezone.now(), made_by=by.user,
    )
    wrote(by, "answer", "warning", row.uid, visit, rule=rule)
    return row


@transaction.atomic
def take_back_reason(*, visit: Visit, uid: UUID, by: Person) -> None:
    """Undo `give_reason`: the warning is asked again."""
    open_draft(visit)
    if Reason.objects.filter(clinic=by.clinic, visit=visit, uid=uid, removed_at=None).update(removed_at=timezone.now()):
        wrote(by, "take back", "warning", uid, visit)


# --- after the last puncture


@transaction.atomic
def observe(*, visit: Visit, minutes: int, by: Person, why: str = "") -> Observation:
    """Begin to watch the patient; one who is being watched is watched on, and where another step was noted since, such as that
    they left, this one counts again. Raises Struck: who was charted on the wrong record is watched under their own name."""
    require_not_struck(visit)
    now = timezone.now()
    found, made = Observation.objects.get_or_create(
        clinic=by.clinic, visit=visit, ended_at=None,
        defaults={"patient": visit.patient, "began_at": now, "until": now + datetime.timedelta(minutes=minutes), "why": why,
                  "made_by": by.user},
    )
    last = VisitState.objects.filter(clinic_id=visit.clinic_id, visit=visit, removed_at=None).order_by("-pk").first()
    found.is_new = made
    if made or last is None or last.step != Step.OBSERVED:
        found.entered = enter(visit=visit, step=Step.OBSERVED, by=by)
    return found


def _watch_anew(visit: Visit) -> None:
    """The time runs from the last puncture: who is watched already, while another is noted, is watched as long from now on, or
    longer where what went in asks for it."""
    now = timezone.now()
    for row in Observation.objects.filter(clinic_id=visit.clinic_id, visit=visit, ended_at=None):
        watch, lasts = watch_of(visit), row.until - row.began_at
        if (longer := datetime.timedelta(minutes=watch.minutes)) > lasts:
            lasts, row.why = longer, watch.why
        row.began_at, row.until = now, now + lasts
        row.save(update_fields=["began_at", "until", "why"])


@transaction.atomic
def end_observation(*, observation: Observation, by: Person) -> None:
    """A person ends it, before or after the time; nothing else does."""
    ended = Observation.objects.filter(pk=observation.pk, ended_at=None).update(ended_at=timezone.now(), ended_by=by.user)
    if ended:
        audit.append(
            by=by, action="end", kind="observation", uid=observation.uid, patient=observation.patient.uid,
            detail={"early": timezone.now() < observation.until},
        )


@transaction.atomic
def watch_on(*, observation: Observation, by: Person) -> Observation:
    """The way back from a slip: who was taken off is watched on, as long as was said. It is a row of its own, for that it was
    ended stays on record."""
    Visit.objects.select_for_update(no_key=True).only("pk").get(pk=observation.visit_id)
    row, made = Observation.objects.get_or_create(
        clinic_id=observation.clinic_id, visit=observation.visit, ended_at=None,
        defaults={"patient": observation.patient, "began_at": observation.began_at, "until": observation.until,
                  "why": observation.why, "made_by": by.user},
    )
    if made:
        audit.append(by=by, action="restore", kind="observation", uid=row.uid, patient=row.patient.uid)
    return row


# --- inside


def _require_as_seen(injection: Injection) -> None:
    """Refuse what is judged by a row that somebody else has marked or taken out since it was read."""
    if _as_it_is(injection.pk) != [(injection.status, injection.removed_at)]:
        raise ChangedMeanwhile("somebody else has changed this injection")


@prepared
def _as_it_is(number: int) -> QuerySet[Any]:
    return Injection.objects.filter(pk=number).values_list("status", "removed_at")


def _barred(
    visit: Visit, injections: list[Injection], *, is_said: bool = False, at: datetime.datetime | None = None
) -> list[Injection]:
    """Those of `injections` that the check, as it stands now, blocks: by name, or with the whole visit.

    Raises NotAsked where nothing is, but something is to be asked before one of them, unless it `is_said` why it has happened.
    """
    if not injections:
        return []
    charted = rows.read(visit, at=at)
    assessment = assessed(charted)
    blocks = [one for one in assessment.issues if one.severity == "block"]
    barred = [one for one in injections if any(not each.injections or str(one.seq) in each.injections for each in blocks)]
    if not barred and not is_said and any(asked.is_open(assessment, one.seq) for one in injections):
        raise NotAsked(asked.in_words(asked.open_questions(charted)))
    return barred


def _require_possible(visit: Visit, at: datetime.datetime | None) -> None:
    """Refuse a time at which the puncture of this visit cannot have been, and say what to do."""
    if at is None:
        return
    if at > timezone.now():
        raise NotCharted(gettext("that time is still to come; say when the needle was in"))
    if visit.happened_at is None and at < visit.made_at - BEFORE_THE_DRAFT:
        raise NotCharted(gettext(
            "that is more than a day before this visit was begun; if it was so, enter it as a visit that has happened"))
    if visit.happened_at is not None and not visit.happened_at <= at <= visit.happened_at + LONGEST_VISIT:
        raise NotCharted(gettext("this visit was on %(when)s; say a time from then on, at most a day later") % {
            "when": words.moment(visit.happened_at)})


def _keep_the_day(visit: Visit, given: list[Injection], by: Person) -> None:
    """A draft is a visit of the day of its first puncture, whenever it was begun."""
    day = given[0].given_at.astimezone(visit.clinic.tzinfo).date()
    others = Injection.objects.filter(clinic_id=visit.clinic_id, visit=visit, given_at__isnull=False)
    if visit.happened_at is None and day != visit.day and not others.exclude(pk__in=[one.pk for one in given]).exists():
        Visit.objects.filter(pk=visit.pk).update(day=day)
        visit.day = day
        wrote(by, "change", "visit", visit.uid, visit, fields=["day"])


def _mark(
    injection: Injection, status: Status, why: str, by: Person, *, barred: bool = False, volume_ml: Decimal | None = None,
    at: datetime.datetime | None = None,
) -> None:
    if barred and not why:
        raise Refused("the check bars this puncture; if it has happened, say so and why")
    injection.before = marked(injection)
    if status in (Status.GIVEN, Status.STOPPED) and not injection.is_in:
        now = timezone.now()
        injection.given_at, injection.blocked = at or _happened_at(injection) or now, barred
        injection.charted_at = now if at else None
    if status in (Status.PLANNED, Status.NOT_DONE):
        injection.given_at, injection.charted_at, injection.blocked = None, None, False
    columns = ["status", "status_why", "given_at", "charted_at", "blocked"]
    if status == Status.STOPPED:
        injection.volume_ml = volume_ml or None
        columns.append("volume_ml")  # else it stays as it is, whoever has changed it meanwhile
    injection.status, injection.status_why = status, why
    update(injection, *columns)
    wrote(by, str(status), "injection", injection.uid, injection.visit, blocked=injection.blocked)


def _happened_at(injection: Injection) -> datetime.datetime | None:
    """Of a visit that is written down later: when it began, or when the syringe was drawn up in the midst of it."""
    began = injection.visit.happened_at
    return began and (max(began, injection.syringe.drawn_at) if injection.syringe else began)


def _midline(site: Site) -> str:
    point = knowledge.points().get(site.point)
    return Side.MIDLINE if point is not None and point.side == "midline" else ""

