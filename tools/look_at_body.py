"""Draw a figure with its points to a PNG, for looking at.

    python -m tools.look_at_body OUT.png [--body female,40,160,50] [--view front] [--crop x0,y0,x1,y1 | --around ID,MM]
                                 [--points ST,EX-LE|all|none] [--landmarks ID,…|limbs|all] [--size 900]
                                 [--left | --parts palm,finger_1] [--pick X,Y …]

A view is front, back, left, right, top, bottom, `azimuth,elevation` in degrees (0,0 is front; 90,0 shows the patient's left
side), or one of a limb: hand-palmar, hand-dorsal, hand-radial, hand-ulnar, the same for forearm; arm-anterior, arm-posterior,
arm-medial, arm-lateral, the same for elbow; foot-dorsal, foot-plantar, foot-medial, foot-lateral. `--crop=…` is in mm of the view
(the frame shows them); `--around` centres on a landmark, point or joint. `--pick` takes mm of the view and prints triangle and
weights as in `pack/landmarks/*.csv`, and the place; pick on the template (the default body) only. Dots are those of the left half
and the midline, hollow when hidden.
"""
from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from waterneedle.body import fit, landmarks, mesh, parts, placing
from waterneedle.body.mesh import Array
from waterneedle.body.placing.body import Body

HIDDEN_MM = 2.0
MARGIN_MM = 10.0


@dataclass(frozen=True)
class View:
    """An orthographic camera: unit axes of the picture to the right, up, and toward the onlooker."""

    right: Array
    up: Array
    toward: Array

    def __call__(self, places: Array) -> Array:
        return places @ np.stack([self.right, self.up, self.toward], axis=1)


def looking(toward: Array, up: Array) -> View:
    toward = toward / np.linalg.norm(toward)
    right = np.cross(up, toward)
    right /= np.linalg.norm(right)
    return View(right, np.cross(toward, right), toward)


def view_named(name: str, joints: dict[str, Array]) -> View:
    fixed = {"front": (0, 0), "back": (180, 0), "left": (90, 0), "right": (-90, 0), "top": (0, 89.9), "bottom": (0, -89.9)}
    limb, _, aspect = name.partition("-")
    if limb in ("hand", "forearm", "arm", "elbow", "foot") and aspect:
        return _limb_view(limb, aspect, joints)
    azimuth, elevation = np.radians(fixed[name] if name in fixed else [float(part) for part in name.split(",")])
    toward = np.array([np.sin(azimuth) * np.cos(elevation), np.sin(elevation), np.cos(azimuth) * np.cos(elevation)])
    return looking(toward, np.array([0.0, 1.0, 0.0]))


def _limb_view(limb: str, aspect: str, joints: dict[str, Array]) -> View:
    if limb == "foot":
        along = (joints["l-toe-3-1"] - joints["l-ankle"]) * (1, 0, 1)
        along /= np.linalg.norm(along)
        up = np.array([0.0, 1.0, 0.0])
        medial = np.cross(along, up)
        ways = {"dorsal": (up, along), "plantar": (-up, along), "medial": (medial, up), "lateral": (-medial, up)}
        return looking(*ways[aspect])
    if limb in ("arm", "elbow"):
        upper, lower = joints["l-elbow"] - joints["l-shoulder"], joints["l-hand"] - joints["l-elbow"]
        upper, lower = upper / np.linalg.norm(upper), lower / np.linalg.norm(lower)
        along, medial = upper if limb == "arm" else upper + lower, np.cross(upper, lower)
        anterior = np.cross(medial, along)
        toward = {"anterior": anterior, "posterior": -anterior, "medial": medial, "lateral": -medial}[aspect]
        return looking(toward, -along)
    ends = {"hand": ("l-hand", "l-finger-3-1"), "forearm": ("l-elbow", "l-hand")}[limb]
    along = joints[ends[1]] - joints[ends[0]]
    across = joints["l-finger-2-1"] - joints["l-finger-5-1"]  # to the radial side
    dorsal = np.cross(across, along)
    radial = np.cross(along, dorsal)
    toward = {"dorsal": dorsal, "palmar": -dorsal, "radial": radial, "ulnar": -radial}[aspect]
    return looking(toward, -along)


