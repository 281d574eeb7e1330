from __future__ import annotations

from django.urls import path

from waterneedle.clinic.patients import views, views_health, views_import, views_records

app_name = "patients"

# Below /c/<clinic>/patients/
urlpatterns = [
    path("", views.patients, name="patients"),
    path("find/", views.find, name="find"),
    path("new/", views.new, name="new"),
    path("<uuid:patient>/", views.patient, name="patient"),
    path("<uuid:patient>/edit/", views.edit, name="edit"),
    path("<uuid:patient>/guardians/", views.add_guardian, name="add_guardian"),
    path("<uuid:patient>/guardians/<uuid:guardian>/end/", views.end_guardian, name="end_guardian"),
    path("<uuid:patient>/health/", views_health.health, name="health"),
    path("<uuid:patient>/health/concepts/<slug:kind>/", views_health.concepts, name="concepts"),
    path("<uuid:patient>/health/none/<slug:kind>/", views_health.say_none, name="say_none"),
    path("<uuid:patient>/health/review/<slug:kind>/", views_health.say_reviewed, name="say_reviewed"),
    path("<uuid:patient>/health/pregnancy/", views_health.pregnancy, name="pregnancy"),
    path("<uuid:patient>/health/measures/", views_health.measure, name="measure"),
    path("<uuid:patient>/health/measures/retract/", views_health.retract_measure, name="retract_measure"),
    path("<uuid:patient>/health/measures/restore/", views_health.restore_measure, name="restore_measure"),
    path("<uuid:patient>/health/facts/<slug:kind>/", views_health.add_fact, name="add_fact"),
    path("<uuid:patient>/health/facts/<uuid:fact>/end/", views_health.end_fact, name="end_fact"),
    path("<uuid:patient>/health/facts/<uuid:fact>/reopen/", views_health.reopen_fact, name="reopen_fact"),
    path("<uuid:patient>/duplicates/", views_records.duplicates, name="duplicates"),
    path("<uuid:patient>/duplicates/<uuid:other>/", views_records.compare, name="compare"),
    path("<uuid:patient>/duplicates/<uuid:other>/part/", views_records.part, name="part"),
    path("retracted/", views_records.retracted, name="retracted"),
    path("retracted/<uuid:record>/restore/", views_records.restore, name="restore"),
    path("imports/", views_import.imports, name="imports"),
    path("imports/<uuid:source>/", views_import.source, name="import"),
    path("<uuid:patient>/retract/", views_records.retract, name="retract"),
]
