"""For every field of a visit and of an injection: carried over, or never."""

from __future__ import annotations

import dataclasses
import html
import json
import re
from decimal import Decimal

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from clinic.html_forms import Page
from clinic.intake.signing import EVERY_PRODUCT, signed
from clinic.patients.people import make_patient
from clinic.stock.shelf import make_lot
from clinic.visits.charting import WELL, make_ready_patient, make_syringe, make_vial, make_visit, plan
from clinic.visits.test_signing import sign
from waterneedle import knowledge
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.stock import actions as stock
from waterneedle.clinic.visits import actions, copying, drafts, keeping, signing
from waterneedle.clinic.visits.danger import is_dangerous
from waterneedle.clinic.visits.models import Fill, Injection, Reason, Signature, Syringe, Today, Visit
from waterneedle.clinic.visits.models_incidents import Incident
from waterneedle.clinic.visits.models_kept import KeptPlace, KeptProtocol
from waterneedle.clinic.visits.on_paper_visit import note_values
from waterneedle.clinic.visits.usual import Usual
from waterneedle.safety import names as meant

ML = Decimal
CARRIED = {
    "point", "muscle", "region", "side", "level", "technique", "route", "volume_ml", "direction", "nudge", "depth_mm",
    "depth_max_mm", "angle_deg", "patient", "clinic",
}
OF_THE_SYRINGE = {"syringe", "gauge", "length_mm"}  # as it is drawn up today
NEVER = {
    "id", "uid", "visit", "seq", "skin", "went_where", "aspirated_blood", "sensation", "reaction", "status", "status_why",
    "given_at", "charted_at", "blocked", "made_at", "made_by", "removed_at",
}
OF_THE_VISIT = {  # nothing of a visit is carried over but whose it is
    "id", "uid", "practitioner", "day", "happened_at", "why", "indication", "pain_before", "pain_after", "note", "version",
    "is_draft", "warned", "made_at", "made_by",
}
# What hangs on a visit and is made anew in each: none of these rows is carried over, and of their fields those alone that the
# scan of a vial offers, as a fluid was drawn up before: one tap says them (`usual`).
OFFERED = {Syringe: {"route", "gauge", "length_mm"}, Fill: {"volume_ml"}}
OF_ITS_OWN_ROWS = {
    Syringe: {"id", "uid", "clinic", "visit", "patient", "code", "route", "gauge", "length_mm", "drawn_at", "drawn_by",
              "discard_at", "removed_at", "wasted"},
    Fill: {"id", "clinic", "syringe", "vial", "volume_ml", "purpose"},
    Today: {"id", "clinic", "visit", "identity_confirmed", "pregnancy", "pregnancy_weeks", "new_medicines", "fever_or_infection",
            "reacted_last", "reacted_how", "eaten", "lying_down", "made_at", "made_by"},
    Reason: {"id", "uid", "clinic", "visit", "patient", "rule", "note", "review_on", "shown", "made_at", "made_by", "removed_at"},
    Signature: {"id", "clinic", "visit", "proof", "document", "hash", "deviation_why", "stood", "supervisor", "signed_name",
                "signed_at", "signed_by"},
}
KEPT = CARRIED - {"nudge", "patient", "clinic"}  # by a protocol of the clinic; depth and angle at no point of danger
SEEN = {
    "skin": "scar", "aspirated_blood": False, "sensation": "de_qi", "reaction": "none", "direction": "toward the knee",
    "depth_max_mm": ML(12), "nudge": {"x": 3, "y": 0, "z": 0},
}


def given(by, visit, *points, syringe=None):
    syringe = syringe or make_syringe(by, visit, "3")
    made = []
    for point in points:
        one = plan(by, visit, syringe, point=point, **SEEN)
        made.append(actions.mark(injection=one, status="given", why="it was given", at=timezone.now(), by=by))
    return made


