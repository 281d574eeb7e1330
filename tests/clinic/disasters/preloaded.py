"""The two small C libraries that stand between a server and its machine, built when a test needs them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

COMPILER = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
needs_compiler = pytest.mark.skipif(
    COMPILER is None or sys.platform != "linux", reason="needs a C compiler and Linux"
)


def built(name: str, folder: Path) -> Path:
    """The shared library of `<name>.c`, compiled into `folder`."""
    library = folder / f"{name}.so"
    source = Path(__file__).with_name(f"{name}.c")
    subprocess.run([COMPILER, "-O1", "-Wall", "-shared", "-fPIC", "-pthread", "-o", library, source], check=True)
    return library
