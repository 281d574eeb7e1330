"""A reaction in the clinic: stamped first, told by taps, printed for the ambulance, and at the head of the next chart."""
from __future__ import annotations

import datetime
import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.paper.reading import text_of
from clinic.patients.people import at_work, make_patient
from clinic.people import make_person
from clinic.visits.charting import WELL, ago, make_syringe, make_visit, plan
from clinic.visits.test_signing import sign
from waterneedle.clinic.appointments import actions_settings
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.followup.queries_events import may_be_asked
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.patients.queries import header, today_in
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.visits import actions, reacted, reactions, signing
from waterneedle.clinic.visits.models import Strike, Visit
from waterneedle.clinic.visits.models_after import Reaction, ReactionEntry
from waterneedle.clinic.visits.on_paper_after import ambulance_values
from waterneedle.clinic.visits.plan import assessed
from waterneedle.clinic.visits.rows import read
from waterneedle.clinic.web import words
from waterneedle.config.demo.visits import clock_at


@pytest.fixture
def press(client_of, alice, ana):
    """`press("add_call")` posts to that part of the newest reaction as Alice, and gives the answer."""

    def pressed(route="begin_reaction", user=alice, **said):
        where = {"clinic": "harbor", "patient": ana.uid}
        if route != "begin_reaction":
            where["reaction"] = Reaction.objects.latest("pk").uid
        return client_of(user).post(reverse(f"visits:{route}", kwargs=where), said)

    return pressed


def page(client, reaction):
    where = {"clinic": "harbor", "patient": reaction.patient.uid, "reaction": reaction.uid}
    return client.get(reverse("visits:reaction", kwargs=where))


def test_the_button_stamps_the_time_before_anything_is_asked(press, by, ana):
    visit = make_visit(by, ana)
    before = timezone.now()

    press()

    made = Reaction.objects.get()
    assert before <= made.began_at <= timezone.now()
    assert (made.visit, made.made_by) == (visit, by.user)
    assert not made.entries.exists()


def test_a_second_press_while_it_lasts_is_the_same_reaction(press, ana):
    with ago(hours=reactions.SAME_HOURS, minutes=1):
        press()
        press()
    assert Reaction.objects.count() == 1

    with ago(minutes=12):
        press()
        assert Reaction.objects.count() == 1
    press()
    assert Reaction.objects.count() == 2


def test_the_button_opens_a_task_that_leads_to_the_reaction(press, client_of, alice, ana):
    press()

    task = Task.objects.get(kind=reactions.TASK)
    assert task.role == "practitioner"
    assert client_of(alice).get(reactions.address(task)).context["reaction"] == Reaction.objects.get()


def test_every_page_of_the_patient_has_the_button_for_the_desk_too(client_of, alice, bob, ana):
    url = reverse("patients:patient", kwargs={"clinic": "harbor", "patient": ana.uid})
    button = reverse("visits:begin_reaction", kwargs={"clinic": "harbor", "patient": ana.uid})

    for user in (alice, bob):
        assert f'action="{button}"' in client_of(user).get(url).content.decode()


def test_it_stands_beside_who_is_being_watched(client_of, bob, by, ana):
    visit = make_visit(by, ana)
    actions.observe(visit=visit, minutes=15, by=by)
    page = client_of(bob).get(reverse("visits:observations", kwargs={"clinic": "harbor"})).content.decode()

    assert reverse("visits:begin_reaction", kwargs={"clinic": "harbor", "patient": ana.uid}) in page


def test_a_sign_is_one_tap_and_counts_from_when_it_was_first_seen(press, client_of, alice):
    press()
    press("add_sign", said="hives")
    press("add_sign", said="hives")

    entry = ReactionEntry.objects.get()
    shown = {one.id: one.seen_at for group in page(client_of(alice), entry.case).context["groups"] for one in group.signs}
    assert (entry.kind, entry.said) == ("sign", "hives")
    assert {sign for sign, at in shown.items() if at} == {"hives"}