def signed_visit(by, patient):
    """A visit in which everything that can be said was said, signed."""
    for kind in ("condition", "allergy"):
        patients.say_none(patient=patient, kind=kind, by=by)
    patients.add_fact(patient=patient, kind="medication", said="apixaban", by=by)
    signed(by, patient, *EVERY_PRODUCT)
    visit = make_visit(by, patient, why="knee pain")
    words = {"indication": "knee osteoarthritis", "pain_before": 7, "pain_after": 3, "note": "rested well"}
    visit = actions.change_visit(visit=visit, version=visit.version, fields=words, by=by)
    actions.answer_today(visit=visit, answers=WELL | {"reacted_last": True, "reacted_how": "a bruise"}, by=by)
    given(by, visit, "ST36", syringe=make_syringe(by, visit, "3", gauge=27, length_mm=ML(25), route="IM"))
    for gap in signing.gaps(visit):
        actions.give_reason(visit=visit, rule=gap.field.removeprefix("reason "), note="looked at", by=by)
    sign(visit, by, deviation_why="as it was")
    return visit


def fresh_syringe(by, visit, volume_ml, **more):
    return make_syringe(by, visit, volume_ml, vial=make_vial(by, number="0999"), **more)


def names(model):
    return {one.name for one in model._meta.concrete_fields}


def test_every_field_is_carried_over_or_never():
    assert names(Injection) == CARRIED | OF_THE_SYRINGE | NEVER
    assert names(KeptPlace) == KEPT | {"id", "clinic", "protocol", "seq"}
    assert names(KeptProtocol) == {"id", "uid", "clinic", "name", "fluid", "fluid_name", "kept_at", "kept_by", "removed_at"}
    assert names(Visit) == OF_THE_VISIT | {"patient", "clinic"}
    assert {model: names(model) for model in OF_ITS_OWN_ROWS} == OF_ITS_OWN_ROWS


def test_of_a_syringe_the_scan_offers_those_fields_and_what_each_got_and_no_other(client_of, alice, by, ana):
    """Of the lot, the vial, the times and the depths of before there is nothing in the whole answer."""
    offered = set().union(*OFFERED.values())
    assert all(found <= OF_ITS_OWN_ROWS[model] for model, found in OFFERED.items())
    first = signed_visit(by, ana)
    before = first.syringes.get()
    fill = before.contents[0]
    visit, other = make_visit(by, ana), stock.open_vial(
        lot=make_lot(by, fill.vial.lot.item, number="0999"), by=by, at=timezone.now())
    scan = reverse("visits:scan", kwargs={"clinic": "harbor", "patient": ana.uid, "visit": visit.uid})
    answer = client_of(alice).post(scan, {"code": other.code})

    assert set(answer.json()["usual"]["fields"]) == offered | {"each_ml"}
    assert {one.name for one in dataclasses.fields(Usual)} == offered | {"each_ml", "is_of_patient"}
    said = answer.content.decode()
    for never in (fill.vial.lot.number, fill.vial.code, str(fill.vial.uid), before.code, str(before.uid)):
        assert never not in said, never
    assert str(other.uid) in said


def everything():
    """All rows that there are, by model, but those of the trail, which says who did it."""
    models = (one for one in apps.get_models() if one._meta.app_label != "audit")
    return {one._meta.label: list(one._base_manager.order_by("pk").values_list()) for one in models}


