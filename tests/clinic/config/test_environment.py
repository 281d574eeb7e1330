"""What the environment says is read strictly; what cannot be understood names its variable."""
from __future__ import annotations

import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from waterneedle.config.environment import env_bool, env_command, env_database, env_int, env_list, env_secret

LONG = "a secret that is long enough for anybody"


@pytest.mark.parametrize(("said", "read"), [("1", True), ("Yes", True), ("ON", True), ("0", False), ("false", False), ("", None)])
def test_yes_and_no(monkeypatch, said, read):
    monkeypatch.setenv("WN_X", said)

    assert env_bool("WN_X", default=True) is (True if read is None else read)


@pytest.mark.parametrize(("read", "said"), [
    (env_bool, "maybe"), (lambda name: env_int(name, 1), "1.5"), (lambda name: env_int(name, 1), "-1"),
    (lambda name: env_int(name, 1, lowest=5), "4"), (lambda name: env_int(name, 1), "٣"), (env_secret, "short"),
    (env_command, "lp -d 'desk"),
    (lambda name: env_database(name, Path("x")), "mysql://u:hunter2@h/d"),
    (lambda name: env_database(name, Path("x")), "postgresql://u:hunter2@h/")])
def test_what_cannot_be_understood_names_its_variable_and_no_password(monkeypatch, read, said):
    monkeypatch.setenv("WN_X", said)
    with pytest.raises(ImproperlyConfigured, match="WN_X") as problem:
        read("WN_X")
    assert "hunter2" not in str(problem.value)


def test_a_list_is_split_at_commas(monkeypatch):
    monkeypatch.setenv("WN_X", "a.example, b.example,")

    assert env_list("WN_X") == ["a.example", "b.example"]


def test_a_command_is_read_in_words_as_a_shell_would_and_by_none(monkeypatch):
    assert env_command("WN_X") == []
    monkeypatch.setenv("WN_X", "lp -d 'front desk' $HOME")

    assert env_command("WN_X") == ["lp", "-d", "front desk", "$HOME"]


def test_a_secret_comes_from_its_value_or_its_file(monkeypatch, tmp_path):
    monkeypatch.setenv("WN_X", LONG)
    assert env_secret("WN_X") == LONG
    monkeypatch.delenv("WN_X")
    (tmp_path / "secret").write_text(f"{LONG}\n", encoding="utf-8")
    monkeypatch.setenv("WN_X_FILE", str(tmp_path / "secret"))
    assert env_secret("WN_X") == LONG


def test_two_secrets_at_once_are_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("WN_X", LONG)
    monkeypatch.setenv("WN_X_FILE", str(tmp_path / "secret"))
    with pytest.raises(ImproperlyConfigured, match="both set"):
        env_secret("WN_X")


def test_a_file_that_cannot_be_read_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("WN_X_FILE", str(tmp_path / "nowhere"))
    with pytest.raises(ImproperlyConfigured, match=r"WN_X_FILE names .*nowhere"):
        env_secret("WN_X")


def test_a_secret_that_nobody_gave_is_made_once_for_its_owner_alone(monkeypatch, tmp_path):
    monkeypatch.delenv("WN_X", raising=False)
    place = tmp_path / "keys" / "secret"
    made = env_secret("WN_X", made_at=place)

    assert env_secret("WN_X", made_at=place) == made
    assert len(made) >= 32
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


@pytest.mark.parametrize(("url", "expected"), [
    ("", {"ENGINE": "waterneedle.clinic.database.sqlite", "NAME": Path("here.sqlite3")}),
    ("sqlite:////srv/clinic.sqlite3", {"ENGINE": "waterneedle.clinic.database.sqlite", "NAME": Path("/srv/clinic.sqlite3")}),
    ("postgresql://wn:p%40ss@db.example:5433/clinic?sslmode=require", {
        "ENGINE": "django.db.backends.postgresql", "NAME": "clinic", "USER": "wn", "PASSWORD": "p@ss", "HOST": "db.example",
        "PORT": "5433", "OPTIONS": {"sslmode": "require"}}),
    ("postgresql://wn@/clinic?host=/run/postgresql", {
        "ENGINE": "django.db.backends.postgresql", "NAME": "clinic", "USER": "wn", "PASSWORD": "", "HOST": "/run/postgresql",
        "PORT": "", "OPTIONS": {}})])
def test_a_database_is_named_by_its_address(monkeypatch, url, expected):
    monkeypatch.setenv("WN_X", url)

    assert env_database("WN_X", Path("here.sqlite3")) == expected
