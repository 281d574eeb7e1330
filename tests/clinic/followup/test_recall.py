"""Recall: from a lot, a product, a vial, days or a patient to everybody who was given it, and what is done about it."""

from __future__ import annotations

import pytest

from clinic.followup.following import Reading, asked_patient, letters_about, secret_of, signed_visit, text_of
from clinic.patients.people import at_work
from clinic.people import make_person
from clinic.visits.charting import make_vial
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.followup import actions_recall
from waterneedle.clinic.followup.models import Recall, Recalled
from waterneedle.clinic.followup.tracing import trace
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.stock import actions as stock
from waterneedle.clinic.stock.models import LotState
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.visits import reactions, signing


@pytest.fixture
def three(by, ana, on_call):
    """Ana and Ben from one vial, Cem from a vial of another lot."""
    vial, other = make_vial(by), make_vial(by, number="0500")
    ben, cem = asked_patient(by, "Ben Ode", email=""), asked_patient(by, "Cem Kaya")
    seen = [signed_visit(by, ana, points=("ST36", "LI11"), vial=vial), signed_visit(by, ben, vial=vial)]
    return {"vial": vial, "other": other, "ben": ben, "cem": cem, "visits": [*seen, signed_visit(by, cem, vial=other)]}


def names(found):
    return [one.who.given_name for one in found.hits]


def test_by_lot_vial_product_days_and_the_same_vial_as_a_patient(clinic, ana, three):
    vial, today = three["vial"], three["visits"][0].day.isoformat()

    assert names(trace(clinic, "lot", {"lot": vial.lot.uid})) == ["Ben", "Ana", "Ana"]
    assert names(trace(clinic, "vial", {"vial": three["other"].uid})) == ["Cem"]
    assert sorted(names(trace(clinic, "product", {"product": vial.lot.item.uid}))) == ["Ana", "Ana", "Ben"]
    assert sorted(names(trace(clinic, "days", {"since": today, "until": today}))) == ["Ana", "Ana", "Ben", "Cem"]
    assert names(trace(clinic, "days", {"since": "2030-01-01"})) == []
    assert names(trace(clinic, "same_vial", {"patient": three["ben"].uid})) == ["Ben", "Ana", "Ana"]


def test_a_hit_says_who_when_where_how_much_and_from_what(clinic, three):
    [hit] = trace(clinic, "vial", {"vial": three["other"].uid}).hits

    assert (hit.who.person, hit.given.site, hit.given.side) == ("Cem Kaya", "ST36", "left")
    assert (hit.source.lot, hit.given.day) == ("0500", three["visits"][2].day)
    assert hit.who.patient == str(three["cem"].uid)


def test_a_trace_takes_three_statements_however_many_it_finds(clinic, three, django_assert_num_queries):
    with django_assert_num_queries(3):
        trace(clinic, "lot", {"lot": three["vial"].lot.uid})


def test_a_struck_visit_and_another_clinic_are_left_out(clinic, by, three, other_clinic):
    visit = three["visits"][2]
    signing.ask_to_strike(visit=visit, why="another patient", by=by)
    signing.strike(visit=visit, by=at_work(make_person(clinic, "Sam Second", Role.PRACTITIONER), clinic))

    assert not trace(clinic, "vial", {"vial": three["other"].uid}).hits
    assert not trace(other_clinic, "vial", {"vial": three["vial"].uid}).hits


def test_from_a_lot_to_letters_and_quarantine_in_four_actions(owner, clinic, client_of, three, ana):
    browser, lot = client_of(owner), three["vial"].lot
    base = f"/c/{clinic.slug}/followup/"
    page = browser.get(f"{base}recall/?kind=lot&lot={lot.uid}").content.decode()  # 1: look
    assert "3 injections, 2 patients" in page and f'<a href="/c/{clinic.slug}/patients/{ana.uid}/">Ana Ruiz</a>' in page

    acted = browser.post(  # 2: quarantine and draft
        f"{base}recall/act/?kind=lot&lot={lot.uid}", {"why": "maker's notice 17", "quarantine": "on", "write": "on"})
    browser.post(f"{acted.url}send/")  # 3: send

    recall = Recall.objects.get()
    assert (recall.injections, recall.patients.count(), recall.why) == (3, 2, "maker's notice 17")
    assert LotState.objects.filter(lot=lot).latest("pk").status == "quarantined"
    assert [tuple(one.addresses) for one in letters_about("recall")] == [("ana@patients.example",)]
    assert Task.objects.get(kind="followup.recall").patient == three["ben"]
    assert Recalled.objects.get(patient=ana).sent_at and not Recalled.objects.get(patient=three["ben"]).sent_at


def test_what_is_shown_is_text_and_not_html(owner, clinic, client_of, by, on_call):
    vial = make_vial(by, number="<i>7</i>")
    signed_visit(by, asked_patient(by, "<b>Eve</b> O'Dea"), vial=vial)

    page = client_of(owner).get(f"/c/{clinic.slug}/followup/recall/?kind=lot&lot={vial.lot.uid}").content.decode()

    assert "&lt;b&gt;Eve&lt;/b&gt; O&#" in page and "<td>&lt;i&gt;7&lt;/i&gt; ·" in page
    assert "<b>Eve" not in page and "<i>7" not in page


