"""Rays, nearest places and sections, on shapes whose answers are known by formula, and on the skin."""
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from waterneedle.body import mesh, parts
from waterneedle.body.surface import Surface

RADIUS = 100.0


def sphere(rounds: int = 5) -> Surface:
    """An icosphere: an octahedron whose edges are halved `rounds` times, outward."""
    corners = [np.array(c, float) for c in ((1, 0, 0), (0, 1, 0), (0, 0, 1), (-1, 0, 0), (0, -1, 0), (0, 0, -1))]
    octants = [(0, 1, 2), (1, 3, 2), (3, 4, 2), (4, 0, 2), (1, 0, 5), (3, 1, 5), (4, 3, 5), (0, 4, 5)]
    faces, middles = octants, {}

    def middle(a, b):
        key = (min(a, b), max(a, b))
        if key not in middles:
            between = corners[a] + corners[b]
            corners.append(between / np.linalg.norm(between))
            middles[key] = len(corners) - 1
        return middles[key]

    for _ in range(rounds):
        faces = [new for a, b, c in faces for ab, bc, ca in [(middle(a, b), middle(b, c), middle(c, a))]
                 for new in ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))]
    return Surface(RADIUS * np.array(corners), np.array(faces))


BALL = sphere()
WHOLE = BALL.patch(np.arange(len(BALL.faces)))
COORDINATE = st.floats(-1, 1)
WAYS = st.tuples(COORDINATE, COORDINATE, COORDINATE).map(np.array).filter(lambda way: np.linalg.norm(way) > 0.1)


@given(WAYS)
def test_a_ray_from_the_middle_of_a_sphere_hits_it_straight_ahead(way):
    spot = WHOLE.cast([0, 0, 0], way)

    assert spot.xyz == pytest.approx(RADIUS * way / np.linalg.norm(way), abs=0.1)
    assert BALL.at(spot.face, spot.barycentric) == pytest.approx(spot.xyz)
    assert BALL.normal(spot) == pytest.approx(way / np.linalg.norm(way), abs=0.02)


def test_first_and_last_hit_are_the_near_and_the_far_side():
    near, far = (WHOLE.cast([10, 20, 500], [0, 0, -1], last=last) for last in (False, True))

    assert (near.xyz[2], far.xyz[2]) == pytest.approx((np.sqrt(9500), -np.sqrt(9500)), abs=0.1)


def test_a_ray_stops_at_its_reach_and_never_looks_back():
    assert WHOLE.cast([0, 0, 0], [0, 0, 1], reach=99) is None
    assert WHOLE.cast([0, 0, 101], [0, 0, 1]) is None


def test_many_rays_hit_what_each_hits_alone():
    origins, ways = np.zeros((3, 3)), np.array([[1, 2, 3], [-1, 0.2, 0], [0, 0, 1]], float)

    together = WHOLE.cast_many(origins, ways)

    for spot, way in zip(together, ways, strict=True):
        assert np.array_equal(spot.xyz, WHOLE.cast([0, 0, 0], way).xyz)


@given(WAYS, st.floats(0.2, 3))
def test_the_nearest_place_of_a_sphere_lies_on_the_radius(way, far):
    way /= np.linalg.norm(way)

    place = far * RADIUS * way
    spot = WHOLE.nearest(place)

    assert np.linalg.norm(spot.xyz - place) == pytest.approx(abs(far - 1) * RADIUS, abs=0.1)
    assert spot.xyz == pytest.approx(RADIUS * way, abs=0.05 * RADIUS)  # from afar, the nearest corner of a flat triangle


@given(WAYS, st.floats(-0.9, 0.9))
def test_a_section_of_a_sphere_is_a_circle(way, height):
    way /= np.linalg.norm(way)

    [circle] = WHOLE.sections(height * RADIUS * way, way)

    assert circle.closed
    assert circle.xyz @ way == pytest.approx(height * RADIUS, abs=1e-6)
    assert circle.lengths[-1] == pytest.approx(2 * np.pi * RADIUS * np.sqrt(1 - height**2), rel=0.003)


def test_arc_length_leads_round_the_circle_and_back():
    [circle] = WHOLE.sections([0, 0, 0], [0, 0, 1])

    quarter = circle.at(circle.lengths[-1] / 4)

    assert abs(quarter.xyz @ circle.xyz[0]) / RADIUS**2 < 0.02
    assert BALL.at(quarter.face, quarter.barycentric) == pytest.approx(quarter.xyz)
    assert circle.nearest_length(quarter.xyz) == pytest.approx(circle.lengths[-1] / 4)


def test_a_section_of_some_triangles_is_open_and_runs_end_to_end():
    upper = BALL.patch(np.flatnonzero((BALL.vertices[BALL.faces][:, :, 1] > -1e-9).all(axis=1)))

    [arc] = upper.sections([0, 0, 1], [0, 0, 1])

    assert not arc.closed
    assert arc.lengths[-1] == pytest.approx(np.pi * RADIUS, rel=0.01)
    assert arc.at(-5).xyz == pytest.approx(arc.xyz[0])
    assert arc.at(1e6).xyz == pytest.approx(arc.xyz[-1])


def test_the_normals_of_a_body_point_outward():
    coefficients = mesh.shape(*parts.TEMPLATE)
    surface = Surface(mesh.vertices(coefficients), mesh.faces())
    leg = surface.patch(parts.faces_of("leg"))
    knee, ankle = (mesh.joints(coefficients)[name] for name in ("l-knee", "l-ankle"))

    for way in ((1, 0, 0), (-1, 0, 0), (0, 0, 1), (0, 0, -1)):
        assert surface.normal(leg.cast((knee + ankle) / 2, way)) @ way > 0.7


@given(WAYS, st.floats(-120, 120))
def test_a_walk_on_a_sphere_follows_a_great_circle(way, angle):
    start = WHOLE.cast([0, 0, 0], way)
    ahead = np.cross(start.xyz, [0.3, 1, 0.2])
    assume(np.linalg.norm(ahead) > 1)
    ahead, out = ahead / np.linalg.norm(ahead), start.xyz / np.linalg.norm(start.xyz)

    end = WHOLE.walk(start, ahead, RADIUS * np.radians(angle))

    expected = RADIUS * (np.cos(np.radians(angle)) * out + np.sin(np.radians(angle)) * ahead)
    assert end.xyz == pytest.approx(expected, abs=2.0)
    assert BALL.at(end.face, end.barycentric) == pytest.approx(end.xyz)