@pytest.mark.parametrize("how", ["repeat", "protocol", "kept"])
def test_nothing_but_planned_injections_is_made(by, ana, how):
    first = signed_visit(by, ana)
    visit = make_visit(by, ana)
    syringe = fresh_syringe(by, visit, "3")
    kept = keeping.keep(visit=first, name="Knee", by=by)
    before = everything()

    if how == "repeat":
        made = copying.repeat(visit=visit, source=first, syringe=syringe, by=by)
    elif how == "kept":
        made = keeping.plan(visit=visit, kept=kept, syringe=syringe, side="left", by=by)
    else:
        made = copying.from_protocol(visit=visit, protocol="b12-bells-palsy", syringe=syringe, side="left", by=by)

    after = everything()
    changed = {label for label in after if after[label] != before[label]}
    assert changed == {"visits.Injection", "visits.Visit"}
    assert after["visits.Injection"][: len(before["visits.Injection"])] == before["visits.Injection"]
    assert {one.visit_id for one in made} == {visit.pk}
    fresh, now = make_visit(by, make_patient(by, "Ben Ortiz")), Visit.objects.get(pk=visit.pk)
    for name in OF_THE_VISIT - {"id", "uid", "made_at", "version"}:
        assert getattr(now, name) == getattr(fresh, name), name


def test_the_page_of_the_next_visit_is_filled_in_like_that_of_a_first_one(client_of, alice, by, ana):
    signed_visit(by, ana)
    ben = make_ready_patient(by, given_name="Ben", family_name="Ortiz")

    def filled_in(patient):
        visit = make_visit(by, patient)
        where = {"clinic": by.clinic.slug, "patient": patient.uid, "visit": visit.uid}
        content = client_of(alice).get(reverse("visits:visit", kwargs=where)).content.decode()
        content = content.replace(str(visit.uid), "visit").replace(str(patient.uid), "patient")
        fields = {
            (form.address, field.name, field.value) for form in Page("/", content).forms for field in form.fields
            if field.name not in ("csrfmiddlewaretoken", "once") and "/repeat/" not in form.address
        }
        return fields, set(re.findall(r'<input[^>]* checked[^>]*>|<[^>]*aria-pressed="true"[^>]*>', content))

    assert filled_in(ana) == filled_in(ben)


def test_a_repeat_has_the_places_and_nothing_that_was_seen(by, ana):
    first = make_visit(by, ana, why="knee")
    actions.answer_today(visit=first, answers=WELL, by=by)
    (was,) = given(by, first, "ST36")
    visit = make_visit(by, ana)
    syringe = fresh_syringe(by, visit, "1", gauge=27, length_mm=ML(25))

    (one,) = copying.repeat(visit=visit, source=first, syringe=syringe, by=by)

    for name in CARRIED:
        assert getattr(one, name) == getattr(was, name), name
    assert (one.syringe, one.gauge, one.length_mm) == (syringe, 27, ML(25))
    fresh = Injection()
    for name in NEVER - {"id", "uid", "visit", "seq", "made_at", "made_by"}:
        assert getattr(one, name) == getattr(fresh, name), name
        if name not in ("removed_at", "went_where"):
            assert getattr(was, name) != getattr(fresh, name), name  # there was something to carry over
    assert not Today.objects.filter(visit=visit).exists()
    assert (visit.why, visit.pain_before) == ("", None)


@pytest.mark.parametrize("point", ["GB21", "BL13", "ST9", "BL1", "GV15", "CV17"])
def test_no_depth_is_carried_over_to_a_point_of_danger(by, ana, point):
    first = make_visit(by, ana)
    given(by, first, point)
    visit = make_visit(by, ana)

    (one,) = copying.repeat(visit=visit, source=first, syringe=fresh_syringe(by, visit, "1"), by=by)

    assert (one.depth_mm, one.depth_max_mm, one.angle_deg, one.gauge, one.length_mm) == (None,) * 5
    assert one.volume_ml == ML("0.5")


def given_at(by, visit, **place):
    """One given at a place of any kind, by a route that the syringe does not say."""
    (one,) = actions.add(
        visit=visit, sites=[actions.Site(**place, side="left")], syringe=make_syringe(by, visit, "3"), by=by, volume_ml=ML("0.5"),
        depth_mm=ML(10), angle_deg=45, route="IM", **SEEN)
    return actions.mark(injection=one, status="given", why="it was given", by=by)