def test_the_side_is_said_in_the_language_of_the_page(owner, clinic, client_of, three):
    address = f"/c/{clinic.slug}/followup/recall/?kind=vial&vial={three['other'].uid}"
    page = client_of(owner).get(address, headers={"accept-language": "es"}).content.decode()

    assert "<td>ST36 izquierdo</td>" in page


def test_letters_are_sent_once_and_say_nothing_of_health(owner, clinic, three):
    by = at_work(owner, clinic)
    recall = actions_recall.open_recall(
        kind="lot", asked={"lot": three["vial"].lot.uid}, said="lot 0417", why="notice", by=by)

    assert (actions_recall.send(recall=recall, by=by), actions_recall.send(recall=recall, by=by)) == (1, 0)
    [letter] = letters_about("recall")
    for word in ("Ana", "inject", "0417", "cobalamin"):
        assert word not in text_of(letter)
    notice = Recalled.objects.get(patient__given_name="Ana").text
    assert "0417" in notice and secret_of(letter, "me")


def test_the_shelf_is_closed_though_nobody_was_given_it(owner, clinic, by, ana):
    lot = make_vial(by).lot

    actions_recall.open_recall(kind="lot", asked={"lot": lot.uid}, said="lot", why="notice", by=at_work(owner, clinic))

    assert LotState.objects.get(lot=lot).status == "quarantined"
    with pytest.raises(actions_recall.NothingToDo):
        actions_recall.open_recall(
            kind="days", asked={"since": "2001-01-01", "until": "2001-01-02"}, said="days", why="x", by=at_work(owner, clinic))


def opened(by, **asked):
    [kind] = asked
    return actions_recall.open_recall(kind=kind, asked=asked, said=kind, why="notice", by=by)


def test_of_a_product_the_lots_that_nobody_was_given_yet_are_withheld_too(owner, clinic, by, three):
    given = three["vial"].lot
    waiting = stock.receive(item=given.item, number="A99", expires=given.expires, containers=2, by=by)

    opened(at_work(owner, clinic), product=given.item.uid)

    assert set(LotState.objects.filter(status="quarantined").values_list("lot_id", flat=True)) == {given.pk, waiting.pk}


def test_of_a_vial_the_lot_is_withheld_though_nobody_was_given_of_it(owner, clinic, by, ana):
    vial = make_vial(by)

    opened(at_work(owner, clinic), vial=vial.uid)

    assert LotState.objects.get(lot=vial.lot).status == "quarantined"


def test_what_its_maker_has_recalled_stays_recalled(owner, clinic, three):
    by, lot = at_work(owner, clinic), three["vial"].lot
    stock.decide(lot=lot, status="recalled", why="the maker's letter", by=by)

    opened(by, lot=lot.uid)

    assert LotState.objects.get(lot=lot).status == "recalled"


def test_who_has_two_records_gets_one_notice_at_the_address_that_counts(owner, clinic, by, three):
    new = asked_patient(by, "Ana Ruiz", email="new@patients.example")
    signed_visit(by, new, vial=three["vial"])
    patients.join(kept=new, other=Patient.objects.get(email="ana@patients.example", given_name="Ana"), why="one person", by=by)

    recall = opened(at_work(owner, clinic), lot=three["vial"].lot.uid)
    actions_recall.send(recall=recall, by=at_work(owner, clinic))

    assert [tuple(one.addresses) for one in letters_about("recall")] == [("new@patients.example",)]
    assert recall.patients.get(patient=new).injections == 3


def test_whoever_has_no_address_any_more_when_it_is_sent_is_called(owner, clinic, three, ana):
    recall = opened(at_work(owner, clinic), lot=three["vial"].lot.uid)
    Patient.objects.filter(pk=ana.pk).update(email="", phone="")

    assert actions_recall.send(recall=recall, by=at_work(owner, clinic)) == 0

    assert set(Task.objects.filter(kind="followup.recall").values_list("patient_id", flat=True)) == {ana.pk, three["ben"].pk}


def test_who_has_died_is_called_by_nobody_and_somebody_looks_whether_it_belongs_together(owner, clinic, by, three, ana):
    reactions.end(reaction=reactions.begin(patient=ana, by=by), outcome="died", by=by)
    recall = opened(at_work(owner, clinic), lot=three["vial"].lot.uid)
    actions_recall.send(recall=recall, by=at_work(owner, clinic))

    titles = dict(Task.objects.filter(kind="followup.recall").values_list("patient_id", "title"))
    assert titles[ana.pk].startswith("Somebody who has died") and titles[three["ben"].pk].startswith("Call a patient")
    assert not letters_about("recall")


def test_the_notice_stands_on_the_page_of_the_patient(owner, clinic, three):
    by = at_work(owner, clinic)
    actions_recall.send(by=by, recall=actions_recall.open_recall(
        kind="lot", asked={"lot": three["vial"].lot.uid}, said="lot 0417", why="notice", by=by))
    reading = Reading(secret_of(letters_about("recall")[0], "me"))
    reading.knock()

    page = reading.get().content.decode()
    assert "0417" in page and "206 555 0199" in page


def test_the_front_desk_traces_nobody(bob, clinic, client_of):
    assert client_of(bob).get(f"/c/{clinic.slug}/followup/recall/").status_code == 404


def test_a_missing_choice_is_asked_for(owner, clinic, client_of):
    assert client_of(owner).get(f"/c/{clinic.slug}/followup/recall/?kind=lot").status_code == 422
