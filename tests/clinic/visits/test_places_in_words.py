"""Muscles and regions stand in the reader's language wherever a visit shows where it was injected."""
from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation

from clinic.paper.reading import text_of
from clinic.visits.charting import WELL, make_ready_patient, make_syringe, make_visit
from clinic.visits.test_signing import sign
from waterneedle import knowledge
from waterneedle.clinic.paper.printable import characters
from waterneedle.clinic.patients.queries import records_of
from waterneedle.clinic.visits import actions, copying, touched
from waterneedle.clinic.visits.models import Injection
from waterneedle.clinic.visits.places import meanings
from waterneedle.clinic.visits.protocols import protocols_for
from waterneedle.clinic.visits.reactions import newest_reaction
from waterneedle.clinic.web import words

ENGLISH = ("trapezius, upper", "lower back")
IN_WORDS = {"es": ("trapecio superior", "zona lumbar"), "zh-hans": ("斜方肌上部", "腰部")}
SITES = (actions.Site(muscle="trp-utrap", side="left"), actions.Site(region="lower_back", side="right"))


@pytest.fixture
def visit(by):
    """A draft with a trigger point and a tender place."""
    made = make_visit(by, make_ready_patient(by, language="es"))
    actions.answer_today(visit=made, answers=WELL, by=by)
    syringe = make_syringe(by, made)
    how = {"volume_ml": Decimal("0.2"), "depth_mm": Decimal(5), "angle_deg": 90, "skin": "intact", "reaction": "it burned"}
    for site in SITES:
        actions.add(visit=made, sites=[site], syringe=syringe, by=by, **how)
    return made


@pytest.fixture
def signed(by, visit):
    actions.give_all(visit=visit, by=by)
    sign(visit, by)
    return visit


def url(name, visit, **more):
    where = {"clinic": "harbor", "patient": visit.patient.uid} | ({} if name == "visits" else {"visit": visit.uid})
    return reverse(f"visits:{name}", kwargs=where | more)


def page(client_of, person, language, address):
    person.language = language
    person.save()
    answer = client_of(person).get(address)
    return text_of(answer.content) if answer["Content-Type"] == "application/pdf" else answer.content.decode()


def names_in(said):
    found = " ".join(said.split())
    return [name for names in (ENGLISH, *IN_WORDS.values()) for name in names if name in found]


@pytest.mark.parametrize("language", IN_WORDS)
@pytest.mark.parametrize("name", ["visit", "sign", "visits"])
def test_a_draft_names_them_so(client_of, alice, visit, name, language):
    assert set(names_in(page(client_of, alice, language, url(name, visit)))) == set(IN_WORDS[language])


@pytest.mark.parametrize("language", IN_WORDS)
@pytest.mark.parametrize("name", ["visit", "visits", "note_pdf"])
def test_a_signed_visit_names_them_so(client_of, alice, signed, name, language):
    said = page(client_of, alice, language, url(name, signed)).partition('<details class="card">')[0]  # then what was signed
    assert set(names_in(said)) == set(IN_WORDS[language])


def test_the_patient_reads_them_in_the_own_language(client_of, alice, signed):
    assert names_in(page(client_of, alice, "en", url("patient_pdf", signed))) == list(IN_WORDS["es"])


def test_the_header_of_the_patient_names_where_it_was_felt(by, signed):
    with translation.override("es"):
        _day, said = newest_reaction(signed.patient, records_of(signed.patient))
    assert said == "it burned (trapecio superior)"


def test_what_a_touch_may_mean_is_named_so(visit):
    with translation.override("zh-hans"):
        found = {one.id: one.name for one in (*touched.places(visit, None, "BL23"), *touched.muscle("trp-utrap"))}
    assert (found["lower_back"], found["trp-utrap"]) == IN_WORDS["zh-hans"][::-1]


def test_a_protocol_names_its_places_so_and_charts_them_by_their_ids(by, visit):
    with translation.override("es"):
        named = {name for row in protocols_for(None, "es").others for kind, name in row.places if kind == "other"}
    assert {"trapecio superior", "zona lumbar"} <= named and named.isdisjoint(ENGLISH)

    protocol = next(one for one in knowledge.protocols().values() if [site.region for site in one.sites] == ["low_back"])
    syringe = visit.syringes.get()
    made = copying.from_protocol(visit=visit, protocol=protocol.id, by=by, syringe=syringe, side="left")
    assert {one.region for one in Injection.objects.filter(pk__in=[one.pk for one in made])} == {"lower_back"}


@pytest.mark.parametrize("language", IN_WORDS)
def test_the_name_that_is_shown_can_be_typed(language):
    for kind, facts in (("muscle", knowledge.trigger_points()), ("region", knowledge.regions())):
        assert [meanings(kind, one.called(language)) for one in facts.values()] == [(name,) for name in facts]


def test_every_muscle_and_region_has_a_name_that_paper_can_show():
    for one in (*knowledge.trigger_points().values(), *knowledge.regions().values()):
        for language in ("es", "zh-hans"):
            with translation.override(language):
                name = words.place(one.id)
            assert name in (*one.names_es, *one.names_zh) and characters().issuperset(map(ord, name)), (one.id, name)
