"""A PostgreSQL of the tests' own: in a new folder, on a unix socket, ended and removed with the tests."""
from __future__ import annotations

import atexit
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

OWNER = "postgres"  # initdb refuses root
MEMORY = Path("/dev/shm")
ROOM = 2 * 1024**3  # bytes, several times of what the databases of one run take


def start(*, durable: bool = False) -> str:
    """The URL of a new empty server. Ends the tests with a clear word where PostgreSQL is not installed."""
    binaries = _binaries()
    folder = Path(tempfile.mkdtemp(prefix="wn-pg-", dir=None if durable else _in_memory()))
    root = os.geteuid() == 0
    if root:
        shutil.chown(folder, OWNER)

    def run(program: str, *arguments: str) -> None:
        command = [str(binaries / program), *arguments]
        extra = {"user": OWNER, "group": pwd.getpwnam(OWNER).pw_gid, "extra_groups": []} if root else {}
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, **extra)
        if done.returncode:
            pytest.exit(f"{program} failed: {done.stderr.strip()}", returncode=3)

    data = str(folder / "data")
    run("initdb", "-D", data, "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    # Durability is of no use to a server that is thrown away; what it means is tested, and measured, on servers of their own.
    careless = "" if durable else " -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_wal_size=256MB"
    options = f"-c listen_addresses='' -c unix_socket_directories={folder}{careless}"
    run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")

    def stop() -> None:
        run("pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(_only_in(os.getpid(), stop))
    return f"postgresql://{OWNER}@/postgres?host={folder}"


def _in_memory() -> Path | None:
    """Where files need no disk, if the system has room there: a hundred databases and more are made and thrown away."""
    return MEMORY if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM else None


def _only_in(process: int, action: object) -> object:
    """`action`, in this process alone: a forked child ends without ending the server."""
    return lambda: action() if os.getpid() == process else None


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    elsewhere = shutil.which("initdb")
    if not found and not elsewhere:
        pytest.exit("PostgreSQL is not installed: run tools/install_test_programs.sh as root, or install it", returncode=3)
    return found[-1].parent if found else Path(elsewhere).parent
