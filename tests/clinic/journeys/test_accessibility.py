"""The measuring itself: what is wrong is found."""
from __future__ import annotations

import pytest

from clinic.journeys.accessibility import assert_accessible, assert_targets

_ONE = {"sizes": {"phone": (390, 844)}, "themes": ("light",)}
_TWO_SMALL = "<div><button style='width:16px;height:16px'>a</button><button style='width:16px;height:16px'>b</button></div>"
_PAGE = "<!doctype html><html lang='en'><title>t</title><main><h1>One</h1>%s</main>"


@pytest.mark.parametrize(("flaw", "named"), [
    ("<p style='color:#bbb;background:#fff'>Pale words</p>", "color-contrast"),
    ("<input>", "label"),
    (_TWO_SMALL, "target-size"),
    ("<div style='width:500px'>wide</div>", "wider than the screen"),
])
def test_a_flaw_is_named(page_of, flaw, named):
    page = page_of(None)
    page.set_content(_PAGE % flaw)

    with pytest.raises(AssertionError, match=named):
        assert_accessible(page, **_ONE)


@pytest.mark.parametrize(("flaw", "named"), [
    ("<p style='color:light-dark(#111,#444);background:light-dark(#fff,#111)'>Pale words</p>", "color-contrast"),
    ("<p style='color:light-dark(#111,#eee)'>Words and <a href='#x' style='text-decoration:none;color:light-dark(#06c,#ddd)'>"
     "a link</a></p>", "link-in-text-block"),
])
def test_a_flaw_in_the_dark_alone_is_named(page_of, flaw, named):
    page = page_of(None)
    page.set_content(_PAGE % f"<div style='color-scheme:light dark;background:light-dark(#fff,#111)'>{flaw}</div>")

    with pytest.raises(AssertionError, match=f"phone dark: {named}") as told:
        assert_accessible(page, sizes={"phone": (390, 844)})

    assert "light:" not in str(told.value)


def test_a_page_without_a_flaw_passes(page_of):
    page = page_of(None)
    page.set_content(_PAGE % "<p>Dark words</p><label>Name <input></label>")

    assert_accessible(page, **_ONE)


def test_a_target_that_is_too_small_is_named(page_of):
    page = page_of(None)
    page.set_content(_PAGE % "<button style='width:40px;height:60px'>Sign</button>")

    with pytest.raises(AssertionError, match="Sign"):
        assert_targets(page, "button", px=44)
