"""Several syringes on one visit: which the next injection takes, its hour, its label, and whose it is."""

from __future__ import annotations

import contextlib
import datetime
import io
import re
from decimal import Decimal

import pytest
import zxingcpp
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from clinic.paper.reading import text_of
from clinic.patients.people import at_work, make_patient
from clinic.visits.charting import WELL, ago, day_of, make_ready_patient, make_syringe, make_vial, make_visit, plan
from clinic.visits.test_signing import answer_warnings
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.patients.queries import records_of
from waterneedle.clinic.stock import actions as stock
from waterneedle.clinic.stock.models import Movement, Vial
from waterneedle.clinic.stock.queries import booked_ml
from waterneedle.clinic.visits import actions, drafts, drawing, hour, queries, signing, syringes
from waterneedle.clinic.visits.models import Injection, Syringe, Visit
from waterneedle.clinic.visits.plan import checked
from waterneedle.clinic.visits.rows import syringes_of
from waterneedle.clinic.visits.syringes import barcode, label_pdf
from waterneedle.clinic.web import words
from waterneedle.config.demo.visits import clock_at


@pytest.fixture
def visit(by):
    return make_visit(by, make_patient(by))


@pytest.fixture
def in_the_evening(by):
    """What was seven hours ago was on the same day."""
    with clock_at(datetime.datetime.combine(day_of(by), datetime.time(20), by.clinic.tzinfo)):
        yield


@pytest.fixture
def two(by, visit):
    return make_syringe(by, visit), make_syringe(by, visit, vial=make_vial(by, number="0999"), gauge=27)


def url(name, visit, **more):
    return reverse(f"visits:{name}", kwargs={"clinic": "harbor", "patient": visit.patient.uid, "visit": visit.uid, **more})


def give(by, one):
    """It has happened, whatever the check says of the papers."""
    return actions.mark(injection=one, status="given", why="it was given", by=by)


def late(syringe):
    """The hour of the syringe is over."""
    drawn = syringe.drawn_at - datetime.timedelta(hours=2)
    Syringe.objects.filter(pk=syringe.pk).update(drawn_at=drawn, discard_at=drawn + datetime.timedelta(hours=1))


def in_hand(answer):
    """The syringe that the answer shows as that of the next injection."""
    (uid,) = re.findall(r'name="syringe" value="([^"]+)"[^>]* checked', answer.content.decode())
    return Syringe.objects.get(uid=uid)


def test_the_next_injection_takes_the_syringe_that_was_chosen_else_the_last(client_of, alice, visit, two):
    first, second = two
    browser = client_of(alice)
    browser.post(url("line", visit), {"line": "st36 l .2 10mm", "syringe": first.uid})
    browser.post(url("tap", visit), {"code": "LI11", "side": "left", "syringe": first.uid})
    browser.post(url("line", visit), {"line": "sp9 l .2 10mm"})

    assert [(one.point, one.syringe) for one in Injection.objects.order_by("seq")] == [
        ("ST36", first), ("LI11", first), ("SP9", second)]


def test_what_is_in_hand_stays_in_hand_when_the_page_answers(client_of, alice, visit, two):
    first, _ = two
    browser = client_of(alice)
    asked = {"line": "st36 l .2 10mm", "syringe": first.uid}
    answer = browser.post(url("line", visit), asked, headers={"HX-Request": "true"})
    assert in_hand(answer) == first

    drawn = {"vial": first.contents[0].vial.uid, "volume_ml": "1", "syringe": first.uid}
    answer = browser.post(url("load", visit), drawn, headers={"HX-Request": "true"})
    assert in_hand(answer) == Syringe.objects.latest("pk")


def test_a_label_typed_or_scanned_into_the_line_takes_the_syringe_in_hand(client_of, alice, visit, two):
    browser = client_of(alice)
    for said in (two[0].code.lower(), str(two[0].uid)):
        answer = browser.post(url("line", visit), {"line": said}, headers={"HX-Request": "true"})
        assert in_hand(answer) == two[0]
        assert browser.post(url("scan", visit), {"code": said}).json()["syringe"] == str(two[0].uid)
    for nearly in (two[0].code + "2", two[0].code[:3]):
        assert browser.post(url("scan", visit), {"code": nearly}).status_code == 422
    assert not Injection.objects.exists()


