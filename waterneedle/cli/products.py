"""`waterneedle products`: products on file, one version of a label each."""
from __future__ import annotations

from collections.abc import Sequence

import click

from waterneedle import knowledge
from waterneedle.cli import listing
from waterneedle.cli.output import json_option, print_json
from waterneedle.knowledge import LookAlike, Product
from waterneedle.safety import names


@click.command()
@listing.words_argument(knowledge.products)
@json_option
def products(wanted: tuple[str, ...], as_json: bool) -> None:
    """Products by id, name, NDC or words; all of them without any. --json always prints a list.

    \b
    Examples:
      waterneedle products
      waterneedle products traumeel-injection-medinatura
      waterneedle products vitamin b12 --json
    """
    found = _found(listing.as_text(wanted))
    if as_json:
        print_json([listing.told(product) for product in found])
    elif len(found) == 1:
        _print_product(found[0])
    else:
        _print_table(found)


def _found(wanted: str) -> list[Product]:
    every = knowledge.products()
    if not wanted:
        return list(every.values())
    if wanted in every:
        return [every[wanted]]
    meaning = names.product(wanted)
    if meaning.ids and meaning.is_exact:
        return [every[identity] for identity in meaning.ids]
    found = listing.matching(wanted, every, _words)
    if not found:
        known = [*every, *(product.name for product in every.values())]
        listing.nothing_found("product", wanted, known, meaning.ids or meaning.near)
    return found


def _words(product: Product) -> list[str]:
    substances = knowledge.substances()
    held = [part.substance for part in (*product.actives, *(product.ingredients or ())) if part.substance]
    return [
        product.id, product.name, *product.names, product.category.replace("_", " "),
        *(word for identity in held for word in (substances[identity].name, *substances[identity].names)),
        *(part.name for part in product.ingredients or ()),
        *(package.labeler or "" for package in product.packages),
    ]


def _print_table(found: Sequence[Product]) -> None:
    rows = [(f"{one.id}\n{one.name}", _strength(one), listing.in_one_cell(one.routes), lawfully_sold(one)) for one in found]
    listing.print_list(("Product", "Strength", "Routes on the label", "Lawfully sold"), rows)
    listing.say(f"{len(found)} products. `waterneedle products ID` shows everything on file about one.")


def _strength(product: Product) -> str:
    return "; ".join(f"{active.substance} {active.amount:g} {active.unit}/{_per(active.per_ml)}" for active in product.actives)


def _per(volume_ml: float) -> str:
    return "mL" if volume_ml == 1 else f"{volume_ml:g} mL"


def lawfully_sold(product: Product) -> str:
    """The latest word for each country; what was not found out is said to be so."""
    latest = {status.country: status for status in sorted(product.legal, key=lambda status: status.as_of)}
    answers = {True: "yes", False: "no", None: "not found out"}
    return ", ".join(f"{country}: {answers[status.lawful]}" for country, status in latest.items()) or "not found out"


def _print_product(product: Product) -> None:
    listing.print_page(product.name, listing.told(product), listing.unknown_fields(product))
    for twin in _twins(product):
        listing.say(f"⚠ The same brand comes in a form that must never be injected: {twin.brand}, {twin.labeler}, "
                    f"NDC {twin.product_ndc} ({twin.sign}).", "bold")


def _twins(product: Product) -> list[LookAlike]:
    words = names.plain(product.name).split()
    return [twin for twin in knowledge.look_alikes().values() if names.plain(twin.brand.partition(" ")[0]) in words]
