"""`waterneedle jurisdiction`: what the law of a place says about injecting, on a day, and what was not found out."""
from __future__ import annotations

from datetime import date
from typing import Any

import click

from waterneedle import knowledge
from waterneedle.cli import listing
from waterneedle.cli.output import json_option, print_json, refuse
from waterneedle.knowledge import Jurisdiction, Period

NOT_FOUND_OUT = "not found out"
_DATES = ("since", "until")
_ASIDE = ("note", "renewal", "filing")  # words about a rule, not a rule
_SHOWN_APART = (*_DATES, "sources", "left_open", "substance_limits", "note")


@click.command()
@listing.words_argument(knowledge.jurisdictions)
@click.option("--on", metavar="DATE", help="The day that is asked about, as 2026-11-23; today without it.")
@json_option
def jurisdiction(wanted: tuple[str, ...], on: str | None, as_json: bool) -> None:
    """What the law of a place, such as US-FL, says on a day; a list of the places without one.

    What was not found out is said to be so: it is not a no, and it is not a yes.

    \b
    Examples:
      waterneedle jurisdiction
      waterneedle jurisdiction US-FL
      waterneedle jurisdiction US-FL --on 2017-05-01 --json
    """
    day = _day(on)
    text = listing.as_text(wanted)
    if text:
        place = _place(text)
        print_json(everything(place, day)) if as_json else _print_place(place, day)
    elif as_json:
        print_json([everything(place, day) for place in knowledge.jurisdictions().values()])
    else:
        _print_table(day)


def everything(place: Jurisdiction, day: date) -> dict[str, Any]:
    """The law of `place` on `day`; `in_force` is None where no period on file covers the day."""
    period = place.period(day)
    return {
        **listing.told(place),
        "on": day,
        "in_force": None if period is None else listing.told(period),
        "not_found_out": [] if period is None else not_found_out(period),
        "left_open": [] if period is None else list(period.left_open),
    }


def not_found_out(period: Period) -> list[str]:
    """The rules of `period` that nobody found out."""
    return [name for name in listing.unknown_fields(period) if name not in (*_DATES, *_ASIDE)]


def _day(on: str | None) -> date:
    if on is None:
        return date.today()
    try:
        return date.fromisoformat(on)
    except ValueError:
        refuse(f"--on expects a date as 2026-11-23, got {on[:40]!r}")


def _place(wanted: str) -> Jurisdiction:
    every = knowledge.jurisdictions()
    code = wanted.upper().replace("_", "-").replace(" ", "-")
    if code in every:
        return every[code]
    found = listing.matching(wanted, every, lambda place: [place.name, place.code.replace("-", " ")])
    if len(found) == 1:
        return found[0]
    names = [*every, *(place.name for place in every.values())]
    return listing.nothing_found("jurisdiction", wanted, names, [place.code for place in found])


def _print_table(day: date) -> None:
    listing.print_list(
        ("Code", "Place", "May inject", "Training, hours", "Left open", "Read"),
        [_row(place, day) for place in knowledge.jurisdictions().values()],
        title=f"Acupuncturists, on {day}",
    )
    listing.say("The law of other places is not on file. Nothing here is legal advice.")


def _row(place: Jurisdiction, day: date) -> tuple[str, ...]:
    period = place.period(day)
    if period is None:
        return (place.code, place.name, NOT_FOUND_OUT, NOT_FOUND_OUT, "everything", place.read)
    return (place.code, place.name, _may_inject(period), _cell(period.training_hours), str(len(period.left_open)), place.read)


def _may_inject(period: Period) -> str:
    if period.injection_permitted is None:
        return NOT_FOUND_OUT
    if not period.injection_permitted:
        return "no"
    if period.professions is None:
        return "yes; who, was not found out"
    return "yes" if "acupuncturist" in period.professions else f"not named; named: {_cell(period.professions)}"


def _print_place(place: Jurisdiction, day: date) -> None:
    period = place.period(day)
    listing.say(f"{place.name} ({place.code})", "bold")
    if place.term:
        listing.say(f"The law calls it {place.term}.")
    if place.read == "partial":
        listing.say("Only part of the law was read.", "bold")
    if period is None:
        listing.say(f"No period on file covers {day}: nothing is known of the law on that day.")
        listing.print_sources(listing.told(place.sources))
        return
    listing.say(f"In force on {day}: {_span(period)}.")
    shown = [name for name in period.__struct_fields__ if name not in _SHOWN_APART]
    listing.print_facts((listing.in_words(name), _cell(getattr(period, name))) for name in shown)
    if period.substance_limits:
        listing.print_rows("Substances under a condition", listing.told(period.substance_limits))
    if period.note:
        listing.say(period.note)
    if period.left_open:
        listing.say("Left open by the sources", "bold")
    for question in period.left_open:
        listing.say(f"• {question}")
    others = [other for other in place.periods if other is not period]
    if others:
        listing.say(f"Other periods on file: {'; '.join(map(_span, others))}.")
    listing.say("“Not found out” is neither a no nor a yes. Nothing here is legal advice.")
    listing.print_sources(listing.told(tuple(dict.fromkeys((*place.sources, *period.sources)))))


def _span(period: Period) -> str:
    since = f"since {period.since}" if period.since else "since when, was not found out"
    return f"{since}, until {period.until}" if period.until else since


def _cell(value: Any) -> str:
    found = listing.in_one_cell(value)
    return NOT_FOUND_OUT if found is None else found.replace("_", " ")