@pytest.mark.parametrize("name", ["line", "tap", "repeat", "plan_protocol"])
def test_a_syringe_of_another_patient_is_refused_and_names_nobody(client_of, alice, by, visit, two, name):
    other = make_visit(by, make_patient(by, "Ben Ortiz"))
    theirs = make_syringe(by, other, vial=make_vial(by, number="0888"))
    earlier = make_visit(by, visit.patient)
    plan(by, earlier, make_syringe(by, earlier, vial=make_vial(by, number="0777")))
    said = {"line": "st36 l .2 10mm", "code": "ST36", "side": "left", "protocol": "b12-bells-palsy", "syringe": theirs.uid}
    before = Injection.objects.count()

    answer = client_of(alice).post(url(name, visit), said)

    assert answer.status_code == 422
    assert (Injection.objects.count(), b"Ortiz" in answer.content) == (before, False)


def test_the_scanned_label_of_another_patient_is_refused(client_of, alice, by, visit, two):
    other = make_visit(by, make_patient(by, "Ben Ortiz"))
    theirs = make_syringe(by, other, vial=make_vial(by, number="0888"))
    browser = client_of(alice)

    answer = browser.post(url("scan", visit), {"code": str(theirs.uid)})
    assert (answer.status_code, "syringe" in answer.json(), "Ortiz" in answer.content.decode()) == (422, False, False)
    assert browser.post(url("line", visit), {"line": str(theirs.uid)}).status_code == 422


def test_the_label_of_another_patients_syringe_is_told_from_one_that_nobody_knows(client_of, alice, by, visit, two):
    other = make_syringe(by, make_visit(by, make_patient(by, "Ben Ortiz")), vial=make_vial(by, number="0999", name="Other"))

    said = [client_of(alice).post(url("scan", visit), {"code": code}).json() for code in (str(other.uid), "nothing")]
    assert all(set(one) == {"problem"} for one in said) and said[0] != said[1]


def offered(visit):
    return queries.choice_of_vials(visit, records_of(visit.patient))


def test_the_label_of_another_clinic_means_nothing_here(client_of, alice, by, visit, two, other_clinic, charlie):
    there = at_work(charlie, other_clinic)
    theirs = make_syringe(there, make_visit(there, make_patient(there)), vial=make_vial(there))

    answer = client_of(alice).post(url("scan", visit), {"code": str(theirs.uid)})
    assert answer.json()["problem"] == client_of(alice).post(url("scan", visit), {"code": "nothing"}).json()["problem"]


def test_a_syringe_past_its_hour_says_so_and_is_answered_before_the_signature(by, visit, two):
    first, second = two
    give(by, plan(by, visit, second, point="LI11"))
    given = plan(by, visit, first)
    assert hour.RULE not in {one.rule for one in checked(visit).issues}
    late(first)

    shown = queries.draft(visit, "en")
    assert [row.is_past for row in shown.syringes] == [True, False]
    (issue,) = [one for one in shown.assessment.issues if one.rule == hour.RULE]
    assert (issue.severity, issue.injections) == ("warn", (str(given.seq),))

    give(by, given)
    assert f"reason {hour.RULE}" in {one.field for one in signing.gaps(visit)}
    actions.give_reason(visit=visit, rule=hour.RULE, note="Given in time, charted late", by=by)
    assert f"reason {hour.RULE}" not in {one.field for one in signing.gaps(visit)}


