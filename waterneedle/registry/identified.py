"""What a clinic hands over to be made unrecognisable: true dates and birth dates, and codes only.

There is no field for a name, an address or a text, so that none can be carried on by mistake.
"""
from __future__ import annotations

import datetime
from dataclasses import dataclass

Day = datetime.date


@dataclass(frozen=True)
class Fluid:
    """`product` is its id in the knowledge; empty where it is not on file. `lot` as the label prints it."""

    product: str
    lot: str
    volume_ul: int


@dataclass(frozen=True)
class Injection:
    uid: str
    site_kind: str  # point, muscle, region
    site: str  # its id in the knowledge
    route: str
    technique: str
    fluids: tuple[Fluid, ...]  # () for a needle alone


@dataclass(frozen=True)
class Visit:
    uid: str
    day: Day
    injections: tuple[Injection, ...]


@dataclass(frozen=True)
class Event:
    """`kind`, `severity` and `causality` are the codes of the clinic's reports. `visit` is the uid of the visit it followed."""

    uid: str
    visit: str | None
    day: Day
    kind: str
    severity: str
    serious: bool
    causality: str
    product: str = ""
    lot: str = ""


@dataclass(frozen=True)
class Score:
    """`session`: how many sessions of the course came before it."""

    day: Day
    instrument: str
    score: float
    session: int


@dataclass(frozen=True)
class Course:
    """Visits for one indication. `instrument` judges it, from its first score in `scores` on: relief is a fall (`better` lower)
    or rise of `matters` points or more. None: nobody has measured what matters."""

    uid: str
    indication: str  # its id in the knowledge
    visits: tuple[str, ...]  # uids, in order
    scores: tuple[Score, ...]  # in order
    instrument: str = ""
    matters: float | None = None
    better: str = "lower"


@dataclass(frozen=True)
class Patient:
    uid: str
    sex: str
    birth_date: Day | None
    visits: tuple[Visit, ...]  # in order; at least one
    courses: tuple[Course, ...]
    events: tuple[Event, ...]

    @property
    def first_day(self) -> Day:
        return self.visits[0].day
