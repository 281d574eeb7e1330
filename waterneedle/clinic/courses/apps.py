from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class CoursesConfig(AppConfig):
    """Courses of treatment: whether it helps."""

    name = "waterneedle.clinic.courses"
    label = "courses"

    def ready(self) -> None:
        # late: needs the apps
        from waterneedle.clinic.courses import jobs  # noqa: F401  registers the handler
        from waterneedle.clinic.courses.counting import count_patient
        from waterneedle.clinic.courses.panel import panel
        from waterneedle.clinic.intake.actions_forms import measured_answers_are_told_to
        from waterneedle.clinic.patients.actions import records_are_told_to
        from waterneedle.clinic.patients.pages import Tab, add_tab
        from waterneedle.clinic.visits.beside import stands_beside

        measured_answers_are_told_to(count_patient)
        records_are_told_to(count_patient)
        stands_beside(panel)
        add_tab(Tab("courses:courses", pgettext_lazy("treatment", "Course"), "chart.read"), before="followup:after")
