"""An installation of the test's own: its data folder, its backups on another place, and `run("backup")`."""
from __future__ import annotations

import pytest
from click.testing import CliRunner

from waterneedle.cli import main


@pytest.fixture
def installation(committed_db, settings, tmp_path):
    settings.DATA = tmp_path / "data"
    settings.BACKUP_FOLDER = str(tmp_path / "backups")
    settings.BACKUP_KEY_FILE = tmp_path / "keys" / "backup_key"
    settings.DATA.mkdir()
    return tmp_path


@pytest.fixture
def run(installation):
    def invoked(*arguments):
        return CliRunner().invoke(main, [str(one) for one in arguments])

    return invoked
