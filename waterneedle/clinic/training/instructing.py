"""Who may sign for somebody else's learning: an instructor who may inject here themself today, and never for themself."""

from __future__ import annotations

import datetime

from django.db.models import Q
from django.utils.translation import gettext

from waterneedle.clinic.accounts.models import Clinic, Membership, User
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.practitioners.models import Certificate, Practitioner, Profession
from waterneedle.clinic.practitioners.queries import counts_in, may_inject, on_file, practitioner_of, record, today_in


class MayNotInstruct(PermissionError):
    """Why this person signs for nobody, in words for the page."""


def must_be_able_to_instruct(by: Person, trainee: Practitioner) -> None:
    """Raises MayNotInstruct unless `by` is an instructor of the clinic, certified and in force today, and somebody else."""
    if by.user.pk == trainee.user_id:
        raise MayNotInstruct(gettext("nobody certifies themself"))
    if Role.INSTRUCTOR not in by.roles:
        raise MayNotInstruct(gettext("only an instructor signs this"))
    own = practitioner_of(by.user, by.clinic)
    day = today_in(by.clinic)
    if own is None or own.profession == Profession.STUDENT:
        raise MayNotInstruct(gettext("you have no papers of your own on file here"))
    known = on_file(own)
    if (certified := record(known, by.clinic.jurisdiction, day)).certified_on is None:
        raise MayNotInstruct(gettext("you are not certified yourself"))
    if certified.certificate_expires is not None and certified.certificate_expires < day:
        raise MayNotInstruct(gettext("your own certificate has ended"))
    answer = may_inject(known, by.clinic.jurisdiction, None, None, day)
    if not answer.granted:
        raise MayNotInstruct(gettext("you may not inject here yourself today: %(why)s") % {"why": answer.against[0].message})


def was_an_instructor(user: User, clinic: Clinic, at: datetime.datetime) -> bool:
    """Whether `user` was an instructor of the clinic at that moment, with a certificate that counted there on that day."""
    stood = Q(ended_at=None) | Q(ended_at__gt=at)
    if not Membership.objects.filter(stood, clinic=clinic, user=user, role=Role.INSTRUCTOR, made_at__lte=at).exists():
        return False
    day = today_in(clinic, at)
    held = Certificate.objects.filter(
        Q(withdrawn_at=None) | Q(withdrawn_at__gt=at), Q(expires=None) | Q(expires__gte=day), clinic=clinic,
        practitioner__user=user, certified_on__lte=day)
    return any(counts_in(one, clinic.jurisdiction) for one in held)
