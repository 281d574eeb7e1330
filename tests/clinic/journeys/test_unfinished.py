"""What is typed outlives a browser that dies and a server that dies: in a real browser, on the real server, both killed."""
from __future__ import annotations

import os
import re
import signal
from contextlib import closing, contextmanager

import pytest
from django.conf import settings
from django.db import connection, connections
from playwright.sync_api import Error, expect

from clinic.disasters.load import born
from clinic.journeys.accessibility import assert_accessible
from clinic.patients.people import at_work
from clinic.people import PASSWORD, make_clinic, make_person, signed_in
from clinic.visits.charting import WELL, make_ready_patient, make_syringe, make_visit, plan
from tests.browser import launched
from waterneedle.clinic.accounts.models import Unfinished
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.visits import actions, reactions, signing
from waterneedle.clinic.visits.models import Amendment

of_the_one_server = pytest.mark.skipif(connection.vendor != "sqlite", reason="about the one server of an SQLite file")
TOLD = "She called at noon: a bruise of two centimetres, no pain, no warmth."


@pytest.fixture
def by(committed_db):
    clinic = make_clinic("harbor", "Harbor Acupuncture")
    return at_work(make_person(clinic, "Alice Archer", Role.PRACTITIONER), clinic)


@pytest.fixture
def visit(by):
    """Charted and given, not signed."""
    ana = make_ready_patient(by)
    made = make_visit(by, ana, why="knee pain")
    actions.answer_today(visit=made, answers=WELL, by=by)
    plan(by, made, make_syringe(by, made))
    actions.give_all(visit=made, by=by)
    return made


def sign(visit, by):
    proof = signing.mint(visit=visit, user=by.user, session_key="s", method="passkey")
    signing.sign(visit=visit, proof=proof.uid, session_key="s", by=by)


def address(visit):
    return f"/c/harbor/visits/patients/{visit.patient.uid}/{visit.uid}/"


@of_the_one_server
def test_browser_and_server_are_killed_and_the_words_are_there(driver, by, visit):
    sign(visit, by)
    connections.close_all()
    server, port = born()
    chromium = launched(driver, "--disable-gpu")
    page = opened(chromium, port, by.user)
    page.goto(f"http://localhost:{port}{address(visit)}")
    page.get_by_text("Add an amendment").click()
    page.get_by_label("Amendment").type(TOLD, delay=60)  # on and on, more than three seconds
    page.wait_for_timeout(3000)
    both_die(chromium, server)

    with both_again(driver, by.user) as (page, port):
        page.goto(f"http://localhost:{port}{address(visit)}")
        expect(page.get_by_label("Amendment")).to_have_value(TOLD)
        expect(page.get_by_label("Amendment")).to_be_visible()
        expect(page.get_by_text("Taken up where you left at")).to_be_visible()
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_text(TOLD)).to_be_visible()
        assert page.get_by_label("Amendment").input_value() == ""
    assert Amendment.objects.get().text == TOLD
    assert not Unfinished.objects.exists()


@of_the_one_server
def test_browser_and_server_are_killed_and_no_text_of_a_visit_or_of_the_day_is_gone(driver, by, visit):
    """Each text in a tab of its own, so that all are typed when both die."""
    plan(by, visit, visit.syringes.get(), "LI11")
    reaction = reactions.stamp(patient=visit.patient, by=by, visit=visit)
    of_patient = f"/c/harbor/visits/patients/{visit.patient.uid}"
    texts = {  # where it is typed: the page, what is opened before, the field
        "why today": (address(visit), [], "#visit_why"),
        "the line": (address(visit), [], "#line"),
        "the reason to strike it": (address(visit), ["details.ask summary"], "form[action$='/strike/'] [name=why]"),
        "what was seen": (address(visit), ["#change-2"], "#i2_reaction"),
        "why it was stopped": (address(visit), ["#change-2"], "#why-2"),
        "a note to the reaction": (f"{of_patient}/reactions/{reaction.uid}/", [], "#note-form :is(textarea, [type=text])"),
        "why there was none": (
            f"{of_patient}/reactions/{reaction.uid}/", ["details.ask summary"], "#mistake-form :is(textarea, [type=text])"),
        "how somebody was stuck": ("/c/harbor/home/close/", [], "[name=how]"),
    }
    connections.close_all()
    server, port = born()
    chromium = launched(driver, "--disable-gpu")
    first = opened(chromium, port, by.user)
    for name, place in texts.items():
        at_field(first.context.new_page(), port, place).type(f"{name}, as it was told")
    first.wait_for_timeout(3000)
    both_die(chromium, server)

    with both_again(driver, by.user) as (page, port):
        for name, place in texts.items():
            expect(at_field(page, port, place)).to_have_value(re.compile(f"{name}, as it was told"))


def both_die(chromium, server):
    with pytest.raises(Error):
        chromium.new_browser_cdp_session().send("Browser.crash")
    os.killpg(server.pid, signal.SIGKILL)
    server.wait()


@contextmanager
def both_again(driver, user):
    """A new browser of `user` on a new server, and its port."""
    connections.close_all()
    server, port = born()
    try:
        with closing(launched(driver, "--disable-gpu")) as chromium:
            page = opened(chromium, port, user)
            yield page, port
            page.context.close()
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def at_field(page, port, place):
    """The field of a text, where it shows; what holds it is opened unless it stands open by itself."""
    path, opens, selector = place
    page.goto(f"http://localhost:{port}{path}", timeout=60_000)
    page.wait_for_function("!document.getElementById('visit') || document.querySelector('#visit.is-live')")
    field = page.locator(selector).first
    for opener in opens:
        if not field.is_visible():
            page.locator(opener).first.click()
    field.wait_for()
    return field


