"""What a person must do: the task, and what has been done about it, step by step."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.utils.translation import gettext as _translated
from django.utils.translation import gettext_lazy as _

from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit.frozen import freeze
from waterneedle.clinic.database.rows import AddressedRow, ClinicRow


class State(models.TextChoices):
    OPEN = "open", _("open")
    CLAIMED = "claimed", _("taken")
    DONE = "done", _("done")


class What(models.TextChoices):
    """A step."""

    OPENED = "opened", _("opened")
    CLAIMED = "claimed", _("taken")
    HANDED_OVER = "handed over", _("handed over")
    ESCALATED = "escalated", _("called to attention")
    DONE = "done", _("done")
    REOPENED = "reopened", _("opened again")


class Task(AddressedRow):
    """One thing that somebody must do until a time. One for each kind and cause.

    State, owner and role are what the last step says, kept here so that the worklist needs no search.
    """

    kind = models.CharField(max_length=60)
    cause = models.CharField(max_length=120)  # what it is about: the same cause twice is one task
    title = models.CharField(_("what"), max_length=200)  # English, marked for translation; names no patient
    note = models.CharField(_("note"), max_length=500, blank=True)
    patient = models.ForeignKey("patients.Patient", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    about = models.CharField(max_length=80, blank=True)  # uid of the visit, form or lot that it leads to
    needs = models.CharField(max_length=40, default="tasks.read")  # who may see it: a permission of docs/roles.md
    due_at = models.DateTimeField(_("due"))
    escalate_at = models.DateTimeField(null=True, blank=True)  # then the owner of the clinic is asked too
    made_at = models.DateTimeField(auto_now_add=True)

    steps = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=20, choices=Role.choices, blank=True)  # whose it is while nobody has taken it
    done_at = models.DateTimeField(null=True)

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            UniqueConstraint(fields=["clinic", "kind", "cause"], name="tasks_task_once"),
            CheckConstraint(condition=Q(state__in=State.values), name="tasks_task_state"),
            CheckConstraint(condition=Q(owner__isnull=False) | ~Q(role=""), name="tasks_task_somebodys"),
            CheckConstraint(condition=Q(state="done") ^ Q(done_at=None), name="tasks_task_done"),
        ]
        indexes = [
            Index(fields=["clinic", "due_at"], condition=~Q(state="done"), name="tasks_task_due"),
            Index(fields=["clinic", "-done_at"], condition=Q(state="done"), name="tasks_task_ended"),
            Index(fields=["clinic", "patient"], name="tasks_task_patient"),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """The title in the reader's language."""
        return _translated(self.title)


class Step(ClinicRow):
    """One thing that was done about a task. Written once, never changed."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="history", db_index=False)
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    what = models.CharField(max_length=12, choices=What.choices)
    by = models.ForeignKey(  # None: the product itself
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=20, choices=Role.choices, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["clinic", "task", "number"], name="tasks_step_number"),
            CheckConstraint(condition=Q(what__in=What.values), name="tasks_step_what"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.what}"

    @property
    def note_in_words(self) -> str:
        """The note as it was typed, or in the reader's language where the program gave it."""
        return _translated(self.note) if self.note else ""

    @property
    def leads_to(self) -> dict[str, Any]:
        """What the task is after this step."""
        states = {What.CLAIMED: State.CLAIMED, What.DONE: State.DONE}
        return {
            "state": states.get(What(self.what), State.OPEN if self.owner_id is None else State.CLAIMED),
            "owner_id": self.owner_id,
            "role": self.role,
            "done_at": self.at if self.what == What.DONE else None,
        }


freeze(Step)