@pytest.mark.parametrize(("place", "is_danger"), [
    ({"muscle": "trp-utrap"}, True), ({"muscle": "trp-pecmaj"}, True), ({"region": "chest"}, True), ({"region": "neck"}, True),
    ({"point": "EX-B2", "level": "T5"}, True), ({"point": "EX-B2", "level": "L3"}, True),
    ({"muscle": "trp-delt"}, False), ({"region": "knee"}, False), ({"region": "lower_back", "level": "L4"}, False),
])
def test_a_muscle_a_region_and_a_level_are_carried_over_and_no_depth_where_they_are_the_danger(by, ana, place, is_danger):
    was = given_at(by, make_visit(by, ana), **place)
    visit = make_visit(by, ana)
    (one,) = copying.repeat(visit=visit, source=was.visit, syringe=fresh_syringe(by, visit, "1"), by=by)

    assert [getattr(one, name) for name in copying.PLACE] == [getattr(was, name) for name in copying.PLACE]
    assert (one.volume_ml, one.route, one.direction) == (ML("0.5"), "IM", "toward the knee")
    filled = (one.depth_mm, one.depth_max_mm, one.angle_deg, one.gauge, one.length_mm)
    assert filled == ((None,) * 5 if is_danger else (ML(10), ML(12), 45, 30, ML(13)))


def test_what_was_a_needle_alone_is_repeated_as_one_and_needs_no_syringe(by, ana):
    first = make_visit(by, ana)
    for name in ("ST36", "LI11"):
        (one,) = actions.add(visit=first, sites=[actions.Site(point=name, side="left")], by=by, depth_mm=ML(10))
        actions.mark(injection=one, status="given", why="it was in", by=by)
    bare, with_one = make_visit(by, ana), make_visit(by, ana)

    for visit, syringe in ((bare, None), (with_one, fresh_syringe(by, with_one, "1"))):
        made = copying.repeat(visit=visit, source=first, syringe=syringe, by=by)
        assert [(one.point, one.technique, one.syringe, one.depth_mm) for one in made] == [
            ("ST36", "needle_only", None, 10), ("LI11", "needle_only", None, 10)]


def test_what_was_not_given_is_not_repeated(by, ana):
    first = make_visit(by, ana)
    syringe = make_syringe(by, first)
    given(by, first, "ST36", syringe=syringe)
    plan(by, first, syringe, point="LI11")
    actions.mark(injection=plan(by, first, syringe, point="LI4"), status="not_done", why="no", by=by)
    visit = make_visit(by, ana)

    made = copying.repeat(visit=visit, source=first, syringe=fresh_syringe(by, visit, "3"), by=by)
    assert [one.point for one in made] == ["ST36"]


def test_what_was_stopped_is_not_repeated_and_it_is_said_why(client_of, alice, by, ana):
    first = make_visit(by, ana)
    actions.answer_today(visit=first, answers=WELL, by=by)
    syringe = make_syringe(by, first)
    given(by, first, "ST36", syringe=syringe)
    nerve = plan(by, first, syringe, point="GB34")
    actions.mark(injection=nerve, status="stopped", why="shot into the foot", volume_ml=ML("0.1"), by=by)
    sign(first, by)
    visit = make_visit(by, ana)
    fresh_syringe(by, visit, "3")
    where = {"clinic": "harbor", "patient": ana.uid, "visit": visit.uid}

    answer = client_of(alice).post(reverse("visits:repeat", kwargs=where), HTTP_HX_REQUEST="true").content.decode()
    assert [one.point for one in visit.injections.all()] == ["ST36"]
    assert "GB34" in answer and "shot into the foot" in answer
    assert "shot into the foot" in client_of(alice).get(reverse("visits:visit", kwargs=where)).content.decode()


LIDOCAINE = {"product": "lidocaine-0.5pct", "name": "Lidocaine 0.5 %"}
VITAMIN = {"product": "cyanocobalamin-1000mcg-ml"}


