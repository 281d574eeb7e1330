"""Every address of the product. A room stands below /c/<clinic>/<room>/; its pages of no clinic are in `outside`.

So do the doors for other programs: their owner's page below /c/<clinic>/api/, they themselves below /api/.
"""
from __future__ import annotations

from importlib import import_module

from django.conf import settings
from django.urls import include, path

from waterneedle.clinic.accounts.access import public
from waterneedle.clinic.web import views as web
from waterneedle.config import health


def _rooms() -> list:
    """For each room that has a `urls.py`: its pages of one clinic, and then those that belong to no clinic, which are asked for
    less: addresses are tried in this order."""
    inside, outside = [], []
    for app in settings.APPS:
        name, room = f"{app}.urls", app.rpartition(".")[2]
        try:
            module = import_module(name)
        except ModuleNotFoundError as missing:
            if missing.name != name:
                raise
            continue
        inside.append(path(f"c/<slug:clinic>/{room}/", include(module)))
        outside += getattr(module, "outside", [])
    return inside + outside


# The room `web` lies below roles, so that its pages are declared here.
_web = [
    path("preferences/", public(web.preferences), name="preferences"),
    path("offline/", public(web.offline, unasked=True), name="offline"),
    path("sw.js", public(web.service_worker, unasked=True), name="service_worker"),
    path("style/", public(why="shows only in the demo")(web.style), name="style"),
]

urlpatterns = [path("healthz", health.healthz, name="healthz"), *_web, *_rooms()]
handler400, handler403, handler404, handler500 = web.bad_request, web.forbidden, web.not_found, web.broken
