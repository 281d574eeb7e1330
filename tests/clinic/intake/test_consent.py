"""Consent: what is signed stays as it was signed, and what holds on a day is what the check is told."""

from __future__ import annotations

import datetime
import json

import pytest
from django.db import DatabaseError, transaction

from clinic.intake.signing import DRAWN, added, signed
from clinic.patients.people import make_patient
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.intake import actions_consent, documents
from waterneedle.clinic.intake.actions_consent import NotSigned
from waterneedle.clinic.intake.models import AddedLines, Consent, ConsentText, Withdrawal
from waterneedle.clinic.intake.queries import ConsentState, consent_for, consent_shown, consents_of
from waterneedle.clinic.patients import actions as patients_actions

NOW = datetime.datetime(2026, 11, 22, 20, tzinfo=datetime.UTC)  # noon in the clinic
DAY = datetime.date(2026, 11, 22)
HOUR, ONE_DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)


def covers(patient, day=DAY, at=None):
    found = consent_for(patient, day, at)
    return None if found is None else found.covers


# --- what is told to the check


def test_nobody_has_signed(ana):
    assert consent_for(ana, DAY) is None


def test_what_was_signed_is_what_the_plan_is_told(by, ana):
    signed(by, ana, "b12", "lung", agreed=("lung",), now=NOW, interpreter="Iris Ito")
    found = consent_for(ana, DAY)

    assert (found.signed_on, found.signed_by, found.interpreter) == (DAY, "patient", "Iris Ito")
    assert found.covers == ("lung", "pneumothorax", "pleura")


def test_the_day_is_that_of_the_clinic(by, ana):
    signed(by, ana, now=datetime.datetime(2026, 11, 23, 3, tzinfo=datetime.UTC))  # 19 o'clock on the 22nd in the clinic

    assert consent_for(ana, DAY).signed_on == DAY
    assert consent_for(ana, DAY - ONE_DAY) is None


def test_a_consent_ends_with_its_course(by, ana):
    signed(by, ana, now=NOW, until=DAY + ONE_DAY)

    assert [covers(ana, DAY + days * ONE_DAY) is None for days in (0, 1, 2)] == [False, False, True]


def test_no_course_is_longer_than_a_year(by, ana):
    assert signed(by, ana, now=NOW, until=datetime.date(2036, 1, 1)).until == DAY + datetime.timedelta(days=366)


def test_a_line_added_later_holds_from_its_own_day(by, ana):
    consent = signed(by, ana, "saline", now=NOW)
    added(by, consent, "bee_venom", now=NOW + ONE_DAY)

    assert "bee venom" not in covers(ana)
    assert covers(ana, DAY + ONE_DAY)[-1] == "bee venom"


def test_what_is_taken_back_holds_no_longer_from_that_moment(by, ana):
    consent = signed(by, ana, "b12", "lung", now=NOW)
    actions_consent.withdraw(consent=consent, line="lung", by=by, now=NOW + HOUR)

    assert "lung" in covers(ana, DAY, NOW)
    assert "lung" not in covers(ana, DAY, NOW + 2 * HOUR)
    assert "lung" not in covers(ana)
    actions_consent.withdraw(consent=consent, by=by, now=NOW + 3 * HOUR)
    assert covers(ana, DAY, NOW + 2 * HOUR)
    assert covers(ana) is None


def test_a_line_that_is_agreed_to_again_stands_again(by, ana):
    consent = signed(by, ana, "b12", "lung", now=NOW)
    actions_consent.withdraw(consent=consent, line="lung", by=by, now=NOW + HOUR)
    added(by, consent, "lung", now=NOW + 2 * HOUR)

    assert "lung" in covers(ana)


def test_when_every_line_is_taken_back_nothing_holds(by, ana):
    actions_consent.withdraw(consent=signed(by, ana, now=NOW), line="b12", by=by, now=NOW)

    assert covers(ana) is None


def test_a_new_consent_replaces_the_one_before_and_taking_it_back_does_not_revive_that(by, ana):
    signed(by, ana, "bee_venom", now=NOW)
    second = signed(by, ana, "saline", now=NOW + HOUR)

    assert "bee venom" not in covers(ana)
    assert [one.state for one in consents_of(ana, NOW + HOUR)] == ["in force", "replaced"]
    actions_consent.withdraw(consent=second, by=by, now=NOW + HOUR)
    assert covers(ana) is None


