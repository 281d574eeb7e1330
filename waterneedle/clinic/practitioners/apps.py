from django.apps import AppConfig


class PractitionersConfig(AppConfig):
    """Who may treat."""

    name = "waterneedle.clinic.practitioners"
    label = "practitioners"
