from __future__ import annotations

from django.urls import path

from waterneedle.clinic.home import views

app_name = "home"

# Below /c/<clinic>/home/
urlpatterns = [
    path("trail/", views.trail, name="trail"),
    path("trail/export/", views.export, name="trail_export"),
    path("trail/patients/<uuid:patient>/", views.trail_of, name="trail_of"),
]
