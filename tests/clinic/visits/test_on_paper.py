"""A signed visit on paper: as it was signed, for a colleague and in the patient's language for the patient."""
from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from clinic.paper.reading import text_of
from clinic.patients.people import at_work, make_patient
from clinic.visits.charting import WELL, make_syringe, make_vial, make_visit, plan
from clinic.visits.test_signing import answer_warnings, sign
from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import today_in
from waterneedle.clinic.visits import actions, drawing, reactions, signing
from waterneedle.clinic.visits.models import Signature
from waterneedle.clinic.visits.on_paper import how_in_words, person, seen_in_words, site_in_words
from waterneedle.clinic.visits.on_paper_after import ambulance_values
from waterneedle.clinic.visits.on_paper_visit import note_values, patient_values
from waterneedle.clinic.visits.past import chart
from waterneedle.clinic.visits.picture import picture
from waterneedle.clinic.web import words
from waterneedle.config.demo.visits import clock_at

SESSION = "a session's key"


@pytest.fixture
def signed(by):
    """Alice's signed visit of Ana, who speaks Spanish: one point on the left, one trigger point stopped."""
    visit = make_visit(by, make_patient(by, language="es"), why="knee pain")
    actions.answer_today(visit=visit, answers=WELL, by=by)
    syringe = make_syringe(by, visit, "1.5")
    given = plan(by, visit, syringe)
    actions.mark(injection=given, status="given", why="it was given", by=by)
    stopped = plan(by, visit, syringe, point="LI11", side="right")
    actions.mark(injection=stopped, status="stopped", why="she felt faint", volume_ml=Decimal("0.2"), by=by)
    answer_warnings(visit, by)
    proof = signing.mint(visit=visit, user=by.user, session_key=SESSION, method="password").uid
    signing.sign(visit=visit, proof=proof, session_key=SESSION, by=by, deviation_why="papers were at hand")
    return visit


def get(client, visit, name="note_pdf"):
    where = {"clinic": "harbor", "patient": visit.patient.uid, "visit": visit.uid}
    return client.get(reverse(f"visits:{name}", kwargs=where))


def missing(expected, said):
    return [word for word in expected if word not in " ".join(said.split())]


def test_the_note_says_what_was_done_who_signed_and_the_hash(client_of, alice, signed):
    said = text_of(get(client_of(alice), signed).content)

    expected = (
        "Ana Ruiz", "knee pain", "ST36, left", "LI11, right", "0.5", "0.2", "0417", "she felt faint", "papers were at hand",
        "Alice Archer", "as it was signed")
    assert missing(expected, said) == []
    assert Signature.objects.get().hash in "".join(said.split())


def test_of_a_mixture_the_papers_and_the_chart_say_how_much_of_each_went_in(client_of, alice, by):
    """0.4 mL of one part of B-12 and three of saline hold 100 mcg, and not the 400 that its strength beside 0.4 mL would mean."""
    visit = make_visit(by, make_patient(by))
    actions.answer_today(visit=visit, answers=WELL, by=by)
    b12, saline = make_vial(by), make_vial(by, "sodium-chloride-0.9-preservative-free", number="NS10", name="Saline")
    syringe = drawing.load_syringe(visit=visit, fills=[(b12, Decimal("0.5")), (saline, Decimal("1.5"))], by=by, route="SC")
    for side, status, volume_ml in (("left", "given", None), ("right", "stopped", None)):
        one = plan(by, visit, syringe, side=side, volume_ml=Decimal("0.4"))
        actions.mark(injection=one, status=status, why="it was so", volume_ml=volume_ml, by=by)
    answer_warnings(visit, by)
    signature = sign(visit, by, deviation_why="at work")

    went_in = f"0.4\xa0mL: {b12.lot.item.name} 0.1\xa0mL (lot 0417) + Saline 0.3\xa0mL (lot NS10)"
    for values in (note_values(signature), patient_values(signature)):
        assert values["mixtures"] == [["A", f"0.5\xa0mL {b12.lot.item.name} (lot 0417) + 1.5\xa0mL Saline (lot NS10)"]]
        assert [row[2] for row in values["given"]] == ["0.4\xa0mL A: 0.1\xa0mL + 0.3\xa0mL", "A: nothing went in"]
    assert went_in in chart(visit.patient, language="en").html


