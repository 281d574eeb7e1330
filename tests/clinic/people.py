"""Clinics and people, made in one line."""
from __future__ import annotations

import datetime
import time
from importlib import import_module

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.test import Client

from waterneedle.clinic.accounts.models import Clinic, Membership, User
from waterneedle.clinic.accounts.session import BEGAN, SEEN

PASSWORD = "a quiet needle in clear water"


def make_clinic(slug: str, name: str, zone: str = "America/Los_Angeles", jurisdiction: str = "US-WA") -> Clinic:
    return Clinic.objects.create(
        slug=slug, name=name, country="US", jurisdiction=jurisdiction, zone=zone, languages=["en", "es", "zh-hans"])


def at_midday(clinic: Clinic) -> Clinic:
    """The clinic moved to where it is between twelve and one now: an hour ago or in an hour it is the same day there."""
    ahead = 12 - datetime.datetime.now(datetime.UTC).hour
    clinic.zone = f"Etc/GMT{-ahead:+d}"  # named by what is to be added to have UTC
    clinic.save(update_fields=["zone"])
    return clinic


def make_person(clinic: Clinic, name: str, *roles: str) -> User:
    """Somebody with `roles` in `clinic`, whose address is <first name>@<clinic>.example."""
    user = User.objects.create_user(f"{name.split()[0].lower()}@{clinic.slug}.example", PASSWORD, name=name)
    for role in roles:
        Membership.objects.create(clinic=clinic, user=user, role=role)
    return user


def signed_in(user: User) -> Client:
    """A browser in which `user` is signed in, with their second factor."""
    # As `force_login` does it, but with one session, written once: every test does this, and many do it ten times.
    browser, request = Client(), HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    user.backend = browser._get_backend()
    login(request, user, user.backend)
    request.session["second_factor_of"] = user.pk
    request.session[BEGAN] = request.session[SEEN] = time.time()  # so that the first request asks no more than the next
    request.session.save()
    browser._set_login_cookies(request)
    return browser
