"""A clinic that was brought back from its backup is the same clinic: its exports byte for byte, its trail whole."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest
from django.db import connection, connections
from django.utils import translation

from clinic.disasters.charting import practitioners
from clinic.patients.people import at_work, make_patient
from clinic.visits.charting import WELL, make_syringe, make_visit, plan
from waterneedle.clinic.audit.verify import verify
from waterneedle.clinic.database.backup import making
from waterneedle.clinic.exports import on_paper, record
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.stock.models import Vial
from waterneedle.clinic.visits import actions, signing

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="restores into a file; databases in `database/backup`")


def exported() -> dict[str, tuple[bytes, bytes]]:
    """The whole record of every patient as JSON and as PDF."""
    made = {}
    with translation.override("en"):
        for patient in Patient.objects.select_related("clinic").order_by("pk"):
            rows = record.rows_of(patient)
            made[patient.given_name] = (record.as_json(patient, rows), on_paper.record_pdf(patient, rows))
    return made


def sign_a_visit(person) -> None:
    patient = Patient.objects.get(uid=person.patient_path.rstrip("/").split("/")[-1])
    by = at_work(person.user, patient.clinic)
    patients.add_fact(patient=patient, kind="allergy", said="cobalt", by=by)
    visit = make_visit(by, patient, why="knee pain")
    actions.answer_today(visit=visit, answers=WELL, by=by)
    one = plan(by, visit, make_syringe(by, visit, "1", vial=Vial.objects.get()))
    actions.mark(injection=one, status="given", why="it was given", by=by)
    for gap in signing.gaps(visit):
        actions.give_reason(visit=visit, rule=gap.field.removeprefix("reason "), note="looked at", by=by)
    proof = signing.mint(visit=visit, user=by.user, session_key="s", method="password").uid
    signing.sign(visit=visit, proof=proof, session_key="s", by=by, deviation_why="as it was")


def test_exports_are_the_same_bytes_after_a_restore_and_the_trail_holds(committed_db, tmp_path):
    owner, people = practitioners(2, holds_ml=100)
    for one in people:
        sign_a_visit(one)
    before, key = exported(), os.urandom(32)
    file = making.make(tmp_path / "backups", key, datetime.now(UTC))
    make_patient(owner, "Late Comer")  # after the backup: not in it

    making.restore(file, key, str(tmp_path / "restored.sqlite3"))
    in_service = connection.settings_dict["NAME"]
    connections.close_all()
    connection.settings_dict["NAME"] = str(tmp_path / "restored.sqlite3")
    try:
        after, trail = exported(), verify()
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = in_service

    assert before.keys() == after.keys() and "Late" not in after
    assert all(before[name] == after[name] for name in before)
    assert trail.ok and trail.rows > 0 and len(trail.documents) == 0
    assert "Late" in exported()
