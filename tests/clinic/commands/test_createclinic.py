from __future__ import annotations

import pytest

from waterneedle.clinic.accounts.models import Clinic, Membership, User

WORDS = "seven quiet needles in rain water"


@pytest.fixture
def create(run, installation):
    (installation / "password").write_text(WORDS + "\n")

    def created(**changed):
        given = {
            "name": "Harbor Acupuncture", "zone": "America/Los_Angeles", "jurisdiction": "US-WA", "owner": "Olga Marin",
            "email": "olga@harbor.example", "password-file": installation / "password"} | changed
        return run("createclinic", *(part for name, value in given.items() for part in (f"--{name}", value)))

    return created


def test_a_clinic_has_an_owner_with_the_password_of_their_choice(create):
    assert create().exit_code == 0

    owner = User.objects.get()
    assert owner.check_password(WORDS)
    assert Membership.objects.filter(user=owner, role="owner", clinic__slug="harbor-acupuncture").exists()


def test_everything_that_is_wrong_is_said_at_once(create):
    done = create(zone="Nowhere/Town", jurisdiction="XX-YY", email="olga")

    assert done.exit_code == 2
    assert all(option in done.output for option in ("--zone", "--jurisdiction", "--email"))
    assert not Clinic.objects.exists() and not User.objects.exists()


def test_who_has_an_account_owns_the_second_clinic_too(create):
    create()
    done = create(name="Hill Clinic")

    assert done.exit_code == 0
    assert User.objects.count() == 1 and Clinic.objects.count() == 2
