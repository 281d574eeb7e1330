"""The page of components: what is shown there can be used by everybody."""
from __future__ import annotations

import pytest

from clinic.journeys.accessibility import SIZES, THEMES, assert_accessible, assert_targets


@pytest.fixture(autouse=True)
def _demo(settings):
    settings.DEMO = True


@pytest.fixture
def style_page(site, page_of):
    page = page_of(None)
    page.goto(f"{site}/style/")
    return page


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES)
def test_every_component_is_accessible(style_page, size, theme):
    assert_accessible(style_page, sizes={size: SIZES[size]}, themes=(theme,))


def test_on_a_touch_screen_buttons_and_fields_are_44_px(site, page_of):
    page = page_of(None, has_touch=True, is_mobile=True)
    page.goto(f"{site}/style/")

    typed = ".form :is(select, input:not([type=checkbox], [type=radio], [type=hidden]))"
    assert_targets(page, f".button:not(.fine), .choice, .tabs a, {typed}")


def test_a_pick_is_kept_as_a_chip_and_so_is_what_was_typed(style_page):
    field = style_page.locator("#id_light-medicines")
    field.fill("St John's wort")
    field.press("Enter")
    field.fill("garlic")
    field.blur()
    style_page.locator("input[type=hidden][name=light-medicines][value=garlic]").wait_for(state="attached")

    kept = style_page.locator("input[type=hidden][name=light-medicines]").evaluate_all("all => all.map((one) => one.value)")
    assert kept == ["apixaban", "ibuprofen", "St John's wort", "garlic"]


def test_a_chip_is_removed_by_keyboard_and_the_field_has_the_focus(style_page):
    field = style_page.locator("#id_light-medicines")
    field.press("Backspace")
    style_page.keyboard.press("Enter")

    kept = style_page.locator("input[type=hidden][name=light-medicines]").evaluate_all("all => all.map((one) => one.value)")
    assert kept == ["apixaban"]
    assert field.evaluate("one => one === document.activeElement")


def test_escape_closes_the_menu_and_gives_the_focus_back(style_page):
    summary = style_page.locator("details.menu > summary").first
    summary.click()
    style_page.keyboard.press("Tab")
    style_page.keyboard.press("Escape")

    assert not style_page.locator("details.menu").first.evaluate("one => one.open")
    assert summary.evaluate("one => one === document.activeElement")


def test_a_toast_that_can_be_undone_is_told_apart_and_can_be_closed(site, page_of):
    page = page_of(None)
    page.goto(f"{site}/preferences/")
    page.get_by_role("button", name="Save").click()

    toast = page.locator("#toasts [data-toast]")
    assert toast.inner_text().strip().startswith("Kept for this browser.")
    toast.get_by_role("button", name="Close").click()
    assert toast.count() == 0


def test_the_theme_that_was_chosen_shows_whatever_the_system_has(site, page_of):
    page = page_of(None, color_scheme="light")
    page.goto(f"{site}/preferences/")
    page.get_by_text("Dark", exact=True).click()
    with page.expect_navigation():
        page.get_by_role("button", name="Save").click()
    page.goto(f"{site}/preferences/")

    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(20, 23, 26)"
