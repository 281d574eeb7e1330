"""The fluid and its way in: what is outside of this therapy, the route on the label, mixtures nobody has tested."""

from __future__ import annotations

from collections.abc import Iterator

from waterneedle.safety.issues import Raised, issue, parameter
from waterneedle.safety.reading import Reading
from waterneedle.safety.syringe import Fluid

_ELSEWHERE = {"IV": "vein", "IA": "joint", "other": "elsewhere"}


def out_of_scope(plan: Reading) -> Iterator[Raised]:
    """What goes neither into skin, under it, nor into muscle, and substances of no part of this therapy, are refused with why."""
    for puncture in plan.injected:
        if (elsewhere := _ELSEWHERE.get(puncture.injection.route or "")) is not None:
            yield issue("out_of_scope", elsewhere, at=[puncture])
        for fluid in puncture.fluids:
            for substance in fluid.substances:
                if substance.out_of_scope:
                    yield issue(
                        "out_of_scope",
                        "substance",
                        at=[puncture],
                        cause=substance.id,
                        substance=substance.name,
                        reason=substance.out_of_scope,
                    )
            if beyond := fluid.classes.intersection(parameter("out_of_scope", "classes")) and not any(
                one.out_of_scope for one in fluid.substances
            ):
                yield issue("out_of_scope", "class", at=[puncture], cause=fluid.name, product=fluid.name, beyond=beyond)


def route(plan: Reading) -> Iterator[Raised]:
    """The route is known, and is one that the label prints."""
    for puncture in plan.injected:
        way = puncture.injection.route
        if way is None:
            yield issue("route", "missing", at=[puncture], missing=[f"{puncture.field}.route"])
        for fluid in puncture.fluids:
            printed = fluid.product and fluid.product.routes
            if way in ("ID", "SC", "IM") and printed and way not in printed and "other" not in printed:
                yield issue(
                    "route",
                    "not_on_label",
                    at=[puncture],
                    cause=f"{fluid.name} {way}",
                    route=way,
                    product=fluid.name,
                    printed=printed,
                )


def mixture(plan: Reading) -> Iterator[Raised]:
    """What is mixed in one syringe has been tested together, or says so on a label."""
    for puncture in plan.injected:
        if len(puncture.fluids) < 2 or len({fluid.name for fluid in puncture.fluids}) < 2:
            continue
        parts = [fluid for fluid in puncture.fluids if not _is_diluent(fluid)]
        words = {"products": [fluid.name for fluid in puncture.fluids]}
        yield issue(
            "mixture", "untested" if len(parts) > 1 else "diluted", at=[puncture], cause=str(sorted(words["products"])), **words
        )


def diluent_alone(plan: Reading) -> Iterator[Raised]:
    """A diluent injected alone is off its label: consent and chart say so."""
    for puncture in plan.injected:
        only = puncture.fluids[0] if len(puncture.fluids) == 1 else None
        if only is not None and (only.product.is_diluent_only if only.product else _is_diluent(only)):
            yield issue("diluent_alone", "alone", at=[puncture], cause=only.name, product=only.name)


def _is_diluent(fluid: Fluid) -> bool:
    return bool(fluid.classes) and fluid.classes <= set(parameter("mixture", "diluent_classes"))