def test_each_sign_is_kept_once_with_its_own_time_whatever_another_patient_has(press, by, ana):
    reactions.note_sign(reaction=reactions.begin(patient=make_patient(by, "Ben Ortiz"), by=by), said="nausea", by=by)
    press()
    for minutes, said in ((3, "hives"), (2, "nausea"), (1, "hives")):
        with ago(minutes=minutes):
            press("add_sign", said=said)

    found = ReactionEntry.objects.filter(case=Reaction.objects.get(patient=ana)).order_by("pk")
    assert [one.said for one in found] == ["hives", "nausea"]
    assert 50 < (found[1].at - found[0].at).total_seconds() < 70


@pytest.mark.parametrize("said", ["", "a headache", "Hives"])
def test_who_notes_what_is_no_sign_is_told_so_and_nothing_is_written(by, ana, said):
    """An answer of a program: the page asks before (`test_what_is_no_sign_is_not_written`)."""
    with pytest.raises(ValueError, match="is not offered as a sign"):
        reactions.note_sign(reaction=reactions.begin(patient=ana, by=by), said=said, by=by)
    assert not ReactionEntry.objects.exists()


def test_what_is_no_sign_is_not_written(press):
    press()

    assert press("add_sign", said="jaundice").status_code == 422
    assert not ReactionEntry.objects.exists()


def test_epinephrine_is_never_chosen_beforehand(press, client_of, alice):
    press()
    form = page(client_of(alice), Reaction.objects.get()).context["epinephrine_form"]

    assert form["dose"].value() is None
    assert [value for value, _ in form.fields["dose"].choices] == ["0.15", "0.3", "other"]
    assert press("add_epinephrine").status_code == 422
    assert not ReactionEntry.objects.exists()


@pytest.mark.parametrize(("said", "mg"), [({"dose": "0.3"}, "0.3"), ({"dose": "other", "other_mg": "0.5"}, "0.5")])
def test_epinephrine_is_written_with_its_dose_and_time(press, said, mg):
    press()
    press("add_epinephrine", **{f"epinephrine-{name}": value for name, value in said.items()})

    entry = ReactionEntry.objects.get()
    assert (entry.kind, entry.dose_mg) == ("epinephrine", Decimal(mg))
    assert timezone.now() - entry.at < datetime.timedelta(minutes=1)


@pytest.mark.parametrize("said", [
    {"dose": "other"}, {"dose": "0.3", "other_mg": "0.5"}, {"dose": "other", "other_mg": "6"}, {"dose": "0.7"}])
def test_a_dose_that_is_not_clear_is_not_written(press, said):
    press()

    assert press("add_epinephrine", **{f"epinephrine-{name}": value for name, value in said.items()}).status_code == 422
    assert not ReactionEntry.objects.exists()


def test_a_dose_may_be_written_later_with_the_time_of_the_clock(press, clinic):
    with ago(minutes=30):
        press()
    at = (timezone.now() - datetime.timedelta(minutes=12)).astimezone(clinic.tzinfo).replace(second=0, microsecond=0)

    press("add_epinephrine", **{"epinephrine-dose": "0.3", "epinephrine-clock": f"{at:%H:%M}"})

    assert ReactionEntry.objects.get().at == at


def test_a_time_before_the_reaction_is_asked_again(press, clinic):
    press()
    at = (timezone.now() - datetime.timedelta(hours=3)).astimezone(clinic.tzinfo)

    assert press("add_note", **{"note-said": "x", "note-clock": f"{at:%H:%M}"}).status_code == 422


def test_a_press_that_comes_twice_with_one_key_is_one_dose(press):
    press()
    for _ in range(2):
        press("add_epinephrine", **{"epinephrine-dose": "0.3", "once": "k" * 32})

    assert ReactionEntry.objects.count() == 1


def test_it_heads_the_next_chart(press, by, ana):
    press()
    press("add_sign", said="hives")
    press("add_epinephrine", **{"epinephrine-dose": "0.3"})

    assert "Hives, epinephrine" in header(ana, by).last_reaction


