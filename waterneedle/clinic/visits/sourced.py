"""Where the clinic's own rules of the check come from (`ours.py`).

Where the check has a rule for the same thing, its sources are those of this one. What no source on file carries is said to be our
judgement, with what was judged, in the reader's language: it is called within the language of the issue.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from waterneedle.safety.issues import JUDGEMENT, sources_of
from waterneedle.safety.plan import IssueSource

# For each question the case of the check that its answer may raise: for that it is asked. `identity_confirmed` has no other than
# our judgement, and pregnancy several: that which is unknown is the one that stands until it is asked.
_ASKED = {
    "pregnancy": ("pregnancy", "unknown"),
    "new_medicines": ("new_medicines", "new"),
    "fever_or_infection": ("infection", "today"),
    "reacted_last": ("previous_reaction", "unclear"),
    "eaten": ("fainting", "hungry"),
    "lying_down": ("fainting", "lie_down"),
}


def of_questions(names: Iterable[str]) -> tuple[IssueSource, ...]:
    known = {one.id: one for name in names if name in _ASKED for one in sources_of(*_ASKED[name]) if one.id != JUDGEMENT}
    return (_judged(_("it is asked on the day itself, for an answer of another day may not hold any more")), *known.values())


def of_an_hour() -> tuple[IssueSource, ...]:
    return (_judged(_(
        "for what is drawn up in room air USP General Chapter 797 is said to give one hour (2008) and four (2023); this is known "
        "from summaries, its own text was not read")),)


def of_two_times() -> tuple[IssueSource, ...]:
    return (_judged(_("of two times that cannot both be right one is to be set right")),)


def of_a_stop() -> tuple[IssueSource, ...]:
    return sources_of("just_happened", "stopped")


def of_a_lot() -> tuple[IssueSource, ...]:
    return (_judged(_("what was drawn from a lot before it was withheld is no safer than what is left in its vials")),)


def of_a_reaction(*, bars: bool) -> tuple[IssueSource, ...]:
    if bars:
        return sources_of("previous_reaction", "today")
    return (_judged(_("whether to go on after a mild reaction that is over is decided by who has looked at the patient")),)


def _judged(what: str) -> IssueSource:
    title = _("Rule of this system, by the judgement of its authors: %(what)s") % {"what": what}
    return IssueSource(id=JUDGEMENT, title=title, certainty="judgement")
