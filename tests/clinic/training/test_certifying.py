"""Who is certified, by whom, when it ends, and that each of it acts at once on what the gate answers."""

from __future__ import annotations

import datetime
from decimal import Decimal

import msgspec
import pytest

from clinic.patients.people import at_work
from clinic.people import make_person
from clinic.practitioners.papers import add, make_practitioner
from clinic.training.learning import (
    certified,
    do_all,
    make_course,
    make_teacher,
    make_trainee,
    practitioner,
    put_on,
    see,
)
from waterneedle import knowledge
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit.verify import verify
from waterneedle.clinic.practitioners import actions as practitioners
from waterneedle.clinic.practitioners.queries import may_inject, on_file, today_in
from waterneedle.clinic.training import certifying, queries, verifying
from waterneedle.clinic.training.instructing import MayNotInstruct
from waterneedle.clinic.training.models import IssuedCertificate, SigningKey


def may(access, on=None, where="US-WA"):
    return may_inject(practitioner(access), where, None, None, on or today_in(access.clinic))


def why_not(access, on=None, where="US-WA"):
    return {one.rule for one in may(access, on, where).against}


def test_who_did_everything_is_certified_and_may_inject_at_once(clinic, enrolment, tom, ines):
    do_all(enrolment, tom, ines)
    certifying.certify(enrolment=enrolment, by=ines)

    assert may(tom).granted
    assert practitioner(tom).profession == "acupuncturist" and practitioner(tom).supervised_by is None


@pytest.mark.parametrize("without", ["hours", "reading", "exam", "skill", "sandbox", "exam and quiz"])
def test_nobody_is_certified_while_something_is_missing(enrolment, tom, ines, without):
    do_all(enrolment, tom, ines, without=without)

    with pytest.raises(certifying.NotCertified):
        certifying.certify(enrolment=enrolment, by=ines)
    assert not IssuedCertificate.objects.exists() and practitioner(tom).profession == "student"


def test_a_skill_that_was_not_there_the_last_time_counts_as_missing(enrolment, tom, ines):
    do_all(enrolment, tom, ines)
    see(enrolment, enrolment.course.skills.first(), ines, result="not_yet")

    with pytest.raises(certifying.NotCertified):
        certifying.certify(enrolment=enrolment, by=ines)


def test_a_revocation_acts_at_once(clinic):
    issued, tom, ines = certified(clinic)
    certifying.revoke(certificate=issued, why="the exam was taken by somebody else", by=ines)

    assert why_not(tom) == {"certificate"}
    assert verifying.by_code(issued.code, issued.issued_at).state == "revoked"


def test_it_holds_up_to_the_last_second_of_its_last_day_and_not_one_longer(clinic, boss):
    issued, tom, _ines = certified(clinic, boss)
    last = issued.paper.expires
    midnight = datetime.datetime.combine(last + datetime.timedelta(days=1), datetime.time(), clinic.tzinfo)
    second = datetime.timedelta(seconds=1)
    add(practitioner(tom), "licence", boss, expires=last + datetime.timedelta(days=900))

    for moment, state, rules in ((midnight - second, "valid", set()), (midnight + second, "expired", {"certificate"})):
        assert verifying.by_code(issued.code, moment).state == state
        assert why_not(tom, today_in(clinic, moment)) == rules
    assert verifying.state_of(issued, midnight) == "expired"


def test_a_certificate_made_for_one_place_opens_no_gate_in_another(clinic, boss):
    _issued, tom, _ines = certified(clinic, boss)
    add(practitioner(tom), "licence", boss, jurisdiction="US-MT")

    assert may(tom).granted
    assert "certificate" in why_not(tom, where="US-MT")


def test_a_law_that_asks_more_from_today_on_closes_the_gate_and_stops_the_next_certificate(
    clinic, boss, monkeypatch
):
    _issued, tom, ines = certified(clinic, boss)
    ann = make_trainee(clinic, boss, ines, "Ann Trainee")
    enrolment = put_on(make_course(ines, title="The next one"), ann, ines)
    do_all(enrolment, ann, ines)
    today = today_in(clinic)
    place = knowledge.jurisdictions()["US-WA"]
    old = msgspec.structs.replace(place.periods[0], until=today)
    new = msgspec.structs.replace(place.periods[0], since=today, training_hours=48.0)
    changed = knowledge.jurisdictions() | {"US-WA": msgspec.structs.replace(place, periods=(old, new))}
    assert may(tom).granted
    monkeypatch.setattr(knowledge, "jurisdictions", lambda: changed)

    assert why_not(tom) == {"training"}
    assert may(tom, today - datetime.timedelta(days=1)).against != ()  # not certified yet on that day
    with pytest.raises((certifying.NotCertified, MayNotInstruct)):
        certifying.certify(enrolment=enrolment, by=ines)


def test_the_law_of_the_day_counts_not_that_of_the_day_the_course_was_laid_out(enrolment, tom, ines, monkeypatch):
    do_all(enrolment, tom, ines)
    place = knowledge.jurisdictions()["US-WA"]
    stricter = msgspec.structs.replace(place.periods[0], hands_on_hours=9.0)  # Ines has nine; the course eight
    changed = knowledge.jurisdictions() | {"US-WA": msgspec.structs.replace(place, periods=(stricter,))}
    monkeypatch.setattr(knowledge, "jurisdictions", lambda: changed)

    with pytest.raises(certifying.NotCertified) as refused:
        certifying.certify(enrolment=enrolment, by=ines)
    assert [one for one in refused.value.missing if one.endswith("8 / 9")]