def test_so_does_what_was_charted_at_an_injection_and_what_was_told(by, ana):
    visit = make_visit(by, ana)
    one = plan(by, visit, make_syringe(by, visit))
    actions.change(injection=one, fields={"reaction": "red for an hour"}, by=by)
    assert header(ana, by).last_reaction == ""
    actions.mark(injection=one, status="given", why="was in", by=by)
    assert "red for an hour (ST36)" in header(ana, by).last_reaction

    actions.answer_today(visit=visit, answers=WELL | {"reacted_last": True, "reacted_how": "felt dizzy"}, by=by)
    with ago(days=30):
        reactions.stamp(patient=ana, by=by)
    assert "not described" not in header(ana, by).last_reaction


def test_without_one_nothing_stands_there(by, ana):
    assert header(ana, by).last_reaction == ""


def test_the_sheet_for_the_ambulance_says_what_was_injected_and_what_happened(press, client_of, alice, by, ana):
    visit = make_visit(by, ana)
    one = plan(by, visit, make_syringe(by, visit))
    actions.mark(injection=one, status="given", why="was in", by=by)
    press()
    press("add_sign", said="hives")
    press("add_epinephrine", **{"epinephrine-dose": "0.3"})
    press("add_call")
    where = {"clinic": "harbor", "patient": ana.uid, "reaction": Reaction.objects.get().uid}

    said = text_of(client_of(alice).get(reverse("visits:reaction_sheet", kwargs=where)).content)

    expected = ("Ana Ruiz", "Hives", "epinephrine 0.3", "emergency number called", "ST36", "0417", "0.5")
    assert [word for word in expected if word not in said] == []


@pytest.fixture
def sheet(client_of, alice, ana):
    """The words of the sheet for the ambulance, of the newest reaction."""

    def printed():
        where = {"clinic": "harbor", "patient": ana.uid, "reaction": Reaction.objects.latest("pk").uid}
        return " ".join(text_of(client_of(alice).get(reverse("visits:reaction_sheet", kwargs=where)).content).split())

    return printed


def test_the_sheet_says_whom_to_call(press, sheet, by, ana):
    actions_settings.change_policy(clinic=by.clinic, fields={"phone": "+1 206 555 0100"}, by=by)
    ana = patients.change_patient(patient=ana, fields={"phone": "+1 206 555 0133"}, version=ana.version, by=by)
    patients.add_guardian(patient=ana, fields={"name": "Rosa Ruiz", "relation": "mother", "phone": "+1 206 555 0144"}, by=by)
    uncle = {"name": "Otto Ruiz", "relation": "uncle", "phone": "+1 206 555 0155"}
    patients.end_guardian(guardian=patients.add_guardian(patient=ana, fields=uncle, by=by), by=by)
    press()

    said = sheet()
    assert [one for one in ("+1 206 555 0100", ana.phone, "+1 206 555 0144, Rosa Ruiz (mother)") if one not in said] == []
    assert "Otto Ruiz" not in said


def test_a_visit_that_was_begun_once_more_hides_nothing_that_went_in(press, sheet, by, ana):
    visit = make_visit(by, ana)
    one = plan(by, visit, make_syringe(by, visit))
    actions.mark(injection=one, status="given", why="was in", by=by)
    make_visit(by, ana)

    press()

    assert Reaction.objects.get().visit == visit
    assert "ST36" in sheet() and "0417" in sheet()


def test_the_sheet_tells_what_is_only_planned_yet_and_what_never_went_in(press, sheet, by, ana):
    visit = make_visit(by, ana)
    syringe = make_syringe(by, visit)
    plan(by, visit, syringe)
    stopped = plan(by, visit, syringe, point="LI11")
    actions.mark(injection=stopped, status="stopped", why="felt faint", by=by)

    press()

    said = sheet()
    assert [word for word in ("ST36", "only planned", "LI11", "nothing went in", "felt faint") if word not in said] == []


def test_the_sheet_tells_neither_what_was_not_done_nor_what_was_only_planned_the_day_before(press, sheet, by, ana):
    with ago(days=1):
        before = make_visit(by, ana)
        plan(by, before, make_syringe(by, before), point="GB34")
    visit = make_visit(by, ana)
    syringe = make_syringe(by, visit)
    plan(by, visit, syringe)
    actions.mark(injection=plan(by, visit, syringe, point="LI11"), status="not_done", why="no wish", by=by)

    press()
    assert [word for word in ("ST36", "LI11", "GB34") if word in sheet()] == ["ST36"]


