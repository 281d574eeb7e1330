"""What a trial has shown: the flow, the effect by the planned analysis, the sequence made again, and what went otherwise.

Until the trial has ended only the flow and what went otherwise are here, by code; no number of an arm. Everybody counts in the
arm that they were allocated. The sequence is made again from the opened seed and compared with what was sealed, place by place.
"""

from __future__ import annotations

import datetime
import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

import msgspec
from django.utils.translation import gettext as _

from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.followup.models import Recalled
from waterneedle.clinic.intake.documents import digest
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import records_of
from waterneedle.clinic.trials import measuring, queries, sealed, stopping
from waterneedle.clinic.trials import plan as plans
from waterneedle.clinic.trials.allocating import who_treats
from waterneedle.clinic.trials.knowing import is_asked_blind
from waterneedle.clinic.trials.measuring import Measured
from waterneedle.clinic.trials.models import Allocation, Deviation, Participant, Trial, Turn, TurnKind, Unblinding
from waterneedle.clinic.trials.plan import Plan
from waterneedle.clinic.visits.models import Injection, Status, Technique
from waterneedle.clinic.visits.queries import signature_of, strike_of
from waterneedle.clinic.visits.rows import injections_of
from waterneedle.clinic.web import words
from waterneedle.outcomes.allocation import commitment

if TYPE_CHECKING:
    from waterneedle.outcomes.randomised import Effect


@dataclass(frozen=True)
class Row:
    """One allocation with its outcome. `arm` and `again` (the arm of the sequence that was made again) only after the end."""

    allocation: Allocation
    outcome: Measured | None
    baseline: Measured | None
    arm: int | None = None
    block: int | None = None
    again: int | None = None

    @property
    def is_kept(self) -> bool:
        return self.arm is not None and self.arm == self.again


@dataclass(frozen=True)
class Compared:
    """Two arms, and by how much they differ; None: too little to tell."""

    first: str
    second: str
    is_primary: bool
    effect: Effect | None

    @property
    def said(self) -> str:
        one = self.effect
        if one is None:
            return _("too little to tell")
        if not math.isfinite(one.low) and not math.isfinite(one.high):
            return _("%(estimate)s (too few for an interval of 95 %%; p = %(p)s)") % {
                "estimate": words.number(one.estimate, 2), "p": _p(one.p)}
        low, high = (words.number(end, 2) if math.isfinite(end) else _("not bounded") for end in (one.low, one.high))
        return _("%(estimate)s (95 %% interval %(low)s to %(high)s; p = %(p)s)") % {
            "estimate": words.number(one.estimate, 2), "low": low, "high": high, "p": _p(one.p)}


@dataclass(frozen=True)
class OfArm:
    name: str
    allocated: int
    measured: int
    mean: float | None
    events: int

    @property
    def mean_said(self) -> str:
        return "–" if self.mean is None else words.number(self.mean, 2)


@dataclass(frozen=True)
class Shown:
    """An allocation after the end, in words."""

    code: str
    at: datetime.datetime
    stratum: str
    place: int
    arm: str
    again: str
    is_kept: bool
    outcome: float | None


@dataclass
class Report:
    """Everything that is shown; what stands only after the end is empty before."""

    trial: Trial
    says: Plan
    ended: Turn | None
    rows: list[Row]
    flow: list[tuple[str, int]]
    unblindings: list[Unblinding]
    deviations: list[Deviation]
    arms: list[OfArm] = field(default_factory=list)
    compared: list[Compared] = field(default_factory=list)
    found: list[tuple[str, str]] = field(default_factory=list)  # (code, what went otherwise), seen by the program itself
    checks: list[tuple[str, bool]] = field(default_factory=list)  # of the sequence and the plan, each with whether it holds
    cannot: list[str] = field(default_factory=list)

    @property
    def closes_words(self) -> bool:
        """Whether what somebody wrote about an allocation is left out: free words may name the arm to who is to stay blind."""
        return self.ended is None and plans.assessor_is_blind(self.says)

    @property
    def found_by_code(self) -> list[tuple[str, str]]:
        """What the program has seen otherwise, in one line for each allocation."""
        codes = dict.fromkeys(code for code, _said in self.found)
        return [(code, " ".join(said for of, said in self.found if of == code)) for code in codes]

    @property
    def shown(self) -> list[Shown]:
        """Every allocation in words; nothing before the end."""
        if self.ended is None:
            return []
        arms = [one.name for one in self.says.arms]
        return [
            Shown(
                row.allocation.code, row.allocation.made_at, row.allocation.stratum, row.allocation.place + 1, arms[row.arm],
                "–" if row.again is None else arms[row.again], row.is_kept, row.outcome.value if row.outcome else None)
            for row in self.rows
        ]


