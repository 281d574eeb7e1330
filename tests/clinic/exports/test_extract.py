"""The extract for a registry: of whom, what of them, and that nothing else leaves."""
from __future__ import annotations

import datetime
import io
import json
import zipfile
from decimal import Decimal

import pyarrow.parquet as pq
import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.courses.treated import treated
from clinic.followup.following import REPORT, signed_visit
from clinic.intake.signing import EVERY_PRODUCT, signed
from clinic.patients.people import at_work, make_patient
from clinic.visits.charting import WELL, make_syringe, make_vial, make_visit, plan
from clinic.visits.test_signing import sign
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.database.backup.making import key_from
from waterneedle.clinic.exports import actions_extract, extract, jobs
from waterneedle.clinic.followup import actions_events
from waterneedle.clinic.intake import actions_consent
from waterneedle.clinic.outbox import worker
from waterneedle.clinic.outbox.handlers import Refused
from waterneedle.clinic.outbox.models import Job
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.visits import actions as actions_visits
from waterneedle.clinic.visits import signing
from waterneedle.registry.anonymity import THRESHOLD
from waterneedle.registry.pseudonyms import Pseudonyms
from waterneedle.registry.tables import TABLES

ALL = (*EVERY_PRODUCT, "registry")


@pytest.fixture(autouse=True)
def key(settings, tmp_path):
    settings.REGISTRY_KEY_FILE = tmp_path / "registry_key"
    settings.EXTRACTS_FOLDER = tmp_path / "extracts"


def somebody(by, name="Ana Ruiz", *, lines=ALL, **fields):
    made = make_patient(by, name, **fields)
    for kind in ("condition", "allergy", "medication"):
        patients.say_none(patient=made, kind=kind, by=by)
    consent = signed(by, made, *lines, typed=name)
    return made, consent


def today(clinic):
    return timezone.now().astimezone(clinic.tzinfo).date()


def names(clinic, day=None):
    return [patient.given_name for patient, _records in extract.agreed(clinic, day or today(clinic))]


def test_only_who_has_agreed_to_it_is_in_it(by, clinic):
    somebody(by, "Ana Ruiz")
    somebody(by, "Ben Cole", lines=EVERY_PRODUCT)
    make_patient(by, "Cleo Park")

    assert names(clinic) == ["Ana"]


def test_who_takes_the_line_back_or_signs_anew_without_it_is_out_and_products_stay(by, clinic):
    ana, consent = somebody(by, "Ana Ruiz")
    ben, _consent = somebody(by, "Ben Cole")

    actions_consent.withdraw(consent=consent, line="registry", why="", said_by="patient", by=by)
    signed(by, ben, *EVERY_PRODUCT, typed="Ben Cole")

    assert names(clinic) == []
    assert extract.has_agreed(ana, [ana.pk], today(clinic)) is False


def test_a_consent_that_has_run_out_is_not_in_force(by, clinic):
    _ana, consent = somebody(by)

    assert [names(clinic, consent.until + datetime.timedelta(days=late)) for late in (0, 1)] == [["Ana"], []]


def test_what_was_signed_is_there_as_codes_with_volumes_in_microlitres(by, clinic):
    ana, _consent = somebody(by)
    visit = signed_visit(by, ana, points=("ST36", "LI11"), vial=make_vial(by))
    make_visit(by, ana)  # a draft

    (one,) = extract.patients(clinic, today(clinic))

    assert [found.uid for found in one.visits] == [str(visit.uid)]
    assert [(found.site, found.route) for found in one.visits[0].injections] == [("ST36", "SC"), ("LI11", "SC")]
    assert [(fluid.product, fluid.lot, fluid.volume_ul) for found in one.visits[0].injections for fluid in found.fluids] == [
        ("cyanocobalamin-1000mcg-ml", "0417", 500)] * 2


def test_where_it_went_is_told_by_no_word(by, clinic):
    ana, _consent = somebody(by)
    visit = make_visit(by, ana)
    actions_visits.answer_today(visit=visit, answers=WELL, by=by)
    one = plan(by, visit, make_syringe(by, visit), route="other", went_where="what Ruiz said", skin="intact")
    actions_visits.mark(injection=one, status="given", why="it has gone there", by=by)
    for gap in signing.gaps(visit):
        actions_visits.give_reason(visit=visit, rule=gap.field.removeprefix("reason "), note="looked at", by=by)
    sign(visit, by, deviation_why="the patient moved")

    (told,) = extract.patients(clinic, today(clinic))

    assert [found.route for found in told.visits[0].injections] == ["other"]
    assert "Ruiz" not in repr(told.visits)


