"""`waterneedle instruments`: questions and measurements, and the score of answers to them."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from waterneedle import knowledge
from waterneedle.cli import listing
from waterneedle.cli.output import json_option, print_json, refuse
from waterneedle.knowledge import Instrument
from waterneedle.knowledge.instrument import Item
from waterneedle.outcomes.scoring import fewest_answers, score


@click.command()
@listing.words_argument(knowledge.instruments)
@click.option("--score", "answers", metavar="ANSWERS", help="Answers to score, as 'bruise=1, soreness=3'.")
@json_option
def instruments(wanted: tuple[str, ...], answers: str | None, as_json: bool) -> None:
    """Questions and measurements by id or words; all without any. --json prints a list, with --score one object.

    \b
    Examples:
      waterneedle instruments
      waterneedle instruments next-day
      waterneedle instruments next-day --score "bruise=1, soreness=3"
      waterneedle instruments pain-now-0-10 --score 4 --json
    """
    found = _found(listing.as_text(wanted))
    if answers is not None:
        report = _scored(found, answers)
        print_json(report) if as_json else _print_score(report)
    elif as_json:
        print_json([listing.told(instrument) for instrument in found])
    elif len(found) == 1:
        _print_instrument(found[0])
    else:
        _print_table(found)


def _found(wanted: str) -> list[Instrument]:
    every = knowledge.instruments()
    return listing.found("instrument", wanted, every, _words, also=[instrument.name.en for instrument in every.values()])


def _words(instrument: Instrument) -> list[str]:
    texts = (instrument.name, instrument.measures, *(item.text for item in instrument.items))
    return [instrument.id, *instrument.claims, *(words for text in texts for words in (text.en, text.es, text.zh_hans) if words)]


def _scored(found: Sequence[Instrument], text: str) -> dict[str, Any]:
    if len(found) != 1:
        refuse("--score needs one instrument; give its id, as in `waterneedle instruments next-day --score …`")
    instrument = found[0]
    try:
        answers = _answers(instrument, text)
        result = score(instrument, answers)
    except ValueError as error:
        refuse(str(error))
    return {
        "instrument": instrument.id,
        "answers": answers,
        "score": result,
        "unit": instrument.unit,
        "better": instrument.better,
        "answered": len(answers),
        "items": len(instrument.items),
        "needed": fewest_answers(instrument),
    }


def _answers(instrument: Instrument, text: str) -> dict[str, float]:
    """`bruise=1, soreness=3` by item; a bare number answers an instrument of one item."""
    answers: dict[str, float] = {}
    for part in (part.strip() for part in text.replace(";", ",").split(",")):
        if not part:
            continue
        name, equals, value = part.partition("=")
        if not equals and len(instrument.items) == 1:
            name, value = instrument.items[0].id, part
        if name.strip() in answers:
            raise ValueError(f"{name.strip()!r} is answered twice")
        answers[name.strip()] = _number(part, value)
    return answers


def _number(part: str, value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise ValueError(f"an answer is a question and a number, as soreness=3; got {part[:40]!r}") from None


def _print_score(report: dict[str, Any]) -> None:
    if report["score"] is None:
        listing.say(f"No score: {report['answered']} of {report['items']} answered, and {report['needed']} are needed.")
        return
    unit = f" {report['unit']}" if report["unit"] else ""
    listing.say(f"{report['instrument']}: {report['score']:.6g}{unit}. {_better(report['better'])}")


def _better(better: str) -> str:
    return {"lower": "Lower is better.", "higher": "Higher is better.", "neither": "Neither end is better."}[better]


def _print_table(found: Sequence[Instrument]) -> None:
    rows = [(one.id, one.name.en, one.measures.en, len(one.items), _range(one)) for one in found]
    listing.print_list(("Id", "Name", "What it measures", "Items", "Score"), rows)


def _range(instrument: Instrument) -> str | None:
    if instrument.minimum is None or instrument.maximum is None:
        return instrument.unit
    return f"{instrument.minimum:g} to {instrument.maximum:g}{' ' + instrument.unit if instrument.unit else ''}"


def _print_instrument(instrument: Instrument) -> None:
    told = listing.told(instrument)
    told["items"] = [_item(item) for item in instrument.items]
    listing.print_page(instrument.name.en, told)


def _item(item: Item) -> dict[str, Any]:
    choices = "; ".join(f"{choice.value:g} {choice.text.en}" for choice in item.choices)
    ends = [text.en for text in (item.low_text, item.high_text) if text]
    span = None if item.minimum is None and item.maximum is None else f"{_end(item.minimum)} to {_end(item.maximum)}"
    unit = f" {item.unit}" if item.unit else ""
    return {"id": item.id, "question": item.text.en, "answer": choices or (f"{span}{unit}" if span else item.unit),
            "ends": " / ".join(ends) or None}


def _end(value: float | None) -> str:
    return "any" if value is None else f"{value:g}"
