"""What stands in the addresses of this room, made for the tests of all routes."""

from __future__ import annotations

import itertools
from uuid import UUID

from clinic.patients.people import at_work
from clinic.people import make_person
from clinic.practitioners.papers import make_practitioner
from clinic.training.learning import do_all, make_course, make_teacher, make_trainee, practitioner, put_on
from clinic.world import ELSEWHERE, Place, any_of_clinic
from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.practitioners.queries import practitioner_of, today_in
from waterneedle.clinic.training import actions_course, actions_learning, bringing, certifying, exam
from waterneedle.clinic.training.models import Course, Enrolment, Evidence

_PAPER = b"%PDF-1.4 a certificate"


def course(place: Place) -> UUID:
    return _course(place).uid


def module(place: Place) -> UUID:
    return _course_of(place).modules.get(number=1).uid


def skill(place: Place) -> UUID:
    return _course_of(place).skills.get(number=1).uid


def question(place: Place) -> UUID:
    return actions_course.add_question(
        course=_course_of(place), topic="dose", text="How much?", right="1 mL", wrong=["2 mL"], why="So it is.",
        source="The label", by=place.access).uid


def enrolment(place: Place) -> UUID:
    return _enrolment(place).uid


def attendance(place: Place) -> UUID:
    row = _enrolment_of(place)
    teacher = _teacher(place)
    return actions_learning.attend(
        enrolment=row, module=row.course.modules.get(number=1), on=today_in(place.clinic), hours=1, way="live", by=teacher).uid


def attempt(place: Place) -> UUID:
    row = _enrolment_of(place)
    return exam.begin(enrolment=row, module=row.course.modules.get(number=1), by=place.access).uid


def training__case(place: Place) -> str:
    return "cobalt"


def training__place(place: Place) -> str:
    return "US-WA"


@any_of_clinic
def certificate(place: Place) -> UUID:
    trainee = make_trainee(place.clinic, place.access, None, f"T{_number()} {_family(place)}")
    teacher = _teacher(place)
    row = put_on(_course(place), trainee, teacher)
    do_all(row, trainee, teacher)
    return certifying.certify(enrolment=row, by=teacher).uid


@any_of_clinic
def evidence(place: Place) -> UUID:
    user = make_person(place.clinic, f"E{_number()} {_family(place)}", Role.PRACTITIONER)
    who = make_practitioner(user, place.access)
    school = f"{ELSEWHERE} School" if place.clinic.slug == "hill" else "School"
    fields = {"issuer": school, "certified_on": today_in(place.clinic), "seen": "original"}
    paper = bringing.bring(practitioner=who, fields=fields, name="paper.pdf", content_type="application/pdf",
                           content=_PAPER, by=place.access)
    return Evidence.objects.get(paper=paper).uid


def _course(place: Place) -> Course:
    title = f"{ELSEWHERE} course" if place.clinic.slug == "hill" else "Point injection therapy"
    return make_course(place.access, title=title)


def _course_of(place: Place) -> Course:
    if "course" in place.made:
        return Course.objects.get(clinic=place.clinic, uid=place.made["course"])
    return _enrolment_of(place).course


def _enrolment(place: Place) -> Enrolment:
    """Of who may do everything: what is for who learns is theirs to open."""
    if practitioner_of(place.access.user, place.clinic) is None:
        make_practitioner(place.access.user, _owner(place))
    assert practitioner(place.access)
    return put_on(_course(place), place.access, _teacher(place))


def _enrolment_of(place: Place) -> Enrolment:
    return Enrolment.objects.select_related("course", "clinic").get(clinic=place.clinic, uid=place.made["enrolment"])


def _teacher(place: Place) -> Access:
    return make_teacher(place.clinic, place.access, f"I{_number()} {_family(place)}")


def _owner(place: Place) -> Access:
    return at_work(make_person(place.clinic, f"O{_number()} {_family(place)}", Role.OWNER), place.clinic)


def _family(place: Place) -> str:
    return ELSEWHERE if place.clinic.slug == "hill" else "Instructor"


_numbers = itertools.count(1)


def _number() -> int:
    return next(_numbers)
