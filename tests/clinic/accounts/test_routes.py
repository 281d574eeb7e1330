"""Every route declares who may open it."""
from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import path

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.accounts.middleware import DeclaredAccess
from waterneedle.clinic.accounts.routes import routes, undeclared, undeclared_routes_are_errors


def test_every_route_declares_who_may_open_it():
    assert routes()
    assert undeclared() == []


def test_every_page_of_a_clinic_asks_for_a_permission():
    open_ones = {one.pattern for one in routes() if "clinic" in one.arguments and one.declared.kind not in ("staff", "token")}

    assert open_ones == {"book/<slug:clinic>/", "book/<slug:clinic>/ask/"}  # where a stranger asks for a time


class Open:
    urlpatterns = [path("open/", lambda request: HttpResponse("patients"))]


def test_a_route_without_a_declaration_is_an_error_at_start(settings):
    settings.ROOT_URLCONF = Open

    assert [one.id for one in undeclared_routes_are_errors(None)] == ["accounts.E001"]


def test_a_route_without_a_declaration_does_not_answer(settings, client):
    settings.ROOT_URLCONF = Open

    with pytest.raises(ImproperlyConfigured, match="declare who may open it"):
        client.get("/open/")


def test_a_permission_that_nobody_wrote_down_cannot_be_asked_for():
    with pytest.raises(ValueError, match="a permission of docs"):
        staff("everything.read")


def test_the_door_lets_a_declared_view_pass():
    declared = routes()[0].view

    assert DeclaredAccess(lambda request: None).process_view(RequestFactory().get("/"), declared, (), {}) is None
