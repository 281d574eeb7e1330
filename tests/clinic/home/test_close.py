"""The end of the day, a needle-stick injury, and what is printed for the hour without a computer."""
from __future__ import annotations

import datetime
import io
from decimal import Decimal

import msgspec
import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from pypdf import PdfReader

from clinic.appointments.diary import at, booked, working
from clinic.paper.reading import text_of
from clinic.patients.people import at_work, make_patient
from clinic.people import make_person
from clinic.stock.shelf import make_item, make_lot
from clinic.visits.charting import make_syringe, make_vial, make_visit
from clinic.visits.test_signing import sign
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.home import close, on_paper, sharps
from waterneedle.clinic.home.models import NeedleStick
from waterneedle.clinic.patients.queries import today_in
from waterneedle.clinic.stock import actions as stock
from waterneedle.clinic.stock.models import Vial
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.tasks.queries import address
from waterneedle.clinic.visits import actions as visits
from waterneedle.clinic.visits import drawing, reactions, signing
from waterneedle.clinic.web import words
from waterneedle.config.demo.visits import clock_at

HERE = {"clinic": "harbor"}
URL = reverse("home:close", kwargs=HERE)


def parts(client, **asked):
    return {str(part.title): [line.text for line in part.lines] for part in client.get(URL, asked).context["parts"]}


def test_a_calm_day_has_nothing_to_do(client_of, alice, by):
    found = parts(client_of(alice))
    assert found.pop("Sharps containers") == ["No sharps container is open"]
    assert not any(found.values())


def test_what_must_not_stay_overnight_is_listed(client_of, alice, by):
    visit = make_visit(by, make_patient(by))
    visits.observe(visit=visit, minutes=15, by=by)
    lot = make_lot(by, make_item(by, "B-12"), expires=datetime.date(2999, 1, 1))
    vial = stock.open_vial(lot=lot, by=by, at=timezone.now() - datetime.timedelta(days=40))
    stock.add_kit(place="Room 1", by=by)
    stock.waste(lot=lot, volume_ml=Decimal(1), why="dropped", by=by)

    found = parts(client_of(alice))

    name = visit.patient.name
    assert (found["Not signed"], found["Being observed"], found["Not noted as left"]) == ([name], [name], [name])
    assert vial.code in found["Vials to discard or to keep apart"][0]
    assert "Room 1" in found["Kits and temperatures"][0]
    assert "wasted" in found["Wasted, broken, corrected"][0]


def test_an_open_vial_of_a_withheld_lot_is_named_with_why(client_of, alice, by):
    """It looks like any other: who tidies up would leave it for tomorrow."""
    held, back, _good = (make_vial(by, number=number, name=number) for number in ("held", "back", "good"))
    Vial.objects.filter(pk=back.pk).update(opened_at=timezone.now() - datetime.timedelta(days=40))
    stock.decide(lot=held.lot, status="quarantined", why="cloudy", by=by)
    stock.decide(lot=back.lot, status="recalled", why="glass", by=by)

    (part,) = [one for one in client_of(alice).get(URL).context["parts"] if one.title == "Vials to discard or to keep apart"]
    assert {(line.text.split()[0], line.severity, line.note) for line in part.lines} == {
        (held.code, "block", "in quarantine"), (back.code, "block", "recalled, past its time")}
    stock.decide(lot=held.lot, status="released", why="it was the light", by=by)
    assert [one.split()[0] for one in parts(client_of(alice))["Vials to discard or to keep apart"]] == [back.code]


def test_in_the_morning_what_yesterday_left_open_is_said_with_the_way_to_it(client_of, alice, bob, auditor, by):
    today, browser = reverse("home:today", kwargs=HERE), client_of(alice)
    midnight = datetime.datetime.combine(today_in(by.clinic), datetime.time(), by.clinic.tzinfo)
    make_visit(by, make_patient(by))
    assert browser.get(today).context["left_open"] == ""  # today is still going on

    with clock_at(midnight - datetime.timedelta(hours=2)):
        first, gone = (make_visit(by, make_patient(by, given_name=name)) for name in ("Ana", "Bea"))
        visits.observe(visit=first, minutes=15, by=by)
        visits.enter(visit=gone, step="left", by=by)
    with clock_at(midnight - datetime.timedelta(days=20)):
        make_visit(by, make_patient(by, given_name="Cleo"))

    page = browser.get(today)
    assert page.context["left_open"] == "3 visits not signed, 1 still being observed, 1 not noted as left"
    assert f'href="{URL}?day={today_in(by.clinic) - datetime.timedelta(days=1)}"' in page.content.decode()
    assert client_of(bob).get(today).context["left_open"] == "1 still being observed, 1 not noted as left"  # of the desk
    assert client_of(auditor).get(today).context["left_open"] == ""


