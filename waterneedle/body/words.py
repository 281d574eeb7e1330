"""Where a point is, put into a sentence from the structured facts of its location.

The words are ours; the standards' own sentences are under copyright and are not repeated. Nothing is added to the
facts and nothing on file is left out; what two fields both say is said once.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from waterneedle.body.phrases import beside, is_middle, listed, measure, one_each, preposition, region_in_words, relation_in_words
from waterneedle.knowledge import Landmark, Location, Point
from waterneedle.knowledge.point import Relation

Namer = Callable[[str], str]

_FRACTIONS = {25: "one quarter of the way", 33: "one third of the way", 50: "halfway", 67: "two thirds of the way",
              75: "three quarters of the way"}
_SURFACES = ("muscle", "line", "crease")


def place_in_words(point: Point, landmarks: Mapping[str, Landmark]) -> str:
    """Where `point` is, in one English sentence after the name of the region; a second one if the place is disputed.

    >>> from waterneedle import knowledge
    >>> place_in_words(knowledge.points()["ST36"], knowledge.landmarks())
    'Leg, anterior side. 3 cun below ST35, on the line from ST35 to ST41; on the tibialis anterior muscle.'
    """
    place = point.location
    name = _namer(landmarks)
    region = region_in_words(point.region) + (", midline" if point.side == "midline" else "")
    head = ", ".join(_head(place, name, landmarks))
    clauses = "; ".join([_led(place, head), *_surroundings(place, name)])
    return f"{region}. {clauses[:1].upper()}{clauses[1:]}.{_dispute(point)}"


def _namer(landmarks: Mapping[str, Landmark]) -> Namer:
    def name(identity: str) -> str:
        if identity not in landmarks:
            return identity  # the code of a point
        term = landmarks[identity].term
        return f"the point {term}" if term.startswith("one ") else f"the {term}"

    return name


def _head(place: Location, name: Namer, landmarks: Mapping[str, Landmark]) -> Iterator[str]:
    """The parts that lead to the place: from the landmark, along the line, at the level, beside the line, between."""
    if not _landmark_is_named_elsewhere(place):
        yield _from_landmark(place, name, landmarks)
    if place.line_from or place.line_to:
        yield _along_line(place, name)
    if _is_crossing(place):
        yield f"where the level of {name(str(place.level))} crosses {name(str(place.on))}"
    elif place.level:
        yield f"{'in' if place.on == place.level else 'level with'} {name(place.level)}"
    if place.lateral_from and not (_is_crossing(place) and _is_on_line(place)):
        yield _beside_line(place, name)
    if place.between and not ({*place.between} == {place.line_from, place.line_to} and place.fraction is not None):
        yield _between(place, name)
    yield from _tail(place)


def _landmark_is_named_elsewhere(place: Location) -> bool:
    if place.direction or place.cun is not None:
        return False
    if place.feature in ("centre", "tip", "foramen"):
        return False
    if place.rule == "level_lateral":
        return place.landmark == place.level
    if place.rule == "line_fraction":
        return place.landmark in (place.line_from, place.line_to)
    return place.landmark in place.between or (_is_crossing(place) and place.landmark == place.on)


def _from_landmark(place: Location, name: Namer, landmarks: Mapping[str, Landmark]) -> str:
    landmark = _feature_of(place, name(place.landmark))
    directions = _directions(place)
    if directions and directions[0] in ("left", "right"):
        return f"on the {directions[0]}, at {landmark}"
    if directions or place.cun is not None:
        return _offset(place, directions, landmark)
    known = landmarks.get(place.landmark)
    is_surface = place.on == place.landmark or (known is not None and known.kind in _SURFACES)
    is_whole = landmark == name(place.landmark)
    word = preposition(landmark) if place.feature == "foramen" or (is_surface and is_whole) else "at"
    return f"{word} {landmark}{one_each(name(place.landmark))}"


def _offset(place: Location, directions: Sequence[str], landmark: str) -> str:
    if place.cun_2 is not None:
        second = f" and {measure(place.cun_2, place.unit)} {beside(directions[-1:])} it"
        return f"{measure(place.cun, place.unit)} {beside(directions[:-1])} {landmark}{second}"
    several = ", one point in each direction" if place.direction and ";" in place.direction else one_each(landmark)
    return " ".join(filter(None, (measure(place.cun, place.unit), beside(directions), landmark))) + several


def _feature_of(place: Location, landmark: str) -> str:
    """The landmark, or the part of it that is meant."""
    is_offset = place.rule == "offset" and place.on and place.on != place.landmark
    if place.feature == "midpoint" and not place.between and place.fraction != 0.5:
        return landmark if is_middle(landmark) else f"the midpoint of {landmark}"
    if place.feature == "centre" and not is_offset:
        return landmark if is_middle(landmark) else f"the centre of {landmark}"
    if place.feature == "tip" and not is_offset:
        return landmark if "tip" in landmark else f"the tip of {landmark}"
    if place.feature == "crease_end":
        return f"the end of {landmark}"
    if place.feature == "foramen" and "foramen" not in landmark:
        return f"the foramen at {landmark}"
    if place.feature == "junction" and not place.between and place.fraction is None and "junction" not in landmark:
        return f"the junction at {landmark}"
    return landmark


def _along_line(place: Location, name: Namer) -> str:
    ends = " ".join(f"{word} {name(end)}" for word, end in (("from", place.line_from), ("to", place.line_to)) if end)
    if place.fraction is None:
        return f"on the line {ends}"
    if place.fraction == 0.5 and place.feature == "midpoint":
        return f"at the midpoint of the line {ends}"
    way = _FRACTIONS.get(round(place.fraction * 100), f"{place.fraction:.0%} of the way")
    division = "at the point " if place.feature == "junction" else ""
    return f"{division}{way} {'along the line ' if place.rule == 'line' else ''}{ends}"


def _beside_line(place: Location, name: Namer) -> str:
    line = name(str(place.lateral_from))
    if _is_on_line(place):
        return f"on {line}"
    return f"{measure(place.lateral_cun, place.unit)} lateral to {line}".strip()


def _between(place: Location, name: Namer) -> str:
    structures = listed([name(structure) for structure in place.between])
    if place.feature == "junction" and place.fraction is None:
        return f"where {structures} meet"
    if place.feature == "tendon_gap":
        return f"in the gap between {structures}"
    return f"{'midway ' if place.feature == 'midpoint' and place.fraction != 0.5 else ''}between {structures}"


def _tail(place: Location) -> Iterator[str]:
    if place.rule == "nail_corner" and place.feature == "intersection":
        yield "where the lines along the side and along the base of the nail cross"
    elif place.feature == "intersection" and not _is_crossing(place):
        yield "where the two lines cross"
    elif place.feature == "artery":
        yield "at the pulse of the artery"
    elif place.feature == "artery_beside":
        yield "beside the artery"
    elif place.feature == "tendon_gap" and not place.between:
        yield "in the gap between the tendons"


def _led(place: Location, head: str) -> str:
    if place.feature != "depression" or "depression" in head:
        return head
    return f"in the depression{'s' if place.direction and ';' in place.direction else ''} {head}"


def _surroundings(place: Location, name: Namer) -> Iterator[str]:
    """What the place lies on, and how it stands to structures and to other points."""
    if place.on and not _head_says_on(place):
        yield _on(place, name)
    for relations in (place.relations, place.neighbours):
        yield from _related(place, relations, name)


def _head_says_on(place: Location) -> bool:
    if place.on == place.landmark:
        return place.direction in (None, "left", "right")
    return place.on == place.level or _is_crossing(place) or (_is_on_line(place) and place.on == place.lateral_from)


def _on(place: Location, name: Namer) -> str:
    structure = name(str(place.on))
    if place.feature == "centre" and place.rule == "offset":
        return f"at the centre of {structure}"
    if place.rule == "nail_corner":
        return f"in line with {structure}"
    return f"{'at' if place.feature == 'border' else preposition(structure)} {structure}{one_each(structure)}"


def _related(place: Location, relations: Iterable[Relation], name: Namer) -> Iterator[str]:
    """Relations with the same word and distance are said together."""
    together: dict[tuple[str, float | None], list[str]] = {}
    for relation in relations:
        if not _repeats(place, relation):
            together.setdefault((relation.relation, relation.cun), []).append(relation.target)
    for (relation_word, cun), targets in together.items():
        named = listed([listed([name(part) for part in target.split("+")]) for target in targets])
        yield " ".join(filter(None, (measure(cun, "b"), relation_in_words(relation_word), named)))


def _repeats(place: Location, relation: Relation) -> bool:
    """Whether the head of the sentence has already said it."""
    word, target = relation.relation, relation.target
    if word == "over" and target == place.on:
        return True
    if word == "same_level":
        return target == place.level
    if word in ("between", "midway"):
        is_same_line = {*target.split("+")} == {place.line_from, place.line_to}
        return is_same_line and (word == "between" or place.fraction == 0.5)
    return target == place.landmark and word.removesuffix("_to") in _directions(place) and relation.cun in (None, place.cun)


def _dispute(point: Point) -> str:
    if point.location.alternative:
        word = "Tentative: a" if point.certainty else "A"
        return f" {word} second place is also kept: {point.location.alternative}."
    return " This place is tentative." if point.certainty else ""


def _is_crossing(place: Location) -> bool:
    return place.feature == "intersection" and place.level is not None and place.on is not None


def _is_on_line(place: Location) -> bool:
    return place.lateral_cun == 0


def _directions(place: Location) -> list[str]:
    first = [part.strip() for part in (place.direction or "").split(";") if part.strip()]
    return [*first, *([place.direction_2] if place.direction_2 else [])]
