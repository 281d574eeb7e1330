"""What the pages of a visit show: the draft with its issues beside the injections they name, the visits of a patient or a day."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.database.prepared import prepared
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import records_of, today_in
from waterneedle.clinic.stock import scanning
from waterneedle.clinic.stock.models import Vial
from waterneedle.clinic.stock.queries import VialRow, offered_vials, open_vials, vials_open_at
from waterneedle.clinic.visits import cosigning, reacted
from waterneedle.clinic.visits.danger import is_dangerous
from waterneedle.clinic.visits.document import charted_hash
from waterneedle.clinic.visits.drawing import LONGEST_VISIT, not_yet_open, was_opened
from waterneedle.clinic.visits.hour import is_past
from waterneedle.clinic.visits.leading import Lead, lead_of
from waterneedle.clinic.visits.models import (
    Injection,
    Reason,
    Signature,
    Status,
    Step,
    Strike,
    Syringe,
    Technique,
    Today,
    Visit,
    VisitState,
    total_ml,
)
from waterneedle.clinic.visits.models_after import Observation
from waterneedle.clinic.visits.on_paper import seen_in_words
from waterneedle.clinic.visits.plan import assessed_in_both
from waterneedle.clinic.visits.reasons import reasons_for
from waterneedle.clinic.visits.rows import IN, Charted, ever_reacted, read, steps_entered
from waterneedle.clinic.visits.saying import missing_in_words
from waterneedle.clinic.visits.shown import of_rule, together
from waterneedle.clinic.visits.signing import Gap, gaps_of, is_deviation
from waterneedle.clinic.visits.standing import may_be_kept
from waterneedle.clinic.web import words
from waterneedle.safety.plan import Assessment, DetectedIssue

EARLIER_DAYS = 120  # as long ago injections still show on the body


@dataclass(frozen=True)
class IssueRow:
    """An issue with the reasons that may answer it, and the answer that was given."""

    issue: DetectedIssue
    reasons: tuple[str, ...]
    answer: Reason | None
    seen: str  # stands for what the warnings of its rule say
    lead: Lead | None  # where its remedy is done, when that is elsewhere

    @property
    def may_be_kept(self) -> bool:
        return may_be_kept(self.issue.rule)

    @property
    def asks(self) -> bool:
        return self.issue.severity == "warn" and not self.issue.recorded


@dataclass(frozen=True)
class InjectionRow:
    one: Injection
    place: str
    issues: tuple[IssueRow, ...]
    is_dangerous: bool
    is_barred: bool  # by a block about it, or about the whole visit

    @property
    def is_after_reaction(self) -> bool:
        return any(row.issue.rule == reacted.RULE for row in self.issues)

    @property
    def is_settled(self) -> bool:
        """Given, with all that is shown of it, and nothing stands against it or is still to be answered."""
        one = self.one
        is_whole = one.depth_mm is not None and (one.volume_ml is not None or one.technique == Technique.NEEDLE_ONLY)
        return one.status == Status.GIVEN and is_whole and not self.is_barred and not any(row.asks for row in self.issues)

    @property
    def seen(self) -> str:
        """What was seen of it, and why it was stopped or not done; that it is without a fluid stands in place of its volume."""
        return seen_in_words(vars(self.one) | {"technique": Technique.INJECTION}, fully=True)


@dataclass(frozen=True)
class SyringeRow:
    syringe: Syringe
    fills: tuple[Any, ...]
    left_ml: Decimal
    is_used: bool
    is_past: bool  # its hour is over


@dataclass(frozen=True)
class StepRow:
    """A step of the visit and when it was entered, the last time."""

    step: Step
    state: VisitState | None


@dataclass(frozen=True)
class Draft:
    """A visit as its page shows it."""

    visit: Visit
    records: list[int]  # the numbers of all rows that are the patient
    assessment: Assessment
    rows: tuple[InjectionRow, ...]
    issues: tuple[IssueRow, ...]  # of the visit as a whole
    syringes: tuple[SyringeRow, ...]
    wasted: tuple[tuple[Syringe, Decimal], ...]  # put down unused, with what was in it
    today: Today | None
    steps: tuple[StepRow, ...]
    gaps: tuple[Gap, ...]
    observation: Observation | None
    deviates: bool
    charted: Charted

    @property
    def seen(self) -> str:
        """Stands for what is charted, as it is shown."""
        return charted_hash(self.charted)

    @property
    def loaded(self) -> SyringeRow | None:
        """The syringe that was drawn up last."""
        return self.syringes[-1] if self.syringes else None

    @property
    def total_ml(self) -> Decimal:
        return sum((row.one.volume_ml or Decimal(0) for row in self.rows if row.one.status != Status.NOT_DONE), Decimal(0))

    @property
    def planned(self) -> tuple[InjectionRow, ...]:
        return tuple(row for row in self.rows if row.one.status == Status.PLANNED)

    @property
    def given_barred_why(self) -> str:
        """Why something was given that the check barred at the time, as it was said with each needle; the same words once."""
        given = [row.one for row in self.rows if row.one.blocked and row.one.status == Status.GIVEN]
        if len(found := {one.status_why for one in given}) <= 1:
            return next(iter(found), "")
        return words.told(f"{one}: {one.status_why}" for one in given)

    @property
    def unlooked(self) -> tuple[InjectionRow, ...]:
        return tuple(row for row in self.rows if not row.one.skin)

    @property
    def is_identified(self) -> bool:
        return self.today is not None and self.today.identity_confirmed is True


def _in_words(issue: DetectedIssue) -> DetectedIssue:
    return msgspec.structs.replace(issue, missing=missing_in_words(issue.missing))


def draft(visit: Visit, language: str) -> Draft:
    charted = read(visit)
    assessment, compared = assessed_in_both(charted, language)
    answers = {one.rule: one for one in charted.reasons}
    taken = taken_from(charted)
    rows = [_issue_row(one, answers.get(one.rule), compared, charted) for one in assessment.issues]
    rows.sort(key=lambda row: row.issue.severity != "block")  # what bars a needle is read before what asks for a word
    beside: dict[str, list[IssueRow]] = defaultdict(list)
    for row in rows:
        for name in row.issue.injections:
            beside[name].append(row)
    of_visit = tuple(row for row in rows if not row.issue.injections)
    is_barred = any(row.issue.severity == "block" for row in of_visit)
    return Draft(
        visit=visit,
        records=charted.records,
        assessment=assessment,
        rows=tuple(_injection_row(one, tuple(beside[str(one.seq)]), is_barred) for one in charted.injections),
        issues=of_visit,
        syringes=tuple(_syringe_row(visit, one, taken.get(one.pk)) for one in charted.syringes),
        wasted=tuple((one, total_ml(one.contents)) for one in charted.wasted),
        today=charted.today,
        steps=_as_answered(steps_of(visit), charted.today),
        gaps=tuple(gaps_of(charted, assessment)),
        observation=observation_of(visit),
        deviates=is_deviation(charted.injections, assessment),
        charted=charted,
    )


def _issue_row(issue: DetectedIssue, answer: Reason | None, compared: Assessment, charted: Charted) -> IssueRow:
    seen = together(of_rule(compared, issue.rule))
    return IssueRow(_in_words(issue), reasons_for(issue.rule), answer, seen, lead_of(issue, charted))


def _injection_row(one: Injection, issues: tuple[IssueRow, ...], is_barred: bool) -> InjectionRow:
    dangerous = is_dangerous(point=one.point, muscle=one.muscle, region=one.region, level=one.level)
    is_barred = is_barred or any(row.issue.severity == "block" for row in issues)
    return InjectionRow(one, one.place, issues, dangerous, is_barred)


def taken_from(charted: Charted) -> dict[int, Decimal]:
    """mL that the injections of each syringe take, the planned ones counted; a syringe that none is charted from is not here."""
    taken: dict[int, Decimal] = {}
    for one in charted.injections:
        if one.syringe_id is not None:
            ml = one.volume_ml if one.status != Status.NOT_DONE else None
            taken[one.syringe_id] = taken.get(one.syringe_id, Decimal(0)) + (ml or 0)
    return taken


def _syringe_row(visit: Visit, one: Syringe, taken_ml: Decimal | None) -> SyringeRow:
    past = visit.happened_at is None and is_past(one, timezone.now())
    return SyringeRow(one, tuple(one.contents), total_ml(one.contents) - (taken_ml or 0), taken_ml is not None, past)


def steps_of(visit: Visit) -> tuple[StepRow, ...]:
    """Each with when it was noted last. Who has come back, or had never gone, has not left."""
    entered = {one.step: one for one in steps_entered(visit)}
    if Step.LEFT in entered and entered[Step.LEFT].pk < max(one.pk for one in entered.values()):
        del entered[Step.LEFT]
    return tuple(StepRow(step, entered.get(step)) for step in Step)


def _as_answered(steps: tuple[StepRow, ...], today: Today | None) -> tuple[StepRow, ...]:
    """Identified is nobody of whom it was said since that name and date of birth were not asked."""
    if today is None or today.identity_confirmed is not False:
        return steps
    return tuple(StepRow(row.step, None if row.step == Step.IDENTIFIED else row.state) for row in steps)


def observation_of(visit: Visit) -> Observation | None:
    return next(iter(_observation(visit.clinic_id, visit.pk)), None)


@prepared
def _observation(clinic_id: int, visit_id: int) -> QuerySet[Any]:
    rows = Observation.objects.filter(clinic_id=clinic_id, visit_id=visit_id, removed_at=None)
    return rows.select_related("ended_by").order_by("-pk")[:1]


# --- rows of an address


def visit_of(clinic: Clinic, patient: Patient, uid: UUID) -> Visit:
    """The visit of an address, which is this patient's; 404 for any other."""
    found = _visit(clinic.pk, records_of(patient), uid)
    if not found:
        raise Http404
    return found[0]


