from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    """What a patient fills in and signs."""

    name = "waterneedle.clinic.intake"
    label = "intake"

    def ready(self) -> None:
        # late: needs the apps
        from waterneedle.clinic.intake import coming_of_age  # noqa: F401  registers its job
        from waterneedle.clinic.outbox.reaching import stopping_leads_to
        from waterneedle.clinic.patients.pages import Tab, add_tab

        stopping_leads_to("intake_stop")
        add_tab(Tab("intake:forms", _("Forms"), "forms.read"), before="patients:duplicates")
