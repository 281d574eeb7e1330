"""What is in the syringe: each content led to a product or to substances, with its strength, allergens and classes.

Nothing here judges. A name that is only partly understood keeps what was understood, and says what was not.
"""

import functools
import re
from collections.abc import Iterable

import msgspec

from waterneedle import dosage, knowledge
from waterneedle.knowledge import Product, Substance
from waterneedle.knowledge.product import Ingredient
from waterneedle.safety import names
from waterneedle.safety.plan import Container, Content, CustomProduct, Injection, NotUnderstood, Strength

_STRENGTH = re.compile(r"\d[\d.,]*\s*(?:%|(?:mg|mcg|µg|ug|g|iu)\s*/\s*ml)", re.IGNORECASE)
_PERCENT_WORD = re.compile(r"^\s*(?:percent|per cent|pct|por ciento|％)\s*$", re.IGNORECASE)
_SAYS_VOLUME = re.compile(r"%|\bper\b|/\s*(?:1\s*)?(?:ml|cc)\s*$", re.IGNORECASE)  # "mg/mL" beside `per_ml` 1 says it twice
_POTENCY = re.compile(r"(?<![a-z0-9])(?:[dxc]\s?\d{1,4}|\d{1,4}\s?(?:d|x|ch?)|lm\s?\d{1,2})(?![a-z0-9])", re.IGNORECASE)
# Words beside the name of a substance that do not make it another product.
_PLAIN_WORDS = frozenset(
    """
    injection injections injectable inj vial vials ampoule ampoules ampule amp solution sterile usp bp ph eur hcl
    hydrochloride sodium preservative free pf preserved multidose multi single dose ml mg mcg ug g iu w v for in of
    and with plain human homeopathic homoeopathic shot shots im sc sq id normal isotonic generic acid vitamin d x c
    ch lm
    """.split()
)


# What labels list only for the acidity; nobody is allergic to it.
_ADJUSTERS = frozenset(
    (
        "sodium hydroxide", "hydrochloric acid", "sodium hydroxide and or hydrochloric acid", "hidroxido de sodio",
        "acido clorhidrico", "氢氧化钠", "盐酸",
    )
)  # fmt: skip


