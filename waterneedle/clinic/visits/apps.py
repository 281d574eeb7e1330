from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """Visits: what was asked, planned, injected, signed and amended."""

    name = "waterneedle.clinic.visits"
    label = "visits"

    def ready(self) -> None:
        from waterneedle.clinic.visits import signing  # noqa: F401  its documents are registered