def given_of(by, visit, *fluids):
    """One injection of each fluid, at points of their own; the visit is signed."""
    actions.answer_today(visit=visit, answers=WELL, by=by)
    for point, fluid in zip(("ST36", "LI11"), fluids, strict=False):
        given(by, visit, point, syringe=make_syringe(by, visit, "3", vial=make_vial(by, **fluid)))
    for gap in signing.gaps(visit):
        actions.give_reason(visit=visit, rule=gap.field.removeprefix("reason "), note="looked at", by=by)
    sign(visit, by, deviation_why="as it was")
    return visit


def repeated(browser, visit, ana, **typed):
    where = {"clinic": "harbor", "patient": ana.uid, "visit": visit.uid}
    answer = browser.post(reverse("visits:repeat", kwargs=where), typed, HTTP_HX_REQUEST="true").content.decode()
    return [(one.point, one.syringe, one.volume_ml) for one in visit.injections.order_by("seq")], answer


def test_each_of_two_fluids_is_repeated_from_the_syringe_that_holds_it(client_of, alice, by, ana):
    given_of(by, make_visit(by, ana), VITAMIN, LIDOCAINE)
    visit = make_visit(by, ana)
    numbing = make_syringe(by, visit, "3", vial=make_vial(by, number="N1", **LIDOCAINE))
    vitamin = fresh_syringe(by, visit, "3")

    planned, _answer = repeated(client_of(alice), visit, ana)
    assert planned == [("ST36", vitamin, ML("0.5")), ("LI11", numbing, ML("0.5"))]


def test_of_two_fluids_the_one_that_nobody_has_drawn_up_is_left_out_and_said(client_of, alice, by, ana):
    given_of(by, make_visit(by, ana), VITAMIN, LIDOCAINE)
    visit = make_visit(by, ana)
    vitamin = fresh_syringe(by, visit, "3")

    planned, answer = repeated(client_of(alice), visit, ana)
    assert planned == [("ST36", vitamin, ML("0.5"))]
    assert "LI11" in answer


@pytest.mark.parametrize(("typed", "volume"), [({}, None), ({"each_ml": "0.2"}, ML("0.2"))])
def test_with_another_fluid_no_volume_is_carried_over_and_it_is_said(client_of, alice, by, ana, typed, volume):
    """The same volume of another fluid is another dose."""
    was = given_of(by, make_visit(by, ana), VITAMIN).injections.get()
    visit = make_visit(by, ana)
    numbing = make_syringe(by, visit, "3", vial=make_vial(by, number="N1", **LIDOCAINE))

    planned, answer = repeated(client_of(alice), visit, ana, **typed)
    assert planned == [("ST36", numbing, volume)]
    said = answer[answer.index('id="v-toasts"'):]
    assert all(one.contents[0].vial.lot.item.name in said for one in (was.syringe, numbing))


@pytest.mark.parametrize("is_closed", ["visit", "source"])
def test_where_one_of_the_two_visits_is_kept_closed_a_repeat_does_not_tell_whether_the_fluid_is_the_same(
    monkeypatch, by, ana, is_closed
):
    source = given_of(by, make_visit(by, ana), VITAMIN)
    visit = make_visit(by, ana)
    closed = {"visit": visit, "source": source}[is_closed]
    monkeypatch.setattr(copying, "in_place_of_the_fluid", lambda one: "kit A" if one == closed else "")
    syringe = make_syringe(by, visit, "3", vial=make_vial(by, number="N1", **LIDOCAINE))

    assert copying.other_fluids(visit=visit, source=source, syringe=syringe) == ([], [])
    (one,) = copying.repeat(visit=visit, source=source, syringe=syringe, by=by)
    assert (one.syringe, one.volume_ml) == (syringe, ML("0.5"))


