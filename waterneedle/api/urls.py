from __future__ import annotations

from django.urls import include, path

from waterneedle.api import views, views_tokens

app_name = "api"

# Below /c/<clinic>/api/
urlpatterns = [
    path("", views_tokens.tokens, name="tokens"),
    path("tokens/<uuid:token>/revoke/", views_tokens.revoke, name="revoke"),
]

# Below /api/
_doors = [
    path("v1/check", views.check, name="check"),
    path("v1/triage", views.triage, name="triage"),
    path("v1/body", views.body, name="body"),
    path("v1/openapi.json", views.description, name="description"),
    path("<path:rest>", views.unknown, name="unknown"),
]
outside = [path("api/", include((_doors, "doors")))]