def test_from_a_syringe_of_seven_hours_nothing_more_is_given_and_what_was_before_is_noted_with_its_time(by, in_the_evening):
    with ago(hours=7):
        visit = make_visit(by, make_ready_patient(by))
        old = make_syringe(by, visit)
    actions.answer_today(visit=visit, answers=WELL, by=by)
    before, after = plan(by, visit, old), plan(by, visit, old, point="LI11")
    assert [one.severity for one in checked(visit).issues if one.rule == hour.RULE] == ["block"]

    for refused in (before, after):
        with pytest.raises(drafts.Refused):
            actions.mark(injection=refused, status="given", by=by)
    actions.mark(injection=before, status="given", by=by, at=timezone.now() - datetime.timedelta(hours=6.5))
    assert not Injection.objects.get(pk=before.pk).blocked

    actions.mark(injection=after, status="given", why="nobody had looked", by=by)
    assert Injection.objects.get(pk=after.pk).blocked
    issues = [(one.severity, one.injections) for one in checked(visit).issues if one.rule == hour.RULE]
    assert issues == [("warn", (str(after.seq),))]


@pytest.mark.parametrize(("hours", "severity"), [(0.98, None), (1.02, "warn"), (3.98, "warn"), (4.02, "block")])
def test_a_syringe_is_asked_about_after_one_hour_and_bars_after_four(by, hours, severity):
    with ago(hours=hours):
        visit = make_visit(by, make_ready_patient(by))
        syringe = make_syringe(by, visit)
    actions.answer_today(visit=visit, answers=WELL, by=by)
    one = plan(by, visit, syringe)

    assert next((one.severity for one in checked(visit).issues if one.rule == hour.RULE), None) == severity
    assert checked(visit).verdict == (severity or "ok")
    actions.mark(injection=one, status="not_done", why="no time left", by=by)
    assert checked(visit).verdict == "ok"


def test_what_was_given_within_the_hour_is_not_late_when_the_hour_is_over(by, visit, two):
    given = give(by, plan(by, visit, two[0]))
    Syringe.objects.filter(pk=two[0].pk).update(
        drawn_at=given.given_at - datetime.timedelta(minutes=50), discard_at=given.given_at + datetime.timedelta(seconds=0.01))

    assert hour.RULE not in {one.rule for one in checked(visit).issues}


def test_a_visit_written_down_later_is_not_judged_by_the_clock(by):
    before = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=2)
    visit = make_visit(by, make_patient(by), happened_at=before)
    plan(by, visit, make_syringe(by, visit))

    assert hour.RULE not in {one.rule for one in checked(visit).issues}
    assert [row.is_past for row in queries.draft(visit, "en").syringes] == [False]


@pytest.mark.parametrize("is_later", [False, True])
def test_what_was_in_before_its_syringe_was_drawn_up_asks_for_the_right_times(client_of, alice, by, is_later):
    now = timezone.now()
    more = {"happened_at": now - datetime.timedelta(hours=5)} if is_later else {}
    with ago(hours=0 if is_later else 5):
        visit = make_visit(by, make_ready_patient(by), **more)
    drawn_at = now - datetime.timedelta(hours=2)
    with contextlib.nullcontext() if is_later else ago(hours=2):
        vial = make_vial(by, opened_at=now - datetime.timedelta(hours=6))
        syringe = drawing.load_syringe(visit=visit, fills=[(vial, Decimal(3))], by=by, at=drawn_at if is_later else None)

    def asked(before, at):
        one = plan(by, visit, syringe, point=before)
        actions.mark(injection=one, status="given", why="it was given", at=at, by=by)
        return {issue.rule: issue.injections for issue in checked(visit).issues if issue.rule in (hour.RULE, hour.BEFORE)}

    minute = datetime.timedelta(minutes=1)
    assert asked("ST36", drawn_at - minute / 2) == {}
    assert asked("LI11", drawn_at - 20 * minute) == {hour.BEFORE: ("2",)}
    assert asked("SP9", drawn_at + 70 * minute) == {hour.RULE: ("3",), hour.BEFORE: ("2",)}
    page = client_of(alice).get(reverse("visits:visit", kwargs={
        "clinic": "harbor", "patient": visit.patient.uid, "visit": visit.uid})).content.decode()
    assert page.count(reverse("visits:syringe", kwargs={
        "clinic": "harbor", "patient": visit.patient.uid, "visit": visit.uid, "syringe": syringe.uid})) > 1
    drawing.correct(
        syringe=Syringe.objects.get(), volumes_ml=[Decimal(3)], purposes=[""], drawn_at=drawn_at - 21 * minute, by=by)
    assert hour.BEFORE not in {issue.rule for issue in checked(visit).issues}


