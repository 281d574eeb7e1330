from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Doors for other programs."""

    name = "waterneedle.api"
    label = "api"
