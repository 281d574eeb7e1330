"""`waterneedle points`: points by code, name or words, with everything on file about each."""
from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, get_args, get_type_hints

import click

from waterneedle import knowledge
from waterneedle.body import depth, place_in_words, region_in_words
from waterneedle.body.depth_picture import figure_in_words
from waterneedle.cli import listing
from waterneedle.cli.listing import certainty, print_facts, print_list, print_sources, say, told, words_argument
from waterneedle.cli.output import json_option, print_json, refuse
from waterneedle.knowledge import HazardZone, Point, TissueLayer
from waterneedle.safety import names

CHANNELS = {
    "LU": "lung", "LI": "large intestine", "ST": "stomach", "SP": "spleen", "HT": "heart", "SI": "small intestine",
    "BL": "bladder", "KI": "kidney", "PC": "pericardium", "TE": "triple energizer", "GB": "gallbladder", "LR": "liver",
    "GV": "governor vessel", "CV": "conception vessel", "EX-HN": "extra points of the head and neck",
    "EX-CA": "extra points of the chest and abdomen", "EX-B": "extra points of the back",
    "EX-UE": "extra points of the upper limb", "EX-LE": "extra points of the lower limb",
}
HAZARDS = get_args(get_type_hints(HazardZone)["kind"])


@click.command()
@words_argument(knowledge.points)
@click.option("--channel", help="Only this channel: LU, UB, EX, EX-HN …")
@click.option("--region", help="Only this part of the body: knee, upper_back, leg_anterior …")
@click.option("--hazard", type=click.Choice(HAZARDS), help="Only points above such a structure.")
@json_option
def points(wanted: tuple[str, ...], channel: str | None, region: str | None, hazard: str | None, as_json: bool) -> None:
    """Points by code, by name or by words; all of them without any. --json always prints a list.

    \b
    Examples:
      waterneedle points ST36
      waterneedle points 足三里
      waterneedle points knee patella
      waterneedle points --channel GB --hazard lung --json
    """
    found = _found(listing.as_text(wanted))
    if channel is not None:
        known = _channels(channel)
        found = [point for point in found if point.channel in known]
    if region is not None:
        parts = _regions(region)
        found = [point for point in found if point.region in parts or point.body_part in parts]
    if hazard is not None:
        found = [point for point in found if hazard in {zone.kind for zone in _zones().get(point.code, ())}]
    if as_json:
        print_json([everything(point) for point in found])
    elif len(found) == 1:
        _print_point(everything(found[0]))
    else:
        _print_table(found)


def everything(point: Point) -> dict[str, Any]:
    """All that is on file about `point`, joined."""
    return {
        **told(point),
        "aliases": list(point.aliases),
        "channel_name": CHANNELS[point.channel],
        "words": place_in_words(point, knowledge.landmarks()),
        "hazards": [_hazard(point, zone) for zone in _zones().get(point.code, ())],
        "pregnancy_caution": next((_caution(zone) for zone in _zones().get(point.code, ()) if zone.kind == "pregnancy"), None),
        "volume_limit": _volume_limit(point),
        "tissue_layers": [_layer(fact) for fact in depth.figures_at(point)],
        "sources": told(point.sources),
    }


def _hazard(point: Point, zone: HazardZone) -> dict[str, Any]:
    """The zone as it concerns `point`: its other points are left out, and so are distances measured elsewhere."""
    shown = {name: value for name, value in told(zone).items() if name not in ("points", "muscles", "regions", "distances")}
    shown["structure"] = zone.structure.en
    return {**shown, "distances": [told(distance) for distance in zone.distances if point.code in distance.points]}


def _layer(fact: TissueLayer) -> dict[str, Any]:
    """The figure without the names of its other places."""
    shown = {name: value for name, value in told(fact).items() if name not in ("body_parts", "points")}
    return {**shown, "words": figure_in_words(fact)}


def _caution(zone: HazardZone) -> dict[str, Any]:
    return {"zone": zone.id, "note": zone.note, "sources": told(zone.sources)}


def _volume_limit(point: Point) -> dict[str, Any] | None:
    rule = knowledge.rules().get("volume_per_point")
    parameter = rule.parameters.get("by_body_part") if rule else None
    if parameter is None or not isinstance(parameter.value, dict) or point.body_part not in parameter.value:
        return None
    note = {"note": parameter.note} if parameter.note else {}
    return {"body_part": point.body_part, "most_ml": parameter.value[point.body_part], **note, "sources": told(parameter.sources)}


def _found(wanted: str) -> list[Point]:
    every = knowledge.points()
    if not wanted:
        return list(every.values())
    place = names.point(wanted)
    if place.id is not None:
        return [every[place.id]]
    found = listing.matching(wanted, every, _words)
    if not found:
        known = [name for point in every.values() for name in (point.code, point.pinyin)]
        listing.nothing_found("point", wanted, known, place.near)
    return found


def _words(point: Point) -> list[str]:
    zones = [text for zone in _zones().get(point.code, ()) for text in (zone.kind, zone.structure.en)]
    return [
        point.code, point.pinyin, point.hanzi, point.hanzi_traditional, *point.aliases, point.channel, CHANNELS[point.channel],
        point.region.replace("_", " "), point.body_part.replace("_", " "), place_in_words(point, knowledge.landmarks()), *zones,
    ]


@cache
def _zones() -> dict[str, list[HazardZone]]:
    found: dict[str, list[HazardZone]] = {}
    for zone in knowledge.hazard_zones().values():
        for code in zone.points:
            found.setdefault(code, []).append(zone)
    return found


