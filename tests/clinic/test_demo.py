"""The invented clinic: the same from the same seed, with people as often as the rates say, and worth looking at."""
from __future__ import annotations

import datetime
import html
import random
import re
from collections import Counter

import pytest
from django.urls import resolve

from clinic.people import signed_in
from waterneedle.clinic.accounts.models import Clinic, User
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit.verify import verify
from waterneedle.clinic.followup.models import Alarm, Answer, Recall
from waterneedle.clinic.followup.queries_events import newest_versions
from waterneedle.clinic.patients.models import HealthFact, Patient
from waterneedle.clinic.patients.queries import likely_duplicates, search
from waterneedle.clinic.practitioners.queries import may_inject, practitioners_of
from waterneedle.clinic.stock.models import Lot
from waterneedle.clinic.stock.queries import booked_ml, kits, open_vials, shelf
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.training import progress, verifying
from waterneedle.clinic.training.models import Enrolment, IssuedCertificate
from waterneedle.clinic.trials import allocating
from waterneedle.clinic.trials.models import Trial
from waterneedle.clinic.trials.report import report_of
from waterneedle.clinic.visits.danger import is_dangerous
from waterneedle.clinic.visits.models import Signature, Visit
from waterneedle.config import demo
from waterneedle.config.demo.patients import RATES, person
from waterneedle.config.demo.people import PASSWORD, WORKERS
from waterneedle.config.demo.visits import ELSE, SITES, clock_at

LINK = re.compile(r'<a [^>]*href="(/[^"]*)"')
NO_PAGE = re.compile(r"/sign-out/|\.(pdf|json|csv|ics)\b")
EVERY_SITE = [site for sites in (*SITES.values(), ELSE) for site in sites]
NOW = datetime.datetime(2026, 11, 26, 17, 0, tzinfo=datetime.UTC)
TODAY = datetime.date(2026, 11, 26)


@pytest.fixture(scope="module")
def invented(shared_db):
    """The clinic, made once: all tests here only read it."""
    demo.build(NOW, patients=40)
    return Clinic.objects.get()


def test_three_treat_with_different_papers_and_one_may_not(invented):
    may = {one.user.name: may_inject(one, "US-WA", None, None, TODAY).granted for one in practitioners_of(invented)}

    assert may == {"Alice Archer": True, "Ines Calder": True, "Mei Lin": False, "Pavel Novak": True, "Tom Reed": True}


def test_everybody_of_the_list_can_sign_in(invented):
    assert all(User.objects.get(email=one.email).check_password(PASSWORD) for one in WORKERS)


def test_the_shelf_shows_what_a_shelf_shows(invented):
    rows = {row.item.name: row for row in shelf(invented, TODAY)}

    assert sorted(row.is_past for row in open_vials(invented, TODAY)) == [False, True]
    assert rows["Traumeel injection solution"].lots[0].status == "quarantined"
    assert any(lot.expires_soon for row in rows.values() for lot in row.lots)
    assert [check is not None for _kit, check in kits(invented, TODAY)] == [True, False]


def test_two_years_of_visits_lie_behind_and_the_shelf_adds_up(invented):
    days = sorted(Signature.objects.values_list("visit__day", flat=True))

    assert (TODAY - days[0]).days > 500
    assert len({(day.year, day.month) for day in days}) > 12
    for lot in Lot.objects.all():
        assert lot.volume_ml == booked_ml(lot)


def test_there_is_a_duplicate_and_a_child_with_a_guardian(invented):
    duplicate = Patient.objects.order_by("-pk")[1]

    assert likely_duplicates(duplicate)
    assert [one.age_on(TODAY) for one in search(invented, "kit")] == [9]


def test_weeks_of_visits_are_signed_and_the_day_is_under_way(invented):
    steps = {one.states.order_by("made_at", "pk").last().step for one in Visit.objects.filter(day=TODAY)}

    assert steps == {"arrived", "roomed", "ready", "observed"}
    assert Signature.objects.count() > 20
    assert max(Signature.objects.values_list("signed_at", flat=True)) < NOW
    assert verify().ok


