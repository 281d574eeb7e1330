"""Who may open what, what strangers see, and certificates from elsewhere."""

from __future__ import annotations

import datetime
import html
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from clinic.paper.reading import text_of
from clinic.patients.people import at_work
from clinic.people import PASSWORD, make_person
from clinic.training.learning import certified, do_all, make_course, make_trainee, practitioner, put_on
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.outbox.models import Job, Letter
from waterneedle.clinic.practitioners.actions import add_paper
from waterneedle.clinic.practitioners.models import Certificate
from waterneedle.clinic.practitioners.queries import may_inject, today_in
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.training import actions_course, badge, certifying, jobs, keys, on_paper, syllabus
from waterneedle.clinic.training.models import Course, Evidence, Observed, Reminder

ROOT = "/c/harbor/training/"


@pytest.fixture
def issued(clinic, boss):
    return certified(clinic, boss)[0]


@pytest.fixture
def holder(issued):
    return at_work(issued.enrolment.practitioner.user, issued.clinic)


@pytest.fixture
def teacher(issued):
    return at_work(issued.issued_by, issued.clinic)


# --- courses


LAID_OUT = {"US-WA": (14, 8, 2), "US-MT": (16, 8, 0), "US-FL": (60, 0, 0), "US-CO": (0, 0, 0)}


@pytest.mark.parametrize(("place", "hours"), LAID_OUT.items(), ids=LAID_OUT)
def test_a_course_begins_from_what_the_law_asks_and_makes_up_nothing(client_of, ines, place, hours):
    page = client_of(ines.user).get(f"{ROOT}templates/{place}/")
    answer = client_of(ines.user).post(f"{ROOT}templates/{place}/", {
        "title": "Course", "pass_mark": 80, "exam_questions": 20, "exam_attempts": 3, "supervised_injections": 0,
        "sandbox_cases": 3, "renewal_hours": 0})

    assert page.status_code == 200 and answer.status_code == 302
    assert tuple(Course.objects.get(title="Course").modules.order_by("number").values_list("hours", flat=True)) == hours
    assert actions_course.syllabus.falls_short(Course.objects.get(title="Course"), Course.objects.get(
        title="Course").modules.all(), today_in(ines.clinic)) == []


@pytest.mark.parametrize("law", syllabus.places(datetime.date(2026, 11, 27)), ids=lambda law: law.code)
def test_a_template_shows_what_the_law_asks_and_each_thing_that_its_source_left_open(client_of, ines, law):
    page = html.unescape(client_of(ines.user).get(f"{ROOT}templates/").content.decode())
    (card,) = [one for one in page.split("<section")[1:] if f"templates/{law.code}/" in one]

    assert law.left_open and all(one in card for one in law.left_open) and all(one in card for one in law.sources)
    assert card.count("not said") == [law.total_h, law.hands_on_h, law.emergency_h].count(None)
    assert all(f"{hours:g} h" in card for hours in (law.total_h, law.hands_on_h, law.emergency_h) if hours)


def test_who_learns_sees_their_own_course_and_no_other(client_of, clinic, boss, course, enrolment, tom, ines):
    ann = make_trainee(clinic, boss, ines, "Ann Other")
    theirs = put_on(make_course(ines, title="The other course"), ann, ines)
    browser = client_of(tom.user)

    assert browser.get(f"{ROOT}enrolments/{enrolment.uid}/").status_code == 200
    assert browser.get(f"{ROOT}courses/{course.uid}/").status_code == 200
    for address in (f"enrolments/{theirs.uid}/", f"courses/{theirs.course.uid}/", f"enrolments/{theirs.uid}/sandbox/"):
        assert browser.get(ROOT + address).status_code == 404, address
    assert "The other course" not in browser.get(ROOT).content.decode()


def test_a_skill_is_signed_with_a_proof_and_without_one_nothing_is_written(client_of, enrolment, ines):
    skill = enrolment.course.skills.first()
    said = {"on": today_in(ines.clinic).isoformat(), "place": "Harbor", "result": "shown", "remarks": ""}
    browser = client_of(ines.user)

    assert browser.post(f"{ROOT}enrolments/{enrolment.uid}/skills/{skill.uid}/", said | {"password": "wrong"}).status_code == 422
    assert not Observed.objects.exists()
    assert browser.post(f"{ROOT}enrolments/{enrolment.uid}/skills/{skill.uid}/", said | {"password": PASSWORD}).status_code == 302
    assert Observed.objects.get().signed_name == "Ines Instructor" and Observed.objects.get().proof == "password"


