"""The chart in a browser on this computer: a small server on loopback that knows one page, its files and its figures."""
from __future__ import annotations

import gzip
import hashlib
import secrets
import threading
import webbrowser
from collections.abc import Sequence
from functools import cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import click
import msgspec

from waterneedle.body import beneath, chart, cross_section, flat, page, sheet
from waterneedle.body.segments import MeasuredFigure, fit_measured

HOST = "127.0.0.1"
_PACKED = (".js", ".css", ".json", ".svg")  # what gains by packing; body.bin is packed already


class Server(ThreadingHTTPServer):
    """Serves the chart of `person` (as in the form of the page), with only some of the points if any `codes` are given.

    `/?lang=es` has it in another language than the one it was started with.
    """

    daemon_threads = True

    def __init__(self, person: dict[str, str], codes: Sequence[str] = (), port: int = 0, language: str = "en"):
        super().__init__((HOST, port), _Handler)
        self.person, self.codes, self.language = person, tuple(codes), language

    @property
    def address(self) -> str:
        return f"http://localhost:{self.server_port}/"


def serve(person: dict[str, str], codes: Sequence[str] = (), port: int = 0, language: str = "en") -> None:
    """Show the chart of a person and answer until Ctrl+C; `port` 0 takes a free one."""
    server = Server(person, codes, port, language)
    click.echo(f"{server.address}  (Ctrl+C ends)")
    threading.Thread(target=_chart, kwargs=_person(person), daemon=True).start()  # while the browser starts
    webbrowser.open(server.address)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo()
    finally:
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        if not self._is_for_us():
            self._answer(HTTPStatus.FORBIDDEN, b"", "text/plain")
        elif asked.path == "/":
            nonce = secrets.token_urlsafe(16)
            asked_for = parse_qs(asked.query).get("lang", [self.server.language])[-1]
            language = asked_for if asked_for in page.WORDS else self.server.language
            text = page.page(self.server.person, nonce, self.server.codes, language)
            policy = {"Content-Security-Policy": page.policy(nonce)}
            self._answer(HTTPStatus.OK, text.encode(), "text/html; charset=utf-8", policy)
        elif asked.path in ("/chart.json", "/beneath.json", "/depth.json", "/flat.svg", "/sheet.svg"):
            self._figure(asked.path, {name: values[-1] for name, values in parse_qs(asked.query).items()})
        else:
            self._file(page.file_of(asked.path))

    def _is_for_us(self) -> bool:
        """Whether the request names this host: a page elsewhere must not reach a server on loopback by another name."""
        return self.headers.get("Host", "") in (f"{name}:{self.server.server_port}" for name in ("localhost", HOST))

    def _figure(self, path: str, query: dict[str, str]) -> None:
        try:
            person = _person(query)
            if path == "/flat.svg":
                content = _flat(query.get("view", "front"), **person)
            elif path == "/depth.json":
                content = _depth(query, person)
            else:
                content = {"/chart.json": _chart, "/beneath.json": _beneath, "/sheet.svg": _sheet}[path](**person)
        except (KeyError, ValueError) as error:
            self._answer(HTTPStatus.BAD_REQUEST, str(error).encode(), "text/plain; charset=utf-8")
            return
        self._answer(HTTPStatus.OK, content, page.TYPES[Path(path).suffix], {"Content-Encoding": "gzip"})

    def _file(self, path: Path | None) -> None:
        if path is None:
            self._answer(HTTPStatus.NOT_FOUND, b"", "text/plain")
            return
        content, tag = _packed(path, path.stat().st_mtime_ns)
        if self.headers.get("If-None-Match") == tag:
            self._answer(HTTPStatus.NOT_MODIFIED, b"", page.TYPES[path.suffix], {"ETag": tag})
            return
        packed = {"Content-Encoding": "gzip"} if path.suffix in _PACKED else {}
        self._answer(HTTPStatus.OK, content, page.TYPES[path.suffix], {"ETag": tag, "Cache-Control": "no-cache", **packed})

    def _answer(self, status: HTTPStatus, content: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), "X-Content-Type-Options": "nosniff",
                            "Cross-Origin-Resource-Policy": "same-origin", **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if status != HTTPStatus.NOT_MODIFIED:
            self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the terminal shows the address alone."""


@cache
def _packed(path: Path, changed: int) -> tuple[bytes, str]:
    content = path.read_bytes()
    tag = f'"{hashlib.sha256(content).hexdigest()[:20]}"'
    return (gzip.compress(content, 6) if path.suffix in _PACKED else content), tag


def _drawn(sex: str | None, measured: tuple[tuple[str, float], ...], **size: Any) -> MeasuredFigure:
    return fit_measured(sex, **size, measured_mm=dict(measured))


@cache
def _chart(**person: Any) -> bytes:
    return gzip.compress(msgspec.json.encode(chart.chart(_drawn(**person))), 5)


@cache
def _beneath(**person: Any) -> bytes:
    return gzip.compress(msgspec.json.encode(beneath.beneath(_drawn(**person))), 5)


@cache
def _flat(view: str, **person: Any) -> bytes:
    body = _drawn(**person).body
    return gzip.compress(flat.picture(body.surface.vertices, body.joints, view).encode(), 5)


def _depth(query: dict[str, str], person: dict[str, Any]) -> bytes:
    size = {name: value for name, value in person.items() if name != "measured"}
    needle_mm, angle_degrees = float(query["needle_mm"]), float(query.get("angle_degrees") or 90)
    return gzip.compress(msgspec.json.encode(cross_section.cross_section(query["code"], needle_mm, angle_degrees, **size)), 5)


@cache
def _sheet(**person: Any) -> bytes:
    told = ", ".join(filter(None, (person["sex"], f"{person['age_years']:g} years",
                                   person["height_cm"] and f"{person['height_cm']:g} cm",
                                   person["weight_kg"] and f"{person['weight_kg']:g} kg")))
    body = _drawn(**person).body
    return gzip.compress(sheet.sheet(body.surface.vertices, body.joints, title=told).encode(), 5)


def _person(query: dict[str, str]) -> dict[str, Any]:
    """What a figure needs from the fields of the form: an empty one is not on file. Raises ValueError for what is no number."""
    if not query.get("age_years"):
        raise ValueError("age_years is needed")
    pairs = (one.partition("=") for one in query.get("measured", "").split(",") if one)
    return {"sex": query.get("sex") or None, "measured": tuple((name, float(length)) for name, _, length in pairs),
            **{name: float(query[name]) if query.get(name) else None for name in ("age_years", "height_cm", "weight_kg")}}
