"""Patients brought in from a file: chosen, looked at, brought in, and taken back."""
from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.patients import actions_import, importing
from waterneedle.clinic.patients.actions_import import Preview
from waterneedle.clinic.patients.forms import ReasonForm
from waterneedle.clinic.patients.models import Import

_MOST_SHOWN = 500  # problems and likenesses on the page; the counts are of all
_SAMPLE = 5


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Table of patients (CSV)"), max_length=200, allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        help_text=gettext_lazy(
            "One line a patient, the names of the columns in the first line. Nothing is written before you have seen it."))


@staff("import.write")
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """Earlier imports, and the way to a new one."""
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            if file.size > importing.MOST_BYTES:
                importing.read(b" " * (importing.MOST_BYTES + 1))  # says so, without reading what was sent
            made = actions_import.begin_import(
                clinic=request.clinic, file_name=file.name, content=file.read(), day_first=request.LANGUAGE_CODE == "es",
                by=request.access)
        except importing.Unreadable as problem:
            form.add_error("file", str(problem))
        else:
            return redirect("patients:import", clinic=request.clinic.slug, source=made.uid)
    rows = Import.objects.filter(clinic=request.clinic).select_related("made_by").order_by("-made_at")[:100]
    page = {"form": form, "imports": list(rows)}
    return render(request, "patients/imports.html", page, status=422 if request.method == "POST" else 200)


@staff("import.write")
@require_http_methods(["GET", "HEAD", "POST"])
def source(request: HttpRequest, source: UUID) -> HttpResponse:
    """One file: what it would bring in, or what it has brought in."""
    row = get_object_or_404(Import.objects.select_related("clinic", "made_by"), clinic=request.clinic, uid=source)
    if row.done_at:
        return _done(request, row)
    if row.content is None:
        return render(request, "patients/import_done.html", {"source": row}, status=410)
    refused = False
    ticked = {name: name in request.POST for name in ("leave_out_problems", "take_alike")}
    if request.method == "POST":
        _read_columns(request, row)
        if request.POST.get("answer") == "bring in":
            try:
                made = actions_import.bring_in(source=row, by=request.access, **ticked)
            except actions_import.NotBroughtIn:
                refused = True
                row.refresh_from_db()
            else:
                messages.success(request, ngettext("%(count)d patient is on file.", "%(count)d patients are on file.", made) % {
                    "count": made})
                return redirect("patients:import", clinic=request.clinic.slug, source=row.uid)
    if row.done_at:  # by somebody else, at the same moment
        return redirect("patients:import", clinic=request.clinic.slug, source=row.uid)
    seen = actions_import.preview(row)
    page = _page(row, seen) | ticked | {"errors": _why_not(seen, **ticked) if refused else []}
    return render(request, "patients/import.html", page, status=422 if refused else 200)


def _why_not(seen: Preview, *, leave_out_problems: bool, take_alike: bool) -> list[str]:
    """Everything that keeps a file from being brought in, with what to do; what is wrong with its columns is said by them."""
    found = []
    if seen.problems and not leave_out_problems:
        found.append(_("Nothing was brought in: mend the file, or say below that rows with problems are left out."))
    if seen.sound and not seen.taken(take_alike=take_alike):
        found.append(_(
            "Nothing was brought in: everybody in the file looks like somebody else. Say below that they are other people."))
    return found


def _read_columns(request: HttpRequest, row: Import) -> None:
    columns = request.POST.getlist("column")
    if columns:
        actions_import.read_columns_as(source=row, columns=columns, day_first=request.POST.get("day_first") == "true")


def _page(row: Import, seen: Preview) -> dict[str, Any]:
    fields = [("", _("(left out)")), *((name, importing.field_word(name)) for name in importing.FIELDS)]
    columns = [
        {"heading": heading, "chosen": chosen,
         "sample": [cells[place] for _line, cells in seen.sheet.rows[:3] if place < len(cells)]}
        for place, (heading, chosen) in enumerate(zip(seen.sheet.header, seen.columns, strict=False))]
    return {
        "source": row, "columns": columns, "fields": fields, "mistaken": seen.mistaken, "rows": len(seen.rows),
        "sound": len(seen.sound), "problems": seen.problems[:_MOST_SHOWN], "problem_count": len(seen.problems),
        "rows_with_problems": len(seen.rows) - len(seen.sound),
        "alike": [(line, other, isinstance(other, int)) for line, other in list(seen.alike.items())[:_MOST_SHOWN]],
        "alike_count": len(seen.alike), "sample": seen.sound[:_SAMPLE], "to_bring_in": len(seen.taken(take_alike=False))}


def _done(request: HttpRequest, row: Import) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    untouched = actions_import.untouched_of(row).count() if row.undone_at is None else 0
    if request.method == "POST" and not untouched:  # taken back meanwhile, or every record was used
        return redirect("patients:import", clinic=request.clinic.slug, source=row.uid)
    if request.method == "POST" and form.is_valid():
        gone, stay = actions_import.undo(source=row, why=form.cleaned_data["why"], by=request.access)
        messages.success(
            request, ngettext("%(count)d record is out of sight.", "%(count)d records are out of sight.", gone) % {"count": gone})
        if stay:
            messages.warning(request, ngettext(
                "%(count)d stays where it is, for somebody has used it since.",
                "%(count)d stay where they are, for somebody has used them since.", stay) % {"count": stay})
        return redirect("patients:import", clinic=request.clinic.slug, source=row.uid)
    page = {"source": row, "form": form, "untouched": untouched, "used": actions_import.standing_of(row) - untouched}
    return render(request, "patients/import_done.html", page, status=422 if request.method == "POST" else 200)
