"""Papers and practitioners, as they are typed in."""
from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from waterneedle import knowledge
from waterneedle.clinic.accounts.models import Clinic, Membership, User
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.practitioners.models import (
    PAPERS,
    Certificate,
    Licence,
    Paper,
    Practitioner,
    Profession,
    Qualification,
    ResuscitationCard,
    Training,
)
from waterneedle.clinic.web.forms import DateInput

DATES = ("since", "expires", "completed_on", "certified_on")


class PractitionerForm(forms.Form):
    """Who treats, and who answers for a student."""

    user = forms.ModelChoiceField(
        User.objects.none(), label=_("Person"), help_text=_("People with the role practitioner or instructor."))
    profession = forms.ChoiceField(label=_("Profession"), choices=Profession.choices)
    supervised_by = forms.ModelChoiceField(
        Practitioner.objects.none(), label=_("Who answers for a student's injections"), required=False)

    def __init__(self, *args: Any, clinic: Clinic, practitioner: Practitioner | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        at_work = Membership.objects.filter(clinic=clinic, ended_at=None, role__in=(Role.PRACTITIONER, Role.INSTRUCTOR))
        others = Practitioner.objects.filter(clinic=clinic).exclude(profession=Profession.STUDENT).select_related("user")
        if practitioner is not None:
            del self.fields["user"]
            others = others.exclude(pk=practitioner.pk)
        else:
            known = Practitioner.objects.filter(clinic=clinic).values("user_id")
            self.fields["user"].queryset = User.objects.filter(pk__in=at_work.values("user_id")).exclude(pk__in=known)
        self.fields["supervised_by"].queryset = others

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("supervised_by") and cleaned.get("profession") != Profession.STUDENT:
            self.add_error("supervised_by", _("Only a student is answered for by somebody else."))
        return cleaned


class PaperForm(forms.ModelForm):
    """What all papers share. A date that lies the wrong way round is told beside its field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in DATES:
            if name in self.fields:
                self.fields[name].widget = DateInput()
        if "jurisdiction" in self.fields:
            places = sorted(knowledge.jurisdictions().values(), key=lambda one: one.name)
            choices = [(one.code, f"{one.name} ({one.code})") for one in places]
            if self._meta.model is Certificate:  # many name no place
                self.fields["jurisdiction"] = forms.ChoiceField(
                    label=_("Made for"), choices=[("", _("the paper names no place")), *choices], required=False,
                    help_text=_("One that was made for the law of a place counts there alone."))
            else:
                self.fields["jurisdiction"] = forms.ChoiceField(label=_("Jurisdiction"), choices=choices)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("since") or cleaned.get("certified_on"), cleaned.get("expires")
        if first and last and last < first:
            self.add_error("expires", _("It cannot end before it begins."))
        for part in ("hands_on_hours", "emergency_hours"):
            if cleaned.get(part) is not None and cleaned.get("hours") is not None and cleaned[part] > cleaned["hours"]:
                self.add_error(part, _("That is more than the hours in all."))
        return cleaned


_FIELDS: dict[type[Paper], tuple[str, ...]] = {
    Licence: ("jurisdiction", "number", "since", "expires", "seen", "note"),
    Training: ("course", "provider", "completed_on", "hours", "hands_on_hours", "emergency_hours", "seen", "note"),
    Certificate: ("issuer", "number", "jurisdiction", "certified_on", "expires", "seen", "note"),
    ResuscitationCard: ("course", "expires", "seen", "note"),
    Qualification: ("name", "since", "expires", "seen", "note"),
}
PAPER_FORMS: dict[str, type[forms.ModelForm]] = {
    kind: forms.modelform_factory(model, form=PaperForm, fields=_FIELDS[model]) for kind, model in PAPERS.items()}


class WithdrawForm(forms.Form):
    why = forms.CharField(label=_("Why"), max_length=300)


class QuestionForm(forms.Form):
    """May this be injected, by this route."""

    product = forms.ChoiceField(label=_("Product"), required=False)
    route = forms.ChoiceField(
        label=_("Route"), required=False,
        choices=[("", "–"), ("SC", _("under the skin (SC)")), ("IM", _("into muscle (IM)")), ("ID", _("into the skin (ID)"))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        products = sorted(knowledge.products().values(), key=lambda one: one.name.casefold())
        self.fields["product"].choices = [("", _("no product: the person alone")), *((one.id, one.name) for one in products)]