def test_a_visit_written_down_later_draws_from_what_was_thrown_away_since(by):
    now = datetime.datetime.now(datetime.UTC)
    vial = make_vial(by, opened_at=now - datetime.timedelta(hours=6))
    stock.discard(vial=vial, why="end of the day", by=by)
    vial.refresh_from_db()
    later = make_visit(by, make_patient(by), happened_at=now - datetime.timedelta(hours=5))
    today = make_visit(by, make_patient(by))

    assert [row.vial for row in offered(later)] == [vial] == [row.vial for row in queries.vials_of(later)[0]]
    assert offered(today) == queries.vials_of(today)[0] == []
    make_syringe(by, later, "0.5", vial=vial)
    with pytest.raises(drafts.NotCharted):
        make_syringe(by, today, "0.5", vial=vial)


def test_what_was_opened_after_a_visit_is_not_drawn_from_for_it(client_of, alice, by):
    now = datetime.datetime.now(datetime.UTC)
    vial = make_vial(by, opened_at=now - datetime.timedelta(hours=4))
    later = make_visit(by, make_patient(by), happened_at=now - datetime.timedelta(hours=5))
    drawn = {"code": vial.code, "volume_ml": "1"}

    answer = client_of(alice).post(url("load", later), drawn, HTTP_HX_REQUEST="true")

    assert (answer.status_code, Syringe.objects.count(), offered(later)) == (422, 0, [])
    assert reverse("stock:lot", args=["harbor", vial.lot.uid]) in answer.content.decode()  # where to say that it was open
    with pytest.raises(drafts.NotCharted, match=vial.code):
        make_syringe(by, later, "0.5", vial=vial)

    stock.opened_earlier(vial=vial, at=later.happened_at, by=by)  # as when its opening was entered after the downtime

    assert client_of(alice).post(url("load", later), drawn, HTTP_HX_REQUEST="true").status_code == 200


def typed(by, at):
    return at.astimezone(by.clinic.tzinfo).strftime("%Y-%m-%dT%H:%M")


def test_a_vial_that_was_opened_between_the_punctures_is_drawn_from_at_its_time(client_of, alice, by):
    began = datetime.datetime.now(datetime.UTC).replace(second=0, microsecond=0) - datetime.timedelta(hours=5)
    minute = datetime.timedelta(minutes=1)
    vial = make_vial(by, opened_at=began + 20 * minute)
    stock.discard(vial=vial, why="end of the day", by=by)
    visit, browser = make_visit(by, make_patient(by), happened_at=began), client_of(alice)
    assert vial.code in browser.get(url("visit", visit)).content.decode()  # discarded since, and opened during the visit

    def draw(minutes):
        said = {"code": vial.code, "volume_ml": "1", "at": typed(by, began + minutes * minute)}
        return browser.post(url("load", visit), said, HTTP_HX_REQUEST="true").status_code

    assert (draw(19), draw(-1), draw(6 * 60), Syringe.objects.count()) == (422, 422, 422, 0)
    assert browser.post(url("scan", visit), {"code": vial.code, "at": ""}).status_code == 422
    found = browser.post(url("scan", visit), {"code": vial.code, "at": typed(by, began + 25 * minute)})
    assert found.json()["vial"] == str(vial.uid)

    assert draw(25) == 200
    syringe = Syringe.objects.get()
    assert syringe.drawn_at == began + 25 * minute
    one, bare = plan(by, visit, syringe), plan(by, visit, None, volume_ml=None)
    for each in (one, bare):
        give(by, each)
    assert (one.given_at, bare.given_at) == (began + 25 * minute, began)  # nothing went in before it was drawn up


