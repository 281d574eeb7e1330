"""The addresses of what comes after the last puncture; part of `urls.py`."""

from __future__ import annotations

from django.urls import path

from waterneedle.clinic.visits import views_after, views_paper

_REACTIONS = "patients/<uuid:patient>/reactions/"
_REACTION = f"{_REACTIONS}<uuid:reaction>/"

AFTER = [
    path("reactions/who/", views_after.who_reacted, name="who_reacted"),
    path(f"{_REACTIONS}begin/", views_after.begin_reaction, name="begin_reaction"),
    path(_REACTION, views_after.reaction, name="reaction"),
    path(f"{_REACTION}sign/", views_after.add_sign, name="add_sign"),
    path(f"{_REACTION}epinephrine/", views_after.add_epinephrine, name="add_epinephrine"),
    path(f"{_REACTION}call/", views_after.add_call, name="add_call"),
    path(f"{_REACTION}end/", views_after.end_reaction, name="end_reaction"),
    path(f"{_REACTION}mistake/", views_after.mistake, name="mistake"),
    path(f"{_REACTION}note/", views_after.add_note, name="add_note"),
    path(f"{_REACTION}reaction.pdf", views_after.reaction_sheet, name="reaction_sheet"),
    path("patients/<uuid:patient>/<uuid:visit>/note.pdf", views_paper.note, name="note_pdf"),
    path("patients/<uuid:patient>/<uuid:visit>/for-patient.pdf", views_paper.for_patient, name="patient_pdf"),
]
