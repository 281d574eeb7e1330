"""Addresses of files carry their hash."""
from __future__ import annotations

import hashlib

from django.contrib.staticfiles import finders
from django.templatetags.static import static


def test_the_address_of_a_file_ends_in_its_hash():
    with open(finders.find("web/css/tokens.css"), "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()

    assert static("web/css/tokens.css") == f"/static/web/css/tokens.css?v={digest[:10]}"


def test_what_is_not_there_has_its_plain_address():
    assert static("web/css/nothing.css") == "/static/web/css/nothing.css"
    assert static("web/") == "/static/web/"
