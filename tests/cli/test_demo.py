from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from click.testing import CliRunner

from waterneedle.cli import main


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """A demonstration that serves: its address and what it has printed, in an environment that names a real installation."""
    folder = tmp_path_factory.mktemp("demo") / "invented"
    real = {"DATABASE_URL": "postgresql://nobody@localhost:1/real", "WATERNEEDLE_TLS": "true", "WATERNEEDLE_SMTP_HOST": "mail"}
    command = [sys.executable, "-m", "waterneedle", "demo", "--folder", str(folder), "--port", str(20000 + os.getpid() % 20000)]
    with subprocess.Popen(command, env=os.environ | real | {"COLUMNS": "200"}, stdout=subprocess.PIPE, text=True) as server:
        said = []
        for line in server.stdout:
            said.append(line)
            if found := re.search(r"http://localhost:\d+", line):
                break
        yield found[0], "".join(said), folder
        server.terminate()
        server.wait(timeout=60)


def test_the_demonstration_says_who_can_sign_in_and_answers(running):
    address, said, folder = running

    assert "olga@harbor.example" in said and "water needle demo" in said
    assert json.loads(_answer(f"{address}/healthz"))["status"] == "ok"
    assert (folder / "waterneedle.sqlite3").exists()


def test_a_folder_with_anything_else_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    done = CliRunner().invoke(main, ["demo", "--fresh", "--folder", str(tmp_path)])

    assert done.exit_code == 1
    assert (tmp_path / "mine.txt").read_text() == "mine"


def _answer(url):
    ends = time.monotonic() + 60
    while True:  # the address is printed a moment before the port is open
        try:
            return urllib.request.urlopen(url, timeout=10).read()
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionRefusedError) or time.monotonic() > ends:
                raise
            time.sleep(0.05)