def test_the_owner_signs_no_skill_and_certifies_nobody(client_of, enrolment, boss, tom, ines):
    do_all(enrolment, tom, ines)
    answer = client_of(boss.user).post(f"{ROOT}enrolments/{enrolment.uid}/certify/")

    assert answer.status_code == 422 and "Only an instructor signs this." in answer.content.decode()
    assert not Certificate.objects.filter(practitioner=practitioner(tom)).exists()


def test_what_is_missing_is_said(client_of, enrolment, ines):
    answer = client_of(ines.user).post(f"{ROOT}enrolments/{enrolment.uid}/certify/")

    assert answer.status_code == 422 and "Final exam passed: 0 / 1" in answer.content.decode()


# --- what strangers see


def test_a_stranger_sees_that_it_is_in_force_and_no_name(client, issued):
    page = client.get(f"/certificate/{issued.code}/").content.decode()

    assert "Genuine, and in force" in page and "Harbor Acupuncture" in page
    assert "Tom Trainee" not in page and issued.enrolment.course.title not in page


def test_the_holder_and_nobody_else_says_what_is_shown(client, client_of, issued, holder, teacher):
    address = f"{ROOT}certificates/{issued.uid}/show/"
    assert client_of(teacher.user).post(address, {"name": "on"}).status_code == 404
    assert "Tom Trainee" not in client.get(f"/certificate/{issued.code}/").content.decode()
    client_of(holder.user).post(address, {"name": "on", "file": "on"})

    assert "Tom Trainee" in client.get(f"/certificate/{issued.code}/").content.decode()
    assert client.get(f"/certificate/{issued.code}/badge.json").json() == badge.as_json(issued.badge)


def test_the_file_is_not_there_until_the_holder_lets_it(client, issued):
    assert client.get(f"/certificate/{issued.code}/badge.json").status_code == 404


@pytest.mark.parametrize(("name", "answer"), [("tom  trainee", "made out to"), ("Pavel Novak", "not made out to")])
def test_whose_it_is_is_answered_with_yes_or_no(client, issued, name, answer):
    page = client.post(f"/certificate/{issued.code}/", {"name": name}).content.decode()

    assert f">{answer} {name}" in page.replace("</svg>", ">") and "Tom Trainee" not in page


def test_it_is_revoked_for_strangers_at_once(client, issued, teacher):
    certifying.revoke(certificate=issued, why="copied from another", by=teacher)
    page = client.get(f"/certificate/{issued.code}/").content.decode()

    assert "Revoked: it counts no more" in page and "copied from another" not in page


def test_it_is_expired_for_strangers_from_the_end_of_its_last_day_on(client, issued, monkeypatch):
    for seconds, said in ((-1, "Genuine, and in force"), (1, "Genuine, but expired")):
        moment = issued.valid_until + datetime.timedelta(seconds=seconds)
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)

        assert said in client.get(f"/certificate/{issued.code}/").content.decode()


def test_what_nobody_issued_is_unknown(client, issued):
    answer = client.get("/certificate/nothing-of-the-kind/")

    assert answer.status_code == 404 and "Unknown" in answer.content.decode()


def test_a_file_is_checked_and_a_changed_one_refused(client, issued):
    picture = on_paper.picture(issued)
    changed = picture[:200] + bytes([picture[200] ^ 1]) + picture[201:]

    def handed_in(content):
        return client.post("/certificate/", {"file": SimpleUploadedFile("badge.png", content)}).content.decode()

    assert "Genuine, and in force" in handed_in(picture) and "Tom Trainee" in handed_in(picture)
    assert "Unknown" in handed_in(changed) and "Unknown" in handed_in(b"something else")


