"""Signing on the page, and what is read and added afterwards."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from clinic.patients.people import at_work, make_patient
from clinic.people import PASSWORD, make_person
from clinic.visits.charting import WELL, make_ready_patient, make_syringe, make_vial, make_visit, plan
from clinic.visits.test_signing import answer_warnings
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.patients.queries import today_in
from waterneedle.clinic.stock.models import Movement, MovementKind, Vial
from waterneedle.clinic.visits import actions, drawing, proving, reactions, signing
from waterneedle.clinic.visits.models import Amendment, Proof, Signature, Strike
from waterneedle.clinic.visits.models_after import Observation
from waterneedle.config.demo.visits import clock_at


@pytest.fixture
def visit(by):
    return make_given_visit(by)


def make_given_visit(by):
    """Everything is said and given; it waits for its signature."""
    ana = make_ready_patient(by)
    made = make_visit(by, ana, why="knee pain")
    actions.answer_today(visit=made, answers=WELL, by=by)
    plan(by, made, make_syringe(by, made))
    actions.give_all(visit=made, by=by)
    return made


def url(name, visit):
    return reverse(f"visits:{name}", kwargs={"clinic": "harbor", "patient": visit.patient.uid, "visit": visit.uid})


def test_a_password_signs_and_the_page_is_read_from_then_on(client_of, alice, visit):
    browser = client_of(alice)
    answer = browser.post(url("sign", visit), {"password": PASSWORD})

    assert answer.url == url("visit", visit)
    assert Signature.objects.get().signed_by == alice
    assert browser.get(answer.url).context["document"]["is_intact"]
    assert browser.get(url("sign", visit)).status_code == 302


def test_what_is_signed_is_read_before_and_after_with_all_that_was_seen_of_it(client_of, alice, by, visit):
    syringe = make_syringe(by, visit)
    seen = {"aspirated_blood": True, "skin": "scar", "direction": "upwards"}
    bled = plan(by, visit, syringe, point="LI11", depth_max_mm=Decimal(25), **seen)
    actions.mark(injection=bled, status="given", why="it was given", by=by)
    left_out = plan(by, visit, syringe, point="SP9", volume_ml=Decimal("0.7"))
    actions.mark(injection=left_out, status="not_done", why="she wanted no more", by=by)
    browser = client_of(alice)
    before = browser.get(url("sign", visit)).content.decode()
    answer_warnings(visit, by)
    browser.post(url("sign", visit), {"password": PASSWORD, "deviation_why": "papers were at hand"})
    after = browser.get(url("visit", visit))

    assert after.context["document"]["is_intact"]
    for page in (before, after.content.decode()):
        _steady, row, not_done = re.findall(r'<li class="row apart"><span><span class="point.*?</li>', page, re.DOTALL)[:3]
        for said in ("10\xa0mm–25\xa0mm", "90° upwards", "blood on aspiration", "skin: scar"):
            assert said in row, said
        assert "nothing went in" in not_done and "0.7" not in not_done and "she wanted no more" in not_done


def make_barred_visit(by):
    """Of a patient of whom nobody has asked anything; it waits for its signature."""
    visit = make_visit(by, make_patient(by), why="knee pain")
    actions.answer_today(visit=visit, answers=WELL, by=by)
    actions.mark(injection=plan(by, visit, make_syringe(by, visit)), status="given", why="it was given", by=by)
    answer_warnings(visit, by)
    return visit


def test_what_the_check_said_is_kept_in_the_language_in_which_it_was_read(client_of, alice, by):
    """In English too, so that anybody can read it; and its hash holds for both."""
    visit, browser = make_barred_visit(by), client_of(alice)
    alice.language = "es"
    alice.save()
    read = [one.message for one in browser.get(url("sign", visit)).context["draft"].assessment.issues]
    browser.post(url("sign", visit), {"password": PASSWORD, "deviation_why": "papers were at hand"})
    spanish, document = browser.get(url("visit", visit)), signing.as_signed(Signature.objects.get())
    alice.language = "en"
    alice.save()
    english = browser.get(url("visit", visit))

    assert read and [one["message"] for one in spanish.context["said"]] == read
    assert [one["message"] for one in english.context["said"]] == [one["message"] for one in document["assessment"]["issues"]]
    assert not {one["message"] for one in english.context["said"]} & set(read)
    assert document["is_intact"]


def test_what_the_check_said_names_what_was_missing_in_words(client_of, alice, by):
    visit, browser = make_barred_visit(by), client_of(alice)
    browser.post(url("sign", visit), {"password": PASSWORD, "deviation_why": "papers were at hand"})
    said = browser.get(url("visit", visit)).context["said"]

    assert any(one["missing"] for one in said)
    assert not [field for one in said for field in one["missing"] if "." in field or "[" in field]


def test_when_each_needle_was_in_is_read_before_and_after_it_is_signed(client_of, alice, by, visit):
    browser, one = client_of(alice), visit.injections.get()
    said = f">{one.given_at.astimezone(by.clinic.tzinfo):%H:%M}</span>"

    assert said in browser.get(url("sign", visit)).content.decode()
    browser.post(url("sign", visit), {"password": PASSWORD})
    assert said in browser.get(url("visit", visit)).content.decode()


def test_what_is_left_in_each_syringe_is_read_as_waste_before_it_is_signed(client_of, alice, by, visit):
    make_syringe(by, visit, "1.25")
    drawing.put_down(syringe=make_syringe(by, visit, "0.8"), by=by)
    plan(by, visit, make_syringe(by, visit, "0.5"), point="SP9")
    actions.give_all(visit=visit, by=by)
    browser = client_of(alice)

    syringes = re.findall(r'<li class="small">(.*?)</li>', browser.get(url("sign", visit)).content.decode(), re.DOTALL)
    assert [re.findall(r"([\d.]+)\smL(?: left)?: entered as waste", one) for one in syringes] == [["2.5"], ["1.25"], [], ["0.8"]]
    browser.post(url("sign", visit), {"password": PASSWORD})

    wasted = Movement.objects.filter(kind=MovementKind.WASTED).values_list("volume_ml", flat=True)
    assert -sum(wasted) == Decimal("4.55")
    assert b"entered as waste" not in browser.get(url("visit", visit)).content


def test_a_short_book_names_each_vial_that_is_to_be_counted_with_both_volumes(client_of, alice, by, visit):
    other = make_vial(by, number="0999", name="B12 of the drawer")
    make_syringe(by, visit, "2", vial=other)
    first = visit.syringes.get(pk=min(visit.syringes.values_list("pk", flat=True))).contents[0].vial
    for vial, left in ((first, "0.2"), (other, "1.5")):
        Vial.objects.filter(pk=vial.pk).update(volume_ml=Decimal(left))

    answer = client_of(alice).post(url("sign", visit), {"password": PASSWORD})

    assert answer.status_code == 422
    said = [re.findall(r"[\d.]+\smL|lot \w+|vial \w+", one) for one in answer.context["form"].errors["recount"]]
    assert said == [
        ["lot 0417", f"vial {first.code}", "0.2\xa0mL", "3\xa0mL"], ["lot 0999", f"vial {other.code}", "1.5\xa0mL", "2\xa0mL"]]


def test_the_second_click_lands_on_the_visit_that_the_first_has_signed_meanwhile(client_of, alice, visit, monkeypatch):
    first, second, proved = client_of(alice), client_of(alice), proving.proved

    def of_the_second(*asked, **more):  # between its reading of the draft and its proof, which nobody takes any more
        monkeypatch.setattr(proving, "proved", proved)
        assert first.post(url("sign", visit), {"password": PASSWORD}).url == url("visit", visit)

    monkeypatch.setattr(proving, "proved", of_the_second)
    assert second.post(url("sign", visit), {"password": PASSWORD}).url == url("visit", visit)
    assert Signature.objects.count() == 1


def test_what_comes_too_late_from_an_open_page_is_refused_on_the_page_of_the_signed_visit(client_of, alice, visit):
    browser, said = client_of(alice), {"line": "li4 l .5", "eaten": "yes", "why": "headache"}
    browser.post(url("sign", visit), {"password": PASSWORD})
    answers = [browser.post(url(name, visit), said, follow=True) for name in ("line", "today", "change", "load")]

    for one in answers:
        assert one.redirect_chain == [(url("visit", visit), 302)]
        assert "visits/signed.html" in {each.name for each in one.templates}
        assert re.search(r'class="issue block" role="alert"', one.content.decode())


@pytest.mark.parametrize("said", [{}, {"password": "a noisy needle"}, {"proof": "01a219d4-7040-75aa-91eb-bd7818f8e9d4"}])
def test_what_proves_nothing_signs_nothing(client_of, alice, visit, said):
    assert client_of(alice).post(url("sign", visit), said).status_code == 422
    assert not Signature.objects.exists()


def test_what_is_only_planned_is_one_line_that_leads_to_the_first(client_of, alice, by, visit):
    syringe = visit.syringes.get()
    first = plan(by, visit, syringe, point="LI11", side="right")
    plan(by, visit, syringe, point="SP9")
    answer = client_of(alice).get(url("sign", visit))

    [gap] = answer.context["draft"].gaps
    assert (gap.field, gap.seq) == ("status", first.seq)
    assert "2 " in gap.said and "LI11" in gap.said and "SP9" not in gap.said
    assert f'href="{url("visit", visit)}#i{first.seq}"'.encode() in answer.content


def test_the_reason_of_a_deviation_is_not_called_optional(client_of, alice, by):
    visit = make_visit(by, make_patient(by))  # who has agreed to nothing
    one = plan(by, visit, make_syringe(by, visit))
    actions.mark(injection=one, status="given", why="she had asked for it", by=by)
    form = client_of(alice).get(url("sign", visit)).context["form"]

    assert not form.fields["deviation_why"].required  # the proof is kept where it is left out
    assert "(optional)" not in form["deviation_why"].as_field_group()


def test_why_it_was_given_although_barred_is_offered_as_the_reason_of_the_deviation(client_of, alice, by):
    visit = make_visit(by, make_patient(by))  # who has agreed to nothing
    syringe, browser = make_syringe(by, visit), client_of(alice)
    first, second, third, fourth = (plan(by, visit, syringe, point=point) for point in ("ST36", "LI11", "SP9", "LR3"))

    def offered():
        return browser.get(url("sign", visit)).context["form"]["deviation_why"].value()

    actions.mark(injection=first, status="stopped", why="she felt faint", by=by)
    assert offered() == ""  # why it was stopped says not why it was begun
    actions.mark(injection=second, status="given", why="she had asked for it", by=by)
    actions.mark(injection=third, status="given", why="she had asked for it", by=by)
    assert offered() == "she had asked for it"
    actions.mark(injection=fourth, status="given", why="said aloud", by=by)
    assert offered() == "LI11 left: she had asked for it; SP9 left: she had asked for it; LR3 left: said aloud"


@pytest.mark.parametrize("given", [True, False])
def test_each_gap_leads_to_an_element_of_the_visit(client_of, alice, by, given):
    """Of a patient of whom nothing is known, of whom nothing was asked, and of whom perhaps something was given."""
    visit = actions.begin(patient=make_patient(by), by=by)
    if given:
        one = plan(by, visit, make_syringe(by, visit), point="GB21", depth_mm=None, volume_ml=None, route="")
        actions.mark(injection=one, status="given", why="it was given", by=by)
    browser = client_of(alice)
    gaps = browser.get(url("sign", visit)).context["draft"].gaps
    page = browser.get(url("visit", visit)).content.decode()

    assert gaps and [gap for gap in gaps if f'id="{gap.at}"' not in page] == []


def test_a_gap_is_named_and_nothing_is_signed(client_of, alice, by, visit):
    plan(by, visit, visit.syringes.get(), side="right")
    answer = client_of(alice).post(url("sign", visit), {"password": PASSWORD})

    assert (answer.status_code, [gap.field for gap in answer.context["draft"].gaps]) == (422, ["status"])
    assert not Signature.objects.exists()


def test_a_second_press_of_sign_signs_once(client_of, alice, visit):
    browser = client_of(alice)
    answers = [browser.post(url("sign", visit), {"password": PASSWORD}) for _ in range(2)]

    assert [one.status_code for one in answers] == [302, 302]
    assert Signature.objects.count() == 1


def test_an_amendment_stands_beside_what_was_signed(client_of, alice, visit):
    browser = client_of(alice)
    browser.post(url("sign", visit), {"password": PASSWORD})
    browser.post(url("amend", visit), {"text": "The left one, seen from the front."})

    assert Amendment.objects.get().text == "The left one, seen from the front."
    assert b"The left one, seen from the front." in browser.get(url("visit", visit)).content


def test_two_people_strike_a_visit_and_one_does_not(client_of, clinic, alice, visit):
    browser, second = client_of(alice), make_person(clinic, "Dora Second", Role.PRACTITIONER)
    browser.post(url("sign", visit), {"password": PASSWORD})
    browser.post(url("strike", visit), {"why": "another Ana"})
    browser.post(url("strike", visit))
    assert Strike.objects.get().struck_at is None

    client_of(second).post(url("strike", visit))
    assert Strike.objects.get().struck_by == second


def test_who_works_at_the_desk_or_elsewhere_signs_nothing(client_of, bob, charlie, visit):
    for person in (bob, charlie):
        assert client_of(person).post(url("sign", visit), {"password": PASSWORD}).status_code == 404
    assert not Signature.objects.exists()


def test_a_passkey_is_asked_and_what_does_not_answer_mints_nothing(client_of, alice, visit):
    browser = client_of(alice)
    asked = browser.get(url("passkey", visit)).json()

    assert asked["publicKey"]["userVerification"] == "required"
    for credential in ("", "{", "{}", '{"id": "x"}'):
        assert browser.post(url("passkey", visit), {"credential": credential}).status_code == 422
    assert not Proof.objects.exists()


def test_who_works_at_the_desk_or_elsewhere_is_asked_for_no_passkey(client_of, bob, charlie, visit):
    for person in (bob, charlie):
        assert client_of(person).get(url("passkey", visit)).status_code == 404
        assert client_of(person).post(url("passkey", visit), {"credential": "{}"}).status_code == 404


def test_nothing_is_signed_that_was_changed_since_it_was_read(client_of, alice, by, visit):
    browser = client_of(alice)
    read = browser.get(url("sign", visit)).context["draft"].seen
    actions.change(injection=visit.injections.get(), fields={"volume_ml": Decimal("0.3")}, by=by)

    answer = browser.post(url("sign", visit), {"password": PASSWORD, "seen": read})
    assert (answer.status_code, Signature.objects.count()) == (422, 0)
    assert "Somebody else has changed this visit since you have read it." in answer.content.decode()
    proof = answer.context["form"].data["proof"]
    assert browser.post(url("sign", visit), {"proof": proof, "seen": read}).status_code == 422
    fields = re.findall(r'name="seen" value="([^"]+)"', answer.content.decode())
    assert len(fields) == 1 and fields[0] != read

    assert browser.post(url("sign", visit), {"proof": proof, "seen": fields[0]}).status_code == 302
    assert signing.as_signed(Signature.objects.get())["injections"][0]["volume_ml"] == "0.3"


def test_who_is_not_watched_yet_can_be_watched_after_the_signature_and_noted_as_left(client_of, alice, by, visit):
    browser = client_of(alice)
    signed = browser.post(url("sign", visit), {"password": PASSWORD}).url
    assert browser.get(signed).context["is_unwatched"]

    browser.post(url("step", visit), {"step": "observed"})
    page = browser.get(signed)
    assert Observation.objects.get().ended_at is None
    assert (page.context["is_unwatched"], 'value="left"' in page.content.decode()) == (False, True)


def test_of_a_visit_of_another_day_nobody_is_asked_to_be_watched(client_of, alice, visit):
    client_of(alice).post(url("sign", visit), {"password": PASSWORD})
    with clock_at(timezone.now() + datetime.timedelta(days=2)):
        assert "is_unwatched" not in client_of(alice).get(url("visit", visit)).context


def test_who_was_injected_before_midnight_is_to_be_watched_after_it_too(client_of, alice, by):
    midnight = datetime.datetime.combine(today_in(by.clinic), datetime.time(), by.clinic.tzinfo)
    with clock_at(midnight - datetime.timedelta(minutes=5)):
        visit = make_given_visit(by)
        client_of(alice).post(url("sign", visit), {"password": PASSWORD})
    with clock_at(midnight + datetime.timedelta(minutes=5)):
        assert client_of(alice).get(url("visit", visit)).context["is_unwatched"]


def test_a_puncture_after_the_watch_was_ended_is_watched_anew(client_of, alice, by, visit):
    actions.end_observation(observation=actions.observe(visit=visit, minutes=15, by=by), by=by)
    actions.mark(injection=plan(by, visit, visit.syringes.get(), point="LI11"), status="given", why="it was given", by=by)
    browser = client_of(alice)
    browser.post(url("sign", visit), {"password": PASSWORD, "deviation_why": "as it was"})

    assert browser.get(url("visit", visit)).context["is_unwatched"]
    browser.post(url("step", visit), {"step": "observed"})
    assert not browser.get(url("visit", visit)).context["is_unwatched"]


def test_a_signed_visit_tells_of_its_reaction_and_asks_nobody_to_watch_who_was_taken_away(client_of, alice, by, visit):
    mistaken = reactions.begin(patient=visit.patient, by=by)
    reactions.take_back(reaction=mistaken, why="pressed by mistake", by=by)
    reaction = reactions.begin(patient=visit.patient, by=by)
    reactions.note_sign(reaction=reaction, said="hives", by=by)
    browser = client_of(alice)
    signed = browser.post(url("sign", visit), {"password": PASSWORD}).url

    page = browser.get(signed)
    said = page.content.decode()
    assert page.context["is_unwatched"] and "Hives" in said
    assert str(reaction.uid) in said and str(mistaken.uid) not in said

    reactions.end(reaction=reaction, outcome="ambulance", by=by)
    page = browser.get(signed)
    assert not page.context["is_unwatched"] and "taken by the ambulance" in page.content.decode()


def test_a_visit_that_is_struck_takes_no_amendment(client_of, alice, by, visit):
    browser = client_of(alice)
    browser.post(url("sign", visit), {"password": PASSWORD})
    signing.ask_to_strike(visit=visit, why="another Ana", by=by)
    signing.strike(visit=visit, by=at_work(make_person(by.clinic, "Dora Second", Role.PRACTITIONER), by.clinic))
    refused = browser.post(url("amend", visit), {"text": "from a page of before"})

    assert refused.status_code == 422 and "from a page of before" in refused.content.decode()  # nothing typed is lost
    assert not Amendment.objects.exists()
    page = browser.get(url("visit", visit)).content.decode()
    assert url("amend", visit) not in page
    assert reverse("courses:begin", args=["harbor", visit.patient.uid]) not in page  # it tells nothing of this patient
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        Amendment.objects.create(
            clinic=by.clinic, visit=visit, text="more", hash="0" * 64, signed_name="Alice", made_at=timezone.now(), made_by=alice)


@pytest.mark.parametrize("is_signed", [False, True])
def test_a_visit_that_is_the_right_patients_after_all_stands(client_of, alice, bob, charlie, by, visit, is_signed):
    if is_signed:
        client_of(alice).post(url("sign", visit), {"password": PASSWORD})
    signing.ask_to_strike(visit=visit, why="another Ana", by=by)
    for person in (bob, charlie):
        assert client_of(person).post(url("let_stand", visit)).status_code == 404
    assert url("let_stand", visit) in client_of(alice).get(url("visit", visit)).content.decode()
    client_of(alice).post(url("let_stand", visit))

    assert not Strike.objects.exists()
    said = Entry.objects.filter(kind="visit", patient_uid=visit.patient.uid).values_list("action", flat=True)
    assert {"ask to strike", "take back"} <= set(said)
    other = at_work(make_person(by.clinic, "Dora Second", Role.PRACTITIONER), by.clinic)
    with pytest.raises(signing.NotSigned):
        signing.strike(visit=visit, by=other)  # nobody asks for it any more
    signing.ask_to_strike(visit=visit, why="it is another Ana", by=by)
    signing.strike(visit=visit, by=other)
    client_of(alice).post(url("let_stand", visit))
    assert Strike.objects.get().struck_by == other.user


@pytest.mark.parametrize("first", [Role.PRACTITIONER, Role.ASSISTANT])
def test_where_one_person_treats_an_assistant_is_the_second(client_of, clinic, alice, visit, first):
    ann, eve = (make_person(clinic, name, Role.ASSISTANT) for name in ("Ann Price", "Eve Price"))
    one, two = (alice, ann) if first == Role.PRACTITIONER else (ann, alice)
    client_of(one).post(url("strike", visit), {"why": "another Ana"})
    if first == Role.ASSISTANT:
        client_of(eve).post(url("strike", visit))  # one of the two has to treat
        assert Strike.objects.get().struck_at is None
    assert url("strike", visit) in client_of(two).get(url("visit", visit)).content.decode()
    client_of(two).post(url("strike", visit))

    assert Strike.objects.get().struck_by == two


def test_who_signs_sees_that_somebody_takes_it_for_the_wrong_patient(client_of, alice, by, visit):
    assert "another Ana" not in client_of(alice).get(url("sign", visit)).content.decode()
    ann = make_person(by.clinic, "Ann Price", Role.ASSISTANT)
    signing.ask_to_strike(visit=visit, why="another Ana", by=at_work(ann, by.clinic))

    page = client_of(alice).get(url("sign", visit)).content.decode()
    assert "another Ana" in page and "Ann Price" in page
