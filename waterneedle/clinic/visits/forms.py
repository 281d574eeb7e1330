"""What is typed and tapped on the page of a visit, cleaned."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Any

import msgspec
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waterneedle import knowledge
from waterneedle.clinic.accounts.models import User
from waterneedle.clinic.patients.models import PregnancyStatus, Side
from waterneedle.clinic.stock.models import Vial
from waterneedle.clinic.visits.models import ROUTES, Injection, Purpose, Route, Sensation, Skin, Status, Syringe, Visit
from waterneedle.clinic.visits.places import may_lie
from waterneedle.clinic.web.forms import DateInput, DoseField, MomentField, Segments, one_of

QUESTIONS = ("identity_confirmed", "new_medicines", "fever_or_infection", "reacted_last", "eaten", "lying_down")
# What one tap says for a patient who is as usual.
AS_USUAL = {"new_medicines": False, "fever_or_infection": False, "reacted_last": False, "eaten": True, "lying_down": True}
_SAID = {"yes": True, "no": False, "": None}
_ONE_SIDE = [(one.value, one.label) for one in Side if one != Side.BILATERAL]
_CODES = [(one.value, one.value) for one in ROUTES]
_WENT = [(one.value, format_lazy("{} · {}", one.value, one.label)) for one in Route if one != Route.OTHER]
_WENT.append((Route.OTHER.value, format_lazy("{} · {}", pgettext_lazy("route", "Other"), Route.OTHER.label)))
_PURPOSES = [("", "—"), *Purpose.choices]
_TEXTS = ("why", "indication", "pain_before", "pain_after", "note")


def _segments(label: Any, choices: Any, **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=Segments, required=False, **options)


class MmField(DoseField):
    """A length in mm; zero where `may_be_zero`. Who wrote inches is not told to write 0.5."""

    default_error_messages = {"dose": _("Write millimetres, such as 10; half an inch is 12.7.")}

    def __init__(self, *, may_be_zero: bool = False, **options: Any) -> None:
        super().__init__(unit="mm", max_digits=5, decimal_places=1, max_value=Decimal(150), required=False, **options)
        self.may_be_zero = may_be_zero

    def validate(self, value: Decimal | None) -> None:
        if not (self.may_be_zero and value == 0):
            super().validate(value)


class WentInField(DoseField):
    """How much went in: it may be nothing."""

    def validate(self, value: Decimal | None) -> None:
        if value != 0:
            super().validate(value)


class VisitForm(forms.ModelForm):
    """The words and scores of the draft. `version` is that of these fields as the page knows them."""

    pain_before = _segments(_("Pain before"), [(str(n), str(n)) for n in range(11)])
    pain_after = _segments(_("Pain now"), [(str(n), str(n)) for n in range(11)])
    version = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64, label=_("Version"))

    class Meta:
        model = Visit
        fields = list(_TEXTS)
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, instance: Visit, **kwargs: Any) -> None:
        super().__init__(*args, instance=instance, **kwargs)
        self.initial["version"] = text_version(instance)
        for name in ("pain_before", "pain_after"):
            value = getattr(instance, name)
            self.initial[name] = "" if value is None else str(value)

    def clean_pain_before(self) -> int | None:
        return _whole(self.cleaned_data["pain_before"])

    def clean_pain_after(self) -> int | None:
        return _whole(self.cleaned_data["pain_after"])

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in _TEXTS}


def text_version(visit: Visit) -> str:
    """What these fields say, in short: somebody else's injection does not make somebody's words the older ones."""
    return hashlib.sha256(msgspec.json.encode([getattr(visit, name) for name in _TEXTS])).hexdigest()[:32]


class TodayForm(forms.Form):
    """Answers of today; only what was sent is an answer."""

    pregnancy = forms.ChoiceField(label=_("Pregnancy"), choices=[("", "–"), *PregnancyStatus.choices], required=False)
    pregnancy_weeks = forms.DecimalField(
        label=_("Weeks"), min_value=0, max_value=45, max_digits=3, decimal_places=1, required=False
    )
    reacted_how = forms.CharField(label=_("What happened"), max_length=300, required=False)

    def answers(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if "as_usual" in self.data:
            found |= AS_USUAL
        found |= {name: _SAID[self.data[name]] for name in QUESTIONS if self.data.get(name) in _SAID}
        for name in ("pregnancy", "pregnancy_weeks", "reacted_how"):
            if name in self.data:
                found[name] = self.cleaned_data[name]
        return found


Offered = tuple[tuple[str, str], ...]  # vials by uid and in words


def offered(vials: Iterable[Vial]) -> Offered:
    return tuple((str(one.uid), vial_in_words(one)) for one in vials)


def vial_in_words(vial: Vial) -> str:
    return f"{vial.code} · {vial.lot.item.name} · {vial.lot.number}"


class VialField(forms.TypedChoiceField):
    """One of the vials that were read already: the page shows them anyway."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, empty_value=None, **options)

    def offer(self, vials: Iterable[Vial], said: Offered, why_not: Callable[[str], str]) -> None:
        self.choices, self.why_not = [("", "–"), *said], why_not
        self.coerce = {str(one.uid): one for one in vials}.get


    def validate(self, value: Any) -> None:
        if value and not self.valid_value(value):
            raise forms.ValidationError(self.why_not(value) or _("This vial is no longer open. Choose another one."))


