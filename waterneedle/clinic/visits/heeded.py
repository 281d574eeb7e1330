"""What the check has asked or barred on the page of a draft, and what had come of it at the signature.

    note(visit, charted, assessment)                     where a rule stands open for the first time, the visit keeps it
    came_of(charted, at_signature, injected=True)        the rules that were changed, settled; heeded, lifted

A warning that was heeded is gone at the signature, and without this nobody would know of it. So the visit keeps each rule that
stood open on its page, once, with the punctures that it named, each in short. Of one visit and one rule there are four ends:

- went on: at the signature the warning stands, answered by a reason in this visit (`warnings.stood`: asked), or the block
  stands and something was injected (against). It comes before the others: who changed one puncture and went on with another went
  on.
- changed (of a block: heeded): it does not stand, and a puncture that it named is another now (place, side, route, volume, depth,
  angle, needle, syringe), was taken out, stopped or not done; or nothing was injected in the visit.
- settled (of a block: lifted): it does not stand, though its punctures are what they were: a question was answered, a consent
  signed, the shelf or a fact corrected. Nobody had to decide.
- nothing: it was answered for the patient before, or a block kept everything from being injected, which says nothing of the
  warnings beside it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from waterneedle.clinic.visits.models import Injection, Status, Visit
from waterneedle.clinic.visits.rows import Charted
from waterneedle.safety.plan import Assessment

Open = dict[str, dict[str, dict[str, str]]]  # by "warn" or "block", by rule: the punctures that it named, in short


def note(visit: Visit, charted: Charted, assessment: Assessment) -> None:
    """Keep what stands open over a puncture and was not kept yet. Most drafts have nothing, and nothing is written."""
    found = _open(charted, assessment)
    if not charted.injections or not visit.is_draft or not _new(found, visit.warned or {}):
        return
    with transaction.atomic():
        row = Visit.objects.select_for_update(no_key=True).only("warned", "is_draft").get(clinic_id=visit.clinic_id, pk=visit.pk)
        if not row.is_draft:
            return
        visit.warned = {tier: rules | (row.warned or {}).get(tier, {}) for tier, rules in found.items()}
        Visit.objects.filter(clinic_id=visit.clinic_id, pk=visit.pk).update(warned=visit.warned)


def came_of(charted: Charted, at_signature: Mapping[str, list[str]], *, injected: bool) -> dict[str, list[str]]:
    """The ends of what was kept, beside those that `warnings.stood` tells of."""
    was: Open = charted.visit.warned or {}
    now = {str(one.seq): _in_short(one) for one in charted.injections}
    gone: dict[str, list[str]] = {"changed": [], "settled": [], "heeded": [], "lifted": []}
    warned = was.get("warn", {}) if injected or not was.get("block") else {}
    for rules, known, changed, settled in (
        (warned, ("asked", "kept"), "changed", "settled"), (was.get("block", {}), ("against",), "heeded", "lifted")
    ):
        for rule in sorted(rules.keys() - {one for name in known for one in at_signature[name]}):
            is_other = not injected or any(now.get(seq) != short for seq, short in rules[rule].items())
            gone[changed if is_other else settled].append(rule)
    return gone


def _open(charted: Charted, assessment: Assessment) -> Open:
    found: Open = {"warn": {}, "block": {}}
    short = {str(one.seq): one for one in charted.injections}
    for issue in assessment.issues:
        if issue.severity in found and not issue.recorded:
            named = found[issue.severity].setdefault(issue.rule, {})
            named |= {seq: _in_short(short[seq]) for seq in issue.injections if seq in short}
    return found


def _new(found: Open, known: Open) -> bool:
    return any(rules.keys() - known.get(tier, {}).keys() for tier, rules in found.items())


_SAME = (
    "point", "muscle", "region", "side", "level", "technique", "route", "volume_ml", "depth_mm", "depth_max_mm", "gauge",
    "length_mm", "angle_deg", "syringe_id")


def _in_short(one: Injection) -> str:
    """What would make it another puncture to the check; planned and given are the same one."""
    is_done = one.status in (Status.PLANNED, Status.GIVEN)
    said: list[Any] = [is_done, *(getattr(one, name) for name in _SAME)]
    return hashlib.sha256("\n".join(map(str, said)).encode()).hexdigest()[:12]
