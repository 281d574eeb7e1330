from __future__ import annotations

from django.urls import path

from waterneedle.clinic.trials import views, views_patient

app_name = "trials"

_OF_PATIENT = "patients/<uuid:patient>/"
_TRIAL = "<uuid:trial>/"
_ALLOCATION = f"{_OF_PATIENT}allocations/<uuid:allocation>/"

# Below /c/<clinic>/trials/
urlpatterns = [
    path("", views.trials, name="trials"),
    path("new/", views.new, name="new"),
    path(_TRIAL, views.trial, name="trial"),
    path("<uuid:draft>/plan/", views.change, name="change"),
    path(f"{_TRIAL}freeze/", views.freeze, name="freeze"),
    path(f"{_TRIAL}amend/", views.amend, name="amend"),
    path(f"{_TRIAL}stop/", views.stop, name="stop"),
    path(f"{_TRIAL}end/", views.end, name="end"),
    path(f"{_TRIAL}report.pdf", views.report_pdf, name="report_pdf"),
    path(_OF_PATIENT, views_patient.of_patient, name="of_patient"),
    path(f"{_OF_PATIENT}new/", views.new_in_patient, name="new_in_patient"),
    path(f"{_OF_PATIENT}in/<uuid:trial>/screen/", views_patient.screen, name="screen"),
    path(f"{_OF_PATIENT}in/<uuid:trial>/depart/", views_patient.depart, name="depart"),
    path(f"{_OF_PATIENT}visits/<uuid:visit>/", views_patient.panel, name="panel"),
    path(f"{_OF_PATIENT}visits/<uuid:visit>/in/<uuid:trial>/allocate/", views_patient.allocate, name="allocate"),
    path(_ALLOCATION, views_patient.allocation, name="allocation"),
    path(f"{_ALLOCATION}prepare/", views_patient.prepare, name="prepare"),
    path(f"{_ALLOCATION}unblind/", views_patient.unblind, name="unblind"),
    path(f"{_ALLOCATION}deviate/", views_patient.deviate, name="deviate"),
    path(f"{_ALLOCATION}measure/", views_patient.measure, name="measure"),
]
