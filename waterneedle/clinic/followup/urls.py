from __future__ import annotations

from django.urls import path

from waterneedle.clinic.followup import (
    views,
    views_clusters,
    views_events,
    views_page,
    views_patient,
    views_recall,
    views_unasked,
)

app_name = "followup"

_OF_PATIENT = "patients/<uuid:patient>/"
_EVENT = f"{_OF_PATIENT}events/<uuid:event>/"

# Below /c/<clinic>/followup/
urlpatterns = [
    path("", views.answers, name="answers"),
    path("arrangement/", views.arrangement, name="arrangement"),
    path("events/", views_events.events, name="events"),
    path("rates/", views_events.rates, name="rates"),
    path("recall/", views_recall.recall, name="recall"),
    path("recall/act/", views_recall.act, name="act"),
    path("clusters/<uuid:event>/", views_clusters.cluster, name="cluster"),
    path("recalls/", views_recall.recalls, name="recalls"),
    path("recalls/<uuid:recall>/", views_recall.recalled, name="recalled"),
    path("recalls/<uuid:recall>/send/", views_recall.send, name="send_recall"),
    path(_OF_PATIENT, views.after, name="after"),
    path(f"{_OF_PATIENT}page/", views_page.send_page, name="send_page"),
    path(f"{_OF_PATIENT}aftercare/<uuid:visit>/aftercare.pdf", views_page.aftercare_pdf, name="aftercare_pdf"),
    path(f"{_OF_PATIENT}answers/<uuid:answer>/", views.answer, name="answer"),
    path(f"{_OF_PATIENT}checkins/<uuid:checkin>/told/", views.told, name="told"),
    path(f"{_OF_PATIENT}alarms/<uuid:alarm>/acknowledge/", views.acknowledge, name="acknowledge"),
    path(f"{_OF_PATIENT}events/new/", views_events.new_event, name="new_event"),
    path(_EVENT, views_events.event, name="event"),
    path(f"{_EVENT}amend/", views_events.amend_event, name="amend_event"),
    path(f"{_EVENT}medwatch.<slug:kind>", views_events.event_file, name="event_file"),
]

# Behind a link, in no clinic's pages.
outside = [
    path("h/<slug:secret>/", views_patient.link, name="followup_link"),
    path("h/<slug:secret>/language/", views_patient.language, name="followup_language"),
    path("h/<slug:secret>/how/", views_patient.checkin, name="followup_checkin"),
    path("h/<slug:secret>/how/draft/", views_patient.draft, name="followup_draft"),
    path("h/<slug:secret>/what-to-do/", views_patient.answered, name="followup_answered"),
    path("h/<slug:secret>/what-to-do/<uuid:answer>/", views_patient.answered_too, name="followup_answered_too"),
    path("on-call/<slug:secret>/", views.alarm_link, name="followup_alarm"),
    path("me/<slug:secret>/", views_page.page, name="followup_page"),
    path("me/<slug:secret>/visits/<uuid:visit>/", views_page.sheet, name="followup_sheet"),
    path("me/<slug:secret>/visits/<uuid:visit>/aftercare.pdf", views_page.sheet_pdf, name="followup_sheet_pdf"),
    path("me/<slug:secret>/visits/<uuid:visit>/how/", views_unasked.tell, name="followup_tell"),
    path("me/<slug:secret>/told/<uuid:answer>/", views_unasked.told, name="followup_told"),
    path("me/<slug:secret>/messages/", views_page.wish, name="followup_wish"),
    path("me/<slug:secret>/forms/<uuid:form>/again/", views_page.form_again, name="followup_form_again"),
]
