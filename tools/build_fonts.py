"""Build the fonts of the room `web` from IBM Plex Sans as the npm package `@fontsource-variable/ibm-plex-sans` ships it.

    python -m tools.build_fonts PACKAGE.tgz [--into FOLDER]

The Latin files of the package are cut to weights 400 to 700 and to what names, pinyin and doses need. The licence reserves
the name "Plex" for the unmodified font, so that the cut one is named Waterneedle Sans. The characters of the points' names are
cut from the Chinese font of paper (`tools/build_print_fonts.py`). Needs fontTools with brotli.
"""
from __future__ import annotations

import argparse
import hashlib
import tarfile
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

from waterneedle import knowledge

SHA256 = "0cdf43f91e27c4dcc53ffee829fd1ebe45c810c24684766bc1e5f5609d3ffc16"
FAMILY = "Waterneedle Sans"
ADOBE = "© 2014-2021 Adobe (http://www.adobe.com/)."
CLINIC = Path(__file__).parent.parent / "waterneedle/clinic"
INTO = CLINIC / "web/static/web/fonts"
HAN = CLINIC / "paper/fonts/waterneedle-han-regular.otf"

LATIN = {*range(0x20, 0x7F), *range(0xA0, 0x100), *range(0x2000, 0x2070),
         0x131, 0x152, 0x153, 0x20AC, 0x2122, 0x2191, 0x2193, 0x2212, 0xFFFD}
# Names of Europe (Latin Extended-A), and the tones of pinyin: carons, macrons and those on ü.
EXTENDED = {*range(0x100, 0x180), *range(0x1CD, 0x1DD),
            0x218, 0x219, 0x21A, 0x21B, 0x304, 0x308, 0x30C, 0x1E9E, 0x20AB, 0x20B1, 0x20BA}
# What Vietnamese names have beyond these.
VIETNAMESE = {0x1A0, 0x1A1, 0x1AF, 0x1B0, 0x300, 0x301, 0x303, 0x309, 0x323, *range(0x1EA0, 0x1EFA)}
CUTS = {"latin": LATIN, "latin-ext": EXTENDED, "vietnamese": VIETNAMESE}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("package", type=Path)
    options.add_argument("--into", type=Path, default=INTO)
    chosen = options.parse_args()
    digest = hashlib.sha256(chosen.package.read_bytes()).hexdigest()
    if digest != SHA256:
        raise SystemExit(f"{chosen.package} has SHA-256 {digest}, expected {SHA256}")
    chosen.into.mkdir(parents=True, exist_ok=True)
    with tarfile.open(chosen.package) as package:
        for part, wanted in CUTS.items():
            font = TTFont(package.extractfile(f"package/files/ibm-plex-sans-{part}-wght-normal.woff2"), recalcTimestamp=False)
            write(cut(font, wanted), chosen.into / f"waterneedle-sans-{part}.woff2")
        copyright, _, licence = package.extractfile("package/LICENSE").read().decode().partition("\n")
    whose = f"waterneedle-sans-*.woff2: {copyright}\nwaterneedle-han-points.woff2: {ADOBE}\n"
    (chosen.into / "OFL.txt").write_text(whose + licence, encoding="utf-8")
    write(names_of_points(TTFont(HAN, recalcTimestamp=False)), chosen.into / "waterneedle-han-points.woff2")


def cut(font: TTFont, wanted: set[int]) -> TTFont:
    """`font` with the wanted characters, weights 400 to 700, and a name of its own."""
    keep = Options()
    keep.layout_features = ["ccmp", "kern", "liga", "locl", "mark", "mkmk", "numr", "dnom", "frac"]
    keep.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    keep.notdef_outline = True
    subsetter = Subsetter(keep)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    font = instantiateVariableFont(font, {"wght": (400, 400, 700)})
    for record in font["name"].names:
        text = record.toUnicode()
        if record.nameID != 0:
            record.string = text.replace("IBM Plex Sans", FAMILY).replace("IBMPlexSans", FAMILY.replace(" ", ""))
    font.flavor = "woff2"
    return font


def names_of_points(font: TTFont) -> TTFont:
    """`font` with the characters of the points' names alone."""
    keep = Options()
    keep.layout_features = []
    keep.desubroutinize = True
    keep.notdef_outline = True
    subsetter = Subsetter(keep)
    subsetter.populate(text="".join(point.hanzi for point in knowledge.points().values()))
    subsetter.subset(font)
    font.flavor = "woff2"
    return font


def write(font: TTFont, path: Path) -> None:
    font.save(path)
    print(path.name, path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest())


if __name__ == "__main__":
    main()
