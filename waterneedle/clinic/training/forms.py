"""What is typed in this room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from waterneedle import knowledge
from waterneedle.clinic.accounts.models import Clinic, Membership, User
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.practitioners.forms import PAPER_FORMS
from waterneedle.clinic.practitioners.models import Practitioner, Profession
from waterneedle.clinic.training import photographs, questions, sandbox
from waterneedle.clinic.training import topics as taught
from waterneedle.clinic.training.bringing import is_plain_picture
from waterneedle.clinic.training.models import Course, HourClass, Module, OwnQuestion, Result, Skill, SkillKind, Way
from waterneedle.clinic.training.verifying import LARGEST_FILE_BYTES, PNG
from waterneedle.clinic.web.forms import DateInput, PickField, one_of

FILES = {b"%PDF-": "application/pdf", PNG: "image/png", b"\xff\xd8\xff": "image/jpeg"}


class CourseForm(forms.ModelForm):
    class Meta:
        model = Course
        fields = ["title", "pass_mark", "exam_questions", "exam_attempts", "supervised_injections", "sandbox_cases",
                  "valid_months", "renewal_hours"]


class ModuleForm(forms.ModelForm):
    """A module. Topics are picked in the words of the laws, or written; findings are picked by their titles."""

    topics = PickField(
        label=_("Topics"), required=False, many=True, longest=160, options=lambda: sorted(taught.said(taught.WORDS)),
        help_text=_("Pick one that a law names, or write it and press Enter."))
    reading = PickField(
        label=_("Required reading"), required=False, many=True, longest=300,
        options=lambda: sorted(one.title for one in knowledge.evidence().values()),
        help_text=_("Type a word of the title, then pick the finding."))
    quiz_topics = forms.MultipleChoiceField(
        label=_("What its quiz is about"), required=False, choices=list(questions.TOPICS.items()),
        widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = Module
        fields = ["title", "hours", "hour_class", "topics", "reading", "quiz_topics", "quiz_questions"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            found = knowledge.evidence()
            self.initial |= {
                "topics": self.instance.topic_words,
                "reading": [found[one].title if one in found else one for one in self.instance.reading]}
        self.fields["hour_class"].choices = HourClass.choices

    def clean_topics(self) -> list[str]:
        return taught.read(self.cleaned_data["topics"])

    def clean_reading(self) -> list[str]:
        ids = {one.title: one.id for one in knowledge.evidence().values()}
        found = [ids.get(one, one) for one in self.cleaned_data["reading"]]
        unknown = [one for one in found if one not in knowledge.evidence()]
        if unknown:
            raise forms.ValidationError(_("Not on file: %(what)s") % {"what": ", ".join(unknown)})
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("quiz_questions") and not cleaned.get("quiz_topics"):
            self.add_error("quiz_topics", _("Say what the quiz is about."))
        return cleaned


class SkillForm(forms.ModelForm):
    class Meta:
        model = Skill
        fields = ["kind", "what"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = SkillKind.choices


class QuestionForm(forms.ModelForm):
    topic = forms.ChoiceField(label=_("Topic"), choices=list(questions.TOPICS.items()))
    wrong = forms.CharField(label=_("Wrong answers, one on a line"), widget=forms.Textarea(attrs={"rows": 3}))

    class Meta:
        model = OwnQuestion
        fields = ["topic", "text", "right", "wrong", "why", "source"]

    def clean_wrong(self) -> list[str]:
        return _lines(self.cleaned_data["wrong"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("right", "").strip() in cleaned.get("wrong", []):
            self.add_error("wrong", _("The right answer stands among the wrong ones."))
        return cleaned


class EnrolForm(forms.Form):
    practitioner = forms.ModelChoiceField(Practitioner.objects.none(), label=_("Who learns"))
    instructor = forms.ModelChoiceField(User.objects.none(), label=_("Instructor"))
    licensed_as = forms.ChoiceField(
        label=_("Profession once certified"), choices=[one for one in Profession.choices if one[0] != Profession.STUDENT],
        help_text=_("A student becomes this with the certificate, and signs alone from then on."))

    def __init__(self, *args: Any, clinic: Clinic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["practitioner"].queryset = Practitioner.objects.filter(clinic=clinic).select_related("user")
        teaching = Membership.objects.filter(clinic=clinic, role=Role.INSTRUCTOR, ended_at=None, user__is_active=True)
        self.fields["instructor"].queryset = User.objects.filter(pk__in=teaching.values("user_id"))
        self.fields["instructor"].label_from_instance = lambda user: user.name


class AttendForm(forms.Form):
    module = forms.ModelChoiceField(Module.objects.none(), label=_("Module"))
    on = forms.DateField(label=_("On"), widget=DateInput())
    hours = forms.DecimalField(label=_("Hours"), min_value=0.1, max_value=24, decimal_places=1, max_digits=4)
    way = forms.ChoiceField(label=_("How"), choices=Way.choices)

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["module"].queryset = Module.objects.filter(clinic_id=course.clinic_id, course=course).order_by("number")


class WhyForm(forms.Form):
    why = forms.CharField(label=_("Why"), max_length=300)


class ObserveForm(forms.Form):
    """A skill that was seen, with the proof of who saw it."""

    on = forms.DateField(label=_("On"), widget=DateInput())
    place = forms.CharField(label=_("Place"), max_length=160)
    result = forms.ChoiceField(label=_("Result"), choices=Result.choices, widget=forms.RadioSelect)
    remarks = forms.CharField(label=_("Remarks"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    password = forms.CharField(
        label=_("Your password"), required=False, max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))
    code = forms.CharField(
        label=_("Code of your app"), required=False, max_length=6,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}))

    def __init__(self, *args: Any, has_code: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        one_of(self, "password", "code")
        if not has_code:
            del self.fields["code"]
            self.fields["password"].required = True


class SandboxForm(forms.Form):
    product = forms.ChoiceField(label=_("In the syringe"))
    lines = forms.CharField(
        label=_("Injections, one on a line"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=_("Point, side, mL, depth, route: st36 l .5 10mm sc"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = knowledge.products()
        self.fields["product"].choices = [(one, known[one].name) for one in sandbox.PRODUCTS]


class HoursForm(forms.Form):
    on = forms.DateField(label=_("On"), widget=DateInput())
    title = forms.CharField(label=_("Training course"), max_length=200)
    provider = forms.CharField(label=_("Provider"), max_length=200)
    hours = forms.DecimalField(label=_("Hours"), min_value=0.1, max_value=200, decimal_places=1, max_digits=5)
    seen = forms.CharField(label=_("How it was seen"), max_length=200)


class FileForm(forms.Form):
    """A certificate that somebody shows: its file, or its text; and whose it is said to be."""

    file = forms.FileField(label=_("The file"), required=False)
    text = forms.CharField(label=_("or its text"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 4}))
    name = forms.CharField(
        label=_("Whose it is said to be"), required=False, max_length=160,
        help_text=_("Answered with yes or no: nobody's name is shown for it."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        one_of(self, "file", "text")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("file") and not cleaned.get("text"):
            self.add_error("file", _("Choose a file, or paste the text."))
        if (held := cleaned.get("file")) and held.size > LARGEST_FILE_BYTES:
            self.add_error("file", _("The file is larger than 5 MB."))
        return cleaned


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("Whose it is said to be"), max_length=160, help_text=_("Answered with yes or no: nobody's name is shown for it."))


class ShowForm(forms.Form):
    name = forms.BooleanField(label=_("my name"), required=False)
    course = forms.BooleanField(label=_("the course and its hours"), required=False)
    file = forms.BooleanField(label=_("the certificate itself, as a file"), required=False)


class BringForm(PAPER_FORMS["certificate"]):  # type: ignore[misc]
    """A certificate from elsewhere: whose, what it says, and its file."""

    practitioner = forms.ModelChoiceField(Practitioner.objects.none(), label=_("Whose"))
    file = forms.FileField(label=_("The file"), help_text=_("PDF, PNG, JPEG, or the text of an Open Badge; 5 MB at most."))
    field_order = ["practitioner", "file"]

    def __init__(self, *args: Any, clinic: Clinic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["practitioner"].queryset = Practitioner.objects.filter(clinic=clinic).select_related("user")

    def clean_file(self) -> tuple[str, str, bytes]:
        """Name, kind and content; the kind is read from the content, whatever the browser says."""
        held = self.cleaned_data["file"]
        if held.size > LARGEST_FILE_BYTES:
            raise forms.ValidationError(_("The file is larger than 5 MB."))
        content = held.read()
        kind = next((kind for begin, kind in FILES.items() if content.startswith(begin)), "")
        if not kind and content.isascii() and content.strip():
            kind = "text/plain"
        if not kind:
            raise forms.ValidationError(_("This is neither PDF, PNG, JPEG nor text."))
        return held.name or "", kind, _bare(content) if kind.startswith("image/") else content


def _bare(content: bytes) -> bytes:
    """A picture without what the camera wrote into it; what is, or was, an Open Badge is kept as it is."""
    if content.startswith(PNG) and not is_plain_picture(content):
        return content
    try:
        return photographs.bare(content)
    except photographs.NoPicture as problem:
        raise forms.ValidationError(
            _("This picture cannot be read, or it has more than 50 million pixels. Save it anew, or bring a PDF.")) from problem


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(one.strip() for one in text.splitlines() if one.strip()))
