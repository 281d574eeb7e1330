from __future__ import annotations

from django.urls import path

from waterneedle.clinic.home import views, views_today

app_name = "home"

# Below /c/<clinic>/home/
urlpatterns = [
    path("", views_today.today, name="today"),
    path("figures/", views_today.figures, name="figures"),
    path("trail/", views.trail, name="trail"),
    path("trail/export/", views.export, name="trail_export"),
    path("trail/patients/<uuid:patient>/", views.trail_of, name="trail_of"),
]
