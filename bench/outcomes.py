"""How fast the panel of a course is, and how often the figures in it hold the truth.

    python bench/outcomes.py [--quick] [--only statistics|panel] [--simulations 1000] [--people 8 25 100 400] [--seed 3000]

Statistics: simulated clinics whose truth is known. Chances of relief differ by complaint, by severity and by session; people
plan two to eight sessions and some stop coming. Of each clinic the forecast for somebody new, its limits, the curve of Kaplan
and Meier, and the limits of one person's change are held against that truth; people of the same clinic who were not counted
(held out) tell whether the forecast is calibrated.

Panel: a clinic of 20,000 patients with 61,880 signed visits, each patient with a course and four scores, made once and kept
(`parts/seeding.py`). The real server on SQLite answers one client, then eight: session, permission, trail and all.

To reach: panel <= 15 ms p95. The limits of the forecast hold the truth in 90 of 100, as they state: no further below than twice
the error of the simulation, and in 94 at most. Those of a curve and of a change hold it in 93 to 97 (95 stated); of ten groups by
what was forecast none is further than 5 points from what was seen.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from parts import load, seeding

from waterneedle.outcomes.change import half_width
from waterneedle.outcomes.forecast import Cell, Key, forecast
from waterneedle.outcomes.survival import Curve, counted, kaplan_meier

PORT, PANEL_MS = 8733, 15
SIZE = seeding.Size(patients=20_000, visits=61_880, injections=80_000, long_charts=40)
SESSIONS, BANDS, COMPLAINTS = 8, ("mild", "moderate", "severe"), ("pain", "arthritis", "sleep")
WHO = Key("pain", "moderate")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true", help="100 simulations, 100 requests")
    options.add_argument("--only", choices=("statistics", "panel"))
    options.add_argument("--simulations", type=int, default=1000)
    options.add_argument("--people", type=int, nargs="+", default=[8, 25, 100, 400], help="of each kind, in a simulated clinic")
    options.add_argument("--seed", type=int, default=3000, help="of the simulated clinics")
    asked = options.parse_args()
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}")
    missed: list[str] = []
    if asked.only != "panel":
        missed += statistics(100 if asked.quick else asked.simulations, asked.people, asked.seed)
    if asked.only != "statistics":
        missed += panel(100 if asked.quick else 400)
    for one in missed:
        print(f"NOT REACHED: {one}")
    return int(bool(missed))


def told(what: str, value: str, wanted: str, reached: bool) -> list[str]:
    print(f"{what:<72} {value:>16}   {wanted}", flush=True)
    return [] if reached else [f"{what}: {value}"]


# --- statistics


def statistics(simulations: int, sizes: list[int], seed: int) -> list[str]:
    missed = []
    for people in sizes:
        missed += clinics(simulations, people, seed)
    chance = np.random.default_rng(3)
    errors = chance.normal(0, 1.02, (200_000, 2))
    held = float(np.mean(np.abs(errors[:, 0] - errors[:, 1]) <= half_width(1.02)))
    return missed + told("change of one person: the interval holds the true change", f"{held:.1%}", "95 %", 0.93 <= held <= 0.97)


def share_of(held: list[list[bool]]) -> tuple[float, float]:
    """How often the limits held, and the standard error of that: the forecasts of one clinic stand and fall together."""
    counts, right = np.array([len(one) for one in held]), np.array([sum(one) for one in held])
    share = right.sum() / counts.sum()
    return float(share), float(np.sqrt(((right - share * counts) ** 2).sum()) / counts.sum())


def clinics(simulations: int, people: int, seed: int) -> list[str]:
    """Simulated clinics with about so many people of each complaint and band."""
    chance = np.random.default_rng(seed + people)
    held, curve_held, silent, took, expected, seen = [], [], 0, [], [], []
    for _clinic in range(simulations):
        cells, true = clinic(chance, people)
        began = time.perf_counter()
        found = forecast(cells, WHO)
        took.append(time.perf_counter() - began)
        if found is None:
            silent += 1
            continue
        fresh = treated(true[WHO], 200, chance, everybody_stays=True)
        held.append([])
        for session in (1, 3, 5):
            step, truth = found.by(session), 1 - float(np.prod(1 - true[WHO][:session]))
            if step is not None:
                held[-1].append(step.low <= truth <= step.high)
                expected.append(step.share)
                seen.append(sum(fresh.events[:session]) / 200)
        curve = curve_of(cells[WHO])
        limits = curve.had_it_by(3)
        if limits is not None and curve.counts.at_risk[min(2, len(curve.counts.times) - 1)] >= 5:
            curve_held.append(limits[1] <= 1 - float(np.prod(1 - true[WHO][:3])) <= limits[2])
    name = f"{simulations} clinics, about {people} people of each kind: "
    (share, error), milliseconds = share_of(held), 1000 * float(np.median(took))
    reached = 0.9 - 2 * error <= share <= 0.94 + 2 * error
    missed = told(f"{name}forecast holds the truth", f"{share:.1%} ± {100 * error:.1f}", "90 %", reached)
    print(f"{'':<10}of {sum(map(len, held))} forecasts; silent for {silent} clinics; {milliseconds:.1f} ms each", flush=True)
    if curve_held:
        share = float(np.mean(curve_held))
        missed += told(f"{name}Kaplan-Meier holds it", f"{share:.1%}", "95 %", people < 25 or 0.93 <= share <= 0.975)
    return missed + calibrated(name, np.array(expected), np.array(seen))


def calibrated(name: str, expected: np.ndarray, seen: np.ndarray) -> list[str]:
    """Ten groups by what was forecast: what was seen in people who were held out."""
    order = np.array_split(np.argsort(expected), 10)
    pairs = [(float(expected[group].mean()), float(seen[group].mean())) for group in order]
    print("          forecast → seen: " + "  ".join(f"{one:.0%} → {other:.0%}" for one, other in pairs), flush=True)
    worst = max(abs(one - other) for one, other in pairs)
    return told(f"{name}furthest group of ten", f"{worst:.1%}", "<= 5 %", worst <= 0.05)


def clinic(chance: np.random.Generator, people: int) -> tuple[dict[Key, Cell], dict[Key, np.ndarray]]:
    course = -1.2 + chance.normal(0, 0.6) + np.cumsum(chance.normal(-0.1, 0.35, SESSIONS))
    cells, true = {}, {}
    for complaint in COMPLAINTS:
        of_complaint = chance.normal(0, 0.4)
        for band in BANDS:
            key = Key(complaint, band)
            true[key] = 1 / (1 + np.exp(-(course + of_complaint + chance.normal(0, 0.3))))
            cells[key] = treated(true[key], int(chance.poisson(people)), chance)
    return cells, true


def treated(hazards: np.ndarray, people: int, chance: np.random.Generator, *, everybody_stays: bool = False) -> Cell:
    """People who plan two to all sessions, of whom 8 of 100 stop after each."""
    events, censored = [0] * SESSIONS, [0] * SESSIONS
    for _person in range(people):
        planned = SESSIONS if everybody_stays else int(chance.integers(2, SESSIONS + 1))
        for session in range(planned):
            if chance.random() < hazards[session]:
                events[session] += 1
                break
            if session == planned - 1 or (not everybody_stays and chance.random() < 0.08):
                censored[session] += 1
                break
    return Cell(tuple(events), tuple(censored))


def curve_of(cell: Cell) -> Curve:
    times = [session + 1 for session in range(SESSIONS) for _one in range(cell.events[session] + cell.censored[session])]
    observed = [happened for session in range(SESSIONS) for happened in
                [True] * cell.events[session] + [False] * cell.censored[session]]
    return kaplan_meier(counted(times, observed))


# --- the panel


def panel(requests: int) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="wn-bench-") as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "waterneedle.config.settings", "WATERNEEDLE_DATA": folder, "WATERNEEDLE_DEMO": "1"}
        # late: the environment is ready only now
        import django

        django.setup()
        seeding.ready(SIZE, Path(folder))
        began = time.perf_counter()
        paths, cookie = courses(requests)
        print(f"20,000 courses with 80,000 scores written in {time.perf_counter() - began:.0f} s", flush=True)
        seeding.settle()
        server = subprocess.Popen(
            [sys.executable, "-m", "waterneedle", "serve", "--port", str(PORT)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            return measured(paths, cookie, requests, server.pid)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()


def cpu_s(pid: int) -> float:
    """What a process and its children have used of a processor; nan where /proc does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return float("nan")
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK") + sum(cpu_s(int(child)) for child in children)


