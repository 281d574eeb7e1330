"""Allergy to what is in the syringe: by substance, by class, across classes; and what happened the last time."""

from __future__ import annotations

from collections.abc import Iterator

from waterneedle.safety import denials, names, own_words
from waterneedle.safety.issues import Raised, issue, parameter
from waterneedle.safety.plan import Allergy
from waterneedle.safety.reading import Known, Reading
from waterneedle.safety.syringe import Fluid, allergy_words


def allergies_known(plan: Reading) -> Iterator[Raised]:
    """The allergies are known, even if there are none."""
    if plan.allergies is None and plan.injected:
        yield issue("allergies_known", "missing", missing=["patient.allergies"])


def allergy(plan: Reading) -> Iterator[Raised]:
    """Nothing is injected that the patient is allergic to, or to something of its kind."""
    for puncture, fluid in plan.contents:
        for known in plan.allergic:
            words = {"allergen": known.text, "product": fluid.name}
            if known.words & fluid.allergens:
                case = "tolerated" if _tolerated(plan, fluid) else "match"
                yield issue("allergy", case, at=[puncture], cause=f"{known.text} {fluid.name}", **words)
            elif _crosses(known, fluid):
                yield issue("allergy", "cross", at=[puncture], cause=f"{known.text} {fluid.name}", **words)
            elif _may_have_held(known, fluid):
                yield issue("allergy", "may_hold", at=[puncture], cause=f"{known.text} {fluid.name}", **words)
            elif known.words & _LATEX and _has_a_stopper(fluid):
                yield issue("allergy", "stopper", at=[puncture], cause=f"{known.text} {fluid.name}", **words)
            elif not fluid.is_listed:
                yield issue(
                    "allergy",
                    "contents_unknown",
                    at=[puncture],
                    cause=fluid.name,
                    missing=[f"{fluid.field}.product.allergens"],
                    **words,
                )


_LATEX = frozenset({"latex"})


def _has_a_stopper(fluid: Fluid) -> bool:
    """Whether the fluid may have stood behind rubber: in anything but an ampoule of glass."""
    if fluid.container is not None and fluid.container.kind is not None:
        return fluid.container.kind != "ampoule"
    return fluid.product is None or fluid.product.container_kinds != ("ampoule",)


def _crosses(known: Known, fluid: Fluid) -> bool:
    return any(
        not known.words.isdisjoint(pair) and not fluid.allergens.isdisjoint(pair)
        for line in parameter("allergy", "cross_reactions")
        for pair in [set(line.split())]
    )


def _may_have_held(known: Known, fluid: Fluid) -> bool:
    pairs = (line.split() for line in parameter("allergy", "may_hold"))
    return any(mixture in known.words and part in fluid.allergens for mixture, part in pairs)


def _tolerated(plan: Reading, fluid: Fluid) -> bool:
    return any(_is_same(text, fluid) for text in plan.patient.tolerated or ())


def _is_same(text: str, fluid: Fluid) -> bool:
    """Whether `text` names this product, or, where products were not named, its substance."""
    product = names.product(text)
    if product.ids and fluid.product is not None:
        return fluid.product.id in product.ids
    if names.plain(text) == names.plain(fluid.name):
        return True
    return bool(set(names.substance(text).ids) & {one.id for one in fluid.substances})


def previous_reaction(plan: Reading) -> Iterator[Raised]:
    """What was injected before with a reaction is not injected again as if nothing had been."""
    for before in plan.plan.previous or ():
        if not _is_reaction(before.reaction):
            continue
        related = [
            puncture
            for puncture, fluid in plan.contents
            if _is_same(before.product, fluid) or allergy_words(before.product) & fluid.allergens & _active(fluid)
        ]
        reaction = names.plain(before.reaction or "")
        severe = any(word in reaction for word in parameter("previous_reaction", "severe_words"))
        mild = not severe and _is_mild(before.reaction or "", reaction)
        if before.date == plan.on and not mild:
            yield issue(
                "previous_reaction",
                "today",
                at=plan.punctures,
                product=before.product[:60],
                reaction=(before.reaction or "")[:80],
            )
        elif related:
            case = "severe" if severe else "mild" if mild else "unclear"
            yield issue(
                "previous_reaction",
                case,
                at=related,
                cause=before.product,
                product=before.product[:60],
                reaction=(before.reaction or "")[:80],
            )


def _active(fluid: Fluid) -> frozenset[str]:
    """What acts in the fluid and what that is a kind of, preservatives left out."""
    return frozenset(word for one in fluid.substances for word in (one.id, *one.allergens))


def _is_reaction(reaction: str | None) -> bool:
    return reaction is not None and names.plain(reaction) not in parameter("previous_reaction", "none_words")


def _is_mild(said: str, words: str) -> bool:
    """Whether all that was said is mild, and was read: "a bruise", but not "a bruise, and the hand was numb for weeks"."""
    if not any(word in words for word in parameter("previous_reaction", "mild_words")):
        return False
    read = own_words.read(said)
    return not read.not_understood and all(one.words <= own_words.HARMLESS_ALONE for one in read.felt)


def anaphylaxis_history(plan: Reading) -> Iterator[Raised]:
    """Somebody who has had anaphylaxis, or whose mast cells fire easily, is watched longer, with epinephrine at hand."""
    known = [one.text for one in plan.with_condition("anaphylaxis_history", "mastocytosis")]
    known += [text for one in plan.patient.allergies or () if (text := _anaphylaxis(one)) is not None]
    if known and plan.injected:
        yield issue("anaphylaxis_history", "watch", condition=known[0])


def _anaphylaxis(allergy: Allergy) -> str | None:
    """What says that an allergy has been one of the whole body: "penicillin - anaphylaxis"; None where nothing does."""
    said = f"{allergy.substance}, {allergy.reaction}" if allergy.reaction else allergy.substance
    parts = (part for one in (allergy.substance, allergy.reaction or "") for part in names.pieces(denials.affirmed(one)))
    is_said = any("anaphylaxis_history" in names.concept("condition", part).ids for part in parts)
    return said[:80] if is_said else None


def beta_blocker(plan: Reading) -> Iterator[Raised]:
    """A beta-blocker blunts epinephrine: not with bee venom; with the rest it is known beforehand."""
    taken = plan.taking("beta_blocker")
    if not taken or not plan.injected:
        return
    venom = [puncture for puncture, fluid in plan.contents if "bee_venom" in fluid.classes | fluid.allergens]
    yield issue("beta_blocker", "venom" if venom else "other", at=venom, medicine=taken[0].text)
