from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrialsConfig(AppConfig):
    """Trials in one patient or across patients: planned, allocated, kept closed, stopped and reported."""

    name = "waterneedle.clinic.trials"
    label = "trials"

    def ready(self) -> None:
        # late: needs the apps
        from waterneedle.clinic.followup.actions_events import events_are_told_to
        from waterneedle.clinic.patients.pages import Tab, add_tab
        from waterneedle.clinic.trials.queries import kept_closed
        from waterneedle.clinic.trials.stopping import look
        from waterneedle.clinic.visits.closed import visits_are_kept_closed_by
        from waterneedle.clinic.visits.page import Panel, add_panel

        events_are_told_to(look)
        visits_are_kept_closed_by(kept_closed)
        add_panel(Panel("trials:panel", "trials.read"))
        add_tab(Tab("trials:of_patient", _("Trials"), "trials.read"))