def signature_of(visit: Visit) -> Signature | None:
    return next(iter(_signature(visit.clinic_id, visit.pk)), None)


def strike_of(visit: Visit) -> Strike | None:
    return next(iter(_strike(visit.clinic_id, visit.pk)), None)


@prepared
def _visit(clinic_id: int, records: Sequence[int], uid: UUID) -> QuerySet[Any]:
    rows = Visit.objects.filter(clinic_id=clinic_id, patient_id__in=records, uid=uid)
    rows = rows.annotate(has_reacted=ever_reacted(clinic_id, records))
    return rows.select_related("clinic", "patient", "practitioner__user", "made_by")


@prepared
def _signature(clinic_id: int, visit_id: int) -> QuerySet[Any]:
    return Signature.objects.filter(clinic_id=clinic_id, visit_id=visit_id).select_related("signed_by")


@prepared
def _strike(clinic_id: int, visit_id: int) -> QuerySet[Any]:
    return Strike.objects.filter(clinic_id=clinic_id, visit_id=visit_id).select_related("asked_by", "struck_by")


# --- lists


def with_signature(rows: QuerySet[Visit]) -> QuerySet[Visit]:
    """The visits with `is_signed`, `awaits` (a countersignature), `is_refused` (that) and `is_struck`."""
    signed = Signature.objects.filter(clinic_id=OuterRef("clinic_id"), visit=OuterRef("pk"))
    struck = Strike.objects.filter(clinic_id=OuterRef("clinic_id"), visit=OuterRef("pk"), struck_at__isnull=False)
    found = rows.annotate(is_signed=Exists(signed), is_struck=Exists(struck))
    return cosigning.with_who_stands(found).select_related("practitioner__user", "patient")


