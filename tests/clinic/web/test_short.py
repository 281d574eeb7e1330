"""Answers are sent compressed to who can read it, and mean the same."""
from __future__ import annotations

import gzip

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from waterneedle.clinic.web.middleware import Short

READS = {"Accept-Encoding": "gzip, deflate, br"}


def asked(address, **headers):
    answer = Client().get(address, headers=headers)
    return answer, b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.parametrize("address", [
    "/static/web/css/components.css", "/static/body/vendored/three/three.module.min.js", "/static/pack/body.bin"])
def test_what_a_page_is_drawn_with_comes_short_and_means_the_same(db, address):
    _plain, whole = asked(address)
    answer, short = asked(address, **READS)

    assert answer.headers["Content-Encoding"] == "gzip" and "Accept-Encoding" in answer.headers["Vary"]
    assert gzip.decompress(short) == whole
    assert len(short) < len(whole)


@pytest.mark.django_db
def test_a_file_is_compressed_once_and_again_when_it_has_changed():
    made = []

    def answer(request):
        made.append(b"x" * 1000 * (1 + len(made) // 2))
        headers = {"Last-Modified": f"version {len(made) // 3}", "Content-Type": "text/css"}
        return StreamingHttpResponse(iter([made[-1]]), headers=headers)

    middleware = Short(answer)
    got = [middleware(RequestFactory().get("/static/a.css", headers=READS)).content for _ in range(3)]

    assert got[0] is got[1] and gzip.decompress(got[0]) == made[0]
    assert gzip.decompress(got[2]) == made[2]


def test_a_page_comes_short(db):
    answer, short = asked("/offline/", **READS)

    assert answer.headers["Content-Encoding"] == "gzip"
    assert "does not answer" in gzip.decompress(short).decode()


def test_who_cannot_read_it_gets_it_as_it_is(db):
    answer, _content = asked("/offline/")

    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize(("kind", "status"), [
    ("application/pdf", 200), ("image/png", 200), ("font/woff2", 200), ("text/css", 206)])
def test_what_is_compressed_already_and_a_part_of_a_file_stay_as_they_are(kind, status):
    middleware = Short(lambda request: HttpResponse(b"x" * 1000, content_type=kind, status=status))
    answer = middleware(RequestFactory().get("/", headers=READS))

    assert "Content-Encoding" not in answer.headers and answer.content == b"x" * 1000