def test_that_yesterday_is_whole_is_two_questions(client_of, alice, by):
    for whole in (True, False):
        if not whole:
            make_visit(by, make_patient(by))
        with CaptureQueriesContext(connection) as asked:
            close.left_open(by, today_in(by.clinic), ())
        assert len(asked) == 2


def test_who_came_before_midnight_and_has_not_left_is_still_listed(client_of, alice, by):
    midnight = datetime.datetime.combine(today_in(by.clinic), datetime.time(), by.clinic.tzinfo)
    with clock_at(midnight - datetime.timedelta(minutes=30)):
        visit, gone = make_visit(by, make_patient(by)), make_visit(by, make_patient(by, given_name="Bea"))
        visits.enter(visit=gone, step="left", by=by)
    with clock_at(midnight + datetime.timedelta(minutes=30)):
        assert parts(client_of(alice))["Not noted as left"] == [visit.patient.name]
    with clock_at(midnight + datetime.timedelta(days=3)):
        assert parts(client_of(alice))["Not noted as left"] == [visit.patient.name]
        assert close.left_open(by, today_in(by.clinic), ()) == "2 visits not signed, 1 not noted as left"
    with clock_at(midnight + datetime.timedelta(days=20)):
        assert parts(client_of(alice))["Not noted as left"] == []


def test_who_closes_after_midnight_sees_what_happened_on_the_day_before(client_of, alice, by):
    lot = make_lot(by, make_item(by, "B-12"), expires=datetime.date(2999, 1, 1))
    kit = stock.add_kit(place="Room 1", by=by)
    today = today_in(by.clinic)
    evening = at("22:30", (today - datetime.timedelta(days=1)).isoformat(), of=by.clinic)
    full = {
        "epinephrine_expires": datetime.date(2999, 1, 1), "oxygen": True, "airway": True, "note": "", "initials": "AA"}
    with clock_at(evening):
        stock.waste(lot=lot, volume_ml=Decimal(1), why="dropped", by=by)
        stock.log_temperature(
            fields={"place": "fridge", "celsius": Decimal(5), "low": Decimal(2), "high": Decimal(8)}, by=by, at=evening)
        stock.check_kit(kit=kit, day=today_in(by.clinic), fields=full, by=by)
        sharps.report_stick(by=by, who="Ann", place="Room 2", device="30G", how="slipped", happened_at=evening)
    with clock_at(at("00:20", today.isoformat(), of=by.clinic)):
        browser = client_of(alice)
        before, now = parts(browser, day=(today - datetime.timedelta(days=1)).isoformat()), parts(browser)

    assert [len(before[part]) for part in ("Wasted, broken, corrected", "Stuck by a needle")] == [1, 1]
    assert before["Kits and temperatures"] == ["The kit of Room 1 is complete", "fridge: 5 °C"]
    assert [len(now[part]) for part in ("Wasted, broken, corrected", "Stuck by a needle")] == [0, 0]
    assert now["Kits and temperatures"] == ["The kit of Room 1 is not checked and complete", "No temperature of fridge"]


def test_a_kit_that_is_not_complete_says_what_it_lacks(client_of, alice, by):
    kit, day = stock.add_kit(place="Room 1", by=by), today_in(by.clinic)
    past = {"epinephrine_expires": day - datetime.timedelta(days=1), "oxygen": False, "airway": True, "note": "", "initials": "A"}
    answer = client_of(alice).post(
        reverse("stock:check_kit", kwargs=HERE | {"kit": kit.uid}), {f"{kit.uid}-{name}": value for name, value in past.items()},
        follow=True)

    lacks = "missing: epinephrine that is in date, oxygen"
    assert lacks in answer.content.decode()
    assert parts(client_of(alice))["Kits and temperatures"] == [f"The kit of Room 1 is not complete, {lacks}"]
    assert lacks in client_of(alice).get(reverse("home:today", kwargs=HERE)).content.decode()
    checked = msgspec.json.decode(Entry.objects.get(kind="kit", action="check").detail)
    assert checked == {"complete": False, "missing": ["epinephrine past its date", "oxygen"]}


@pytest.mark.parametrize("day", ["2999-01-01", "yesterday", "2020-01-01"])
def test_a_day_that_is_neither_today_nor_yesterday_is_today(client_of, alice, by, day):
    assert client_of(alice).get(URL, {"day": day}).context["day"] == today_in(by.clinic)