MIXED_WITH = ("second", "third")


class SyringeForm(forms.Form):
    """What is drawn up: one vial, or up to three that are mixed; the needle, the route."""

    code = forms.CharField(label=_("Scan or label of the vial"), max_length=200, required=False)
    vial = VialField(label=_("Vial"))
    volume_ml = DoseField(label=_("Drawn up"), unit="mL", max_value=Decimal(60))
    second = VialField(label=_("Mixed with"))
    second_ml = DoseField(label=_("of it"), unit="mL", required=False, max_value=Decimal(60))
    third = VialField(label=_("and with"))
    third_ml = DoseField(label=_("of the third"), unit="mL", required=False, max_value=Decimal(60))
    purpose = forms.ChoiceField(label=_("This fluid is"), choices=_PURPOSES, required=False)
    second_purpose = forms.ChoiceField(label=_("The second fluid is"), choices=_PURPOSES, required=False)
    third_purpose = forms.ChoiceField(label=_("The third fluid is"), choices=_PURPOSES, required=False)
    route = _segments(_("Route"), _CODES)
    gauge = forms.IntegerField(label=_("Gauge"), min_value=14, max_value=36, required=False)
    length_mm = MmField(label=_("Needle length"))
    at = MomentField(
        label=_("When it was drawn up"), required=False, help_text=_("Only if that was after the visit had begun."))

    def __init__(
        self, *args: Any, vials: list[Vial], said: Offered | None = None, found: Any = None,
        why_not: Callable[[str], str] = lambda said: "", is_later: bool = False, **kwargs: Any,
    ) -> None:
        """`said` alone is enough where nothing is read from the form; `why_not` says of a vial why it is not among them. Of one
        that `is_later`, a visit that is written down later, it asks when it was."""
        super().__init__(*args, **kwargs)
        if not is_later:
            del self.fields["at"]
        self.found, self.why_not = found, why_not
        said = offered(vials) if said is None else said
        for name in ("vial", *MIXED_WITH):
            self.fields[name].offer(vials, said, why_not)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("code"):
            chosen, meant = cleaned.get("vial"), self.found(cleaned["code"]) if self.found else None
            cleaned["vial"] = meant
            if meant is None:
                self.add_error("code", self.why_not(cleaned["code"]) or _("No open vial has this code."))
            elif chosen is not None and chosen != meant:
                self.add_error("vial", _("The code is that of another vial than the chosen one."))
        elif not cleaned.get("vial") and "vial" not in self.errors:
            self.add_error("vial", _("Choose the vial."))
        before = [cleaned.get("vial")]
        for name in MIXED_WITH:
            if bool(cleaned.get(name)) != bool(cleaned.get(f"{name}_ml")) and not self.errors:
                self.add_error(f"{name}_ml", _("Each fluid of a mixture needs its vial and its volume."))
            if cleaned.get(name) and cleaned[name] in before:
                self.add_error(name, _("This is the same vial twice."))
            before.append(cleaned.get(name))
        return cleaned

    def purposes(self) -> list[str]:
        """What each of the fills is for, in their order."""
        return [self.cleaned_data["purpose"], *(self.cleaned_data[f"{name}_purpose"] for name in self._mixed_with())]

    def fills(self) -> list[tuple[Vial, Decimal]]:
        drawn = [(self.cleaned_data["vial"], self.cleaned_data["volume_ml"])]
        return drawn + [(self.cleaned_data[name], self.cleaned_data[f"{name}_ml"]) for name in self._mixed_with()]

    def _mixed_with(self) -> list[str]:
        return [name for name in MIXED_WITH if self.cleaned_data.get(name)]


