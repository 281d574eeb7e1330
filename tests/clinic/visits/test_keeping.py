"""Protocols that a clinic keeps of its signed visits: what is kept, who sees them, and what planning one fills in."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from clinic.patients.people import at_work, make_patient
from clinic.people import make_person
from clinic.visits.charting import WELL, make_ready_patient, make_syringe, make_vial, make_visit, plan
from clinic.visits.test_signing import sign
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.visits import actions, drafts, drawing, keeping, signing
from waterneedle.clinic.visits.danger import is_dangerous
from waterneedle.clinic.visits.models import Injection
from waterneedle.clinic.visits.models_kept import KeptProtocol

TRAUMEEL = "traumeel-injection-medinatura"
ONE_SIDE = (("ST36", "left"), ("SP9", "left"))
BOTH = (*ONE_SIDE, ("ST36", "right"))


@pytest.fixture
def visit(by):
    return make_visit(by, make_patient(by))


def other_at_work(clinic, name="Dana Doe", role=Role.PRACTITIONER):
    return at_work(make_person(clinic, name, role), clinic)


def charted(by, *, sites=BOTH, patient="Ben Ortiz", vial=None, needled=(), **more):
    """A draft in which `sites` were given, and `needled` by a needle alone."""
    visit = make_visit(by, make_ready_patient(by, name=patient), why="knee pain")
    actions.answer_today(visit=visit, answers=WELL, by=by)
    syringe = make_syringe(by, visit, vial=vial) if sites else None
    made = [plan(by, visit, syringe, point, side, **more) for point, side in sites]
    for point, side in needled:
        made += actions.add(visit=visit, sites=[actions.Site(point=point, side=side)], by=by, depth_mm=Decimal(8))
    for one in made:
        actions.mark(injection=one, status="given", why="it was given", by=by)
    return visit


def treated(by, **more):
    visit = charted(by, **more)
    sign(visit, by, deviation_why="at work")
    return visit


def knee(by, **more):
    return keeping.keep(visit=treated(by, **more), name="Knee", by=by)


def planned(by, visit, kept, syringe=None, **more):
    made = keeping.plan(visit=visit, kept=kept, syringe=syringe or make_syringe(by, visit), by=by, **more)
    return [(one.point, one.side, one.volume_ml, one.depth_mm, one.angle_deg) for one in made]


def url(name, visit, kept=None):
    where = {"clinic": "harbor", "patient": visit.patient.uid, "visit": visit.uid}
    return reverse(f"visits:{name}", kwargs=where | ({"kept": kept.uid} if kept else {}))


def in_strip(client, visit):
    return client.get(url("visit", visit)).content.decode().partition('visit-kept"')[2].partition("</div>")[0]


# --- keeping


def test_what_was_given_is_planned_for_another_patient_with_its_figures(by, visit):
    kept = knee(by)

    assert planned(by, visit, kept) == [(point, side, Decimal("0.5"), Decimal(10), 90) for point, side in BOTH]
    assert {one.status for one in Injection.objects.filter(visit=visit)} == {"planned"}


def test_no_depth_angle_or_needle_is_kept_or_filled_in_where_a_danger_lies(by, visit):
    kept = knee(by, sites=(("GB21", "left"), ("ST36", "left")))
    keeping.plan(visit=visit, kept=kept, syringe=make_syringe(by, visit), side="left", by=by,
                 each={"depth_mm": Decimal(7), "angle_deg": 45})
    over_the_lung, harmless = Injection.objects.filter(visit=visit).order_by("seq")

    assert is_dangerous(point="GB21")
    assert [(one.depth_mm, one.angle_deg) for one in kept.places.order_by("seq")] == [(None, None), (Decimal(10), 90)]
    assert {getattr(over_the_lung, name) for name in ("depth_mm", "depth_max_mm", "angle_deg", "gauge", "length_mm")} == {None}
    assert (harmless.depth_mm, harmless.gauge) == (Decimal(7), 30)


def test_what_was_stopped_not_done_or_only_planned_is_not_kept(by):
    visit = charted(by)
    syringe = Injection.objects.filter(visit=visit).first().syringe
    stopped, not_done = plan(by, visit, syringe, "LI11"), plan(by, visit, syringe, "LI10")
    actions.mark(injection=stopped, status="stopped", why="moved", volume_ml=Decimal("0.1"), by=by)
    actions.mark(injection=not_done, status="not_done", why="asked not to", by=by)
    sign(visit, by, deviation_why="at work")

    kept = keeping.keep(visit=visit, name="Knee", by=by)
    assert [(one.point, one.side) for one in kept.places.order_by("seq")] == [*BOTH]


def test_of_two_fluids_one_is_kept_with_what_was_needled_alone(by):
    visit = charted(by, needled=[("LI4", "right")])
    traumeel = make_syringe(by, visit, vial=make_vial(by, product=TRAUMEEL, number="0418"))
    actions.mark(injection=plan(by, visit, traumeel, "LI11", "right"), status="given", why="it was given", by=by)
    sign(visit, by, deviation_why="at work")

    with pytest.raises(drafts.NotCharted):
        keeping.keep(visit=visit, name="Elbow", by=by)
    with pytest.raises(drafts.NotCharted):
        keeping.keep(visit=visit, name="Elbow", fluid="none such", by=by)
    assert set(keeping.fluids_of(visit)) == {"cyanocobalamin-1000mcg-ml", TRAUMEEL}
    kept = keeping.keep(visit=visit, name="Elbow", fluid=TRAUMEEL, by=by)
    assert [(one.point, one.technique) for one in kept.places.order_by("seq")] == [("LI4", "needle_only"), ("LI11", "injection")]


def test_a_draft_a_struck_visit_and_one_without_an_injection_are_not_kept(clinic, by):
    struck = treated(by)
    signing.ask_to_strike(visit=struck, why="another Ben", by=by)
    signing.strike(visit=struck, by=other_at_work(clinic))
    nothing = make_visit(by, make_ready_patient(by, name="Eva Ek"))
    actions.answer_today(visit=nothing, answers=WELL, by=by)

    for visit in (charted(by, patient="Finn Falk"), struck, nothing):
        assert not keeping.may_be_kept(visit)
        with pytest.raises(drafts.NotCharted):
            keeping.keep(visit=visit, name="Knee", by=by)
    assert not KeptProtocol.objects.exists()


def test_a_visit_that_is_kept_closed_gives_no_protocol_and_is_offered_none(monkeypatch, by, visit):
    closed, kept = treated(by), knee(by, patient="Eva Ek")
    monkeypatch.setattr(keeping, "in_place_of_the_fluid", lambda one: "kit A" if one in (closed, visit) else "")
    syringe = make_syringe(by, visit)

    assert not keeping.may_be_kept(closed)
    assert keeping.offered(syringe, visit, by) == ([], 0)
    assert [row.kept for row in keeping.kept_in(visit.clinic, syringe)] == [kept]


def test_two_have_not_the_same_name_until_one_is_taken_away(clinic, by, visit):
    first, second = knee(by), treated(by, patient="Eva Ek")
    with pytest.raises(drafts.NotCharted):
        keeping.keep(visit=second, name=" Knee ", by=by)
    keeping.remove(kept=first, by=by)
    keeping.keep(visit=second, name="Knee", by=by)

    with pytest.raises(drafts.NotCharted):
        keeping.restore(kept=KeptProtocol.objects.get(pk=first.pk), by=by)
    assert [row.kept.pk == first.pk for row in keeping.kept_in(clinic, None)] == [False]


def test_the_trail_says_who_kept_it_and_who_took_it_away(by):
    kept = knee(by)
    keeping.remove(kept=kept, by=by)
    keeping.restore(kept=kept, by=by)

    said = Entry.objects.filter(kind="protocol", object_uid=kept.uid).order_by("at")
    assert [(one.action, one.user_name) for one in said] == [
        (action, by.user.name) for action in ("keep", "remove", "restore")]


# --- planning


def test_one_of_one_side_asks_for_the_side_and_lies_there(by, visit):
    kept = knee(by, sites=ONE_SIDE)
    syringe = make_syringe(by, visit)

    for wrong in ("", "midline", "bilateral"):
        with pytest.raises(drafts.NotCharted):
            planned(by, visit, kept, syringe, side=wrong)
    assert {side for _point, side, *_rest in planned(by, visit, kept, syringe, side="right")} == {"right"}


def test_a_point_of_the_midline_stays_there(by, visit):
    kept = knee(by, sites=(("ST36", "left"), ("CV6", "midline")))

    assert [(point, side) for point, side, *_rest in planned(by, visit, kept, side="right")] == [
        ("ST36", "right"), ("CV6", "midline")]


def test_with_another_fluid_the_volume_is_what_is_said_today(by, visit):
    kept = knee(by)
    traumeel = make_syringe(by, visit, vial=make_vial(by, product=TRAUMEEL, number="0418"))

    for said in (None, Decimal("0.2")):
        made = planned(by, visit, kept, traumeel, each={"volume_ml": said})
        assert {volume for _point, _side, volume, *_rest in made} == {said}


@pytest.mark.parametrize(("saline", "volume"), [("1", Decimal("0.5")), ("2", None)])
def test_a_mixture_of_other_shares_is_another_fluid(by, visit, saline, volume):
    b12, other = make_vial(by), make_vial(by, product=TRAUMEEL, number="0418")
    source = make_visit(by, make_ready_patient(by, name="Ben Ortiz"), why="knee pain")
    actions.answer_today(visit=source, answers=WELL, by=by)
    mixed = drawing.load_syringe(visit=source, fills=[(b12, Decimal(1)), (other, Decimal(1))], by=by, route="SC")
    actions.mark(injection=plan(by, source, mixed), status="given", why="it was given", by=by)
    for gap in signing.gaps(source):
        actions.give_reason(visit=source, rule=gap.field.removeprefix("reason "), note="looked at", by=by)
    sign(source, by, deviation_why="at work")
    kept = keeping.keep(visit=source, name="Knee", by=by)
    today = drawing.load_syringe(visit=visit, fills=[(other, Decimal(saline)), (b12, Decimal(1))], by=by, route="SC")

    ((_point, _side, ml, *_rest),) = planned(by, visit, kept, today, side="left")
    assert ml == volume


def test_a_muscle_with_its_level_route_and_direction_is_kept(by, visit):
    source = make_visit(by, make_ready_patient(by, name="Ben Ortiz"), why="knee pain")
    actions.answer_today(visit=source, answers=WELL, by=by)
    said = {"volume_ml": Decimal("0.4"), "depth_mm": Decimal(9), "route": "IM", "direction": "toward the hip", "skin": "intact"}
    site = actions.Site(muscle="gluteus_maximus", side="right", level="L5")
    (one,) = actions.add(visit=source, sites=[site], syringe=make_syringe(by, source), by=by, **said)
    actions.mark(injection=one, status="given", why="it was given", by=by)
    for gap in signing.gaps(source):
        actions.give_reason(visit=source, rule=gap.field.removeprefix("reason "), note="looked at", by=by)
    sign(source, by, deviation_why="at work")
    kept = keeping.keep(visit=source, name="Hip", by=by)
    (made,) = keeping.plan(visit=visit, kept=kept, syringe=make_syringe(by, visit), side="left", by=by)

    assert (made.muscle, made.side, made.level, made.route, made.direction) == (
        "gluteus_maximus", "left", "L5", "IM", "toward the hip")
    assert (made.skin, made.status) == ("", "planned")


def test_what_it_brings_is_said_with_its_figures_also_where_they_differ(clinic, by):
    visit = charted(by, sites=ONE_SIDE)
    syringe = Injection.objects.filter(visit=visit).first().syringe
    deep = plan(by, visit, syringe, "LI11", depth_mm=Decimal(14), volume_ml=Decimal("0.2"))
    actions.mark(injection=deep, status="given", why="it was given", by=by)
    sign(visit, by, deviation_why="at work")
    keeping.keep(visit=visit, name="Knee", by=by)

    (row,) = keeping.kept_in(clinic, None)
    assert all(figure in row.summary for figure in ("3", "0.2–0.5", "10–14"))


def test_a_depth_and_an_angle_said_today_go_before_those_kept_and_the_volume_does_not(by, visit):
    kept = knee(by, depth_max_mm=Decimal(12))
    said = {"volume_ml": Decimal("0.2"), "depth_mm": Decimal(6), "angle_deg": 45}
    (first, *_others) = keeping.plan(visit=visit, kept=kept, syringe=make_syringe(by, visit), by=by, each=said)

    assert (first.volume_ml, first.depth_mm, first.depth_max_mm, first.angle_deg) == (Decimal("0.5"), Decimal(6), None, 45)


def test_needles_alone_need_no_syringe_and_an_injection_does(by, visit):
    needles = keeping.keep(visit=treated(by, sites=(), needled=[("LI4", "left")]), name="Hand", by=by)
    kept = knee(by, patient="Eva Ek")

    assert [one.syringe for one in keeping.plan(visit=visit, kept=needles, side="left", by=by)] == [None]
    with pytest.raises(drafts.NotCharted):
        keeping.plan(visit=visit, kept=kept, by=by)
    assert Injection.objects.filter(visit=visit).count() == 1


def test_more_than_the_syringe_holds_plans_nothing(by, visit):
    kept = knee(by)
    with pytest.raises(drafts.TooMuch):
        keeping.plan(visit=visit, kept=kept, syringe=make_syringe(by, visit, "1"), by=by)

    assert not Injection.objects.filter(visit=visit).exists()


# --- on the pages


def test_it_is_kept_on_the_page_and_undone_there(client_of, alice, by):
    visit, browser = treated(by), client_of(alice)
    answer = browser.post(url("keep_protocol", visit), {"name": "Knee"}, follow=True)
    kept = KeptProtocol.objects.get()

    assert url("remove_kept", visit, kept) in answer.content.decode()
    browser.post(url("remove_kept", visit, kept))
    assert KeptProtocol.objects.get().removed_at
    browser.post(url("restore_kept", visit, kept))
    assert KeptProtocol.objects.get().removed_at is None


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "Knee"])
def test_a_name_that_is_none_or_is_taken_is_asked_again(client_of, alice, by, name):
    knee(by)
    answer = client_of(alice).post(url("keep_protocol", treated(by, patient="Eva Ek")), {"name": name})

    assert answer.status_code == 422
    assert answer.context["keep_form"].errors["name"]
    assert KeptProtocol.objects.count() == 1


def test_of_two_fluids_the_page_asks_which(client_of, alice, by):
    visit = charted(by)
    traumeel = make_syringe(by, visit, vial=make_vial(by, product=TRAUMEEL, number="0418"))
    actions.mark(injection=plan(by, visit, traumeel, "LI11", "right"), status="given", why="it was given", by=by)
    sign(visit, by, deviation_why="at work")
    browser = client_of(alice)

    assert browser.post(url("keep_protocol", visit), {"name": "Elbow"}).status_code == 422
    assert browser.post(url("keep_protocol", visit), {"name": "Elbow", "fluid": TRAUMEEL}).status_code == 302
    assert KeptProtocol.objects.get().fluid == TRAUMEEL


def test_those_i_have_kept_stand_beside_a_syringe_with_their_fluid_alone(client_of, alice, clinic, by, visit):
    kept, browser = knee(by), client_of(alice)
    keeping.keep(visit=treated(other_at_work(clinic), patient="Eva Ek"), name="Shoulder", by=other_at_work(clinic, "Dora Second"))
    other = make_vial(by, product=TRAUMEEL, number="0418")
    keeping.keep(visit=treated(by, patient="Finn Falk", vial=other), name="Elbow", by=by)
    assert "Knee" not in in_strip(browser, visit)
    make_syringe(by, visit)
    strip = in_strip(browser, visit)

    assert url("plan_kept", visit, kept) in strip
    assert "Shoulder" not in strip and "Elbow" not in strip
    browser.post(url("plan_kept", visit, kept))
    assert url("plan_kept", visit, kept) not in browser.get(url("visit", visit)).content.decode()
    assert Injection.objects.filter(visit=visit).count() == 3


def test_beside_the_syringe_there_are_few_and_it_says_how_many_more(by, visit):
    source = treated(by)
    for number in range(keeping.BESIDE + 2):
        keeping.keep(visit=source, name=f"Knee {number}", by=by)
    shown, more = keeping.offered(make_syringe(by, visit), visit, by)

    assert [row.kept.name for row in shown] == [f"Knee {number}" for number in range(keeping.BESIDE)]
    assert more == 2


def test_the_list_has_all_of_the_clinic_and_who_kept_one_takes_it_away(client_of, owner, clinic, alice, by, visit):
    kept = knee(by)
    dana = other_at_work(clinic)
    listed = client_of(dana.user).get(url("protocols", visit)).content.decode()

    assert "Knee" in listed and url("remove_kept", visit, kept) not in listed
    assert client_of(dana.user).post(url("remove_kept", visit, kept)).status_code == 404
    assert KeptProtocol.objects.get().removed_at is None
    assert url("remove_kept", visit, kept) in client_of(alice).get(url("protocols", visit)).content.decode()
    assert keeping.may_remove(kept, at_work(owner, clinic))


def test_a_refusal_on_the_page_plans_nothing_and_says_so(client_of, alice, by, visit):
    kept, browser = knee(by, sites=ONE_SIDE), client_of(alice)

    assert browser.post(url("plan_kept", visit, kept), {"side": "left"}).status_code == 422  # no syringe
    make_syringe(by, visit)
    assert browser.post(url("plan_kept", visit, kept)).status_code == 422  # no side
    assert not Injection.objects.filter(visit=visit).exists()


def test_who_goes_back_to_what_was_sent_is_led_to_the_list(client_of, alice, by, visit):
    kept = knee(by)
    for name in ("plan_kept", "remove_kept"):
        answer = client_of(alice).get(url(name, visit, kept), headers={"Accept": "text/html"})
        assert (answer.status_code, answer.url) == (302, url("protocols", visit))


def test_of_another_clinic_there_is_nothing_to_see_plan_or_take_away(client_of, bob, charlie, other_clinic, by, visit):
    kept = knee(by)
    make_syringe(by, visit)

    for person in (bob, charlie):
        for name in ("plan_kept", "remove_kept", "restore_kept"):
            assert client_of(person).post(url(name, visit, kept)).status_code == 404
        assert client_of(person).post(url("keep_protocol", visit), {"name": "Mine"}).status_code == 404
    assert keeping.kept_in(other_clinic, None) == []
