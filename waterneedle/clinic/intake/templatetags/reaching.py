"""patient|is_reached: whether a message would reach the patient, or who speaks for them, by mail or by SMS."""

from __future__ import annotations

from django import template

from waterneedle.clinic.outbox.reaching import addresses_of
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import today_in

register = template.Library()


@register.filter
def is_reached(patient: Patient) -> bool:
    """Looked for once for each row that a page has read, as a cached property would: every button of the page asks."""
    kept = vars(patient)
    if "_is_reached" not in kept:
        kept["_is_reached"] = bool(addresses_of(patient, today_in(patient.clinic)))
    return kept["_is_reached"]