def _channels(wanted: str) -> set[str]:
    """The channels that `wanted` means; any name that stands before a number in a code will do: UB, SJ, Ren."""
    asked = names.plain(wanted)
    found = {channel for channel, name in CHANNELS.items() if asked in (names.plain(channel), name)}
    found |= {channel for channel in CHANNELS if asked == "ex" and channel.startswith("EX")}
    place = names.point(f"{wanted} 1").id
    if place is not None:
        found.add(knowledge.points()[place].channel)
    if not found:
        refuse(f"no channel is called {wanted[:60]!r}; there are {', '.join(CHANNELS)}")
    return found


def _regions(wanted: str) -> set[str]:
    """The regions and body parts in whose name every word of `wanted` stands."""
    known = {part for point in knowledge.points().values() for part in (point.region, point.body_part)}
    asked = set(names.plain(wanted).split())
    found = {part for part in known if asked and asked <= set(part.split("_"))}
    if not found:
        near = listing.perhaps(wanted, known) or sorted({point.body_part for point in knowledge.points().values()})
        refuse(f"no region is called {wanted[:60]!r}; perhaps {', '.join(near)}")
    return found


def _print_table(found: Sequence[Point]) -> None:
    rows = [
        (point.code, point.hanzi, point.pinyin, place_in_words(point, knowledge.landmarks()),
         ", ".join(dict.fromkeys(zone.kind.replace("_", " ") for zone in _zones().get(point.code, ()))))
        for point in found
    ]
    print_list(("Code", "", "Name", "Where", "Beware of"), rows)
    say(f"{len(found)} points. `waterneedle points CODE` shows everything on file about one.")


def _print_point(point: dict[str, Any]) -> None:
    say(f"{point['hanzi']} {point['pinyin']} {point['code']}", "bold")
    say(point["words"])
    limit = point["volume_limit"]
    rows = [
        ("Channel", f"{point['channel']}, {point['channel_name']}"),
        ("Region", region_in_words(point["region"])),
        ("Body part", point["body_part"].replace("_", " ")),
        ("Side", "both sides" if point["side"] == "bilateral" else "midline"),
        ("Also called", ", ".join(_other_names(point))),
        ("Layer", f"{point['layer'].replace('_', ' ')} (our judgement)"),
        ("Textbook depth", _depth(point)),
        ("Most at one point", _most(limit)),
        ("Place", "tentative" if point.get("certainty") else "as the standard has it"),
        ("Read by", "two readers" if point["readings"] == 2 else "one reader"),
    ]
    print_facts(rows)
    for zone in point["hazards"]:
        _print_zone(zone)
    if not point["hazards"]:
        say("No hazard zone on file names this point; that does not make it safe.")
    _print_tissue(point["tissue_layers"])
    print_sources(point["sources"])


def _other_names(point: dict[str, Any]) -> list[str]:
    traditional = point["hanzi_traditional"]
    return [*point["aliases"], *([traditional] if traditional != point["hanzi"] else [])]


def _most(limit: dict[str, Any] | None) -> str | None:
    if limit is None:
        return None
    return f"{limit['most_ml']:g} mL ({limit['body_part'].replace('_', ' ')}); the safety check questions more"


def _depth(point: dict[str, Any]) -> str | None:
    ends = [f"{point[name]:g}" for name in ("depth_min_cun", "depth_max_cun") if name in point]
    return f"{' to '.join(ends)} cun, straight in, for an acupuncture needle" if ends else None


def _print_zone(zone: dict[str, Any]) -> None:
    say(f"⚠ {zone['kind'].replace('_', ' ').capitalize()}: {zone['structure']}", "bold")
    for distance in zone["distances"]:
        say(f"  {_distance(distance)}")
    if not zone["distances"] and "limit_mm" in zone:
        say(f"  Not measured at this point; {zone['limit_mm']:g} mm is taken as the limit (our judgement).")
    if zone.get("warning_signs"):
        say(f"  Signs: {listing.in_one_cell(zone['warning_signs'])}.")
    if "note" in zone:
        say(f"  {zone['note']}")
    for source in zone["sources"]:
        say(f"  • {source['title']} ({certainty(source['certainty'])})", "dim")


def _print_tissue(layers: list[dict[str, Any]]) -> None:
    if not layers:
        say("How thick skin, fat and muscle are here is not on file.")
        return
    say("How thick skin, fat and muscle are here, as it was measured", "bold")
    for layer in layers:
        say(f"  {layer['words'][0].upper()}{layer['words'][1:]}")
    for doubt in dict.fromkeys(layer["doubt"] for layer in layers if "doubt" in layer):
        say(f"  {doubt}")
    for title, certain in dict.fromkeys((layer["citation"]["title"], layer["citation"]["certainty"]) for layer in layers):
        say(f"  • {title} ({certainty(certain)})", "dim")


def _distance(distance: dict[str, Any]) -> str:
    smallest, mean = distance["smallest_mm"], distance.get("mean_mm")
    # Where a source gives no smallest figure, its mean stands in the place of it.
    figure = f"{smallest:g} mm on average, the smallest not given" if smallest == mean else f"{smallest:g} mm at the least"
    if mean is not None and mean != smallest:
        figure += f", {mean:g} mm on average"
    spread = f" (SD {distance['sd_mm']:g})" if "sd_mm" in distance else ""
    people = f"; {distance['population']}" if "population" in distance else ""
    reading = "read" if distance["verified"] == "read" else "second hand"
    return f"{figure}{spread}: {distance['method']}{people} ({reading}: {distance['citation']['title']})"
