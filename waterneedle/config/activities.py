"""What stands in the bar of a clinic, in the order of the day, and in the menu of a person. A room adds its line here."""
from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from waterneedle.clinic.web.navigation import Activity

# The bar holds six at most: on a phone they lie side by side at the lower edge.
ACTIVITIES = (
    Activity("home:today", _("Today"), "today", "clinic.read"),
    Activity("patients:patients", _("Patients"), "patients", "demographics.read"),
    Activity("appointments:day", _("Bookings"), "book", "bookings.read"),
    Activity("stock:shelf", _("Shelf"), "shelf", "stock.read"),
    Activity("tasks:worklist", _("To do"), "tasks", "tasks.read"),
    Activity("followup:answers", _("Afterwards"), "followup", "followup.read"),
    Activity("visits:board", _("Visits"), "chart", "chart.read", menu=True),
    Activity("visits:observations", _("Being observed"), "clock", "observation.read", menu=True),
    Activity("practitioners:practitioners", _("Who may inject"), "sign", "credentials.read", menu=True),
    Activity("training:courses", _("Training"), "eye", "training.read", menu=True),
    Activity("intake:wordings", _("Words of the consent"), "sign", "clinic.write", menu=True),
    Activity("followup:recall", _("Recall"), "search", "quarantine.write", menu=True),
    Activity("followup:rates", _("How often"), "figures", "figures.read", menu=True),
    Activity("courses:evidence", _("What is known"), "help", "clinic.read", menu=True),
    Activity("trials:trials", _("Trials"), "figures", "trials.read", menu=True),
    Activity("visits:incidents", _("Incidents"), "warn", "incidents.read", menu=True),
    Activity("exports:extract", _("For a registry"), "download", "extract.read", menu=True),
    Activity("outbox:letters", _("Messages"), "mail", "messages.read", menu=True),
    Activity("home:trail", _("Trail"), "eye", "audit.read", menu=True),
    Activity("accounts:emergency_uses", _("Emergency access"), "lock", "breakglass.read", menu=True),
    Activity("api:tokens", _("Programs"), "key", "tokens.write", menu=True),
    Activity("accounts:clinic", _("The clinic"), "clinic", "clinic.write", menu=True),
    Activity("accounts:people", _("People"), "user", "people.read", menu=True),
)
# What is pressed first where no patient is on the page.
ALARM = Activity("visits:who_reacted", _("Reaction"), "alert", "reaction.write")