def test_what_was_drawn_for_an_unsigned_visit_is_listed_beside_it(client_of, alice, bob, by):
    visit = make_visit(by, make_patient(by))
    vial = make_vial(by, number="0417")
    make_syringe(by, visit, "1.5", vial=vial)
    drawing.put_down(syringe=make_syringe(by, visit, "2", vial=vial), by=by)

    found = client_of(alice).get(URL).context["parts"][1]
    (line,) = found.lines
    assert [said for said in (vial.code, "0417", "3.5", "2") if said not in line.text] == []
    assert (line.note, str(visit.uid) in line.url) == (visit.patient.name, True)
    assert vial.code not in client_of(bob).get(URL).content.decode()


def test_waste_that_a_strike_has_entered_back_is_said_to_be_entered_back(client_of, alice, by):
    """Else the day has twice the waste, once on the wrong patient and once on the right one. A count stays as it was."""
    right, wrong = (make_visit(by, make_patient(by, given_name=name), why="knee") for name in ("Ana", "Bea"))
    vial = make_vial(by)
    Vial.objects.filter(pk=vial.pk).update(volume_ml=Decimal("4.5"))
    for visit in (wrong, right):
        drawing.put_down(syringe=make_syringe(by, visit, "3", vial=vial), by=by)
        visits.change_visit(visit=visit, version=visit.version, fields={"note": "Talked."}, by=by)
        sign(visit, by, recount=True)
    signing.ask_to_strike(visit=wrong, why="another", by=by)
    signing.strike(visit=wrong, by=at_work(make_person(by.clinic, "Dora Second", Role.PRACTITIONER), by.clinic))

    (part,) = [one for one in client_of(alice).get(URL).context["parts"] if one.title == "Wasted, broken, corrected"]
    said = [(line.text.partition(": ")[2], "entered back" in line.note) for line in part.lines]
    assert said == [("-3\xa0mL, wasted", True), ("1.5\xa0mL, corrected by a count", False), ("-3\xa0mL, wasted", False)]


def test_a_reaction_stays_listed_until_somebody_says_how_it_ended(client_of, alice, bob, by):
    midnight = datetime.datetime.combine(today_in(by.clinic), datetime.time(), by.clinic.tzinfo)
    with clock_at(midnight - datetime.timedelta(minutes=30)):
        lasting = reactions.begin(patient=make_patient(by), by=by)
    mistaken, over = (reactions.begin(patient=make_patient(by, given_name=name), by=by) for name in ("Bea", "Cleo"))
    reactions.take_back(reaction=mistaken, why="it was her sister", by=by)

    def listed(client, **asked):
        return parts(client, **asked).get("Reactions without an outcome")

    yesterday = (today_in(by.clinic) - datetime.timedelta(days=1)).isoformat()
    assert listed(client_of(alice)) == [lasting.patient.name, over.patient.name]
    assert listed(client_of(alice), day=yesterday) == [lasting.patient.name]
    assert listed(client_of(bob)) is None  # it is of the chart
    shown = [line.url for part in client_of(alice).get(URL).context["parts"] for line in part.lines]
    (link,) = [one for one in shown if str(lasting.uid) in one]
    assert client_of(alice).get(link).status_code == 200
    for one in (lasting, over):
        reactions.end(reaction=one, outcome="well", by=by)
    assert listed(client_of(alice)) == []


def test_a_kit_that_was_checked_before_epinephrine_was_given_is_to_be_checked_again(client_of, alice, by):
    kit = stock.add_kit(place="Room 1", by=by)
    full = {
        "epinephrine_expires": datetime.date(2999, 1, 1), "oxygen": True, "airway": True, "note": "", "initials": "AA"}
    day = timezone.now().astimezone(by.clinic.tzinfo).date()
    stock.check_kit(kit=kit, day=day, fields=full, by=by)
    assert parts(client_of(alice))["Kits and temperatures"] == ["The kit of Room 1 is complete"]
    reaction = reactions.begin(patient=make_patient(by), by=by)
    for dose in ("0.3", "0.3"):
        reactions.add_entry(reaction=reaction, kind="epinephrine", dose_mg=Decimal(dose), by=by)

    assert parts(client_of(alice))["Kits and temperatures"] == ["The kit of Room 1 is not checked and complete"]
    morning = client_of(alice).get(reverse("home:today", kwargs=HERE)).content.decode()
    assert "The kit of Room 1 is not checked and complete" in morning
    task = Task.objects.get(kind=reactions.KIT_TASK)
    assert (task.role, task.needs, task.patient) == ("practitioner", "stock.write", None)
    assert address(task, by) == reverse("stock:kits", kwargs=HERE)
    stock.check_kit(kit=kit, day=day, fields=full, by=by)
    assert parts(client_of(alice))["Kits and temperatures"] == ["The kit of Room 1 is complete"]


