"""Every form of the staff in which more than a line is typed keeps what is typed (accounts/unfinished.py)."""
from __future__ import annotations

import re

from django.urls import reverse

from clinic.world import make_world
from waterneedle.clinic.accounts.roles import ALL, Role, scope
from waterneedle.clinic.accounts.routes import routes

_FORM = re.compile(r"<form\b[^>]*>.*?</form>", re.DOTALL)
# What is looked for is no text of a treatment, and is not kept.
_TYPED = re.compile(r'<(?:textarea|input)\b(?![^>]*type="(?:hidden|radio|checkbox|file|password|search)")[^>]*\bname="')
_KEPT = re.compile(r"<form\b[^>]*\bdata-(?:keep|autosave)\b")


def test_nothing_is_typed_of_a_treatment_into_a_form_that_keeps_nothing(db, client_of):
    world, browsers = make_world(), {}
    seen, bare = 0, set()
    for route in (one for one in routes() if one.declared.kind == "staff" and one.name.partition(":")[0] in ("visits", "home")):
        role = next((one for one in Role.values if scope(one, route.declared.permission) == ALL), None)
        if role is None:
            continue
        browser = browsers.setdefault(role, client_of(world.people[role]))
        answer = browser.get(reverse(route.name, kwargs=world.here.arguments(route)))
        if answer.status_code != 200 or answer.streaming or "text/html" not in answer.headers["Content-Type"]:
            continue
        for form in _FORM.findall(answer.content.decode()):
            if _TYPED.search(form) and "data-find" not in form and 'method="get"' not in form:
                seen += 1
                if not _KEPT.match(form):
                    bare.add(route.name)

    assert seen > 8
    assert bare == set()


def test_no_long_text_is_typed_into_a_form_that_keeps_nothing(db, client_of):
    world = make_world()
    browsers = {role: client_of(world.people[role]) for role in Role.values}
    seen, bare = 0, set()
    for route in (one for one in routes() if one.declared.kind == "staff"):
        role = next((one for one in Role.values if scope(one, route.declared.permission) == ALL), None)
        if role is None:
            continue
        answer = browsers[role].get(reverse(route.name, kwargs=world.here.arguments(route)))
        if answer.status_code != 200 or answer.streaming or "text/html" not in answer.headers["Content-Type"]:
            continue
        for form in _FORM.findall(answer.content.decode()):
            if "<textarea" in form:
                seen += 1
                if not _KEPT.match(form):
                    bare.add(route.name)

    assert seen > 15
    assert bare == set()
