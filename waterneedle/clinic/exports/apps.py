from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExportsConfig(AppConfig):
    """What leaves the clinic as a file: one patient's whole record, and the extract for a registry."""

    name = "waterneedle.clinic.exports"
    label = "exports"

    def ready(self) -> None:
        # late: needs the apps
        from waterneedle.clinic.exports import jobs  # noqa: F401  registers the handlers
        from waterneedle.clinic.patients.pages import Tab, add_tab

        add_tab(Tab("exports:record", _("Whole record"), "export.read"))