def report_of(trial: Trial) -> Report:
    says, allocations = trial.says, queries.allocations_of(trial)
    ended = queries.turn_of(trial, TurnKind.ENDED)
    rows = [_row(says, one) for one in allocations]
    made = Report(
        trial, says, ended, rows, flow=_flow(trial, rows), unblindings=[u for one in allocations for u in one.unblindings.all()],
        deviations=[d for one in allocations for d in one.deviations.all()])
    if ended is not None:
        seed = bytes.fromhex(ended.seed)
        made.rows = _opened(trial, seed, rows)
        made.arms, made.compared = _arms(trial, made.rows), _compared(says, made.rows)
        made.found = [(row.allocation.code, said) for row in made.rows for said in (
            *_otherwise(says, row), *_told(says, row.allocation, ended))]
        made.checks = list(_checks(trial, seed, made.rows))
    made.cannot = list(_cannot_tell(trial, made))
    return made


# --- the sequence, made again


def _opened(trial: Trial, seed: bytes, rows: list[Row]) -> list[Row]:
    most = Counter(row.allocation.stratum for row in rows)
    again = {stratum: plans.sequence(trial.says, seed, stratum, count) for stratum, count in most.items()}
    found = []
    for row in rows:
        one = row.allocation
        # A place beyond those that were given cannot stand: then nothing fits it.
        place = again[one.stratum][one.place] if one.place < most[one.stratum] else None
        found.append(Row(one, row.outcome, row.baseline, sealed.arm_of(one), place and place.block, place and place.arm))
    return found


def _checks(trial: Trial, seed: bytes, rows: list[Row]) -> Iterator[tuple[str, bool]]:
    yield _("The opened seed fits the commitment that was published when the plan was frozen."), trial.commitment == commitment(
        seed, trial=str(trial.uid), plan_hash=trial.hash)
    intact = digest(trial.document) == trial.hash and plans.read(trial.plan) == _of_document(trial)
    yield _("The plan is as it was frozen."), intact
    yield _("Every allocation is what the sequence, made again, has at its place."), all(row.is_kept for row in rows)
    by_stratum: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        by_stratum[row.allocation.stratum].append(row.allocation.place)
    yield _("Places were given in order, each once, and none was left out."), all(
        places == list(range(len(places))) for places in by_stratum.values())


def _of_document(trial: Trial) -> Plan:
    return msgspec.convert(msgspec.json.decode(trial.document)["plan"], Plan)


# --- numbers


def _row(says: Plan, one: Allocation) -> Row:
    return Row(one, measuring.outcome(says, one), measuring.baseline(says, one.patient, one.made_at))


def _flow(trial: Trial, rows: list[Row]) -> list[tuple[str, int]]:
    people = list(Participant.objects.filter(clinic_id=trial.clinic_id, trial=trial).prefetch_related("departures"))
    given = sum(signature_of(row.allocation.visit) is not None and not _is_struck(row.allocation) for row in rows)
    flow = [(_("allocated"), len(rows)), (_("of them signed visits"), given),
            (_("with an outcome, in the analysis"), sum(row.outcome is not None for row in rows)),
            (_("without an outcome"), sum(row.outcome is None for row in rows))]
    if trial.kind == plans.N_OF_1:
        return [(_("planned treatments"), trial.says.size), *flow]
    able = [one for one in people if one.is_eligible]
    return [
        (_("looked at"), len(people)), (_("could not take part"), len(people) - len(able)), (_("could take part"), len(able)),
        *flow, (_("left before the end"), sum(bool(one.departures.all()) for one in people))]


def _arms(trial: Trial, rows: list[Row]) -> list[OfArm]:
    events = Counter(sealed.arm_of(one) for _version, one in stopping.events_of(trial))
    found = []
    for number, arm in enumerate(trial.says.arms):
        values = [row.outcome.value for row in rows if row.arm == number and row.outcome]
        mean = sum(values) / len(values) if values else None
        found.append(OfArm(arm.name, sum(row.arm == number for row in rows), len(values), mean, events[number]))
    return found


def _compared(says: Plan, rows: list[Row]) -> list[Compared]:
    names = [one.name for one in says.arms]
    return [
        Compared(names[pair[0]], names[pair[1]], pair == says.pair, effect(says, rows, pair))
        for pair in combinations(range(len(names)), 2)
    ]


def effect(says: Plan, rows: list[Row], pair: tuple[int, int]) -> Effect | None:
    """The first arm minus the second, by the planned analysis."""
    from waterneedle.outcomes import randomised  # late: slow (numpy)

    if says.balls:
        rows = sorted(rows, key=lambda row: (row.allocation.stratum, row.allocation.place))
    values = [row.outcome.value if row.outcome else None for row in rows]
    arms = [row.arm for row in rows]
    blocks = [(row.allocation.stratum, row.block) for row in rows]
    match says.analysis:
        case "randomisation" if says.balls:
            return randomised.of_urn(values, arms, [row.allocation.stratum for row in rows], pair, balls=says.balls)
        case "randomisation":
            return randomised.of_blocks(values, arms, blocks, pair)
        case "paired":
            return randomised.paired(values, arms, blocks, pair)
        case "ancova":
            before = [row.baseline.value if row.baseline else None for row in rows]
            return randomised.ancova(values, before, arms, pair)
    return randomised.welch(values, arms, pair)


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else words.number(value, 3)


