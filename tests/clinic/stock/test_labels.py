from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from clinic.stock.shelf import make_item
from waterneedle.clinic.stock.labels import fluid_of, is_complete_on_file
from waterneedle.clinic.stock.models import Item
from waterneedle.safety.plan import CustomIngredient, Strength

PER_ML = {"strength": Decimal(1000), "strength_unit": "mcg", "strength_per_ml": Decimal(1)}


def test_a_product_on_file_is_named_by_its_id_whatever_was_typed_beside_it(by):
    item = make_item(by, product="cyanocobalamin-1000mcg-ml", substance="saline", **PER_ML)
    assert fluid_of(item) == "cyanocobalamin-1000mcg-ml"


def test_what_is_not_on_file_and_not_described_is_named_as_it_stands(by):
    assert fluid_of(make_item(by, "Aunt's drops")) == "Aunt's drops"


def test_a_compounded_product_has_the_strength_of_its_own_label_and_the_allergens_on_file(by):
    product = "methylcobalamin-us-compounded"
    assert not is_complete_on_file(product)

    fluid = fluid_of(make_item(by, product=product, substance="methylcobalamin", preservatives="none", **PER_ML))

    assert fluid.strength == Strength(amount=1000, unit="mcg", per_ml=1)
    assert (fluid.category, fluid.preservatives) == ("vitamin_b12", ())
    assert set(fluid.allergens) == {"cobalamin", "cobalt"}


def test_a_homeopathic_mixture_is_read_part_by_part(by):
    item = make_item(by, "Knee mixture", potencies="Arnica montana 6X, Belladonna D4; Mercurius solubilis C30, Sarapin")
    fluid = fluid_of(item)
    assert fluid.ingredients == (
        CustomIngredient(substance="Arnica montana", potency="6X"), CustomIngredient(substance="Belladonna", potency="D4"),
        CustomIngredient(substance="Mercurius solubilis", potency="C30"), CustomIngredient(substance="Sarapin"),
    )


def test_what_is_not_typed_is_not_known_and_none_is_none(by):
    fluid = fluid_of(make_item(by, "Mixture", substance="procaine", allergens="None"))
    assert (fluid.allergens, fluid.preservatives, fluid.strength) == ((), None, None)


def test_a_percentage_has_no_volume(by):
    fluid = fluid_of(make_item(by, "Procaine", substance="procaine", strength=Decimal(1), strength_unit="%"))
    assert fluid.strength == Strength(amount=1, unit="%")


@pytest.mark.parametrize(
    "said",
    [
        {"strength": Decimal(5)},
        {"strength": Decimal(5), "strength_unit": "mg"},
        {"strength": Decimal(5), "strength_unit": "%", "strength_per_ml": Decimal(1)},
        {"strength_unit": "mg"},
        {"strength": Decimal(0), "strength_unit": "%"},
    ],
)
def test_half_a_strength_is_refused_by_the_database(by, said):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_item(by, "Half", **said)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"strength": "5"}, "strength_unit"),
        ({"strength": "5", "strength_unit": "mg"}, "strength_per_ml"),
        ({"strength": "5", "strength_unit": "%", "strength_per_ml": "1"}, "strength_per_ml"),
        ({"strength_unit": "mg"}, "strength"),
        ({"strength": "-1", "strength_unit": "%"}, "strength"),
    ],
)
def test_half_a_strength_is_refused_beside_its_field(client_of, alice, said, field):
    known = {"name": "Half", "container_kind": "ampoule", "container_ml": "2", "reorder_below_ml": "0"}
    answer = client_of(alice).post(reverse("stock:new_item", kwargs={"clinic": "harbor"}), known | said)

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert not Item.objects.filter(name="Half").exists()
