"""Consent behind a link: read, agreed to line by line, signed, and of use to the check."""

from __future__ import annotations

import datetime
import json

import pytest
from django.utils import timezone

from clinic.intake.filling import opened
from clinic.intake.signing import DRAWN, signed
from clinic.patients.people import make_patient
from waterneedle.clinic.intake import actions_consent, wording
from waterneedle.clinic.intake.models import AddedLines, Consent, Form
from waterneedle.clinic.intake.queries import consent_for
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.patients.queries import today_in

LINES = {"line_b12": "yes", "line_lung": "yes"}
SIGNED = {**LINES, "signed_by": "patient", "way": "drawn", "drawn": DRAWN, "typed": "", "interpreter": ""}


def consenting(by, patient, **more):
    return opened(by, patient, "consent", **{"lines": ["b12", "lung"], "course": "shoulder"} | more)


def sign(filling, version=1, **typed):
    return filling.post("consent/", version=version, **SIGNED | typed)


def covers(patient):
    found = consent_for(patient, today_in(patient.clinic))
    return None if found is None else found.covers


def test_the_page_has_every_word_and_its_sources(by, ana):
    page = consenting(by, ana).get("consent/").content.decode()
    words = wording.shipped("en")[1]

    for text in (*(text for one in words.sections for text in one.text), *(one.text for one in words.lines_of(("b12", "lung")))):
        assert text.replace("'", "&#x27;") in page
    assert "Bee venom" not in page
    assert "Efficacy of injections with Disci/Rhus" in page


def test_a_drawn_signature_is_kept_as_it_was_drawn(by, ana):
    answer = sign(consenting(by, ana))
    consent = Consent.objects.get()

    assert "Thank you" in answer.content.decode()
    assert (consent.signature_as_given, consent.name, consent.course) == (
        {"drawn": json.loads(DRAWN)},
        "Ana Ruiz",
        "shoulder",
    )
    assert Form.objects.get().submitted_by == "patient"
    assert covers(ana)[-1] == "pleura"


def test_by_keyboard_a_name_is_typed(by, ana):
    sign(consenting(by, ana), way="typed", drawn="", typed="Ana Ruiz")

    assert Consent.objects.get().signature_as_given == {"typed": "Ana Ruiz"}


def test_a_line_that_is_refused_is_written_down_and_not_covered(by, ana):
    sign(consenting(by, ana), line_lung="no")

    assert [(one["id"], one["agreed"]) for one in Consent.objects.get().says["lines"]] == [("b12", True), ("lung", False)]
    assert "lung" not in covers(ana)


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"drawn": ""}, {"way"}),
        ({"drawn": "[[[1,1],[1,2]]]"}, {"way"}),
        ({"way": "typed"}, {"typed"}),
        ({"line_b12": ""}, {"line_b12"}),
        ({"line_b12": "no", "line_lung": "no"}, {"__all__"}),
        ({"signed_by": "somebody"}, {"signed_by"}),
        ({"version": "7"}, {"__all__"}),
        ({"line_b12": "", "line_lung": "", "drawn": ""}, {"line_b12", "line_lung", "way"}),
    ],
)
def test_what_is_missing_is_said_all_at_once_and_nothing_is_signed(by, ana, typed, fields):
    filling = consenting(by, ana)
    answer = filling.browser.post(filling.url("consent/"), {"version": 1, **SIGNED} | typed)

    assert (answer.status_code, set(answer.context["form"].errors)) == (422, fields)
    assert not Consent.objects.exists()
    assert sign(filling).status_code == 200


def test_words_that_have_changed_meanwhile_are_read_again(by, ana, clinic):
    filling = consenting(by, ana)
    filling.get("consent/")
    words = wording.shipped("en")[1]
    actions_consent.change_text(
        clinic=clinic, language="en", by=by, words=wording.msgspec.structs.replace(words, title="Other words")
    )

    assert sign(filling, version=1).status_code == 422
    assert sign(filling, version=2).status_code == 200
    assert Consent.objects.get().says["title"] == "Other words"


def test_a_consent_is_signed_once(by, ana):
    filling = consenting(by, ana)
    sign(filling)

    assert sign(filling).status_code == 410
    assert Consent.objects.count() == 1


@pytest.fixture
def kim(by):
    return make_patient(by, "Kim Ruiz", birth_date=datetime.date(2015, 5, 1))


def test_for_a_child_only_a_guardian_on_file_can_sign(by, kim):
    filling = consenting(by, kim)
    filling.knock(name="Kim", day="1", month="5", year="2015")

    assert "parent or guardian who is on file" in filling.get("consent/").content.decode()
    assert sign(filling).status_code == 422
    fields = {"name": "Maria Ruiz", "relation": "mother", "phone": "", "email": "", "may_consent": True}
    mother = patients.add_guardian(patient=kim, fields=fields, by=by)
    assert sign(filling).status_code == 422
    assert sign(filling, signed_by=str(mother.uid)).status_code == 200
    assert (Consent.objects.get().name, Form.objects.get().submitted_by) == ("Maria Ruiz", "guardian")


def test_where_an_interpreter_is_needed_one_is_named(by):
    lin = make_patient(by, "Lin Wei", needs_interpreter=True, language="zh-hans")
    filling = consenting(by, lin, language="zh-hans")
    filling.knock(name="Lin")

    assert "知情同意书" in filling.get("consent/").content.decode()
    assert sign(filling).status_code == 422
    assert sign(filling, interpreter="Iris Ito").status_code == 200
    assert (consent_for(lin, today_in(lin.clinic)).interpreter, Consent.objects.get().language) == ("Iris Ito", "zh-hans")


def test_lines_are_added_with_initials_on_them_alone(by, ana):
    consent = signed(by, ana, "b12", now=timezone.now())
    filling = opened(by, ana, "lines", lines=["lung"], consent=str(consent.uid))
    page = filling.get("consent/").content.decode()
    answer = filling.post("consent/", version=1, line_lung="yes", signed_by="patient", way="typed", typed="AR")

    assert "What is planned" not in page and "Near the lung" in page
    assert "Your full name" not in page and page.count("Your initials") == 2  # the heading, and the field
    assert answer.status_code == 200
    assert AddedLines.objects.get().says["consent_hash"] == consent.hash
    assert covers(ana)[-1] == "pleura"


def test_nothing_is_added_to_a_consent_that_was_taken_back(by, ana):
    consent = signed(by, ana, "b12", now=timezone.now())
    filling = opened(by, ana, "lines", lines=["lung"], consent=str(consent.uid))
    actions_consent.withdraw(consent=consent, by=by)
    answer = filling.post("consent/", version=1, line_lung="yes", signed_by="patient", way="typed", typed="AR")

    assert answer.status_code == 422
    assert not AddedLines.objects.exists()


def test_a_consent_and_a_questionnaire_do_not_open_each_others_pages(by, ana):
    consent, questions = consenting(by, ana), opened(by, ana)

    assert consent.get("reason/").url == consent.url("consent/")
    assert questions.get("consent/").url == questions.url("reason/")
    assert sign(questions).status_code == 302
    assert not Consent.objects.exists()
