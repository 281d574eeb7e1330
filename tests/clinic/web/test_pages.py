"""The frame of every page, the pages of errors, and what the reader has chosen."""
from __future__ import annotations

import json
import re
import uuid

import pytest
from django.conf import settings
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.test import Client, RequestFactory
from django.urls import path
from django.utils import translation

from waterneedle.clinic.accounts.access import public
from waterneedle.clinic.web import navigation, notices, views
from waterneedle.config import urls as real

pytestmark = pytest.mark.django_db


def fails(request):
    raise RuntimeError("apixaban for Ana Ruiz")


urlpatterns = [*real.urlpatterns, path("fails/", public(fails))]
handler404, handler500 = real.handler404, real.handler500


@pytest.mark.parametrize(("address", "status", "said"), [
    ("/nothing/", 404, "There is nothing here"), ("/offline/", 200, "does not answer"),
    ("/preferences/", 200, "Language and display"),
])
def test_a_page_says_what_it_is_and_what_to_do(client, address, status, said):
    answer = client.get(address)

    assert answer.status_code == status
    assert said in answer.content.decode()


def test_who_reads_an_address_that_takes_forms_alone_is_led_to_the_page_above(client_of, alice):
    reader = client_of(alice)

    answer = reader.get("/c/harbor/patients/find/", headers={"Accept": "text/html,*/*"})
    assert (answer.status_code, answer.url) == (302, "/c/harbor/patients/")
    assert reader.get("/c/harbor/patients/find/", headers={"Accept": "application/json"}).status_code == 405


@pytest.mark.urls(__name__)
def test_a_mistake_of_ours_says_so_without_a_word_of_what_it_was_about():
    answer = Client(raise_request_exception=False).get("/fails/")

    assert answer.status_code == 500
    assert "made a mistake" in answer.content.decode()
    assert "apixaban" not in answer.content.decode()


def test_a_form_from_elsewhere_is_refused_with_words():
    answer = Client(enforce_csrf_checks=True).post("/preferences/", {"language": "en"})

    assert answer.status_code == 403
    assert "open for too long" in answer.content.decode()


def test_the_components_show_in_the_demo_only(client, settings):
    assert client.get("/style/").status_code == 404
    settings.DEMO = True
    assert client.get("/style/").status_code == 200


@pytest.mark.parametrize(("language", "said"), [("es", "Idioma y pantalla"), ("zh-hans", "语言与显示")])
def test_the_language_that_was_chosen_stays(client, language, said):
    client.post("/preferences/", {"language": language, "theme": "dark", "next": "/offline/"})
    page = client.get("/preferences/").content.decode()

    assert said in page
    assert 'data-theme="dark"' in page
    assert 'data-keys="off"' in page


def test_the_language_of_a_person_is_kept_with_them(client_of, alice):
    client_of(alice).post("/preferences/", {"language": "es", "theme": "system"})
    elsewhere = client_of(alice).get("/c/harbor/accounts/people/")

    assert '<html lang="es"' in elsewhere.content.decode()


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/preferences/"])
def test_the_way_back_stays_on_this_site(client, elsewhere):
    answer = client.post("/preferences/", {"language": "en", "theme": "light", "next": elsewhere})

    assert answer["Location"] == "/"


def test_the_import_map_names_every_script_once_and_they_are_there(client):
    page = client.get("/preferences/").content.decode()
    named = json.loads(re.search(r'<script type="importmap"[^>]*>(.*?)</script>', page)[1])["imports"]

    assert named["web/toasts"].startswith(settings.STATIC_URL)
    assert {"web/page", "web/keys", "web/combo", "web/autosave"} <= set(named)


def test_the_offline_page_needs_nothing_but_what_is_kept(client):
    page, worker = client.get("/offline/").content.decode(), client.get("/sw.js")

    assert "<script" not in page
    assert worker["Content-Type"].startswith("text/javascript")
    assert "/offline/" in worker.content.decode()


@pytest.mark.parametrize(("level", "severity", "toast"), [
    (messages.SUCCESS, "ok", True), (messages.INFO, "note", True),
    (messages.WARNING, "warn", False), (messages.ERROR, "block", False),
])
def test_good_news_is_a_toast_and_bad_news_stays(level, severity, toast):
    shown = notices.shown(Message(level, "Said."))

    assert (shown.severity, shown.toast, shown.undo) == (severity, toast, "")


def test_what_can_be_undone_carries_its_way_back():
    kept = Message(messages.SUCCESS, "Done.", extra_tags="undo:/c/harbor/stock/undo/")

    assert notices.shown(kept).undo == "/c/harbor/stock/undo/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "stock/undo/"])
def test_a_way_back_leads_to_this_site_only(elsewhere):
    with pytest.raises(ValueError, match="this site"):
        notices.undoable(RequestFactory().get("/"), "Done.", undo=elsewhere)


def test_the_bar_holds_what_the_person_may_open_and_no_room_that_is_not_there(settings, alice, auditor, clinic):
    from waterneedle.clinic.accounts.access import access_to

    settings.ACTIVITIES = f"{__name__}.SOME"

    shown = {who.name: [one.word for one in navigation.activities(access_to(who, clinic.slug), "/c/harbor/accounts/people/")]
             for who in (alice, auditor)}

    assert shown == {"Alice Archer": ["People"], "Aldo Auditor": ["People", "Trail"]}


@pytest.mark.parametrize(("page", "bar", "menu"), [
    ("accounts/clinic/", [], ["The clinic"]),
    ("accounts/people/01a21eba-237a-7432-9fd4-f3d83528b21f/", [], ["People"]),
    ("accounts/emergency/", [], ["Emergency access"]),
    ("home/trail/", ["Today"], ["Trail"]),
    ("home/", ["Today"], []),
    ("patients/01a21eba-237a-7432-9fd4-f3d83528b21f/", ["Patients"], []),
    ("", [], []),
])
def test_one_entry_is_the_page_that_is_shown(owner, clinic, page, bar, menu):
    from waterneedle.clinic.accounts.access import access_to

    access = access_to(owner, clinic.slug)
    current = [[one.word for one in navigation.activities(access, f"/c/harbor/{page}", which) if one.current]
               for which in (False, True)]

    assert current == [bar, menu]


def test_keys_of_pages_fill_no_memory(owner, clinic):
    from waterneedle.clinic.accounts.access import access_to

    access = access_to(owner, clinic.slug)
    pages = [f"/c/harbor/patients/{uuid.uuid4()}/" for _ in range(3)]

    assert len({id(navigation.activities(access, one, True)) for one in pages}) == 1


SOME = (
    navigation.Activity("accounts:people", "People", "user", "people.read"),
    navigation.Activity("nowhere:page", "Nowhere", "user", "people.read"),
    navigation.Activity("accounts:people", "Trail", "eye", "audit.read"),
)


def test_the_language_of_a_link_is_taken_only_when_it_is_known():
    from waterneedle.clinic.web.middleware import use_language

    request = RequestFactory().get("/")
    with translation.override("en"):
        use_language(request, "xx")
        assert translation.get_language() == "en"
        use_language(request, "zh-hans")
        assert translation.get_language() == "zh-hans"


def test_views_of_errors_answer_with_their_status():
    request = RequestFactory().get("/")
    request.user = None

    assert [views.bad_request(request).status_code, views.forbidden(request).status_code] == [400, 403]
