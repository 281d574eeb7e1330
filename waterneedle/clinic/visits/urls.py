from __future__ import annotations

from django.urls import path

from waterneedle.clinic.visits import (
    views,
    views_after,
    views_chart,
    views_cosign,
    views_incidents,
    views_kept,
    views_protocol,
    views_sign,
    views_struck,
    views_syringe,
)
from waterneedle.clinic.visits.urls_after import AFTER

app_name = "visits"

_OF_PATIENT = "patients/<uuid:patient>/"
_VISIT = f"{_OF_PATIENT}<uuid:visit>/"

# Below /c/<clinic>/visits/
urlpatterns = [
    *AFTER,
    path("", views.board, name="board"),
    path("struck/", views_struck.struck, name="struck"),
    path("struck/<uuid:struck>/", views_struck.struck_visit, name="struck_visit"),
    path("incidents/", views_incidents.register, name="incidents"),
    path("incidents/report/", views_incidents.report, name="report_incident"),
    path("incidents/<uuid:incident>/", views_incidents.incident, name="incident"),
    path("incidents/<uuid:incident>/add/", views_incidents.add, name="add_to_incident"),
    path("incidents/<uuid:incident>/close/", views_incidents.close, name="close_incident"),
    path("incidents/<uuid:incident>/open-again/", views_incidents.open_again, name="open_incident_again"),
    path("observations/", views.observations, name="observations"),
    path("observations/minutes/", views.watch_minutes, name="watch_minutes"),
    path("observations/<uuid:observation>/end/", views.end_observation, name="end_observation"),
    path("observations/<uuid:observation>/watch-on/", views.watch_on, name="watch_on"),
    path(_OF_PATIENT, views.visits, name="visits"),
    path(f"{_OF_PATIENT}begin/", views.begin, name="begin"),
    path(f"{_OF_PATIENT}begin/later/", views.begin_later, name="begin_later"),
    path(_VISIT, views.visit, name="visit"),
    path(f"{_VISIT}step/", views.step, name="step"),
    path(f"{_VISIT}step/undo/", views.step_back, name="step_back"),
    path(f"{_VISIT}treat/", views.treat, name="treat"),
    path(f"{_VISIT}untreated/", views.untreated, name="untreated"),
    path(f"{_VISIT}today/", views.today, name="today"),
    path(f"{_VISIT}today/undo/", views.unsaid, name="unsaid"),
    path(f"{_VISIT}change/", views.change, name="change"),
    path(f"{_VISIT}syringes/", views_chart.load, name="load"),
    path(f"{_VISIT}syringes/<uuid:syringe>/", views_syringe.correct, name="syringe"),
    path(f"{_VISIT}syringes/<uuid:syringe>/remove/", views_chart.put_down, name="put_down"),
    path(f"{_VISIT}syringes/<uuid:syringe>/take-up/", views_chart.take_up, name="take_up"),
    path(f"{_VISIT}syringes/<uuid:syringe>/undo/", views_chart.not_drawn, name="not_drawn"),
    path(f"{_VISIT}syringes/<uuid:syringe>/label.pdf", views_syringe.label, name="syringe_label"),
    path(f"{_VISIT}syringes/<uuid:syringe>/became/", views_struck.say, name="became"),
    path(f"{_VISIT}scan/", views_syringe.scan, name="scan"),
    path(f"{_VISIT}tap/", views_chart.tap, name="tap"),
    path(f"{_VISIT}place/", views_chart.place, name="place"),
    path(f"{_VISIT}line/", views_chart.type_line, name="line"),
    path(f"{_VISIT}complete/", views_chart.complete, name="complete"),
    path(f"{_VISIT}repeat/", views_chart.repeat, name="repeat"),
    path(f"{_VISIT}protocols/", views_protocol.protocols, name="protocols"),
    path(f"{_VISIT}protocols/plan/", views_protocol.plan_protocol, name="plan_protocol"),
    path(f"{_VISIT}protocols/keep/", views_kept.keep, name="keep_protocol"),
    path(f"{_VISIT}protocols/<uuid:kept>/plan/", views_kept.plan, name="plan_kept"),
    path(f"{_VISIT}protocols/<uuid:kept>/remove/", views_kept.remove, name="remove_kept"),
    path(f"{_VISIT}protocols/<uuid:kept>/restore/", views_kept.restore, name="restore_kept"),
    path(f"{_VISIT}take-back/", views_chart.take_back, name="take_back"),
    path(f"{_VISIT}given/", views_chart.mark_all, name="mark_all"),
    path(f"{_VISIT}marks/undo/", views_chart.unmark, name="unmark"),
    path(f"{_VISIT}skin/", views_chart.skin_intact, name="skin_intact"),
    path(f"{_VISIT}skin/undo/", views_chart.skin_unsaid, name="skin_unsaid"),
    path(f"{_VISIT}reasons/", views_chart.reason, name="reason"),
    path(f"{_VISIT}reasons/undo/", views_chart.take_back_reason, name="take_back_reason"),
    path(f"{_VISIT}injections/<uuid:injection>/", views_chart.injection, name="injection"),
    path(f"{_VISIT}injections/<uuid:injection>/mark/", views_chart.mark, name="mark"),
    path(f"{_VISIT}injections/<uuid:injection>/remove/", views_chart.remove, name="remove"),
    path(f"{_VISIT}injections/<uuid:injection>/restore/", views_chart.restore, name="restore"),
    path(f"{_VISIT}body/", views_chart.body, name="body"),
    path(f"{_VISIT}body/depth/", views_chart.depth, name="depth"),
    path(f"{_VISIT}body/beneath/", views_chart.beneath, name="beneath"),
    path(f"{_VISIT}body/flat/", views_chart.flat, name="flat"),
    path(f"{_VISIT}sign/", views_sign.sign, name="sign"),
    path(f"{_VISIT}sign/passkey/", views_sign.passkey, name="passkey"),
    path(f"{_VISIT}countersign/", views_cosign.cosign, name="cosign"),
    path(f"{_VISIT}countersign/refuse/", views_cosign.refuse, name="refuse"),
    path(f"{_VISIT}countersign/passkey/", views_cosign.passkey, name="cosign_passkey"),
    path(f"{_VISIT}amend/", views_sign.amend, name="amend"),
    path(f"{_VISIT}strike/", views_sign.strike, name="strike"),
    path(f"{_VISIT}strike/let-stand/", views_sign.let_stand, name="let_stand"),
]

# Below /, in no clinic
outside = [path("reaction/", views_after.reacted, name="reacted")]