class Fluid(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One content of a syringe: the product or substances it was led to, and how much of it goes into each puncture."""

    field: str
    name: str
    content: Content
    product: Product | None  # on file
    composition: Product | None  # the product, or what was entered as its ingredients: what dilution is worked out from
    substances: tuple[Substance, ...]
    volume_ml: float | None
    mg_per_ml: dict[str, float]  # by substance; empty where no strength is known
    allergens: frozenset[str]
    classes: frozenset[str]

    @property
    def is_known(self) -> bool:
        return self.product is not None or bool(self.substances) or bool(self.classes)

    @property
    def is_listed(self) -> bool:
        """Whether it is known what is in it: of some products on file the list of ingredients was not seen."""
        if self.product is None:
            return self.is_known
        return bool(self.product.actives) or self.product.ingredients is not None or self.product.read == "verified"

    @property
    def container(self) -> Container | None:
        return self.content.container


class _Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What a name leads to, whatever plan it stands in."""

    name: str
    product: Product | None
    composition: Product | None
    substances: tuple[Substance, ...]
    mg_per_ml: dict[str, float]
    allergens: frozenset[str]
    classes: frozenset[str]
    near: tuple[str, ...] = ()
    is_whole: bool = True  # False: words of the name were not understood


def read_fluid(field: str, content: Content, injection: Injection, missed: list[NotUnderstood]) -> Fluid:
    """The content at `field`; what was not understood is added to `missed`."""
    volume_ml = content.volume_ml
    if volume_ml is None and len(injection.contents) == 1:
        volume_ml = injection.volume_ml
    if isinstance(content.product, CustomProduct):
        facts = _entered(f"{field}.product", content.product, missed)
    else:
        facts = _named(content.product)
        if not facts.is_whole:
            missed.append(NotUnderstood(field=f"{field}.product", value=content.product[:80], did_you_mean=facts.near))
    return Fluid(
        field=field,
        name=facts.name,
        content=content,
        product=facts.product,
        composition=facts.composition,
        substances=facts.substances,
        volume_ml=volume_ml,
        mg_per_ml=facts.mg_per_ml,
        allergens=facts.allergens,
        classes=facts.classes,
    )


@functools.lru_cache(maxsize=4096)
def allergy_words(text: str) -> frozenset[str]:
    """What an allergy to `text` is an allergy to: ids and classes of the vocabulary, of substances and of products."""
    meaning = names.concept("allergy", text)
    words = {word for identity in meaning.ids for word in (identity, *knowledge.vocabulary()[identity].classes)}
    product = names.product(text)
    held = _on_file(knowledge.products()[product.ids[0]]).allergens if product.ids and product.is_exact else frozenset()
    if meaning.ids and meaning.is_exact:
        return frozenset(words | _exact_substance(text) | held)
    if held:
        return held
    substance = names.substance(text)
    for identity in substance.ids if not words or substance.is_exact else ():
        words |= {identity, *knowledge.substances()[identity].allergens}
    return frozenset(words)


def strengths(name: str) -> dict[str, float]:
    """The mg per mL of each substance in the product called `name`; empty where none is known."""
    return _named(name).mg_per_ml


def _exact_substance(text: str) -> set[str]:
    substance = names.substance(text)
    return set(substance.ids) if substance.is_exact else set()


@functools.lru_cache(maxsize=2048)
def _named(text: str) -> _Facts:
    """What the name of a product leads to: a product on file, else the substances in it."""
    meaning = names.product(text)
    if meaning.ids:
        return _on_file(knowledge.products()[meaning.ids[0]])
    found = names.substance(_bare(text))
    substances = _substances(found.ids)
    potency = _potency_in(text)
    diluted = [(one.name, one.id, potency[0]) for one in substances if potency is not None and "homeopathic" in one.classes]
    near = tuple(map(_shown, (*meaning.near, *found.near)))[: names.MOST_OFFERED]
    return _Facts(
        name=text[:60],
        product=None,
        composition=_composition(text, diluted),
        substances=substances,
        mg_per_ml={} if diluted else _strength_in(text, substances),
        allergens=_allergens(substances),
        classes=_classes(substances),
        near=near,
        is_whole=bool(substances) and _is_whole(text, substances, found),
    )


@functools.cache
def _on_file(product: Product) -> _Facts:
    ids = [active.substance for active in product.actives]
    ids += [part.substance for part in product.ingredients or () if part.substance]
    substances = _substances(ids)
    strengths = {}
    for active in product.actives:
        try:
            strengths[active.substance] = dosage.to_mg(active.amount, active.unit) / active.per_ml
        except ValueError:  # IU, mEq: an amount without a mass
            continue
    stated = frozenset((*(product.allergens or ()), *(product.preservatives or ()), product.id))
    return _Facts(
        name=product.name,
        product=product,
        composition=product,
        substances=substances,
        mg_per_ml=strengths,
        allergens=stated | _allergens(substances),
        classes=_classes(_substances(active.substance for active in product.actives)) | {product.category},
    )


def _entered(field: str, custom: CustomProduct, missed: list[NotUnderstood]) -> _Facts:
    """A product as somebody entered it from a label."""
    named = names.substance(_bare(custom.name))
    ids, diluted, held = list(named.ids), [], set()
    for index, part in enumerate(custom.ingredients or ()):
        found = names.substance(_bare(part.substance))
        ids.extend(found.ids)
        potency = part.potency or (match[0] if (match := _potency_in(part.substance)) else None)
        diluted += [(part.substance, identity, potency) for identity in found.ids]
        if not found.ids and (words := allergy_words(part.substance)):
            held |= words  # a preservative entered among the ingredients
        elif not found.ids and names.plain(part.substance) not in _ADJUSTERS:
            place, near = f"{field}.ingredients[{index}].substance", tuple(map(_shown, found.near))
            missed.append(NotUnderstood(field=place, value=part.substance[:80], did_you_mean=near))
    if not diluted and (match := _potency_in(custom.name)):
        diluted = [(one.name, one.id, match[0]) for one in _substances(named.ids) if "homeopathic" in one.classes]
    substances = _substances(ids)
    category = (custom.category or "").strip().lower().replace(" ", "_")
    classes = _classes(substances) | ({category} & _all_classes())
    if not classes:
        near = tuple(map(_shown, named.near))
        missed.append(NotUnderstood(field=f"{field}.name", value=custom.name[:80], did_you_mean=near))
    main = _substances(named.ids) or substances
    return _Facts(
        name=custom.name[:60],
        product=None,
        composition=_composition(custom.name, diluted),
        substances=substances,
        mg_per_ml=_custom_strength(custom.strength, main) or _strength_in(custom.name, main),
        allergens=_stated_allergens(field, custom, missed) | _allergens(substances) | held,
        classes=classes,
    )


def _stated_allergens(field: str, custom: CustomProduct, missed: list[NotUnderstood]) -> frozenset[str]:
    stated: set[str] = set()
    for key in ("allergens", "preservatives"):
        for index, text in enumerate(getattr(custom, key) or ()):
            words = allergy_words(text)
            stated |= words
            if not words:
                missed.append(NotUnderstood(field=f"{field}.{key}[{index}]", value=text[:80]))
    return frozenset(stated)


def _composition(name: str, diluted: Iterable[tuple[str, str, str | None]]) -> Product | None:
    """What was entered, as a product: each ingredient in its potency in the finished container. None where none was entered."""
    parts = []
    for text, substance, potency in diluted:
        try:
            final = None if potency is None else dosage.parse_potency(potency) and potency
        except ValueError:
            final = None  # a potency that cannot be read is one that is not known
        parts.append(Ingredient(name=text[:60], substance=substance, final_dilution=final))
    if not parts:
        return None
    return Product(
        id="as-entered", name=name[:60], category="homeopathic", label_version="as entered", read="partial",
        ingredients=tuple(parts), sources=(),
    )  # fmt: skip


def _custom_strength(strength: Strength | None, substances: tuple[Substance, ...]) -> dict[str, float]:
    if strength is None or strength.unit is None or len(substances) != 1:
        return {}
    written = _PERCENT_WORD.sub("%", strength.unit)
    try:
        if strength.per_ml is not None and not (strength.per_ml == 1 and _SAYS_VOLUME.search(written)):
            return {substances[0].id: dosage.to_mg(strength.amount, strength.unit) / strength.per_ml}
        return _mg_per_ml(f"{strength.amount} {written}", substances)
    except ValueError:
        return {}


def _strength_in(text: str, substances: tuple[Substance, ...]) -> dict[str, float]:
    """The strength that stands in a name such as `lidocaine 1 %`, where only one substance is named."""
    match = _STRENGTH.search(text)
    try:
        return _mg_per_ml(match[0], substances) if match is not None and len(substances) == 1 else {}
    except ValueError:
        return {}


def _mg_per_ml(text: str, substances: tuple[Substance, ...]) -> dict[str, float]:
    parsed = dosage.parse_strength(text)
    return {substances[0].id: dosage.to_mg(float(parsed.amount), parsed.unit) / float(parsed.per_ml)}


def _potency_in(text: str) -> re.Match[str] | None:
    """The potency that stands in a name; the 500 of `vitamin C 500 mg/mL` is a strength."""
    return _POTENCY.search(_STRENGTH.sub(" ", text[:200]))


def _bare(text: str) -> str:
    """A name without its strength and potency."""
    return _POTENCY.sub(" ", _STRENGTH.sub(" ", text[:200]))


def _is_whole(text: str, substances: tuple[Substance, ...], found: names.Meaning) -> bool:
    """Whether the substances account for every word that could make it another product."""
    if not found.is_exact:
        return True
    known = {word for one in substances for name in (one.id, one.name, *one.names) for word in names.words_of(name)}
    rest = set(names.words_of(_bare(text))) - known - _PLAIN_WORDS
    return not any(len(word) > 2 and not word.isdigit() for word in rest)


def _substances(ids: Iterable[str]) -> tuple[Substance, ...]:
    return tuple(knowledge.substances()[identity] for identity in dict.fromkeys(ids))


def _allergens(substances: Iterable[Substance]) -> frozenset[str]:
    return frozenset(word for one in substances for word in (*one.allergens, one.id))


def _classes(substances: Iterable[Substance]) -> frozenset[str]:
    return frozenset(cls for one in substances for cls in one.classes)


@functools.cache
def _all_classes() -> frozenset[str]:
    return _classes(knowledge.substances().values())


def _shown(identity: str) -> str:
    found = knowledge.products().get(identity) or knowledge.substances().get(identity)
    return identity if found is None else found.name
