"""A body with its points as one binary glTF 2.0 file, for other viewers.

glTF has metres, +y up and +z forward, and so +x to the left of who stands in it: our frame, divided by 1000. The skin and the
eyes are one mesh. A point is a node with a small octahedron, named `ST36 left`, with code, side and member in `extras`.
Specification: https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html
"""
from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from waterneedle.body import mesh
from waterneedle.body.mesh import Array, Rows
from waterneedle.body.placing import PlacedPoint
from waterneedle.body.surface import Surface

MARKER_MM = 2.5  # from its middle to a corner
# Base colours, linear: skin, eye, and the markers.
_SKIN, _EYE, _MARK = (0.55, 0.36, 0.26, 1.0), (0.85, 0.85, 0.82, 1.0), (0.01, 0.12, 0.19, 1.0)
_FLOAT, _UINT16, _UINT32 = 5126, 5123, 5125  # component types
_VERTICES, _INDICES = 34962, 34963  # buffer targets


def glb(vertices: Array, points: Iterable[PlacedPoint], about: Mapping[str, Any]) -> bytes:
    """The file. `vertices` in mm as `mesh.vertices` gives them; `about` goes into the `extras` of the scene."""
    buffer = _Buffer()
    skin, eyes = _faces()
    surface = {"POSITION": buffer.add(vertices / 1000, bounds=True),
               "NORMAL": buffer.add(Surface(vertices, mesh.faces()).normals)}
    meshes = [
        {"name": "body", "primitives": [
            {"attributes": surface, "indices": buffer.add_indices(rows), "material": material}
            for material, rows in enumerate((skin, eyes))]},
        {"name": "marker", "primitives": [_marker(buffer)]},
    ]
    nodes = [{"name": "body", "mesh": 0}, *(_node(point) for point in points)]
    return _container({
        "asset": {"version": "2.0", "generator": "Waterneedle"},
        "scene": 0,
        "scenes": [{"name": "body with points", "nodes": list(range(len(nodes))), "extras": dict(about)}],
        "nodes": nodes,
        "meshes": meshes,
        "materials": [_material("skin", _SKIN), _material("eye", _EYE), _material("point", _MARK)],
        "accessors": buffer.accessors,
        "bufferViews": buffer.views,
        "buffers": [{"byteLength": len(buffer.data)}],
    }, bytes(buffer.data))


class _Buffer:
    """The binary part, with a view and an accessor for each array; all start at a multiple of 4."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.views: list[dict[str, int]] = []
        self.accessors: list[dict[str, Any]] = []

    def add(self, rows: ArrayLike, *, bounds: bool = False) -> int:
        """An accessor of 3-vectors; positions must have `bounds`."""
        values = np.asarray(rows, dtype="<f4")
        accessor: dict[str, Any] = {"componentType": _FLOAT, "count": len(values), "type": "VEC3"}
        if bounds:
            accessor |= {"min": values.min(axis=0).tolist(), "max": values.max(axis=0).tolist()}
        return self._append(values, _VERTICES, accessor)

    def add_indices(self, faces: Rows) -> int:
        small = faces.max() < np.iinfo(np.uint16).max  # the highest number itself is not allowed
        values: NDArray[Any] = faces.ravel().astype("<u2" if small else "<u4")
        kind = _UINT16 if small else _UINT32
        return self._append(values, _INDICES, {"componentType": kind, "count": len(values), "type": "SCALAR"})

    def _append(self, values: NDArray[Any], target: int, accessor: dict[str, Any]) -> int:
        start = len(self.data)
        self.data += values.tobytes()
        self.data += bytes(-len(self.data) % 4)
        self.views.append({"buffer": 0, "byteOffset": start, "byteLength": values.nbytes, "target": target})
        self.accessors.append({"bufferView": len(self.views) - 1, **accessor})
        return len(self.accessors) - 1


def _faces() -> tuple[Rows, Rows]:
    """Skin and eyes of both halves."""
    skin = mesh.pack().skin
    left, right = np.split(mesh.faces(), 2)
    return np.concatenate([left[:skin], right[:skin]]), np.concatenate([left[skin:], right[skin:]])


def _marker(buffer: _Buffer) -> dict[str, Any]:
    """An octahedron; its corners are far enough out for smooth normals to be its corners' directions."""
    corners = np.concatenate([np.eye(3), -np.eye(3)])  # +x +y +z −x −y −z
    faces = np.array([(0, 1, 2), (1, 3, 2), (3, 4, 2), (4, 0, 2), (1, 0, 5), (3, 1, 5), (4, 3, 5), (0, 4, 5)], dtype=np.intp)
    attributes = {"POSITION": buffer.add(corners * MARKER_MM / 1000, bounds=True), "NORMAL": buffer.add(corners)}
    return {"attributes": attributes, "indices": buffer.add_indices(faces), "material": 2}


def _node(point: PlacedPoint) -> dict[str, Any]:
    name = " ".join(filter(None, (point.code, point.member, point.side)))
    extras = {"code": point.code, "side": point.side, **({"member": point.member} if point.member else {})}
    return {"name": name, "mesh": 1, "translation": np.float32(point.xyz / 1000).tolist(), "extras": extras}


def _material(name: str, colour: Sequence[float]) -> dict[str, Any]:
    return {"name": name, "pbrMetallicRoughness": {"baseColorFactor": list(colour), "metallicFactor": 0, "roughnessFactor": 0.9}}


def _container(header: Mapping[str, Any], data: bytes) -> bytes:
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 4)
    chunks = struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(data), b"BIN\0") + data
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks
