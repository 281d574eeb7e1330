"""What people type about a task."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.accounts.queries import people_of
from waterneedle.clinic.accounts.roles import ALL, Role, scope, widest
from waterneedle.clinic.web.forms import MomentField


class HandOverForm(forms.Form):
    """To a person or to whoever has a role; to those only who may see the task."""

    to = forms.ChoiceField(label=_("Hand to"))
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    def __init__(self, *args: Any, clinic: Clinic, needs: str = "tasks.read", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [role for role in Role if scope(role, needs) == ALL]
        people = [one for one in people_of(clinic) if widest(one.roles, needs) == ALL]
        self.people = {f"user {one.user.uid}": one.user for one in people}
        self.roles = {one.user.pk: one.roles for one in people}
        self.fields["to"].choices = [
            (_("Whoever is"), [(f"role {role}", role.label) for role in roles]),
            (_("Person"), [(key, user.name) for key, user in self.people.items()]),
        ]

    def receiver(self) -> dict[str, Any]:
        """`owner` and `role` as `actions.hand_over` takes them."""
        kind, _space, value = self.cleaned_data["to"].partition(" ")
        return {"owner": self.people[f"user {value}"]} if kind == "user" else {"role": Role(value)}

    def receiver_may(self, permission: str) -> bool:
        """Whether the receiver has `permission` for everything of its kind."""
        to = self.receiver()
        return widest(self.roles[to["owner"].pk] if "owner" in to else (to["role"],), permission) == ALL


class TaskForm(HandOverForm):
    """A task that somebody writes down for themself or for another."""

    title = forms.CharField(label=_("What is to be done"), max_length=200, help_text=_("Name no patient here."))
    due_at = MomentField(label=_("Until"))
    field_order = ("title", "to", "due_at", "note")
