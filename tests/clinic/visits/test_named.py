"""What a toast and a gap call a point: by its three names, as the list beside them does."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.utils import translation

from clinic.visits.charting import make_asked_visit, make_syringe, plan
from clinic.visits.test_views_chart import PARTS, url
from waterneedle.clinic.visits import actions, signing

SHORT, NAMED = "ST36 left", "足三里 Zúsānlǐ ST36 left"


@pytest.fixture
def visit(by):
    return make_asked_visit(by)


@pytest.fixture
def told(client_of, alice, visit):
    """Posts to a page of the visit, and gives what its toast says."""
    browser = client_of(alice)

    def told(name, said=None, **where):
        answer = browser.post(url(name, visit, **where), said or {}, **PARTS)
        return unescape(re.search(r"data-toast[^>]*>.*?<p>(.*?)</p>", answer.content.decode(), re.DOTALL)[1])

    return told


def test_what_was_done_to_a_point_is_said_with_its_names(told, by, visit):
    make_syringe(by, visit)
    said = [told("line", {"line": "st36 l .5 12mm"})]
    one = visit.injections.get()
    said += [told("remove", injection=one.uid)]
    actions.restore(injection=visit.injections.get(), by=by)
    said += [told("mark", {"status": "given"}, injection=one.uid)]

    assert [NAMED in one for one in said] == [True, True, True]


def test_many_at_once_are_said_by_their_codes(told, by, visit):
    make_syringe(by, visit, route="")
    said = told("plan_protocol", {"protocol": "b12-bells-palsy", "side": "bilateral", "each_ml": "0.1"})

    rows = list(visit.injections.order_by("seq"))
    assert len(rows) > 3 and ", ".join(map(str, rows)) in said


@pytest.mark.parametrize("fields", [{"volume_ml": None}, {"depth_mm": None}, {"route": ""}])
def test_what_is_still_to_be_said_names_the_point(by, visit, fields):
    one = plan(by, visit, make_syringe(by, visit), **fields)
    planned = signing.gaps(visit)
    actions.mark(injection=one, status="given", why="it was given", by=by)
    given = signing.gaps(visit)

    assert [gap.said.startswith(NAMED) for gap in planned if gap.field == "status"] == [True]
    assert [gap.said.startswith(NAMED) for gap in given if gap.field in fields] == [True]


def test_the_side_is_in_the_language_of_the_page(by, visit):
    one = plan(by, visit, make_syringe(by, visit))
    with translation.override("es"):
        assert one.named == "足三里 Zúsānlǐ ST36 izquierdo"