def test_a_consent_of_a_joined_record_is_replaced_by_a_later_one_of_the_other(by, ana):
    twice = make_patient(by, "Anna Ruiz")
    earlier = signed(by, twice, "b12", now=NOW - 2 * ONE_DAY)
    signed(by, ana, "saline", now=NOW - ONE_DAY)
    patients_actions.join(kept=ana, other=twice, why="same person", by=by)

    assert consent_shown(earlier, NOW).state == ConsentState.REPLACED


def test_the_consent_of_a_joined_record_counts(by, ana):
    other = make_patient(by, "Ana Ruis")
    signed(by, other, now=NOW)
    assert covers(ana) is None
    patients_actions.join(kept=ana, other=other, why="one person", by=by)

    assert covers(ana)


# --- who signs


@pytest.fixture
def child(by):
    return make_patient(by, "Kim Ruiz", birth_date=datetime.date(2015, 5, 1))


def mother_of(by, patient, **fields):
    fields = {"name": "Maria Ruiz", "relation": "mother", "phone": "", "email": "", "may_consent": True} | fields
    return patients_actions.add_guardian(patient=patient, fields=fields, by=by)


def test_a_minor_does_not_sign(by, child):
    with pytest.raises(NotSigned, match="guardian has to sign"):
        signed(by, child, now=NOW)
    signed(by, child, now=NOW, signed_by="guardian", guardian=mother_of(by, child))

    assert consent_for(child, DAY).signed_by == "guardian"
    assert (Consent.objects.get().name, Consent.objects.get().relation) == ("Maria Ruiz", "mother")


def test_nor_does_who_cannot_consent(by):
    tom = make_patient(by, "Tom Lind", lacks_capacity=True)

    with pytest.raises(NotSigned, match="guardian has to sign"):
        signed(by, tom, now=NOW)


def test_nor_who_may_be_a_child(by):
    with pytest.raises(NotSigned, match="guardian has to sign"):
        signed(by, make_patient(by, birth_date=None), now=NOW)


def test_a_guardian_who_may_not_consent_does_not_sign(by, child):
    with pytest.raises(NotSigned, match="may consent"):
        signed(by, child, now=NOW, signed_by="guardian", guardian=mother_of(by, child, may_consent=False))


def test_the_guardian_of_another_child_does_not_sign(by, child):
    other = make_patient(by, "Lee Chan", birth_date=datetime.date(2015, 5, 1))
    with pytest.raises(NotSigned, match="may consent"):
        signed(by, child, now=NOW, signed_by="guardian", guardian=mother_of(by, other))


def test_where_an_interpreter_is_needed_one_is_named(by):
    lin = make_patient(by, "Lin Wei", needs_interpreter=True)

    with pytest.raises(NotSigned, match="interpreter"):
        signed(by, lin, now=NOW)


@pytest.mark.parametrize(
    ("fields", "against"),
    [
        ({"agreed": ()}, "no line"),
        ({"agreed": ("nothing",)}, "no line"),
        ({"typed": " "}, "missing"),
        ({"drawn": "[[[1,1],[2,2]]]"}, "short"),
        ({"drawn": "<svg>"}, "drawing"),
        ({"drawn": "[[[0,0],[2000,0]]]"}, "pad"),
        ({"until": DAY - ONE_DAY}, "end"),
    ],
)
def test_without_a_line_or_a_signature_nothing_is_written(by, ana, fields, against):
    with pytest.raises(NotSigned, match=against):
        signed(by, ana, "b12", now=NOW, **fields)

    assert not Consent.objects.exists()


# --- what was signed