def test_a_lot_in_the_number_of_which_somebody_is_named_is_not_told(by, clinic):
    ana, _consent = somebody(by)
    visit = signed_visit(by, ana, vial=make_vial(by, number="ruiz-7"))
    injection = visit.injections.get()
    actions_events.report(patient=ana, by=by, visit=visit, injection=injection, **REPORT)

    (one,) = extract.patients(clinic, today(clinic))

    assert {fluid.lot for visit in one.visits for found in visit.injections for fluid in found.fluids} == {"other"}
    assert [event.lot for event in one.events] == ["other"]


def test_a_course_has_its_scores_and_an_event_the_product_it_followed(by, clinic):
    ana, _consent = somebody(by)
    treated(by, ana, (7, 6, 4))
    (before,) = extract.patients(clinic, today(clinic))
    injection = before.visits[-1].injections[0]
    row = extract.visits.Injection.objects.get(uid=injection.uid)
    actions_events.report(patient=ana, by=by, visit=row.visit, injection=row, **REPORT)

    (one,) = extract.patients(clinic, today(clinic))

    (found,) = one.courses
    judged = [(score.score, score.session) for score in found.scores if score.instrument == found.instrument]
    assert (found.indication, len(found.visits), found.matters) == ("musculoskeletal-pain", 2, 2.0)
    assert judged == [(7, 0), (6, 1), (4, 2)]
    assert [(event.kind, event.product, event.visit) for event in one.events] == [
        ("site_infection", injection.fluids[0].product, one.visits[-1].uid)]


@pytest.mark.parametrize(("volume", "fluids", "parts"), [
    ("0.5", (1, 1), [250, 250]), ("0.5", (1, 2), [167, 333]), ("0.001", (1, 1, 1), [0, 1, 0]), ("0.7", (3,), [700]),
    ("0.5", (), []),
])
def test_a_mixture_is_parted_in_whole_microlitres_that_sum_to_the_injection(volume, fluids, parts):
    assert extract.parted_ul(Decimal(volume), [Decimal(one) for one in fluids]) == parts


def test_files_hold_no_name_no_text_and_no_birth_date_and_the_trail_says_they_were_written(by, clinic, tmp_path):
    vial = make_vial(by)
    people = [somebody(by, f"Ana{number} Ruiz", phone="+1 206 555 0417", address="1 Harbor Street")[0]
              for number in range(THRESHOLD)]
    for one in people:
        signed_visit(by, one, vial=vial)

    rows = actions_extract.write_extract(clinic=clinic, folder=tmp_path / "extract", day=today(clinic), by=by)

    files = list((tmp_path / "extract").rglob("*.parquet"))
    values = {str(value) for file in files for row in pq.read_table(file).to_pylist() for value in row.values()}
    true = {people[0].birth_date.isoformat(), today(clinic).isoformat(), str(people[0].uid)}
    secret = {"Ana0", "Ruiz", "knee pain", "harbor", "Harbor"} | true
    assert (rows["patients"], rows["injections"]) == (THRESHOLD, THRESHOLD)
    assert not [value for value in values for one in secret if one in value]
    entry = Entry.objects.get(kind="extract")
    assert (entry.action, json.loads(entry.detail)["patients"]) == ("export", THRESHOLD)
    assert {file.relative_to(tmp_path / "extract").parts[0] for file in files} <= set(TABLES)


def test_who_is_no_longer_in_it_is_gone_from_its_files(by, clinic, tmp_path):
    vial = make_vial(by)
    found = [somebody(by, f"Ana{number} Ruiz") for number in range(THRESHOLD)]
    for one, _consent in found:
        signed_visit(by, one, vial=vial)
    actions_extract.write_extract(clinic=clinic, folder=tmp_path, day=today(clinic), by=by)

    actions_consent.withdraw(consent=found[0][1], line="", why="", said_by="patient", by=by)
    rows = actions_extract.write_extract(clinic=clinic, folder=tmp_path, day=today(clinic), by=by)

    assert rows["patients"] == 0  # ten are too few
    assert not list((tmp_path / "injections").rglob("*.parquet"))