def with_injections(clinic_id: int, visits: list[Visit]) -> list[Visit]:
    """The same visits, each with its `charted` injections."""
    # Not prefetched: that would not name the clinic, which leads the index.
    charted: dict[int, list[Injection]] = defaultdict(list)
    for one in _injections_of(clinic_id, [one.pk for one in visits]) if visits else ():
        charted[one.visit_id].append(one)
    for one in visits:
        one.charted = charted[one.pk]
    return visits


@prepared
def _injections_of(clinic_id: int, visits: Sequence[int]) -> QuerySet[Any]:
    return Injection.objects.filter(clinic_id=clinic_id, visit_id__in=visits, removed_at=None).order_by("seq")


@dataclass(frozen=True)
class Course:
    """The signed visits of a patient before this one: how many, the pain at each, and the last of them."""

    count: int
    pain: tuple[int | None, ...]
    last: Visit | None
    treated: Visit | None  # the last in which a needle was in: that is the one to be repeated

    @property
    def why_not_again(self) -> str:
        """Why that one is not repeated."""
        return cosigning.why_not_again(self.treated) if self.treated else ""


def course_of(visit: Visit) -> Course:
    rows = sorted(_signed_until(visit.clinic_id, records_of(visit.patient), visit.day))
    earlier = [(number, pain) for _day, number, pain, _was_in in rows if number != visit.pk]
    in_which = [number for _day, number, _pain, was_in in rows if was_in and number != visit.pk]
    last = _numbered_with_injections(visit.clinic_id, earlier[-1][0]) if earlier else None
    treated = last
    if last is not None and in_which[-1:] != [last.pk]:
        treated = _numbered_with_injections(visit.clinic_id, in_which[-1]) if in_which else None
    return Course(len(earlier), tuple(pain for _number, pain in earlier), last, treated)


def _numbered_with_injections(clinic_id: int, number: int) -> Visit:
    found = _numbered(number)[0]
    found.charted = _charted(clinic_id, number)
    return found


