"""Make the backup of an installation of this version, for the tests of later versions to bring back.

    PYTHONPATH=.:tests python -m clinic.database.backup.keep_installation tests/data/installation-0.1.0

One clinic with a patient, a signed visit with its amendment, an answered check-in, and a trial under way; the keys beside the
backup are of these invented people alone. A folder that is there is never written over: that of an old version only the old
version could make.
"""

from __future__ import annotations

import datetime
import os
import shutil
import sys
import tempfile
from pathlib import Path

KEYS = ("secret_key", "audit_keys.json", "backup_key")


def main(folder: Path) -> None:
    if folder.exists():
        raise SystemExit(f"{folder} is there already, and is of the version that made it")
    with tempfile.TemporaryDirectory(prefix="wn-kept-") as data:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "waterneedle.config.settings", "WATERNEEDLE_DATA": data}
        os.environ.pop("DATABASE_URL", None)
        file = _made(Path(data))
        folder.mkdir(parents=True)
        shutil.copy(file, folder / "backup")
        for name in KEYS:
            shutil.copy(Path(data) / name, folder / name)
    print(f"{folder}: {(folder / 'backup').stat().st_size} bytes")


def _made(data: Path) -> Path:
    # late: the environment is ready only now
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    from waterneedle.clinic.database.backup import keeping

    call_command("migrate", verbosity=0)
    _work()
    return keeping.back_up(data / "backups", Path(settings.BACKUP_KEY_FILE), datetime.datetime.now(datetime.UTC))[0]


def _work() -> None:
    """A day in the clinic."""
    from django.utils import timezone

    from clinic.followup.following import arranged, asked_patient, signed_visit
    from clinic.patients.people import at_work
    from clinic.people import make_clinic, make_person
    from clinic.trials.planning import allocated, frozen
    from waterneedle.clinic.followup import actions as followup
    from waterneedle.clinic.visits import signing

    clinic = make_clinic("harbor", "Harbor Acupuncture")
    alice = at_work(make_person(clinic, "Alice Archer", "practitioner", "owner"), clinic)
    arranged(alice)
    ana = asked_patient(alice, "Ana Ruiz")
    visit = signed_visit(alice, ana)
    signing.amend(visit=visit, text="The knee was swollen on the inner side.", by=alice)
    checkin = followup.ask(visit=visit, kind="next_day", week=0, now=timezone.now())
    answers = {"pain": 3, "bruise": "coin", "felt": [], "said": "a bit sore"}
    followup.answer(checkin=checkin, answers=answers, said_by="patient", now=timezone.now())
    allocated(alice, frozen(alice, ana), ana)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
