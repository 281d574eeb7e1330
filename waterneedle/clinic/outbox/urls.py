from __future__ import annotations

from django.urls import path

from waterneedle.clinic.outbox import views

app_name = "outbox"

# Below /c/<clinic>/outbox/
urlpatterns = [
    path("", views.letters, name="letters"),
    path("<uuid:job>/again/", views.again, name="again"),
    path("<uuid:job>/leave/", views.leave, name="leave"),
    path("patients/<uuid:patient>/wish/", views.wish, name="wish"),
]
