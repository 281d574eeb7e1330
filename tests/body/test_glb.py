"""The file for other viewers, read back by the rules of the glTF 2.0 specification."""
import json
import struct

import numpy as np
import pytest

from waterneedle.body import mesh, placing
from waterneedle.body.fit import fit
from waterneedle.body.glb import glb

TYPES = {5126: "<f4", 5123: "<u2", 5125: "<u4"}
WIDTHS = {"VEC3": 3, "SCALAR": 1}


def opened(data: bytes) -> tuple[dict, list[np.ndarray]]:
    """The header and the arrays of its accessors; lengths, alignment and bounds are checked."""
    magic, version, length = struct.unpack_from("<4sII", data)
    assert (magic, version, length) == (b"glTF", 2, len(data))
    text_length, kind = struct.unpack_from("<I4s", data, 12)
    assert (kind, text_length % 4) == (b"JSON", 0)
    header = json.loads(data[20:20 + text_length])
    binary_length, kind = struct.unpack_from("<I4s", data, 20 + text_length)
    assert (kind, binary_length) == (b"BIN\0", header["buffers"][0]["byteLength"])
    binary = data[28 + text_length:]
    assert len(binary) == binary_length
    return header, [_array(header, accessor, binary) for accessor in header["accessors"]]


def _array(header: dict, accessor: dict, binary: bytes) -> np.ndarray:
    view = header["bufferViews"][accessor["bufferView"]]
    assert view["byteOffset"] % 4 == 0
    kind, count = np.dtype(TYPES[accessor["componentType"]]), accessor["count"] * WIDTHS[accessor["type"]]
    assert count * kind.itemsize == view["byteLength"]
    values = np.frombuffer(binary, kind, count, view["byteOffset"])
    return values.reshape(-1, 3) if accessor["type"] == "VEC3" else values


@pytest.fixture(scope="module")
def made():
    figure = fit("female", 35, 160, 50)
    vertices, points = mesh.vertices(figure.coefficients), placing.place(figure.coefficients)
    return vertices, points, *opened(glb(vertices, points, {"says": ""}))


def test_the_surface_is_the_body_in_metres(made):
    vertices, _, header, arrays = made
    body = header["meshes"][0]
    place = body["primitives"][0]["attributes"]["POSITION"]
    assert np.abs(arrays[place] * 1000 - vertices).max() < 0.001
    assert header["accessors"][place]["min"] == arrays[place].min(axis=0).tolist()
    assert header["accessors"][place]["max"] == arrays[place].max(axis=0).tolist()
    rows = np.concatenate([arrays[part["indices"]] for part in body["primitives"]])
    assert sorted(map(tuple, rows.reshape(-1, 3).tolist())) == sorted(map(tuple, mesh.faces().tolist()))


def test_normals_have_length_1_and_point_outwards(made):
    _, _, header, arrays = made
    for part in (primitive for each in header["meshes"] for primitive in each["primitives"]):
        places, normals = (arrays[part["attributes"][name]] for name in ("POSITION", "NORMAL"))
        corners = arrays[part["indices"]].reshape(-1, 3)
        a, b, c = (places[corners[:, corner]] for corner in range(3))
        flat = np.cross(b - a, c - a)
        assert np.linalg.norm(normals, axis=1) == pytest.approx(1, abs=1e-5)
        assert ((flat * normals[corners].mean(axis=1)).sum(axis=1) > 0).mean() > 0.999


def test_a_node_for_each_point_with_its_code_and_place(made):
    _, points, header, _ = made
    nodes = {node["name"]: node for node in header["nodes"] if "extras" in node}
    assert len(nodes) == len(points) == len(header["scenes"][0]["nodes"]) - 1
    for point in points:
        node = nodes[" ".join(filter(None, (point.code, point.member, point.side)))]
        assert (node["extras"]["code"], node["extras"]["side"]) == (point.code, point.side)
        assert np.abs(np.array(node["translation"]) * 1000 - point.xyz).max() < 0.001
        assert header["meshes"][node["mesh"]]["name"] == "marker"


def test_what_is_said_about_the_figure_goes_with_it(made):
    assert made[2]["scenes"][0]["extras"] == {"says": ""}
