"""The camera as a scanner: a browser whose camera plays a file sees the code of a box, and the form of the lot is filled."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
import zxingcpp
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, Playwright, expect

from clinic.journeys.accessibility import assert_accessible
from clinic.patients.people import at_work, make_patient
from clinic.people import make_clinic, make_person, signed_in
from clinic.stock.shelf import make_item, make_lot
from clinic.visits.charting import B12, make_visit
from tests.browser import launched
from waterneedle.clinic.accounts.models import User
from waterneedle.clinic.stock import actions as stock

GTIN = "03123456789064"
CODE = f"01{GTIN}1728083110A417"
WIDTH, HEIGHT = 640, 480


@pytest.fixture
def by(site):
    clinic = make_clinic("harbor", "Harbor Acupuncture")
    return at_work(make_person(clinic, "Nora Needle", "practitioner"), clinic)


@pytest.fixture
def looking(driver: Playwright, site: str, tmp_path: Path) -> Iterator:
    """`looking(user, content)` is a page of a browser before whose camera that code is held."""
    opened = []

    def page(user: User, content: str) -> Page:
        film = tmp_path / "camera.y4m"
        film.write_bytes(filmed(content))
        camera = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
                  f"--use-file-for-fake-video-capture={film}"]
        browser = launched(driver, "--disable-gpu", *camera)
        opened.append(browser)
        context = browser.new_context(locale="en-US", viewport={"width": 1280, "height": 860})
        cookie = signed_in(user).cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "domain": urlsplit(site).hostname, "path": "/"}])
        made = context.new_page()
        made.set_default_timeout(30_000)
        return made

    yield page
    for browser in opened:
        browser.close()


def filmed(content: str) -> bytes:
    """A still film (YUV4MPEG2, grey) of the Data Matrix of `content` on a light ground."""
    symbol = zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.DataMatrix)
    drawn = np.array(zxingcpp.write_barcode_to_image(symbol, scale=8))
    frame = np.full((HEIGHT, WIDTH), 235, np.uint8)
    top, left = (HEIGHT - drawn.shape[0]) // 2, (WIDTH - drawn.shape[1]) // 2
    frame[top:top + drawn.shape[0], left:left + drawn.shape[1]] = np.clip(drawn, 16, 235)
    colourless = bytes([128]) * (WIDTH * HEIGHT // 2)
    return f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + 3 * (b"FRAME\n" + frame.tobytes() + colourless)


def test_a_box_before_the_camera_fills_the_form_of_its_lot(looking, site, by):
    item = make_item(by, product=B12, gtin=GTIN)
    page = looking(by.user, CODE)
    answer = page.goto(f"{site}/c/harbor/stock/receive/")
    policy = answer.headers["content-security-policy"]
    assert "'wasm-unsafe-eval'" in policy and "'unsafe-eval'" not in policy
    assert_accessible(page, sizes={"phone": (390, 844)})
    page.get_by_role("button", name="Scan with the camera").click()

    expect(page.locator("[name=number]")).to_have_value("A417", timeout=30_000)
    assert page.locator("[name=expires]").input_value() == "2028-08-31"
    assert page.locator("[name=item]").input_value() == str(item.pk)
    assert page.locator("video").count() == 0  # the camera is off again
    expect(page.locator("[name=containers]")).to_be_focused()


@pytest.mark.parametrize("is_kept", [True, False])
def test_of_a_second_box_nothing_of_the_first_stays(looking, site, by, is_kept):
    make_item(by, product=B12, gtin=GTIN)
    other = make_item(by, "Saline", gtin="00312345678906" if is_kept else "")
    page = looking(by.user, CODE)
    page.goto(f"{site}/c/harbor/stock/receive/")
    for code in (CODE, "0100312345678906" "10B7" "17290131"):  # the lot of the second runs into its date
        page.locator("#code").fill(code)
        page.locator("#code").press("Enter")
        expect(page.locator("#code")).to_have_value("")

    expect(page.locator("[name=item]")).to_have_value(str(other.pk) if is_kept else "")
    assert [page.locator(f"[name={name}]").input_value() for name in ("number", "expires")] == ["", ""]
    expect(page.locator("[name=number]" if is_kept else "[name=item]")).to_be_focused()


def test_a_vial_before_the_camera_is_the_one_that_is_drawn_from(looking, site, by):
    vial = stock.open_vial(lot=make_lot(by, make_item(by, product=B12)), by=by, at=timezone.now())
    visit = make_visit(by, make_patient(by))
    page = looking(by.user, vial.code)
    page.goto(f"{site}/c/harbor/visits/patients/{visit.patient.uid}/{visit.uid}/")
    page.get_by_role("button", name="Scan with the camera").click()

    expect(page.locator("#syringe_vial")).to_have_value(str(vial.uid), timeout=30_000)


def test_other_pages_compile_nothing(looking, site, by):
    page = looking(by.user, CODE)

    assert "wasm" not in page.goto(f"{site}/c/harbor/stock/").headers["content-security-policy"]
