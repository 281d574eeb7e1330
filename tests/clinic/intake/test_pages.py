"""The pages of the staff: what Alice reads and decides, what Bob may see of it, and that Charlie sees nothing."""

from __future__ import annotations

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clinic.intake.filling import Filling, opened, secret_in
from clinic.intake.signing import added, signed
from clinic.patients.people import at_work, make_patient
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.database.rows import uuid7
from waterneedle.clinic.intake import actions_consent, wording
from waterneedle.clinic.intake.models import ConsentText, Form, Review, Said, Withdrawal
from waterneedle.clinic.outbox.letters import unsealed
from waterneedle.clinic.outbox.models import Letter
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.patients.queries import health_of
from waterneedle.clinic.tasks.models import Task

HOSTILE = "<script>alert(1)</script>"
EIGHT = timezone.now().date() - datetime.timedelta(days=3000)  # years old, about


def url(name, patient, **more):
    return reverse(f"intake:{name}", kwargs={"clinic": patient.clinic.slug, "patient": patient.uid, **more})


@pytest.fixture
def sent(by, ana):
    """A questionnaire that was sent back: an allergy, no medicines, a weight, a reaction."""
    filling = opened(by, ana)
    filling.post("reason/", complaint="the secret of the knee")
    filling.post("allergies/", to_latex="yes")
    filling.post("medicines/", any="no")
    filling.post("body/", weight="70 kg")
    filling.post("before/", reacted="yes", reaction="fell down")
    filling.send()
    return Form.objects.get()


# --- status


def sends_a_link(page: str) -> bool:
    """Whether the first button that sends a link can be pressed."""
    return "disabled" not in re.search(r'<button class="button" name="once"[^>]*>', page)[0]


def test_a_link_is_sent_to_whoever_is_reached(by, bob, client_of, settings):
    page_of = client_of(bob)
    child = make_patient(by, "Kim Ruiz", birth_date=EIGHT, phone="+1 206 555 0123")
    grown = make_patient(by, "Rosa Vidal", phone="+1 206 555 0150")
    assert [sends_a_link(page_of.get(url("forms", one)).content.decode()) for one in (child, grown)] == [False, False]

    settings.SMS_URL = "https://sms.example/send"
    mother = {"name": "Maria Ruiz", "relation": "mother", "phone": "", "email": "maria@example.org", "may_consent": True}
    patients.add_guardian(patient=child, fields=mother, by=by)
    assert [sends_a_link(page_of.get(url("forms", one)).content.decode()) for one in (child, grown)] == [True, True]

    page_of.post(url("send", child, kind="questions"))
    page_of.post(url("send", grown, kind="questions"))
    assert [one.addresses for one in Letter.objects.order_by("pk")] == [["maria@example.org"], ["+12065550150"]]
    assert page_of.get(url("forms", child)).content.decode().count("Send again") == 1


def test_a_childs_own_address_sends_no_link(by, bob, client_of):
    child = make_patient(by, "Kim Ruiz", birth_date=EIGHT, email="kim@example.org")

    assert not sends_a_link(client_of(bob).get(url("forms", child)).content.decode())


def test_with_nothing_yet_the_page_says_how_to_begin(bob, ana, client_of):
    page = client_of(bob).get(url("forms", ana)).content.decode()

    assert "No consent yet" in page and "Open on this device" in page
    assert Entry.objects.filter(action="read", kind="forms").exists()


def test_the_desk_sees_status_and_nothing_that_is_said(by, bob, ana, sent, client_of):
    signed(by, ana, "homeopathic")
    browser = client_of(bob)
    page = browser.get(url("forms", ana)).content.decode()

    assert "sent back" in page and "in force" in page
    assert not any(word in page for word in ("knee", "latex", "Latex", "omeopath", "to go through"))
    for address in (url("review", ana, form=sent.uid), url("prepare", ana)):
        assert browser.get(address).status_code == 404


@pytest.mark.parametrize("person", ["bob", "instructor", "auditor", "owner", "charlie"])
def test_who_may_not_read_charts_reads_no_answers_and_no_consent(by, ana, sent, person, request, client_of):
    consent = signed(by, ana)
    browser = client_of(request.getfixturevalue(person))
    said = Said.objects.first()

    for name, more in (
        ("review", {"form": sent.uid}),
        ("consent", {"consent": consent.uid}),
        ("printed", {"consent": consent.uid}),
        ("prepare", {}),
    ):
        assert browser.get(url(name, ana, **more)).status_code == 404, name
    for name, more in (
        ("accept_all", {"form": sent.uid}),
        ("withdraw", {"consent": consent.uid}),
        ("add_lines", {"consent": consent.uid}),
        ("decide", {"form": sent.uid, "said": said.uid}),
    ):
        assert browser.post(url(name, ana, **more), {"decision": "accepted", "said_by": "patient"}).status_code == 404, name
    assert not Review.objects.exists() and not Withdrawal.objects.exists()