@prepared
def _signed_until(clinic_id: int, records: Sequence[int], day: datetime.date) -> QuerySet[Any]:
    visit = {"clinic_id": OuterRef("clinic_id"), "visit_id": OuterRef("pk")}
    # In no order: for the sake of one SQLite would read the visits of all patients by their day.
    rows = Visit.objects.filter(
        Exists(Signature.objects.filter(**visit)), ~Exists(Strike.objects.filter(**visit, struck_at__isnull=False)),
        clinic_id=clinic_id, patient_id__in=records, day__lte=day,
    )
    went_in = Injection.objects.filter(**visit, removed_at=None, status__in=(Status.GIVEN, Status.STOPPED))
    return rows.values_list("day", "pk", "pain_before", Exists(went_in))


@prepared
def _numbered(number: int) -> QuerySet[Any]:
    rows = cosigning.with_who_stands(Visit.objects.filter(pk=number))
    return rows.select_related("clinic", "patient", "practitioner__user")


@prepared
def _charted(clinic_id: int, visit_id: int) -> QuerySet[Any]:
    return Injection.objects.filter(clinic_id=clinic_id, visit_id=visit_id, removed_at=None).order_by("seq")


# --- vials


def vials_of(visit: Visit, at: datetime.datetime | None = None) -> tuple[list[VialRow], list[VialRow]]:
    """Open vials that may be drawn from on the day of the visit, and those that may not: of lots that are withheld, past their
    time, a single dose of somebody else. Of a visit that is written down later: those that were open then, or `at` a time in it,
    and those opened only after it or of somebody else."""
    rows, records = _vials(visit, open_vials), records_of(visit.patient)
    is_usable = [_is_usable(row, visit, records, at) for row in rows]
    return [row for row, is_so in zip(rows, is_usable, strict=True) if is_so], [
        row for row, is_so in zip(rows, is_usable, strict=True) if not is_so]


def choice_of_vials(visit: Visit, records: Sequence[int]) -> list[VialRow]:
    """The same, with what a choice shows of each; `records` are those of `records_of` for the patient."""
    return [row for row in _vials(visit, offered_vials) if _is_usable(row, visit, records)]


def _vials(visit: Visit, open_now: Callable[[Clinic, datetime.date], list[VialRow]]) -> list[VialRow]:
    """What is open now, also where the draft was begun on an earlier day; for a visit that is written down later also what was
    thrown away since."""
    if visit.happened_at is None:
        return open_now(visit.clinic, max(visit.day, today_in(visit.clinic)))
    found = vials_open_at(visit.clinic, visit.day, visit.happened_at)
    return sorted(found, key=lambda row: row.is_past or row.is_withheld)


def opened_after(visit: Visit) -> list[Vial]:
    """Of a visit that is written down later: the vials that by the book were opened only after it, and are open, or were opened
    within a day and are discarded since."""
    vials = [row.vial for row in _vials(visit, open_vials)] if visit.happened_at is not None else []
    return [one for one in vials if not was_opened(one, visit) and (
        one.discarded_at is None or one.opened_at < visit.happened_at + LONGEST_VISIT)]


def _is_usable(row: VialRow, visit: Visit, records: Sequence[int], at: datetime.datetime | None = None) -> bool:
    """Of a visit that is written down later the check says what was past its time or withheld: it was given, and stands there."""
    if visit.happened_at is not None:
        return was_opened(row.vial, visit, at) and not _is_anothers(row, records)
    return not (row.is_past or row.is_withheld or _is_anothers(row, records))


def _is_anothers(row: VialRow, records: Sequence[int]) -> bool:
    return row.vial.lot.item.is_single and row.vial.patient_id not in (None, *records)


def why_not_usable(rows: list[VialRow], visit: Visit, said: str, usable: Sequence[VialRow] = ()) -> str:
    """Why the one of the `rows` that a scan, a typed label or a uid means may not be drawn from, or that it may be several, some
    of them `usable`; "" when none is meant."""
    found = scanning.read(said)
    if found is not None and (found.gtin or found.lot):
        alike = [row.vial.code for row in usable if _fits(row, found)]
        past = [f"{row.vial.code} ({_('past its time')})" for row in rows if row.is_past and _fits(row, found)]
        if alike and len(alike) + len(past) > 1:
            codes = words.listed([*alike, *past])
            return _("Several open vials have this barcode: %(codes)s. Scan or type the label of the one in your hand.") % {
                "codes": codes}
    for row in rows:
        if said == str(row.vial.uid) or vial_by_code([row], said):
            if _is_anothers(row, records_of(visit.patient)):
                return _("This vial is a single dose and was drawn for another patient. Open a new one.")
            if not was_opened(row.vial, visit):
                return not_yet_open(row.vial)
            if row.is_withheld:
                return _("The lot of this vial is in quarantine or recalled. Take another one.")
            return _("This vial is past its time. Discard it and open a new one.")
    return ""