def test_the_sheet_tells_what_was_added_to_those_visits_since(press, sheet, by, ana):
    """The side that stands there may be the one that was set right."""
    with ago(days=3):
        earlier = make_visit(by, ana)
        actions.answer_today(visit=earlier, answers=WELL, by=by)
        given = plan(by, earlier, make_syringe(by, earlier))
        actions.mark(injection=given, status="given", why="was in", by=by)
        sign(earlier, by)
        signing.amend(visit=earlier, text="It was Tuesday.", by=by)
    visit = make_visit(by, ana)
    actions.answer_today(visit=visit, answers=WELL, by=by)
    actions.mark(injection=plan(by, visit, make_syringe(by, visit)), status="given", why="was in", by=by)
    sign(visit, by)
    signing.amend(visit=visit, text="It was the right knee.", by=by)
    press()

    assert "It was the right knee." in sheet() and "Alice Archer" in sheet() and "It was Tuesday." not in sheet()


def test_after_midnight_the_sheet_tells_what_went_in_before(press, sheet, by, ana):
    visit = make_visit(by, ana)
    one = plan(by, visit, make_syringe(by, visit))
    actions.mark(injection=one, status="given", why="was in", by=by)
    Visit.objects.update(day=visit.day - datetime.timedelta(days=1))

    press()

    assert Reaction.objects.get().visit == visit
    assert "ST36" in sheet()


def test_what_happened_after_midnight_has_its_day_on_the_sheet(by, ana):
    midnight = datetime.datetime.combine(today_in(by.clinic), datetime.time(), by.clinic.tzinfo)
    with clock_at(midnight - datetime.timedelta(minutes=3)):
        made = reactions.begin(patient=ana, by=by)
        reactions.note_sign(reaction=made, said="hives", by=by)
    with clock_at(midnight + datetime.timedelta(minutes=2)):
        reactions.add_entry(reaction=made, kind="epinephrine", dose_mg=Decimal("0.3"), by=by)
        with timezone.override(by.clinic.tzinfo):
            began, noticed, given = (row[0] for row in ambulance_values(made)["course"])

    assert (began, noticed) == ("23:57", "23:57")
    assert given.endswith("00:02") and given != "00:02"


def test_what_stands_on_the_wrong_patient_is_not_on_the_sheet(press, sheet, by, ana, owner):
    visit = make_visit(by, ana)
    one = plan(by, visit, make_syringe(by, visit))
    actions.mark(injection=one, status="given", why="was in", by=by)
    press()
    now = timezone.now()
    Strike.objects.create(
        clinic=by.clinic, visit=visit, why="another", asked_at=now, asked_by=by.user, struck_at=now, struck_by=owner)

    assert "ST36" not in sheet()


def test_the_desk_begins_one_calls_and_writes_what_it_sees_and_reads_no_chart(press, client_of, bob, by, ana):
    patients.add_fact(patient=ana, kind="allergy", said="cobalt", by=by)
    press(user=bob)
    press("add_call", user=bob)
    press("add_sign", user=bob, said="hives")
    made = Reaction.objects.get()
    shown = page(client_of(bob), made)

    assert (made.made_by, [one.kind for one in made.entries.order_by("pk")]) == (bob, ["emergency_call", "sign"])
    assert shown.status_code == 200 and "cobalt" not in shown.content.decode()
    assert press("end_reaction", user=bob, **{"end-outcome": "well"}).status_code == 404
    assert reverse("accounts:emergency_begin", kwargs={"clinic": "harbor", "patient": ana.uid}) in shown.content.decode()


def test_the_desk_prints_the_sheet_of_the_same_day_and_the_trail_says_so(press, client_of, bob, by, ana):
    patients.add_fact(patient=ana, kind="allergy", said="cobalt", by=by)
    press(user=bob)
    made = Reaction.objects.get()
    sheet = reverse("visits:reaction_sheet", kwargs={"clinic": "harbor", "patient": ana.uid, "reaction": made.uid})

    assert "cobalt" in text_of(client_of(bob).get(sheet).content)
    printed = Entry.objects.filter(action="print", kind="reaction", object_uid=str(made.uid))
    assert list(printed.values_list("user_uid", flat=True)) == [bob.uid]


