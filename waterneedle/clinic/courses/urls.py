from __future__ import annotations

from django.urls import path

from waterneedle.clinic.courses import views, views_evidence

app_name = "courses"

_OF_PATIENT = "patients/<uuid:patient>/"
_COURSE = f"{_OF_PATIENT}<uuid:course>/"

# Below /c/<clinic>/courses/
urlpatterns = [
    path("evidence/", views_evidence.all_evidence, name="evidence"),
    path("evidence/claims/<slug:claim>/", views_evidence.claim, name="claim"),
    path("evidence/protocols/<str:protocol>/", views_evidence.protocol, name="protocol"),
    path(_OF_PATIENT, views.courses, name="courses"),
    path(f"{_OF_PATIENT}begin/", views.begin, name="begin"),
    path(f"{_OF_PATIENT}panel/", views.panel, name="panel"),
    path(_COURSE, views.course, name="course"),
    path(f"{_COURSE}course.pdf", views.as_pdf, name="course_pdf"),
    path(f"{_COURSE}change/", views.change, name="change"),
    path(f"{_COURSE}end/", views.end, name="end"),
    path(f"{_COURSE}measure/<slug:instrument>/", views.measure, name="measure"),
    path(f"{_COURSE}correct/<uuid:answers>/", views.correct, name="correct"),
    path(f"{_COURSE}ask/<slug:way>/", views.ask, name="ask"),
]

# In no clinic's pages: the same for everybody.
outside = [
    path("evidence/", views_evidence.public_evidence, name="courses_evidence"),
    path("evidence/claims/<slug:claim>/", views_evidence.public_claim, name="courses_claim"),
    path("evidence/protocols/<str:protocol>/", views_evidence.public_protocol, name="courses_protocol"),
]
