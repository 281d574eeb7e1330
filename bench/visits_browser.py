"""What a visit costs a browser, and a person: bytes of the page, first paint, from a tap to its ink, and the time by keystrokes.

    python bench/visits_browser.py [--rounds 7]

The real server on SQLite with 12,000 signed visits (`parts/seeding.py`), Chromium without a graphics card. To reach: the page of
a visit without its body <= 150 KB as it comes over the wire, fonts included; first paint <= 0.5 s on loopback, nothing kept from
before, and beside it that of a bare text file of the same server in the same run; tap to ink <= 50 ms (when it is saved is
printed too); six points by touch <= 45 s and a repeat of the last visit <= 20 s.

Tap to ink is the browser's own Event Timing: from the moment at which the finger or the button was released until the frame
after it was on the screen, in steps of 8 ms; the mark must stand in the page before the handlers of the release have ended, so
that this frame shows it, or the touch counts for nothing. As a control the frames that the browser sends out are read: the first
whose pixels where the point is have changed. Making those pictures costs time of its own: the control reads later, never earlier.

Without a card Chromium draws pages by the processor and only WebGL by software GL: that is held against the figures.
`--software-gl` draws the whole page by software GL too, as the older figures were: there a frame of a bare text file takes 0.1 s.

The last two are the keystroke-level model of Card, Moran and Newell (Commun ACM 1980;23:396-410, doi 10.1145/358886.358895): a
key 0.28 s (no trained typist), pointing 1.1 s and the press 0.2 s, the hand to the keyboard or back 0.4 s, the mind before each
unit 1.35 s; and what the server took, as it was measured here. What is touched and typed is the journey of
`tests/clinic/journeys/test_visit.py`.
"""

from __future__ import annotations

import argparse
import base64
import io
import os
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from parts import drafting, seeding
from PIL import Image, ImageChops
from playwright.sync_api import Browser, Error, Page, sync_playwright

PORT = 8396
SITE = f"http://localhost:{PORT}"
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--enable-unsafe-swiftshader"]
SOFTWARE_GL = ["--use-angle=swiftshader"]
BARE = f"{SITE}/static/web/fonts/OFL.txt"
PAGE_KB, PAINT_S, INK_MS, TOUCH_S, REPEAT_S = 150, 0.5, 50, 45, 20
KEY_S, POINT_S, PRESS_S, HOME_S, MIND_S = 0.28, 1.1, 0.2, 0.4, 1.35
OF_THE_BODY = ("/body", "/three", "/static/body/", "/flat")
POINTS = [(code, side) for code in ("ST36", "SP9", "LI11") for side in ("left", "right")]

WHERE = """([code, side]) => {
  const chart = document.querySelector("#chart").bodyChart;
  document.querySelector("#chart .body-stage").scrollIntoView({ block: "center" });
  const { xyz } = chart.points.find((point) => point.code === code && point.side === side);
  const box = chart.picture.touched.getBoundingClientRect();
  const [x, y] = chart.stage.where(xyz);
  return [x + box.left, y + box.top];
}"""
# Of one touch: [ms to the frame on the screen, or none where the mark came too late for it; ms to the injection in the list].
WATCH = """() => {
  const saved = document.querySelectorAll(".visit-injection").length;
  const seen = (is) => new Promise((done) => {
    const look = new MutationObserver(() => is() && (look.disconnect(), done(performance.now())));
    look.observe(document.body, { childList: true, subtree: true });
  });
  const isSaved = () => document.querySelectorAll(".visit-injection").length > saved;
  const mark = seen(() => document.querySelector(".body-ink svg"));
  const list = seen(isSaved);
  const up = new Promise((done) => new PerformanceObserver((found, observer) => {
    for (const one of found.getEntriesByName("pointerup")) { observer.disconnect(); done(one); }
  }).observe({ type: "event", durationThreshold: 16 }));
  // Below 16 ms nothing is told.
  const short = new Promise((done) => addEventListener("pointerup", ({ timeStamp }) => setTimeout(done, 1500, {
    startTime: timeStamp, duration: 16, processingEnd: timeStamp + 16 }), { once: true, capture: true }));
  window.ink = Promise.all([Promise.race([up, short]), mark, list]).then(([event, marked, listed]) =>
    [marked <= event.processingEnd ? event.duration : null, listed - event.startTime]);
}"""
RELEASED = """() => addEventListener("pointerup", ({ timeStamp }) => { window.up = (performance.timeOrigin + timeStamp) / 1000; },
  { once: true, capture: true })"""