class DrawnForm(forms.Form):
    """How much of each fluid of a syringe was drawn up, and what it is for; when, and by whom."""

    def __init__(self, *args: Any, syringe: Syringe, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.numbers = range(len(syringe.contents))
        for number, fill in enumerate(syringe.contents):
            name = f"{fill.vial.lot.item} ({fill.vial.code})"
            known = f"{fill.volume_ml.normalize():f}"
            self.fields[f"ml_{number}"] = DoseField(label=name, unit="mL", max_value=Decimal(60), initial=known)
            self.fields[f"for_{number}"] = forms.ChoiceField(
                label=_("This fluid is"), choices=_PURPOSES, required=False, initial=fill.purpose)
        self.fields["drawn_at"] = MomentField(
            label=_("Drawn up at"), required=False, initial=syringe.drawn_at.replace(second=0, microsecond=0),
            help_text=_("The hour in which it is to be used runs from then."))
        self.fields["drawn_by"] = forms.ModelChoiceField(
            label=_("Drawn up by"), queryset=people, required=False, empty_label=None, initial=syringe.drawn_by_id)

    def said(self) -> dict[str, Any]:
        """What `drawing.correct` asks; when and by whom only where that was changed."""
        said = {name: [self.cleaned_data[f"{of}_{number}"] for number in self.numbers] for name, of in (
            ("volumes_ml", "ml"), ("purposes", "for"))}
        return said | {name: self.cleaned_data[name] for name in ("drawn_at", "drawn_by") if name in self.changed_data}


Shift = Annotated[float, msgspec.Meta(ge=-1000, le=1000)]
Weight = Annotated[float, msgspec.Meta(ge=-1, le=2)]


class Nudge(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where an injection was put on the body: a triangle with two of its weights, how far that is from the point, in mm."""

    member: Annotated[int, msgspec.Meta(ge=0, le=50)] | Annotated[str, msgspec.Meta(max_length=20)] | None = None
    face: Annotated[int, msgspec.Meta(ge=0)] | None = None
    weights: tuple[Weight, Weight] | None = None
    along_mm: Shift | None = None
    across_mm: Shift | None = None


msgspec.json.Decoder(Nudge)  # met here, where one thread imports: see `knowledge/store.py`


def _faces() -> int:
    # late: the body needs numpy, and most pages have none
    from waterneedle.body.mesh import faces

    return len(faces())


class TapForm(forms.Form):
    """A touch on the body: which point, muscle or region on which side, and where it was touched."""

    code = forms.ChoiceField(label=_("Point"), choices=lambda: [(code, code) for code in knowledge.points()], required=False)
    muscle = forms.ChoiceField(
        label=_("Muscle"), choices=lambda: [(one, one) for one in knowledge.trigger_points()], required=False)
    region = forms.ChoiceField(label=_("Region"), choices=lambda: [(one, one) for one in knowledge.regions()], required=False)
    side = forms.ChoiceField(label=_("Side"), choices=_ONE_SIDE)
    nudge = forms.JSONField(required=False, widget=forms.HiddenInput, label=_("Point"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        named = {kind: name for kind in ("code", "muscle", "region") if (name := cleaned.get(kind))}
        if len(named) != 1:
            raise forms.ValidationError(_("A place is a point, a muscle or a region."))
        kind, name = next(iter(named.items()))
        if cleaned.get("side") and not may_lie("point" if kind == "code" else kind, name, cleaned["side"]):
            self.add_error("side", _("This place has no such side."))
        return cleaned

    def clean_nudge(self) -> dict[str, Any] | None:
        """Where on the body it was put, as the chart tells it; what is none is left out: the place is told by the point."""
        try:
            nudge = msgspec.convert(self.cleaned_data["nudge"], Nudge)
        except msgspec.ValidationError:
            return None
        if (nudge.face is None) != (nudge.weights is None) or (nudge.face or 0) >= _faces():
            return None
        return msgspec.to_builtins(nudge) or None


class EachForm(forms.Form):
    """What each injection gets unless it says otherwise: chosen once."""

    each_ml = DoseField(label=_("Each"), unit="mL", required=False, max_value=Decimal(60))
    each_mm = MmField(label=_("Depth"), may_be_zero=True)
    each_deg = forms.IntegerField(label=_("Angle"), min_value=0, max_value=90, required=False)


class ProtocolForm(forms.Form):
    """A protocol of the facts and the side for what its source left open."""

    SIDES = [(one.value, one.label) for one in Side if one != Side.MIDLINE]

    protocol = forms.ChoiceField(label=_("Protocol"), choices=lambda: [(one, one) for one in knowledge.protocols()])
    side = forms.ChoiceField(label=_("Side"), choices=SIDES, required=False)


class KeepForm(forms.Form):
    """A protocol to be kept: its name, and of several fluids which one."""

    name = forms.CharField(label=_("Name of the protocol"), max_length=60)
    fluid = forms.ChoiceField(label=_("Injected with"))

    def __init__(self, *args: Any, fluids: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fluid"].choices = [*fluids.items()]
        if len(fluids) < 2:
            del self.fields["fluid"]


class InjectionForm(forms.ModelForm):
    """All that is charted of one puncture. Nothing observed is filled in beforehand.

    It is sent with what stood in it when it was drawn (`drawn`): a field left alone takes nothing back that somebody else said
    meanwhile, and one that both have changed is asked about.
    """

    side = _segments(_("Side"), _ONE_SIDE)
    skin = forms.ChoiceField(label=_("Skin"), choices=[("", "–"), *Skin.choices], required=False)
    route = forms.ChoiceField(label=_("Route"), choices=[("", "–"), *_WENT], required=False)
    went_where = forms.CharField(
        label=_("Where did the fluid go?"), max_length=120, required=False,
        help_text=_("Such as a tendon, a ligament, the sheath of a nerve, the pleura, a mucous membrane."))
    volume_ml = DoseField(label=_("Volume"), unit="mL", required=False, max_value=Decimal(60))
    depth_mm = MmField(label=_("Depth"), may_be_zero=True)
    depth_max_mm = MmField(label=_("Greatest depth"), may_be_zero=True)
    gauge = forms.IntegerField(label=_("Gauge"), min_value=14, max_value=36, required=False)
    length_mm = MmField(label=_("Needle length"))
    angle_deg = forms.IntegerField(label=_("Angle in degrees"), min_value=0, max_value=90, required=False)
    aspirated_blood = forms.TypedChoiceField(
        label=_("Blood on aspiration"), choices=[("", _("not looked")), ("no", _("no")), ("yes", _("yes"))], required=False,
        coerce=_SAID.get, empty_value=None,
    )
    sensation = forms.ChoiceField(label=_("Sensation"), choices=[("", "–"), *Sensation.choices], required=False)

    class Meta:
        model = Injection
        fields = [
            "side", "route", "went_where", "volume_ml", "depth_mm", "depth_max_mm", "angle_deg", "gauge", "length_mm",
            "direction", "level", "skin", "aspirated_blood", "sensation", "reaction",
        ]  # fmt: skip

    def __init__(self, *args: Any, instance: Injection, **kwargs: Any) -> None:
        super().__init__(*args, instance=instance, **kwargs)
        kind = "point" if instance.point else "muscle" if instance.muscle else "region"
        self.fields["side"].choices = [one for one in _ONE_SIDE if may_lie(kind, instance.site, one[0])]
        blood = instance.aspirated_blood
        self.initial["aspirated_blood"] = "" if blood is None else "yes" if blood else "no"
        if instance.technique == "needle_only":
            del self.fields["volume_ml"], self.fields["route"], self.fields["went_where"]
        self.now = {name: _as_drawn(getattr(instance, name)) for name in self.fields}
        self.was = self.now | _drawn_before(self.data.get("drawn", ""))

    @property
    def drawn(self) -> str:
        return json.dumps(self.now)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "route" in cleaned and cleaned["route"] != Route.OTHER:
            cleaned["went_where"] = self.instance.went_where  # is out of sight, and goes with its route: `actions.change`
        elif cleaned.get("route") == Route.OTHER and cleaned.get("went_where") == "":
            self.add_error("went_where", _("Say where the fluid went."))
        for name in set(self.changes()).intersection(name for name in self.now if self.was[name] != self.now[name]):
            said = _("Somebody else has changed this meanwhile, to “%(said)s”. Save again to say otherwise.")
            self.add_error(name, said % {"said": self._in_words(name)})
        return cleaned

    def _in_words(self, name: str) -> str:
        """What the row says by now, as the form calls it."""
        choices = {str(value): str(label) for value, label in getattr(self.fields[name], "choices", ())}
        now = str(self.initial.get(name, "")) if name == "aspirated_blood" else self.now[name]
        return choices.get(now, now) or "–"

    def _post_clean(self) -> None:
        """The row is left to the action. What its constraints refuse, the fields refuse: to ask the database whether each of them
        holds took longer than the check."""

    def changes(self) -> dict[str, Any]:
        """What was changed in the form and differs from the row."""
        return {name: value for name, value in self.cleaned_data.items()
                if value != getattr(self.instance, name) and _as_drawn(value) != self.was[name]}


def _as_drawn(value: Any) -> str:
    """A value as it is compared: 0.5 and 0.500 are one, and what was not said is ""."""
    return "" if value is None else format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)


def _drawn_before(said: str) -> dict[str, str]:
    """What a form says that stood in it; nothing of one that says none."""
    try:
        return msgspec.json.decode(said, type=dict[str, str])
    except msgspec.DecodeError:
        return {}


class GivenForm(forms.Form):
    """When it was given, if that was not just now."""

    at = MomentField(label=_("When it was"), required=False)


class MarkForm(GivenForm):
    status = forms.ChoiceField(label=_("Status"), choices=Status.choices)
    why = forms.CharField(label=_("Why"), max_length=300, required=False)
    volume_ml = WentInField(label=_("How much went in"), unit="mL", required=False, max_value=Decimal(60))
    before_reaction = forms.BooleanField(label=_("It was in before the reaction"), required=False)


class ReasonForm(forms.Form):
    """The answer to a warning, and until when it is not asked again."""

    rule = forms.CharField(max_length=60, widget=forms.HiddenInput, label=_("Rule"))
    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput, label=_("Version"))
    note = forms.CharField(label=_("Reason"), max_length=500)
    review_on = forms.DateField(
        label=_("Keep for this patient until"), required=False, widget=DateInput, help_text=_("For what stays as it is.")
    )

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_review_on(self) -> datetime.date | None:
        day = self.cleaned_data["review_on"]
        if day is not None and day <= self.today:
            raise forms.ValidationError(_("Choose a day after today."))
        return day


class SignForm(forms.Form):
    """Who signs, proved by a password or by a code; and what a deviation or a short book asks."""

    password = forms.CharField(
        label=_("Your password"), required=False, max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label=_("or a code of your app"), required=False, max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
    proof = forms.UUIDField(required=False, widget=forms.HiddenInput, label=_("Proof"))
    deviation_why = forms.CharField(label=_("Why it was given although the check barred it"), max_length=500, required=False)
    recount = forms.BooleanField(label=_("I have counted: it was there. Correct the book."), required=False)
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput, label=_("Version"))

    def __init__(self, *args: Any, has_code: bool, deviates: bool, is_short: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        one_of(self, "password", "code")
        one_of(self, "deviation_why", "recount")  # where they stand they are needed, and said so after the proof, which is kept
        if not has_code:
            del self.fields["code"]
        if not deviates:
            del self.fields["deviation_why"]
        if not is_short:
            del self.fields["recount"]

    @classmethod
    def with_a_proof(cls, data: QueryDict) -> dict[str, Any] | None:
        """`proof`, `deviation_why`, `recount` and `seen` where `data` brings a proof and nothing else to prove it by; None where
        it does not, or one of them is not valid. They are asked without the form, which costs ten times what they do to make."""
        if not data.get("proof") or data.get("password") or data.get("code"):
            return None
        fields = {name: cls.base_fields[name] for name in ("proof", "deviation_why", "recount", "seen")}
        try:
            return {name: one.clean(one.widget.value_from_datadict(data, {}, name)) for name, one in fields.items()}
        except forms.ValidationError:
            return None


class CosignForm(forms.Form):
    """Who answers for a student, proved as for a signature, and what there is to say."""

    note = forms.CharField(label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    password = forms.CharField(
        label=_("Your password"), required=False, max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label=_("or a code of your app"), required=False, max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
    proof = forms.UUIDField(required=False, widget=forms.HiddenInput, label=_("Proof"))
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput, label=_("Version"))

    def __init__(self, *args: Any, has_code: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        one_of(self, "password", "code")
        if not has_code:
            del self.fields["code"]


class RefuseForm(CosignForm):
    """The same person does not stand for it, and says why."""

    note = None  # type: ignore[assignment]  why is said instead
    why = forms.CharField(
        label=_("Why you do not countersign it, and what is to be mended"), max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AmendForm(forms.Form):
    answers = forms.UUIDField(required=False, widget=forms.HiddenInput, label=_("Refusal"))
    text = forms.CharField(label=_("Amendment"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class UntreatedForm(forms.Form):
    why = forms.CharField(label=_("Why"), max_length=300)


class StrikeForm(forms.Form):
    why = forms.CharField(
        label=_("Why"), max_length=300, help_text=_("Name no other patient here: the reason stays in this record."))


def _whole(text: str) -> int | None:
    return int(text) if text else None