def test_of_two_syringes_with_the_fluid_the_one_in_hand_is_taken(by, ana):
    source = given_of(by, make_visit(by, ana), VITAMIN)
    visit = make_visit(by, ana)
    in_hand, _later = (make_syringe(by, visit, "3", vial=make_vial(by, number=number)) for number in ("0998", "0999"))

    assert [one.syringe for one in copying.repeat(visit=visit, source=source, syringe=in_hand, by=by)] == [in_hand]


@pytest.mark.parametrize(("route", "went_where", "words"), [
    ("IV", "", "into a vein"), ("other", "the sheath of a tendon", "somewhere else: the sheath of a tendon"),
])
def test_where_it_went_by_mistake_is_charted_and_signed_as_a_deviation_and_never_planned_again(
    client_of, alice, by, ana, route, went_where, words
):
    first = make_visit(by, ana)
    actions.answer_today(visit=first, answers=WELL, by=by)
    (was,) = given(by, first, "ST36")
    where = {"clinic": "harbor", "patient": ana.uid, "visit": first.uid, "injection": was.uid}
    page = client_of(alice).get(reverse("visits:injection", kwargs=where)).content.decode()
    drawn = html.unescape(re.search(r'name="drawn" value="([^"]*)"', page)[1])
    typed = json.loads(drawn) | {"aspirated_blood": "no", "route": route, "went_where": went_where, "drawn": drawn}
    assert client_of(alice).post(reverse("visits:injection", kwargs=where), typed).status_code == 302
    of_visit = reverse("visits:visit", kwargs={name: where[name] for name in ("clinic", "patient", "visit")})
    assert (went_where or route) in client_of(alice).get(of_visit).content.decode()
    for gap in signing.gaps(first):
        actions.give_reason(visit=first, rule=gap.field.removeprefix("reason "), note="looked at", by=by)

    with pytest.raises(signing.Deviation):
        sign(first, by, deviation_why="")
    signature = sign(first, by, deviation_why="the patient moved")
    (said,) = signing.as_signed(signature)["injections"]
    assert (said["route"], said.get("went_where", "")) == (route, went_where)
    assert words in str(note_values(signature))
    chart = reverse("visits:visits", kwargs={"clinic": "harbor", "patient": ana.uid})
    assert words in client_of(alice).get(chart).content.decode()
    assert (went_where or route) in client_of(alice).get(of_visit).content.decode()
    assert Incident.objects.get(visit=first).said == "the patient moved"
    for plan_again in (
        lambda visit, syringe: copying.repeat(visit=visit, source=first, syringe=syringe, by=by),
        lambda visit, syringe: keeping.plan(
            visit=visit, kept=keeping.keep(visit=first, name="Knee", by=by), syringe=syringe, side="left", by=by),
    ):
        visit = make_visit(by, ana)
        (one,) = plan_again(visit, fresh_syringe(by, visit, "1", route="IM"))
        assert (one.route, one.went_where) == ("IM", "")


def test_a_lot_is_never_carried_over(by, ana):
    first = make_visit(by, ana)
    given(by, first, "ST36")

    with pytest.raises(drafts.NotCharted, match="syringe"):
        copying.repeat(visit=make_visit(by, ana), source=first, by=by)


def test_another_patient_has_nothing_repeated(by, ana):
    first = make_visit(by, ana)
    given(by, first, "ST36")
    other = make_visit(by, make_patient(by, "Ben Ortiz"))

    with pytest.raises(drafts.NotCharted):
        copying.repeat(visit=other, source=first, syringe=fresh_syringe(by, other, "3"), by=by)


def test_a_repeat_that_the_syringe_does_not_hold_plans_nothing(by, ana):
    first = make_visit(by, ana)
    given(by, first, "ST36", "LI11")
    visit = make_visit(by, ana)

    with pytest.raises(drafts.TooMuch):
        copying.repeat(visit=visit, source=first, syringe=fresh_syringe(by, visit, "0.7"), by=by)
    assert not Injection.objects.filter(visit=visit).exists()


