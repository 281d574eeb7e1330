from django.apps import AppConfig


class PatientsConfig(AppConfig):
    """Who is treated."""

    name = "waterneedle.clinic.patients"
    label = "patients"

    def ready(self) -> None:
        # late: needs the apps
        from waterneedle.clinic.accounts.access import patients_are_found_by
        from waterneedle.clinic.patients.queries import patient_in_reach

        patients_are_found_by(patient_in_reach)