class Picture:
    """A z-buffer: for each pixel the depth, the triangle and the weights of its corners."""

    def __init__(self, vertices: Array, rows: Array, view: View, crop: tuple[float, float, float, float], size: int):
        self.x0, self.y0, self.x1, self.y1 = crop
        self.scale = size / max(self.x1 - self.x0, self.y1 - self.y0)
        self.width, self.height = (max(1, round(span * self.scale)) for span in (self.x1 - self.x0, self.y1 - self.y0))
        self.view = view
        self.depth = np.full((self.height, self.width), -np.inf)
        self.face = np.full((self.height, self.width), -1)
        self.weights = np.zeros((self.height, self.width, 3))
        self.rows = rows  # the triangles drawn; `face` counts these
        seen = view(vertices)
        flat = np.stack([(seen[:, 0] - self.x0) * self.scale, (self.y1 - seen[:, 1]) * self.scale, seen[:, 2]], axis=1)
        self._draw(flat, mesh.faces()[rows])

    def pixel(self, place: Array) -> tuple[float, float, float]:
        x, y, z = self.view(place)
        return (x - self.x0) * self.scale, (self.y1 - y) * self.scale, z

    def _draw(self, flat: Array, faces: Array) -> None:
        corners = flat[faces]
        low, high = corners[..., :2].min(1), corners[..., :2].max(1)
        a, b, c = corners[:, 0, :2], corners[:, 1, :2], corners[:, 2, :2]
        area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
        seen = (area < -1e-9) & (high > 0).all(1) & (low[:, 0] < self.width) & (low[:, 1] < self.height)
        for row in np.flatnonzero(seen):
            x0, y0 = np.maximum(np.floor(low[row]), 0).astype(int)
            x1, y1 = np.minimum(np.ceil(high[row]) + 1, (self.width, self.height)).astype(int)
            xs, ys = np.arange(x0, x1) + 0.5, np.arange(y0, y1)[:, None] + 0.5
            w = [((q[0] - p[0]) * (ys - p[1]) - (q[1] - p[1]) * (xs - p[0])) / area[row] for p, q in (
                (b[row], c[row]), (c[row], a[row]), (a[row], b[row]))]
            inside = (w[0] >= 0) & (w[1] >= 0) & (w[2] >= 0)
            z = sum(weight * corner for weight, corner in zip(w, corners[row, :, 2], strict=True))
            window = (slice(y0, y1), slice(x0, x1))
            nearer = inside & (z > self.depth[window])
            self.depth[window][nearer] = z[nearer]
            self.face[window][nearer] = row
            self.weights[window][nearer] = np.stack(w, axis=-1)[nearer]

    def image(self, faces: Array, normals: Array) -> Image.Image:
        hit = self.face >= 0
        normal = np.einsum("ni,nix->nx", self.weights[hit], normals[faces[self.face[hit]]])
        normal /= np.linalg.norm(normal, axis=1)[:, None]
        side = (self.view.toward + self.view.up) / np.sqrt(2)
        shade = 0.25 + 0.4 * np.clip(normal @ self.view.toward, 0, 1) + 0.4 * np.clip(normal @ side, 0, 1)
        pixels = np.full((self.height, self.width, 3), 250, np.uint8)
        pixels[hit] = np.clip(shade[:, None] * (226, 190, 165) , 0, 255).astype(np.uint8)
        return Image.fromarray(pixels)


def frame(image: Image.Image, picture: Picture) -> None:
    """Ticks with mm of the view along the edges."""
    draw, step = ImageDraw.Draw(image), next(s for s in (5, 10, 20, 50, 100, 200) if s * picture.scale >= 45)
    for x in range(int(np.ceil(picture.x0 / step)) * step, int(picture.x1) + 1, step):
        px = (x - picture.x0) * picture.scale
        draw.line([px, picture.height - 8, px, picture.height], fill="black")
        draw.text((px + 2, picture.height - 20), str(x), fill="black")
    for y in range(int(np.ceil(picture.y0 / step)) * step, int(picture.y1) + 1, step):
        py = (picture.y1 - y) * picture.scale
        draw.line([0, py, 8, py], fill="black")
        draw.text((10, py - 6), str(y), fill="black")


