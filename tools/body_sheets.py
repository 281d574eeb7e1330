"""Draw every region of three bodies with every point named, as contact sheets, for anatomists to look through.

    python -m tools.body_sheets OUT_FOLDER [--regions head,hand] [--bodies thin,heavy] [--tile 560] [--quality 60]

One WebP file for each region and body. Only the left half and the midline have dots; a point that the surface hides is left out.
`tools/chart_pictures.py` shows the chart itself; this one needs no browser and has a line to every name.
"""
from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from tools.look_at_body import HIDDEN_MM, Picture, View, view_named
from waterneedle.body import mesh, parts, placing
from waterneedle.body.fit import fit
from waterneedle.body.mesh import Array
from waterneedle.body.placing import PlacedPoint
from waterneedle.body.placing.body import Body

BODIES = {"thin": ("female", 35, 160, 50), "heavy": ("male", 40, 185, 110), "old": ("female", 75, 157, 68)}
MARGIN_MM = 8
SKIN, INK, LINE = (236, 233, 226), (20, 60, 76), (120, 140, 150)


@dataclass(frozen=True)
class Tile:
    """One view of some parts of the left half, or of both halves."""

    view: str
    parts: tuple[str, ...]
    both: bool = False
    over: tuple[str, ...] = ()  # drawn as well, outside of what the tile must show


_SIDES = ("palmar", "radial", "dorsal", "ulnar")
_TRUNK = ("neck", "trunk", "shoulder", "hip")
REGIONS: dict[str, tuple[Tile, ...]] = {
    "head": (
        Tile("front", ("head",), both=True, over=("neck",)), Tile("left", ("head",), over=("neck",)),
        Tile("back", ("head",), both=True, over=("neck",)), Tile("top", ("head",), both=True),
    ),
    "neck": tuple(
        Tile(view, ("neck", "shoulder"), over=("trunk", "upper_arm")) for view in ("front", "60,15", "back", "90,75")),
    "chest": tuple(Tile(view, ("shoulder", "neck", "trunk"), over=("hip", "upper_arm")) for view in ("front", "40,0")),
    "back": tuple(Tile(view, ("shoulder", "neck", "trunk"), over=("hip", "upper_arm")) for view in ("back", "90,0")),
    "belly": (
        Tile("front", ("trunk", "hip"), over=(*_TRUNK, "thigh")), Tile("left", ("trunk", "hip"), over=(*_TRUNK, "thigh")),
        Tile("back", ("trunk", "hip"), over=(*_TRUNK, "thigh")), Tile("10,-70", ("hip",), both=True, over=(*_TRUNK, "thigh")),
    ),
    "arm": tuple(
        Tile(f"arm-{side}", ("upper_arm",), over=("shoulder", "forearm"))
        for side in ("anterior", "lateral", "posterior", "medial")),
    "forearm": tuple(Tile(f"forearm-{side}", ("forearm",), over=("upper_arm", *parts.HAND)) for side in _SIDES),
    "hand": tuple(Tile(f"hand-{side}", parts.HAND, over=("forearm",)) for side in _SIDES),
    "thigh": tuple(Tile(view, ("thigh",), over=("hip", "leg")) for view in ("front", "-90,0", "back", "left")),
    "leg": tuple(Tile(view, ("leg",), over=("thigh", *parts.FOOT)) for view in ("front", "-90,0", "back", "left")),
    "foot": tuple(
        Tile(f"foot-{side}", parts.FOOT, over=("leg",) * (side in ("medial", "lateral")))
        for side in ("dorsal", "medial", "plantar", "lateral")),
}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--regions", default=",".join(REGIONS))
    arguments.add_argument("--bodies", default=",".join(BODIES))
    arguments.add_argument("--tile", type=int, default=560)
    arguments.add_argument("--quality", type=int, default=60)
    given = arguments.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    for name in given.bodies.split(","):
        coefficients = fit(*BODIES[name]).coefficients
        body, points = Body.of(coefficients, placing.LOCATORS), placing.place(coefficients)
        for region in given.regions.split(","):
            file = given.folder / f"{region}-{name}.webp"
            tiles = REGIONS[region]
            size = given.tile if len(tiles) > 2 else given.tile * 3 // 2  # one row may be higher
            sheet(body, points, tiles, size).save(file, quality=given.quality, method=6)
            print(file, f"{file.stat().st_size / 1000:.0f} KB")