def test_charlie_sees_nothing_in_either_clinic(by, ana, sent, charlie, other_clinic, client_of):
    browser = client_of(charlie)
    theirs = make_patient(at_work(charlie, other_clinic), "Eva Lind")
    consent = signed(by, ana)

    assert browser.get(url("forms", ana)).status_code == 404
    assert browser.get(url("forms", theirs)).status_code == 200
    for name, more in (("review", {"form": sent.uid}), ("consent", {"consent": consent.uid})):
        assert browser.get(url(name, theirs, **more)).status_code == 404
    for name in ("end", "again"):
        more = {"form": sent.uid} | ({"way": "code"} if name == "again" else {})
        assert browser.post(url(name, theirs, **more)).status_code == 404


def test_a_form_of_another_patient_is_not_found_on_this_ones_pages(by, ana, sent, alice, client_of):
    eva = make_patient(by, "Eva Lind")
    browser, consent, said = client_of(alice), signed(by, ana), Said.objects.first()

    for name, more in (("review", {"form": sent.uid}), ("consent", {"consent": consent.uid})):
        assert browser.get(url(name, eva, **more)).status_code == 404
    assert browser.post(url("decide", eva, form=sent.uid, said=said.uid), {"decision": "accepted"}).status_code == 404
    assert browser.get(url("review", ana, form=uuid7())).status_code == 404


def test_one_form_and_three_take_the_same_queries(by, ana, bob, client_of):
    browser, counts = client_of(bob), []
    for more in (1, 2):
        for _ in range(more):
            opened(by, ana).send()
        browser.get(url("forms", ana))
        with CaptureQueriesContext(connection) as asked:
            browser.get(url("forms", ana))
        counts.append(len(asked))

    assert counts[0] == counts[1] <= 18


# --- bringing a form to the patient


def test_the_desk_sends_a_link(by, bob, client_of):
    ana = make_patient(by, email="ana@example.org")
    client_of(bob).post(url("send", ana, kind="questions"), {"language": "es"})
    form = Form.objects.get()

    assert (form.kind, form.way, form.language, form.made_by) == ("questions", "link", "es", bob)
    assert Filling(form, secret_in(unsealed(Letter.objects.get()).decode())).knock().status_code == 302


def test_opening_here_signs_the_staff_out_of_this_browser(bob, ana, client_of):
    browser = client_of(bob)
    answer = browser.post(url("open_here", ana, kind="questions"))

    assert answer.url.startswith("/f/")
    assert browser.get(url("forms", ana)).status_code == 302
    page = browser.get(answer.url).content.decode()
    assert not any(word in page for word in ("/c/harbor", "Bob", "Ana", "Sign out"))


def test_a_code_leads_to_the_form(bob, ana, client_of):
    page = client_of(bob).post(url("code", ana, kind="consent")).content.decode()

    assert "<svg" in page
    filling = Filling(Form.objects.get(), secret_in(page))
    filling.knock()
    assert "Vitamin B-12 in its forms" in filling.get("consent/").content.decode()
    assert Form.objects.get().wants["lines"] == [one.id for one in wording.shipped("en")[1].lines if one.usual]


@pytest.mark.parametrize("name", ["send", "open_here", "code"])
def test_without_a_date_of_birth_it_is_said_what_is_missing(by, bob, client_of, name):
    ana = make_patient(by, birth_date=None, email="ana@example.org")
    page = client_of(bob).post(url(name, ana, kind="questions"), follow=True).content.decode()

    assert "date of birth first" in page
    assert not Form.objects.exists()


def test_a_form_is_gone_on_with_here_and_taken_back(by, bob, ana, client_of):
    filling = opened(by, ana)
    filling.post("reason/", complaint="knee")
    page = client_of(bob).post(url("again", ana, form=filling.form.uid, way="code")).content.decode()
    again = Filling(filling.form, secret_in(page))
    again.knock()

    assert "knee" in again.get("reason/").content.decode()
    assert filling.get("reason/").status_code == 410
    client_of(bob).post(url("end", ana, form=filling.form.uid))
    assert again.get("reason/").status_code == 410


# --- going through the answers


def decided(browser, ana, sent, kind, decision, **more):
    said = Said.objects.get(kind=kind)
    typed = {f"{said.uid}-{name}": value for name, value in more.items() if name != "note"} | {"note": more.get("note", "")}
    return browser.post(url("decide", ana, form=sent.uid, said=said.uid), {"decision": decision, **typed})


def test_a_practitioner_takes_answers_as_they_were_said(alice, ana, sent, client_of):
    browser = client_of(alice)
    for kind in ("none", "measure", "allergy", "note"):
        assert decided(browser, ana, sent, kind, "accepted").status_code == 302
    known = health_of(ana)

    assert known.facts["medication"] == ()
    assert (str(known.measures["weight_kg"].value), known.measures["weight_kg"].said_by) == ("70.00", "patient")
    assert Task.objects.get().state == "done"


def test_a_correction_ends_what_was_said_and_enters_what_is_right(alice, ana, sent, client_of):
    browser = client_of(alice)
    decided(browser, ana, sent, "allergy", "corrected", said="nickel", reaction="rash", severity="mild")
    decided(browser, ana, sent, "measure", "corrected", value="72.5")
    (allergy,) = health_of(ana).facts["allergy"]

    assert (allergy.said, allergy.concept, allergy.reaction, allergy.severity) == ("nickel", "nickel", "rash", "mild")
    assert str(health_of(ana).measures["weight_kg"].value) == "72.50"
    assert Said.objects.get(kind="allergy").says["said"] == "Latex"
    assert Said.objects.get(kind="allergy").fact.ended_why == "corrected"


def test_what_is_not_taken_is_ended_with_the_reason(alice, ana, sent, client_of):
    decided(client_of(alice), ana, sent, "allergy", "declined", note="a misunderstanding")

    assert health_of(ana).facts["allergy"] is None
    assert Said.objects.get(kind="allergy").fact.ended_why == "a misunderstanding"


def test_none_does_not_overwrite_what_is_on_file(by, alice, ana, sent, client_of):
    patients.add_fact(patient=ana, kind="medication", said="warfarin", by=by)
    browser = client_of(alice)
    page = browser.post(
        url("decide", ana, form=sent.uid, said=Said.objects.get(kind="none").uid), {"decision": "accepted"}, follow=True
    )

    assert "entries of this kind that hold" in page.content.decode()
    assert [one.said for one in health_of(ana).facts["medication"]] == ["warfarin"]
    browser.post(url("accept_all", ana, form=sent.uid))
    assert [one.kind for one in Said.objects.filter(reviews=None)] == ["none"]
    assert Task.objects.get().state != "done"


def test_everything_is_taken_at_once_and_only_once(alice, ana, sent, client_of):
    browser = client_of(alice)
    browser.post(url("accept_all", ana, form=sent.uid))
    answer = decided(browser, ana, sent, "measure", "corrected", value="80")

    assert answer.status_code == 302
    assert str(health_of(ana).measures["weight_kg"].value) == "70.00"
    assert Review.objects.count() == Said.objects.count()


def test_a_correction_that_cannot_be_is_said_and_kept(alice, ana, sent, client_of):
    answer = decided(client_of(alice), ana, sent, "measure", "corrected", value="7000")

    assert answer.status_code == 422
    assert "7000" in answer.content.decode() and "Check the unit" in answer.content.decode()
    assert not Review.objects.exists()


def test_the_page_shows_what_was_said_and_what_was_left_open(alice, ana, sent, client_of):
    page = client_of(alice).get(url("review", ana, form=sent.uid)).content.decode()

    assert "the secret of the knee" in page and "Not answered:" in page and "No medicines" in page
    assert Entry.objects.filter(action="read", kind="answers").exists()


# --- consent


def test_a_practitioner_chooses_what_a_consent_covers(alice, ana, client_of):
    page = (
        client_of(alice)
        .post(
            url("prepare", ana),
            {"lines": ["homeopathic", "lung"], "course": HOSTILE, "until": "", "language": "en", "way": "code"},
        )
        .content.decode()
    )
    filling = Filling(Form.objects.get(), secret_in(page))
    filling.knock()
    shown = filling.get("consent/").content.decode()

    assert "In the United States no injectable homeopathic is approved" in shown and "Vitamin B-12 in its forms" not in shown
    assert HOSTILE not in shown and "&lt;script&gt;" in shown


def test_with_no_line_chosen_nothing_is_made(alice, ana, client_of):
    assert client_of(alice).post(url("prepare", ana), {"language": "en", "way": "code"}).status_code == 422
    assert not Form.objects.exists()


