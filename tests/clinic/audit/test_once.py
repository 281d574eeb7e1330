"""One key, one effect, whoever asks again and how often."""
from __future__ import annotations

import threading
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse, HttpResponseRedirect
from django.template import Context, Template
from django.test import RequestFactory

from clinic.audit.writing import append
from waterneedle.clinic.audit.actions import digest
from waterneedle.clinic.audit.models import Entry, Once
from waterneedle.clinic.audit.once import AskedOtherwise, do_once, once
from waterneedle.clinic.audit.who import machine

ASKED = digest("one injection")


def effects() -> int:
    return Entry.objects.filter(kind="effect").count()


def act(answer: object = "done"):
    append(by=machine("test"), action="do", kind="effect")
    return answer


def test_what_is_asked_three_times_is_done_once(db):
    answers = [do_once(clinic_id=1, key="k", asked=ASKED, act=lambda: act({"uid": "x"})) for _ in range(3)]

    assert (answers, effects()) == ([{"uid": "x"}] * 3, 1)


def test_another_key_or_clinic_is_another_effect(db):
    for clinic_id, key in ((1, "k"), (2, "k"), (None, "k"), (1, "l")):
        do_once(clinic_id=clinic_id, key=key, asked=ASKED, act=act)

    assert effects() == 4


def test_a_key_that_was_used_for_something_else_is_refused(db):
    do_once(clinic_id=1, key="k", asked=ASKED, act=act)
    with pytest.raises(AskedOtherwise):
        do_once(clinic_id=1, key="k", asked=digest("two injections"), act=act)

    assert effects() == 1


def test_what_failed_was_not_done_and_may_be_asked_again(db):
    with pytest.raises(ZeroDivisionError):
        do_once(clinic_id=1, key="k", asked=ASKED, act=lambda: act(1 / 0))
    do_once(clinic_id=1, key="k", asked=ASKED, act=act)

    assert (effects(), Once.objects.count()) == (1, 1)


@pytest.mark.parametrize("key", ["", "k" * 81])
def test_a_key_has_a_length(db, key):
    with pytest.raises(ValueError, match="characters"):
        do_once(clinic_id=1, key=key, asked=ASKED, act=act)


def test_of_several_at_once_one_acts_and_all_get_its_answer(committed_db):
    start, answers = threading.Barrier(6), []

    def ask(number):
        start.wait()
        try:
            answers.append(do_once(clinic_id=1, key="k", asked=ASKED, act=lambda: act(number)))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (effects(), len(set(answers)), len(answers)) == (1, 1, 6)


# --- the same for a page

ALICE, BOB = (SimpleNamespace(uid=uuid4(), is_authenticated=True) for _ in range(2))


def post(view, body, user=ALICE, **headers):
    request = RequestFactory().post("/c/harbor/stock/", body, headers=headers)
    request.user, request.clinic = user, SimpleNamespace(id=1)
    return once(view)(request)


def receive(request):
    if request.POST.get("volume_ml") == "wrong":
        return HttpResponse("not a number", status=422)
    act()
    return HttpResponseRedirect(f"/lots/{effects()}/")


def test_a_form_sent_three_times_has_one_effect_and_one_answer(db):
    answers = [post(receive, {"once": "k", "volume_ml": "2", "csrfmiddlewaretoken": str(n)}) for n in range(3)]

    assert {(one.status_code, one["Location"]) for one in answers} == {(302, "/lots/1/")}
    assert effects() == 1


def test_a_form_with_errors_leaves_its_key_free(db):
    assert post(receive, {"once": "k", "volume_ml": "wrong"}).status_code == 422
    assert post(receive, {"once": "k", "volume_ml": "2"}).status_code == 302


def test_another_form_under_the_same_key_is_refused(db):
    post(receive, {"once": "k", "volume_ml": "2"})

    assert post(receive, {"once": "k", "volume_ml": "3"}).status_code == 409
    assert effects() == 1


def test_nobody_gets_another_persons_answer(db):
    for user in (ALICE, BOB):
        post(receive, {"once": "k"}, user)

    assert effects() == 2


def test_a_machine_sends_its_key_in_a_header(db):
    for _ in range(3):
        post(receive, {"volume_ml": "2"}, **{"Idempotency-Key": "k"})

    assert effects() == 1


def test_without_a_key_a_form_is_as_it_was(db):
    for _ in range(2):
        post(receive, {"volume_ml": "2"})

    assert effects() == 2


def test_a_key_that_is_too_long_is_refused(db):
    assert post(receive, {"once": "k" * 60}).status_code == 400


def test_a_form_that_comes_back_with_errors_keeps_its_key():
    template = Template("{% load once %}{% once %}")
    fresh = [template.render(Context({"request": RequestFactory().get("/")})) for _ in range(2)]
    kept = template.render(Context({"request": RequestFactory().post("/", {"once": "abc"})}))

    assert fresh[0] != fresh[1]
    assert kept == '<input type="hidden" name="once" value="abc">'