def test_the_document_is_every_word_that_was_shown_and_its_hash_is_in_the_trail(by, ana):
    consent = signed(by, ana, "b12", "lung", agreed=("b12",), now=NOW, drawn=DRAWN, typed="", course="shoulder")
    says = consent.says
    words = json.loads(ConsentText.objects.get().words)

    assert says["sections"] == words["sections"]
    assert [(line["id"], line["agreed"]) for line in says["lines"]] == [("b12", True), ("lung", False)]
    assert (says["patient"], says["course"], says["signed_on"], says["text_version"]) == (
        str(ana.uid),
        "shoulder",
        "2026-11-22",
        1,
    )
    assert consent.hash == documents.digest(consent.document)
    assert bytes(Entry.objects.get(action="sign").after).hex() == consent.hash


def test_no_name_stands_in_the_document(by, ana):
    consent = signed(by, ana, now=NOW, typed="Ana Ruiz", interpreter="Iris Ito")

    assert not any(name in consent.document for name in ("Ana", "Ruiz", "Iris", "Ito"))


def problems_of(consent, **changed):
    columns = ("document", "hash", "salt", "name", "interpreter", "signature")
    return documents.problems(**({name: getattr(consent, name) for name in columns} | changed))


@pytest.mark.parametrize(
    ("column", "value", "named"),
    [
        ("name", "Eve Ruiz", "name"),
        ("interpreter", "", "interpreter"),
        ("signature", '{"typed":"Eve"}', "signature"),
        ("hash", "0" * 64, "document"),
    ],
)
def test_what_no_longer_fits_is_named(by, ana, column, value, named):
    consent = signed(by, ana, now=NOW, interpreter="Iris Ito")

    assert problems_of(consent) == ()
    assert problems_of(consent, **{column: value}) == (named,)


@pytest.mark.parametrize(
    ("model", "column", "value"),
    [
        (Consent, "document", "{}"),
        (Consent, "name", "Eve"),
        (Consent, "until", datetime.date(2030, 1, 1)),
        (AddedLines, "document", "{}"),
        (Withdrawal, "line", ""),
        (ConsentText, "words", "{}"),
    ],
)
def test_the_database_keeps_what_was_signed(by, ana, model, column, value):
    consent = signed(by, ana, now=NOW)
    added(by, consent, "lung", now=NOW)
    actions_consent.withdraw(consent=consent, line="lung", by=by, now=NOW)

    for change in (lambda: model.objects.update(**{column: value}), lambda: model.objects.all()._raw_delete("default")):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            change()


# --- the words


def test_the_clinics_own_words_take_the_place_of_ours_and_what_was_signed_keeps_its_own(by, ana, clinic):
    before = signed(by, ana, now=NOW)
    ours = actions_consent.text_in_force(clinic=clinic, language="en", by=by)
    words = actions_consent.wording.read(ours.words)
    changed = actions_consent.change_text(clinic=clinic, language="en", by=by, words=_with_title(words, "Consent of Harbor"))

    assert (ours.version, ours.shipped, changed.version, changed.shipped) == (1, actions_consent.wording.shipped("en")[0], 2, "")
    assert actions_consent.text_in_force(clinic=clinic, language="en", by=by) == changed
    assert before.says["title"] == words.title


def test_words_that_did_not_change_make_no_version(by, clinic):
    text = actions_consent.text_in_force(clinic=clinic, language="en", by=by)
    actions_consent.change_text(clinic=clinic, language="en", by=by, words=actions_consent.wording.read(text.words))

    assert ConsentText.objects.count() == 1


def _with_title(words, title):
    return actions_consent.wording.msgspec.structs.replace(words, title=title)


def test_who_has_come_of_age_is_no_longer_bound_by_what_a_guardian_signed(by):
    almost = make_patient(by, birth_date=DAY - datetime.timedelta(days=18 * 365 - 15))
    signed(by, almost, now=NOW, signed_by="guardian", guardian=mother_of(by, almost))
    assert consent_for(almost, DAY).signed_by == "guardian"

    assert consent_for(almost, DAY + datetime.timedelta(days=40)) is None
    assert [consents_of(almost, NOW + days * ONE_DAY)[0].state for days in (0, 40)] == [ConsentState.IN_FORCE, ConsentState.OVER]

    patients_actions.change_patient(patient=almost, fields={"lacks_capacity": True}, version=almost.version, by=by)
    assert consent_for(almost, DAY + datetime.timedelta(days=40)).signed_by == "guardian"
