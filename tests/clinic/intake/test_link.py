"""What stands behind a link, and who gets there."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from clinic.intake.filling import DOOR, Filling, handed, opened, secret_in
from clinic.patients.people import make_patient
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.intake import actions_forms, door
from waterneedle.clinic.intake.actions_forms import CannotBeSent
from waterneedle.clinic.intake.models import Form
from waterneedle.clinic.outbox.letters import unsealed
from waterneedle.clinic.outbox.models import Letter, Link


@pytest.fixture
def filling(by, ana):
    return handed(by, ana)


def is_closed(answer) -> bool:
    return answer.status_code == 410 and "closed" in answer.content.decode()


# --- the door


def test_before_the_door_nothing_of_the_patient_shows(filling):
    shown = filling.get().content.decode()

    assert "Date of birth" in shown
    assert not any(word in shown for word in ("Ana", "Ruiz", "1982"))
    for page in ("reason/", "health/", "send/", "consent/", "chart/", "flat/", "reason/draft/", "find/allergy/"):
        answer = filling.get(page)
        assert (answer.status_code, answer.url) == (302, filling.url()), page


def test_the_door_opens_to_the_first_name_and_the_date_of_birth(filling):
    answer = filling.knock()

    assert (answer.status_code, answer.url) == (302, filling.url("reason/"))
    assert filling.get("reason/").status_code == 200
    assert Form.objects.get().opened_at


@pytest.mark.parametrize(
    "wrong", [{"name": "Eva"}, {"day": "15"}, {"month": "4"}, {"year": "1983"}, {"name": ""}, {"day": "31", "month": "2"}]
)
def test_it_does_not_to_anything_else(filling, wrong):
    assert filling.knock(**wrong).status_code == 422
    assert filling.get("reason/").status_code == 302


@pytest.mark.parametrize(
    ("given", "preferred", "said"),
    [
        ("José María", "", "jose"),
        ("José María", "", "JOSÉ MARÍA"),
        ("Ana", "Nita", "nita"),
        ("小明", "", "小明"),
        ("O'Brien", "", "obrien"),
        ("Ana", "", " ana ruiz "),
    ],
)
def test_names_are_known_as_people_write_them(by, given, preferred, said):
    patient = make_patient(by, given_name=given, preferred_name=preferred)

    assert door.knows(patient, said, datetime.date(1982, 3, 14))
    assert not door.knows(patient, "x", datetime.date(1982, 3, 14))
    assert not door.knows(patient, said, datetime.date(1982, 3, 15))


def test_without_a_date_of_birth_no_form_is_made(by):
    patient = make_patient(by, birth_date=None)

    with pytest.raises(CannotBeSent):
        handed(by, patient)
    assert not door.knows(patient, "Ana", None)


def test_after_five_wrong_answers_the_link_is_closed_for_good(filling):
    answers = [filling.knock(year="1990") for _ in range(door.MOST_WRONG)]

    assert [one.status_code for one in answers] == [422] * (door.MOST_WRONG - 1) + [410]
    assert is_closed(filling.knock())
    assert Form.objects.get().state_at(timezone.now()) == "locked"
    assert Entry.objects.filter(action="lock", kind="form").count() == 1


def test_a_right_answer_forgives_the_wrong_ones(filling):
    for _ in range(door.MOST_WRONG - 1):
        filling.knock(year="1990")
    filling.knock()

    assert Form.objects.get().wrong_answers == 0


# --- the link


def test_another_browser_with_the_same_link_stands_before_the_door(by, ana):
    first = opened(by, ana)
    second = Filling(first.form, first.secret)

    assert second.get("reason/").status_code == 302


def test_the_door_of_one_patient_opens_nothing_of_another(by, ana):
    eva = make_patient(by, "Eva Lind", birth_date=datetime.date(1990, 1, 2))
    mine, theirs = opened(by, ana), handed(by, eva)
    theirs.browser = mine.browser

    assert theirs.get("reason/").status_code == 302
    assert theirs.knock().status_code == 422
    assert mine.get("reason/").status_code == 200


def test_two_forms_of_two_patients_in_two_tabs_never_mix(by, ana):
    eva = make_patient(by, "Eva Lind", birth_date=datetime.date(1990, 1, 2))
    mine, theirs = opened(by, ana), handed(by, eva)
    theirs.browser = mine.browser
    theirs.knock(name="Eva", day="2", month="1", year="1990")
    mine.post("reason/", complaint="Ana's knee")
    theirs.post("reason/", complaint="Eva's hip")

    assert "knee" in mine.get("reason/").content.decode() and "hip" not in mine.get("reason/").content.decode()
    assert [one.typed["reason"]["complaint"] for one in Form.objects.order_by("pk")] == ["Ana's knee", "Eva's hip"]


def test_a_link_that_was_used_opens_no_more(by, ana):
    filling = opened(by, ana)
    answer = filling.send()

    assert (answer.status_code, "Thank you" in answer.content.decode()) == (200, True)
    for page in ("", "reason/", "send/"):
        assert is_closed(filling.get(page))
    assert is_closed(filling.post("reason/", complaint="later"))
    assert is_closed(filling.send())


def test_a_link_grows_old(by, ana):
    filling = opened(by, ana)
    Form.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))

    assert is_closed(filling.get("reason/"))
    assert Form.objects.get().state_at(timezone.now()) == "expired"


@pytest.mark.parametrize("secret", ["x", "x" * 43, "-"])
def test_what_nobody_was_sent_opens_nothing(client, db, secret):
    assert is_closed(client.get(f"/f/{secret}/"))
    assert is_closed(client.post(f"/f/{secret}/", DOOR))


def test_a_link_for_something_else_opens_no_form(by, ana, client):
    from waterneedle.clinic.outbox import links

    filling = handed(by, ana)
    other = links.issue(
        clinic=ana.clinic,
        purpose="check-in",
        patient=ana,
        about=filling.form.uid,
        expires_at=timezone.now() + datetime.timedelta(days=1),
    )

    assert is_closed(client.get(f"/f/{other}/"))


def test_a_form_that_was_taken_back_opens_no_more_and_what_was_typed_stays(by, ana):
    filling = opened(by, ana)
    filling.post("reason/", complaint="knee")
    actions_forms.end_form(form=filling.form, by=by)

    assert is_closed(filling.get("reason/"))
    assert Form.objects.get().typed["reason"] == {"complaint": "knee"}


# --- the letter


@pytest.fixture
def mailed(by):
    return make_patient(by, email="ana@example.org", language="es")


def letter():
    return unsealed(Letter.objects.order_by("pk").last()).decode()


def test_the_letter_holds_the_link_in_the_patients_language_and_nothing_about_health(by, mailed):
    form = actions_forms.send_form(patient=mailed, kind="questions", language="es", by=by)
    text = letter()

    assert (Letter.objects.get().addresses, Letter.objects.get().language) == (["ana@example.org"], "es")
    assert not any(word in text for word in ("Ana", "Ruiz", "injection", "acupuncture point", "health", "salud"))
    assert Link.objects.get(purpose="intake form").about == str(form.uid)
    assert Filling(form, secret_in(text)).knock().status_code == 302


def test_sending_again_keeps_what_was_typed_and_closes_the_link_before(by, mailed):
    form = actions_forms.send_form(patient=mailed, kind="questions", language="en", by=by)
    first = Filling(form, secret_in(letter()))
    first.knock()
    first.post("reason/", complaint="knee")
    actions_forms.send_again(form=form, by=by)
    second = Filling(form, secret_in(letter()))
    second.knock()

    assert is_closed(first.get("reason/"))
    assert "knee" in second.get("reason/").content.decode()


def test_without_an_address_nothing_is_sent(by, ana):
    with pytest.raises(CannotBeSent):
        actions_forms.send_form(patient=ana, kind="questions", language="en", by=by)

    assert not Form.objects.exists() and not Link.objects.exists()


def test_the_language_can_be_changed_before_the_door(by, ana):
    filling = handed(by, ana)
    filling.browser.post(filling.url("language/"), {"language": "zh-hans"})
    shown = filling.get()

    assert 'lang="zh-hans"' in shown.content.decode()
    filling.browser.post(filling.url("language/"), {"language": "xx"})
    assert Form.objects.get().language == "zh-hans"
