"""The plain form of a name, and which facts are called by it: made once, when the facts are compiled."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

LONGEST_NAME = 200  # characters that are looked at; a longer text is not a name
_ASCII_WORDS = re.compile(r"[a-z0-9]+")


def plain(text: str) -> str:
    """`text` without case, tones, accents and punctuation; words one space apart. Hanzi stay.

    >>> plain("Zúsānlǐ (ST-36)")
    'zusanli st 36'
    """
    if text.isascii():
        return " ".join(_ASCII_WORDS.findall(text[:LONGEST_NAME].lower()))
    decomposed = unicodedata.normalize("NFKD", text[:LONGEST_NAME]).casefold()
    kept = (character if character.isalnum() else " " for character in decomposed if not unicodedata.combining(character))
    return " ".join("".join(kept).split())


def index(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """The ids behind each name in its plain form; several where a name stands at several facts."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, identity in pairs:
        if (words := plain(name)) and identity not in found[words]:
            found[words].append(identity)
    return {name: tuple(ids) for name, ids in found.items() if ids}


def indexes(library: dict[str, dict[str, Any]]) -> dict[str, dict[str, tuple[str, ...]]]:
    """The names of products, substances, muscles, regions, and of each kind of concept."""
    found = {
        "product": index(
            (name, identity)
            for identity, product in library["products"].items()
            for name in (identity, product.name, *product.names, *(package.ndc for package in product.packages if package.ndc))
        ),
        "substance": index(
            (name, identity)
            for identity, substance in library["substances"].items()
            for name in (identity, substance.name, *substance.names)
        ),
        "muscle": index(
            (name, identity)
            for identity, trigger in library["trigger_points"].items()
            for name in (trigger.muscle, " ".join(reversed(trigger.muscle.split(", "))), identity, *trigger.names,
                         *trigger.names_es, *trigger.names_zh)
        ),
        "region": index(
            (name, identity)
            for identity, region in library["regions"].items()
            for name in (identity, *region.names, *region.names_es, *region.names_zh)
        ),
        "point": {
            name.replace(" ", ""): ids
            for name, ids in index(
                (name, code)
                for code, point in library["points"].items()
                for name in (point.pinyin, point.hanzi, point.hanzi_traditional, *point.aliases, f"{point.pinyin}xue")
            ).items()
        },
    }
    for kind in ("condition", "allergy", "medication", "observation", "symptom"):
        found[kind] = index(
            (name, identity)
            for identity, concept in library["vocabulary"].items()
            if concept.kind == kind
            for name in (identity, concept.term, *concept.names, *concept.names_es, *concept.names_zh,
                         *concept.icd10cm, *concept.rxnorm, *concept.atc)
        )  # fmt: skip
    return found
