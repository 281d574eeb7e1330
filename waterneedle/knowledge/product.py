"""What is in the syringe: substances, and the products that hold them, per version of the label."""
from datetime import date
from typing import Annotated, Literal

import msgspec

from waterneedle.knowledge.fact import Citation, Fact, Identifier, NotNegative, Positive, Route, Sources

SubstanceClass = Literal[
    "saline", "sterile_water", "glucose_dextrose", "sodium_bicarbonate", "vitamin_b12", "vitamin", "mineral", "nutritional",
    "herb", "homeopathic", "sarapin", "local_anesthetic", "caffeine", "natural_substance", "bee_venom", "placenta",
    "autologous_blood", "controlled_substance", "steroid", "nsaid", "botulinum_toxin", "glp1_agonist", "ozone", "emergency",
    "antibiotic", "analgesic", "hyaluronic_acid", "other_medicine",
]
ContainerKind = Literal["ampoule", "single_dose_vial", "multi_dose_vial", "prefilled_syringe"]
MassUnit = Literal["g", "mg", "mcg", "ng", "IU", "uL", "mL", "mmol", "mEq"]


class DoseCap(Fact, kw_only=True):
    """The largest single dose on a label: the smaller of the two figures holds. Absent is "not on file", not "no limit"."""

    mg_per_kg: Positive | None = None
    mg_total: Positive | None = None
    region: Literal["head_neck"] | None = None
    note: str | None = None
    citation: Citation


class ElementFraction(Fact, kw_only=True):
    """Mass of an element in a mass of the substance, for the comparison with ICH Q3D."""

    element: str
    fraction: Annotated[float, msgspec.Meta(gt=0, le=1)]
    is_active: bool = False  # part of the active molecule, so no impurity (the cobalt of B-12)
    citation: Citation


class Caution(Fact, kw_only=True):
    """What the labels of a substance warn of in everybody, in one sentence."""

    note: str
    citation: Citation


class Substance(Fact, kw_only=True):
    """One thing that acts, or that somebody can be allergic to."""

    id: Identifier
    name: str
    classes: tuple[SubstanceClass, ...]
    names: tuple[str, ...] = ()
    molar_mass_g_per_mol: Positive | None = None
    allergens: tuple[Identifier, ...] = ()
    caps: tuple[DoseCap, ...] = ()
    elements: tuple[ElementFraction, ...] = ()
    plausible_mg_per_ml: tuple[Positive, Positive] | None = None  # outside of it a strength is questioned, not believed
    caution: Caution | None = None
    out_of_scope: str | None = None  # why this therapy does not use it
    sources: Sources


class Active(Fact, kw_only=True):
    """A substance and how much of it is in a volume of the product."""

    substance: Identifier
    amount: Positive
    unit: MassUnit
    per_ml: Positive = 1.0


class Ingredient(Fact, kw_only=True):
    """A homeopathic ingredient: the potency put in and how much of it, and what it comes to in the finished container."""

    name: str
    substance: Identifier | None = None
    potency_added: str | None = None
    amount: Positive | None = None
    unit: Literal["uL", "mg", "mL"] | None = None
    final_dilution: str | None = None
    potency_label: str | None = None  # printed, without saying whether it is the one put in or the final one


class Excipient(Fact, kw_only=True):
    name: str
    amount: str | None = None
    is_preservative: bool = False


class Package(Fact, kw_only=True):
    ndc: str | None = None
    gtin: Annotated[str, msgspec.Meta(pattern=r"^\d{14}$")] | None = None
    labeler: str | None = None
    kind: ContainerKind | None = None
    volume_ml: Positive | None = None
    as_of: date
    citation: Citation


class LegalStatus(Fact, kw_only=True):
    """How a product may be sold in a country on a day. `lawful` absent: not found out."""

    country: Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{2}$")]
    status: str
    lawful: bool | None = None
    as_of: date
    citation: Citation


class LabelWarning(Fact, kw_only=True):
    concept: Identifier  # a concept or class of the vocabulary
    kind: Literal["contraindication", "warning", "precaution"]
    note: str
    citation: Citation


class DoseExample(Fact, kw_only=True):
    """Stated with the product and run by the tests: this volume holds this amount."""

    volume_ml: Positive
    substance: Identifier
    amount: Positive
    unit: MassUnit


class Product(Fact, kw_only=True):
    """One product in one version of its label."""

    id: Identifier
    name: str
    category: SubstanceClass
    label_version: str
    read: Literal["verified", "partial"]
    names: tuple[str, ...] = ()
    prescription: bool | None = None
    is_historical: bool = False
    actives: tuple[Active, ...] = ()
    ingredients: tuple[Ingredient, ...] | None = None
    ingredients_complete: bool | None = None
    excipients: tuple[Excipient, ...] | None = None
    preservatives: tuple[Identifier, ...] | None = None
    allergens: tuple[Identifier, ...] | None = None
    animal_origin: tuple[str, ...] | None = None
    routes: tuple[Route, ...] | None = None
    routes_note: str | None = None
    container_kinds: tuple[ContainerKind, ...] | None = None
    container_volume_ml: Positive | None = None
    beyond_use_days: NotNegative | None = None
    is_diluent_only: bool = False
    age_min_years: NotNegative | None = None
    warnings: tuple[LabelWarning, ...] = ()
    packages: tuple[Package, ...] = ()
    legal: tuple[LegalStatus, ...] = ()
    storage: str | None = None
    regimen: str | None = None
    note: str | None = None
    examples: tuple[DoseExample, ...] = ()
    sources: Sources


class LookAlike(Fact, kw_only=True):
    """The same brand in a form that must never be injected."""

    brand: str
    product_ndc: str
    labeler: str
    sign: str
    sources: Sources


class ElementLimit(Fact, kw_only=True):
    """The permitted daily exposure to an element as an impurity, by injection (ICH Q3D). A benchmark here, not a law."""

    element: str
    pde_ug_per_day: Positive
    sources: Sources
