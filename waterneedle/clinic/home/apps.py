from django.apps import AppConfig


class HomeConfig(AppConfig):
    """The day at a glance, and the owner's pages: who looked at what."""

    name = "waterneedle.clinic.home"
    label = "home"

    def ready(self) -> None:
        # late: needs the apps; registers what is done regularly
        from waterneedle.clinic.appointments.views_booking import arrivals_lead_to
        from waterneedle.clinic.home import backups, jobs, papers  # noqa: F401
        from waterneedle.clinic.home.views_arrivals import section_of_person
        from waterneedle.clinic.patients.pages import Section, add_section

        add_section(Section("home/_here.html", section_of_person, is_first=True))
        arrivals_lead_to("home:arrive")