def sides_of(site, that_hurts):
    if site.side == "bilateral":
        return ["left", "right"]
    if site.side in ("left", "right", "midline"):
        return [site.side]
    return ["midline" if site.point and knowledge.points()[site.point].side == "midline" else that_hurts]


def _id(kind, name):
    return getattr(meant, kind)(name).id or name if name else ""


@pytest.mark.parametrize("protocol", sorted(one.id for one in knowledge.protocols().values() if copying.is_charted(one)))
def test_a_protocol_plans_the_sites_of_its_source_and_makes_nothing_up(by, ana, protocol):
    found = knowledge.protocols()[protocol]
    visit = make_visit(by, ana)
    syringe = make_syringe(by, visit, "60", route="", vial=make_vial(by))

    made = copying.from_protocol(visit=visit, protocol=protocol, syringe=syringe, side="left", by=by)

    sites = {(one.point or "", _id("muscle", one.muscle), _id("region", one.region)) for one in found.sites}
    assert {(one.point, one.muscle, one.region) for one in made} == sites
    assert [one.side for one in made] == [side for one in found.sites for side in sides_of(one, "left")]
    volumes = {one.volume_ml for one in found.sites}
    assert {one.volume_ml and float(one.volume_ml) for one in made} <= volumes
    for one in made:
        dangerous = is_dangerous(point=one.point, muscle=one.muscle, region=one.region)
        assert one.depth_mm is None or (found.depth_mm is not None and not dangerous)
        assert (one.skin, one.status) == ("", "planned")


@pytest.mark.parametrize("protocol", sorted(one.id for one in knowledge.protocols().values() if copying.is_charted(one)))
def test_a_side_is_asked_for_where_one_would_be_missing_and_nowhere_else(by, ana, protocol):
    visit = make_visit(by, ana)
    syringe = make_syringe(by, visit, "60", route="")
    try:
        made = copying.from_protocol(visit=visit, protocol=protocol, syringe=syringe, by=by)
    except drafts.NotCharted:
        made = None

    is_missing = made is None or any(not one.side for one in made)
    assert copying.asks_side(knowledge.protocols()[protocol]) == is_missing


@pytest.mark.parametrize("protocol", sorted(one.id for one in knowledge.protocols().values() if one.route in ("IA", "other")))
def test_a_protocol_by_a_route_of_which_nothing_is_charted_is_not_planned(by, ana, protocol):
    visit = make_visit(by, ana)
    syringe = make_syringe(by, visit, "60", route="")

    with pytest.raises(drafts.NotCharted, match="route"):
        copying.from_protocol(visit=visit, protocol=protocol, syringe=syringe, side="left", by=by)
    assert not visit.injections.exists()


@pytest.mark.parametrize("protocol", sorted(
    one.id for one in knowledge.protocols().values()
    if copying.is_charted(one) and any(site.side == "affected" for site in one.sites)))
def test_a_protocol_for_the_side_that_hurts_is_not_planned_before_it_is_said(by, ana, protocol):
    visit = make_visit(by, ana)
    syringe = make_syringe(by, visit, "60", route="")
    assert copying.asks_side(knowledge.protocols()[protocol])

    with pytest.raises(drafts.NotCharted):
        copying.from_protocol(visit=visit, protocol=protocol, syringe=syringe, by=by)
    made = copying.from_protocol(visit=visit, protocol=protocol, syringe=syringe, side="right", by=by)
    assert {one.side for one in made} <= {"right", "midline", "left"} and "right" in {one.side for one in made}


def test_what_stands_in_a_record_that_was_joined_is_repeated(by, ana):
    twice = make_patient(by)
    first = make_visit(by, twice)
    given(by, first, "ST36")
    patients.join(kept=ana, other=twice, why="same person", by=by)
    visit = make_visit(by, ana)

    (one,) = copying.repeat(visit=visit, source=first, syringe=fresh_syringe(by, visit, "3"), by=by)
    assert (one.point, one.patient) == ("ST36", ana)
