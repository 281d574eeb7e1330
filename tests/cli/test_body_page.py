"""The small server on loopback: the page under its strict policy, its files, the figures it asks for, and nothing else."""
import gzip
import json
import threading
import urllib.request
from contextlib import contextmanager
from http.client import HTTPConnection

import pytest

from waterneedle.body import page
from waterneedle.cli.body_page import Server

PERSON = {"sex": "female", "age_years": "35", "height_cm": "165", "weight_kg": "60"}


@contextmanager
def served(person=PERSON):
    server = Server(person)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def server():
    with served() as found:
        yield found


def got(server, path, **headers):
    connection = HTTPConnection("127.0.0.1", server.server_port, timeout=60)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    return answer, answer.read()


def test_the_page_asks_for_a_strict_policy_with_a_fresh_nonce(server):
    (first, body), (second, _) = got(server, "/"), got(server, "/")
    policy = first.headers["Content-Security-Policy"]

    assert "'unsafe" not in policy
    assert "default-src 'none'" in policy
    assert policy != second.headers["Content-Security-Policy"]
    assert policy.split("'nonce-")[1].split("'")[0] in body.decode()


def test_the_page_has_no_inline_style_and_no_inline_handler(server):
    _, body = got(server, "/")

    assert b"style=" not in body
    assert b" on" not in body.replace(b" on file", b"")


def test_every_file_of_the_chart_is_served_with_its_type(server):
    for path in sorted([*page.STATIC.rglob("*.js"), *page.STATIC.rglob("*.css")]):
        answer, body = got(server, f"/static/body/{path.relative_to(page.STATIC).as_posix()}")
        assert (answer.status, answer.headers["Content-Type"]) == (200, page.TYPES[path.suffix])
        assert gzip.decompress(body) == path.read_bytes()


def test_a_file_that_did_not_change_is_not_sent_again(server):
    answer, _ = got(server, "/static/pack/body.bin")
    again, body = got(server, "/static/pack/body.bin", **{"If-None-Match": answer.headers["ETag"]})

    assert (again.status, body) == (304, b"")


@pytest.mark.parametrize("path", [
    "/static/body/../mesh.py", "/static/pack/../page.py", "/static/pack/README.md", "/etc/passwd", "/static/body/", "//x",
])
def test_nothing_else_is_served(server, path):
    assert got(server, path)[0].status == 404


def test_a_figure_is_drawn_for_the_person_asked_for(server):
    answer, body = got(server, "/chart.json?sex=male&age_years=60&height_cm=185&weight_kg=90")
    value = json.loads(gzip.decompress(body))

    assert answer.status == 200
    assert value["body"]["height_cm"] == pytest.approx(185, abs=1)
    assert b"<svg" in gzip.decompress(got(server, "/flat.svg?sex=&age_years=60&view=back")[1])


@pytest.mark.parametrize("query", ["age_years=", "age_years=x", "age_years=40&height_cm=-3", "age_years=40&weight_kg=nan"])
def test_what_is_no_person_is_refused_with_words(server, query):
    answer, body = got(server, f"/chart.json?{query}")

    assert answer.status == 400
    assert body


def test_another_host_name_is_refused(server):
    assert got(server, "/", Host="rebound.example")[0].status == 403


def test_what_a_person_typed_cannot_become_markup():
    assert '"><script>' not in page.page({"age_years": '"><script>alert(1)</script>'}, "n")


def test_the_server_listens_on_loopback_alone(server):
    assert server.server_address[0] == "127.0.0.1"
    with urllib.request.urlopen(server.address, timeout=10) as answer:
        assert answer.status == 200


def test_the_depth_at_a_point_is_answered(server):
    answer, body = got(server, "/depth.json?code=ST25&needle_mm=13&sex=female&age_years=40&height_cm=165&weight_kg=60")

    assert answer.status == 200
    assert json.loads(gzip.decompress(body))["reaches"].startswith("Where the tip ends, of people like this: fat in ")


@pytest.mark.parametrize("asked", ["code=ST99&needle_mm=13", "code=ST25", "code=ST25&needle_mm=x", "code=ST25&needle_mm=0"])
def test_a_depth_that_cannot_be_is_refused(server, asked):
    assert got(server, f"/depth.json?age_years=40&{asked}")[0].status == 400
