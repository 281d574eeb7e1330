"""Whose address counts where proxies stand in front."""
from __future__ import annotations

import pytest

from waterneedle.config.proxies import BehindProxies


@pytest.mark.parametrize(("proxies", "forwarded", "seen"), [
    (0, "203.0.113.9", "10.0.0.1"),
    (1, "203.0.113.9", "203.0.113.9"),
    (1, "198.51.100.7, 203.0.113.9", "203.0.113.9"),  # the first one was written by who asks
    (2, "198.51.100.7, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
    (2, "203.0.113.9", "10.0.0.1"),
    (1, "", "10.0.0.1")])
def test_the_address_that_our_outermost_proxy_has_seen(rf, settings, proxies, forwarded, seen):
    settings.PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": forwarded} if forwarded else {})
    BehindProxies(lambda request: None)(request)

    assert request.META["REMOTE_ADDR"] == seen
