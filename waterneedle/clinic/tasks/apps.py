from django.apps import AppConfig


class TasksConfig(AppConfig):
    """What a person must do."""

    name = "waterneedle.clinic.tasks"
    label = "tasks"