def test_the_desk_reads_and_prints_no_reaction_of_another_day(client_of, alice, bob, by, ana):
    with ago(hours=13):
        made = reactions.begin(patient=ana, by=by)
    sheet = reverse("visits:reaction_sheet", kwargs={"clinic": "harbor", "patient": ana.uid, "reaction": made.uid})

    assert client_of(bob).get(sheet).status_code == 404
    assert page(client_of(bob), Reaction.objects.get()).status_code == 404
    assert page(client_of(alice), Reaction.objects.get()).status_code == 200


def test_a_reaction_ends_once_with_its_outcome_and_time(press, client_of, alice):
    press()
    for outcome in ("better", "well"):
        press("end_reaction", **{"end-outcome": outcome})
    entry = ReactionEntry.objects.get()

    assert (entry.kind, entry.said) == ("end", "better")
    assert "better, went home" in page(client_of(alice), entry.case).content.decode()


def test_how_it_ended_is_asked_for_and_never_chosen_beforehand(press, client_of, alice):
    press()

    assert page(client_of(alice), Reaction.objects.get()).context["end_form"]["outcome"].value() is None
    assert press("end_reaction").status_code == 422
    assert press("end_reaction", **{"end-outcome": "unknown"}).status_code == 422
    assert not ReactionEntry.objects.exists()


def test_after_its_end_the_button_begins_another(press):
    press()
    press("end_reaction", **{"end-outcome": "well"})
    press()

    assert Reaction.objects.count() == 2


def test_how_it_ended_can_be_set_right_and_the_last_word_counts(press, client_of, alice, ana):
    """A wrong tap must not keep everybody from writing to a patient for good."""
    press()
    press("end_reaction", **{"end-outcome": "died"})
    assert not may_be_asked(ana)
    press("end_reaction", **{"end-outcome": "well"})  # a second tap of a page from before
    assert not may_be_asked(ana)
    press("end_reaction", **{"end-outcome": "well", "corrects": "1"})

    assert may_be_asked(ana)
    assert [one.said for one in ReactionEntry.objects.order_by("pk")] == ["died", "well"]
    assert "It ended in another way" in page(client_of(alice), Reaction.objects.get()).content.decode()
    assert reactions.end_of(Reaction.objects.get()).said == "well"


def test_one_that_was_none_counts_nowhere_and_stays_readable(press, client_of, alice, bob, by, ana):
    visit = make_visit(by, ana)
    actions.answer_today(visit=visit, answers=WELL, by=by)
    planned = plan(by, visit, make_syringe(by, visit))
    press()
    press("add_sign", said="hives")
    assert header(ana, by).last_reaction
    assert press("mistake", user=bob, why="wrong name").status_code == 404
    assert press("mistake", why=" ").status_code == 422
    assert press("mistake", why="it was another Ana").status_code == 302
    press("mistake", why="a second thought")

    assert header(ana, by).last_reaction == ""
    assert not reactions.has_reacted(ana)
    assert not [one for one in assessed(read(visit)).issues if one.rule == reacted.RULE and one.injections == (str(planned.seq),)]
    assert Task.objects.get(kind=reactions.TASK).state == "done"
    shown = page(client_of(alice), Reaction.objects.get()).content.decode()
    assert "it was another Ana" in shown and "a second thought" not in shown
    assert "it was another Ana" in reactions.entry_in_words(ReactionEntry.objects.get(kind="mistake"))
    press()
    assert Reaction.objects.count() == 2
    assert header(ana, by).last_reaction


