"""Build the fonts of the room `paper`: Latin, Greek and Cyrillic from IBM Plex Sans, Chinese from Noto Sans CJK.

    python -m tools.build_print_fonts PLEX.tgz NotoSansCJK-Regular.ttc [--into FOLDER]

PLEX.tgz is the npm package `@fontsource-variable/ibm-plex-sans`; the collection of Noto Sans CJK is that of Debian's
`fonts-noto-cjk`. Typst reads TrueType and OpenType only, and knows no unicode ranges, so that the parts of the first are joined
into one file for each weight. Both get a name of their own, as cut fonts should. Needs fontTools with brotli.
"""
from __future__ import annotations

import argparse
import hashlib
import tarfile
import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont
from fontTools.varLib.instancer import instantiateVariableFont

from tools.build_fonts import SHA256 as PLEX_SHA256
from tools.build_fonts import write
from waterneedle import knowledge

NOTO_SHA256 = "b76b0433203017ca80401b2ee0dd69350349871c4b19d504c34dbdd80541690a"
INTO = Path(__file__).parent.parent / "waterneedle/clinic/paper/fonts"
PARTS = ("latin", "latin-ext", "vietnamese", "greek", "cyrillic")
WEIGHTS = {"regular": 400, "bold": 700}
SANS, HAN = "Waterneedle Sans", "Waterneedle Han"
# Of Big5 the characters in frequent use (its level 1); they begin at A4 40 and end at C6 7E.
BIG5_LEVEL_1 = range(0xA4, 0xC7)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("plex", type=Path)
    options.add_argument("noto", type=Path)
    options.add_argument("--into", type=Path, default=INTO)
    chosen = options.parse_args()
    for path, expected in ((chosen.plex, PLEX_SHA256), (chosen.noto, NOTO_SHA256)):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if digest != expected:
            raise SystemExit(f"{path} has SHA-256 {digest}, expected {expected}")
    chosen.into.mkdir(parents=True, exist_ok=True)
    for name, weight in WEIGHTS.items():
        write(named(sans(chosen.plex, weight), SANS, "IBM Plex Sans", name), chosen.into / f"waterneedle-sans-{name}.ttf")
    write(named(han(chosen.noto), HAN, "Noto Sans CJK SC", "regular"), chosen.into / "waterneedle-han-regular.otf")
    (chosen.into / "characters.txt").write_text(ranges(shown_by_all(chosen.into)), encoding="ascii")


def shown_by_all(folder: Path) -> list[int]:
    """The characters that every weight shows: where the bold has none, Chinese is set in the one weight there is."""
    shown = {path.stem: set(TTFont(path).getBestCmap()) for path in folder.iterdir() if path.suffix in (".ttf", ".otf")}
    return sorted(shown["waterneedle-sans-regular"] & shown["waterneedle-sans-bold"] | shown["waterneedle-han-regular"])


def ranges(numbers: list[int]) -> str:
    """Numbers as ranges in hexadecimal, one a line.

    >>> ranges([65, 66, 67, 97])
    '41-43\\n61\\n'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return "".join(f"{first:X}-{last:X}\n" if first < last else f"{first:X}\n" for first, last in runs)


def sans(package: Path, weight: int) -> TTFont:
    """The parts of the package at one weight, as one font."""
    with tarfile.open(package) as opened, tempfile.TemporaryDirectory() as folder:
        files = []
        for part in PARTS:
            packed = opened.extractfile(f"package/files/ibm-plex-sans-{part}-wght-normal.woff2")
            font = instantiateVariableFont(TTFont(packed, recalcTimestamp=False), {"wght": weight})
            font.flavor = None
            files.append(f"{folder}/{part}.ttf")
            font.save(files[-1])
        joined = Merger().merge(files)
    joined["head"].created = joined["head"].modified = 0
    joined.recalcTimestamp = False
    joined["OS/2"].usWeightClass = weight
    return joined


def han(collection: Path) -> TTFont:
    """The font for Simplified Chinese, cut to the characters of GB 2312, the frequent ones of Big5, and those of the facts."""
    font = next(one for one in TTCollection(collection).fonts if one["name"].getDebugName(1) == "Noto Sans CJK SC")
    font.recalcTimestamp = False
    keep = Options()
    keep.layout_features = ["locl", "kern"]
    keep.hinting = False
    keep.notdef_outline = True
    keep.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    keep.name_languages = [0x409]
    subsetter = Subsetter(keep)
    subsetter.populate(unicodes=han_wanted())
    subsetter.subset(font)
    return font


def han_wanted() -> set[int]:
    gb2312 = _decoded("gb2312", range(0xA1, 0xF8), range(0xA1, 0xFF))
    big5 = _decoded("big5", BIG5_LEVEL_1, [*range(0x40, 0x7F), *range(0xA1, 0xFF)])
    points = {letter for point in knowledge.points().values() for letter in point.hanzi}
    # Signs too that the cut Latin lacks: arrows, comparisons, check marks.
    signs = {*range(0x2190, 0x2200), 0x2211, 0x221A, 0x221E, 0x2248, 0x2260, 0x2264, 0x2265, 0x2713, 0x2717}
    wide = {*range(0x3000, 0x3020), *range(0xFF01, 0xFF5F)}
    return {ord(letter) for letter in gb2312 | big5 | points if ord(letter) > 0x1FFF} | signs | wide


def _decoded(encoding: str, first: range, second: range | list[int]) -> set[str]:
    """The characters of a table of two bytes."""
    return set("".join(bytes((one, two)).decode(encoding, "ignore") for one in first for two in second))


def named(font: TTFont, family: str, was: str, style: str) -> TTFont:
    """`font` under a name of its own, which the licences ask of whoever changes a font."""
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6, 16):
            text = record.toUnicode().replace(was, family)
            for joined in (was.replace(" ", ""), was.replace(" ", "").replace("SC", "sc")):
                text = text.replace(joined, family.replace(" ", ""))
            record.string = text
    font["name"].setName(family, 1, 3, 1, 0x409)
    font["name"].setName(style.title(), 2, 3, 1, 0x409)
    if "CFF " in font:
        font["CFF "].cff.fontNames = [family.replace(" ", "") + "-" + style.title()]
    return font


if __name__ == "__main__":
    main()
