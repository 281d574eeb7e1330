"""One patient's whole record: all of it, of nobody else, and the same bytes each time."""
from __future__ import annotations

import datetime
import hashlib
import json

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone, translation

from clinic.paper.reading import text_of
from clinic.patients.people import make_patient
from clinic.visits.charting import make_syringe, make_visit, plan
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.exports import on_paper, record
from waterneedle.clinic.exports.labels import word_of
from waterneedle.clinic.exports.parts import LEFT_OUT, PARTS
from waterneedle.clinic.intake import figure
from waterneedle.clinic.intake.models import PainDrawing
from waterneedle.clinic.patients import actions
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.visits import actions as visits
from waterneedle.clinic.visits.models import Strike, Visit

NOT_FILLED = {
    "intake.Review", "intake.Said", "patients.Joined", "patients.Imported", "accounts.BreakGlassReview", "outbox.Attempt",
    "visits.Reason", "visits.Observation", "visits.Reaction", "visits.ReactionEntry", "visits.Proof", "visits.Signature",
    "visits.Amendment", "visits.Countersignature", "visits.Refusal", "visits.Strike", "appointments.Waiting",
    "appointments.Asked", "appointments.Receipt", "appointments.WrongAnswer", "outbox.OptOut"}


@pytest.fixture(autouse=True)
def in_english():
    """Paper is in the reader's language, and an earlier test may have left another one."""
    with translation.override("en"):
        yield


def json_of(patient) -> dict:
    return json.loads(record.as_json(patient, record.rows_of(patient)))


def pdf_of(patient) -> bytes:
    return on_paper.record_pdf(patient, record.rows_of(patient))


def address(patient) -> str:
    return reverse("exports:record", kwargs={"clinic": patient.clinic.slug, "patient": patient.uid})


def take(client, patient, form="json", purpose="patient"):
    return client.post(address(patient), {"form": form, "purpose": purpose})


def leads_to_a_patient(model, known) -> bool:
    """Whether a column of `model` is a patient, their uid, or a row that has one."""
    return any(
        field.name == "patient_uid" or (field.is_relation and (field.related_model is Patient or field.related_model in known))
        for field in model._meta.concrete_fields)


def test_every_model_with_a_patient_is_in_the_record_or_left_out_for_a_reason():
    ours = [model for model in apps.get_models() if model.__module__.startswith("waterneedle.")]
    left_out = {apps.get_model(label) for label in LEFT_OUT}
    found: set = {Patient}
    while more := {model for model in ours if model not in found and leads_to_a_patient(model, found - left_out)}:
        found |= more

    assert len(found) >= 20
    assert {model._meta.label for model in found} - {part.model for part in PARTS} - LEFT_OUT.keys() == set()


def test_a_record_has_every_kind_of_row(ana):
    rows = json_of(ana)["rows"]

    assert {model for model, found in rows.items() if not found} <= NOT_FILLED


def test_every_column_is_there_but_for_what_is_named(ana):
    rows = json_of(ana)["rows"]
    for part in PARTS:
        columns = {field.name for field in apps.get_model(part.model)._meta.concrete_fields}
        assert part.without <= columns, part.model
        for row in rows[part.model]:
            assert columns - row.keys() - part.without == {"id", "clinic"} & columns, part.model


@pytest.mark.parametrize("part", [one for one in PARTS if one.model not in on_paper.SIGNED], ids=lambda one: one.model)
def test_every_column_on_paper_has_a_translated_word(part):
    assert [field.name for field in on_paper.shown_columns(part) if word_of(field) is None] == []


def test_no_secret_leaves(ana):
    said = record.as_json(ana, record.rows_of(ana)).decode()

    assert not any(f'"{name}"' in said for name in ("sealed", "key_id", "lease", "payload"))


@pytest.mark.parametrize("made", [lambda ana: record.as_json(ana, record.rows_of(ana)), pdf_of], ids=["json", "pdf"])
def test_the_same_record_gives_the_same_bytes(ana, made):
    assert made(ana) == made(Patient.objects.get(pk=ana.pk))


@pytest.mark.parametrize("form", ["json", "pdf"])
def test_taking_it_twice_gives_the_same_file(ana, alice, client_of, form):
    client = client_of(alice)

    assert take(client, ana, form).content == take(client, ana, form).content


@pytest.mark.parametrize("form", ["json", "pdf"])
def test_the_trail_says_who_took_it_for_whom_and_which_file(ana, alice, client_of, form):
    answer = take(client_of(alice), ana, form)

    entry = Entry.objects.get(kind="record", action="export")
    assert (entry.user_uid, entry.patient_uid) == (alice.uid, ana.uid)
    assert bytes(entry.after) == hashlib.sha256(answer.content).digest()
    assert json.loads(entry.detail) == {"form": form, "purpose": "patient"}
    assert answer["Content-Disposition"].startswith("attachment") and "no-store" in answer["Cache-Control"]


def test_without_saying_for_whom_nothing_leaves(ana, alice, client_of):
    answer = take(client_of(alice), ana, purpose="")

    assert answer.status_code == 422
    assert not Entry.objects.filter(kind="record").exists()


def test_only_who_may_takes_it(ana, owner, bob, assistant, auditor, charlie, client_of):
    for who in (owner, bob, assistant, auditor, charlie):
        client = client_of(who)
        assert (client.get(address(ana)).status_code, take(client, ana).status_code) == (404, 404), who
    assert not Entry.objects.filter(kind="record").exists()