def test_a_syringe_of_now_is_drawn_up_now(client_of, alice, by, visit):
    vial, before = make_vial(by), datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=3)
    said = {"code": vial.code, "volume_ml": "1", "at": typed(by, before)}

    assert "syringe_at" not in client_of(alice).get(url("visit", visit)).content.decode()
    assert client_of(alice).post(url("load", visit), said).status_code == 302
    assert Syringe.objects.get().drawn_at > before + datetime.timedelta(hours=2)


def test_the_barcode_of_two_good_vials_names_both(client_of, alice, by, visit):
    one = make_vial(by, gtin="00312345678906")
    other = stock.open_vial(lot=one.lot, by=by, at=one.opened_at)
    browser, code = client_of(alice), "010031234567890610" + one.lot.number

    scanned = browser.post(url("scan", visit), {"code": code})
    drawn = browser.post(url("load", visit), {"code": code, "volume_ml": "1"})

    for said in (scanned.json()["problem"], drawn.content.decode()):
        assert one.code in said and other.code in said and "Several" in said
    assert browser.post(url("scan", visit), {"code": other.code}).json()["vial"] == str(other.uid)


def test_the_label_of_a_syringe_that_was_put_down_is_not_said_to_be_of_somebody_else(client_of, alice, by, visit, two):
    gone = two[0]
    drawing.put_down(syringe=gone, by=by)
    browser, other = client_of(alice), make_visit(by, make_patient(by, given_name="Ben"))
    tap = {"code": "ST36", "side": "left", "syringe": str(gone.uid)}  # of a page that was open before

    assert "put down" in browser.post(url("scan", visit), {"code": str(gone.uid)}).json()["problem"]
    assert "put down" in browser.post(url("tap", visit), tap, HTTP_HX_REQUEST="true").content.decode()
    assert "not drawn up for this visit" in browser.post(url("scan", other), {"code": str(gone.uid)}).json()["problem"]
    assert Injection.objects.count() == 0


def test_what_was_decided_of_a_lot_after_a_visit_does_not_keep_it_from_being_written_down(by):
    at = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=5)
    vial = make_vial(by, opened_at=at)
    later = make_visit(by, make_patient(by), happened_at=at)
    stock.decide(lot=vial.lot, status="recalled", why="glass", by=by)
    plan(by, later, make_syringe(by, later, vial=vial))

    assert [row.vial for row in offered(later)] == [vial]
    assert "lot_withheld" not in {one.rule for one in checked(later).issues}


def test_what_was_past_its_time_at_a_visit_is_written_down_and_barred_by_the_check(by):
    now = datetime.datetime.now(datetime.UTC)
    past = make_vial(by, opened_at=now - datetime.timedelta(days=40))
    later = make_visit(by, make_patient(by), happened_at=now - datetime.timedelta(days=1))
    plan(by, later, make_syringe(by, later, vial=past))

    assert [row.vial for row in offered(later)] == [past]
    assert "beyond_use" in {one.rule for one in checked(later).issues if one.severity == "block"}
    assert offered(make_visit(by, make_patient(by))) == []


def test_such_a_visit_is_signed_with_a_count_and_the_book_is_whole(by):
    at = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=5)
    vial = make_vial(by, opened_at=at)
    held = vial.lot.volume_ml
    stock.discard(vial=vial, why="end of the day", by=by)
    vial.refresh_from_db()
    visit = make_visit(by, make_patient(by), happened_at=at, why="knee pain")
    actions.answer_today(visit=visit, answers=WELL, by=by)
    give(by, plan(by, visit, make_syringe(by, visit, "0.5", vial=vial)))
    answer_warnings(visit, by)
    said = {"session_key": "s", "by": by, "deviation_why": "papers were at hand"}

    def proof():
        return signing.mint(visit=visit, user=by.user, session_key="s", method="password").uid

    with pytest.raises(signing.ShortBook):
        signing.sign(visit=visit, proof=proof(), **said)
    signing.sign(visit=visit, proof=proof(), recount=True, **said)

    vial.refresh_from_db()
    vial.lot.refresh_from_db()
    assert (vial.volume_ml, vial.lot.volume_ml) == (0, held - vial.lot.item.container_ml)
    assert booked_ml(vial.lot) == vial.lot.volume_ml