def test_what_was_said_of_a_puncture_that_was_barred_stands_beside_it(by):
    visit = make_visit(by, make_patient(by))
    actions.answer_today(visit=visit, answers=WELL, by=by)
    one = plan(by, visit, make_syringe(by, visit))
    actions.mark(injection=one, status="given", why="she had consented aloud", by=by)
    signature = sign(visit, by, deviation_why="at work")

    assert "she had consented aloud" in note_values(signature)["given"][0][4]
    assert "she had consented aloud" in chart(visit.patient, language="en").html


def test_each_mixture_has_its_letter_and_what_is_given_once_is_said_in_full(by):
    """Two syringes of the same shares are one mixture; of other shares, or from another lot, it is another."""
    visit = make_visit(by, make_patient(by))
    actions.answer_today(visit=visit, answers=WELL, by=by)
    b12, saline = make_vial(by), make_vial(by, "sodium-chloride-0.9-preservative-free", number="NS10", name="Saline")
    drawn = [("0.5", "1.5"), ("1", "3"), ("1", "1"), ("2", "1")]
    syringes = [drawing.load_syringe(visit=visit, fills=[(b12, Decimal(one)), (saline, Decimal(other))], by=by, route="SC")
                for one, other in drawn]
    of = [*syringes, syringes[2], make_syringe(by, visit, vial=b12)]
    for number, syringe in enumerate(of):
        one = plan(by, visit, syringe, point=("ST36", "LI11", "SP6")[number % 3], side=("left", "right")[number // 3],
                   volume_ml=Decimal("0.4"))
        actions.mark(injection=one, status="given", why="it was so", by=by)
    answer_warnings(visit, by)
    values = note_values(sign(visit, by, deviation_why="at work"))

    assert [letter for letter, _said in values["mixtures"]] == ["A", "B"]
    said = [row[2].replace("\xa0", " ") for row in values["given"]]
    alone = f"0.4 mL {b12.lot.item.name[0]}"
    assert [one[:8] for one in said] == ["0.4 mL A", "0.4 mL A", "0.4 mL B", "0.4 mL: ", "0.4 mL B", alone]
    assert "0417" in said[3] and "NS10" in said[3] and "0417" in said[5]


def test_the_papers_and_the_chart_say_where_it_went(by):
    visit = make_visit(by, make_patient(by))
    actions.answer_today(visit=visit, answers=WELL, by=by)
    one = plan(by, visit, make_syringe(by, visit), route="other", went_where="the sheath of a tendon")
    actions.mark(injection=one, status="given", why="it was so", by=by)
    reaction = reactions.begin(patient=visit.patient, by=by)
    answer_warnings(visit, by)
    signature = sign(visit, by, deviation_why="at work")

    where = "somewhere else: the sheath of a tendon"
    assert where in note_values(signature)["given"][0][3] and where in ambulance_values(reaction)["given"][0][3]
    assert where in chart(visit.patient, language="en").html


def test_the_papers_and_the_chart_say_how_deep_it_went_at_most_and_no_volume_of_what_was_not_done(by):
    visit = make_visit(by, make_patient(by))
    actions.answer_today(visit=visit, answers=WELL, by=by)
    syringe = make_syringe(by, visit, "1.5")
    for side, status in (("left", "given"), ("right", "not_done")):
        one = plan(by, visit, syringe, side=side, depth_max_mm=Decimal(25))
        actions.mark(injection=one, status=status, why="it was so", by=by)
    reaction = reactions.begin(patient=visit.patient, by=by)
    answer_warnings(visit, by)
    signature = sign(visit, by, deviation_why="at work")

    given, not_done = note_values(signature)["given"]
    deepest = "depth 10\xa0mm–25\xa0mm 90°"
    assert deepest in given[3] and deepest in ambulance_values(reaction)["given"][0][3]
    assert deepest in chart(visit.patient, language="en").html
    assert given[2].startswith("0.5\xa0mL ") and not_done[2].endswith(": nothing went in") and "0.5" not in not_done[2]


def test_the_patients_paper_speaks_the_patients_language(client_of, alice, signed):
    said = text_of(get(client_of(alice), signed, "patient_pdf").content)

    assert missing(("Qué se inyectó", "izquierdo", "0417", "número de emergencias"), said) == []
    assert "What was injected" not in said


def test_a_name_stands_on_paper_as_it_does_on_the_page(by):
    assert person(make_patient(by, given_name="小红", family_name="陈", preferred_name="Hong")).startswith("陈小红, ")


def test_the_note_says_of_what_each_answer_is_and_when_a_reaction_of_another_day_was(by, signed):
    with clock_at(timezone.now() + datetime.timedelta(days=1)):
        reaction = reactions.stamp(patient=signed.patient, by=by, visit=signed)
        reactions.note_sign(reaction=reaction, said="hives", by=by)
    values = note_values(Signature.objects.select_related("visit__patient", "visit__clinic").get())

    (asked,) = (value for name, value in values["facts"] if name == "Asked before")
    assert "pregnancy: not pregnant" in asked.split("; ")
    (name, entries), = values["after"]
    assert str(reaction.began_at.year) in name and str(reaction.began_at.year) not in entries


def test_the_note_says_what_was_looked_at_and_found_well_the_week_and_what_barred(by):
    """What was not looked at reads otherwise than what was: known, none and unknown are three answers."""
    visit = make_visit(by, make_patient(by))
    actions.answer_today(
        visit=visit, answers=WELL | {"pregnancy": "pregnant", "pregnancy_weeks": Decimal("22.5")}, by=by)
    syringe = make_syringe(by, visit, "1.5")
    looked = plan(by, visit, syringe, aspirated_blood=False)
    for one in (looked, plan(by, visit, syringe, side="right", skin="")):
        actions.mark(injection=one, status="given", why="it was given", by=by)
    observation = actions.observe(visit=visit, minutes=30, by=by)
    answer_warnings(visit, by)
    signature = sign(visit, by, deviation_why="papers were at hand")

    values = note_values(signature)
    facts = dict(values["facts"])
    first, second = (row[4] for row in values["given"])
    assert missing(("skin: intact", "no blood on aspiration"), first) == []
    assert "skin" not in second and "aspiration" not in second
    assert "pregnancy: pregnant, week 22.5" in facts["Asked before"].split("; ")
    barred = [one for one in signing.as_signed(signature)["assessment"]["issues"] if one["severity"] == "block"]
    assert barred and len(facts["Barred by the check"].split("; ")) == len(barred)
    assert values["after"][0][1].endswith("nobody has ended it yet")
    actions.end_observation(observation=observation, by=by)
    assert values["after"][0][1] != note_values(signature)["after"][0][1]


def test_what_went_in_after_midnight_has_its_day_on_the_note(by, clinic):
    midnight = datetime.datetime.combine(today_in(clinic), datetime.time(), clinic.tzinfo)
    with clock_at(midnight - datetime.timedelta(minutes=10)):
        visit = make_visit(by, make_patient(by))
        actions.answer_today(visit=visit, answers=WELL, by=by)
        syringe = make_syringe(by, visit, "1.5")
        actions.mark(injection=plan(by, visit, syringe), status="given", why="it was given", by=by)
    with clock_at(midnight + datetime.timedelta(minutes=10)):
        actions.answer_today(visit=visit, answers=WELL, by=by)
        actions.mark(injection=plan(by, visit, syringe, side="right"), status="given", why="it was given", by=by)
        signature = sign(visit, by, deviation_why="at work")

    with timezone.override(clinic.tzinfo):
        before, after = (row[4].split(", skin")[0] for row in note_values(signature)["given"])
        assert (before, after) == ("23:50", words.moment(midnight + datetime.timedelta(minutes=10), short=True))


def test_whose_language_nobody_has_written_down_reads_the_first_of_the_clinic(client_of, alice, signed, clinic):
    Patient.objects.update(language="")
    Clinic.objects.filter(pk=clinic.pk).update(languages=["es", "en"])

    said = text_of(get(client_of(alice), signed, "patient_pdf").content)

    assert missing(("Qué se inyectó",), said) == [] and "What was injected" not in said


def test_what_the_picture_cannot_show_is_named_under_it(by):
    visit = make_visit(by, make_patient(by), why="knee pain")
    actions.answer_today(visit=visit, answers=WELL, by=by)
    syringe = make_syringe(by, visit, "1.5")
    [knee] = actions.add(visit=visit, sites=[actions.Site(region="knee", side="left")], syringe=syringe, by=by,
                         volume_ml=Decimal("0.5"), depth_mm=Decimal(10), angle_deg=90, skin="intact")
    mouth = plan(by, visit, syringe, point="GV28", side="midline", volume_ml=Decimal("0.1"))
    for one in (plan(by, visit, syringe), knee, mouth):
        actions.mark(injection=one, status="given", why="it was given", by=by)
    answer_warnings(visit, by)
    proof = signing.mint(visit=visit, user=by.user, session_key=SESSION, method="password").uid
    signing.sign(visit=visit, proof=proof, session_key=SESSION, by=by, deviation_why="papers were at hand")

    signature = Signature.objects.get(visit=visit)
    feet = {values["picture_foot"] for values in (note_values(signature), patient_values(signature))}
    assert [foot.endswith(f" {knee.seq}, {mouth.seq}.") for foot in feet] == [True]


def test_what_is_seen_from_none_of_the_four_sides_is_said_to_be_without_a_dot(by):
    """The sole, and the wrist of a hand that hangs down."""
    asked = [("ST36", "left"), ("KI1", "left"), ("LU9", "right")]
    drawn, without = picture(make_visit(by, make_patient(by)), _injections(asked))

    assert [f">{number}</text>" in drawn for number in (1, 2, 3)] == [True, False, False]
    assert without == ["2", "3"]


def test_the_shoulder_of_an_infant_has_its_dots(by):
    infant = make_patient(by, birth_date=today_in(by.clinic) - datetime.timedelta(days=90))

    assert picture(make_visit(by, infant), _injections([("GB21", "left"), ("GB21", "right")]))[1] == []


def _injections(places):
    return [{"seq": number, "point": code, "side": side, "nudge": None} for number, (code, side) in enumerate(places, 1)]


def test_of_a_place_that_does_not_lie_on_the_skin_alone_there_is_no_picture(by):
    visit = make_visit(by, make_patient(by))
    actions.answer_today(visit=visit, answers=WELL, by=by)
    mouth = plan(by, visit, make_syringe(by, visit), point="GV28", side="midline")
    actions.mark(injection=mouth, status="given", why="it was given", by=by)
    signature = sign(visit, by, deviation_why="at work")

    assert (note_values(signature)["picture"], patient_values(signature)["picture"]) == ("", "")


def test_amendments_stand_on_both(client_of, alice, signed, by):
    signing.amend(visit=signed, text="It was the right knee.", by=by)

    for name in ("note_pdf", "patient_pdf"):
        assert "It was the right knee." in text_of(get(client_of(alice), signed, name).content)


def test_the_patients_paper_has_what_went_in_and_nothing_that_was_not_done(by):
    visit = make_visit(by, make_patient(by), why="knee pain")
    actions.answer_today(visit=visit, answers=WELL, by=by)
    syringe = make_syringe(by, visit, "1.5")
    for point, status in (("ST36", "given"), ("LI11", "stopped"), ("SP9", "not_done")):
        one = plan(by, visit, syringe, point=point)
        actions.mark(injection=one, status=status, why="as it was", volume_ml=Decimal("0.2"), by=by)
    answer_warnings(visit, by)
    signature = sign(visit, by)

    given = patient_values(signature)["given"]
    assert [(number, "0.5" in what, "0.2" in what) for number, _place, what in given] == [("1", True, False), ("2", False, True)]


def test_a_note_whose_document_was_changed_says_so(signed):
    signature = Signature.objects.get()
    intact = note_values(signature)["signed"]
    signature.document = signature.document.replace("knee", "neck")
    changed = note_values(signature)["signed"]

    assert [one for one in intact if one not in changed] == [intact[-1]]  # its proof


ONE = {
    "point": "ST36", "muscle": "", "region": "", "side": "left", "level": "", "gauge": 30, "length_mm": "13", "depth_mm": "10",
    "depth_max_mm": None, "angle_deg": 90, "direction": "", "route": "SC", "skin": "", "aspirated_blood": None, "sensation": "",
    "reaction": "", "technique": "injection", "status": "given", "status_why": "", "blocked": False,
}


@pytest.mark.parametrize(("says", "more", "expected"), [
    (site_in_words, {}, "left"), (site_in_words, {"side": "right"}, "right"),
    (site_in_words, {"point": "EX-B2", "level": "L3"}, "L3"),
    (how_in_words, {}, "90°"), (how_in_words, {"angle_deg": 0}, "0°"), (how_in_words, {"depth_max_mm": "12"}, "12"),
    (how_in_words, {"route": "other", "went_where": "the pleura"}, "somewhere else: the pleura"),
    (how_in_words, {"direction": "toward the knee"}, "toward the knee"), (how_in_words, {"length_mm": "25"}, "25"),
    (seen_in_words, {"aspirated_blood": True}, "blood"), (seen_in_words, {"reaction": "hives"}, "hives"),
    (seen_in_words, {"status": "stopped", "status_why": "pain"}, "pain"),
    (seen_in_words, {"blocked": True, "status_why": "no time left"}, "no time left"),
])
def test_what_was_charted_of_a_puncture_stands_on_paper(says, more, expected):
    assert expected in says(ONE | more)


def test_what_nobody_has_looked_at_is_not_said_to_be_well():
    assert seen_in_words(ONE, fully=True) == ""
    assert seen_in_words(ONE | {"aspirated_blood": False}) == "" != seen_in_words(ONE | {"aspirated_blood": False}, fully=True)


def test_a_struck_visit_says_so(client_of, alice, signed, by, assistant, clinic):
    signing.ask_to_strike(visit=signed, why="it was her sister", by=by)
    in_doubt = text_of(get(client_of(alice), signed).content)
    assert "wrong patient" in in_doubt and "it was her sister" not in in_doubt
    assert note_values(Signature.objects.get())["foot"].startswith("in doubt ")
    signing.strike(visit=signed, by=at_work(assistant, clinic))

    assert "it was her sister" in text_of(get(client_of(alice), signed, "note_pdf").content)
    assert note_values(Signature.objects.get())["foot"].startswith("struck ")  # on each page


def test_the_wrong_patient_is_not_given_the_paper_of_a_struck_visit(client_of, alice, signed, by, assistant, clinic):
    signing.ask_to_strike(visit=signed, why="it was her sister", by=by)
    assert get(client_of(alice), signed, "patient_pdf").status_code == 200
    signing.strike(visit=signed, by=at_work(assistant, clinic))

    assert get(client_of(alice), signed, "patient_pdf").status_code == 409
    where = {"clinic": "harbor", "patient": signed.patient.uid, "visit": signed.uid}
    page = client_of(alice).get(reverse("visits:visit", kwargs=where)).content.decode()
    assert reverse("visits:patient_pdf", kwargs=where) not in page and reverse("visits:note_pdf", kwargs=where) in page


def test_the_same_visit_gives_the_same_bytes(client_of, alice, signed):
    assert get(client_of(alice), signed).content == get(client_of(alice), signed).content


def test_a_draft_is_not_printed(client_of, alice, by):
    assert get(client_of(alice), make_visit(by, make_patient(by))).status_code == 409


def test_giving_it_away_is_in_the_trail(client_of, alice, signed):
    get(client_of(alice), signed, "patient_pdf")

    assert Entry.objects.filter(action="export", kind="visit", patient_uid=signed.patient.uid).count() == 1


def test_the_front_desk_and_another_clinic_get_none(client_of, bob, charlie, signed):
    for user in (bob, charlie):
        assert get(client_of(user), signed).status_code == 404


def test_the_patients_paper_names_a_reaction_what_was_given_and_what_to_do_next(client_of, alice, by, signed):
    before = text_of(get(client_of(alice), signed, "patient_pdf").content)
    assert "Reacción" not in before
    mistaken, row = (reactions.stamp(patient=signed.patient, visit=signed, by=by) for _twice in range(2))
    reactions.note_sign(reaction=mistaken, said="vomiting", by=by)
    reactions.take_back(reaction=mistaken, why="it was Ben", by=by)
    reactions.note_sign(reaction=row, said="hives", by=by)
    reactions.add_entry(reaction=row, kind="epinephrine", dose_mg=Decimal("0.3"), said="muslo", by=by)
    reactions.end(reaction=row, outcome="well", by=by)

    said = text_of(get(client_of(alice), signed, "patient_pdf").content)
    assert missing(("ronchas", "epinefrina", "0.3", "muslo", "Acuda hoy a un médico", "muestre esta hoja"), said) == []
    assert "Ben" not in said


def test_who_reads_the_paper_of_somebody_who_died_is_not_told_what_to_do_next(by, signed):
    row = reactions.stamp(patient=signed.patient, visit=signed, by=by)
    reactions.end(reaction=row, outcome="died", by=by)

    values = patient_values(Signature.objects.get(visit=signed))
    assert [len(values[part]) for part in ("reacted", "advice")] == [1, 2]


def test_in_chinese_no_sentence_of_the_note_is_parted_by_a_latin_comma(signed):
    with translation.override("zh-hans"):
        values = note_values(Signature.objects.get(visit=signed))

    said = [cell for row in (*values["given"], *values["facts"]) for cell in row]
    assert any("，" in cell for cell in said)
    assert [cell for cell in said if ", " in cell or "; " in cell] == []


def test_the_page_and_the_note_say_what_was_wasted(client_of, alice, by):
    visit = make_visit(by, make_patient(by))
    actions.answer_today(visit=visit, answers=WELL, by=by)
    vial = make_vial(by)
    used, unused = make_syringe(by, visit, "1.5", vial), make_syringe(by, visit, "2", vial)
    actions.mark(injection=plan(by, visit, used), status="given", why="it was given", by=by)
    drawing.put_down(syringe=unused, by=by)
    answer_warnings(visit, by)
    signature = sign(visit, by, deviation_why="at work")

    b12 = vial.lot.item.name
    assert note_values(signature)["wasted"] == [
        ["Wasted", f"1\xa0mL {b12} (lot 0417)\n2\xa0mL {b12} (lot 0417), put down unused"]]
    assert missing(["Wasted", "put down unused"], text_of(get(client_of(alice), visit).content)) == []
    page = get(client_of(alice), visit, "visit").content.decode()
    assert missing(["1 mL left: wasted", "put down unused, 2 mL: wasted"], page) == []


def test_where_all_that_was_drawn_went_in_nothing_is_said_of_waste(client_of, alice, by):
    visit = make_visit(by, make_patient(by))
    actions.answer_today(visit=visit, answers=WELL, by=by)
    actions.mark(injection=plan(by, visit, make_syringe(by, visit, "0.5")), status="given", why="it was given", by=by)
    answer_warnings(visit, by)
    signature = sign(visit, by, deviation_why="at work")

    assert note_values(signature)["wasted"] == []
    assert "wasted" not in get(client_of(alice), visit, "visit").content.decode()