def test_one_that_was_none_says_so_on_its_sheet_and_asks_for_nothing_more_of_it(press, sheet, client_of, alice, ana):
    press()
    press("add_epinephrine", **{"epinephrine-dose": "0.3"})
    offered = ("add_call", "add_epinephrine", "add_sign", "add_note")
    where = {"clinic": "harbor", "patient": ana.uid, "reaction": Reaction.objects.get().uid}
    said = "This was no reaction of the patient"
    assert said not in sheet()
    press("mistake", why="it was another Ana")

    assert said in sheet() and sheet().index(said) < sheet().index("Medicines")
    shown = page(client_of(alice), Reaction.objects.get()).content.decode()
    assert [one for one in offered if f'action="{reverse(f"visits:{one}", kwargs=where)}"' in shown] == ["add_note"]
    assert "data-since" not in shown
    press("add_sign", said="hives")  # of a page that was open before: kept all the same
    assert ReactionEntry.objects.filter(kind="sign").count() == 1


def test_one_that_was_none_and_ended_in_death_silences_nobody(press, ana):
    press()
    press("end_reaction", **{"end-outcome": "died"})
    press("mistake", why="it was another Ana")

    assert may_be_asked(ana)


def test_another_clinic_sees_nothing(press, client_of, charlie):
    press()

    assert page(client_of(charlie), Reaction.objects.get()).status_code == 404
    assert press("add_sign", user=charlie, said="hives").status_code == 404
    assert not ReactionEntry.objects.exists()


# --- from a page without a patient


WHO = reverse("visits:who_reacted", kwargs={"clinic": "harbor"})


def pressed_in(page):
    return re.search(r'name="pressed" value="([^"]+)"', page.content.decode())[1]


def test_every_page_has_the_button_whether_it_is_about_a_patient_or_not(client_of, alice, by, ana):
    browser = client_of(alice)
    where = {"clinic": "harbor", "patient": ana.uid}
    of_patient = browser.get(reverse("patients:health", kwargs=where)).content.decode()

    for route in ("home:today", "stock:shelf", "tasks:worklist"):
        assert f'href="{WHO}"' in browser.get(reverse(route, kwargs={"clinic": "harbor"})).content.decode()
    assert WHO not in of_patient and reverse("visits:begin_reaction", kwargs=where) in of_patient


def test_who_is_observed_is_offered_first_and_who_is_here_after(client_of, alice, by, ana):
    ben, carl = make_patient(by, "Ben Ortiz"), make_patient(by, "Carl Reed")
    make_visit(by, ben)
    actions.enter(visit=make_visit(by, carl), step="left", by=by)
    actions.observe(visit=make_visit(by, ana), minutes=15, by=by)

    offered = re.findall(r"patients/([0-9a-f-]+)/reactions/begin/", client_of(alice).get(WHO).content.decode())
    assert offered == [str(ana.uid), str(ben.uid)]


def test_who_came_yesterday_and_is_not_noted_as_left_is_not_said_to_be_here(client_of, alice, by, ana):
    with ago(days=1):
        visit = make_visit(by, ana)

    page = client_of(alice).get(WHO)
    assert (list(page.context["here"]), list(page.context["unsaid"])) == ([], [ana])
    assert f"patients/{ana.uid}/reactions/begin/" in page.content.decode()

    actions.enter(visit=visit, step="left", by=by)
    assert f"patients/{ana.uid}/reactions/begin/" not in client_of(alice).get(WHO).content.decode()


def test_the_time_is_that_of_the_first_press(client_of, alice, press, by, ana):
    with ago(minutes=2):
        pressed_at = timezone.now()
        make_visit(by, ana)
        page = client_of(alice).get(WHO)
    press(pressed=pressed_in(page))

    assert abs(Reaction.objects.get().began_at - pressed_at) < datetime.timedelta(seconds=5)


def test_the_time_is_that_of_the_first_press_for_who_is_looked_for_too_and_each_has_a_date(client_of, alice, press, by, ana):
    """Two may have one name, and who is not noted as being here is found below, by POST: no name stands in an address."""
    with ago(minutes=2):
        pressed_at = timezone.now()
        pressed = pressed_in(client_of(alice).get(WHO))
    found = client_of(alice).post(WHO, {"q": ana.family_name, "pressed": pressed})

    assert re.findall(r"patients/([0-9a-f-]+)/reactions/begin/", found.content.decode()) == [str(ana.uid)]
    assert words.day(ana.birth_date) in found.content.decode()
    press(pressed=pressed_in(found))
    assert abs(Reaction.objects.get().began_at - pressed_at) < datetime.timedelta(seconds=5)


