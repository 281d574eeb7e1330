"""One extract of invented clinics for all who ask it something."""
from __future__ import annotations

import pytest

from waterneedle.registry.engines import opened
from waterneedle.registry.simulate import Truth, simulate

TRUTH = Truth(clinics=12, injections=100_000, seed=20)


@pytest.fixture(scope="session")
def truth():
    return TRUTH


@pytest.fixture(scope="session")
def extract(tmp_path_factory):
    folder = tmp_path_factory.mktemp("registry") / "extract"
    simulate(folder, TRUTH)
    return folder


@pytest.fixture(scope="session")
def engine(extract):
    with opened(extract) as engine:
        yield engine
