"""`waterneedle evidence`: what has been found out about a claim, for and against, side by side."""
from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

import click

from waterneedle import knowledge
from waterneedle.cli import listing
from waterneedle.cli.output import json_option, print_json
from waterneedle.knowledge import Claim, Finding
from waterneedle.knowledge.evidence import Direction
from waterneedle.outcomes.evidence import bottom_line, certainty_in_words, findings_about, on_side


@click.command()
@listing.words_argument(knowledge.claims)
@json_option
def evidence(wanted: tuple[str, ...], as_json: bool) -> None:
    """What speaks for a claim, against it and neither way; all claims without any. --json always prints a list.

    \b
    Examples:
      waterneedle evidence
      waterneedle evidence lymph
      waterneedle evidence "immune system"
      waterneedle evidence energy --json
    """
    found = _found(listing.as_text(wanted))
    if as_json:
        print_json([everything(claim) for claim in found])
    elif len(found) == 1:
        _print_claim(found[0])
    else:
        _print_table(found)


def everything(claim: Claim) -> dict[str, Any]:
    """The claim, its bottom line and the findings about it, strongest first, each with its `direction` for this claim."""
    about = _about(claim)
    return {
        **listing.told(claim),
        "may_be_promised": claim.may_be_promised,
        "bottom_line": bottom_line(claim, about),
        "findings": [{**listing.told(finding), "direction": finding.directions[claim.id]} for finding in about],
    }


def _about(claim: Claim) -> tuple[Finding, ...]:
    return findings_about(claim, knowledge.evidence().values())


def _found(wanted: str) -> list[Claim]:
    every = knowledge.claims()
    if not wanted:
        return list(every.values())
    if wanted in every:
        return [every[wanted]]
    found = listing.matching(wanted, every, _words) or listing.matching(wanted, every, _words_of_findings)
    if not found:
        listing.nothing_found("claim", wanted, [*every, *(word for claim in every.values() for word in claim.words)])
    return found


def _words(claim: Claim) -> list[str]:
    return [claim.id, claim.statement.en, claim.statement.es or "", claim.statement.zh_hans or "", *claim.words]


def _words_of_findings(claim: Claim) -> list[str]:
    return [text for finding in _about(claim)
            for text in (finding.id, finding.title, finding.substance, finding.points) if text]


def _print_table(found: Sequence[Claim]) -> None:
    sides: tuple[Direction, ...] = ("for", "against", "none")
    rows = [(claim.id, claim.statement.en, *(len(on_side(claim, _about(claim), side)) for side in sides)) for claim in found]
    listing.print_list(("Id", "What is said", "For", "Against", "Neither"), rows)
    listing.say("The numbers count entries, whatever their weight. `waterneedle evidence ID` shows how certain each is.")


def _print_claim(claim: Claim) -> None:
    about = _about(claim)
    listing.say(f"“{claim.statement.en}”", "bold")
    listing.say(bottom_line(claim, about))
    both_sides = zip_longest(on_side(claim, about, "for"), on_side(claim, about, "against"))
    pairs = [(_cell(one), _cell(other)) for one, other in both_sides]
    listing.print_list(("For", "Against"), pairs, title="Side by side, strongest first")
    neither = on_side(claim, about, "none")
    if neither:
        listing.print_list(("Neither way",), [(_cell(finding),) for finding in neither])
    listing.say(f"What is not known: {claim.unknown.en}")
    cited = {citation.source: citation for fact in (claim, *about) for citation in fact.sources}
    listing.print_sources(listing.told(tuple(cited.values())))


def _cell(finding: Finding | None) -> str:
    if finding is None:
        return " "
    people = "n not on file" if finding.participants is None else f"n = {finding.participants}"
    year = f", {finding.year}" if finding.year else ""
    return (f"{finding.title}{year}\n{finding.design}, {people}, {certainty_in_words(finding.certainty)} certainty "
            f"({finding.certainty_why})\n{finding.result}\n")