def test_the_label_is_a_file_with_a_code_that_reads_back_to_the_syringe(client_of, alice, visit, two):
    answer = client_of(alice).get(url("syringe_label", visit, syringe=two[0].uid))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert b"".join(answer).startswith(b"%PDF") if answer.streaming else answer.content.startswith(b"%PDF")
    assert Entry.objects.filter(kind="syringe", action="export").count() == 1

    image = zxingcpp.create_barcode(str(two[0].uid), zxingcpp.BarcodeFormat.DataMatrix).to_image(scale=4)
    assert zxingcpp.read_barcodes(image)[0].text == str(two[0].uid)
    assert barcode("a").startswith("<?xml") or barcode("a").startswith("<svg")


def test_the_label_prints_whose_it_is_and_what_is_in_it(by, visit):
    syringe = make_syringe(by, visit, "1.25")
    text = text_of(label_pdf(syringe))

    patient, vial = visit.patient, syringe.contents[0].vial
    whose = (patient.given_name, patient.family_name, words.day(patient.birth_date))
    for said in (*whose, syringe.code, "1.25\u00a0mL", vial.code, vial.lot.number, "Archer"):
        assert said in text, said


def test_the_label_names_who_drew_it_up_and_its_needle_and_has_the_code_of_no_other(by, visit, assistant, monkeypatch):
    syringe = make_syringe(by, visit, gauge=27, length_mm=Decimal(25), route="IM")
    drawing.correct(
        syringe=syringes_of(visit)[0], volumes_ml=[Decimal(3)], purposes=[""], by=by, drawn_by=assistant)
    printed = {}
    monkeypatch.setattr(syringes, "render", lambda template, values: printed.update(values))
    label_pdf(syringes_of(visit)[0])

    assert assistant.name in printed["drawn"] and by.user.name not in printed["drawn"]
    assert (printed["needle"], printed["barcode"]) == ("27G 25\u00a0mm IM", barcode(str(syringe.uid)))


def test_a_label_is_one_however_long_the_name_is(by):
    """What is printed on a second label, such as when to discard it, is not on the syringe."""
    high = []
    for name in ("Ana Ruiz", "María de los Ángeles Guadalupe Fernández-Villanueva y Hernández de la Cruz Montenegro-Echeverría"):
        syringe = make_syringe(by, make_visit(by, make_patient(by, name)))
        (label,) = PdfReader(io.BytesIO(label_pdf(syringe))).pages
        assert words.moment(syringe.discard_at, short=True).split()[-1] in label.extract_text().split("discard after")[1]
        high.append(round(float(label.mediabox.height) / 72 * 25.4))
    assert high[0] == 29 < high[1]


def test_at_the_desk_or_elsewhere_there_is_no_label(client_of, bob, charlie, visit, two):
    for person in (bob, charlie):
        assert client_of(person).get(url("syringe_label", visit, syringe=two[0].uid)).status_code == 404


def test_a_vial_of_a_withheld_lot_is_neither_scanned_nor_offered(client_of, alice, by, visit):
    vial = make_vial(by, number="HELD")
    stock.decide(lot=vial.lot, status="recalled", why="letter of the maker", by=by)
    browser = client_of(alice)

    assert browser.post(url("scan", visit), {"code": vial.code}).status_code == 422
    assert browser.post(url("load", visit), {"code": vial.code, "volume_ml": "1"}).status_code == 422
    assert browser.post(url("load", visit), {"vial": vial.uid, "volume_ml": "1"}).status_code == 422
    stock.decide(lot=vial.lot, status="released", why="was meant for another maker", by=by)
    assert browser.post(url("scan", visit), {"code": vial.code}).json()["vial"] == str(vial.uid)


@pytest.fixture
def ampoule(by):
    return make_vial(by, name="Ampoule", kind="ampoule", container_ml=Decimal(1))