def measured(paths: list[str], cookie: str, requests: int, server: int) -> list[str]:
    headers = {"Cookie": cookie}
    for _try in range(600):
        try:
            status, _head, body = load.ask(PORT, load.request("GET", paths[0] + "panel/", PORT, headers))
            break
        except OSError:
            time.sleep(0.1)
    else:
        raise SystemExit("the server does not answer")
    if status != 200 or b"courses-panel" not in body:
        raise SystemExit(f"the panel was answered with {status}")
    missed = []
    for what, page, clients in (("panel", "panel/", 1), ("panel, eight clients", "panel/", 8), ("list of courses", "", 1)):
        began = cpu_s(server)
        made = load.run(
            PORT, lambda n, page=page: load.request("GET", paths[n % len(paths)] + page, PORT, headers), requests,
            clients=clients, status=200, warm=20)
        value = f"{made.p50:.1f} p50 {made.p95:.1f} p95"
        print(f"{'':<10}processor time of the server: {1000 * (cpu_s(server) - began) / requests:.1f} ms a request", flush=True)
        wanted = f"<= {PANEL_MS} ms p95" if what == "panel" else f"{made.per_s:.0f}/s"
        missed += told(f"{what}, over HTTP", value, wanted, not made.failed and (what != "panel" or made.p95 <= PANEL_MS))
    return missed


