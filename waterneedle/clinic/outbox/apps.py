from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Messages, due jobs, single-use links."""

    name = "waterneedle.clinic.outbox"
    label = "outbox"

    def ready(self) -> None:
        # late: needs the apps; registers the handlers
        from waterneedle.clinic.outbox import daily, letters, returned, sms  # noqa: F401
