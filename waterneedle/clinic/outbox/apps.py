from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Messages, due jobs, single-use links."""

    name = "waterneedle.clinic.outbox"
    label = "outbox"

    def ready(self) -> None:
        # late: needs the apps; registers the handlers
        from waterneedle.clinic.outbox import daily, letters, returned, sms  # noqa: F401
        from waterneedle.clinic.outbox.opting import close_to
        from waterneedle.clinic.outbox.views import section_of_person
        from waterneedle.clinic.patients.actions import guardians_that_end_are_told_to
        from waterneedle.clinic.patients.pages import Section, add_section

        add_section(Section("outbox/_person.html", section_of_person))
        guardians_that_end_are_told_to(close_to)