def test_the_owner_takes_it_along_and_nobody_else(client_of, by, clinic, owner, bob, charlie):
    address = reverse("exports:extract", kwargs={"clinic": clinic.slug})

    browser = client_of(owner)
    assert [browser.post(address).status_code for _twice in range(2)] == [302, 302]
    assert "It will be written in a moment" in browser.get(address).content.decode()
    assert worker.drain() > 0 and Job.objects.get(kind=actions_extract.JOB).outcome == ""  # what must not wait does not do it
    assert worker.drain_slow() == 1

    wanted = actions_extract.newest(clinic)
    file = f"{address}{wanted.uid}/"
    taken = browser.get(file)
    assert file in browser.get(f"{address}state/").content.decode()
    assert (taken.status_code, taken["Content-Type"]) == (200, "application/zip")
    assert zipfile.ZipFile(io.BytesIO(taken.content)).testzip() is None
    for other in map(client_of, (by.user, bob, charlie)):
        assert (other.post(address).status_code, other.get(file).status_code) == (404, 404)
    told = [(entry.action, entry.user_name) for entry in Entry.objects.filter(kind="extract").order_by("pk")]
    assert told == [("ask", owner.name), ("export", "outbox"), ("read", owner.name)]


def test_how_far_an_extract_is_stands_on_its_page_and_keeps_the_job(by, clinic, owner):
    somebody(by, "Ana Ruiz")
    actions_extract.ask_for_extract(clinic=clinic, by=at_work(owner, clinic))
    [job] = worker.take(timezone.now(), slow=True)
    worker.renew(job, job.says | {"done": 1})

    wanted = actions_extract.newest(clinic)
    assert (wanted.state, wanted.done, wanted.of) == ("in hand", 1, 1)
    Job.objects.filter(pk=job.pk).update(lease=None, leased_until=None)
    with pytest.raises(Refused):
        worker.renew(job, job.says)


def test_an_extract_is_taken_away_after_a_day_and_one_that_cannot_be_written_is_given_up(clinic, owner, settings):
    asking = at_work(owner, clinic)
    actions_extract.ask_for_extract(clinic=clinic, by=asking)
    worker.drain_slow()
    jobs.tidy(None, timezone.now())
    assert actions_extract.newest(clinic).state == "ready"
    jobs.tidy(None, timezone.now() + jobs.KEPT + datetime.timedelta(minutes=1))
    assert actions_extract.newest(clinic).state == "gone"

    settings.REGISTRY_KEY_FILE.write_text("no key")
    actions_extract.ask_for_extract(clinic=clinic, by=asking)
    worker.drain_slow()
    assert actions_extract.newest(clinic).state == "failed"


def test_a_number_leads_back_to_its_patient_and_the_trail_says_whose(by, clinic, settings):
    ana, _consent = somebody(by)
    number = Pseudonyms(key_from(settings.REGISTRY_KEY_FILE)).number("patient", str(ana.uid))

    found = actions_extract.lead_back(clinic=clinic, numbers=(number, 7), by=by)

    assert found == {number: ana}
    assert [entry.patient_uid for entry in Entry.objects.filter(kind="extract")] == [ana.uid]


def test_the_number_of_a_visit_and_of_an_event_lead_back_to_the_record_that_is_read(by, clinic, settings, tmp_path):
    vial = make_vial(by)
    people = [somebody(by, f"Ana{number} Ruiz")[0] for number in range(THRESHOLD + 1)]
    for one in people:
        visit = signed_visit(by, one, vial=vial)
        event = actions_events.report(patient=one, by=by, visit=visit, injection=visit.injections.get(), **REPORT)
    other, kept = people[-1], people[0]
    patients.join(kept=kept, other=other, why="the same person", by=by)
    actions_extract.write_extract(clinic=clinic, folder=tmp_path, day=today(clinic), by=by)
    told = {row[name] for table, name in (("visits", "visit"), ("events", "event"))
            for file in (tmp_path / table).rglob("*.parquet") for row in pq.read_table(file).to_pylist()}

    key = Pseudonyms(key_from(settings.REGISTRY_KEY_FILE))
    numbers = (key.number("visit", str(visit.uid)), key.number("event", str(event.uid)))
    found = actions_extract.lead_back(clinic=clinic, numbers=numbers, by=by)

    assert len(told) == 2 * (THRESHOLD + 1) and set(numbers) <= told
    assert found == dict.fromkeys(numbers, kept)
    assert Entry.objects.filter(kind="extract", action="read").count() == 1
