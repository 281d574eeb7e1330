from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VisitsConfig(AppConfig):
    """Visits: what was asked, planned, injected, signed and amended."""

    name = "waterneedle.clinic.visits"
    label = "visits"

    def ready(self) -> None:
        # late: needs the apps
        from waterneedle.clinic.appointments.actions import leaving_is_told_to
        from waterneedle.clinic.patients.pages import Button, Tab, add_button, add_tab
        from waterneedle.clinic.patients.queries import last_reactions_are_found_by, trainee_patients_are_found_by
        from waterneedle.clinic.stock.queries import kits_are_emptied_by
        from waterneedle.clinic.visits import refusing, signing  # noqa: F401  their documents are registered
        from waterneedle.clinic.visits.arriving import leave_by_booking
        from waterneedle.clinic.visits.cosigning import is_of_a_trainee
        from waterneedle.clinic.visits.reactions import epinephrine_after_a_check, last_reaction

        trainee_patients_are_found_by(is_of_a_trainee)
        leaving_is_told_to(leave_by_booking)
        last_reactions_are_found_by(last_reaction)
        kits_are_emptied_by(epinephrine_after_a_check())
        add_button(Button("visits:begin_reaction", _("Reaction"), "alert", "reaction.write"))
        add_tab(Tab("visits:visits", _("Visits"), "chart.read"), before="intake:forms")
