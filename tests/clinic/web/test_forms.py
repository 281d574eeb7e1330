"""What is typed, and what comes back when it cannot be taken."""
from __future__ import annotations

import datetime
import zoneinfo
from decimal import Decimal

import pytest
from django import forms
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import timezone, translation

from waterneedle.clinic.web.forms import DateInput, DoseField, MomentField, PickField, Segments


class Injection(forms.Form):
    site = forms.CharField(label="Site")
    volume_ml = DoseField(label="Volume", unit="mL")
    side = forms.ChoiceField(label="Side", choices=[("left", "Left"), ("right", "Right")], widget=Segments)
    note = forms.CharField(label="Note", required=False, help_text="In your own words.")


@pytest.mark.parametrize(("typed", "read"), [
    ("0.5", "0.5"), ("0,5", "0.5"), (".5", "0.5"), (" 1 ", "1"), ("1000", "1000"), ("0,125", "0.125"), ("0.125", "0.125"),
    ("12,5", "12.5"), ("2 ml", "2"), ("0,5mL", "0.5"), ("０．５", "0.5"), ("１，５ mL", "1.5"),
])
def test_a_dose_is_read_with_a_point_or_a_comma(typed, read):
    with translation.override("es"):
        assert DoseField(unit="mL").clean(typed) == Decimal(read)


@pytest.mark.parametrize("typed", ["1,000", "1,250", "12,500", "05", "025", "１，０００"])
def test_a_dose_that_can_be_read_two_ways_is_asked(typed):
    with pytest.raises(forms.ValidationError, match="can be read as"):
        DoseField(unit="mcg").clean(typed)


@pytest.mark.parametrize("typed", [
    "half", "1/2", "2 mm", "mL", "1e3", "-1", "1.5.2", ".", "0", "0.0", "١", "1 000", "0.12345", "99999999999",
])
def test_what_is_no_dose_is_refused(typed):
    with pytest.raises(forms.ValidationError):
        DoseField(unit="mL").clean(typed)


def test_a_form_gives_every_error_beside_its_field_and_at_the_top_and_keeps_what_was_typed():
    html = Injection({"site": "", "volume_ml": "half", "note": "<b>&"}).render()

    assert html.count('class="error"') == 3
    assert all(f'href="#id_{name}"' in html for name in ("site", "volume_ml"))
    assert 'aria-invalid="true"' in html
    assert 'value="half"' in html
    assert "&lt;b&gt;&amp;" in html


def test_a_field_is_bound_to_its_help_and_its_error():
    html = Injection({"site": ""})["site"].as_field_group()

    assert 'aria-describedby="id_site_error"' in html
    assert 'id="id_site_error"' in html
    assert 'aria-describedby="id_note_helptext"' in Injection()["note"].as_field_group()


def test_only_what_may_be_left_empty_says_so():
    assert "(optional)" in Injection()["note"].as_field_group()
    assert "(optional)" not in Injection()["site"].as_field_group()


def test_nothing_is_chosen_beforehand():
    assert "checked" not in str(Injection()["side"])


def test_a_dose_shows_its_unit_and_comes_back_without_grouping():
    with translation.override("en"):
        html = str(Injection(initial={"volume_ml": Decimal("1250.500")})["volume_ml"])

    assert 'value="1250.5"' in html
    assert ">mL<" in html


def test_picks_and_words_still_in_the_field_are_kept_once_each():
    class Medicines(forms.Form):
        medicines = PickField(many=True, required=False)

    form = Medicines(QueryDict("medicines=apixaban&medicines=ibuprofen&medicines=apixaban&medicines=+garlic+&medicines="))

    assert form.is_valid()
    assert form.cleaned_data["medicines"] == ["apixaban", "ibuprofen", "garlic"]


def test_a_pick_that_is_too_long_is_refused():
    with pytest.raises(forms.ValidationError, match="at most 5"):
        PickField(many=True, longest=5).clean(["garlic"])


def test_a_date_reads_as_iso_in_every_language():
    with translation.override("es"):
        assert 'value="1982-03-14"' in DateInput().render("born", "1982-03-14")


def test_the_summary_is_silent_when_all_is_well():
    assert render_to_string("web/_errors.html", {"form": Injection()}).strip() == ""


class Happened(forms.Form):
    at = MomentField(label="When")


@pytest.fixture
def by_the_coast():
    with timezone.override(zoneinfo.ZoneInfo("America/Los_Angeles")):
        yield


@pytest.mark.parametrize(("which", "hours"), [("first", 8), ("second", 9)])
def test_of_the_hour_that_is_there_twice_who_types_says_which(by_the_coast, which, hours):
    asked, said = Happened({"at": "2025-11-02T01:30"}), Happened({"at": "2025-11-02T01:30", "at_which": which})

    assert asked.errors.as_data()["at"][0].code == "twice" and 'name="at_which"' in str(asked)
    assert said.is_valid() and 'value="2025-11-02T01:30"' in str(said)
    assert said.cleaned_data["at"].astimezone(datetime.UTC) == datetime.datetime(2025, 11, 2, hours, 30, tzinfo=datetime.UTC)


def test_the_hour_that_is_missing_is_refused_and_an_ordinary_one_asks_nothing(by_the_coast):
    missing, ordinary = Happened({"at": "2025-03-09T02:30"}), Happened({"at": "2025-03-09T03:30", "at_which": "second"})

    assert missing.errors.as_data()["at"][0].code == "missing" and "at_which" not in str(missing)
    assert ordinary.is_valid() and "at_which" not in str(ordinary)
    assert ordinary.cleaned_data["at"].astimezone(datetime.UTC).hour == 10
