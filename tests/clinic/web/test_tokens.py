"""The colours: what is read and what is pressed stands out enough, in light and in dark (WCAG 2.2, 1.4.3 and 1.4.11)."""
from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

import waterneedle
import waterneedle.clinic.web as web

CSS = Path(web.__file__).parent / "static/web/css"
TOKENS = dict(re.findall(r"--([\w-]+): light-dark\((#\w{6}, #\w{6})\)", (CSS / "tokens.css").read_text()))
PRODUCT = Path(waterneedle.__file__).parent
GROUNDS = ("paper", "surface", "sunken")
READ = [
    *((ink, ground) for ink in ("ink", "quiet", "water", "block", "warn", "ok") for ground in GROUNDS),
    *((word, f"{word}-wash") for word in ("water", "block", "warn", "ok")),
    *((ink, wash) for ink in ("ink", "quiet") for wash in ("water-wash", "block-wash", "warn-wash", "ok-wash")),
    ("on-water", "water"), ("on-water", "water-deep"), ("on-block", "block"), ("paper", "ink"), ("paper", "warn"),
]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2 between two colours such as #14607a."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at:at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def shades(token: str) -> list[str]:
    return TOKENS[token].split(", ")


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("words", "ground"), READ)
def test_words_stand_out_from_what_they_stand_on(words, ground, theme):
    assert contrast(shades(words)[theme], shades(ground)[theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
def test_the_edge_of_a_field_can_be_seen(ground, theme):
    assert contrast(shades("edge")[theme], shades(ground)[theme]) >= 3


def test_black_on_white_is_21_to_1():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("sheet", sorted(CSS.glob("*.css")), ids=lambda path: path.name)
def test_no_other_sheet_names_a_colour(sheet):
    # Paper is white and its hairlines grey, whatever the screen has; so is the ground of a QR code.
    allowed = {"print.css": {"#fff", "#999", "#000"}, "layout.css": {"#fff"}, "tokens.css": None}.get(sheet.name, set())
    rules = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
    named = set(re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;,\s)])|\b(?:rgb|hsl)a?\(", rules))

    assert allowed is None or named <= allowed


def test_every_token_that_is_used_exists():
    text = "".join(path.read_text() for path in CSS.glob("*.css"))

    assert set(re.findall(r"var\(--([\w-]+)", text)) - set(re.findall(r"--([\w-]+):", text)) == set()


def test_the_theme_changes_colours_and_nothing_else():
    # So journeys ask in the dark only what depends on colours. The picture of the body takes its ground from its page.
    asking, rules = set(), set()
    for path in itertools.chain(*(PRODUCT.rglob(end) for end in ("*.css", "*.html", "*.js", "*.svg"))):
        text = path.read_text(encoding="utf-8")
        asking |= {path.name} if "prefers-color-scheme" in text else set()
        rules |= {rule.strip() for rule in re.findall(r"\[data-theme[^{}]*\{([^}]*)\}", text)}

    assert asking == {"picture.js"}
    assert {rule.partition(":")[0] for rule in rules} == {"color-scheme"}
    assert all(rule.count(":") == 1 for rule in rules)
