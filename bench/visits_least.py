"""What a signature over HTTP takes at least: the statements of the floor behind the same server, without our code.

    python bench/visits_least.py [--times 400]

Three programs do nothing but the floor's bare statements (`parts/floor.py`) and answer 302: one is a function of WSGI, one a
view of Django without middleware, and one a view of Django behind its own sessions, sign-in and CSRF, which knows who asks, as
anything must that signs. The client, the server and its settings are those of `visits.py`. No figure is to be reached: it says
how much of the time of a signature, and of the ratio asked of it, is left for the signature itself.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from parts import floor, load

PORT, PATIENTS, VISITS, WARM = 8394, 20_000, 200_000, 40
KINDS = {"wsgi": "a function of WSGI", "view": "a view of Django, no middleware", "user": "a view of Django that knows who asks"}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--times", type=int, default=400)
    options.add_argument("--serve", choices=KINDS, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.serve:
        serve()
        return
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(prefix="wn-least-") as folder:
        bare = floor.filled(Path(folder), PATIENTS, VISITS)
        for kind, name in KINDS.items():
            os.environ |= {"LEAST_KIND": kind, "LEAST_FOLDER": folder}
            made = measured(kind, asked.times, prepared() if kind == "user" else {})
            least = statistics.median(floor.signatures(bare, 300))
            ratio = f"the floor {least:.2f} ms   {made.p50 / least:.1f} x"
            print(f"{name:<40} {made.p50:>6.2f} ms p50 {made.p95:>6.2f} p95   {ratio}", flush=True)


def measured(kind: str, times: int, headers: dict[str, str]) -> load.Times:
    server = subprocess.Popen([sys.executable, __file__, "--serve", kind])
    token = headers.pop("token", "")
    asked = load.request("POST", "/sign/", PORT, headers, f"csrfmiddlewaretoken={token}".encode())
    try:
        for _ in range(300):
            try:
                load.ask(PORT, asked)
                break
            except OSError:
                time.sleep(0.1)
        made = load.run(PORT, lambda _number: asked, times, clients=1, status=302, warm=WARM)
    finally:
        server.terminate()
        server.wait()
    if made.failed:
        raise SystemExit(made.failed[0])
    return made


def serve() -> None:
    from granian import Granian  # late: for the server alone
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    from waterneedle.config.serving import THREADS

    sys.path.insert(0, str(Path(__file__).parent))
    Granian(
        "visits_least:application", address="127.0.0.1", port=PORT, interface=Interfaces.WSGI, http=HTTPModes.auto,
        websockets=False, workers=1, blocking_threads=THREADS, backpressure=128, log_access=False, log_level=LogLevels.error,
    ).serve()


_works: list[Iterator[float]] = []


def sign_bare() -> None:
    """The floor's statements on a connection of this process."""
    if not _works:
        _works.append(floor.signatures(floor.opened(Path(os.environ["LEAST_FOLDER"])), 10**9))
    next(_works[0])


def prepare(kind: str) -> Callable[..., Any]:
    """A configured Django, and what it serves."""
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from django.http import HttpResponse, HttpResponseRedirect
    from django.urls import path

    def sign(request: Any) -> HttpResponse:
        if kind == "user" and not request.user.is_authenticated:
            return HttpResponse(status=403)
        sign_bare()
        return HttpResponseRedirect("/", headers={"Content-Length": "0"})

    knows_who = ["django.contrib.sessions.middleware.SessionMiddleware", "django.middleware.csrf.CsrfViewMiddleware",
                 "django.contrib.auth.middleware.AuthenticationMiddleware"]
    settings.configure(
        SECRET_KEY="measured", ALLOWED_HOSTS=["localhost"], ROOT_URLCONF=type("urls", (), {"urlpatterns": [path("sign/", sign)]}),
        MIDDLEWARE=knows_who if kind == "user" else [],
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
        DATABASES={"default": {
            "ENGINE": "django.db.backends.sqlite3", "NAME": Path(os.environ["LEAST_FOLDER"], "django.sqlite3"),
            "CONN_MAX_AGE": None, "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL;"}}},
    )
    return get_wsgi_application()


def prepared() -> dict[str, str]:
    """The headers of somebody who is signed in, made in the database of the program that will be asked."""
    prepare("user")
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.db import connection
    from django.middleware.csrf import _get_new_csrf_string
    from django.test import Client

    call_command("migrate", verbosity=0)
    browser, token = Client(), _get_new_csrf_string()
    browser.force_login(User.objects.create_user("alice"))
    connection.close()
    cookies = f"sessionid={browser.cookies['sessionid'].value}; csrftoken={token}"
    return {"Cookie": cookies, "Origin": f"http://localhost:{PORT}", "token": token}


def _answer_bare(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
    environ["wsgi.input"].read()
    sign_bare()
    start("302 Found", [("Location", "/"), ("Content-Length", "0")])
    return [b""]


if __name__ == "visits_least":  # as the server imports it
    application = _answer_bare if os.environ["LEAST_KIND"] == "wsgi" else prepare(os.environ["LEAST_KIND"])

if __name__ == "__main__":
    main()
