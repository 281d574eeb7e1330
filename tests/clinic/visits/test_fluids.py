"""What has to be the same for a volume to be the same dose."""

from __future__ import annotations

from decimal import Decimal

import pytest

from clinic.patients.people import make_patient
from clinic.visits.charting import B12, make_vial, make_visit
from waterneedle.clinic.visits import drawing
from waterneedle.clinic.visits.fluids import fluid_of
from waterneedle.clinic.visits.rows import syringes_of

LIDOCAINE = "lidocaine-0.5pct"


@pytest.fixture
def fluid(by):
    """`fluid((vial, "1"), …)`: that of a syringe with so much of each."""
    def drawn(*fills):
        visit = make_visit(by, make_patient(by))
        drawing.load_syringe(visit=visit, fills=[(vial, Decimal(ml)) for vial, ml in fills], by=by)
        return fluid_of(syringes_of(visit)[0])

    return drawn


def test_of_a_mixture_the_shares_count_and_neither_the_order_nor_how_much_it_is(by, fluid):
    vitamin, numbing = make_vial(by, B12, "B1", name="B-12"), make_vial(by, LIDOCAINE, "L1", name="Lidocaine")

    assert fluid((vitamin, "1"), (numbing, "0.6")) == fluid((numbing, "1.2"), (vitamin, "2"))
    assert fluid((vitamin, "1"), (numbing, "0.6")) != fluid((vitamin, "1"), (numbing, "0.8"))
    assert fluid((vitamin, "1"), (numbing, "0.6")) != fluid((vitamin, "0.6"), (numbing, "1"))


def test_what_is_no_product_on_file_is_the_same_by_its_item(by, fluid):
    one, other = (make_vial(by, "", number, name=name) for number, name in (("1", "Angelica"), ("2", "Arnica")))

    assert fluid((one, "1")) == fluid((one, "0.5"))
    assert fluid((one, "1")) != fluid((other, "1"))