# --- what went otherwise, as far as rows can show it


def _otherwise(says: Plan, row: Row) -> Iterator[str]:
    one = row.allocation
    if signature_of(one.visit) is None:
        yield _("The visit was not signed.")
    if _is_struck(one):
        yield _("The visit was struck: it stood on the wrong patient. Its outcome counts as it was allocated.")
    if says.is_prepared:
        preparers = {made.made_by_id for made in one.preparations.all()}
        if not preparers:
            yield _("Nobody has written down that it was prepared under the code.")
        elif preparers & who_treats(one):
            yield _("Who treated has prepared it.")
    given = [injection for injection in injections_of(one.visit) if injection.status in (Status.GIVEN, Status.STOPPED)]
    yield from _given_otherwise(says, row, given)
    if row.outcome is None:
        yield _("There is no outcome within the planned time.")
    elif row.outcome.made_by and not is_asked_blind(one, row.outcome.made_by, row.outcome.at):
        yield _("The outcome was written down by somebody who may have known the arm.")


def _told(says: Plan, one: Allocation, ended: Turn) -> Iterator[str]:
    """By what a patient who was to be kept blind may have come to read what was given, before the end."""
    if not plans.patient_is_blind(says):
        return
    before_the_end = (one.made_at, ended.made_at)
    records = records_of(one.patient)
    uids = list(Patient.objects.filter(clinic_id=one.clinic_id, pk__in=records).values_list("uid", flat=True))
    taken = Entry.objects.filter(
        clinic_id=one.clinic_id, patient_uid__in=uids, kind="record", action="export", at__range=before_the_end)
    for entry in taken.order_by("at"):
        yield _("The whole record, which says what was given, was taken along by %(who)s, %(when)s.") % {
            "who": entry.user_name, "when": words.moment(entry.at)}
    day = one.visit.day
    if Recalled.objects.filter(
        clinic_id=one.clinic_id, patient_id__in=records, first_day__lte=day, last_day__gte=day,
        recall__made_at__range=before_the_end,
    ).exists():
        yield _("A recall tells the patient what was given.")


def _is_struck(one: Allocation) -> bool:
    strike = strike_of(one.visit)
    return strike is not None and strike.struck_at is not None


def _given_otherwise(says: Plan, row: Row, given: list[Injection]) -> Iterator[str]:
    arm = says.arms[row.arm]
    if not given:
        yield _("Nothing was given.")
        return
    alone = [one for one in given if one.technique == Technique.NEEDLE_ONLY]
    if arm.technique == plans.NEEDLE_ONLY and len(alone) < len(given):
        yield _("Something was injected, where a needle alone was allocated.")
    if arm.technique == plans.INJECTION:
        products = {fill.vial.lot.item.product for one in given if one.syringe for fill in one.syringe.contents}
        if alone or products - {arm.product} or not products:
            yield _("Something else was given than was allocated.")


# --- what it cannot tell


def _cannot_tell(trial: Trial, made: Report) -> Iterator[str]:
    says = made.says
    if trial.kind == plans.N_OF_1:
        yield _("One person took part: it says nothing of anybody else.")
        yield _("What one treatment leaves behind for the next cannot be told from the effect; the time between them is all that "
                "stands against it.")
    else:
        yield _("It speaks of people like those who took part, in this clinic.")
    for one in plans.who_knows(says):
        if not one["blind"] and one["role"] != "treats":
            yield _("Not blind: %(who)s. What is expected may be part of the difference.") % {"who": one["who"]}
    if says.balls:
        yield _("Who knew every earlier arm knew how likely the next one was, at most %(chance)s, and never which it was.") % {
            "chance": plans.chance_in_words(says)}
    else:
        yield _("It was drawn in blocks: who knew the earlier arms of a block could foresee its last one.")
    yield _("Who treated could know the arm from the chart; that it was kept closed to the patient, nobody has watched.")
    links = sum(row.outcome.by_link for row in made.rows if row.outcome)
    measured = sum(row.outcome is not None for row in made.rows)
    if measured > links:
        yield _("%(count)s of %(of)s outcomes were said to somebody of the clinic, not by a link.") % {
            "count": measured - links, "of": measured}
    if measured < len(made.rows):
        yield _("Outcomes that are missing are left out; if they are missing because of the treatment, the effect is wrong.")
    if len(made.rows) < says.size and made.ended:
        yield _("It ended before the planned number: an effect that was seen may be too large.")
    if len(says.arms) > 2:
        yield _("One comparison was planned as the primary one; the others are looked at beside it, and one of several comes out "
                "by chance more often.")
    if made.unblindings:
        yield _("Arms were opened before the end.")
    if trial.amendments.exists():
        yield _("The plan was amended on the way.")