def test_a_thermometer_that_was_read_before_is_asked_for_today(client_of, alice, by):
    fields = {"place": "fridge", "celsius": Decimal(5), "low": Decimal(2), "high": Decimal(8)}
    stock.log_temperature(fields=fields, by=by, at=timezone.now() - datetime.timedelta(days=2))
    assert "No temperature of fridge" in parts(client_of(alice))["Kits and temperatures"][0]

    stock.log_temperature(fields=fields, by=by, at=timezone.now())
    assert parts(client_of(alice))["Kits and temperatures"] == ["fridge: 5 °C"]


def test_a_temperature_out_of_range_is_not_calm(client_of, alice, by):
    fields = {"place": "fridge", "low": Decimal(2), "high": Decimal(8)}
    stock.log_temperature(fields=fields | {"celsius": Decimal(14), "action": "door shut"}, by=by, at=timezone.now())
    stock.log_temperature(fields=fields | {"celsius": Decimal(5)}, by=by, at=timezone.now())

    [shown] = [part.lines for part in client_of(alice).get(URL).context["parts"] if str(part.title) == "Kits and temperatures"]

    assert [line.severity for line in shown] == ["warn", ""]


def test_who_has_left_and_is_signed_for_is_not_there(client_of, alice, by):
    visit = make_visit(by, make_patient(by))
    visits.enter(visit=visit, step="left", by=by)

    assert parts(client_of(alice))["Not noted as left"] == []


def test_the_front_desk_sees_nothing_of_charts_and_shelf(client_of, bob):
    assert set(parts(client_of(bob))) == {
        "Being observed", "Not noted as left", "Due until tonight", "Stuck by a needle"}


def test_a_needle_stick_is_the_owners_task_at_once(client_of, bob, owner):
    url = reverse("home:needle_stick", kwargs=HERE)
    said = {"who": "Ann Assistant", "place": "Room 2", "device": "30G, Terumo", "how": "capped it again"}
    assert client_of(bob).post(url, said | {"how": " "}).status_code == 422
    for _ in range(2):
        client_of(bob).post(url, said | {"once": "k" * 32})

    task = Task.objects.get(kind="home.needle_stick")
    assert (task.role, task.note, task.patient) == ("owner", "Room 2: capped it again", None)
    assert NeedleStick.objects.get().who == "Ann Assistant"


def test_how_many_were_stuck_everybody_sees_and_who_it_was_the_owner(client_of, bob, alice, owner, by):
    now = timezone.now()
    said = {"who": "Ann Assistant", "place": "Room 2", "device": "30G", "how": "capped it again"}
    sharps.report_stick(**said, happened_at=now, by=by)
    sharps.report_stick(**said | {"place": "Room 9"}, happened_at=now - datetime.timedelta(days=3), by=by)
    log = reverse("home:needle_sticks", kwargs=HERE)

    assert parts(client_of(bob))["Stuck by a needle"] == ["Room 2"]
    assert "Ann Assistant" not in client_of(bob).get(URL).content.decode()
    for person in (bob, alice):
        assert client_of(person).get(log).status_code == 404
    assert client_of(owner).get(log).content.decode().count("Ann Assistant") == 2
    assert Entry.objects.filter(kind="needle stick", action="read").count() == 1


def test_a_stick_of_last_night_is_of_yesterday(client_of, bob, clinic):
    local = timezone.now().astimezone(clinic.tzinfo)
    later = (local + datetime.timedelta(minutes=5)).strftime("%H:%M")
    said = {"who": "Ann", "place": "Room 2", "device": "30G", "how": "slipped", "clock": later}
    client_of(bob).post(reverse("home:needle_stick", kwargs=HERE), said)

    assert NeedleStick.objects.get().happened_at < timezone.now()


def test_the_log_is_not_changed(by):
    said = {"who": "Ann", "place": "Room 2", "device": "30G", "how": "slipped", "happened_at": timezone.now()}
    sharps.report_stick(**said, by=by)
    with pytest.raises(DatabaseError), transaction.atomic():
        NeedleStick.objects.update(who="nobody")
    assert NeedleStick.objects.get().who == "Ann"


def test_the_day_sheet_names_who_is_here_and_the_open_vials(client_of, alice, bob, by):
    visit = make_visit(by, make_patient(by))
    vial = stock.open_vial(lot=make_lot(by, expires=datetime.date(2999, 1, 1)), by=by, at=timezone.now())
    url = reverse("home:day_sheet", kwargs=HERE)

    for_alice, for_bob = (text_of(client_of(user).get(url).content) for user in (alice, bob))
    assert visit.patient.name in for_alice and visit.patient.name in for_bob
    assert vial.code in for_alice and vial.code not in for_bob


