"""What a patient sees behind a link: the door, one page for each step, the consent, and a farewell. Nothing else of the clinic.

There is no sign-in here: the address holds the secret of one form, and the door asks who opens it. A link that does not open,
whatever the reason, is answered in the same way.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from waterneedle.clinic.accounts.access import public
from waterneedle.clinic.intake import actions_forms, door, figure, questions, saying, wording
from waterneedle.clinic.intake.actions_consent import NotSigned, text_in_force
from waterneedle.clinic.intake.calling import closed
from waterneedle.clinic.intake.forms_patient import ConsentForm, DoorForm, SendForm
from waterneedle.clinic.intake.models import ASKING, Form, FormKind, Way
from waterneedle.clinic.intake.questions import LAST, Step
from waterneedle.clinic.outbox import links
from waterneedle.clinic.outbox.models import Link
from waterneedle.clinic.outbox.opting import is_closed
from waterneedle.clinic.patients import vocabulary
from waterneedle.clinic.patients.models import FactKind
from waterneedle.clinic.patients.queries import guardians_of, needs_guardian, today_in
from waterneedle.clinic.web import words
from waterneedle.clinic.web.middleware import use_language

View = Callable[..., HttpResponseBase]


class Behind:
    """What stands behind the link of a request: the link, its form, its secret, and the moment of the request."""

    def __init__(self, secret: str, link: Link, form: Form, now: datetime) -> None:
        self.secret, self.link, self.form, self.now = secret, link, form, now

    def url(self, name: str, **more: Any) -> str:
        return reverse(f"intake_{name}", kwargs={"secret": self.secret, **more})

    @property
    def facts(self) -> dict[str, Any]:
        """What the steps have to know of the patient and of the addresses."""
        kinds = {"condition": FactKind.CONDITION, "medication": FactKind.MEDICATION, "allergy": FactKind.ALLERGY}
        return {
            "sex": self.form.patient.sex,
            "language": self.form.language,
            "suggestions": {kind: self.url("find", kind=value) for kind, value in kinds.items()},
            **({name: self.form.wants[name] for name in ("measures", "named")} if self.form.kind == FormKind.MEASURES else {}),
        }

    @property
    def steps(self) -> list[type[Step]]:
        return [questions.Measures] if self.form.kind == FormKind.MEASURES else questions.shown_steps(self.form.typed)


def by_link(kind: FormKind | None = None, *, opened: bool = True) -> Callable[[View], View]:
    """A page behind a link. With `opened` it shows only to who has passed the door; `kind` is that of the form it is for."""

    def decorate(view: View) -> View:
        @public(why="single-use link")
        @never_cache
        @functools.wraps(view)
        def shown(request: HttpRequest, secret: str, **kwargs: Any) -> HttpResponseBase:
            try:
                response = _shown(view, request, _behind(secret), kind, opened, kwargs)
            except actions_forms.Gone:  # sent back from another window in this moment
                return _gone(request)
            except Http404:
                return closed(request, status=404)
            return response

        return shown

    return decorate


def _shown(
    view: View, request: HttpRequest, behind: Behind | None, kind: FormKind | None, opened: bool, kwargs: dict[str, Any]
) -> HttpResponseBase:
    if behind is None:
        return _gone(request)
    form = behind.form
    use_language(request, form.language)
    request.clinic = form.clinic
    if opened and not door.is_open(request, form):
        return redirect(behind.url("link"))
    if kind is not None and (form.kind in ASKING) != (kind in ASKING):
        return redirect(_next(behind))
    with timezone.override(form.clinic.tzinfo):
        response = view(request, behind, **kwargs)
    if opened and not getattr(response, "farewell", False):
        door.keep_open(response, request, form, behind.secret)
    return response


# --- the door


@by_link(opened=False)
def link(request: HttpRequest, behind: Behind) -> HttpResponse:
    """Ask who is there; then lead to where the patient left off."""
    if request.method != "POST" and door.is_open(request, behind.form):
        return redirect(_next(behind))
    asked = DoorForm(request.POST or None)
    if request.method == "POST" and asked.is_valid():
        if actions_forms.knock(
            form=behind.form, name=asked.cleaned_data["name"], born=asked.cleaned_data["born"], now=behind.now
        ):
            behind.form.refresh_from_db()
            response = redirect(_next(behind))
            door.keep_open(response, request, behind.form, behind.secret)
            return response
        if _behind(behind.secret) is None:
            return _gone(request)
        asked.add_error(None, _("This does not fit what is on file. Look at both again, or ask the clinic."))
    return _page(request, behind, "intake/door.html", {"form": asked}, status=422 if request.method == "POST" else 200)


@by_link(opened=False)
@require_POST
def language(request: HttpRequest, behind: Behind) -> HttpResponse:
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        actions_forms.use_language(form=behind.form, language=chosen)
    step = request.POST.get("step", "")
    return redirect(behind.url("step", step=step) if step in questions.BY_NAME else behind.url("link"))


# --- the questionnaire


@by_link(FormKind.QUESTIONS)
def step(request: HttpRequest, behind: Behind, step: str) -> HttpResponse:
    """One page of questions: kept as typed, gone through, and on to the next."""
    _require_step(behind, step)
    if request.method != "POST":
        return _step_page(request, behind, _bound(behind, step))
    typed = typed_into(step, request.POST, behind)
    try:
        behind.form = actions_forms.save_draft(
            form=behind.form, step=step, typed=typed, version=_version(request), now=behind.now
        )
    except actions_forms.TooMuch:
        form = questions.step_of(step, behind.form.typed | {step: typed}, behind.facts)
        form.add_error(None, _("This is more than a form can hold. Make it shorter."))
        return _step_page(request, behind, form, status=422)
    except actions_forms.ChangedMeanwhile:
        behind.form.refresh_from_db()
        form = questions.step_of(step, behind.form.typed | {step: typed}, behind.facts)
        form.add_error(None, _("This form was changed in another window. What you typed here is still here; go on to keep it."))
        return _step_page(request, behind, form, status=409)
    form = _bound(behind, step)
    if "back" not in request.POST and not form.is_valid():
        return _step_page(request, behind, form, status=422)
    return redirect(_beside(behind, step, -1 if "back" in request.POST else 1))


@by_link(FormKind.QUESTIONS)
@require_POST
def draft(request: HttpRequest, behind: Behind, step: str) -> HttpResponse:
    """Keep what is being typed, without a word about it."""
    _require_step(behind, step)
    try:
        saved = actions_forms.save_draft(
            form=behind.form, step=step, typed=typed_into(step, request.POST, behind), version=_version(request), now=behind.now
        )
    except actions_forms.ChangedMeanwhile:
        return JsonResponse({}, status=409)
    except actions_forms.TooMuch:
        return JsonResponse({}, status=413)
    return JsonResponse({"version": saved.version, "at": words.clock(saved.saved_at)})


@by_link(FormKind.QUESTIONS)
@require_POST
def find(request: HttpRequest, behind: Behind, kind: str) -> HttpResponse:
    """What the vocabulary has for the word that is being typed."""
    if kind not in FactKind.values:
        raise Http404
    offered = vocabulary.offered(kind, request.POST.get("q", "")[:120], behind.form.language)
    return render(request, "patients/_concepts.html", {"offered": offered})


@by_link(FormKind.QUESTIONS)
def send(request: HttpRequest, behind: Behind) -> HttpResponse:
    """Everything once more, with what was left open; then it is sent back."""
    forms = [_bound(behind, one.name) for one in behind.steps]
    wrong = [one for one in forms if not one.is_valid()]
    guardian = bool(needs_guardian(behind.form.patient, today_in(behind.form.clinic)))
    sending = SendForm(request.POST or None, initial={"by": "guardian" if guardian else None})
    if request.method == "POST" and sending.is_valid() and not wrong:
        try:
            actions_forms.submit(
                form=behind.form,
                link=behind.link,
                answers={one.name: one.cleaned_data for one in forms},
                shown={one.name: {name: str(field.label) for name, field in one.fields.items()} for one in forms},
                said_by=sending.cleaned_data["by"],
                version=_version(request),
                now=behind.now,
            )
            return _farewell(request, behind)
        except actions_forms.ChangedMeanwhile:
            behind.form.refresh_from_db()
            sending.add_error(None, _("This form was changed in another window. Look through it again before you send it."))
            forms = [_bound(behind, one.name) for one in behind.steps]
    parts = [
        {"title": one.title, "url": behind.url("step", step=one.name), "wrong": one in wrong, "answers": saying.answers(one)}
        for one in forms
    ]
    page = {
        "form": sending,
        "parts": parts,
        "version": behind.form.version,
        "back": behind.url("step", step=behind.steps[-1].name),
    }
    return _page(request, behind, "intake/send.html", page, status=422 if request.method == "POST" else 200)


@by_link(FormKind.QUESTIONS)
def chart(request: HttpRequest, behind: Behind) -> HttpResponse:
    """The figure to paint on: of this patient's shape, without points and without a name."""
    return HttpResponse(figure.value(behind.form, request.LANGUAGE_CODE), content_type="application/json")