def test_nobody_certifies_or_observes_themself(clinic, boss, ines):
    other = make_teacher(clinic, boss, "Otto Other")
    enrolment = put_on(make_course(ines), ines, other, by=boss)

    with pytest.raises(MayNotInstruct):
        certifying.certify(enrolment=enrolment, by=ines)
    with pytest.raises(MayNotInstruct):
        see(enrolment, enrolment.course.skills.first(), ines)


def test_an_instructor_who_is_not_certified_themself_certifies_nobody(clinic, boss, enrolment, tom, ines):
    do_all(enrolment, tom, ines)
    nora = make_teacher(clinic, boss, "Nora Newcomer", without="certificate")

    with pytest.raises(MayNotInstruct):
        certifying.certify(enrolment=enrolment, by=nora)


@pytest.mark.parametrize("role", [Role.OWNER, Role.PRACTITIONER])
def test_who_is_no_instructor_certifies_nobody(clinic, boss, enrolment, tom, ines, role):
    do_all(enrolment, tom, ines)
    user = make_person(clinic, "Paula Practitioner", role)
    make_practitioner(user, boss)

    with pytest.raises(MayNotInstruct):
        certifying.certify(enrolment=enrolment, by=at_work(user, clinic))


def test_an_instructor_whose_certificate_has_ended_certifies_nobody(clinic, boss, enrolment, tom, ines):
    do_all(enrolment, tom, ines)
    ended = on_file(practitioner(ines)).papers["certificate"][0]
    practitioners.withdraw_paper(paper=ended, kind="certificate", why="ended", by=boss)
    yesterday = today_in(clinic) - datetime.timedelta(days=1)
    add(practitioner(ines), "certificate", boss, expires=yesterday)

    with pytest.raises(MayNotInstruct):
        certifying.certify(enrolment=enrolment, by=ines)


def test_a_certificate_is_issued_once(enrolment, tom, ines):
    do_all(enrolment, tom, ines)
    certifying.certify(enrolment=enrolment, by=ines)

    with pytest.raises(certifying.NotCertified):
        certifying.certify(enrolment=enrolment, by=ines)


def test_a_renewal_asks_continuing_hours_that_somebody_else_has_seen(clinic):
    issued, tom, ines = certified(clinic, renewal_hours=Decimal(6))
    with pytest.raises(certifying.NotCertified):
        certifying.renew(certificate=issued, by=ines)
    said = {"practitioner": practitioner(tom), "on": today_in(clinic), "title": "Update", "provider": "School",
            "hours": Decimal(6), "seen": "original"}
    with pytest.raises(practitioners.OwnPaper):
        certifying.add_continuing(**said, by=tom)
    certifying.add_continuing(**said, by=ines)

    renewed = certifying.renew(certificate=issued, by=ines)

    assert renewed.paper.expires > issued.paper.expires and renewed.badge != issued.badge
    with pytest.raises(certifying.NotCertified):
        certifying.renew(certificate=issued, by=ines)


def test_the_same_continuing_hours_renew_once(clinic):
    issued, tom, ines = certified(clinic, renewal_hours=Decimal(6))
    certifying.add_continuing(practitioner=practitioner(tom), on=today_in(clinic), title="Update", provider="School",
                              hours=Decimal(6), seen="original", by=ines)
    renewed = certifying.renew(certificate=issued, by=ines)

    assert certifying.continuing_hours(renewed) == 0 and not list(queries.continuing(renewed))
    with pytest.raises(certifying.NotCertified):
        certifying.renew(certificate=renewed, by=ines)


def test_one_key_signs_every_certificate_of_a_clinic(clinic, boss):
    issued, _tom, ines = certified(clinic, boss)
    ann = make_trainee(clinic, boss, ines, "Ann Trainee")
    other = do_all(put_on(make_course(ines, title="The next one"), ann, ines), ann, ines)

    assert certifying.certify(enrolment=other, by=ines).key_id == issued.key_id and SigningKey.objects.count() == 1


@pytest.mark.parametrize("which", ["the one before", "the renewal"])
def test_a_certificate_is_revoked_with_its_renewal_and_what_it_renews(clinic, which):
    issued, tom, ines = certified(clinic, renewal_hours=Decimal(0))
    renewed = certifying.renew(certificate=issued, by=ines)
    assert may(tom).granted

    certifying.revoke(certificate=issued if which == "the one before" else renewed, why="the exam was bought", by=ines)

    assert not may(tom).granted
    assert {verifying.by_code(one.code, one.issued_at).state for one in (issued, renewed)} == {"revoked"}


def test_a_revoked_certificate_is_not_renewed(clinic):
    issued, _tom, ines = certified(clinic)
    certifying.revoke(certificate=issued, why="no", by=ines)
    issued.paper.refresh_from_db()

    with pytest.raises(certifying.NotCertified):
        certifying.renew(certificate=issued, by=ines)


def test_the_trail_holds_what_was_issued_and_observed(clinic):
    certified(clinic)

    assert verify().ok
