from __future__ import annotations

from django.urls import path

from waterneedle.clinic.appointments import views, views_booking, views_money, views_public, views_settings

app_name = "appointments"

# Below /c/<clinic>/appointments/
urlpatterns = [
    path("", views.day, name="day"),
    path("week/", views.week, name="week"),
    path("book/", views_booking.book, name="book"),
    path("book/find/", views_booking.find, name="find"),
    path("patients/<uuid:patient>/", views_booking.bookings, name="bookings"),
    path("patients/<uuid:patient>/book/", views_booking.book_for, name="book_for"),
    path("patients/<uuid:patient>/wait/", views_booking.wait, name="wait"),
    path("waiting/", views.waiting, name="waiting"),
    path("waiting/<uuid:waiting>/end/", views.end_waiting, name="end_waiting"),
    path("bookings/<uuid:booking>/", views_booking.booking, name="booking"),
    path("bookings/<uuid:booking>/mark/<slug:state>/", views_booking.mark, name="mark"),
    path("bookings/<uuid:booking>/move/", views_booking.move, name="move"),
    path("bookings/<uuid:booking>/pay/", views_money.pay, name="pay"),
    path("bookings/<uuid:booking>/leave/", views_money.leave, name="leave"),
    path("receipts/<uuid:receipt>/receipt.pdf", views_money.receipt, name="receipt"),
    path("settings/", views_settings.settings, name="settings"),
    path("settings/policy/", views_settings.policy, name="policy"),
    path("settings/services/<slug:kind>/", views_settings.service, name="service"),
    path("settings/services/<uuid:service>/end/", views_settings.end_service, name="end_service"),
    path("settings/rooms/", views_settings.add_room, name="add_room"),
    path("settings/rooms/<uuid:room>/end/", views_settings.end_room, name="end_room"),
    path("settings/hours/<uuid:practitioner>/", views_settings.hours, name="hours"),
    path("settings/closures/", views_settings.close, name="close"),
    path("settings/closures/<uuid:closure>/open/", views_settings.open_again, name="open_again"),
    path("settings/feeds/<uuid:practitioner>/", views_settings.feed, name="feed"),
    path("settings/feeds/<uuid:practitioner>/end/", views_settings.end_feeds, name="end_feeds"),
]

# In no clinic's pages: the public page of a clinic, and what stands behind a link.
outside = [
    path("book/<slug:clinic>/", views_public.page, name="appointments_public"),
    path("book/<slug:clinic>/ask/", views_public.ask, name="appointments_ask"),
    path("b/confirm/<slug:secret>/", views_public.confirm, name="appointments_confirm"),
    path("b/feed/<slug:secret>/", views_public.feed, name="appointments_feed"),
    path("b/<slug:secret>/", views_public.link, name="appointments_link"),
    path("b/<slug:secret>/see/", views_public.see, name="appointments_see"),
    path("b/<slug:secret>/take/", views_public.take, name="appointments_take"),
    path("b/<slug:secret>/cancel/", views_public.cancel, name="appointments_cancel"),
    path("b/<slug:secret>/move/", views_public.move, name="appointments_move"),
]