@by_link(FormKind.QUESTIONS)
def flat(request: HttpRequest, behind: Behind) -> HttpResponse:
    try:
        return HttpResponse(figure.flat(behind.form, request.GET.get("view", "front")[:40]), content_type="image/svg+xml")
    except (KeyError, ValueError):
        raise Http404 from None


# --- consent


@by_link(FormKind.CONSENT)
def consent(request: HttpRequest, behind: Behind) -> HttpResponse:
    """Read, agree line by line, sign."""
    form = behind.form
    text = text_in_force(clinic=form.clinic, language=form.language, by=actions_forms.by_link(form))
    patient = form.patient
    asked = ConsentForm(
        request.POST or None,
        text=text,
        lines=form.wants["lines"],
        guardians=[one for one in guardians_of(patient) if one.may_consent],
        needs_guardian=bool(needs_guardian(patient, today_in(form.clinic))),
        needs_interpreter=bool(patient.needs_interpreter),
        only_lines=form.kind == FormKind.LINES,
    )
    if request.method == "POST" and asked.is_valid():
        try:
            actions_forms.submit_consent(form=form, link=behind.link, text=text, now=behind.now, **asked.signing())
            return _farewell(request, behind)
        except NotSigned:
            asked.add_error(None, _("This could not be signed. Please ask the clinic."))
    page = {
        "form": asked,
        "text": text,
        "words": asked.words,
        "sources": wording.cited(asked.sources),
        "added": form.kind == FormKind.LINES,
        "course": form.wants.get("course", ""),
    }
    return _page(request, behind, "intake/consent.html", page, status=422 if request.method == "POST" else 200)


