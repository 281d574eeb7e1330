"""What a course comes to, in sentences: where this patient stands, how people like this went, what would have changed anyway."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from waterneedle import knowledge
from waterneedle.clinic.courses import counting
from waterneedle.clinic.courses.measuring import Measured, Score
from waterneedle.clinic.web.words import number
from waterneedle.knowledge import Instrument, Text
from waterneedle.outcomes import change


@dataclass(frozen=True)
class Said:
    """The sentences of a course. `alert` is what somebody has to do now; empty where there is nothing."""

    stands: str
    matters: str
    alert: str
    like: str
    forecast: str
    caution: str
    missing: str


def said(known: Measured) -> Said:
    indication, seen = known.indication, counting.seen_beside(known)
    counted = counting.like(seen, indication.id, known.band) if indication.matters else None
    return Said(
        stands=stands(known),
        matters=matters(known),
        alert=alert(known),
        like=like(known, counted) if indication.matters else _silent_measure(),
        forecast=forecast(known, forecast_of(known, seen)) if counted else "",
        caution=caution(known, seen),
        missing=missing(known),
    )


def in_language(text: Text) -> str:
    """The words of a fact in the language that is active; English where there is no translation."""
    return text.translation(get_language() or "en") or text.en


def score_in_words(instrument: Instrument, value: float) -> str:
    """A score as it is shown: a volume from a tape in whole mL, for more would be no more exact."""
    return number(value, 0 if instrument.unit == "mL" else None)


def whole(instrument: Instrument, one: Score) -> str:
    """A score, and where it is a sum, what it is the sum of."""
    parts = f" ({' + '.join(number(part) for part in one.parts)})" if one.parts else ""
    return score_in_words(instrument, one.value) + parts


def stands(known: Measured) -> str:
    """How far the score that counts has moved, with its limits."""
    name, moved = in_language(known.judged.instrument.name), known.moved
    if known.judged.first is None:
        return _("%(name)s has not been asked yet.") % {"name": name}
    if moved is None:
        words = _("%(name)s: %(first)s; no later answer yet.") if known.begins_late else _(
            "%(name)s: %(first)s at the start; no later answer yet.")
        return _and_late(known, words % {"name": name, "first": whole(known.judged.instrument, known.judged.first)})
    first, last = (whole(known.judged.instrument, one) for one in (known.judged.first, known.judged.last))
    values = {"name": name, "first": first, "last": last, "points": number(abs(moved.points))}
    if moved.points == 0:
        parts = [_("%(name)s: %(first)s → %(last)s, no change") % values]
    else:
        worded = _("%(name)s: %(first)s → %(last)s, better by %(points)s") if moved.points > 0 else _(
            "%(name)s: %(first)s → %(last)s, worse by %(points)s")
        parts = [worded % values]
    if moved.percent and not known.judged.first.parts:
        parts.append(_("%(percent)s%%") % {"percent": number(abs(round(moved.percent)))})
    if moved.low is not None and moved.high is not None:
        interval = _(
            "95%% interval by error of measurement, which is doubtful, for it was measured with a similar question: from %(low)s "
            "to %(high)s points for the better") if has_doubtful_error(known) else _(
            "95%% interval by error of measurement: from %(low)s to %(high)s points for the better")
        parts.append(interval % {
            "low": number(moved.low, 1).replace("-", "−"), "high": number(moved.high, 1).replace("-", "−")})
    return _and_late(known, _sentence(parts))


def _and_late(known: Measured, words: str) -> str:
    """`words`, and where nothing was asked before the first session, that this is so."""
    if not known.begins_late:
        return words
    late = ngettext(
        "It was first asked after %(count)d session: how it was before is not known.",
        "It was first asked after %(count)d sessions: how it was before is not known.",
        known.judged.first.sessions) % {"count": known.judged.first.sessions}
    return f"{words} {late}"


def has_doubtful_error(known: Measured) -> bool:
    """Whether the error of a score that counts here was measured with another scale."""
    figure = known.indication.error
    return figure is not None and any(
        one.transferred for one in known.judged.instrument.changes
        if one.kind == "sem" and one.points == figure.points and one.citation.source == figure.source)


def matters(known: Measured) -> str:
    """Whether that is more than matters and more than error; where nothing was measured it says so."""
    moved, figure = known.moved, known.indication.matters
    if figure is None:
        return _("No change that matters has been measured for this question, so none is named. Ask the patient.")
    if not known.has_room:
        return " ".join(filter(None, (
            _("It began at %(first)s, from where it cannot get better by %(points)s, which would matter: this question cannot "
              "tell whether it helps. Ask the patient.") % {
                "first": number(known.judged.first.value), "points": in_points(figure.points)},
            _of_worsening(moved) if moved and moved.points < 0 else "")))
    if moved is None:
        return _("A change of %(points)s matters (%(where)s).") % {
            "points": in_points(figure.points), "where": population(known)}
    values = {"points": in_points(figure.points), "where": population(known)}
    if moved.points < 0:
        return " ".join(filter(None, (
            _("That is no improvement; %(points)s for the better would matter (%(where)s).") % values, _of_worsening(moved))))
    if not moved.matters:
        return _("That is less than a change that matters: %(points)s (%(where)s).") % values
    if moved.is_beyond_error is None:
        return _(
            "That reaches a change that matters, %(points)s (%(where)s). Its error of measurement is not on file, so that "
            "it may be no more than that.") % values
    if moved.is_beyond_error is False:
        return _(
            "That reaches a change that matters, %(points)s (%(where)s), and may still be error of measurement.") % values
    return _("That is a change that matters, %(points)s or more (%(where)s), and more than error of measurement.") % values


def _of_worsening(moved: change.Moved) -> str:
    if moved.is_beyond_error is None:
        return ""
    return _("It got worse by more than error of measurement.") if moved.is_beyond_error else _(
        "That it got worse may be error of measurement.")


def in_points(points: float) -> str:
    return ngettext("%(points)s point", "%(points)s points", 1 if points == 1 else 2) % {"points": number(points)}


def amount(instrument: Instrument, points: float | None) -> str:
    """A change in the unit of its score; empty for none."""
    if not points:
        return ""
    return f"{number(points)} {instrument.unit}" if instrument.unit else in_points(points)


def population(known: Measured) -> str:
    """In whom the change that matters was measured, and whether with another scale."""
    figure = known.indication.matters
    found = [one for one in known.judged.instrument.changes
             if figure and one.kind == "mcid" and one.points == figure.points and one.citation.source == figure.source]
    if not found:
        return ""
    where = in_language(found[0].people) if found[0].people else found[0].population
    if found[0].transferred:
        return _("doubtful, for it was measured with a similar question: %(where)s") % {"where": where}
    return where


def alert(known: Measured) -> str:
    """The stopping rule and the review that were agreed."""
    sessions, agreed = len(known.sessions), known.agreed
    values = {"count": sessions, "agreed": agreed.review_after}
    if known.ended is not None or not known.is_due_for_review:
        return ""
    if known.judged.last is None:
        return ngettext(
            "%(count)d session was given and nothing was answered since: ask now whether it helps, before another one.",
            "%(count)d sessions were given and nothing was answered since: ask now whether it helps, before another one.",
            sessions) % values
    over = ngettext(
        "The %(agreed)d session until the agreed review is over.", "The %(agreed)d sessions until the agreed review are over.",
        agreed.review_after) % values
    return f"{over} {_next_step(known)}"


def _next_step(known: Measured) -> str:
    """What a review that is due is for."""
    if known.indication.matters is None or not (known.has_room or known.should_stop):
        return _("Talk with the patient about whether it helps enough to go on.")
    if not known.should_stop:
        return _("Look at the course together, and agree on what comes next.")
    found = _("A change that mattered has not lasted.") if known.has_not_lasted else _("There was no change that matters.")
    anew = _("Stop and look at it anew: review the diagnosis, talk with the patient, and consider referring to somebody else.")
    return f"{found} {anew}"


def like(known: Measured, found: counting.Like | None) -> str:
    """How people like this went in this clinic, or why nothing is said of it."""
    if found is None:
        return _(
            "Fewer than %(count)d people have been followed here for this: nothing is said of how people like this went.") % {
            "count": counting.FEWEST}
    who = who_of(known, found)
    step = found.by(max(1, min(len(known.sessions), known.agreed.planned)))
    responders = found.responders
    parts = [_("%(who)s: %(share)s%% have had a change that matters (95%% interval %(low)s to %(high)s)") % {
        "who": who, **_per_cent(responders.share, responders.low, responders.high)}] if responders else []
    if step is not None and step.share == step.share and step.low == step.low:
        parts.append(ngettext(
            "by session %(session)d, %(share)s%% (%(low)s to %(high)s; Kaplan–Meier, %(risk)d person followed until then)",
            "by session %(session)d, %(share)s%% (%(low)s to %(high)s; Kaplan–Meier, %(risk)d people followed until then)",
            step.at_risk) % {"session": step.session, "risk": step.at_risk,
                             **_per_cent(step.share, step.low, step.high)})
    if found.median is not None:
        parts.append(_("half of them by session %(session)d") % {"session": found.median})
    return _sentence(parts)


def who_of(known: Measured, found: counting.Like) -> str:
    if found.is_same_band and known.band != change.UNDIVIDED:
        return _("%(count)d people treated here for this who began %(band)s") % {
            "count": found.people, "band": band_in_words(known.band)}
    return _("%(count)d people treated here for this, however severe") % {"count": found.people}


def awaits_relief(known: Measured) -> bool:
    """Whether there is something to foretell: an open course in which a change that matters can still come for the first time."""
    return known.ended is None and known.indication.matters is not None and known.has_room and known.relief_session is None


def forecast_of(known: Measured, seen: counting.Seen) -> Any:
    """What to expect of this course, after the sessions that it has had without a change that matters; None where too little is
    on file or nothing is awaited."""
    if not awaits_relief(known):
        return None
    found = counting.forecast_for(seen, known.indication.id, known.band)
    return found and found.after(known.followed)


def forecast(known: Measured, found: Any) -> str:
    """What to expect of a course that is like this one so far, with its limits, or that too little is on file to say it."""
    if not awaits_relief(known):
        return ""
    if found is None:
        from waterneedle.outcomes.forecast import FEWEST  # late: slow (numpy)

        if known.followed:
            return _("Too few people have been followed here for so long: no forecast is made.")
        return _("Fewer than %(count)d people have been followed here for this: no forecast is made.") % {"count": FEWEST}
    last = found.by(known.agreed.planned) or found.steps[-1]
    worded = ngettext(
        "Of 100 people who begin like this and have had no change that matters after %(after)d session, about %(share)s "
        "(%(confidence)s%% interval %(low)s to %(high)s) have one by session %(session)d.",
        "Of 100 people who begin like this and have had no change that matters after %(after)d sessions, about %(share)s "
        "(%(confidence)s%% interval %(low)s to %(high)s) have one by session %(session)d.",
        known.followed) if known.followed else _(
        "Of 100 people who begin like this, about %(share)s (%(confidence)s%% interval %(low)s to %(high)s) have a change that "
        "matters by session %(session)d.")
    share = worded % {
        "confidence": number(round(100 * found.confidence)), "session": last.session, "after": known.followed,
        **_per_cent(last.share, last.low, last.high)}
    rests = ngettext(
        "It rests on %(like)d person like this, %(indication)d with the same complaint, and takes who stopped coming for no "
        "different.",
        "It rests on %(like)d people like this, %(indication)d with the same complaint, and takes who stopped coming for no "
        "different.",
        found.like) % {"like": found.like, "indication": found.indication}
    return " ".join((share, half_by(found), rests, _("It says nothing about why they got better.")))


def half_by(found: Any) -> str:
    """After how many sessions half of the people like this have relief: at the earliest and at the latest, as far as is known."""
    earliest, latest = found.half_by
    if earliest is None:
        return _("Fewer than half of them have it by session %(session)d, as far as can be foretold.") % {
            "session": found.steps[-1].session}
    if latest is None:
        return _("Half of them have it by session %(earliest)d at the earliest; too little is known of the latest.") % {
            "earliest": earliest}
    if earliest == latest:
        return _("Half of them have it by session %(earliest)d.") % {"earliest": earliest}
    return _("Half of them have it by session %(earliest)d at the earliest and %(latest)d at the latest.") % {
        "earliest": earliest, "latest": latest}


def caution(known: Measured, seen: counting.Seen) -> str:
    """Regression to the mean, in points where error and the first scores of others are on file."""
    words = _("People come when it is at its worst, and most complaints get better by themselves: part of any change is that.")
    first, error, figure = known.judged.first, known.indication.error, known.indication.matters
    if error is not None and figure is not None and known.has_room:
        scores = max(1, len(known.judged.later))
        share = round(100 * change.reached_by_error(figure.points, error.points, scores))
        by_luck = ngettext(
            "Of 100 people in whom nothing changes, %(share)d look so much better by error alone when they are asked once.",
            "Of 100 people in whom nothing changes, %(share)d look so much better by error alone when they are asked %(count)d "
            "times.",
            scores) % {"share": share, "count": scores}
        words = f"{words} {by_luck}"
    if has_doubtful_error(known):
        words = f"{words} {_('That error was measured with a similar question, so these figures are doubtful.')}"
    others = counting.first_scores(seen, known.indication.id)
    if first is None or error is None or others is None:
        return words
    expected = change.by_chance(known.judged.instrument, first.value, others, error.points)
    if expected is None or expected < 0.05:
        return words
    by_error = _("By error of measurement alone a change of %(points)s is expected for somebody who begins at %(first)s.") % {
        "points": in_points(round(expected, 1)), "first": number(first.value)}
    return f"{words} {by_error}"


def missing(known: Measured) -> str:
    """Of how many sessions nothing was answered."""
    if not known.sessions or not known.missing:
        return ""
    return ngettext(
        "After %(missing)d of %(count)d session nothing was answered; it stays a gap.",
        "After %(missing)d of %(count)d sessions nothing was answered; they stay gaps.",
        len(known.sessions)) % {"missing": known.missing, "count": len(known.sessions)}


def band_in_words(band: str) -> str:
    return {
        change.MILD: pgettext("severity at the start", "mild"),
        change.MODERATE: pgettext("severity at the start", "moderate"),
        change.SEVERE: pgettext("severity at the start", "severe"),
    }.get(band, pgettext("severity at the start", "however severe"))


def indications() -> list[tuple[str, str]]:
    return [(one.id, in_language(one.name)) for one in knowledge.indications().values()]


def _sentence(parts: list[str]) -> str:
    joined = pgettext("between parts of a sentence", "; ").join(parts)
    return pgettext("a sentence of several parts", "%(parts)s.") % {"parts": joined}


def _silent_measure() -> str:
    return _("How people like this went is not said: nobody has measured which change of this question matters.")


def _per_cent(share: float, low: float, high: float) -> dict[str, str]:
    return {name: number(round(100 * value)) for name, value in (("share", share), ("low", low), ("high", high))}
