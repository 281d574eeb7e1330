"""What the chart of the body costs a browser: first body, another body, frames while turning, bytes to load.

    python bench/body_browser.py [--chromium /usr/bin/chromium] [--rounds 7]

Chromium draws with SwiftShader, in software, as on a computer without a graphics card. To reach: first body <= 1.5 s on loopback,
another body <= 50 ms with its drawing, >= 20 frames/s at 640 by 740 pixels, three.js <= 0.35 MB with brotli, pack <= 1.05 MB.
"""
from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import threading
import time
from typing import Any

import brotli
from playwright.sync_api import Browser, Page, sync_playwright

from waterneedle.body import page
from waterneedle.cli.body_page import Server

PERSON = {"sex": "female", "age_years": "40", "height_cm": "165", "weight_kg": "60"}
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
READY = """() => new Promise((done) => {
  const holder = document.querySelector("#chart");
  const tell = () => requestAnimationFrame(() => setTimeout(() => done(performance.now())));
  if (holder.bodyChart?.surface) tell();
  else holder.addEventListener("body-ready", tell);
})"""
# Another figure, drawn: the last line waits until the pixels are there.
REDRAW = """(value) => {
  const { bodyChart } = document.querySelector("#chart");
  const context = document.querySelector("canvas").getContext("webgl2");
  const start = performance.now();
  bodyChart.setBody(value);
  const shaped = performance.now();
  bodyChart.stage.draw();
  context.readPixels(0, 0, 1, 1, context.RGBA, context.UNSIGNED_BYTE, new Uint8Array(4));
  return [performance.now() - start, shaped - start];
}"""
SIZE = """() => {
  const { clientWidth, clientHeight } = document.querySelector("canvas");
  return [clientWidth, clientHeight];
}"""
FETCH = "(query) => fetch(`/chart.json?age_years=40&${query}`).then((answer) => answer.json())"
TURN = """(seconds) => new Promise((done) => {
  const { stage } = document.querySelector("#chart").bodyChart;
  const start = performance.now();
  let frames = 0;
  const step = () => {
    const passed = performance.now() - start;
    if (passed > 1000 * seconds) return done(frames / passed * 1000);
    frames += 1;
    stage.orbit.turn(0.03, 0);
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})"""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--chromium", default=shutil.which("chromium") or shutil.which("chromium-browser"))
    arguments.add_argument("--rounds", type=int, default=7)
    asked = arguments.parse_args()
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, "
          f"Python {platform.python_version()}, {platform.system()}")
    bytes_to_load()
    server = Server(PERSON)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=asked.chromium, args=ARGUMENTS)
        first_body(browser, server.address, asked.rounds)
        drawing(browser, server.address, asked.rounds)
        browser.close()
    server.shutdown()


def bytes_to_load() -> None:
    three = (page.STATIC / page.THREE).read_bytes()
    own = b"".join(path.read_bytes() for path in sorted(page.STATIC.glob("*.js")))
    report("three.js, brotli", [len(brotli.compress(three)) / 1e6], "MB", "<= 0.35")
    report("the chart's own modules, brotli", [len(brotli.compress(own)) / 1e6], "MB", "")
    report("pack", [sum((page.PACK / name).stat().st_size for name in ("body.bin", "body.json")) / 1e6], "MB", "<= 1.05")


def first_body(browser: Browser, address: str, rounds: int) -> None:
    """From the start of the navigation to the drawn body, nothing cached in the browser; the first one with a cold server."""
    taken = []
    for _ in range(rounds + 1):
        shown = opened(browser, address)
        taken.append(shown.evaluate(READY) / 1000)
        shown.context.close()
    report("first body, the server cold too", taken[:1], "s", "")
    report("first body", taken[1:], "s", "<= 1.5")


def drawing(browser: Browser, address: str, rounds: int) -> None:
    shown = opened(browser, address)
    shown.evaluate(READY)
    width, height = shown.evaluate(SIZE)
    people = ("sex=male&height_cm=185&weight_kg=95", "sex=female&height_cm=160&weight_kg=50")
    bodies = [shown.evaluate(FETCH, query) for query in people]
    time.sleep(1)
    times = [shown.evaluate(REDRAW, bodies[number % 2]) for number in range(2 * rounds)][2:]
    report(f"another body and its drawing at {width} by {height}", [one for one, _ in times], "ms", "<= 50")
    report("  of it: shape, points, list", [one for _, one in times], "ms", "")
    report(f"turning at {width} by {height}, in software", [shown.evaluate(TURN, 2) for _ in range(3)], "frames/s", ">= 20")


def opened(browser: Browser, address: str) -> Page:
    """The page with a picture of about 640 by 740 pixels, in a browser that has seen nothing."""
    shown = browser.new_context(viewport={"width": 1088, "height": 1000}).new_page()
    shown.goto(address, wait_until="commit")
    shown.wait_for_selector("#chart")
    return shown


def report(name: str, values: list[Any], unit: str, goal: str) -> None:
    spread = f"   {min(values):.3g} to {max(values):.3g}" if len(values) > 1 else ""
    print(f"{name:<52} {statistics.median(values):9.3g} {unit:<9}{goal:<9}{spread}")


if __name__ == "__main__":
    main()