# --- inside


def typed_into(step: str, data: Any, behind: Behind) -> dict[str, Any]:
    """What a page has sent for the fields of a step, as it was typed, and nothing else."""
    form = questions.BY_NAME[step](of={**behind.facts, "typed": behind.form.typed})
    found = {name: field.widget.value_from_datadict(data, {}, name) for name, field in form.fields.items()}
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def _bound(behind: Behind, name: str) -> Step:
    form = questions.step_of(name, behind.form.typed, behind.facts)
    if not form.is_bound:
        form = questions.step_of(name, behind.form.typed | {name: {}}, behind.facts)
    return form


def _step_page(request: HttpRequest, behind: Behind, form: Step, status: int = 200) -> HttpResponse:
    steps = behind.steps
    place = [one.name for one in steps].index(form.name)
    page = {
        "form": form,
        "place": place + 1,
        "whole": len(steps),
        "version": behind.form.version,
        "step": form.name,
        "autosave": behind.url("draft", step=form.name),
        "saved_at": behind.form.saved_at,
        "first": place == 0,
        "chart_url": behind.url("chart"),
        "flat_url": behind.url("flat"),
    }
    return _page(request, behind, "intake/step.html", page, status=status)


def _page(request: HttpRequest, behind: Behind, template: str, page: dict[str, Any], status: int = 200) -> HttpResponse:
    here = {
        "languages": settings.LANGUAGES,
        "language": behind.form.language,
        "language_url": behind.url("language"),
        "is_device": behind.form.way == Way.DEVICE,
        "kind": behind.form.kind,
    }
    return render(request, template, here | page, status=status)


def _behind(secret: str) -> Behind | None:
    now = timezone.now()
    link = links.find(secret, purpose=actions_forms.PURPOSE, now=now)
    if link is None:
        return None
    form = (
        Form.objects.filter(clinic=link.clinic, uid=link.about, patient=link.patient).select_related("clinic", "patient").first()
    )
    if form is None or form.submitted_at or form.ended_at or form.expires_at <= now or is_closed(form.patient):
        return None
    return Behind(secret, link, form, now)


def _gone(request: HttpRequest) -> HttpResponse:
    return closed(request)


def _farewell(request: HttpRequest, behind: Behind) -> HttpResponse:
    """Thanks; and the door is shut, so that the next hand on this device finds nothing."""
    response = _page(request, behind, "intake/thanks.html", {})
    door.close(response, behind.form, behind.secret)
    response.farewell = True  # type: ignore[attr-defined]
    return response


def _require_step(behind: Behind, step: str) -> None:
    if step not in [one.name for one in behind.steps]:
        raise Http404


def _version(request: HttpRequest) -> int:
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else -1


def _next(behind: Behind) -> str:
    """Where the patient left off: the first step that holds nothing yet."""
    if behind.form.kind not in ASKING:
        return behind.url("consent")
    typed = behind.form.typed
    left = [one.name for one in behind.steps if one.name not in typed]
    return behind.url("step", step=left[0]) if left else behind.url("send")


def _beside(behind: Behind, step: str, by: int) -> str:
    names = [*(one.name for one in behind.steps), LAST]
    to = names[max(0, names.index(step) + by)]
    return behind.url("send") if to == LAST else behind.url("step", step=to)
