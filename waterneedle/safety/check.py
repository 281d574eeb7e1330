"""May these injections be given: to this person, of this fluid, with this needle, here, today?"""

from __future__ import annotations

from typing import Any, NamedTuple

from waterneedle import dosage, knowledge
from waterneedle.safety import documents, issues
from waterneedle.safety.plan import Assessment, Plan, SubstanceDose
from waterneedle.safety.reading import Reading, read
from waterneedle.safety.rules import RULES

_MICROGRAMS_BELOW_MG = 10.0  # a smaller dose reads better in micrograms


class Apart(NamedTuple):
    """What lies behind an issue: its case with its cause, which say what it is about wherever the needle goes; and, where it
    names several places, what would be said of each."""

    about: str
    places: tuple[str, ...]


Aparts = dict[tuple[str, str], Apart]


def check(plan: Plan | dict[str, Any], *, language: str | None = None) -> Assessment:
    """The assessment of `plan`, a document of the contract or the record of one.

    `language` is that of the words (`en`, `es`, `zh-hans`; else the plan's own, else English). Raises
    `InvalidDocument` naming the field where `plan` is not valid.
    """
    return check_apart(plan, language=language)[0]


def check_apart(plan: Plan | dict[str, Any], *, language: str | None = None) -> tuple[Assessment, Aparts]:
    """The same, and what lies behind each issue, by rule and message. An issue of several places says the least and the most of
    their figures; a change between them is seen here alone."""
    document = documents.convert(plan, Plan)
    reading = read(document)
    words = spoken(language or document.language)
    ids = tuple(
        injection.id if isinstance(injection.id, str) else str(number) for number, injection in enumerate(document.injections, 1)
    )
    recorded = frozenset(one.rule for one in document.checks or ())
    raised = issues.merged(one for rule in RULES for one in rule(reading))
    found = [issues.worded(one, ids=ids, recorded=recorded, language=words) for one in raised]
    apart = {
        (one.rule, one.message): Apart(f"{each.case} {each.cause}", issues.each_apart(each, ids))
        for one, each in zip(found, raised, strict=True)}
    found.sort(key=lambda one: issues.SEVERITIES.index(one.severity))
    return Assessment(
        verdict="ok" if not found or found[0].severity == "note" else found[0].severity,
        issues=tuple(found),
        doses=_doses(reading),
        not_understood=reading.not_understood,
        knowledge_version=knowledge.version(),
    ), apart


def spoken(language: str | None) -> str:
    """The language on file that `language` asks for: `es-MX` is Spanish, an unknown one English."""
    wanted = (language or "en").strip().casefold().replace("_", "-")
    if wanted.startswith("zh"):
        return "zh-hans"
    return "es" if wanted.split("-")[0] == "es" else "en"


def _doses(reading: Reading) -> tuple[SubstanceDose, ...]:
    """What the visit gives in all: each active substance by mass, each diluted ingredient with its molecules."""
    totals: dict[str, tuple[str, float, float, bool]] = {}
    diluted: dict[str, list[Any]] = {}
    for puncture, fluid in reading.contents:
        volume_ml = None if fluid.volume_ml is None else fluid.volume_ml * puncture.count
        names = (
            [one for one in fluid.substances if one.id in fluid.mg_per_ml] or fluid.substances[:1]
            if not _is_diluted(fluid)
            else []
        )
        for substance in names:
            name, amount_mg, total_ml, known = totals.get(substance.id, (substance.name, 0.0, 0.0, True))
            strength = fluid.mg_per_ml.get(substance.id)
            known = known and strength is not None and volume_ml is not None
            totals[substance.id] = (
                name,
                amount_mg + (strength or 0.0) * (volume_ml or 0.0),
                total_ml + (volume_ml or 0.0),
                known,
            )
        if _is_diluted(fluid) and volume_ml is not None:
            diluted.setdefault(f"{fluid.composition.id} {fluid.name}", [fluid.composition, 0.0])[1] += volume_ml
    found = [_dose(name, amount_mg, total_ml, known) for name, amount_mg, total_ml, known in totals.values()]
    found += [one for product, volume_ml in diluted.values() for one in _diluted_doses(product, volume_ml)]
    return tuple(found)


def _is_diluted(fluid: Any) -> bool:
    """Whether the dose is that of diluted ingredients; one with a strength by mass is not."""
    made = fluid.composition
    return made is not None and not made.actives and bool(made.ingredients) and not fluid.mg_per_ml


def _dose(name: str, amount_mg: float, volume_ml: float, known: bool) -> SubstanceDose:
    if not known:
        return SubstanceDose(substance=name, amount=None, unit="mg", volume_ml=volume_ml or None)
    if amount_mg < _MICROGRAMS_BELOW_MG:
        return SubstanceDose(substance=name, amount=round(amount_mg * 1000, 6), unit="mcg", volume_ml=volume_ml)
    return SubstanceDose(substance=name, amount=round(amount_mg, 6), unit="mg", volume_ml=volume_ml)


def _diluted_doses(product: knowledge.Product, volume_ml: float) -> list[SubstanceDose]:
    found = []
    for part in product.ingredients or ():
        substance = knowledge.substances().get(part.substance or "")
        diluted = dosage.dilution(part, substance, product.container_volume_ml, volume_ml)
        found.append(
            SubstanceDose(
                substance=part.name,
                unit="mcg",
                volume_ml=volume_ml,
                amount=None if diluted is None or diluted.mass_g is None else float(diluted.mass_g) * 1e6,
                molecules=None if diluted is None else diluted.molecules,
            )
        )
    return found
