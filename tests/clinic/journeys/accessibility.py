"""What every page has to hold, measured in a browser: axe, the size of what is pressed, and no sideways scrolling."""
from __future__ import annotations

import itertools

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

SIZES = {"desktop": (1280, 860), "tablet": (820, 1180), "phone": (390, 844)}
THEMES = ("light", "dark")
# Levels A and AA of WCAG 2.2 with axe's own advice; target-size (24 px, SC 2.5.8) is off unless it is asked for.
_OPTIONS = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
            "rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}
# A page is the same in its other theme but for its colours (`web/test_tokens.py` holds that): there, the rules that ask for them.
_OF_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}, "resultTypes": ["violations"]}
_GRAVE = ("serious", "critical")
# What passed is most of the answer, and nobody reads it.
_RUN = """async (options) => (await axe.run(options)).violations.map(({ id, impact, help, nodes }) =>
    ({ id, impact, help, targets: nodes.map(({ target }) => target) }))"""

_SMALL = """([selector, px]) => [...document.querySelectorAll(selector)].map((one) => [one, one.getBoundingClientRect()])
    .filter(([one, box]) => box.width && box.height && (box.width < px || box.height < px))
    .map(([one, box]) => `${one.tagName.toLowerCase()}.${one.className} ${box.width} by ${box.height} px: `
        + (one.getAttribute("aria-label") ?? one.textContent.trim().slice(0, 40)))"""


def findings(
    page: Page, *, sizes: dict[str, tuple[int, int]] = SIZES, themes: tuple[str, ...] = THEMES, colours: bool = True
) -> list[str]:
    """Every serious or critical finding on `page` as it stands, in each size and theme, as one line each. Without `colours` for
    a page that was looked at in another language: it is the same but for its words, and contrast is most of what axe takes."""
    rules = _OPTIONS["rules"] | {name: {"enabled": colours} for name in _OF_COLOURS["runOnly"]["values"]}
    found = []
    before = page.viewport_size
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    for (size, (width, height)), theme in itertools.product(sizes.items(), themes):
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        for violation in page.evaluate(_RUN, {**_OPTIONS, "rules": rules} if theme == themes[0] else _OF_COLOURS):
            if violation["impact"] in _GRAVE:
                places = "; ".join(" ".join(map(str, target)) for target in violation["targets"][:4])
                found.append(f"{size} {theme}: {violation['id']}: {violation['help']} at {places}")
        if over := page.evaluate("document.documentElement.scrollWidth - innerWidth"):
            found.append(f"{size} {theme}: the page is {over} px wider than the screen")
    if before:
        page.set_viewport_size(before)
    return found


def assert_accessible(page: Page, **options: object) -> None:
    """No serious or critical finding of axe on `page`, on a desktop, a tablet and a phone, in light and in dark."""
    found = findings(page, **options)
    assert not found, "\n".join(found)


def assert_targets(page: Page, selector: str = "a[href], button, input, select, textarea, summary", px: int = 44) -> None:
    """Whatever matches `selector` and shows is at least `px` wide and high; 44 on the chart path."""
    small = page.evaluate(_SMALL, [selector, px])
    assert not small, "\n".join(small)
