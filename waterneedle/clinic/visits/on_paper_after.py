"""The sheet for the ambulance: the values of `ambulance.typ`."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from django.forms.models import model_to_dict
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from waterneedle.clinic import paper
from waterneedle.clinic.intake.calling import number_of
from waterneedle.clinic.patients.models import FactKind, Patient, Sex
from waterneedle.clinic.patients.queries import guardians_of, health_of, pregnancy_in_words
from waterneedle.clinic.visits.models import Amendment, Injection, Status
from waterneedle.clinic.visits.models_after import Reaction, ReactionEntry
from waterneedle.clinic.visits.on_paper import how_in_words, person, seen_in_words, site_in_words, volume_in_words
from waterneedle.clinic.visits.plan import shares
from waterneedle.clinic.visits.reactions import entry_in_words, injected_around
from waterneedle.clinic.web import words

TEMPLATE = Path(__file__).with_name("ambulance.typ")
_MEASURES = ("weight_kg", "height_cm")


def ambulance_pdf(reaction: Reaction) -> bytes:
    return paper.render(TEMPLATE, ambulance_values(reaction))


def ambulance_values(reaction: Reaction) -> dict[str, Any]:
    patient, clinic = reaction.patient, reaction.clinic
    entries = list(reaction.entries.select_related("made_by").order_by("at", "pk"))
    return {
        "title": _("Reaction after an injection"),
        "language": get_language() or "en",
        "none": _none(entries),
        "lead": " · ".join(filter(None, (
            clinic.name, number_of(clinic), _("began %(when)s") % {"when": words.moment(reaction.began_at)}))),
        "foot": person(patient),
        "patient": [[_("Patient"), person(patient)], *_body(patient, reaction), *_health(patient), *_telephones(patient)],
        "course_heading": _("What happened"),
        "course_head": [_("Time"), _("What"), _("By")],
        "course": [
            [_at(at, reaction), what, str(who)]
            for at, what, who in sorted([
                (reaction.began_at, _("the reaction is noticed"), reaction.made_by),
                *((one.at, entry_in_words(one), one.made_by) for one in entries),
            ], key=lambda row: row[0])
        ],
        "given_heading": _("Injected in the last 24 hours"),
        "given_head": [_("Time"), pgettext("injection", "Place"), _("What"), _("How")],
        "given": _given(reaction),
        "amendments_heading": pgettext("visit", "Amendments"),
        "amendments": _amendments(reaction),
        "given_none": _("No injection of the last 24 hours is on record."),
    }


def _none(entries: list[ReactionEntry]) -> str:
    """That it was none of this patient, where somebody has said so: else the sheet sends it along with the wrong person."""
    said = [one for one in entries if one.kind == ReactionEntry.MISTAKE]
    return "".join(
        _("This was no reaction of the patient, said by %(who)s, %(when)s: %(why)s. It counts nowhere.")
        % {"who": one.made_by, "when": words.moment(one.at), "why": one.said} for one in said)


def _body(patient: Patient, reaction: Reaction) -> list[list[str]]:
    day = reaction.began_at.astimezone(reaction.clinic.tzinfo).date()
    measures = health_of(patient).measures
    sex = str(patient.get_sex_display()) if patient.sex != Sex.UNKNOWN else ""
    said = [words.age(patient.birth_date, day), sex]
    said += [words.amount(measures[kind].value, measures[kind].unit) for kind in _MEASURES if kind in measures]
    return [[_("Age, sex, weight"), words.described(said) or _("not known")]]


def _health(patient: Patient) -> list[list[str]]:
    health = health_of(patient)
    headings = {
        FactKind.ALLERGY: _("Allergies"), FactKind.MEDICATION: _("Medicines"), FactKind.CONDITION: _("Conditions"),
    }
    rows = [[str(heading), _facts(health.facts[kind])] for kind, heading in headings.items()]
    return [*rows, [_("Pregnancy"), pregnancy_in_words(health.pregnancy, headed=True)]] if health.pregnancy else rows


def _telephones(patient: Patient) -> list[list[str]]:
    """Of the patient and of who speaks for them: somebody will have to be told."""
    numbers = [patient.phone, *(f"{one.phone}, {one}" for one in guardians_of(patient) if one.phone)]
    return [[_("Telephone"), said]] if (said := "\n".join(filter(None, numbers))) else []


def _facts(facts: tuple[Any, ...] | None) -> str:
    if facts is None:
        return _("not asked")
    return "\n".join(f"{one.said} ({one.reaction})" if one.reaction else one.said for one in facts) or _("none")


def _given(reaction: Reaction) -> list[list[str]]:
    """Of every visit that it may come from: who is driven away takes along all of it."""
    found = injected_around(reaction.patient, reaction.began_at)
    return [[_when(one, reaction), *_row(one)] for _visit, injections in found for one in injections]


def _when(one: Injection, reaction: Reaction) -> str:
    """When it went in; of what nobody has marked that, in the first column: under this heading the rest is read as given."""
    return pgettext("injection", "only planned") if one.status == Status.PLANNED else _at(one.given_at, reaction)


def _amendments(reaction: Reaction) -> list[list[str]]:
    """What was said since of those visits: it may be the other side, or another fluid."""
    visits = [visit for visit, injections in injected_around(reaction.patient, reaction.began_at) if injections]
    rows = Amendment.objects.filter(clinic_id=reaction.clinic_id, visit__in=visits).order_by("made_at", "pk")
    return [[f"{words.moment(one.made_at)}\n{one.signed_name}", one.text] for one in rows]


def _at(moment: datetime.datetime | None, reaction: Reaction) -> str:
    """The clock, and the day where it is not that on which the reaction began."""
    zone = reaction.clinic.tzinfo
    is_same = moment is None or moment.astimezone(zone).date() == reaction.began_at.astimezone(zone).date()
    return words.clock(moment) if is_same else words.moment(moment, short=True)


def _row(one: Injection) -> list[str]:
    fields = model_to_dict(one) | {"blocked": False}
    fluids = [
        words.described((
            f"{fill.vial.lot.item.name} {volume_in_words(ml)}".strip(), _("lot %(lot)s") % {"lot": fill.vial.lot.number}))
        for fill, ml in shares(one)
    ]
    fluids += [_("nothing went in")] if fluids and one.status == Status.STOPPED and one.volume_ml is None else []
    said = words.described((how_in_words(fields), seen_in_words(fields)))
    return [site_in_words(fields), "\n".join(fluids) or _("needle only"), said]