def test_the_day_sheet_says_which_open_vial_is_not_to_be_used(by, clinic):
    ana, now = make_patient(by), timezone.now()
    good, past, held, back = (make_vial(by, number=number, name=number) for number in ("good", "past", "held", "back"))
    single = make_vial(by, number="single", name="single", kind="single_dose_vial")
    Vial.objects.filter(pk=past.pk).update(opened_at=now - datetime.timedelta(days=40))
    stock.decide(lot=held.lot, status="quarantined", why="cloudy", by=by)
    stock.decide(lot=back.lot, status="recalled", why="glass", by=by)
    stock.reserve(vials=[single], patient=ana)

    with timezone.override(clinic.tzinfo):
        said = {row[0]: row[3] for row in on_paper.day_values(clinic, now, with_vials=True)["vials"]}
    assert [said[one.code].startswith("Do not use") for one in (good, past, held, back, single)] == [
        False, True, True, True, False]
    assert ana.name in said[single.code] and ana.name not in said[good.code]


def test_the_day_sheet_is_in_the_order_of_its_times(by, clinic):
    first, second = make_visit(by, make_patient(by)), make_visit(by, make_patient(by, "Ben Soler"))
    with clock_at(timezone.now() + datetime.timedelta(minutes=1)):
        visits.enter(visit=second, step="roomed", by=by)
    with clock_at(timezone.now() + datetime.timedelta(minutes=2)):
        visits.enter(visit=first, step="roomed", by=by)

    rows = on_paper.day_values(clinic, timezone.now(), with_vials=False)["visits"]
    assert [row[1] for row in rows[:2]] == [second.patient.name, first.patient.name]


def test_the_day_sheet_says_until_when_somebody_is_observed(by, clinic):
    watched, ended, here = (make_visit(by, make_patient(by, given_name=name)) for name in ("Ana", "Bea", "Cleo"))
    observation, over = (visits.observe(visit=one, minutes=30, by=by) for one in (watched, ended))
    visits.end_observation(observation=over, by=by)

    with timezone.override(clinic.tzinfo):
        rows = on_paper.day_values(clinic, timezone.now(), with_vials=False)["visits"]
        said = {row[1]: row[4].strip() for row in rows}
        assert [said[one.patient.name] for one in (watched, ended, here)] == [words.clock(observation.until), "", ""]


def test_the_day_sheet_of_the_morning_names_who_is_booked(by, clinic, alice, owner):
    ana = make_patient(by)
    practitioner = working(at_work(owner, clinic), user=alice)
    booked(by, ana, practitioner, "10:00", "2026-11-24")
    booked(by, make_patient(by, "Ben Soler"), practitioner, "10:00", "2026-11-25")

    with timezone.override(clinic.tzinfo):
        values = on_paper.day_values(clinic, at("07:30", "2026-11-24", clinic), with_vials=False)
        assert [row[:4] for row in values["booked"]] == [
            [words.clock(at("10:00", "2026-11-24", clinic)), ana.name, words.day(ana.birth_date), str(practitioner)]]
    assert ana.name in text_of(on_paper.day_sheet(clinic, at("07:30", "2026-11-24", clinic), with_vials=False, with_charts=False))


def test_the_empty_form_asks_what_the_visit_asks(client_of, alice):
    said = text_of(client_of(alice).get(reverse("home:blank_form", kwargs=HERE)).content)

    assert "Before the first puncture" in said
    asked = " ".join(said.split()).casefold()
    # Without these a visit that is entered later cannot be signed, or is asked about by the check, when nobody knows any more.
    needed = ("side", "skin", "lot", "vial", "mL", "route", "depth", "angle", "week", "drawn up", "stopped", "epinephrine")
    assert [word for word in needed if word.casefold() not in asked] == []
    assert "[U+" not in said  # every sign has a letter in the fonts of the paper


@pytest.mark.parametrize("language", ["en", "es", "zh-hans"])
def test_the_empty_form_is_one_sheet(clinic, language):
    with translation.override(language):
        assert len(PdfReader(io.BytesIO(on_paper.blank_form(clinic))).pages) == 1


def test_another_clinic_has_its_own_day(client_of, charlie, by):
    name = make_visit(by, make_patient(by)).patient.name

    assert client_of(charlie).get(URL).status_code == 404
    assert name not in client_of(charlie).get(reverse("home:close", kwargs={"clinic": "hill"})).content.decode()