def test_nothing_of_another_patient_is_in_it(ana, by):
    other = make_patient(by, "Quillfeather Quux", phone="+1 206 555 9999")
    actions.add_fact(patient=other, kind="allergy", said="quuxine", by=by)

    assert "uux" not in record.as_json(ana, record.rows_of(ana)).decode() + text_of(pdf_of(ana))


def test_a_record_that_was_joined_into_it_is_part_of_it(ana, by):
    other = make_patient(by, "Anna Ruiz")
    actions.add_fact(patient=other, kind="allergy", said="latex", by=by)
    joined = actions.join(kept=ana, other=other, why="same person", by=by)
    both = json_of(ana)
    assert {row["said"] for row in both["rows"]["patients.HealthFact"]} >= {"cobalt", "latex"}
    assert {row["patient"] for row in both["rows"]["patients.HealthFact"]} == {str(ana.uid), str(other.uid)}

    actions.part(joined=joined, why="mother and daughter", by=by)

    assert "latex" not in {row["said"] for row in json_of(ana)["rows"]["patients.HealthFact"]}
    assert "Anna" not in text_of(pdf_of(ana))


def test_a_visit_that_was_charted_on_the_wrong_patient_stays_here(ana, by, assistant):
    visit = Visit.objects.get()
    now = timezone.now()
    before = json_of(ana)["rows"]
    Strike.objects.create(
        clinic=ana.clinic, visit=visit, why="wrong patient", asked_at=now, asked_by=by.user, struck_at=now, struck_by=assistant)
    after = json_of(ana)["rows"]

    gone = {model for model in before if before[model] and not after[model]}
    of_visit = {"visits.Visit", "visits.VisitState", "visits.Today", "visits.Syringe", "visits.Fill", "visits.Injection"}
    asked = {"followup.CheckIn", "followup.Answer", "followup.Alarm", "followup.Call"}
    assert gone == of_visit | asked | {"followup.AdverseEvent", "followup.EventVersion"}
    assert [one["why"] for one in after["visits.Strike"]] == ["wrong patient"]


def test_a_signed_document_can_be_proved_from_the_file_alone(ana):
    [consent] = json_of(ana)["rows"]["intake.Consent"]

    assert hashlib.sha256(consent["document"].encode()).hexdigest() == consent["hash"]


def test_the_trail_in_it_is_that_of_the_patient_in_its_order(ana):
    trail = json_of(ana)["trail"]

    assert [one["seq"] for one in trail] == sorted(one["seq"] for one in trail) and len(trail) == trail[-1]["seq"]
    assert {one["chain"] for one in trail} == {f"patient/{ana.uid}"}


def test_what_people_typed_is_on_the_paper_as_it_is(by):
    patient = make_patient(by, "#read(\"x\") $y$", address="*a* _b_ <script>alert(1)</script>")
    actions.add_fact(patient=patient, kind="allergy", said='#import "@preview/x:1.0.0": *', by=by)
    said = " ".join(text_of(pdf_of(patient)).split())

    assert all(word in said for word in ('#read("x") $y$', "*a* _b_ <script>alert(1)</script>", '#import "@preview/x:1.0.0": *'))


def test_where_fluid_went_that_has_no_route_of_its_own_is_in_both(by):
    patient = make_patient(by, "Ben Cole")
    visit = make_visit(by, patient)
    one = plan(by, visit, make_syringe(by, visit), route="other", went_where="the sheath of a nerve")
    visits.mark(injection=one, status="given", why="it has gone there", by=by)

    [row] = json_of(patient)["rows"]["visits.Injection"]
    assert (row["route"], row["went_where"]) == ("other", "the sheath of a nerve")
    assert "the sheath of a nerve" in " ".join(text_of(pdf_of(patient)).split())


def test_the_paper_says_what_is_on_file(ana):
    said = " ".join(text_of(pdf_of(ana)).split())

    assert all(word in said for word in (
        "Ana Ruiz", "cobalt", "Rosa Ruiz", "61.5 kg", "left knee", "Call the patient", "ana@example.org", "fainted",
        "Vitamin B-12", "as it was signed", "knee pain", "ST36", "lot 0417"))


def test_a_pain_drawing_is_painted_on_the_paper_as_the_patient_was_on_that_day(ana, monkeypatch):
    drawing = PainDrawing.objects.get(patient=ana)
    picture = figure.on_paper(drawing)
    values = on_paper.record_values(ana, record.rows_of(ana))
    shown = [one for section in values["sections"] for one in section["pictures"]]

    assert [one["picture"] for one in shown] == [picture] and "left knee" in shown[0]["said"]
    assert picture.count("<path") > figure.on_paper(PainDrawing(**bare(drawing, runs="[[10,1,7]]"))).count("<path") - 1 > 0
    monkeypatch.setattr(timezone, "now", lambda: drawing.drawn_at + datetime.timedelta(days=9000))
    figure._painted.cache_clear()
    assert figure.on_paper(drawing) == picture


def test_what_was_only_said_in_words_has_no_picture(ana):
    assert figure.on_paper(PainDrawing(**bare(PainDrawing.objects.get(), runs="[]"))) == ""


def bare(drawing, **other):
    return {"patient": drawing.patient, "clinic": drawing.clinic, "drawn_at": drawing.drawn_at} | other
