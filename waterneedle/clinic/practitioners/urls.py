from __future__ import annotations

from django.urls import path

from waterneedle.clinic.practitioners import views

app_name = "practitioners"

# Below /c/<clinic>/practitioners/
urlpatterns = [
    path("", views.practitioners, name="practitioners"),
    path("new/", views.new, name="new"),
    path("<uuid:practitioner>/", views.practitioner, name="practitioner"),
    path("<uuid:practitioner>/edit/", views.edit, name="edit"),
    path("<uuid:practitioner>/papers/<slug:kind>/", views.add_paper, name="add_paper"),
    path("<uuid:practitioner>/papers/<slug:kind>/<uuid:paper>/withdraw/", views.withdraw, name="withdraw"),
]
