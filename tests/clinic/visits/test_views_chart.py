"""The charting path as plain forms and as parts for the script: what a tap, a line and a scan leave on record."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.patients.people import at_work, make_patient
from clinic.people import make_person
from clinic.practitioners.papers import make_practitioner
from clinic.visits.charting import WELL, make_asked_visit, make_ready_patient, make_syringe, make_vial, make_visit, plan
from clinic.visits.test_signing import sign
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.patients.queries import pregnancy_of
from waterneedle.clinic.stock import actions as stock
from waterneedle.clinic.visits import actions, drafts, queries, signing
from waterneedle.clinic.visits.forms import InjectionForm, text_version
from waterneedle.clinic.visits.models import Injection, Reason, Strike, Syringe, Visit, VisitState
from waterneedle.clinic.visits.rows import answers_of
from waterneedle.clinic.web import words

SHORT = ("ST36", "SP9", "SP6", "LI4", "LI11", "TE5", "ST34", "ST35", "GB34", "LR3", "ST44", "SP10", "KI3")
PARTS = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def visit(by, ana):
    return make_visit(by, ana)


@pytest.fixture
def ask(client_of, alice, visit):
    """Posts to a page of the visit as Alice."""
    browser = client_of(alice)

    def ask(name, data=None, *, query="", **more):
        where = {key: more.pop(key) for key in ("injection", "syringe") if key in more}
        return browser.post(url(name, visit, **where) + query, data or {}, **more)

    return ask


def url(name, visit, **where):
    return reverse(f"visits:{name}", kwargs={"clinic": "harbor", "patient": visit.patient.uid, "visit": visit.uid} | where)


def charted():
    rows = Injection.objects.filter(removed_at=None).order_by("seq")
    return [(one.point, one.side, one.volume_ml, one.depth_mm) for one in rows]


def test_a_patient_who_is_here_has_a_visit_in_one_tap_of_the_list(client_of, alice, ana):
    where = {"clinic": "harbor", "patient": ana.uid}
    answer = client_of(alice).post(reverse("visits:begin", kwargs=where))

    made = Visit.objects.get()
    assert answer.url == url("visit", made)
    assert client_of(alice).get(answer.url).status_code == 200


def test_a_visit_of_today_that_is_not_signed_is_joined_and_not_begun_twice(client_of, alice, assistant, by, ana):
    begin = reverse("visits:begin", kwargs={"clinic": "harbor", "patient": ana.uid})
    first = client_of(assistant).post(begin)

    assert client_of(alice).post(begin).url == first.url
    made = Visit.objects.get()

    Strike.objects.create(clinic=made.clinic, visit=made, why="of another", asked_at=timezone.now(), asked_by=by.user)
    assert client_of(alice).post(begin).url != first.url
    assert Visit.objects.count() == 2


def test_a_visit_from_paper_or_of_another_day_is_not_joined(client_of, alice, by, ana):
    now = timezone.now()
    actions.begin(patient=ana, by=by, happened_at=now - datetime.timedelta(minutes=1))
    of_yesterday = actions.begin(patient=ana, by=by)
    Visit.objects.filter(pk=of_yesterday.pk).update(day=of_yesterday.day - datetime.timedelta(days=1))

    client_of(alice).post(reverse("visits:begin", kwargs={"clinic": "harbor", "patient": ana.uid}))

    assert Visit.objects.count() == 3


def test_a_visit_from_paper_is_entered_with_the_time_it_had_and_shows_both(client_of, alice, by, ana, clinic):
    browser, where = client_of(alice), {"clinic": "harbor", "patient": ana.uid}
    page = reverse("visits:begin_later", kwargs=where)
    at = (timezone.now() - datetime.timedelta(days=1)).astimezone(clinic.tzinfo).replace(second=0, microsecond=0)

    assert page in browser.get(reverse("visits:visits", kwargs=where)).content.decode()
    answer = browser.post(page, {"happened_at": f"{at:%Y-%m-%dT%H:%M}"})

    made = Visit.objects.get()
    assert (answer.url, made.happened_at, made.day) == (url("visit", made), at, at.date())
    shown = browser.get(answer.url).content.decode()
    with timezone.override(clinic.tzinfo):
        assert [when for when in (words.moment(at), words.moment(made.made_at)) if when not in shown] == []


@pytest.mark.parametrize("ahead", [None, datetime.timedelta(hours=1)])
def test_what_has_not_happened_is_not_entered(client_of, alice, ana, clinic, ahead):
    at = ahead and f"{(timezone.now() + ahead).astimezone(clinic.tzinfo):%Y-%m-%dT%H:%M}"
    page = reverse("visits:begin_later", kwargs={"clinic": "harbor", "patient": ana.uid})

    assert client_of(alice).post(page, {"happened_at": at or ""}).status_code == 422
    assert not Visit.objects.exists()


def test_what_a_touch_has_charted_is_said_with_its_volume_and_depth_which_may_come_from_the_one_before(ask, by, visit):
    make_syringe(by, visit)
    ask("line", {"line": "st36 l .3 25mm"})

    said = ask("tap", {"code": "LI11", "side": "left", "each_ml": "0.3", "each_mm": "25"}, **PARTS).content.decode()

    toast = said[said.index("LI11", said.index('id="v-toasts"')):]
    assert words.amount(Decimal("0.3"), "mL") in toast
    assert words.amount(Decimal(25), "mm") in toast


def test_who_injects_at_a_visit_that_an_assistant_has_begun_says_so_in_one_tap(client_of, clinic, alice, assistant, owner, ana):
    make_practitioner(alice, at_work(owner, clinic))
    client_of(assistant).post(reverse("visits:begin", kwargs={"clinic": "harbor", "patient": ana.uid}))
    made = Visit.objects.get()
    assert "practitioner" in [gap.field for gap in signing.gaps(made)]

    assert client_of(assistant).post(url("treat", made)).status_code == 404
    assert url("treat", made) in client_of(alice).get(url("visit", made)).content.decode()
    client_of(alice).post(url("treat", made))

    made.refresh_from_db()
    assert made.practitioner.user == alice
    assert url("treat", made) not in client_of(alice).get(url("visit", made)).content.decode()


def test_nobody_takes_over_what_another_has_injected(client_of, clinic, owner, by, visit):
    other = make_person(clinic, "Pia Other", Role.PRACTITIONER)
    make_practitioner(other, at_work(owner, clinic))
    one = plan(by, visit, make_syringe(by, visit))
    actions.mark(injection=one, status="given", why="was in", by=by)

    assert client_of(other).post(url("treat", visit)).status_code == 422
    assert Visit.objects.get().practitioner == visit.practitioner


@pytest.mark.parametrize("what", ["a tap", "words"])
def test_a_tap_in_the_same_moment_does_not_make_ones_words_the_older_ones(ask, by, visit, monkeypatch, what):
    syringe, read = make_syringe(by, visit), queries.visit_of
    version = text_version(visit)
    visit.refresh_from_db()

    def read_before_it(*asked):
        row = read(*asked)
        monkeypatch.setattr(queries, "visit_of", read)
        if what == "a tap":
            plan(by, visit, syringe)
        else:
            actions.change_visit(visit=visit, version=visit.version, fields={"why": "somebody else"}, by=by)
        return row

    monkeypatch.setattr(queries, "visit_of", read_before_it)
    answer = ask("change", {"version": version, "why": "knee pain"}, HTTP_ACCEPT="application/json")

    assert (answer.status_code, Visit.objects.get().why) == ((200, "knee pain") if what == "a tap" else (409, "somebody else"))


def test_nobody_is_watched_for_a_visit_that_is_over(client_of, alice, by, ana):
    visit = make_visit(by, ana, happened_at=timezone.now() - datetime.timedelta(days=1))

    client_of(alice).post(url("step", visit), {"step": "observed"})

    assert not visit.observations.exists()
    assert "observed" in visit.states.values_list("step", flat=True)


def test_two_taps_answer_everything_that_is_asked_today(ask, visit):
    ask("today", {"identity_confirmed": "yes"})
    ask("today", {"as_usual": "1", "usual_pregnancy": "not_pregnant"})

    said = answers_of(visit)
    assert {name: getattr(said, name) for name in WELL} == WELL
    assert "identified" in VisitState.objects.values_list("step", flat=True)


def test_nobody_is_identified_before_name_and_date_of_birth_were_said(client_of, alice, ask, visit):
    browser = client_of(alice)

    def entered():
        answer = browser.post(url("step", visit), {"step": "identified"}, headers={"HX-Request": "true"})
        shown = queries.draft(Visit.objects.get(pk=visit.pk), "en").steps
        return answer.status_code, next(row.state is not None for row in shown if row.step == "identified")

    assert entered() == (422, False) and not VisitState.objects.filter(step="identified").exists()
    ask("today", {"identity_confirmed": "yes"})
    assert entered() == (200, True)
    ask("today", {"identity_confirmed": "no"})
    assert entered() == (422, False)


def test_one_answer_changes_that_one_alone(ask, visit):
    ask("today", {"as_usual": "1"})
    ask("today", {"eaten": "no"})

    said = answers_of(visit)
    assert (said.eaten, said.lying_down, said.identity_confirmed) == (False, True, None)


def test_a_syringe_is_drawn_up_by_the_label_of_its_vial(ask, by):
    vial = make_vial(by)

    assert ask("scan", {"code": vial.code.lower()}).json()["vial"] == str(vial.uid)
    ask("load", {"code": vial.code, "volume_ml": "2", "route": "SC", "gauge": "30", "length_mm": "13"})

    syringe = Syringe.objects.get()
    assert (syringe.route, syringe.gauge, syringe.fills.get().vial, syringe.fills.get().volume_ml) == ("SC", 30, vial, 2)


def test_beside_a_syringe_stands_since_when_its_vial_is_open(client_of, alice, by, visit):
    opened = timezone.now() - datetime.timedelta(days=12)
    make_syringe(by, visit, vial=make_vial(by, opened_at=opened))

    page = client_of(alice).get(url("visit", visit)).content.decode()

    with timezone.override(by.clinic.tzinfo):
        assert words.day(opened, short=True) in unescape(page)


def test_a_code_that_two_vials_have_loads_nothing(ask, by):
    first = make_vial(by, gtin="00312345678906")
    stock.open_vial(lot=first.lot, by=by, at=first.opened_at)

    assert ask("scan", {"code": "010031234567890610" + first.lot.number}).status_code == 422


def test_a_tap_is_one_injection_with_what_each_gets(ask, by, visit):
    make_syringe(by, visit)
    ask("tap", {"code": "ST36", "side": "left", "each_ml": "0.5", "each_mm": "10"})

    assert charted() == [("ST36", "left", Decimal("0.5"), Decimal(10))]


def test_a_tap_over_the_lung_gets_no_depth_and_no_needle(ask, by, visit):
    make_syringe(by, visit)
    ask("tap", {"code": "GB21", "side": "left", "each_ml": "0.2", "each_mm": "10", "each_deg": "90"})

    one = Injection.objects.get()
    assert (one.volume_ml, one.depth_mm, one.angle_deg, one.gauge, one.length_mm) == (Decimal("0.2"), None, None, None, None)


def test_a_tap_without_a_syringe_is_refused(ask):
    assert ask("tap", {"code": "ST36", "side": "left"}, **PARTS).status_code == 422
    assert charted() == []


def test_the_same_tap_sent_twice_is_one_injection(ask, by, visit):
    make_syringe(by, visit)
    for _ in range(2):
        ask("tap", {"code": "ST36", "side": "left", "each_ml": "0.5"}, HTTP_IDEMPOTENCY_KEY="one touch", **PARTS)

    assert len(charted()) == 1


def test_the_same_line_sent_twice_without_a_script_is_charted_once(client_of, alice, ask, by, visit):
    make_syringe(by, visit)
    page = client_of(alice).get(url("visit", visit)).content.decode()
    for _ in range(2):
        assert ask("line", {"line": "st36 l .5 12mm", "once": key_of(page, url("line", visit))}).status_code == 302

    assert len(charted()) == 1


def test_the_last_visit_repeated_twice_without_a_script_is_charted_once(client_of, alice, ask, by, visit, ana):
    before = make_visit(by, make_ready_patient(by, given_name="Bea"))
    actions.answer_today(visit=before, answers=WELL, by=by)
    plan(by, before, make_syringe(by, before))
    actions.give_all(visit=before, by=by)
    sign(before, by)
    again = make_visit(by, before.patient)
    make_syringe(by, again, vial=before.syringes.get().fills.get().vial)
    browser = client_of(alice)
    page = browser.get(url("visit", again)).content.decode()
    for _ in range(2):
        assert browser.post(url("repeat", again), {"once": key_of(page, url("repeat", again))}).status_code == 302

    assert Injection.objects.filter(visit=again).count() == 1


def test_the_next_syringe_has_a_key_of_its_own(client_of, alice, ask, by, visit):
    said = {"vial": str(make_vial(by).uid), "volume_ml": "1", "route": "SC"}
    page = client_of(alice).get(url("visit", visit)).content.decode()
    for _ in range(3):
        page = ask("load", said | {"once": key_of(page, url("load", visit))}, **PARTS).content.decode()

    assert Syringe.objects.count() == 3


def test_a_syringe_that_was_refused_keeps_its_key(client_of, alice, ask, visit):
    key = key_of(client_of(alice).get(url("visit", visit)).content.decode(), url("load", visit))
    assert key_of(ask("load", {"once": key}, **PARTS).content.decode(), url("load", visit)) == key


def key_of(page, address):
    """The key of the form that is sent there."""
    return re.search(rf'action="{re.escape(address)}".*?name="once" value="([^"]+)"', page, re.DOTALL)[1]


def test_a_line_on_both_sides_is_two_injections(ask, by, visit):
    make_syringe(by, visit)
    ask("line", {"line": "st36 b .5 12mm"})

    assert charted() == [("ST36", "left", Decimal("0.5"), 12), ("ST36", "right", Decimal("0.5"), 12)]


def test_a_line_that_is_not_understood_comes_back_with_its_words(ask, by, visit):
    make_syringe(by, visit)
    answer = ask("line", {"line": "st36 .5 quack"})

    assert answer.status_code == 422
    assert len(answer.context["line_problems"]) == 2
    assert answer.context["typed_line"] == "st36 .5 quack"
    assert charted() == []


def test_a_needle_alone_needs_no_syringe(ask):
    ask("line", {"line": "gb20 b needle"})

    assert [(one.side, one.technique) for one in Injection.objects.all()] == [("left", "needle_only"), ("right", "needle_only")]


def test_more_than_was_drawn_is_refused(ask, by, visit):
    make_syringe(by, visit, "1")

    assert ask("line", {"line": "st36 b .6"}).status_code == 422
    assert charted() == []


def test_what_was_charted_is_taken_back_by_its_toast(ask, by, visit):
    make_syringe(by, visit)
    shown = ask("line", {"line": "st36 b .5"}, **PARTS).content.decode()
    undo = shown.split("take-back/?")[1].split('"')[0].replace("&amp;", "&")
    ask("take_back", query=f"?{undo}")

    assert charted() == []


def test_what_was_given_meanwhile_is_not_taken_back_by_an_older_toast_and_it_is_said(ask, by, visit):
    make_syringe(by, visit)
    shown = ask("line", {"line": "st36 b .5"}, **PARTS).content.decode()
    undo = shown.split("take-back/?")[1].split('"')[0].replace("&amp;", "&")
    actions.mark(injection=Injection.objects.get(side="left"), status="given", why="she said so", by=by)

    answer = ask("take_back", query=f"?{undo}")
    assert answer.status_code == 422 and answer.context["problem"]
    assert [one[1] for one in charted()] == ["left", "right"]


@pytest.mark.parametrize(("said", "label"), [
    ({"each_ml": "1/2"}, "Each"), ({"each_mm": "half an inch"}, "Depth"), ({"each_deg": "120"}, "Angle")])
def test_what_each_injection_gets_and_cannot_be_read_is_named(ask, by, visit, said, label):
    make_syringe(by, visit)
    answer = ask("line", {"line": "st36 l"} | said)

    assert answer.status_code == 422 and answer.context["problem"].startswith(f"{label}: ")
    assert charted() == []


def test_an_answer_does_not_stand_beside_a_warning_that_it_does_not_cover(client_of, alice, by, ana):
    for said in ("nickel", "parabens"):
        patients.add_fact(patient=ana, kind="allergy", said=said, by=by)
    visit = make_visit(by, ana)
    plan(by, visit, make_syringe(by, visit))
    actions.give_reason(visit=visit, rule="allergy", note="had it for years", review_on=visit.day + datetime.timedelta(9), by=by)
    assert "had it for years" in client_of(alice).get(url("visit", visit)).content.decode()

    later = make_visit(by, ana)
    procaine = make_vial(by, product="procaine-novocain-1pct-vial", name="Procaine", number="0500")
    plan(by, later, make_syringe(by, later, vial=procaine))
    assert "had it for years" not in client_of(alice).get(url("visit", later)).content.decode()


def way_back(answer):
    """The address that the toast of `answer` posts to, below that of the visit."""
    (found,) = re.findall(r'data-undo.*?action="[^"]*?/visits/patients/[^/]+/[^/]+/([^"]+)"', answer.content.decode(), re.DOTALL)
    return unescape(found)


@pytest.mark.parametrize("said", [{}, {"slip": "1"}])
def test_a_syringe_that_was_put_down_is_taken_up_again(client_of, alice, ask, by, visit, said):
    syringe = make_syringe(by, visit)
    answer = ask("put_down", said, syringe=syringe.uid, **PARTS)
    assert not queries.draft(visit, "en").syringes

    assert client_of(alice).post(url("visit", visit) + way_back(answer)).status_code == 302
    syringe.refresh_from_db()
    assert (syringe.removed_at, syringe.wasted) == (None, False)


def test_an_ampoule_that_another_patient_has_by_now_is_not_taken_up_again(ask, by, visit):
    ampoule = make_vial(by, name="Ampoule", kind="ampoule", container_ml=Decimal(1))
    syringe = make_syringe(by, visit, "0.5", vial=ampoule)
    ask("put_down", {"slip": "1"}, syringe=syringe.uid)
    ampoule.refresh_from_db()
    make_syringe(by, make_visit(by, make_patient(by, given_name="Bea")), "0.5", vial=ampoule)

    assert ask("take_up", syringe=syringe.uid).status_code == 422
    syringe.refresh_from_db()
    assert syringe.removed_at is not None


def test_that_somebody_looked_at_the_skin_is_taken_back_and_what_was_said_before_stays(client_of, alice, ask, by, visit):
    syringe = make_syringe(by, visit)
    for point, skin in (("ST36", ""), ("SP9", "intact"), ("LI11", "")):
        plan(by, visit, syringe, point=point, skin=skin)
    answer = ask("skin_intact", **PARTS)
    assert {one.skin for one in Injection.objects.all()} == {"intact"}
    client_of(alice).post(url("visit", visit) + way_back(answer))

    assert list(Injection.objects.order_by("seq").values_list("skin", flat=True)) == ["", "intact", ""]


def test_a_wrong_answer_to_a_warning_is_taken_back_and_asked_again(client_of, alice, ask, by, visit):
    plan(by, visit, make_syringe(by, visit), skin="")

    def is_open():
        rows = queries.draft(visit, "en").rows
        return [one.issue.recorded for row in rows for one in row.issues if one.issue.rule == "skin"] == [False]

    answer = ask("reason", {"rule": "skin", "note": "another place"}, **PARTS)
    assert not is_open()
    client_of(alice).post(url("visit", visit) + way_back(answer))

    assert is_open()
    assert Reason.objects.get().removed_at is not None
    assert ask("take_back_reason", query="?one=no-number").status_code == 404


@pytest.mark.parametrize(("name", "said"), [("remove", {}), ("mark", {"status": "given"}), ("injection", {"depth_mm": "5"})])
def test_of_one_that_was_taken_out_meanwhile_the_page_shows_how_the_visit_stands(ask, by, visit, name, said):
    gone, stays = plan(by, visit, make_syringe(by, visit)), plan(by, visit, make_syringe(by, visit), point="SP9")
    actions.remove(injection=gone, by=by)
    answer = ask(name, said, injection=gone.uid)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert str(gone.uid) not in page and str(stays.uid) in page and "taken this injection out" in page
    gone.refresh_from_db()
    assert (gone.status, gone.depth_mm) == ("planned", 10)


def test_what_was_taken_out_meanwhile_is_not_opened_and_the_page_shows_how_the_visit_stands(client_of, alice, by, visit):
    gone, stays = plan(by, visit, make_syringe(by, visit)), plan(by, visit, make_syringe(by, visit), point="SP9")
    actions.remove(injection=gone, by=by)
    answer = client_of(alice).get(url("injection", visit, injection=gone.uid), **PARTS)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert str(gone.uid) not in page and str(stays.uid) in page and "taken this injection out" in page


def test_what_was_signed_meanwhile_is_not_opened_and_it_is_said(client_of, alice, by):
    visit = make_asked_visit(by)
    one = plan(by, visit, make_syringe(by, visit))
    actions.mark(injection=one, status="given", by=by)
    sign(visit, by)
    address = url("injection", visit, injection=one.uid)

    assert "The visit is signed" in client_of(alice).get(address, **PARTS).content.decode()
    assert client_of(alice).get(address).status_code == 302


@pytest.mark.parametrize(("said", "at"), [
    ({"status": "not_done"}, "why"), ({"status": "stopped"}, "why"), ({"status": "stopped", "why": "pain"}, "volume_ml"),
    ({"status": "stopped", "why": "pain", "volume_ml": "much"}, "volume_ml"),
    ({"status": "stopped", "why": "pain", "volume_ml": "59"}, "volume_ml")])
def test_of_what_is_missing_beside_a_mark_the_field_is_named(ask, by, visit, said, at):
    one = plan(by, visit, make_syringe(by, visit))

    assert f'data-at="{at}"' in ask("mark", said, injection=one.uid, **PARTS).content.decode()


def test_removed_and_restored(ask, by, visit):
    one = plan(by, visit, make_syringe(by, visit))
    ask("remove", injection=one.uid)
    assert charted() == []

    ask("restore", injection=one.uid)
    assert len(charted()) == 1


def test_every_field_of_an_injection_is_entered_on_its_page(ask, by, visit):
    one = plan(by, visit, make_syringe(by, visit))
    said = {
        "side": "right", "route": "IM", "volume_ml": "0.3", "depth_mm": "0", "depth_max_mm": "4",
        "angle_deg": "30", "gauge": "27", "sensation": "de_qi", "length_mm": "13", "direction": "medial", "level": "",
        "skin": "scar", "aspirated_blood": "no",
        "reaction": "small bruise",
    }  # fmt: skip
    ask("injection", said, injection=one.uid)

    one.refresh_from_db()
    found = {name: getattr(one, name) for name in said}
    numbers = {"volume_ml": Decimal("0.3"), "depth_mm": 0, "depth_max_mm": 4, "angle_deg": 30, "gauge": 27, "length_mm": 13}
    assert found == said | numbers | {"aspirated_blood": False}


def test_a_stopped_injection_says_why_and_how_much(ask, by, visit):
    one = plan(by, visit, make_syringe(by, visit))
    assert ask("mark", {"status": "stopped"}, injection=one.uid).status_code == 422

    ask("mark", {"status": "given", "why": "it was given"}, injection=one.uid)
    assert ask("mark", {"status": "stopped", "why": "pain"}, injection=one.uid).status_code == 422
    ask("mark", {"status": "stopped", "why": "pain", "volume_ml": "0.1"}, injection=one.uid)
    one.refresh_from_db()
    assert (one.status, one.status_why, one.volume_ml) == ("stopped", "pain", Decimal("0.1"))


@pytest.mark.parametrize("name", ["mark", "mark_all"])
def test_what_was_said_to_be_given_by_a_slip_is_planned_again_by_its_toast(client_of, alice, by, name):
    visit = make_visit(by, make_ready_patient(by, given_name="Bea"))
    actions.answer_today(visit=visit, answers=WELL, by=by)
    one = plan(by, visit, make_syringe(by, visit))
    answer = client_of(alice).post(
        url(name, visit, **({"injection": one.uid} if name == "mark" else {})), {"status": "given"}, **PARTS)
    undo = re.search(r'action="([^"]*/marks/undo/[^"]*)"', answer.content.decode())[1]
    one.refresh_from_db()
    assert one.status == "given"

    client_of(alice).post(undo, **PARTS)
    one.refresh_from_db()
    assert (one.status, one.given_at, one.status_why) == ("planned", None, "")


def test_what_the_check_bars_is_given_only_with_a_word(ask, by, visit):
    one = plan(by, visit, make_syringe(by, visit), "GB21", depth_mm=Decimal(25))
    assert ask("mark", {"status": "given"}, injection=one.uid).status_code == 422
    assert ask("mark_all").status_code == 422

    ask("mark", {"status": "given", "why": "it was in already"}, injection=one.uid)
    one.refresh_from_db()
    assert (one.status, one.blocked) == ("given", True)


def test_one_tap_says_that_the_skin_is_intact_where_nothing_else_was_said(ask, by, visit):
    syringe = make_syringe(by, visit)
    plan(by, visit, syringe, skin="")
    plan(by, visit, syringe, side="right", skin="scar")
    ask("skin_intact")

    assert list(Injection.objects.order_by("seq").values_list("skin", flat=True)) == ["intact", "scar"]


def test_a_warning_takes_its_reason(ask, by, visit):
    assert ask("reason", {"rule": "conditions_known", "note": ""}).status_code == 422
    ask("reason", {"rule": "conditions_known", "note": "asked and looked at"})

    assert Reason.objects.get().note == "asked and looked at"


def test_words_save_themselves_and_older_ones_do_not_overwrite_newer(ask, visit):
    said = {"HTTP_ACCEPT": "application/json"}
    first = ask("change", {"why": "knee", "version": ""}, **said).json()
    assert ask("change", {"why": "knee pain", "version": first["version"]}, **said).status_code == 200

    assert ask("change", {"why": "older", "version": first["version"]}, **said).status_code == 409
    visit.refresh_from_db()
    assert visit.why == "knee pain"


def test_another_persons_injection_does_not_make_typed_words_the_older_ones(ask, by, visit):
    said = {"HTTP_ACCEPT": "application/json"}
    version = ask("change", {"why": "knee", "version": ""}, **said).json()["version"]
    plan(by, visit, make_syringe(by, visit))

    assert ask("change", {"why": "knee pain", "version": version}, **said).status_code == 200


def test_completions_name_the_point(ask):
    found = ask("complete", {"line": "zusan", "cursor": "5"}).json()["found"]

    assert (found[0]["text"], found[0]["says"]) == ("ST36", "足三里 Zúsānlǐ ST36")


def test_the_parts_say_what_is_still_missing(ask, by, visit):
    make_syringe(by, visit)
    shown = ask("line", {"line": "st36 l .5"}, **PARTS).content.decode()

    assert 'id="v-right"' in shown and 'id="v-strip"' in shown and "<html" not in shown
    assert 'data-gap="status"' in shown


def test_a_signed_visit_takes_nothing(ask, by, visit, monkeypatch):
    def signed(*args, **kwargs):
        raise drafts.AlreadySigned("the visit is signed")

    make_syringe(by, visit)
    monkeypatch.setattr(actions, "open_draft", signed)

    assert ask("line", {"line": "st36 l .5"}).status_code == 422
    assert charted() == []


def test_a_draft_asks_the_same_number_of_questions_for_one_injection_and_for_three(
    client_of, alice, by, visit, django_assert_max_num_queries
):
    syringe, counts, browser = make_syringe(by, visit), [], client_of(alice)
    for point in ("ST36", "LI11", "GB34"):
        plan(by, visit, syringe, point)
        browser.get(url("visit", visit))  # what stands open for the first time is kept, once
        with django_assert_max_num_queries(90) as asked:
            browser.get(url("visit", visit))
        counts.append(len(asked))

    assert len(set(counts)) == 1


@pytest.mark.parametrize("name", ["visit", "body"])
def test_who_works_at_the_desk_or_elsewhere_sees_nothing_of_it(client_of, bob, charlie, visit, name):
    assert [client_of(one).get(url(name, visit)).status_code for one in (bob, charlie)] == [404, 404]


@pytest.mark.parametrize(("code", "side", "status"), [
    ("CV12", "left", 422), ("ST36", "midline", 422), ("CV12", "midline", 200), ("ST36", "left", 200), ("EX-HN1", "midline", 200),
])
def test_a_place_is_touched_and_changed_on_a_side_that_it_has(ask, by, visit, code, side, status):
    syringe = make_syringe(by, visit)
    assert ask("tap", {"code": code, "side": side, "each_ml": "0.2"}, **PARTS).status_code == status
    assert len(charted()) == (status == 200)

    one = plan(by, visit, syringe, point=code, side="")
    assert ask("injection", {"side": side, "volume_ml": "0.2"}, injection=one.uid, **PARTS).status_code == status


def test_a_needle_that_was_stopped_may_have_given_nothing(ask, by, visit):
    one = plan(by, visit, make_syringe(by, visit))
    assert ask("mark", {"status": "stopped", "why": "a cramp", "volume_ml": "0"}, injection=one.uid, **PARTS).status_code == 200

    one.refresh_from_db()
    assert (one.status, one.volume_ml) == ("stopped", None)


def _edit(browser, visit, one):
    """The form of an injection as a page has it: what would be sent, every field with it."""
    page = unescape(browser.get(url("injection", visit, injection=one.uid), **PARTS).content.decode())
    form = InjectionForm(instance=one)
    fields = {name: value for name in form.fields if (value := form[name].value()) not in (None, "")}
    return fields | {"drawn": re.search(r'name="drawn" value="(.*?\})"', page)[1]}


def test_an_older_form_of_an_injection_takes_nothing_back_that_somebody_else_said_meanwhile(client_of, alice, ask, by, visit):
    one = plan(by, visit, make_syringe(by, visit), skin="")
    older = _edit(client_of(alice), visit, one)
    actions.change(injection=one, fields={"skin": "infected", "depth_mm": Decimal(5)}, by=by)

    assert ask("injection", older | {"volume_ml": "0.7"}, injection=one.uid).status_code == 302
    one.refresh_from_db()
    assert (one.skin, one.depth_mm, one.volume_ml) == ("infected", Decimal(5), Decimal("0.7"))


def test_what_two_people_have_changed_in_one_injection_is_asked_about(client_of, alice, ask, by, visit):
    one = plan(by, visit, make_syringe(by, visit))
    older = _edit(client_of(alice), visit, one)
    actions.change(injection=one, fields={"depth_mm": Decimal(5)}, by=by)

    answer = ask("injection", older | {"depth_mm": "20"}, injection=one.uid)
    one.refresh_from_db()
    assert answer.status_code == 422 and one.depth_mm == 5
    assert set(answer.context["edit_form"].errors) == {"depth_mm"}
    again = answer.context["edit_form"].drawn
    assert ask("injection", older | {"depth_mm": "20", "drawn": again}, injection=one.uid).status_code == 302
    one.refresh_from_db()
    assert one.depth_mm == 20


def test_the_usual_answers_of_an_older_page_take_nothing_back_that_was_heard_meanwhile(ask, by, visit):
    ask("today", {"fever_or_infection": "yes"})
    patients.say_pregnancy(patient=visit.patient, status="pregnant", by=by)

    ask("today", {"as_usual": "1", "usual_pregnancy": "not_pregnant"})

    said = answers_of(visit)
    assert (said.fever_or_infection, said.new_medicines, said.pregnancy) == (True, False, "")
    assert pregnancy_of(visit.patient, [visit.patient_id]).status == "pregnant"


@pytest.mark.parametrize(("sex", "is_asked"), [("female", True), ("intersex", True), ("unknown", True), ("male", False)])
def test_the_page_asks_about_pregnancy_whom_the_record_does_not_say_to_be_male(client_of, alice, by, sex, is_asked):
    page = client_of(alice).get(url("visit", make_visit(by, make_patient(by, sex=sex)))).content.decode()

    assert ('name="pregnancy"' in page) == is_asked


def test_a_pregnancy_of_who_is_recorded_as_male_is_asked_about_and_not_answered_in_passing(client_of, alice, by):
    made = make_visit(by, make_patient(by, sex="male"))
    patients.say_pregnancy(patient=made.patient, status="pregnant", by=by)
    browser = client_of(alice)

    assert 'name="pregnancy"' in browser.get(url("visit", made)).content.decode()
    browser.post(url("today", made), {"as_usual": "1", "usual_pregnancy": "not_applicable"})
    assert answers_of(made).pregnancy == ""
    assert pregnancy_of(made.patient, [made.patient_id]).status == "pregnant"


def test_the_header_says_at_once_what_the_patient_says_of_pregnancy_today(ask, visit):
    html = ask("today", {"pregnancy": "pregnant"}, **PARTS).content.decode()

    header = re.search(r'<section class="patient" id="v-patient".*?</section>', html, re.DOTALL)
    assert header and "pregnant (" in header[0] and "not pregnant" not in header[0]


def test_a_muscle_and_a_region_stand_in_lists_and_gaps_by_their_names(client_of, alice, by, visit):
    syringe = make_syringe(by, visit)
    sites = [actions.Site(muscle="trp-utrap", side="right"), actions.Site(region="lower_back", side="left")]
    made = actions.add(visit=visit, sites=sites, syringe=syringe, by=by, volume_ml=Decimal("0.2"))
    board = client_of(alice).get(reverse("visits:board", kwargs={"clinic": "harbor"})).content.decode()

    assert [str(one) for one in made] == ["trapezius, upper right", "lower back left"]
    assert "trapezius, upper right" in board and "trp-utrap" not in board and "lower_back" not in board


def test_only_sides_that_the_place_has_are_offered(ask, by, visit):
    syringe = make_syringe(by, visit)
    for point, sides in (("ST36", ["left", "right"]), ("CV12", ["midline"])):
        form = InjectionForm(instance=plan(by, visit, syringe, point=point, side=sides[0]))
        assert [value for value, _label in form.fields["side"].choices] == sides


def test_a_block_about_the_whole_visit_stands_on_top_and_each_planned_row_takes_what_has_happened_already(ask, by, visit):
    one = plan(by, visit, make_syringe(by, visit))  # without any consent
    html = ask("mark", {"status": "given"}, injection=one.uid, **PARTS).content.decode()

    assert html.index("issues-title") < html.index("injections-title")
    assert ('id="given-1"' in html, 'id="barred-1"' in html) == (False, True)
    assert ask("mark", {"status": "given", "why": "it was in already"}, injection=one.uid, **PARTS).status_code == 200
    one.refresh_from_db()
    assert (one.status, one.blocked) == ("given", True)


def test_beside_an_injection_what_bars_it_is_read_first(by, visit):
    plan(by, visit, make_syringe(by, visit), "GB21", depth_mm=Decimal(25))
    severities = [row.issue.severity for row in queries.draft(visit, "en").rows[0].issues]

    assert severities[0] == "block" and "warn" in severities
    assert "block" not in severities[severities.count("block"):]


def test_a_line_with_a_depth_of_its_own_takes_the_angle_that_each_gets(ask, by, visit):
    make_syringe(by, visit)
    ask("line", {"line": "st36 l .5 12mm", "each_deg": "45", "each_mm": "10"})

    one = Injection.objects.get()
    assert (one.depth_mm, one.angle_deg) == (12, 45)


def test_a_line_beside_an_amount_that_cannot_be_is_not_charted_without_it(ask, by, visit):
    make_syringe(by, visit)
    answer = ask("line", {"line": "st36 l", "each_ml": "0.5", "each_mm": "1o"}, **PARTS)

    assert (answer.status_code, charted()) == (422, [])


def test_a_long_gap_is_cut_where_the_syringe_is_in_hand_and_said_in_full_where_one_signs(ask, client_of, alice, by, visit):
    one = plan(by, visit, make_syringe(by, visit))
    html = ask("mark", {"status": "given", "why": "it was in already"}, injection=one.uid, **PARTS).content.decode()
    strip = html[html.index('id="v-strip"'):]

    assert "Say what the patient answered" in strip and "is lying down" not in strip
    assert "is lying down" in client_of(alice).get(url("sign", visit)).content.decode()


def test_of_many_injections_those_that_are_done_and_ask_nothing_are_short_and_keep_their_names(client_of, alice, by):
    visit = make_asked_visit(by)
    made = [plan(by, visit, make_syringe(by, visit), point=point, volume_ml=Decimal("0.1")) for point in SHORT[:-1]]
    actions.give_all(visit=visit, by=by)
    browser, address = client_of(alice), reverse("visits:visit", args=["harbor", visit.patient.uid, visit.uid])
    assert "visit-injection given short" not in browser.get(address).content.decode()

    planned = plan(by, visit, make_syringe(by, visit), point=SHORT[-1], volume_ml=Decimal("0.1"))
    actions.change(injection=made[0], fields={"depth_mm": None}, by=by)
    page = browser.get(address).content.decode()
    found = {seq: "short" in kind for seq, kind in re.findall(r'<li id="i(\d+)" class="visit-injection ([^"]*)"', page)}
    assert [seq for seq, is_short in found.items() if not is_short] == [
        str(made[0].seq), str(made[SHORT.index("ST35")].seq), str(planned.seq)]  # a gap, a warning at the joint, not done yet
    assert len(re.findall(r'id="change-\d+"[^>]*>.*?Change', page)) == len(SHORT)
