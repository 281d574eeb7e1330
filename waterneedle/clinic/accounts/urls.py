"""Pages of the people of a clinic, and of signing in.

The pages of the sign-in library are listed one by one, each with who may open it: what is not here does not exist.
"""
from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path

from waterneedle.clinic.accounts.access import public, signed_in
from waterneedle.clinic.accounts.views import clinic, emergency, entrance, factors, people, unfinished

app_name = "accounts"

# Below /c/<clinic>/accounts/
urlpatterns = [
    path("clinic/", clinic.clinic, name="clinic"),
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/<uuid:person>/", people.person, name="person"),
    path("invitations/<uuid:invitation>/withdraw/", people.withdraw, name="withdraw"),
    path("emergency/", emergency.uses, name="emergency_uses"),
    path("emergency/patients/<uuid:patient>/", emergency.begin, name="emergency_begin"),
    path("emergency/<uuid:use>/end/", emergency.end, name="emergency_end"),
    path("emergency/<uuid:use>/review/", emergency.review, name="emergency_review"),
    path("unfinished/", unfinished.keep, name="unfinished"),
    path("unfinished/found/", unfinished.found, name="unfinished_found"),
]

# Below /, in no clinic
outside = [
    path("", entrance.clinics, name="clinics"),
    path("start/", entrance.start, name="start"),
    path("session/", entrance.session, name="session"),
    path("invitation/<str:token>/", entrance.invitation, name="invitation"),
    path("account/", entrance.own, name="own"),
    path("sign-in/", public(account.login), name="account_login"),
    path("sign-in/code/", public(factors.SecondStep.as_view()), name="mfa_authenticate"),
    path("sign-in/passkey/", public(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path("sign-in/no-longer/", public(account.account_inactive), name="account_inactive"),
    path("sign-out/", public(account.logout), name="account_logout"),
    path("password/", signed_in(account.password_change), name="account_change_password"),
    path("password/set/", signed_in(account.password_set), name="account_set_password"),
    path("password/forgotten/", public(account.password_reset), name="account_reset_password"),
    path("password/forgotten/sent/", public(account.password_reset_done), name="account_reset_password_done"),
    path("password/new/<slug:uidb36>/<key>/", public(account.password_reset_from_key), name="account_reset_password_from_key"),
    path("password/new/done/", public(account.password_reset_from_key_done), name="account_reset_password_from_key_done"),
    path("proof/", signed_in(account.reauthenticate), name="account_reauthenticate"),
    path("proof/code/", signed_in(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("proof/passkey/", signed_in(webauthn.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("account/second-factor/", signed_in(mfa.index), name="mfa_index"),
    path("account/second-factor/app/", signed_in(factors.SetUpApp.as_view()), name="mfa_activate_totp"),
    path("account/second-factor/app/remove/", signed_in(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("account/second-factor/codes/", factors.codes, name="mfa_generate_recovery_codes"),
    path("account/second-factor/passkeys/", signed_in(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("account/second-factor/passkeys/add/", signed_in(factors.AddPasskey.as_view()), name="mfa_add_webauthn"),
    path("account/second-factor/passkeys/<int:pk>/", signed_in(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path("account/second-factor/passkeys/<int:pk>/remove/", signed_in(webauthn.remove_webauthn), name="mfa_remove_webauthn"),
]