def test_the_sheet_names_holder_number_and_address(client_of, issued, holder):
    sheet = client_of(holder.user).get(f"{ROOT}certificates/{issued.uid}/certificate.pdf")
    said = text_of(sheet.content)

    assert all(one in said for one in ("Tom Trainee", issued.paper.number, "Ines Instructor"))
    assert issued.code[:20] in said.replace("\n", "")


def test_the_sheet_says_what_was_signed_though_the_course_was_changed_since(client_of, issued, holder, teacher):
    course = issued.enrolment.course
    actions_course.change_course(course=course, fields={"title": "Another course"}, by=teacher)
    actions_course.add_module(course=course, by=teacher, fields={"title": "More", "hours": 50, "hour_class": "didactic"})
    said = text_of(client_of(holder.user).get(f"{ROOT}certificates/{issued.uid}/certificate.pdf").content)

    assert "Point injection therapy" in said and "24 hours" in said and "Another course" not in said


# --- from elsewhere


def brought(browser, whose, content, name="paper.pdf", **more):
    fields = {"practitioner": whose.pk, "issuer": "School", "number": "7", "jurisdiction": "US-WA", "certified_on": "2026-01-02",
              "expires": "2028-01-02", "seen": "original", "note": "", "file": SimpleUploadedFile(name, content)}
    return browser.post(f"{ROOT}outside/", fields | more)


def test_a_certificate_from_elsewhere_is_kept_with_its_file_and_who_vouched(client_of, boss, tom):
    answer = brought(client_of(boss.user), practitioner(tom), b"%PDF-1.7 seen")
    kept = Evidence.objects.get()

    assert answer.status_code == 302 and kept.vouched_by == boss.user and bytes(kept.content) == b"%PDF-1.7 seen"
    assert client_of(boss.user).get(f"{ROOT}outside/{kept.uid}/").content == b"%PDF-1.7 seen"
    assert kept.paper.practitioner.user == tom.user


def test_nobody_vouches_for_their_own(client_of, ines):
    answer = brought(client_of(ines.user), practitioner(ines), b"%PDF-1.7 mine")

    assert answer.status_code == 422 and not Evidence.objects.exists()


def test_a_file_of_another_kind_is_refused(client_of, boss, tom):
    assert brought(client_of(boss.user), practitioner(tom), b"MZ\x00\xff").status_code == 422


def test_a_badge_is_not_brought_under_another_name(client_of, clinic, boss, issued, teacher):
    ann = make_trainee(clinic, boss, teacher, "Ann Other")
    answer = brought(client_of(boss.user), practitioner(ann), on_paper.picture(issued), "badge.png")

    assert answer.status_code == 422 and "somebody else" in answer.content.decode()
    assert not Certificate.objects.filter(practitioner=practitioner(ann)).exists()


def test_a_badge_counts_once(client_of, boss, issued, holder):
    assert brought(client_of(boss.user), practitioner(holder), issued.badge.encode(), "badge.jwt").status_code == 302
    assert brought(client_of(boss.user), practitioner(holder), issued.badge.encode(), "badge.jwt").status_code == 422


def test_a_revoked_or_altered_badge_is_not_brought(client_of, boss, issued, holder, teacher):
    header, body, signature = issued.badge.split(".")
    swapped = ("A" if signature[10] != "A" else "B").join((signature[:10], signature[11:]))
    assert brought(client_of(boss.user), practitioner(holder), f"{header}.{body}.{swapped}".encode(), "b.jwt").status_code == 422
    certifying.revoke(certificate=issued, why="a mistake", by=teacher)
    assert brought(client_of(boss.user), practitioner(holder), issued.badge.encode(), "b.jwt").status_code == 422


def test_a_badge_of_a_stranger_whose_key_is_not_at_hand_is_said_to_be_unchecked(client_of, boss, issued, holder):
    said = json.loads(badge.json_of(issued.badge))
    said |= {"iss": "did:web:school.example", "jti": "urn:uuid:0", "id": "urn:uuid:0"}
    said["issuer"]["id"] = "did:web:school.example"
    foreign = badge.encoded(said, *keys.new_pair(), "did:web:school.example#1")

    assert brought(client_of(boss.user), practitioner(holder), foreign.encode(), "b.jwt").status_code == 302
    assert Evidence.objects.get().checked == "not checked"


