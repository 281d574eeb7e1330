"""The report of a trial on paper: the values of `report.typ`, in the language of who prints it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from waterneedle.clinic import paper
from waterneedle.clinic.trials import plan as plans
from waterneedle.clinic.trials import queries
from waterneedle.clinic.trials.report import Report, Shown
from waterneedle.clinic.web import words

TEMPLATE = Path(__file__).with_name("report.typ")


def report_pdf(report: Report) -> bytes:
    return paper.render(TEMPLATE, values(report))


def values(report: Report) -> dict[str, Any]:
    """No patient is named: allocations stand by their codes."""
    trial, says, ended = report.trial, report.says, report.ended
    return {
        "title": trial.title,
        "language": get_language() or "en",
        "foot": f"{trial.clinic.name} · SHA-256 {trial.hash[:16]}",
        "lead": says.question,
        "state": queries.state_of(trial)[0],
        "plan_heading": _("Plan"),
        "plan": _plan(report),
        "knows_heading": _("Who can be kept blind"),
        "knows": [[one["who"], f"{_blind(one)}: {one['why']}"] for one in plans.who_knows(says)],
        "flow_heading": _("Flow"),
        "flow": [[name, str(count)] for name, count in report.flow],
        "closed": "" if ended else _("Effects are closed until the trial has ended."),
        "effect_heading": _("Effect"),
        "arms_head": [pgettext("trial", "Arm"), _("allocated"), _("measured"), _("mean"), _("adverse events that count")],
        "arms": [[one.name, str(one.allocated), str(one.measured), one.mean_said, str(one.events)] for one in report.arms],
        "compared": [
            [f"{one.first} − {one.second}" + (f" ({pgettext('comparison', 'primary')})" if one.is_primary else ""), one.said]
            for one in report.compared],
        "sequence_heading": _("The sequence, made again from the opened seed"),
        "checks": [[said, _("yes") if holds else _("NO")] for said, holds in report.checks],
        "seed": [[_("Commitment"), _in_two(trial.commitment)], *([[_("Seed"), _in_two(ended.seed)]] if ended else [])],
        "rows_head": [
            _("Code"), pgettext("allocation", "Given"), _("Stratum"), pgettext("sequence", "Place"), pgettext("trial", "Arm"),
            _("Made again"), _("Outcome")],
        "rows": [_row(one) for one in report.shown],
        "otherwise_heading": _("What went otherwise"),
        "otherwise": _otherwise(report),
        "none": _("Nothing is written down."),
        "cannot_heading": _("What this cannot tell"),
        "cannot": report.cannot,
    }


def _in_two(digits: str) -> str:
    """64 digits of a hash, which one line of the paper does not hold."""
    return f"{digits[:32]}\n{digits[32:]}"


def _blind(one: dict[str, Any]) -> str:
    return pgettext("be kept blind", "can") if one["blind"] else pgettext("be kept blind", "cannot")


def _plan(report: Report) -> list[list[str]]:
    trial, says = report.trial, report.says
    ethics = says.ethics_number or _("none needed: %(why)s") % {"why": says.ethics_why}
    rows = [
        [_("Kind"), str(trial.get_kind_display())],
        [_("Arms"), "\n".join(one.name for one in says.arms)],
        [_("Points"), says.points],
        [_("Outcome"), queries.instrument_in_words(says.instrument, get_language() or "en")],
        [pgettext("trial", "Measured"), _("%(after)s h after, within %(window)s h") % {
            "after": words.number(says.after_h), "window": words.number(says.window_h)}],
        [_("Analysis"), f"{plans.ANALYSES[says.analysis]}\n{says.analysis_words}".strip()],
        [_("Planned number"), f"{says.size}: {says.size_why}"],
        [_("Sequence"), " ".join(plans.sequence_in_words(says))],
        [_("Ethics"), ethics],
        [_("Frozen"), f"{words.moment(trial.frozen_at)}, {trial.frozen_by}"],
        ["SHA-256", _in_two(trial.hash)],
    ]
    return rows + [[_("Amended"), f"{words.moment(one.made_at)}: {one.text} ({one.why})"]
                   for one in trial.amendments.order_by("made_at", "pk")]


def _row(one: Shown) -> list[str]:
    return [one.code, words.moment(one.at, short=True), one.stratum or "–", str(one.place), one.arm,
            one.again if one.is_kept else f"{one.again} !", "–" if one.outcome is None else words.number(one.outcome)]


def _otherwise(report: Report) -> list[list[str]]:
    closed = _("Closed until the trial ends.") if report.closes_words else ""
    opened = [[one.allocation.code, _("Opened before the end by %(who)s, %(when)s: %(why)s") % {
        "who": one.made_by, "when": words.moment(one.made_at), "why": closed or one.why}] for one in report.unblindings]
    written = [[one.allocation.code, closed or one.text] for one in report.deviations]
    return [*opened, *written, *([code, said] for code, said in report.found_by_code)]