def test_a_single_dose_is_the_patients_from_the_moment_it_is_drawn_up(client_of, alice, by, visit, ampoule):
    make_syringe(by, visit, "0.5", vial=ampoule)
    other = make_visit(by, make_patient(by, "Ben Ortiz"))

    with pytest.raises(drafts.NotCharted, match=ampoule.code):
        make_syringe(by, other, "0.5", vial=Vial.objects.get(pk=ampoule.pk))
    browser = client_of(alice)
    assert str(ampoule.uid) not in browser.get(url("visit", other)).content.decode()
    assert str(ampoule.uid) in browser.get(url("visit", visit)).content.decode()  # a second syringe for the same patient


def test_the_check_bars_a_single_dose_that_is_in_the_syringe_of_somebody_else(by, visit, ampoule):
    other = make_visit(by, make_patient(by, "Ben Ortiz"))
    plan(by, other, make_syringe(by, other, "0.5", vial=ampoule))
    Vial.objects.filter(pk=ampoule.pk).update(patient=visit.patient)  # as two drafts before this was asked at the syringe

    assert "single_dose" in {one.rule for one in checked(other).issues}


def test_a_single_dose_of_somebody_else_is_refused_with_why(client_of, alice, by, visit, ampoule):
    make_syringe(by, visit, "0.5", vial=ampoule)
    other, browser = make_visit(by, make_patient(by, "Ben Ortiz")), client_of(alice)
    scanned = browser.post(url("scan", other), {"code": ampoule.code})
    typed = browser.post(url("load", other), {"code": ampoule.code, "volume_ml": "0.2"})
    chosen = browser.post(url("load", other), {"vial": ampoule.uid, "volume_ml": "0.2"})

    assert (scanned.status_code, typed.status_code, chosen.status_code) == (422, 422, 422)
    assert "another patient" in scanned.json()["problem"]
    for answer in (typed, chosen):
        said = answer.content.decode()
        assert "drawn for another patient" in said and "not one of the available" not in said


def test_the_barcode_of_the_maker_takes_no_fresh_vial_for_one_that_is_past_its_time(client_of, alice, by, visit):
    old = make_vial(by, gtin="00312345678906")
    Vial.objects.filter(pk=old.pk).update(opened_at=old.opened_at - datetime.timedelta(days=40))
    fresh = stock.open_vial(lot=old.lot, by=by, at=old.opened_at)
    browser, code = client_of(alice), "010031234567890610" + old.lot.number

    scanned = browser.post(url("scan", visit), {"code": code})
    typed = browser.post(url("load", visit), {"code": code, "volume_ml": "1"})
    assert (scanned.status_code, typed.status_code) == (422, 422)
    assert "past its time" in scanned.json()["problem"]

    stock.discard(vial=old, why="past its time", by=by)
    assert browser.post(url("scan", visit), {"code": code}).json()["vial"] == str(fresh.uid)


def test_a_draft_that_is_taken_up_again_draws_from_no_vial_that_was_good_when_it_was_opened(client_of, alice, by, visit):
    vial = make_vial(by)
    Vial.objects.filter(pk=vial.pk).update(opened_at=vial.opened_at - datetime.timedelta(days=30))
    Visit.objects.filter(pk=visit.pk).update(day=visit.day - datetime.timedelta(days=10))
    browser = client_of(alice)

    assert browser.post(url("scan", visit), {"code": vial.code}).status_code == 422
    assert browser.post(url("load", visit), {"vial": vial.uid, "volume_ml": "1"}).status_code == 422
    assert str(vial.uid) not in browser.get(url("visit", visit)).content.decode()


def test_a_code_and_a_chosen_vial_that_differ_draw_up_nothing(client_of, alice, by, visit):
    one, other = make_vial(by), make_vial(by, number="0999", name="Other B12")
    browser = client_of(alice)

    for code in (other.code, "0417-NOT-A-VIAL"):
        assert browser.post(url("load", visit), {"code": code, "vial": one.uid, "volume_ml": "1"}).status_code == 422
    assert not Syringe.objects.exists()
    assert browser.post(url("load", visit), {"code": one.code, "vial": one.uid, "volume_ml": "1"}).status_code == 302
    assert Syringe.objects.get().fills.get().vial == one


