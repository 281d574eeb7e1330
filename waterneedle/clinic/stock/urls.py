from __future__ import annotations

from django.urls import path

from waterneedle.clinic.stock import views, views_kit

app_name = "stock"

# Below /c/<clinic>/stock/
urlpatterns = [
    path("", views.shelf, name="shelf"),
    path("receive/", views.receive, name="receive"),
    path("scan/", views.scan, name="scan"),
    path("items/new/", views.new_item, name="new_item"),
    path("suppliers/", views.suppliers, name="suppliers"),
    path("lots/<uuid:lot>/", views.lot, name="lot"),
    path("lots/<uuid:lot>/open/", views.open_vial, name="open_vial"),
    path("lots/<uuid:lot>/waste/", views.waste, name="waste"),
    path("lots/<uuid:lot>/count/", views.count, name="count"),
    path("lots/<uuid:lot>/decide/", views.decide, name="decide"),
    path("vials/<uuid:vial>/discard/", views.discard, name="discard"),
    path("vials/<uuid:vial>/opened/", views.opened_earlier, name="opened_earlier"),
    path("temperatures/", views_kit.temperatures, name="temperatures"),
    path("temperatures/end/", views_kit.end_thermometer, name="end_thermometer"),
    path("temperatures/again/", views_kit.use_thermometer_again, name="use_thermometer_again"),
    path("kits/", views_kit.kits, name="kits"),
    path("kits/new/", views_kit.new_kit, name="new_kit"),
    path("kits/<uuid:kit>/check/", views_kit.check, name="check_kit"),
    path("kits/<uuid:kit>/end/", views_kit.end_kit, name="end_kit"),
    path("kits/<uuid:kit>/again/", views_kit.use_kit_again, name="use_kit_again"),
]
