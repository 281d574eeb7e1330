from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FollowupConfig(AppConfig):
    """What comes after a visit: check-ins, adverse events, recalls."""

    name = "waterneedle.clinic.followup"
    label = "followup"

    def ready(self) -> None:
        # late: needs the apps
        from waterneedle.clinic.courses.jobs import who_may_be_asked_is_known_by
        from waterneedle.clinic.followup import jobs  # noqa: F401  registers the handlers
        from waterneedle.clinic.followup.afterwards import afterwards
        from waterneedle.clinic.followup.deaths import look_again
        from waterneedle.clinic.followup.entered import entered_of
        from waterneedle.clinic.followup.queries_events import had_a_reaction, last_reaction, may_be_asked, may_not_be_asked
        from waterneedle.clinic.followup.reported import reported
        from waterneedle.clinic.outbox.opting import nobody_writes_to
        from waterneedle.clinic.patients.pages import Tab, add_tab
        from waterneedle.clinic.patients.queries import last_reactions_are_found_by
        from waterneedle.clinic.visits.beside import stands_beside, stands_beside_a_reaction
        from waterneedle.clinic.visits.reactions import deaths_are_told_to, reactions_are_known_by
        from waterneedle.clinic.visits.told import entries_are_told_by

        last_reactions_are_found_by(last_reaction)
        reactions_are_known_by(had_a_reaction)
        deaths_are_told_to(look_again)
        who_may_be_asked_is_known_by(may_be_asked)
        nobody_writes_to(may_not_be_asked)
        entries_are_told_by(entered_of)
        stands_beside(afterwards)
        stands_beside_a_reaction(reported)

        add_tab(Tab("followup:after", _("Afterwards"), "followup.read"), before="intake:forms")
