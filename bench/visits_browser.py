"""What a visit costs a browser, and a person: bytes of the page, first paint, from a tap to its ink, and the time by keystrokes.

    python bench/visits_browser.py [--rounds 7]

The real server on SQLite with 12,000 signed visits (`parts/seeding.py`), Chromium without a graphics card. To reach: the page of
a visit without its body <= 150 KB as it comes over the wire, fonts included; first paint <= 0.5 s on loopback, nothing kept from
before; tap to ink <= 50 ms (from the release of the finger on the body to the frame that shows the mark, said to be not yet
saved; when it is saved is printed too); six points by touch <= 45 s and a repeat of the last visit <= 20 s.

The last two are the keystroke-level model of Card, Moran and Newell (Commun ACM 1980;23:396-410, doi 10.1145/358886.358895): a
key 0.28 s (no trained typist), pointing 1.1 s and the press 0.2 s, the hand to the keyboard or back 0.4 s, the mind before each
unit 1.35 s; and what the server took, as it was measured here. What is touched and typed is the journey of
`tests/clinic/journeys/test_visit.py`.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from parts import drafting, seeding
from playwright.sync_api import Browser, Error, Page, sync_playwright

PORT = 8396
SITE = f"http://localhost:{PORT}"
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
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
# The moment of the release, and the first frame after the touch stands in the list: not yet saved, then saved.
WATCH = """() => {
  const saved = document.querySelectorAll(".visit-injection").length;
  const first = (is) => new Promise((done) => {
    let from;
    addEventListener("pointerup", () => { from = performance.now(); }, { once: true, capture: true });
    const look = new MutationObserver(() => {
      if (!is()) return;
      look.disconnect();
      requestAnimationFrame(() => setTimeout(() => done(performance.now() - from)));
    });
    look.observe(document.body, { childList: true, subtree: true });
  });
  const isSaved = () => document.querySelectorAll(".visit-injection").length > saved;
  window.ink = Promise.all([first(() => isSaved() || document.querySelector(".visit-pending")), first(isSaved)]);
}"""
PAINT = """() => new Promise((done) => new PerformanceObserver((list) => {
  for (const one of list.getEntriesByName("first-contentful-paint")) done(one.startTime);
}).observe({ type: "paint", buffered: true }))"""


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=7)
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
                chromium = driver.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
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

    paints, bytes_, page = [], 0, None
    for _ in range(rounds):
        page, loaded = opened(chromium, cookie, visit)
        paints.append(page.evaluate(PAINT) / 1000)
        page.locator("#chart[data-ready]").wait_for(timeout=60_000)
        bytes_ = sum(size for url, size in loaded.items() if not any(part in url for part in OF_THE_BODY))
    line("page of a visit without its body", f"{bytes_ / 1000:.0f} KB", f"{PAGE_KB} KB", bytes_ / 1000 <= PAGE_KB)
    middle = statistics.median(paints)
    line("first paint", f"{middle:.2f} s median, {max(paints):.2f} at most", f"{PAINT_S} s", middle <= PAINT_S)
    page.get_by_role("textbox", name="Each", exact=True).fill("0.2")
    times = [ink(page, code, side) for code, side in POINTS * 2]
    inks, saved = zip(*times, strict=True)
    middle = statistics.median(inks)
    line("tap to ink, not yet saved", f"{middle:.0f} ms median, {max(inks):.0f} at most", f"{INK_MS} ms", middle <= INK_MS)
    middle = statistics.median(saved)
    print(f"{'tap to checked and saved':<46} {middle:.0f} ms median, {max(saved):.0f} at most", flush=True)
    # A scan, eleven keys of the syringe, volume and depth; six points, skin, given, sign, passkey.
    touch = 2 * HOME_S + 17 * KEY_S + 10 * (POINT_S + PRESS_S) + 12 * MIND_S + 12 * middle / 1000
    line("six points by touch, keystroke-level", f"{touch:.0f} s", f"{TOUCH_S} s", touch <= TOUCH_S)
    # Eight actions at most: a scan and the volume of the syringe, repeat, the change, skin, given, sign, passkey.
    repeat = 2 * HOME_S + 3 * KEY_S + 6 * (POINT_S + PRESS_S) + 6 * MIND_S + 8 * middle / 1000
    line("a repeat with one change, keystroke-level", f"{repeat:.0f} s", f"{REPEAT_S} s", repeat <= REPEAT_S)
    return int(bool(failed))


def opened(chromium: Browser, cookie: dict[str, str], visit: str) -> tuple[Page, dict[str, int]]:
    """The page in a browser that keeps nothing, and the bytes of each answer as they come over the wire."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
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


def ink(page: Page, code: str, side: str) -> tuple[float, float]:
    """ms from the release to the mark, and to the mark as the server has saved it."""
    x, y = page.evaluate(WHERE, [code, side])
    page.evaluate(WATCH)
    page.mouse.click(x, y)
    return page.evaluate("() => window.ink")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    raise SystemExit(main())