ASIDE_PX, CHANGED, MARKED_PX = 10, 40, 20  # around the point; steps of 255 of one colour; so many pixels are a mark
PAINT = """() => new Promise((done) => new PerformanceObserver((list) => {
  for (const one of list.getEntriesByName("first-contentful-paint")) done(one.startTime);
}).observe({ type: "paint", buffered: true }))"""


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--software-gl", action="store_true", help="draw the whole page by software GL")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="wn-bench-") as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "waterneedle.config.settings", "WATERNEEDLE_DATA": folder, "WATERNEEDLE_DEMO": "1"}
        # late: the environment is ready only now
        import django

        django.setup()
        print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}")
        seeding.ready(seeding.SMALL, Path(folder))
        cookie, visit = ready_visit()
        server = subprocess.Popen(
            [sys.executable, "-m", "waterneedle", "serve", "--port", str(PORT)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            with sync_playwright() as driver:
                arguments = ARGUMENTS + SOFTWARE_GL * asked.software_gl
                chromium = driver.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
                return told(chromium, cookie, visit, asked.rounds)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()


def ready_visit() -> tuple[dict[str, str], str]:
    """A session, and the address of a visit whose patient is ready and whose syringe is drawn."""
    # late: Django is ready only now
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    from waterneedle.clinic.accounts.access import Access
    from waterneedle.clinic.accounts.models import User
    from waterneedle.clinic.patients.models import Patient
    from waterneedle.clinic.stock.models import Vial

    alice = User.objects.get(email=f"alice@{seeding.SLUG}.example")
    clinic = alice.memberships.first().clinic
    by = Access(user=alice, clinic=clinic, roles=frozenset({"practitioner"}))
    patient = Patient.objects.filter(clinic=clinic).order_by("-pk").first()
    visit, _syringe = drafting.ready(patient, by, Vial.objects.order_by("pk").first(), "3")
    browser = Client()
    browser.force_login(alice)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": browser.cookies[settings.SESSION_COOKIE_NAME].value}
    where = {"clinic": clinic.slug, "patient": visit.patient.uid, "visit": visit.uid}
    return cookie, SITE + reverse("visits:visit", kwargs=where)


def told(chromium: Browser, cookie: dict[str, str], visit: str, rounds: int) -> int:
    failed = 0

    def line(what: str, said: str, wanted: str, reached: bool) -> None:
        nonlocal failed
        failed += not reached
        print(f"{what:<46} {said:<34} to reach {wanted:<9}{'' if reached else 'NOT REACHED'}", flush=True)

    paints, bare, bytes_, page = [], [], 0, None
    for _ in range(rounds):
        if page is not None:
            page.context.close()  # a page that stays open keeps its body, and the processor
        plain_page, _loaded = opened(chromium, cookie, BARE)
        bare.append(plain_page.evaluate(PAINT) / 1000)
        plain_page.context.close()
        page, loaded = opened(chromium, cookie, visit)
        paints.append(page.evaluate(PAINT) / 1000)
        page.locator("#chart[data-ready]").wait_for(timeout=60_000)
        bytes_ = sum(size for url, size in loaded.items() if not any(part in url for part in OF_THE_BODY))
    line("page of a visit without its body", f"{bytes_ / 1000:.0f} KB", f"{PAGE_KB} KB", bytes_ / 1000 <= PAGE_KB)
    middle = statistics.median(paints)
    line("first paint", f"{middle:.2f} s median, {max(paints):.2f} at most", f"{PAINT_S} s", middle <= PAINT_S)
    plain = statistics.median(bare)
    print(f"{'of a bare text file':<46} {plain:.2f} s median, {max(bare):.2f} at most", flush=True)
    print(f"{'the page, times the text file':<46} {middle / plain:.1f}", flush=True)
    page.get_by_role("textbox", name="Each", exact=True).fill("0.2")
    page.wait_for_timeout(1000)
    saves = []
    for by, press in (("touch", page.touchscreen.tap), ("mouse", page.mouse.click)):
        inks, saved = zip(*(ink(page, press, code, side) for code, side in POINTS), strict=True)
        middle = statistics.median(inks)
        line(f"tap to ink by {by}", f"{middle:.0f} ms median, {max(inks):.0f} at most", f"{INK_MS} ms", middle <= INK_MS)
        saves += saved
    frames = [first_frame(page, code, side) for code, side in (("ST40", "left"), ("GB34", "right"), ("LI10", "left"))]
    print(f"{'as the frames sent out show it':<46} {', '.join(f'{one:.0f}' for one in frames)} ms", flush=True)
    middle = statistics.median(saves)
    print(f"{'tap to checked and saved':<46} {middle:.0f} ms median, {max(saves):.0f} at most", flush=True)
    # A scan, eleven keys of the syringe, volume and depth; six points, skin, given, sign, passkey.
    touch = 2 * HOME_S + 17 * KEY_S + 10 * (POINT_S + PRESS_S) + 12 * MIND_S + 12 * middle / 1000
    line("six points by touch, keystroke-level", f"{touch:.0f} s", f"{TOUCH_S} s", touch <= TOUCH_S)
    # Eight actions at most: a scan and the volume of the syringe, repeat, the change, skin, given, sign, passkey.
    repeat = 2 * HOME_S + 3 * KEY_S + 6 * (POINT_S + PRESS_S) + 6 * MIND_S + 8 * middle / 1000
    line("a repeat with one change, keystroke-level", f"{repeat:.0f} s", f"{REPEAT_S} s", repeat <= REPEAT_S)
    return int(bool(failed))


def opened(chromium: Browser, cookie: dict[str, str], visit: str) -> tuple[Page, dict[str, int]]:
    """The page in a browser that keeps nothing, and the bytes of each answer as they come over the wire."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, has_touch=True)
    context.add_cookies([cookie | {"domain": "localhost", "path": "/"}])
    page, urls, sizes = context.new_page(), {}, {}
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.responseReceived", lambda event: urls.update({event["requestId"]: event["response"]["url"]}))

    def ended(event: dict[str, Any]) -> None:
        url = urls.get(event["requestId"], "")
        sizes[url] = sizes.get(url, 0) + int(event["encodedDataLength"])

    wire.on("Network.loadingFinished", ended)
    for _ in range(100):
        try:
            page.goto(visit, wait_until="load")
            return page, sizes
        except Error:
            page.wait_for_timeout(200)  # the server is not up yet
    raise SystemExit("the server does not answer")


def ink(page: Page, press: Callable[[float, float], None], code: str, side: str) -> tuple[float, float]:
    """ms from the release to the frame with the mark, and to the mark as the server has saved it."""
    x, y = page.evaluate(WHERE, [code, side])
    page.wait_for_timeout(600)  # a person looks for the next point
    page.evaluate(WATCH)
    press(x, y)
    shown, saved = page.evaluate("() => window.ink")
    return float("inf") if shown is None else shown, saved


def first_frame(page: Page, code: str, side: str) -> float:
    """ms from the release to the first frame, of those the browser sends out, whose pixels where the point is have changed."""
    x, y = page.evaluate(WHERE, [code, side])
    page.wait_for_timeout(600)
    frames: list[tuple[float, Image.Image]] = []
    wire = page.context.new_cdp_session(page)

    def came(event: dict[str, Any]) -> None:
        picture = Image.open(io.BytesIO(base64.b64decode(event["data"]))).convert("RGB")
        frames.append((event["metadata"]["timestamp"], picture.crop((x - ASIDE_PX, y - ASIDE_PX, x + ASIDE_PX, y + ASIDE_PX))))
        wire.send("Page.screencastFrameAck", {"sessionId": event["sessionId"]})

    wire.on("Page.screencastFrame", came)
    wire.send("Page.startScreencast", {"format": "png", "everyNthFrame": 1})
    page.wait_for_timeout(800)
    _, before = frames[-1]
    page.evaluate(RELEASED)
    page.touchscreen.tap(x, y)
    page.wait_for_timeout(1500)
    wire.send("Page.stopScreencast")
    up = page.evaluate("() => window.up")
    return next((1000 * (at - up) for at, picture in frames if at > up and is_marked(before, picture)), float("inf"))


def is_marked(before: Image.Image, after: Image.Image) -> bool:
    changed = ImageChops.difference(before, after).convert("L").histogram()
    return sum(changed[CHANGED:]) >= MARKED_PX


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    raise SystemExit(main())
