"""`waterneedle knowledge`: look after the facts: check them, count them, list their sources, name their version."""
from __future__ import annotations

from pathlib import Path

import click

from waterneedle import knowledge as facts
from waterneedle.cli import listing
from waterneedle.cli.output import json_option, print_json, refuse
from waterneedle.knowledge import Source, files, sections, store


@click.group()
def knowledge() -> None:
    """Look after the facts.

    \b
    Example:
      waterneedle knowledge check
    """


@knowledge.command()
@click.option("--folder", help="Check the facts in this folder instead of those installed.")
@json_option
def check(folder: str | None, as_json: bool) -> None:
    """Every problem of the facts at once, with its file, key and text. Exit status 1 if there is any.

    \b
    Example:
      waterneedle knowledge check --json
    """
    # late: only this command needs the cross-check
    from waterneedle.knowledge.checking import problems_of

    root = sections.ROOT if folder is None else Path(folder)
    if not root.is_dir():
        refuse(f"{root} is not a folder")
    library, problems = files.read(root)
    problems += problems_of(library)
    if as_json:
        print_json([problem._asdict() for problem in problems])
    else:
        for problem in problems:
            listing.say(str(problem))
        count = sum(map(len, library.values()))
        listing.say(f"{count} facts, {len(problems)} problem{'' if len(problems) == 1 else 's'}.")
    raise SystemExit(1 if problems else 0)


@knowledge.command()
@listing.words_argument(facts.sources)
@json_option
def sources(wanted: tuple[str, ...], as_json: bool) -> None:
    """The sources of the facts, by id or words; all without any.

    \b
    Example:
      waterneedle knowledge sources florida
    """
    found = _found(listing.as_text(wanted))
    if as_json:
        print_json([{**listing.told(source), "address": source.address} for source in found])
        return
    rows = [(f"{source.id}\n{source.title}", source.year, listing.certainty(source.certainty), source.read, _where(source))
            for source in found]
    listing.print_list(("Source", "Year", "Certainty", "Read", "Where"), rows)
    listing.say(f"{len(found)} sources.")


@knowledge.command()
@json_option
def count(as_json: bool) -> None:
    """How many facts of each kind are on file.

    \b
    Example:
      waterneedle knowledge count
    """
    counts = {section.name: len(store.section(section.name)) for section in sections.SECTIONS}
    if as_json:
        print_json(counts)
    else:
        listing.print_facts((listing.in_words(name), f"{number:>5}") for name, number in counts.items())
        listing.say(f"{sum(counts.values())} facts.")


@knowledge.command()
@json_option
def version(as_json: bool) -> None:
    """The version of the facts: a hash of their content, stored with whatever they decided.

    \b
    Example:
      waterneedle knowledge version
    """
    print_json({"version": facts.version()}) if as_json else click.echo(facts.version())


def _found(wanted: str) -> list[Source]:
    every = facts.sources()
    return listing.found("source", wanted, every, _words)


def _words(source: Source) -> list[str]:
    names = (source.id, source.title, source.authors, source.publisher, str(source.year or ""))
    numbers = (source.doi, source.pmid, source.isbn, source.ndc, source.rule)
    return [text for text in (*names, *numbers) if text]


def _where(source: Source) -> str | None:
    return source.address or source.rule or source.ndc or source.isbn
