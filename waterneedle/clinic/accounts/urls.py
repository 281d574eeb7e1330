from __future__ import annotations

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from waterneedle.clinic.accounts import views
from waterneedle.clinic.accounts.access import public

app_name = "accounts"

# Below /c/<clinic>/accounts/
urlpatterns = [path("people/", views.people, name="people")]

# Below /, in no clinic
outside = [
    path("", views.clinics, name="clinics"),
    path("sign-in/", public(LoginView.as_view(template_name="accounts/sign_in.html")), name="account_login"),
    path("sign-out/", public(LogoutView.as_view(next_page="account_login")), name="account_logout"),
]
