"""Check-ins in one line, as `combinations.toml` has them: `bruise (11 cm, still) + growing | over lung, 30 h, pregnant`."""

from __future__ import annotations

import re

from waterneedle.safety.checkin import CheckIn
from waterneedle.safety.report import Felt, Report

_SYMPTOM = re.compile(r"(?P<words>[\w& -]+?)(?: \((?P<known>[^)]*)\))?")
_SPREADING = {"spreading": True, "still": False}


def report_of(line: str) -> Report:
    """The report that `line` writes down; where it says nothing else, 20 hours after a needle in the leg."""
    said, _, visit = (part.strip() for part in line.partition("|"))
    felt = tuple(_felt(one) for one in said.split(" + ") if one)
    given = [one.strip() for one in visit.split(",") if one.strip()]
    over = [one.removeprefix("over ") for one in given if one.startswith("over ")] or ["leg"]
    pain = [int(one.removeprefix("pain now ")) for one in given if one.startswith("pain now ")]
    hours = [float(one.removesuffix(" h")) for one in given if one.endswith(" h")]
    pregnant = {"pregnant": True, "not pregnant": False}
    checkin = CheckIn(
        hours_since_visit=hours[0] if hours else 20,
        symptoms=(),
        pain_now=pain[0] if pain else None,
        pregnant=next((pregnant[one] for one in given if one in pregnant), None),
    )
    return Report(
        checkin=checkin,
        felt=felt,
        words=frozenset().union(*(one.words for one in felt)),
        zones=None if "unknown" in over else frozenset(over),
        not_understood=(),
    )


def _felt(text: str) -> Felt:
    match = _SYMPTOM.fullmatch(text)
    assert match is not None, text
    known = [one.strip() for one in (match["known"] or "").split(",") if one.strip()]
    return Felt(
        words=frozenset(match["words"].split(" & ")),
        severity=next((int(one.removesuffix(" of 10")) for one in known if one.endswith(" of 10")), None),
        size_cm=next((float(one.removesuffix(" cm")) for one in known if one.endswith(" cm")), None),
        is_spreading=next((_SPREADING[one] for one in known if one in _SPREADING), None),
    )
