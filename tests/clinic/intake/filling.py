"""A patient behind a link, who fills in a form page by page."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.intake import actions_forms
from waterneedle.clinic.intake.models import Form, FormKind
from waterneedle.clinic.patients.models import Patient

DOOR = {"name": "Ana", "day": "14", "month": "3", "year": "1982"}


class Filling:
    """Somebody with the link of one form, in a browser of their own."""

    def __init__(self, form: Form, secret: str) -> None:
        self.form, self.secret, self.browser = form, secret, Client()

    def url(self, page: str = "") -> str:
        return f"/f/{self.secret}/{page}"

    def knock(self, **said: str) -> Any:
        return self.browser.post(self.url(), DOOR | said)

    def get(self, page: str = "") -> Any:
        return self.browser.get(self.url(page))

    def post(self, page: str, version: int | None = None, **typed: Any) -> Any:
        self.form.refresh_from_db()
        return self.browser.post(self.url(page), {"version": self.form.version if version is None else version, **typed})

    def send(self, by: str = "patient") -> Any:
        return self.post("send/", by=by)


def handed(by: Access, patient: Patient, kind: str = FormKind.QUESTIONS, language: str = "en", **asked: Any) -> Filling:
    """A form that was opened on a device, before the door."""
    return Filling(*actions_forms.open_form(patient=patient, kind=kind, language=language, by=by, asked=asked))


def opened(by: Access, patient: Patient, kind: str = FormKind.QUESTIONS, **more: Any) -> Filling:
    """The same, with the door passed."""
    filling = handed(by, patient, kind, **more)
    filling.knock()
    return filling


def secret_in(text: str) -> str:
    return re.search(r"/f/([\w-]+)/", text)[1]


__all__ = ["DOOR", "Filling", "handed", "opened", "secret_in"]