def vial_by_code(rows: list[VialRow], code: str, other: Sequence[VialRow] = ()) -> Vial | None:
    """The open vial that a scan or a typed label means: by its own label or address, else by the lot of its barcode if it is the
    only.

    A barcode of the maker is on every vial of a lot. Where one of the `other`, which are not for use, is past its time, it may be
    that one which is in the hand.
    """
    label = code.strip().casefold()
    for row in rows:
        if label in (row.vial.code.casefold(), str(row.vial.uid)):
            return row.vial
    found = scanning.read(code)
    if found is None or not (found.gtin or found.lot):
        return None
    fitting = [row.vial for row in rows if _fits(row, found)]
    return fitting[0] if len(fitting) == 1 and not any(row.is_past and _fits(row, found) for row in other) else None


def _fits(row: VialRow, found: scanning.Scanned) -> bool:
    """Whether the barcode of the maker may be that of this vial."""
    lot = row.vial.lot
    return (not found.gtin or lot.item.gtin == found.gtin) and (not found.lot or lot.number == found.lot)


# --- the body


def marks_of(visit: Visit, shown: Draft) -> list[dict[str, Any]]:
    """What the chart shows: the injections of this visit, and those of the months before by their age."""
    since = visit.day - datetime.timedelta(days=EARLIER_DAYS)
    before = [one for one in _marked(visit.clinic_id, shown.records, since, visit.day) if one.visit_id != visit.pk]
    found = [(row.one, 0) for row in shown.rows if row.one.status != Status.NOT_DONE]
    found += [(one, (visit.day - one.visit.day).days) for one in before]
    return [_mark(one, days) for one, days in found if one.point or _place(one)]


@prepared
def _marked(clinic_id: int, records: Sequence[int], since: datetime.date, day: datetime.date) -> QuerySet[Any]:
    visit = {"clinic_id": OuterRef("clinic_id"), "visit_id": OuterRef("visit_id")}
    rows = Injection.objects.filter(
        Exists(Signature.objects.filter(**visit)), ~Exists(Strike.objects.filter(**visit, struck_at__isnull=False)),
        clinic_id=clinic_id, patient_id__in=records, status__in=IN, visit__day__gte=since, visit__day__lte=day,
    )
    return rows.select_related("visit").order_by("pk")


def nudges_of(visit: Visit) -> list[dict[str, Any]]:
    """Where points were put that lie elsewhere on this patient, by the last signed visit that put them so."""
    rows = _nudged(visit.clinic_id, records_of(visit.patient), visit.day)
    known: dict[tuple[str, str, Any], dict[str, Any]] = {}
    for one in (row for row in rows if row.visit_id != visit.pk):
        along, across = (one.nudge.get(name) or 0 for name in ("along_mm", "across_mm"))
        member = one.nudge.get("member")
        if one.point:
            known[(one.point, one.side, str(member))] = {
                "code": one.point, "side": one.side, "member": member, "along_mm": round(along), "across_mm": round(across)}
    return [one for one in known.values() if one["along_mm"] or one["across_mm"]]


@prepared
def _nudged(clinic_id: int, records: Sequence[int], day: datetime.date) -> QuerySet[Any]:
    visit = {"clinic_id": OuterRef("clinic_id"), "visit_id": OuterRef("visit_id")}
    rows = Injection.objects.filter(
        Exists(Signature.objects.filter(**visit)), ~Exists(Strike.objects.filter(**visit, struck_at__isnull=False)),
        clinic_id=clinic_id, patient_id__in=records, status__in=IN, visit__day__lte=day, nudge__isnull=False,
    )
    return rows.order_by("given_at", "pk")


def _mark(one: Injection, days: int) -> dict[str, Any]:
    mark = {"code": one.point or one.site, "side": one.side or "midline", "days": days, "status": one.status}
    if one.volume_ml is not None:
        mark["words"] = f"{one.volume_ml.normalize():f} mL"
    nudge = one.nudge or {}
    if nudge.get("member"):
        mark["member"] = nudge["member"]
    return mark if one.point else mark | _place(one)


def _place(one: Injection) -> dict[str, Any]:
    nudge = one.nudge or {}
    return {"face": nudge["face"], "weights": nudge["weights"]} if "face" in nudge and "weights" in nudge else {}
