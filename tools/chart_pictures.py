"""Take pictures of the chart in a real browser: every region of three bodies, for anatomists to look through.

    python -m tools.chart_pictures OUT_FOLDER [--regions head,hand] [--tile 480] [--quality 55] [--chromium /usr/bin/chromium]

One WebP sheet for each region: a row for each body, a column for each side. What stands in `docs/body/` was made with the
defaults. It is the chart as people see it, drawn by WebGL in software, so a code that has no room beside its dot is left out.
"""
from __future__ import annotations

import argparse
import io
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Browser, Page, sync_playwright

from waterneedle import knowledge
from waterneedle.body import mesh, placing
from waterneedle.body.fit import fit
from waterneedle.body.frames import Frame, frames
from waterneedle.body.mesh import Array
from waterneedle.cli.body_page import Server

BODIES = {"thin": ("female", 35, 160, 50), "heavy": ("male", 40, 185, 110), "old": ("female", 75, 157, 68)}
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
QUIET = (150, 160, 168)
READY = """() => new Promise((done) => {
  const holder = document.querySelector("#chart");
  if (holder.bodyChart?.surface) done();
  else holder.addEventListener("body-ready", () => done());
})"""
# The bare picture: the buttons would stand before the body.
BARE = """() => {
  for (const one of document.querySelectorAll(".body-top, .body-tones, .body-guide, .body-showing")) one.hidden = true;
}"""
ALLOW = """(codes) => document.querySelector("#chart").bodyChart.setAllowed(codes)"""
# `region` "body" names every dot; the picture is drawn once more when it has come to rest.
SHOW = """(view) => new Promise((done) => {
  const { picture, stage } = document.querySelector("#chart").bodyChart;
  picture.view = { ...view, region: "body" };
  const rested = stage.on.rested;
  stage.on.rested = () => { rested(); stage.on.rested = rested; requestAnimationFrame(() => done()); };
  stage.show(view, true);
})"""


@dataclass(frozen=True)
class Region:
    """The points of some parts of the body, and from where they are looked at: directions in the axes of a frame."""

    parts: tuple[str, ...]
    sides: dict[str, tuple[float, float, float]]  # lengthwise, sideways, forward
    frame: str = "trunk"
    beside: tuple[str, ...] = ()  # parts whose points are shown too; the picture has room for the rest of the body
    both: bool = False  # the right side too
    alone: bool = False  # what lies far behind is cut away
    hidden: tuple[str, ...] = ()  # sides from which the thigh stands before it
    margin: float = 1.12


_ROUND = {"front": (0, 0, 1), "outside": (0, 1, 0), "back": (0, 0, -1), "inside": (0, -1, 0)}
_TRUNK = {"front": (0, 0, 1), "aslant": (0, 1, 1)}
_FACE = {"front": (0, 0, 1), "aslant": (0, 1, 1), "left": (0, 1, 0)}
_LIMB = {"palm": (0, 0, 1), "thumb side": (0, 1, 0), "back": (0, 0, -1), "little finger side": (0, -1, 0)}
_SHOULDER = {"front": (0, 0.3, 1), "outside": (0, 1, 0), "back": (0, 0.3, -1), "top": (1, 0, 0.05)}
_FOOT = {"top": (-0.45, 0, 1), "outside": (0, 1, 0), "inside": (0, -1, 0), "sole": (0, 0, -1)}
_HEAD = {"front": (0.25, 0, 1), "left": (0, 1, 0), "back": (0, 0, -1), "top": (1, 0, 0.05)}
_NECK = {"front": (0, 0, 1), "left": (0, 1, 0), "back": (0, 0, -1)}
_BEHIND = {"back": (0, 0, -1), "aslant": (0, 1, -1)}
REGIONS = {
    "head": Region(("scalp",), _HEAD, beside=("ear", "face"), both=True),
    "face": Region(("face", "ear"), _FACE, beside=("scalp", "neck"), both=True),
    "neck": Region(("neck",), _NECK, beside=("chest", "upper_back", "scalp", "shoulder"), both=True),
    "chest": Region(("chest", "axilla"), _TRUNK, beside=("shoulder", "abdomen"), both=True),
    "belly": Region(("abdomen",), _TRUNK, beside=("chest", "hip"), both=True),
    "back": Region(("upper_back",), _BEHIND, beside=("shoulder", "neck"), both=True),
    "loins": Region(("lower_back", "sacrum"), _BEHIND, beside=("buttock", "hip"), both=True),
    "shoulder": Region(("shoulder", "axilla"), _SHOULDER, beside=("chest", "neck", "upper_back", "upper_arm"), margin=1.3),
    "arm": Region(("upper_arm", "elbow", "forearm"), _LIMB, "forearm", ("wrist", "shoulder", "axilla"), hidden=("palm",)),
    "hand": Region(("hand", "wrist", "finger"), _LIMB, "hand", ("forearm",), alone=True),
    "thigh": Region(("thigh", "hip", "buttock", "knee"), _ROUND, "thigh", ("leg",)),
    "leg": Region(("leg", "knee", "ankle"), _ROUND, "leg", ("foot",)),
    "foot": Region(("foot", "ankle", "toe"), _FOOT, "foot", ("leg",), alone=True),
}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--regions", default=",".join(REGIONS))
    arguments.add_argument("--tile", type=int, default=480)
    arguments.add_argument("--quality", type=int, default=55)
    arguments.add_argument("--chromium", default=shutil.which("chromium") or shutil.which("chromium-browser"))
    given = arguments.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    regions = given.regions.split(",")
    rows: dict[str, list[Image.Image]] = {name: [] for name in regions}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=given.chromium, args=ARGUMENTS)
        for body in BODIES:
            for region, picture in pictures(browser, body, regions, given.tile):
                rows[region].append(picture)
        browser.close()
    for region in regions:
        file = given.folder / f"{region}.webp"
        stacked([rows[region][number] for number in range(len(BODIES))]).save(file, quality=given.quality, method=6)
        print(file, f"{file.stat().st_size / 1000:.0f} KB")


