"""What became of what was drawn up for a visit that was struck: the book has it again, or has it still, and the shelf has not.

    ask(visit, syringes, by)             with the strike: each syringe waits for an answer, and a task asks for it
    say(row=…, became="gone", by=access)  booked at once from its vial: as given what went in, as waste what was left
    say(row=…, became="anew", anew=syringe, by=access)   the same fluid in the visit of the right patient, and booked there
    say(row=…, became="never", by=access)                nothing was drawn

A program cannot know which of the three it is. Booked with the strike, it would be booked twice once the visit is entered anew.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.stock import actions as stock
from waterneedle.clinic.tasks.actions import finish_cause, open_task, open_while
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.visits.drafts import NotCharted
from waterneedle.clinic.visits.models import Became, Fill, Strike, StruckSyringe, Syringe, Visit
from waterneedle.clinic.visits.plan import shares
from waterneedle.clinic.visits.rows import injections_of

TASK = "visits.drawn_for_another"
DUE_HOURS = 1
MOST_OFFERED = 20


class NotSaid(NotCharted):
    """The answer cannot be; the text is for people. Nothing was written."""


def ask(visit: Visit, syringes: Sequence[Syringe], by: Person) -> None:
    """Have each of `syringes` wait for an answer, and ask who treats for it."""
    if not syringes:
        return
    StruckSyringe.objects.bulk_create(StruckSyringe(clinic_id=visit.clinic_id, syringe=one) for one in syringes)
    open_task(
        clinic=visit.clinic, kind=TASK, cause=str(visit.uid), patient=visit.patient, about=visit.uid, by=by,
        role=Role.PRACTITIONER, needs="chart.write", due_at=timezone.now() + datetime.timedelta(hours=DUE_HOURS),
        title=gettext_noop("A visit on the wrong patient was struck: what became of what was drawn up?"))


@transaction.atomic
def say(*, row: StruckSyringe, became: str, by: Person, anew: Syringe | None = None) -> None:
    """Answer for one syringe, once. Raises NotSaid for an answer that cannot be, and where it is answered already."""
    row = StruckSyringe.objects.select_for_update(of=("self",)).select_related("syringe__visit__patient").get(pk=row.pk)
    if row.became:
        raise NotSaid(gettext("it is answered already"))
    visit, row.became = row.syringe.visit, Became(became)
    if row.became == Became.ANEW:
        # The syringe first: two who would have it stand for two others queue here.
        chosen = anew and Syringe.objects.select_for_update().only("pk").filter(clinic_id=row.clinic_id, pk=anew.pk).first()
        if chosen is None or not anew_of(row).filter(pk=chosen.pk).exists():
            raise NotSaid(gettext("this is not the same fluid, entered since for somebody else"))
        row.anew = anew
    if row.became == Became.NEVER and was_given_from(row.syringe):
        raise NotSaid(gettext("something was given from it"))
    if row.became == Became.GONE:
        _book(row.syringe, by)
    row.answered_at, row.made_by = timezone.now(), by.user
    row.save(update_fields=["became", "anew", "answered_at", "made_by"])
    audit.append(
        by=by, action="answer", kind="syringe", uid=row.syringe.uid, patient=visit.patient.uid,
        detail={"visit": str(visit.uid), "became": str(row.became)} | ({"anew": str(anew.uid)} if row.anew else {}))
    if not open_of(visit):
        finish_cause(clinic=visit.clinic, kind=TASK, cause=str(visit.uid), by=by)


def of(visit: Visit) -> list[StruckSyringe]:
    """The syringes of a struck visit, in the order in which they were drawn up."""
    return list(_known().filter(clinic_id=visit.clinic_id, syringe__visit=visit).order_by("pk"))


def open_of(visit: Visit) -> list[StruckSyringe]:
    """Those of them that nobody has answered for."""
    return [one for one in of(visit) if not one.became]


def open_in(clinic: Clinic) -> list[StruckSyringe]:
    """Those of all struck visits of a clinic, the first that was struck first."""
    return list(_known().filter(clinic=clinic, became="").order_by("pk"))


@open_while(TASK)
def is_unanswered(task: Task) -> bool:
    return StruckSyringe.objects.filter(clinic_id=task.clinic_id, syringe__visit__uid=task.about, became="").exists()


def anew_of(row: StruckSyringe) -> QuerySet[Syringe]:
    """The syringes that may be the same one: from a lot that it was drawn from too, entered since in another visit that stands,
    whenever that was begun (both patients may have arrived by then), and that stand for no other. The newest first."""
    lots = Fill.objects.filter(clinic_id=row.clinic_id, syringe=row.syringe).values("vial__lot")
    of_syringe = {"clinic_id": OuterRef("clinic_id"), "syringe": OuterRef("pk")}
    struck = Strike.objects.filter(clinic_id=OuterRef("clinic_id"), visit=OuterRef("visit"), struck_at__isnull=False)
    rows = Syringe.objects.filter(
        Q(removed_at=None) | Q(wasted=True), Exists(Fill.objects.filter(**of_syringe, vial__lot__in=lots)), ~Exists(struck),
        ~Exists(StruckSyringe.objects.filter(clinic_id=OuterRef("clinic_id"), anew=OuterRef("pk"))),
        clinic_id=row.clinic_id, pk__gt=row.syringe_id,
    )
    return rows.exclude(visit=row.syringe.visit).select_related("drawn_by").order_by("-pk")


def was_given_from(syringe: Syringe) -> bool:
    """Whether a needle went in with it: then it was drawn up, whatever anybody says."""
    return any(one.is_in and one.syringe_id == syringe.pk for one in injections_of(syringe.visit))


def _known() -> QuerySet[StruckSyringe]:
    return StruckSyringe.objects.select_related("syringe__visit__patient", "anew", "made_by")


def _went_in(syringe: Syringe) -> dict[int, Decimal]:
    """mL by the number of the fill, with 0 for what nothing went in of."""
    ml = dict.fromkeys((one.pk for one in syringe.contents), Decimal(0))
    for one in injections_of(syringe.visit):
        if one.is_in and one.syringe_id == syringe.pk:
            for fill, share in shares(one):
                ml[fill.pk] += share or 0
    return ml


def _book(syringe: Syringe, by: Person) -> None:
    """Take out of the book what is not out of it yet: what was left in a vial that was thrown away left the book with it, and so
    did what came back for a vial that was past its time."""
    visit, given = syringe.visit, _went_in(syringe)
    fills = [one for one in syringe.contents
             if one.vial.discarded_at is None and not stock.is_wasted_again(vial=one.vial, cause=str(visit.uid))]
    drawn = []
    for one in fills:
        in_ml = given[one.pk].quantize(Decimal("0.001"))
        drawn.append(stock.Drawn(one.vial, in_ml, max(one.volume_ml - in_ml, Decimal(0))))
    try:
        held = stock.hold(drawn, recount=True)
    except stock.TooLittle as short:
        raise NotSaid(gettext("the book of the lot has less than was drawn: count the lot first")) from short
    stock.book(held, patient=visit.patient, by=by, cause=str(syringe.uid))
    for one in fills:
        if one.vial.lot.item.is_single and one.vial.patient_id is None:  # else it is somebody's since
            stock.discard(vial=one.vial, why=gettext("drawn up for a visit that was struck"), by=by)
