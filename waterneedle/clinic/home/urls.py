from __future__ import annotations

from django.urls import path

from waterneedle.clinic.home import views, views_arrivals, views_close, views_sharps, views_today

app_name = "home"

# Below /c/<clinic>/home/
urlpatterns = [
    path("", views_today.today, name="today"),
    path("watched/", views_today.watched, name="watched"),
    path("arrive/<uuid:booking>/", views_arrivals.arrive, name="arrive"),
    path("come/patients/<uuid:patient>/", views_arrivals.come, name="come"),
    path("left/patients/<uuid:patient>/<uuid:visit>/", views_arrivals.leave, name="leave"),
    path("close/", views_close.close, name="close"),
    path("close/day/", views_close.close_day, name="close_day"),
    path("close/again/", views_close.open_day_again, name="open_day_again"),
    path("close/needle-stick/", views_close.needle_stick, name="needle_stick"),
    path("sharps/", views_sharps.containers, name="containers"),
    path("sharps/open/", views_sharps.open_container, name="open_container"),
    path("sharps/<uuid:container>/full/", views_sharps.close_container, name="close_container"),
    path("sharps/<uuid:container>/not-full/", views_sharps.container_not_full, name="container_not_full"),
    path("sharps/<uuid:container>/collected/", views_sharps.collect_container, name="collect_container"),
    path("needle-sticks/", views_sharps.sticks, name="needle_sticks"),
    path("paper/day.pdf", views_close.day_sheet, name="day_sheet"),
    path("paper/injections.pdf", views_close.blank_form, name="blank_form"),
    path("figures/", views_today.figures, name="figures"),
    path("trail/", views.trail, name="trail"),
    path("trail/export/", views.export, name="trail_export"),
    path("trail/patients/<uuid:patient>/", views.trail_of, name="trail_of"),
]
