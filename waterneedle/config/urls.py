"""Every address of the product. A room stands below /c/<clinic>/<room>/; its pages of no clinic are in `outside`."""
from __future__ import annotations

from importlib import import_module

from django.conf import settings
from django.urls import include, path

from waterneedle.config import health


def _rooms() -> list:
    """For each room that has a `urls.py`: its pages of one clinic, and those that belong to no clinic."""
    patterns = []
    for room in settings.ROOMS:
        name = f"waterneedle.clinic.{room}.urls"
        try:
            module = import_module(name)
        except ModuleNotFoundError as missing:
            if missing.name != name:
                raise
            continue
        patterns.append(path(f"c/<slug:clinic>/{room}/", include(module)))
        patterns += getattr(module, "outside", [])
    return patterns


urlpatterns = [path("healthz", health.healthz, name="healthz"), *_rooms()]
