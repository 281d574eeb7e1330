"""Measured segments: the figure has their length, the fractions stay, and so do height and weight."""
import numpy as np
import pytest

from tests.body import relations
from waterneedle.body import mesh, placing
from waterneedle.body.fit import fit
from waterneedle.body.segments import SEGMENTS, fit_measured

ANA = ("female", 35, 160, 50)
BEN = ("male", 40, 185, 95)
LENGTHS_MM = {"leg": 415, "thigh": 440, "lower_abdomen": 150, "upper_abdomen": 185, "sternum": 150, "arm": 200, "forearm": 225}


def length_mm(figure, name):
    """Of a segment, from its two points on the figure."""
    segment = SEGMENTS[name]
    at = {point.code: point.xyz for point in figure.points() if point.side != "right"}
    way = at[segment.end] - at[segment.start]
    if segment.axis is None:
        return abs(way[1]) * segment.whole
    first, last = (figure.joints[joint] for joint in segment.axis)
    return abs(way @ (last - first) / np.linalg.norm(last - first)) * segment.whole


@pytest.fixture(scope="module")
def plain():
    return fit_measured(*ANA, {})


def test_nothing_measured_is_the_fit(plain):
    figure = fit(*ANA)
    assert np.array_equal(plain.vertices, mesh.vertices(figure.coefficients))
    assert plain.cun_mm == {}
    pairs = zip(plain.points(), placing.place(figure.coefficients), strict=True)
    assert all(np.array_equal(one.xyz, other.xyz) and one.code == other.code for one, other in pairs)


@pytest.mark.parametrize("name", SEGMENTS)
@pytest.mark.parametrize("share", [0.93, 1.08])
def test_a_measured_segment_has_its_length(plain, name, share):
    asked = share * length_mm(plain, name)
    figure = fit_measured(*ANA, {name: asked})
    assert length_mm(figure, name) == pytest.approx(asked, rel=0.006)  # a tape is not more exact
    assert figure.cun_mm == {name: pytest.approx(asked / SEGMENTS[name].cun)}
    assert figure.fit.height_cm == pytest.approx(160, rel=0.005)
    assert figure.fit.weight_kg == pytest.approx(50, abs=0.5)
    assert figure.fit.height_cm == pytest.approx(mesh.height_mm(figure.vertices) / 10)


def test_the_fractions_stay(plain):
    figure = fit_measured(*ANA, {"forearm": 1.08 * length_mm(plain, "forearm")})
    at = {point.code: point.xyz for point in figure.points() if point.side == "left"}
    along = figure.joints["l-hand"] - figure.joints["l-elbow"]
    shares = [((at["PC7"] - at[code]) @ along) / ((at["PC7"] - at["PC3"]) @ along) for code in ("PC4", "PC5", "PC6")]
    assert shares == pytest.approx([5 / 12, 3 / 12, 2 / 12], abs=0.003)


@pytest.mark.parametrize("person", [ANA, BEN], ids=["woman", "man"])
def test_the_relations_hold_on_a_body_measured_all_over(person):
    before = fit_measured(*person, {})
    shares = dict(zip(SEGMENTS, (1.06, 0.96, 1.08, 0.94, 1.05, 0.95, 1.07), strict=True))
    figure = fit_measured(*person, {name: share * length_mm(before, name) for name, share in shares.items()})
    report = relations.check(figure.points(), figure.joints, person[0])
    assert [str(failure) for failure in report.failures if failure.is_order] == []
    assert report.held >= 0.97


def test_both_halves_stay_mirror_images(plain):
    vertices = fit_measured(*ANA, {"forearm": 1.1 * length_mm(plain, "forearm"), "leg": 0.95 * length_mm(plain, "leg")}).vertices
    assert np.array_equal(vertices[mesh.mirror()], vertices * (-1, 1, 1))
    assert vertices[:, 1].min() == pytest.approx(0, abs=1e-9)


def test_what_lies_outside_of_a_stretched_forearm_keeps_its_shape(plain):
    """Without a height and weight on file nothing else is fitted anew."""
    before = fit_measured("female", 35, None, None, {})
    after = fit_measured("female", 35, None, None, {"forearm": 1.1 * length_mm(before, "forearm")})
    moved = np.abs(after.vertices - before.vertices).max(axis=1) > 1e-6
    assert 0.1 < moved.mean() < 0.6  # forearms and hands, whose fingers are many triangles
    hand = [name for name in before.joints if name.startswith("l-finger")]
    shifts = np.array([after.joints[name] - before.joints[name] for name in hand])
    assert np.ptp(shifts, axis=0).max() < 1e-6
    assert np.linalg.norm(shifts[0]) == pytest.approx(0.1 * length_mm(before, "forearm"), rel=0.01)


@pytest.mark.parametrize(("measured", "words"), [
    ({"tail": 100}, "no segment is called 'tail'; there are leg, thigh"), ({"forearm": 24}, "forearm of 24 mm is not plausible"),
    ({"leg": 900}, "not plausible"), ({"forearm": float("nan")}, "not plausible"),
])
def test_a_length_that_cannot_be_is_refused(measured, words):
    with pytest.raises(ValueError, match=words):
        fit_measured(*ANA, measured)