# --- reminders


def remind(now):
    jobs.remind(Job(), now)


def test_the_holder_is_told_ahead_once_for_each_step_and_when_it_has_ended(clinic, issued, holder):
    last = issued.paper.expires
    noon = datetime.datetime.combine(last, datetime.time(12), clinic.tzinfo)

    def days_told(days_ahead):
        remind(noon - datetime.timedelta(days=days_ahead))
        mine = Reminder.objects.filter(paper=issued.paper).values_list("days", flat=True)
        return sorted(mine, reverse=True)

    assert days_told(91) == []
    assert days_told(90) == days_told(89) == [90]
    assert days_told(30) == [90, 30] and days_told(7) == days_told(0) == [90, 30, 7]
    assert days_told(-1) == days_told(-2) == [90, 30, 7, 0]
    assert Task.objects.filter(kind="training.lapsed", cause=str(issued.paper.uid)).count() == 1
    assert Letter.objects.filter(about="certificate").count() >= 4


def test_a_certificate_that_was_replaced_by_a_longer_one_reminds_nobody(clinic, boss, issued, holder):
    far = issued.paper.expires + datetime.timedelta(days=1000)
    add_paper(practitioner=practitioner(holder), kind="certificate", by=boss, fields={
        "issuer": "School", "certified_on": today_in(clinic), "expires": far, "seen": "original"})
    remind(datetime.datetime.combine(issued.paper.expires, datetime.time(12), clinic.tzinfo))

    assert not Reminder.objects.filter(paper=issued.paper).exists()


def test_the_page_of_what_will_lapse_shows_each_their_own(client_of, clinic, boss, issued, holder, teacher):
    soon = today_in(clinic) + datetime.timedelta(days=20)
    add_paper(practitioner=practitioner(holder), kind="resuscitation", by=boss,
              fields={"course": "BLS", "expires": soon, "seen": "card"})

    mine = client_of(holder.user).get(f"{ROOT}ahead/").content.decode()
    assert "Tom Trainee" in mine and "Ines Instructor" not in mine.split("<main")[1]
    assert "Tom Trainee" in client_of(boss.user).get(f"{ROOT}ahead/").content.decode()


def test_keys_are_rotated_by_the_owner_alone(client_of, issued, boss, teacher):
    assert client_of(teacher.user).post(f"{ROOT}keys/").status_code == 404
    assert client_of(boss.user).post(f"{ROOT}keys/").status_code == 302
    assert keys.signing_key(issued.clinic).pk != issued.key_id


def test_charlie_finds_nothing(client_of, issued, charlie):
    browser = client_of(charlie)
    for address in ("", f"certificates/{issued.uid}/", f"enrolments/{issued.enrolment.uid}/", "ahead/", "outside/", "keys/"):
        assert browser.get(ROOT + address).status_code == 404, address
        assert browser.get(f"/c/hill/training/{address}").status_code == 404 or "Tom" not in browser.get(
            f"/c/hill/training/{address}").content.decode()


def test_a_certificate_brought_opens_the_gate_at_once(client_of, clinic, boss, tom):
    who = practitioner(tom)
    who.profession = "acupuncturist"
    who.save(update_fields=["profession"])
    add_paper(practitioner=who, kind="training", by=boss, fields={
        "course": "Point injection", "provider": "School", "completed_on": today_in(clinic), "hours": 26, "hands_on_hours": 9,
        "emergency_hours": 2, "seen": "original"})
    assert not may_inject(practitioner(tom), "US-WA", None, None, today_in(clinic)).granted
    brought(client_of(boss.user), who, b"%PDF-1.7 seen")

    assert may_inject(practitioner(tom), "US-WA", None, None, today_in(clinic)).granted


def test_nobody_outside_of_training_opens_it(client_of, clinic, issued):
    for role in (Role.ASSISTANT, Role.FRONT_DESK, Role.AUDITOR):
        user = make_person(clinic, f"{role.replace(' ', '')} Person", role)
        assert client_of(user).get(f"{ROOT}certificates/{issued.uid}/").status_code == 404
    assert issued.issued_at <= timezone.now()
