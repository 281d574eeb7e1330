from __future__ import annotations

import json

import pytest

from clinic.people import make_clinic
from waterneedle.clinic.patients.models import Import, Patient


@pytest.fixture
def file(installation):
    make_clinic("harbor", "Harbor Acupuncture")
    place = installation / "old.csv"
    place.write_text("Rufname,Nachname,DOB\nAna,Ruiz,1982-03-14\nBo,Lind,soon\n")
    return place


NAMES = ("--column", "Rufname=given_name", "--column", "Nachname=family_name")


def test_without_yes_everything_is_shown_and_nothing_written(run, file):
    done = run("import", "patients", file, *NAMES, "--json")

    assert done.exit_code == 1
    assert [(one["line"], one["column"]) for one in json.loads(done.stdout)["problems"]] == [(3, "DOB")]
    assert not Patient.objects.exists()


def test_sound_rows_are_brought_in_and_taken_back(run, file):
    assert run("import", "patients", file, *NAMES, "--yes").exit_code == 1
    assert run("import", "patients", file, *NAMES, "--yes", "--leave-out-problems").exit_code == 0
    assert [one.name for one in Patient.objects.filter(retracted_at=None)] == ["Ana Ruiz"]

    uid = Import.objects.exclude(done_at=None).get().uid
    assert run("import", "undo", uid, "--why", "wrong file").exit_code == 0
    assert not Patient.objects.filter(retracted_at=None).exists()


@pytest.mark.parametrize("arguments", [[], ["--column", "Nowhere=given_name"], ["--clinic", "elsewhere"]])
def test_what_cannot_be_done_ends_with_2(run, file, arguments):
    assert run("import", "patients", file, *arguments).exit_code == 2


def test_a_file_that_is_not_there_or_no_table_ends_with_2(run, file, installation):
    (installation / "book.xlsx").write_bytes(b"PK\x03\x04")

    assert [run("import", "patients", installation / name).exit_code for name in ("none.csv", "book.xlsx")] == [2, 2]
