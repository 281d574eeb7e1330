from __future__ import annotations

from django.urls import path

from waterneedle.clinic.intake import views

app_name = "intake"

# Below /c/<clinic>/intake/
urlpatterns = [
    path("patients/<uuid:patient>/", views.forms, name="forms"),
]
