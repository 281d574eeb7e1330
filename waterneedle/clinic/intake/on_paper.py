"""A consent on paper: the values of `consent.typ`, in words that are ready to be read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from waterneedle.clinic import paper
from waterneedle.clinic.intake.models import Consent, Withdrawal
from waterneedle.clinic.intake.queries import Document, Shown
from waterneedle.clinic.web import words

TEMPLATE = Path(__file__).with_name("consent.typ")


def consent_pdf(consent: Consent, shown: Shown) -> bytes:
    """The consent as it was signed. The same rows, read in the same language and zone, give the same bytes."""
    return paper.render(TEMPLATE, consent_values(consent, shown))


def consent_values(consent: Consent, shown: Shown) -> dict[str, Any]:
    patient = consent.patient
    name = patient.full_name
    person = f"{name}, {words.day(patient.birth_date)}" if patient.birth_date else name
    until = _("in force until %(until)s") % {"until": words.day(consent.until)}
    return {
        "title": consent.says["title"],
        "language": consent.language,
        "clinic": consent.clinic.name,
        "lead": " · ".join(part for part in (person, consent.course, until) if part),
        "foot": f"{consent.says['title']} · {person}",
        "documents": [signed_values(one, _("Added lines") if place else "") for place, one in enumerate(shown.documents)],
        "withdrawals": [_withdrawn(one) for one in shown.withdrawals],
    }


def signed_values(one: Document, heading: str) -> dict[str, Any]:
    """One signed document, as `signed.typ` takes it."""
    row = one.row
    signature = [_("Signature"), _("%(name)s (typed)") % {"name": one.typed}] if one.typed else [_("Signature"), _("drawn")]
    by = f"{row.name} ({row.relation})" if row.relation else row.name
    facts = [[_("Signed"), words.moment(row.signed_at)], [pgettext("signature", "By"), by]]
    facts += [[_("Interpreter"), row.interpreter]] if row.interpreter else []
    wrong = f"{_('This is not as it was signed')}: {', '.join(one.problems)}"
    return {
        "heading": heading,
        "sections": one.says.get("sections", []),
        "lines": [line | {"state": _("agreed") if line["agreed"] else _("not agreed")} for line in one.says["lines"]],
        "agreement": one.says.get("agreement", []),
        "facts": [*facts, signature],
        "strokes": row.signature_as_given.get("drawn", []),
        "signature": _("Drawn signature"),
        "proof": [[_("Proof"), f"{wrong if one.problems else _('as it was signed')}\nSHA-256 {row.hash}"]],
        "sources_heading": _("Sources"),
        "sources": [f"{source['title']} {source['address']}".strip() for source in one.sources],
    }


def _withdrawn(one: Withdrawal) -> str:
    said = _("Taken back %(when)s, said by %(who)s") % {"when": words.moment(one.at), "who": one.get_said_by_display()}
    return f"{said} ({one.line})" if one.line else said
