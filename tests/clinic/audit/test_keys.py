"""The keys of the trail: made once, for their owner only, and added to, never replaced."""
from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from waterneedle.clinic.audit import keys

NOW = datetime(2026, 11, 26, tzinfo=UTC)


@pytest.fixture(autouse=True)
def key_file(settings, tmp_path):
    settings.AUDIT_KEY_FILE = tmp_path / "keys" / "audit.json"
    settings.AUDIT_KEYS = ""
    keys.forget()
    yield settings.AUDIT_KEY_FILE
    keys.forget()


def test_the_file_is_made_once_and_only_its_owner_may_read_it(key_file):
    first = keys.ready().current
    keys.forget()

    assert keys.ready().current == first
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert [one.name for one in key_file.parent.iterdir()] == ["audit.json"]


def test_a_file_that_others_may_read_is_refused(key_file):
    keys.ready()
    keys.forget()
    key_file.chmod(0o644)
    with pytest.raises(PermissionError, match="chmod 600"):
        keys.ready()


def test_two_that_make_the_file_at_once_agree(key_file):
    one, two = keys.Keyring(keys=(keys._new_key(1, NOW),), signing=keys._new_key(1, NOW)), None
    keys._write(key_file, one, replace=False)
    two = keys.Keyring(keys=(keys._new_key(1, NOW),), signing=keys._new_key(1, NOW))
    keys._write(key_file, two, replace=False)

    assert keys.ready().ring == one


def test_rotation_adds_a_key_and_keeps_the_old_one():
    before = keys.ready()
    assert keys.rotate(NOW) == 2
    after = keys.ready()

    assert (after.current_id, after.secrets[1]) == (2, before.current)
    assert after.current != before.current
    assert after.ring.public_key == before.ring.public_key


def test_keys_may_come_from_the_environment(settings, key_file):
    keys.ready()
    settings.AUDIT_KEYS = Path(key_file).read_text()
    key_file.unlink()
    keys.forget()

    assert keys.ready().current_id == 1
    assert not key_file.exists()
    with pytest.raises(ValueError, match="AUDIT_KEYS"):
        keys.rotate(NOW)


def test_a_derived_key_is_for_one_purpose_and_one_secret():
    keys.ready()
    keys.rotate(NOW)
    made = {keys.derived(purpose, key_id) for purpose in ("outbox", "link") for key_id in (1, 2)}

    assert len(made) == 4
    assert keys.ready().current not in made
