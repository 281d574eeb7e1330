"""Every generated question, worked out a second time from the facts: by plain arithmetic and by looking them up, not by the code
that made it."""

from __future__ import annotations

import datetime
import math
import re
from decimal import Decimal

import pytest

from waterneedle import knowledge
from waterneedle.clinic.training import questions, syllabus
from waterneedle.clinic.training.questions import contraindication, danger

DAY = datetime.date(2026, 11, 27)
PLACES = tuple(one.code for one in syllabus.places(DAY))


def made(topic, place="US-WA"):
    return questions.items([topic], language="en", jurisdiction=place, on=DAY)


ALL = [one for topic in questions.TOPICS if topic != "law" for one in made(topic)]
ALL += [one for place in PLACES for one in made("law", place)]


DERIVED = {
    "dose:in", "dose:for", "dose:max", "danger:beneath", "danger:nearest", "contraindication:label", "contraindication:allergy",
    "dilution:potency", "dilution:container", "vial:last", "vial:two", "law:training_hours", "law:hands_on_hours", "law:route"}


def test_no_kind_of_question_is_left_out_below():
    """A new kind has to be derived here a second time before it is asked of anybody."""
    assert {":".join(one.id.split(":")[:2]) for one in ALL} == DERIVED


def of(kind):
    found = [one for one in ALL if one.id.startswith(f"{kind}:")]
    assert found, kind
    return found


def first_number(text):
    return Decimal(re.search(r"[\d,]+(\.\d+)?", text)[0].replace(",", ""))


def test_there_is_enough_to_ask_on_every_topic():
    assert len(ALL) >= 300 and {one.topic for one in ALL} == set(questions.TOPICS)
    assert len({one.id for one in ALL}) == len(ALL)


def test_each_has_one_right_answer_a_reason_and_a_source():
    for one in ALL:
        assert one.right not in one.wrong and len(set(one.wrong)) == len(one.wrong) >= 1, one.id
        assert one.text and one.why and one.sources, one.id


def test_amounts_are_strength_times_volume():
    for one in of("dose:in"):
        active = knowledge.products()[one.basis["product"]].actives[0]
        amount = Decimal(str(active.amount)) * Decimal(one.basis["volume_ml"]) / Decimal(str(active.per_ml))

        assert abs(first_number(one.right) - amount) <= Decimal("0.0001") and one.right.endswith(active.unit), one.id


def test_no_wrong_amount_is_as_large_as_the_right_one():
    for kind in ("dose:in", "dose:for", "dose:max", "danger:nearest"):
        for one in of(kind):
            assert all(first_number(wrong) != first_number(one.right) for wrong in one.wrong), one.id


def test_volumes_are_amount_over_strength():
    for one in of("dose:for"):
        active = knowledge.products()[one.basis["product"]].actives[0]
        half = Decimal(str(active.per_ml)) / 2

        assert abs(first_number(one.right) - half) <= Decimal("0.0001") and one.right.endswith("mL"), one.id


def test_the_largest_dose_is_the_smallest_of_its_caps():
    for one in of("dose:max"):
        caps = knowledge.substances()[one.basis["substance"]].caps
        figures = [Decimal(str(cap.mg_total)) for cap in caps if cap.mg_total and not cap.region]
        figures += [Decimal(str(cap.mg_per_kg)) * one.basis["weight_kg"] for cap in caps if cap.mg_per_kg and not cap.region]

        assert abs(first_number(one.right) - min(figures)) <= Decimal("0.001"), one.id


def test_what_lies_beneath_a_point_is_of_a_zone_that_names_it_and_nothing_wrong_is():
    for one in of("danger:beneath"):
        zone, code = knowledge.hazard_zones()[one.basis["zone"]], one.basis["point"]
        here = {knowledge.hazard_zones()[found].structure.en for found in danger.zones_at(code)}

        by_name = {found.structure.en: found for found in knowledge.hazard_zones().values()}

        assert code in zone.points and one.right == zone.structure.en and zone.id in danger.zones_at(code), one.id
        assert not here & set(one.wrong), one.id
        assert not any(code in by_name[wrong].points or by_name[wrong].kind == zone.kind for wrong in one.wrong), one.id


def test_the_nearest_depth_is_the_smallest_that_was_published():
    for one in of("danger:nearest"):
        zone = knowledge.hazard_zones()[one.basis["zone"]]
        smallest = min(found.smallest_mm for found in zone.distances if one.basis["point"] in found.points)

        assert float(first_number(one.right)) == smallest, one.id
        assert all(float(first_number(wrong)) > smallest for wrong in one.wrong), one.id


