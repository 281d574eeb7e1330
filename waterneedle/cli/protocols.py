"""`waterneedle protocols`: published treatments, and what their sources left out."""
from __future__ import annotations

from collections.abc import Sequence

import click

from waterneedle import knowledge
from waterneedle.cli import listing
from waterneedle.cli.output import json_option, print_json
from waterneedle.knowledge import Protocol
from waterneedle.knowledge.evidence import ProtocolSite


@click.command()
@listing.words_argument(knowledge.protocols)
@json_option
def protocols(wanted: tuple[str, ...], as_json: bool) -> None:
    """Published treatments by id or words (indication, substance, point); all without any. --json always prints a list.

    A protocol on file is a report of what somebody did, not advice to do it.

    \b
    Examples:
      waterneedle protocols
      waterneedle protocols neostigmine-st36-ileus
      waterneedle protocols ST36 --json
    """
    found = _found(listing.as_text(wanted))
    if as_json:
        print_json([listing.told(protocol) for protocol in found])
    elif len(found) == 1:
        _print_protocol(found[0])
    else:
        _print_table(found)


def _found(wanted: str) -> list[Protocol]:
    every = knowledge.protocols()
    return listing.found("protocol", wanted, every, _words, also=[protocol.substance for protocol in every.values()])


def _words(protocol: Protocol) -> list[str]:
    points = [knowledge.points()[site.point] for site in protocol.sites if site.point]
    return [
        protocol.id, protocol.name.en, protocol.name.es or "", protocol.name.zh_hans or "",
        protocol.indication, protocol.substance,
        *(name for point in points for name in (point.code, point.pinyin, point.hanzi)),
        *(part for site in protocol.sites for part in (site.muscle, site.region) if part),
    ]


def _print_table(found: Sequence[Protocol]) -> None:
    rows = [
        (f"{protocol.id}\n{protocol.indication}", f"{protocol.substance}\n{'; '.join(map(_site, protocol.sites))}",
         f"{len(protocol.left_out)} things" if protocol.left_out else "nothing")
        for protocol in found
    ]
    listing.print_list(("Protocol", "What, and where", "Left out"), rows)
    listing.say(f"{len(found)} protocols: reports of what somebody did, not advice to do it. "
                "`waterneedle protocols ID` shows one.")


def _site(site: ProtocolSite) -> str:
    volume = None if site.volume_ml is None else f"{site.volume_ml:g} mL"
    place = site.point or site.muscle or (site.region or "").replace("_", " ")
    return " ".join(part for part in (place, site.side, volume) if part)


def _print_protocol(protocol: Protocol) -> None:
    told = listing.told(protocol)
    told["sites"] = [_site(site) for site in protocol.sites]
    told["left_out"] = "; ".join(protocol.left_out) or "nothing"
    told["findings"] = [_finding(identity) for identity in protocol.findings] or "none on file"
    listing.print_page(protocol.name.en, {**told, "name": protocol.name.en}, listing.unknown_fields(protocol))
    listing.say("A report of what somebody did, not advice to do it.")


def _finding(identity: str) -> dict[str, object]:
    finding = knowledge.evidence()[identity]
    directions = "; ".join(f"{claim}: {direction}" for claim, direction in finding.directions.items())
    return {"id": finding.id, "result": finding.result, "directions": directions,
            "certainty": finding.certainty.replace("_", " "), "participants": finding.participants}
