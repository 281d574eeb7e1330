"""The place of a point in words: nothing on file is left out, and every sentence can be read."""
import re

import msgspec
import pytest

from waterneedle import knowledge
from waterneedle.body import place_in_words, region_in_words
from waterneedle.knowledge.point import Location, Relation

CODES = tuple(knowledge.points())
OPTIONAL = [name for name in Location.__struct_fields__ if name not in ("rule", "landmark")]
REFERENCES = ("landmark", "line_from", "line_to", "lateral_from", "level", "on")


def words(code, **changed):
    point = knowledge.points()[code]
    location = msgspec.structs.replace(point.location, **changed)
    return place_in_words(msgspec.structs.replace(point, location=location), knowledge.landmarks())


@pytest.mark.parametrize(("code", "sentence"), [
    ("ST36", "Leg, anterior side. 3 cun below ST35, on the line from ST35 to ST41; on the tibialis anterior muscle."),
    ("BL13", "Upper back. Level with the inferior border of the spinous process of T3, 1.5 cun lateral to the posterior median "
             "line."),
    ("CV12", "Upper abdomen, midline. 4 cun above the centre of the umbilicus, on the anterior median line, midway between the "
             "xiphisternal junction and the centre of the umbilicus."),
    ("LI2", "Index finger. In the depression distal and radial to the second metacarpophalangeal joint; on the border between "
            "the red and white flesh."),
    ("GB21", "Neck, posterior side. At the midpoint of the line from the spinous process of C7 to the lateral end of the "
             "acromion."),
    ("LI6", "Forearm, posterolateral side. 3 cun above the dorsal wrist crease, one quarter of the way along the line from LI5 "
            "to LI11."),
    ("SP21", "Lateral thorax. Where the level of the sixth intercostal space crosses the midaxillary line."),
    ("LU11", "Thumb. 0.1 finger cun proximolateral to the radial corner of the thumbnail, where the lines along the side and "
             "along the base of the nail cross; in line with the radial border of the thumbnail; radial to the distal phalanx "
             "of the thumb; level with the base of the thumbnail."),
    ("EX-HN1", "Head. 1 cun anterior, posterior and lateral to GV20, one point in each direction."),
    ("EX-UE9", "Back of the hand. Proximal to the margins of the four webs between the fingers, one point at each; on the border "
               "between the red and white flesh; level with TE2. This place is tentative."),
    ("EX-HN12", "Inside of the mouth. On the left, at the vein beside the frenulum under the tongue; lateral to the frenulum of "
                "the tongue."),
])
def test_a_place_reads_as_a_sentence(code, sentence):
    assert words(code) == sentence


@pytest.mark.parametrize("code", ["LI19", "LI20", "PC8", "PC9", "GB30", "GV26"])
def test_a_disputed_place_names_the_other_one(code):
    assert words(code).endswith(f"Tentative: a second place is also kept: {knowledge.points()[code].location.alternative}.")


@pytest.mark.parametrize("code", CODES)
def test_every_sentence_can_be_read(code):
    sentence = words(code)
    assert "None" not in sentence
    assert re.search(r"\s\s|_|,,|, ;|; ;|\.\.| [,;.]|\bthe the\b|\bat on\b|[(\[]\s", sentence) is None
    assert re.fullmatch(r"[A-Z].*\. [A-Z0-9].*\.", sentence)
    assert not re.search(r"; on it\b", sentence)


@pytest.mark.parametrize("code", CODES)
def test_everything_the_place_refers_to_is_named(code):
    sentence, place = words(code), knowledge.points()[code].location
    ids = {getattr(place, name) for name in REFERENCES} | {*place.between}
    ids |= {part for relation in (*place.relations, *place.neighbours) for part in relation.target.split("+")}
    assert [name for name in sorted(ids - {None}) if not is_named(name, sentence)] == []


@pytest.mark.parametrize("code", CODES)
def test_a_field_taken_away_changes_the_sentence_unless_another_says_the_same(code):
    place = knowledge.points()[code].location
    filled = {name: value for name in OPTIONAL if (value := getattr(place, name)) not in (None, ())}
    # Body cun is what is meant where no unit stands.
    taken = {name: () if isinstance(value, tuple) else None for name, value in filled.items() if (name, value) != ("unit", "b")}
    same = [name for name, nothing in taken.items() if words(code, **{name: nothing}) == words(code)]
    assert [name for name in same if not is_said_elsewhere(place, name, words(code))] == []


def is_named(identity, sentence):
    landmark = knowledge.landmarks().get(identity)
    return (identity if landmark is None else landmark.term) in sentence


def is_said_elsewhere(place, name, sentence):
    """A line on which the point lies with distance 0, a relation that repeats the direction, a foramen in the foramen."""
    value = getattr(place, name)
    if name == "feature":
        return (value if value != "centre" else "midpoint") in sentence or value in sentence
    if name == "lateral_cun":
        return value == 0 and is_named(place.lateral_from, sentence)
    if name in ("relations", "neighbours"):
        return all(is_named(part, sentence) for relation in value for part in relation.target.split("+"))
    if name == "between":
        return all(is_named(part, sentence) for part in value)
    return name in REFERENCES and is_named(value, sentence)


@pytest.mark.parametrize(("changed", "part"), [
    ({"cun_2": 1.0, "direction_2": "lateral"}, "3 cun below ST35 and 1 cun lateral to it"),
    ({"unit": "f"}, "3 finger cun below ST35"),
    ({"unit": "fingerbreadth", "cun": 2.0}, "2 fingerbreadths below ST35"),
    ({"fraction": 0.2}, "20% of the way along the line from ST35 to ST41"),
    ({"relations": (Relation(relation="over", target="radial_artery"),)}, "; over the radial artery"),
    ({"neighbours": (Relation(relation="midway", target="ST36+ST37"),)}, "; midway between ST36 and ST37"),
])
def test_a_field_that_no_point_has_yet_has_its_words(changed, part):
    assert part in words("ST36", **changed)


@pytest.mark.parametrize(("region", "said"), [
    ("leg_anterior", "Leg, anterior side"), ("foot_dorsum", "Back of the foot"), ("nostril_interior", "Inside of the nostril"),
    ("lumbar", "Lumbar region"), ("upper_back", "Upper back"), ("thumb", "Thumb"),
])
def test_a_region_is_said_in_words(region, said):
    assert region_in_words(region) == said
