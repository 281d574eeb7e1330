"""Acupuncture points, trigger points, the landmarks they are found by, and the structures that lie beneath."""
from typing import Annotated, Literal

import msgspec

from waterneedle.knowledge.fact import Citation, Fact, Identifier, NotNegative, Positive, Sources, Text

# The channels in the order in which they are taught, and how many points WHO counts on each.
CHANNEL_COUNTS = {
    "LU": 11, "LI": 20, "ST": 45, "SP": 21, "HT": 9, "SI": 19, "BL": 67, "KI": 27, "PC": 9, "TE": 23, "GB": 44, "LR": 14,
    "GV": 28, "CV": 24, "EX-HN": 15, "EX-CA": 1, "EX-B": 9, "EX-UE": 11, "EX-LE": 12,
}  # fmt: skip
PointCode = Annotated[str, msgspec.Meta(pattern=r"^(LU|LI|ST|SP|HT|SI|BL|KI|PC|TE|GB|LR|GV|CV|EX-(HN|CA|B|UE|LE))\d{1,2}$")]
BodyPart = Literal[
    "scalp", "face", "ear", "neck", "chest", "axilla", "upper_back", "lower_back", "abdomen", "perineum", "sacrum",
    "shoulder", "upper_arm", "elbow", "forearm", "wrist", "hand", "finger", "hip", "buttock", "thigh", "knee", "leg",
    "ankle", "foot", "toe", "mouth_nose",
]
LocationRule = Literal["landmark", "nail_corner", "offset", "line", "line_fraction", "level_lateral"]
Layer = Literal[
    "skin_over_bone", "skin_over_tendon", "subcutis", "muscle", "joint_margin", "over_vessel", "body_wall", "orbit", "mucosa",
]


class Relation(Fact, kw_only=True):
    """`SP6` is `superior_to` the medial malleolus by 3 `cun`."""

    relation: str
    target: str
    cun: NotNegative | None = None


class Location(Fact, kw_only=True):
    """Where a point is, as facts that can be put into words and evaluated on a body."""

    rule: LocationRule
    landmark: str
    feature: str | None = None
    line_from: str | None = None
    line_to: str | None = None
    fraction: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None
    cun: NotNegative | None = None
    unit: Literal["b", "f", "fingerbreadth"] | None = None  # proportional bone cun, finger cun
    direction: str | None = None
    cun_2: NotNegative | None = None
    direction_2: str | None = None
    lateral_cun: NotNegative | None = None
    lateral_from: str | None = None
    level: str | None = None
    on: str | None = None
    between: tuple[str, ...] = ()
    relations: tuple[Relation, ...] = ()
    neighbours: tuple[Relation, ...] = ()
    alternative: str | None = None  # the second place WHO keeps for the six points still disputed


class Point(Fact, kw_only=True):
    """One of the 361 WHO points or the 48 WHO extra points."""

    code: PointCode
    pinyin: str
    hanzi: str
    hanzi_traditional: str
    channel: str
    region: str
    side: Literal["bilateral", "midline"]
    body_part: BodyPart
    layer: Layer
    location: Location
    aliases: tuple[str, ...] = ()
    certainty: Literal["tentative"] | None = None
    readings: Annotated[int, msgspec.Meta(ge=1, le=2)]
    depth_min_cun: Positive | None = None  # perpendicular, textbook
    depth_max_cun: Positive | None = None
    sources: Sources


class Landmark(Fact, kw_only=True):
    """What a point is found by, in its anatomical term."""

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_]+$")]
    term: str
    kind: Literal["bone", "joint", "muscle", "tendon", "crease", "line", "vessel", "nerve", "nail", "organ", "level", "skin"]
    surface: str | None = None


class Segment(Fact, kw_only=True):
    """A length of the body and how many cun it counts (proportional bone measurement)."""

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z_]+$")]
    cun: Positive
    start: str  # landmarks; the same twice: the width between left and right
    end: str
    measured: str | None = None  # how, where it is not straight
    sources: Sources


