"""Landmarks as they were picked: in a triangle of the left half or on the midline, named, and told how."""
import numpy as np
import pytest

from waterneedle.body import landmarks, mesh, parts

PICKED = landmarks.picked()
VERTICES = mesh.vertices(mesh.shape(*parts.TEMPLATE))


@pytest.mark.parametrize("picked", PICKED.values(), ids=PICKED.keys())
def test_a_landmark_lies_in_triangles_of_the_left_half(picked):
    assert picked.barycentric.sum(axis=1) == pytest.approx(1)
    assert picked.barycentric.min() >= 0
    assert 0 <= picked.faces.min() <= picked.faces.max() < len(mesh.faces()) // 2
    assert picked.region != "limbs" or all(picked.notes)


def test_no_landmark_lies_across_the_midline():
    for picked in PICKED.values():
        places = np.einsum("ni,nix->nx", picked.barycentric, VERTICES[mesh.faces()[picked.faces]])
        assert places[:, 0].min() > -1e-6, picked.id


def test_a_course_of_a_limb_does_not_turn_back():
    for picked in PICKED.values():
        places = np.einsum("ni,nix->nx", picked.barycentric, VERTICES[mesh.faces()[picked.faces]])
        steps = np.diff(places, axis=0)
        if picked.region == "limbs" and len(steps) > 1 and not picked.id.endswith(("tips", "margins", "2_to_5")):
            assert (steps[:-1] * steps[1:]).sum(axis=1).min() > 0, picked.id


def test_no_triangle_of_the_left_skin_belongs_to_two_parts():
    found = np.concatenate([parts.faces_of(part) for part in parts.PARTS])

    assert len(np.unique(found)) == len(found)
    assert found.max() < mesh.pack().skin