def test_most_have_answered_one_is_silent_one_is_urgent_and_there_are_reports_and_a_recall(invented):
    levels = Counter(Answer.objects.values_list("level", flat=True))

    assert levels["none"] + levels["self_care"] > 15
    assert Alarm.objects.filter(acknowledged_at=None).count() == 1
    assert Task.objects.filter(kind="followup.silent").exists()
    assert not Task.objects.filter(due_at__lt=NOW - datetime.timedelta(days=2)).exclude(state="done").exists()
    assert {one.kind for one in newest_versions(invented.pk)} == {"bruise", "site_infection"}
    assert Recall.objects.get().patients.exists()


@pytest.mark.parametrize("site", EVERY_SITE, ids=str)
def test_no_invented_visit_is_over_a_great_danger(site):
    assert not is_dangerous(point=site.point)


def test_the_same_seed_draws_the_same_people():
    first, again, other = ([person(NOW, chance) for _ in range(20)] for chance in map(random.Random, (7, 7, 8)))

    assert first == again != other


def test_a_database_with_a_clinic_is_left_alone(invented):
    with pytest.raises(ValueError, match="already"):
        demo.build(NOW)


def test_every_rate_is_a_share_with_a_source_and_is_what_people_have():
    assert all(0 < one["share"] < 1 and "doi:" in one["source"] and one["about"] for one in RATES)


def test_what_people_have_comes_from_the_rates(invented):
    said = set(HealthFact.objects.exclude(kind="condition").values_list("said", flat=True))

    assert said <= {one["said"] for one in RATES}


def test_a_course_is_under_way_and_one_certificate_is_issued(invented):
    under_way = Enrolment.objects.get(practitioner__user__name="Tom Reed")
    issued = IssuedCertificate.objects.get()

    assert progress.of(under_way, TODAY).missing and progress.of(under_way, TODAY).met > 3
    assert issued.holder == "Alice Archer" and verifying.by_code(issued.code, NOW).is_valid


def test_a_trial_is_under_way_in_one_patient_and_its_next_visit_waits_to_be_allocated(invented):
    trial = Trial.objects.get()
    visit = Visit.objects.filter(patient=trial.patient).latest("pk")
    with clock_at(NOW):  # a place is given on the day of the visit
        [chance] = allocating.chances_of(visit)

    assert (trial.allocations.count(), chance.allocation, chance.against) == (4, None, [])
    assert all(one.preparations.exists() and one.visit.signatures.exists() for one in trial.allocations.all())
    assert sum(row.outcome is not None for row in report_of(trial).rows) >= 3


@pytest.mark.parametrize("role", Role)
def test_every_link_that_somebody_sees_leads_somewhere(invented, settings, role):
    """From the first page on, one address of each kind: nothing breaks, and nobody is shown a door that is closed to them."""
    settings.SECOND_FACTOR_REQUIRED = False
    browser = signed_in(User.objects.get(email=next(one.email for one in WORKERS if role in one.roles)))
    browser.raise_request_exception = False
    kinds, waiting, closed = set(), ["/"], []
    while waiting:
        where = waiting.pop()
        answer = browser.get(where, follow=True)
        if answer.status_code >= 400:
            closed.append((answer.status_code, where))
        for link in links_of(answer):
            if (kind := resolve(link.partition("?")[0]).view_name) not in kinds:
                kinds.add(kind)
                waiting.append(link)

    assert closed == []
    assert len(kinds) > 10


def links_of(answer) -> list[str]:
    """The pages that a page leads to; papers are drawn by tests of their own."""
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        return []
    links = [html.unescape(one).partition("#")[0] for one in LINK.findall(answer.content.decode())]
    return [one for one in links if not NO_PAGE.search(one)]