def opened(chromium, port, user):
    context = chromium.new_context(locale="en-US")
    cookie = signed_in(user).cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "domain": "localhost", "path": "/"}])
    connections.close_all()
    page = context.new_page()
    page.set_default_timeout(20_000)
    return page


def test_what_stood_in_an_opened_change_is_there_again_and_nothing_that_was_changed_meanwhile(by, visit, site, page_of):
    one = visit.injections.get()
    page = page_of(by.user)
    page.goto(f"{site}{address(visit)}")
    page.get_by_role("link", name="Change ST36").click()
    page.locator("[name=reaction]").type("a small wheal, pale")
    page.locator("[name=depth_mm]").fill("12")
    expect(page.get_by_text("not sent yet").first).to_be_visible()
    page.context.close()
    actions.change(injection=one, fields={"depth_mm": 8}, by=by)

    page = page_of(by.user)
    page.goto(f"{site}{address(visit)}")
    page.get_by_role("link", name="Change ST36").click()
    expect(page.locator("[name=reaction]")).to_have_value("a small wheal, pale")
    assert page.locator("[name=depth_mm]").input_value() == "8"
    expect(page.get_by_text("what you typed is not filled in")).to_contain_text("12")


def test_amounts_of_a_syringe_and_of_each_injection_are_there_again_until_they_are_charted(by, visit, site, page_of):
    page = page_of(by.user)
    page.goto(f"{site}{address(visit)}")
    page.locator("#each [name=each_ml]").fill("0.3")
    page.get_by_text("Another syringe").click()
    page.locator("[data-load] [name=volume_ml]").fill("2.5")
    page.locator("[data-load]").get_by_text("not sent yet").wait_for()
    page.wait_for_timeout(2500)
    page.context.close()

    page = page_of(by.user)
    page.goto(f"{site}{address(visit)}")
    expect(page.locator("[data-load] [name=volume_ml]")).to_be_visible()
    expect(page.locator("[data-load] [name=volume_ml]")).to_have_value("2.5")
    expect(page.locator("#each [name=each_ml]")).to_have_value("0.3")
    page.get_by_role("combobox", name="Type an injection").fill("li11 l")
    page.keyboard.press("Enter")
    expect(page.locator(".visit-injection")).to_have_count(2)
    page.wait_for_timeout(2500)
    assert [one.key.rsplit("/", 1)[-1] for one in Unfinished.objects.all()] == [""]  # of the syringe alone


def test_the_time_of_an_end_is_kept_and_how_it_ended_is_not(by, visit, site, page_of):
    reaction = reactions.stamp(patient=visit.patient, by=by, visit=visit)
    where = f"{site}/c/harbor/visits/patients/{visit.patient.uid}/reactions/{reaction.uid}/"
    page = page_of(by.user)
    page.goto(where)
    end = page.locator("#end-form")
    end.get_by_text("better, went home").click()
    end.locator("[type=time]").fill("10:15")
    end.get_by_text("not sent yet").wait_for()
    page.reload()

    expect(page.locator("#end-form [type=time]")).to_have_value("10:15")
    assert page.locator("#end-form :checked").count() == 0


def test_what_is_put_away_does_not_come_back(by, visit, site, page_of):
    sign(visit, by)
    page = page_of(by.user)
    page.goto(f"{site}{address(visit)}")
    page.get_by_text("Add an amendment").click()
    page.get_by_label("Amendment").fill(TOLD)
    expect(page.get_by_text("not sent yet")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Taken up where you left at")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Put it away").click()
    assert page.get_by_label("Amendment").input_value() == ""
    page.wait_for_function("!document.querySelector('main [data-kept]')?.textContent.trim()")
    page.reload()
    page.get_by_text("Add an amendment").click()

    expect(page.get_by_label("Amendment")).to_be_visible()
    assert page.get_by_label("Amendment").input_value() == ""
    assert not Unfinished.objects.exists()


def test_what_is_sent_while_it_is_being_kept_is_sent_and_does_not_come_back(by, visit, site, page_of):
    sign(visit, by)
    page = page_of(by.user)
    page.goto(f"{site}{address(visit)}")
    page.get_by_text("Add an amendment").click()
    held = []
    page.route("**/accounts/unfinished/", lambda route: held.append(route))
    page.get_by_label("Amendment").fill(TOLD)
    page.wait_for_timeout(1500)
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_timeout(300)
    assert not Amendment.objects.exists()
    held.pop().continue_()

    expect(page.get_by_text(TOLD)).to_be_visible()
    assert not Unfinished.objects.exists()


def test_a_server_that_does_not_answer_is_said_and_asked_again(by, visit, site, page_of):
    sign(visit, by)
    page = page_of(by.user)
    page.goto(f"{site}{address(visit)}")
    page.get_by_text("Add an amendment").click()
    page.route("**/accounts/unfinished/", lambda route: route.abort())
    page.get_by_label("Amendment").fill(TOLD)
    expect(page.get_by_text("No connection; kept here")).to_be_visible()
    page.unroute("**/accounts/unfinished/")

    expect(page.get_by_text("not sent yet")).to_be_visible()
    assert TOLD in Unfinished.objects.get().typed


def test_a_password_never_leaves_the_page_before_it_is_sent(by, visit, site, page_of):
    page = page_of(by.user)
    sent = []
    page.on("request", lambda one: sent.append(one.post_data or "") if one.method == "POST" else None)
    page.goto(f"{site}{address(visit)}sign/")
    expect(page.get_by_label("Your password")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.wait_for_timeout(2500)

    assert not [one for one in sent if "typed" in one]