# --- mixtures


@pytest.fixture
def three(by):
    """B-12, procaine and saline, each in a vial of its own."""
    return [make_vial(by, product, f"M{number}", name=name) for number, (product, name) in enumerate((
        ("cyanocobalamin-1000mcg-ml", "B-12"), ("procaine-novocain-1pct-vial", "Procaine"),
        ("sodium-chloride-0.9-preservative-free", "Saline")))]


def mix(browser, visit, three, volumes=("1", "0.6", "0.4"), **more):
    names = ("vial", "second", "third")
    said = {name: str(vial.uid) for name, vial in zip(names, three, strict=False)}
    said |= dict(zip(("volume_ml", "second_ml", "third_ml"), volumes, strict=False)) | more
    return browser.post(url("load", visit), {"route": "SC", "gauge": "30", "length_mm": "13"} | said)


def test_three_fluids_are_mixed_and_each_is_checked_and_booked(client_of, alice, by, visit, three):
    actions.answer_today(visit=visit, answers=WELL, by=by)
    mix(client_of(alice), visit, three, third_purpose="treatment", second_purpose="comfort")
    syringe = Syringe.objects.get()
    assert [(one.vial, one.volume_ml, one.purpose) for one in syringe.contents] == [
        (three[0], Decimal(1), ""), (three[1], Decimal("0.6"), "comfort"), (three[2], Decimal("0.4"), "treatment")]
    (label,) = PdfReader(io.BytesIO(label_pdf(syringe))).pages
    assert all(name in label.extract_text() for name in ("B-12", "Procaine", "Saline"))

    give(by, plan(by, visit, syringe, volume_ml=Decimal(1)))
    assessment = checked(visit)
    (mixture,) = [one for one in assessment.issues if one.rule == "mixture"]
    assert (mixture.severity, all(word in mixture.message for word in ("rocain", "hloride"))) == ("warn", True)
    assert sorted((round(one.amount, 6), one.unit) for one in assessment.doses) == [(500, "mcg"), (1800, "mcg"), (3000, "mcg")]

    answer_warnings(visit, by)
    proof = signing.mint(visit=visit, user=by.user, session_key="s", method="password").uid
    made = signing.sign(visit=visit, proof=proof, session_key="s", by=by, deviation_why="as it was")
    moved = {(one.vial_id, one.kind): -one.volume_ml for one in Movement.objects.filter(cause=str(visit.uid))}
    assert moved == {
        (vial.pk, kind): ml / 2 for vial, ml in zip(three, (Decimal(1), Decimal("0.6"), Decimal("0.4")), strict=True)
        for kind in ("drawn", "wasted")}
    assert [one["vial"] for one in signing.as_signed(made)["syringes"][0]["fills"]] == [one.code for one in three]


def test_the_strip_says_how_much_of_each_fluid_is_in_a_mixture(client_of, alice, visit, three):
    browser = client_of(alice)
    mix(browser, visit, three)
    strip = browser.get(url("visit", visit)).content.decode().partition('class="visit-one"')[2].partition("</div>")[0]

    assert [words.amount(Decimal(ml), "mL") in strip for ml in ("1", "0.6", "0.4")] == [True] * 3


def test_a_third_fluid_needs_its_vial_and_its_volume_and_is_none_of_the_others(client_of, alice, visit, three):
    browser = client_of(alice)
    for vials, volumes in (
        (three, ("1", "0.6", "")), (three[:2], ("1", "0.6", "0.4")), ((*three[:2], three[0]), ("1", "0.6", "0.4")),
        ((*three[:2], three[1]), ("1", "0.6", "0.4")),
    ):
        assert mix(browser, visit, vials, volumes).status_code == 422
    assert not Syringe.objects.exists()
