from django.apps import AppConfig


class WebConfig(AppConfig):
    """Base template, style, vendored scripts."""

    name = "waterneedle.clinic.web"
    label = "web"
