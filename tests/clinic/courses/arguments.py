"""What stands in the addresses of this room, made for the tests of all routes."""

from __future__ import annotations

from uuid import UUID

from clinic.courses.treated import begun
from clinic.world import Place, any_of_clinic
from waterneedle.clinic.courses import actions
from waterneedle.clinic.courses.measuring import measured_courses


def courses__course(place: Place) -> UUID:
    found = measured_courses(place.patient)
    return found[0].course.uid if found else begun(place.access, place.patient).uid


def courses__instrument(place: Place) -> str:
    return "pain-average-0-10"


def courses__answers(place: Place) -> UUID:
    course = next(one.course for one in measured_courses(place.patient) if one.course.uid == place.made["courses__course"])
    return actions.measure(course=course, instrument="pain-average-0-10", answers={"pain": 6}, by=place.access).uid


def courses__way(place: Place) -> str:
    return "code"


@any_of_clinic
def courses__claim(place: Place) -> str:
    return "energy"


@any_of_clinic
def courses__protocol(place: Place) -> str:
    return "disci-rhus-low-back"