def test_a_consent_is_shown_as_it_was_signed_with_what_became_of_it(by, alice, ana, client_of):
    consent = signed(by, ana, "b12", "lung", agreed=("b12",), course=HOSTILE, interpreter=HOSTILE, typed=HOSTILE)
    added(by, consent, "saline")
    for name in ("consent", "printed"):
        page = client_of(alice).get(url(name, ana, consent=consent.uid)).content.decode()
        assert HOSTILE not in page and "&lt;script&gt;" in page
        assert "not agreed" in page and consent.hash in page and "as it was signed" in page and "Saline" in page
    assert Entry.objects.filter(action="read", kind="consent").count() == 2


def test_a_line_or_all_of_it_is_taken_back(by, alice, ana, client_of):
    consent = signed(by, ana, "b12", "lung")
    browser = client_of(alice)
    browser.post(url("withdraw", ana, consent=consent.uid), {"line": "lung", "said_by": "patient", "why": "afraid"})
    page = browser.get(url("consent", ana, consent=consent.uid)).content.decode()

    assert "in force" in page and "afraid" in page
    browser.post(url("withdraw", ana, consent=consent.uid), {"line": "", "said_by": "patient", "why": ""})
    assert "taken back" in browser.get(url("forms", ana)).content.decode()
    assert browser.get(url("add_lines", ana, consent=consent.uid)).status_code == 302


def test_lines_that_are_in_force_are_not_offered_again(by, alice, ana, client_of):
    consent = signed(by, ana, "b12", now=timezone.now())
    page = client_of(alice).get(url("add_lines", ana, consent=consent.uid)).content.decode()

    assert re.findall(r'value="(b12|lung)"', page) == ["lung"]


# --- the clinic's words


def wording_url(clinic, language="en"):
    return reverse("intake:wording", kwargs={"clinic": clinic.slug, "language": language})


def typed_in(form):
    return {
        name: form.get_initial_for_field(field, name)
        for name, field in form.fields.items()
        if form.get_initial_for_field(field, name)
    }


def test_the_owner_changes_the_words_and_a_line_of_their_own_is_known_to_the_check(by, owner, clinic, ana, client_of):
    browser = client_of(owner)
    form = browser.get(wording_url(clinic)).context["form"]
    typed = typed_in(form) | {
        "section_choice": "Our own words.\r\n\r\nA second paragraph.",
        "line_b12": "Shorter.",
        "new_title": "Ozone",
        "new_text": "A gas.",
        "new_kind": "product",
        "new_covers": "ozone, o3",
    }
    assert browser.post(wording_url(clinic), typed).status_code == 302
    words = wording.read(actions_consent.text_in_force(clinic=clinic, language="en", by=by).words)

    assert next(one.text for one in words.sections if one.id == "choice") == ("Our own words.", "A second paragraph.")
    assert [(one.id, one.covers) for one in words.lines][-1] == ("own_1", ("ozone", "o3"))
    assert words.lines_of(["b12"])[0].sources == () and words.lines_of(["homeopathic"])[0].sources
    assert ConsentText.objects.count() == 2
    assert signed(by, ana, "own_1").says["lines"][0]["covers"] == ["ozone", "o3"]


def test_words_that_did_not_change_stay_the_version_they_are(owner, clinic, client_of):
    browser = client_of(owner)
    browser.post(wording_url(clinic), typed_in(browser.get(wording_url(clinic)).context["form"]))

    assert ConsentText.objects.count() == 1


def test_only_the_owner_changes_words(alice, bob, charlie, clinic, client_of):
    for person in (alice, bob, charlie):
        assert client_of(person).get(wording_url(clinic)).status_code == 404
    assert not ConsentText.objects.exists()


def test_a_new_line_without_a_name_for_the_check_is_not_taken(owner, clinic, client_of):
    browser = client_of(owner)
    typed = typed_in(browser.get(wording_url(clinic)).context["form"]) | {"new_title": "Ozone"}

    assert browser.post(wording_url(clinic), typed).status_code == 422


def test_what_was_painted_is_shown_as_a_picture_to_who_reads_charts(by, ana, alice, bob, client_of):
    filling = opened(by, ana)
    filling.post("pain/", drawing="[[1019,13,6]]")
    filling.send()
    address = url("pain", ana, form=filling.form.uid)
    answer = client_of(alice).get(address)

    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert "#d6578c" in answer.content.decode()
    assert address in client_of(alice).get(url("review", ana, form=filling.form.uid)).content.decode()
    assert client_of(bob).get(address).status_code == 404
