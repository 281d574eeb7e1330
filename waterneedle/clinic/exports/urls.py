from __future__ import annotations

from django.urls import path

from waterneedle.clinic.exports import views

app_name = "exports"

# Below /c/<clinic>/exports/
urlpatterns = [
    path("patients/<uuid:patient>/record/", views.record, name="record"),
    path("extract/", views.extract, name="extract"),
]
