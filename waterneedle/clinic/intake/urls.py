from __future__ import annotations

from django.urls import path

from waterneedle.clinic.intake import views, views_consent, views_patient, views_review, views_stop

app_name = "intake"

# Below /c/<clinic>/intake/
urlpatterns = [
    path("patients/<uuid:patient>/", views.forms, name="forms"),
    path("patients/<uuid:patient>/send/<slug:kind>/", views.send, name="send"),
    path("patients/<uuid:patient>/open/<slug:kind>/", views.open_here, name="open_here"),
    path("patients/<uuid:patient>/code/<slug:kind>/", views.code, name="code"),
    path("patients/<uuid:patient>/forms/<uuid:form>/again/<slug:way>/", views.again, name="again"),
    path("patients/<uuid:patient>/forms/<uuid:form>/end/", views.end, name="end"),
    path("patients/<uuid:patient>/forms/<uuid:form>/", views_review.review, name="review"),
    path("patients/<uuid:patient>/forms/<uuid:form>/pain/", views_review.pain, name="pain"),
    path("patients/<uuid:patient>/forms/<uuid:form>/accept/", views_review.accept_all, name="accept_all"),
    path("patients/<uuid:patient>/forms/<uuid:form>/said/<uuid:said>/", views_review.decide, name="decide"),
    path("patients/<uuid:patient>/consents/new/", views_consent.prepare, name="prepare"),
    path("patients/<uuid:patient>/consents/<uuid:consent>/", views_consent.consent, name="consent"),
    path("patients/<uuid:patient>/consents/<uuid:consent>/print/", views_consent.printed, name="printed"),
    path("patients/<uuid:patient>/consents/<uuid:consent>/consent.pdf", views_consent.as_pdf, name="consent_pdf"),
    path("patients/<uuid:patient>/consents/<uuid:consent>/lines/", views_consent.add, name="add_lines"),
    path("patients/<uuid:patient>/consents/<uuid:consent>/withdraw/", views_consent.withdraw, name="withdraw"),
    path("wording/", views_consent.wordings, name="wordings"),
    path("wording/<slug:language>/", views_consent.wording_page, name="wording"),
]

# Behind a single-use link, in no clinic's pages.
outside = [
    path("stop/<slug:secret>/", views_stop.stop, name="intake_stop"),
    path("f/<slug:secret>/", views_patient.link, name="intake_link"),
    path("f/<slug:secret>/language/", views_patient.language, name="intake_language"),
    path("f/<slug:secret>/consent/", views_patient.consent, name="intake_consent"),
    path("f/<slug:secret>/send/", views_patient.send, name="intake_send"),
    path("f/<slug:secret>/chart/", views_patient.chart, name="intake_chart"),
    path("f/<slug:secret>/flat/", views_patient.flat, name="intake_flat"),
    path("f/<slug:secret>/find/<slug:kind>/", views_patient.find, name="intake_find"),
    path("f/<slug:secret>/<slug:step>/", views_patient.step, name="intake_step"),
    path("f/<slug:secret>/<slug:step>/draft/", views_patient.draft, name="intake_draft"),
]