def sheet(body: Body, points: Sequence[PlacedPoint], tiles: Iterable[Tile], size: int) -> Image.Image:
    """The tiles beside each other, two in a row."""
    drawn = [tile(body, points, each, size) for each in tiles]
    rows = [drawn[start : start + 2] for start in range(0, len(drawn), 2)]
    width = max(sum(one.width for one in row) for row in rows)
    whole = Image.new("RGB", (width, sum(max(one.height for one in row) for row in rows)), (255, 255, 255))
    down = 0
    for row in rows:
        right = 0
        for one in row:
            whole.paste(one, (right, down))
            right += one.width
        down += max(one.height for one in row)
    return whole


def tile(body: Body, points: Sequence[PlacedPoint], wanted: Tile, size: int) -> Image.Image:
    view = view_named(wanted.view, dict(body.joints))
    faces = mesh.faces()
    rows = parts.faces_of(*wanted.parts, *wanted.over)
    shown = np.concatenate([rows, rows + len(faces) // 2]) if wanted.both else rows
    picture = Picture(body.surface.vertices, shown, view, _crop(body, view, wanted), size)
    skin = set(shown.tolist())
    image = _shaded(picture, faces[shown], body.surface.normals, view)
    _dots(image, picture, [point for point in points if point.side != "right" and point.face in skin])
    ImageDraw.Draw(image).text((6, 4), wanted.view, fill=LINE, font=ImageFont.load_default(13))
    return image


def _crop(body: Body, view: View, wanted: Tile) -> tuple[float, float, float, float]:
    faces = mesh.faces()
    rows = parts.faces_of(*wanted.parts)
    rows = np.concatenate([rows, rows + len(faces) // 2]) if wanted.both else rows
    seen = view(body.surface.vertices[np.unique(faces[rows])])[:, :2]
    (x0, y0), (x1, y1) = seen.min(axis=0) - MARGIN_MM, seen.max(axis=0) + MARGIN_MM
    return x0, y0, x1, y1


def _shaded(picture: Picture, faces: Array, normals: Array, view: View) -> Image.Image:
    hit = picture.face >= 0
    normal = np.einsum("ni,nix->nx", picture.weights[hit], normals[faces[picture.face[hit]]])
    light = view.toward + 0.5 * view.up - 0.4 * view.right
    shade = np.clip(normal @ (light / np.linalg.norm(light)), 0, 1) * 0.6 + 0.4
    pixels = np.full((picture.height, picture.width, 3), 255, np.uint8)
    pixels[hit] = np.clip(shade[:, None] * SKIN, 0, 255).astype(np.uint8)
    return Image.fromarray(pixels)


def _dots(image: Image.Image, picture: Picture, points: Iterable[PlacedPoint]) -> None:
    """A dot for each visible point, and its name where there is room, with a line to it where there is none beside it."""
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(12)
    seen = []
    for point in points:
        x, y, z = picture.pixel(point.xyz)
        if 0 <= x < picture.width and 0 <= y < picture.height and picture.depth[int(y), int(x)] <= z + HIDDEN_MM \
                and point.normal @ picture.view.toward > -0.05:
            seen.append((x, y, ".".join(filter(None, (point.code, point.member)))))
    taken = [(x - 4, y - 4, x + 4, y + 4) for x, y, _ in seen]
    for x, y, name in sorted(seen, key=lambda one: one[1]):
        left, top, right, bottom = font.getbbox(name)
        width, height = right - left, bottom - top
        place = _room(x, y, width, height, taken, picture)
        taken.append((place[0], place[1], place[0] + width, place[1] + height))
        near = (np.clip(x, place[0], place[0] + width), np.clip(y, place[1], place[1] + height))
        if np.hypot(near[0] - x, near[1] - y) > 7:
            draw.line([x, y, *near], fill=LINE)
        draw.text((place[0] - left, place[1] - top), name, fill=INK, font=font)
        draw.ellipse([x - 2.5, y - 2.5, x + 2.5, y + 2.5], fill=(176, 32, 32))


def _room(
    x: float, y: float, width: float, height: float, taken: Sequence[tuple[float, ...]], picture: Picture,
) -> tuple[float, float]:
    """The free place for a name that is nearest to its dot; the place to the right of it where all is taken."""
    for reach in (6, 14, 24, 36, 50, 66, 84):
        for angle in np.radians((0, 180, -30, 30, 150, 210, -60, 60, 120, 240, 90, 270)):
            cx, cy = x + np.cos(angle) * (reach + width / 2), y + np.sin(angle) * (reach + height / 2)
            box = (cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2)
            inside = box[0] >= 0 and box[1] >= 0 and box[2] <= picture.width and box[3] <= picture.height
            if inside and not any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
                return box[0], box[1]
    return x + 6, y - height / 2


if __name__ == "__main__":
    main()
