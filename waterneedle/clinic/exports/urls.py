from __future__ import annotations

from django.urls import path

from waterneedle.clinic.exports import views

app_name = "exports"

# Below /c/<clinic>/exports/
urlpatterns = [
    path("patients/<uuid:patient>/record/", views.record, name="record"),
    path("extract/", views.extract, name="extract"),
    path("extract/state/", views.extract_state, name="extract_state"),
    path("extract/<uuid:extract>/", views.extract_file, name="extract_file"),
]
