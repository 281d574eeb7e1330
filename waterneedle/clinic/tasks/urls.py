from __future__ import annotations

from django.urls import path

from waterneedle.clinic.tasks import views

app_name = "tasks"

# Below /c/<clinic>/tasks/
urlpatterns = [
    path("", views.worklist, name="worklist"),
    path("new/", views.new, name="new"),
    path("new/<uuid:patient>/", views.new_about, name="new_about"),
    path("<uuid:task>/", views.task, name="task"),
    path("<uuid:task>/claim/", views.claim, name="claim"),
    path("<uuid:task>/finish/", views.finish, name="finish"),
    path("<uuid:task>/reopen/", views.reopen, name="reopen"),
    path("<uuid:task>/hand-over/", views.hand_over, name="hand_over"),
]