def dot(image: Image.Image, picture: Picture, place: Array, label: str, colour: str) -> None:
    x, y, z = picture.pixel(place)
    if not (0 <= x < picture.width and 0 <= y < picture.height):
        return
    hidden = picture.depth[int(y), int(x)] > z + HIDDEN_MM
    draw, r = ImageDraw.Draw(image), 3
    draw.ellipse([x - r, y - r, x + r, y + r], fill=None if hidden else colour, outline=colour)
    if not hidden:
        draw.text((x + 5, y - 6), label, fill=colour, font=ImageFont.load_default(12))


def figure(text: str) -> Array:
    """`sex,age,height,weight`, or `template`."""
    if text == "template":
        return mesh.shape(*parts.TEMPLATE)
    sex, *numbers = text.split(",")
    return fit.fit(sex, *(float(number) for number in numbers)).coefficients


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("out")
    arguments.add_argument("--body", default="template")
    arguments.add_argument("--view", default="front")
    arguments.add_argument("--crop")
    arguments.add_argument("--around")
    arguments.add_argument("--points", default="all")
    arguments.add_argument("--landmarks", default="")
    arguments.add_argument("--size", type=int, default=900)
    arguments.add_argument("--left", action="store_true", help="draw the left half alone")
    arguments.add_argument("--parts", help="draw some parts of the left half: those of body/parts.py, or arm, hand, leg")
    arguments.add_argument("--pick", nargs="*", default=[])
    given = arguments.parse_args()
    coefficients = figure(given.body)
    body = Body.of(coefficients, placing.LOCATORS)
    view = view_named(given.view, dict(body.joints))
    picture = Picture(body.surface.vertices, drawn_faces(given), view, crop_of(given, body, view), given.size)
    image = picture.image(mesh.faces()[picture.rows], body.surface.normals)
    for identity, places in body.landmarks.items():
        if identity in given.landmarks.split(",") or given.landmarks in ("all", landmarks.picked()[identity].region):
            for number, spot in enumerate(places, 1):
                dot(image, picture, spot, identity if len(places) == 1 else f"{identity}.{number}", "#0b5d2a")
    drawn = set(picture.rows.tolist())
    wanted = "" if given.points == "all" else tuple(given.points.split(","))
    for point in placing.place(coefficients) if given.points != "none" else ():
        if point.face in drawn and point.side != "right" and point.code.startswith(wanted):
            dot(image, picture, point.xyz, " ".join(filter(None, (point.code, point.member))), "#a01010")
    frame(image, picture)
    for pixel in given.pick:
        print(pixel, picked(picture, body, *(float(part) for part in pixel.split(","))))
    image.save(given.out)


def picked(picture: Picture, body: Body, x: float, y: float) -> str:
    """The cells face, b0, b1, b2 of a landmark at a place of the view, and where it is; b0 + b1 + b2 is exactly 1."""
    row, column = int((picture.y1 - y) * picture.scale), int((x - picture.x0) * picture.scale)
    face, (a, b, _) = int(picture.rows[picture.face[row, column]]), picture.weights[row, column].round(4)
    return f"{face},{a:.4f},{b:.4f},{1 - a - b:.4f}  at {body.surface.at(face, (a, b, 1 - a - b)).round(1).tolist()}"


def drawn_faces(given: argparse.Namespace) -> Array:
    """Rows of the triangles to draw."""
    if given.parts:
        arm, leg = ("shoulder", "upper_arm", "forearm", *parts.HAND), ("thigh", "leg", *parts.FOOT)
        limbs = {"arm": arm, "hand": parts.HAND, "leg": leg}
        return parts.faces_of(*(part for name in given.parts.split(",") for part in limbs.get(name, (name,))))
    return np.arange(len(mesh.faces()) // (2 if given.left else 1))


def crop_of(given: argparse.Namespace, body: Body, view: View) -> tuple[float, float, float, float]:
    if given.crop:
        x0, y0, x1, y1 = (float(part) for part in given.crop.split(","))
        return x0, y0, x1, y1
    if given.around:
        name, reach = given.around.split(",")
        x, y, _ = view(body.joints[name] if name in body.joints else body.at(name))
        return x - float(reach), y - float(reach), x + float(reach), y + float(reach)
    seen = view(body.surface.vertices)
    (x0, y0), (x1, y1) = seen[:, :2].min(0) - MARGIN_MM, seen[:, :2].max(0) + MARGIN_MM
    return x0, y0, x1, y1


if __name__ == "__main__":
    main()
