"""Nothing of a patient, of what was typed, or of a link stands in the logs."""
from __future__ import annotations

import io
import logging

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from waterneedle.clinic.accounts.access import public
from waterneedle.config.logs import NoRequestDetails, OneLine


@pytest.fixture
def log():
    """What a logger of the product writes, as text."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(NoRequestDetails())
    handler.setFormatter(OneLine())
    loggers = [logging.getLogger(name) for name in ("django.request", "waterneedle.test")]
    for logger in loggers:
        logger.addHandler(handler)
    yield stream
    for logger in loggers:
        logger.removeHandler(handler)


@public
def broken(request, name=""):
    raise ValueError(f"Ana Ruiz is allergic to {request.POST.get('said')}")


class Broken:
    urlpatterns = [path("c/<slug:clinic>/patients/<name>/", public(lambda request, clinic, name: broken(request)))]
    handler500 = staticmethod(lambda request: HttpResponse(status=500))


def test_a_mistake_of_ours_says_where_and_not_what(log, settings):
    settings.ROOT_URLCONF = Broken
    client = Client(raise_request_exception=False)
    client.post("/c/harbor/patients/0193-abc/?q=ruiz", {"said": "penicillin"})
    line = log.getvalue()

    assert line.count("\n") == 1
    assert "ERROR django.request Internal Server Error: /c/harbor/patients/…" in line
    assert "ValueError at config/test_logs.py:" in line
    assert not any(word in line for word in ("Ana", "penicillin", "0193-abc", "ruiz"))


@pytest.mark.parametrize(("said", "kept"), [
    ("GET /c/harbor/patients/0193-abc/edit/", "GET /c/harbor/patients/…"),
    ("GET /invitation/k3Jd8sT_x-y/", "GET /invitation/…"),
    ("GET /password/new/1a/d2-0b/", "GET /password/new/…"),
    ("GET /f/k3Jd8sTxy/", "GET /f/…"),
    ("GET /account/?next=/c/harbor/", "GET /account/?…")])
def test_an_address_keeps_its_room_alone(log, said, kept):
    logging.getLogger("waterneedle.test").warning("%s", said)

    assert log.getvalue().strip().endswith(kept)


def test_a_line_break_does_not_make_a_second_entry(log):
    logging.getLogger("waterneedle.test").warning("one\ntwo %s", "three\r\nfour")

    assert log.getvalue().count("\n") == 1


def test_every_log_goes_through_the_filter():
    assert settings.LOGGING["handlers"] == {
        "stderr": {"class": "logging.StreamHandler", "filters": ["plain"], "formatter": "line"}}
