"""A closed-loop client of HTTP/1.1: one process, raw sockets, one selector; its own cost is about 30 µs a request."""

from __future__ import annotations

import selectors
import socket
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Times:
    """What one run gave, in ms; `failed` are answers of another status than was expected."""

    each: tuple[float, ...]
    per_s: float
    failed: tuple[str, ...]

    @property
    def p50(self) -> float:
        return statistics.median(self.each) if self.each else float("nan")

    @property
    def p95(self) -> float:
        return sorted(self.each)[min(len(self.each) - 1, int(0.95 * len(self.each)))] if self.each else float("nan")


class Connection:
    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.read = bytearray()
        self.began = 0.0

    def send(self, request: bytes) -> None:
        self.began = time.perf_counter()
        self.socket.sendall(request)

    def whole(self) -> tuple[int, bytes, bytes] | None:
        """(status, head, body) once all of the answer is there."""
        end = self.read.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = bytes(self.read[:end])
        at = head.lower().find(b"content-length:")
        # Without a length it is all that has come: only a mistake of the server is answered so, and counted as failed.
        length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else len(self.read) - end - 4
        if len(self.read) < end + 4 + length:
            return None
        body = bytes(self.read[end + 4 : end + 4 + length])
        del self.read[: end + 4 + length]
        return int(head[9:12]), head, body


def request(method: str, path: str, port: int, headers: dict[str, str], body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: localhost:{port}", *(f"{name}: {value}" for name, value in headers.items())]
    if method == "POST":
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def ask(port: int, asked: bytes) -> tuple[int, bytes, bytes]:
    """One request on a connection of its own."""
    one = Connection(port)
    one.send(asked)
    while (found := one.whole()) is None:
        got = one.socket.recv(1 << 18)
        if not got:
            raise ConnectionError("closed")
        one.read += got
    one.socket.close()
    return found


def run(port: int, make: Callable[[int], bytes], times: int, *, clients: int, status: int, warm: int = 0) -> Times:
    """Ask `make(0)`, `make(1)`, … by so many clients at once; the first `warm` are not counted."""
    waiting = selectors.DefaultSelector()
    each, failed, sent, began = [], [], 0, time.perf_counter()
    number: dict[Connection, int] = {}
    for _ in range(clients):
        one = Connection(port)
        waiting.register(one.socket, selectors.EVENT_READ, one)
        number[one] = sent
        one.send(make(sent))
        sent += 1
    open_ones = clients
    while open_ones:
        for key, _ in waiting.select(timeout=60):
            one = key.data
            got = one.socket.recv(1 << 20)
            one.read += got
            answer = one.whole()
            if answer is None and got:
                continue
            if answer is None:
                raise ConnectionError("the server has closed a connection")
            if answer[0] != status:
                failed.append(f"{answer[0]} {answer[2][:200]!r}")
            elif number[one] >= warm:
                each.append(1000 * (time.perf_counter() - one.began))
            if sent < times + warm:
                if sent == warm:
                    began = time.perf_counter()
                number[one] = sent
                one.send(make(sent))
                sent += 1
            else:
                waiting.unregister(one.socket)
                one.socket.close()
                open_ones -= 1
    return Times(tuple(each), len(each) / (time.perf_counter() - began), tuple(failed))
