"""What the chart may show under the skin: runs that say the same as the regions, small enough to send."""
import json

import numpy as np
import pytest

from waterneedle import knowledge
from waterneedle.body import beneath, fit, hazards, mesh, muscles, placing
from waterneedle.body.placing.body import Body

FIGURE = fit.fit("female", 40, 160, 50)


@pytest.fixture(scope="module")
def told():
    return beneath.beneath(FIGURE)


@pytest.fixture(scope="module")
def body():
    return Body.of(FIGURE.coefficients, placing.LOCATORS)


def cells(entry):
    return [cell for first, count in entry["cells"] for cell in range(first, first + count)]


def test_every_muscle_and_zone_is_told_with_its_cells(told, body):
    regions = body.once(muscles.regions)

    assert {entry["id"] for entry in told["muscles"]} == set(knowledge.trigger_points())
    for entry in told["muscles"]:
        assert cells(entry) == regions[entry["id"]].tolist()
    for entry in told["zones"]:
        assert cells(entry) == body.once(hazards.regions)[entry["id"]].tolist()


def test_the_first_muscle_that_holds_a_cell_is_the_one_a_tap_names(told, body):
    for code in ("GB21", "BL57", "ST36", "SI12"):
        face = body.spot(code).face
        first = next(entry["id"] for entry in told["muscles"] if face in cells(entry))
        assert first == muscles.at(body, face)[0]


def test_places_of_trigger_points_come_in_pairs_on_their_sides(told):
    half = len(mesh.faces()) // 2
    for entry in told["muscles"]:
        faces = np.array([face for face, _, _ in entry["at"]])
        assert np.array_equal(faces[0::2] + half, faces[1::2]), entry["id"]


def test_the_value_is_json_and_small(told):
    assert len(json.dumps(told)) < 150_000