def pictures(browser: Browser, body: str, regions: list[str], tile: int) -> Iterator[tuple[str, Image.Image]]:
    """A row of pictures of each region of one body."""
    sex, age, height, weight = BODIES[body]
    server = Server({"sex": sex, "age_years": str(age), "height_cm": str(height), "weight_kg": str(weight)})
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    page = browser.new_context(viewport={"width": 1200, "height": 1000}, reduced_motion="reduce", color_scheme="light").new_page()
    page.goto(server.address)
    page.evaluate(READY)
    page.evaluate(BARE)
    coefficients = fit(sex, age, height, weight).coefficients
    axes, points = frames(mesh.joints(coefficients)), placing.place(coefficients)
    for name in regions:
        region = REGIONS[name]
        centre, radius = ball(points, region)
        shown = (*region.parts, *region.beside)
        page.evaluate(ALLOW, [code for code, point in knowledge.points().items() if point.body_part in shown])
        tiles = [shot(page, view(region, axes, centre, radius, side), f"{body}, {side}", tile) for side in region.sides]
        yield name, beside(tiles)
    page.context.close()
    server.shutdown()
    server.server_close()


def ball(points: list[placing.PlacedPoint], region: Region) -> tuple[Array, float]:
    """What holds the points of a region: of the left and the midline, or of both sides."""
    facts = knowledge.points()
    here = [one for one in points if facts[one.code].body_part in region.parts and (region.both or one.side != "right")]
    places = np.array([one.xyz for one in here])
    low, high = places.min(axis=0), places.max(axis=0)
    return (low + high) / 2, float(np.linalg.norm(places - (low + high) / 2, axis=1).max()) * region.margin


def view(region: Region, axes: dict[str, Frame], centre: Array, radius: float, side: str) -> dict:
    towards = np.array(region.sides[side]) @ axes[region.frame].axes
    towards /= np.linalg.norm(towards)
    ends = {"clip": radius * (0.4 if side in region.hidden else 1)}
    if region.alone:
        ends["behind"] = radius
    elif side == "inside":
        ends["clip"] = abs(centre[0])  # from the midline: the other leg stands before it
    return {"centre": centre.tolist(), "radius": radius, "outward": towards.tolist(), "name": side, **ends}


def shot(page: Page, wanted: dict, title: str, tile: int) -> Image.Image:
    page.evaluate(SHOW, wanted)
    box = page.locator(".body-stage").bounding_box()
    assert box is not None
    edge = min(box["width"], box["height"]) - 4
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    clip = {"x": middle[0] - edge / 2, "y": middle[1] - edge / 2, "width": edge, "height": edge}
    image = Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("RGB").resize((tile, tile), Image.Resampling.LANCZOS)
    ImageDraw.Draw(image).text((6, 4), title, fill=QUIET, font=ImageFont.load_default(12))
    return image


def beside(tiles: list[Image.Image]) -> Image.Image:
    return _joined(tiles, (sum(one.width for one in tiles), max(one.height for one in tiles)), across=True)


def stacked(rows: list[Image.Image]) -> Image.Image:
    return _joined(rows, (max(one.width for one in rows), sum(one.height for one in rows)), across=False)


def _joined(images: list[Image.Image], size: tuple[int, int], *, across: bool) -> Image.Image:
    whole = Image.new("RGB", size, (255, 255, 255))
    at = 0
    for one in images:
        whole.paste(one, (at, 0) if across else (0, at))
        at += one.width if across else one.height
    return whole


if __name__ == "__main__":
    main()
