"""Installations of earlier versions: their backup is restored, upgraded, and says what it said."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

KEPT = sorted((Path(__file__).parents[3] / "data").glob("installation-*"))
KEYS = ("secret_key", "audit_keys.json", "backup_key")
READ = """
import json, django
django.setup()
from django.db import connection
from waterneedle.clinic.audit.frozen import misplaced
from waterneedle.clinic.followup.models import Answer
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.trials import sealed
from waterneedle.clinic.trials.models import Allocation
from waterneedle.clinic.visits.models import Amendment, Signature
from waterneedle.clinic.visits.signing import as_signed
signature, allocation = Signature.objects.select_related("visit__patient").get(), Allocation.objects.select_related("trial").get()
print(json.dumps({
    "patient": str(Patient.objects.get()), "intact": as_signed(signature)["is_intact"], "amended": Amendment.objects.get().text,
    "answer": Answer.objects.get().said, "arm": sealed.arm_of(allocation) in (0, 1),
    "seed": len(sealed.seed_of(allocation.trial)), "misplaced": misplaced(connection)}))
"""


@pytest.fixture
def command(tmp_path):
    """Run the product, or Python, in an installation of the test's own: (exit status, what it said)."""
    (tmp_path / "data").mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("WATERNEEDLE_", "DATABASE_URL"))}
    environment = kept | {"WATERNEEDLE_DATA": str(tmp_path / "data"), "DJANGO_SETTINGS_MODULE": "waterneedle.config.settings"}

    def run(*arguments: object) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, *map(str, arguments)], env=environment, capture_output=True, text=True, timeout=300, check=False)
        return done.returncode, done.stdout + (done.stderr if done.returncode else "")

    return run


@pytest.mark.parametrize("folder", KEPT, ids=lambda folder: folder.name)
def test_an_installation_of_an_earlier_version_comes_back_and_is_upgraded(folder, command, tmp_path):
    for name in KEYS:
        shutil.copy(folder / name, tmp_path / "data" / name)
        (tmp_path / "data" / name).chmod(0o600)  # which a repository does not keep, and the product insists on
    restored = command("-m", "waterneedle", "restore", folder / "backup", "--into", tmp_path / "data" / "new.sqlite3", "--swap")
    upgraded = command("-m", "waterneedle", "upgrade", "--to", tmp_path / "backups")
    verified = command("-m", "waterneedle", "audit", "verify")

    assert [status for status, _said in (restored, upgraded, verified)] == [0, 0, 0], (restored, upgraded, verified)
    status, said = command("-c", READ)
    assert status == 0, said
    assert json.loads(said) == {
        "patient": "Ana Ruiz", "intact": True, "amended": "The knee was swollen on the inner side.", "answer": "a bit sore",
        "arm": True, "seed": 32, "misplaced": []}


def test_there_is_one_to_bring_back():
    assert KEPT
