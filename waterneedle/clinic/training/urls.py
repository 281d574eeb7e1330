from __future__ import annotations

from django.urls import path

from waterneedle.clinic.training import (
    views_certificate,
    views_course,
    views_learning,
    views_outside,
    views_public,
    views_trainee,
)

app_name = "training"

# Below /c/<clinic>/training/
urlpatterns = [
    path("", views_course.courses, name="courses"),
    path("templates/", views_course.templates, name="templates"),
    path("templates/<slug:place>/", views_course.new, name="new"),
    path("courses/<uuid:course>/", views_course.course, name="course"),
    path("courses/<uuid:course>/edit/", views_course.edit, name="edit"),
    path("courses/<uuid:course>/modules/new/", views_course.new_module, name="new_module"),
    path("courses/<uuid:course>/modules/<uuid:module>/", views_course.module, name="module"),
    path("courses/<uuid:course>/skills/", views_course.add_skill, name="add_skill"),
    path("courses/<uuid:course>/questions/", views_course.bank, name="bank"),
    path("courses/<uuid:course>/questions/<uuid:question>/retire/", views_course.retire, name="retire"),
    path("courses/<uuid:course>/figures/", views_course.figures, name="figures"),
    path("courses/<uuid:course>/enrol/", views_trainee.enrol, name="enrol"),
    path("enrolments/<uuid:enrolment>/", views_trainee.enrolment, name="enrolment"),
    path("enrolments/<uuid:enrolment>/attend/", views_trainee.attend, name="attend"),
    path("enrolments/<uuid:enrolment>/attend/<uuid:attendance>/back/", views_trainee.take_back, name="take_back"),
    path("enrolments/<uuid:enrolment>/skills/<uuid:skill>/", views_trainee.observe, name="observe"),
    path("enrolments/<uuid:enrolment>/allow/", views_trainee.allow, name="allow"),
    path("enrolments/<uuid:enrolment>/end/", views_trainee.end, name="end"),
    path("enrolments/<uuid:enrolment>/certify/", views_trainee.certify, name="certify"),
    path("enrolments/<uuid:enrolment>/modules/<uuid:module>/", views_learning.study, name="study"),
    path("enrolments/<uuid:enrolment>/modules/<uuid:module>/read/", views_learning.read, name="read"),
    path("enrolments/<uuid:enrolment>/modules/<uuid:module>/quiz/", views_learning.begin_quiz, name="begin_quiz"),
    path("enrolments/<uuid:enrolment>/exam/", views_learning.begin_exam, name="begin_exam"),
    path("enrolments/<uuid:enrolment>/papers/<uuid:attempt>/", views_learning.paper, name="paper"),
    path("enrolments/<uuid:enrolment>/sandbox/", views_learning.sandbox_page, name="sandbox"),
    path("enrolments/<uuid:enrolment>/sandbox/<slug:case>/", views_learning.case, name="case"),
    path("certificates/<uuid:certificate>/", views_certificate.certificate, name="certificate"),
    path("certificates/<uuid:certificate>/show/", views_certificate.show, name="show"),
    path("certificates/<uuid:certificate>/revoke/", views_certificate.revoke, name="revoke"),
    path("certificates/<uuid:certificate>/renew/", views_certificate.renew, name="renew"),
    path("certificates/<uuid:certificate>/hours/", views_certificate.hours, name="hours"),
    path("certificates/<uuid:certificate>/badge.json", views_certificate.as_json, name="badge_json"),
    path("certificates/<uuid:certificate>/badge.png", views_certificate.as_png, name="badge_png"),
    path("certificates/<uuid:certificate>/certificate.pdf", views_certificate.as_pdf, name="certificate_pdf"),
    path("ahead/", views_outside.ahead, name="ahead"),
    path("outside/", views_outside.bring, name="bring"),
    path("outside/<uuid:evidence>/", views_outside.evidence, name="evidence"),
    path("keys/", views_outside.keys_page, name="keys"),
]

# For anybody: what a clinic publishes, and whether a certificate is genuine and in force.
outside = [
    path("certificate/", views_public.check, name="training_check"),
    path("certificate/<slug:code>/", views_public.verify, name="training_verify"),
    path("certificate/<slug:code>/badge.json", views_public.badge_json, name="training_badge"),
    path("issuer/<slug:slug>/did.json", views_public.did, name="training_did"),
    path("issuer/<slug:slug>/status.jwt", views_public.status, name="training_status"),
]
