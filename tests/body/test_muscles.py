"""The muscles of the trigger points: all have their skin on every body, and a tap finds the one that lies there."""
import numpy as np
import pytest

from waterneedle import knowledge
from waterneedle.body import fit, mesh, muscles, placing
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


def test_every_trigger_point_has_a_muscle_with_skin_on_both_sides(body):
    found = body.once(muscles.regions)

    assert found.keys() == knowledge.trigger_points().keys()
    for identity, rows in found.items():
        left, right = rows[rows < HALF], rows[rows >= HALF]
        assert len(left) > 3, identity
        assert np.array_equal(left + HALF, right), identity


def test_the_usual_places_of_its_trigger_points_lie_over_the_muscle_or_beside_it(body):
    found = body.once(muscles.regions)

    for identity, rows in found.items():
        middles = body.surface.vertices[mesh.faces()[rows[rows < HALF]]].mean(axis=1)
        for spot in muscles.spots(body, identity):
            assert np.linalg.norm(middles - spot.xyz, axis=1).min() < 40, identity


@pytest.mark.parametrize(("point", "muscle"), [
    ("GB21", "trp-utrap"), ("ST36", "trp-tibant"), ("SI11", "trp-infra"), ("BL56", "trp-gastroc"), ("ST6", "trp-mass"),
    ("GB3", "trp-temp"), ("LI18", "trp-scm-c"), ("SP10", "trp-vasmed"), ("BL54", "trp-gmax"), ("LU1", "trp-pecmaj"),
    ("TE12", "trp-tric"), ("ST25", "trp-recab"), ("LI10", "trp-ecrl"), ("BL37", "trp-semi"), ("GB37", "trp-fiblb"),
])
def test_a_tap_on_a_point_names_its_muscle(body, point, muscle):
    assert muscle in muscles.at(body, body.spot(point).face)


def test_what_is_superficial_is_named_first(body):
    for point in ("GB21", "GB30", "BL57", "SI12"):
        layers = [knowledge.muscles()[identity].layer for identity in muscles.at(body, body.spot(point).face)]
        assert layers == sorted(layers, reverse=True)


def test_a_tap_where_no_muscle_is_on_file_names_none(body):
    assert muscles.at(body, body.spot("GV25").face) == ()
