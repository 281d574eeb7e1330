from __future__ import annotations

from django.urls import path

from waterneedle.clinic.followup import views, views_patient

app_name = "followup"

_OF_PATIENT = "patients/<uuid:patient>/"

# Below /c/<clinic>/followup/
urlpatterns = [
    path("", views.answers, name="answers"),
    path("arrangement/", views.arrangement, name="arrangement"),
    path(_OF_PATIENT, views.after, name="after"),
    path(f"{_OF_PATIENT}answers/<uuid:answer>/", views.answer, name="answer"),
    path(f"{_OF_PATIENT}checkins/<uuid:checkin>/told/", views.told, name="told"),
    path(f"{_OF_PATIENT}alarms/<uuid:alarm>/acknowledge/", views.acknowledge, name="acknowledge"),
]

# Behind a link, in no clinic's pages.
outside = [
    path("h/<slug:secret>/", views_patient.link, name="followup_link"),
    path("h/<slug:secret>/language/", views_patient.language, name="followup_language"),
    path("h/<slug:secret>/how/", views_patient.checkin, name="followup_checkin"),
    path("h/<slug:secret>/how/draft/", views_patient.draft, name="followup_draft"),
    path("h/<slug:secret>/what-to-do/", views_patient.answered, name="followup_answered"),
    path("on-call/<slug:secret>/", views.alarm_link, name="followup_alarm"),
]
