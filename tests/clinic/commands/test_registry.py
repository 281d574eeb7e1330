"""`waterneedle registry export`, as who looks after the machine runs it."""
from __future__ import annotations

from clinic.patients.people import at_work
from clinic.people import make_clinic, make_person
from waterneedle.clinic.audit.models import Entry


def test_an_extract_of_a_clinic_without_consents_says_that_nobody_is_in_it(run, installation, settings):
    settings.REGISTRY_KEY_FILE = installation / "keys" / "registry_key"
    clinic = make_clinic("harbor", "Harbor Acupuncture")
    at_work(make_person(clinic, "Alice Archer", "practitioner"), clinic)

    made = run("registry", "export", installation / "extract", "--clinic", "harbor")

    assert (made.exit_code, "Nobody is in it" in made.stderr) == (0, True)
    assert Entry.objects.get(kind="extract").user_name == "registry export"
    assert settings.REGISTRY_KEY_FILE.stat().st_mode & 0o077 == 0


def test_a_key_that_is_none_is_refused_in_one_sentence(run, installation, settings):
    settings.REGISTRY_KEY_FILE = installation / "registry_key"
    settings.REGISTRY_KEY_FILE.write_text("no key")
    make_clinic("harbor", "Harbor Acupuncture")

    made = run("registry", "export", installation / "extract")

    assert (made.exit_code, made.stderr.count("\n")) == (2, 1)


def test_a_number_that_is_not_of_this_clinic_ends_with_1(run, installation, settings):
    settings.REGISTRY_KEY_FILE = installation / "registry_key"
    make_clinic("harbor", "Harbor Acupuncture")

    assert run("registry", "lead-back", "7").exit_code == 1