def courses(count: int) -> tuple[list[str], str]:
    """A course with four scores for each patient, as rows; addresses of so many, and the cookie of who is signed in."""
    # late: Django is ready only now
    from django.conf import settings
    from django.db import transaction
    from django.db.models import Min
    from django.test import Client

    from waterneedle.clinic.accounts.models import Clinic, User
    from waterneedle.clinic.courses.models import Agreed, Counted, Course
    from waterneedle.clinic.intake.models import Answers
    from waterneedle.clinic.visits.models import Visit

    clinic, alice = Clinic.objects.get(slug=seeding.SLUG), User.objects.get(email=f"alice@{seeding.SLUG}.example")
    chance, now = random.Random(5), datetime.datetime(2026, 11, 21, tzinfo=datetime.UTC)
    begun = dict(Visit.objects.filter(clinic=clinic).values_list("patient_id").annotate(Min("day")))
    by = {"clinic": clinic, "made_at": now, "made_by": alice}
    rows = [Course(patient_id=patient, indication=chance.choice(("musculoskeletal-pain", "arthritis")), began_on=day, **by)
            for patient, day in begun.items()]
    with transaction.atomic():
        Course.objects.bulk_create(rows, batch_size=2000)
        rows = list(Course.objects.filter(clinic=clinic))
        Agreed.objects.bulk_create(
            [Agreed(course=one, number=1, goal="walk to the shop", measures=[], planned=6, review_after=3, **by) for one in rows],
            batch_size=2000)
        answers, counts = [], []
        for one in rows:
            first = chance.randint(4, 9)
            scores = [max(0, min(10, first - round(session * chance.uniform(0, 1)))) for session in range(4)]
            for session, score in enumerate(scores):
                at = datetime.datetime.combine(one.began_on, datetime.time(16), datetime.UTC)
                answers.append(Answers(
                    clinic=clinic, patient_id=one.patient_id, instrument="pain-average-0-10", instrument_version="1",
                    answers=f'{{"pain":{score}}}', score=score, said_by="patient",
                    answered_at=at + datetime.timedelta(days=7 * session)))
            relieved = next((session for session in (1, 2, 3) if first - scores[session] >= 2), None)
            band = "severe" if first >= 8 else "moderate" if first >= 6 else "mild"
            counts.append(Counted(
                clinic=clinic, course=one, indication=one.indication, band=band, sessions=3, relief_session=relieved,
                first_score=first, last_score=scores[-1]))
        Answers.objects.bulk_create(answers, batch_size=2000)
        Counted.objects.bulk_create(counts, batch_size=2000)
        browser = Client()
        browser.force_login(alice)
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())
    uids = Course.objects.filter(clinic=clinic).order_by("-pk").values_list("patient__uid", flat=True)[:count]
    assert settings.SESSION_COOKIE_NAME in cookie
    return [f"/c/{clinic.slug}/courses/patients/{uid}/" for uid in uids], cookie


if __name__ == "__main__":
    raise SystemExit(main())