def test_who_is_looked_for_in_another_clinic_is_not_found(client_of, charlie, other_clinic, ana):
    url = reverse("visits:who_reacted", kwargs={"clinic": other_clinic.slug})

    assert client_of(charlie).post(WHO, {"q": ana.family_name}).status_code == 404
    assert str(ana.uid) not in client_of(charlie).post(url, {"q": ana.family_name}).content.decode()


@pytest.mark.parametrize("how", ["made up", "long ago"])
def test_a_time_that_is_made_up_or_long_ago_is_now(client_of, alice, press, by, ana, how):
    with ago(minutes=16):
        make_visit(by, ana)
        page = client_of(alice).get(WHO)
    before = timezone.now()
    press(pressed="2020-01-01T00:00:00" if how == "made up" else pressed_in(page))

    assert Reaction.objects.get().began_at >= before


def test_who_is_here_in_another_clinic_is_named_to_nobody(client_of, alice, charlie, other_clinic, by, ana):
    elsewhere = at_work(charlie, other_clinic)
    actions.observe(visit=make_visit(by, ana), minutes=15, by=by)
    make_visit(by, make_patient(by, "Ben Ortiz"))
    dora = make_patient(elsewhere, "Dora Elsewhere")
    make_visit(elsewhere, dora)
    own = client_of(charlie).get(reverse("visits:who_reacted", kwargs={"clinic": other_clinic.slug})).content.decode()

    assert client_of(charlie).get(WHO).status_code == 404
    assert re.findall(r"patients/([0-9a-f-]+)/reactions/begin/", own) == [str(dora.uid)]
    assert str(dora.uid) not in client_of(alice).get(WHO).content.decode()


def test_who_is_not_here_or_stands_on_a_struck_visit_is_not_offered(client_of, alice, by, ana):
    """Once is enough for who is watched; who came yesterday and has not left may be here still."""
    with ago(days=1):
        make_visit(by, make_patient(by, "Yves Still"))
    with ago(days=2):
        make_visit(by, make_patient(by, "Zoe Long"))
    struck = make_visit(by, ana)
    actions.observe(visit=struck, minutes=15, by=by)
    signing.ask_to_strike(visit=struck, why="another Ana", by=by)
    signing.strike(visit=struck, by=at_work(make_person(by.clinic, "Dora Second", "practitioner"), by.clinic))
    said = client_of(alice).get(WHO).content.decode()

    offered = re.findall(r"patients/([0-9a-f-]+)/reactions/begin/", said)
    assert (len(offered), "Yves" in said, "Zoe" in said, str(ana.uid) in said) == (1, True, False, False)


def test_what_nobody_has_marked_as_given_says_so_where_the_time_stands(by, ana):
    visit = make_visit(by, ana)
    syringe = make_syringe(by, visit)
    given = plan(by, visit, syringe)
    actions.mark(injection=given, status="given", why="was in", by=by)
    plan(by, visit, syringe, point="LI11")
    given.refresh_from_db()

    with timezone.override(by.clinic.tzinfo):
        first = [row[0] for row in ambulance_values(reactions.begin(patient=ana, by=by))["given"]]
        assert first == [words.clock(given.given_at), "only planned"]


def test_the_sheet_tells_what_happened_in_its_order(by, ana):
    """The epinephrine may have been in before somebody had a hand free for the button."""
    made = reactions.begin(patient=ana, by=by)
    before = made.began_at - datetime.timedelta(minutes=2)
    reactions.add_entry(reaction=made, kind="epinephrine", dose_mg=Decimal("0.3"), at=before, by=by)

    with timezone.override(by.clinic.tzinfo):
        assert [row[1] for row in ambulance_values(made)["course"]] == ["epinephrine 0.3\xa0mg given", "the reaction is noticed"]


def test_among_earlier_ones_one_that_was_none_says_so(press, client_of, alice, by, ana):
    reactions.take_back(reaction=reactions.begin(patient=ana, by=by), why="a slip", by=by)
    page = client_of(alice).get(press().url).content.decode()

    assert "was none of this patient" in page[page.index('id="earlier"'):]
