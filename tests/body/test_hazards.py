"""The hazard zones on a figure: where their points are, and not where the structure cannot be."""
import numpy as np
import pytest

from waterneedle import knowledge
from waterneedle.body import fit, hazards, mesh, placing
from waterneedle.body.placing.body import Body

BODIES = {
    "thin woman": ("female", 40, 160, 50),
    "heavy man": ("male", 50, 185, 110),
    "child": ("female", 8, 128, 26),
}
HALF = len(mesh.faces()) // 2


@pytest.fixture(scope="module", params=BODIES)
def body(request):
    return Body.of(fit.fit(*BODIES[request.param]).coefficients, placing.LOCATORS)


def middles(body, zone):
    return body.surface.vertices[mesh.faces()[body.once(hazards.regions)[zone]]].mean(axis=1)


def test_every_zone_has_skin_and_holds_its_points_on_both_sides(body):
    found = body.once(hazards.regions)

    assert found.keys() == knowledge.hazard_zones().keys()
    for identity, zone in knowledge.hazard_zones().items():
        assert len(found[identity]) > 0, identity
        for code in set(zone.points) - set(placing.unplaced()) - hazards.GROUPS:
            for located in body.located(code):
                assert {located.spot.face, located.spot.face + HALF} <= set(found[identity]), (identity, code)


def test_a_point_tells_its_zones(body):
    assert {"lung-apex", "brachial-plexus"} <= set(hazards.at(body, body.spot("GB21").face))
    assert "eye" in hazards.at(body, body.spot("BL1").face)
    assert hazards.at(body, body.spot("GB31").face) == ()


@pytest.mark.parametrize(("zone", "above", "below"), [
    ("lung-back", "GV4", "GV15"), ("lung-front", "ST25", "ST9"), ("kidney", "BL26", "BL17"), ("bladder", "ST32", "CV10"),
    ("eye", "GV25", "GV23"), ("medulla", "GV13", "GV18"), ("spinal-cord", "GV2", "GV16"), ("heart", "CV10", "CV22"),
    ("scalp-nose-ear", "CV23", "GV21"),
])
def test_a_zone_lies_between_levels(body, zone, above, below):
    heights = middles(body, zone)[:, 1]
    reach = 25  # a fingerbreadth and a triangle

    assert heights.min() > body.at(above)[1] - reach
    assert heights.max() < body.at(below)[1] + reach


@pytest.mark.parametrize("zone", ["lung-back", "kidney", "spinal-cord", "medulla"])
def test_a_zone_of_the_back_is_on_the_back(body, zone):
    rows = body.once(hazards.regions)[zone]
    a, b, c = body.surface.vertices[mesh.faces()[rows]].transpose(1, 0, 2)

    assert np.mean(np.cross(b - a, c - a)[:, 2] < 0) > 0.9


def test_the_heart_is_more_to_the_left_and_the_liver_more_to_the_right(body):
    heart, liver = (body.once(hazards.regions)[zone] for zone in ("heart", "liver-spleen"))
    front = middles(body, "liver-spleen")[:, 2] > body.at("GB22")[2]

    assert np.sum(heart < HALF) > np.sum(heart >= HALF)
    assert np.sum(liver[front] >= HALF) > np.sum(liver[front] < HALF)