class Level(Fact, kw_only=True):
    """A height on the trunk that does not show on the skin: a share of the way between two landmarks that do.

    Where the standard ties it to something that can be felt, `at` names that, and the share counts only in between.
    """

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_]+$")]  # of a landmark
    start: str
    end: str
    share: float  # of the height from start to end; below 0 is above start, beyond 1 below end
    side_share: float | None = None  # the same at the side, 6 cun from the midline and beyond, where ribs climb
    aside: Positive | None = None  # how far from the midline, as a share of the distance of `psis` from it
    at: tuple[str, ...] = ()  # level with these: with one, or midway between two
    sources: Sources


class PublishedDistance(Fact, kw_only=True):
    """Skin to structure, straight down, as somebody measured it."""

    points: tuple[str, ...]
    smallest_mm: Positive
    mean_mm: Positive | None = None
    sd_mm: Positive | None = None
    method: str
    population: str | None = None
    verified: Literal["read", "second_hand"]
    citation: Citation


class SkinArea(Fact, kw_only=True):
    """A piece of skin, told by lines from place to place; what lies between neighbouring lines belongs to it.

    A place is the code of a point, the id of a landmark (a course is all of its places), or `one~other`, midway between two.
    """

    lines: Annotated[tuple[Annotated[tuple[str, ...], msgspec.Meta(min_length=1)], ...], msgspec.Meta(min_length=1)]
    width: Positive  # of the patient's fingerbreadths, as far as the area reaches beyond the lines
    side: Literal["both", "left", "right"] = "both"  # the lines are told for the left

    @property
    def names(self) -> frozenset[str]:
        """The points and landmarks that are named."""
        return frozenset(name for line in self.lines for place in line for name in place.split("~"))


class Muscle(Fact, kw_only=True):
    """Where the muscle of a trigger point is attached, and which skin lies over its belly."""

    id: Identifier  # of the trigger point
    origin: str
    insertion: str
    layer: Literal["superficial", "deep"]  # deep: beneath another muscle
    area: SkinArea
    at: tuple[str, ...]  # places near which its trigger points usually lie, as in `SkinArea`
    sources: Sources


class HazardZone(Fact, kw_only=True):
    """Points and muscles above a structure that a needle or a fluid must not reach, with the published distances to it."""

    id: Identifier
    kind: Literal["lung", "heart", "cord", "eye", "vessel", "nerve", "organ", "bladder", "forbidden", "pregnancy", "tight_space"]
    structure: Text
    points: tuple[str, ...]
    muscles: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    distances: tuple[PublishedDistance, ...] = ()
    areas: tuple[SkinArea, ...] = ()  # the skin over the structure, beside that around its points
    limit_mm: Positive | None = None  # used where nothing was measured; a judgement, and shown as one
    warning_signs: tuple[str, ...] = ()
    note: str | None = None
    sources: Sources

    def called(self, language: str) -> str:
        """The structure by its name in `language`, else by its English one."""
        return self.structure.translation(language) or self.structure.en


class TriggerPoint(Fact, kw_only=True):
    """A muscle, where its trigger points usually lie, and where they are felt."""

    id: Identifier
    muscle: str
    names: tuple[str, ...] = ()
    names_es: tuple[str, ...] = ()
    names_zh: tuple[str, ...] = ()
    region: str
    body_part: BodyPart
    place: str
    referral: tuple[str, ...]
    hazard: str | None = None
    needle_reach_mm: tuple[Positive, Positive] | None = None
    certainty: Literal["tentative"] | None = None
    sources: Sources

    def called(self, language: str) -> str:
        """The muscle by its name in `language`, else by its Latin one."""
        return _first_name(self, language) or self.muscle


class Region(Fact, kw_only=True):
    """A part of the body as people name it, for ashi points and local conditions."""

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_]+$")]
    body_part: BodyPart  # the most cautious one, for a puncture
    covers: tuple[BodyPart, ...] = ()  # where the region has several, for a condition that lies in it
    names: tuple[str, ...]
    names_es: tuple[str, ...] = ()
    names_zh: tuple[str, ...] = ()
    sources: Sources

    def called(self, language: str) -> str:
        """The region by its name in `language`, else by its id in words."""
        return _first_name(self, language) or self.id.replace("_", " ")

    @property
    def parts(self) -> frozenset[str]:
        """The parts of the body in which something said to be here may lie."""
        return frozenset(self.covers or (self.body_part,))


def _first_name(fact: TriggerPoint | Region, language: str) -> str:
    own = {"es": fact.names_es, "zh-hans": fact.names_zh}.get(language, ())
    return own[0] if own else ""
