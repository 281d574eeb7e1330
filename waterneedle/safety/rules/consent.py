"""Consent on record, by the person who can give it, for this fluid and the danger of this site."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from msgspec import UNSET

from waterneedle import knowledge
from waterneedle.safety import names
from waterneedle.safety.issues import Raised, issue, parameter
from waterneedle.safety.reading import Reading
from waterneedle.safety.syringe import Fluid


def consent(plan: Reading) -> Iterator[Raised]:
    """No injection without a consent that was signed by the day of the visit."""
    signed = plan.plan.consent
    if signed is None:
        yield issue("consent", "missing", missing=["consent"])
    elif signed.signed_on > plan.on:
        yield issue("consent", "later", signed=signed.signed_on)


def guardian(plan: Reading) -> Iterator[Raised]:
    """A minor, or a person without capacity, needs the signature of a guardian."""
    reason = _needs_guardian(plan)
    if reason is None or plan.plan.consent is None:
        return
    by = plan.plan.consent.signed_by
    if by is None:
        yield issue("guardian", "unknown", missing=["consent.signed_by"], reason=reason)
    elif by != "guardian":
        yield issue("guardian", "patient_signed", reason=reason)


def _needs_guardian(plan: Reading) -> knowledge.Text | str | None:
    if plan.age_years is not None and plan.age_years < parameter("guardian", "adult_years"):
        years = int(plan.age_years)
        return knowledge.Text(en=f"{years} years old", es=f"{years} años", zh_hans=f"{years} 岁")
    without = plan.with_condition("lack_of_capacity")
    return without[0].text if without else None


def consent_covers(plan: Reading) -> Iterator[Raised]:
    """What was signed names the product and, over the lung, the danger to it."""
    signed = plan.plan.consent
    if signed is None:
        return
    over_lung = [puncture for puncture in plan.punctures if puncture.is_over("lung")]
    if signed.covers is UNSET:
        if over_lung:
            yield issue("consent_covers", "not_stated", at=over_lung, missing=["consent.covers"])
        return
    covered = [names.plain(text) for text in signed.covers]
    if over_lung and not any(word in text for text in covered for word in parameter("consent_covers", "lung_words")):
        yield issue("consent_covers", "site", at=over_lung)
    is_covered: dict[tuple[object, ...], bool] = {}  # a visit gives one fluid or two at many points
    for puncture, fluid in plan.contents:
        known = _known_by(fluid)
        if known not in is_covered:
            is_covered[known] = any(_is_named(fluid, text) or _is_of_kind(fluid, text) for text in covered)
        if not is_covered[known]:
            yield issue("consent_covers", "product", at=[puncture], cause=fluid.name, product=fluid.name)


def _known_by(fluid: Fluid) -> tuple[object, ...]:
    """All that `_is_named` and `_is_of_kind` read of a fluid: two that have it in common are covered by the same words."""
    return fluid.name, fluid.product and fluid.product.id, tuple(one.id for one in fluid.substances[:1]), fluid.classes


def _is_named(fluid: Fluid, text: str) -> bool:
    """Whether `text` holds a name of the product, or of what acts in it."""
    product = fluid.product
    known = [fluid.name, *((product.id, *product.names) if product else ())]
    known += [name for one in fluid.substances[:1] for name in (one.id, one.name, *one.names)]
    return any(_says(text, _plain(name)) for name in known)


_plain = functools.lru_cache(maxsize=5000)(names.plain)  # the names of what is on file come over and over


def _is_of_kind(fluid: Fluid, text: str) -> bool:
    """Whether `text` says the family of the fluid: vitamin B-12 is a substance, no word for all vitamins; bee venom is both."""
    kinds = {names.plain(kind.replace("_", " ")) for kind in _kinds(fluid)}
    return text in kinds or (not names.substance(text).ids and any(_says(text, kind) for kind in kinds))


def _kinds(fluid: Fluid) -> frozenset[str]:
    """The family of a product on file; of a substance its classes, homeopathic only where it is nothing else."""
    if fluid.product is not None:
        return frozenset((fluid.product.category,))
    return fluid.classes - {"homeopathic"} or fluid.classes


def _says(text: str, word: str) -> bool:
    """Whether `word` stands in `text` as a word; Chinese has no space between words."""
    return len(word) > 2 and (f" {word} " in f" {text} " if word.isascii() else word in text)


def age(plan: Reading) -> Iterator[Raised]:
    """The birth date is known: doses, consent and half of the hazards depend on it."""
    if plan.age_years is None:
        yield issue("age", "missing", missing=["patient.birth_date"])
    elif plan.age_years < 0:
        yield issue("age", "unborn", born=plan.patient.birth_date)
    elif plan.age_years > parameter("age", "oldest_years"):
        yield issue("age", "implausible", born=plan.patient.birth_date)


def product_age(plan: Reading) -> Iterator[Raised]:
    """The patient is old enough for the label; a fluid with benzyl alcohol is not for infants."""
    if (years := plan.age_years) is None or years < 0:
        return
    for puncture, fluid in plan.contents:
        least = fluid.product and fluid.product.age_min_years
        if least and years < least:
            yield issue("product_age", "label", at=[puncture], cause=fluid.name, product=fluid.name, least=least)
        if years < parameter("product_age", "infant_years") and "benzyl_alcohol" in fluid.allergens:
            yield issue("product_age", "benzyl_alcohol", at=[puncture], cause=fluid.name, product=fluid.name)
    if years < parameter("product_age", "infant_years") and plan.injected:
        yield issue("product_age", "infant", at=plan.injected)
