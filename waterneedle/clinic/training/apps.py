from django.apps import AppConfig


class TrainingConfig(AppConfig):
    """Who learns to inject, and who is certified: courses, exams, observed skills, certificates anybody can verify."""

    name = "waterneedle.clinic.training"
    label = "training"

    def ready(self) -> None:
        # late: needs the apps
        from waterneedle.clinic.training import jobs  # noqa: F401  registers the handlers
