from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AppointmentsConfig(AppConfig):
    """Slots, bookings, the waiting list, and what a booking is paid with."""

    name = "waterneedle.clinic.appointments"
    label = "appointments"

    def ready(self) -> None:
        # late: needs the apps
        from waterneedle.clinic.appointments import jobs, overlaps, queries  # noqa: F401
        from waterneedle.clinic.intake.calling import number_comes_from
        from waterneedle.clinic.patients.pages import Tab, add_tab

        register(overlaps.bookings_are_kept_apart, Tags.database)
        post_migrate.connect(overlaps.keep_bookings_apart, sender=self)
        number_comes_from(queries.phone_of)
        add_tab(Tab("appointments:bookings", _("Bookings"), "bookings.read"), before="patients:duplicates")