def test_contraindications_stand_on_the_label_and_the_wrong_ones_do_not():
    terms = {one.term: one for one in knowledge.vocabulary().values()}
    for one in of("contraindication:label"):
        warnings = knowledge.products()[one.basis["product"]].warnings
        named = {found.concept for found in warnings}

        assert terms[one.right].id in {found.concept for found in warnings if found.kind == "contraindication"}, one.id
        for wrong in one.wrong:
            assert terms[wrong].id not in named and named.isdisjoint(terms[wrong].classes), (one.id, wrong)


def test_the_right_product_holds_what_the_patient_is_allergic_to_and_the_wrong_ones_hold_nothing_of_its_kind():
    """By what the labels list, and the vocabulary's classes: without the rule."""
    by_name = {one.name: one for one in knowledge.products().values()}
    terms = knowledge.vocabulary()

    def kinds_in(product):
        held = set(product.allergens or ())
        for part in (*product.actives, *(product.ingredients or ())):
            held |= set(knowledge.substances()[part.substance].allergens) if part.substance else set()
        return held.union(*(terms[word].classes for word in held if word in terms))

    for one in of("contraindication:allergy"):
        allergen = one.basis["allergen"]
        assert allergen in kinds_in(by_name[one.right]), (one.id, kinds_in(by_name[one.right]))
        for wrong in one.wrong:
            assert by_name[wrong].excipients is not None and allergen not in kinds_in(by_name[wrong]), (one.id, wrong)


def test_the_rule_bars_the_right_product_and_none_of_the_wrong_ones():
    by_name = {one.name: one.id for one in knowledge.products().values()}
    for one in of("contraindication:allergy"):
        assert contraindication.raised_by(one.basis["allergen"], by_name[one.right]) == {"match"}, one.id
        for wrong in one.wrong:
            assert contraindication.raised_by(one.basis["allergen"], by_name[wrong]) == frozenset(), (one.id, wrong)


def test_potencies_are_powers_of_ten():
    for one in of("dilution:potency"):
        (steps,) = re.findall(r"\d+", one.basis["potency"])
        places = int(steps) * (2 if "C" in one.basis["potency"].upper() else 1)

        assert one.right == "1 in 10" + str(places).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")), one.id


def test_the_potency_in_a_container_adds_the_logarithm_of_its_thinning():
    for one in of("dilution:container"):
        product = knowledge.products()[one.basis["product"]]
        part = next(found for found in product.ingredients if found.name == one.basis["ingredient"])
        ml = {"uL": 0.001, "mg": 0.001, "mL": 1}[part.unit] * part.amount
        (steps,) = re.findall(r"\d+", part.potency_added)
        exponent = int(steps) * (2 if "C" in part.potency_added.upper() else 1) + math.log10(product.container_volume_ml / ml)

        assert one.right == f"{round(exponent, 2):g}X", one.id


def test_the_last_day_of_a_vial_is_so_many_days_after_it_was_opened():
    for one in of("vial:last"):
        product = knowledge.products()[one.basis["product"]]
        days = product.beyond_use_days if product.beyond_use_days is not None else 28
        last = datetime.date(2026, 3, 2) + datetime.timedelta(days=days)

        assert one.right == f"{last:%b} {last.day}, {last.year}", one.id


def test_only_the_right_container_may_serve_two():
    kinds = {one.name: set(one.container_kinds or ()) for one in knowledge.products().values()}
    for one in of("vial:two"):
        assert kinds[one.right] == {"multi_dose_vial"}, one.id
        assert all(kinds[wrong] and "multi_dose_vial" not in kinds[wrong] for wrong in one.wrong), one.id


def test_hours_and_routes_stand_in_the_law_of_the_day():
    for one in of("law"):
        period = knowledge.jurisdictions()[one.basis["code"]].period(DAY)
        if "field" in one.basis:
            assert float(first_number(one.right)) == getattr(period, one.basis["field"]), one.id
        else:
            assert one.right not in (period.routes_allowed or ()) and set(one.wrong) <= set(period.routes_allowed), one.id


@pytest.mark.parametrize("language", ["es", "zh-hans"])
def test_the_same_questions_are_asked_in_each_language(language):
    told = questions.items(questions.TOPICS, language=language, jurisdiction="US-WA", on=DAY)
    english = questions.items(questions.TOPICS, language="en", jurisdiction="US-WA", on=DAY)

    assert [(one.id, one.basis) for one in told] == [(one.id, one.basis) for one in english]
    assert all(one.text != same.text for one, same in zip(told, english, strict=True))
    assert all(one.right not in one.wrong and one.why and one.sources for one in told)
    for one, same in zip(told, english, strict=True):
        if one.topic == "dose":
            assert digits(one.right) == digits(same.right), one.id


def digits(text):
    """A number as it is written in any language: decimal commas and thin spaces away."""
    return "".join(one for one in text if one.isdigit())
